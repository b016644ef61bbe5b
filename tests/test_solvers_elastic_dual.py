"""The elastic net by Newton's steps on its dual: the same answers, and none where they would not pay."""

import numpy as np
import pytest

from helpers.certificates import regression as proofs
from helpers.solvers import elastic_net
from helpers.solvers.columns import Columns
from helpers.solvers.elastic_dual import elastic_dual
from helpers.solvers.l1_regression import L1Regression
from helpers.solvers.working_set import working_set


def problem(n: int, p: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p)) + 3.0
    w = rng.standard_normal(20) if p > 300 else np.ones(p)  # of few columns nearly all must count
    y = X[:, : len(w)] @ w + rng.standard_normal(n)
    return X, y, float(np.abs(X.T @ (y - y.mean())).max())


def steps(X: np.ndarray, y: np.ndarray, lam1: float, lam2: float, barred: np.ndarray):
    columns, target = Columns(X, True), y - y.mean()
    z = columns.correlate(target)
    s = proofs.best_multiple(target, target, z, lam1, lam2)
    work = working_set(columns, lam2)
    return elastic_dual(columns, work, target, lam1, barred, s * target, s * z, 1e-10)


@pytest.mark.parametrize(("n", "p"), [(60, 400), (150, 320), (200, 60)])
def test_the_steps_end_at_the_answer(n, p):
    X, y, top = problem(n, p)
    found = steps(X, y, top / 100, top / 100, np.zeros(p, dtype=bool))
    assert found is not None
    w, r, Xtr = found
    b = float(y.mean() - X.mean(axis=0) @ w)
    assert proofs.elastic_net(X, y, top / 100, top / 100, w, b).proves(1e-10)
    np.testing.assert_allclose(r, y - X @ w - b, atol=1e-9 * np.abs(y).max())
    np.testing.assert_allclose(Xtr, X.T @ r, atol=1e-9 * top)


def test_few_columns_or_little_curvature_are_left_to_growing_sets():
    X, y, top = problem(60, 400)
    none = np.zeros(400, dtype=bool)
    assert steps(X, y, top / 1.5, top / 1.5, none) is None
    assert steps(X, y, top / 100, 1e-6, none) is None


def test_constant_columns_are_barred_and_get_no_coefficient():
    X, y, top = problem(60, 400)
    X[:, [3, 77]] = [5.0, 1e9]
    barred = np.zeros(400, dtype=bool)
    found = steps(X, y, top / 100, top / 100, barred)
    assert found is not None and not found[0][[3, 77]].any()


def test_a_start_and_both_ways_give_one_answer(monkeypatch):
    X, y, top = problem(80, 500, seed=1)
    lam = top / 50
    ahead = elastic_net(X, y, lam, lam, tol=1e-12)
    warm = elastic_net(X, y, lam, lam, tol=1e-12, start=elastic_net(X, y, 2 * lam, lam))
    monkeypatch.setattr(L1Regression, "_by_the_dual", lambda *_: None)
    grown = elastic_net(X, y, lam, lam, tol=1e-12)
    for other in (warm, grown):
        np.testing.assert_allclose(ahead.w, other.w, atol=1e-6 * np.abs(ahead.w).max())
