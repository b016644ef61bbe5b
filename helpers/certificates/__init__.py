"""Proofs of optimality from data, answer and dual point alone: they know nothing of any solver."""

from .base import Certificate
from .margins import kernel_svm, svm
from .programs import (
    Infeasible,
    Unbounded,
    infeasible,
    linear_program,
    quadratic_program,
    unbounded,
)
from .regression import least_squares, ridge
from .robust import huber, kernel_ridge, lad, quantile

__all__ = [
    "Certificate",
    "Infeasible",
    "Unbounded",
    "huber",
    "infeasible",
    "kernel_ridge",
    "kernel_svm",
    "lad",
    "least_squares",
    "linear_program",
    "quadratic_program",
    "quantile",
    "ridge",
    "svm",
    "unbounded",
]
