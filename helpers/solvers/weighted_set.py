"""Columns of X under weights: the quadratic model of a loss Σ φ(fᵢ) on a face."""

from typing import Any

import numpy as np
from scipy import sparse

from helpers.solvers.columns import FAR
from helpers.solvers.working_set import bordered, conjugate_gradients, solve_gram

GATHERED = 300  # sparse columns up to this many have their Gram matrix made
BLOCK = 1024  # rows that stay in cache while a Gram matrix gathers them
STALE = 0.05  # weights that have moved by no larger share keep their Gram matrix
# conjugate gradients: accuracy and most steps, more where less has ceased to help
EFFORTS = ((0.1, 60), (1e-2, 120), (1e-3, 1000), (1e-5, 4000))


def weights(a: np.ndarray) -> np.ndarray:
    """The losses' second derivatives, for slopes −a."""
    return np.maximum(a * (1 - a), 1e-300)


class WeightedSet:
    """G = AᵀDA for the columns A = X[:, index], centred under the weights d for an intercept.

    A Gram matrix made for weights d serves for others as long as 1 − δ ≤ d′/d ≤ 1 + δ: it is then
    within that share of theirs, and a Newton step with it leaves no more than that of the error.
    """

    def __init__(self, X: Any, index: np.ndarray, intercept: bool):
        self.X, self.index, self.intercept = X, index, intercept
        self.A = X if len(index) == X.shape[1] and (np.diff(index) == 1).all() else X[:, index]
        self.effort, self.damping, self.joined = 0, 0.0, len(index)
        self.gathered = not sparse.issparse(X) or len(index) <= GATHERED
        self.d: np.ndarray | None = None
        self.far = False  # whether the columns' means would drown the rest, and are taken out first

    def weigh(self, d: np.ndarray) -> None:
        """Make the model for the weights d, or keep the one there is where it serves."""
        if self._serves(d):
            return
        self.d, self.total, self.damping = d, float(d.sum()), 0.0
        self.mean = (self.A.T @ d) / self.total if self.intercept else np.zeros(self.A.shape[1])
        if self.gathered:
            self.G = self._gram(self.A, self.mean)
        else:
            squares = self.A.power(2).T @ d - self.total * self.mean**2
            self.diagonal = np.maximum(squares, 1e-300)

    def _serves(self, d: np.ndarray) -> bool:
        """Whether the Gram matrix that there is serves for the weights d."""
        if self.d is None or not self.gathered:
            return False
        return bool((np.abs(d - self.d) <= STALE * self.d).all())

    def _gram(self, A: Any, mean: np.ndarray) -> np.ndarray:
        """The columns' weighted products, centred."""
        assert self.d is not None
        if sparse.issparse(A):
            G = (A.T @ A.multiply(self.d[:, None]).tocsc()).toarray()
            return G - (self.total * mean)[:, None] * mean
        root, G = np.sqrt(self.d)[:, None], 0.0
        for i in range(0, len(root), BLOCK):
            B = (A[i : i + BLOCK] - mean if self.far else A[i : i + BLOCK]) * root[i : i + BLOCK]
            G = G + B.T @ B
        if self.far or not self.intercept:
            return G
        raw = G.diagonal().copy()
        G -= (self.total * mean)[:, None] * mean
        if (raw > FAR * G.diagonal()).any():
            self.far = True
            return self._gram(A, mean)
        return G

    def change(self, index: np.ndarray, d: np.ndarray) -> "WeightedSet":
        """The set of other columns; what is known of those that stay is kept, if it serves for d."""
        place = np.full(self.X.shape[1], -1)
        place[self.index] = np.arange(len(self.index))
        old = place[index]
        stay, new = old[old >= 0], index[old < 0]
        if len(new) == 0 and len(stay) == len(self.index):
            self.joined = 0
            return self
        other = WeightedSet(self.X, np.concatenate([self.index[stay], new]), self.intercept)
        other.effort, other.joined, other.far = self.effort, len(new), self.far
        if sparse.issparse(self.X) or not self._serves(d):
            return other
        assert self.d is not None
        self.damp(0.0)
        other.d, other.total = self.d, self.total
        k = len(stay)
        fresh = other.A[:, k:]
        mean = (fresh.T @ self.d) / self.total if self.intercept else np.zeros(len(new))
        corner = other._gram(fresh, mean)
        if other.far and not self.far:
            other.d = None
            return other
        other.mean = np.concatenate([self.mean[stay], mean])
        B = (fresh - mean if self.far else fresh) * self.d[:, None]
        side = other.A[:, :k].T @ B
        if self.intercept and not self.far:
            side -= (self.total * other.mean[:k])[:, None] * mean
        elif self.far:
            side -= other.mean[:k, None] * B.sum(axis=0)
        other.G = bordered(self.G.take(stay, 0).take(stay, 1), side, corner)
        return other

    def damp(self, damping: float) -> None:
        """Lift the diagonal by this share of it from now on (Levenberg and Marquardt)."""
        if self.gathered and damping != self.damping:
            diagonal = self.G.diagonal() / (1 + self.damping)
            self.G.flat[:: len(self.G) + 1] = (1 + damping) * diagonal
        self.damping = damping

    def product(self, w: np.ndarray) -> np.ndarray:
        if self.gathered:
            return self.G @ w
        centred = (self.total * float(self.mean @ w)) * self.mean
        return self.A.T @ (self.d * (self.A @ w)) - centred + self.damping * self.diagonal * w

    def solve(self, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        if self.gathered:
            return solve_gram(self.G, A, b)
        part, mean, diagonal = self.A[:, A], self.mean[A], self.diagonal[A]

        def product(v: np.ndarray) -> np.ndarray:
            centred = (self.total * float(mean @ v)) * mean
            return part.T @ (self.d * (part @ v)) - centred + self.damping * diagonal * v

        accuracy, limit = EFFORTS[self.effort]
        lifted = (1 + self.damping) * diagonal
        return conjugate_gradients(product, lifted, b, accuracy, limit)
