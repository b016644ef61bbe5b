"""Least absolute deviations: twice the median's quantile loss."""

from typing import Any

import numpy as np

from helpers.certificates import robust
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, Start, check_data, check_number
from helpers.solvers.margin_data import first_proved
from helpers.solvers.quantile import slope_answers


def lad(
    X: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Minimise Σ |yᵢ − xᵢᵀw − b| + ½λ‖w‖².

    X is n x p (dense or scipy.sparse; λ = 0 makes it dense), y has n entries, λ ≥ 0;
    `start` as in `quantile`.

    Raises ValueError for NaN, empty data, shapes that do not match, λ < 0 and more than 8 000 of
    both rows and columns; ConvergenceError, with the best answer attached, when `tol` is not
    proved.  Source: see `quantile`.
    """
    X, y = check_data(X, y)
    lam = check_number("lam", lam, positive=False)

    def certify(w: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return robust.lad(X, y, lam, w, b if intercept else None, a)

    answers = slope_answers(X, y, lam, -1.0, 1.0, intercept, tol, start)
    return first_proved("lad", answers, certify, tol)
