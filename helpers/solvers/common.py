"""What all reference solvers share: their answer, their error, and the check of their input."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ..certificates import Certificate


@dataclass(frozen=True)
class Solution:
    """An answer with its proof. `intercept` is 0 for a model without one."""

    w: np.ndarray
    intercept: float
    certificate: Certificate
    iterations: int = 1


class ConvergenceError(RuntimeError):
    """The certified gap stayed above `tol`; `solution` is the best answer found, with its gap."""

    def __init__(self, model: str, tol: float, solution: Solution):
        self.solution = solution
        super().__init__(
            f"{model}: the relative gap is {solution.certificate.relative_gap:.2e}, tol asks for "
            f"{tol:.0e}; the best answer is attached as .solution"
        )


def certified(model: str, solution: Solution, tol: float) -> Solution:
    """`solution` if its certificate proves `tol`, else `ConvergenceError` with it attached."""
    if not solution.certificate.proves(tol):
        raise ConvergenceError(model, tol, solution)
    return solution


def check_data(X, y) -> tuple:
    """X (n, p) dense or sparse and y (n,) as float64; a `ValueError` names what is wrong."""
    if not sparse.issparse(X):
        X = np.asarray(X, dtype=float)
    y = np.asarray(y, dtype=float)
    if X.ndim != 2:
        raise ValueError(f"X must have two axes (samples, features), not {X.ndim}")
    if y.ndim != 1:
        raise ValueError(f"y must have one axis, not {y.ndim}")
    if 0 in X.shape:
        raise ValueError(f"X is empty: its shape is {X.shape}")
    if X.shape[0] != len(y):
        raise ValueError(f"X has {X.shape[0]} rows and y {len(y)} entries: they must agree")
    for name, values in (("X", X.data if sparse.issparse(X) else X), ("y", y)):
        if not _finite(values):
            raise ValueError(f"{name} holds NaN or infinity")
    return X.astype(float, copy=False), y


def _finite(values: np.ndarray) -> bool:
    """A finite sum tells it in one pass; only where it overflows each entry is looked at."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(values.sum()) or np.all(np.isfinite(values)))


def check_start(start: Solution | None, shape: tuple[int, ...]) -> np.ndarray:
    """The coefficients to begin at: those of `start`, an earlier answer, or zeros."""
    if start is None:
        return np.zeros(shape)
    w = np.asarray(start.w, dtype=float)
    if w.shape != shape:
        raise ValueError(f"start.w must have the shape {shape}; it has {w.shape}")
    if not np.all(np.isfinite(w)):
        raise ValueError("start.w holds NaN or infinity")
    return w


def check_number(name: str, value: float, positive: bool = True) -> float:
    """A finite number > 0 (or ≥ 0) as float."""
    number = float(value)
    if not np.isfinite(number) or number < 0 or (positive and number == 0):
        wanted = "positive" if positive else "at least 0"
        raise ValueError(f"{name} must be a finite number, {wanted}; it is {value}")
    return number
