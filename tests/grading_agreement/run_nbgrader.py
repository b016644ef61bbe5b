"""nbgrader's autograde gives every answer to every exercise the points that `check` and `grade` give it."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from every_answer import EVERY, SEED, Answer, answers
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
NAME = "Z7_every_answer"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def test_nbgrader_gives_every_answer_the_same_points(tmp_path):
    """One submission, a notebook an exercise: for each answer a cell that holds it and one that gives the points."""
    known = {f"a{i}": answer for i, answer in enumerate(a for key in EVERY for a in answers(key))}
    source = tmp_path / "solutions" / NAME
    submitted = tmp_path / "grading" / "submitted" / "ada" / NAME
    for folder, tests in ((source, True), (submitted, False)):
        folder.mkdir(parents=True)
        for exercise in {answer.exercise.name for answer in known.values()}:
            own = {key: a for key, a in known.items() if a.exercise.name == exercise}
            nbformat.write(book(own, tests), folder / f"{exercise}.ipynb")
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    env = {**os.environ, "COURSE_SEED": str(SEED), "COURSE_SOLUTIONS": str(ROOT / "solutions")}
    env["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in ("generate_assignment", "autograde"):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", command, NAME, "--create"],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
    with Gradebook(f"sqlite:///{tmp_path / 'grading' / 'gradebook.db'}") as gradebook:
        theirs = {
            grade.name.removeprefix("check_"): grade.auto_score
            for notebook in gradebook.find_submission(NAME, "ada").notebooks
            for grade in notebook.grades
        }
    ours = {name: answer.score * answer.exercise.points for name, answer in known.items()}
    wrong = {
        (known[name].exercise.name, known[name].function): (theirs.get(name), points)
        for name, points in ours.items()
        if theirs.get(name) != pytest.approx(points)
    }
    assert not wrong and len(theirs) == len(ours)


def book(known: dict[str, Answer], tests: bool) -> nbformat.NotebookNode:
    """With the teacher's tests, or as a learner hands it in."""
    cells = []
    for grade_id, answer in known.items():
        source = answer.source
        if tests:
            source = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
        call = f"grade({answer.exercise.name}, {answer.exercise.name!r}, {answer.lesson!r})"
        hidden = f"### BEGIN HIDDEN TESTS\nfrom helpers.exercises import grade\n\n{call}\n### END HIDDEN TESTS"
        cells.append(new_code_cell(source, metadata=marked(grade_id, solution=True)))
        points = answer.exercise.points
        cells.append(
            new_code_cell(
                hidden if tests else "", metadata=marked(f"check_{grade_id}", points=points)
            )
        )
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def marked(grade_id: str, solution: bool = False, points: float | None = None) -> dict:
    cell = {"schema_version": 3, "grade_id": grade_id, "solution": solution, "task": False}
    graded = points is not None
    extra = {"points": points} if graded else {}
    return {"nbgrader": {**cell, "grade": graded, "locked": graded, **extra}}
