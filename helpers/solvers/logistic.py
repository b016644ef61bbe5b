"""Logistic regression: min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖²."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from scipy import sparse

from helpers import certificates
from helpers.solvers.binary_loss import BinaryLoss
from helpers.solvers.common import (
    Solution,
    Start,
    certified,
    check_data,
    check_number,
    check_start,
)
from helpers.solvers.kernel_newton import kernel_newton
from helpers.solvers.lbfgs import factored_lbfgs
from helpers.solvers.margin_data import two_classes
from helpers.solvers.newton_cg import newton_cg
from helpers.solvers.separation import refuse_separable, refuse_separated

FACTORED = 3000  # Cholesky factors up to this size
DENSE = 2_000_000  # a sparse X with so many entries at most, zeros counted, is made dense
TALL, LARGE, SHARE = 40, 2000, 8  # n > TALL·p and n > LARGE: every 8th row makes a start
SAMPLED = 1e-4  # accuracy of that start
PATIENCE = 4  # certificates that may fail in a row

Answers = Iterator[tuple[np.ndarray, float, float, float]]  # w, b, value, gap


def logistic(
    X: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Solve min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖² and prove it.

    X (n, p) dense or scipy.sparse, y (n,) in {−1, +1}, lam ≥ 0; `start` is an answer to a similar
    problem or a pair (w, b). Tall X: L-BFGS around a Cholesky factor of the Hessian, begun on a part
    of the rows; wide X: Newton's method in the n coefficients of w = Xᵀc; large or sparse X: Newton's
    method with conjugate gradients.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one class
    only and lam < 0; `SeparableError`, a ValueError with the separating direction, where lam = 0 and
    there is no minimiser; ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Nocedal & Wright, Numerical Optimization, ch. 7; Byrd, Chin, Nocedal & Wu (2012) (sample).
    """
    X, y = check_data(X, y)
    two_classes(y)
    lam, tol = check_number("lam", lam, positive=False), check_number("tol", tol)
    w, b = check_start(start, (X.shape[1],), intercept)
    if sparse.issparse(X):
        X = X.toarray() if X.shape[0] * X.shape[1] <= DENSE else X.tocsr()
    best: Solution | None = None
    for method in _methods(X, lam, intercept):
        failures, value = 0, np.inf
        for w_next, b_next, value, gap in method(X, y, lam, intercept, tol, w, b):
            w, b = w_next, b_next
            if lam == 0:
                refuse_separated(X, y, w, b)
            if not gap <= tol * max(1.0, value):
                continue
            best, better = _better(best, X, y, lam, intercept, w, b)
            failures = 0 if better else failures + 1
            if best.certificate.proves(tol):
                return _attained(X, y, lam, intercept, tol, best)
            if failures >= PATIENCE:
                break
        best, _ = _better(best, X, y, lam, intercept, w, b)
        w, b = best.w, best.intercept
    return certified("logistic", _attained(X, y, lam, intercept, tol, cast(Solution, best)), tol)


def _methods(X: Any, lam: float, intercept: bool) -> list[Callable[..., Answers]]:
    """The quickest method for this shape, and those that take over should it stop short."""
    n, p = X.shape
    methods = []
    if p > n and lam > 0 and n <= FACTORED and not sparse.issparse(X):
        methods.append(_wide)
    if p <= FACTORED and not sparse.issparse(X):
        methods.append(_tall)
    return [*methods, _large]


def _tall(X, y, lam, intercept, tol, w, b) -> Answers:
    n, p = X.shape
    if not w.any() and lam > 0 and n > max(LARGE, TALL * p):
        w, b = _sampled(X[::SHARE], y[::SHARE], lam / SHARE, intercept, w, b)
    problem = BinaryLoss(X, y, lam, intercept)
    for x, state, decrement in factored_lbfgs(problem, problem.join(w, b)):
        yield *problem.split(x), state.value, problem.gap(state, decrement)


def _sampled(X, y, lam, intercept, w, b) -> tuple[np.ndarray, float]:
    """A loose answer for some of the rows: a start for all of them."""
    if np.all(y == y[0]):
        return w, b
    rows = np.ascontiguousarray(X)
    for w_next, b_next, value, gap in _tall(rows, y, lam, intercept, SAMPLED, w, b):
        w, b = w_next, b_next
        if gap <= SAMPLED * value:
            break
    return w, b


def _wide(X, y, lam, intercept, tol, w, b) -> Answers:
    start = X @ w if w.any() else np.zeros(len(y))
    c, shift = np.zeros(len(y)), b
    for c, shift, value, gap in kernel_newton(X, y, lam, intercept, start, b):
        if gap <= tol * max(1.0, value):
            yield X.T @ c, shift, value, gap
    yield X.T @ c, shift, np.inf, np.inf  # where it stopped short, another method goes on from here


def _large(X, y, lam, intercept, tol, w, b) -> Answers:
    problem = BinaryLoss(X, y, lam, intercept)
    for x, state, square in newton_cg(problem, problem.join(w, b), tol):
        yield *problem.split(x), state.value, problem.gap(state, square)


def _better(best, X, y, lam, intercept, w, b) -> tuple[Solution, bool]:
    proof = certificates.logistic(X, y, lam, w, b if intercept else None)
    if best is not None and not proof.gap < best.certificate.gap:
        return best, False
    return Solution(w, b, proof, 1 if best is None else best.iterations + 1), True


def _attained(X, y, lam, intercept, tol, best: Solution) -> Solution:
    """`best`, unless it runs after a minimum that is nowhere attained.

    Along a separating direction the loss of some row falls to 0 and no other rises, so each loss
    that falls is at most the gap: where none is so small, nothing separates the classes.
    """
    if lam == 0:
        margins = y * (X @ best.w + best.intercept)
        proof = best.certificate
        if not np.logaddexp(0, -margins.max()) > max(proof.gap, tol * max(1.0, proof.primal)):
            refuse_separable(X, y, intercept)
    return best
