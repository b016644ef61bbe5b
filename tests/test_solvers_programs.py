"""Linear and quadratic programs: optimal, infeasible or unbounded, each proved."""

from importlib import import_module

import cvxpy as cp
import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from helpers import certificates
from helpers.data import diabetes
from helpers.solvers import ConvergenceError, lad, linear_program, quadratic_program
from helpers.solvers.dual_newton import dual_newton

method = import_module("helpers.solvers.quadratic_program")  # the function has its name

SHAPES = [(1, 2, 0), (3, 8, 1), (5, 30, 0), (20, 50, 5), (30, 60, 10)]


def program(n, m, k, seed=0):
    """A program that is feasible and bounded by construction."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    G, A = rng.standard_normal((m, n)), rng.standard_normal((k, n))
    root = rng.standard_normal((n, (n + 1) // 2))
    q = -G.T @ (rng.random(m) * (rng.random(m) < 0.7)) - A.T @ rng.standard_normal(k)
    return root @ root.T, q, G, G @ x + rng.random(m), A, A @ x


@pytest.mark.parametrize("shape", SHAPES)
def test_a_linear_program_is_proved_and_agrees_with_highs(shape):
    _, c, G, h, A, b = program(*shape)
    solution = linear_program(c, G, h, A, b, tol=1e-10)
    assert solution.status == "optimal"
    assert solution.certificate.proves(1e-10)
    theirs = linprog(c, G, h, A, b, bounds=(None, None))
    assert solution.certificate.primal == pytest.approx(theirs.fun, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_quadratic_program_is_proved_and_agrees_with_clarabel(shape):
    P, q, G, h, A, b = program(*shape)
    solution = quadratic_program(P, q, G, h, A, b, tol=1e-10)
    assert solution.certificate.proves(1e-10)
    x = cp.Variable(len(q))
    constraints = [G @ x <= h] + ([A @ x == b] if len(b) else [])
    objective = cp.quad_form(x, cp.psd_wrap(P)) / 2 + q @ x
    value = cp.Problem(cp.Minimize(objective), constraints).solve(solver=cp.CLARABEL)
    assert solution.certificate.primal == pytest.approx(value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_certificate_can_be_had_again_from_the_answer_alone(shape):
    data = program(*shape)
    solution = quadratic_program(*data)
    again = certificates.quadratic_program(*data, solution.x, solution.certificate.point)
    assert again.proves(1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_newton_on_the_multipliers_and_interior_points_have_one_answer(monkeypatch, seed):
    P, q, G, h, A, b = program(*SHAPES[2 + seed % 3], seed)
    P = P + 0.1 * np.eye(len(q))
    quick = quadratic_program(P, q, G, h, A, b, tol=1e-10)
    monkeypatch.setattr(method, "convex", lambda P: None)
    slow = quadratic_program(P, q, G, h, A, b, tol=1e-10)
    assert quick.certificate.primal == pytest.approx(slow.certificate.primal, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(quick.x, slow.x, atol=1e-4)


def test_newton_on_the_multipliers_meets_the_constraints_that_hold_with_equality_exactly():
    P, q = np.diag([1.0, 2.0, 3.0]), np.array([-1.0, 2.0, -3.0])
    factor = method.convex(P)
    x, (z, nu), _ = dual_newton(
        factor, q, -np.eye(3), np.zeros(3), np.ones((1, 3)), np.array([1.0])
    )
    # by hand: x₂ = 0, and x₁ − 1 = 3x₃ − 3 = −ν with x₁ + x₃ = 1
    np.testing.assert_allclose(x, [0.25, 0, 0.75], atol=1e-12)
    np.testing.assert_allclose(nu, [0.75], atol=1e-12)
    np.testing.assert_allclose(z, [0, 2.75, 0], atol=1e-12)


def test_a_linear_programs_vertex_is_found_before_the_iterates_come_to_it(monkeypatch):
    _, c, G, h, A, b = program(20, 50, 5)
    early = linear_program(c, G, h, A, b, tol=1e-10).iterations
    monkeypatch.setattr(method, "_vertex", lambda *_: None)
    assert early < linear_program(c, G, h, A, b, tol=1e-10).iterations


def test_a_start_near_the_answer_is_proved_at_once_and_any_start_is_proved():
    P, q, G, h, A, b = program(20, 50, 5)
    P = P + 10 * np.eye(20)
    rng = np.random.default_rng(5)
    near = q + 1e-4 * rng.standard_normal(20)
    for solve in (linear_program, lambda *data, **k: quadratic_program(P, *data, **k)):
        cold, warm = solve(q, G, h, A, b), solve(near, G, h, A, b, start=solve(q, G, h, A, b))
        assert warm.iterations < solve(near, G, h, A, b).iterations
        assert warm.certificate.proves(1e-8)
        away = solve(-q, G, np.full(50, 9.0), A, 0 * b)
        if away.status == "optimal":
            other = solve(q, G, h, A, b, start=away)
            assert other.certificate.primal == pytest.approx(cold.certificate.primal, rel=2e-8)
        with pytest.raises(ValueError, match="start must be the optimum of a program with 49"):
            solve(q, G[1:], h[1:], A, b, start=cold)


def test_equations_that_say_the_same_twice_do_no_harm():
    _, c, G, h, A, b = program(20, 50, 5)
    once = linear_program(c, G, h, A, b)
    twice = linear_program(c, np.vstack([G, G]), [*h, *h], np.vstack([A, 2 * A]), [*b, *(2 * b)])
    assert twice.certificate.primal == pytest.approx(once.certificate.primal, rel=1e-7)


@pytest.mark.parametrize("quadratic", [False, True])
def test_the_columns_scales_do_not_matter(quadratic):
    P, q, G, h, A, b = program(9, 20, 2)
    P = P if quadratic else np.zeros_like(P)
    D = np.logspace(-12, 12, 9)
    plain = quadratic_program(P, q, G, h, A, b)
    scaled = quadratic_program(P * np.outer(D, D), q * D, G * D, h, A * D, b)
    assert scaled.certificate.primal == pytest.approx(plain.certificate.primal, rel=1e-7)


def test_sparse_data_give_the_dense_answer():
    P, q, G, h, A, b = program(5, 30, 2)
    dense = quadratic_program(P, q, G, h, A, b)
    thin = quadratic_program(sparse.csr_array(P), q, sparse.csc_array(G), h, sparse.csr_array(A), b)
    np.testing.assert_allclose(thin.x, dense.x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_infeasible_program_comes_back_with_farkas_multipliers(shape):
    P, q, G, h, A, b = program(*shape)
    G, h = np.vstack([G, -G[0]]), np.append(h, -h[0] - 1)  # g₀ᵀx ≤ h₀ and ≥ h₀ + 1
    for solution in (linear_program(q, G, h, A, b), quadratic_program(P, q, G, h, A, b)):
        assert solution.status == "infeasible"
        assert solution.x is None
        z, nu = solution.certificate.z, solution.certificate.nu
        assert z.min() >= 0
        assert h @ z + b @ nu < 0
        np.testing.assert_allclose(G.T @ z + A.T @ nu, 0, atol=1e-8)


def test_equations_that_contradict_one_another_are_infeasible():
    solution = linear_program([1, 1], None, None, [[1, 2], [2, 4]], [1, 3])
    assert solution.status == "infeasible"
    assert solution.certificate.proves(1e-10)


@pytest.mark.parametrize(
    "solve",
    [
        lambda G, h: linear_program(-np.ones(3), G, h),
        lambda G, h: quadratic_program(np.diag([1.0, 1, 0]), -np.ones(3), G, h),
    ],
)
def test_an_unbounded_program_comes_back_with_a_feasible_point_and_a_ray(solve):
    G, h = -np.eye(3), np.array([1.0, -2.0, 3.0])
    solution = solve(G, h)
    assert solution.status == "unbounded"
    point, ray = solution.certificate.point, solution.certificate.ray
    assert (G @ point <= h + 1e-7).all()
    assert (G @ ray <= 1e-7).all()
    assert ray.sum() > 0.9
    assert solution.certificate.slope < 0


def test_a_direction_that_no_constraint_sees_is_a_ray():
    assert linear_program([0.0, 1.0], [[1.0, 0.0]], [1.0]).status == "unbounded"
    assert linear_program(np.ones(3)).status == "unbounded"
    assert linear_program([1.0, 0.0], [[-1.0, 0.0]], [0.0]).status == "optimal"


def test_a_program_that_is_infeasible_and_would_be_unbounded_is_called_infeasible():
    solution = linear_program([1.0, 2.0], [[0, 1.0], [0, -1.0]], [0.0, -1.0])
    assert solution.status == "infeasible"


@pytest.mark.parametrize(
    ("solve", "x"),
    [
        (lambda: quadratic_program(np.eye(2), [-1, -2]), [1, 2]),
        (lambda: quadratic_program(np.eye(2), [0, 0], None, None, [[1, 1]], [2]), [1, 1]),
        (lambda: linear_program([1, 2], [[1, 0]], [2], np.eye(2), [1, 1]), [1, 1]),
        (lambda: linear_program([1, 2], [[1, 0], [-1, 0]], [1, -1], [[0, 1]], [3]), [1, 3]),
        (lambda: linear_program([-1.0], [[1.0]], [4.0]), [4]),
        (lambda: linear_program([1, 1], [[0, 0], [-1, 0], [0, -1]], [1, 0, 0]), [0, 0]),
    ],
)
def test_small_programs_with_answers_known_by_hand(solve, x):
    solution = solve()
    assert solution.status == "optimal"
    np.testing.assert_allclose(solution.x, x, atol=1e-6)


def test_lad_as_a_linear_program_has_the_lad_solvers_value():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 3)), rng.standard_normal(30)
    eye = np.eye(30)
    solution = linear_program(
        np.append(np.zeros(3), np.ones(30)), np.block([[X, -eye], [-X, -eye]]), np.append(y, -y)
    )
    direct = lad(X, y, 0.0, intercept=False)
    assert solution.certificate.primal == pytest.approx(direct.certificate.primal, rel=1e-7)


def test_a_tolerance_beyond_float64_raises_with_the_best_answer_attached():
    with pytest.raises(ConvergenceError, match="quadratic_program: the relative gap") as error:
        quadratic_program(*program(20, 50, 5), tol=1e-30)
    assert error.value.solution.certificate.proves(1e-8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear_program([np.nan]), "c holds NaN or infinity"),
        (lambda: linear_program([]), "c must have one axis and an entry a variable"),
        (lambda: linear_program([1.0], [[1.0]]), "G and h come together"),
        (lambda: linear_program([1.0], None, None, None, [1.0]), "A and b come together"),
        (lambda: linear_program([1.0], [[1.0, 2.0]], [1.0]), "G must have shape \\(1, 1\\)"),
        (lambda: linear_program([1.0], [[1.0]], [np.inf]), "h holds NaN or infinity"),
        (lambda: linear_program([1.0], [[1.0]], [[1.0]]), "h must have shape \\(1,\\)"),
        (lambda: quadratic_program(np.eye(3), [1.0]), "P must have shape \\(1, 1\\)"),
        (lambda: quadratic_program([[0, 1], [0, 0]], [1.0, 1]), "P must be symmetric"),
        (lambda: quadratic_program(-np.eye(2), [1.0, 1]), "P must be positive semidefinite"),
        (lambda: linear_program([1.0], [[-1.0]], [0.0], tol=-1), "tol must be a finite number"),
    ],
)
def test_bad_input_is_refused_with_its_own_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def dual(c, G, h, A, b):
    """The dual of min cᵀx, Gx ≤ h, Ax = b as a program of the same form in (z, ν)."""
    m, k = len(h), len(b)
    G_d = np.hstack([-np.eye(m), np.zeros((m, k))])
    return np.append(h, b), G_d, np.zeros(m), np.hstack([G.T, A.T]), -c


@pytest.mark.parametrize("seed", range(40))
def test_a_linear_program_its_dual_and_the_dual_of_that_are_proved_equal(seed):
    _, c, G, h, A, b = program(3, 6, 1, seed)
    primal = (c, G, h, A, b)
    values = [
        linear_program(*each).certificate.primal
        for each in (primal, dual(*primal), dual(*dual(*primal)))
    ]
    assert np.allclose(values[0], [-values[1], values[2]], atol=1e-6)


def test_a_vertex_far_out_is_proved_because_its_residual_is_summed_exactly():
    X = StandardScaler().fit_transform(PolynomialFeatures(3).fit_transform(diabetes().X))[:, 1:]
    y, one = diabetes().y, np.ones((len(X), 1))
    y = y + 0.1 * y.std() * np.random.default_rng(9).standard_normal(len(y))
    y = y / np.abs(y).max()
    c = np.append(
        np.zeros(X.shape[1]), 1.0
    )  # the least worst residual, of columns near to dependent
    G, h = np.block([[X, -one], [-X, -one]]), np.append(y, -y)
    solution = linear_program(c, G, h, tol=1e-10)
    assert np.abs(solution.x).max() > 100
    assert solution.certificate.proves(1e-10)
