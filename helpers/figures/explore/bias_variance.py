"""Bias and variance of ridge on a curve."""

import numpy as np
from matplotlib.figure import Figure
from numpy.polynomial import legendre

from ..explorable import Explorable
from ..style import COLOURS, GUIDE

SAMPLES, POINTS = 12, 16


def truth(x: np.ndarray) -> np.ndarray:
    """The curve that the samples are taken from, with noise."""
    return np.sin(np.pi * x) + x / 2


def fits(x: np.ndarray, Y: np.ndarray, at: np.ndarray, degree: int, lam: float) -> np.ndarray:
    """Values at `at` of the ridge fits to each row of Y, on Legendre polynomials of degree 1 to `degree`."""
    X, G = (legendre.legvander(points, degree)[:, 1:] for points in (x, at))
    mean = X.mean(axis=0)
    Xc = X - mean
    W = np.linalg.solve(Xc.T @ Xc + lam * np.eye(degree), Xc.T @ Y.T)
    return Y.mean(axis=1)[:, None] + ((G - mean) @ W).T


def bias_variance(sigma: float = 0.5, degree: int = 10, alt: str = "") -> Explorable:
    """Slide λ: twelve ridge fits to noisy samples of one curve, and the bias and the variance behind them.

    Polynomials of degree 1 to 12; 0.05 ≤ sigma ≤ 1 is the noise. Raises ValueError outside these.
    """
    if not 0.05 <= sigma <= 1:
        raise ValueError(f"sigma must lie between 0.05 and 1, not {sigma}")
    if degree not in range(1, 13):
        raise ValueError(f"degree must be a whole number from 1 to 12, not {degree}")
    rng = np.random.default_rng(9)
    x = np.round(np.linspace(-0.95, 0.95, POINTS), 4)
    noise = np.round(rng.standard_normal((SAMPLES, POINTS)), 3)
    t = np.linspace(-1, 1, 200)
    curves = fits(x, truth(x) + sigma * noise, t, degree, 0.1)
    poster = Figure(figsize=(5.2, 3.8))
    ax = poster.add_subplot()
    ax.plot(t, curves.T, "-", color=GUIDE, lw=1)
    ax.plot(t, truth(t), ":", color=COLOURS["black"], lw=2, label="the truth")
    ax.plot(
        t, curves.mean(axis=0), color=COLOURS["blue"], lw=2.5, label="mean of the fits, λ = 0.1"
    )
    ax.plot(x, truth(x) + sigma * noise[0], "o", ms=4, color=COLOURS["orange"], label="one sample")
    ax.set(xlim=(-1, 1), ylim=(-2.4, 2.4), xlabel="x")
    ax.legend()
    alt = alt or (
        "Left: a curve, twelve thin ridge fits to noisy samples of it and their mean. Right: squared bias, "
        "which rises with λ, variance, which falls, and their sum, which is lowest in between."
    )
    state = {"x": x.tolist(), "noise": noise.tolist(), "sigma": float(sigma), "degree": int(degree)}
    state["lam"] = 0.1
    return Explorable("bias_variance", state, poster, alt)
