"""The judge: one exercise, one way to call the learner's function, one report.

Order of judgement: not attempted, raised, shape, finite, certificate; only after a refusal, the name
of a known mistake. The judge never holds the learner's code: `call(arguments) -> value` may run
it here or in a sandbox.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from .exercise import Arguments, Exercise, Oracle, sentence_of
from .failures import Died, JudgeError, LearnerFailure, NotAttempted, OracleSpent, TimedOut
from .plain import agree, all_finite, as_numbers, plain, short


class Call(Protocol):
    """How a learner's function is called; `notes`, if there, says what it did on the side."""

    def __call__(self, arguments: Arguments) -> Any: ...


@dataclass(frozen=True)
class Case:
    """One call. Of one that is not right: what was asked, what came back, and why it is not."""

    ok: bool
    call: str
    got: str = ""
    demand: str = ""


@dataclass(frozen=True)
class Report:
    """The verdict on one exercise."""

    exercise: str
    title: str
    status: str  # "correct", "not yet" or "not attempted"
    sentence: str
    cases: tuple[Case, ...] = ()
    mistake: str | None = None
    hints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    score: float = 0.0
    points: float = 1.0

    @property
    def correct(self) -> bool:
        return self.status == "correct"

    @property
    def counterexample(self) -> Case | None:
        return next((case for case in self.cases if not case.ok), None)


@dataclass(frozen=True)
class _Outcome:
    """What one call came to: `kind` is "value", "calls", or that of a failure."""

    kind: str
    value: Any = None
    refusal: str = ""


def judge(exercise: Exercise, call: Call, seed: int = 0) -> Report:
    """Judge whatever `call` gives on the instances of `seed`.

    Raises `JudgeError` only if the declaration itself is at fault.
    """
    drawn = list(exercise.draw(seed))
    cases: list[Case] = []
    outcomes: list[_Outcome] = []
    for arguments, again in zip(drawn, _anew(exercise, drawn, seed), strict=True):
        try:
            outcome = _outcome(exercise, call, arguments, again)
        except NotAttempted:
            if cases:
                outcome = _Outcome(
                    "value", None, "it returned nothing here: is a `return` missing?"
                )
            else:
                return _report(exercise, call, "not attempted", _NOT_ATTEMPTED)
        outcomes.append(outcome)
        cases.append(_case(exercise, arguments, outcome))
        if outcome.kind in (TimedOut.kind, Died.kind):
            break
    if all(case.ok for case in cases) and len(cases) == len(drawn):
        return _report(exercise, call, "correct", "Proved right.", tuple(cases), score=1.0)
    credit = sum(case.ok for case in cases) / len(drawn) if exercise.partial else 0.0
    mistake = _known_mistake(exercise, outcomes, drawn, seed)
    first = next(case for case in cases if not case.ok)
    sentence = sentence_of(mistake) if mistake else _capital(first.demand)
    name = mistake.__name__ if mistake else None
    return _report(exercise, call, "not yet", sentence, tuple(cases), name, credit)


_NOT_ATTEMPTED = (
    "Nothing came back yet: write the function above. "
    "If you have written it, does it end with `return`?"
)


def _report(
    exercise: Exercise,
    call: Call,
    status: str,
    sentence: str,
    cases: tuple[Case, ...] = (),
    mistake: str | None = None,
    score: float = 0.0,
) -> Report:
    return Report(
        exercise=exercise.name,
        title=exercise.title,
        status=status,
        sentence=sentence,
        cases=cases,
        mistake=mistake,
        hints=exercise.hints,
        notes=tuple(getattr(call, "notes", ())),
        score=score,
        points=exercise.points,
    )


def _reference(exercise: Exercise, arguments: Arguments) -> Any:
    try:
        return plain(exercise.reference(*arguments.values()))
    except Exception as error:
        raise JudgeError(f"{exercise.name}: the reference raised {error!r}") from error


def _anew(exercise: Exercise, drawn: list[Arguments], seed: int) -> list[Arguments]:
    """The same instances for a function of ours: drawn again where an oracle has been used up."""
    used = any(isinstance(a, Oracle) for arguments in drawn for a in arguments.values())
    return list(exercise.draw(seed)) if used else drawn


def _outcome(exercise: Exercise, call: Call, arguments: Arguments, again: Arguments) -> _Outcome:
    # our own answer tells which shape and type is asked; a free exercise needs it but rarely
    wanted = None if exercise.free else _reference(exercise, again)
    try:
        value = call(arguments)
    except NotAttempted:
        raise
    except LearnerFailure as failure:
        spent = _spent(arguments)
        if spent:
            return _Outcome("calls", None, spent)
        kind = f"{failure.kind} {getattr(failure, 'error', '')}".strip()
        return _Outcome(kind, None, str(failure))
    if _spent(arguments):
        return _Outcome("calls", value, _spent(arguments))
    missing = value is None or value is ...
    if exercise.free and (missing or not all_finite(value) or _huge(value)):
        wanted = _reference(exercise, again)
    if missing and wanted is not None:
        raise NotAttempted
    if not exercise.free:
        value, refusal = coerce(value, wanted)
        if refusal:
            return _Outcome("value", value, refusal)
    if not all_finite(value) and all_finite(wanted):
        return _Outcome("value", value, "every number must be finite; yours has NaN or infinity")
    refusal = _verdict(exercise, value, arguments)
    if _huge(value) and not _huge(wanted):
        # their squares are infinite, so that every inequality between such numbers may hold
        refusal = refusal or f"numbers beyond {HUGE:g} cannot be checked"
    return _Outcome("value", value, refusal)


def _spent(arguments: Arguments) -> str:
    oracles = [a for a in arguments.values() if isinstance(a, Oracle) and a.exceeded]
    return oracles[0].sentence if oracles else ""


def _verdict(exercise: Exercise, value: Any, arguments: Arguments) -> str:
    """The refusal, or "" where the value is proved right."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict = exercise.certify(value, **arguments)
    except Exception as error:
        if exercise.free:
            return f"the result has not the form that is asked: {short(value)}"
        if _huge(value):  # what is computed from infinite squares may be anything
            return f"numbers beyond {HUGE:g} cannot be checked; yours is {short(value)}"
        raise JudgeError(f"{exercise.name}: certify raised {error!r} on {short(value)}") from error
    if isinstance(verdict, bool | np.bool_):
        return "" if verdict else "the conditions of optimality do not hold"
    if isinstance(verdict, str):
        return verdict or "the conditions of optimality do not hold"
    if not hasattr(verdict, "proves"):
        raise JudgeError(f"{exercise.name}: certify returned {verdict!r}")
    if verdict.proves(exercise.tol):
        return ""
    if verdict.violation > exercise.tol:
        return f"the answer violates its constraints by {verdict.violation:.2g}"
    return (
        f"your objective is {verdict.primal:.6g}, and the lower bound that it proves "
        f"{verdict.dual:.6g}: a relative gap of {verdict.relative_gap:.1e}, where at most "
        f"{exercise.tol:.0e} is asked"
    )


HUGE = 1e100


def _huge(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_huge, value.values()))
    if isinstance(value, tuple | list):
        return any(map(_huge, value))
    return isinstance(value, float | complex | np.ndarray) and bool(np.any(np.abs(value) > HUGE))


def coerce(value: Any, wanted: Any) -> tuple[Any, str]:
    """`value` in the form of `wanted`, and a refusal where it has another type or shape."""
    if wanted is None:
        return value, ""
    if isinstance(wanted, bool | str):
        kind = "True or False" if isinstance(wanted, bool) else "a text"
        right = type(value) is type(wanted)
        return value, "" if right else f"the result should be {kind}; yours is {short(value)}"
    if isinstance(wanted, dict):
        if not isinstance(value, dict) or set(value) != set(wanted):
            return value, f"the result should be a dict with the keys {sorted(map(str, wanted))}"
        parts = {key: coerce(value[key], wanted[key]) for key in wanted}
        refusals = [f"at {key!r}, {refusal}" for key, (_, refusal) in parts.items() if refusal]
        return {key: part for key, (part, _) in parts.items()}, "".join(refusals[:1])
    if isinstance(wanted, tuple | list):
        return _coerce_sequence(value, wanted)
    return _coerce_numbers(value, wanted)


def _coerce_sequence(value: Any, wanted: Any) -> tuple[Any, str]:
    if isinstance(value, np.ndarray) and value.ndim:
        value = list(value)
    if not isinstance(value, tuple | list):
        return value, f"the result should be {len(wanted)} values; yours is {short(value)}"
    if len(value) != len(wanted):
        return value, f"the result should have {len(wanted)} entries; yours has {len(value)}"
    parts = [coerce(plain(part), want) for part, want in zip(value, wanted, strict=True)]
    refusals = [f"in entry {i}, {refusal}" for i, (_, refusal) in enumerate(parts) if refusal]
    return type(wanted)(part for part, _ in parts), "".join(refusals[:1])


def _coerce_numbers(value: Any, wanted: Any) -> tuple[Any, str]:
    array = as_numbers(value)
    if array is None or isinstance(value, bool):
        return value, f"the result should be numbers; yours is {short(value)}"
    goal = np.asarray(wanted)
    if array.shape != goal.shape:
        return value, f"the result should be {_form(goal)}; yours is {_form(array)}"
    if array.dtype.kind == "c" and goal.dtype.kind != "c":
        return value, "the result should be real; yours has complex numbers"
    if goal.dtype.kind == "b":
        whole = array.dtype.kind == "b"
        return array, "" if whole else "the result should hold True and False"
    if goal.dtype.kind in "iu":
        if not np.all(np.isfinite(array)) or np.any(array != np.round(array)):
            return value, f"the result should be whole numbers; yours is {short(value)}"
        array = array.astype(np.int64)
    else:
        array = array.astype(goal.dtype)
    return (array if goal.ndim else array.item()), ""


def _form(array: np.ndarray) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "one number"


def _case(exercise: Exercise, arguments: Arguments, outcome: _Outcome) -> Case:
    if not outcome.refusal:  # nobody is shown what was asked in a right call
        return Case(True, exercise.name)
    call = ", ".join(f"{name}={short(argument, 40)}" for name, argument in arguments.items())
    got = short(outcome.value) if outcome.kind in ("value", "calls") else ""
    return Case(False, f"{exercise.name}({call})", got, outcome.refusal)


def _known_mistake(
    exercise: Exercise, outcomes: list[_Outcome], drawn: list[Arguments], seed: int
) -> Callable | None:
    """The first mistake that comes to the same as the learner's function on every instance."""
    for mistake in exercise.mistakes:
        if all(
            _alike(exercise, outcome, mistake, arguments)
            for outcome, arguments in zip(outcomes, _anew(exercise, drawn, seed), strict=False)
        ):
            return mistake
    return None


def _alike(exercise: Exercise, outcome: _Outcome, mistake: Callable, arguments: Arguments) -> bool:
    other = outcome_of_ours(mistake, arguments)
    if other.kind != outcome.kind:
        return False
    if other.kind != "value":
        return True
    if exercise.fingerprint is None or outcome.value is None or other.value is None:
        return agree(outcome.value, other.value)
    prints = []
    for value in (outcome.value, other.value):
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                prints.append(plain(exercise.fingerprint(value, **arguments)))
        except Exception:
            return agree(outcome.value, other.value)
    return agree(*prints)


def outcome_of_ours(function: Callable, arguments: Arguments) -> _Outcome:
    """What a function of ours (a mistake) comes to; ours end, so there is no time limit."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = plain(function(*arguments.values()))
    except OracleSpent:
        return _Outcome("calls")
    except LearnerFailure as failure:
        return _Outcome(failure.kind)
    except Exception as error:
        return _Outcome(f"raised {type(error).__name__}")
    return _Outcome("calls", value) if _spent(arguments) else _Outcome("value", value)


# A word to begin a sentence with; not a symbol (f(w), dU[0, 1], v, db), which keeps its case.
_WORD = re.compile(r"(?!d[a-z]\b)(a|[a-z]{2,})(?![\w(\[])")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] if _WORD.match(sentence) else sentence
