"""Methods under constraints: feasible iterates, promised rates, linear programs with proof."""

from itertools import islice, pairwise
from math import log

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from helpers import methods
from helpers.objectives import Ball, L1Ball, LeastSquares, NuclearBall, Quadratic, Simplex

SEEDS = pytest.mark.parametrize("seed", range(5))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def on_the_simplex(seed, n=12, p=6):
    """Least squares over the probability simplex, and its minimiser by SLSQP."""
    rng = np.random.default_rng(seed)
    f = LeastSquares(rng.standard_normal((n, p)), rng.standard_normal(n))
    found = minimize(
        f,
        np.full(p, 1 / p),
        jac=f.grad,
        bounds=[(0, None)] * p,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1, "jac": np.ones_like},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return f, Simplex().project(found.x)


def linear_program(seed, m=20, p=5):
    """min cᵀx, Gx ≤ h, bounded and strictly feasible by construction, with HiGHS's value."""
    rng = np.random.default_rng(seed)
    G, x0 = rng.standard_normal((m, p)), rng.standard_normal(p)
    h, c = G @ x0 + rng.uniform(0.1, 1, m), -G.T @ rng.uniform(0.1, 1, m)
    return c, G, h, x0, linprog(c, G, h, bounds=(None, None)).fun


@SEEDS
def test_projected_gradient_keeps_its_promise(seed):
    f, best = on_the_simplex(seed)
    x0 = np.eye(6)[0]
    for k, x in enumerate(islice(methods.projected_gradient(f, Simplex(), x0), 300)):
        assert Simplex().contains(x)
        assert k == 0 or f(x) - f(best) <= f.L * np.sum((x0 - best) ** 2) / (2 * k) + 1e-10
    assert f(x) - f(best) < 1e-6


@SEEDS
def test_frank_wolfe_keeps_its_promise_and_its_gap_is_a_bound(seed):
    f, best = on_the_simplex(seed)
    C, diameter_squared = Simplex(), 2.0
    for k, x in enumerate(islice(methods.frank_wolfe(f, C, np.eye(6)[0]), 300)):
        gap = f.grad(x) @ (x - C.lmo(f.grad(x)))
        assert C.contains(x)
        assert f(x) - f(best) <= gap + 1e-10
        assert k == 0 or f(x) - f(best) <= 2 * f.L * diameter_squared / (k + 2) + 1e-10


@SEEDS
def test_frank_wolfe_averages_its_vertices_with_weights_that_grow_linearly(seed):
    f, _ = on_the_simplex(seed)
    trace = list(islice(methods.frank_wolfe(f, Simplex(), np.eye(6)[0]), 30))
    vertices = [Simplex().lmo(f.grad(x)) for x in trace]
    for k in range(1, 30):
        assert np.allclose(trace[k], np.average(vertices[:k], axis=0, weights=range(1, k + 1)))


@SEEDS
def test_away_steps_reach_in_a_few_hundred_steps_what_the_plain_method_never_does(seed):
    f, _ = on_the_simplex(seed)
    C = Simplex()

    def gap(x):
        return f.grad(x) @ (x - C.lmo(f.grad(x)))

    plain, away = (
        list(islice(method(f, C, np.eye(6)[0]), 600))[-1]
        for method in (methods.frank_wolfe, methods.frank_wolfe_away)
    )
    assert C.contains(away)
    assert C.contains(plain)
    assert gap(away) < 1e-8
    assert gap(away) < 1e-3 * gap(plain) or gap(plain) < 1e-8


@SEEDS
def test_away_steps_never_raise_the_objective_and_work_on_the_L1_ball(seed):
    rng = np.random.default_rng(seed)
    f, C = LeastSquares(rng.standard_normal((30, 12)), rng.standard_normal(30)), L1Ball(0.7)
    trace = list(islice(methods.frank_wolfe_away(f, C, C.lmo(np.ones(12))), 2000))
    assert np.all(np.diff([f(x) for x in trace]) <= 1e-12)
    assert all(C.contains(x) for x in trace[::50])
    x = trace[-1]
    assert f.grad(x) @ (x - C.lmo(f.grad(x))) < 1e-6


def test_away_steps_stay_at_an_optimal_vertex():
    f = Quadratic(np.eye(3), np.array([-5.0, 0, 0]))
    trace = list(islice(methods.frank_wolfe_away(f, Simplex(), np.eye(3)[0]), 5))
    assert all(np.array_equal(x, np.eye(3)[0]) for x in trace)


def test_frank_wolfe_completes_a_matrix_in_rank_one_steps(rng):
    M = np.outer(rng.standard_normal(6), rng.standard_normal(5))
    seen = rng.random(M.shape) < 0.7

    class Seen:
        L = 1.0

        def __call__(self, W):
            return np.sum((W - M)[seen] ** 2) / 2

        def grad(self, W):
            return np.where(seen, W - M, 0)

    f, C = Seen(), NuclearBall(np.linalg.norm(M, "nuc"))
    trace = list(islice(methods.frank_wolfe(f, C, np.zeros((6, 5))), 400))
    assert np.linalg.matrix_rank(trace[1]) == 1
    assert f(trace[-1]) < 1e-2 * f(trace[0])


@SEEDS
def test_mirror_descent_keeps_its_promise(seed):
    f, best = on_the_simplex(seed)
    M, p = np.abs(f.X.T @ f.X).max(), 6
    for k, x in enumerate(islice(methods.mirror_descent(f, np.full(p, 1 / p), 1 / M), 400)):
        assert np.isclose(x.sum(), 1)
        assert np.all(x >= 0)
        assert k == 0 or f(x) - f(best) <= M * log(p) / k + 1e-10


def test_mirror_descent_is_the_multiplicative_update_and_survives_huge_gradients():
    f, x = Quadratic(np.eye(3), np.array([1.0, 2.0, 3.0])), np.array([0.2, 0.3, 0.5])
    _, x_next = islice(methods.mirror_descent(f, x, 0.1), 2)
    weights = x * np.exp(-0.1 * (x + f.q))
    assert np.allclose(x_next, weights / weights.sum())
    far = list(islice(methods.mirror_descent(f, x, lambda k: 1e6), 4))
    assert np.allclose(far[-1], [1, 0, 0])


@SEEDS
def test_barrier_follows_the_central_path_with_the_gap_it_promises(seed):
    c, G, h, x0, least = linear_program(seed)
    m, t = len(h), 1.0
    for point in islice(methods.barrier(c, G, h, x0), 9):
        assert np.all(G @ point.x < h)
        assert np.all(point.z >= 0)
        assert np.allclose(G.T @ point.z, -c)
        assert -h @ point.z <= least + 1e-9 <= c @ point.x + 2e-9  # weak duality, both sides
        assert np.isclose(point.gap, m / t, rtol=0.01)
        assert np.isclose(point.gap, c @ point.x + h @ point.z)
        t = 10 * t
    assert c @ point.x - least <= 1e-6


def test_barrier_refuses_a_start_on_the_boundary():
    with pytest.raises(ValueError, match="strictly feasible"):
        next(methods.barrier(np.ones(1), -np.ones((1, 1)), np.zeros(1), np.zeros(1)))


def proves_optimality(point, P, q, G, h, A, b, tol=1e-7):
    """The KKT conditions, each relative to the size of its data."""
    return (
        np.all(point.s >= 0)
        and np.all(point.z >= 0)
        and np.linalg.norm(P @ point.x + q + G.T @ point.z + A.T @ point.y) <= tol
        and np.linalg.norm(G @ point.x + point.s - h) <= tol
        and np.linalg.norm(A @ point.x - b) <= tol
        and point.gap <= tol
    )


@SEEDS
def test_mehrotra_solves_linear_programs_in_few_steps_and_proves_it(seed):
    c, G, h, _, least = linear_program(seed)
    trace = list(islice(methods.mehrotra(None, c, G, h), 50))
    none = np.zeros((0, 5)), np.zeros(0)
    assert len(trace) < 30
    assert proves_optimality(trace[-1], np.zeros((5, 5)), c, G, h, *none)
    assert np.isclose(c @ trace[-1].x, least)


@SEEDS
def test_mehrotra_s_corrector_saves_a_quarter_of_the_steps(seed):
    """Without the term ds ∘ dz these programs take 23 to 25 steps."""
    c, G, h, _, _ = linear_program(seed, m=200, p=40)
    assert len(list(islice(methods.mehrotra(None, c, G, h), 50))) <= 20


@SEEDS
def test_mehrotra_shrinks_the_linear_residuals_by_one_minus_the_step(seed):
    """Equations are linear, so they never come back once a full step has met them."""
    c, G, h, _, _ = linear_program(seed)
    trace = islice(methods.mehrotra(None, c, G, h), 50)
    primal = [np.linalg.norm(G @ point.x + point.s - h) for point in trace]
    scale = np.linalg.norm(h) + np.abs(G).sum()
    for residual, residual_next in pairwise(primal):
        assert residual_next <= residual + 1e-13 * scale


@SEEDS
def test_mehrotra_solves_quadratic_programs_with_equalities(seed):
    rng = np.random.default_rng(seed)
    B = rng.standard_normal((3, 6))
    P, q = B.T @ B, rng.standard_normal(6)  # singular: the constraints must help
    G, h = -np.eye(6), np.zeros(6)
    A, b = np.ones((1, 6)), np.ones(1)
    point = list(islice(methods.mehrotra(P, q, G, h, A, b), 50))[-1]
    assert proves_optimality(point, P, q, G, h, A, b)
    f = Quadratic(P, q)
    first_order = list(islice(methods.projected_gradient(f, Simplex(), np.eye(6)[0]), 20000))[-1]
    assert np.isclose(f(point.x), f(first_order), atol=1e-6)


def test_mehrotra_projects_on_the_simplex(rng):
    v = rng.standard_normal(5)
    point = list(
        methods.mehrotra(np.eye(5), -v, -np.eye(5), np.zeros(5), np.ones((1, 5)), np.ones(1))
    )[-1]
    assert np.allclose(point.x, Simplex().project(v), atol=1e-7)


@pytest.mark.parametrize("method", ["barrier", "mehrotra"])
def test_interior_iterates_once_yielded_and_arguments_never_change(method):
    c, G, h, x0, _ = linear_program(0)
    arguments = {"barrier": (c, G, h, x0), "mehrotra": (None, c, G, h)}[method]
    for argument in arguments:
        if argument is not None:
            argument.setflags(write=False)
    points = list(islice(getattr(methods, method)(*arguments), 6))
    copies = list(islice(getattr(methods, method)(*arguments), 6))
    for point, copy in zip(points, copies, strict=True):
        assert all(np.array_equal(a, z) for a, z in zip(point, copy, strict=True))
    assert len({point.x.tobytes() for point in points}) == 6


def test_projection_and_linear_minimisation_agree_on_a_ball():
    f, C = Quadratic(np.diag([1.0, 3.0]), np.array([-4.0, 2.0])), Ball(1.0)
    projected = list(islice(methods.projected_gradient(f, C, np.zeros(2)), 200))[-1]
    frank_wolfe = list(islice(methods.frank_wolfe(f, C, np.zeros(2)), 2000))[-1]
    assert np.allclose(projected, frank_wolfe, atol=1e-3)
    assert np.isclose(np.linalg.norm(projected), 1)
