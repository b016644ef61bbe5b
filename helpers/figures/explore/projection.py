"""A point, its projection onto a convex set and the hyperplane between them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS


def projection(start: Sequence[float] = (1.6, 1.2), alt: str = "") -> Explorable:
    """A point to drag round a convex set, its projection, and the hyperplane that separates."""
    x = np.array(start, dtype=float)
    p = np.clip(x, [-1, -0.7], [1, 0.7])
    poster = Figure(figsize=(4.4, 3.6))
    ax = poster.add_subplot()
    ax.fill([-1, 1, 1, -1], [-0.7, -0.7, 0.7, 0.7], color=COLOURS["sky"], alpha=0.4)
    ax.plot(*np.array([x, p]).T, "-", color=COLOURS["black"])
    ax.plot(*x, "o", color=COLOURS["orange"])
    ax.plot(*p, "o", color=COLOURS["blue"])
    ax.set(xlim=(-2.4, 2.4), ylim=(-2, 2), aspect="equal", xticks=[], yticks=[])
    alt = alt or (
        "A convex set and a point that you can drag; its nearest point in the set and the "
        "hyperplane between them follow."
    )
    return Explorable("projection", {"start": x.tolist(), "set": "box"}, poster, alt)
