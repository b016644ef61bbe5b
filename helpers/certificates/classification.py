"""Certificates of logistic regression, with a squared or an absolute penalty, and of softmax.

With h(a) = −a log a − (1 − a) log(1 − a), log(1 + e^{−m}) ≥ h(a) − a m for every a in [0, 1].
Summed over the margins mᵢ = yᵢ(xᵢᵀw + b) and minimised over w and b, this bounds the optimum from
below; an intercept asks for Σ aᵢyᵢ = 0.
Source: Yu, Huang & Lin (2011), Dual coordinate descent methods for logistic regression, §2;
Boyd & Vandenberghe, Convex Optimization, §5.1.6.
"""

from typing import Any

import numpy as np
from scipy.linalg import lstsq
from scipy.special import entr

from .base import Certificate
from .robust import balanced, design
from .rounding import absolute_conjugate, penalty_conjugate

ROUNDING = 1e-10  # equations that fail by more than this, relative to their terms, prove nothing

LEAST = np.finfo(float).tiny  # whose logarithm is finite
FLAT = 1e-290  # a curvature that is none: a quotient by it would overflow

FEW = 0.1  # of the coefficients: a product with so few of them takes their columns only


def logistic(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖² against max Σ h(aᵢ) − ‖Xᵀ(y∘a)‖²/2λ.

    X (n, p) dense or sparse, y (n,) in {−1, +1}, lam ≥ 0, w (p,); b is None for a model without
    intercept. 0 ≤ a ≤ 1, and yᵀa = 0 with an intercept; lam = 0 asks for Xᵀ(y∘a) = 0. `dual` (n,)
    is any vector, by default a = 1/(1 + e^m), and is brought into that set.
    """
    if not lam >= 0:
        raise ValueError(f"lam must be at least 0, not {lam}")
    y, w = np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    m = _margins(X, y, w, b)
    if lam == 0:
        a, slack = _orthogonal(X, y, _multipliers(m, dual), w, b)
        return Certificate(_loss(m), _entropy(a) - slack, a)
    a = _feasible(y, _multipliers(m, dual), b is not None)
    u = y * a
    primal = _loss(m) + lam * float(w @ w) / 2
    bound = _entropy(a) - penalty_conjugate(X, u, X.T @ u, lam, w, primal) - _leak(y, a, b)
    return Certificate(primal, bound, a)


def sparse_logistic(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + λ‖w‖₁ against max Σ h(aᵢ) over ‖Xᵀ(y∘a)‖∞ ≤ λ.

    Shapes as for `logistic`, lam > 0. `dual` is brought to 0 ≤ a ≤ 1 (and yᵀa = 0 with an
    intercept) and then shrunk until the constraint holds.
    Source: Koh, Kim & Boyd (2007), An interior-point method for large-scale ℓ1-regularized
    logistic regression, §2.4.
    """
    if not lam > 0:
        raise ValueError(f"lam must be positive, not {lam}: with lam = 0 use logistic")
    y, w = np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    return with_slopes(X, y, lam, w, b, dual)[0]


def with_slopes(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None,
    dual: np.ndarray | None = None,
) -> tuple[Certificate, np.ndarray]:
    """The certificate of `sparse_logistic`, and Xᵀ(y∘a) for its a before it was shrunk."""
    m = _margins(X, y, w, b)
    a = _feasible(y, _multipliers(m, dual), b is not None)
    u = y * a
    z = X.T @ u
    primal = _loss(m) + lam * float(np.abs(w).sum())
    price = absolute_conjugate(X, u, z, lam, w)
    if price == np.inf:
        a, price = a * (lam / float(np.abs(z).max())), 0.0
    return Certificate(primal, _entropy(a) - price - _leak(y, a, b), a), z


def softmax(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: np.ndarray | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """min Σ [log Σₖ exp(fᵢₖ) − fᵢ,yᵢ] + ½λ‖W‖²_F, F = XW + 1bᵀ, against its entropy dual.

    The dual is max Σᵢₖ −Aᵢₖ log Aᵢₖ − ‖Xᵀ(Y − A)‖²_F/2λ over rows Aᵢ in the simplex, where Y holds
    the labels' unit vectors; an intercept asks for columns that sum as Y's do.
    X (n, p) dense or sparse, y (n,) in {0, ..., K − 1}, lam > 0, w (p, K), b (K,) or None. `dual`
    (n, K) is any matrix, by default the probabilities of the answer, and is brought into that set.
    Source: Boyd & Vandenberghe §3.3.1 (log-sum-exp and entropy are conjugate) and §5.1.6.
    """
    if not lam > 0:
        raise ValueError(f"lam must be positive, not {lam}")
    W = np.asarray(w, dtype=float)
    Y = np.zeros((W.shape[1], len(y))).T
    Y[np.arange(len(y)), np.asarray(y, dtype=int)] = 1.0
    F = W.T @ X.T if b is None else W.T @ X.T + np.asarray(b, dtype=float)[:, None]
    F = F - F.max(axis=0)  # a row for each class: sums run quicker along the samples
    E = np.exp(F)
    total = E.sum(axis=0)
    primal = float(np.log(total).sum() - np.vdot(F, Y.T) + lam * np.square(W).sum() / 2)
    A = (E / total).T if dual is None else _on_simplex(np.asarray(dual, dtype=float), Y)
    if b is not None:
        A = matched(nudged(A, Y), Y)
    U = complement(A, Y)
    bound = float(entr(A).sum()) - penalty_conjugate(X, U, X.T @ U, lam, W, primal)
    if b is not None:
        bound -= float(np.abs((Y - A).sum(axis=0)) @ np.abs(b))
    return Certificate(primal, bound, A)


# ------------------------------------------------------------------------------------- the pieces
def _margins(X: Any, y: np.ndarray, w: np.ndarray, b: float | None) -> np.ndarray:
    used = np.flatnonzero(w)
    few = len(used) < FEW * len(w)  # then their columns alone
    return y * ((X[:, used] @ w[used] if few else X @ w) + (0.0 if b is None else b))


def _loss(m: np.ndarray) -> float:
    return float(np.maximum(-m, 0.0).sum() + np.log1p(np.exp(-np.abs(m))).sum())


def _entropy(a: np.ndarray) -> float:
    """Σ h(aᵢ), with 0 log 0 = 0; NumPy's logarithm is quicker than a function of h's own."""
    rest = 1 - a
    h = a * np.log(np.maximum(a, LEAST)) + rest * np.log(np.maximum(rest, LEAST))
    return -float(h.sum())


def _multipliers(m: np.ndarray, dual: np.ndarray | None) -> np.ndarray:
    if dual is not None:
        return np.clip(np.asarray(dual, dtype=float), 0.0, 1.0)
    return np.exp(np.minimum(-m, 0.0)) / (1 + np.exp(-np.abs(m)))


def _leak(y: np.ndarray, a: np.ndarray, b: float | None) -> float:
    """What the rounding of yᵀa = 0 is worth at the answer."""
    return 0.0 if b is None else abs(float(y @ a) * b)


def _feasible(y: np.ndarray, a: np.ndarray, intercept: bool) -> np.ndarray:
    """`a` with yᵀa = 0: first by the slopes that a small change of b would give, then exactly."""
    if not intercept:
        return a
    d = a * (1 - a)
    total = float(d.sum())
    if total > FLAT:
        a = np.clip(a - y * d * ((y @ a) / total), 0.0, 1.0)
    return y * balanced(y * a)


def _orthogonal(
    X: Any, y: np.ndarray, a: np.ndarray, w: np.ndarray, b: float | None
) -> tuple[np.ndarray, float]:
    """`a` with Xᵀ(y∘a) = 0, and what rounding left of it is worth; a = 0 where that fails.

    Entry i moves in proportion to aᵢ(1 − aᵢ), as a Newton step on w would move it: so the entries
    near 0 and 1 stay inside.
    """
    A = design(X, b is not None)
    size = np.linalg.norm(A, axis=0)
    A = A / np.where(size > 0, size, 1.0)
    for _ in range(3):  # the later projections remove the rounding of the first
        root = np.sqrt(a * (1 - a))
        target = np.divide(y * a, root, out=np.zeros_like(a), where=root > 0)
        a = a - y * root**2 * (A @ lstsq(root[:, None] * A, target)[0])
        if not (np.all(a >= 0) and np.all(a <= 1)):
            return np.zeros_like(y), 0.0
    left = np.abs(A.T @ (y * a))
    if np.any(left > ROUNDING * max(float(np.linalg.norm(a)), 1e-300)):
        return np.zeros_like(y), 0.0
    weights = np.abs(w) if b is None else np.append(np.abs(w), abs(b))
    return a, float(left @ (size * weights))


def complement(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Y − A for rows on the simplex, without the rounding of 1 − Aᵢₖ at a label that is all but sure."""
    U, label = -A, (np.arange(len(A)), Y.argmax(axis=1))
    U[label] = 0.0
    U[label] = -(U @ np.ones(A.shape[1]))
    return U


def _on_simplex(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Rows clipped at 0 and divided by their sum; a row without a positive entry takes its label's."""
    A = np.maximum(A, 0.0)
    A = np.where(A.sum(axis=1, keepdims=True) > 0, A, Y)
    A = A / A.max(axis=1, keepdims=True)  # so that no tiny sum overflows
    return A / A.sum(axis=1, keepdims=True)


def nudged(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The probabilities A after a Newton step on the intercepts; A itself if the step is long."""
    missing = (Y - A).sum(axis=0)
    curvature = np.diag(A.sum(axis=0)) - A.T @ A
    delta = lstsq(curvature, missing)[0]
    if not np.abs(delta).max() < 0.5:
        return A
    return A * (1 + delta - A @ delta[:, None])


def matched(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """A with the column sums of Y and its own row sums: heavy columns shrink, light ones take it."""
    wanted, have = Y.sum(axis=0), A.sum(axis=0)
    A = A * np.divide(wanted, have, out=np.ones_like(have), where=have > wanted)
    lacking = np.maximum(wanted - A.sum(axis=0), 0.0)
    if not lacking.any():
        return A
    freed = np.maximum(1 - A.sum(axis=1), 0.0)
    return A + np.outer(freed, lacking / lacking.sum())
