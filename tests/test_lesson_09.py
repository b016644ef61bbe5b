"""What lesson 09's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.linear_and_ridge_regression import (
    gap,
    leave_one_out,
    path,
    qr,
    ridge,
)


def called(name, function):
    function.__name__ = name
    return function


def judged(exercise, function):
    return examine(called(exercise.name, function), exercise, 5)


def test_cholesky_of_the_gram_matrix_is_told_where_the_digits_went():
    def cholesky(X, y):
        L = np.linalg.cholesky(X.T @ X)
        return np.linalg.solve(L.T, np.linalg.solve(L, X.T @ y))

    report = judged(qr.QR, cholesky)
    assert not report.correct and "residual should be rounding" in report.sentence


def test_gradient_descent_is_no_factorisation_but_what_is_exact_may_come_from_lstsq():
    def descent(X, y):
        w = np.zeros(X.shape[1])
        for _ in range(2000):
            w = w - X.T @ (X @ w - y) / np.linalg.norm(X, 2) ** 2
        return w

    assert not judged(qr.QR, descent).correct
    assert judged(qr.QR, lambda X, y: np.linalg.lstsq(X, y, rcond=None)[0]).correct


def test_w_and_b_in_the_wrong_order_are_refused():
    assert not judged(
        ridge.RIDGE, lambda X, y, lam: ridge.ridge_closed_form(X, y, lam)[::-1]
    ).correct


def test_a_small_penalty_on_the_intercept_is_found():
    def nearly_free(X, y, lam):
        n, p = X.shape
        A = np.column_stack([X, np.ones(n)])
        v = np.linalg.solve(A.T @ A + np.diag([lam] * p + [1e-3]), A.T @ y)
        return v[:p], v[p]

    assert "sum to zero" in judged(ridge.RIDGE, nearly_free).sentence


@pytest.mark.parametrize("factor", [0.5, 1.01])
def test_another_lam_is_found(factor):
    wrong = judged(ridge.RIDGE, lambda X, y, lam: ridge.ridge_closed_form(X, y, factor * lam))
    assert "gradient in w" in wrong.sentence or "2λ" in wrong.sentence


def test_at_lam_zero_a_minimiser_that_is_not_the_shortest_is_refused():
    def longer(X, y, lams):
        W = np.array(path.ridge_path(X, y, lams))
        idle = np.linalg.svd(X)[2][-1]
        return W + np.where(np.array(lams)[:, None] == 0, idle, 0) * (X.shape[1] > len(y) - 2)

    assert "not the shortest" in judged(path.PATH, longer).sentence


def test_rows_fitted_one_by_one_in_another_order_are_refused():
    assert not judged(path.PATH, lambda X, y, lams: path.ridge_path(X, y, lams)[::-1]).correct


def test_five_folds_are_not_leaving_one_out():
    def five_folds(X, y, lam):
        n = len(y)
        total = 0.0
        for k in range(5):
            out = np.arange(n) % 5 == k
            if out.any():
                w, b = ridge.ridge_closed_form(X[~out], y[~out], lam)
                total += np.sum((y[out] - X[out] @ w - b) ** 2)
        return total / n

    assert not judged(leave_one_out.LEAVE_ONE_OUT, five_folds).correct


def test_the_gap_of_a_better_dual_point_is_another_number():
    def zero_dual(X, y, lam, w, b):
        r = y - X @ w - b
        return r @ r / 2 + lam * (w @ w) / 2

    assert not judged(gap.GAP, zero_dual).correct
    assert judged(gap.GAP, lambda *a: np.float32(gap.ridge_gap(*a))).correct
