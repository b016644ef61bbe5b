"""The versions the course runs with: which are tried, and that the next ones are heard of in time."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDS = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
# the newest major version that all tests have passed with, by `make test-matrix`
KNOWN = {
    "jupyterlab": 4,
    "numpy": 2,
    "scipy": 1,
    "matplotlib": 3,
    "pillow": 13,
    "scikit-learn": 1,
    "statsmodels": 0,
    "cvxpy": 1,
    "ipywidgets": 8,
    "platformdirs": 4,
}


def bound(need: Requirement) -> str:
    (specifier,) = need.specifier
    assert specifier.operator == ">=", need
    return specifier.version


def test_every_package_of_the_lessons_is_known():
    assert set(KNOWN) == {need.name for need in NEEDS}


@pytest.mark.parametrize("name", KNOWN)
def test_no_major_version_is_newer_than_what_was_tried(name):
    installed = Version(version(name))
    assert installed.major <= KNOWN[name], (
        f"{name} {installed} is a major version that the course has not been tried with. What fails "
        f"beside this test is probably its doing. Mend it, run `make test-matrix`, then raise KNOWN."
    )


def test_the_oldest_versions_that_are_tried_are_the_oldest_that_are_allowed():
    lines = (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8").splitlines()
    oldest = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert {need.name: str(need.specifier).lstrip("=") for need in oldest} == {
        need.name: bound(need) if bound(need).count(".") == 2 else f"{bound(need)}.0"
        for need in NEEDS
    }


def test_what_a_library_will_drop_is_an_error_in_our_code():
    import warnings

    with pytest.raises(DeprecationWarning):
        warnings.warn("gone in the next version", DeprecationWarning, stacklevel=1)


def test_what_a_library_will_drop_is_an_error_in_a_lessons_cell():
    cell = "import warnings\nwarnings.warn('gone in the next version', DeprecationWarning)"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(book, allow_errors=True).execute()
    assert [output.ename for output in book.cells[0].outputs] == ["DeprecationWarning"]
