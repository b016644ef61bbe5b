"""A small kernel SVM solved on the judge's side, two multipliers at a time."""

import numpy as np


def smo(K: np.ndarray, y: np.ndarray, C: float, rounds: int = 5000) -> np.ndarray:
    """The a that maximises Σ a − ½(y∘a)ᵀK(y∘a) with 0 ≤ a ≤ C, yᵀa = 0; entries at a bound are exact.

    The two entries that violate the optimality conditions most are moved, as far as is best.
    Source: Keerthi, Shevade, Bhattacharyya & Murthy (2001).
    """
    a = np.zeros(len(y))
    for _ in range(rounds):
        pull = y - K @ (y * a)  # what b would have to be, were the entry free
        up = np.where((y > 0) & (a < C) | (y < 0) & (a > 0), pull, -np.inf)
        down = np.where((y > 0) & (a > 0) | (y < 0) & (a < C), pull, np.inf)
        i, j = int(np.argmax(up)), int(np.argmin(down))
        if up[i] - down[j] < 1e-11:
            return a
        curvature = max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        room_i = C - a[i] if y[i] > 0 else a[i]
        room_j = a[j] if y[j] > 0 else C - a[j]
        step = (pull[i] - pull[j]) / curvature
        if step >= min(room_i, room_j):
            step = min(room_i, room_j)
        a = a.copy()
        a[i] = _onto(a[i] + y[i] * step, C, step == room_i)
        a[j] = _onto(a[j] - y[j] * step, C, step == room_j)
    raise RuntimeError("the pairs did not settle")


def _onto(value: float, C: float, at_bound: bool) -> float:
    return (C if value > C / 2 else 0.0) if at_bound else float(value)


def interval(K: np.ndarray, y: np.ndarray, a: np.ndarray, C: float) -> tuple[float, float]:
    """The intercepts b that are optimal together with the multipliers a: low ≤ b ≤ high."""
    pull = y - K @ (y * a)
    low = np.max(np.where((y > 0) & (a < C) | (y < 0) & (a > 0), pull, -np.inf))
    high = np.min(np.where((y > 0) & (a > 0) | (y < 0) & (a < C), pull, np.inf))
    return float(min(low, high)), float(max(low, high))
