"""Solvers of margins, robust losses and kernels: proved answers, and a message for bad input."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.svm import SVC

from helpers import certificates
from helpers.solvers import (
    ConvergenceError,
    huber,
    kernel_ridge,
    kernel_svm,
    lad,
    quantile,
    svm,
)
from helpers.solvers.box_gradient import _nearest, box_gradient
from helpers.solvers.box_newton import Box, box_newton
from helpers.solvers.decomposition import Block
from helpers.solvers.margin_data import best_intercept

ROBUST = {
    "huber": lambda X, y, lam, **k: huber(X, y, lam, 0.5, **k),
    "quantile": lambda X, y, lam, **k: quantile(X, y, lam, 0.3, **k),
    "lad": lad,
}


def data(n=40, p=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    y = X @ rng.standard_normal(p) + rng.standard_t(1.5, n)
    labels = np.where(X[:, 0] + rng.standard_normal(n) > 0, 1.0, -1.0)
    labels[0], labels[-1] = 1, -1
    return X, y, labels


def gaussian(A, B):
    return np.exp(-np.square(A[:, None] - B[None]).sum(axis=-1) / 2)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("lam", [0.0, 1e-3, 10.0])
@pytest.mark.parametrize("shape", [(40, 5), (10, 30), (1, 1), (6, 1), (1, 4)])
@pytest.mark.parametrize("model", ROBUST)
def test_robust_models_are_proved_on_every_shape(model, shape, lam, intercept):
    X, y, _ = data(*shape)
    solution = ROBUST[model](X, y, lam, tol=1e-9, intercept=intercept)
    assert solution.certificate.proves(1e-9)
    assert solution.w.shape == (shape[1],)
    assert intercept or solution.intercept == 0.0


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("C", [1e-2, 1.0, 100.0])
@pytest.mark.parametrize("shape", [(40, 5), (10, 30), (6, 1), (2, 1)])
def test_the_svm_is_proved_on_every_shape(shape, C, intercept):
    X, _, labels = data(*shape)
    solution = svm(X, labels, C, tol=1e-9, intercept=intercept)
    assert solution.certificate.proves(1e-9)
    assert solution.certificate.point.max() <= C


@pytest.mark.parametrize("model", [*ROBUST, "svm"])
def test_sparse_data_give_the_dense_answer(model):
    X, y, labels = data()
    X[np.abs(X) < 0.7] = 0
    solve = ROBUST.get(model, svm)
    target = labels if model == "svm" else y
    dense = solve(X, target, 1.0)
    thin = solve(sparse.csc_array(X), target, 1.0)
    scale = max(1, dense.certificate.primal)
    assert thin.certificate.primal == pytest.approx(dense.certificate.primal, abs=2e-8 * scale)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("model", ROBUST)
def test_sparse_data_too_wide_to_be_spread_out_are_proved(model, intercept):
    rng = np.random.default_rng(0)
    X = sparse.random_array((60, 400_000), density=1e-4, rng=rng, data_sampler=rng.standard_normal)
    y = 3 + X.tocsc()[:, :2000].sum(axis=1) + rng.standard_normal(60)
    solution = ROBUST[model](X.tocsr(), y, 1.0, intercept=intercept)
    assert solution.certificate.proves(1e-8)


@pytest.mark.parametrize("model", ROBUST)
def test_data_whose_systems_would_fill_the_memory_are_refused(model):
    with pytest.raises(ValueError, match=r"X is too large, 9000 x 9001: .* at most 8,000"):
        ROBUST[model](sparse.eye_array(9000, 9001), np.ones(9000), 1.0)


@pytest.mark.parametrize("model", ROBUST)
def test_twin_and_constant_columns_do_no_harm(model):
    X, y, _ = data()
    twins = np.column_stack([X, X, np.ones(len(X)), np.zeros(len(X))])
    alone, many = ROBUST[model](X, y, 0.0), ROBUST[model](twins, y, 0.0)
    assert many.certificate.primal == pytest.approx(alone.certificate.primal, rel=2e-8)


@pytest.mark.parametrize("model", ROBUST)
def test_without_a_penalty_the_columns_scales_do_not_matter(model):
    X, y, _ = data()
    scales = np.array([1e-12, 1e-6, 1.0, 1e6, 1e12])
    plain, scaled = ROBUST[model](X, y, 0.0), ROBUST[model](X * scales, y, 0.0)
    assert scaled.certificate.primal == pytest.approx(plain.certificate.primal, rel=2e-8)
    np.testing.assert_allclose(scaled.w * scales, plain.w, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e4])
@pytest.mark.parametrize("model", [*ROBUST, "svm"])
def test_scaled_columns_under_a_penalty_are_proved(model, scale):
    X, y, labels = data()
    X[:, 1] = scale * X[:, 1]
    solution = ROBUST.get(model, svm)(X, labels if model == "svm" else y, 1.0)
    assert solution.certificate.proves(1e-8)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("lam", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("powers", [(-12, 12), (0, 12), (12, 12), (-12, -12)])
@pytest.mark.parametrize("shape", [(60, 5), (15, 30)])
@pytest.mark.parametrize("model", ROBUST)
def test_columns_of_any_size_under_a_penalty_are_proved(model, shape, powers, lam, intercept):
    X, y, _ = data(*shape)
    scales = np.logspace(*powers, X.shape[1])
    assert ROBUST[model](X * scales, y, lam, intercept=intercept).certificate.proves(1e-8)


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_a_quantiles_corner_is_found_exactly(tau, lam):
    X, y, _ = data(200, 10)
    solution = quantile(X, y, lam, tau, tol=1e-13)
    r = y - X @ solution.w - solution.intercept
    met = np.abs(r) < 1e-10
    assert 0 < met.sum() <= 11  # residuals that are 0, as many as there are weights at most
    a = solution.certificate.point
    np.testing.assert_allclose(a[~met], np.where(r > 0, tau, tau - 1)[~met], atol=1e-8)


@pytest.mark.parametrize("model", ["quantile", "lad"])
def test_what_cannot_be_proved_raises_with_the_best_answer_attached(model):
    X, y, _ = data(seed=1)
    with pytest.raises(ConvergenceError, match=f"{model}: the relative gap is .* best") as error:
        ROBUST[model](X, y, 0.3, tol=1e-30)
    assert error.value.solution.certificate.proves(1e-8)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("shape", [(40, 5), (12, 30)])
def test_the_svm_takes_a_column_of_1e12_and_scales_from_1e_12_on_at_once(shape, intercept):
    X, _, labels = data(*shape)
    scales = 10.0 ** (np.arange(shape[1]) % 5 * 6 - 12)
    for C in (0.01, 1.0, 100.0):
        assert svm(X * scales, labels, C, intercept=intercept).certificate.proves(1e-8)


def test_the_median_of_the_data_is_the_lad_intercept():
    y = np.array([5.0, 1.0, 2.0, 100.0, 3.0])
    solution = lad(np.zeros((5, 1)), y, 0.0)
    assert solution.intercept == pytest.approx(3.0, abs=1e-6)
    assert solution.certificate.primal == pytest.approx(102.0)


def test_a_share_tau_of_the_data_lies_below_the_quantile():
    X, y, _ = data(200, 2)
    for tau in (0.1, 0.5, 0.9):
        solution = quantile(X, y, 0.0, tau, tol=1e-10)
        below = y - X @ solution.w - solution.intercept
        assert np.count_nonzero(below < -1e-6) <= tau * 200
        assert np.count_nonzero(below <= 1e-6) >= tau * 200


def test_huber_with_a_wide_zone_is_ridge_and_with_a_narrow_one_lad():
    X, y, _ = data()
    wide = huber(X, y, 2.0, 1e6, intercept=False, tol=1e-12)
    np.testing.assert_allclose(wide.w, np.linalg.solve(X.T @ X + 2 * np.eye(5), X.T @ y), atol=1e-5)
    narrow = huber(X, y, 0.0, 1e-4, tol=1e-6).certificate.primal / 1e-4
    assert narrow == pytest.approx(lad(X, y, 0.0).certificate.primal, abs=1e-2)


def test_the_svm_separates_two_points_by_the_widest_margin():
    solution = svm(np.array([[0.0, 0.0], [2.0, 0.0]]), [-1, 1], 10.0, tol=1e-12)
    np.testing.assert_allclose(solution.w, [1, 0], atol=1e-6)
    assert solution.intercept == pytest.approx(-1, abs=1e-6)
    assert solution.certificate.primal == pytest.approx(0.5)


@pytest.mark.parametrize("C", [0.1, 10.0])
def test_the_kernel_svm_agrees_with_libsvm(C):
    X, _, labels = data()
    solution = kernel_svm(X, labels, C, kernel=gaussian)
    theirs = SVC(C=C, gamma=0.5, tol=1e-8).fit(X, labels)
    ours = gaussian(X, X) @ solution.w + solution.intercept
    np.testing.assert_allclose(ours, theirs.decision_function(X), atol=1e-3)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("C", [0.05, 1.0, 30.0])
@pytest.mark.parametrize("n", [2, 60, 201, 700])
def test_a_kernel_machine_grown_from_some_rows_is_proved_on_all(n, C, intercept):
    X, _, labels = data(n, 4, seed=n)
    K = gaussian(X, X)
    solution = kernel_svm(K, labels, C, tol=1e-10, intercept=intercept, positive=True)
    b = solution.intercept if intercept else None
    proof = certificates.kernel_svm(K, labels, C, solution.w, b, solution.certificate.point)
    assert proof.proves(1e-10)


def test_a_kernel_matrix_that_is_vouched_for_is_not_checked_but_its_proof_is():
    X, _, labels = data(100, 2)
    K = gaussian(X, X) - 1e-6 * np.eye(100)  # a little less than positive semidefinite
    with pytest.raises(ValueError, match="K must be positive semidefinite"):
        kernel_svm(K, labels, 0.1)
    s = kernel_svm(K, labels, 0.1, tol=1e-4, positive=True)
    with pytest.raises(ValueError, match="K must be positive semidefinite"):
        certificates.kernel_svm(K, labels, 0.1, s.w, s.intercept, s.certificate.point)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("C", [1e-3, 0.3, 300.0])
@pytest.mark.parametrize("kind", ["of rank 2", "twins", "narrow", "nothing"])
def test_a_kernel_matrix_of_low_rank_with_twins_or_of_nothing_is_proved(kind, C, intercept):
    X, _, labels = data(300, 2, seed=1)
    X[150:] = X[:150] if kind == "twins" else X[150:]
    width = 1e-3 if kind == "narrow" else 1.0
    K = X @ X.T if kind == "of rank 2" else gaussian(X / width, X / width)
    K = 0 * K if kind == "nothing" else K
    solution = kernel_svm(K, labels, C, tol=1e-9, intercept=intercept, positive=True)
    b = solution.intercept if intercept else None
    proof = certificates.kernel_svm(K, labels, C, solution.w, b, solution.certificate.point)
    assert proof.proves(1e-9)


@pytest.mark.parametrize("balance", [False, True])
@pytest.mark.parametrize("n", [5, 300])
def test_newton_in_a_box_ends_where_no_variable_can_gain(n, balance):
    rng = np.random.default_rng(n)
    A = rng.standard_normal((n, 2 * n))
    K, v = A @ A.T / (2 * n), rng.standard_normal(n)
    low, high = -rng.random(n), rng.random(n)
    box = Box(low, high, 1.0, balance)
    alpha, b, settled = box_newton(K, box, np.zeros(n), v, 0.0, 0.3, 40)
    assert settled
    assert (low - 1e-12 <= alpha).all() and (alpha <= high + 1e-12).all()
    gain = v - K @ alpha - b
    assert np.abs(box.nearest(alpha + gain) - alpha).max() <= 1e-9
    assert abs(alpha.sum()) <= 1e-9 if balance else b == 0.0


def test_rows_that_stay_in_a_block_are_not_read_again():
    K = np.random.default_rng(0).standard_normal((30, 30))
    block = Block(K.copy(), 20)
    block.of(np.arange(0, 20, 2))
    block.K[:] = np.nan  # none of the rows that stay is looked at
    block.K[[7, 15]] = K[[7, 15]]
    rows, across = block.of(np.array([2, 7, 8, 15, 18]))
    assert sorted(rows) == [2, 7, 8, 15, 18]
    np.testing.assert_array_equal(across, K[rows])


def test_the_level_of_a_box_balances_what_is_put_into_it():
    rng = np.random.default_rng(0)
    low, high, v = -rng.random(50), rng.random(50), 3 * rng.standard_normal(50)
    box = Box(low, high, 1.0, True, rest=2.5)
    assert box.nearest(v - 0.7 * box.level(v, 0.7)).sum() == pytest.approx(-2.5, abs=1e-12)


def test_a_linear_kernel_is_the_linear_svm():
    X, _, labels = data()
    for intercept in (False, True):
        linear = svm(X, labels, 1.0, intercept=intercept)
        kernel = kernel_svm(X @ X.T, labels, 1.0, intercept=intercept)
        assert kernel.certificate.primal == pytest.approx(linear.certificate.primal, rel=2e-8)


def test_kernel_ridge_takes_the_word_for_its_matrix_but_its_certificate_does_not():
    X, y, _ = data(450, 2)
    K = gaussian(X, X)
    solution = kernel_ridge(K, y, 0.1, 1e-10, positive=True)
    assert certificates.kernel_ridge(K, y, 0.1, solution.w).proves(1e-10)
    K = K - 1e-6 * np.eye(450)  # a little less than positive semidefinite
    with pytest.raises(ValueError, match="K must be positive semidefinite"):
        kernel_ridge(K, y, 0.1)
    word = kernel_ridge(K, y, 0.1, 1e-6, positive=True)
    with pytest.raises(ValueError, match="K must be positive semidefinite"):
        certificates.kernel_ridge(K, y, 0.1, word.w)


@pytest.mark.parametrize("intercept", [False, True])
def test_kernel_ridge_meets_its_equations_and_its_kernel_function_its_matrix(intercept):
    X, y, _ = data()
    K = gaussian(X, X)
    one = kernel_ridge(K, y, 0.1, 1e-12, intercept)
    other = kernel_ridge(X, y, 0.1, 1e-12, intercept, kernel=gaussian)
    np.testing.assert_allclose(K @ one.w + 0.1 * one.w + one.intercept, y, atol=1e-10)
    np.testing.assert_array_equal(one.w, other.w)


def test_the_arguments_are_left_as_they_came_and_the_answer_is_the_same_twice():
    X, y, labels = data()
    before = X.copy(), y.copy(), labels.copy()
    for solve, target in ((svm, labels), (lad, y), (quantile, y), (huber, y)):
        first, second = solve(X, target, 1.0), solve(X, target, 1.0)
        np.testing.assert_array_equal(first.w, second.w)
    for now, then in zip((X, y, labels), before, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_huber_begun_at_the_answer_needs_fewer_steps_and_any_start_is_proved(lam):
    X, y, _ = data()
    cold = huber(X, y, lam, 0.5)
    assert huber(X, y, lam, 0.5, start=cold).iterations < cold.iterations
    far = huber(X, y, lam, 0.5, start=(np.full(5, 9.0), -3.0))
    assert far.certificate.primal == pytest.approx(cold.certificate.primal, rel=2e-8)
    with pytest.raises(ValueError, match="start's w must have the shape"):
        huber(X, y, lam, 0.5, start=(y, 0.0))


@pytest.mark.parametrize("lam", [0.0, 1.0])
@pytest.mark.parametrize("model", ["quantile", "lad"])
def test_a_start_near_the_answer_is_proved_at_once_and_any_start_is_proved(model, lam):
    X, y, _ = data(100, 5)
    cold = ROBUST[model](X, y, lam)
    again = ROBUST[model](X, y + 1e-9 * np.sin(np.arange(100)), lam, start=cold)
    assert again.iterations == 1 and again.certificate.proves(1e-12)
    far = ROBUST[model](X, y, lam, start=(np.full(5, 9.0), -3.0))
    assert far.certificate.primal == pytest.approx(cold.certificate.primal, rel=2e-8)
    with pytest.raises(ValueError, match="start's w must have the shape"):
        ROBUST[model](X, y, lam, start=(y, 0.0))


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("shape", [(200, 5), (60, 200)])
@pytest.mark.parametrize("kind", ["dense", "sparse", "kernel"])
def test_a_machine_begun_at_the_answer_is_proved_at_once_and_any_start_is_proved(
    kind, shape, intercept
):
    X, _, labels = data(*shape)
    X = sparse.csr_array(X) if kind == "sparse" else gaussian(X, X) if kind == "kernel" else X
    solve = kernel_svm if kind == "kernel" else svm
    cold = solve(X, labels, 1.0, intercept=intercept)
    again = solve(X, labels, 1.0, intercept=intercept, start=cold)
    assert again.iterations <= (cold.iterations if kind == "sparse" else 1)
    near = solve(X, labels, 1.2, intercept=intercept, start=cold)
    far = solve(X, labels, 1.2, intercept=intercept, start=(np.full(X.shape[1], 9.0), -3.0))
    scale = max(1, far.certificate.primal)
    assert near.certificate.primal == pytest.approx(far.certificate.primal, abs=2e-8 * scale)
    with pytest.raises(ValueError, match="start's w must have the shape"):
        solve(X, labels, start=(labels[:3], 0.0))


X, Y, LABELS = data()
HOLE = np.where(np.arange(40) == 3, np.nan, Y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: huber(X, HOLE, 1.0), "y holds NaN or infinity"),
        (lambda: lad(np.full((40, 5), np.inf), Y, 1.0), "X holds NaN"),
        (lambda: quantile(X[:7], Y, 1.0), "X has 7 rows and y 40 entries"),
        (lambda: lad(Y, Y, 1.0), "X must have two axes"),
        (lambda: lad(np.zeros((0, 3)), [], 1.0), "X is empty"),
        (lambda: huber(X, Y, -1.0), "lam must be a finite number, at least 0; it is -1"),
        (lambda: huber(X, Y, 1.0, 0.0), "delta must be a finite number, positive; it is 0"),
        (lambda: quantile(X, Y, 1.0, 1.0), "tau must lie strictly between 0 and 1"),
        (lambda: svm(X, np.ones(40)), "y holds one class only, \\+1"),
        (lambda: svm(X, Y), "y must hold the labels -1 and \\+1 and no others"),
        (lambda: svm(X, LABELS, 0.0), "C must be a finite number, positive; it is 0"),
        (lambda: svm(X, LABELS, 1.0, 0.0), "tol must be a finite number, positive; it is 0"),
        (lambda: kernel_svm(X, LABELS), "K must be a square kernel matrix; its shape is \\(40, 5"),
        (lambda: kernel_svm(-np.eye(40), LABELS), "K must be positive semidefinite"),
        (lambda: kernel_svm(np.triu(np.ones((40, 40))), LABELS), "K must be symmetric"),
        (lambda: kernel_ridge(np.eye(40), Y, 0.0), "lam must be a finite number, positive"),
        (lambda: kernel_ridge(np.eye(40), HOLE, 1.0), "y holds NaN or infinity"),
        (lambda: kernel_ridge(np.zeros((0, 0)), [], 1.0), "K is empty"),
    ],
)
def test_bad_input_is_refused_with_its_own_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("lam", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("intercept", [False, True])
def test_kernel_ridge_on_many_rows_meets_its_equations_by_any_of_its_ways(lam, intercept):
    rng = np.random.default_rng(3)
    X, y = rng.standard_normal((500, 4)), 5 + rng.standard_normal(500)
    K = np.exp(-np.square(X[:, None] - X).sum(-1))
    solution = kernel_ridge(K, y, lam, tol=1e-10, intercept=intercept)
    left = y - K @ solution.w - lam * solution.w - solution.intercept
    assert np.square(left).sum() / 2 <= 1e-10 * max(1, solution.certificate.primal)
    assert not intercept or abs(solution.w.sum()) < 1e-6


def test_a_matrix_that_is_not_symmetric_is_no_kernel_matrix():
    K = np.eye(300)
    K[290, 5] = 1e-6
    with pytest.raises(ValueError, match="K must be symmetric"):
        kernel_ridge(K, np.ones(300), 1.0)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_gradients_in_the_box_prove_sparse_rows_by_themselves(C, intercept):
    rng = np.random.default_rng(0)
    X = sparse.random_array((300, 4000), density=0.01, rng=rng, data_sampler=rng.standard_normal)
    X, y = X.tocsr(), np.where(rng.random(300) < 0.3, 1.0, -1.0)
    a = next(box_gradient(X, y, C, intercept, 1e-10))
    w = X.T @ (y * a)
    b = best_intercept(y, X @ w) if intercept else None
    assert certificates.svm(X, y, C, w, b, a).proves(1e-9)
    assert svm(X, y, C, intercept=intercept).iterations == 1


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_multipliers_in_a_metric_are_balanced_and_no_others_are_nearer(seed):
    rng = np.random.default_rng(seed)
    y, D, v = rng.choice([-1.0, 1.0], 30), rng.uniform(0.1, 10, 30), 3 * rng.standard_normal(30)
    a, _ = _nearest(v, y, 2.0, D, 0.0, True)
    assert a.min() >= 0 and a.max() <= 2 and abs(y @ a) < 1e-9
    for _ in range(20):
        other = certificates.margins.feasible(y, 2.0, rng.uniform(0, 2, 30), True)
        assert ((v - a) * D) @ (other - a) <= 1e-9  # the projection's inequality
