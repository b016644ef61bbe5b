"""From a small lesson to its notebooks: built, checked, rebuilt, and read by nbgrader itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.authoring.build import ROOT, _digest, build, complaints, notebooks_of, run
from helpers.authoring.source import SourceError, read, solved_source
from helpers.authoring.unsolved import unsolved
from helpers.exercises import find

LESSON = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A small lesson

```{code-cell} ipython3
import numpy as np

from helpers.exercises import check
```

### Exercise: first_check

Find it.

```{code-cell} ipython3
:exercise: first_check
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

print(6 * 7)
```

```{code-cell} ipython3
print(6 * 7)
```
"""


def write(root, text=LESSON):
    source = root / "solutions" / "1_small" / "90_small.md"
    source.parent.mkdir(parents=True)
    source.write_text(text, encoding="utf-8")
    return source


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The root of a project with one lesson that has been built, and the lesson's source."""
    root = tmp_path_factory.mktemp("project")
    source = write(root)
    build(source, root)
    return root, source


@pytest.fixture
def copy(built, tmp_path):
    """A copy of it that a test may spoil."""
    root, _ = built
    for path in root.glob("**/90_small.*"):
        target = tmp_path / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path, tmp_path / "solutions" / "1_small" / "90_small.md"


def spoil(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def test_the_learner_gets_a_stub_and_no_answer(built):
    root, source = built
    course = notebooks_of(source, root)[1].read_text(encoding="utf-8")
    body = solved_source(find("first_check").reference).split("### BEGIN SOLUTION\n")[1]
    answer = body.split("### END SOLUTION")[0].strip()
    assert json.dumps(answer)[1:-1] not in course
    assert "SOLUTION" not in course
    assert "HIDDEN" not in course
    assert "grade(first_check)" not in course
    cells = json.loads(course)["cells"]
    assert all(not cell.get("outputs") for cell in cells)
    stub = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("solution"))
    assert stub["source"][-1].strip() == "..."


def test_the_solved_notebook_is_executed_and_gives_full_points(built):
    root, source = built
    solved = nbformat.read(notebooks_of(source, root)[0], as_version=4)
    code = [cell for cell in solved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    check = next(cell for cell in code if cell.metadata.get("nbgrader", {}).get("grade"))
    points = [o for o in check.outputs if o.output_type == "execute_result"][-1]
    assert float(points.data["text/plain"]) == find("first_check").points
    assert check.metadata.nbgrader.points == find("first_check").points


def test_what_was_built_has_no_complaint(built):
    root, source = built
    assert complaints(source, root) == []


def test_building_again_changes_no_byte(copy):
    root, source = copy
    before = [path.read_bytes() for path in notebooks_of(source, root)]
    assert build(source, root) == []
    assert build(source, root, force=True) == []
    assert [path.read_bytes() for path in notebooks_of(source, root)] == before


def test_cells_of_the_same_text_have_ids_of_their_own(built):
    _, source = built
    ids = [cell.id for cell in read(source).cells]
    assert len(set(ids)) == len(ids)


def test_a_new_cell_leaves_the_ids_of_all_others(built, tmp_path):
    _, source = built
    before = {cell.id for cell in read(source).cells}
    longer = write(tmp_path, LESSON + "\nOne more.\n")
    assert len(before - {cell.id for cell in read(longer).cells}) == 0


@pytest.mark.parametrize("which", [0, 1], ids=["solved", "course"])
def test_a_notebook_edited_by_hand_is_named_with_what_to_do(copy, which):
    root, source = copy
    path = notebooks_of(source, root)[which]
    spoil(path, lambda notebook: notebook.cells[0].update(source="# Another title"))
    (complaint,) = complaints(source, root)
    assert complaint.startswith(f"{path} is not what its source builds")
    assert f"Edit {source} and run `make notebooks`" in complaint


@pytest.mark.parametrize("which", [0, 1], ids=["solved", "course"])
def test_a_missing_notebook_is_named(copy, which):
    root, source = copy
    path = notebooks_of(source, root)[which]
    path.unlink()
    assert [c.startswith(f"{path} is missing") for c in complaints(source, root)] == [True]


def test_a_half_built_notebook_is_named(copy):
    root, source = copy
    path = notebooks_of(source, root)[0]
    spoil(path, lambda notebook: notebook.cells[-1].update(execution_count=None, outputs=[]))
    (complaint,) = complaints(source, root)
    assert complaint.startswith(f"{path} is half built")


def test_outputs_that_were_lost_or_edited_are_named(copy):
    root, source = copy
    path = notebooks_of(source, root)[0]
    spoil(path, lambda notebook: notebook.cells[-1].update(outputs=[]))
    assert "other outputs than its run gave" in complaints(source, root)[0]


def test_a_file_that_is_no_notebook_is_named(copy):
    root, source = copy
    path = notebooks_of(source, root)[0]
    path.write_text("{", encoding="utf-8")
    assert complaints(source, root)[0].startswith(f"{path} is not a notebook")


def test_building_mends_what_was_spoiled(copy):
    root, source = copy
    solved, course = notebooks_of(source, root)
    before = solved.read_bytes()
    spoil(solved, lambda notebook: notebook.cells[-1].update(outputs=[]))
    course.unlink()
    assert sorted(build(source, root)) == sorted([solved, course])
    assert solved.read_bytes() == before
    assert complaints(source, root) == []


def test_an_explorable_gets_today_s_script_without_being_run(built, tmp_path, monkeypatch):
    text = (
        LESSON
        + "\n```{code-cell} ipython3\nfrom helpers.figures import explore\n\nexplore.ball()\n```\n"
    )
    source = write(tmp_path, text)
    build(source, tmp_path)
    solved = notebooks_of(source, tmp_path)[0]
    fresh = solved.read_text(encoding="utf-8")
    stored = fresh.replace("the slope is zero, and it is no minimum", "as it was said last year")
    assert stored != fresh
    old = nbformat.reads(stored, as_version=4)
    old.metadata["course"]["outputs"] = _digest(old)
    nbformat.write(old, solved)
    assert "older script" in complaints(source, tmp_path)[0]
    monkeypatch.setattr("helpers.authoring.build.execute", None)  # nothing is executed
    assert build(source, tmp_path) == [solved]
    assert solved.read_text(encoding="utf-8") == fresh
    assert complaints(source, tmp_path) == []


def test_a_lesson_with_a_cell_that_fails_leaves_the_notebooks_as_they_were(copy, capsys):
    root, source = copy
    before = [path.read_bytes() for path in notebooks_of(source, root)]
    source.write_text(LESSON + "\n```{code-cell} ipython3\n1 / 0\n```\n", encoding="utf-8")
    options = {"lessons": [], "check": False, "force": False}
    assert run(type("Options", (), options), root) == 1
    said = capsys.readouterr().err
    assert str(source) in said
    assert "ZeroDivisionError" in said
    assert [path.read_bytes() for path in notebooks_of(source, root)] == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":exercise: first_check", ":exercise: nowhere", "nowhere"),
        ("### Exercise: first_check", "### Something else", "has no line '### Exercise"),
        (":exercise: first_check", ":exercice: first_check", "unknown option 'exercice'"),
        (":exercise: first_check", ":exercise: first_check\n\npass", "must be empty"),
    ],
)
def test_a_source_that_cannot_be_built_says_why(tmp_path, old, new, said):
    source = write(tmp_path, LESSON.replace(old, new))
    with pytest.raises(SourceError, match=said) as caught:
        read(source)
    assert str(source) in str(caught.value)


def test_nbgrader_itself_releases_the_same_cells(copy):
    root, source = copy
    course = notebooks_of(source, root)[1]
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    here = "Path(__file__).resolve().parent"
    assert here in config
    (root / "nbgrader_config.py").write_text(config.replace(here, f"Path({str(root)!r})"))
    (root / "grading").mkdir()
    course.unlink()
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "1_small", "--force"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # for alembic
    env = {**os.environ, "PATH": path}
    ran = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert [path.name for path in course.parent.iterdir()] == ["90_small.ipynb"]
    released = nbformat.read(course, as_version=4)
    ours = unsolved(read(source))
    assert [(c.cell_type, c.source.rstrip()) for c in released.cells] == [
        (c.cell_type, c.source) for c in ours.cells
    ]
    assert [c.id for c in released.cells] == [c.id for c in ours.cells]
