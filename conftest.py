"""For all tests and for the kernels they start: nobody's progress is read or written, one thread each."""

import os

os.environ["COURSE_PROGRESS"] = "off"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
