"""Logistic, sparse logistic and softmax: proved answers, honest certificates, clear refusals."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from helpers import certificates
from helpers.solvers import (
    ConvergenceError,
    SeparableError,
    logistic,
    softmax,
    sparse_logistic,
)

SOLVERS = {"logistic": logistic, "sparse_logistic": sparse_logistic, "softmax": softmax}
PROOFS = {name: getattr(certificates, name) for name in SOLVERS}
SHAPES = [(60, 5), (12, 40), (6, 1), (4, 9), (2, 1)]
FEW = settings(max_examples=50, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def data(n=60, p=5, seed=0, classes=3):
    """X, labels ±1 that no plane separates for tall X, and labels 0, ..., K − 1."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    labels = np.where(X[:, 0] + rng.logistic(size=n) > 0, 1.0, -1.0)
    labels[:2] = -1, 1
    K = min(classes, n)
    many = rng.integers(0, K, n)
    many[:K] = np.arange(K)
    return X, labels, many


def target(model, labels, many):
    return many if model == "softmax" else labels


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("lam", [1e-3, 0.3, 50.0])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", SOLVERS)
def test_every_shape_is_proved_to_ten_digits(model, shape, lam, intercept):
    X, labels, many = data(*shape)
    y = target(model, labels, many)
    s = SOLVERS[model](X, y, lam, tol=1e-10, intercept=intercept)
    proof = PROOFS[model](X, y, lam, s.w, s.intercept if intercept else None, s.certificate.point)
    assert proof.proves(1e-10)
    assert intercept or not np.any(s.intercept)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("shape", [(30, 4), (10, 15)])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array, sparse.csc_matrix])
def test_cvxpy_agrees_to_the_certified_gap(shape, kind, intercept):
    X, y, many = data(*shape)
    lam, Y = 0.7, np.eye(3)[many]
    w, b = cp.Variable(shape[1]), cp.Variable() if intercept else 0
    W, c = cp.Variable((shape[1], 3)), cp.Variable((1, 3)) if intercept else np.zeros((1, 3))
    loss = cp.sum(cp.logistic(-cp.multiply(y, X @ w + b)))
    F = X @ W + np.ones((shape[0], 1)) @ c
    objectives = {
        "logistic": loss + lam / 2 * cp.sum_squares(w),
        "sparse_logistic": loss + lam * cp.norm1(w),
        "softmax": cp.sum(cp.log_sum_exp(F, axis=1))
        - cp.sum(cp.multiply(F, Y))
        + lam / 2 * cp.sum_squares(W),
    }
    for model, objective in objectives.items():
        peer = cp.Problem(cp.Minimize(objective))
        peer.solve(solver=cp.CLARABEL, tol_gap_abs=1e-9, tol_gap_rel=1e-9, tol_feas=1e-9)
        s = SOLVERS[model](kind(X), target(model, y, many), lam, intercept=intercept)
        proof = s.certificate
        assert proof.dual - 1e-7 <= peer.value <= proof.primal + 1e-7
        assert proof.gap <= 1e-8 * max(1, proof.primal)


@pytest.mark.parametrize("intercept", [False, True])
def test_scikit_learn_finds_the_same_coefficients(intercept):
    X, y, many = data()
    options = {"C": 2.0, "tol": 1e-12, "fit_intercept": intercept, "max_iter": 10_000}
    theirs = LogisticRegression(**options).fit(X, y)
    ours = logistic(X, y, 0.5, tol=1e-14, intercept=intercept)
    np.testing.assert_allclose(ours.w, theirs.coef_[0], atol=1e-5)
    assert ours.intercept == pytest.approx(np.ravel(theirs.intercept_)[0], abs=1e-5)
    theirs = LogisticRegression(**options).fit(X, many)
    ours = softmax(X, many, 0.5, tol=1e-14, intercept=intercept)
    np.testing.assert_allclose(ours.w, theirs.coef_.T, atol=1e-5)
    np.testing.assert_allclose(ours.intercept, theirs.intercept_, atol=1e-5)
    saga = LogisticRegression(**options, l1_ratio=1.0, solver="saga", random_state=0).fit(X, y)
    ours = sparse_logistic(X, y, 0.5, tol=1e-14, intercept=intercept)
    np.testing.assert_allclose(ours.w, saga.coef_[0], atol=1e-5)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("shape", [(3000, 20), (3000, 4000), (80, 900)])
@pytest.mark.parametrize("model", SOLVERS)
def test_each_way_of_solving_is_proved(model, shape, intercept):
    rng = np.random.default_rng(1)
    n, p = shape
    X = sparse.random_array(shape, density=2e-3 if n * p > 1e6 else 0.5, rng=rng).tocsc()
    y = np.arange(n) % 3 if model == "softmax" else np.where(rng.random(n) < 0.4, -1.0, 1.0)
    s = SOLVERS[model](X, y, 1.0, tol=1e-9, intercept=intercept)
    assert s.certificate.proves(1e-9)
    if n * p < 1e6:
        dense = SOLVERS[model](X.toarray(), y, 1.0, tol=1e-9, intercept=intercept)
        scale = max(1, dense.certificate.primal)
        assert dense.certificate.primal == pytest.approx(s.certificate.primal, abs=2e-9 * scale)


@pytest.mark.parametrize("model", SOLVERS)
def test_lam_above_its_largest_useful_value_leaves_only_the_intercept(model):
    X, labels, many = data()
    y = target(model, labels, many)
    s = SOLVERS[model](X, y, 1e8, tol=1e-12)
    assert np.abs(s.w).max() <= (0 if model == "sparse_logistic" else 1e-6)
    if model == "softmax":
        odds = np.log(np.bincount(y))
        np.testing.assert_allclose(s.intercept, odds - odds.mean(), atol=1e-5)
    else:
        assert s.intercept == pytest.approx(np.log((y > 0).sum() / (y < 0).sum()), abs=1e-5)


@FEW
@given(
    seed=SEEDS,
    intercept=st.booleans(),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    model=st.sampled_from(list(SOLVERS)),
    lam=st.sampled_from([1e-4, 0.5, 1e3]),
)
@example(
    seed=115, intercept=True, scale=1e3, model="logistic", lam=1e-4
)  # all but sure: slopes of 1e-310
def test_no_dual_point_is_above_any_answer(seed, intercept, scale, model, lam):
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(3, 12)), int(rng.integers(1, 8))
    X, labels, many = data(n, p, seed)
    X = X * 10.0 ** rng.integers(-3, 4, p)
    y = target(model, labels, many)
    K = (3,) if model == "softmax" else ()
    w, other = (scale * rng.standard_normal((p, *K)) for _ in range(2))
    b, c = (scale * rng.standard_normal(K) if intercept else None for _ in range(2))
    primal = PROOFS[model](X, y, lam, w, b).primal
    for dual in (None, scale * rng.standard_normal((n, *K)), rng.random((n, *K))):
        proof = PROOFS[model](X, y, lam, other, c, dual)
        assert proof.dual <= primal + 1e-12 * max(1, abs(primal))
        assert proof.dual <= proof.primal * (1 + 1e-12)


@settings(max_examples=30, deadline=None)
@given(
    seed=SEEDS,
    intercept=st.booleans(),
    size=st.sampled_from([1e-3, 1e-1, 10.0]),
    model=st.sampled_from(list(SOLVERS)),
)
def test_a_perturbed_optimum_never_has_a_smaller_gap(seed, intercept, size, model):
    rng = np.random.default_rng(seed)
    X, labels, many = data(15, 4, seed)
    y = target(model, labels, many)
    s = SOLVERS[model](X, y, 0.4, intercept=intercept)
    w = s.w + size * rng.standard_normal(s.w.shape)
    b = s.intercept + size * rng.standard_normal(np.shape(s.intercept)) if intercept else None
    rounding = 1e-12 * max(1, s.certificate.primal)
    for dual in (None, s.certificate.point):
        proof = PROOFS[model](X, y, 0.4, w, b, dual)
        assert proof.gap >= s.certificate.gap - rounding
        assert proof.primal >= s.certificate.dual - rounding


@pytest.mark.parametrize("intercept", [False, True])
def test_without_a_penalty_the_columns_scales_do_not_matter(intercept):
    X, y, _ = data()
    scales = np.array([1e-12, 1e-6, 1.0, 1e6, 1e12])
    plain, scaled = (logistic(A, y, 0.0, intercept=intercept) for A in (X, X * scales))
    np.testing.assert_allclose(scaled.w * scales, plain.w, rtol=1e-3, atol=1e-4)
    assert scaled.certificate.primal == pytest.approx(plain.certificate.primal, rel=2e-8)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e4])
@pytest.mark.parametrize("model", SOLVERS)
def test_scaled_columns_under_a_penalty_are_proved(model, scale):
    X, labels, many = data()
    X[:, 1] *= scale
    assert SOLVERS[model](X, target(model, labels, many), 1.0).certificate.proves(1e-8)


@pytest.mark.parametrize("shape", [(60, 5), (12, 40)])
def test_softmax_takes_scales_from_1e_9_to_1e9_at_once(shape):
    X, _, many = data(*shape)
    scales = 10.0 ** (np.arange(shape[1]) % 5 * 4.5 - 9)
    assert softmax(X * scales, many, 1.0).certificate.proves(1e-8)


def test_softmax_that_cannot_be_proved_attaches_its_last_answer_and_not_its_first():
    X, _, many = data(15, 30)
    X[:, 1] *= 1e16  # against which the rounding of all other columns' share is no longer small
    with pytest.raises(ConvergenceError, match="softmax: the relative gap is") as error:
        softmax(X, many, 1e-3)
    assert error.value.solution.certificate.relative_gap < 0.1


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("powers", [(-12, 12), (0, 12), (12, 12), (-12, -12)])
@pytest.mark.parametrize("lam", [1e-2, 1.0, 100.0])
@pytest.mark.parametrize("model", SOLVERS)
def test_columns_of_any_size_under_a_penalty_are_proved(model, lam, powers, intercept):
    X, labels, many = data()
    scaled = X * np.logspace(*powers, X.shape[1])
    y = target(model, labels, many)
    assert SOLVERS[model](scaled, y, lam, intercept=intercept).certificate.proves(1e-8)


@pytest.mark.parametrize("shape", [(60, 5), (12, 40), (200, 30)])
@pytest.mark.parametrize("start", [(1e3, 0.0), (-40.0, 300.0)])
def test_a_start_at_which_rows_are_all_but_sure_is_left(shape, start):
    X, y, _ = data(*shape)
    w = np.full(shape[1], start[0])
    assert sparse_logistic(X, y, 1.0, start=(w, start[1])).certificate.proves(1e-8)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("shape", [(2, 4), (5, 1000), (30, 60)])
def test_a_small_penalty_with_as_many_columns_in_use_as_samples_is_proved(shape, intercept):
    X, y, _ = data(*shape)
    for lam in (1e-2, 1e-4):
        assert sparse_logistic(X, y, lam, intercept=intercept).certificate.proves(1e-8)


@pytest.mark.parametrize("intercept", [False, True])
def test_more_columns_than_samples_can_pay_for_do_not_stop_the_sparse_model(intercept):
    rng = np.random.default_rng(0)
    X = sparse.random_array((400, 8000), density=5e-3, rng=rng, data_sampler=rng.standard_normal)
    X = X.tocsc()
    y = np.where(X[:, :40].sum(axis=1) + rng.logistic(size=400) > 0, 1.0, -1.0)
    lam = float(np.abs(X.T @ (y - y.mean())).max()) / 2 / 100  # nearly all rows are met
    solution = sparse_logistic(X, y, lam, intercept=intercept)
    assert solution.certificate.proves(1e-8)
    assert np.count_nonzero(solution.w) < 400


@pytest.mark.parametrize("model", SOLVERS)
def test_what_a_wide_column_leaves_in_the_last_digit_is_excused_and_no_more(model):
    X, labels, many = data()
    X[:, 0] *= 1e12
    y = target(model, labels, many)
    best = SOLVERS[model](X, y, 1e-2)
    assert PROOFS[model](X, y, 1e-2, best.w, best.intercept).proves(1e-8)
    near = best.w.copy()
    near[0] *= 1 + 1e-3  # far beyond the last digit: nothing to excuse
    assert not PROOFS[model](X, y, 1e-2, near, best.intercept).proves(1e-8)


@pytest.mark.parametrize("model", SOLVERS)
def test_twin_constant_and_empty_columns_do_no_harm(model):
    X, labels, many = data()
    y = target(model, labels, many)
    alone = SOLVERS[model](X, y, 0.5)
    many_columns = np.column_stack([X, X[:, 0], np.full(len(X), 7.0), np.zeros(len(X))])
    s = SOLVERS[model](many_columns, y, 0.5)
    assert s.certificate.proves(1e-8)
    assert s.certificate.primal <= alone.certificate.primal * (1 + 1e-8)
    assert not np.any(s.w[-1])


def test_without_a_penalty_twin_columns_still_have_a_proved_answer():
    X, y, _ = data()
    twins = np.column_stack([X, X, np.ones(len(X))])
    alone, many = logistic(X, y, 0.0), logistic(twins, y, 0.0)
    assert many.certificate.primal == pytest.approx(alone.certificate.primal, rel=2e-8)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("tol", [1e-2, 1e-8])
@pytest.mark.parametrize("shape", [(30, 3), (5, 8), (2, 1)])
def test_separable_data_without_a_penalty_are_refused_with_a_direction_that_separates(
    shape, tol, intercept
):
    X, y, _ = data(*shape)
    X[:, 0] = y * (0.1 + np.abs(X[:, 0]))
    with pytest.raises(SeparableError, match=r"lam must be positive.*perfectly separable") as error:
        logistic(X, y, 0.0, tol, intercept)
    assert np.all(y * (X @ error.value.w + error.value.intercept) > 0)


def test_classes_that_touch_on_the_separating_plane_are_refused_as_well():
    x = np.array([-2.0, -1.0, 0.0, 0.0, 1.0, 2.0])
    y = np.array([-1, -1, -1, 1, 1, 1])
    with pytest.raises(SeparableError, match="separable but for ties") as error:
        logistic(x[:, None], y, 0.0)
    margins = y * (x * error.value.w + error.value.intercept)
    assert margins.min() >= -1e-9
    assert margins.max() > 0.1
    assert logistic(x[:, None], y, 1e-3).certificate.proves(1e-8)


@pytest.mark.parametrize("model", SOLVERS)
def test_a_start_at_the_answer_needs_fewer_steps_and_any_start_is_proved(model):
    X, labels, many = data()
    y = target(model, labels, many)
    cold = SOLVERS[model](X, y, 0.5)
    warm = SOLVERS[model](X, y, 0.5, start=cold)
    assert warm.iterations < cold.iterations or cold.iterations == 1
    far = (3 + 0 * cold.w, 1 + 0 * cold.intercept)
    other = SOLVERS[model](X, y, 0.5, start=far)
    assert other.certificate.primal == pytest.approx(cold.certificate.primal, rel=2e-8)


@pytest.mark.parametrize("model", SOLVERS)
def test_the_arguments_are_left_as_they_came_and_the_answer_is_the_same_twice(model):
    X, labels, many = data()
    y = target(model, labels, many)
    before = X.copy(), y.copy()
    first, second = SOLVERS[model](X, y, 0.5), SOLVERS[model](X, y, 0.5)
    np.testing.assert_array_equal(first.w, second.w)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


@pytest.mark.parametrize("model", SOLVERS)
def test_what_cannot_be_proved_raises_with_the_best_answer_attached(model):
    X, labels, many = data()

    def several():  # a gap may round to 0, but not each time
        for lam in np.linspace(0.3, 0.4, 9):
            SOLVERS[model](X, target(model, labels, many), lam, tol=1e-30)

    with pytest.raises(ConvergenceError, match=f"^{model}: the relative gap is .* best") as error:
        several()
    assert error.value.solution.certificate.proves(1e-10)


X, Y, MANY = data()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, y: f(np.where(X > 2, np.nan, X), y, 1.0), "X holds NaN or infinity"),
        (lambda f, y: f(np.where(X > 2, np.inf, X), y, 1.0), "X holds NaN or infinity"),
        (lambda f, y: f(X, np.where(y > 0, np.nan, y), 1.0), "y holds NaN or infinity"),
        (lambda f, y: f(X[:7], y, 1.0), "X has 7 rows and y 60 entries"),
        (lambda f, y: f(y, y, 1.0), "X must have two axes"),
        (lambda f, y: f(X, y[:, None], 1.0), "y must have one axis"),
        (lambda f, y: f(np.zeros((0, 3)), [], 1.0), "X is empty"),
        (lambda f, y: f(X[:1], y[:1], 1.0), "y holds one class only"),
        (lambda f, y: f(X, np.ones(60), 1.0), "y holds one class only, \\+?1"),
        (lambda f, y: f(X, y + 0.5, 1.0), "y must hold the labels"),
        (lambda f, y: f(X, 2 * y, 1.0), "y must hold the labels"),
        (lambda f, y: f(X, y, -1.0), "lam must be a finite number, .*; it is -1"),
        (lambda f, y: f(X, y, np.nan), "lam must be a finite number, .*; it is nan"),
        (lambda f, y: f(X, y, 1.0, 0.0), "tol must be a finite number, positive; it is 0"),
        (lambda f, y: f(X, y, 1.0, start=X), "start must be a Solution or a pair"),
        (lambda f, y: f(X, y, 1.0, start=(X, 0.0)), "start's w must have the shape"),
        (lambda f, y: f(X, y, 1.0, start=(np.nan * f(X, y, 1.0).w, 0)), "start's w holds NaN"),
    ],
)
@pytest.mark.parametrize("model", SOLVERS)
def test_bad_input_is_refused_with_its_own_message(model, call, message):
    with pytest.raises(ValueError, match=message):
        call(SOLVERS[model], target(model, Y, MANY))


@pytest.mark.parametrize("model", ["sparse_logistic", "softmax"])
def test_a_penalty_of_zero_is_refused_where_the_model_needs_one(model):
    with pytest.raises(ValueError, match="lam must be a finite number, positive; it is 0"):
        SOLVERS[model](X, target(model, Y, MANY), 0.0)


@pytest.mark.parametrize("spread", [0.0, 3.0])
def test_softmax_steps_do_not_go_where_the_loss_is_flat(spread):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 60)) * 10.0 ** rng.uniform(-spread, spread, 60)
    scores = X @ (rng.standard_normal((60, 3)) / X.std(axis=0)[:, None]) / 4
    y = np.argmax(scores + rng.gumbel(size=(300, 3)), axis=1)
    shared = rng.standard_normal((60, 1)) / X.std(axis=0)[:, None]
    for start in (None, (np.repeat(shared, 3, axis=1), np.zeros(3))):
        s = softmax(X, y, 0.1, tol=1e-10, start=start)
        assert s.iterations <= 30  # more than 60 with steps that all classes share
        np.testing.assert_allclose((s.w * X.std(axis=0)[:, None]).sum(axis=1), 0, atol=1e-8)


WIDE = {
    "even": lambda X, rng: X,
    "columns of all sizes": lambda X, rng: X * 10.0 ** rng.uniform(-3, 3, X.shape[1]),
    "columns beyond single precision": lambda X, rng: X * 10.0 ** rng.choice([-12, 12], X.shape[1]),
    "huge": lambda X, rng: X * 1e25,
    "tiny": lambda X, rng: X * 1e-25,
    "nothing in single precision": lambda X, rng: X * 1e-40,
    "twin rows": lambda X, rng: np.vstack([X[:125], X[:125]]),
    "rows of zeros": lambda X, rng: X * (np.arange(len(X)) % 2)[:, None],
}


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("name", WIDE)
def test_wide_data_are_proved_whatever_their_rows_and_columns_are_like(name, intercept, kind):
    rng = np.random.default_rng(0)
    X = WIDE[name](rng.standard_normal((250, 600)), rng)
    y = np.where(rng.random(250) < 0.4, 1.0, -1.0)
    if kind is sparse.csr_array:  # too many entries to be made dense
        X = sparse.hstack([sparse.csr_array(X), sparse.csr_array((250, 9000))]).tocsr()
    s = logistic(X, y, 2.0, tol=1e-9, intercept=intercept)
    b = s.intercept if intercept else None
    assert certificates.logistic(X, y, 2.0, s.w, b, s.certificate.point).proves(1e-9)
    again = logistic(X, y, 2.0, tol=1e-9, intercept=intercept, start=s)
    assert again.certificate.proves(1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_one_bad_entry_of_wide_data_is_found(bad):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((250, 600))
    X[17, 5] = bad
    with pytest.raises(ValueError, match="X holds NaN or infinity"):
        logistic(X, np.where(rng.random(250) < 0.4, 1.0, -1.0), 2.0)
