"""The explorables of the lessons: each function is the last line of a cell."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import spline_filter

from .explorable import Explorable
from .style import COLOURS

PAD = 8
METHODS = ("gradient_descent", "momentum", "nesterov", "newton")


def landscape(
    f: Callable,
    start: Sequence[float],
    box: Sequence[float] = (-2, 2, -2, 2),
    step: float | None = None,
    beta: float = 0.8,
    L: float | None = None,
    steps: int = 60,
    methods: Sequence[str] = ("gradient_descent",),
    optimum: float | None = None,
    samples: int = 64,
    alt: str = "",
) -> Explorable:
    """Methods racing on a function of two variables: drag the start, slide the step.

    A quadratic (an object with P and q, ½xᵀPx + qᵀx) is computed in closed form in the browser; any
    other f, called with one point of shape (2,), is sampled on `box` and interpolated by a cubic
    spline. With L (taken from f if it has one) the step is shown in units of 1/L, up to beyond 2/L.
    """
    unknown = set(methods) - set(METHODS)
    if unknown:
        raise ValueError(f"methods: {sorted(unknown)} are not among {METHODS}")
    L = float(L if L is not None else getattr(f, "L", 0.0) or 0.0)
    surface, lowest = _surface(f, box, samples)
    state = {
        "box": [float(v) for v in box],
        "start": [float(v) for v in start],
        "L": L,
        "step": float(step if step is not None else (1.0 / L if L else 0.1)),
        "beta": float(beta),
        "steps": int(steps),
        "methods": list(methods),
        "optimum": float(lowest if optimum is None else optimum),
        "surface": surface,
    }
    alt = alt or (
        "Level sets of a function of two variables with the path of gradient descent from a start "
        "that you can drag, and beside them the distance to the optimum after each step."
    )
    return Explorable("landscape", state, _landscape_poster(f, box, start), alt)


def _surface(f: Callable, box: Sequence[float], samples: int) -> tuple[dict[str, Any], float]:
    if hasattr(f, "P") and hasattr(f, "q"):
        P, q = np.asarray(f.P, dtype=float), np.asarray(f.q, dtype=float)
        best = np.linalg.lstsq(P, -q, rcond=None)[0]
        lowest = float(best @ P @ best / 2 + q @ best)
        return {"kind": "quadratic", "P": P.tolist(), "q": q.tolist()}, lowest
    x0, x1, y0, y1 = map(float, box)
    h, k = (x1 - x0) / (samples - 1), (y1 - y0) / (samples - 1)
    index = np.arange(-PAD, samples + PAD)
    values = np.array([[f(np.array([x0 + h * i, y0 + k * j])) for i in index] for j in index])
    coefficients = spline_filter(values, 3, mode="mirror").astype("<f4")
    surface = {
        "kind": "sampled",
        "size": int(samples + 2 * PAD),
        "affine": [x0 - h * PAD, h, y0 - k * PAD, k],
        "coefficients": base64.b64encode(coefficients.tobytes()).decode(),
    }
    return surface, float(values.min())


def _landscape_poster(f: Callable, box: Sequence[float], start: Sequence[float]) -> Figure:
    xs, ys = np.linspace(box[0], box[1], 61), np.linspace(box[2], box[3], 61)
    values = np.array([[f(np.array([x, y])) for x in xs] for y in ys])
    poster = Figure(figsize=(4.4, 3.6))
    ax = poster.add_subplot()
    ax.contour(xs, ys, np.sqrt(values - values.min()), levels=14, cmap="cividis", linewidths=0.8)
    ax.plot(*start, "o", color=COLOURS["blue"])
    return poster


def ball(alt: str = "") -> Explorable:
    """A ball to let go on a convex and on a non-convex curve: it rolls by gradient descent."""
    x = np.linspace(-2.2, 2.2, 201)
    poster = Figure(figsize=(7, 2.6))
    for ax, values, title in zip(
        poster.subplots(1, 2),
        (x**2 / 2, x**4 / 4 - x**2 + 0.3 * x),
        ("convex", "not convex"),
        strict=True,
    ):
        ax.plot(x, values)
        ax.set(title=title, xticks=[], yticks=[])
    alt = alt or (
        "A convex curve with one valley and a curve with two valleys. A ball that you can drag on each "
        "rolls down: on the first always to the lowest point, on the second to the valley it is in."
    )
    return Explorable("ball", {"x": 1.7}, poster, alt)


def projection(start: Sequence[float] = (1.6, 1.2), alt: str = "") -> Explorable:
    """A point to drag round a convex set, its projection, and the hyperplane that separates."""
    poster = Figure(figsize=(4.4, 3.6))
    ax = poster.add_subplot()
    ax.fill([-1, 1, 1, -1], [-0.7, -0.7, 0.7, 0.7], color=COLOURS["sky"], alpha=0.4)
    ax.plot(*start, "o", color=COLOURS["orange"])
    ax.set(xlim=(-2.4, 2.4), ylim=(-2, 2), aspect="equal", xticks=[], yticks=[])
    alt = alt or (
        "A convex set and a point that you can drag; its nearest point in the set and the "
        "hyperplane between them follow."
    )
    return Explorable("projection", {"start": [float(v) for v in start]}, poster, alt)
