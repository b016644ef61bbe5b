"""Losses with kinks: a subgradient everywhere, a gradient almost everywhere, no L."""

from dataclasses import dataclass

import numpy as np

from ._checks import matrix, non_negative, rows_match, signs


@dataclass(frozen=True, eq=False, repr=False)
class Quantile:
    """f(w) = Σᵢ ρ(yᵢ − xᵢᵀw) + ½ lam ‖w‖²,  ρ(r) = max(tau r, (tau − 1) r),  0 < tau < 1.

    X of shape (n, p), y of shape (n,).  Koenker & Bassett (1978).
    Raises ValueError for NaN, for shapes that do not match, for other tau and for lam < 0.
    """

    X: np.ndarray
    y: np.ndarray
    tau: float = 0.5
    lam: float = 0.0

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        non_negative("lam", self.lam)
        if not 0 < self.tau < 1:
            raise ValueError(f"tau must lie between 0 and 1, but it is {self.tau}")

    @property
    def n(self) -> int:
        return len(self.X)

    def __call__(self, w: np.ndarray) -> float:
        r = self.y - self.X @ w
        return float(np.maximum(self.tau * r, (self.tau - 1) * r).sum() + self.lam / 2 * w @ w)

    def subgrad(self, w: np.ndarray) -> np.ndarray:
        """−Xᵀs + lam w, sᵢ = tau above the fit, tau − 1 below it, and 0 on it."""
        return self.grad_terms(w, np.arange(self.n)).sum(axis=0)

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """One subgradient of each term asked for, with its share lam / n of the penalty."""
        r = self.y[rows] - self.X[rows] @ w
        s = np.where(r > 0, self.tau, np.where(r < 0, self.tau - 1, 0.0))
        return -s[:, None] * self.X[rows] + self.lam / self.n * w


class AbsoluteDeviations(Quantile):
    """f(w) = Σᵢ |yᵢ − xᵢᵀw| + ½ lam ‖w‖²: twice the median's quantile loss.

    Raises ValueError for NaN, for shapes that do not match and for lam < 0.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray, lam: float = 0.0) -> None:
        super().__init__(X, y, 0.5, lam)

    def __call__(self, w: np.ndarray) -> float:
        return float(np.abs(self.y - self.X @ w).sum() + self.lam / 2 * w @ w)

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """−sign(yᵢ − xᵢᵀw) xᵢ + (lam / n) w, one row for each i in `rows`."""
        s = np.sign(self.y[rows] - self.X[rows] @ w)
        return -s[:, None] * self.X[rows] + self.lam / self.n * w


@dataclass(frozen=True, eq=False, repr=False)
class Hinge:
    """f(w) = ½‖w‖² + C Σᵢ max(0, 1 − yᵢ xᵢᵀw): the linear SVM, strongly convex with mu = 1.

    X of shape (n, p), yᵢ in {−1, +1}, C ≥ 0.
    Raises ValueError for NaN, for shapes that do not match, for other labels and for C < 0.
    """

    X: np.ndarray
    y: np.ndarray
    C: float = 1.0
    mu = 1.0

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        signs(self.y)
        non_negative("C", self.C)

    @property
    def n(self) -> int:
        return len(self.X)

    def __call__(self, w: np.ndarray) -> float:
        return float(w @ w / 2 + self.C * np.maximum(0, 1 - self.y * (self.X @ w)).sum())

    def subgrad(self, w: np.ndarray) -> np.ndarray:
        """w − C Σ yᵢxᵢ over the rows with yᵢ xᵢᵀw < 1."""
        return self.grad_terms(w, np.arange(self.n)).sum(axis=0)

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """w / n − C yᵢxᵢ [yᵢ xᵢᵀw < 1], one row for each i in `rows`."""
        X, y = self.X[rows], self.y[rows]
        return w / self.n - self.C * (y * (y * (X @ w) < 1))[:, None] * X
