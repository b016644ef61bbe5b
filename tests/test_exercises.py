"""Every exercise of the course: right answers are accepted, wrong ones refused in their own words."""

import inspect

import numpy as np
import pytest
from declared_exercises import EVERY

from helpers.exercises import examine
from helpers.exercises.calling import LocalCall
from helpers.exercises.exercise import Exercise, sentence_of
from helpers.exercises.judging import judge
from helpers.exercises.plain import agree, plain

SEEDS = (0, 1, 2**40 + 7)

every_exercise = pytest.mark.parametrize("exercise", EVERY.values(), ids=EVERY)


def each(what: str) -> pytest.MarkDecorator:
    pairs = [(e, f) for e in EVERY.values() for f in getattr(e, what)]
    names = [f"{e.name}-{getattr(f, '__name__', 'f')}" for e, f in pairs]
    return pytest.mark.parametrize(("exercise", "function"), pairs, ids=names)


@every_exercise
def test_the_reference_is_proved_right(exercise: Exercise) -> None:
    for seed in SEEDS:
        report = examine(exercise.reference, exercise, seed)
        assert report.correct, report


@each("alternatives")
def test_another_right_answer_is_accepted(exercise: Exercise, function) -> None:
    for seed in SEEDS:
        report = examine(function, exercise, seed)
        assert report.correct, report


@each("mistakes")
def test_a_named_mistake_is_refused_with_its_own_sentence(exercise: Exercise, function) -> None:
    for seed in SEEDS[::2]:
        report = examine(function, exercise, seed)
        assert report.status == "not yet", report
        assert report.sentence == sentence_of(function), report


@every_exercise
def test_an_exercise_has_what_a_learner_and_a_tester_need(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3 and all(hint.strip() for hint in exercise.hints)
    assert len(set(map(sentence_of, exercise.mistakes))) >= 5
    assert len(exercise.alternatives) >= 2
    assert inspect.getdoc(exercise.reference)


@every_exercise
def test_a_stub_is_not_attempted_and_a_crash_is_told_kindly(exercise: Exercise) -> None:
    def not_implemented(*_):
        raise NotImplementedError

    for stub in (lambda *_: None, lambda *_: ..., not_implemented):
        report = examine(stub, exercise)
        assert report.status == "not attempted" and report.score == 0
    report = examine(lambda *_: 1 / 0, exercise)
    assert report.status == "not yet"
    assert "ZeroDivisionError" in report.sentence


@every_exercise
def test_arguments_are_never_changed_by_our_own_answers(exercise: Exercise) -> None:
    for function in (exercise.reference, *exercise.alternatives):
        call = LocalCall(function)
        judge(exercise, call, 0)
        assert not call.notes


CORRUPTIONS = {
    "a NaN in it": lambda v, rng: _at_random(v, rng, lambda x: np.nan),
    "infinity in it": lambda v, rng: _at_random(v, rng, lambda x: np.inf),
    "one entry far off": lambda v, rng: _at_random(v, rng, lambda x: x + 10 * (1 + abs(x))),
    "one entry far off the other way": lambda v, rng: _at_random(
        v, rng, lambda x: x - 9 * (1 + abs(x))
    ),
    "noise on every entry": lambda v, rng: _each(
        v, lambda x: x + rng.choice([-1, 1]) * rng.uniform(1, 2) * (1 + abs(x))
    ),
    "one axis more": lambda v, rng: _each(v, lambda x: [[[x]]]),
    "one entry too many": lambda v, rng: _append(v),
    "text": lambda v, rng: "corrupted",
    "a dict": lambda v, rng: {"corrupted": 1.0},
    "complex numbers": lambda v, rng: _each(v, lambda x: x + 3j),
}


@every_exercise
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_a_corrupted_right_answer_is_refused(exercise: Exercise, corruption: str) -> None:
    rng = np.random.default_rng(3)

    def corrupted(*arguments):
        right = plain(exercise.reference(*arguments))
        wrong = CORRUPTIONS[corruption](right, rng)
        changed.append(not agree(right, wrong))
        return wrong

    changed: list[bool] = []
    report = examine(corrupted, exercise)
    assert any(changed)
    assert report.status == "not yet" and report.score < 1


def _leaves(value):
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    return [value]


def _rebuild(value, change):
    """`value` with `change` applied to each of its numbers, counted from 0."""
    count = iter(range(10**9))

    def walk(item):
        if isinstance(item, tuple | list):
            return type(item)(walk(x) for x in item)
        if isinstance(item, dict):
            return {key: walk(x) for key, x in item.items()}
        if isinstance(item, np.ndarray):
            parts = np.array([change(next(count), x) for x in item.ravel().tolist()])
            return parts.reshape(item.shape + parts.shape[1:])
        if isinstance(item, bool):
            changed = change(next(count), item)
            return changed if changed is item else not item
        if isinstance(item, int | float):
            return change(next(count), item)
        if isinstance(item, str):
            return item + "?"
        return 12345.678

    return walk(value)


def _each(value, change):
    return _rebuild(value, lambda _, x: change(x))


def _at_random(value, rng, change):
    size = sum(np.size(leaf) for leaf in _leaves(value))
    chosen = int(rng.integers(max(size, 1)))
    return _rebuild(value, lambda i, x: change(x) if i == chosen else x)


def _append(value):
    if isinstance(value, np.ndarray):
        return np.append(value.ravel(), 0.5)
    return [value, 0.5]
