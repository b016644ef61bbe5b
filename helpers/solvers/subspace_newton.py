"""Newton's method over a growing subspace: logistic regression with more columns than rows."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.linalg import lapack

from helpers.solvers.binary_loss import losses

ARMIJO, ROUNDING = 1e-4, 1e-14
INNER = 20  # Newton steps in a subspace at most


def subspace_newton(
    product: Callable[[np.ndarray], np.ndarray],
    squares: np.ndarray,
    y: np.ndarray,
    lam: float,
    intercept: bool,
    c: np.ndarray,
    b: float,
    limit: int,
) -> Iterator[tuple[np.ndarray, np.ndarray, float, float, float]]:
    """Yield (c, a, b, value, gap) of min Σ log(1 + exp(−yᵢ((Kc)ᵢ + b))) + ½λcᵀKc, K = XXᵀ.

    `product` is z ↦ Kz and `squares` K's diagonal; the start c, if it is not 0, is the first direction.
    Each round costs one product: it makes one direction more, orthonormal in K, so that
    c = St costs ½λ‖t‖² and predicts Ft, F = KS; then a few Newton steps in (b, t) find the best of the
    span, to which conjugate gradients with an exact line search come close at most. The direction is the
    Newton step of all n coefficients with the diagonal in K's place. Its end is the dual point, λc = y∘a.
    Source: Narkiss & Zibulevsky (2005), Sequential subspace optimization method for large-scale
    unconstrained problems; Zhu & Hastie (2005), Kernel logistic regression, §3 (the step).
    """
    n, first = len(y), int(intercept)
    S, F = (np.zeros((n, first + limit), order="F") for _ in range(2))
    t, R = np.zeros(first + limit), np.full(first + limit, lam)
    if intercept:
        F[:, 0], t[0], R[0] = 1.0, b, 0.0
    gap, a = losses(y * b)
    z = c if c.any() else _step(squares, lam, intercept, c, y * a, a * (1 - a))
    for m in range(first, first + limit):
        Kz = product(z)
        for _ in range(2):  # the second time for what the first one's rounding left
            along = F[:, first:m].T @ z
            z, Kz = z - S[:, first:m] @ along, Kz - F[:, first:m] @ along
        square = float(z @ Kz)
        if not 0 < square < np.inf:
            return
        S[:, m], F[:, m] = z / square**0.5, Kz / square**0.5
        now = slice(m + 1)
        t[now], value, a = _minimum(F[:, now], y, R[now], t[now], gap)
        c = S[:, now] @ t[now]
        z = _step(squares, lam, intercept, c, y * a, a * (1 - a))
        gap = abs(float(z @ (squares * (lam * c - y * a)))) / 2
        yield c, lam * y * (c - z), float(t[0]) * first, value, gap


def _step(
    squares: np.ndarray, lam: float, intercept: bool, c: np.ndarray, s: np.ndarray, d: np.ndarray
) -> np.ndarray:
    """z with c − z near the minimum, for diagonal K; with an intercept Σ(c − z) = 0."""
    inverse = 1 / (lam + d * squares)
    z = (lam * c - s) * inverse
    if intercept:
        z = z + d * inverse * (float(c.sum() - z.sum()) / float(d @ inverse))
    return z


def _minimum(
    F: np.ndarray, y: np.ndarray, R: np.ndarray, t: np.ndarray, gap: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """t near the minimum of Σ log(1 + exp(−yᵢ(Ft)ᵢ)) + ½ Σ Rⱼtⱼ²: Newton steps until one gains less than `gap`."""
    f = F @ t
    loss, a = losses(y * f)
    value = loss + float(R @ t**2) / 2
    for _ in range(INNER):
        g = R * t - F.T @ (y * a)
        H = (F * (a * (1 - a))[:, None]).T @ F
        H.flat[:: len(H) + 1] += R
        L, failed = lapack.dpotrf(H, lower=1)
        if failed:
            break
        step = lapack.dpotrs(L, g, lower=1)[0]
        decrement, along = float(g @ step), F @ step
        for r in 0.5 ** np.arange(40):
            loss, a_next = losses(y * (f - r * along))
            ahead = loss + float(R @ (t - r * step) ** 2) / 2
            if ahead <= value - ARMIJO * r * decrement + ROUNDING * abs(value):
                break
        else:
            break
        t, f, a, value = t - r * step, f - r * along, a_next, ahead
        if decrement < gap:
            break
    return t, value, a
