"""Certificates of margins, robust losses and programs: bounds that hold whatever they are given."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from helpers import certificates, solvers

FEW = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(2, 9)
ROUNDING = 1e-12


def problem(seed, n, p):
    """Data with twins, an outlier and labels of both classes."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    X[:, -1] = X[:, 0]
    y = X @ rng.standard_normal(p) + rng.standard_normal(n)
    y[0] += 10 * rng.standard_normal()
    labels = np.where(rng.random(n) < 0.5, -1.0, 1.0)
    labels[:2] = -1, 1
    root = rng.standard_normal((n, p))
    return rng, X, y, labels, root @ root.T


def models(seed, n, p, lam):
    """name: (certificate of (w, b, dual), solver, size of w)."""
    _, X, y, labels, K = problem(seed, n, p)
    C = 1.0 + lam
    c, s = certificates, solvers
    return {
        "svm": (
            lambda w, b, d=None: c.svm(X, labels, C, w, b, d),
            lambda i: s.svm(X, labels, C, intercept=i),
            p,
        ),
        "kernel_svm": (
            lambda w, b, d=None: c.kernel_svm(K, labels, C, w, b, d),
            lambda i: s.kernel_svm(K, labels, C, intercept=i),
            n,
        ),
        "huber": (
            lambda w, b, d=None: c.huber(X, y, lam, 0.7, w, b, d),
            lambda i: s.huber(X, y, lam, 0.7, intercept=i),
            p,
        ),
        "quantile": (
            lambda w, b, d=None: c.quantile(X, y, lam, 0.2, w, b, d),
            lambda i: s.quantile(X, y, lam, 0.2, intercept=i),
            p,
        ),
        "lad": (
            lambda w, b, d=None: c.lad(X, y, lam, w, b, d),
            lambda i: s.lad(X, y, lam, intercept=i),
            p,
        ),
        "kernel_ridge": (
            lambda w, b, d=None: c.kernel_ridge(K, y, lam + 0.1, w, b, d),
            lambda i: s.kernel_ridge(K, y, lam + 0.1, intercept=i),
            n,
        ),
    }


MODELS = ("svm", "kernel_svm", "huber", "quantile", "lad", "kernel_ridge")
LAMS = st.sampled_from([0.0, 1e-3, 1.0, 100.0])


@pytest.mark.parametrize("name", MODELS)
@FEW
@given(seed=SEEDS, n=SIZES, p=SIZES, lam=LAMS, intercept=st.booleans(), size=st.floats(0, 1e3))
def test_the_bound_never_exceeds_the_objective(name, seed, n, p, lam, intercept, size):
    certify, _, entries = models(seed, n, p, lam)[name]
    rng = np.random.default_rng(seed + 1)
    b = size * rng.standard_normal() if intercept else None
    w = size * rng.standard_normal(entries)
    for dual in (None, size * rng.standard_normal(n), rng.random(n), np.ones(n), np.zeros(n)):
        proof = certify(w, b, dual)
        assert proof.dual <= proof.primal + ROUNDING * max(1, abs(proof.primal))
        assert proof.dual >= -np.inf


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, n=SIZES, p=SIZES, lam=LAMS, intercept=st.booleans())
def test_any_dual_point_bounds_the_optimum_itself(name, seed, n, p, lam, intercept):
    certify, solve, entries = models(seed, n, p, lam)[name]
    best = solve(intercept).certificate.primal
    rng = np.random.default_rng(seed + 1)
    b = rng.standard_normal() if intercept else None
    for dual in (None, 3 * rng.standard_normal(n), rng.random(n)):
        bound = certify(rng.standard_normal(entries), b, dual).dual
        assert bound <= best + 1e-8 * max(1, abs(best))


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, n=SIZES, p=SIZES, lam=LAMS, intercept=st.booleans())
def test_moving_away_from_the_optimum_never_shrinks_the_gap(name, seed, n, p, lam, intercept):
    certify, solve, entries = models(seed, n, p, lam)[name]
    solution = solve(intercept)
    rng = np.random.default_rng(seed + 1)
    for size in (1e-3, 1e-1, 10.0):
        w = solution.w + size * rng.standard_normal(entries)
        b = solution.intercept + size * rng.standard_normal() if intercept else None
        moved = certify(w, b, solution.certificate.point)
        rounding = 1e-8 * max(1, abs(solution.certificate.primal))
        assert moved.primal >= solution.certificate.primal - rounding
        assert certify(w, b).gap >= solution.certificate.gap - rounding


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("name", MODELS)
def test_the_dual_point_is_feasible_in_floating_point(name, intercept):
    certify, _, entries = models(3, 9, 4, 0.0)[name]
    _, X, _, labels, _ = problem(3, 9, 4)
    b = 0.3 if intercept else None
    a = certify(np.ones(entries), b, 50 * np.random.default_rng(0).standard_normal(9)).point
    low, high = {"svm": (0, 1), "kernel_svm": (0, 1), "huber": (-0.7, 0.7), "lad": (-1, 1)}.get(
        name, (-0.8, 0.2) if name == "quantile" else (-np.inf, np.inf)
    )
    assert a.min() >= low
    assert a.max() <= high
    if intercept:
        signs = labels if "svm" in name else np.ones(9)
        assert abs(signs @ a) <= 1e-13 * max(1, np.abs(a).sum())
    if name in ("huber", "quantile", "lad"):  # λ = 0
        assert np.abs(X.T @ a).max() <= 1e-13


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("lam", [0.0, 0.5])
@pytest.mark.parametrize("name", MODELS)
def test_the_optimum_agrees_with_cvxpy(name, lam, intercept):
    n, p = 25, 4
    _, X, y, labels, K = problem(11, n, p)
    proof = models(11, n, p, lam)[name][1](intercept).certificate
    w, v, b = cp.Variable(p), cp.Variable(n), cp.Variable()
    shift = b if intercept else 0.0
    values, vectors = np.linalg.eigh(K)
    root = vectors * np.sqrt(np.maximum(values, 0))
    r = y - X @ w - shift
    objective = {
        "svm": lambda: (
            cp.sum_squares(w) / 2
            + (1 + lam) * cp.sum(cp.pos(1 - cp.multiply(labels, X @ w + shift)))
        ),
        "kernel_svm": lambda: (
            cp.sum_squares(root.T @ v) / 2
            + (1 + lam) * cp.sum(cp.pos(1 - cp.multiply(labels, K @ v + shift)))
        ),
        "huber": lambda: cp.sum(cp.huber(r, 0.7)) / 2 + lam / 2 * cp.sum_squares(w),
        "quantile": lambda: cp.sum(cp.maximum(0.2 * r, -0.8 * r)) + lam / 2 * cp.sum_squares(w),
        "lad": lambda: cp.norm1(r) + lam / 2 * cp.sum_squares(w),
        "kernel_ridge": lambda: (
            cp.sum_squares(K @ v + shift - y) / 2 + (lam + 0.1) / 2 * cp.sum_squares(root.T @ v)
        ),
    }[name]()
    value = cp.Problem(cp.Minimize(objective)).solve(solver=cp.CLARABEL)
    assert proof.primal == pytest.approx(value, rel=1e-6, abs=1e-6)
    assert proof.dual <= value + 1e-6 * max(1, abs(value))


@pytest.mark.parametrize("model", ["svm", "huber", "quantile", "lad"])
def test_sparse_and_dense_data_give_one_certificate(model):
    rng, X, y, labels, _ = problem(5, 8, 3)
    first = {"svm": (labels, 2.0), "huber": (y, 0.1, 1.0), "quantile": (y, 0.1, 0.5)}
    rest = (*first.get(model, (y, 0.1)), rng.standard_normal(3), 0.2)
    dense = getattr(certificates, model)(X, *rest)
    thin = getattr(certificates, model)(sparse.csr_array(X), *rest)
    assert thin.primal == pytest.approx(dense.primal, rel=1e-12)
    assert thin.dual == pytest.approx(dense.dual, rel=1e-9)


@pytest.mark.parametrize("intercept", [True, False])
def test_wide_sparse_data_are_proved_without_a_dual_and_never_made_dense(monkeypatch, intercept):
    rng = np.random.default_rng(3)
    X = sparse.random_array((300, 100_000), density=1e-3, rng=rng, format="csr")
    y = np.where(rng.random(300) < 0.4, -1.0, 1.0)
    answer = solvers.svm(X, y, tol=1e-10, intercept=intercept)
    monkeypatch.setattr(sparse.csr_array, "toarray", None)
    b = answer.intercept if intercept else None
    assert certificates.svm(X, y, 1.0, answer.w, b).relative_gap < 1e-9
    low, high = certificates.svm(X, y, 1.0, 0.9 * answer.w, b), answer.certificate
    assert low.dual <= high.primal


def test_a_kernel_matrix_with_a_negative_eigenvalue_certifies_nothing():
    with pytest.raises(ValueError, match="positive semidefinite, but it has the eigenvalue -1"):
        certificates.kernel_svm(np.array([[0.0, 1], [1, 0]]), [1, -1], 1.0, [0.0, 0.0])


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e300])
@pytest.mark.parametrize(("i", "j"), [(0, 129), (129, 0), (128, 127), (64, 3)])
def test_one_entry_that_breaks_symmetry_is_found_wherever_it_is(i, j, size):
    root = np.random.default_rng(0).standard_normal((130, 140))
    K, y = size * (root @ root.T / 200), np.where(np.arange(130) < 50, 1.0, -1.0)
    certificates.kernel_svm(K, y, 1.0, np.zeros(130))
    K[i, j] += 1e-9 * size
    with pytest.raises(ValueError, match="symmetric"):
        certificates.kernel_svm(K, y, 1.0, np.zeros(130))


@pytest.mark.parametrize("low", [-1e-2, -1e-4, -1e-6, -1e-7])
@pytest.mark.parametrize("n", [3, 40, 300])
def test_an_eigenvalue_below_zero_is_found_however_near(n, low):
    Q = np.linalg.qr(np.random.default_rng(n).standard_normal((n, n)))[0]
    values, y = np.linspace(1, 2, n), np.where(np.arange(n) < 2, 1.0, -1.0)
    for first, known in ((0.9, True), (1e-7, True), (low, False)):
        values[0] = first
        K = (Q * values) @ Q.T
        K = (K + K.T) / 2
        if known:
            certificates.kernel_svm(K, y, 1.0, np.zeros(n))
        else:
            with pytest.raises(ValueError, match="positive semidefinite"):
                certificates.kernel_svm(K, y, 1.0, np.zeros(n))


def program(seed, n, m, k):
    """A feasible, bounded program with known multipliers, P of half rank."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    G, A = rng.standard_normal((m, n)), rng.standard_normal((k, n))
    root = rng.standard_normal((n, (n + 1) // 2))
    P = root @ root.T
    z, nu = rng.random(m) * (rng.random(m) < 0.7), rng.standard_normal(k)
    return rng, P, -G.T @ z - A.T @ nu, G, G @ x + rng.random(m), A, A @ x, x, (z, nu)


@FEW
@given(seed=SEEDS, n=SIZES, m=SIZES, quadratic=st.booleans(), size=st.floats(0, 10))
@example(seed=29222, n=3, m=6, quadratic=True, size=0.0078125)  # P is singular but for rounding
def test_a_programs_bound_never_exceeds_a_feasible_points_value(seed, n, m, quadratic, size):
    rng, P, q, G, h, A, b, x, (z, nu) = program(seed, n, m, 1)
    P = P if quadratic else np.zeros((n, n))
    guess = (z + size * rng.standard_normal(m), nu + size * rng.standard_normal(1))
    value = 0.5 * x @ P @ x + q @ x
    for dual in (None, (z, nu), guess, (rng.random(m), rng.random(1))):
        proof = certificates.quadratic_program(P, q, G, h, A, b, x, dual)
        assert proof.violation <= 1e-14
        assert proof.dual <= value + 1e-11 * max(1, abs(value))


@FEW
@given(seed=SEEDS, n=SIZES, m=SIZES)
def test_known_multipliers_give_a_linear_programs_bound(seed, n, m):
    _, _, c, G, h, A, b, x, (z, nu) = program(seed, n, m, 1)
    proof = certificates.linear_program(c, G, h, A, b, x, (z, nu))
    assert proof.dual == pytest.approx(-h @ z - b @ nu, rel=1e-9, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, n=st.integers(2, 6), m=st.integers(7, 15))
def test_a_perturbed_programs_answer_never_proves_more(seed, n, m):
    rng, P, q, G, h, A, b, _, _ = program(seed, n, m, 1)
    solution = solvers.quadratic_program(P, q, G, h, A, b)
    best = solution.certificate
    for size in (1e-2, 1.0):
        x = solution.x + size * rng.standard_normal(n)
        moved = certificates.quadratic_program(P, q, G, h, A, b, x)
        score = max(moved.relative_gap, moved.violation)
        assert score >= max(best.relative_gap, best.violation) - 1e-8


def test_multipliers_are_found_at_a_vertex_without_being_told():
    # min −x₁ − 2x₂ on the unit square: the corner (1, 1), with multipliers 1 and 2
    G, h = np.vstack([np.eye(2), -np.eye(2)]), np.array([1.0, 1, 0, 0])
    proof = certificates.linear_program([-1, -2], G, h, None, None, [1, 1])
    assert proof.proves(1e-12)
    np.testing.assert_allclose(proof.point[0], [1, 2, 0, 0], atol=1e-12)
    assert not certificates.linear_program([-1, -2], G, h, None, None, [1, 0.9]).proves(1e-3)


def test_a_point_outside_the_constraints_proves_nothing():
    G, h = np.vstack([np.eye(2), -np.eye(2)]), np.array([1.0, 1, 0, 0])
    dual = (np.array([1.0, 2, 0, 0]), np.zeros(0))
    proof = certificates.linear_program([-1, -2], G, h, None, None, [1, 1.01], dual)
    assert proof.violation > 1e-3
    assert not proof.proves(1e-4)


@FEW
@given(seed=SEEDS, n=SIZES, m=SIZES)
def test_no_multipliers_prove_a_feasible_program_infeasible(seed, n, m):
    rng, _, _, G, h, A, b, x, _ = program(seed, n, m, 1)
    proof = certificates.infeasible(G, h, A, b, rng.random(m), rng.standard_normal(1))
    assert proof.radius <= np.abs(x).max() * (1 + 1e-9) or proof.margin == 0
    assert not proof.proves(1e-6)


def test_farkas_multipliers_prove_that_x_cannot_be_below_0_and_above_1():
    G, h = np.array([[1.0], [-1.0]]), np.array([0.0, -1.0])
    assert certificates.infeasible(G, h, None, None, [1, 1], []).proves(1e-12)
    assert not certificates.infeasible(G, h, None, None, [1, 0], []).proves(0.1)
    assert not certificates.infeasible(G, h, None, None, [0, 0], []).proves(0.1)


def test_a_ray_proves_a_program_unbounded_only_from_a_feasible_point():
    G, h = np.array([[-1.0, 0.0]]), np.array([0.0])
    prove = certificates.unbounded
    assert prove(None, [-1, 0], G, h, None, None, [0, 0], [5, 0]).proves(1e-12)
    assert not prove(None, [-1, 0], G, h, None, None, [-1, 0], [5, 0]).proves(1e-3)
    assert not prove(None, [-1, 0], G, h, None, None, [0, 0], [-5, 0]).proves(1e-3)
    assert not prove(np.eye(2), [-1, 0], G, h, None, None, [0, 0], [5, 0]).proves(1e-3)
