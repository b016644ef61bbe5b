"""Proofs for linear support vector machines.

For multipliers 0 ≤ a ≤ C, with yᵀa = 0 when there is an intercept, every w and b obey

    ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b))  ≥  Σ aᵢ − ½‖Xᵀ(y∘a)‖²

because C max(0, t) ≥ a t.  Source: Cortes & Vapnik (1995).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from helpers.certificates.base import Certificate
from helpers.certificates.robust import balanced, slopes
from helpers.certificates.rounding import NEGLIGIBLE, penalty_conjugate

CLOSE = 1e-2  # a larger gap is none of rounding's making


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
    u, top = y * a, float(a.max(initial=0.0))
    v = X.T @ u
    best, bound = best_multiple(a, C, lambda _: np.square(v / top).sum())
    if NEGLIGIBLE < (primal - bound) / max(1.0, primal) < CLOSE:
        other = float(a.sum()) - penalty_conjugate(X, u, v, 1.0, w, primal)
        if other > bound:
            return Certificate(float(primal), other, a)
    return Certificate(float(primal), float(bound), best)


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
