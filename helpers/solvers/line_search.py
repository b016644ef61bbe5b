"""Exact line search: along a line a convex function's slope rises through zero."""

from collections.abc import Callable

from scipy.optimize import brentq


def exact_step(slope: Callable[[float], float]) -> float:
    """The zero of a rising function of t > 0 that begins below zero."""
    if not slope(0.0) < 0:
        return 0.0
    if abs(slope(1.0)) <= 1e-12 * abs(slope(0.0)):
        return 1.0
    end = 1.0
    while slope(end) < 0:
        end *= 2
        if end > 1e12:
            return 1.0
    return float(brentq(slope, 0.0, end, xtol=1e-15, rtol=1e-14))
