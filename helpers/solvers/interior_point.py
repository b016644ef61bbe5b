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
FAR = 1e15  # iterates beyond this, on data scaled to one, run away


def inequality_form(
    P: np.ndarray, q: np.ndarray, G: np.ndarray, h: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (v, z) for min ½vᵀPv + qᵀv, Gv ≤ h, where P and G have no common null vector.

    Stops yielding when the Newton system is singular in floating point.
    """
    v = newton_solver(P + G.T @ G)(G.T @ h - q)
    s = h - G @ v
    z = -s
    s = s + max(0.0, 1.0 - s.min()) if s.min() <= 0 else s
    z = z + max(0.0, 1.0 - z.min()) if z.min() <= 0 else z
    while True:
        yield v, z
        solve = newton_solver(P + weighted_gram(G, z / s))
        dual, primal, mu = P @ v + q + G.T @ z, G @ v + s - h, s @ z / len(s)

        def direction(comp: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            dv = solve(-dual - G.T @ ((z * primal - comp) / s))  # noqa: B023
            ds = -primal - G @ dv  # noqa: B023
            return dv, ds, (-comp - z * ds) / s  # noqa: B023

        dv, ds, dz = direction(s * z)
        t = min(_longest(s, ds), _longest(z, dz))
        ahead = (s + t * ds) @ (z + t * dz) / len(s)
        dv, ds, dz = direction(s * z + ds * dz - (ahead / mu) ** 3 * mu)
        t_primal, t_dual = _longest(s, ds), _longest(z, dz)
        if P.any():  # a quadratic term ties the two steps together
            t_primal = t_dual = min(t_primal, t_dual)
        t_primal, t_dual = min(1.0, BOUNDARY * t_primal), min(1.0, BOUNDARY * t_dual)
        v, s, z = v + t_primal * dv, s + t_primal * ds, z + t_dual * dz
        if not (np.isfinite(v).all() and np.isfinite(z).all() and s.min() > 0 and z.min() > 0):
            return
        if max(np.abs(v).max(), z.max()) > FAR or s @ z < 1 / FAR**2:  # no optimum to converge to
            return


def two_slopes(
    M: Any, R: np.ndarray, e: np.ndarray, low: float, high: float, curvature: float = 0.0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (β, a) for min ½βᵀdiag(R)β + Σ ρ(eᵢ − mᵢᵀβ) with one q x q system a step.

    ρ(t) = max(low t, high t) for curvature 0; with curvature 1 it is that function smoothed to
    ½t² between the slopes low and high, Huber's loss.  The slopes a are the multipliers of
    e − Mβ = u − v + curvature a with u, v ≥ 0.
    """
    q = M.shape[1]
    small = 1e-15 * np.asarray(weighted_gram(M, np.ones(len(e)))).diagonal()
    beta = newton_solver(weighted_gram(M, np.ones(len(e))) + np.diag(R + small))(M.T @ e)
    t = e - M @ beta
    shift = max(float(np.abs(t).mean()), 1e-8)
    u, v = np.maximum(t, 0) + shift, np.maximum(-t, 0) + shift
    a = np.full(len(e), (low + high) / 2)
    p, m = high - a, a - low  # kept beside a: near a bound, a itself rounds them away
    while True:
        yield beta, a
        theta = u / p + v / m + curvature
        H = weighted_gram(M, 1 / theta)
        H.flat[:: q + 1] += R + 1e-14 * H.diagonal()
        solve = newton_solver(H)
        dual, primal = R * beta - M.T @ a, e - M @ beta - u + v - curvature * a
        mu = (u @ p + v @ m) / (2 * len(e))

        def direction(cu: np.ndarray, cv: np.ndarray) -> tuple[np.ndarray, ...]:
            rest = primal + cu / p - cv / m  # noqa: B023
            db = solve(M.T @ (rest / theta) - dual)  # noqa: B023
            da = (rest - M @ db) / theta  # noqa: B023
            return db, da, (u * da - cu) / p, (-v * da - cv) / m  # noqa: B023

        db, da, du, dv = direction(u * p, v * m)
        t1, t2 = min(_longest(u, du), _longest(v, dv)), min(_longest(p, -da), _longest(m, da))
        ahead = (u + t1 * du) @ (p - t2 * da) + (v + t1 * dv) @ (m + t2 * da)
        centre = (ahead / (2 * len(e) * mu)) ** 3 * mu
        db, da, du, dv = direction(u * p - du * da - centre, v * m + dv * da - centre)
        t1, t2 = min(_longest(u, du), _longest(v, dv)), min(_longest(p, -da), _longest(m, da))
        t = min(1.0, BOUNDARY * min(t1, t2))
        beta, a, u, v = beta + t * db, a + t * da, u + t * du, v + t * dv
        p, m = p - t * da, m + t * da
        if not np.isfinite(beta).all() or min(part.min() for part in (u, v, p, m)) <= 1 / FAR**2:
            return


def weighted_gram(M: Any, d: np.ndarray) -> np.ndarray:
    """Mᵀ diag(d) M, dense."""
    if sparse.issparse(M):
        return (M.T @ M.multiply(d[:, None]).tocsr()).toarray()
    half = M * np.sqrt(d)[:, None]
    return half.T @ half


def newton_solver(H: np.ndarray) -> Any:
    """The map from x to H⁻¹x, by Cholesky on H scaled to a unit diagonal, with one step of refinement."""
    scale = 1 / np.sqrt(np.maximum(H.diagonal(), 1e-300))
    unit = H * scale
    unit *= scale[:, None]
    for nudge in (0.0, 1e-14, 1e-12, 1e-10):
        lifted = unit.copy()
        lifted.flat[:: len(H) + 1] += nudge
        factor, failed = lapack.dpotrf(lifted.T, lower=1, clean=0, overwrite_a=1)
        if not failed:
            break
    else:
        return lambda x: np.full_like(x, np.nan)

    def solve(x: np.ndarray) -> np.ndarray:
        if len(x) == 0:
            return x
        x = scale * x
        y = lapack.dpotrs(factor, x, lower=1)[0]
        return scale * (y + lapack.dpotrs(factor, x - unit @ y, lower=1)[0])

    return solve


def _longest(s: np.ndarray, ds: np.ndarray) -> float:
    """The largest t ≤ 1 / BOUNDARY with s + t ds ≥ 0."""
    fastest = float((-ds / s).max(initial=0.0))
    return 1 / max(BOUNDARY, fastest)
