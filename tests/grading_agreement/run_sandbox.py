"""What an answer earns in the notebook it earns in `grade`: every answer to every exercise, none left out.

`test_exercises.py` proves what each answer earns in this process, where `check` and `grade()` call it. Here
the same answers go through the sandbox at the same seed; `run_nbgrader.py` has nbgrader grade them.
"""

import textwrap
from types import SimpleNamespace

import pytest
from every_answer import EVERY, SEED, answers

from helpers.exercises import examine, grade
from helpers.exercises.judging import judge
from helpers.grading.sandbox import Server
from helpers.grading.session import Call, Session


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.close()


def kept(source: str, name: str, number: str) -> str:
    """A cell that keeps an answer from the others: one that calls itself means itself."""
    inside = source.replace("from __future__ import annotations\n", "")
    body = textwrap.indent(f"{inside}\n\nreturn {name}", "    ")
    return f"from __future__ import annotations\n\n\ndef make():\n{body}\n\n\n{number} = make()"


@pytest.mark.parametrize("key", EVERY)
def test_every_answer_earns_in_the_sandbox_what_it_earns_in_the_notebook(key, server):
    """One notebook holds all answers to an exercise; each is kept under a name of its own."""
    known = list(answers(key))
    exercise = EVERY[key]
    names = [f"{exercise.name}_{answer.number}" for answer in known]
    cells = [kept(a.source, exercise.name, name) for a, name in zip(known, names, strict=True)]
    with Session(server, cells, names, load_seconds=600.0) as session:
        for answer, name in zip(known, names, strict=True):
            called = SimpleNamespace(name=name, seconds=600.0)
            report = judge(exercise, Call(session, called), SEED)
            told = (name, getattr(answer.function, "__name__", "stub"), report, session.cell_errors)
            assert report.score == answer.score, told
            assert report.sentence.startswith(answer.sentence), told


@pytest.mark.parametrize("key", list(EVERY)[::9])
def test_the_notebooks_grade_is_the_judges_score_times_the_points(key, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", str(SEED))
    exercise, lesson = EVERY[key], key.partition("-")[0]
    for function in (exercise.reference, exercise.mistakes[0], lambda *_: ...):
        points = grade(function, exercise.name, lesson)
        assert points == examine(function, exercise, SEED).score * exercise.points
