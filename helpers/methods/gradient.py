"""Gradient methods: descent, with a line search, with momentum, and the subgradient method."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from helpers.objectives.protocols import Differentiable, Function, Smooth

from .schedule import Step, step_at


def gradient_descent(f: Differentiable, x: np.ndarray, step: float) -> Iterator[np.ndarray]:
    """Yield x₀, x₁, ... with x_next = x − step ∇f(x), to minimise f.

    With step = 1/L and f convex: f(x_k) − f* ≤ L‖x₀ − x*‖² / (2k).  Boyd & Vandenberghe (BV),
    Algorithm 9.3; the rate is Nesterov (2018), section 2.1.5.
    """
    while True:
        yield x
        x = x - step * f.grad(x)


def backtracking(
    f: Differentiable,
    x: np.ndarray,
    d: np.ndarray,
    alpha: float = 0.25,
    beta: float = 0.5,
    step: float = 1.0,
) -> float:
    """The first t in step·{1, β, β², ...} with f(x + t d) ≤ f(x) + α t ∇f(x)ᵀd.

    α in (0, ½], β in (0, 1); ValueError if d points uphill.  BV, Algorithm 9.2 (Armijo, 1966).
    """
    value, slope, t = f(x), np.vdot(f.grad(x), d), step
    if slope > 0:
        raise ValueError(f"d must point downhill, but the slope along it is {slope:.2e}")
    while t > 0 and not f(x + t * d) <= value + alpha * t * slope:  # t ends at 0 if f is NaN
        t = beta * t
    return t


def gradient_descent_backtracking(
    f: Differentiable, x: np.ndarray, alpha: float = 0.5, beta: float = 0.5, step: float = 1.0
) -> Iterator[np.ndarray]:
    """Gradient descent that needs no L: a step starts from `step` and shrinks until f falls enough.

    f convex, α = ½: f(x_k) − f* ≤ ‖x₀ − x*‖² / (2 t_min k), t_min = min(step, β/L).
    BV, section 9.3.
    """
    while True:
        yield x
        d = -f.grad(x)
        x = x + backtracking(f, x, d, alpha, beta, step) * d


def heavy_ball(
    f: Differentiable, x: np.ndarray, step: float, momentum: float
) -> Iterator[np.ndarray]:
    """x_next = x − step ∇f(x) + momentum (x − x_previous).  Polyak (1964).

    On a quadratic with κ = L/mu the best choice is step = 4/(√L + √mu)² and
    momentum = ((√κ − 1)/(√κ + 1))²: the error shrinks like ((√κ − 1)/(√κ + 1))^k.
    """
    x_previous = x
    while True:
        yield x
        x_next = x - step * f.grad(x) + momentum * (x - x_previous)
        x_previous, x = x, x_next


def nesterov(
    f: Smooth, x: np.ndarray, mu: float = 0.0, step: float | None = None
) -> Iterator[np.ndarray]:
    """A gradient step from the extrapolated point y = x + momentum (x − x_previous); step = 1/L.

    mu = 0: f(x_k) − f* ≤ 2L‖x₀ − x*‖² / (k + 1)², the best order there is.  Nesterov (1983).
    mu > 0: constant momentum (√κ − 1)/(√κ + 1), and
    f(x_k) − f* ≤ (1 − 1/√κ)^k (f(x₀) − f* + ½mu‖x₀ − x*‖²).  Nesterov (2018), section 2.2.
    """
    step = 1 / f.L if step is None else step
    y, t, q = x, 1.0, sqrt(mu * step)
    while True:
        yield x
        x_next = y - step * f.grad(y)
        t_next = (1 + sqrt(1 + 4 * t**2)) / 2
        momentum = (1 - q) / (1 + q) if mu > 0 else (t - 1) / t_next
        y = x_next + momentum * (x_next - x)
        x, t = x_next, t_next


def subgradient_method(f: Function, x: np.ndarray, step: Step) -> Iterator[np.ndarray]:
    """x_next = x − t_k g, g a subgradient of f at x, t_k = step or step(k).  Shor (1962).

    f(x_k) may rise. With ‖g‖ ≤ G, the best of x₀, ..., x_{k−1} has
    f − f* ≤ (‖x₀ − x*‖² + G² Σ tᵢ²) / (2 Σ tᵢ), sums over i < k.
    """
    k = 0
    while True:
        yield x
        x = x - step_at(step, k) * f.subgrad(x)
        k = k + 1
