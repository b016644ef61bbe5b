"""What an objective refuses, with a sentence that names the argument."""

import numpy as np


def matrix(name: str, X: np.ndarray) -> None:
    if np.ndim(X) != 2 or 0 in np.shape(X):
        raise ValueError(
            f"{name} must be a matrix with rows and columns; its shape is {np.shape(X)}"
        )
    finite(name, X)


def finite(name: str, a: np.ndarray) -> None:
    if not np.all(np.isfinite(a)):
        raise ValueError(f"{name} holds NaN or infinity")


def rows_match(X: np.ndarray, y: np.ndarray, name: str = "X", other: str = "y") -> None:
    if np.shape(y) != (len(X),):
        raise ValueError(
            f"{other} must have shape ({len(X)},), one entry a row of {name}; it has {np.shape(y)}"
        )
    finite(other, y)


def columns_match(name: str, A: np.ndarray, other: str, v: np.ndarray) -> None:
    if np.shape(v) != (A.shape[1],):
        raise ValueError(
            f"{other} must have shape ({A.shape[1]},), one entry a column of {name}; "
            f"it has {np.shape(v)}"
        )
    finite(other, v)


def signs(y: np.ndarray) -> None:
    if not np.all(np.abs(y) == 1):
        raise ValueError("y must hold the labels -1 and +1")


def non_negative(name: str, value: float) -> None:
    if not (value >= 0 and np.isfinite(value)):
        raise ValueError(f"{name} must be finite and at least 0, but it is {value}")
