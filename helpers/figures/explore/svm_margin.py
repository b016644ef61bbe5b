"""A support vector machine in the plane, with points to drag."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS

POINTS = 24


def svm_margin(seed: int = 4, alt: str = "") -> Explorable:
    """Drag a point: the widest street between two classes, solved anew for each frame, with its support vectors.

    `seed` draws the 24 points; it must be a whole number of at least 0, or a ValueError is raised.
    """
    if not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, not {seed}")
    rng = np.random.default_rng(seed)
    labels = np.where(np.arange(POINTS) % 2 == 0, 1, -1)
    points = 0.75 * rng.standard_normal((POINTS, 2)) + np.outer(labels, [1.2, 0.5])
    points = np.round(np.clip(points, [-3.9, -3.1], [3.9, 3.1]), 3)
    poster = Figure(figsize=(5.2, 4.2))
    ax = poster.add_subplot()
    ax.plot(*points[labels > 0].T, "x", color=COLOURS["orange"])
    ax.plot(*points[labels < 0].T, "o", mfc="none", color=COLOURS["pink"])
    ax.set(xlim=(-4, 4), ylim=(-3.2, 3.2), xticks=[], yticks=[])
    alt = alt or (
        "Crosses on the right and circles on the left of a plane, the line of the support vector machine between them, the "
        "two edges of its street, and rings round the support vectors, thicker for a larger multiplier."
    )
    state = {"points": points.tolist(), "labels": labels.tolist(), "C": 1.0, "chosen": 0}
    return Explorable("svm_margin", state, poster, alt, f"explore.svm_margin(seed={seed})")
