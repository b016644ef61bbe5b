"""What lesson 03's judge must not be fooled by, beyond what every exercise is tested for."""

from collections.abc import Callable

import numpy as np
import pytest

from helpers.exercises import duality_and_certificates as lesson
from helpers.exercises import examine


def named(name: str, function: Callable) -> Callable:
    function.__name__ = name
    return function


# --- the dual function and KKT -------------------------------------------------------------------


def test_single_precision_is_precise_enough_for_the_dual_function() -> None:
    def lagrangian_dual_qp(z, P, q, G, h):
        z, P, q, G, h = (np.float32(part) for part in (z, P, q, G, h))
        x = np.linalg.solve(P, -q - z @ G)
        return x, x @ P @ x / 2 + q @ x + z @ (G @ x - h)

    assert examine(lagrangian_dual_qp).correct


def test_the_best_dual_value_is_not_the_value_at_these_prices() -> None:
    def best_price(z, P, q, G, h):
        for _ in range(5000):  # projected ascent in z
            x, _ = lesson.lagrangian_dual_qp(z, P, q, G, h)
            z = np.maximum(z + 0.02 * (G @ x - h), 0)
        return lesson.lagrangian_dual_qp(z, P, q, G, h)

    report = examine(named("lagrangian_dual_qp", best_price))
    assert not report.correct
    assert "Px + q + Gᵀz is zero" in report.sentence


def test_a_right_minimiser_with_a_sum_of_absolute_prices_is_refused() -> None:
    def absolute_prices(z, P, q, G, h):
        x = -np.linalg.solve(P, q + G.T @ z)
        return x, x @ P @ x / 2 + q @ x + z @ np.abs(G @ x - h)

    report = examine(named("lagrangian_dual_qp", absolute_prices))
    assert not report.correct and "there L(x, z) =" in report.sentence


WRONG_KKT = {
    "the complementarity without absolute values": lambda x, z, nu, P, q, G, h, A, b, right: (
        *right[:3],
        np.max(z * (h - G @ x), initial=0),
    ),
    "the complementarity of violated rows only": lambda x, z, nu, P, q, G, h, A, b, right: (
        *right[:3],
        np.max(np.abs(z) * np.maximum(G @ x - h, 0), initial=0),
    ),
    "the sum of the violations": lambda x, z, nu, P, q, G, h, A, b, right: (
        right[0],
        np.maximum(G @ x - h, 0).sum() + np.abs(A @ x - b).sum(),
        *right[2:],
    ),
    "the equations alone": lambda x, z, nu, P, q, G, h, A, b, right: (
        right[0],
        np.max(np.abs(A @ x - b), initial=0),
        *right[2:],
    ),
    "half of P": lambda x, z, nu, P, q, G, h, A, b, right: (
        np.max(np.abs(P @ x / 2 + q + G.T @ z + A.T @ nu)),
        *right[1:],
    ),
    "prices clipped at zero": lambda x, z, nu, P, q, G, h, A, b, right: (
        np.max(np.abs(P @ x + q + G.T @ np.maximum(z, 0) + A.T @ nu)),
        *right[1:],
    ),
    "every residual zero": lambda x, z, nu, P, q, G, h, A, b, right: np.zeros(4),
    "the order turned round": lambda x, z, nu, P, q, G, h, A, b, right: right[::-1],
}


@pytest.mark.parametrize("what", WRONG_KKT)
def test_residuals_that_are_nearly_the_right_ones_are_refused(what: str) -> None:
    def kkt_residual(*arguments):
        return np.array(WRONG_KKT[what](*arguments, lesson.kkt_residual(*arguments)))

    for seed in (0, 1, 2):
        assert not examine(kkt_residual, seed=seed).correct


# --- the lasso -----------------------------------------------------------------------------------


def test_the_projection_of_y_on_the_dual_polyhedron_is_as_good_as_it_gets() -> None:
    from scipy.optimize import minimize

    def lasso_dual_point(X, y, lam, w):
        """Penalty and bound in one: SLSQP from the shrunk residual, then shrunk."""
        start = lesson.lasso_dual_point(X, y, lam, w)
        room = {"type": "ineq", "fun": lambda u: lam - np.append(X.T @ u, -X.T @ u)}
        u = minimize(lambda u: np.sum((u - y) ** 2) / 2, start, constraints=room).x
        return u / max(1, np.abs(X.T @ u).max() / lam)

    assert examine(lasso_dual_point).correct


def test_a_division_by_zero_that_ends_well_is_accepted() -> None:
    def lasso_dual_point(X, y, lam, w):
        r = y - X @ w
        return min(1, lam / np.max(np.abs(X.T @ r))) * r

    assert examine(lasso_dual_point).correct


WRONG_DUAL_POINTS = {
    "averaged over the rows": lambda X, y, lam, w: lesson.lasso_dual_point(X, y, len(y) * lam, w),
    "divided by lam": lambda X, y, lam, w: lesson.lasso_dual_point(X, y, lam, w) / lam,
    "twice too short": lambda X, y, lam, w: lesson.lasso_dual_point(X, y, lam, w) / 2,
    "a hair too long": lambda X, y, lam, w: 1.001 * lesson.lasso_dual_point(X, y, lam, w),
    "y itself, shrunk": lambda X, y, lam, w: lesson.lasso_dual_point(X, y, lam, 0 * w),
    "only the last column": lambda X, y, lam, w: (
        (y - X @ w) * lam / max(lam, abs(X[:, -1] @ (y - X @ w)))
    ),
    "each column by itself": lambda X, y, lam, w: (
        np.linalg.pinv(X.T) @ np.clip(X.T @ (y - X @ w), -lam, lam)
    ),
}


@pytest.mark.parametrize("what", WRONG_DUAL_POINTS)
def test_a_point_that_proves_too_little_or_nothing_is_refused(what: str) -> None:
    def lasso_dual_point(X, y, lam, w):
        return WRONG_DUAL_POINTS[what](X, y, lam, w)

    for seed in (0, 1, 2):
        assert not examine(lasso_dual_point, seed=seed).correct


# --- Farkas --------------------------------------------------------------------------------------


def test_any_multiple_of_a_farkas_vector_is_one() -> None:
    def farkas_certificate(G, h, nnls):
        what, proof = lesson.farkas_certificate(G, h, nnls)
        return what, proof * (1e-4 if what == "infeasible" else 1)

    assert examine(farkas_certificate).correct


def test_more_than_a_handful_of_projections_is_told() -> None:
    def farkas_certificate(G, h, nnls):
        for _ in range(20):
            answer = lesson.farkas_certificate(G, h, nnls)
        return answer

    report = examine(farkas_certificate)
    assert not report.correct and "more than 5 times" in report.sentence


WRONG_CERTIFICATES = {
    "a guess in capitals": (lambda G, h, nnls, what, v: (what.upper(), v), "first entry should be"),
    "a z that is only nearly balanced": (
        lambda G, h, nnls, what, v: (what, v + 1e-3 if what == "infeasible" else v),
        "Gᵀz = 0",
    ),
    "one weight turned negative": (
        lambda G, h, nnls, what, v: (what, np.where(v == v.max(), -v, v) if what[0] == "i" else v),
        "z ≥ 0",
    ),
    "the other kind of proof under the right word": (
        lambda G, h, nnls, what, v: (what, np.zeros(len(G) + G.shape[1] - len(v))),
        "should be an array of shape",
    ),
    "an x just outside": (
        lambda G, h, nnls, what, v: (
            what,
            v + (1e-3 + (h - G @ v)[0]) * G[0] / (G[0] @ G[0]) if what == "feasible" else v,
        ),
        "is no proof",
    ),
}


@pytest.mark.parametrize("what", WRONG_CERTIFICATES)
def test_a_proof_that_does_not_prove_is_refused_with_its_reason(what: str) -> None:
    change, reason = WRONG_CERTIFICATES[what]

    def farkas_certificate(G, h, nnls):
        return change(G, h, nnls, *lesson.farkas_certificate(G, h, nnls))

    report = examine(farkas_certificate)
    assert not report.correct and reason in report.sentence, report.sentence


# --- the dual of a linear program ----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_rows_may_be_scaled_doubled_mixed_and_weakened_without_harm(seed: int) -> None:
    def lp_dual(c, G, h, A, b):
        c_d, G_d, h_d, A_d, b_d = lesson.lp_dual(c, G, h, A, b)
        rng = np.random.default_rng(seed)
        scale = rng.uniform(0.1, 9, len(G_d))[:, None]
        weaker = (G_d * scale).sum(axis=0)
        mix = rng.standard_normal((len(A_d) + 1, len(A_d)))
        rows = np.vstack([G_d * scale, weaker, G_d[::-1], np.zeros(len(c_d))])
        right = np.concatenate([h_d, [0.0, *h_d, 0.0]])
        return c_d, rows.tolist(), right, mix @ A_d, mix @ b_d

    assert examine(lp_dual, seed=seed).correct


def changed(**parts: Callable) -> Callable:
    def lp_dual(c, G, h, A, b):
        right = dict(
            zip(("c_d", "G_d", "h_d", "A_d", "b_d"), lesson.lp_dual(c, G, h, A, b), strict=True)
        )
        return tuple((right | {k: f(right) for k, f in parts.items()}).values())

    return lp_dual


WRONG_DUALS = {
    "the first z is free": changed(G_d=lambda d: d["G_d"][1:], h_d=lambda d: d["h_d"][1:]),
    "the last z is free": changed(G_d=lambda d: d["G_d"][:-1], h_d=lambda d: d["h_d"][:-1]),
    "z may be a little negative": changed(h_d=lambda d: d["h_d"] + 0.01),
    "z must be a little positive": changed(h_d=lambda d: d["h_d"] - 0.01),
    "one equation is missing": changed(A_d=lambda d: d["A_d"][:-1], b_d=lambda d: d["b_d"][:-1]),
    "one equation is an inequality": changed(
        G_d=lambda d: np.vstack([d["G_d"], d["A_d"][:1]]),
        h_d=lambda d: np.append(d["h_d"], d["b_d"][:1]),
        A_d=lambda d: d["A_d"][1:],
        b_d=lambda d: d["b_d"][1:],
    ),
    "the objective is doubled": changed(c_d=lambda d: 2 * d["c_d"]),
    "h and b have changed places": changed(c_d=lambda d: d["c_d"][::-1]),
    "z is bounded above": changed(
        G_d=lambda d: np.vstack([d["G_d"], -d["G_d"]]),
        h_d=lambda d: np.append(d["h_d"], d["h_d"] + 50),
    ),
    "nothing is asked": changed(
        G_d=lambda d: None, h_d=lambda d: None, A_d=lambda d: None, b_d=lambda d: None
    ),
}


@pytest.mark.parametrize("what", WRONG_DUALS)
def test_a_dual_with_one_thing_wrong_is_refused(what: str) -> None:
    for seed in (0, 1, 2, 3):
        report = examine(WRONG_DUALS[what], seed=seed)
        assert not report.correct, report


def test_an_answer_without_its_five_parts_is_told_what_is_missing() -> None:
    def lp_dual(c, G, h, A, b):
        return np.append(h, b), np.hstack([G.T, A.T]), -c

    assert "Five things" in examine(lp_dual).sentence
