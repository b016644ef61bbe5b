"""Newton's quadratic model of a function of one variable."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS, PAPER


def newton_model(start: float = 0.8, alt: str = "") -> Explorable:
    """Drag a point along a curve: the parabola that touches it there, and where Newton's step leads.

    The curves are √(1 + x²), log(eˣ + e⁻ˣ), eˣ − x, x⁴ and ½x²; steps are full or damped by
    backtracking. −3 ≤ start ≤ 3, or a ValueError.
    """
    if not -3 <= start <= 3:
        raise ValueError(f"start must lie between -3 and 3, not {start}")
    t = np.linspace(-3.2, 3.2, 200)
    value, slope = np.hypot(1, start), start / np.hypot(1, start)
    curvature = np.hypot(1, start) ** -3
    model = value + slope * (t - start) + curvature * (t - start) ** 2 / 2
    poster = Figure(figsize=(5.2, 3.8))
    ax = poster.add_subplot()
    ax.plot(t, np.hypot(1, t), "-", color=COLOURS["blue"], lw=2.5, label="f(x) = √(1 + x²)")
    ax.plot(t, model, "--", color=COLOURS["newton"], label="the parabola that touches it at x")
    ax.plot(start, value, "o", ms=10, mfc=PAPER, mec=COLOURS["black"], mew=2.5)
    ax.plot(
        -(start**3), np.hypot(1, start**3), "o", color=COLOURS["newton"], label="Newton's next x"
    )
    ax.set(xlim=(-3.2, 3.2), ylim=(-0.7, 4), xlabel="x")
    ax.legend(loc="upper center")
    alt = alt or (
        "A convex curve with a point that you can drag, the parabola that touches the curve there with "
        "the same slope and curvature, and the next point of Newton's method under its lowest point."
    )
    return Explorable(
        "newton_model", {"start": float(start), "name": "√(1 + x²)", "damped": False}, poster, alt
    )
