"""The proximal operator as a pull on a spring."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS, PAPER


def prox(v: float = 1.8, step: float = 1.0, alt: str = "") -> Explorable:
    """A point v to drag: where the pull of the spring and the slope of g balance, and the envelope.

    -3 ≤ v ≤ 3 and 0.05 ≤ step ≤ 3, or a ValueError.
    """
    if not -3 <= v <= 3:
        raise ValueError(f"v must lie between -3 and 3, not {v}")
    if not 0.05 <= step <= 3:
        raise ValueError(f"step must lie between 0.05 and 3, not {step}")
    x, rest = np.linspace(-3, 3, 301), np.sign(v) * max(abs(v) - step, 0)
    huber = np.where(np.abs(x) <= step, x**2 / (2 * step), np.abs(x) - step / 2)
    model = np.abs(x) + (x - v) ** 2 / (2 * step)
    poster = Figure(figsize=(5.4, 3.4))
    ax = poster.add_subplot()
    ax.plot(x, np.abs(x), "-", color=COLOURS["blue"], lw=2.2, label="|x|")
    ax.plot(x, model, ":", color=COLOURS["orange"], label="|x| + (x − v)²/2t")
    ax.plot(x, huber, "--", color=COLOURS["green"], label="envelope")
    ax.plot(rest, abs(rest) + (rest - v) ** 2 / (2 * step), "o", color=COLOURS["orange"])
    ax.plot(v, 0, "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.set(ylim=(-0.3, 3), xlim=(-3, 3)), ax.legend(loc="upper left")
    alt = alt or (
        "A convex function, a point v on the axis that you can drag, and the point to which a spring "
        "pulls it: the minimum of the function plus a parabola round v. Beside it that point against v."
    )
    return Explorable("prox", {"v": float(v), "step": float(step), "name": "|x|"}, poster, alt)
