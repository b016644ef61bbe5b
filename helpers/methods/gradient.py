"""Gradient methods for smooth f: descent, with a line search, with momentum, and the subgradient method."""

from collections.abc import Iterator

import numpy as np


def gradient_descent(f, x: np.ndarray, step: float) -> Iterator[np.ndarray]:
    """Yield x₀, x₁, ... with x_next = x − step ∇f(x), to minimise f.

    With step = 1/L and f convex: f(x_k) − f* ≤ L‖x₀ − x*‖² / (2k).  Boyd & Vandenberghe, Algorithm 9.3.
    """
    while True:
        yield x
        x = x - step * f.grad(x)


def backtracking(
    f, x: np.ndarray, d: np.ndarray, alpha: float = 0.25, beta: float = 0.5, step: float = 1.0
) -> float:
    """The first t in step·{1, β, β², ...} with f(x + t d) ≤ f(x) + α t ∇f(x)ᵀd.

    α in (0, ½], β in (0, 1), d a descent direction (ValueError otherwise).  BV, Algorithm 9.2 (Armijo, 1966).
    """
    value, slope, t = f(x), np.vdot(f.grad(x), d), step
    if slope > 0:
        raise ValueError(f"d must point downhill, but the slope along it is {slope:.2e}")
    while t > 0 and not f(x + t * d) <= value + alpha * t * slope:  # t reaches 0 only if f is NaN
        t = beta * t
    return t


def gradient_descent_backtracking(
    f, x: np.ndarray, alpha: float = 0.5, beta: float = 0.5, step: float = 1.0
) -> Iterator[np.ndarray]:
    """Gradient descent that needs no L: each step starts from `step` and is halved until f falls enough.

    f(x_k) − f* ≤ ‖x₀ − x*‖² / (2 t_min k), t_min = min(step, 2(1 − α)β/L), for α = ½.  BV, section 9.3.
    """
    while True:
        yield x
        d = -f.grad(x)
        x = x + backtracking(f, x, d, alpha, beta, step) * d
