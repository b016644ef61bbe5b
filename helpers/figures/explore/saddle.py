"""A saddle between two wells, with noise to slide."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..level_sets import level_sets
from ..style import COLOURS, PAPER

BOX = (-2.0, 2.0, -1.6, 1.6)
NOISE = (-13.0, -1.0)


def saddle(
    start: Sequence[float] = (1.7, 0.0), step: float = 0.1, noise: float = NOISE[0], alt: str = ""
) -> Explorable:
    """Gradient descent on f(x, y) = ½x² − ½y² + ¼y⁴ with normal noise of the size 10^noise in each step.

    At noise = −13, the least, there is none. start lies in [−2, 2] x [−1.6, 1.6], 0.02 ≤ step ≤ 0.5, or a ValueError.
    """
    at = np.asarray(start, dtype=float)
    if at.shape != (2,) or not (abs(at[0]) <= BOX[1] and abs(at[1]) <= BOX[3]):
        raise ValueError(f"start must be a point (x, y) in the box {BOX}, not {start!r}")
    if not 0.02 <= step <= 0.5:
        raise ValueError(f"step must lie between 0.02 and 0.5, not {step}")
    if not NOISE[0] <= noise <= NOISE[1]:
        raise ValueError(f"noise must lie between {NOISE[0]:g} and {NOISE[1]:g}, not {noise}")
    path = [at]
    for _ in range(60):
        x, y = path[-1]
        path.append(np.array([x - step * x, y - step * (y**3 - y)]))
    poster = Figure(figsize=(5.2, 4.2))
    ax = poster.add_subplot()
    level_sets(ax, lambda z: z[0] ** 2 / 2 - z[1] ** 2 / 2 + z[1] ** 4 / 4, BOX, samples=81)
    ax.plot(*np.array(path).T, "o-", color=COLOURS["blue"], ms=3)
    ax.plot(*at, "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.set(xlabel="x", ylabel="y", aspect="equal")
    alt = alt or (
        "Level sets of a saddle between two minima with a run of gradient descent from a start that you can drag, and beside them the loss and "
        "the distance from the axis that leads into the saddle, which grows on a straight line until the run leaves."
    )
    state = {"start": at.tolist(), "step": float(step), "noise": float(noise), "seed": 1}
    return Explorable("saddle", state, poster, alt)
