"""Kernel ridge on a line, with the width of the kernel and λ to slide."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS

POINTS, SEED = 20, 13


def truth(x: np.ndarray) -> np.ndarray:
    """The curve that the points are taken from, with noise."""
    return np.sin(4 * x)


def points(sigma_noise: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x and y to learn from, x and y held out, rounded as the page has them."""
    rng = np.random.default_rng(SEED)
    x = np.round(np.sort(rng.uniform(-0.95, 0.95, POINTS)), 3)
    held = np.round(np.sort(rng.uniform(-0.95, 0.95, POINTS)), 3)
    noise = sigma_noise * rng.standard_normal((2, POINTS))
    return x, np.round(truth(x) + noise[0], 3), held, np.round(truth(held) + noise[1], 3)


def kernel_width(sigma: float = 0.25, lam: float = 0.1, alt: str = "") -> Explorable:
    """Slide the width σ and λ, drag a point: the fit, its degrees of freedom, and both errors.

    0.01 ≤ sigma ≤ 3 and 1e-6 ≤ lam ≤ 100. Raises ValueError outside these.
    """
    if not 0.01 <= sigma <= 3:
        raise ValueError(f"sigma must lie between 0.01 and 3, not {sigma}")
    if not 1e-6 <= lam <= 100:
        raise ValueError(f"lam must lie between 1e-6 and 100, not {lam}")
    x, y, held, held_y = points()
    K = np.exp(-(((x[:, None] - x) / sigma) ** 2) / 2)
    alpha = np.linalg.solve(K + lam * np.eye(POINTS), y)
    t = np.linspace(-1, 1, 200)
    poster = Figure(figsize=(5.2, 3.8))
    ax = poster.add_subplot()
    ax.plot(
        t,
        np.exp(-(((t[:, None] - x) / sigma) ** 2) / 2) @ alpha,
        color=COLOURS["blue"],
        lw=2.5,
        label=f"kernel ridge, σ = {sigma:g}",
    )
    ax.plot(x, y, "o", ms=5, color=COLOURS["black"], label="learned from")
    ax.plot(held, held_y, "s", ms=5, mfc="none", color=COLOURS["pink"], label="held out")
    ax.set(xlim=(-1, 1), ylim=(-2, 2), xlabel="x")
    ax.legend()
    alt = alt or (
        "Left: twenty points, twenty held-out points and a kernel ridge fit that bends more the narrower the kernel."
        " Right: against the width, the error on the points learned from and the error on the held-out points."
    )
    state = {
        "x": x.tolist(),
        "y": y.tolist(),
        "held": held.tolist(),
        "heldY": held_y.tolist(),
        "sigma": float(sigma),
        "lam": float(lam),
        "drag": POINTS // 2,
    }
    return Explorable("kernel_width", state, poster, alt)
