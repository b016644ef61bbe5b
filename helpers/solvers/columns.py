"""The columns of X, centred where there is an intercept, without a centred copy of X."""

from typing import Any

import numpy as np
from scipy import sparse

from helpers.solvers.common import check_entries

CONSTANT = 1e-26  # a centred column with a smaller share of its sum of squares is a constant
FAR = 1e4  # squared means this much larger than the variances are taken out of X itself


class Columns:
    """X − 1·meanᵀ, n x p, dense or sparse; mean = 0 for a model without intercept.

    ValueError where X holds NaN or infinity, which the mean tells in passing.
    """

    def __init__(self, X: Any, centred: bool):
        self.sparse = sparse.issparse(X)
        self.X = X
        self.n, self.p = X.shape
        self.mean = np.zeros(self.p)
        if centred:  # by a product, which costs a tenth of X.mean(axis=0)
            with np.errstate(invalid="ignore", over="ignore"):
                self.mean = np.asarray(np.full(self.n, 1 / self.n) @ X).ravel()
        check_entries(X, self.mean if centred else None)
        self.centred = centred

    def correlate(self, r: np.ndarray) -> np.ndarray:
        """Xᵀr, for a residual that is itself centred where the columns are."""
        return self.X.T @ r

    def predict(self, w: np.ndarray) -> np.ndarray:
        """(X − 1·meanᵀ) w, from the columns in use alone where they are few."""
        if self.sparse or 4 * len(used := np.flatnonzero(w)) > self.p:
            return self.X @ w - self.mean @ w
        return self.X[:, used] @ w[used] - self.mean[used] @ w[used]

    def gram(self) -> np.ndarray:
        """XᵀX of all columns, centred without a copy unless the means would drown the rest."""
        H = self.X.T @ self.X
        if self.centred:
            raw = H.diagonal().copy()
            H -= (self.n * self.mean)[:, None] * self.mean
            if (raw > FAR * H.diagonal()).any():
                A = self.X - self.mean
                H = A.T @ A
        return H

    def lengths(self, squares: np.ndarray) -> np.ndarray:
        """The columns' lengths from their sums of squares; 0 where centring leaves but rounding."""
        return np.sqrt(np.where(squares > CONSTANT * self.n * self.mean**2, squares, 0.0))

    def take(self, index: np.ndarray) -> np.ndarray:
        """Columns of the dense X, centred."""
        whole = len(index) == self.p and np.array_equal(index, np.arange(self.p))
        part = self.X if whole else self.X[:, index]
        return part - self.mean[index] if self.centred else part
