"""Orthogonal factors, for wide data and for columns whose sizes differ beyond all measure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg import lapack

from helpers.solvers.columns import Columns

REGULAR = 1e-6  # a reciprocal condition number above which AAᵀ may stand for A
DEPENDENT = 1e-12  # a column of length 1 that leaves less beside the others depends on them


@dataclass(frozen=True)
class RowSpace:
    """A = LQᵀ, L n x q and Q p x q with orthonormal columns: w in the span of A's rows is Qv."""

    L: np.ndarray
    lift: Callable[[np.ndarray], np.ndarray]  # v to Qv
    drop: Callable[[np.ndarray], np.ndarray]  # w to Qᵀw


def row_space(A: np.ndarray, even: bool = False) -> RowSpace:
    """A's rows in coordinates of their span, q = min(n, p) of them.

    For `even` columns, of one size but for a few tens, by AAᵀ = LLᵀ where that is regular, a quarter of
    the price: Q = AᵀL⁻ᵀ. Else by rotations: Aᵀ's rows are sorted by length, and the sample that adds
    most comes first, so that an error in a row of Q is small beside that row, whatever the units.
    Source: Cox & Higham (1998), Stability of Householder QR factorization for weighted least squares.
    """
    if even:
        K = A @ A.T
        L, failed = lapack.dpotrf(K, lower=1)
        if not failed and lapack.dpocon(L, np.abs(K).sum(axis=0).max(), uplo="L")[0] > REGULAR:
            return RowSpace(
                L,
                lambda v: A.T @ linalg.solve_triangular(L, v, lower=True, trans="T"),
                lambda w: linalg.solve_triangular(L, A @ w, lower=True),
            )
        Q, R = linalg.qr(A.T, mode="economic")
        return RowSpace(R.T, lambda v: Q @ v, lambda w: Q.T @ w)
    order = np.argsort(-np.linalg.norm(A, axis=0), kind="stable")
    sorted_Q, R, rows = linalg.qr(A.T[order], mode="economic", pivoting=True)
    L, Q = np.empty_like(R.T), np.empty_like(sorted_Q)
    L[rows], Q[order] = R.T, sorted_Q
    return RowSpace(L, lambda v: Q @ v, lambda w: Q.T @ w)


def rotated(columns: Columns, lam: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The map from a residual r and w to the step d that minimises ½‖r − Ad‖² + ½λ‖w + d‖², λ > 0.

    A (n, p) dense, its columns centred or not. By orthogonal factors alone: A = LQᵀ, and of the tall
    system [L; √λ I] for v = Qᵀd.
    """
    space = row_space(columns.take(np.arange(columns.p)))
    L = space.L
    root = np.sqrt(lam)
    order = np.argsort(-np.linalg.norm(L, axis=1), kind="stable")  # the long rows first, here too
    tall = np.vstack([L[order], root * np.eye(L.shape[1])])
    size = np.linalg.norm(tall, axis=0)
    U, T, pivots = linalg.qr(tall / size, mode="economic", pivoting=True)

    def step(r: np.ndarray, w: np.ndarray) -> np.ndarray:
        right = np.concatenate([r[order], -root * space.drop(w)])
        v = np.empty(len(T))
        v[pivots] = linalg.solve_triangular(T, U.T @ right)
        return space.lift(v / size)

    return step


def projected(A: np.ndarray, u: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The point nearest to u with Aᵀu = c, where that can be.

    A residual y − Aw is rounded as y is, and no longer orthogonal to long columns; this u is rounded
    as u. Source: Björck, Numerical Methods for Least Squares Problems, §2.7 (minimum norm).
    """
    size = np.linalg.norm(A, axis=0)
    R, order = linalg.qr(A, mode="r", pivoting=True)  # of many columns, the longest
    pivots = np.abs(R.diagonal())
    chosen = order[: len(pivots)][pivots > DEPENDENT * size[order[: len(pivots)]]]
    A, c, size = A[:, chosen], c[chosen], size[chosen]
    Q, R = linalg.qr(A / size, mode="economic")
    for _ in range(3):  # the later ones remove the rounding of the first
        u = u - Q @ linalg.solve_triangular(R, (A.T @ u - c) / size, trans="T")
    return u
