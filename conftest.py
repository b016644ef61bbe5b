"""For all tests and for the kernels they start: nobody's progress is read or written, one thread each."""

import os

import pytest

os.environ["COURSE_PROGRESS"] = "off"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

SPREAD = {"test_exercises.py", "test_grading_agreement.py"}  # many independent tests in one file


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share what they start (a server, a browser), so they go to one worker: --dist=loadgroup."""
    for item in items:
        if item.path.name not in SPREAD:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
