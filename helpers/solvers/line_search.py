"""Line search by the slope: along a line a convex function's slope rises through zero."""

from collections.abc import Callable

ENOUGH = 0.1  # the share of the slope at the start that may be left at Newton's step t = 1
LEFT = 0.03  # and elsewhere
NARROW, FARTHEST, LIMIT = 1e-3, 1e12, 100


def slope_step(slope: Callable[[float], float]) -> float:
    """t > 0 where a rising function that begins below zero is near zero; Newton's t = 1 first.

    A secant between either side's last point; a side that stays has its slope halved, so that the
    other moves.  Source: Dowell & Jarratt (1971), A modified regula falsi method.
    """
    start = slope(0.0)
    if not start < 0:
        return 0.0
    ahead = slope(1.0)
    if abs(ahead) <= -ENOUGH * start:
        return 1.0
    low, below, high, above = 0.0, start, 1.0, ahead
    while above < 0:
        low, below, high = high, above, 2 * high
        above = slope(high)
        if high > FARTHEST:
            return 1.0
    moved, t = 0, high
    for _ in range(LIMIT):
        t = high - above * (high - low) / (above - below) if above > below else high
        value = slope(t)
        if abs(value) <= -LEFT * start or high - low <= NARROW * high:
            break
        if value < 0:
            low, below = t, value
            above = above / 2 if moved < 0 else above
            moved = -1
        else:
            high, above = t, value
            below = below / 2 if moved > 0 else below
            moved = 1
    return t
