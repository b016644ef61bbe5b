"""Newton's method whose systems go to preconditioned conjugate gradients, no closer than needed."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

ARMIJO, ROUNDING = 1e-4, 1e-14
LOOSE, INNER = 0.1, 2000

Map = Callable[[np.ndarray], np.ndarray]


def newton_cg(
    problem: Any, x: np.ndarray, tol: float, limit: int = 100
) -> Iterator[tuple[np.ndarray, Any, float]]:
    """Yield (x, state, gᵀM⁻¹g) of min problem: `at`, `product`, `preconditioner` and `gap`.

    The accuracy of a step rises as the gap falls, so that convergence is superlinear, but never
    above what `tol` asks for.  Source: Nocedal & Wright, Numerical Optimization, §7.1.
    """
    now = problem.at(x)
    for _ in range(limit):
        M = problem.preconditioner(now)
        square = float(now.gradient @ M(now.gradient))
        yield x, now, square
        gap = max(problem.gap(now, square), 1e-300) / max(1.0, abs(now.value))
        accuracy = max(min(LOOSE, gap**0.5), min(LOOSE, 0.3 * (tol / gap) ** 0.5))
        d = conjugate_gradients(problem.product(now), M, -now.gradient, accuracy, INNER)
        slope = float(now.gradient @ d)
        if not slope < 0:
            return
        for t in 0.5 ** np.arange(40):
            ahead = problem.at(x + t * d)
            if ahead.value <= now.value + ARMIJO * t * slope + ROUNDING * abs(now.value):
                break
        else:
            return
        x, now = x + t * d, ahead


def conjugate_gradients(H: Map, M: Map, b: np.ndarray, accuracy: float, limit: int) -> np.ndarray:
    """x near H⁻¹b: the residual's M⁻¹-norm falls to `accuracy` of b's.  Golub & Van Loan §11.5.2."""
    x, r = np.zeros_like(b), b
    z = M(r)
    v, rz = z, float(r @ z)
    goal = accuracy**2 * rz
    for _ in range(limit):
        Hv = H(v)
        curvature = float(v @ Hv)
        if not curvature > 0:
            break
        x = x + (rz / curvature) * v
        r = r - (rz / curvature) * Hv
        z = M(r)
        rz, before = float(r @ z), rz
        if rz <= goal:
            break
        v = z + (rz / before) * v
    return x
