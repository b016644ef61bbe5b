"""Proofs for kernel machines, whose K is symmetric and positive semidefinite: without that no bound holds.

For multipliers 0 ≤ a ≤ C, with yᵀa = 0 when there is an intercept, every α and b obey

    ½αᵀKα + C Σ max(0, 1 − yᵢ((Kα)ᵢ + b))  ≥  Σ aᵢ − ½(y∘a)ᵀK(y∘a).

`kernel_svm` and `kernel_ridge` look at K first; the bounds of the same names take it as known.
"""

import numpy as np
from scipy.linalg import blas, lapack

from helpers.certificates.base import Certificate
from helpers.certificates.margins import best_multiple, feasible

SINGLE = 2.0**-24  # single precision's rounding,
MODERATE = 1e20  # and a size far from its range's ends, as is one over it
TILE = 128  # rows and columns of a matrix that are looked at together
FEW = 3  # a product takes the rows that count alone where there are so many times fewer


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
    return kernel_svm_bounds(K, y, C, alpha, b, dual)


def kernel_svm_bounds(
    K: np.ndarray,
    y: np.ndarray,
    C: float,
    alpha: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
    f: np.ndarray | None = None,
) -> Certificate:
    """`kernel_svm` for a K that is known to be positive semidefinite; f = Kα, if it is at hand."""
    y, alpha = np.asarray(y, dtype=float), np.asarray(alpha, dtype=float)
    f = combination(K, alpha) if f is None else f
    slack = 1 - y * (f + (0.0 if b is None else b))
    a = feasible(y, C, y * alpha if dual is None else dual, b is not None)
    primal = 0.5 * alpha @ f + C * np.maximum(0.0, slack).sum()
    g = f if np.array_equal(alpha, y * a) else combination(K, y * a)
    top = a.max(initial=0.0)
    a, bound = best_multiple(a, C, lambda unit: (y * unit) @ g / top)
    return Certificate(float(primal), float(bound), a)


def kernel_ridge(
    K: np.ndarray,
    y: np.ndarray,
    lam: float,
    alpha: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """½‖Kα + b − y‖² + ½λ αᵀKα for a positive semidefinite n x n kernel matrix K and λ > 0.

    The bound is uᵀy − ½‖u‖² − uᵀKu/(2λ), with 1ᵀu = 0 when there is an intercept; u defaults to
    the residual y − Kα − b.  Raises ValueError when K is not symmetric or not positive
    semidefinite: there would be no minimum.  Source: Saunders, Gammerman & Vovk (1998).
    """
    K = np.asarray(K, dtype=float)
    positive_semidefinite("K", K)
    return kernel_ridge_bounds(K, y, lam, alpha, b, dual)


def kernel_ridge_bounds(
    K: np.ndarray,
    y: np.ndarray,
    lam: float,
    alpha: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """`kernel_ridge` for a K that is known to be positive semidefinite."""
    y, alpha = np.asarray(y, dtype=float), np.asarray(alpha, dtype=float)
    f = K @ alpha
    r = y - f - (0.0 if b is None else b)
    primal = 0.5 * r @ r + 0.5 * lam * alpha @ f
    u = np.array(r if dual is None else dual, dtype=float)
    if b is not None:
        u = u - u.mean()
    Ku = lam * f if np.array_equal(u, lam * alpha) else K @ u
    bound = u @ y - 0.5 * u @ u - u @ Ku / (2 * lam)
    return Certificate(float(primal), float(bound), u)


def positive_semidefinite(name: str, K: np.ndarray) -> None:
    """Raise ValueError unless K is symmetric and positive semidefinite up to rounding."""
    if K.ndim != 2 or K.shape[0] != K.shape[1]:
        raise ValueError(f"{name} must be a square matrix; its shape is {K.shape}")
    size = float(K.diagonal().max(initial=0.0))  # no entry of such a matrix is larger
    lifted = _upper(K, 1e-10 * size)
    if lifted is None:
        raise ValueError(f"{name} must be symmetric")
    if _clearly_positive(K, size):
        return
    lifted.flat[:: len(K) + 1] += 1e-9 * max(size, 1e-300)
    if lapack.dpotrf(lifted.T, lower=1, clean=0, overwrite_a=1)[1]:
        lowest = np.linalg.eigvalsh(K)[0]
        raise ValueError(
            f"{name} must be positive semidefinite, but it has the eigenvalue {lowest:.3g}"
        )


def _clearly_positive(K: np.ndarray, size: float) -> bool:
    """Whether a factor in single precision, at half the price, proves K positive definite.

    If K − cI has one, λ_min(K) ≥ 0 for c above all rounding errors, (n + 1)u tr(K) of the factor and
    nu max Kᵢᵢ of K's entries; where λ_min(K) is below c it mostly fails early.
    Source: Rump (2006), Verification of positive definiteness, §2.
    """
    if not 1 / MODERATE < size < MODERATE:
        return False
    n = len(K)
    c = np.float32(2 * (n + 2) * n * SINGLE * size)
    for m in (min(TILE, n), n):  # where it fails it mostly does so in the first tile
        with np.errstate(over="ignore"):
            S = K[:m, :m].astype(np.float32)
        S.flat[:: m + 1] -= c
        factor, failed = lapack.spotrf(S.T, lower=1, clean=0, overwrite_a=1)
        if failed or not np.isfinite(factor.diagonal().sum()):
            return False
    return True


def _upper(K: np.ndarray, most: float) -> np.ndarray | None:
    """K's entries from the diagonal on, the others not set; None where |Kᵢⱼ − Kⱼᵢ| > `most`.

    Tile by tile, because a whole transpose is slow to read. A tile's sum of differences mostly
    shows that none is too large; where it does not, each is looked at.
    """
    upper = np.empty(K.shape)
    for i in range(0, len(K), TILE):
        for j in range(i, len(K), TILE):
            tile = K[i : i + TILE, j : j + TILE]
            upper[i : i + TILE, j : j + TILE] = tile
            apart = (tile - K[j : j + TILE, i : i + TILE].T).ravel(order="K")
            if not (blas.dasum(apart) <= most or np.abs(apart).max() <= most):
                return None
    return upper


def combination(K: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Kv for a symmetric K; where most of v is 0, from the rows that count."""
    used = v.nonzero()[0]
    return v[used] @ K[used] if FEW * len(used) < len(v) else K @ v
