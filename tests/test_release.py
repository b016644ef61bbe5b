"""What is handed out runs by itself and holds no answer; Gradescope's zip grades by itself."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]


def release(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "helpers", "release", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_an_assignment_is_one_notebook_without_answers(tmp_path):
    done = release("A2", "--to", tmp_path)
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    assert path.name == "A2_algorithms.ipynb"
    assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text and "grade(" not in text


def test_with_the_course_it_runs_from_its_own_folder_and_no_judge_is_in_it(tmp_path):
    done = release("A1", "04", "--with-course", "--to", tmp_path)
    assert done.returncode == 0, done.stderr
    inside = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {"course/A1_convexity/A1_convexity.ipynb", "pyproject.toml", "README.md"} <= inside
    assert not [name for name in inside if "judge" in Path(name).name and "judging" not in name]
    assert not [
        name
        for name in inside
        if name.startswith(("solutions", "helpers/grading", "helpers/authoring"))
    ]
    book = nbformat.read(tmp_path / "course/A1_convexity/A1_convexity.ipynb", as_version=4)
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    code = "import helpers\nprint(helpers.__path__)\n" + "\n\n".join(cells)
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "COURSE_PROGRESS": "off"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert str(tmp_path) in ran.stdout and ran.stdout.count("Not attempted yet") == 5


def test_what_is_not_there_is_told_with_what_is(tmp_path):
    done = release("A9", "--to", tmp_path)
    assert done.returncode == 2 and "There is no A9; there are 00" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("side", ["solutions", "course"])
def test_gradescopes_container_grades_one_submission_by_itself(side, tmp_path):
    done = release("A1", "--gradescope", "--to", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    source = tmp_path / "autograder" / "source"
    with zipfile.ZipFile(tmp_path / "out" / "A1_convexity_gradescope.zip") as archive:
        names = archive.namelist()
        archive.extractall(source)
    assert {"setup.sh", "run_autograder", "solutions/A1_convexity/judge.py"} <= set(names)
    assert "solutions/A1_convexity/A1_convexity.ipynb" not in names
    submission = tmp_path / "autograder" / "submission" / "my work.ipynb"
    submission.parent.mkdir()
    submission.write_bytes((ROOT / side / "A1_convexity" / "A1_convexity.ipynb").read_bytes())
    env = {**os.environ, "AUTOGRADER": str(tmp_path / "autograder"), "PYTHON": sys.executable}
    env.pop("COURSE_SOLUTIONS", None)
    ran = subprocess.run(
        ["bash", source / "run_autograder"], env=env, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads((tmp_path / "autograder" / "results" / "results.json").read_text())
    assert found["score"] == (20 if side == "solutions" else 0) and len(found["tests"]) == 5


def test_without_a_sandbox_the_container_says_so_and_gives_no_score(tmp_path):
    (tmp_path / "in").mkdir()
    results = tmp_path / "results.json"
    command = [
        sys.executable,
        "-m",
        "helpers",
        "gradescope",
        "--assignment",
        "A1",
        "--submission",
        str(tmp_path / "in"),
    ]
    env = {**os.environ, "PATH": "/nowhere"}
    ran = subprocess.run(
        [*command, "--results", str(results)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    found = json.loads(results.read_text())
    assert ran.returncode == 1 and "score" not in found and "bubblewrap" in found["output"]
