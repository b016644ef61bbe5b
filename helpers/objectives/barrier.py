"""The logarithmic barrier of a linear program."""

from dataclasses import dataclass

import numpy as np

from ._checks import columns_match, matrix, rows_match


@dataclass(frozen=True, eq=False)
class LogBarrier:
    """f(x) = t cᵀx − Σᵢ log(hᵢ − gᵢᵀx), and ∞ where Gx < h fails; G of shape (m, p).

    Self-concordant; its minimiser is the point of the central path with duality gap m / t.
    Raises ValueError for NaN, for shapes that do not match and for t ≤ 0.  BV, section 11.2.
    """

    c: np.ndarray
    G: np.ndarray
    h: np.ndarray
    t: float = 1.0

    def __post_init__(self) -> None:
        matrix("G", self.G)
        columns_match("G", self.G, "c", self.c)
        rows_match(self.G, self.h, "G", "h")
        if not self.t > 0:
            raise ValueError(f"t must be positive, but it is {self.t}")

    def __call__(self, x: np.ndarray) -> float:
        s = self.h - self.G @ x
        return float(self.t * self.c @ x - np.log(s).sum()) if np.all(s > 0) else float("inf")

    def grad(self, x: np.ndarray) -> np.ndarray:
        """∇f(x) = tc + Gᵀ(1/s), s = h − Gx."""
        return self.t * self.c + self.G.T @ (1 / (self.h - self.G @ x))

    def hess(self, x: np.ndarray) -> np.ndarray:
        """∇²f(x) = Gᵀ diag(1/s²) G."""
        scaled = self.G / (self.h - self.G @ x)[:, None]
        return scaled.T @ scaled
