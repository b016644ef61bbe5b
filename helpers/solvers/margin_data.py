"""What the margin, robust and kernel solvers share: their data checked, and put in coordinates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from scipy import linalg, sparse

from helpers.certificates.base import Certificate
from helpers.certificates.margins import positive_semidefinite
from helpers.solvers.common import Solution, certified, check_data, check_number


def two_classes(y: np.ndarray) -> None:
    if not np.all(np.abs(y) == 1):
        raise ValueError("y must hold the labels -1 and +1 and no others")
    if np.all(y == y[0]):
        raise ValueError(f"y holds one class only, {y[0]:+.0f}: there is nothing to tell apart")


def kernel_matrix(K: Any, y: Any, kernel: Callable | None) -> tuple[np.ndarray, np.ndarray]:
    """K and y checked; with a kernel function, K holds the samples and becomes kernel(K, K)."""
    if kernel is not None:
        X, y = check_data(K, y)
        K = kernel(X, X)
    K = K.toarray() if sparse.issparse(K) else np.asarray(K, dtype=float)
    if K.ndim != 2 or K.shape[0] != K.shape[1]:
        raise ValueError(f"K must be a square kernel matrix; its shape is {K.shape}")
    if K.size == 0:
        raise ValueError("K is empty")
    if not (np.isfinite(K.sum()) or np.isfinite(K).all()):
        raise ValueError("K holds NaN or infinity")
    K, y = check_data(K, y)
    positive_semidefinite("K", K)
    return K, y


@dataclass(frozen=True)
class Coordinates:
    """The model in β: predictions Mβ, penalty ½ Σ Rⱼβⱼ²; `answer(β)` is (w, b)."""

    M: Any
    R: np.ndarray
    answer: Callable[[np.ndarray], tuple[np.ndarray, float]]


def coordinates(X: Any, lam: float, intercept: bool) -> Coordinates:
    """Coordinates in which the Newton systems are small and regular.

    Dense X is centred under an intercept (only b changes).  With λ = 0 an orthonormal basis of
    the columns replaces X, so that twins and scales do no harm; with more columns than rows an
    LQ factorization leaves n coordinates, because w lies in the span of the rows.
    """
    n, p = X.shape
    if sparse.issparse(X) and lam > 0:
        M = sparse.hstack([X, np.ones((n, 1))]).tocsr() if intercept else X
        R = np.append(np.full(p, lam), 0.0) if intercept else np.full(p, lam)
        return Coordinates(M, R, lambda beta: (beta[:p], float(beta[p]) if intercept else 0.0))
    X = X.toarray() if sparse.issparse(X) else X
    mean = X.mean(axis=0) if intercept else np.zeros(p)
    X = X - mean
    norms = np.linalg.norm(X, axis=0)
    if intercept:  # what centring leaves of a constant column is rounding
        norms = np.where(norms > 1e-13 * np.sqrt(n) * np.abs(mean), norms, 0.0)
    if lam == 0:
        M, back = _orthonormal(X, norms)
    elif p > n:
        Q, L = linalg.qr(X.T, mode="economic")
        M, back = L.T, lambda beta: Q @ beta
    else:
        M, back = X, lambda beta: beta
    q = M.shape[1]
    R = np.full(q, lam)
    if not intercept:
        return Coordinates(M, R, lambda beta: (back(beta), 0.0))

    def answer(beta: np.ndarray) -> tuple[np.ndarray, float]:
        w = back(beta[:q])
        return w, float(beta[q] - mean @ w)

    return Coordinates(np.column_stack([M, np.ones(n)]), np.append(R, 0.0), answer)


def _orthonormal(X: np.ndarray, norms: np.ndarray) -> tuple[np.ndarray, Callable]:
    p, used = X.shape[1], np.flatnonzero(norms > 0)
    if len(used) == 0:
        return np.zeros((len(X), 0)), lambda beta: np.zeros(p)
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
    answers: Iterable[tuple[np.ndarray, float, np.ndarray]],
    certify: Callable[[np.ndarray, float, np.ndarray], Certificate],
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
