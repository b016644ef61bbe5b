"""Methods for smooth and composite functions: along the trace, every rate that theory promises."""

from collections import deque
from itertools import islice, pairwise
from math import sqrt

import numpy as np
import pytest
from scipy.optimize import minimize

from helpers import methods
from helpers.objectives import (
    L1,
    AbsoluteDeviations,
    Ball,
    Box,
    ElasticNet,
    LeastSquares,
    Logistic,
    Quadratic,
    Ridge,
    Softmax,
    Zero,
)

SEEDS = pytest.mark.parametrize("seed", range(5))


def last(iterates, k):
    """The k-th iterate, x₀ being the 0-th; the last one if the method ends before."""
    return deque(islice(iterates, k + 1), maxlen=1)[0]


def least_squares(seed, n=15, p=6):
    """A problem, a start and a minimiser, from n < p (not strongly convex) when n = 4."""
    rng = np.random.default_rng(seed)
    f = LeastSquares(rng.standard_normal((n, p)), rng.standard_normal(n))
    return f, rng.standard_normal(p), np.linalg.pinv(f.X) @ f.y


def ill_conditioned(seed, p=8, kappa=1e3):
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.standard_normal((p, p)))[0]
    P = (Q * np.geomspace(1, kappa, p)) @ Q.T
    f = Quadratic((P + P.T) / 2, rng.standard_normal(p))
    return f, rng.standard_normal(p), np.linalg.solve(f.P, -f.q)


def logistic(seed, lam=0.5):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((20, 4)), np.where(rng.random(20) < 0.5, -1.0, 1.0)
    f = Logistic(X, y, lam)
    found = minimize(f, np.zeros(4), jac=f.grad, hess=f.hess, method="trust-exact", tol=1e-12)
    return f, 3 * rng.standard_normal(4), found.x


def lasso(seed, n=10, p=20, lam=0.8):
    """A lasso with more columns than rows, a start, and its minimum by another algorithm."""
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    f, g = LeastSquares(X, y), L1(lam)
    split = minimize(  # w = u − v, u, v ≥ 0 makes it smooth
        lambda z: f(z[:p] - z[p:]) + lam * z.sum(),
        np.zeros(2 * p),
        jac=lambda z: np.r_[f.grad(z[:p] - z[p:]), -f.grad(z[:p] - z[p:])] + lam,
        bounds=[(0, None)] * (2 * p),
        method="L-BFGS-B",
        options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 20000, "maxfun": 100000},
    )
    return f, g, rng.standard_normal(p), split.x[:p] - split.x[p:]


@SEEDS
@pytest.mark.parametrize("n", [15, 4])
def test_gradient_descent_keeps_its_sublinear_promise(seed, n):
    f, x0, best = least_squares(seed, n)
    best = x0 + np.linalg.pinv(f.X) @ (f.y - f.X @ x0)  # the minimiser nearest to x₀
    R = np.linalg.norm(x0 - best)
    for k, x in enumerate(islice(methods.gradient_descent(f, x0, 1 / f.L), 1, 300), start=1):
        assert f(x) - f(best) <= f.L * R**2 / (2 * k) + 1e-12


@SEEDS
def test_gradient_descent_keeps_its_linear_promise(seed):
    f, x0, best = ill_conditioned(seed, kappa=50)
    for k, x in enumerate(islice(methods.gradient_descent(f, x0, 2 / (f.L + f.mu)), 200)):
        shrunk = ((f.L - f.mu) / (f.L + f.mu)) ** k
        assert np.linalg.norm(x - best) <= shrunk * np.linalg.norm(x0 - best) + 1e-10


@SEEDS
def test_every_gradient_step_obeys_the_descent_lemma(seed):
    f, x0, _ = logistic(seed)
    trace = list(islice(methods.gradient_descent(f, x0, 1 / f.L), 50))
    for x, x_next in pairwise(trace):
        assert f(x_next) <= f(x) - f.grad(x) @ f.grad(x) / (2 * f.L) + 1e-12


def test_gradient_descent_falls_off_the_cliff_at_two_over_L():
    f, x0, best = ill_conditioned(0, kappa=10)
    at_rest = np.linalg.norm(x0 - best)
    assert np.linalg.norm(last(methods.gradient_descent(f, x0, 1.99 / f.L), 2000) - best) < 1e-6
    diverged = last(methods.gradient_descent(f, x0, 2.01 / f.L), 2000)
    assert np.linalg.norm(diverged - best) > 1e3 * at_rest


@SEEDS
def test_backtracking_returns_the_first_step_that_meets_its_condition(seed):
    f, x, _ = logistic(seed)
    d = -20 * f.grad(x)

    def enough(t):
        return f(x + t * d) <= f(x) + 0.3 * t * (f.grad(x) @ d)

    t = methods.backtracking(f, x, d, alpha=0.3, beta=0.7, step=2.0)
    tried = [2.0 * 0.7**k for k in range(round(np.log(t / 2.0) / np.log(0.7)) + 1)]
    assert np.isclose(tried[-1], t)
    assert enough(t)
    assert not any(enough(other) for other in tried[:-1])


def test_backtracking_refuses_to_go_uphill_and_ends_on_nan():
    f = Quadratic(np.eye(2), np.zeros(2))
    with pytest.raises(ValueError, match="downhill"):
        methods.backtracking(f, np.ones(2), np.ones(2))
    assert methods.backtracking(f, np.full(2, np.nan), np.ones(2)) == 0


@SEEDS
def test_gradient_descent_with_backtracking_keeps_its_promise(seed):
    f, x0, best = least_squares(seed)
    slowest = min(1.0, 0.5 / f.L)
    R = np.linalg.norm(x0 - best)
    trace = islice(methods.gradient_descent_backtracking(f, x0), 1, 200)
    for k, x in enumerate(trace, start=1):
        assert f(x) - f(best) <= R**2 / (2 * slowest * k) + 1e-12


@SEEDS
@pytest.mark.parametrize("n", [15, 4])
def test_nesterov_keeps_its_quadratic_promise(seed, n):
    f, x0, _ = least_squares(seed, n)
    best = x0 + np.linalg.pinv(f.X) @ (f.y - f.X @ x0)
    R = np.linalg.norm(x0 - best)
    for k, x in enumerate(islice(methods.nesterov(f, x0), 300)):
        assert f(x) - f(best) <= 2 * f.L * R**2 / (k + 1) ** 2 + 1e-12


@SEEDS
def test_nesterov_with_mu_shrinks_by_the_square_root_of_the_condition_number(seed):
    f, x0, best = ill_conditioned(seed)
    start = f(x0) - f(best) + f.mu / 2 * np.sum((x0 - best) ** 2)
    for k, x in enumerate(islice(methods.nesterov(f, x0, mu=f.mu), 500)):
        assert f(x) - f(best) <= (1 - sqrt(f.mu / f.L)) ** k * start + 1e-9


@SEEDS
def test_heavy_ball_attains_the_optimal_rate_on_a_quadratic(seed):
    f, x0, best = ill_conditioned(seed, kappa=100)
    q = (sqrt(f.L) - sqrt(f.mu)) / (sqrt(f.L) + sqrt(f.mu))
    ball = methods.heavy_ball(f, x0, 4 / (sqrt(f.L) + sqrt(f.mu)) ** 2, q**2)
    plain = methods.gradient_descent(f, x0, 2 / (f.L + f.mu))
    error = np.linalg.norm(last(ball, 100) - best) / np.linalg.norm(x0 - best)
    assert error <= 4 * 100 * q**100  # a double root: k q^k times a constant
    assert error < 1e-3 * np.linalg.norm(last(plain, 100) - best)


def test_heavy_ball_without_momentum_is_gradient_descent():
    f, x0, _ = ill_conditioned(0)
    plain, ball = methods.gradient_descent(f, x0, 1 / f.L), methods.heavy_ball(f, x0, 1 / f.L, 0.0)
    assert np.array_equal(last(plain, 10), last(ball, 10))


@SEEDS
def test_subgradient_method_keeps_its_promise(seed):
    rng = np.random.default_rng(seed)
    X, best = rng.standard_normal((12, 3)), rng.standard_normal(3)
    f, x0 = AbsoluteDeviations(X, X @ best), np.zeros(3)  # f* = 0 at `best`
    G = np.abs(X).sum(axis=0) @ np.abs(X).sum(axis=0)  # ‖Xᵀs‖² ≤ this for every |sᵢ| ≤ 1
    lowest, steps = np.inf, []
    trace = methods.subgradient_method(f, x0, lambda k: 0.1 / sqrt(k + 1))
    for k, x in enumerate(islice(trace, 2000)):
        if k:
            bound = (best @ best + G * np.sum(np.square(steps))) / (2 * np.sum(steps))
            assert lowest <= bound
        lowest = min(lowest, f(x))
        steps.append(0.1 / sqrt(k + 1))
    assert lowest < 0.05 * f(x0)


@SEEDS
def test_newton_squares_the_error(seed):
    f, x0, best = logistic(seed)
    errors = [np.linalg.norm(x - best) for x in islice(methods.newton(f, x0), 12)]
    assert errors[-1] < 1e-7  # as far as SciPy took its answer
    near = [(e, e_next) for e, e_next in pairwise(errors) if 1e-3 < e < 0.3]
    assert near
    assert all(e_next <= 2 * e**2 for e, e_next in near)


def test_newton_needs_one_step_on_a_quadratic_and_does_not_care_for_units():
    f, x0, best = ill_conditioned(3)
    assert np.allclose(last(methods.newton(f, x0), 1), best)
    g, w0, _ = logistic(3)
    T = np.diag([1, 10, 100, 0.1])
    scaled = Logistic(g.X @ T, g.y, 0.0)
    plain = Logistic(g.X, g.y, 0.0)
    w0 = 0.1 * w0
    for w, v in islice(
        zip(methods.newton(plain, w0), methods.newton(scaled, np.linalg.solve(T, w0)), strict=True),
        4,
    ):
        assert np.allclose(w, T @ v)


def test_undamped_newton_diverges_where_the_damped_one_arrives():
    f = Logistic(np.ones((2, 1)), np.array([1.0, -1.0]), 0.0)  # minimum at 0
    x0 = np.array([2.5])
    assert abs(last(methods.newton(f, x0), 20)[0]) < 1e-9
    assert abs(last(methods.newton(f, x0, damped=False), 2)[0]) > abs(x0[0])


def test_newton_handles_a_matrix_of_weights(rng):
    f = Softmax(rng.standard_normal((15, 3)), np.arange(15) % 3, 0.5)
    W = last(methods.newton(f, np.zeros((3, 3))), 10)
    assert W.shape == (3, 3)
    assert np.linalg.norm(f.grad(W)) < 1e-10


@SEEDS
def test_newton_decrement_estimates_the_distance_to_the_minimum(seed):
    f, x0, best = ill_conditioned(seed)
    assert np.isclose(methods.newton_decrement(f, x0) ** 2 / 2, f(x0) - f(best))


@SEEDS
def test_wolfe_step_decreases_and_flattens(seed):
    f, x, _ = logistic(seed)
    d = -0.01 * f.grad(x)
    t = methods.wolfe(f, x, d)
    slope = f.grad(x) @ d
    assert f(x + t * d) <= f(x) + 1e-4 * t * slope
    assert f.grad(x + t * d) @ d >= 0.9 * slope


def test_bfgs_update_meets_the_secant_equation_and_stays_positive_definite(rng):
    A = rng.standard_normal((5, 5))
    H, s = A @ A.T + np.eye(5), rng.standard_normal(5)
    v = s + 0.1 * rng.standard_normal(5)
    H_next = methods.bfgs_update(H, s, v)
    assert np.allclose(H_next @ v, s)
    assert np.allclose(H_next, H_next.T)
    assert np.linalg.eigvalsh(H_next)[0] > 0


@SEEDS
@pytest.mark.parametrize("method", [methods.bfgs, methods.lbfgs], ids=["bfgs", "lbfgs"])
def test_quasi_newton_reaches_scipy_s_optimum_and_stays_there(seed, method):
    for f, x0, best in (logistic(seed), ill_conditioned(seed)):
        x = last(method(f, x0), 100)
        assert np.linalg.norm(x - best) < 1e-6
        assert np.linalg.norm(f.grad(x)) < 1e-5


def test_lbfgs_that_remembers_everything_takes_the_steps_of_bfgs():
    """Its scaling is renewed at each step, so they agree until BFGS has two updates."""
    f, x0, _ = logistic(1)
    full, limited = methods.bfgs(f, x0), methods.lbfgs(f, x0, memory=50)
    for x, z in islice(zip(full, limited, strict=True), 3):
        assert np.allclose(x, z)


@SEEDS
def test_bfgs_is_superlinear(seed):
    f, x0, best = logistic(seed)
    errors = [np.linalg.norm(x - best) for x in islice(methods.bfgs(f, x0), 40)]
    ratios = [b / a for a, b in pairwise(errors) if 1e-8 < b < a]
    assert np.prod(ratios[-3:]) < 0.1 * np.prod(ratios[:3])
    assert min(ratios) < 0.1


@SEEDS
def test_conjugate_gradient_ends_after_as_many_steps_as_distinct_eigenvalues(seed):
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.standard_normal((30, 30)))[0]
    A = (Q * np.repeat([1.0, 4.0, 9.0], 10)) @ Q.T
    b = rng.standard_normal(30)
    trace = list(islice(methods.conjugate_gradient(A, b, np.zeros(30)), 4))
    assert np.linalg.norm(A @ trace[3] - b) < 1e-10
    assert np.linalg.norm(A @ trace[2] - b) > 1e-4


@SEEDS
def test_conjugate_gradient_keeps_its_promise_and_is_best_in_its_krylov_space(seed):
    f, x0, best = ill_conditioned(seed, kappa=100)
    A, b = f.P, -f.q
    q = (sqrt(f.L) - sqrt(f.mu)) / (sqrt(f.L) + sqrt(f.mu))

    def length(e):
        return sqrt(e @ A @ e)

    krylov = [b - A @ x0]
    for k, x in enumerate(islice(methods.conjugate_gradient(A, b, x0), 6)):
        assert length(x - best) <= 2 * q**k * length(x0 - best)
        if k:
            K = np.linalg.qr(np.column_stack(krylov[:k]))[0]
            assert np.allclose(K.T @ (A @ x - b), 0, atol=1e-8)  # the residual is orthogonal to it
        krylov.append(A @ krylov[-1])


def test_conjugate_gradient_ends_at_once_at_the_solution():
    assert len(list(methods.conjugate_gradient(np.eye(3), np.ones(3), np.ones(3)))) == 1


@SEEDS
def test_ista_and_fista_keep_their_promises(seed):
    f, g, x0, best = lasso(seed)
    least, R = f(best) + g(best), np.linalg.norm(x0 - best)
    for k, x in enumerate(islice(methods.ista(f, g, x0), 300)):
        assert k == 0 or f(x) + g(x) - least <= f.L * R**2 / (2 * k) + 1e-9
    for k, x in enumerate(islice(methods.fista(f, g, x0), 300)):
        assert f(x) + g(x) - least <= 2 * f.L * R**2 / (k + 1) ** 2 + 1e-9


def composite_methods():
    yield "ista", lambda f, g, x: methods.ista(f, g, x), 20000
    yield "fista", lambda f, g, x: methods.fista(f, g, x), 5000
    yield "fista with restart", lambda f, g, x: methods.fista(f, g, x, restart=True), 2000
    yield "admm", lambda f, g, x: methods.admm(f, g, x, rho=3.0), 3000
    yield "douglas-rachford", lambda f, g, x: methods.douglas_rachford(g, f, x, 0.3), 3000
    yield (
        "coordinate descent",
        lambda f, g, x: methods.coordinate_descent(f.X, f.y, g.lam, x),
        3000,
    )


@pytest.mark.parametrize(
    ("method", "k"), [c[1:] for c in composite_methods()], ids=[c[0] for c in composite_methods()]
)
def test_lasso_methods_agree_with_another_algorithm_and_with_the_optimality_conditions(method, k):
    f, g, x0, best = lasso(2)
    w = last(method(f, g, x0), k)
    assert f(w) + g(w) <= f(best) + g(best) + 1e-8
    pull = -f.grad(w)
    assert np.all(np.abs(pull) <= g.lam * (1 + 1e-5))
    assert np.allclose(pull[np.abs(w) > 1e-6], g.lam * np.sign(w[np.abs(w) > 1e-6]), atol=1e-4)


@SEEDS
def test_restart_makes_fista_linear_where_it_would_ripple(seed):
    f, x0, best = ill_conditioned(seed, kappa=1e3)
    plain = f(last(methods.fista(f, Zero(), x0), 600)) - f(best)
    restarted = f(last(methods.fista(f, Zero(), x0, restart=True), 600)) - f(best)
    assert restarted < 1e-9 < plain


def test_fista_without_g_is_nesterov_s_method():
    f, x0, _ = least_squares(0)
    assert np.array_equal(last(methods.fista(f, Zero(), x0), 20), last(methods.nesterov(f, x0), 20))


@SEEDS
def test_coordinate_descent_never_rises_and_solves_the_elastic_net(seed):
    f, _, x0, _ = lasso(seed)
    g = ElasticNet(0.5, 0.7)
    sweeps = list(islice(methods.coordinate_descent(f.X, f.y, 0.5, x0, lam2=0.7), 300))
    values = [f(w) + g(w) for w in sweeps]
    assert np.all(np.diff(values) <= 1e-12)
    w = sweeps[-1]
    assert np.allclose(w, g.prox(w - f.grad(w), 1.0), atol=1e-8)  # a fixed point is a minimiser


def test_coordinate_descent_takes_integers_and_zero_columns():
    X = np.array([[1.0, 0.0], [1.0, 0.0]])
    w = last(methods.coordinate_descent(X, np.array([1, 2]), 0.5, np.array([0, 0])), 5)
    assert np.allclose(w, [1.25, 0])


def test_admm_is_douglas_rachford_with_the_roles_exchanged():
    """ADMM's z is Douglas-Rachford's x when the latter starts from ADMM's first x + u."""
    f, g, x0, _ = lasso(1)
    start = f.prox(x0, 0.5)
    splitting = methods.douglas_rachford(g, f, start, 0.5)
    alternating = islice(methods.admm(f, g, x0, 2.0), 1, 8)
    for z, x in zip(alternating, islice(splitting, 7), strict=True):
        assert np.allclose(z, x)


def test_douglas_rachford_finds_a_point_of_two_sets():
    line = Box(np.array([0.6, -np.inf]), np.array([0.6, np.inf]))
    x = last(methods.douglas_rachford(Ball(1.0), line, np.array([-3.0, 4.0])), 500)
    assert Ball(1.0).contains(x, 1e-6)
    assert line.contains(x, 1e-6)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_ridge_by_gradient_descent_has_the_closed_form(rng):
    f = Ridge(rng.standard_normal((9, 4)), rng.standard_normal(9), 2.0)
    w = last(methods.gradient_descent(f, np.zeros(4), 1 / f.L), 500)
    assert np.allclose(w, np.linalg.solve(f.X.T @ f.X + 2 * np.eye(4), f.X.T @ f.y))
