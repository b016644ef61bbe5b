"""Proofs for linear and quadratic programs: of optimality, of infeasibility, of unboundedness.

    minimise ½xᵀPx + qᵀx   subject to   Gx ≤ h,   Ax = b.

For z ≥ 0 and any ν and u with Pu + q + Gᵀz + Aᵀν = 0, every feasible x has
½xᵀPx + qᵀx ≥ −½uᵀPu − hᵀz − bᵀν.  Source: Boyd & Vandenberghe, Convex Optimization, 5.2 and 5.8.

Floating point leaves a residual e in that equation.  It is first pushed down to rounding, and what
remains is paid for: the bound gives up Σ|eⱼ|Rⱼ, so that it holds for every feasible x in the box
|xⱼ| ≤ Rⱼ, ten times the answer's own size.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import lapack

from helpers.certificates.base import Certificate

EPS = float(np.finfo(float).eps)
REGULAR = 1e-7  # with a smaller pivot, beside its column's size, P is as good as singular
NEGLIGIBLE = 5e-13  # a residual that costs the bound no more than this share is left as it is
FEW = 2  # multipliers for each variable, for whose sums an exact one is cheap
STEPS = 6  # that may be taken to mend a dual point
RESIDUAL = 1e-8  # a dual point whose equation fails by more, relative to its terms, proves nothing


def linear_program(
    c: np.ndarray,
    G: np.ndarray | None,
    h: np.ndarray | None,
    A: np.ndarray | None,
    b: np.ndarray | None,
    x: np.ndarray,
    dual: tuple[np.ndarray, np.ndarray] | None = None,
) -> Certificate:
    """min cᵀx, Gx ≤ h, Ax = b.  dual = (z, ν), multipliers of the inequalities and equations.

    Without `dual` the multipliers are fitted to the constraints that x meets with equality.
    """
    return quadratic_program(None, c, G, h, A, b, x, dual)


def quadratic_program(
    P: np.ndarray | None,
    q: np.ndarray,
    G: np.ndarray | None,
    h: np.ndarray | None,
    A: np.ndarray | None,
    b: np.ndarray | None,
    x: np.ndarray,
    dual: tuple[np.ndarray, np.ndarray] | None = None,
) -> Certificate:
    """min ½xᵀPx + qᵀx, Gx ≤ h, Ax = b, for a positive semidefinite P (None is zero).

    dual = (z, ν); the point u of the bound is x but for what repairs the equation.  `violation` is the worst constraint's
    excess, relative to the size of its own terms.
    """
    q, x = np.asarray(q, dtype=float), np.asarray(x, dtype=float)
    P, G, h, A, b = filled(P, q, G, h, A, b)
    box, sizes, equations = _box(P, G, A, x), np.abs(G), len(b) > 0
    violation = _worst(np.maximum(G @ x - h, 0), np.abs(h) + sizes @ (box / 10))
    if equations:
        misses = _worst(np.abs(A @ x - b), np.abs(b) + np.abs(A) @ (box / 10))
        violation = max(violation, misses)
    quadratic = bool(P.any())
    gradient = P @ x + q if quadratic else q
    primal = float((gradient + q) @ x) / 2
    z, nu = fitted(P, q, G, h, A, x) if dual is None else dual
    z, nu = np.maximum(np.asarray(z, dtype=float), 0.0), np.asarray(nu, dtype=float)
    push = G.T @ z + A.T @ nu if equations else G.T @ z
    u, e = x, gradient + push
    enough = NEGLIGIBLE * max(1.0, abs(primal))
    if quadratic and not np.abs(e) @ box <= enough:  # what P sees is mended by moving u off x
        u = x - _solved(P, e)
        gradient = P @ u + q
        e = gradient + push
    if not np.abs(e) @ box <= enough:
        z, nu, e = _repaired(gradient, G, A, z, nu, box)
    terms = np.abs(q) + sizes.T @ z
    bend = rounding = 0.0
    if quadratic:
        products = np.abs(P) @ np.abs(u)
        terms += products
        bend = max(float((gradient - q) @ u) / 2, 0.0)
        if not np.all(np.abs(u) <= box):  # so far out, the rounding of Pu itself has a price
            rounding = float(len(u) * EPS * (products @ (np.abs(u) + box)))
    if equations:
        terms += np.abs(A).T @ np.abs(nu)
    bound = -np.inf
    cost = np.abs(e)
    if cost @ box <= enough or np.all(cost <= RESIDUAL * np.maximum(terms, 1e-300)):
        bound = float(-bend - h @ z - b @ nu - cost @ box) - rounding
    return Certificate(primal, bound, (z, nu), violation)


@dataclass(frozen=True)
class Infeasible:
    """Farkas: z ≥ 0, Gᵀz + Aᵀν = 0 and hᵀz + bᵀν < 0, so no x has Gx ≤ h and Ax = b.

    In floating point the equation leaves `residual` = ‖Gᵀz + Aᵀν‖₁, and the proof then covers
    every x with ‖x‖∞ < `radius` = margin / residual.
    """

    z: np.ndarray
    nu: np.ndarray
    margin: float
    residual: float

    @property
    def radius(self) -> float:
        return self.margin / self.residual if self.residual > 0 else float(np.inf)

    def proves(self, tol: float) -> bool:
        """True when no x with ‖x‖∞ < 1/tol is feasible."""
        return bool(self.margin > 0 and self.residual <= tol * self.margin)


@dataclass(frozen=True)
class Unbounded:
    """A ray d with Pd = 0, Gd ≤ 0, Ad = 0 and slope qᵀd < 0: from the feasible `point` the
    objective falls for ever along it.  Both violations are relative; `slope` is scaled by ‖d‖∞."""

    point: np.ndarray
    ray: np.ndarray
    slope: float
    violation: float

    def proves(self, tol: float) -> bool:
        return bool(self.slope < 0 and self.violation <= tol)


def infeasible(
    G: np.ndarray | None,
    h: np.ndarray | None,
    A: np.ndarray | None,
    b: np.ndarray | None,
    z: np.ndarray,
    nu: np.ndarray,
) -> Infeasible:
    """The Farkas certificate of (z, ν), z clipped to z ≥ 0 and the pair scaled to size one."""
    n = next(M.shape[1] for M in (G, A) if M is not None)
    _, G, h, A, b = filled(None, np.zeros(n), G, h, A, b)
    z, nu = np.maximum(np.asarray(z, dtype=float), 0.0), np.asarray(nu, dtype=float)
    size = max(np.abs(z).max(initial=0.0), np.abs(nu).max(initial=0.0))
    if not (size > 0 and np.isfinite(size)):
        return Infeasible(z, nu, 0.0, 0.0)
    z, nu, e = _repaired(np.zeros(n), G, A, z / size, nu / size, np.ones(n))
    terms = np.abs(h) @ z + np.abs(b) @ np.abs(nu)
    margin = -(h @ z + b @ nu)
    if margin <= 1e-14 * terms:  # no more than rounding
        margin = 0.0
    return Infeasible(z, nu, float(margin), float(np.abs(e).sum()))


def unbounded(
    P: np.ndarray | None,
    q: np.ndarray,
    G: np.ndarray | None,
    h: np.ndarray | None,
    A: np.ndarray | None,
    b: np.ndarray | None,
    x: np.ndarray,
    ray: np.ndarray,
) -> Unbounded:
    """The certificate that the program falls without end from x along `ray`."""
    q, x, d = (np.asarray(part, dtype=float) for part in (q, x, ray))
    P, G, h, A, b = filled(P, q, G, h, A, b)
    size = np.abs(d).max(initial=0.0)
    if not (size > 0 and np.isfinite(size)):
        return Unbounded(x, d, 0.0, 0.0)
    d = d / size
    start = quadratic_program(None, 0 * q, G, h, A, b, x, (np.zeros(len(h)), np.zeros(len(b))))
    violation = max(
        start.violation,
        _worst(np.maximum(G @ d, 0), np.abs(G).sum(axis=1)),
        _worst(np.abs(A @ d), np.abs(A).sum(axis=1)),
        _worst(np.abs(P @ d), np.abs(P).sum(axis=1)),
    )
    slope = q @ d
    if slope > -1e-12 * np.abs(q).sum():
        slope = 0.0
    return Unbounded(x, d, float(slope), float(violation))


# ------------------------------------------------------------------------------------- the pieces
def filled(P: Any, q: np.ndarray, G: Any, h: Any, A: Any, b: Any) -> tuple[np.ndarray, ...]:
    """The program's data as float arrays, None replaced by zero (P) or by no rows at all."""
    n = len(q)
    return (
        np.zeros((n, n)) if P is None else np.asarray(P, dtype=float),
        np.zeros((0, n)) if G is None else np.asarray(G, dtype=float),
        np.zeros(0) if h is None else np.asarray(h, dtype=float),
        np.zeros((0, n)) if A is None else np.asarray(A, dtype=float),
        np.zeros(0) if b is None else np.asarray(b, dtype=float),
    )


def fitted(
    P: np.ndarray, q: np.ndarray, G: np.ndarray, h: np.ndarray, A: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Multipliers of the constraints that hold with equality at x, by non-negative least squares."""
    from scipy.optimize import nnls

    size = np.abs(h) + np.abs(G) @ np.abs(x)
    active = np.flatnonzero(h - G @ x <= 1e-7 * np.maximum(size, 1e-300))
    columns = np.hstack([G[active].T, A.T, -A.T])
    z, nu = np.zeros(len(h)), np.zeros(len(A))
    if columns.shape[1]:
        try:
            t = nnls(columns, -(P @ x + q))[0]
        except RuntimeError:  # its iterations ran out: no multipliers, hence no bound
            return z, nu
        z[active] = t[: len(active)]
        up, down = np.split(t[len(active) :], 2)
        nu = up - down
    return z, nu


def _repaired(
    g: np.ndarray, G: np.ndarray, A: np.ndarray, z: np.ndarray, nu: np.ndarray, box: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(z, ν) moved until e = g + Gᵀz + Aᵀν is rounding; returned with e.

    Each zᵢ moves in proportion to itself, so those at zero stay there. Once |e|ᵀbox no longer falls, e
    itself is summed more exactly where few zᵢ are not 0, as at a vertex: in double precision its own
    rounding would be paid for.
    """
    size = max(1.0, np.abs(nu).max(initial=0.0))
    residual, e = _residual, _residual(g, G, A, z, nu)
    for _ in range(STEPS):
        J = np.hstack([G.T * z, A.T * size])
        scale = np.abs(J).max(axis=1, initial=0.0)
        scale = np.where(scale > 0, scale, 1.0)
        if J.shape[1] == 0 or not np.all(np.isfinite(J)) or not np.all(np.isfinite(e)):
            return z, nu, e
        step = _shortest(J / scale[:, None], -e / scale)
        z_next = np.maximum(z * (1 + step[: len(z)]), 0.0)
        nu_next = nu + size * step[len(z) :]
        e_next = residual(g, G, A, z_next, nu_next)
        if np.abs(e_next) @ box < np.abs(e) @ box:
            z, nu, e = z_next, nu_next, e_next
        elif residual is _residual and np.count_nonzero(z) <= FEW * len(g):
            residual, e = _exact_residual, _exact_residual(g, G, A, z, nu)
        else:
            break
    return z, nu, e


def _residual(g, G, A, z, nu) -> np.ndarray:
    return g + G.T @ z + A.T @ nu


def _exact_residual(g, G, A, z, nu) -> np.ndarray:
    """The same summed in extended precision, where the machine has one."""
    e = g.astype(np.longdouble)
    for M, multipliers in ((G, z), (A, nu)):
        used = multipliers.nonzero()[0]
        e = e + M[used].T.astype(np.longdouble) @ multipliers[used].astype(np.longdouble)
    return e.astype(float)


def _solved(P: np.ndarray, e: np.ndarray) -> np.ndarray:
    """d with Pd nearest to e; the shortest where P is singular."""
    factor, failed = lapack.dpotrf(P, lower=1)
    if not failed and np.all(factor.diagonal() > REGULAR * np.sqrt(P.diagonal())):
        d = lapack.dpotrs(factor, e, lower=1)[0]
        if np.linalg.norm(P @ d - e) <= 1e-2 * np.linalg.norm(e):
            return d
    return np.linalg.lstsq(P, e, rcond=1e-12)[0]


def _shortest(J: np.ndarray, e: np.ndarray) -> np.ndarray:
    """The least change t with Jt = e: from JJᵀ where that is regular, else from J itself."""
    factor, failed = lapack.dpotrf(J @ J.T, lower=1)
    if not failed:
        t = J.T @ lapack.dpotrs(factor, e, lower=1)[0]
        if np.linalg.norm(J @ t - e) <= 1e-2 * np.linalg.norm(e):
            return t
    return np.linalg.lstsq(J, e, rcond=None)[0]


def _worst(excess: np.ndarray, size: np.ndarray) -> float:
    """The largest excess relative to its row's size; a row of zeros counts as of size 1."""
    return float((excess / np.where(size > 0, size, 1.0)).max(initial=0.0))


def _box(P: np.ndarray, G: np.ndarray, A: np.ndarray, x: np.ndarray) -> np.ndarray:
    """R: ten times |x|, where entries near zero take the size of the others in column units."""
    squares = np.einsum("ij,ij->j", G, G) + np.abs(P.diagonal())
    if len(A):
        squares = squares + np.einsum("ij,ij->j", A, A)
    scale = np.sqrt(squares)
    scale[scale == 0] = 1.0
    size = np.abs(x)
    return 10 * np.maximum(size, max(1.0, float((scale * size).max(initial=0.0))) / scale)
