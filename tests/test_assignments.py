"""Assignments: small examples for the learner, a judge that stays on the teacher's side."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from small_assignment import JUDGE, SOURCE, course

from helpers.authoring.build import build
from helpers.authoring.source import SourceError
from helpers.exercises import assignments, grade
from helpers.exercises.small import check_small, examine_small


@pytest.fixture
def teachers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's own assignment in a course of its own."""
    course(tmp_path)
    monkeypatch.setenv("COURSE_SOLUTIONS", str(tmp_path / "solutions"))
    assignments.load.cache_clear()
    return tmp_path


def doubled(x):
    return 2 * np.asarray(x)


def test_an_assignment_is_built_from_a_judge_that_the_learner_never_gets(teachers):
    source = teachers / "solutions" / "Z9_twice" / "Z9_twice.md"
    build(source, teachers)
    handed_out = (teachers / "course" / "Z9_twice" / "Z9_twice.ipynb").read_text()
    assert "check_small(doubled" in handed_out
    for secret in ("squared", "return 2 * x", "grade(", "x + x"):
        assert secret not in handed_out
    solved = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    points = [
        c.metadata.nbgrader.points
        for c in solved.cells
        if "points" in c.metadata.get("nbgrader", {})
    ]
    assert points == [3, 1]


def test_the_points_of_an_assignment_come_from_its_judge(teachers):
    assert grade(doubled, assignment="Z9") == 3
    assert grade(lambda x: x**2, name="doubled", assignment="Z9") == 0


def test_an_assignment_may_hold_exercises_of_the_lessons(teachers):
    exercises = assignments.assignment("Z9").EXERCISES
    assert [exercise.name for exercise in exercises] == ["doubled", "project_ball"]


def test_without_the_teachers_side_the_judge_is_missed_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SOLUTIONS", str(tmp_path))
    with pytest.raises(KeyError, match="judge of assignment A1 is not here"):
        grade(doubled, assignment="A1")


def test_the_teachers_command_grades_an_assignment_by_its_judge(teachers):
    for student, body in {"ada": "return 2 * x", "bob": "return x**2", "cy": "..."}.items():
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(f"def doubled(x):\n    {body}")]
        path = teachers / "submitted" / f"{student}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
    out = teachers / "graded"
    command = [
        "grade",
        str(teachers / "submitted"),
        "--out",
        str(out),
        "--lesson",
        "Z9",
        "--workers",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "helpers", *command], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    results = [
        json.loads(line)["result"]
        for line in (out / "results.jsonl").read_text().splitlines()
        if line
    ]
    assert {r["student"]: r["score"] for r in results} == {"ada": 3, "bob": 0, "cy": 0}
    assert "Z9_twice,,,ada" in (out / "grades.csv").read_text()
    assert "You squared." in (out / "feedback" / "bob.html").read_text()


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (JUDGE.replace('"Z9"', '"Z8"'), "LESSON must be 'Z9'"),
        (JUDGE.replace("EXERCISES", "OTHERS"), "EXERCISES must be"),
        (
            JUDGE.replace(
                'find("project_ball"),',
                "Exercise(doubled, instances, certify, title='Twice', hints=(), mistakes=()),",
            ),
            "same name",
        ),
    ],
)
def test_a_judge_that_declares_something_else_is_refused(teachers, judge, said):
    path = teachers / "solutions" / "Z9_twice" / "judge.py"
    path.write_text(judge)
    with pytest.raises(ValueError, match=said):
        assignments.load(path.resolve())


def test_an_assignment_without_small_examples_is_not_built(teachers):
    source = teachers / "solutions" / "Z9_twice" / "Z9_twice.md"
    source.write_text(SOURCE.replace("check_small(doubled, [((2.0,), 4.0)])\n", ""))
    with pytest.raises(SourceError, match="shows small examples"):
        build(source, teachers)


def test_small_examples_say_what_came_back_and_what_is_right():
    examples = [((2.0,), 4.0), (([1.0, 2.0],), [2.0, 4.0])]
    assert examine_small(doubled, examples).status == "small"
    report = examine_small(lambda x: np.asarray(x) ** 2, examples)
    assert report.status == "not yet" and "should be [2, 4]" in report.sentence
    assert examine_small(lambda x: None, examples).status == "not attempted"
    assert "ZeroDivisionError" in examine_small(lambda x: 1 / 0, examples).sentence


def test_a_small_example_may_have_many_right_answers():
    examples = [((), lambda x: x > 3 or f"{x} is not above 3")]
    assert examine_small(lambda: 5.0, examples).status == "small"
    assert examine_small(lambda: 2.0, examples).sentence == "2.0 is not above 3"
    assert "form that is asked" in examine_small(lambda: "much", examples).sentence


def test_a_function_given_as_an_argument_is_only_called():
    report = examine_small(
        lambda grad, x: x - grad(x), [((lambda x: x / 2, np.ones(2)), [0.5, 0.5])]
    )
    assert report.status == "small" and not report.notes


def test_a_function_that_changes_its_argument_is_told_by_name():
    def halved(x):
        x /= 2
        return x

    report = examine_small(halved, [((np.ones(2),), [0.5, 0.5])])
    assert report.status == "small" and "`x`" in report.notes[0]


def test_small_examples_never_raise_and_print_outside_a_notebook(capsys):
    check_small(doubled(1.0), [])
    check_small(doubled, [((2.0,), 4.0)])
    printed = capsys.readouterr().out
    assert "takes the function itself" in printed and "Holds on small examples" in printed
