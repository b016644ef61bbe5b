"""Proofs for robust regression and kernel ridge.

For a convex loss ρ with conjugate ρ*, Fenchel's inequality ρ(r) ≥ a r − ρ*(a), summed over the
rows and minimised over w and b, bounds every objective value from below:

    Σ ρ(yᵢ − xᵢᵀw − b) + ½λ‖w‖²  ≥  aᵀy − Σ ρ*(aᵢ) − ‖Xᵀa‖²/(2λ),     1ᵀa = 0 with an intercept,

and Xᵀa = 0 takes the last term's place when λ = 0.  Zero lies inside every loss's interval of
slopes, so a point that meets the equations is always brought into the interval by shrinking it.
Source: Boyd & Vandenberghe, Convex Optimization, 5.7.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import linalg, sparse
from scipy.linalg import lapack
from scipy.sparse.linalg import lsmr

from helpers.certificates.base import Certificate
from helpers.certificates.rounding import penalty_conjugate

REGULAR = 1e-6  # a Gram matrix of unit columns with that reciprocal condition number, or more
BALANCED = 1e-15  # of its terms: a sum that is smaller is what rounding leaves of 0
SPREAD = 20_000_000  # entries of sparse rows, zeros counted, up to which they may be made dense
ACCURACY, STEPS = 1e-14, 500  # of the least squares that serve where they are not
ROUNDING = 1e-10  # equations that fail by more than this, relative to their terms, prove nothing


def huber(
    X: Any,
    y: np.ndarray,
    lam: float,
    delta: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """Σ ρ(yᵢ − xᵢᵀw − b) + ½λ‖w‖², with ρ(r) = ½r² for |r| ≤ δ and δ|r| − ½δ² beyond.

    X is n x p (dense or sparse), y has n entries, w has p.  b = None is the model without an
    intercept.  The dual point defaults to the loss's slopes, clip(r, −δ, δ).
    """
    r = residual(X, y, w, b)
    loss = float(np.sum(np.where(np.abs(r) <= delta, 0.5 * r**2, delta * (np.abs(r) - delta / 2))))
    a = feasible(X, lam, b is not None, -delta, delta, r if dual is None else dual)
    return _bounded(X, y, lam, w, b, loss, a, lambda t: 0.5 * t @ t)


def quantile(
    X: Any,
    y: np.ndarray,
    lam: float,
    tau: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """Σ ρ(yᵢ − xᵢᵀw − b) + ½λ‖w‖², with ρ(r) = max(τ r, (τ − 1) r): the τ-quantile's loss.

    Shapes as for `huber`.  The dual point defaults to the loss's slopes, where rows that the
    answer interpolates take those that come closest to stationarity, Xᵀa = λw.
    """
    return _two_slopes(X, y, lam, tau - 1.0, tau, w, b, dual)


def lad(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None = None,
    dual: np.ndarray | None = None,
) -> Certificate:
    """Σ |yᵢ − xᵢᵀw − b| + ½λ‖w‖²: least absolute deviations.  Shapes and dual as in `quantile`."""
    return _two_slopes(X, y, lam, -1.0, 1.0, w, b, dual)


# ------------------------------------------------------------------------------------- the pieces
def residual(X: Any, y: np.ndarray, w: np.ndarray, b: float | None) -> np.ndarray:
    return np.asarray(y, dtype=float) - X @ np.asarray(w, dtype=float) - (0.0 if b is None else b)


def feasible(
    X: Any, lam: float, intercept: bool, low: float, high: float, a: np.ndarray
) -> np.ndarray:
    """The dual point near `a` with low ≤ a ≤ high, 1ᵀa = 0 (intercept) and Xᵀa = 0 (λ = 0)."""
    a = np.clip(np.asarray(a, dtype=float), low, high)
    if lam == 0:
        size = np.linalg.norm(a)
        a = orthogonal(design(X, intercept), a)
        if np.linalg.norm(a) <= 1e-13 * size:  # nothing but rounding is orthogonal to X
            return np.zeros_like(a)
    elif intercept:
        return balanced(a)
    worst = max(1.0, (a / high).max(initial=0.0), (a / low).max(initial=0.0))
    return a / worst


def balanced(a: np.ndarray) -> np.ndarray:
    """`a` with the heavier of its two signs scaled down, so that its entries sum to zero."""
    rise, fall = np.maximum(a, 0.0), np.minimum(a, 0.0)
    up, down = rise.sum(), -fall.sum()
    if min(up, down) <= 0:
        return np.zeros_like(a)
    if abs(up - down) <= BALANCED * up:
        return a
    return rise * (down / up) + fall if up > down else rise + fall * (up / down)


def design(X: Any, intercept: bool) -> np.ndarray:
    """X as a dense matrix, with a column of ones when there is an intercept."""
    X = X.toarray() if sparse.issparse(X) else np.asarray(X, dtype=float)
    return np.column_stack([X, np.ones(len(X))]) if intercept else X


def orthogonal(A: np.ndarray, a: np.ndarray) -> np.ndarray:
    """`a` less its projection on A's column space, whatever the columns' scales."""
    norms = column_norms(A)
    A = A[:, norms > 0] / norms[norms > 0]
    H = A.T @ A
    factor, failed = lapack.dpotrf(H, lower=1, clean=0)
    if failed or lapack.dpocon(factor, np.abs(H).sum(axis=0).max(), uplo="L")[0] < REGULAR:
        Q = range_of(A)
        project = lambda a: Q @ (Q.T @ a)
    else:  # so far from singular that the normal equations do
        project = lambda a: A @ lapack.dpotrs(factor, A.T @ a, lower=1)[0]
    for _ in range(2):  # a second projection removes the rounding of the first
        a = a - project(a)
    return a


def range_of(A: np.ndarray) -> np.ndarray:
    """An orthonormal basis of A's column space; columns of any scale count alike."""
    norms = np.linalg.norm(A, axis=0)
    A = A[:, norms > 0] / norms[norms > 0]
    if A.shape[1] == 0:
        return np.zeros((len(A), 0))
    Q, R, _ = linalg.qr(A, mode="economic", pivoting=True)
    pivots = np.abs(np.diag(R))
    return Q[:, : np.count_nonzero(pivots > 1e-13 * max(A.shape) * pivots[0])]


def _two_slopes(
    X: Any,
    y: np.ndarray,
    lam: float,
    low: float,
    high: float,
    w: np.ndarray,
    b: float | None,
    dual: np.ndarray | None,
) -> Certificate:
    r = residual(X, y, w, b)
    if dual is None:
        dual = slopes(X, r, lam * np.asarray(w, dtype=float), low, high, b is not None)
    a = feasible(X, lam, b is not None, low, high, dual)
    loss = float(np.sum(np.maximum(low * r, high * r)))
    return _bounded(X, y, lam, w, b, loss, a, lambda t: 0.0)


def slopes(
    X: Any, r: np.ndarray, target: np.ndarray, low: float, high: float, intercept: bool
) -> np.ndarray:
    """The slopes of max(low r, high r); at its kink, those that bring Xᵀa nearest to `target`."""
    kink = np.abs(r) <= 1e-7 * max(1.0, np.abs(r).max(initial=0.0))
    a = np.where(kink, 0.0, np.where(r > 0, high, low))
    if not kink.any():
        return a
    A = X[np.flatnonzero(kink)]
    missing = target - X.T @ a
    if intercept:
        missing = np.append(missing, -a.sum())
    if sparse.issparse(A) and A.shape[0] * A.shape[1] > SPREAD:
        A = sparse.hstack([A, np.ones((A.shape[0], 1))]) if intercept else A
        scale = column_norms(A)
        scale = np.where(scale > 0, scale, 1.0)
        unit = (A @ sparse.diags_array(1 / scale)).T.tocsr()
        a[kink] = lsmr(unit, missing / scale, atol=ACCURACY, btol=ACCURACY, maxiter=STEPS)[0]
        return a
    A = design(A, intercept)
    scale = np.linalg.norm(A, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    a[kink] = np.linalg.lstsq((A / scale).T, missing / scale, rcond=None)[0]
    return a


def _bounded(
    X: Any,
    y: np.ndarray,
    lam: float,
    w: np.ndarray,
    b: float | None,
    loss: float,
    a: np.ndarray,
    conjugate: Callable[[np.ndarray], float],
) -> Certificate:
    w = np.asarray(w, dtype=float)
    v = X.T @ a
    bound = a @ np.asarray(y, dtype=float) - conjugate(a)
    if lam > 0:
        bound -= penalty_conjugate(X, a, v, lam, w, loss)
    else:  # what is left of Xᵀa is rounding, and its share at the answer is given up
        bound = bound - np.abs(v) @ np.abs(w) if _rounding(X, a, v) else -np.inf
    if b is not None:
        bound -= abs(a.sum() * b)
    return Certificate(float(loss + 0.5 * lam * w @ w), float(bound), a)


def column_norms(X: Any) -> np.ndarray:
    if sparse.issparse(X):
        return np.sqrt(np.asarray(X.multiply(X).sum(axis=0)).ravel())
    return np.sqrt(np.einsum("ij,ij->j", X, X))


def _rounding(X: Any, a: np.ndarray, v: np.ndarray) -> bool:
    return bool(
        np.all(np.abs(v) <= ROUNDING * column_norms(X) * max(float(np.linalg.norm(a)), 1e-300))
    )
