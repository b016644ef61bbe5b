"""Reference solvers, one file a model: each returns its answer with a certificate."""

from .common import ConvergenceError, Solution
from .elastic_net import elastic_net
from .huber import huber
from .kernel_ridge import kernel_ridge
from .kernel_svm import kernel_svm
from .lad import lad
from .lasso import lasso, lasso_path
from .least_squares import least_squares
from .linear_program import linear_program
from .logistic import logistic
from .quadratic_program import ProgramSolution, quadratic_program
from .quantile import quantile
from .ridge import ridge, ridge_path
from .separation import SeparableError
from .softmax import softmax
from .sparse_logistic import sparse_logistic
from .svm import svm

__all__ = [
    "ConvergenceError",
    "ProgramSolution",
    "SeparableError",
    "Solution",
    "elastic_net",
    "huber",
    "kernel_ridge",
    "kernel_svm",
    "lad",
    "lasso",
    "lasso_path",
    "least_squares",
    "linear_program",
    "logistic",
    "quadratic_program",
    "quantile",
    "ridge",
    "ridge_path",
    "softmax",
    "sparse_logistic",
    "svm",
]
