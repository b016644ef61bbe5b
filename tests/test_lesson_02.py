"""What lesson 02's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize
from scipy.special import logsumexp

from helpers.exercises import convex_functions as lesson
from helpers.exercises import examine


def named(name, function):
    function.__name__ = name
    return examine(function)


def test_a_gap_that_is_right_for_quadratics_only_is_refused() -> None:
    def from_the_curvature(f, x, y, theta):
        middle = (np.asarray(x) + np.asarray(y)) / 2
        return 4 * theta * (1 - theta) * ((f(x) + f(y)) / 2 - f(middle))

    report = named("chord_gap", from_the_curvature)
    assert not report.correct
    assert sum(case.ok for case in report.cases) >= 4  # the quadratics
    assert "the gap is" in report.counterexample.demand


def test_f_keeps_its_name_at_the_start_of_a_sentence() -> None:
    report = named("chord_gap", lambda f, x, y, theta: f(x) + f(y))
    assert "f(x) = " in report.sentence and "F(x)" not in report.sentence


def test_forward_differences_are_no_subgradient_where_a_row_is_at_its_kink() -> None:
    """Slopes along the axes, one by one, need not fit together into one plane below f."""

    def by_forward_differences(w, X, y):
        def f(v):
            return np.abs(X @ v - y).sum()

        return [(f(w + 2.0**-20 * e) - f(w)) * 2.0**20 for e in np.eye(len(w))]

    report = named("subgradient_abs_sum", by_forward_differences)
    assert not report.correct and "promises" in report.sentence
    assert any(case.ok for case in report.cases)  # where nothing is at a kink they are right


def test_a_learner_who_puts_the_weight_on_both_sides_is_told_which_is_whose() -> None:
    report = named(
        "chord_gap", lambda f, x, y, t: t * f(x) + (1 - t) * f(y) - f(t * y + (1 - t) * x)
    )
    assert "different weights" in report.sentence


def test_scipy_s_log_sum_exp_is_accepted_and_single_precision_is_told_what_is_off() -> None:
    assert named("log_sum_exp", lambda z: logsumexp(z)).correct

    def in_single_precision(z):
        z = z.astype(np.float32)
        return z.max() + np.log(np.exp(z - z.max()).sum(dtype=np.float32))

    report = named("log_sum_exp", in_single_precision)
    assert not report.correct and "sum to" in report.sentence


def test_a_larger_number_than_the_maximum_is_no_safe_shift() -> None:
    def shifted_by_a_constant(z):
        return 800 + np.log(np.sum(np.exp(z - 800)))

    report = named("log_sum_exp", shifted_by_a_constant)
    assert not report.correct


@pytest.mark.parametrize("count", [400, 777, 2500])
def test_any_fine_grid_finds_a_witness(count) -> None:
    def on_a_grid(f, low, high):
        t = np.linspace(low, high, count)
        values = [f(point) for point in t]
        lack = [values[i] - (values[i - 1] + values[i + 1]) / 2 for i in range(1, count - 1)]
        i = 1 + int(np.argmax(lack))
        return [t[i + 1], t[i - 1], 0.5]

    assert named("convexity_witness", on_a_grid).correct


def test_a_witness_of_a_random_search_is_accepted() -> None:
    def by_chance(f, low, high):
        rng = np.random.default_rng(1)
        best = (0.0, (low, high, 0.5))
        for _ in range(3000):
            x = rng.uniform(low, high)
            y = np.clip(x + (high - low) * rng.choice([0.02, 0.1, 1]) * rng.normal(), low, high)
            lack = f((x + y) / 2) - (f(x) + f(y)) / 2
            best = max(best, (lack, (x, y, 0.5)))
        return best[1]

    assert named("convexity_witness", by_chance).correct


@pytest.mark.parametrize("theta", [0.0, 1.0, -0.5, 2.0])
def test_a_weight_at_the_end_or_outside_proves_nothing(theta) -> None:
    def with_that_weight(f, low, high):
        x, y, _ = lesson.convexity_witness(f, low, high)
        return x, y, theta

    report = named("convexity_witness", with_that_weight)
    assert not any(case.ok for case in report.cases)


def test_rounding_is_no_witness() -> None:
    def one_point_twice(f, low, high):
        x, _, _ = lesson.convexity_witness(f, low, high)
        return x, x + 1e-14, 0.5

    report = named("convexity_witness", one_point_twice)
    assert not report.correct
    assert sum(case.ok for case in report.cases) <= 1  # across the jump of a step it is one


def test_a_search_that_never_ends_is_told_how_few_values_are_needed() -> None:
    def endless(f, low, high):
        rng = np.random.default_rng(0)
        while True:
            f(rng.uniform(low, high))

    assert "1001 points" in named("convexity_witness", endless).sentence


def test_huber_s_gradient_by_differences_is_accepted_away_from_its_value() -> None:
    def by_differences(w, X, y, delta):
        def f(w):
            return lesson.huber_value_and_grad(w, X, y, delta)[0]

        h = 1e-6
        return f(w), [(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))]

    assert named("huber_value_and_grad", by_differences).correct


def test_a_right_value_with_a_wrong_gradient_is_told_which_weight_is_off() -> None:
    def half_right(w, X, y, delta):
        value, gradient = lesson.huber_value_and_grad(w, X, y, delta)
        return value, gradient * np.where(np.arange(len(w)) == 0, 1.1, 1)

    assert "along weight 0" in named("huber_value_and_grad", half_right).sentence


@pytest.mark.parametrize("choice", [-1.0, -0.999, 0.0, 0.5, 1.0])
def test_every_choice_at_a_kink_is_accepted(choice) -> None:
    def chosen(w, X, y):
        r = X @ w - y
        return X.T @ np.where(r == 0, choice, np.sign(r))

    assert named("subgradient_abs_sum", chosen).correct


@pytest.mark.parametrize("choice", [-1.01, 1.5])
def test_a_choice_beyond_the_kink_s_slopes_is_refuted_by_a_point(choice) -> None:
    def chosen(w, X, y):
        r = X @ w - y
        return X.T @ np.where(r == 0, choice, np.sign(r))

    report = named("subgradient_abs_sum", chosen)
    assert not report.correct
    assert "promises" in report.sentence


def test_a_smoothed_sign_is_no_slope_of_the_absolute_value() -> None:
    def smoothed(w, X, y):
        return X.T @ np.tanh(50 * (X @ w - y))

    assert "promises" in named("subgradient_abs_sum", smoothed).sentence


def test_a_refutation_of_a_subgradient_is_true() -> None:
    rng = np.random.default_rng(5)
    for case in lesson._absolute_fits(rng):
        w, X, y = case["w"], case["X"], case["y"]
        g = X.T @ np.sign(X @ w - y) + rng.standard_normal(len(w)) * (1 + np.abs(X).sum(axis=0))
        said = lesson._is_subgradient(g, w, X, y)
        if isinstance(said, str):
            promise, value = said.split("f(v) ≥ ")[1].split(", and f(v) is ")
            assert float(promise) > float(value)


def test_the_conjugate_by_a_solver_is_accepted() -> None:
    def by_a_solver(P, q, s):
        n = len(q)
        flat = linprog(-(s - q), A_eq=P, b_eq=np.zeros(n), bounds=(-1, 1))
        if -flat.fun > 1e-6:
            return np.inf
        return -minimize(lambda x: x @ P @ x / 2 - (s - q) @ x, np.zeros(n), method="BFGS").fun

    assert named("conjugate_quadratic", by_a_solver).correct


def test_a_supremum_over_a_grid_is_too_small_and_told_where_more_is_to_be_had() -> None:
    def on_few_points(P, q, s):
        points = 0.5 * np.random.default_rng(0).standard_normal((200, len(q)))
        return max(s @ x - x @ P @ x / 2 - q @ x for x in points)

    assert "more than your supremum" in named("conjugate_quadratic", on_few_points).sentence


def test_nan_is_not_infinity() -> None:
    def nan_when_singular(P, q, s):
        value = lesson.conjugate_quadratic(P, q, s)
        return value if np.isfinite(value) else np.nan

    assert not named("conjugate_quadratic", nan_when_singular).correct
