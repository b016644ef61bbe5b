"""The columns of X, centred where there is an intercept, without a centred copy of X."""

from typing import Any

import numpy as np
from scipy import sparse

FAR = 1e4  # squared means this much larger than the variances are taken out of X itself


class Columns:
    """X − 1·meanᵀ, n x p, dense or sparse; mean = 0 for a model without intercept."""

    def __init__(self, X: Any, centred: bool):
        self.sparse = sparse.issparse(X)
        self.X = X
        self.n, self.p = X.shape
        self.mean = np.zeros(self.p)
        if centred:  # by a product, which costs a tenth of X.mean(axis=0)
            self.mean = np.asarray(np.full(self.n, 1 / self.n) @ X).ravel()
        self.centred = centred

    def correlate(self, r: np.ndarray) -> np.ndarray:
        """Xᵀr, for a residual that is itself centred where the columns are."""
        return self.X.T @ r

    def predict(self, w: np.ndarray) -> np.ndarray:
        """(X − 1·meanᵀ) w, from the columns in use alone where they are few."""
        used = np.flatnonzero(w)
        if self.sparse or 4 * len(used) > self.p:
            return self.X @ w - self.mean @ w
        return self.X[:, used] @ w[used] - self.mean[used] @ w[used]

    def gram(self) -> np.ndarray:
        """XᵀX of all columns, centred without a copy unless the means would drown the rest."""
        H = self.X.T @ self.X
        if self.centred:
            raw = H.diagonal().copy()
            H -= np.outer(self.n * self.mean, self.mean)
            if np.any(raw > FAR * H.diagonal()):
                A = self.X - self.mean
                H = A.T @ A
        return H

    def take(self, index: np.ndarray) -> np.ndarray:
        """Columns of the dense X, centred."""
        whole = len(index) == self.p and np.array_equal(index, np.arange(self.p))
        part = self.X if whole else self.X[:, index]
        return part - self.mean[index] if self.centred else part
