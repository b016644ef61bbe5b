"""Convex sets as functions: 0 inside, ∞ outside; prox is the projection, whatever the step.

`lmo(c)` is the linear minimisation oracle, a minimiser of cᵀs over the set: Frank-Wolfe needs
nothing else. A set on which cᵀs has no minimum raises a ValueError.
"""

from dataclasses import dataclass

import numpy as np

from ._checks import non_negative


class _Set:
    def project(self, v: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def __call__(self, x: np.ndarray) -> float:
        return 0.0 if self.contains(x) else float("inf")

    def contains(self, x: np.ndarray, tol: float = 1e-9) -> bool:
        """Whether x is within tol · max(1, ‖x‖) of the set; never for NaN."""
        if not np.all(np.isfinite(x)):
            return False
        return bool(np.linalg.norm(x - self.project(x)) <= tol * max(1.0, float(np.linalg.norm(x))))

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """The projection of v."""
        return self.project(v)


@dataclass(frozen=True, eq=False)
class Box(_Set):
    """{x : low ≤ x ≤ high}, with numbers or arrays for low and high (ValueError if low > high)."""

    low: float | np.ndarray
    high: float | np.ndarray

    def __post_init__(self) -> None:
        if not np.all(np.asarray(self.low) <= np.asarray(self.high)):
            raise ValueError("low must be at most high in every coordinate")

    def project(self, v: np.ndarray) -> np.ndarray:
        return np.clip(v, self.low, self.high)

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """The corner that c points away from; of two equal values, low."""
        corner = np.where(c < 0, self.high, self.low) * np.ones(np.shape(c))
        if not np.all(np.isfinite(corner)):
            raise ValueError("the box is unbounded where c points: cᵀs has no minimum")
        return corner


@dataclass(frozen=True)
class NonNegative(_Set):
    """{x : x ≥ 0}."""

    def project(self, v: np.ndarray) -> np.ndarray:
        return np.maximum(v, 0)

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """0, if c ≥ 0."""
        if not np.all(c >= 0):
            raise ValueError("c must be non-negative: else cᵀs has no minimum over s ≥ 0")
        return np.zeros(np.shape(c))


@dataclass(frozen=True)
class Simplex(_Set):
    """{x : x ≥ 0, Σ xⱼ = total}, total > 0; total = 1 is the probability simplex."""

    total: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.total < np.inf:
            raise ValueError(f"total must be positive and finite, but it is {self.total}")

    def project(self, v: np.ndarray) -> np.ndarray:
        """max(v − τ, 0), τ such that the entries sum to total.  Held, Wolfe & Crowder (1974)."""
        largest_first = np.sort(v)[::-1]
        tau = (np.cumsum(largest_first) - self.total) / np.arange(1, len(v) + 1)
        return np.maximum(v - tau[np.flatnonzero(largest_first > tau)[-1]], 0)

    def contains(self, x: np.ndarray, tol: float = 1e-9) -> bool:
        scale = tol * max(1.0, self.total)
        return bool(np.all(x >= -scale) and abs(np.sum(x) - self.total) <= scale)

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """The vertex of the smallest cⱼ."""
        return float(self.total) * (np.arange(len(c)) == np.argmin(c))


@dataclass(frozen=True, eq=False)
class Ball(_Set):
    """{x : ‖x − centre‖₂ ≤ radius}, radius ≥ 0."""

    radius: float = 1.0
    centre: float | np.ndarray = 0.0

    def __post_init__(self) -> None:
        non_negative("radius", self.radius)

    def project(self, v: np.ndarray) -> np.ndarray:
        away = v - self.centre
        length = np.linalg.norm(away)
        return v if length <= self.radius else self.centre + away * (self.radius / length)

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """centre − radius · c / ‖c‖, and the centre for c = 0."""
        length = np.linalg.norm(c)
        return self.centre - self.radius * c / (length if length > 0 else 1.0)


@dataclass(frozen=True)
class L1Ball(_Set):
    """{x : ‖x‖₁ ≤ radius}, radius > 0.  Duchi et al. (2008)."""

    radius: float = 1.0

    def __post_init__(self) -> None:
        Simplex(self.radius)

    def project(self, v: np.ndarray) -> np.ndarray:
        if np.abs(v).sum() <= self.radius:
            return v
        return np.sign(v) * Simplex(self.radius).project(np.abs(v))

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """±radius in the one coordinate where |cⱼ| is largest."""
        j = np.argmax(np.abs(c))
        return np.where(np.arange(len(c)) == j, -self.radius * (1.0 if c[j] >= 0 else -1.0), 0.0)


@dataclass(frozen=True, eq=False)
class HalfSpace(_Set):
    """{x : aᵀx ≤ b}, a ≠ 0."""

    a: np.ndarray
    b: float

    def __post_init__(self) -> None:
        if not np.linalg.norm(self.a) > 0:
            raise ValueError("a must not be zero: it is the normal of the hyperplane")

    def project(self, v: np.ndarray) -> np.ndarray:
        """v − max(aᵀv − b, 0) a / ‖a‖²."""
        return v - max(self.a @ v - self.b, 0.0) / (self.a @ self.a) * self.a

    def lmo(self, c: np.ndarray) -> np.ndarray:
        """A point of the boundary, if c = −t a with t ≥ 0."""
        t = -(c @ self.a) / (self.a @ self.a)
        if t < 0 or not np.allclose(c, -t * self.a, rtol=1e-12, atol=0):
            raise ValueError("cᵀs has no minimum over a half-space unless c = -t a with t >= 0")
        return self.b / (self.a @ self.a) * self.a


@dataclass(frozen=True)
class SpectralBall(_Set):
    """{W : σ₁(W) ≤ radius}, W a matrix."""

    radius: float = 1.0

    def __post_init__(self) -> None:
        non_negative("radius", self.radius)

    def project(self, V: np.ndarray) -> np.ndarray:
        """Singular values clipped at radius."""
        U, singular, Wt = np.linalg.svd(V, full_matrices=False)
        return (U * np.minimum(singular, self.radius)) @ Wt

    def lmo(self, C: np.ndarray) -> np.ndarray:
        """−radius UVᵀ with C = U diag(σ) Vᵀ."""
        U, _, Vt = np.linalg.svd(C, full_matrices=False)
        return -self.radius * U @ Vt


@dataclass(frozen=True)
class NuclearBall(_Set):
    """{W : ‖W‖_* ≤ radius}, W a matrix, radius > 0: Frank-Wolfe's home, its lmo has rank one."""

    radius: float = 1.0

    def __post_init__(self) -> None:
        Simplex(self.radius)

    def project(self, V: np.ndarray) -> np.ndarray:
        """Singular values projected on the L1 ball."""
        U, singular, Wt = np.linalg.svd(V, full_matrices=False)
        if singular.sum() <= self.radius:
            return V
        return (U * Simplex(self.radius).project(singular)) @ Wt

    def lmo(self, C: np.ndarray) -> np.ndarray:
        """−radius u₁v₁ᵀ, from the first pair of singular vectors of C."""
        U, _, Vt = np.linalg.svd(C, full_matrices=False)
        return -self.radius * np.outer(U[:, 0], Vt[0])
