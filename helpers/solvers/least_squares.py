"""Least squares: min ½‖Xw + b − y‖²."""

import numpy as np
from scipy import sparse
from scipy.linalg import lstsq

from .. import certificates
from .common import Solution, certified, check_data


def least_squares(X, y, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Solve min ½‖Xw + b − y‖² and prove it; of many minimisers, one of small norm.

    X (n, p) dense or sparse, y (n,). By the singular value decomposition of X with its columns scaled
    to unit length, so that units do not matter. Raises ValueError for bad input, ConvergenceError if the
    relative gap stays above `tol`. Source: Björck, Numerical Methods for Least Squares, §1.2.
    """
    X, y = check_data(X, y)
    dense = X.toarray() if sparse.issparse(X) else X
    mean = dense.mean(axis=0) if intercept else np.zeros(X.shape[1])
    A = dense - mean
    size = np.linalg.norm(A, axis=0)
    size = np.where(size > 0, size, 1.0)
    w = lstsq(A / size, y - y.mean() if intercept else y)[0] / size
    b = float(y.mean() - mean @ w) if intercept else None
    proof = certificates.least_squares(X, y, w, b)
    return certified("least_squares", Solution(w, b or 0.0, proof), tol)
