"""Line search by the slope: along a line a convex function's slope rises through zero."""

from collections.abc import Callable

from scipy.optimize import brentq

ENOUGH = 0.1  # the share of the slope at the start that may be left


def slope_step(slope: Callable[[float], float]) -> float:
    """t > 0 where a rising function that begins below zero is near zero; Newton's t = 1 first."""
    start = slope(0.0)
    if not start < 0:
        return 0.0
    ahead = slope(1.0)
    if abs(ahead) <= -ENOUGH * start:
        return 1.0
    end = 1.0
    while ahead < 0:
        end *= 2
        ahead = slope(end)
        if end > 1e12:
            return 1.0
    return float(brentq(slope, 0.0, end, xtol=1e-12, rtol=1e-3))
