"""A deep network before training, with the size of its weights to slide."""

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import COLOURS

WIDTH, ROWS, DEEPEST = 48, 16, 40
GAINS = (0.25, 6.0)
ACTIVATIONS = ("ReLU", "tanh")


def initialisation(
    gain: float = 1.0, depth: int = 20, activation: str = "ReLU", alt: str = ""
) -> Explorable:
    """Activations A_l = φ(A_{l−1}W_l) and the slopes that come back through `depth` layers of 48 units.

    The weights are normal with the variance gain/48: gain 1 is Xavier's start, 2 He's. ValueError unless
    0.25 ≤ gain ≤ 6, 2 ≤ depth ≤ 40 and activation is "ReLU" or "tanh".
    """
    if not GAINS[0] <= gain <= GAINS[1]:
        raise ValueError(f"gain must lie between {GAINS[0]:g} and {GAINS[1]:g}, not {gain}")
    if depth != int(depth) or not 2 <= depth <= DEEPEST:
        raise ValueError(f"depth must be a whole number from 2 to {DEEPEST}, not {depth}")
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {ACTIVATIONS}, not {activation!r}")
    poster = Figure(figsize=(5.2, 3.6))
    ax = poster.add_subplot()
    factor = np.sqrt(gain / 2 if activation == "ReLU" else gain)
    layers = np.arange(1, int(depth) + 1)
    ax.semilogy(layers, factor ** (layers - 1.0), "o-", color=COLOURS["blue"], label="activations")
    ax.semilogy(layers, factor ** (depth - layers), "s--", color=COLOURS["orange"], label="slopes")
    ax.set(xlabel="layer", ylabel="promised size"), ax.legend()
    alt = alt or (
        "The size of activations and of slopes in each layer of a deep network before training, on a logarithmic scale, with a slider for the size of the "
        "random weights; beside it how the activations of five layers are distributed. Below He's or Xavier's size both fade, above it they explode or saturate."
    )
    state = {"gain": float(gain), "depth": int(depth), "activation": activation, "seed": 1}
    return Explorable("initialisation", state, poster, alt)
