"""Least squares: min ½‖Xw + b − y‖²."""

import numpy as np
from scipy import sparse
from scipy.linalg import lstsq

from .. import certificates
from .columns import Columns
from .common import Solution, certified, check_data, check_number
from .normal_equations import factorised


def least_squares(X, y, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Solve min ½‖Xw + b − y‖² and prove it; of many minimisers, one of small norm.

    X (n, p) dense or sparse, y (n,). By a Cholesky factor of the normal equations and a refinement;
    where they are too close to singular by a complete orthogonal factorization of X with its columns
    scaled to unit length, so that units do not matter. Raises ValueError for bad input,
    ConvergenceError if the relative gap stays above `tol`.
    Source: Björck, Numerical Methods for Least Squares Problems, §2.9 and §2.7.
    """
    X, y = check_data(X, y)
    tol = check_number("tol", tol)
    columns = Columns(X.toarray() if sparse.issparse(X) else X, intercept)
    shift = float(y.mean()) if intercept else 0.0
    w = _solve(columns, y - shift)
    b = float(shift - columns.mean @ w) if intercept else None
    proof = certificates.least_squares(X, y, w, b)
    return certified("least_squares", Solution(w, b or 0.0, proof), tol)


def _solve(columns: Columns, target: np.ndarray) -> np.ndarray:
    step = factorised(columns, 0.0)
    if step is not None:
        w = step(target, columns.correlate(target))
        r = target - columns.predict(w)
        return w + step(r, columns.correlate(r))
    A = columns.take(np.arange(columns.p))
    size = np.linalg.norm(A, axis=0)
    size = np.where(size > 0, size, 1.0)
    cutoff = np.finfo(float).eps * max(A.shape)
    return lstsq(A / size, target, cond=cutoff, lapack_driver="gelsy")[0] / size
