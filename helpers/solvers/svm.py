"""The linear support vector machine by an augmented Lagrangian with semismooth Newton steps."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse

from helpers.certificates import margins
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, check_data, check_number
from helpers.solvers.interior_point import newton_solver, two_slopes, weighted_gram
from helpers.solvers.line_search import exact_step
from helpers.solvers.margin_data import coordinates, first_proved, two_classes

OUTER, INNER, GROWTH = 12, 30, 5.0


def svm(X: Any, y: Any, C: float = 1.0, tol: float = 1e-8, intercept: bool = True) -> Solution:
    """Minimise ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b)), y in {−1, +1}.

    X is n x p, dense or scipy.sparse.  The multipliers a move to clip(a + σ(1 − margins), 0, C)
    at the minimum of a smooth inner problem, whose Newton system holds only the rows that lie
    strictly between 0 and C.  Should the multipliers not settle, interior points take over.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one
    class only and C ≤ 0; ConvergenceError, with the best answer attached, when `tol` is not
    proved.  Source: Yan & Li (2020); Niu et al. (2019) for the semismooth Newton method.
    """
    X, y = check_data(X, y)
    two_classes(y)
    C = check_number("C", C)

    def certify(w: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return margins.svm(X, y, C, w, b if intercept else None, a)

    answers = svm_answers(X, y, C, intercept)
    return first_proved("svm", answers, certify, tol, limit=OUTER + 100)


def svm_answers(
    X: Any, y: np.ndarray, C: float, intercept: bool
) -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
    """Yield (w, b, multipliers), closer and closer to the optimum."""
    space = coordinates(X, 1.0, intercept)
    sign = y[:, None]
    M = space.M.multiply(sign).tocsr() if sparse.issparse(space.M) else sign * space.M
    lagrangian = _augmented_lagrangian(M, space.R, C)
    interior = two_slopes(M, space.R / C, np.ones(len(y)), 0.0, 1.0)
    scaled = ((beta, C * a) for beta, a in interior)  # in units of C
    for beta, a in chain(lagrangian, scaled):
        w, _ = space.answer(beta)
        yield w, best_intercept(y, X @ w) if intercept else 0.0, a


def best_intercept(y: np.ndarray, f: np.ndarray) -> float:
    """The b that minimises Σ max(0, 1 − yᵢ(fᵢ + b)): the middle of the flat stretch."""
    kinks = np.sort(y - f)  # row i's loss bends at b = yᵢ − fᵢ, and its slope rises by 1 there
    up = int(np.count_nonzero(y > 0))  # far to the left the slope is minus the number of positives
    first, last = kinks[up - 1], kinks[up]
    return float((first + last) / 2)


def _augmented_lagrangian(
    M: Any, R: np.ndarray, C: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    n, q = M.shape
    beta, a, slack = np.zeros(q), np.full(n, C / 2), np.ones(n)
    sigma = C / 4  # every row begins strictly between 0 and C
    # a trace of the full Hessian, for directions that no row between 0 and C sees
    trace = 1e-10 * np.asarray((M * M if isinstance(M, np.ndarray) else M.power(2)).sum(axis=0))
    for _ in range(OUTER):
        for _ in range(INNER):
            t = a + sigma * slack
            c = np.clip(t, 0.0, C)
            g = R * beta - M.T @ c
            if np.linalg.norm(g) <= 1e-12 * (np.linalg.norm(R * beta) + C):
                break
            rows = np.flatnonzero((t > 0) & (t < C))
            H = sigma * weighted_gram(M[rows], np.ones(len(rows))) + np.diag(R + sigma * trace)
            d = -newton_solver(H)(g)
            if not np.isfinite(d).all():
                return
            change = M @ d
            step = exact_step(
                lambda s: (
                    d @ (R * (beta + s * d))  # noqa: B023
                    - change @ np.clip(a + sigma * (slack - s * change), 0.0, C)  # noqa: B023
                )
            )
            if step == 0:
                break
            beta = beta + step * d
            slack = 1 - M @ beta
        a = np.clip(a + sigma * slack, 0.0, C)
        yield beta, a
        sigma *= GROWTH
