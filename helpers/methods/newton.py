"""Curvature: Newton, quasi-Newton, and conjugate gradients."""

from collections import deque
from collections.abc import Iterator
from math import inf, sqrt

import numpy as np

from helpers.objectives.protocols import Differentiable, TwiceDifferentiable

from .gradient import backtracking


def newton_step(f: TwiceDifferentiable, x: np.ndarray) -> np.ndarray:
    """d with ∇²f(x) d = −∇f(x), in x's shape; LinAlgError where the Hessian is singular."""
    return np.linalg.solve(f.hess(x), -f.grad(x).ravel()).reshape(x.shape)


def newton_decrement(f: TwiceDifferentiable, x: np.ndarray) -> float:
    """(∇fᵀ (∇²f)⁻¹ ∇f)^½: half its square estimates f(x) − f*, whatever the units.  BV, 9.5.1."""
    return sqrt(max(0.0, -np.vdot(f.grad(x), newton_step(f, x))))


def newton(
    f: TwiceDifferentiable,
    x: np.ndarray,
    alpha: float = 0.25,
    beta: float = 0.5,
    damped: bool = True,
) -> Iterator[np.ndarray]:
    """x_next = x − t (∇²f(x))⁻¹ ∇f(x), t by backtracking (damped) or always 1.  BV, Algorithm 9.5.

    Near x* the error is squared at each step. Far from it the undamped method may diverge.
    """
    while True:
        yield x
        d = newton_step(f, x)
        x = x + (backtracking(f, x, d, alpha, beta) if damped else 1.0) * d


def wolfe(
    f: Differentiable, x: np.ndarray, d: np.ndarray, alpha: float = 1e-4, beta: float = 0.9
) -> float:
    """t with f(x + td) ≤ f(x) + αt ∇f(x)ᵀd and ∇f(x + td)ᵀd ≥ β ∇f(x)ᵀd, by bisection.

    The second inequality makes steps long enough for (x_next − x)ᵀ(∇f(x_next) − ∇f(x)) > 0, which
    quasi-Newton updates need. Rounding can hide such a t near x*: then the best t known to
    decrease f, or 0.  Lewis & Overton (2013).
    """
    value, slope = f(x), f.grad(x) @ d
    low, high, t = 0.0, inf, 1.0
    for _ in range(60):
        if not f(x + t * d) <= value + alpha * t * slope:
            high = t
        elif f.grad(x + t * d) @ d < beta * slope:
            low = t
        else:
            return t
        t = (low + high) / 2 if high < inf else 2 * low
    return low


def bfgs_update(H: np.ndarray, s: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The inverse Hessian nearest to H with H_next v = s, for s = x_next − x, v = change of ∇f.

    H_next = (I − svᵀ/sᵀv) H (I − vsᵀ/sᵀv) + ssᵀ/sᵀv, positive definite if H is and sᵀv > 0.
    Nocedal & Wright (NW), equation 6.17.
    """
    V = np.eye(len(s)) - np.outer(s, v) / (s @ v)
    return V @ H @ V.T + np.outer(s, s) / (s @ v)


def bfgs(f: Differentiable, x: np.ndarray) -> Iterator[np.ndarray]:
    """x_next = x − t H ∇f(x), H an estimate of the inverse Hessian.  NW, Algorithm 6.1.

    Superlinear near a minimiser with ∇²f ≻ 0; with exact steps on a quadratic, done in p steps.
    """
    H, g, first = np.eye(len(x)), f.grad(x), True
    while True:
        yield x
        d = -H @ g
        x_next = x + wolfe(f, x, d) * d
        s, v = x_next - x, f.grad(x_next) - g
        if s @ v > 0:  # always, unless rounding stopped the line search
            H = bfgs_update(s @ v / (v @ v) * H if first else H, s, v)
            first = False
        x, g = x_next, g + v


def lbfgs(f: Differentiable, x: np.ndarray, memory: int = 10) -> Iterator[np.ndarray]:
    """BFGS that keeps the last `memory` pairs (s, v), not a p x p matrix: O(memory p) a step.

    The direction comes from two loops over the pairs.  NW, Algorithms 7.4 and 7.5 (Nocedal, 1980).
    """
    pairs: deque[tuple[np.ndarray, np.ndarray]] = deque(maxlen=memory)
    while True:
        yield x
        g = f.grad(x)
        d, weights = -g, []
        for s, v in reversed(pairs):
            weights.append(s @ d / (s @ v))
            d = d - weights[-1] * v
        if pairs:
            s, v = pairs[-1]
            d = s @ v / (v @ v) * d
        for (s, v), weight in zip(pairs, reversed(weights), strict=True):
            d = d + (weight - v @ d / (s @ v)) * s
        x_next = x + wolfe(f, x, d) * d
        s, v = x_next - x, f.grad(x_next) - g
        if s @ v > 0:
            pairs.append((s, v))
        x = x_next


def conjugate_gradient(A: np.ndarray, b: np.ndarray, x: np.ndarray) -> Iterator[np.ndarray]:
    """Solve Ax = b, A ≻ 0: minimise ½xᵀAx − bᵀx over a growing Krylov space.  Ends when b − Ax = 0.

    Exact arithmetic needs at most as many steps as A has distinct eigenvalues, and
    ‖x_k − x*‖_A ≤ 2 ((√κ − 1)/(√κ + 1))^k ‖x₀ − x*‖_A.
    Hestenes & Stiefel (1952); NW, Algorithm 5.2.
    """
    r = b - A @ x
    d, squared = r, r @ r
    yield x
    while squared > 0:
        Ad = A @ d
        step = squared / (d @ Ad)
        x = x + step * d
        yield x
        r = r - step * Ad
        squared, squared_before = r @ r, squared
        d = r + squared / squared_before * d
