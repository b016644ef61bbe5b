"""Quantile regression by Mehrotra's method on its linear or quadratic program."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.certificates import robust
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, Start, check_data, check_number, check_start
from helpers.solvers.interior_point import corner, two_slopes
from helpers.solvers.margin_data import coordinates, first_proved

MET = 1e-7  # a smaller residual, beside the largest, belongs to a row that is met exactly


def quantile(
    X: Any,
    y: Any,
    lam: float,
    tau: float = 0.5,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Minimise Σ ρ(yᵢ − xᵢᵀw − b) + ½λ‖w‖², ρ(r) = max(τ r, (τ − 1) r): the τ-quantile of y.

    X is n x p (dense or scipy.sparse; λ = 0 makes it dense), y has n entries, λ ≥ 0, 0 < τ < 1.
    A Newton step costs one p x p system (n x n when p > n and λ > 0).  With λ = 0 and dependent
    columns some w of the many is returned.  `start`, an answer to a similar problem or a pair
    (w, b), says which rows may be met exactly: if they still are, nothing else is to be done.

    Raises ValueError for NaN, empty data, shapes that do not match, λ < 0, other τ and more than 8 000
    of both rows and columns;
    ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Koenker & Bassett (1978); Portnoy & Koenker (1997) for interior points.
    """
    X, y = check_data(X, y)
    lam = check_number("lam", lam, positive=False)
    if not (isinstance(tau, int | float | np.number) and 0 < tau < 1):
        raise ValueError(f"tau must lie strictly between 0 and 1, but it is {tau}")

    def certify(w: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return robust.quantile(X, y, lam, tau, w, b if intercept else None, a)

    answers = slope_answers(X, y, lam, tau - 1.0, float(tau), intercept, tol, start)
    return first_proved("quantile", answers, certify, tol)


def slope_answers(
    X: Any,
    y: np.ndarray,
    lam: float,
    low: float,
    high: float,
    intercept: bool,
    tol: float,
    start: Start,
) -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
    size = float(np.abs(y).max()) or 1.0  # in units of y, so that its scale does not matter
    space = coordinates(X, lam, intercept)
    if start is not None:
        w, b = check_start(start, (X.shape[1],), intercept)
        r = y - X @ w - b
        kinks = np.abs(r) <= MET * float(np.abs(r).max())
        slopes = np.where(r > 0, high, low)
        found = corner(space.M, space.R * size, y / size, low, high, slopes, kinks)
        if found is not None:
            yield *space.answer(found[0] * size), found[1]
    worth = max(2 * tol, 1e-14)
    for beta, a in two_slopes(space.M, space.R * size, y / size, low, high, worth=worth, unit=size):
        yield *space.answer(beta * size), a
