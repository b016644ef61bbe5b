"""Newton's method on the faces of the orthants: min ½wᵀGw − cᵀw + λ‖w‖₁."""

from typing import Protocol

import numpy as np
from scipy.linalg.blas import dasum

HALVINGS = 7


class Quadratic(Protocol):
    """A symmetric positive semidefinite G."""

    def product(self, w: np.ndarray) -> np.ndarray:
        """Gw."""

    def solve(self, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        """d with G[A, A] d = b, exactly or nearly; bᵀd > 0."""


def orthant_newton(
    G: Quadratic,
    c: np.ndarray,
    w: np.ndarray,
    lam: float,
    tol: float,
    limit: int = 200,
    origin: np.ndarray | None = None,
) -> tuple[np.ndarray, int]:
    """Minimise ½wᵀGw − cᵀw + λ‖w‖₁ from `w` on, until every slope is within tol·λ of optimal.

    With an `origin` o the smooth part is ½(w − o)ᵀG(w − o) − cᵀ(w − o): a model around o, which a G
    that is not exact does not lead astray there.

    Within an orthant the objective is quadratic: Newton's step on the coordinates that are not 0, or
    want to leave 0, goes to that quadratic's minimiser, and what crosses 0 on the way stays there.
    Returns (w, number of steps). Source: Andrew & Gao (2007), Scalable training of L1-regularized
    log-linear models (the orthant's projection); Nocedal & Wright §16.5 (the active set).
    """
    g = c - G.product(w if origin is None else w - origin) if w is not origin else c
    value = _value(c, g, w, lam, origin)
    for step in range(limit):
        A = ((w != 0) | (np.abs(g) > lam * (1 + tol))).nonzero()[0]
        if len(A) == 0:
            return w, step
        v = w[A]
        s = np.sign(np.where(v != 0, v, g[A]))
        b = g[A] - lam * s
        if np.abs(b).max() <= tol * lam:
            return w, step
        d = G.solve(A, b)
        for trial in _trials(G, w, A, s, b, d):
            g_next = c - G.product(trial if origin is None else trial - origin)
            value_next = _value(c, g_next, trial, lam, origin)
            if value_next <= value + 1e-14 * abs(value):
                break
        else:
            return w, step  # not even the step to the first crossing descends: this is rounding
        if (trial == w).all():
            return w, step
        w, g, value = trial, g_next, value_next
    return w, limit


def _trials(G, w, A, s, b, d):
    """Yield the points to try, the boldest first; the last is sure to descend but for rounding."""
    yield _projected(w, A, s, d)
    while True:  # a coordinate that enters must enter on the side that its slope asks for
        right = (w[A] != 0) | (d * s >= 0)
        if right.all():
            break
        A, s, b = A[right], s[right], b[right]
        d = G.solve(A, b)
        yield _projected(w, A, s, d)
    for halving in range(1, HALVINGS + 1):
        yield _projected(w, A, s, d / 2**halving)
    crossing = w[A] * (w[A] + d) < 0
    if crossing.any():
        times = -w[A][crossing] / d[crossing]
        trial = _projected(w, A, s, times.min() * d)
        trial[A[crossing][np.argmin(times)]] = 0.0
        yield trial


def _projected(w: np.ndarray, A: np.ndarray, s: np.ndarray, d: np.ndarray) -> np.ndarray:
    ahead = w[A] + d
    ahead[ahead * s <= 0] = 0.0
    trial = w.copy()
    trial[A] = ahead
    return trial


def _value(
    c: np.ndarray, g: np.ndarray, w: np.ndarray, lam: float, origin: np.ndarray | None
) -> float:
    return lam * dasum(w) - float((w if origin is None else w - origin) @ (g + c)) / 2
