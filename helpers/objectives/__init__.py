"""Functions to minimise: f(x) is the value; grad, hess, prox, subgrad and lmo its calculus."""

from .barrier import LogBarrier
from .nonsmooth import L1, L2, ElasticNet, Nuclear, SquaredL2, Zero
from .piecewise import AbsoluteDeviations, Hinge, Quantile
from .sets import (
    Ball,
    Box,
    HalfSpace,
    L1Ball,
    NonNegative,
    NuclearBall,
    Simplex,
    SpectralBall,
)
from .smooth import Huber, LeastSquares, Logistic, Quadratic, Ridge, Softmax

__all__ = [
    "L1",
    "L2",
    "AbsoluteDeviations",
    "Ball",
    "Box",
    "ElasticNet",
    "HalfSpace",
    "Hinge",
    "Huber",
    "L1Ball",
    "LeastSquares",
    "LogBarrier",
    "Logistic",
    "NonNegative",
    "Nuclear",
    "NuclearBall",
    "Quadratic",
    "Quantile",
    "Ridge",
    "Simplex",
    "Softmax",
    "SpectralBall",
    "SquaredL2",
    "Zero",
]
