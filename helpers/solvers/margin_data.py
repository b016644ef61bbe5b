"""What the margin, robust and kernel solvers share: their data checked, and put in coordinates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from scipy import linalg, sparse
from scipy.linalg import lapack

from helpers.certificates.base import Certificate
from helpers.certificates.kernels import positive_semidefinite
from helpers.certificates.robust import SPREAD, column_norms
from helpers.solvers.common import Solution, certified, check_data, check_entries, check_number
from helpers.solvers.rotations import row_space

REGULAR = 1e-8  # a Gram matrix of unit columns with that reciprocal condition number needs no basis

LARGEST = 8000  # unknowns of a Newton system
TRACE = 1e-14  # of the longest row: added to XXᵀ where that is factored without X
EVEN = 1e4  # times a column's length: another that is longer drowns it


def two_classes(y: np.ndarray) -> None:
    if not (np.abs(y) == 1).all():
        raise ValueError("y must hold the labels -1 and +1 and no others")
    if (y == y[0]).all():
        raise ValueError(f"y holds one class only, {y[0]:+.0f}: there is nothing to tell apart")


def best_intercept(y: np.ndarray, f: np.ndarray) -> float:
    """The b that minimises Σ max(0, 1 − yᵢ(fᵢ + b)): the middle of the flat stretch."""
    kinks = y - f  # row i's loss bends at b = yᵢ − fᵢ, and its slope rises by 1 there
    up = int(np.count_nonzero(y > 0))  # far to the left the slope is minus the number of positives
    kinks = np.partition(kinks, (up - 1, up))
    return float((kinks[up - 1] + kinks[up]) / 2)


def kernel_matrix(
    K: Any,
    y: Any,
    kernel: Callable | None,
    positive: bool = False,
    along: Callable[[np.ndarray], np.ndarray] = np.ones_like,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(K, y, Kv), K and y checked; with a kernel function, K holds the samples and becomes kernel(K, K).

    v = along(y), which must have no zeros, so that the product shows whether K is finite: K is read
    once.  Where K is known to be symmetric positive semidefinite, `positive`, that is not checked.
    """
    if kernel is not None:
        X, y = check_data(K, y)
        K = kernel(X, X)
    K = K.toarray() if sparse.issparse(K) else np.asarray(K, dtype=float)
    if K.ndim != 2 or K.shape[0] != K.shape[1]:
        raise ValueError(f"K must be a square kernel matrix; its shape is {K.shape}")
    if K.size == 0:
        raise ValueError("K is empty")
    K, y = check_data(K, y, entries=False)
    product = K @ along(y)
    check_entries(K, product, "K")
    if not positive:
        positive_semidefinite("K", K)
    return K, y, product


def even(X: np.ndarray) -> bool:
    """Whether columns are near enough in size that sums over them, such as XXᵀ, hold them all."""
    squares = np.einsum("ij,ij->j", X, X)
    squares = squares[squares > 0]
    return len(squares) == 0 or bool(squares.max() <= EVEN**2 * squares.min())


@dataclass(frozen=True)
class Coordinates:
    """The model in β: predictions Mβ, M's columns of length 1, penalty ½ Σ Rⱼβⱼ²; `answer(β)` is (w, b)."""

    M: Any
    R: np.ndarray
    answer: Callable[[np.ndarray], tuple[np.ndarray, float]]


def coordinates(X: Any, lam: float, intercept: bool) -> Coordinates:
    """Coordinates in which the Newton systems are small and regular.

    Dense X is centred under an intercept (only b changes).  Columns are scaled to length 1.  A
    sparse X with λ > 0 stays sparse where it is tall.  With λ = 0 and columns near to dependent an
    orthonormal basis replaces X, so that twins do no harm; with λ > 0 and more columns than rows
    A = LQᵀ leaves n coordinates, because w lies in the span of the rows.  Raises ValueError where even
    the smaller side is too large.
    """
    n, p = X.shape
    if min(n, p) > LARGEST:
        raise ValueError(
            f"X is too large, {n} x {p}: this model's Newton systems are dense, with as many unknowns "
            f"as X has rows or columns, and at most {LARGEST:,}"
        )
    if sparse.issparse(X) and lam > 0 and p > n and n * p > SPREAD:
        return _thin(X, lam, intercept)
    if sparse.issparse(X) and lam > 0 and p <= n:
        unit = 1 / _size(column_norms(X))
        M, R = X @ sparse.diags_array(unit), lam * unit**2
        if intercept:
            M, R = sparse.hstack([M, np.ones((n, 1))]).tocsr(), np.append(R, 0.0)
        return Coordinates(
            M, R, lambda beta: (unit * beta[:p], float(beta[p]) if intercept else 0.0)
        )
    X = X.toarray() if sparse.issparse(X) else X
    mean = np.full(n, 1 / n) @ X if intercept else np.zeros(p)
    X = X - mean
    norms = column_norms(X)
    if intercept:  # what centring leaves of a constant column is rounding
        norms = np.where(norms > 1e-13 * np.sqrt(n) * np.abs(mean), norms, 0.0)
    if lam == 0:
        M, back = _regular(X, norms)
        R = np.zeros(M.shape[1])
    elif p > n:
        space = row_space(X, even(X))
        unit = 1 / _size(column_norms(space.L))
        M, R, back = space.L * unit, lam * unit**2, lambda beta: space.lift(unit * beta)
    else:
        unit = 1 / _size(norms)
        X *= unit
        M, R, back = X, lam * unit**2, lambda beta: unit * beta
    q = M.shape[1]
    if not intercept:
        return Coordinates(M, R, lambda beta: (back(beta), 0.0))

    def answer(beta: np.ndarray) -> tuple[np.ndarray, float]:
        w = back(beta[:q])
        return w, float(beta[q] - mean @ w)

    return Coordinates(np.column_stack([M, np.ones(n)]), np.append(R, 0.0), answer)


def _thin(X: Any, lam: float, intercept: bool) -> Coordinates:
    """For a sparse X with so many columns that it cannot be spread out: K = XXᵀ = LLᵀ, w = XᵀL⁻ᵀβ."""
    K = (X @ X.T).toarray()
    K.flat[:: len(K) + 1] += TRACE * max(float(K.diagonal().max()), 1e-300)
    L = np.linalg.cholesky(K)
    unit = 1 / _size(column_norms(L))
    M, R = L * unit, lam * unit**2
    if intercept:
        M, R = np.column_stack([M, np.ones(len(M))]), np.append(R, 0.0)

    def answer(beta: np.ndarray) -> tuple[np.ndarray, float]:
        w = X.T @ linalg.solve_triangular(L, unit * beta[: len(L)], lower=True, trans="T")
        return w, float(beta[-1]) if intercept else 0.0

    return Coordinates(M, R, answer)


def _size(norms: np.ndarray) -> np.ndarray:
    return np.where(norms > 0, norms, 1.0)


def _regular(X: np.ndarray, norms: np.ndarray) -> tuple[np.ndarray, Callable]:
    """(M, the map from β to w): X with unit columns, or a basis of its range where twins are near."""
    p, used = X.shape[1], np.flatnonzero(norms > 0)
    if len(used) == 0:
        return np.zeros((len(X), 0)), lambda beta: np.zeros(p)
    whole = X[:, used] / norms[used]
    H = whole.T @ whole
    factor, failed = lapack.dpotrf(H, lower=1, clean=0)
    if not failed and lapack.dpocon(factor, np.abs(H).sum(axis=0).max(), uplo="L")[0] > REGULAR:

        def straight(beta: np.ndarray) -> np.ndarray:
            w = np.zeros(p)
            w[used] = beta / norms[used]
            return w

        return whole, straight
    Q, T, order = linalg.qr(X[:, used] / norms[used], mode="economic", pivoting=True)
    pivots = np.abs(np.diag(T))
    rank = np.count_nonzero(pivots > 1e-13 * max(X.shape) * pivots[0])
    chosen = used[order[:rank]]

    def back(beta: np.ndarray) -> np.ndarray:
        w = np.zeros(p)
        w[chosen] = linalg.solve_triangular(T[:rank, :rank], beta) / norms[chosen]
        return w

    return Q[:, :rank], back


def first_proved(
    model: str,
    answers: Iterable[tuple[np.ndarray, float, Any]],
    certify: Callable[[np.ndarray, float, Any], Certificate],
    tol: float,
    limit: int = 100,
) -> Solution:
    """The first of `answers` (w, b, dual) whose certificate proves `tol`.

    Raises ConvergenceError with the best answer attached when `limit` of them do not.
    """
    tol = check_number("tol", tol)
    best: Any = None
    smallest = np.inf
    for count, (w, b, dual) in enumerate(islice(answers, limit), 1):
        solution = Solution(w, b, certify(w, b, dual), count)
        gap = abs(solution.certificate.relative_gap)
        if solution.certificate.proves(tol):
            return solution
        if best is None or gap < smallest:
            best, smallest = solution, gap if np.isfinite(gap) else np.inf
    return certified(model, best, tol)
