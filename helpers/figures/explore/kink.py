"""Coordinate descent on a function whose kink runs along an axis, or does not."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..level_sets import level_sets
from ..style import COLOURS, PAPER


def kink(
    start: Sequence[float] = (-1.6, -1.3),
    centre: Sequence[float] = (1.2, -0.4),
    c: float = 1.5,
    alt: str = "",
) -> Explorable:
    """Coordinate descent on ½(x − a)² + ½(y − b)² + c·(a kink), (a, b) the centre: drag the start.

    start and centre lie in [−2, 2]², 0 ≤ c ≤ 3, or a ValueError.
    """
    for name, point in (("start", start), ("centre", centre)):
        if np.shape(point) != (2,) or not np.all(np.abs(np.asarray(point, dtype=float)) <= 2):
            raise ValueError(f"{name} must be a point (x, y) between -2 and 2, not {point!r}")
    if not 0 <= c <= 3:
        raise ValueError(f"c must lie between 0 and 3, not {c}")
    at, to = np.array(start, dtype=float), np.array(centre, dtype=float)

    def value(x: np.ndarray) -> float:
        return float(np.sum((x - to) ** 2) / 2 + c * abs(x[0] - x[1]))

    path = [at]
    for i in (0, 1, 0, 1):
        x, other = path[-1].copy(), path[-1][1 - i]
        away = to[i] - other
        x[i] = other + np.sign(away) * max(abs(away) - c, 0)
        path.append(x)
    poster = Figure(figsize=(4.4, 4.2))
    ax = poster.add_subplot()
    level_sets(ax, value, samples=81)
    ax.plot(*np.array(path).T, "o-", color=COLOURS["coordinate_descent"])
    ax.plot(*at, "o", color=COLOURS["black"], mfc=PAPER, ms=9)
    ax.set(aspect="equal", xlabel="x", ylabel="y")
    alt = alt or (
        "Level sets of a function with a kink along the diagonal and the path of coordinate descent "
        "from a start that you can drag: it stops on the kink, away from the minimum, marked by a star."
    )
    state = {"start": at.tolist(), "centre": to.tolist(), "c": float(c)}
    state["kind"] = "coupled kink c|x − y|"
    return Explorable("kink", state, poster, alt)
