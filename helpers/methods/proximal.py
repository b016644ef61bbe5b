"""Proximal methods for min f + g: f smooth, g with a prox; or both with a prox."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from helpers.objectives.protocols import Proximable, Smooth


def ista(
    f: Smooth, g: Proximable, x: np.ndarray, step: float | None = None
) -> Iterator[np.ndarray]:
    """x_next = prox_{step g}(x − step ∇f(x)), step = 1/L unless given: proximal gradient.

    F = f + g convex: F(x_k) − F* ≤ L‖x₀ − x*‖² / (2k).  Beck & Teboulle (2009), Theorem 3.1.
    """
    step = 1 / f.L if step is None else step
    while True:
        yield x
        x = g.prox(x - step * f.grad(x), step)


def fista(
    f: Smooth, g: Proximable, x: np.ndarray, restart: bool = False, step: float | None = None
) -> Iterator[np.ndarray]:
    """ISTA from an extrapolated point y; step = 1/L unless given.

    F(x_k) − F* ≤ 2L‖x₀ − x*‖² / (k + 1)².  Beck & Teboulle (2009), Theorem 4.4. With `restart` the
    momentum starts afresh whenever it points uphill: O'Donoghue & Candès (2015), gradient scheme.
    """
    step = 1 / f.L if step is None else step
    y, t = x, 1.0
    while True:
        yield x
        x_next = g.prox(y - step * f.grad(y), step)
        if restart and np.vdot(y - x_next, x_next - x) > 0:
            t = 1.0
        t_next = (1 + sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next


def coordinate_descent(
    X: np.ndarray, y: np.ndarray, lam1: float, w: np.ndarray, lam2: float = 0.0
) -> Iterator[np.ndarray]:
    """min ½‖Xw − y‖² + lam1‖w‖₁ + ½lam2‖w‖²: each wⱼ exactly in turn, a sweep for each iterate.

    wⱼ = S(xⱼᵀr + ‖xⱼ‖²wⱼ, lam1) / (‖xⱼ‖² + lam2), r = y − Xw, S the soft threshold.
    It reaches the minimum because the kinks are separable: Tseng (2001); Friedman et al. (2007).
    """
    w = np.array(w, dtype=float)
    squares = np.sum(X**2, axis=0)
    while True:
        yield w
        w, r = w.copy(), y - X @ w
        for j in np.flatnonzero(squares + lam2):  # a zero column without lam2 leaves wⱼ alone
            rho = X[:, j] @ r + squares[j] * w[j]
            w_j = np.sign(rho) * max(abs(rho) - lam1, 0) / (squares[j] + lam2)
            r = r - (w_j - w[j]) * X[:, j]
            w[j] = w_j


def admm(f: Proximable, g: Proximable, z: np.ndarray, rho: float = 1.0) -> Iterator[np.ndarray]:
    """min f(x) + g(z) subject to x = z; yields z. Lasso: admm(LeastSquares(X, y), L1(lam), z).

    x = prox_{f/ρ}(z − u), z = prox_{g/ρ}(x + u), u = u + x − z; ρu tends to the multiplier of
    x = z.  Boyd, Parikh, Chu, Peleato & Eckstein (2011), section 3.1.1.
    """
    u = np.zeros(np.shape(z))
    while True:
        yield z
        x = f.prox(z - u, 1 / rho)
        z = g.prox(x + u, 1 / rho)
        u = u + x - z


def douglas_rachford(
    f: Proximable, g: Proximable, z: np.ndarray, step: float = 1.0
) -> Iterator[np.ndarray]:
    """min f + g: x = prox_f(z), z = z + prox_g(2x − z) − x; yields x = prox_f(z), from z = z₀ on.

    z − x is fixed exactly when x is optimal. Two indicators: it finds a point in both sets.
    Lions & Mercier (1979); Eckstein & Bertsekas (1992): ADMM is this method on the dual.
    """
    while True:
        x = f.prox(z, step)
        yield x
        z = z + g.prox(2 * x - z, step) - x
