"""Interior-point methods: the barrier method and Mehrotra's primal-dual predictor-corrector."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from helpers.objectives.barrier import LogBarrier

from .newton import newton, newton_decrement, newton_step


class PrimalDual(NamedTuple):
    """A point of min ½xᵀPx + qᵀx, Gx + s = h, Ax = b, s ≥ 0 and its multipliers z ≥ 0 and y."""

    x: np.ndarray
    s: np.ndarray
    z: np.ndarray
    y: np.ndarray

    @property
    def gap(self) -> float:
        """sᵀz: the duality gap once the linear equations hold."""
        return float(self.s @ self.z)


def barrier(
    c: np.ndarray,
    G: np.ndarray,
    h: np.ndarray,
    x: np.ndarray,
    t: float = 1.0,
    factor: float = 10.0,
) -> Iterator[PrimalDual]:
    """min cᵀx, Gx ≤ h from a strictly feasible x: Newton to the central path, t = factor·t, again.

    Yields the centres. Near one, z = (1 + G d/s)/(ts), d the Newton step, is dual feasible:
    Gᵀz = −c and z ≥ 0, so −hᵀz is a lower bound; the gap is about m/t.  BV, Algorithm 11.1.
    ValueError unless Gx < h.
    """
    if not np.all(G @ x < h):
        raise ValueError("x must be strictly feasible: Gx < h in every row")
    while True:
        f = LogBarrier(c, G, h, t)
        for centre in islice(newton(f, x), 100):  # more than it takes: rounding may hide the end
            if newton_decrement(f, centre) <= 1e-3:
                break
        x = centre
        s = h - G @ x
        yield PrimalDual(x, s, (1 + G @ newton_step(f, x) / s) / (t * s), np.zeros(0))
        t = factor * t


def mehrotra(
    P: np.ndarray | None,
    q: np.ndarray,
    G: np.ndarray,
    h: np.ndarray,
    A: np.ndarray | None = None,
    b: np.ndarray | None = None,
) -> Iterator[PrimalDual]:
    """min ½xᵀPx + qᵀx, Gx ≤ h, Ax = b, by a primal-dual predictor-corrector; P None for an LP.

    Yields points with s, z > 0 that need not be feasible; ends when sᵀz is down to rounding. At a
    solution Px + q + Gᵀz + Aᵀy = 0, Gx + s = h, Ax = b, s ∘ z = 0; without one the points diverge.
    LinAlgError if A has dependent rows or if there is a direction on which P, G and A vanish.
    Mehrotra (1992); NW, Algorithm 16.4; start as in Vandenberghe (2010), The CVXOPT linear and
    quadratic cone program solvers, section 5.3.
    """
    P = np.zeros((len(q), len(q))) if P is None else P
    A, b = (np.zeros((0, len(q))), np.zeros(0)) if A is None or b is None else (A, b)
    x, y = _kkt(P, G, A, np.ones(len(h)), G.T @ h - q, b)
    s, z = _interior(h - G @ x), _interior(G @ x - h)
    yield PrimalDual(x, s, z, y)
    while s @ z > np.finfo(float).eps * max(1.0, abs(q @ x)):
        mu = s @ z / len(h)
        residuals = P @ x + q + G.T @ z + A.T @ y, G @ x + s - h, A @ x - b
        _, ds, dz, _ = _newton(P, G, A, s, z, residuals, s * z)  # predictor: straight ahead
        step = min(1.0, _longest(s, ds), _longest(z, dz))
        centring = ((s + step * ds) @ (z + step * dz) / len(h) / mu) ** 3
        target = s * z + ds * dz - centring * mu  # corrector: towards the central path as well
        dx, ds, dz, dy = _newton(P, G, A, s, z, residuals, target)
        step = min(1.0, 0.99 * min(_longest(s, ds), _longest(z, dz)))
        x, s, z, y = x + step * dx, s + step * ds, z + step * dz, y + step * dy
        yield PrimalDual(x, s, z, y)


def _newton(P, G, A, s, z, residuals, target):
    """The step after which the residuals vanish and s ∘ z has lost `target`, to first order."""
    dual, primal, equality = residuals
    dx, dy = _kkt(P, G, A, z / s, -dual - G.T @ ((z * primal - target) / s), -equality)
    ds = -primal - G @ dx
    return dx, ds, -(target + z * ds) / s, dy


def _kkt(P, G, A, weights, top, bottom):
    """(x, y) with (P + Gᵀ diag(weights) G) x + Aᵀy = top and Ax = bottom."""
    H = P + (G.T * weights) @ G
    K = np.block([[H, A.T], [A, np.zeros((len(A), len(A)))]])
    solution = np.linalg.solve(K, np.concatenate([top, bottom]))
    return solution[: len(H)], solution[len(H) :]


def _interior(v):
    """v, moved along 1 until it is well inside v > 0."""
    return v if v.min() > 0 else v + 1 - v.min()


def _longest(v, dv):
    """The largest step with v + step dv ≥ 0."""
    shrinks = dv < 0
    return np.min(-v[shrinks] / dv[shrinks], initial=np.inf)
