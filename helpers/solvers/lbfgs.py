"""L-BFGS around a Cholesky factor of the Hessian, which is renewed when it no longer serves."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

MEMORY = 20
# a factor is renewed when a step leaves more than this of the decrement, or than size / COSTLY of it: the
# smaller the problem, the fewer steps a factor's price is worth
SLOW, COSTLY = 0.2, 300
RENEWED = 6  # steps after which a partial factor is made anew, twice at most,
FAST = 0.2  # if each has left more than this of the decrement
ARMIJO, ROUNDING = 1e-4, 1e-14

Solve = Callable[[np.ndarray], np.ndarray]


def factored_lbfgs(
    problem: Any, x: np.ndarray, limit: int = 150, exact: bool = True
) -> Iterator[tuple[np.ndarray, Any, float]]:
    """Yield (x, state, gᵀH⁻¹g) of min problem, which has `at(x)` and `factor(state, precise)`.

    Near the optimum the Hessian hardly moves: L-BFGS mends an old factor at the cost of one pass
    over the data a step. Single precision makes the first factors; should they not serve, double
    precision makes a factor a step, which is Newton's method. Where `exact` is False the factor is of
    a part of the Hessian alone, made anew if steps are slow once the point has come closer, and never in each step.
    Source: Nocedal & Wright, Numerical Optimization, §7.2 (two loops), §3.1 (backtracking).
    """
    now, solve = problem.at(x), None
    pairs: deque = deque(maxlen=MEMORY)
    slow = min(SLOW, len(x) / COSTLY)
    precise, age, before, renewals, fresh = False, 0, np.inf, 2, np.inf
    for _ in range(limit):
        if solve is None:
            solve = problem.factor(now, precise)
            if solve is None and not precise:
                precise = True
                solve = problem.factor(now, precise)
            if solve is None:
                return
            pairs.clear()
            age = 0
        d = _two_loops(solve, pairs, now.gradient)
        decrement = float(now.gradient @ d)
        fresh = decrement if age == 0 else fresh
        yield x, now, decrement
        if not decrement > 0:
            if not exact or (precise and age == 0):
                return
            precise, solve = True, None
            continue
        for t in 0.5 ** np.arange(40):
            ahead = problem.at(x - t * d)
            goal = now.value - ARMIJO * t * decrement + ROUNDING * abs(now.value)
            if ahead.value <= goal:
                break
        else:
            if not exact or (precise and age == 0):
                return
            precise, solve = True, None
            continue
        step, change = -t * d, ahead.gradient - now.gradient
        if step @ change > 0:
            pairs.append((step, change, 1 / float(step @ change)))
        x, now, age = x - t * d, ahead, age + 1
        if not exact:
            if renewals and age >= RENEWED and decrement > FAST ** (age - 1) * fresh:
                solve, renewals = None, renewals - 1
            continue
        left = float(now.gradient @ solve(now.gradient))
        if precise:
            solve = None
        elif age >= 2 and left > slow * before:
            precise, solve = age >= 8, None
        before = left


def _two_loops(solve: Solve, pairs: deque, g: np.ndarray) -> np.ndarray:
    q, shares = g, []
    for s, y, rho in reversed(pairs):
        shares.append(rho * float(s @ q))
        q = q - shares[-1] * y
    q = solve(q)
    for (s, y, rho), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - rho * float(y @ q)) * s
    return q
