"""What all reference solvers share: their answer, their error, and the check of their input."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import blas

from ..certificates import Certificate


@dataclass(frozen=True)
class Solution:
    """An answer with its proof. `intercept` is 0 for a model without one; softmax has one a class."""

    w: np.ndarray
    intercept: Any
    certificate: Certificate
    iterations: int = 1


Start = Solution | tuple[Any, Any] | None  # where an iteration begins: an answer, or (w, b)


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


def check_data(X, y, entries: bool = True) -> tuple:
    """X (n, p) dense or sparse and y (n,) as float64; a `ValueError` names what is wrong.

    Without `entries` X's are left to `check_entries`.
    """
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
    if entries:
        check_entries(X)
    if not _finite(y):
        raise ValueError("y holds NaN or infinity")
    return X.astype(float, copy=False), y


def check_entries(X, product: np.ndarray | None = None, name: str = "X") -> None:
    """`ValueError` where X holds NaN or infinity.

    A finite `product` of X and a vector without zeros shows that it does not, at no further price.
    """
    if product is not None and isfinite(blas.dasum(product)):
        return
    if not _finite(X.data if sparse.issparse(X) else X):
        raise ValueError(f"{name} holds NaN or infinity")


def _finite(values: np.ndarray) -> bool:
    """A finite sum of sizes tells it in one pass; only where it overflows each entry is looked at."""
    return isfinite(blas.dasum(values.ravel(order="K"))) or bool(np.isfinite(values).all())


def check_start(
    start: Start, shape: tuple[int, ...], intercept: bool = True
) -> tuple[np.ndarray, Any]:
    """The (w, b) to begin at: `start`, an earlier answer or such a pair, or zeros.

    w has `shape`; b is a number, or has one entry for each column of w. Without intercept it is 0.
    """
    zero: Any = 0.0 if len(shape) == 1 else np.zeros(shape[1:])
    if start is None:
        return np.zeros(shape), zero
    pair = (start.w, start.intercept) if isinstance(start, Solution) else start
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ValueError("start must be a Solution or a pair (w, b)")
    w, b = np.asarray(pair[0], dtype=float), np.asarray(pair[1], dtype=float)
    for name, values, wanted in (("w", w, shape), ("b", b, shape[1:])):
        if values.shape != wanted and not (name == "b" and values.shape == ()):
            raise ValueError(f"start's {name} must have the shape {wanted}; it has {values.shape}")
        if not np.all(np.isfinite(values)):
            raise ValueError(f"start's {name} holds NaN or infinity")
    return w, (zero + b if intercept else zero) if len(shape) > 1 else float(b) * intercept


def check_number(name: str, value: float, positive: bool = True) -> float:
    """A finite number > 0 (or ≥ 0) as float."""
    number = float(value)
    if not isfinite(number) or number < 0 or (positive and number == 0):
        wanted = "positive" if positive else "at least 0"
        raise ValueError(f"{name} must be a finite number, {wanted}; it is {value}")
    return number
