"""What lesson 06's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises import nonsmooth_and_proximal as lesson


def named(name, function):
    function.__name__ = name
    return examine(function)


def soft(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)


def test_a_prox_found_by_many_steps_of_a_method_is_accepted() -> None:
    def prox_by_admm(v, step, lam):
        z = u = np.zeros(v.shape)
        for _ in range(200):
            x = (v / step + z - u) / (1 / step + 1)
            z = soft(x + u, lam)
            u = u + x - z
        return z

    assert named("prox_l1", prox_by_admm).correct


@pytest.mark.parametrize(
    "wrong",
    [
        lambda v, step, lam: soft(v, step * lam**2),
        lambda v, step, lam: soft(v, step**2 * lam),
        lambda v, step, lam: soft(v, min(step * lam, np.abs(v).max() / 2)),
        lambda v, step, lam: soft(v, step * lam) + 1e-3 * (v == 0),
        lambda v, step, lam: soft(v, step * lam * 1.001),
        lambda v, step, lam: np.where(np.abs(v) <= step * lam, 0, v * (1 - step * lam / 5)),
    ],
)
def test_a_threshold_that_is_right_for_some_numbers_only_is_refused(wrong) -> None:
    report = named("prox_l1", wrong)
    assert not report.correct
    assert "must be" in report.counterexample.demand


def test_a_tie_at_the_threshold_may_end_a_rounding_error_above_zero() -> None:
    assert named("prox_l1", lambda v, s, lam: soft(v, s * lam) + 1e-12 * np.sign(v)).correct


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda V, s, lam: lesson.prox_nuclear(V, s, lam).T, "shape"),
        (lambda V, s, lam: lesson.prox_nuclear(V - V.mean(), s, lam) + V.mean(), ""),
        (lambda V, s, lam: lesson.prox_nuclear(V, s, lam * np.linalg.norm(V) / 4), "singular"),
    ],
)
def test_a_matrix_that_is_nearly_the_prox_is_refused(wrong, told) -> None:
    report = named("prox_nuclear", wrong)
    assert not report.correct
    assert told in report.counterexample.demand


def test_a_prox_by_gradient_descent_on_the_dual_is_accepted() -> None:
    def by_projection(V, step, lam):
        U = np.zeros(V.shape)
        for _ in range(100):
            P, s, Qt = np.linalg.svd(U + 0.5 * (V / step - U), full_matrices=False)
            U = (P * np.minimum(s, lam)) @ Qt
        return V - step * U

    assert named("prox_nuclear", by_projection).correct


def test_a_run_that_looks_at_the_gradient_twice_a_step_is_told_what_it_costs() -> None:
    def twice(grad, prox, x, step, iterations):
        for _ in range(iterations):
            if np.any(grad(x)):
                x = prox(x - step * grad(x), step)
        return x

    report = named("ista", twice)
    assert not report.correct
    assert "keep it in a name" in report.sentence


@pytest.mark.parametrize(
    "wrong",
    [
        lambda grad, prox, x, step, k: lesson.ista(grad, prox, x, step / 2, k),
        lambda grad, prox, x, step, k: lesson.ista(grad, prox, 0 * x, step, k),
        lambda grad, prox, x, step, k: lesson.fista(grad, prox, x, step, k),
        lambda grad, prox, x, step, k: prox(lesson.ista(grad, prox, x, step, k), step),
    ],
)
def test_a_run_from_elsewhere_or_with_other_steps_is_not_ista(wrong) -> None:
    assert not named("ista", wrong).correct


@pytest.mark.parametrize(
    "momentum",
    [
        lambda k: k / (k + 3),
        lambda k: (k - 1) / (k + 5),
        lambda k: (k - 1) / k,
        lambda k: 0.5,
        lambda k: 1 - 3 / (k + 2.5),
    ],
)
def test_another_momentum_is_not_fista(momentum) -> None:
    def run(grad, prox, x, step, iterations):
        before, y = x, x
        for k in range(1, iterations + 1):
            here = prox(y - step * grad(y), step)
            y = here + momentum(k) * (here - before)
            before = here
        return before

    assert not named("fista", run).correct


def test_a_lasso_solved_by_another_method_is_accepted() -> None:
    def by_fista(X, y, lam, sweeps):
        L = np.linalg.norm(X, 2) ** 2
        return lesson.fista(
            lambda w: X.T @ (X @ w - y),
            lambda v, t: soft(v, t * lam),
            np.zeros(X.shape[1]),
            1 / L,
            2000,
        )

    assert named("coordinate_descent_lasso", by_fista).correct


@pytest.mark.parametrize(
    "wrong",
    [
        lambda X, y, lam, k: lesson.coordinate_descent_lasso(X, y, 1.01 * lam, k),
        lambda X, y, lam, k: lesson.coordinate_descent_lasso(X, y, lam, min(k, 3)),
        lambda X, y, lam, k: np.where(
            lesson.coordinate_descent_lasso(X, y, lam, k) == 0,
            0,
            np.linalg.lstsq(X, y, rcond=None)[0],
        ),
        lambda X, y, lam, k: lesson.coordinate_descent_lasso(np.abs(X), y, lam, k),
        lambda X, y, lam, k: lesson.coordinate_descent_lasso(X, y, lam, k) * (1 + 1e-2),
    ],
)
def test_weights_that_are_nearly_optimal_are_refused_by_their_gap(wrong) -> None:
    report = named("coordinate_descent_lasso", wrong)
    assert not report.correct
    assert "gap" in report.counterexample.demand


def test_a_lasso_that_counts_on_a_column_that_is_never_zero_is_told_of_it() -> None:
    def naive(X, y, lam, sweeps):
        w = np.zeros(X.shape[1])
        for _ in range(sweeps):
            for j in range(len(w)):
                x = X[:, j]
                w[j] = soft(x @ (y - X @ w + x * w[j]), lam) / (x @ x)
        return w

    report = named("coordinate_descent_lasso", naive)
    assert not report.correct
    assert "column of zeros" in report.sentence


@pytest.mark.parametrize("own", [lambda rho: rho / 2, lambda rho: 1.0, lambda rho: max(rho, 1.0)])
def test_admm_may_use_a_penalty_of_its_own_but_must_arrive(own) -> None:
    def run(X, y, lam, rho, iterations):
        return lesson.admm_lasso(X, y, lam, own(rho), 6 * iterations)

    assert named("admm_lasso", run).correct


def test_another_method_in_place_of_admm_is_accepted_if_it_proves_its_answer() -> None:
    def run(X, y, lam, rho, iterations):
        return lesson.coordinate_descent_lasso(X, y, lam, iterations)

    assert named("admm_lasso", run).correct


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: np.where(np.abs(z) < 0.3, 0, z),
        lambda z: np.where(z == 0, 1e-9, z),
        lambda z: np.abs(z),
        lambda z: np.round(z, 1),
    ],
)
def test_a_minimiser_that_was_tidied_up_afterwards_is_refused(wrong) -> None:
    assert not named("admm_lasso", lambda *a: wrong(lesson.admm_lasso(*a))).correct


@pytest.mark.parametrize("short", [1e-2, 1e-3])
@pytest.mark.parametrize("momentum", [False, True])
def test_a_run_that_stops_at_a_short_step_is_refused(short, momentum) -> None:
    def run(grad, prox, x, step, iterations):
        y = x
        for k in range(1, iterations + 1):
            here = prox(y - step * grad(y), step)
            if np.linalg.norm(here - x) < short:
                return here
            y = here + momentum * (k - 1) / (k + 2) * (here - x)
            x = here
        return x

    report = named("fista" if momentum else "ista", run)
    assert not report.correct
    assert "12 steps" in report.sentence


@pytest.mark.parametrize("order", [list, lambda js: list(reversed(js))])
def test_a_weight_that_is_never_taken_up_again_is_refused(order) -> None:
    def screened(X, y, lam, sweeps):
        w, alive = np.zeros(X.shape[1]), set(range(X.shape[1]))
        for _ in range(sweeps):
            for j in order(range(len(w))):
                square = X[:, j] @ X[:, j]
                if j in alive and square > 0:
                    w[j] = soft(X[:, j] @ (y - X @ w) + square * w[j], lam) / square
                    alive -= {j} if w[j] == 0 else set()
        return w

    assert not named("coordinate_descent_lasso", screened).correct


def test_passes_that_run_away_are_told_so() -> None:
    def wrong_sign_in_the_residual(X, y, lam, sweeps):
        w, r = np.zeros(X.shape[1]), y
        for _ in range(sweeps):
            for j in np.flatnonzero(np.sum(X**2, axis=0)):
                square = X[:, j] @ X[:, j]
                w_j = soft(X[:, j] @ r + square * w[j], lam) / square
                r = r + (w_j - w[j]) * X[:, j]
                w[j] = w_j
        return w

    report = named("coordinate_descent_lasso", wrong_sign_in_the_residual)
    assert not report.correct
    assert "which update raises it" in report.sentence


def test_a_loop_without_an_end_is_told_how_many_gradients_the_run_needs() -> None:
    def endless(grad, prox, x, step, iterations):
        while True:
            x = prox(x - step * grad(x), step)

    assert "this run needs 2" in named("ista", endless).sentence


@pytest.mark.parametrize("seed", range(4))
def test_admm_in_single_precision_is_accepted(seed) -> None:
    def single(X, y, lam, rho, iterations):
        X, y, rho = X.astype(np.float32), y.astype(np.float32), np.float32(rho)
        z = u = np.zeros(X.shape[1], np.float32)
        A = X.T @ X + rho * np.eye(len(z), dtype=np.float32)
        for _ in range(iterations):
            w = np.linalg.solve(A, X.T @ y + rho * (z - u))
            z = soft(w + u, np.float32(lam) / rho)
            u = u + w - z
        return z

    single.__name__ = "admm_lasso"
    assert examine(single, seed=seed).correct


def test_the_mean_of_both_copies_is_told_about_its_zeros() -> None:
    def mean(X, y, lam, rho, iterations):
        z = u = np.zeros(X.shape[1])
        for _ in range(iterations):
            w = np.linalg.solve(X.T @ X + rho * np.eye(len(z)), X.T @ y + rho * (z - u))
            z = soft(w + u, lam / rho)
            u = u + w - z
        return (w + z) / 2

    assert "only nearly zero" in named("admm_lasso", mean).sentence
