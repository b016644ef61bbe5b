"""What rounding makes of the products xⱼᵀu, and which bounds may be excused for it.

Columns of size 1e12 turn the last digit of u into an xⱼᵀu that would drown a bound. Where xⱼᵀu differs
from the value that the answer asks for by no more than the rounding error of such a sum, it has that
value exactly for data that agree with X but in their last digits (Higham, Accuracy and Stability of
Numerical Algorithms, §3.1); the difference is then paid for at the answer, and not for every w.
"""

from typing import Any

import numpy as np
from scipy import sparse

NEGLIGIBLE = 1e-13  # a share of the objective that is not worth a closer look


def within_rounding(X: Any, u: np.ndarray, e: np.ndarray, cost: np.ndarray) -> np.ndarray | None:
    """Which eⱼ are no larger than the rounding error of xⱼᵀu; None where the costliest is larger."""
    unit, size = len(u) * np.finfo(float).eps, np.abs(u)
    worst = int(np.argmax(cost))
    column = X[:, [worst]].toarray().ravel() if sparse.issparse(X) else X[:, worst]
    if not abs(e[worst]) <= unit * float(np.abs(column) @ size):
        return None
    return np.abs(e) <= unit * (abs(X).T @ size)


def penalty_conjugate(
    X: Any, u: np.ndarray, v: np.ndarray, lam: float, w: np.ndarray, objective: float
) -> float:
    """‖v‖²/2λ for v = Xᵀu, which is −min over w of ½λ‖w‖² − vᵀw; where v = λw but for rounding, less."""
    each = np.square(v) / (2 * lam)
    e = v - lam * w
    if float(e @ e) <= NEGLIGIBLE * 2 * lam * max(1.0, objective):
        return float(each.sum())
    excused = within_rounding(X, u, e, np.abs(e))
    if excused is None:
        return float(each.sum())
    at_answer = lam * np.square(w) / 2 + np.abs(e * w)
    return float(np.where(excused, np.minimum(at_answer, each), each).sum())
