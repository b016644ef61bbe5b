"""What lesson 05's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse.linalg import LinearOperator, cg

from helpers.exercises import acceleration_and_newton as lesson
from helpers.exercises import examine


def named(function, name):
    function.__name__ = name
    return function


def test_nesterov_may_grow_its_momentum_either_way_but_not_stop_it_growing() -> None:
    def capped(grad, x, L, iterations):
        y = x
        for k in range(1, iterations + 1):
            x_next = y - grad(y) / L
            y, x = x_next + min(0.5, (k - 1) / (k + 2)) * (x_next - x), x_next
        return x

    assert examine(lesson._nesterov_with_simple_momentum, named_exercise("nesterov")).correct
    report = examine(named(capped, "nesterov"))
    assert not report.correct and "after 40 steps" in report.sentence.lower()


def test_a_gradient_asked_for_twice_in_each_iteration_is_told_so() -> None:
    def nesterov(grad, x, L, iterations):
        y, t = x, 1.0
        for _ in range(iterations):
            if np.linalg.norm(grad(y)) < 1e-12:
                break
            x_next = y - grad(y) / L
            t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
            y = x_next + (t - 1) / t_next * (x_next - x)
            x, t = x_next, t_next
        return x

    assert "keep it in a name" in examine(nesterov).sentence


def test_a_tuning_a_little_off_is_refused_on_a_wide_spectrum() -> None:
    def tune_heavy_ball(L, mu):
        step, momentum = lesson.tune_heavy_ball(L, mu)
        return 0.98 * step, momentum

    report = examine(tune_heavy_ball)
    assert not report.correct and "in every direction" in report.sentence


def test_the_best_tuning_by_blind_search_is_accepted() -> None:
    def tune_heavy_ball(L, mu):
        low, high = 0.0, 1.0
        for _ in range(80):  # the smallest momentum for which one step serves both ends
            b = (low + high) / 2
            fits = (1 - np.sqrt(b)) ** 2 / mu <= (1 + np.sqrt(b)) ** 2 / L
            low, high = (low, b) if fits else (b, high)
        return (1 + np.sqrt(high)) ** 2 / L, high

    assert examine(tune_heavy_ball).correct


def test_a_library_may_fit_the_logistic_model_if_it_is_exact_enough() -> None:
    def exact(X, y, lam):
        def f(w):
            return np.logaddexp(0, -y * (X @ w)).sum() + lam / 2 * w @ w

        def grad(w):
            return -X.T @ (y * np.exp(-np.logaddexp(0, y * (X @ w)))) + lam * w

        def hess(w):
            m = X @ w
            q = np.exp(-np.logaddexp(0, m) - np.logaddexp(0, -m))
            return (X.T * q) @ X + lam * np.eye(len(w))

        start = np.zeros(X.shape[1])
        options = {"gtol": 1e-9}
        return minimize(f, start, jac=grad, hess=hess, method="trust-exact", options=options).x

    def rough(X, y, lam):
        return np.round(exact(X, y, lam), 3)

    assert examine(named(exact, "newton_logistic")).correct
    report = examine(named(rough, "newton_logistic"))
    assert not report.correct and "gradient is zero" in report.sentence


@pytest.mark.parametrize("iterations", [2, 3, 5])
def test_a_few_newton_steps_are_not_enough(iterations) -> None:
    def newton_logistic(X, y, lam):
        return lesson._newton_variant(X, y, lam, steps=iterations)

    assert not examine(newton_logistic).correct


def test_an_exp_that_overflows_is_refused() -> None:
    def newton_logistic(X, y, lam):
        w = np.zeros(X.shape[1])
        for _ in range(100):
            e = np.exp(y * (X @ w))
            grad = -X.T @ (y / (1 + e)) + lam * w
            H = (X.T * (e / (1 + e) ** 2)) @ X + lam * np.eye(len(w))
            w = w - np.linalg.solve(H, grad)
        return w

    assert not examine(newton_logistic).correct


def test_a_secant_update_that_is_symmetric_but_not_the_least_change_is_refused() -> None:
    def greenstadt(H, s, v):
        if s @ v <= 0:
            return H
        r = s - H @ v
        return (
            H
            + (np.outer(r, v) + np.outer(v, r)) / (v @ v)
            - (r @ v) / (v @ v) ** 2 * np.outer(v, v)
        )

    def broyden_mixture(H, s, v):
        return (lesson.bfgs_update(H, s, v) + lesson.dfp(H, s, v)) / 2

    for update in (greenstadt, broyden_mixture):
        report = examine(named(update, "bfgs_update"))
        assert not report.correct and "more of H than it has to" in report.sentence


def test_asking_for_the_columns_of_the_matrix_is_refused() -> None:
    def conjugate_gradient(multiply, b, tol):
        A = np.array([multiply(e) for e in np.eye(len(b))]).T
        return np.linalg.solve(A, b)

    report = examine(conjugate_gradient)
    assert not report.correct and "one product each" in report.sentence


def test_a_library_may_solve_the_system() -> None:
    def conjugate_gradient(multiply, b, tol):
        p = len(b)
        return cg(LinearOperator((p, p), matvec=lambda d: multiply(np.ravel(d))), b, rtol=tol)[0]

    assert examine(conjugate_gradient).correct


def test_a_ball_that_is_braked_in_every_other_step_is_refused() -> None:
    def heavy_ball(grad, x, step, momentum, iterations):
        x_previous = x
        for k in range(iterations):
            carry = momentum if k % 2 else momentum / 2
            x_previous, x = x, x - step * grad(x) + carry * (x - x_previous)
        return x

    report = examine(heavy_ball)
    assert not report.correct and "errors along an axis of curvature" in report.sentence


def named_exercise(name):
    return next(e for e in lesson.EXERCISES if e.name == name)
