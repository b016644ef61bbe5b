"""An old task's bowl and a new one's, and three ways from one optimum towards the other."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS, PAPER

BOX = (-2.0, 2.0, -1.6, 1.6)
START = (-1.1, -0.5)
STEP, STEPS = 0.15, 80
OLD = ((1.3, -2.2), (-2.2, 5.0))
NEW = ((0.3, -0.1), (-0.1, 3.9))


def forgetting(
    target: Sequence[float] = (1.0, 0.7), steps: int = 15, strength: float = 0.0, alt: str = ""
) -> Explorable:
    """Losses ½(w − start)ᵀH_s(w − start) and ½(w − target)ᵀH_t(w − target) in the plane; target can be dragged.

    From the start: gradient descent on the new loss, stopped after some steps; the optimum with the penalty ½λ‖w − start‖², and with
    ½λ(w − start)ᵀH_s(w − start), λ = 10^strength. ValueError for a target outside of [−2, 2] x [−1.6, 1.6], steps not in 0..80, |strength| > 2.
    """
    b, a = np.asarray(target, dtype=float), np.array(START)
    if b.shape != (2,) or not (abs(b[0]) <= BOX[1] and abs(b[1]) <= BOX[3]):
        raise ValueError(f"target must be a point (x, y) in the box {BOX}, not {target!r}")
    if steps != int(steps) or not 0 <= steps <= STEPS:
        raise ValueError(f"steps must be a whole number from 0 to {STEPS}, not {steps}")
    if not -2 <= strength <= 2:
        raise ValueError(f"strength must lie between -2 and 2, not {strength}")
    Hs, Ht = np.array(OLD), np.array(NEW)
    poster = Figure(figsize=(5.2, 4.2))
    ax = poster.add_subplot()
    strengths = np.logspace(-3, 3, 61)
    for M, colour, style, name in (
        (np.eye(2), "orange", "--", "penalty ‖w − start‖²"),
        (Hs, "green", ":", "penalty with the old curvature"),
    ):
        curve = [np.linalg.solve(Ht + m * M, Ht @ b + m * M @ a) for m in strengths]
        ax.plot(*np.array(curve).T, style, color=COLOURS[colour], label=name)
    path = [a]
    for _ in range(STEPS):
        path.append(path[-1] - STEP * Ht @ (path[-1] - b))
    ax.plot(*np.array(path).T, "-", color=COLOURS["blue"], label="gradient descent")
    ax.plot(*a, "o", color=COLOURS["black"]), ax.plot(*b, "o", color=COLOURS["black"], mfc=PAPER)
    ax.set(xlim=BOX[:2], ylim=BOX[2:], aspect="equal"), ax.legend(fontsize=8)
    alt = alt or (
        "Level sets of an old task's loss and of a new one's, whose optimum can be dragged, and three ways from the old optimum to the new one: gradient "
        "descent, a penalty on the distance, a penalty with the old curvature. Beside them the loss on the new task against that on the old one along each way."
    )
    state = {
        "Hs": Hs.tolist(),
        "Ht": Ht.tolist(),
        "start": list(START),
        "target": b.tolist(),
        "step": STEP,
        "steps": int(steps),
        "strength": float(strength),
    }
    return Explorable("forgetting", state, poster, alt)
