"""Functions to minimise: call f(x) for the value; f.grad, f.hess, f.prox, f.subgrad, f.lmo are its calculus."""

from .smooth import Huber, LeastSquares, Logistic, Quadratic, Ridge, Softmax

__all__ = [
    "Huber",
    "LeastSquares",
    "Logistic",
    "Quadratic",
    "Ridge",
    "Softmax",
]
