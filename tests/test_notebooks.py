"""The kept notebooks are what their sources build; that they run is tested by nbval on themselves."""

import re
from pathlib import Path

import pytest
from nbgrader.preprocessors import CheckCellMetadata

from helpers.authoring.build import complaints, notebooks_of, text_of
from helpers.authoring.source import lesson_sources, read
from helpers.authoring.unsolved import unsolved

ROOT = Path(__file__).resolve().parents[1]
SOURCES = lesson_sources(ROOT)
WIDEST = 96  # a cell of JupyterLab beside its menu holds about a hundred characters
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)


def test_there_are_lessons():
    assert SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_kept_notebooks_are_what_the_source_builds(source):
    assert complaints(source, ROOT) == []


def test_no_notebook_is_without_a_source():
    kept = {path for name in ("solutions", "course") for path in (ROOT / name).glob("**/*.ipynb")}
    kept = {path for path in kept if ".ipynb_checkpoints" not in path.parts}
    assert kept == {path for source in SOURCES for path in notebooks_of(source, ROOT)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_lesson_is_a_valid_assignment_whose_learner_sees_no_answer(source):
    solved, course = read(source), unsolved(read(source))
    for notebook in (solved, course):
        CheckCellMetadata().preprocess(notebook, {})
    text = text_of(course)
    for secret in ("BEGIN SOLUTION", "HIDDEN TESTS", '"outputs": [\\n    {'):
        assert secret not in text
    for cell in course.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert cell.source.rstrip().endswith("...")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_line_of_code_is_wider_than_a_cell_shows(source):
    code = []
    for cell in read(source).cells:
        code += [cell.source] if cell.cell_type == "code" else FENCED.findall(cell.source)
    assert code
    assert [line for text in code for line in text.splitlines() if len(line) > WIDEST] == []
