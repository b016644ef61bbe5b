"""Chord and tangent on a function that one chooses."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS, PAPER

CURVES: dict[str, Callable] = {
    "x²/2": lambda x: x**2 / 2,
    "|x|": np.abs,
    "eˣ/5": lambda x: np.exp(x) / 5,
    "x⁴/20": lambda x: x**4 / 20,
    "log(1 + eˣ)": lambda x: np.logaddexp(0, x),
    "log(1 + x²)": lambda x: np.log(1 + x**2),
    "(x² − 2)²/12": lambda x: (x**2 - 2) ** 2 / 12,
    "4σ(−x)²": lambda x: 4 / (1 + np.exp(x)) ** 2,
    "nearly x²/3": lambda x: x**2 / 3 - 0.06 * np.exp(-64 * (x - 1.4) ** 2),
}


def chord(
    name: str = "x²/2", x: float = -1.6, y: float = 2.2, theta: float = 0.4, alt: str = ""
) -> Explorable:
    """Two points on a graph, the chord between them with the weight theta of x, the tangent at x.

    name is one of `CURVES`, x and y lie in [−3, 3], theta in [0, 1], or a ValueError.
    """
    if name not in CURVES:
        raise ValueError(f"name must be one of {', '.join(CURVES)}, not {name!r}")
    for what, value, low, high in (("x", x, -3, 3), ("y", y, -3, 3), ("theta", theta, 0, 1)):
        if not low <= value <= high:
            raise ValueError(f"{what} must lie between {low} and {high}, not {value}")
    f, t, h = CURVES[name], np.linspace(-3, 3, 301), 1e-5
    slope, middle = (f(x + h) - f(x - h)) / (2 * h), theta * x + (1 - theta) * y
    poster = Figure(figsize=(5.4, 3.4))
    ax = poster.add_subplot()
    ax.plot(t, f(t), "-", color=COLOURS["blue"], lw=2.2, label=f"f = {name}")
    ax.plot([x, y], [f(x), f(y)], "--", color=COLOURS["orange"], label="chord")
    ax.plot(t, f(x) + slope * (t - x), ":", color=COLOURS["green"], label="tangent at x")
    ax.plot(
        [middle] * 2,
        [f(middle), theta * f(x) + (1 - theta) * f(y)],
        "-",
        color=COLOURS["black"],
        lw=2.5,
    )
    ax.plot(x, f(x), "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.plot(y, f(y), "o", color=COLOURS["orange"])
    ax.set(ylim=(-0.9, 4.3), xlim=(-3, 3)), ax.legend(loc="upper center")
    alt = alt or (
        "The graph of a function that you choose, with a point x to drag, the chord to a second point y, "
        "the gap between chord and graph at a weight, and the tangent at x. Beside it the gap at every weight."
    )
    state = {"name": name, "x": float(x), "y": float(y), "theta": float(theta)}
    state |= {"tangent": True, "searched": False}
    return Explorable("chord", state, poster, alt)
