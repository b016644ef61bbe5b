"""Logistic regression on separable data: the minimiser that slides to infinity."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS

LEFT = (-2.3, -1.7, -1.2, -0.9, -0.5)
RIGHT = (0.4, 0.8, 1.1, 1.9, 2.4)


def separable_logistic(extra: float = -0.8, alt: str = "") -> Explorable:
    """Slide λ: two classes on a line that a threshold separates, and the slope of the fit that grows without end.

    `extra` is where the point on the wrong side is put, with which a minimiser exists; it must lie
    between −2.3 and −0.5, among the other class, or a ValueError is raised.
    """
    if not LEFT[0] < extra < LEFT[-1]:
        raise ValueError(f"extra must lie between {LEFT[0]} and {LEFT[-1]}, not {extra}")
    poster = Figure(figsize=(5.2, 3.8))
    ax = poster.add_subplot()
    t = np.linspace(-3, 3, 400)
    for slope, shade in ((1, 0.35), (3, 0.6), (10, 1.0)):
        ax.plot(t, 1 / (1 + np.exp(-slope * (t + 0.05))), "-", color=COLOURS["blue"], alpha=shade)
    ax.plot(LEFT, np.zeros(5), "o", mfc="none", color=COLOURS["pink"])
    ax.plot(RIGHT, np.ones(5), "x", color=COLOURS["orange"])
    ax.set(xlabel="x", ylabel="probability of ×", xlim=(-3, 3))
    alt = alt or (
        "Left: circles on the left half of a line, crosses on the right half, and a fitted probability that rises between "
        "them, steeper the smaller λ is. Right: the loss falls for ever as the slope grows; with a penalty it has a lowest point."
    )
    state = {"x": [*LEFT, *RIGHT], "y": [-1] * 5 + [1] * 5, "extra": [float(extra), 1]}
    state |= {"lam": 1.0, "overlap": False}
    return Explorable(
        "separable_logistic", state, poster, alt, f"explore.separable_logistic(extra={extra})"
    )
