"""Huber regression by a semismooth Newton method with exact line search."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from helpers.certificates import robust
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, Start, check_data, check_number, check_start
from helpers.solvers.interior_point import newton_solver, two_slopes, weighted_gram
from helpers.solvers.line_search import slope_step
from helpers.solvers.margin_data import Coordinates, coordinates, first_proved

NEWTON_STEPS = 40  # where rows change sides for longer than this, interior points take over


def huber(
    X: Any,
    y: Any,
    lam: float,
    delta: float = 1.0,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Minimise Σ ρ(yᵢ − xᵢᵀw − b) + ½λ‖w‖², ρ(r) = ½r² for |r| ≤ δ, δ|r| − ½δ² beyond.

    X is n x p (dense or scipy.sparse; λ = 0 makes it dense), y has n entries, λ ≥ 0, δ > 0.
    The generalised Hessian λI + XⱼᵀXⱼ holds the rows J with |rᵢ| < δ alone.  `start`, an answer to a
    similar problem or a pair (w, b), says by its predictions where to begin.

    Raises ValueError for NaN, empty data, shapes that do not match, λ < 0, δ ≤ 0 and more than 8 000 of
    both rows and columns;
    ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Huber (1964); Madsen & Nielsen (1990) for the finite Newton method.
    """
    X, y = check_data(X, y)
    lam, delta = check_number("lam", lam, positive=False), check_number("delta", delta)
    w, b = check_start(start, (X.shape[1],), intercept)
    first = X @ w + b
    space = coordinates(X, lam, intercept)

    def certify(w: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return robust.huber(X, y, lam, delta, w, b if intercept else None, a)

    def answers() -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
        # ρ_δ(δ r) = δ² ρ₁(r): in units of δ
        target = y / delta
        guess = target if start is None else first / delta
        newton = islice(_newton(space, target, guess), NEWTON_STEPS)
        interior = two_slopes(space.M, space.R, y / delta, -1.0, 1.0, curvature=1.0)
        for beta, a in chain(newton, interior):
            yield *space.answer(delta * beta), delta * a

    return first_proved("huber", answers(), certify, tol, limit=150)


def _newton(
    space: Coordinates, y: np.ndarray, first: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (β, slopes) for δ = 1, from the least squares fit of `first` on."""
    M, R = space.M, space.R
    full = gram = weighted_gram(M, np.ones(len(y)))
    before = np.ones(len(y), dtype=bool)
    ridge = R if first is y else np.zeros_like(R)  # a start's predictions are not to be shrunk
    beta = newton_solver(full + np.diag(ridge + 1e-14 * full.diagonal()))(M.T @ first)
    while True:
        r = y - M @ beta
        a = np.clip(r, -1, 1)
        yield beta, a
        inside = np.abs(r) < 1
        for rows, sign in ((inside & ~before, 1), (before & ~inside, -1)):  # few change sides
            part = M[np.flatnonzero(rows)]
            if part.shape[0]:
                gram = gram + sign * weighted_gram(part, np.ones(part.shape[0]))
        before = inside
        # a trace of the full Hessian keeps directions without rows inside from going singular
        H = gram + 1e-9 * full
        H.flat[:: len(H) + 1] += R
        step = newton_solver(H)(M.T @ a - R * beta)
        ahead = M @ step
        t = slope_step(_slope_along(R, beta, step, r, ahead))
        if t == 0 or not np.isfinite(step).all():
            return
        beta = beta + t * step


def _slope_along(
    R: np.ndarray, beta: np.ndarray, step: np.ndarray, r: np.ndarray, ahead: np.ndarray
) -> Callable[[float], float]:
    """t to the objective's slope at β + t step, where the residuals are r − t ahead."""
    return lambda t: step @ (R * (beta + t * step)) - np.clip(r - t * ahead, -1, 1) @ ahead
