"""Stochastic gradients in two dimensions: step and batch size against the ball of noise."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from ..explorable import Explorable
from ..style import COLOURS

CURVATURE = (0.6, 1.6)
BATCHES = (1, 2, 4, 8, 16, 32, 64)


def noise_ball(
    step: float = 0.3, batch: int = 1, start: Sequence[float] = (-2.4, 2.2), alt: str = ""
) -> Explorable:
    """SGD on Σᵢ ½(x − cᵢ)ᵀH(x − cᵢ)/n, 64 centres cᵢ: slide the step and the rows a step.

    The terms share H, so the noise does not depend on x and the stationary variance along an axis
    of curvature h is step·h / (2 − step·h) · var(c) / batch, exactly (rows drawn with replacement).
    0.02 ≤ step ≤ 0.9, batch a power of 2 up to 64, start in [−3, 3]², or a ValueError.
    """
    if not 0.02 <= step <= 0.9:
        raise ValueError(f"step must lie between 0.02 and 0.9, not {step}")
    if batch not in BATCHES:
        raise ValueError(f"batch must be one of {BATCHES}, not {batch}")
    at = np.asarray(start, dtype=float)
    if at.shape != (2,) or not np.all(np.abs(at) <= 3):
        raise ValueError(f"start must be a point (x, y) between -3 and 3, not {start!r}")
    rng, h = np.random.default_rng(8), np.array(CURVATURE)
    centres = np.clip(rng.standard_normal((64, 2)), -2.5, 2.5)
    centres = np.round(centres - centres.mean(axis=0), 3)
    mean, variance = centres.mean(axis=0), centres.var(axis=0)
    path = [at]
    for _ in range(1500):
        pull = centres[rng.integers(64, size=batch)].mean(axis=0)
        path.append(path[-1] - step * h * (path[-1] - pull))
    points, std = np.array(path), np.sqrt(step * h / (2 - step * h) * variance / batch)
    poster = Figure(figsize=(4.4, 4.2))
    ax = poster.add_subplot()
    ax.plot(*centres.T, "s", ms=3, color=COLOURS["grey"])
    ax.plot(*points[100:].T, ".", ms=3, alpha=0.35, color=COLOURS["blue"])
    ax.plot(*points[:60].T, "-", lw=1.3, color=COLOURS["sgd"])
    width, height = 4 * std
    ax.add_patch(Ellipse((mean[0], mean[1]), width, height, fill=False, ls="--", lw=2))
    ax.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    alt = alt or (
        "A run of stochastic gradients from a start that you can drag: it goes to the middle of 64 points "
        "and stays in a cloud round it. A dashed ellipse, the theory's, surrounds the cloud; it grows "
        "with the step and shrinks with the rows a step. Beside it the squared distance falls to a floor."
    )
    state = {
        "centres": centres.tolist(),
        "h": list(CURVATURE),
        "start": at.tolist(),
        "step": float(step),
        "batch": int(batch),
        "seed": 1,
    }
    return Explorable("noise_ball", state, poster, alt)
