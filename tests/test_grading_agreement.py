"""In the notebook, in `grade`, in the sandbox and in nbgrader an answer is worth the same."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from carved import carved
from declared_exercises import EVERY
from nbformat.v4 import new_code_cell, new_notebook

from helpers.exercises import examine, grade
from helpers.exercises.judging import judge
from helpers.grading.sandbox import Server
from helpers.grading.session import Call, Session

ROOT = Path(__file__).resolve().parents[1]
SEED = 20270131


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.close()


def stub(*_):
    """Nothing yet."""
    ...


def answers(exercise):
    """Our own answer, the stub, and of the others as many as a test has time for, drawn anew for each."""
    rng = np.random.default_rng(SEED + sum(map(ord, exercise.name)))
    others = [rng.choice(np.array(exercise.alternatives, dtype=object))]
    others += [rng.choice(np.array(exercise.mistakes, dtype=object))]
    return (exercise.reference, *others, stub)


@pytest.mark.parametrize("key", EVERY)
def test_notebook_grade_and_sandbox_give_the_same_points(key, server, monkeypatch):
    exercise = EVERY[key]
    monkeypatch.setenv("COURSE_SEED", str(SEED))
    number = key.split("-")[0]
    for function in answers(exercise):
        here = examine(function, exercise, SEED)
        assignment = number if number.startswith("A") else None
        assert grade(function, exercise.name, assignment) == here.score * exercise.points
        cell = carved(function, exercise.name) if function is not stub else "def stub(*_):\n    ..."
        cells = [cell if function is not stub else cell.replace("stub", exercise.name)]
        with Session(server, cells, [exercise.name]) as session:
            there = judge(exercise, Call(session, exercise), SEED)
        told = (function.__name__, here, there, session.cell_errors)
        assert (there.status, there.score, there.mistake) == (
            here.status,
            here.score,
            here.mistake,
        ), told


KINDS = {
    "references": lambda e: e.reference,
    "alternatives": lambda e: e.alternatives[0],
    "mistakes": lambda e: e.mistakes[0],
    "stubs": lambda e: None,
}
ALL_JUDGE = """from helpers.exercises import lessons, assignment

LESSON = "Z7"
EXERCISES = tuple(e for n, m in lessons().items() for e in m.EXERCISES)
"""


def test_nbgrader_gives_the_same_points_for_every_exercise_of_the_lessons(tmp_path, monkeypatch):
    folder = tmp_path / "solutions" / "Z7_all"
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text(ALL_JUDGE)
    (tmp_path / "grading").mkdir()
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    exercises = [e for key, e in EVERY.items() if not key.startswith("A")]
    nbformat.write(_book(exercises, "references", tests=True), folder / "Z7_all.ipynb")
    expected = {}
    for kind in KINDS:
        path = tmp_path / "grading" / "submitted" / kind / "Z7_all" / "Z7_all.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(_book(exercises, kind, tests=False), path)
        chosen = {e.name: KINDS[kind](e) or stub for e in exercises}
        scores = [examine(chosen[e.name], e, SEED).score * e.points for e in exercises]
        expected[kind] = pytest.approx(sum(scores))
    env = {**os.environ, "COURSE_SEED": str(SEED), "COURSE_SOLUTIONS": str(tmp_path / "solutions")}
    env["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in (
        ["generate_assignment", "Z7_all", "--create"],
        ["autograde", "Z7_all", "--create"],
        ["export", "--to", "grades.csv"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    with open(tmp_path / "grades.csv", newline="") as file:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert theirs == expected


def _book(exercises, kind, tests):
    """A notebook with a cell to answer and a cell that gives the points for each exercise."""
    cells = [new_code_cell("from helpers.exercises import check")]
    for exercise in exercises:
        name, answer = exercise.name, KINDS[kind](exercise)
        source = carved(answer, name) if answer else f"def {name}(*_):\n    ..."
        if tests:
            source = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
        cells.append(new_code_cell(source, metadata=_meta(name, solution=True)))
        hidden = f"### BEGIN HIDDEN TESTS\nfrom helpers.exercises import grade\n\ngrade({name}, {name!r})\n### END HIDDEN TESTS"
        test = f"check({name}, {name!r})\n" + (hidden if tests else "")
        cells.append(new_code_cell(test, metadata=_meta(f"check_{name}", points=exercise.points)))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _meta(grade_id, solution=False, points=None):
    cell = {"schema_version": 3, "grade_id": grade_id, "solution": solution, "task": False}
    graded = points is not None
    extra = {"points": points} if graded else {}
    return {"nbgrader": {**cell, "grade": graded, "locked": graded, **extra}}
