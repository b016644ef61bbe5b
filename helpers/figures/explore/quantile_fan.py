"""Quantile lines through Engel's households, one of which can be dragged away."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import linprog

from ..explorable import Explorable
from ..style import COLOURS, PAPER

TAUS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def quantile_fan(
    x: Any = None, y: Any = None, tau: float = 0.9, drag: int | None = None, alt: str = ""
) -> Explorable:
    """Lines for seven τ, and least squares, LAD and Huber: slide τ, drag a point to be an outlier.

    x and y have n ≥ 3 entries; by default income and food of Engel's households, in units of 1000 francs. drag is
    the row to be dragged (that with the largest residual by default), 0.05 ≤ τ ≤ 0.95. ValueError for anything else. Each
    quantile line is a corner of its linear program, found by walking from corner to corner.
    Source: Koenker & Bassett (1978).
    """
    given = [] if x is None and y is None else ["x", "y"]
    if drag is not None:
        given.append(f"drag={drag}")
    if x is None and y is None:
        from ... import data

        households = data.engel(standardise=False)
        x, y = households.X[:, 0] / 1000, households.y / 1000
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 3:
        raise ValueError(
            f"x and y must be two lists of the same length, at least 3; they have the shapes {x.shape} and {y.shape}"
        )
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y)) and np.ptp(x) > 0):
        raise ValueError("x and y must be finite, and x must not be constant")
    if not 0.05 <= tau <= 0.95:
        raise ValueError(f"tau must lie between 0.05 and 0.95, not {tau}")
    x, y = np.round(x, 4), np.round(y, 4)
    w, b = np.polyfit(x, y, 1)
    r = y - b - w * x
    row = int(np.argmax(np.abs(r))) if drag is None else drag
    if not (isinstance(row, int) and 0 <= row < len(x)):
        raise ValueError(f"drag must be a row number below {len(x)}, not {drag!r}")
    delta = 1.345 * float(np.median(np.abs(r - np.median(r)))) / 0.6745
    poster = Figure(figsize=(5.4, 4))
    ax = poster.add_subplot()
    ax.plot(x, y, ".", color=COLOURS["grey"], ms=4)
    ends = np.array([x.min(), x.max()])
    for level in TAUS:
        ax.plot(ends, np.polyval(_line(x, y, level), ends), color=COLOURS["blue"], lw=1, ls="-")
    ax.plot(ends, b + w * ends, "--", color=COLOURS["orange"])
    ax.plot(x[row], y[row], "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.set(xlabel="income", ylabel="food")
    alt = alt or (
        "Food against income of 235 households, and quantile lines that spread like a fan. A household "
        "can be dragged, alone or with copies of it: upwards, only the least squares line follows; far to the right, "
        "twenty copies take least absolute deviations and Huber along as well."
    )
    state = {
        "x": x.tolist(),
        "y": y.tolist(),
        "tau": float(tau),
        "copies": 1,
        "fan": True,
        "shown": [True, True, True],
        "at": [float(x[row]), float(y[row])],
        "taus": list(TAUS),
        "drag": row,
        "delta": delta or 1.0,
        "box": [*_range(x, 0.1), *_range(y, 0.3)],
    }
    call = f"explore.quantile_fan({', '.join(given)})"
    return Explorable("quantile_fan", state, poster, alt, call)


def _range(v: np.ndarray, more: float) -> tuple[float, float]:
    """From zero or the smallest value to beyond the largest, with room to drag."""
    low, high = min(0.0, float(v.min())), float(v.max())
    return low, high + more * (high - low)


def _line(x: np.ndarray, y: np.ndarray, tau: float) -> np.ndarray:
    """Slope and intercept of the quantile line, for the picture that is shown without JavaScript."""
    n = len(x)
    costs = np.concatenate([np.zeros(2), np.full(n, tau), np.full(n, 1 - tau)])
    equations = np.hstack([np.column_stack([x, np.ones(n)]), np.eye(n), -np.eye(n)])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    return linprog(costs, A_eq=equations, b_eq=y, bounds=bounds).x[:2]
