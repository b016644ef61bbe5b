"""Columns of X under weights: the quadratic model of a loss Σ φ(fᵢ) on a face."""

from typing import Any

import numpy as np
from scipy import sparse

from helpers.solvers.working_set import conjugate_gradients, solve_gram

GATHERED = 1500  # sparse columns up to this many have their Gram matrix made
# conjugate gradients: accuracy and most steps, more where less has ceased to help
EFFORTS = ((0.1, 60), (1e-2, 120), (1e-3, 1000), (1e-5, 4000))


class WeightedSet:
    """G = AᵀDA for the columns A, with weighted centred columns where there is an intercept."""

    def __init__(self, A: Any, d: np.ndarray, intercept: bool, effort: int = 0):
        self.A, self.d = A, d
        self.accuracy, self.limit = EFFORTS[effort]
        self.total = float(d.sum())
        self.mean = (A.T @ d) / self.total if intercept else np.zeros(A.shape[1])
        self.G: np.ndarray | None = None
        if not sparse.issparse(A):
            B = (A - self.mean if intercept else A) * np.sqrt(d)[:, None]
            self.G = B.T @ B
        elif A.shape[1] <= GATHERED:
            G = (A.T @ A.multiply(d[:, None]).tocsc()).toarray()
            self.G = G - self.total * np.outer(self.mean, self.mean)
        else:
            squares = A.power(2).T @ d - self.total * self.mean**2
            self.diagonal = np.maximum(squares, 1e-300)

    def product(self, w: np.ndarray) -> np.ndarray:
        if self.G is not None:
            return self.G @ w
        return self.A.T @ (self.d * (self.A @ w)) - (self.total * float(self.mean @ w)) * self.mean

    def solve(self, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        if self.G is not None:
            return solve_gram(self.G if len(A) == len(self.G) else self.G[A[:, None], A], b)
        part, mean = self.A[:, A], self.mean[A]

        def product(v: np.ndarray) -> np.ndarray:
            return part.T @ (self.d * (part @ v)) - (self.total * float(mean @ v)) * mean

        return conjugate_gradients(product, self.diagonal[A], b, self.accuracy, self.limit)
