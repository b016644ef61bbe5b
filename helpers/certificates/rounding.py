"""What rounding makes of the products xⱼᵀu, and which bounds may be excused for it.

Columns of size 1e12 turn the last digit of u into an xⱼᵀu that would drown a bound. Where xⱼᵀu differs
from the value that the answer asks for by no more than the rounding error of such a sum, it has that
value exactly for data that agree with X but in their last digits (Higham, Accuracy and Stability of
Numerical Algorithms, §3.1); the difference is then paid for at the answer, and not for every w.
"""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import blas

EPSILON = float(np.finfo(float).eps)
NEGLIGIBLE = 1e-13  # a share of the objective that is not worth a closer look


def within_rounding(X: Any, u: np.ndarray, e: np.ndarray, cost: np.ndarray) -> np.ndarray | None:
    """Which eⱼ are no larger than the rounding error of xⱼᵀu; None where the costliest is larger.

    u has one column for each column of e, where e has any.
    """
    j, k = divmod(int(cost.argmax()), cost.size // len(cost))
    worst, u_k = abs(e.reshape(len(e), -1)[j, k]), u.reshape(len(u), -1)[:, k]
    if worst > _most(X, u_k) or not worst <= _rounding(X, u_k, j):
        return None
    return np.abs(e) <= len(u) * EPSILON * (abs(X).T @ np.abs(u))


def _most(X: Any, u: np.ndarray) -> float:
    """What no column's error passes, where it costs less to say than to take a column out: ∞ elsewhere."""
    if not (sparse.issparse(X) and X.format == "csr" and X.nnz):
        return np.inf
    return len(u) * EPSILON * float(np.abs(u).max()) * blas.dasum(X.data)


def _rounding(X: Any, u: np.ndarray, j: int) -> float:
    """The error of xⱼᵀu at most."""
    column = X[:, [j]].toarray().ravel() if sparse.issparse(X) else X[:, j]
    return len(u) * EPSILON * float(np.abs(column) @ np.abs(u))


def penalty_conjugate(
    X: Any, u: np.ndarray, v: np.ndarray, lam: float, w: np.ndarray, objective: float
) -> float:
    """‖v‖²/2λ for v = Xᵀu, which is −min over w of ½λ‖w‖² − vᵀw; where v = λw but for rounding, less."""
    each = np.square(v) / (2 * lam)
    e = v - lam * w
    if float(np.vdot(e, e)) <= NEGLIGIBLE * 2 * lam * max(1.0, objective):
        return float(each.sum())
    excused = within_rounding(X, u, e, np.abs(e))
    if excused is None:
        return float(each.sum())
    at_answer = lam * np.square(w) / 2 + np.abs(e * w)
    return float(np.where(excused, np.minimum(at_answer, each), each).sum())


def absolute_conjugate(X: Any, u: np.ndarray, z: np.ndarray, lam: float, w: np.ndarray) -> float:
    """−min over w of λ‖w‖₁ − zᵀw for z = Xᵀu: 0 where |zⱼ| ≤ λ, ∞ elsewhere but for rounding.

    Where zⱼ = ±λ but for rounding, as w asks for, the difference is paid for at the answer.
    """
    size = np.abs(z)
    j = int(size.argmax())
    if size[j] <= lam:
        return 0.0
    if not size[j] - lam <= _rounding(X, u, j):
        return np.inf
    e = z - np.where(w != 0, lam * np.sign(w), np.clip(z, -lam, lam))
    excused = within_rounding(X, u, e, np.where(size > lam, np.abs(e), 0.0))
    if excused is None or (size > lam)[~excused].any():
        return np.inf
    return float(np.abs(e * w)[excused].sum())
