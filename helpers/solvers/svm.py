"""The linear support vector machine by an augmented Lagrangian with semismooth Newton steps."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse

from helpers.certificates import margins
from helpers.certificates.base import Certificate
from helpers.certificates.kernels import combination
from helpers.solvers.augmented_lagrangian import Point, augmented_lagrangian, warm
from helpers.solvers.box_gradient import box_gradient
from helpers.solvers.common import Solution, Start, check_data, check_number, check_start
from helpers.solvers.decomposition import decomposition
from helpers.solvers.interior_point import two_slopes
from helpers.solvers.margin_data import (
    LARGEST,
    best_intercept,
    coordinates,
    even,
    first_proved,
    two_classes,
)
from helpers.solvers.margin_machines import Features, Gram, SparseRows

FACTORED = 3000  # p x p systems up to this size
PENALTY = 10  # of a row's own multiplier for a given slack: σ to begin with
LIMIT = 120  # answers that are tried
HOPEFUL = 10.0  # times tol: a gap that is larger, by an estimate, is not worth a proof
WIDE = 2  # times as many columns: from half as many columns as rows on, the Gram matrix serves


def svm(
    X: Any,
    y: Any,
    C: float = 1.0,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Minimise ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b)), y in {−1, +1}.

    X is n x p, dense or scipy.sparse.  The multipliers a move to clip(a + σ(1 − margins), 0, C)
    at the minimum of a smooth inner problem, whose Newton system holds only the rows that lie
    strictly between 0 and C.  Should the multipliers not settle, interior points take over.
    `start` is an answer to a similar problem or a pair (w, b): its margins tell the sets to begin with.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one
    class only and C ≤ 0; ConvergenceError, with the best answer attached, when `tol` is not
    proved.  Source: Yan & Li (2020); Niu et al. (2019) for the semismooth Newton method.
    """
    X, y = check_data(X, y)
    two_classes(y)
    C, tol = check_number("C", C), check_number("tol", tol)

    def certify(w: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return margins.svm(X, y, C, w, b if intercept else None, a)

    first = check_start(start, (X.shape[1],), intercept)
    answers = svm_answers(X, y, C, tol, intercept, None if start is None else first)
    return first_proved("svm", answers, certify, tol, limit=LIMIT)


def svm_answers(
    X: Any,
    y: np.ndarray,
    C: float,
    tol: float,
    intercept: bool,
    start: tuple[np.ndarray, float] | None,
) -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
    """Yield (w, b, multipliers), closer and closer to the optimum; first what the start tells."""
    n, p = X.shape
    slack = None if start is None else 1 - y * (X @ start[0] + start[1])
    thin = sparse.issparse(X)
    gram = not thin and WIDE * p >= n and (p > FACTORED or even(X))
    if gram:  # w lies in the span of the rows, and few of them count
        K = X @ X.T
        for a in gram_answers(K, y, C, tol, intercept, slack):
            a = margins.feasible(y, C, a, intercept)
            yield _completed(X, y, X.T @ (y * a), a, intercept)
    elif thin and p >= n:
        rows = SparseRows(X.tocsr(), y, intercept)
        for a in box_gradient(rows.X, y, C, intercept, tol, slack):
            yield _completed(X, y, X.T @ (y * a), a, intercept)
        first = iter(()) if slack is None else warm(rows, C, rows.start, slack)
        for at in chain(first, augmented_lagrangian(rows, C)):
            yield _completed(X, y, X.T @ (y * at.x[:-1]), at.a, intercept)
    else:
        M = X.multiply(y[:, None]).tocsr() if thin else y[:, None] * X
        R = np.ones(p)
        if intercept:
            R, column = np.append(R, 0.0), y[:, None]
            M = sparse.hstack([M, column]).tocsr() if thin else np.hstack([M, column])
        machine, first = Features(M, R), iter(())
        if start is not None:
            x = np.append(*start) if intercept else start[0]
            first = warm(machine, C, x, 1 - machine.margins(x))
        for at in chain(first, augmented_lagrangian(machine, C)):
            w = at.x[:p]
            if at.settled or not machine.exact or _complementary(at, w, C) <= HOPEFUL * tol:
                yield _completed(X, y, w, at.a, intercept)
    yield from interior_answers(X, y, C, intercept)


def gram_answers(
    K: np.ndarray,
    y: np.ndarray,
    C: float,
    tol: float,
    intercept: bool,
    slack: np.ndarray | None,
    alike: np.ndarray | None = None,
) -> Iterator[np.ndarray]:
    """Multipliers: those of sets that a start's slacks tell, by blocks of rows, of all rows at once."""
    machine = Gram(K, y, intercept)
    if slack is not None:
        yield from (at.a for at in warm(machine, C, machine.start, slack))
    a = np.zeros(len(y))
    for alpha in decomposition(K, y, C, intercept, tol, alike):
        a = y * alpha
        yield a
    f = combination(K, y * a)
    x = np.append(a, best_intercept(y, f) if intercept else 0.0)
    sigma = PENALTY / max(float(K.diagonal().mean()), 1e-300)
    now = Point(x, np.clip(a, 0.0, C), 1 - y * (f + x[-1]), sigma)
    yield from (at.a for at in augmented_lagrangian(machine, C, now))


def _complementary(at: Point, w: np.ndarray, C: float) -> float:
    """The relative gap of a point whose w is Xᵀ(y∘a): Σ C max(0, slackᵢ) − aᵢslackᵢ."""
    loss = C * float(np.maximum(at.slack, 0.0).sum())
    return (loss - float(at.a @ at.slack)) / max(1.0, loss + float(w @ w) / 2)


def interior_answers(
    X: Any, y: np.ndarray, C: float, intercept: bool
) -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
    """The same by interior points: slower, and sure; nothing where they would be too large."""
    if min(X.shape) > LARGEST:
        return
    space = coordinates(X, 1.0, intercept)
    sign = y[:, None]
    M = space.M.multiply(sign).tocsr() if sparse.issparse(space.M) else sign * space.M
    for beta, a in two_slopes(M, space.R / C, np.ones(len(y)), 0.0, 1.0):  # in units of C
        yield _completed(X, y, space.answer(beta)[0], C * a, intercept)


def _completed(
    X: Any, y: np.ndarray, w: np.ndarray, a: np.ndarray, intercept: bool
) -> tuple[np.ndarray, float, np.ndarray]:
    return w, best_intercept(y, X @ w) if intercept else 0.0, a
