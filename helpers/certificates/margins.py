"""Proofs for support vector machines, linear and with a kernel.

For multipliers 0 ≤ a ≤ C, with yᵀa = 0 when there is an intercept, every w and b obey

    ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b))  ≥  Σ aᵢ − ½‖Xᵀ(y∘a)‖²

because C max(0, t) ≥ a t.  Source: Cortes & Vapnik (1995).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from helpers.certificates.base import Certificate
from helpers.certificates.robust import balanced, slopes

TILE = 128  # rows and columns of a matrix that are looked at together


FEW = 3  # a product takes the rows that count alone where there are so many times fewer


def svm(
    X: Any,
    y: np.ndarray,
    C: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b)) for labels y in {−1, +1}.

    X is n x p (dense or sparse), w has p entries; b = None is the model without an intercept.
    The multipliers default to those that the margins tell: C inside the margin, 0 beyond it, and
    on it those that come closest to w = Xᵀ(y∘a).
    """
    y, w = np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    slack = 1 - y * (X @ w + (0.0 if b is None else b))
    if dual is None:
        dual = _multipliers(X, y, slack, w, C, b is not None)
    a = feasible(y, C, dual, b is not None)
    primal = 0.5 * w @ w + C * np.maximum(0.0, slack).sum()
    a, bound = best_multiple(a, C, lambda a: np.square(X.T @ (y * a)).sum())
    return Certificate(float(primal), float(bound), a)


def kernel_svm(
    K: np.ndarray,
    y: np.ndarray,
    C: float,
    alpha: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """½αᵀKα + C Σ max(0, 1 − yᵢ((Kα)ᵢ + b)) for a positive semidefinite n x n kernel matrix K.

    α = y∘a at the optimum, so the multipliers default to y∘α.  Raises ValueError when K is not
    symmetric or not positive semidefinite: the bound would be false.
    """
    K = np.asarray(K, dtype=float)
    positive_semidefinite("K", K)
    return kernel_bounds(K, y, C, alpha, b, dual)


def kernel_bounds(
    K: np.ndarray,
    y: np.ndarray,
    C: float,
    alpha: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """`kernel_svm` for a K that is known to be positive semidefinite."""
    y, alpha = np.asarray(y, dtype=float), np.asarray(alpha, dtype=float)
    f = combination(K, alpha)
    slack = 1 - y * (f + (0.0 if b is None else b))
    a = feasible(y, C, y * alpha if dual is None else dual, b is not None)
    primal = 0.5 * alpha @ f + C * np.maximum(0.0, slack).sum()
    g = f if np.array_equal(alpha, y * a) else combination(K, y * a)
    top = a.max(initial=0.0)
    a, bound = best_multiple(a, C, lambda unit: (y * unit) @ g / top)
    return Certificate(float(primal), float(bound), a)


# ------------------------------------------------------------------------------------- the pieces
def feasible(y: np.ndarray, C: float, a: np.ndarray, intercept: bool) -> np.ndarray:
    """The multipliers near `a` with 0 ≤ a ≤ C and, with an intercept, yᵀa = 0."""
    a = np.clip(np.asarray(a, dtype=float), 0.0, C)
    return y * balanced(y * a) if intercept else a


def best_multiple(
    a: np.ndarray, C: float, square: Callable[[np.ndarray], float]
) -> tuple[np.ndarray, float]:
    """The multiple t a that stays in [0, C] and has the best bound Σa − ½ square(a)."""
    top = a.max(initial=0.0)
    if top <= 0:
        return a, 0.0
    a = a / top  # of size one, so that no tiny point overflows
    total, curvature = a.sum(), square(a)
    t = total / curvature if curvature * C > total else C
    return t * a, float(t * total - 0.5 * t**2 * curvature)


def positive_semidefinite(name: str, K: np.ndarray) -> None:
    """Raise ValueError unless K is symmetric and positive semidefinite up to rounding."""
    if K.ndim != 2 or K.shape[0] != K.shape[1]:
        raise ValueError(f"{name} must be a square matrix; its shape is {K.shape}")
    size = float(K.diagonal().max(initial=0.0))  # no entry of such a matrix is larger
    if asymmetry(K) > 1e-10 * size:
        raise ValueError(f"{name} must be symmetric")
    lifted = K.copy()
    lifted.flat[:: len(K) + 1] += 1e-9 * max(size, 1e-300)
    if lapack.dpotrf(lifted.T, lower=1, clean=0, overwrite_a=1)[1]:
        lowest = np.linalg.eigvalsh(K)[0]
        raise ValueError(
            f"{name} must be positive semidefinite, but it has the eigenvalue {lowest:.3g}"
        )


def asymmetry(K: np.ndarray) -> float:
    """max |Kᵢⱼ − Kⱼᵢ|, tile by tile, because a whole transpose is slow to read."""
    worst = 0.0
    for i in range(0, len(K), TILE):
        for j in range(0, i + 1, TILE):
            left = K[i : i + TILE, j : j + TILE] - K[j : j + TILE, i : i + TILE].T
            worst = max(worst, float(left.max()), -float(left.min()))
    return worst


def combination(K: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Kv for a symmetric K; where most of v is 0, from the rows that count."""
    used = np.flatnonzero(v)
    return v[used] @ K[used] if FEW * len(used) < len(v) else K @ v


def _multipliers(
    X: Any, y: np.ndarray, slack: np.ndarray, w: np.ndarray, C: float, intercept: bool
) -> np.ndarray:
    """Slopes of C max(0, slack) that bring Xᵀ(y∘a) nearest to w, and yᵀa to 0."""
    columns, target = [X], w
    if intercept:
        columns, target = [X, np.ones((len(y), 1))], np.append(w, 0.0)
    if sparse.issparse(X):
        signed = sparse.hstack(columns).multiply(y[:, None]).tocsr()
    else:
        signed = y[:, None] * np.hstack(columns)
    return slopes(signed, slack, target, 0.0, C, False)
