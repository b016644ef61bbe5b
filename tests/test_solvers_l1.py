"""Lasso, its path and the elastic net: proved answers, honest certificates, clear refusals."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import ElasticNet, Lasso

from helpers import certificates
from helpers.solvers import ConvergenceError, elastic_net, lasso, lasso_path, ridge

SHAPES = [(60, 8), (15, 50), (1, 3), (6, 1), (1, 1)]
SEEDS = st.integers(0, 2**32 - 1)
SOLVERS = {
    "lasso": lasso,
    "elastic_net": lambda X, y, lam, *args, **options: elastic_net(
        X, y, lam, 0.3, *args, **options
    ),
}
PROOFS = {
    "lasso": certificates.lasso,
    "elastic_net": lambda X, y, lam, *args: certificates.elastic_net(X, y, lam, 0.3, *args),
}


def data(n=60, p=8, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    X[:, p // 2] += 0.9 * X[:, 0]
    return X, 5 + 2 * X[:, 0] + rng.standard_normal(n)


def highest(X, y, intercept):
    """The λ from which on the lasso's w is 0; 1 where that is 0."""
    target = y - y.mean() if intercept else y
    return float(np.abs(X.T @ target).max()) or 1.0


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("part", [0.5, 2, 10, 1000])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", SOLVERS)
def test_every_shape_is_proved_to_ten_digits(model, shape, part, intercept):
    X, y = data(*shape)
    lam = highest(X, y, intercept) / part
    s = SOLVERS[model](X, y, lam, tol=1e-10, intercept=intercept)
    b = s.intercept if intercept else None
    assert PROOFS[model](X, y, lam, s.w, b, s.certificate.point).proves(1e-10)
    assert intercept or s.intercept == 0
    if part < 1:
        assert not s.w.any()


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array, sparse.csc_matrix])
@pytest.mark.parametrize("shape", [(40, 6), (12, 30)])
def test_cvxpy_agrees_to_the_certified_gap(shape, kind, intercept):
    X, y = data(*shape)
    lam = highest(X, y, intercept) / 5
    w, b = cp.Variable(shape[1]), cp.Variable() if intercept else 0
    loss = cp.sum_squares(X @ w + b - y) / 2 + lam * cp.norm1(w)
    for model, penalty in (("lasso", 0), ("elastic_net", 0.15 * cp.sum_squares(w))):
        peer = cp.Problem(cp.Minimize(loss + penalty))
        peer.solve(solver=cp.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11)
        proof = SOLVERS[model](kind(X), y, lam, intercept=intercept).certificate
        rounding = 1e-8 * proof.primal
        assert proof.dual - rounding <= peer.value <= proof.primal + rounding
        assert proof.gap <= 1e-8 * max(1, proof.primal)


@pytest.mark.parametrize("intercept", [False, True])
def test_scikit_learn_finds_the_same_coefficients(intercept):
    X, y = data()
    n, lam = len(y), highest(X, y, intercept) / 20
    options = {"tol": 1e-14, "max_iter": 100_000, "fit_intercept": intercept}
    theirs = Lasso(lam / n, **options).fit(X, y)
    ours = lasso(X, y, lam, tol=1e-13, intercept=intercept)
    np.testing.assert_allclose(ours.w, theirs.coef_, atol=1e-6)
    assert ours.intercept == pytest.approx(theirs.intercept_, abs=1e-6)
    theirs = ElasticNet((lam + 0.3) / n, l1_ratio=lam / (lam + 0.3), **options).fit(X, y)
    ours = elastic_net(X, y, lam, 0.3, tol=1e-13, intercept=intercept)
    np.testing.assert_allclose(ours.w, theirs.coef_, atol=1e-6)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("density", [0.005, 0.5])
@pytest.mark.parametrize("shape", [(600, 1500), (1500, 600)])
@pytest.mark.parametrize("model", SOLVERS)
def test_sparse_and_dense_data_have_one_answer(model, shape, density, intercept):
    rng = np.random.default_rng(2)
    X = sparse.random_array(shape, density=density, rng=rng).tocsc()
    y = rng.standard_normal(shape[0])
    lam = highest(X, y, intercept) / 4
    thin = SOLVERS[model](X, y, lam, tol=1e-9, intercept=intercept)
    dense = SOLVERS[model](X.toarray(), y, lam, tol=1e-9, intercept=intercept)
    assert thin.certificate.proves(1e-9)
    primal = dense.certificate.primal
    assert thin.certificate.primal == pytest.approx(primal, abs=2e-9 * max(1, primal))


@settings(max_examples=50, deadline=None)
@given(
    seed=SEEDS,
    intercept=st.booleans(),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    model=st.sampled_from(list(SOLVERS)),
    lam=st.sampled_from([1e-4, 0.5, 1e3]),
)
def test_no_dual_point_is_above_any_answer(seed, intercept, scale, model, lam):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(1, 12)), int(rng.integers(1, 8))
    X, y = data(n, p, seed)
    X = X * 10.0 ** rng.integers(-3, 4, p)
    w, other = scale * rng.standard_normal((2, p))
    b, c = scale * rng.standard_normal(2) if intercept else (None, None)
    primal = PROOFS[model](X, y, lam, w, b).primal
    for dual in (None, scale * rng.standard_normal(n), -y, np.zeros(n)):
        proof = PROOFS[model](X, y, lam, other, c, dual)
        # the terms of the bound may be larger than their sum: rounding is measured in them
        size = max(1.0, primal, float(np.square(y - (c or 0.0)).sum()))
        assert proof.dual <= primal + 1e-12 * size
        assert proof.dual <= proof.primal + 1e-12 * size


@settings(max_examples=40, deadline=None)
@given(
    seed=SEEDS,
    intercept=st.booleans(),
    size=st.sampled_from([1e-3, 1e-1, 10.0]),
    model=st.sampled_from(list(SOLVERS)),
)
def test_a_perturbed_optimum_never_has_a_smaller_gap(seed, intercept, size, model):
    rng = np.random.default_rng(seed)
    X, y = data(15, 6, seed)
    s = SOLVERS[model](X, y, 0.4, intercept=intercept)
    w = s.w + size * rng.standard_normal(6)
    b = s.intercept + size * rng.standard_normal() if intercept else None
    rounding = 1e-12 * max(1, s.certificate.primal)
    for dual in (None, s.certificate.point):
        proof = PROOFS[model](X, y, 0.4, w, b, dual)
        assert proof.gap >= s.certificate.gap - rounding
        assert proof.primal >= s.certificate.dual - rounding


@pytest.mark.parametrize("shape", [(60, 8), (15, 50)])
def test_a_path_is_proved_at_every_point_and_agrees_with_one_solve_at_a_time(shape):
    X, y = data(*shape)
    lams = highest(X, y, True) / np.logspace(0, 3, 7)
    for lam, s in zip(lams, lasso_path(X, y, lams, tol=1e-10), strict=True):
        assert s.certificate.proves(1e-10)
        alone = lasso(X, y, lam, tol=1e-10).certificate.primal
        assert s.certificate.primal == pytest.approx(alone, abs=2e-10 * max(1, alone))


def test_the_elastic_net_without_an_absolute_penalty_is_ridge_and_without_a_square_the_lasso():
    X, y = data()
    np.testing.assert_allclose(elastic_net(X, y, 0.0, 2.0).w, ridge(X, y, 2.0).w, atol=1e-8)
    np.testing.assert_array_equal(elastic_net(X, y, 2.0, 0.0).w, lasso(X, y, 2.0).w)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("model", SOLVERS)
def test_twin_constant_and_empty_columns_do_no_harm(model, intercept):
    X, y = data()
    alone = SOLVERS[model](X, y, 3.0, intercept=intercept)
    more = np.column_stack([X, X[:, 0], np.full(len(X), 7.0), np.zeros(len(X))])
    s = SOLVERS[model](more, y, 3.0, intercept=intercept)
    assert s.certificate.proves(1e-8)
    assert s.certificate.primal <= alone.certificate.primal * (1 + 1e-8)
    assert s.w[-1] == 0


@pytest.mark.parametrize("powers", [(-12, 12), (0, 12), (12, 12), (-12, 0)])
@pytest.mark.parametrize("lam", [1e-3, 10.0])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("model", SOLVERS)
def test_columns_of_any_size_are_proved_and_agree_with_cvxpy(model, powers, lam, intercept):
    X, y = data()
    scales = np.logspace(*powers, X.shape[1])
    s = SOLVERS[model](X * scales, y, lam, intercept=intercept)
    assert s.certificate.proves(1e-8)
    X, scales = X[:, scales >= 1e-4], scales[scales >= 1e-4]  # others cost more than they give
    if not len(scales):
        r = y - y.mean() if intercept else y
        assert s.certificate.primal == pytest.approx(r @ r / 2)
        return
    u, b = cp.Variable(len(scales)), cp.Variable() if intercept else 0.0  # in units of size one
    penalty = lam * cp.norm1(cp.multiply(1 / scales, u))
    if model == "elastic_net":
        penalty = penalty + 0.15 * cp.sum_squares(cp.multiply(1 / scales, u))
    problem = cp.Problem(cp.Minimize(cp.sum_squares(X @ u + b - y) / 2 + penalty))
    assert s.certificate.primal == pytest.approx(problem.solve(solver=cp.CLARABEL), rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("lam", [1e-2, 1.0, 100.0])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("model", SOLVERS)
def test_wide_columns_of_any_size_are_proved(model, intercept, lam, seed):
    X, y = data(15, 30, seed)
    for scales in (np.logspace(-12, 12, 30), 10.0 ** np.tile([-12, 0, 12], 10)):
        s = SOLVERS[model](X * scales, y, lam, intercept=intercept)
        assert s.certificate.proves(1e-8)
        assert s.certificate.dual > 0


@pytest.mark.parametrize("model", SOLVERS)
def test_a_start_at_the_answer_needs_one_round_and_any_start_is_proved(model):
    X, y = data(30, 60)
    lam = highest(X, y, True) / 20
    cold = SOLVERS[model](X, y, lam)
    assert cold.iterations > 1
    assert SOLVERS[model](X, y, lam, start=cold).iterations == 1
    assert SOLVERS[model](X, y, lam, start=(cold.w, 0.0)).iterations == 1
    far = SOLVERS[model](X, y, lam, start=(np.full(60, 3.0), 1.0))
    assert far.certificate.primal == pytest.approx(cold.certificate.primal, rel=2e-8)


@pytest.mark.parametrize("model", SOLVERS)
def test_what_cannot_be_proved_raises_with_the_best_answer_attached(model):
    X, y = data()

    def solve_all() -> None:
        for lam in (0.37, 0.51, 0.73, 0.92, 1.31):  # a gap may round to 0, but hardly five times
            SOLVERS[model](X, y, lam, tol=1e-30)

    with pytest.raises(ConvergenceError, match=f"^{model}: the relative gap is .* best") as error:
        solve_all()
    assert error.value.solution.certificate.proves(1e-10)


@pytest.mark.parametrize("model", SOLVERS)
def test_the_arguments_are_left_as_they_came_and_the_answer_is_the_same_twice(model):
    X, y = data()
    before = X.copy(), y.copy()
    first, second = SOLVERS[model](X, y, 0.5), SOLVERS[model](X, y, 0.5)
    np.testing.assert_array_equal(first.w, second.w)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


X, Y = data()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f(np.where(X > 2, np.nan, X), Y, 1.0), "X holds NaN or infinity"),
        (lambda f: f(X, np.where(Y > 6, np.inf, Y), 1.0), "y holds NaN or infinity"),
        (lambda f: f(X[:7], Y, 1.0), "X has 7 rows and y 60 entries"),
        (lambda f: f(Y, Y, 1.0), "X must have two axes"),
        (lambda f: f(X, Y[:, None], 1.0), "y must have one axis"),
        (lambda f: f(np.zeros((0, 3)), [], 1.0), "X is empty"),
        (lambda f: f(X, Y, -1.0), "lam1? must be a finite number, .*; it is -1"),
        (lambda f: f(X, Y, np.inf), "lam1? must be a finite number, .*; it is inf"),
        (lambda f: f(X, Y, 1.0, -1e-8), "tol must be a finite number, positive; it is -1e-08"),
        (lambda f: f(X, Y, 1.0, start=X), "start must be a Solution or a pair"),
        (lambda f: f(X, Y, 1.0, start=(Y, 0.0)), "start's w must have the shape \\(8,\\)"),
        (lambda f: f(X, Y, 1.0, start=(np.full(8, np.nan), 0.0)), "start's w holds NaN"),
    ],
)
@pytest.mark.parametrize("model", SOLVERS)
def test_bad_input_is_refused_with_its_own_message(model, call, message):
    with pytest.raises(ValueError, match=message):
        call(SOLVERS[model])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lasso(X, Y, 0.0), "lam must be a finite number, positive; it is 0"),
        (lambda: lasso_path(X, Y, [1.0, 0.0]), "lams must be a finite number, positive; it is 0"),
        (
            lambda: elastic_net(X, Y, 1.0, -1.0),
            "lam2 must be a finite number, at least 0; it is -1",
        ),
        (lambda: elastic_net(X, Y, 0.0, 0.0), "lam1 and lam2 must not both be 0"),
    ],
)
def test_a_penalty_that_the_model_does_not_have_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
