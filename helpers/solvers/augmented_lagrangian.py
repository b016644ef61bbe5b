"""The augmented Lagrangian of a support vector machine's rows, with semismooth Newton steps.

The multipliers a move to clip(a + σ(1 − margins), 0, C) at the minimum of a smooth inner problem.
Source: Yan & Li (2020); Niu et al. (2019) for the semismooth Newton method.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from helpers.solvers.line_search import slope_step
from helpers.solvers.margin_machines import Features, Machine

OUTER, INNER, GROWTH = 12, 30, 5.0
ACCURACY = 0.3  # of the inner problems: the power rises with each update
REFINEMENTS, STIFF = 5, 1e5
NEAR = 1e-4  # a slack of an earlier answer that is none
FEW = 3  # objections to a guess, for each refinement of its answer, that call for another guess


@dataclass(frozen=True)
class Point:
    """Where the search is: the machine's x, multipliers a, slacks 1 − yᵢf(xᵢ), and the penalty σ.

    `settled` where the sets {a = 0}, {0 < a < C}, {a = C} have been found to agree with the slacks.
    """

    x: np.ndarray
    a: np.ndarray
    slack: np.ndarray
    sigma: float
    settled: bool = False


def cold(machine: Machine, C: float) -> Point:
    """Every row begins strictly between 0 and C."""
    n = machine.rows
    return Point(machine.start, np.full(n, C / 2), np.ones(n), C / 4)


def augmented_lagrangian(
    machine: Machine, C: float, now: Point | None = None, updates: int = OUTER
) -> Iterator[Point]:
    """Yield a point after every update of the multipliers, and where guessed sets are settled."""
    now = cold(machine, C) if now is None else now
    x, a, slack, sigma = now.x, now.a, now.slack, now.sigma
    for outer in range(updates):
        for _ in range(INNER):
            t = a + sigma * slack
            c = np.minimum(np.maximum(t, 0.0), C)
            g = machine.gradient(x, c)
            if machine.size(g, x, C) <= max(1e-12, ACCURACY ** (outer + 1)):
                break
            d = machine.newton((t > 0) & (t < C), sigma)(g)
            if not np.isfinite(d).all():
                return
            change = machine.margins(d)
            along, square = machine.inner(x, d, change), machine.inner(d, d, change)
            step = slope_step(_slope_along(along, square, change, a, slack, sigma, C))
            if step == 0:
                break
            x, slack = x + step * d, slack - step * change
        a = np.clip(a + sigma * slack, 0.0, C)
        yield Point(x, a, slack, sigma)
        yield from settled(machine, C, x, a, slack, sigma)
        sigma *= GROWTH


def warm(machine: Machine, C: float, x: np.ndarray, slack: np.ndarray) -> Iterator[Point]:
    """From x on, with the sets that an earlier answer's slacks tell; dense machines settle them."""
    a = np.where(np.abs(slack) <= NEAR, C / 2, np.where(slack > 0, C, 0.0))
    now = Point(x, a, 1 - machine.margins(x), C)
    if machine.exact:
        yield from settled(machine, C, x, a, now.slack, now.sigma)
    else:
        yield from augmented_lagrangian(machine, C, now)


def _slope_along(
    along: float,
    square: float,
    change: np.ndarray,
    a: np.ndarray,
    slack: np.ndarray,
    sigma: float,
    C: float,
) -> Callable[[float], float]:
    """s to the inner objective's slope where the step s has been taken."""
    t, rate = a + sigma * slack, sigma * change

    def slope(s: float) -> float:
        return along + s * square - float(change @ np.minimum(np.maximum(t - s * rate, 0.0), C))

    return slope


def settled(
    machine: Machine, C: float, x: np.ndarray, a: np.ndarray, slack: np.ndarray, sigma: float
) -> Iterator[Point]:
    """Take the sets as known: margins of 1 on J = {0 < a < C}; move rows that object; try again."""
    if isinstance(machine, Features) and not machine.exact:
        return  # conjugate gradients do not like the stiff systems
    J = (a > 0) & (a < C)
    stiff, fewest = max(sigma, C) * STIFF, machine.rows
    while True:
        solve = machine.newton(J, stiff)
        for sweep in range(REFINEMENTS):
            c = np.where(J, a + stiff * slack, a)
            d = solve(machine.gradient(x, c))
            x, slack = x + d, slack - machine.margins(d)
            a = np.where(J, a + stiff * slack, a)
            if not np.isfinite(x).all():
                return
            leave = J & ((a < 0) | (a > C))
            enter = ~J & np.where(a > 0, slack < -1e-10, slack > 1e-10)
            objections = int(np.count_nonzero(leave) + np.count_nonzero(enter))
            exact = not np.abs(slack[J]).max(initial=0.0) > 1e-13
            if exact or objections > FEW * sweep:  # sets that are wrong need no exact answer
                break
        if objections >= fewest:  # the sets are not known yet
            return
        a, J, fewest = np.clip(a, 0.0, C), (J & ~leave) | enter, objections
        if objections == 0:
            yield Point(x, a, slack, sigma, settled=True)
            return
