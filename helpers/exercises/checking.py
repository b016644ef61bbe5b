"""The verbs that a notebook uses: `check` shows a card, `grade` gives nbgrader its points."""

import os
from collections.abc import Callable
from typing import Any

from .. import progress
from ..feedback import Card, Message, show
from .assignments import find_in
from .calling import LocalCall
from .exercise import Exercise
from .failures import JudgeError
from .judging import Report, judge
from .registry import find

CHECK_SEED = 0
GRADE_SEED = 1


def examine(function: Callable, exercise: Exercise | None = None, seed: int = CHECK_SEED) -> Report:
    """Judge `function`, called in this process. The exercise is found by the function's name."""
    exercise = exercise or find(function.__name__)
    return judge(exercise, LocalCall(function, exercise.seconds), seed)


def check(function: Any = ..., name: str | None = None) -> None:
    """Show how far an answer is: `check(gradient_descent)`. Never raises.

    `name` is needed only for a function without a name of its own (a lambda, a partial).
    """
    if os.environ.get("COURSE_CHECK") == "off":
        return
    show(_card(function, name))


def _card(function: Any, name: str | None) -> Card | Message:
    if not callable(function):
        return Message(
            "check takes the function itself, without calling it: "
            "`check(gradient_descent)`, not `check(gradient_descent(…))`."
        )
    name = name or str(getattr(function, "__name__", "<lambda>"))
    if name == "<lambda>":
        return Message("Say which exercise this answers: `check(function, name='…')`.")
    try:
        exercise = find(name)
    except KeyError as error:
        return Message(str(error.args[0]))
    try:
        report = examine(function, exercise)
    except JudgeError as error:
        return Message(f"The judge itself failed; this is not your fault. Please report: {error}")
    if report.correct:
        progress.record(exercise.name)
    return Card(report)


def grade(function: Any, name: str | None = None, assignment: str | None = None) -> float:
    """Points for an answer, as the last line of nbgrader's test cell.

    Whatever an answer does, it neither raises nor prints. The exercises of an `assignment` ("A1")
    are declared on the teacher's side: `KeyError` where that is not at hand.
    """
    name = name or str(getattr(function, "__name__", ""))
    exercise = find_in(name, assignment) if assignment else find(name)
    if not callable(function):
        return 0.0
    seed = int(os.environ.get("COURSE_SEED", GRADE_SEED))
    return float(examine(function, exercise, seed).score * exercise.points)
