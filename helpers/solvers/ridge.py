"""Ridge regression: min ½‖Xw + b − y‖² + ½λ‖w‖²."""

import numpy as np
from scipy import sparse
from scipy.linalg import svd

from .. import certificates
from .columns import Columns
from .common import Solution, certified, check_data, check_number
from .normal_equations import conjugate_gradients, factorised
from .rotations import rotated

REFINEMENTS = 5


def ridge(X, y, lam: float, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Solve min ½‖Xw + b − y‖² + ½λ‖w‖² and prove it.

    X (n, p) dense or sparse, y (n,), lam > 0. One Cholesky factor of the smaller of XᵀX + λI (p × p)
    and XXᵀ + λI (n × n), with steps of iterative refinement until the gap is proved; by rotations
    where columns differ so much in size that rounding spoils the factor.
    Raises ValueError for bad input, ConvergenceError if the relative gap stays above `tol`.
    Source: Golub & Van Loan, Matrix Computations, §6.1.4.
    """
    X, y = check_data(X, y, entries=False)
    lam, tol = check_number("lam", lam), check_number("tol", tol)
    columns = Columns(X, intercept)
    shift = float(y.mean()) if intercept else 0.0
    target = y - shift

    def answer(w: np.ndarray, steps: int, dual: np.ndarray | None = None) -> Solution:
        b = float(shift - columns.mean @ w) if intercept else None
        return Solution(w, b or 0.0, certificates.ridge(X, y, lam, w, b, dual), steps)

    w = conjugate_gradients(columns, target, lam, tol)
    if w is not None:
        solution = answer(w, 1)
        if solution.certificate.proves(tol):
            return solution
    if columns.sparse:
        columns = Columns(X.toarray(), intercept)
    factor = factorised(columns, lam)
    if factor is not None:
        w = np.zeros(columns.p)
        for steps in range(1, REFINEMENTS + 1):
            r = target - columns.predict(w) if w.any() else target
            w = w + factor(r, columns.correlate(r) - lam * w)
            solution = answer(w, steps)
            if solution.certificate.proves(tol):
                return solution
    step, w, u = rotated(columns, lam), np.zeros(columns.p), target
    for steps in range(1, REFINEMENTS + 1):
        d = step(u, w)  # u is kept apart from y − Xw, which is rounded as y is
        w, u = w + d, u - columns.predict(d)
        solution = answer(w, steps, u)
        if solution.certificate.proves(tol):
            break
    return certified("ridge", solution, tol)


def ridge_path(X, y, lams, tol: float = 1e-8, intercept: bool = True) -> list[Solution]:
    """`ridge` for each of `lams` from one singular value decomposition, certified at each.

    A point that it does not prove, because columns differ too much in size, is left to `ridge`. With X = UΣVᵀ (centred), w(λ) = V diag(σ/(σ² + λ)) Uᵀy. Hastie, Tibshirani & Friedman §3.4.1.
    """
    X, y = check_data(X, y)
    tol = check_number("tol", tol)
    dense = X.toarray() if sparse.issparse(X) else X
    mean = dense.mean(axis=0) if intercept else np.zeros(X.shape[1])
    target = y - y.mean() if intercept else y
    U, sigma, Vt = svd(dense - mean, full_matrices=False)
    path = []
    for lam in (check_number("lams", lam) for lam in lams):
        w = Vt.T @ (sigma / (sigma**2 + lam) * (U.T @ target))
        b = float(y.mean() - mean @ w) if intercept else None
        solution = Solution(w, b or 0.0, certificates.ridge(X, y, lam, w, b))
        if not solution.certificate.proves(tol):  # columns of very different sizes
            solution = ridge(X, y, lam, tol, intercept)
        path.append(solution)
    return path
