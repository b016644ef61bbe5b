"""Proofs of optimality from data, answer and dual point alone: they know nothing of any solver."""

from .base import Certificate
from .classification import logistic, softmax, sparse_logistic
from .kernels import kernel_ridge, kernel_svm
from .margins import svm
from .programs import (
    Infeasible,
    Unbounded,
    infeasible,
    linear_program,
    quadratic_program,
    unbounded,
)
from .regression import elastic_net, lasso, least_squares, ridge
from .robust import huber, lad, quantile

__all__ = [
    "Certificate",
    "Infeasible",
    "Unbounded",
    "elastic_net",
    "huber",
    "infeasible",
    "kernel_ridge",
    "kernel_svm",
    "lad",
    "lasso",
    "least_squares",
    "linear_program",
    "logistic",
    "quadratic_program",
    "quantile",
    "ridge",
    "softmax",
    "sparse_logistic",
    "svm",
    "unbounded",
]
