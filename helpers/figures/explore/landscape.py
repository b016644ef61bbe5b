"""Methods racing on a map of a function of two variables."""

import base64
from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, cast

import numpy as np
from matplotlib.figure import Figure
from scipy.ndimage import spline_filter

from ..explorable import Explorable
from ..level_sets import checked_box, level_sets
from ..style import COLOURS, PAPER

PAD = 8
METHODS = ("gradient_descent", "momentum", "nesterov", "newton")


def landscape(
    f: Callable | tuple[Any, Any],
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

    A quadratic ½xᵀPx + qᵀx (an object with P and q, or the pair (P, q)) is computed in closed form
    in the browser; any other f, called with one point of shape (2,), is sampled on `box` and a
    margin round it, and interpolated by a spline of degree 5: good for smooth functions, not for kinks.
    With L (taken from f if it has one) the step is shown in units of 1/L, up to beyond 2/L.
    The curve beside the map shows f − optimum; without `optimum`, that is the lowest value in the box.
    ValueError for an unknown method, a start outside the box and an f that is not finite there.
    """
    unknown = set(methods) - set(METHODS)
    if unknown or not methods:
        raise ValueError(f"methods: {sorted(unknown) or 'none'} are not among {METHODS}")
    x0, x1, y0, y1 = checked_box(box)
    at = np.asarray(start, dtype=float)
    if at.shape != (2,) or not (x0 <= at[0] <= x1 and y0 <= at[1] <= y1):
        raise ValueError(f"start must be a point (x, y) in the box {tuple(box)}, not {start!r}")
    call = _call(
        start=tuple(at.tolist()),
        box=tuple(box),
        step=step,
        beta=beta,
        L=L,
        steps=steps,
        methods=tuple(methods),
        optimum=optimum,
        samples=samples,
    )
    quadratic = _quadratic(f)
    if L is None:
        L = float(np.linalg.eigvalsh(quadratic[0]).max()) if quadratic else getattr(f, "L", 0.0)
    L = float(L or 0.0)
    step = float(step if step is not None else (1 / L if L > 0 else 0.1))
    if L < 0 or not 0 < step < np.inf:
        raise ValueError(f"L must not be negative and step must be positive: L={L}, step={step}")
    value: Callable = (
        (lambda x: x @ quadratic[0] @ x / 2 + quadratic[1] @ x) if quadratic else cast(Callable, f)
    )
    state = {
        "box": [x0, x1, y0, y1],
        "start": at.tolist(),
        "L": L,
        "step": step,
        "beta": float(beta),
        "steps": int(steps),
        "methods": list(methods),
        "shown": list(methods),
        "optimum": None if optimum is None else float(optimum),
        "lowest": _lowest(*quadratic) if quadratic else None,
        "surface": _closed(*quadratic) if quadratic else _sampled(value, (x0, x1, y0, y1), samples),
    }
    alt = alt or (
        "Level sets of a function of two variables with the path of gradient descent from a start "
        "that you can drag, and beside them the distance to the optimum after each step."
    )
    slope = (lambda x: quadratic[0] @ x + quadratic[1]) if quadratic else getattr(f, "grad", None)
    return Explorable("landscape", state, _landscape_poster(value, slope, state), alt, call)


def _call(**given: Any) -> str:
    """What was asked for beyond the defaults; f stands for the function."""
    known = {name: entry.default for name, entry in signature(landscape).parameters.items()}
    words = [f"{name}={value!r}" for name, value in given.items() if value != known[name]]
    return f"explore.landscape({', '.join(['f', *words])})".replace("'", '"')


def _quadratic(f: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """(P, q) with P symmetric where f is a quadratic of two variables, else None."""
    if hasattr(f, "P") and hasattr(f, "q"):
        f = (f.P, f.q)
    if not isinstance(f, tuple):
        return None
    P, q = (np.asarray(part, dtype=float) for part in f)
    if P.shape != (2, 2) or q.shape != (2,) or not (np.isfinite(P).all() and np.isfinite(q).all()):
        raise ValueError(f"a quadratic on a map needs a finite 2×2 P and q of 2, not {P!r}, {q!r}")
    return (P + P.T) / 2, q  # the same f


def _closed(P: np.ndarray, q: np.ndarray) -> dict[str, Any]:
    return {"kind": "quadratic", "P": P.tolist(), "q": q.tolist()}


def _lowest(P: np.ndarray, q: np.ndarray) -> list[float] | None:
    """The minimiser and the minimum; None where there is none: the browser takes the box's lowest."""
    best = np.linalg.lstsq(P, -q, rcond=None)[0]
    bounded = np.linalg.eigvalsh(P).min() >= -1e-12 and np.allclose(P @ best, -q)
    return [*best.tolist(), float(best @ P @ best / 2 + q @ best)] if bounded else None


def _sampled(f: Callable, box: Sequence[float], samples: int) -> dict[str, Any]:
    x0, x1, y0, y1 = box
    h, k = (x1 - x0) / (samples - 1), (y1 - y0) / (samples - 1)
    index = np.arange(-PAD, samples + PAD)
    values = np.array(
        [[float(f(np.array([x0 + h * i, y0 + k * j]))) for i in index] for j in index]
    )
    if not np.isfinite(values).all():
        raise ValueError("f must be finite on the box and on a margin of an eighth round it")
    # degree 5: Newton needs second derivatives, and those of a cubic spline are off by more than 1e-4;
    # reflected through its edge, f goes on smoothly, and what the filter makes of the end is cut off
    beyond = np.pad(values, PAD, mode="reflect", reflect_type="odd")
    coefficients = spline_filter(beyond, 5, mode="mirror")[PAD:-PAD, PAD:-PAD].astype("<f4")
    return {
        "kind": "sampled",
        "size": int(samples + 2 * PAD),
        "affine": [x0 - h * PAD, h, y0 - k * PAD, k],
        "coefficients": base64.b64encode(coefficients.tobytes()).decode(),
    }


def _landscape_poster(f: Callable, slope: Callable | None, state: dict[str, Any]) -> Figure:
    poster = Figure(figsize=(4.6, 4.0))
    ax = poster.add_subplot()
    level_sets(ax, f, state["box"], samples=61)
    path = [np.array(state["start"])]
    while slope and len(path) < 25:
        path.append(path[-1] - state["step"] * slope(path[-1]))
    ax.plot(*np.array(path).T, "o-", color=COLOURS["gradient_descent"], ms=3.5, lw=1.6)
    ax.plot(*state["start"], "o", ms=10, mfc=PAPER, mec=COLOURS["black"], mew=2.5)
    return poster
