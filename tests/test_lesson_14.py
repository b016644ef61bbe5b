"""What lesson 14's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.optimize import linprog

from helpers import solvers
from helpers.exercises import examine, find
from helpers.exercises.robust_and_quantile_regression import certificate, interval, irls, program


def named(name, function, seed=0):
    return examine(function, find(name), seed)


@pytest.mark.parametrize(
    "slope_at_zero", [lambda tau: tau, lambda tau: tau - 1, lambda tau: 0.0, lambda tau: tau - 0.3]
)
def test_each_slope_at_a_residual_of_zero_is_accepted(slope_at_zero) -> None:
    def own(r, tau):
        a = np.where(r > 0, tau, np.where(r < 0, tau - 1, slope_at_zero(tau)))
        return float(a @ r), a

    assert named("quantile_loss", own).correct


def test_a_slope_outside_of_the_interval_at_zero_is_refused() -> None:
    def own(r, tau):
        a = np.where(r > 0, tau, np.where(r < 0, tau - 1, -1.0))
        return float(a @ r), a

    report = named("quantile_loss", own)
    assert not report.correct and "between" in report.counterexample.demand


@pytest.mark.parametrize(
    "wrong",
    [
        lambda r, tau: (abs(r).sum() / 2, np.sign(r) / 2),
        lambda r, tau: (np.maximum(tau * r, (tau - 1) * r).max(), np.where(r > 0, tau, tau - 1)),
        lambda r, tau: (np.maximum(tau * r, (tau - 1) * r).sum(), np.full(len(r), tau)),
        lambda r, tau: (np.maximum(tau * r, (tau - 1) * r).sum(), tau - (r > 0)),
        lambda r, tau: (np.maximum(tau * r, tau - 1).sum(), np.where(r > 0, tau, tau - 1)),
    ],
)
def test_a_loss_or_slope_that_is_right_for_some_residuals_only_is_refused(wrong) -> None:
    assert not named("quantile_loss", wrong).correct


def test_the_reference_program_solved_by_scipy_is_lad() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((12, 3)), rng.standard_normal(12)
    c, G, h = program.lad_as_lp(X, y)
    value = linprog(c, A_ub=G, b_ub=h, bounds=[(None, None)] * 15).fun
    best = solvers.lad(X, y, 0.0, intercept=False).certificate.primal
    assert value == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_program_with_its_rows_in_any_order_is_accepted(seed) -> None:
    def shuffled(X, y):
        c, G, h = program.lad_as_lp(X, y)
        order = np.random.default_rng(seed).permutation(len(h))
        return c, G[order], h[order]

    assert named("lad_as_lp", shuffled, seed).correct


def lad_with(change):
    def changed(X, y):
        c, G, h = program.lad_as_lp(X, y)
        return change(np.array(c), np.array(G), np.array(h), X.shape[1], len(y))

    return changed


def tighter_by_a_bit(c, G, h, p, n):
    return c, G, h - 0.1


def looser_by_a_bit(c, G, h, p, n):
    return c, G, h + 0.1


def one_row_missing(c, G, h, p, n):
    return c, G[:-1], h[:-1]


def cap_on_the_bounds(c, G, h, p, n):
    cap = np.hstack([np.zeros((n, p)), np.eye(n)])
    return c, np.vstack([G, cap]), np.append(h, np.full(n, 3.0))


def bounds_of_the_neighbour(c, G, h, p, n):
    return c, np.hstack([G[:, :p], np.roll(G[:, p:], 1, axis=1)]), h


def doubled_bounds(c, G, h, p, n):
    return c, np.hstack([G[:, :p], 2 * G[:, p:]]), h


@pytest.mark.parametrize(
    "change",
    [
        tighter_by_a_bit,
        looser_by_a_bit,
        one_row_missing,
        cap_on_the_bounds,
        bounds_of_the_neighbour,
        doubled_bounds,
    ],
)
def test_a_program_that_is_nearly_lad_is_refused(change) -> None:
    report = named("lad_as_lp", lad_with(change))
    assert not report.correct
    assert "t" in report.counterexample.demand


def test_a_program_of_the_wrong_form_is_told_which_form() -> None:
    assert "p + n" in named("lad_as_lp", lad_with(lambda c, G, h, p, n: (c[:p], G, h))).sentence
    assert not named("lad_as_lp", lambda X, y: (1.0, 2.0)).correct
    assert not named("lad_as_lp", lambda X, y: np.abs(y).sum()).correct


def test_huber_by_newton_on_the_active_rows_is_accepted() -> None:
    def newton(X, y, delta, iterations):
        w = np.linalg.lstsq(X, y, rcond=None)[0]
        for _ in range(iterations):
            r = y - X @ w
            inside = (np.abs(r) <= delta).astype(float) + 0.05
            w = w + 0.5 * np.linalg.solve(
                X.T @ (inside[:, None] * X), X.T @ np.clip(r, -delta, delta)
            )
        return w

    def with_many_rounds(X, y, delta, iterations):
        return newton(X, y, delta, 5 * iterations)

    report = named("huber_irls", with_many_rounds)
    assert report.correct, report


@pytest.mark.parametrize(
    "wrong",
    [
        lambda X, y, d, k: irls.huber_irls(X, y, 1.05 * d, k),
        lambda X, y, d, k: irls.huber_irls(X, y, d, min(k, 2)),
        lambda X, y, d, k: irls.huber_irls(X, y, d, k) * 1.01,
        lambda X, y, d, k: irls.huber_irls(X - X.mean(axis=0) + 1, y, d, k),
        lambda X, y, d, k: np.round(irls.huber_irls(X, y, d, k), 1),
        lambda X, y, d, k: irls.huber_irls(X, y, np.sqrt(d), k),
    ],
)
def test_weights_that_are_nearly_hubers_are_refused(wrong) -> None:
    report = named("huber_irls", wrong)
    assert not report.correct


def test_huber_in_single_precision_is_accepted() -> None:
    def single(X, y, delta, iterations):
        X, y = X.astype(np.float32), y.astype(np.float32)
        w = np.linalg.lstsq(X, y, rcond=None)[0]
        for _ in range(iterations):
            s = np.float32(delta) / np.maximum(np.abs(y - X @ w), np.float32(delta))
            w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
        return w

    for seed in range(3):
        assert named("huber_irls", single, seed).correct


@pytest.mark.parametrize(
    "wrong",
    [
        lambda *a: interval.quantile_interval(*a[:5], min(1.1 * a[5], 0.99)),
        lambda *a: tuple(np.sort(interval.quantile_interval(*a), axis=0) * 1.01),
        lambda *a: interval.quantile_interval(*a)[::-1],
        lambda *a: (interval.quantile_interval(*a)[0], a[4]),
        lambda *a: (a[3] - 0.1, a[4] + 0.1),
        lambda *a: (np.full(len(a[3]), -1e6), np.full(len(a[3]), 1e6)),
        lambda *a: (np.full(len(a[3]), -np.inf), np.full(len(a[3]), np.inf)),
    ],
)
def test_intervals_of_another_level_or_width_are_refused(wrong) -> None:
    assert not named("quantile_interval", wrong).correct


def test_the_interval_keeps_its_promise_on_fresh_data() -> None:
    rng, inside, m, repeats = np.random.default_rng(3), 0, 19, 4000
    for _ in range(repeats):
        y = rng.standard_t(2, m + 1)
        low, high = np.full(m, -0.3), np.full(m, 0.2)
        lower, upper = interval.quantile_interval(y[:m], low, high, low[:1], high[:1], 0.21)
        inside += lower[0] <= y[m] <= upper[0]
    rank = np.ceil(0.79 * 20)
    bar = np.sqrt(0.16 / repeats)
    assert abs(inside / repeats - rank / 20) < 4 * bar


@pytest.mark.parametrize(
    "wrong",
    [
        lambda w, a, best: (w, a, not best),
        lambda w, a, best: (w, -a, best),
        lambda w, a, best: (w, 2 * a, best),
        lambda w, a, best: (w + 0.1, a, best),
        lambda w, a, best: (w, np.clip(a, -0.2, 0.3), best),
        lambda w, a, best: (w, a, False),
        lambda w, a, best: (w, a, 1),
    ],
)
def test_a_corner_without_its_proof_is_refused(wrong) -> None:
    report = named("lp_certificate", lambda *a: wrong(*certificate.lp_certificate(*a)))
    assert not report.correct and report.sentence


def test_the_corner_that_is_called_optimal_is_the_solvers() -> None:
    for seed in range(3):
        for a in find("lp_certificate").draw(seed):
            w, slopes, optimal = certificate.lp_certificate(**a)
            best = solvers.quantile(a["X"], a["y"], 0.0, a["tau"], intercept=False)
            r = a["y"] - a["X"] @ w
            loss = np.maximum(a["tau"] * r, (a["tau"] - 1) * r).sum()
            assert optimal == (loss < best.certificate.primal + 1e-6)
            assert slopes @ a["y"] == pytest.approx(loss)
