"""Least squares: min ½‖Xw + b − y‖²."""

from math import sqrt

import numpy as np
from scipy import sparse
from scipy.linalg import lstsq

from .. import certificates
from .columns import Columns
from .common import Solution, certified, check_data, check_number
from .normal_equations import factorised, pseudoinverse

REFINEMENTS = 2  # each leaves of the error what the factor lost: some 1e-4 at most
ORTHOGONAL = 1e-14  # share of ‖xⱼ‖‖r‖ that a refined residual leaves of xⱼᵀr,
ROUNDING = 1e-15  # and of ‖xⱼ‖‖y‖, because r is rounded as y is


def least_squares(X, y, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Solve min ½‖Xw + b − y‖² and prove it; of many minimisers, one of small norm.

    X (n, p) dense or sparse, y (n,). By a Cholesky factor of the normal equations, which leaves out
    columns that depend on others, and refinements; where they are too close to singular by a complete
    orthogonal factorization of X. Columns are scaled to unit length, so that units do not matter.
    Raises ValueError for bad input, ConvergenceError if the relative gap stays above `tol`.
    Source: Björck, Numerical Methods for Least Squares Problems, §2.9 and §2.7.
    """
    X, y = check_data(X, y, entries=False)
    tol = check_number("tol", tol)
    columns = Columns(X.toarray() if sparse.issparse(X) else X, intercept)
    shift = float(y.sum()) / len(y) if intercept else 0.0
    w, dual = _solve(columns, y - shift)
    b = float(shift - columns.mean @ w) if intercept else None
    proof = certificates.least_squares(X, y, w, b, dual)
    return certified("least_squares", Solution(w, b or 0.0, proof), tol)


def _solve(columns: Columns, target: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The coefficients, and where y − Xw is too much rounded for a proof, a dual point."""
    found = _refined(columns, target) if columns.n >= columns.p else _shortest(columns, target)
    if found is not None:
        return found
    A = columns.take(np.arange(columns.p))
    size = columns.lengths(np.square(A).sum(axis=0))
    size = np.where(size > 0, size, np.inf)
    cutoff = np.finfo(float).eps * max(A.shape)
    return lstsq(A / size, target, cond=cutoff, lapack_driver="gelsy")[0] / size, None


def _refined(columns: Columns, target: np.ndarray) -> tuple[np.ndarray, np.ndarray | None] | None:
    """By the normal equations of a tall A; None where they do not make a residual orthogonal to A.

    Where w is long, Aw is rounded by more than the residual may be: it is projected once more.
    """
    H = columns.gram()
    uncentred = np.sqrt(H.diagonal() + columns.n * columns.mean**2)
    inverse = pseudoinverse(H, columns.lengths(H.diagonal()))
    w, s = np.zeros(columns.p), columns.correlate(target)
    rounding = ROUNDING * sqrt(target @ target)

    def orthogonal(u: np.ndarray, s: np.ndarray) -> bool:
        return bool((np.abs(s) <= (ORTHOGONAL * sqrt(u @ u) + rounding) * uncentred).all())

    for _ in range(REFINEMENTS):
        w = w + inverse(s)
        r = target - columns.predict(w)
        s = columns.correlate(r)
        if orthogonal(r, s):
            return w, None
    for _ in range(REFINEMENTS):
        r = r - columns.predict(inverse(s))
        s = columns.correlate(r)
        if orthogonal(r, s):
            return w, r
    return None


def _shortest(columns: Columns, target: np.ndarray) -> tuple[np.ndarray, None] | None:
    """The shortest of the many answers that a wide A has."""
    step = factorised(columns, 0.0)
    if step is None:
        return None
    w = step(target, columns.correlate(target))
    r = target - columns.predict(w)
    return w + step(r, columns.correlate(r)), None
