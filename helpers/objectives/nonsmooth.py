"""Penalties with a proximal operator: prox(v, step) = argmin over x of g(x) + ‖x − v‖² / (2 step).

`conjugate` is g*(u) = sup over x of uᵀx − g(x); Moreau: v = prox_{g}(v) + prox_{g*}(v).
`subgrad(x)` is one subgradient of g at x.  Every lam must be finite and ≥ 0 (ValueError).
"""

from dataclasses import dataclass

import numpy as np

from ._checks import non_negative
from .sets import Ball, Box, SpectralBall


class _Penalty:
    lam: float

    def __post_init__(self) -> None:
        non_negative("lam", self.lam)


@dataclass(frozen=True)
class Zero:
    """g(x) = 0: with it a proximal method is the gradient method it generalises."""

    def __call__(self, x: np.ndarray) -> float:
        return 0.0

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """v itself."""
        return v

    def subgrad(self, x: np.ndarray) -> np.ndarray:
        return np.zeros(np.shape(x))


@dataclass(frozen=True)
class L1(_Penalty):
    """g(x) = lam ‖x‖₁ = lam Σ |xⱼ|."""

    lam: float = 1.0

    def __call__(self, x: np.ndarray) -> float:
        return float(self.lam * np.abs(x).sum())

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """Soft thresholding: sign(v) max(|v| − step·lam, 0)."""
        return np.sign(v) * np.maximum(np.abs(v) - step * self.lam, 0)

    def subgrad(self, x: np.ndarray) -> np.ndarray:
        """lam sign(x): 0 is chosen where xⱼ = 0."""
        return self.lam * np.sign(x)

    @property
    def conjugate(self) -> Box:
        """The indicator of ‖u‖∞ ≤ lam."""
        return Box(-self.lam, self.lam)


@dataclass(frozen=True)
class SquaredL2(_Penalty):
    """g(x) = ½ lam ‖x‖²: smooth as well, so it has grad, hess, L and mu."""

    lam: float = 1.0

    def __call__(self, x: np.ndarray) -> float:
        return float(self.lam / 2 * np.sum(np.square(x)))

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """v / (1 + step·lam)."""
        return v / (1 + step * self.lam)

    def grad(self, x: np.ndarray) -> np.ndarray:
        """lam x."""
        return self.lam * x

    subgrad = grad

    def hess(self, x: np.ndarray) -> np.ndarray:
        """lam I."""
        return self.lam * np.eye(np.size(x))

    @property
    def L(self) -> float:
        return float(self.lam)

    mu = L

    @property
    def conjugate(self) -> "SquaredL2":
        """½‖u‖² / lam; a ValueError for lam = 0."""
        if self.lam == 0:
            raise ValueError("lam must be positive: the conjugate of 0 is the indicator of {0}")
        return SquaredL2(1 / self.lam)


@dataclass(frozen=True)
class L2(_Penalty):
    """g(x) = lam ‖x‖₂, not squared: the penalty of the group lasso."""

    lam: float = 1.0

    def __call__(self, x: np.ndarray) -> float:
        return float(self.lam * np.linalg.norm(x))

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """max(1 − step·lam / ‖v‖, 0) v: shortens v, keeps its direction."""
        length = float(np.linalg.norm(v))
        return v * (1 - step * self.lam / max(length, step * self.lam)) if length > 0 else v

    def subgrad(self, x: np.ndarray) -> np.ndarray:
        """lam x / ‖x‖, and 0 at the origin."""
        length = np.linalg.norm(x)
        return self.lam * x / length if length > 0 else np.zeros(np.shape(x))

    @property
    def conjugate(self) -> Ball:
        """The indicator of ‖u‖₂ ≤ lam."""
        return Ball(self.lam)


@dataclass(frozen=True)
class ElasticNet:
    """g(x) = lam1 ‖x‖₁ + ½ lam2 ‖x‖².  Zou & Hastie (2005)."""

    lam1: float = 1.0
    lam2: float = 1.0

    def __post_init__(self) -> None:
        non_negative("lam1", self.lam1)
        non_negative("lam2", self.lam2)

    def __call__(self, x: np.ndarray) -> float:
        return L1(self.lam1)(x) + SquaredL2(self.lam2)(x)

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """First soft thresholding, then shrinking: the two prox operators compose."""
        return L1(self.lam1).prox(v, step) / (1 + step * self.lam2)

    def subgrad(self, x: np.ndarray) -> np.ndarray:
        return self.lam1 * np.sign(x) + self.lam2 * x


@dataclass(frozen=True)
class Nuclear(_Penalty):
    """g(W) = lam ‖W‖_* = lam Σ σᵢ(W): the L1 norm of the singular values, W a matrix."""

    lam: float = 1.0

    def __call__(self, W: np.ndarray) -> float:
        return float(self.lam * np.linalg.svd(W, compute_uv=False).sum())

    def prox(self, V: np.ndarray, step: float) -> np.ndarray:
        """Soft thresholding of the singular values.  Cai, Candès & Shen (2010)."""
        U, singular, Wt = np.linalg.svd(V, full_matrices=False)
        return (U * np.maximum(singular - step * self.lam, 0)) @ Wt

    def subgrad(self, W: np.ndarray) -> np.ndarray:
        """lam UVᵀ over the singular vectors of the positive singular values."""
        U, singular, Vt = np.linalg.svd(W, full_matrices=False)
        return self.lam * (U * (singular > 1e-12 * singular.max())) @ Vt

    @property
    def conjugate(self) -> SpectralBall:
        """The indicator of σ₁(U) ≤ lam."""
        return SpectralBall(self.lam)
