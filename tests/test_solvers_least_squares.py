"""Least squares and ridge: proved answers, honest certificates, clear refusals."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from helpers import certificates
from helpers.solvers import (
    ConvergenceError,
    Solution,
    elastic_net,
    lasso,
    least_squares,
    ridge,
    ridge_path,
    sparse_logistic,
)
from helpers.solvers.common import certified, check_entries


def problem(seed: int, n: int = 12, p: int = 5):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p)) * 10.0 ** rng.integers(-2, 3, p)
    return rng, X, 3 + rng.standard_normal(n)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), intercept=st.booleans(), scale=st.sampled_from([1e-3, 1, 1e3]))
def test_no_dual_point_is_above_any_answer(seed, intercept, scale):
    rng, X, y = problem(seed)
    w, b = scale * rng.standard_normal(5), (float(rng.standard_normal()) if intercept else None)
    for dual in (None, scale * rng.standard_normal(12)):
        for proof in (
            certificates.ridge(X, y, 0.7, w, b, dual),
            certificates.least_squares(X, y, w, b, dual),
        ):
            assert proof.dual <= proof.primal * (1 + 1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([1e-4, 1e-2, 1.0]))
def test_a_perturbed_optimum_never_has_a_smaller_gap(seed, size):
    rng, X, y = problem(seed)
    best = ridge(X, y, 0.3)
    w = best.w + size * rng.standard_normal(5) * (1 + np.abs(best.w))
    proof = certificates.ridge(X, y, 0.3, w, best.intercept)
    assert proof.gap >= best.certificate.gap - 1e-12 * proof.primal


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("shape", [(30, 6), (8, 20), (1, 3), (5, 1)])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
def test_the_certified_gap_holds_against_another_solver(intercept, shape, kind):
    rng = np.random.default_rng(5)
    X, y = rng.standard_normal(shape), 2 + rng.standard_normal(shape[0])
    w, b = cp.Variable(shape[1]), cp.Variable() if intercept else 0
    loss = cp.sum_squares(X @ w + b - y) / 2
    for lam, solution in (
        (0.0, least_squares(kind(X), y, intercept=intercept)),
        (0.4, ridge(kind(X), y, 0.4, intercept=intercept)),
    ):
        peer = cp.Problem(cp.Minimize(loss + lam / 2 * cp.sum_squares(w)))
        peer.solve(solver=cp.CLARABEL)
        assert solution.certificate.relative_gap <= 1e-8
        assert abs(solution.certificate.primal - peer.value) <= 1e-6 * max(1, abs(peer.value))


def test_a_path_agrees_with_one_solve_at_a_time():
    _, X, y = problem(3)
    lams = np.logspace(-3, 3, 7)
    for lam, solution in zip(lams, ridge_path(X, y, lams), strict=True):
        assert solution.certificate.proves(1e-8)
        assert np.allclose(solution.w, ridge(X, y, lam).w, rtol=1e-6, atol=1e-9)


def test_units_and_twin_columns_do_not_matter():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 6))
    X[:, 1] = X[:, 0]
    X[:, 2] = 1.0
    y = rng.standard_normal(40)
    scaled = X * 10.0 ** np.array([-12, -12, 0, 12, 6, -6])
    for solution in (least_squares(scaled, y), ridge(scaled, y, 1.0)):
        assert solution.certificate.relative_gap <= 1e-8


@pytest.mark.parametrize("powers", [(-12, 12), (0, 12), (12, 12), (-12, -12)])
@pytest.mark.parametrize("lam", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
@pytest.mark.parametrize("shape", [(40, 6), (15, 30)])
def test_columns_of_any_size_are_proved(powers, lam, intercept, kind, shape):
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal(shape), 2 + rng.standard_normal(shape[0])
    scaled = kind(X * rng.permutation(np.logspace(*powers, shape[1])))
    assert least_squares(scaled, y, intercept=intercept).certificate.proves(1e-8)
    alone = ridge(scaled, y, lam, intercept=intercept)
    (on_path,) = ridge_path(scaled, y, [lam], intercept=intercept)
    assert alone.certificate.proves(1e-8)
    assert on_path.certificate.primal == pytest.approx(alone.certificate.primal, rel=2e-8)


def test_what_a_wide_column_leaves_in_the_last_digit_is_excused_and_no_more():
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((40, 3)), rng.standard_normal(40)
    X[:, 0] *= 1e12
    best = ridge(X, y, 1e-3)
    again = certificates.ridge(X, y, 1e-3, best.w, best.intercept)
    assert again.proves(1e-8)
    near = best.w * (1 + 1e-6 * np.array([1, 0, 0]))  # far beyond the last digit: nothing to excuse
    assert not certificates.ridge(X, y, 1e-3, near, best.intercept).proves(1e-8)


@pytest.mark.parametrize(
    ("X", "y", "lam", "words"),
    [
        ([[np.nan, 1.0]], [1.0], 1.0, "X holds NaN"),
        ([[1.0, 1.0]], [np.inf], 1.0, "y holds NaN or infinity"),
        ([[1.0], [2.0]], [1.0], 1.0, "2 rows and y 1"),
        ([1.0, 2.0], [1.0, 2.0], 1.0, "X must have two axes"),
        ([[1.0]], [[1.0]], 1.0, "y must have one axis"),
        (np.zeros((0, 2)), [], 1.0, "X is empty"),
        ([[1.0]], [1.0], -1.0, "lam must be"),
        ([[1.0]], [1.0], 0.0, "lam must be"),
        ([[1.0]], [1.0], np.nan, "lam must be"),
    ],
)
def test_bad_input_is_refused_by_name(X, y, lam, words):
    with pytest.raises(ValueError, match=words):
        ridge(X, y, lam)
    with pytest.raises(ValueError, match=words.replace("lam", "lams")):
        ridge_path(X, y, [1.0, lam])
    if "lam" not in words:
        with pytest.raises(ValueError, match=words):
            least_squares(X, y)


@pytest.mark.parametrize("tol", [0.0, -1.0, np.nan])
def test_a_tolerance_that_nothing_can_meet_is_refused(tol):
    for solve in (least_squares, lambda X, y, tol: ridge(X, y, 1.0, tol)):
        with pytest.raises(ValueError, match="tol must be a finite number, positive"):
            solve(np.ones((3, 1)), np.arange(3.0), tol=tol)


def test_a_gap_above_the_tolerance_is_an_error_that_keeps_the_answer():
    _, X, y = problem(1)
    best = ridge(X, y, 0.5)
    proof = certificates.ridge(X, y, 0.5, best.w + 1, best.intercept)
    with pytest.raises(ConvergenceError, match="relative gap") as error:
        certified("ridge", Solution(best.w + 1, best.intercept, proof), 1e-8)
    assert error.value.solution.certificate is proof


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    intercept=st.booleans(),
    twins=st.integers(1, 6),
    noise=st.sampled_from([0.0, 1e-9, 1e-5, 1.0]),
)
def test_dependent_columns_are_proved_with_the_shortest_answer(seed, intercept, twins, noise):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((30, 5))
    X = np.hstack([X, X @ rng.standard_normal((5, twins)), np.ones((30, 1))])
    y = X @ rng.standard_normal(6 + twins) + noise * rng.standard_normal(30)
    solution = least_squares(X, y, 1e-10, intercept)
    again = certificates.least_squares(X, y, solution.w, solution.intercept if intercept else None)
    assert abs(again.gap) <= 1e-10 * max(1.0, again.primal)
    A = X - X.mean(axis=0) if intercept else X
    size = np.linalg.norm(A, axis=0)
    size = np.where(size > 1e-12, size, 1.0)
    shortest = np.linalg.lstsq(A / size, y - y.mean() * intercept, rcond=1e-12)[0]
    assert np.linalg.norm(solution.w * size) <= np.linalg.norm(shortest) * (1 + 1e-6)


@pytest.mark.parametrize("apart", [1e-3, 1e-5, 1e-6, 1e-7, 1e-8])
def test_columns_near_to_each_other_are_proved(apart):
    rng = np.random.default_rng(3)
    X = rng.standard_normal((50, 4))
    X = np.hstack([X, X + apart * rng.standard_normal((50, 4))])
    y = X[:, 0] - X[:, 4] + rng.standard_normal(50)
    assert least_squares(X, y).certificate.proves(1e-8)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.sampled_from([1.0, 1e6, 1e-6]))
def test_a_dual_point_that_is_handed_over_bounds_the_optimum_and_not_more(seed, size):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((20, 4)) * size
    X = np.hstack([X, X @ rng.standard_normal((4, 3))])
    y = rng.standard_normal(20)
    best = least_squares(X, y)
    least = (
        np.sum(
            (
                y
                - y.mean()
                - (X - X.mean(axis=0))
                @ np.linalg.lstsq((X - X.mean(axis=0)) / size, y - y.mean(), rcond=1e-12)[0]
                / size
            )
            ** 2
        )
        / 2
    )
    for dual in (best.certificate.point, y, rng.standard_normal(20)):
        proof = certificates.least_squares(X, y, best.w, best.intercept, dual)
        assert proof.dual <= least * (1 + 1e-12) + 1e-14


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("kind", [np.asarray, np.asfortranarray, sparse.csc_matrix])
def test_one_bad_entry_is_found_wherever_it_stands(bad, intercept, kind):
    rng = np.random.default_rng(4)
    for row, column in ((0, 0), (17, 3), (29, 4)):
        X, y = rng.standard_normal((30, 5)), np.where(np.arange(30) % 2, 1.0, -1.0)
        X[row, column] = bad
        for solve in (
            lambda X=X, y=y: least_squares(kind(X), y, intercept=intercept),
            lambda X=X, y=y: ridge(kind(X), y, 1.0, intercept=intercept),
            lambda X=X, y=y: lasso(kind(X), y, 1.0, intercept=intercept),
            lambda X=X, y=y: elastic_net(kind(X), y, 1.0, 1.0, intercept=intercept),
            lambda X=X, y=y: sparse_logistic(kind(X), y, 1.0, intercept=intercept),
            lambda X=X, y=y: sparse_logistic(
                kind(X), y, 1.0, intercept=intercept, start=(np.full(5, 1e3), 0.0)
            ),
        ):
            with pytest.raises(ValueError, match="X holds NaN or infinity"):
                solve()


def test_entries_whose_sum_overflows_are_no_bad_input():
    X = np.array([[1.5e308, 0.0], [1.5e308, 1.0], [-1.5e308, 2.0]])
    check_entries(X, np.array([np.inf, 3.0]))
    with pytest.raises(ValueError, match="X holds NaN"):
        check_entries(np.array([[1.0, np.nan]]), np.array([1.0, np.nan]))


@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.parametrize("size", [1.0, 1e9, 1e12])
def test_ridge_proves_a_sparse_matrix_as_it_proves_the_same_entries_dense(layout, size):
    rng = np.random.default_rng(8)
    X = rng.standard_normal((60, 5)) * (rng.random((60, 5)) < 0.6)
    X[:, 1] *= size
    y = X[:, 0] + rng.standard_normal(60)
    w = ridge(X, y, 1.0, intercept=False).w
    for answer in (w, w + 1e-3 * np.abs(w)):
        dense = certificates.ridge(X, y, 1.0, answer)
        stored = certificates.ridge(sparse.csr_array(X).asformat(layout), y, 1.0, answer)
        assert stored.primal == pytest.approx(dense.primal, rel=1e-9)
        assert stored.dual == pytest.approx(dense.dual, rel=1e-9)
