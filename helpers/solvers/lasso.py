"""The lasso: min ½‖Xw + b − y‖² + λ‖w‖₁."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from helpers.solvers.common import Solution, Start, check_data, check_number, check_start
from helpers.solvers.l1_regression import L1Regression


def lasso(
    X: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Solve min ½‖Xw + b − y‖² + λ‖w‖₁ and prove it.

    X (n, p) dense or scipy.sparse, y (n,), lam > 0; `start` is the answer to a similar problem or a pair (w, b).
    Only a working set of columns is looked at closely: its Gram matrix makes a Newton step on a face
    of an orthant one Cholesky factorization (sparse X: conjugate gradients), and one pass over all
    columns tells which others must join. Raises ValueError for bad input, ConvergenceError with the
    best answer attached if the relative gap stays above `tol`.
    Source: Massias, Gramfort & Salmon (2018), Celer (working sets); Andrew & Gao (2007) (orthants).
    """
    X, y = check_data(X, y, entries=False)
    lam, tol = check_number("lam", lam), check_number("tol", tol)
    w, _ = check_start(start, (X.shape[1],))
    return L1Regression(X, y, 0.0, intercept).solve("lasso", lam, tol, w)


def lasso_path(
    X: Any, y: Any, lams: Iterable[float], tol: float = 1e-8, intercept: bool = True
) -> list[Solution]:
    """`lasso` for each of `lams`, each certified and each begun at the answer before it.

    Working set and Gram matrix are kept from one λ to the next; falling λ are the quickest.
    Source: Friedman, Hastie & Tibshirani (2010), Regularization paths via coordinate descent, §2.5.
    """
    X, y = check_data(X, y, entries=False)
    tol = check_number("tol", tol)
    problem = L1Regression(X, y, 0.0, intercept)
    w, path = np.zeros(X.shape[1]), []
    for lam in (check_number("lams", lam) for lam in lams):
        path.append(problem.solve("lasso_path", lam, tol, w))
        w = path[-1].w
    return path
