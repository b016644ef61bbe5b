"""Reference solvers, one file a model: each returns its answer with a certificate."""

from .common import ConvergenceError, Solution
from .least_squares import least_squares
from .ridge import ridge, ridge_path

__all__ = ["ConvergenceError", "Solution", "least_squares", "ridge", "ridge_path"]
