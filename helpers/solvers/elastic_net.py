"""The elastic net: min ½‖Xw + b − y‖² + λ₁‖w‖₁ + ½λ₂‖w‖²."""

from typing import Any

from helpers import certificates
from helpers.solvers.common import Solution, Start, certified, check_data, check_number, check_start
from helpers.solvers.l1_regression import L1Regression
from helpers.solvers.ridge import ridge


def elastic_net(
    X: Any,
    y: Any,
    lam1: float,
    lam2: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Solve min ½‖Xw + b − y‖² + λ₁‖w‖₁ + ½λ₂‖w‖² and prove it.

    X (n, p) dense or scipy.sparse, y (n,), lam1, lam2 ≥ 0 and not both 0; `start` is the answer to a
    similar problem or a pair (w, b). The lasso's method, with λ₂I added to each Gram matrix; λ₁ = 0 is `ridge`.
    Raises ValueError for bad input, ConvergenceError with the best answer attached if the relative
    gap stays above `tol`. Source: Zou & Hastie (2005), Regularization and variable selection via the
    elastic net.
    """
    X, y = check_data(X, y, entries=False)
    lam1 = check_number("lam1", lam1, positive=False)
    lam2 = check_number("lam2", lam2, positive=False)
    tol = check_number("tol", tol)
    if lam1 == lam2 == 0:
        raise ValueError("lam1 and lam2 must not both be 0: that is least_squares")
    w, _ = check_start(start, (X.shape[1],))
    if lam1 > 0:
        return L1Regression(X, y, lam2, intercept).solve("elastic_net", lam1, tol, w)
    s = ridge(X, y, lam2, tol, intercept)
    b = s.intercept if intercept else None
    proof = certificates.elastic_net(X, y, 0.0, lam2, s.w, b)
    return certified("elastic_net", Solution(s.w, s.intercept, proof, s.iterations), tol)
