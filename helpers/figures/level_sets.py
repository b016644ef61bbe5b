"""The level sets of a function of two variables, as every figure of the course draws them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .style import INK, MAPS, TINT


def level_sets(
    ax: Axes,
    f: Callable,
    box: Sequence[float] = (-2, 2, -2, 2),
    levels: int | Sequence[float] = 14,
    samples: int = 121,
    filled: bool = True,
) -> Any:
    """Draw {x : f(x) = c} on `ax` for several c, over box = (x0, x1, y0, y1).

    f takes one point of shape (2,); where it is infinite or NaN, outside its domain, nothing is
    drawn. A number of levels gives values whose square roots are evenly spaced, so that the rings
    of a bowl lie evenly. Returns matplotlib's set of contours. ValueError for a box without area
    and for an f that is finite nowhere on it.
    """
    x0, x1, y0, y1 = checked_box(box)
    xs, ys = np.linspace(x0, x1, samples), np.linspace(y0, y1, samples)
    values = np.array([[float(f(np.array([x, y]))) for x in xs] for y in ys])
    inside = np.ma.masked_invalid(values)
    if inside.count() == 0:
        raise ValueError(f"f is finite nowhere on the box {tuple(box)}")
    low, high = float(inside.min()), float(inside.max())
    if isinstance(levels, int):
        wanted = low + (high - low) * np.linspace(0, 1, levels + 1) ** 2
    else:
        wanted = np.unique(np.asarray(levels, dtype=float))
    wanted = wanted if high > low else np.array([low, low + 1])  # a constant has no rings
    if filled:
        ax.contourf(xs, ys, inside, levels=wanted, cmap=MAPS["height"], alpha=TINT, extend="both")
    drawn = ax.contour(xs, ys, inside, levels=wanted, colors=INK, linewidths=0.6, alpha=0.55)
    ax.set(xlim=(x0, x1), ylim=(y0, y1))
    return drawn


def checked_box(box: Sequence[float]) -> tuple[float, float, float, float]:
    """`box` as four finite numbers x0 < x1, y0 < y1, or a `ValueError`."""
    values = np.asarray(box, dtype=float).ravel()
    if values.shape != (4,) or not np.isfinite(values).all():
        raise ValueError(f"box must be four numbers (x0, x1, y0, y1), not {box!r}")
    x0, x1, y0, y1 = map(float, values)
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"box must have x0 < x1 and y0 < y1, not {box!r}")
    return x0, x1, y0, y1
