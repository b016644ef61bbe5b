"""Certificates of least squares, ridge regression, the lasso and the elastic net.

For any u, ½‖r‖² ≥ uᵀr − ½‖u‖². With r = y − Xw − b and, where there is an intercept, 1ᵀu = 0,
minimising the right side plus the penalty over w leaves a lower bound of the optimum.
Source: Boyd & Vandenberghe, Convex Optimization, §5.1.6 and §5.7.
"""

from typing import Any

import numpy as np

from .base import Certificate
from .robust import column_norms, design, orthogonal
from .rounding import NEGLIGIBLE, penalty_conjugate, within_rounding

ORTHOGONAL = 1e-13  # share of ‖xⱼ‖‖u‖ that rounding leaves of xⱼᵀu
INTERPOLATES = 1e-13  # a residual of that share of ‖y‖ is rounding


def _residual(X, y, w, b) -> np.ndarray:
    r = y - X @ w
    return r if b is None else r - b


def least_squares(X, y, w, b=None, dual=None) -> Certificate:
    """min ½‖Xw + b − y‖² against its dual, max uᵀy − ½‖u‖² over Xᵀu = 0 (and 1ᵀu = 0).

    X (n, p), y (n,), w (p,); b is None for a model without intercept. `dual` (n,) is any vector, by
    default the residual; unless it is in the dual's feasible set but for rounding, it is projected
    onto it, and what rounding leaves of Xᵀu is given up at the answer's size. An answer that
    interpolates but for rounding needs no more than u = 0.
    Source: Boyd & Vandenberghe §5.7.1, example.
    """
    y, w = np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    r = _residual(X, y, w, b)
    primal = float(r @ r) / 2
    u = r if dual is None else np.asarray(dual, dtype=float)
    square = float(u @ u)
    if dual is None and square <= INTERPOLATES**2 * float(y @ y):
        return Certificate(primal, 0.0, np.zeros_like(y))
    if b is not None:
        u = u - u.sum() / len(u)
    left = np.abs(X.T @ u)
    if (left > ORTHOGONAL * np.sqrt(square) * column_norms(X)).any():
        u = orthogonal(design(X, b is not None), u)
        left = np.abs(X.T @ u)
    leak = float(left @ np.abs(w)) + (0.0 if b is None else abs(float(u.sum()) * b))
    return Certificate(primal, float(u @ y - u @ u / 2) - leak, u)


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
    primal = float(r @ r + lam * (w @ w)) / 2
    if primal - lower > NEGLIGIBLE * max(1.0, primal):
        other = float(u @ y - u @ u / 2) - penalty_conjugate(X, u, Xtu, lam, np.asarray(w), primal)
        if other > lower:
            return Certificate(primal, other, u)
    return Certificate(primal, lower, scale * u)


def lasso(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """min ½‖Xw + b − y‖² + λ‖w‖₁ against max uᵀy − ½‖u‖² over ‖Xᵀu‖∞ ≤ λ (and 1ᵀu = 0 with b).

    X (n, p) dense or sparse, y (n,), lam > 0, w (p,); b is None for a model without intercept.
    `dual` (n,) is any vector, by default the residual; it is centred where there is an intercept,
    and scaled to the best of its multiples that are feasible.
    Source: Kim, Koh, Lustig, Boyd & Gorinevsky (2007), An interior-point method for large-scale
    ℓ1-regularized least squares, §III.
    """
    if not lam > 0:
        raise ValueError(f"lam must be positive, not {lam}: with lam = 0 use least_squares")
    return elastic_net(X, y, lam, 0.0, w, b, dual)


def elastic_net(
    X: Any,
    y: np.ndarray,
    lam1: float,
    lam2: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """min ½‖Xw + b − y‖² + λ₁‖w‖₁ + ½λ₂‖w‖² against max uᵀy − ½‖u‖² − Σ max(0, |xⱼᵀu| − λ₁)²/2λ₂.

    X (n, p) dense or sparse, y (n,), lam1, lam2 ≥ 0 and not both 0, w (p,); b is None for a model
    without intercept. With λ₂ = 0 the sum is the constraint ‖Xᵀu‖∞ ≤ λ₁. `dual` (n,) is any vector,
    by default the residual; it is centred with an intercept, and scaled to the best of its multiples.
    Source: Boyd & Vandenberghe §5.1.6 with the conjugate of λ₁|t| + ½λ₂t².
    """
    if not (lam1 >= 0 and lam2 >= 0 and lam1 + lam2 > 0):
        raise ValueError(f"lam1 and lam2 must be at least 0 and not both 0: {lam1} and {lam2}")
    y, w = np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    # 1ᵀu = 0 makes uᵀ(y − b) equal to uᵀy, with less rounding where y is far from 0
    target = y if b is None else y - b
    r = target - X @ w
    u = r if dual is None else np.asarray(dual, dtype=float)
    if b is not None:
        u = u - u.mean()
    Xtu = X.T @ u
    proof = from_correlations(target, r, u, Xtu, lam1, lam2, w)
    if proof.gap > NEGLIGIBLE * max(1.0, proof.primal):
        return _excused(X, target, u, Xtu, lam1, lam2, w, proof)
    return proof


def _excused(
    X: Any,
    target: np.ndarray,
    u: np.ndarray,
    Xtu: np.ndarray,
    lam1: float,
    lam2: float,
    w: np.ndarray,
    proof: Certificate,
) -> Certificate:
    """`proof`, or a better one that takes xⱼᵀu for what w asks of it where rounding hides the difference."""
    asked = np.where(w != 0, lam1 * np.sign(w) + lam2 * w, np.clip(Xtu, -lam1, lam1))
    e = Xtu - asked
    beyond = np.maximum(np.abs(Xtu) - lam1, 0.0)
    excused = within_rounding(X, u, e, np.where(beyond > 0, np.abs(e), 0.0))
    if excused is None:
        return proof
    left = np.where(excused, 0.0, beyond)
    bound = float(u @ target - u @ u / 2)
    bound -= float((lam2 * np.square(w) / 2 + np.abs(e * w))[excused].sum())
    if lam2 > 0:
        bound -= float(np.square(left).sum()) / (2 * lam2)
    elif left.any():
        return proof
    return Certificate(proof.primal, bound, u) if bound > proof.dual else proof


def from_correlations(
    target: np.ndarray,
    r: np.ndarray,
    u: np.ndarray,
    Xtu: np.ndarray,
    lam1: float,
    lam2: float,
    w: np.ndarray,
) -> Certificate:
    """The elastic net's certificate from target = y − b, residual r, dual point u and Xᵀu."""
    z = np.abs(Xtu)
    along, square = float(u @ target), float(u @ u)
    sign = 1.0 if along >= 0 else -1.0
    s = _best_multiple(abs(along), square, z, lam1, lam2)
    bound = s * abs(along) - s * s * square / 2
    if lam2 > 0:
        bound -= float(np.square(np.maximum(s * z - lam1, 0.0)).sum()) / (2 * lam2)
    primal = (r @ r + lam2 * (w @ w)) / 2 + lam1 * np.abs(w).sum()
    return Certificate(float(primal), bound, sign * s * u)


def best_multiple(
    u: np.ndarray, target: np.ndarray, Xtu: np.ndarray, lam1: float, lam2: float
) -> float:
    """The s for which su is the best dual point of all multiples of u."""
    along = float(u @ target)
    s = _best_multiple(abs(along), float(u @ u), np.abs(Xtu), lam1, lam2)
    return s if along >= 0 else -s


def _best_multiple(along: float, square: float, z: np.ndarray, lam1: float, lam2: float) -> float:
    """The s ≥ 0 that maximises s·along − ½s²·square − Σ max(0, s zⱼ − λ₁)²/2λ₂."""
    if square == 0:
        return 0.0
    free = along / square
    if lam2 == 0:
        top = float(z.max())
        return min(free, lam1 / top) if top > 0 else free
    # the slope is piecewise linear: a bend where s zⱼ passes λ₁, the largest zⱼ first
    z = np.sort(z[free * z > lam1])[::-1]
    if len(z) == 0:
        return free
    zeros = (along + lam1 / lam2 * np.cumsum(z)) / (square + np.cumsum(np.square(z)) / lam2)
    next_bend = np.append(lam1 / z[1:], np.inf)
    return float(zeros[np.argmax(zeros <= next_bend)])
