"""Newton's method for logistic regression with more columns than rows: w = Xᵀc, n unknowns."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.linalg import lapack

from helpers.solvers.binary_loss import losses

ARMIJO, ROUNDING = 1e-4, 1e-14


def kernel_newton(
    X: Any, y: np.ndarray, lam: float, intercept: bool, c: np.ndarray, b: float, limit: int = 60
) -> Iterator[tuple[np.ndarray, float, float, float]]:
    """Yield (c, b, value, gap) of min Σ log(1 + exp(−yᵢ((Kc)ᵢ + b))) + ½λcᵀKc, K = XXᵀ.

    A step solves (λI + DK) Δc + dΔb = y∘a − λc with one Cholesky factor of
    λI + D^½KD^½, and Δb brings Σc to 0.
    Source: Zhu & Hastie (2005), Kernel logistic regression and the import vector machine, §3.
    """
    K = X @ X.T
    K = K.toarray() if hasattr(K, "toarray") else K
    n = len(y)
    if intercept:
        c = c - c.mean()
    Kc = K @ c
    loss, a = losses(y * (Kc + b))
    value = loss + lam * float(c @ Kc) / 2
    for _ in range(limit):
        q = lam * c - y * a
        yield c, b, value, abs(float(q @ (K @ q))) / (2 * lam)
        d = np.maximum(a * (1 - a), 1e-300)
        s = np.sqrt(d)
        B = K * s
        B *= s[:, None]
        B.flat[:: n + 1] += lam
        L, failed = lapack.dpotrf(B.T, lower=1, overwrite_a=1)
        if failed:
            return

        def solve(r: np.ndarray) -> np.ndarray:
            return (r - s * lapack.dpotrs(L, s * (K @ r), lower=1)[0]) / lam  # noqa: B023

        step, shift = -solve(q), 0.0
        if intercept:
            along = solve(d)
            shift = float((c.sum() + step.sum()) / along.sum())
            step = step - shift * along
        Kstep = K @ step
        slope = float(q @ Kstep) - shift * float((y * a).sum())
        for t in 0.5 ** np.arange(40):
            c_next, Kc_next, b_next = c + t * step, Kc + t * Kstep, b + t * shift
            loss, a_next = losses(y * (Kc_next + b_next))
            ahead = loss + lam * float(c_next @ Kc_next) / 2
            if ahead <= value + ARMIJO * t * slope + ROUNDING * abs(value):
                break
        else:
            return
        c, Kc, b, a, value = c_next, Kc_next, b_next, a_next, ahead
