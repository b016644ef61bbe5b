"""Logistic regression: min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖²."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from scipy import sparse

from helpers import certificates
from helpers.solvers.binary_loss import BinaryLoss, losses
from helpers.solvers.common import (
    Solution,
    Start,
    certified,
    check_data,
    check_entries,
    check_number,
    check_start,
)
from helpers.solvers.kernel_newton import kernel_newton
from helpers.solvers.lbfgs import factored_lbfgs
from helpers.solvers.margin_data import two_classes
from helpers.solvers.newton_cg import newton_cg
from helpers.solvers.separation import refuse_separable, refuse_separated
from helpers.solvers.subspace_newton import subspace_newton

FACTORED = 3000  # Cholesky factors up to this size
DENSE = 2_000_000  # a sparse X with so many entries at most, zeros counted, is made dense
TALL, LARGE, SHARE = 40, 2000, 8  # n > TALL·p and n > LARGE: every 8th row makes a start
SAMPLED = 1e-4  # accuracy of that start
PATIENCE = 4  # certificates that may fail in a row
CURVED = (
    0.01  # of a row's square: with a larger λ a few directions do for half as many columns, too
)
DIRECTIONS, FEWEST = 60, 8  # of w = Xᵀc: so many at most; where fewer may be tried, none is
RENT, LATELY = 25, 4  # rows to a direction: with more of them XXᵀ and its factors come cheaper

# w, b, the dual point (None: the slopes at w), value, gap
Answers = Iterator[tuple[np.ndarray, float, np.ndarray | None, float, float]]


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
    of the rows; wide X, or nearly wide with a large λ: Newton's method for w = Xᵀc, over a few
    directions of c, then, for wide dense X, over all n coefficients; other large or sparse X: Newton's
    method with conjugate gradients.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one class
    only and lam < 0; `SeparableError`, a ValueError with the separating direction, where lam = 0 and
    there is no minimiser; ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Nocedal & Wright, Numerical Optimization, ch. 7; Byrd, Chin, Nocedal & Wu (2012) (sample).
    """
    X, y = check_data(X, y, entries=False)
    lam, tol = check_number("lam", lam, positive=False), check_number("tol", tol)
    w, b = check_start(start, (X.shape[1],), intercept)
    if sparse.issparse(X):
        X = X.toarray() if X.shape[0] * X.shape[1] <= DENSE else X.tocsr()
    methods = _methods(X, lam)
    gram = _gram(X) if methods[0] is _wide and _directions(X) else None
    check_entries(X, gram[1] if gram else None)
    two_classes(y)
    best: Solution | None = None
    if methods[0] is _wide and w.any():  # which keeps no more of a start than its slopes
        best, _ = _better(None, X, y, lam, intercept, w, b, None)
        if best.certificate.proves(tol):
            return best
    for method in methods:
        failures, value, dual = 0, np.inf, None
        for w_next, b_next, dual, value, gap in method(X, y, lam, intercept, tol, w, b, gram):
            w, b = w_next, b_next
            if lam == 0:
                refuse_separated(X, y, w, b)
            if not gap <= tol * max(1.0, value):
                continue
            best, better = _better(best, X, y, lam, intercept, w, b, dual)
            failures = 0 if better else failures + 1
            if best.certificate.proves(tol):
                return _attained(X, y, lam, intercept, tol, best)
            if failures >= PATIENCE:
                break
        best, _ = _better(best, X, y, lam, intercept, w, b, dual)
        w, b = best.w, best.intercept
    return certified("logistic", _attained(X, y, lam, intercept, tol, cast(Solution, best)), tol)


def _methods(X: Any, lam: float) -> list[Callable[..., Answers]]:
    """The quickest method for this shape, and those that take over should it stop short."""
    n, p = X.shape
    methods = []
    if lam > 0 and (p > n or (2 * p > n and lam > CURVED * _mean_square(X))):
        methods.append(_wide)
    if p <= FACTORED and not sparse.issparse(X):
        methods.append(_tall)
    return [*methods, _large]


def _tall(X, y, lam, intercept, tol, w, b, gram=None) -> Answers:
    n, p = X.shape
    if not w.any() and lam > 0 and n > max(LARGE, TALL * p):
        w, b = _sampled(X[::SHARE], y[::SHARE], lam / SHARE, intercept, w, b)
    problem = BinaryLoss(X, y, lam, intercept)
    for x, state, decrement in factored_lbfgs(problem, problem.join(w, b)):
        yield *problem.split(x), None, state.value, problem.gap(state, decrement)


def _sampled(X, y, lam, intercept, w, b) -> tuple[np.ndarray, float]:
    """A loose answer for some of the rows: a start for all of them."""
    if np.all(y == y[0]):
        return w, b
    rows = np.ascontiguousarray(X)
    for w_next, b_next, _, value, gap in _tall(rows, y, lam, intercept, SAMPLED, w, b):
        w, b = w_next, b_next
        if gap <= SAMPLED * value:
            break
    return w, b


def _gram(X: Any) -> tuple[Callable[[np.ndarray], np.ndarray], np.ndarray] | None:
    """z ↦ Kz and the diagonal of K = XXᵀ; dense X in single precision, which halves the time of a pass.

    What that leaves of the gap, some 1e-13 of the objective, a proof finds, made from X itself.
    None where X holds no numbers or single precision cannot hold them.
    """
    if sparse.issparse(X):
        return lambda z: X @ (X.T @ z), np.asarray(X.power(2).sum(axis=1)).ravel()
    with np.errstate(over="ignore"):
        A = X.astype(np.float32)
        squares = np.einsum("ij,ij->i", A, A).astype(float)
    if not np.isfinite(squares).all():
        return None
    return lambda z: (A @ (A.T @ z.astype(np.float32))).astype(float), squares


def _mean_square(X: Any) -> float:
    """Of the rows' lengths."""
    entries = X.data if sparse.issparse(X) else X.ravel(order="K")
    return float(entries @ entries) / X.shape[0]


def _factored(X: Any) -> bool:
    """Whether XXᵀ, of dense X, is worth its factors: for a tall X the columns' Hessian is."""
    return X.shape[0] <= min(FACTORED, X.shape[1]) and not sparse.issparse(X)


def _directions(X: Any) -> int:
    """How many directions of c may be tried before XXᵀ is formed and factored."""
    if not _factored(X):
        return DIRECTIONS
    rented = X.shape[0] // RENT
    return 0 if rented < FEWEST else min(DIRECTIONS, rented)


def _wide(X, y, lam, intercept, tol, w, b, gram) -> Answers:
    n, limit, gaps, tried = len(y), _directions(X), [], 0
    c = y * losses(y * (X @ w + b))[1] / lam if w.any() else np.zeros(n)
    if gram:
        product, squares = gram
        rounds = subspace_newton(product, squares, y, lam, intercept, c, b, limit)
        for c_next, dual, b_next, value, gap in rounds:
            c, b, goal = c_next, b_next, tol * max(1.0, value)
            if gap <= goal:
                yield X.T @ c, b, dual, value, gap
                tried += 1
            gaps.append(max(gap, 1e-300))
            pace = (gaps[-1] / gaps[-LATELY:][0]) ** (1 / (LATELY - 1))
            hopeless = len(gaps) > FEWEST and gap * pace ** (limit - len(gaps)) > goal
            if tried == 2 or hopeless:
                break
    if _factored(X):
        for c_next, b_next, value, gap in kernel_newton(X, y, lam, intercept, c, b):
            c, b = c_next, b_next
            if gap <= tol * max(1.0, value):
                yield X.T @ c, b, None, value, gap
    yield X.T @ c, b, None, np.inf, np.inf  # where it stopped short, another goes on from here


def _large(X, y, lam, intercept, tol, w, b, gram) -> Answers:
    problem = BinaryLoss(X, y, lam, intercept)
    for x, state, square in newton_cg(problem, problem.join(w, b), tol):
        yield *problem.split(x), None, state.value, problem.gap(state, square)


def _better(best, X, y, lam, intercept, w, b, dual) -> tuple[Solution, bool]:
    proof = certificates.logistic(X, y, lam, w, b if intercept else None, dual)
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
