"""Separable data: without a penalty, logistic regression on them has no minimiser."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

CLEAR = 1e-7  # a margin that is at least this share of the largest one is no rounding


class SeparableError(ValueError):
    """The classes are separated by yᵢ(xᵢᵀw + b) ≥ 0, not all 0: along (w, b) the loss falls forever.

    `w` and `intercept` are that direction, `margins` the proof.
    """

    def __init__(self, w: np.ndarray, intercept: float, margins: np.ndarray):
        self.w, self.intercept, self.margins = w, intercept, margins
        kind = "perfectly separable" if margins.min() > 0 else "separable but for ties"
        super().__init__(
            f"lam must be positive here: X and y are {kind}, so without a penalty the loss falls "
            "forever and has no minimiser; the separating direction is attached as .w, .intercept"
        )


def refuse_separated(X: Any, y: np.ndarray, w: np.ndarray, b: float) -> None:
    """Raise `SeparableError` if (w, b) itself separates the classes."""
    size = float(max(np.abs(w).max(initial=0.0), abs(b)))
    if size > 0:
        w, b = w / size, b / size
        margins = y * (X @ w + b)
        if margins.min() > 0:
            raise SeparableError(w, b, margins)


def refuse_separable(X: Any, y: np.ndarray, intercept: bool) -> None:
    """Raise `SeparableError` if any direction separates the classes, ties allowed.

    max Σ sᵢ over sᵢ ≤ yᵢ(xᵢᵀw + b), 0 ≤ s ≤ 1 is 0 if none does, and at least 1 otherwise.
    Source: Albert & Anderson (1984), On the existence of maximum likelihood estimates in logistic
    regression models.
    """
    n, p = X.shape
    A = sparse.csr_array(X)
    size = np.asarray(abs(A).max(axis=0).toarray()).ravel()
    size = np.where(size > 0, size, 1.0)
    A = A @ sparse.diags_array(1 / size)
    if intercept:
        A = sparse.hstack([A, np.ones((n, 1))])
    q = A.shape[1]
    G = sparse.hstack([-sparse.diags_array(y) @ A, sparse.eye_array(n)])
    bounds = [(None, None)] * q + [(0, 1)] * n
    answer = linprog(
        np.append(np.zeros(q), -np.ones(n)), A_ub=G.tocsr(), b_ub=np.zeros(n), bounds=bounds
    )
    if answer.status != 0 or -answer.fun < 0.5:
        return
    v = answer.x[:q] / np.abs(answer.x[:q]).max()
    margins = y * (A @ v)
    if margins.min() >= -CLEAR * margins.max():
        rounded = np.where(margins < CLEAR * margins.max(), 0.0, margins)
        raise SeparableError(v[:p] / size, float(v[p]) if intercept else 0.0, rounded)
