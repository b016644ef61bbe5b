"""What A1's judge must not be fooled by, beyond what every exercise is tested for."""

from pathlib import Path

import numpy as np
import pytest

from helpers.exercises import assignment, examine

A1 = assignment("A1")
EXERCISES = {exercise.name: exercise for exercise in A1.EXERCISES}
ATOMS = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "square": np.square, "abs": np.abs}


def value(expression, x):
    if expression == "x":
        return x
    if not isinstance(expression, tuple):
        return np.full_like(x, expression)
    name, *parts = expression
    if name == "*":
        return parts[0] * value(parts[1], x)
    values = [value(part, x) for part in parts]
    if name in ATOMS:
        return ATOMS[name](values[0])
    return np.sum(values, axis=0) if name == "+" else np.max(values, axis=0)


def test_what_the_grammar_calls_convex_has_its_chords_above_it():
    rng, seen = np.random.default_rng(0), {"convex": 0, "concave": 0, "affine": 0, "constant": 0}
    for _ in range(400):
        expression = A1._random_expression(rng, 4)
        kind = A1.curvature(expression)
        if kind == "unknown":
            continue
        x, y = rng.uniform(-3, 3, 60), rng.uniform(-3, 3, 60)
        with np.errstate(all="ignore"):
            ends, middle = (
                (value(expression, x) + value(expression, y)) / 2,
                value(expression, (x + y) / 2),
            )
        known = np.isfinite(ends) & np.isfinite(middle)
        above = ends[known] - middle[known]
        slack = 1e-9 * (1 + np.abs(ends[known]) + np.abs(middle[known]))
        seen[kind] += len(above) > 0
        if kind != "concave":
            assert np.all(above >= -slack), expression
        if kind != "convex":
            assert np.all(above <= slack), expression
    assert min(seen.values()) >= 5


def test_a_projection_that_is_a_little_off_is_refused_and_a_bisection_is_not():
    exercise = EXERCISES["project_l1_ball"]

    def a_little_off(x, radius):
        p = exercise.reference(x, radius)
        return p + 1e-3 * (np.abs(p) > 0) * (p - p.mean())

    assert not examine(a_little_off, exercise).correct


def test_both_kinds_of_proof_must_be_proofs():
    exercise = EXERCISES["separate_or_meet"]
    always = {
        "meet": lambda P, Q: ("meet", np.eye(len(P))[0], np.eye(len(Q))[0]),
        "separate": lambda P, Q: ("separate", np.zeros(P.shape[1]), 0.0),
        "neither": lambda P, Q: ("maybe", 0, 0),
    }
    for function in always.values():
        assert examine(function, exercise).score < 0.5
    report = examine(always["neither"], exercise)
    assert '"meet" or "separate"' in report.sentence


@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_a_bound_that_is_not_the_dual_function_at_its_point_is_refused(scale):
    exercise = EXERCISES["box_dual_bound"]

    def claimed(X, y, w):
        nu, bound = exercise.reference(X, y, w)
        return nu, scale * bound - 1e-3

    assert not examine(claimed, exercise).correct


def test_a_witness_may_be_a_list_and_lie_outside_the_box():
    exercise = EXERCISES["refute_convexity"]

    def shifted(f, n):
        x, y, t = exercise.reference(f, n)
        return list(y), list(x), 1 - t

    assert examine(shifted, exercise).correct


def test_no_answer_of_the_assignment_is_with_what_is_handed_out():
    root = Path(A1.__file__).resolve().parents[2]
    assert not list((root / "course").glob("**/judge.py"))
    page = (root / "course" / "A1_convexity" / "A1_convexity.ipynb").read_text(encoding="utf-8")
    for exercise in A1.EXERCISES:
        assert exercise.certify.__name__ not in page
        for hint in exercise.hints:
            assert hint not in page
