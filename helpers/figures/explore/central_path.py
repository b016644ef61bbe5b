"""The central path of a linear program on a polygon."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import linprog
from scipy.spatial import HalfspaceIntersection

from ..explorable import Explorable
from ..style import COLOURS

ANGLES = np.array([0.1, 1.0, 1.9, 2.8, 3.7, 4.5, 5.4])
NORMALS = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
OFFSETS = np.array([1.0, 1.1, 0.9, 1.2, 1.0, 0.9, 1.1])


def central_path(
    c: Sequence[float] = (1.0, 0.4),
    t: float = 1.0,
    G: np.ndarray | None = None,
    h: np.ndarray | None = None,
    alt: str = "",
) -> Explorable:
    """minimise cᵀx over the polygon {x : Gx ≤ h}: turn c, slide t, see x(t) and its multipliers.

    x(t) minimises t cᵀx − Σ log(hᵢ − gᵢᵀx); its multipliers are 1/(t s), and the gap is m/t.
    G is m x 2, by default with seven rows. The polygon must be bounded, have an inside, and each of
    its m rows an edge; else ValueError. So must c be two numbers, not 0, and t in [0.01, 1000].
    """
    cost = np.asarray(c, dtype=float)
    if cost.shape != (2,) or not np.isfinite(cost).all() or not cost.any():
        raise ValueError(f"c must be two finite numbers, not both 0: {c!r}")
    if not 0.01 <= t <= 1000:
        raise ValueError(f"t must be between 0.01 and 1000, not {t!r}")
    call = "explore.central_path(" + ("" if G is None and h is None else "G=G, h=h") + ")"
    G = NORMALS if G is None else np.asarray(G, dtype=float)
    h = OFFSETS if h is None else np.asarray(h, dtype=float)
    if G.ndim != 2 or G.shape[1] != 2 or h.shape != (len(G),):
        raise ValueError(f"G must be m x 2 and h have m entries, not {G.shape} and {h.shape}")
    inside, corners, order = _polygon(G, h)
    G, h = G[order], h[order]
    reach = 1.25 * max(np.abs(corners).max(), np.abs(cost).max())
    box = [-1.18 * reach, 1.18 * reach, -reach, reach]
    poster = Figure(figsize=(4.6, 4.0))
    ax = poster.add_subplot()
    ax.fill(*corners.T, color=COLOURS["sky"], alpha=0.4)
    ax.plot(*corners[np.argmin(corners @ cost)], "o", color=COLOURS["black"], ms=8)
    ax.annotate(
        "", (cost[0], cost[1]), (0, 0), arrowprops={"arrowstyle": "->", "color": COLOURS["orange"]}
    )
    ax.set(xlim=box[:2], ylim=box[2:], aspect="equal", xticks=[], yticks=[])
    alt = alt or (
        "A polygon, a cost vector that you can turn, and the dashed central path from the middle of the "
        "polygon to its best corner; a point on it moves with t, and bars show the multipliers of the edges."
    )
    state = {
        "G": G.tolist(),
        "h": h.tolist(),
        "corners": corners.tolist(),
        "inside": inside.tolist(),
        "box": box,
        "c": cost.tolist(),
        "t": float(t),
    }
    return Explorable("central_path", state, poster, alt, call)


def _polygon(G: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A point inside, the corners in order, and the rows such that row i is the edge after corner i."""
    length = np.linalg.norm(G, axis=1)
    widest = linprog([0, 0, -1], np.column_stack([G, length]), h, bounds=[(None, None)] * 3)
    if widest.status != 0 or widest.x[2] <= 1e-9:
        raise ValueError("G, h: the polygon must be bounded and have an inside")
    inside = widest.x[:2]
    found = HalfspaceIntersection(np.column_stack([G, -h]), inside).intersections
    found = np.unique(np.round(found, 12), axis=0)
    around = np.arctan2(*(found - inside).T[::-1])
    corners = found[np.argsort(around)]
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    order = np.argmin(np.abs(middles @ G.T - h) / length, axis=1)
    if not np.isfinite(corners).all() or len(set(order.tolist())) != len(G):
        raise ValueError("G, h: every row must be an edge of a bounded polygon")
    return inside, corners, order
