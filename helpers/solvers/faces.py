"""G[A, A]⁻¹b for sets A that follow one another: a Cholesky factor now and then, borders between."""

import numpy as np
from scipy.linalg import blas, lapack

SMALL = 130  # rows below which a factor costs no more than the borders' bookkeeping
CHANGED = 0.1  # share of the rows that may have changed before a factor is the cheaper
TRACES = (1e-14, 1e-12, 1e-10, 1e-8)  # of the diagonal, added to a block that may be singular
TRUST = 1e-9  # share of b that a bordered solution may leave


class Faces:
    """Systems with blocks of a symmetric positive semidefinite matrix G."""

    def __init__(self):
        self.base: np.ndarray | None = None  # the rows that were factorised last, if large
        self.factor: np.ndarray | None = None

    def forget(self) -> None:
        """G's rows have new places."""
        self.base = None

    def solve(self, G: np.ndarray, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        """d with G[A, A] d = b, for A in rising order."""
        if self.base is not None and self.factor is not None and len(A) > SMALL:
            d = _bordered(G, self.base, self.factor, A, b)
            if d is not None:
                return d
        L = _factor(G, A)
        self.base, self.factor = (A, L) if len(A) > SMALL else (None, None)
        return b / G.diagonal()[A] if L is None else lapack.dpotrs(L, b, lower=1)[0]


def solve_gram(G: np.ndarray, A: np.ndarray, b: np.ndarray) -> np.ndarray:
    """G[A, A]⁻¹b by Cholesky, for a block that may be singular: then with a trace of its diagonal added."""
    L = _factor(G, A)
    return b / G.diagonal()[A] if L is None else lapack.dpotrs(L, b, lower=1)[0]


def _factor(G: np.ndarray, A: np.ndarray) -> np.ndarray | None:
    for trace in TRACES:
        # rows, then columns: some three times as quick as entries by pairs of indices
        H = np.array(G, order="C") if len(A) == len(G) else G.take(A, 0).take(A, 1)
        H.reshape(-1)[:: len(H) + 1] *= 1 + trace
        L, failed = lapack.dpotrf(H.T, lower=1, clean=0, overwrite_a=1)
        if not failed:
            return L
    return None


def _bordered(
    G: np.ndarray, B: np.ndarray, L: np.ndarray, A: np.ndarray, b: np.ndarray
) -> np.ndarray | None:
    """G[A, A]⁻¹b from the factor L of G[B, B]: rows C = A \\ B join, and d = 0 in R = B \\ A.

    With multipliers m for the latter,  [G_BB G_BC E; G_CB G_CC 0; Eᵀ 0 0] (d_B, d_C, m) = (b_B, b_C, 0).
    None where too much has changed, or rounding leaves too much. Golub & Van Loan §6.5.
    """
    q = len(G)
    here, there = np.zeros(q, dtype=bool), np.zeros(q, dtype=bool)
    here[B], there[A] = True, True
    R, C = (~there[B]).nonzero()[0], A[~here[A]]
    k, j = len(C), len(R)
    if k + j > CHANGED * len(B):
        return None
    x = np.zeros(q)
    x[A] = b
    V = np.zeros((len(B), k + j + 1), order="F")
    V[:, :k] = G.take(C, 0).take(B, 1).T
    V[R, np.arange(k, k + j)] = 1.0
    V[:, -1] = x[B]
    V = blas.dtrsm(1.0, L, V, lower=1, overwrite_b=1)
    V, t = V[:, :-1], V[:, -1]
    if k + j:
        S = -(V.T @ V)
        S[:k, :k] += G.take(C, 0).take(C, 1)
        right = -(t @ V)
        right[:k] += x[C]
        border = lapack.dgesv(S, right)[2]
        t = t - V @ border
    d = np.zeros(q)
    d[B] = lapack.dtrtrs(L, t, lower=1, trans=1)[0]
    if k + j:
        d[B[R]] = 0.0
        d[C] = border[:k]
    e = (G @ d)[A] - b
    if not float(e @ e) <= TRUST**2 * float(b @ b):
        return None
    return d[A]
