"""For all tests and for the kernels they start: nobody's progress is read or written, one thread each."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

os.environ["COURSE_PROGRESS"] = "off"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# in a kernel, what a cell calls and a library will drop is an error (in our modules: pyproject.toml)
os.environ["PYTHONWARNINGS"] = "error::DeprecationWarning:__main__"

SPREAD = {"test_exercises.py", "test_grading_agreement.py"}  # many independent tests in one file


class ByFile(LoadScopeScheduling):
    """A file's tests share what they start (a server, a browser), so they go to one worker, but for SPREAD."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file.rpartition("/")[2] in SPREAD else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """What `-n 2` shares its tests by."""
    return ByFile(config, log)
