"""Ridge regression: min ½‖Xw + b − y‖² + ½λ‖w‖²."""

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, svd

from .. import certificates
from .common import Solution, certified, check_data, check_number


def ridge(X, y, lam: float, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Solve min ½‖Xw + b − y‖² + ½λ‖w‖² and prove it.

    X (n, p) dense or sparse, y (n,), lam > 0. One Cholesky factor of the smaller of XᵀX + λI (p × p)
    and XXᵀ + λI (n × n), with steps of iterative refinement until the gap is proved.
    Raises ValueError for bad input, ConvergenceError if the relative gap stays above `tol`.
    Source: Golub & Van Loan, Matrix Computations, §6.1.4.
    """
    X, y = check_data(X, y)
    lam = check_number("lam", lam)
    n, p = X.shape
    mean = np.asarray(X.mean(axis=0)).ravel() if intercept else np.zeros(p)
    A = (X.toarray() if sparse.issparse(X) else X) - mean
    target = y - y.mean() if intercept else y
    tall = n >= p
    gram = A.T @ A if tall else A @ A.T
    gram.flat[:: len(gram) + 1] += lam
    factor = cho_factor(gram, overwrite_a=True, check_finite=False)
    w = np.zeros(p)
    for steps in range(1, 6):
        slope = A.T @ (target - A @ w) - lam * w
        step = cho_solve(factor, slope if tall else A @ slope, check_finite=False)
        w = w + (step if tall else (slope - A.T @ step) / lam)
        b = float(y.mean() - mean @ w) if intercept else None
        proof = certificates.ridge(X, y, lam, w, b)
        if proof.proves(min(tol, 1e-14)):
            break
    return certified("ridge", Solution(w, b or 0.0, proof, steps), tol)


def ridge_path(X, y, lams, tol: float = 1e-8, intercept: bool = True) -> list[Solution]:
    """`ridge` for each of `lams` from one singular value decomposition, certified at each.

    With X = UΣVᵀ (centred), w(λ) = V diag(σ/(σ² + λ)) Uᵀy. Hastie, Tibshirani & Friedman §3.4.1.
    """
    X, y = check_data(X, y)
    dense = X.toarray() if sparse.issparse(X) else X
    mean = dense.mean(axis=0) if intercept else np.zeros(X.shape[1])
    target = y - y.mean() if intercept else y
    U, sigma, Vt = svd(dense - mean, full_matrices=False)
    path = []
    for lam in (check_number("lams", lam) for lam in lams):
        w = Vt.T @ (sigma / (sigma**2 + lam) * (U.T @ target))
        b = float(y.mean() - mean @ w) if intercept else None
        proof = certificates.ridge(X, y, lam, w, b)
        path.append(certified("ridge_path", Solution(w, b or 0.0, proof), tol))
    return path
