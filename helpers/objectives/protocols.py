"""What a method may ask of a function: each algorithm's signature says which of these it needs."""

from typing import Any, Protocol

import numpy as np

Array = np.ndarray


class Function(Protocol):
    """f(x) and one subgradient: f(z) ≥ f(x) + gᵀ(z − x) for every z."""

    def __call__(self, x: Array) -> float: ...
    def subgrad(self, x: Array) -> Array: ...


class Differentiable(Protocol):
    """f with a gradient."""

    def __call__(self, x: Array) -> float: ...
    def grad(self, x: Array) -> Array: ...


class Smooth(Differentiable, Protocol):
    """f with a gradient, and ∇²f ⪯ L I."""

    @property
    def L(self) -> float: ...


class TwiceDifferentiable(Differentiable, Protocol):
    """f with a gradient and a Hessian."""

    def hess(self, x: Array) -> Array: ...


class FiniteSum(Protocol):
    """f = f₁ + ... + fₙ, with the gradients of single terms."""

    @property
    def n(self) -> int: ...
    @property
    def L_max(self) -> float: ...
    def __call__(self, x: Array) -> float: ...
    def grad(self, x: Array) -> Array: ...
    def grad_terms(self, x: Array, rows: Any) -> Array: ...


class Proximable(Protocol):
    """g with prox(v, step) = argmin over x of g(x) + ‖x − v‖² / (2 step)."""

    def __call__(self, x: Array) -> float: ...
    def prox(self, v: Array, step: float) -> Array: ...


class ConvexSet(Proximable, Protocol):
    """C with its projection, and lmo(c) = argmin over s in C of cᵀs."""

    def contains(self, x: Array, tol: float = 1e-9) -> bool: ...
    def project(self, v: Array) -> Array: ...
    def lmo(self, c: Array) -> Array: ...
