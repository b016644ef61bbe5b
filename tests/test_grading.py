"""A folder of submissions, good and hostile, through the command that a teacher runs."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSON = "2_algorithms/04_gradient_descent.ipynb"

LOOP = "def gradient_descent(grad, x, step, iterations):\n    while True:\n        pass"
MEMORY = (
    "def smoothness_constant(X, lam):\n    import numpy as np\n\n"
    "    return float(np.ones((60_000, 60_000)).sum())"
)
NEGATED = "def gradient_least_squares(w, X, y):\n    return X.T @ (y - X @ w)"


def notebook(name: str, **answers: str) -> nbformat.NotebookNode:
    """The solved or the learner's notebook of lesson 04, some answers put in place of its own."""
    book = nbformat.read(ROOT / name / LESSON, as_version=4)
    for cell in book.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    return book


def solved(*names: str) -> dict[str, str]:
    cells = {
        c.metadata["nbgrader"]["grade_id"]: c.source
        for c in notebook("solutions").cells
        if "nbgrader" in c.metadata
    }
    return {name: cells[name] for name in names}


SUBMISSIONS = {
    "perfect": lambda: notebook("solutions"),
    "empty": lambda: notebook("course"),
    "half": lambda: notebook(
        "course",
        gradient_least_squares=NEGATED,
        **solved("gradient_descent", "smoothness_constant"),
    ),
    "loop": lambda: notebook("solutions", gradient_descent=LOOP),
    "memory": lambda: notebook("solutions", smoothness_constant=MEMORY),
}


def run(*arguments: object, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "helpers", "grade", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **env},
        timeout=400,
    )


def scores(folder: Path) -> dict[str, float]:
    with open(folder / "grades.csv", newline="", encoding="utf-8") as file:
        return {row["student_id"]: float(row["score"] or "nan") for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Six submissions and what became of them."""
    home = tmp_path_factory.mktemp("class")
    submitted = home / "submitted"
    submitted.mkdir()
    for student, make in SUBMISSIONS.items():
        nbformat.write(make(), submitted / f"{student}.ipynb")
    (submitted / "malformed.ipynb").write_text('{"cells": [', encoding="utf-8")
    done = run(submitted, "--out", home / "out", "--lesson", "04")
    assert done.returncode in (0, 1), done.stderr
    return home, done


def points(*names: str) -> float:
    cells = [c.metadata.get("nbgrader", {}) for c in notebook("course").cells]
    worth = {c["grade_id"]: c["points"] for c in cells if c.get("grade")}
    return sum(worth[f"check_{name}"] for name in names) if names else sum(worth.values())


def test_each_submission_gets_the_points_for_what_does_work(graded):
    home, _ = graded
    assert scores(home / "out") == {
        "perfect": points(),
        "empty": 0,
        "half": points("gradient_descent", "smoothness_constant"),
        "loop": points() - points("gradient_descent"),
        "memory": points() - points("smoothness_constant"),
        "malformed": 0,
    }


def test_each_learner_gets_a_page_that_says_why(graded):
    home, _ = graded
    pages = {
        path.stem: path.read_text(encoding="utf-8") for path in (home / "out").glob("feedback/*")
    }
    assert set(pages) == {*SUBMISSIONS, "malformed"}
    assert "points uphill" in pages["half"]
    assert "stopped after" in pages["loop"]
    assert "MemoryError" in pages["memory"]
    assert not any("<script" in page or "http://" in page for page in pages.values())


def test_a_second_run_grades_nothing_again_and_a_changed_submission_alone(graded, tmp_path):
    home, _ = graded
    again = tmp_path / "again"
    shutil.copytree(home, again)
    log = again / "out" / "results.jsonl"
    before = log.read_text(encoding="utf-8").splitlines()
    nbformat.write(notebook("solutions"), again / "submitted" / "empty.ipynb")
    done = run(again / "submitted", "--out", again / "out", "--lesson", "04")
    assert done.returncode in (0, 1), done.stderr
    after = log.read_text(encoding="utf-8").splitlines()
    assert after[: len(before)] == before
    assert [json.loads(line)["result"]["student"] for line in after[len(before) :]] == ["empty"]
    assert scores(again / "out")["empty"] == points()


def test_without_bubblewrap_it_refuses_and_says_what_is_missing(tmp_path):
    nbformat.write(notebook("course"), tmp_path / "learner.ipynb")
    done = run(tmp_path, "--out", tmp_path / "out", "--lesson", "04", PATH="/nowhere")
    assert done.returncode not in (0, 1) or "bubblewrap" in done.stderr
    assert "bubblewrap" in done.stderr
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_nbgrader_gives_the_same_points(graded, tmp_path):
    home, _ = graded
    course = tmp_path / "course"
    source = course / "solutions" / "2_algorithms"
    source.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / LESSON, source)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    students = ("perfect", "empty", "half")
    for student in students:
        folder = course / "grading" / "submitted" / student / "2_algorithms"
        folder.mkdir(parents=True)
        nbformat.write(SUBMISSIONS[student](), folder / Path(LESSON).name)

    def nbgrader(*arguments: str) -> None:
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=course, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]

    nbgrader("generate_assignment", "2_algorithms", "--create")
    nbgrader("autograde", "2_algorithms", "--create")
    nbgrader("export", "--to", "grades.csv")
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    ours = scores(home / "out")
    assert theirs == {student: ours[student] for student in students}
