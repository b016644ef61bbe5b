"""A ball that rolls on a convex and on a non-convex curve."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS


def ball(alt: str = "") -> Explorable:
    """A ball to let go on a convex and on a non-convex curve: it rolls by gradient descent."""
    x = np.linspace(-2.2, 2.2, 201)
    poster = Figure(figsize=(7, 2.6))
    for ax, values, title in zip(
        poster.subplots(1, 2),
        (x**2 / 2, x**4 / 4 - x**2 + 0.3 * x),
        ("convex", "non-convex"),
        strict=True,
    ):
        ax.plot(x, values, color=COLOURS["gradient_descent"])
        ax.plot(x[177], values[177], "o", ms=11, color=COLOURS["momentum"])
        ax.fill_between(x, values, values.min() - 0.5, color=COLOURS["sky"], alpha=0.2)
        ax.set(title=title, xticks=[], yticks=[])
    alt = alt or (
        "A convex curve with one valley and a curve with two valleys. A ball that you can drag on each "
        "rolls down: on the first always to the lowest point, on the second to the valley it is in."
    )
    return Explorable("ball", {"x": [1.7, 1.7], "steps": [0, 0]}, poster, alt)
