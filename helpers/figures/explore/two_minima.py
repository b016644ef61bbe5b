"""The landscape of a network with two parameters."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ... import data
from ..explorable import Explorable
from ..level_sets import level_sets
from ..style import COLOURS, PAPER

BOX = (-3.5, 3.5, -2.0, 2.0)


def two_minima(
    start: Sequence[float] = (-0.6, 1.6), step: float = 0.5, alt: str = ""
) -> Explorable:
    """Gradient descent on (1/2n) Σ (v tanh(w xᵢ) − yᵢ)² over (w, v): drag the start across the watershed.

    x is a measurement of the cells of 569 tumours ("worst concave points", standardised), y is +1 for a malignant one, −1 for a benign
    one. start lies in [−3.5, 3.5] x [−2, 2], 0.05 ≤ step ≤ 2, or a ValueError.
    """
    at = np.asarray(start, dtype=float)
    if at.shape != (2,) or not (abs(at[0]) <= BOX[1] and abs(at[1]) <= BOX[3]):
        raise ValueError(f"start must be a point (w, v) in the box {BOX}, not {start!r}")
    if not 0.05 <= step <= 2:
        raise ValueError(f"step must lie between 0.05 and 2, not {step}")
    tumours = data.breast_cancer()
    x = np.round(tumours.X[:, tumours.feature_names.index("worst concave points")], 3)
    y = -tumours.y

    def loss(at: np.ndarray) -> float:
        return float(np.mean((at[1] * np.tanh(at[0] * x) - y) ** 2) / 2)

    def walk(z: np.ndarray, step: float, steps: int) -> list[np.ndarray]:
        path = [z]
        for _ in range(steps):
            w, v = path[-1]
            a = np.tanh(w * x)
            r = v * a - y
            path.append(
                path[-1] - step * np.array([np.mean(r * v * (1 - a**2) * x), np.mean(r * a)])
            )
        return path

    minimum = walk(np.array([1.9, 1.0]), 2.0, 1500)[-1]
    path = np.array(walk(at, step, 120))
    poster = Figure(figsize=(5.2, 4.2))
    ax = poster.add_subplot()
    level_sets(ax, loss, BOX, levels=20, samples=61)
    ax.plot(*path.T, "o-", color=COLOURS["blue"], ms=3)
    ax.plot(*at, "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.plot(*np.array([minimum, -minimum]).T, "*", color=COLOURS["black"], ms=11, ls="none")
    ax.set(xlabel="w", ylabel="v")
    alt = alt or (
        "Level sets of the loss of the network v·tanh(wx) over its two parameters: two equal valleys, mirror images of each other in the origin, where the "
        "saddle lies, and a run of gradient descent from a start that you can drag into either of them."
    )
    state = {
        "x": x.tolist(),
        "y": y.astype(int).tolist(),
        "box": list(BOX),
        "start": at.tolist(),
        "step": float(step),
        "minimum": minimum.tolist(),
    }
    return Explorable("two_minima", state, poster, alt)
