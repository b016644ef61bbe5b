"""Stochastic methods: unbiased estimates, the noise floor, and linear convergence without noise."""

from itertools import islice

import numpy as np
import pytest

from helpers import methods
from helpers.objectives import Hinge, LeastSquares, Logistic, Ridge

N, P = 20, 3


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def ridge(seed=0, noise=1.0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, P))
    f = Ridge(X, X @ np.ones(P) + noise * rng.standard_normal(N), 2.0)
    return f, np.linalg.solve(f.hess(np.zeros(P)), f.X.T @ f.y)


def mean_square_error(method, best, first, k, repeats=8):
    """E‖x − x*‖² over the iterates from `first` to k, and over seeds."""
    errors = []
    for seed in range(repeats):
        tail = islice(method(np.random.default_rng(seed)), first, k)
        errors.append(np.mean([np.sum((x - best) ** 2) for x in tail]))
    return np.mean(errors)


@pytest.mark.parametrize("batch", [1, 4, N])
def test_minibatch_gradient_is_unbiased_with_the_variance_of_sampling_without_return(batch, rng):
    f, _ = ridge()
    x = rng.standard_normal(P)
    draws = np.array(
        [
            methods.minibatch_gradient(f, x, rng.choice(N, size=batch, replace=False))
            for _ in range(4000)
        ]
    )
    terms = N * f.grad_terms(x, np.arange(N))
    spread = np.sum((terms - f.grad(x)) ** 2) / (N - 1)
    variance = spread / batch * (1 - batch / N)
    assert np.linalg.norm(draws.mean(axis=0) - f.grad(x)) <= 5 * np.sqrt(variance / 4000) + 1e-9
    assert np.isclose(np.mean(np.sum((draws - f.grad(x)) ** 2, axis=1)), variance, rtol=0.1)


def test_sgd_with_every_row_is_gradient_descent(rng):
    f, _ = ridge()
    full = methods.sgd(f, np.zeros(P), 1 / f.L, rng, batch=N)
    for x, z in islice(
        zip(full, methods.gradient_descent(f, np.zeros(P), 1 / f.L), strict=True), 20
    ):
        assert np.allclose(x, z)


def test_a_constant_step_ends_in_a_ball_of_noise_proportional_to_the_step():
    f, best = ridge()
    step = 1 / (4 * N * f.L_max)
    floors = [
        mean_square_error(lambda rng, s=s: methods.sgd(f, best, s, rng), best, 300, 1300)
        for s in (step, step / 4)
    ]
    assert floors[1] > 0
    assert 2.5 < floors[0] / floors[1] < 6


def test_the_noise_floor_obeys_its_bound():
    """E‖x − x*‖² ≤ 2 step σ² / mu, σ² the variance at x*: Gower et al. (2019), Theorem 3.1."""
    f, best = ridge()
    step = 1 / (4 * N * f.L_max)
    terms = N * f.grad_terms(best, np.arange(N))
    sigma_squared = np.mean(np.sum(terms**2, axis=1))
    floor = mean_square_error(lambda rng: methods.sgd(f, best, step, rng), best, 300, 1300)
    assert floor <= 2 * step * sigma_squared / f.mu


def test_a_falling_step_converges_where_a_constant_one_does_not():
    f, best = ridge()
    constant = 1 / (4 * N * f.L_max)

    def falling(k):
        return min(constant, 2 / (f.mu * (k + 1)))

    stuck, arrives = (
        mean_square_error(
            lambda rng, s=s: methods.sgd(f, np.zeros(P), s, rng), best, 4000, 4500, repeats=3
        )
        for s in (constant, falling)
    )
    assert arrives < 0.2 * stuck


def test_without_noise_at_the_solution_a_constant_step_converges():
    rng = np.random.default_rng(1)
    X = rng.standard_normal((N, P))
    f = LeastSquares(X, X @ np.ones(P))  # every term is minimal at 1: interpolation
    *_, x = islice(methods.sgd(f, np.zeros(P), 1 / (N * f.L_max), rng), 3000)
    assert np.linalg.norm(x - 1) < 1e-6


def test_averaging_beats_the_last_iterate():
    f, best = ridge()
    step = 1 / (4 * N * f.L_max)
    last = mean_square_error(lambda rng: methods.sgd(f, best, step, rng), best, 1499, 1500)
    mean = mean_square_error(
        lambda rng: methods.averaged(methods.sgd(f, best, step, rng)), best, 2999, 3000
    )
    assert mean < 0.2 * last


def test_averaged_is_the_running_mean(rng):
    points = rng.standard_normal((6, 2))
    for k, mean in enumerate(methods.averaged(points)):
        assert np.allclose(mean, points[: k + 1].mean(axis=0))


def test_step_at_takes_numbers_and_schedules():
    assert methods.step_at(0.5, 7) == 0.5
    assert methods.step_at(lambda k: 1 / (k + 1), 3) == 0.25


@pytest.mark.parametrize("method", [methods.svrg, methods.saga], ids=["svrg", "saga"])
@pytest.mark.parametrize("model", ["ridge", "logistic"])
def test_variance_reduction_converges_with_a_constant_step(method, model):
    f, _ = ridge()
    f = f if model == "ridge" else Logistic(f.X, np.sign(f.y), 2.0)
    *_, best = islice(methods.newton(f, np.zeros(P)), 20)
    *_, x = islice(method(f, np.zeros(P), np.random.default_rng(0)), 12000)
    assert np.linalg.norm(x - best) < 1e-8


def test_saga_keeps_its_promise_on_average():
    """Theorem 1 of Defazio et al. for f/n, whose terms fᵢ are L_max-smooth and convex."""
    f, best = ridge()
    mu, L = f.mu / N, f.L_max
    x0 = np.zeros(P)
    start = np.sum((x0 - best) ** 2) + 2 * N / (3 * L) * (f(x0) - f(best)) / N
    traces = [
        [
            np.sum((x - best) ** 2)
            for x in islice(methods.saga(f, x0, np.random.default_rng(s)), 600)
        ]
        for s in range(20)
    ]
    rate = 1 - min(1 / (4 * N), mu / (3 * L))
    assert np.all(np.mean(traces, axis=0) <= rate ** np.arange(600) * start)


class Chosen:
    """Draws the rows it was given, so that an expectation can be taken over all of them."""

    def __init__(self, *rows):
        self.rows = list(rows)

    def integers(self, n, size=None):
        return self.rows.pop(0) if size is None else np.array(self.rows)


@pytest.mark.parametrize("method", [methods.svrg, methods.saga], ids=["svrg", "saga"])
def test_variance_reduction_is_unbiased(method):
    """Averaged over the second row drawn, the second step is a step of gradient descent."""
    f, _ = ridge()
    step = 1 / (3 * N * f.L_max)
    ends = []
    for i in range(N):
        _, x, x_next = islice(method(f, np.zeros(P), Chosen(4, i, 0), step=step), 3)
        ends.append(x_next)
    assert np.allclose(np.mean(ends, axis=0), x - step * f.grad(x))
    assert np.ptp(ends, axis=0).max() > 0


def test_svrg_steps_along_the_full_gradient_at_its_anchor(rng):
    f, _ = ridge()
    x0 = rng.standard_normal(P)
    first, second = islice(methods.svrg(f, x0, rng, step=1e-3), 2)
    assert np.allclose(second, first - 1e-3 * f.grad(first))


def test_adam_s_first_step_moves_each_coordinate_by_the_step():
    f, _ = ridge()
    first, second = islice(methods.adam(f, np.zeros(P), 0.1), 2)
    assert np.allclose(second - first, -0.1 * np.sign(f.grad(first)))


def test_adam_does_not_notice_that_f_was_scaled():
    f, _ = ridge()
    scaled = Ridge(10 * f.X, 10 * f.y, 100 * f.lam)
    plain, other = (methods.adam(g, np.zeros(P), 0.1) for g in (f, scaled))
    pairs = zip(plain, other, strict=True)
    for x, z in islice(pairs, 100):
        assert np.allclose(x, z, atol=1e-6)


def test_adam_with_a_falling_step_reaches_the_minimum():
    f, best = ridge()
    *_, x = islice(methods.adam(f, np.zeros(P), lambda k: 0.3 / np.sqrt(k + 1)), 3000)
    assert np.linalg.norm(x - best) < 1e-3


def test_pegasos_on_the_hinge_loss_approaches_the_subgradient_method(rng):
    X = rng.standard_normal((N, P))
    f = Hinge(X, np.sign(X[:, 0] + 0.3 * rng.standard_normal(N)), 0.5)
    *_, x = islice(methods.averaged(methods.sgd(f, np.zeros(P), lambda k: 1 / (k + 10), rng)), 8000)
    best = min(
        f(w)
        for w in islice(methods.subgradient_method(f, np.zeros(P), lambda k: 1 / (k + 10)), 4000)
    )
    assert f(x) <= 1.02 * best
