"""Mehrotra's predictor-corrector method, for the two shapes of program that the solvers need.

Both yield one iterate a Newton step; the caller certifies and stops.
Source: Mehrotra (1992), SIAM J. Optim. 2(4); Nocedal & Wright, Numerical Optimization, 14.2, 16.6.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

BOUNDARY = 0.9995  # how much of the way to the boundary a step may go
MEETS = 1e-9  # a corner may be off by that much: the certificate judges
LONGEST = 100  # Newton steps
FAR = 1e15  # iterates beyond this, on data scaled to one, run away


def inequality_form(
    P: np.ndarray, q: np.ndarray, G: np.ndarray, h: np.ndarray, gram: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield (v, s, z) for min ½vᵀPv + qᵀv, Gv + s = h, s ≥ 0, where P and G share no null vector.

    gram = GᵀG. Stops yielding when the Newton system is singular in floating point, or an iterate runs away.
    """
    quadratic = bool(P.any())
    v = newton_solver(P + gram)(G.T @ h - q)
    s = h - G @ v
    z = -s
    s = s + max(0.0, 1.0 - s.min()) if s.min() <= 0 else s
    z = z + max(0.0, 1.0 - z.min()) if z.min() <= 0 else z
    while True:
        yield v, s, z
        d = z / s
        H = weighted_gram(G, d)
        solve = newton_solver(P + H if quadratic else H)
        primal, mu = G @ v + s - h, s @ z / len(s)
        right = -q - G.T @ (d * primal)
        if quadratic:
            right -= P @ v
        dv = solve(right, refined=False)
        ds = -primal - G @ dv
        dz = -z - d * ds
        t_primal, t_dual = _longest(s, ds), _longest(z, dz)
        t = min(t_primal, t_dual)
        ahead = (s + t * ds) @ (z + t * dz) / len(s)
        push = (ds * dz - (ahead / mu) ** 3 * mu) / s
        dv = solve(right + G.T @ push)
        ds = -primal - G @ dv
        dz = -z - push - d * ds
        t_primal, t_dual = _longest(s, ds), _longest(z, dz)
        if quadratic:  # a quadratic term ties the two steps together
            t_primal = t_dual = min(t_primal, t_dual)
        t_primal, t_dual = min(1.0, BOUNDARY * t_primal), min(1.0, BOUNDARY * t_dual)
        v, s, z = v + t_primal * dv, s + t_primal * ds, z + t_dual * dz
        # NaN fails every comparison
        if not (s.min() > 0 and z.min() > 0 and s @ z >= 1 / FAR**2):
            return
        if not max(v.max(), -v.min(), z.max()) <= FAR:  # no optimum to converge to
            return


def two_slopes(
    M: Any,
    R: np.ndarray,
    e: np.ndarray,
    low: float,
    high: float,
    curvature: float = 0.0,
    worth: float = np.inf,
    unit: float = 1.0,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (β, a) for min ½βᵀdiag(R)β + Σ ρ(eᵢ − mᵢᵀβ) with one q x q system a step.

    ρ(t) = max(low t, high t) for curvature 0; with curvature 1 it is that function smoothed to
    ½t² between the slopes low and high, Huber's loss.  The slopes a are the multipliers of
    e − Mβ = u − v + curvature a with u, v ≥ 0.

    With curvature 0, iterates whose own gap is above `worth`, relative to the value (but at least
    to 1 in the caller's unit), are not yielded, because a proof costs more than a look at the gap; the last is, and
    so is the corner that the iterates seem to go to.
    """
    q = M.shape[1]
    H = weighted_gram(M, np.ones(len(e)))
    H.flat[:: q + 1] += R + 1e-15 * H.diagonal()
    beta = newton_solver(H)(M.T @ e)
    t = e - M @ beta
    shift = max(float(np.abs(t).mean()), 1e-8)
    u, v = np.maximum(t, 0) + shift, np.maximum(-t, 0) + shift
    a = np.full(len(e), (low + high) / 2)
    p, m = high - a, a - low  # kept beside a: near a bound, a itself rounds them away
    before = np.zeros(len(e), dtype=bool)
    for _ in range(LONGEST):
        value = float(high * u.sum() - low * v.sum()) + float(R @ beta**2) / 2
        shown = curvature > 0 or float(u @ p + v @ m) <= worth * max(1 / unit, value)
        if shown:
            yield beta, a
        if curvature == 0:
            kinks = (p > u) & (m > v)
            if np.array_equal(kinks, before) or np.count_nonzero(kinks) == q:
                found = corner(M, R, e, low, high, np.where(p < m, high, low), kinks)
                if found is not None:
                    yield found
            before = kinks
        last = beta, a
        theta = u / p + v / m + curvature
        H = weighted_gram(M, 1 / theta)
        H.flat[:: q + 1] += R + 1e-14 * H.diagonal()
        solve = newton_solver(H)
        dual, primal = R * beta - M.T @ a, e - M @ beta - u + v - curvature * a
        mu = (u @ p + v @ m) / (2 * len(e))

        def direction(
            cu: np.ndarray, cv: np.ndarray, refined: bool = True
        ) -> tuple[np.ndarray, ...]:
            rest = primal + cu / p - cv / m  # noqa: B023
            db = solve(M.T @ (rest / theta) - dual, refined)  # noqa: B023
            da = (rest - M @ db) / theta  # noqa: B023
            return db, da, (u * da - cu) / p, (-v * da - cv) / m  # noqa: B023

        db, da, du, dv = direction(u * p, v * m, refined=False)
        t1, t2 = min(_longest(u, du), _longest(v, dv)), min(_longest(p, -da), _longest(m, da))
        ahead = (u + t1 * du) @ (p - t2 * da) + (v + t1 * dv) @ (m + t2 * da)
        centre = (ahead / (2 * len(e) * mu)) ** 3 * mu
        db, da, du, dv = direction(u * p - du * da - centre, v * m + dv * da - centre)
        t1, t2 = min(_longest(u, du), _longest(v, dv)), min(_longest(p, -da), _longest(m, da))
        t = min(1.0, BOUNDARY * min(t1, t2))
        beta, a, u, v = beta + t * db, a + t * da, u + t * du, v + t * dv
        p, m = p - t * da, m + t * da
        if not np.isfinite(beta).all() or min(part.min() for part in (u, v, p, m)) <= 1 / FAR**2:
            break
    if not shown:
        yield last


def corner(
    M: Any, R: np.ndarray, e: np.ndarray, low: float, high: float, a: np.ndarray, kinks: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """The exact (β, a) if the rows `kinks` are met with equality and the others have the slopes a."""
    rows, q = np.flatnonzero(kinks), M.shape[1]
    if not 0 < len(rows) <= q:
        return None
    a = np.where(kinks, 0.0, a)
    unit = 1 / np.sqrt(1 + R)
    part = M[rows]
    part = (part.toarray() if sparse.issparse(part) else part) * unit
    K = np.zeros((q + len(rows), q + len(rows)))
    K.flat[: q * len(K) : len(K) + 1] = R * unit**2
    K[:q, q:], K[q:, :q] = -part.T, part
    right = np.append(unit * (M.T @ a), e[rows])
    factor, pivots, failed = lapack.dgetrf(K)
    if failed:
        return None
    t = lapack.dgetrs(factor, pivots, right)[0]
    t = t + lapack.dgetrs(factor, pivots, right - K @ t)[0]
    beta, slopes = unit * t[:q], t[q:]
    r = e - M @ beta
    size = MEETS * max(1.0, float(np.abs(e).max()))
    wrong = ((a == high) & (r < -size)) | ((a == low) & (r > size))
    if wrong.any() or not (slopes.min() > low - MEETS and slopes.max() < high + MEETS):
        return None
    a[rows] = np.clip(slopes, low, high)
    return beta, a


def weighted_gram(M: Any, d: np.ndarray) -> np.ndarray:
    """Mᵀ diag(d) M, dense."""
    if sparse.issparse(M):
        return (M.T @ M.multiply(d[:, None]).tocsr()).toarray()
    half = M * np.sqrt(d)[:, None]
    return half.T @ half


def newton_solver(H: np.ndarray) -> Any:
    """The map from x to H⁻¹x, by a Cholesky factor and, unless asked not to, one refinement.

    An H that is singular in floating point is scaled to a unit diagonal and lifted by a trace of it.
    """
    factor, failed = lapack.dpotrf(H.T, lower=1, clean=0)
    if not failed:

        def solve(x: np.ndarray, refined: bool = True) -> np.ndarray:
            if len(x) == 0:
                return x
            y = lapack.dpotrs(factor, x, lower=1)[0]
            return y + lapack.dpotrs(factor, x - H @ y, lower=1)[0] if refined else y

        return solve
    scale = 1 / np.sqrt(np.maximum(H.diagonal(), 1e-300))
    unit = H * scale
    unit *= scale[:, None]
    for nudge in (1e-14, 1e-12, 1e-10):
        lifted = unit.copy()
        lifted.flat[:: len(H) + 1] += nudge
        factor, failed = lapack.dpotrf(lifted.T, lower=1, clean=0, overwrite_a=1)
        if not failed:
            break
    else:
        return lambda x, refined=True: np.full_like(x, np.nan)

    def lifted_solve(x: np.ndarray, refined: bool = True) -> np.ndarray:
        x = scale * x
        y = lapack.dpotrs(factor, x, lower=1)[0]
        return scale * (y + lapack.dpotrs(factor, x - unit @ y, lower=1)[0])

    return lifted_solve


def _longest(s: np.ndarray, ds: np.ndarray) -> float:
    """The largest t ≤ 1 / BOUNDARY with s + t ds ≥ 0."""
    return 1 / max(BOUNDARY, -float((ds / s).min()))
