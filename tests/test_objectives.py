"""Objectives: calculus against finite differences, constants against spectra, prox by theorems."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from helpers.objectives import (
    L1,
    L2,
    AbsoluteDeviations,
    Ball,
    Box,
    ElasticNet,
    HalfSpace,
    Hinge,
    Huber,
    L1Ball,
    LeastSquares,
    LogBarrier,
    Logistic,
    NonNegative,
    Nuclear,
    NuclearBall,
    Quadratic,
    Quantile,
    Ridge,
    Simplex,
    Softmax,
    SpectralBall,
    SquaredL2,
    Zero,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


SEED = np.random.default_rng(1)
X = SEED.standard_normal((12, 4))
Y = SEED.standard_normal(12)
SIGNS = np.where(SEED.random(12) < 0.5, -1.0, 1.0)
CLASSES = np.arange(12) % 3
WIDE = SEED.standard_normal((4, 12))
SQUARE = SEED.standard_normal((4, 4))

MODELS = {
    "least squares": LeastSquares(X, Y),
    "least squares, n < p": LeastSquares(WIDE, Y[:4]),
    "ridge": Ridge(X, Y, 0.7),
    "logistic": Logistic(X, SIGNS),
    "logistic with a penalty": Logistic(X, SIGNS, 0.3),
    "softmax": Softmax(X, CLASSES, 0.2),
    "huber": Huber(X, Y, delta=0.4, lam=0.1),
}
SMOOTH = MODELS | {
    "quadratic": Quadratic(SQUARE @ SQUARE.T, Y[:4]),
    "indefinite quadratic": Quadratic(SQUARE + SQUARE.T, Y[:4]),
    "squared norm": SquaredL2(0.6),
    "log barrier": LogBarrier(Y[:4], X, 9 + SEED.random(12), t=3.0),
}
PIECEWISE = {
    "quantile": Quantile(X, Y, 0.2, 0.1),
    "absolute deviations": AbsoluteDeviations(X, Y),
    "hinge": Hinge(X, SIGNS, 2.0),
}
PENALTIES = {
    "zero": (Zero(), (5,)),
    "L1": (L1(0.7), (5,)),
    "squared L2": (SquaredL2(0.7), (5,)),
    "L2": (L2(0.7), (5,)),
    "elastic net": (ElasticNet(0.5, 0.8), (5,)),
    "nuclear": (Nuclear(0.7), (3, 4)),
}
SETS = {
    "box": (Box(-0.5, np.array([0.1, 0.5, 1, 2, 0])), (5,)),
    "simplex": (Simplex(), (5,)),
    "scaled simplex": (Simplex(3.0), (5,)),
    "ball": (Ball(0.8, np.array([1.0, 0, 0, 0, 0])), (5,)),
    "L1 ball": (L1Ball(1.5), (5,)),
    "half-space": (HalfSpace(np.array([1.0, -2, 0, 1, 3]), 0.5), (5,)),
    "non-negative orthant": (NonNegative(), (5,)),
    "spectral ball": (SpectralBall(0.9), (3, 4)),
    "nuclear ball": (NuclearBall(1.2), (3, 4)),
}
SMOOTH_WITH_PROX = {
    "least squares": (LeastSquares(X, Y), (4,)),
    "least squares, n < p": (LeastSquares(WIDE, Y[:4]), (12,)),
    "ridge": (Ridge(X, Y, 0.7), (4,)),
    "quadratic": (SMOOTH["quadratic"], (4,)),
}
WITH_PROX = PENALTIES | SETS | {f"smooth: {k}": v for k, v in SMOOTH_WITH_PROX.items()}


def named(table):
    return pytest.mark.parametrize("case", table.values(), ids=table.keys())


def some_point(f, rng):
    if isinstance(f, Softmax):
        return rng.standard_normal((f.X.shape[1], f.K))
    p = f.X.shape[1] if hasattr(f, "X") else 4
    return rng.standard_normal(p)


def finite_difference(f, x, h=1e-6):
    slopes = [
        (f((x.ravel() + h * e).reshape(x.shape)) - f((x.ravel() - h * e).reshape(x.shape)))
        / (2 * h)
        for e in np.eye(x.size)
    ]
    return np.moveaxis(np.array(slopes), 0, -1)


@named(SMOOTH)
def test_gradient_agrees_with_finite_differences(case, rng):
    x = some_point(case, rng)
    assert case.grad(x).shape == x.shape
    assert np.allclose(finite_difference(case, x), case.grad(x).ravel(), rtol=1e-6, atol=1e-6)


@named(SMOOTH)
def test_hessian_agrees_with_finite_differences_of_the_gradient(case, rng):
    x = some_point(case, rng)
    expected = finite_difference(lambda z: case.grad(z).ravel(), x)
    assert np.allclose(case.hess(x), expected, rtol=1e-5, atol=1e-5)


@named({k: f for k, f in SMOOTH.items() if k != "log barrier"})
def test_mu_and_L_bound_the_spectrum_of_every_hessian(case, rng):
    for scale in (0.0, 0.1, 1.0, 10.0):
        spectrum = np.linalg.eigvalsh(case.hess(scale * some_point(case, rng)))
        assert case.mu - 1e-9 <= spectrum[0]
        assert np.abs(spectrum).max() <= case.L * (1 + 1e-12)


@named({k: SMOOTH[k] for k in ("least squares", "ridge", "quadratic", "indefinite quadratic")})
def test_mu_and_L_are_exact_for_quadratics(case):
    spectrum = np.linalg.eigvalsh(case.hess(np.zeros(4)))
    assert np.isclose(case.L, np.abs(spectrum).max())
    assert np.isclose(case.mu, spectrum[0])


def test_least_squares_with_fewer_rows_than_columns_is_not_strongly_convex():
    assert MODELS["least squares, n < p"].mu == 0


@named(MODELS)
def test_terms_add_up_to_the_gradient_and_obey_L_max(case, rng):
    w, z = some_point(case, rng), some_point(case, rng)
    rows = np.arange(case.n)
    assert np.allclose(case.grad_terms(w, rows).sum(axis=0), case.grad(w))
    assert np.allclose(case.grad_terms(w, [3, 1]), case.grad_terms(w, rows)[[3, 1]])
    change = (case.grad_terms(w, rows) - case.grad_terms(z, rows)).reshape(case.n, -1)
    assert np.all(np.linalg.norm(change, axis=1) <= case.L_max * np.linalg.norm(w - z) * (1 + 1e-9))


@named(PIECEWISE)
def test_subgradients_support_the_function_everywhere(case, rng):
    for _ in range(50):
        w, z = some_point(case, rng), some_point(case, rng)
        assert case(z) >= case(w) + case.subgrad(w) @ (z - w) - 1e-10
    w = np.linalg.lstsq(case.X[:4], case.y[:4])[0]  # on four kinks at once
    assert case(z) >= case(w) + case.subgrad(w) @ (z - w) - 1e-10


@named(PIECEWISE)
def test_subgradient_is_the_gradient_away_from_kinks(case, rng):
    w = some_point(case, rng)
    assert np.allclose(finite_difference(case, w), case.subgrad(w), atol=1e-6)


@named(PENALTIES)
def test_penalty_subgradients_support_the_function(case, rng):
    g, shape = case
    for x in (rng.standard_normal(shape), np.zeros(shape)):
        z = rng.standard_normal(shape)
        assert g(z) >= g(x) + np.vdot(g.subgrad(x), z - x) - 1e-10


@named(WITH_PROX)
def test_prox_minimises_its_definition(case, rng):
    """By strong convexity the objective at z exceeds its minimum by ‖z − prox‖² / (2 step)."""
    g, shape = case
    for step in (0.3, 2.0):
        v = 2 * rng.standard_normal(shape)
        best = g.prox(v, step)
        least = g(best) + np.sum((best - v) ** 2) / (2 * step)
        for scale in (1e-3, 0.1, 1.0):
            z = best + scale * rng.standard_normal(shape)
            z = g.project(z) if hasattr(g, "project") else z
            excess = g(z) + np.sum((z - v) ** 2) / (2 * step) - least
            assert excess >= np.sum((z - best) ** 2) / (2 * step) - 1e-9


@named(WITH_PROX)
def test_prox_is_firmly_non_expansive(case, rng):
    g, shape = case
    for _ in range(20):
        u, v = 2 * rng.standard_normal(shape), 2 * rng.standard_normal(shape)
        change = g.prox(u, 0.7) - g.prox(v, 0.7)
        assert np.sum(change**2) <= np.vdot(change, u - v) + 1e-10


@named({k: PENALTIES[k] for k in ("L1", "squared L2", "L2", "nuclear")})
def test_moreau_splits_a_point_between_a_function_and_its_conjugate(case, rng):
    g, shape = case
    for step in (0.3, 1.0, 2.0):
        v = 2 * rng.standard_normal(shape)
        p = g.prox(v, step)
        assert np.allclose(v, p + step * g.conjugate.prox(v / step, 1 / step))
        u = (v - p) / step  # Fenchel-Young holds with equality exactly for a subgradient u at p
        assert np.isclose(g(p) + g.conjugate(u), np.vdot(u, p))


def test_moreau_splits_a_point_between_a_cone_and_its_polar(rng):
    v = rng.standard_normal(6)
    plus, minus = NonNegative().project(v), -NonNegative().project(-v)
    assert np.allclose(v, plus + minus)
    assert plus @ minus == 0


@named({k: v for k, v in SMOOTH_WITH_PROX.items()})
def test_prox_of_a_smooth_function_solves_its_optimality_equation(case, rng):
    f, shape = case
    v = rng.standard_normal(shape)
    x = f.prox(v, 0.4)
    assert np.allclose(x + 0.4 * f.grad(x), v)


@named(SETS)
def test_projection_satisfies_the_variational_inequality(case, rng):
    """⟨v − Pv, z − Pv⟩ ≤ 0 for every z in the set characterises the projection Pv."""
    C, shape = case
    for _ in range(20):
        v, z = 2 * rng.standard_normal(shape), C.project(3 * rng.standard_normal(shape))
        p = C.project(v)
        assert C.contains(p)
        assert C(p) == 0
        assert np.allclose(C.project(p), p)
        assert np.vdot(v - p, z - p) <= 1e-10


@named({k: v for k, v in SETS.items() if k not in ("half-space", "non-negative orthant")})
def test_lmo_is_in_the_set_and_no_point_of_it_is_lower(case, rng):
    C, shape = case
    for _ in range(20):
        c, z = rng.standard_normal(shape), C.project(5 * rng.standard_normal(shape))
        s = C.lmo(c)
        assert C.contains(s)
        assert np.vdot(c, s) <= np.vdot(c, z) + 1e-10


def test_lmo_refuses_directions_without_a_minimum():
    with pytest.raises(ValueError, match="no minimum"):
        NonNegative().lmo(np.array([1.0, -1.0]))
    with pytest.raises(ValueError, match="no minimum"):
        HalfSpace(np.array([1.0, 0.0]), 2.0).lmo(np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="no minimum"):
        Box(0.0, np.inf).lmo(np.array([-1.0, 1.0]))
    assert np.array_equal(NonNegative().lmo(np.array([1.0, 0.0])), [0, 0])
    assert np.allclose(HalfSpace(np.array([1.0, 1.0]), 2.0).lmo(np.array([-3.0, -3.0])), [1, 1])


@named(SETS)
def test_indicators_are_infinite_outside_and_for_nan(case):
    C, shape = case
    outside = np.full(shape, 50.0) * (-1.0) ** np.arange(np.prod(shape)).reshape(shape)
    assert C(outside) == np.inf
    assert C(np.full(shape, np.nan)) == np.inf


def test_simplex_projection_agrees_with_a_quadratic_solver(rng):
    v = rng.standard_normal(6)
    result = minimize(
        lambda x: np.sum((x - v) ** 2) / 2,
        np.full(6, 1 / 6),
        jac=lambda x: x - v,
        bounds=[(0, None)] * 6,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    assert np.allclose(Simplex().project(v), result.x, atol=1e-6)


def test_absolute_deviations_at_the_linear_program_s_answer_have_its_value():
    n, p = X.shape
    result = linprog(
        np.r_[np.zeros(p), np.ones(n)],
        np.block([[X, -np.eye(n)], [-X, -np.eye(n)]]),
        np.r_[Y, -Y],
        bounds=(None, None),
    )
    assert np.isclose(AbsoluteDeviations(X, Y)(result.x[:p]), result.fun)
    assert np.isclose(2 * Quantile(X, Y, 0.5)(result.x[:p]), result.fun)


def test_two_class_softmax_is_logistic_regression(rng):
    w = rng.standard_normal(4)
    labels = (SIGNS > 0).astype(int)
    W = np.column_stack([np.zeros(4), w])
    assert np.isclose(Softmax(X, labels)(W), Logistic(X, SIGNS)(w))
    assert np.allclose(Softmax(X, labels).grad(W)[:, 1], Logistic(X, SIGNS).grad(w))


def test_huber_with_a_large_delta_is_ridge_and_with_a_small_one_tends_to_absolute_deviations(rng):
    w = rng.standard_normal(4)
    assert np.isclose(Huber(X, Y, 1e6, 0.3)(w), Ridge(X, Y, 0.3)(w))
    assert np.isclose(Huber(X, Y, 1e-9)(w) / 1e-9, AbsoluteDeviations(X, Y)(w))


@pytest.mark.filterwarnings("error")
def test_enormous_scores_overflow_nowhere():
    far = 1e6 * np.ones(4)
    f = Logistic(X, SIGNS)
    exact = np.maximum(0, -SIGNS * (X @ far)).sum()
    assert np.isclose(f(far), exact)
    assert np.all(np.isfinite(f.grad(far)))
    assert np.all(np.isfinite(f.hess(far)))
    g, W = Softmax(X, CLASSES), 1e6 * np.arange(12.0).reshape(4, 3)
    assert np.isfinite(g(W))
    assert np.all(np.isfinite(g.grad(W)))
    assert np.all(np.isfinite(g.hess(W)))


def test_log_barrier_is_infinite_outside_the_polyhedron():
    f = LogBarrier(np.ones(1), np.ones((1, 1)), np.ones(1))
    assert f(np.array([1.0])) == np.inf
    assert f(np.array([2.0])) == np.inf


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: LeastSquares(X, Y[:, None]), r"y must have shape \(12,\)"),
        (lambda: LeastSquares(X[0], Y), "X must be a matrix"),
        (lambda: LeastSquares(X * np.nan, Y), "X holds NaN"),
        (lambda: LeastSquares(X, Y + np.inf), "y holds NaN or infinity"),
        (lambda: Ridge(X, Y, -1.0), "lam must be"),
        (lambda: Ridge(X, Y, np.nan), "lam must be"),
        (lambda: Logistic(X, CLASSES), "-1 and"),
        (lambda: Softmax(X, Y), "integers"),
        (lambda: Softmax(X, CLASSES, classes=2), "class 2"),
        (lambda: Huber(X, Y, 0.0), "delta must be positive"),
        (lambda: Quantile(X, Y, 1.0), "tau must lie"),
        (lambda: Hinge(X, SIGNS, -1.0), "C must be"),
        (lambda: Quadratic(SQUARE, Y[:4]), "symmetric"),
        (lambda: Quadratic(np.eye(4), Y), r"q must have shape \(4,\)"),
        (lambda: LogBarrier(Y[:4], X, Y, t=0.0), "t must be positive"),
        (lambda: LogBarrier(Y[:4], X, Y[:3]), "h must have shape"),
        (lambda: L1(-1.0), "lam must be"),
        (lambda: ElasticNet(1.0, -1.0), "lam2 must be"),
        (lambda: SquaredL2(0.0).conjugate, "lam must be positive"),
        (lambda: Box(1.0, 0.0), "low must be"),
        (lambda: Simplex(0.0), "total must be"),
        (lambda: Ball(-1.0), "radius must be"),
        (lambda: HalfSpace(np.zeros(2), 1.0), "a must not be zero"),
    ],
)
def test_bad_input_is_refused_by_name(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


def test_nothing_writes_into_its_arguments(rng):
    for f in [*SMOOTH.values(), *PIECEWISE.values()]:
        x = some_point(f, rng)
        x.setflags(write=False)
        f(x)
        f.grad(x) if hasattr(f, "grad") else f.subgrad(x)
    for g, shape in WITH_PROX.values():
        v = rng.standard_normal(shape)
        v.setflags(write=False)
        g.prox(v, 0.5)
