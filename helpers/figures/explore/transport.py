"""Transport on a line, with a heap of the target to drag and the entropy ε to slide."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS, MAPS

PLACES = 32
SOURCE = ((0.25, 0.1, 1.0),)  # centre, width and share of each heap
FIXED = ((0.85, 0.06, 0.7),)
WIDTH = 0.06


def heaps(x: np.ndarray, parts: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    """The mass at each place: bells of given centre, width and share, and a little everywhere."""
    raw = np.full(len(x), 0.02)
    for at, width, share in parts:
        raw = raw + share * np.exp(-(((x - at) / width) ** 2) / 2)
    return raw / raw.sum()


def transport(eps: float = 0.03, at: float = 0.5, share: float = 1.0, alt: str = "") -> Explorable:
    """Slide ε, drag a heap: Sinkhorn's plan beside the cheapest, its cost, and a bound from its prices.

    10^−2.5 ≤ eps ≤ 1, 0 ≤ at ≤ 1 and 0 ≤ share ≤ 1.6. Raises ValueError outside these.
    """
    for name, value, low, high in (
        ("eps", eps, 10**-2.5, 1.0),
        ("at", at, 0.0, 1.0),
        ("share", share, 0.0, 1.6),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} must lie between {low:.3g} and {high:g}, not {value}")
    x = np.linspace(0, 1, PLACES)
    a, b = heaps(x, SOURCE), heaps(x, (*FIXED, (at, WIDTH, share)))
    K, v = np.exp(-((x[:, None] - x) ** 2) / eps), np.ones(PLACES)
    for _ in range(500):
        u = a / (K @ v)
        v = b / (K.T @ u)
    poster = Figure(figsize=(6.4, 3.2))
    left, right = poster.subplots(1, 2)
    left.imshow(np.sqrt(u[:, None] * K * v), origin="lower", cmap=MAPS["mass"], extent=(0, 1, 0, 1))
    left.set(xlabel=f"to (ε = {eps:g})", ylabel="from")
    right.bar(x, b, width=1 / PLACES, bottom=1.2 * a.max(), color=COLOURS["pink"])
    right.bar(x, a, width=1 / PLACES, color=COLOURS["blue"])
    right.set(yticks=[], xlabel="below: there is; above: wanted")
    alt = alt or (
        "Left: a transport plan as a square of cells, a band round the staircase of the cheapest plan that widens with ε."
        " Right: one heap below, which has to become the two heaps above; one of these can be dragged."
    )
    state = {
        "n": PLACES,
        "source": [list(part) for part in SOURCE],
        "fixed": [list(part) for part in FIXED],
        "width": WIDTH,
        "eps": float(eps),
        "at": float(at),
        "share": float(share),
    }
    return Explorable("transport", state, poster, alt)
