"""What an assignment shows a learner: small examples with known answers, and nothing of the judge."""

import inspect
import os
from collections.abc import Callable, Sequence
from typing import Any

from ..feedback import Card, Message, show
from .calling import LocalCall
from .exercise import Oracle, same
from .failures import LearnerFailure, NotAttempted
from .judging import Case, Report, coerce
from .plain import plain, short

SECONDS = 10.0


def check_small(function: Any, examples: Sequence[tuple[tuple, Any]], name: str = "") -> None:
    """Show whether `function` is right on small examples, pairs (arguments, answer). Never raises.

    An answer may be a function of what came back, which returns True or a sentence: for questions
    with many right answers. The hidden checks try much more.
    """
    if os.environ.get("COURSE_CHECK") == "off":
        return
    if not callable(function):
        show(Message("check_small takes the function itself, without calling it."))
        return
    show(Card(examine_small(function, examples, name)))


def examine_small(
    function: Callable, examples: Sequence[tuple[tuple, Any]], name: str = ""
) -> Report:
    """The same as a report: status "small", "not yet" or "not attempted"."""
    name = name or str(getattr(function, "__name__", "your function"))
    title = "small examples"
    call, cases = LocalCall(function, SECONDS), []
    for arguments, answer in examples:
        try:
            value = call(_named(function, arguments))
        except NotAttempted:
            value = None
        except LearnerFailure as failure:
            cases.append(Case(False, _call(name, arguments), "", str(failure)))
            continue
        if value is None or value is ...:
            sentence = "Nothing came back yet: write the function above; it ends with `return`."
            return Report(name, title, "not attempted", sentence)
        refusal = _refusal(value, answer)
        cases.append(Case(not refusal, _call(name, arguments), short(value), refusal))
    wrong = next((case for case in cases if not case.ok), None)
    if wrong:
        said = wrong.demand[:1].upper() + wrong.demand[1:]
        return Report(name, title, "not yet", said, tuple(cases), notes=tuple(call.notes))
    sentence = f"{len(cases)} of {len(cases)} hold. The hidden checks try many more."
    return Report(name, title, "small", sentence, tuple(cases), notes=tuple(call.notes))


def _refusal(value: Any, answer: Any) -> str:
    """Why `value` is not right, or ""."""
    if callable(answer):
        try:
            verdict = answer(value)
        except Exception:
            return f"the result has not the form that is asked: {short(value)}"
        return "" if verdict is True else verdict or "that is not right"
    wanted = plain(answer)
    value, refusal = coerce(value, wanted)
    verdict = refusal or same(value, wanted)
    return "" if verdict is True else str(verdict)


def _named(function: Callable, arguments: tuple) -> dict[str, Any]:
    """Arguments by the names that the learner's function gives them; callables as oracles."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    names += [f"argument {i + 1}" for i in range(len(names), len(arguments))]
    given = (Oracle(a) if callable(a) else a for a in arguments)
    return dict(zip(names, given, strict=False))


def _call(name: str, arguments: tuple) -> str:
    return f"{name}({', '.join(short(argument, 40) for argument in arguments)})"
