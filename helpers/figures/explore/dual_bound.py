"""A price on one constraint: the Lagrangian, the supporting line and the bound that it proves."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS


def dual_bound(z: float = 0.6, alt: str = "") -> Explorable:
    """min ½(x − 3)² subject to ½x² ≤ ½ at the price z, in three views; two other problems to choose.

    0 ≤ z ≤ 6, or a ValueError. Source: Boyd & Vandenberghe, Convex Optimization, 5.2 and 5.3.
    """
    if not 0 <= z <= 6:
        raise ValueError(f"z must lie between 0 and 6, not {z!r}")
    bound = 4.5 * z / (1 + z) - z / 2
    poster = Figure(figsize=(8.6, 3.0))
    left, middle, right = poster.subplots(1, 3)
    x, prices = np.linspace(-2, 4.4, 300), np.linspace(0, 6, 300)
    f, u = (x - 3) ** 2 / 2, (x**2 - 1) / 2
    left.axvspan(-1, 1, color=COLOURS["grey"], alpha=0.15)
    left.plot(x, f, "-", color=COLOURS["blue"], label="objective")
    left.plot(x, f + z * u, "--", color=COLOURS["orange"], label="L(x, z)")
    left.plot(3 / (1 + z), bound, "s", color=COLOURS["orange"])
    left.set(ylim=(-0.5, 7), xlabel="x")
    left.legend()
    line = np.array([-1.0, 5.0])
    middle.plot(u, f, "-", color=COLOURS["blue"])
    middle.plot(line, bound - z * line, "--", color=COLOURS["orange"])
    middle.plot(0, 2, "o", color=COLOURS["black"])
    middle.plot(0, bound, "s", color=COLOURS["orange"])
    middle.set(xlim=(-1, 5), ylim=(-0.5, 7), xlabel="constraint u")
    right.plot(prices, 4.5 * prices / (1 + prices) - prices / 2, "-", color=COLOURS["orange"])
    right.axhline(2, color=COLOURS["black"], ls=":", lw=1)
    right.plot(z, bound, "s", color=COLOURS["orange"])
    right.set(ylim=(-0.5, 3), xlabel="price z")
    alt = alt or (
        "Three views of a problem with one constraint and a price that you can move. Left, the "
        "objective and the Lagrangian over x; middle, the values of constraint and objective with "
        "a supporting line of slope minus the price; right, the bound for each price, which "
        "reaches the optimum 2 at the price 2."
    )
    return Explorable("dual_bound", {"z": float(z), "kind": "convex: no gap"}, poster, alt)
