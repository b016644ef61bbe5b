"""Lesson 03, duality: what is asked, how an answer is proved right, which mistakes have a name."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import linprog, nnls

from .exercise import Arguments, Exercise, Oracle

LESSON = "03"


# --- lagrangian_dual_qp ------------------------------------------------------------------------


def lagrangian_dual_qp(z, P, q, G, h):
    """The dual function of min ½xᵀPx + qᵀx subject to Gx ≤ h, at the multipliers z ≥ 0.

    P is n x n, symmetric and positive definite, q has n entries, G is m x n, h and z have m.
    Return (x, g): the x that minimises the Lagrangian L(x, z) = ½xᵀPx + qᵀx + zᵀ(Gx − h) over
    all x, feasible or not, and the value g = L(x, z), one number.
    """
    x = -np.linalg.solve(P, q + G.T @ z)
    return x, x @ P @ x / 2 + q @ x + z @ (G @ x - h)


def _quadratic_programs(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, m in [(1, 1), (2, 3), (4, 2), (3, 3)]:
        B = rng.standard_normal((n, n))
        P = np.round(B @ B.T, 1) + np.eye(n)
        z = np.round(rng.exponential(1, m), 1) + 0.1
        z[1:2] = 0  # a constraint without a price
        q, G, h = (rng.standard_normal(size) for size in (n, (m, n), m))
        yield dict(z=z, P=P, q=np.round(q, 1) + 0.05, G=np.round(G, 1) + 0.05, h=np.round(h, 1))


def _minimises_the_lagrangian(
    value: Any, z: np.ndarray, P: np.ndarray, q: np.ndarray, G: np.ndarray, h: np.ndarray
) -> bool | str:
    """L is convex in x: x minimises it exactly when the gradient is zero, and g must be L there."""
    x, g = value
    slope = P @ x + q + G.T @ z
    size = 1 + np.abs(q).max() + np.abs(G.T @ z).max() + np.abs(P).max() * np.abs(x).max()
    if np.abs(slope).max() > 1e-5 * size:
        i = int(np.abs(slope).argmax())
        return (
            f"at a minimiser of L(·, z) its gradient Px + q + Gᵀz is zero; at your x entry {i} of "
            f"it is {slope[i]:.6g}"
        )
    terms = np.array([x @ P @ x / 2, q @ x, z @ (G @ x - h)])
    if abs(g - terms.sum()) <= 1e-5 * (1 + np.abs(terms).sum()):
        return True
    return f"your x minimises L(·, z), and there L(x, z) = {terms.sum():.6g}; your g is {g:.6g}"


def _lagrangian(x, z, P, q, G, h):
    return x @ P @ x / 2 + q @ x + z @ (G @ x - h)


def ignored_the_prices(z, P, q, G, h):
    """You minimised the objective alone: the prices z pull x as well, so minimise
    ½xᵀPx + qᵀx + zᵀGx."""
    x = -np.linalg.solve(P, q)
    return x, _lagrangian(x, z, P, q, G, h)


def lost_the_minus(z, P, q, G, h):
    """Your x has the wrong sign: Px + q + Gᵀz = 0 gives Px = −(q + Gᵀz)."""
    x = np.linalg.solve(P, q + G.T @ z)
    return x, _lagrangian(x, z, P, q, G, h)


def rewarded_violation(z, P, q, G, h):
    """You subtracted zᵀ(Gx − h): that rewards a violated constraint. With Gx ≤ h the price is
    added."""
    x = -np.linalg.solve(P, q - G.T @ z)
    return x, _lagrangian(x, -z, P, q, G, h)


def value_of_the_objective(z, P, q, G, h):
    """Your g is the objective at x, without the prices: g is the whole Lagrangian there."""
    x = -np.linalg.solve(P, q + G.T @ z)
    return x, x @ P @ x / 2 + q @ x


def forgot_h(z, P, q, G, h):
    """You left −hᵀz out of g: it does not move x, but it counts in the value."""
    x = -np.linalg.solve(P, q + G.T @ z)
    return x, x @ P @ x / 2 + q @ x + z @ (G @ x)


def wrong_sign_of_h(z, P, q, G, h):
    """You added hᵀz: the constraint is Gx − h ≤ 0, so h comes with a minus."""
    x = -np.linalg.solve(P, q + G.T @ z)
    return x, x @ P @ x / 2 + q @ x + z @ (G @ x + h)


def lost_the_half(z, P, q, G, h):
    """You lost the ½ in front of xᵀPx: its gradient is Px, not 2Px."""
    x = -np.linalg.solve(2 * P, q + G.T @ z)
    return x, x @ P @ x + q @ x + z @ (G @ x - h)


def lost_the_half_in_g(z, P, q, G, h):
    """Your x is right, but g has xᵀPx in it where ½xᵀPx belongs."""
    x = -np.linalg.solve(P, q + G.T @ z)
    return x, x @ P @ x + q @ x + z @ (G @ x - h)


def forgot_the_transpose(z, P, q, G, h):
    """You multiplied z by G where Gᵀ is needed: each variable collects the prices of all the
    constraints through its own column of G."""
    x = -np.linalg.solve(P, q + G @ z)
    return x, _lagrangian(x, z, P, q, G, h)


def multiplied_by_P(z, P, q, G, h):
    """You multiplied by P where its inverse is needed: solve Px = −(q + Gᵀz)."""
    x = -P @ (q + G.T @ z)
    return x, _lagrangian(x, z, P, q, G, h)


def returned_g_alone(z, P, q, G, h):
    """You returned g alone: return the minimiser as well, `return x, g`."""
    return lagrangian_dual_qp(z, P, q, G, h)[1]


def _dual_by_completing_the_square(z, P, q, G, h):
    v = q + np.transpose(G) @ z
    x = np.linalg.inv(P) @ -v
    return [x, -(v @ np.linalg.inv(P) @ v) / 2 - np.dot(h, z)]


def _dual_by_gradient_descent(z, P, q, G, h):
    x, v, L = np.zeros(len(q)), q + G.T @ z, np.trace(P)
    for _ in range(20_000):
        x = x - (P @ x + v) / L
    return x, _lagrangian(x, z, P, q, G, h)


def _dual_by_eigenvectors(z, P, q, G, h):
    values, Q = np.linalg.eigh(P)
    v = Q.T @ (q + z @ G)
    return Q @ (-v / values), np.sum(-(v**2) / values) / 2 - h @ z


# --- kkt_residual ------------------------------------------------------------------------------


def kkt_residual(x, z, nu, P, q, G, h, A, b):
    """How far (x, z, nu) is from the KKT conditions of min ½xᵀPx + qᵀx, Gx ≤ h, Ax = b.

    G is m x n, A is k x n; either may have no rows at all.
    Return four numbers, each at least 0:
    stationarity      the largest |entry| of Px + q + Gᵀz + Aᵀnu
    primal            the largest violation of a constraint: of Gx ≤ h or, both ways, of Ax = b
    dual              the largest violation of z ≥ 0
    complementarity   the largest |zᵢ (Gx − h)ᵢ|
    """
    slack = G @ x - h
    stationarity = np.max(np.abs(P @ x + q + G.T @ z + A.T @ nu))
    primal = max(np.max(slack, initial=0), np.max(np.abs(A @ x - b), initial=0))
    return np.array(
        [stationarity, primal, np.max(-z, initial=0), np.max(np.abs(z * slack), initial=0)]
    )


def _kkt_points(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, m, k, spoil in [
        (3, 4, 1, ""),
        (3, 4, 1, "x"),
        (4, 3, 2, "z"),
        (3, 0, 2, "nu"),
        (2, 3, 0, "q"),
        (1, 2, 0, "x"),
        (5, 4, 2, "all"),
        (2, 3, 0, "inside"),
    ]:
        B, G, A = (rng.standard_normal(shape) for shape in ((n, n), (m, n), (k, n)))
        x, nu = np.round(rng.standard_normal(n), 1), np.round(rng.standard_normal(k), 1) - 2
        active = np.arange(m) % 2 == 0
        z = np.where(active, np.round(rng.uniform(0.5, 2, m), 1), 0.0)
        P = B @ B.T
        q = -(P @ x + G.T @ z + A.T @ nu)
        h, b = G @ x + np.where(active, 0.0, rng.uniform(1, 2, m)), A @ x  # an optimal point
        # ... and then spoiled
        if spoil in ("x", "all"):
            x = x + np.round(rng.uniform(0.5, 1, n), 1) * rng.choice([-1, 1], n)
        if spoil in ("z", "all"):
            z = z - np.where(active, 3.0, 0) + np.where(active, 0, 0.7)
        if spoil in ("nu", "all"):
            nu = nu + 0.4
            b = b + 0.6  # Ax is too small: a violation as well
        if spoil == "q":
            q = q + 0.3
        if spoil == "inside":  # room everywhere, and a price on everything
            h, z = h + 0.8, z + 0.4
        yield dict(x=x, z=z, nu=nu, P=P, q=q, G=G, h=h, A=A, b=b)


_PARTS = ("stationarity", "primal", "dual", "complementarity")


def _by_definition(x, z, nu, P, q, G, h, A, b) -> tuple[np.ndarray, tuple[str, ...]]:
    """The four numbers, entry by entry, and what each says at its worst entry."""
    slope = [abs(float(P[j] @ x + q[j] + G[:, j] @ z + A[:, j] @ nu)) for j in range(len(x))]
    excess = [float(G[i] @ x - h[i]) for i in range(len(h))]
    gap = [float(A[i] @ x - b[i]) for i in range(len(b))]
    products = [abs(z[i] * excess[i]) for i in range(len(h))]
    numbers = [
        max(slope),
        max([0.0, *excess, *map(abs, gap)]),
        max([0.0, *(-z)]),
        max([0.0, *products]),
    ]
    says = (
        "the largest entry of |Px + q + Gᵀz + Aᵀnu|",
        "the largest violation among Gx ≤ h (a constraint with room to spare violates nothing) and Ax = b",
        "the largest violation of z ≥ 0 (nu may have any sign)",
        "the largest |zᵢ (Gx − h)ᵢ|, each product by itself",
    )
    return np.array(numbers), says


def _are_the_residuals(value: np.ndarray, x, z, nu, P, q, G, h, A, b) -> bool | str:
    wanted, says = _by_definition(x, z, nu, P, q, G, h, A, b)
    error = np.abs(value - wanted)
    if np.all(error <= 1e-6 + 1e-5 * wanted):
        return True
    i = int(np.argmax(error > 1e-6 + 1e-5 * wanted))
    return f"{_PARTS[i]} is {says[i]}: {wanted[i]:.6g}; yours is {value[i]:.6g}"


def _wrong_kkt(which: int, number) -> Any:
    """The right numbers with one of them replaced by `number(...)`."""

    def wrong(x, z, nu, P, q, G, h, A, b):
        right = kkt_residual(x, z, nu, P, q, G, h, A, b)
        return np.array(
            [number(x, z, nu, P, q, G, h, A, b) if i == which else right[i] for i in range(4)]
        )

    return wrong


def took_the_slack_for_a_violation(x, z, nu, P, q, G, h, A, b):
    """You took |Gx − h|: a constraint that holds with room to spare is not violated. Only the
    positive part of Gx − h counts."""
    worst = max(np.max(np.abs(G @ x - h), initial=0), np.max(np.abs(A @ x - b), initial=0))
    return _wrong_kkt(1, lambda *_: worst)(x, z, nu, P, q, G, h, A, b)


def forgot_the_equations(x, z, nu, P, q, G, h, A, b):
    """You left Ax = b out of the primal violation, or took its entries with their sign: both ways count."""
    worst = np.max(G @ x - h, initial=0)
    return _wrong_kkt(1, lambda *_: worst)(x, z, nu, P, q, G, h, A, b)


def equations_one_way(x, z, nu, P, q, G, h, A, b):
    """You counted Ax > b as a violation, but not Ax < b: an equation can fail both ways."""
    worst = max(np.max(G @ x - h, initial=0), np.max(A @ x - b, initial=0))
    return _wrong_kkt(1, lambda *_: worst)(x, z, nu, P, q, G, h, A, b)


def primal_below_zero(x, z, nu, P, q, G, h, A, b):
    """Your primal or dual residual can be negative: where everything holds, the violation is 0."""
    right = kkt_residual(x, z, nu, P, q, G, h, A, b)
    both = np.concatenate([G @ x - h, np.abs(A @ x - b)])
    if len(both):
        right[1] = np.max(both)
    if len(z):
        right[2] = np.max(-z)
    return right


def forgot_nu(x, z, nu, P, q, G, h, A, b):
    """You left Aᵀnu out of the stationarity: the equations pull as well."""
    return _wrong_kkt(0, lambda *_: np.max(np.abs(P @ x + q + G.T @ z)))(x, z, nu, P, q, G, h, A, b)


def wrong_sign_of_z(x, z, nu, P, q, G, h, A, b):
    """You subtracted Gᵀz: for constraints Gx ≤ h with z ≥ 0 it is added."""
    return _wrong_kkt(0, lambda *_: np.max(np.abs(P @ x + q - G.T @ z + A.T @ nu)))(
        x, z, nu, P, q, G, h, A, b
    )


def forgot_q(x, z, nu, P, q, G, h, A, b):
    """You left q out: the gradient of the objective is Px + q."""
    return _wrong_kkt(0, lambda *_: np.max(np.abs(P @ x + G.T @ z + A.T @ nu)))(
        x, z, nu, P, q, G, h, A, b
    )


def stationarity_without_absolute_value(x, z, nu, P, q, G, h, A, b):
    """You took the largest entry of the gradient without its absolute value: a large negative
    entry is as bad."""
    return _wrong_kkt(0, lambda *_: np.max(P @ x + q + G.T @ z + A.T @ nu))(
        x, z, nu, P, q, G, h, A, b
    )


def let_products_cancel(x, z, nu, P, q, G, h, A, b):
    """You added the products zᵢ (Gx − h)ᵢ up: off the optimum their signs differ and they cancel.
    Take each by itself."""
    return _wrong_kkt(3, lambda *_: abs(z @ (G @ x - h)))(x, z, nu, P, q, G, h, A, b)


def wrong_sign_of_dual(x, z, nu, P, q, G, h, A, b):
    """You called positive multipliers a violation: z ≥ 0 is violated where z is negative."""
    return _wrong_kkt(2, lambda *_: np.max(z, initial=0))(x, z, nu, P, q, G, h, A, b)


def asked_nu_to_be_positive(x, z, nu, P, q, G, h, A, b):
    """You asked nu ≥ 0 as well: the multiplier of an equation may have any sign."""
    worst = max(np.max(-z, initial=0), np.max(-nu, initial=0))
    return _wrong_kkt(2, lambda *_: worst)(x, z, nu, P, q, G, h, A, b)


def euclidean_norms(x, z, nu, P, q, G, h, A, b):
    """You took Euclidean norms: here each number is the largest entry."""
    parts = (
        P @ x + q + G.T @ z + A.T @ nu,
        np.append(np.maximum(G @ x - h, 0), A @ x - b),
        np.maximum(-z, 0),
        z * (G @ x - h),
    )
    return np.array([np.linalg.norm(part) for part in parts])


def only_the_worst(x, z, nu, P, q, G, h, A, b):
    """You returned the worst of the four: all four are asked for, since each tells of another
    fault."""
    return np.max(kkt_residual(x, z, nu, P, q, G, h, A, b))


def _kkt_with_loops(x, z, nu, P, q, G, h, A, b):
    gradient = P @ x + q
    for i in range(len(h)):
        gradient = gradient + z[i] * G[i]
    for i in range(len(b)):
        gradient = gradient + nu[i] * A[i]
    primal = dual = complementarity = 0.0
    for i in range(len(h)):
        room = h[i] - G[i] @ x
        primal, dual = max(primal, -room), max(dual, -z[i])
        complementarity = max(complementarity, abs(z[i]) * abs(room))
    for i in range(len(b)):
        primal = max(primal, abs(A[i] @ x - b[i]))
    return abs(gradient).max(), primal, dual, complementarity


def _kkt_by_norms(x, z, nu, P, q, G, h, A, b):
    def largest(v):
        return np.linalg.norm(np.append(v, 0.0), np.inf)

    slack = h - G @ x
    return [
        largest(P @ x + q + z @ G + nu @ A),
        largest(np.append(np.minimum(slack, 0), A @ x - b)),
        largest(np.minimum(z, 0)),
        largest(z * slack),
    ]


# --- lasso_dual_point --------------------------------------------------------------------------


def lasso_dual_point(X, y, lam, w):
    """A point u of the lasso's dual, made from any weights w.

    The lasso is min ½‖Xw − y‖² + lam ‖w‖₁; its dual is max uᵀy − ½‖u‖² over |xⱼᵀu| ≤ lam, with
    xⱼ the columns of X. X has shape (n, p), y (n,), w (p,), lam > 0. Return u of shape (n,),
    feasible, whose bound is at least that of the residual y − Xw, shrunk only as far
    as it must be.
    """
    r = y - X @ w
    return r * lam / max(lam, np.max(np.abs(X.T @ r)))


def _lassos(rng: np.random.Generator) -> Iterator[Arguments]:
    def drawn(n, p):
        return rng.standard_normal((n, p)), 2 * rng.standard_normal(n)

    X, y = drawn(8, 3)
    yield dict(X=X, y=y, lam=0.3 * np.abs(X.T @ y).max(), w=rng.standard_normal(3))
    X, y = drawn(6, 4)  # lam so large that w = 0 is optimal
    yield dict(X=X, y=y, lam=2 * np.abs(X.T @ y).max(), w=np.zeros(4))
    X, y = drawn(9, 3)  # least squares: its residual is at right angles to every column
    X, y = X + 0.3, y + 3
    yield dict(X=X, y=y, lam=0.5, w=np.linalg.lstsq(X, y, rcond=None)[0])
    X = rng.integers(-2, 3, (4, 6)).astype(float) + np.eye(4, 6)
    w = rng.integers(1, 4, 6).astype(float)  # the residual is exactly zero
    yield dict(X=X, y=X @ w, lam=0.7, w=w)
    X, y = drawn(7, 4)  # orthonormal columns: the optimum is known
    X = np.linalg.qr(X)[0]
    t = X.T @ y
    lam = 0.4 * np.abs(t).max()
    yield dict(X=X, y=y, lam=lam, w=np.sign(t) * np.maximum(np.abs(t) - lam, 0))
    X, y = drawn(1, 2)
    yield dict(X=X, y=y, lam=0.2 * np.abs(X.T @ y).max(), w=np.array([0.0, -0.1]))
    X, y = drawn(12, 20)
    yield dict(X=X, y=y, lam=0.6 * np.abs(X.T @ y).max(), w=0.1 * rng.standard_normal(20))


def _lasso_bound(u: np.ndarray, y: np.ndarray) -> float:
    return float(u @ y - u @ u / 2)


def _is_a_dual_point(
    u: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float, w: np.ndarray
) -> bool | str:
    """Feasible, and a bound no worse than that of the shrunk residual: better points may come."""
    reach = np.abs(X.T @ u)
    j = int(reach.argmax())
    rounding = 1e-12 * float(np.linalg.norm(X[:, j]) * np.linalg.norm(u))
    if reach[j] > lam * (1 + 1e-6) + rounding:
        return (
            f"the dual asks |xⱼᵀu| ≤ lam = {lam:.6g} for every column; for column {j} your u has "
            f"{reach[j]:.6g}, so its value is no lower bound"
        )
    r = y - X @ w
    shrunk = r * lam / max(lam, np.abs(X.T @ r).max())
    bound, enough = _lasso_bound(u, y), _lasso_bound(shrunk, y)
    if bound >= enough - 1e-6 * (1 + float(y @ y) / 2):
        return True
    return (
        f"your u is feasible and proves the optimum to be at least {bound:.6g}; the residual, "
        f"shrunk only as far as it must be, proves {enough:.6g}"
    )


def did_not_shrink(X, y, lam, w):
    """You returned the residual as it is: where some |xⱼᵀr| exceeds lam it is not feasible, and
    its value is no bound. Shrink it."""
    return y - X @ w


def always_to_the_edge(X, y, lam, w):
    """You scale the residual until the largest |xⱼᵀu| equals lam, even where that stretches it
    (or divides by zero): only shrink."""
    r = y - X @ w
    return r * lam / np.max(np.abs(X.T @ r))


def residual_upside_down(X, y, lam, w):
    """Your residual is Xw − y: feasible once it is shrunk, but it points away from y, and the bound
    is poor. Take y − Xw."""
    return -lasso_dual_point(X, y, lam, w)


def forgot_the_absolute_value(X, y, lam, w):
    """You took the largest xⱼᵀr without its absolute value: −lam ≤ xⱼᵀu is a condition too."""
    r = y - X @ w
    return r * lam / max(lam, np.max(X.T @ r))


def shrank_by_the_residual(X, y, lam, w):
    """You compared the entries of the residual with lam: the conditions are on Xᵀu, one for each
    column."""
    r = y - X @ w
    return r * lam / max(lam, np.max(np.abs(r)))


def clipped_the_residual(X, y, lam, w):
    """You clipped each entry of the residual to ±lam: the conditions are on Xᵀu, one for each column,
    and a single factor for the whole residual meets them all."""
    return np.clip(y - X @ w, -lam, lam)


def shrank_too_far(X, y, lam, w):
    """You divided by the Euclidean norm of Xᵀr: feasible, but shrunk further than it must be. The
    largest |entry| is enough."""
    r = y - X @ w
    return r * lam / max(lam, np.linalg.norm(X.T @ r))


def summed_the_correlations(X, y, lam, w):
    """You divided by the sum of the |xⱼᵀr|: feasible, but shrunk further than it must be. The
    largest of them is enough."""
    r = y - X @ w
    return r * lam / max(lam, np.sum(np.abs(X.T @ r)))


def shrank_to_one(X, y, lam, w):
    """You shrank until |xⱼᵀu| ≤ 1: the limit is lam."""
    r = y - X @ w
    return r / max(1, np.max(np.abs(X.T @ r)))


def returned_zero(X, y, lam, w):
    """You returned u = 0: it is feasible, and proves only that the optimum is at least 0."""
    return np.zeros(len(y))


def returned_the_correlations(X, y, lam, w):
    """You returned Xᵀu, a number for each column: u itself has one for each row."""
    return X.T @ lasso_dual_point(X, y, lam, w)


def _best_multiple_of_the_residual(X, y, lam, w):
    r = y - X @ w
    if not r.any():
        return r
    most = lam / max(np.max(np.abs(X.T @ r)), 1e-300)
    return np.clip(y @ r / (r @ r), -most, most) * r


def _dual_point_by_loop(X, y, lam, w):
    r = np.array(y, dtype=float)
    for w_j, x_j in zip(w, X.T, strict=True):
        r = r - w_j * x_j
    factor = 1.0
    for x_j in X.T:
        if abs(x_j @ r) > lam:
            factor = min(factor, lam / abs(x_j @ r))
    return factor * r


def _dual_optimum(X, y, lam, w):
    """The nearest point to y of the dual's polyhedron: the residual of the lasso solved outright."""
    w = np.zeros(X.shape[1])
    square = np.sum(X**2, axis=0)
    for _ in range(3000):
        for j, x_j in enumerate(X.T):
            t = x_j @ (y - X @ w) + square[j] * w[j]
            w[j] = np.sign(t) * max(abs(t) - lam, 0) / square[j]
    return lasso_dual_point(X, y, lam, w)


# --- farkas_certificate ------------------------------------------------------------------------


def farkas_certificate(G, h, nnls):
    """Whether some x has Gx ≤ h, with the proof. G is m x n, h has m entries.

    nnls(M, t) returns the s ≥ 0 that minimises ‖Ms − t‖; one call is enough. Return
    ("feasible", x) with Gx ≤ h to within 1e-6, or ("infeasible", z) with z ≥ 0, Gᵀz = 0
    and hᵀz < 0.
    """
    M, t = np.vstack([G.T, h]), np.append(np.zeros(G.shape[1]), -1.0)
    z = nnls(M, t)
    rest = t - M @ z
    if np.linalg.norm(rest) < 1e-7:
        return "infeasible", z
    return "feasible", rest[:-1] / -rest[-1]


def _projection_on_a_cone(M: np.ndarray, t: np.ndarray) -> np.ndarray:
    return nnls(np.asarray(M, dtype=float), np.asarray(t, dtype=float))[0]


def _inequalities(rng: np.random.Generator) -> Iterator[Arguments]:
    def drawn(n: int, m: int, feasible: bool) -> tuple[np.ndarray, np.ndarray]:
        G = np.round(rng.standard_normal((m, n)), 1)
        if feasible:
            return G, G @ rng.standard_normal(n) + rng.exponential(0.3, m)
        k = n + 1  # weights on the first rows that add them up to 0 ≤ −1
        weights = rng.uniform(0.5, 2, k)
        G[k - 1] = -(weights[:-1] @ G[: k - 1]) / weights[-1]
        h = rng.standard_normal(m)
        h[k - 1] = -(1 + weights[:-1] @ h[: k - 1]) / weights[-1]
        mixed = rng.permutation(m)
        return G[mixed], h[mixed]

    systems = [
        (np.array([[1.0], [-1.0]]), np.array([1.0, -2.0])),  # x ≤ 1 and x ≥ 2
        (np.array([[2.0], [-1.0]]), np.array([6.0, 1.0])),  # −1 ≤ x ≤ 3
        drawn(3, 6, False),
        drawn(3, 6, True),
        drawn(2, 9, False),
        # x1 + x2 = 1 written as two inequalities: feasible without an inside
        (np.array([[1.0, 1], [-1, -1], [-1, 0], [0, -1]]), np.array([1.0, -1.0, 0, 0])),
        drawn(5, 4, True),
        (np.array([[1.0, -1], [0.0, 0]]), np.array([1.0, -0.5])),  # a row that reads 0 ≤ −½
    ]
    for G, h in systems:
        oracle = Oracle(
            _projection_on_a_cone, 5, "the nearest combination", "one call tells which case it is"
        )
        yield dict(G=G, h=h, nnls=oracle)


def _is_either_proof(value: Any, G: np.ndarray, h: np.ndarray, nnls: Oracle) -> bool | str:
    what, proof = value
    proof = np.asarray(proof)
    if proof.dtype.kind not in "biuf":
        return "the proof should be an array of real numbers"
    m, n = G.shape
    if what == "feasible":
        return _is_feasible(proof, G, h) if proof.shape == (n,) else _shape("x", n, proof)
    if what == "infeasible":
        return _is_farkas(proof, G, h) if proof.shape == (m,) else _shape("z", m, proof)
    return f'the first entry should be "feasible" or "infeasible"; yours is {str(what)!r}'


def _shape(name: str, entries: int, proof: np.ndarray) -> str:
    return f"{name} should be an array of shape ({entries},); yours has shape {proof.shape}"


def _is_feasible(x: np.ndarray, G: np.ndarray, h: np.ndarray) -> bool | str:
    excess = G @ x - h
    i = int(excess.argmax())
    if excess[i] <= 1e-6 * (1 + abs(h[i])):
        return True
    return (
        f"constraint {i} asks Gx ≤ {h[i]:.6g}; at your x it is {G[i] @ x:.6g}, so x is no proof that the "
        "system is feasible"
    )


def _is_farkas(z: np.ndarray, G: np.ndarray, h: np.ndarray) -> bool | str:
    """Any multiple of a certificate is one, so each condition is relative to z or to −hᵀz."""
    if z.min() < -1e-9 * np.abs(z).max():
        return f"a Farkas vector has z ≥ 0; entry {int(z.argmin())} of yours is {z.min():.6g}"
    margin = -float(h @ z)
    if margin <= 1e-9 * float(np.abs(h) @ np.abs(z)):
        return f"a Farkas vector has hᵀz < 0; yours has hᵀz = {-margin:.6g}"
    left = np.abs(G.T @ z)
    if left.max() > 1e-6 * margin:
        return (
            f"a Farkas vector has Gᵀz = 0, so that x drops out of zᵀGx ≤ zᵀh; entry "
            f"{int(left.argmax())} of your |Gᵀz| is {left.max():.6g}"
        )
    return True


def _cone(G, h, last=-1.0):
    return np.vstack([G.T, h]), np.append(np.zeros(G.shape[1]), last)


def aimed_upwards(G, h, nnls):
    """You looked for hᵀz = +1: that contradicts nothing. Adding rows up must give 0 ≤ hᵀz with
    a negative hᵀz."""
    M, t = _cone(G, h, 1.0)
    z = nnls(M, t)
    rest = t - M @ z
    if np.linalg.norm(rest) < 1e-7:
        return "infeasible", z
    return "feasible", rest[:-1] / -rest[-1]


def forgot_to_divide(G, h, nnls):
    """You returned what is left over, t − Mz, without its last entry: it must be divided by minus
    that entry before it satisfies Gx ≤ h."""
    what, proof = farkas_certificate(G, h, nnls)
    if what == "infeasible":
        return what, proof
    return what, proof / (1 + proof @ proof)


def divided_with_the_wrong_sign(G, h, nnls):
    """Your x points the opposite way: the last entry of t − Mz is negative, so divide by minus it."""
    what, proof = farkas_certificate(G, h, nnls)
    return (what, proof) if what == "infeasible" else (what, -proof)


def always_infeasible(G, h, nnls):
    """You return z without looking whether Mz reaches t: where it does not, the system is feasible."""
    return "infeasible", nnls(*_cone(G, h))


def swapped_the_words(G, h, nnls):
    """You have the two cases the wrong way round: where some z ≥ 0 reaches t, the system is
    infeasible."""
    what, proof = farkas_certificate(G, h, nnls)
    return ("infeasible" if what == "feasible" else "feasible"), proof


def left_h_out(G, h, nnls):
    """You asked for Gᵀz = 0 and left hᵀz < 0 out: then z = 0 will do, and it proves nothing."""
    z = nnls(G.T, np.zeros(G.shape[1]))
    return "infeasible", z


def blamed_the_worst_row(G, h, nnls):
    """You put all the weight on rows with a negative h: hᵀz < 0 alone contradicts nothing, x must
    drop out as well, Gᵀz = 0."""
    return "infeasible", np.maximum(-h, 0)


def negated_z(G, h, nnls):
    """Your z has the wrong sign: rows of Gx ≤ h may only be added with weights z ≥ 0, or the
    inequality turns round."""
    what, proof = farkas_certificate(G, h, nnls)
    return (what, -proof) if what == "infeasible" else (what, proof)


def solved_the_equations(G, h, nnls):
    """You solved Gx = h by least squares: Gx ≤ h asks for less, and its solutions lie elsewhere."""
    return "feasible", np.linalg.lstsq(G, h, rcond=None)[0]


def pseudo_inverse(G, h, nnls):
    """You solved Gᵀz = 0, hᵀz = −1 without z ≥ 0: a negative weight turns its inequality round. That
    is what `nnls` is for."""
    M, t = _cone(G, h)
    z = np.linalg.lstsq(M, t, rcond=None)[0]
    rest = t - M @ z
    if np.linalg.norm(rest) < 1e-7:
        return "infeasible", z
    return "feasible", rest[:-1] / -rest[-1]


def compared_with_exact_zero(G, h, nnls):
    """You ask whether Mz equals t exactly: in floating point what is left over is never quite zero.
    Compare its length with a small number."""
    M, t = _cone(G, h)
    z = nnls(M, t)
    rest = t - M @ z
    if not rest.any():
        return "infeasible", z
    return "feasible", rest[:-1] / -rest[-1]


def _farkas_by_phase_one(G, h, nnls):
    """The least s with Gx ≤ h + s: positive means infeasible, and its multipliers say why."""
    m, n = G.shape
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([G, -np.ones((m, 1))]),
        b_ub=h,
        bounds=[(None, None)] * n + [(-1, None)],
    )
    if found.x[-1] > 1e-9:
        return "infeasible", -found.ineqlin.marginals
    return "feasible", found.x[:n]


def _farkas_by_two_programs(G, h, nnls):
    m, n = G.shape
    found = linprog(np.zeros(n), A_ub=G, b_ub=h, bounds=(None, None))
    if found.status == 0:
        return ["feasible", found.x]
    z = linprog(np.zeros(m), A_eq=np.vstack([G.T, h]), b_eq=np.append(np.zeros(n), -1.0)).x
    return ["infeasible", 100 * z]


def _farkas_by_active_sets(G, h, nnls):
    """Lawson and Hanson's method by hand, on the same cone."""
    M, t = _cone(G, h)
    z, free = np.zeros(M.shape[1]), np.zeros(M.shape[1], dtype=bool)
    for _ in range(200):
        pull = M.T @ (t - M @ z)
        if free.all() or np.max(np.where(free, -np.inf, pull)) <= 1e-12:
            break
        free[np.argmax(np.where(free, -np.inf, pull))] = True
        while True:
            s = np.zeros(len(z))
            s[free] = np.linalg.lstsq(M[:, free], t, rcond=None)[0]
            if s[free].min() > 0:
                break
            low = free & (s <= 0)
            z = z + np.min(z[low] / (z[low] - s[low])) * (s - z)
            free = free & (z > 1e-14)
            if not free.any():
                s = np.zeros(len(z))
                break
        z = s
    rest = t - M @ z
    if np.linalg.norm(rest) < 1e-7:
        return "infeasible", z
    return "feasible", -rest[:-1] / rest[-1]


# --- lp_dual -----------------------------------------------------------------------------------


def lp_dual(c, G, h, A, b):
    """The dual of min cᵀx subject to Gx ≤ h, Ax = b,
    as data of a linear program of the same form.

    G is m x n, A is k x n (perhaps with no rows). The dual's variable is y = (z, nu), m + k
    numbers, multipliers of Gx ≤ h first. Return (c_d, G_d, h_d, A_d, b_d) such that

        min c_dᵀy  subject to  G_d y ≤ h_d, A_d y = b_d

    is the dual: to maximise −hᵀz − bᵀnu, minimise hᵀz + bᵀnu. Any rows that describe the
    same set count.
    """
    m, k = len(h), len(b)
    G_d = np.hstack([-np.eye(m), np.zeros((m, k))])
    return np.append(h, b), G_d, np.zeros(m), np.hstack([G.T, A.T]), -c


def _linear_programs(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, m, k in [(1, 2, 0), (2, 4, 1), (3, 5, 0), (3, 4, 2), (4, 4, 0)]:
        G, A = np.round(rng.standard_normal((m, n)), 1), np.round(rng.standard_normal((k, n)), 1)
        h, b = (
            np.round(rng.standard_normal(m), 1) + 0.05,
            np.round(rng.standard_normal(k), 1) + 0.05,
        )
        z, nu = rng.uniform(1, 3, m), rng.standard_normal(k) - 1
        yield dict(c=-(G.T @ z + A.T @ nu), G=G + 0.0, h=h, A=A, b=b)
    box, A = np.vstack([np.eye(2), -np.eye(2)]), np.round(rng.uniform(0.5, 2, (1, 2)), 1)
    z, h = rng.uniform(1, 3, 4), np.round(rng.uniform(1, 3, 4), 1)
    yield dict(c=-(box.T @ z + A[0]), G=box, h=h, A=A, b=np.array([0.3]))


def _is_the_dual(value: Any, c, G, h, A, b) -> bool | str:
    """Same objective and same feasible set: seen from a point inside, whatever the rows look like."""
    m, k = len(h), len(b)
    told = _program(value, m + k)
    if isinstance(told, str):
        return told
    c_d, G_d, h_d, A_d, b_d = told
    K = np.hstack([G.T, A.T])
    y = _inside(c, G, A)
    rng = np.random.default_rng(len(h))
    along = null_space(K)
    if (
        _worst(G_d @ y - h_d, G_d, y, h_d) > 1e-6
        or _worst(np.abs(A_d @ y - b_d), A_d, y, b_d) > 1e-6
    ):
        return (
            f"y = (z, nu) with z = {_few(y[:m])}, nu = {_few(y[m:])} has z ≥ 0 and Gᵀz + Aᵀnu = −c, so it "
            "is feasible for the dual; your constraints forbid it"
        )
    tight = np.abs(G_d @ y - h_d) <= 1e-6 * (1 + np.abs(h_d))
    equations = np.vstack([A_d, G_d[tight]])
    free = null_space(equations) if len(equations) else np.eye(m + k)
    if free.shape[1] > along.shape[1] or not _balanced(G_d[tight], A_d):
        return (
            "your constraints allow points (z, nu) off the plane Gᵀz + Aᵀnu = −c: there the Lagrangian "
            "is unbounded below in x, and the bound is −∞"
        )
    if free.shape[1] < along.shape[1] or np.abs(K @ free).max(initial=0) > 1e-6:
        return "your equations are not Gᵀz + Aᵀnu = −c: they forbid feasible points of the dual"
    right = np.append(h, b)
    ways = [d / np.linalg.norm(d) for d in _ways(along, m, rng)]
    for d in [np.zeros(m + k), *ways]:
        mine, wanted = float(c_d @ (y + d)), float(right @ (y + d))
        if abs(mine - wanted) > 1e-6 * (1 + np.abs(right) @ np.abs(y + d)):
            return (
                f"at the dual point z = {_few((y + d)[:m])}, nu = {_few((y + d)[m:])} the objective "
                f"hᵀz + bᵀnu is {wanted:.6g}; yours is {mine:.6g}"
            )
    for d in ways:
        wanted, mine = _exit(y[:m], -d[:m]), _exit((h_d - G_d @ y)[~tight], (G_d @ d)[~tight])
        if wanted != mine and not abs(wanted - mine) <= 1e-5 * (1 + min(wanted, mine)):
            too = "allow" if mine > wanted else "forbid"
            far = y + d * ((min(wanted, mine + 1) + min(mine, wanted + 1)) / 2)
            return (
                f"the dual's inequalities are z ≥ 0 and nothing else; yours {too} z = {_few(far[:m])}, "
                f"nu = {_few(far[m:])}"
            )
    return True


def _program(value: Any, size: int) -> Any:
    """The five parts as float arrays, None as no rows; or what is wrong with their form."""
    names = ("c_d", "G_d", "h_d", "A_d", "b_d")
    if not isinstance(value, tuple | list) or len(value) != 5:
        return "five things are asked for: c_d, G_d, h_d, A_d, b_d"
    parts = []
    for name, part in zip(names, value, strict=True):
        empty = np.zeros((0, size)) if name in ("G_d", "A_d") else np.zeros(0)
        part = empty if part is None or np.size(part) == 0 else np.asarray(part)
        if part.dtype.kind not in "biuf":
            return f"{name} should be an array of real numbers"
        parts.append(part.astype(float))
    c_d, G_d, h_d, A_d, b_d = parts
    if c_d.shape != (size,):
        return f"the dual has a variable for each constraint, so c_d should have shape ({size},); yours {c_d.shape}"
    for name, M, right in (("G_d", G_d, h_d), ("A_d", A_d, b_d)):
        if M.ndim != 2 or M.shape[1] != size or right.shape != (len(M),):
            return (
                f"{name} should have {size} columns, one for each entry of (z, nu), and a number on the "
                f"right for each row; yours has shape {M.shape}, its right side {right.shape}"
            )
    return parts


def _inside(c: np.ndarray, G: np.ndarray, A: np.ndarray) -> np.ndarray:
    """A dual point with every zᵢ ≥ 1: the instances are made so that there is one."""
    m, k = len(G), len(A)
    s = nnls(np.hstack([G.T, A.T, -A.T]), -c - G.T @ np.ones(m))[0]
    return np.concatenate([1 + s[:m], s[m : m + k] - s[m + k :]])


def _balanced(tight: np.ndarray, A_d: np.ndarray) -> bool:
    """Whether tight inequalities amount to equations: some positive weights cancel their rows."""
    if not len(tight):
        return True
    columns = np.hstack([tight.T, A_d.T, -A_d.T])
    return bool(nnls(columns, -tight.sum(axis=0))[1] <= 1e-6 * (1 + np.abs(tight).sum()))


def _ways(along: np.ndarray, m: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Directions within the plane: at random, those in which one zᵢ falls fastest, one in which all rise."""
    if not along.shape[1]:
        return []
    random = list((along @ rng.standard_normal((along.shape[1], 20))).T)
    falls = [-along @ along[i] for i in range(m) if np.linalg.norm(along[i]) > 1e-9]
    together = along @ along[:m].sum(axis=0)  # in a box every price may grow for ever
    return random + falls + ([together] if np.linalg.norm(together) > 1e-9 else [])


def _exit(room: np.ndarray, rate: np.ndarray) -> float:
    """How far one can go when each room is used up at its rate."""
    used = rate > 1e-9
    return float((room[used] / rate[used]).min(initial=np.inf))


def _worst(excess: np.ndarray, M: np.ndarray, y: np.ndarray, right: np.ndarray) -> float:
    size = 1 + np.abs(M) @ np.abs(y) + np.abs(right)
    return float((excess / size).max(initial=-np.inf))


def _few(v: np.ndarray) -> str:
    return "(" + ", ".join(f"{x:.3g}" for x in v) + ")"


def _dual_with(c, G, h, A, b, **changed):
    """The right dual with some parts changed."""
    names = ("c_d", "G_d", "h_d", "A_d", "b_d")
    parts = dict(zip(names, lp_dual(c, G, h, A, b), strict=True)) | changed
    return tuple(parts[name] for name in names)


def kept_the_maximum(c, G, h, A, b):
    """Your objective is −hᵀz − bᵀnu, which the dual maximises: in the form min c_dᵀy its sign turns
    round."""
    return _dual_with(c, G, h, A, b, c_d=-np.append(h, b))


def wrong_sign_of_c(c, G, h, A, b):
    """You set Gᵀz + Aᵀnu = c: the gradient c + Gᵀz + Aᵀnu of the Lagrangian must vanish, so the
    right side is −c."""
    return _dual_with(c, G, h, A, b, b_d=c)


def forgot_the_sign_of_z(c, G, h, A, b):
    """You left z ≥ 0 out: without it the value is no lower bound."""
    return _dual_with(c, G, h, A, b, G_d=np.zeros((0, len(h) + len(b))), h_d=np.zeros(0))


def asked_for_negative_z(c, G, h, A, b):
    """Your inequalities say z ≤ 0: in the form G_d y ≤ h_d, z ≥ 0 reads −z ≤ 0."""
    m, k = len(h), len(b)
    return _dual_with(c, G, h, A, b, G_d=np.hstack([np.eye(m), np.zeros((m, k))]))


def asked_nu_at_least_zero(c, G, h, A, b):
    """You asked nu ≥ 0 as well (or put multipliers of Ax = b among those of Gx ≤ h): multipliers of
    equations may have any sign."""
    m, k = len(h), len(b)
    if k == 0:
        return lp_dual(c, G, h, A, b)
    return _dual_with(c, G, h, A, b, G_d=-np.eye(m + k), h_d=np.zeros(m + k))


def assumed_x_at_least_zero(c, G, h, A, b):
    """You wrote Gᵀz + Aᵀnu ≥ −c, the dual for x ≥ 0 (as in many textbooks): here x is free, so it is
    an equation."""
    m, k = len(h), len(b)
    rows = np.vstack([np.hstack([-np.eye(m), np.zeros((m, k))]), -np.hstack([G.T, A.T])])
    none = np.zeros((0, m + k))
    return _dual_with(
        c, G, h, A, b, G_d=rows, h_d=np.append(np.zeros(m), c), A_d=none, b_d=np.zeros(0)
    )


def turned_equations_into_inequalities(c, G, h, A, b):
    """You wrote Gᵀz + Aᵀnu ≤ −c: x may have any sign, so the dual has equations there."""
    m, k = len(h), len(b)
    rows = np.vstack([np.hstack([-np.eye(m), np.zeros((m, k))]), np.hstack([G.T, A.T])])
    none = np.zeros((0, m + k))
    return _dual_with(
        c, G, h, A, b, G_d=rows, h_d=np.append(np.zeros(m), -c), A_d=none, b_d=np.zeros(0)
    )


def forgot_the_transposes(c, G, h, A, b):
    """You used G and A where Gᵀ and Aᵀ belong: the dual has a variable for each constraint, and an
    equation for each variable."""
    return _dual_with(c, G, h, A, b, A_d=np.vstack([G, A]), b_d=np.append(-h, -b))


def swapped_c_and_h(c, G, h, A, b):
    """You kept c in the objective: in the dual c moves to the right of the equations, and h and b become
    the objective."""
    return _dual_with(c, G, h, A, b, c_d=c, b_d=-np.append(h, b))


def dropped_the_equations(c, G, h, A, b):
    """You left the multipliers of Ax = b out: y = (z, nu) has an entry for each equation too."""
    m = len(h)
    return h, -np.eye(m), np.zeros(m), G.T, -c


def forgot_the_equation(c, G, h, A, b):
    """You left Gᵀz + Aᵀnu = −c out: for any other (z, nu) the Lagrangian falls to −∞ in x."""
    return _dual_with(c, G, h, A, b, A_d=np.zeros((0, len(h) + len(b))), b_d=np.zeros(0))


def _dual_in_pairs_of_inequalities(c, G, h, A, b):
    m, k = len(h), len(b)
    K = np.block([G.T, A.T])
    rows = np.concatenate([-np.eye(m + k)[:m], K, -K])
    return [np.r_[h, b], rows, np.r_[np.zeros(m), -c, c], None, None]


def _dual_row_by_row(c, G, h, A, b):
    m, k, n = len(h), len(b), len(c)
    rows, equations = [], []
    for i in range(m):
        row = np.zeros(m + k)
        row[i] = -2.0  # −2z ≤ 0 says the same
        rows.append(row)
    for j in range(n):
        equations.append([-G[i, j] for i in range(m)] + [-A[i, j] for i in range(k)])
    return np.concatenate([h, b]), np.array(rows), np.zeros(m), np.array(equations), np.array(c)


def _dual_with_another_objective(c, G, h, A, b):
    """The objective moved along an equation whose right side is zero."""
    c_d, G_d, h_d, A_d, b_d = lp_dual(c, G, h, A, b)
    if len(c) < 2:
        return c_d, G_d, h_d, A_d, b_d
    zero_row = b_d[1] * A_d[0] - b_d[0] * A_d[1]
    return c_d + zero_row, G_d, h_d, A_d, b_d


# --- the declarations --------------------------------------------------------------------------

EXERCISES = (
    Exercise(
        lagrangian_dual_qp,
        _quadratic_programs,
        _minimises_the_lagrangian,
        title="The dual function of a quadratic program",
        difficulty=1,
        minutes=8,
        hints=(
            "For a fixed z the Lagrangian is a quadratic function of x alone. Where is its gradient zero?",
            "Collect what multiplies x: ½xᵀPx + (q + Gᵀz)ᵀx. The rest, −hᵀz, does not move x.",
            "Px = −(q + Gᵀz) is a linear system; put its solution into L for the value.",
        ),
        mistakes=(
            ignored_the_prices,
            lost_the_minus,
            rewarded_violation,
            value_of_the_objective,
            forgot_h,
            wrong_sign_of_h,
            lost_the_half,
            lost_the_half_in_g,
            forgot_the_transpose,
            multiplied_by_P,
            returned_g_alone,
        ),
        alternatives=(
            _dual_by_completing_the_square,
            _dual_by_gradient_descent,
            _dual_by_eigenvectors,
        ),
    ),
    Exercise(
        kkt_residual,
        _kkt_points,
        _are_the_residuals,
        title="Four ways to fail to be optimal",
        difficulty=2,
        minutes=12,
        hints=(
            "One line for each condition. Gx − h is needed twice: keep it in a name.",
            "A violation is a positive part: where the constraint holds, it is 0, however much room is left.",
            "np.max of an array without entries raises; `initial=0` says what the largest of nothing is.",
        ),
        mistakes=(
            took_the_slack_for_a_violation,
            forgot_the_equations,
            equations_one_way,
            primal_below_zero,
            forgot_nu,
            wrong_sign_of_z,
            forgot_q,
            stationarity_without_absolute_value,
            let_products_cancel,
            wrong_sign_of_dual,
            asked_nu_to_be_positive,
            euclidean_norms,
            only_the_worst,
        ),
        alternatives=(_kkt_with_loops, _kkt_by_norms),
    ),
    Exercise(
        lasso_dual_point,
        _lassos,
        _is_a_dual_point,
        title="A dual point from any weights",
        difficulty=2,
        minutes=10,
        hints=(
            "At the optimum the dual point is the residual. What keeps the residual of other weights "
            "from being feasible?",
            "If every |xⱼᵀu| ≤ lam fails by a factor, divide the whole of u by a factor.",
            "The factor is the largest |xⱼᵀr| / lam, but never less than 1: a feasible residual stays as it "
            "is.",
        ),
        mistakes=(
            did_not_shrink,
            always_to_the_edge,
            residual_upside_down,
            forgot_the_absolute_value,
            shrank_by_the_residual,
            clipped_the_residual,
            shrank_too_far,
            summed_the_correlations,
            shrank_to_one,
            returned_zero,
            returned_the_correlations,
        ),
        alternatives=(_best_multiple_of_the_residual, _dual_point_by_loop, _dual_optimum),
    ),
    Exercise(
        farkas_certificate,
        _inequalities,
        _is_either_proof,
        title="Feasible or not, with proof",
        difficulty=4,
        minutes=20,
        free=True,
        hints=(
            "Gᵀz = 0 and hᵀz = −1 are n + 1 equations for z ≥ 0. Stack them: which M and which t?",
            "If the nearest Mz is t itself, z is the proof. If not, look at what is left over, t − Mz: the "
            "proof of the theorem says what it is good for.",
            "The left-over (a, c) has Ga + hc ≤ 0 with c < 0. Divide by −c.",
        ),
        mistakes=(
            aimed_upwards,
            forgot_to_divide,
            divided_with_the_wrong_sign,
            always_infeasible,
            swapped_the_words,
            left_h_out,
            blamed_the_worst_row,
            negated_z,
            solved_the_equations,
            pseudo_inverse,
            compared_with_exact_zero,
        ),
        alternatives=(_farkas_by_phase_one, _farkas_by_two_programs, _farkas_by_active_sets),
    ),
    Exercise(
        lp_dual,
        _linear_programs,
        _is_the_dual,
        title="The dual of a linear program",
        difficulty=3,
        minutes=15,
        free=True,
        hints=(
            "Write the Lagrangian and collect what multiplies x. When is its minimum over x not −∞?",
            "The dual has a variable for each row of G and of A, and an equation for each variable of the "
            "primal.",
            "Turn max into min by a minus on the objective, and z ≥ 0 into rows of the form G_d y ≤ h_d.",
        ),
        mistakes=(
            kept_the_maximum,
            wrong_sign_of_c,
            forgot_the_sign_of_z,
            asked_for_negative_z,
            asked_nu_at_least_zero,
            assumed_x_at_least_zero,
            turned_equations_into_inequalities,
            forgot_the_transposes,
            swapped_c_and_h,
            dropped_the_equations,
            forgot_the_equation,
        ),
        alternatives=(
            _dual_in_pairs_of_inequalities,
            _dual_row_by_row,
            _dual_with_another_objective,
        ),
    ),
)
