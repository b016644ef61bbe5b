"""Certificates of least squares and ridge regression."""

import numpy as np
from scipy.linalg import lstsq

from .base import Certificate


def _residual(X, y, w, b) -> np.ndarray:
    r = y - X @ w
    return r if b is None else r - b


def least_squares(X, y, w, b=None, dual=None) -> Certificate:
    """min ½‖Xw + b − y‖² against its dual, max uᵀy − ½‖u‖² over Xᵀu = 0 (and 1ᵀu = 0).

    X (n, p), y (n,), w (p,); b is None for a model without intercept. `dual` (n,) is any vector, by
    default the residual; it is projected onto the dual's feasible set, twice against rounding.
    Source: Boyd & Vandenberghe §5.7.1, example.
    """
    r = _residual(X, y, w, b)
    u = np.array(r if dual is None else dual, dtype=float)
    A = np.asarray(X.toarray() if hasattr(X, "toarray") else X, dtype=float)
    A = A if b is None else np.hstack([A, np.ones((len(y), 1))])
    size = np.linalg.norm(A, axis=0)
    A = A / np.where(size > 0, size, 1.0)
    for _ in range(2):
        u = u - A @ lstsq(A, u)[0]
    return Certificate(float(r @ r) / 2, float(u @ y - u @ u / 2), u)


def ridge(X, y, lam, w, b=None, dual=None) -> Certificate:
    """min ½‖Xw + b − y‖² + ½λ‖w‖² against max uᵀy − ½‖u‖² − ‖Xᵀu‖²/2λ (over 1ᵀu = 0 with b).

    X (n, p), y (n,), lam > 0, w (p,); b is None for a model without intercept. `dual` (n,) is any
    vector, by default the residual; it is centred where there is an intercept, and scaled to the best
    of its multiples. Source: Saunders, Gammerman & Vovk (1998), Ridge regression in dual variables.
    """
    if not lam > 0:
        raise ValueError(f"lam must be positive, not {lam}: with lam = 0 use least_squares")
    r = _residual(X, y, w, b)
    u = np.array(r if dual is None else dual, dtype=float)
    if b is not None:
        u = u - u.mean()
    Xtu = X.T @ u
    curvature = float(u @ u + Xtu @ Xtu / lam)
    scale = float(u @ y) / curvature if curvature > 0 else 0.0
    lower = scale * float(u @ y) - scale**2 * curvature / 2
    return Certificate(float(r @ r + lam * (w @ w)) / 2, lower, scale * u)
