"""A program's data checked: shapes, numbers, and whether its quadratic term is convex."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from helpers.certificates import programs

REGULAR = 1e-5  # P with no smaller pivot's root than that is solved by its multipliers alone


def checked(P: Any, q: Any, G: Any, h: Any, A: Any, b: Any, name: str) -> tuple[np.ndarray, ...]:
    """The program's data as float64 arrays, or a ValueError that names what is wrong."""
    dense = [part.toarray() if sparse.issparse(part) else part for part in (P, q, G, h, A, b)]
    q = np.asarray(dense[1], dtype=float)
    if q.ndim != 1 or len(q) == 0:
        raise ValueError(f"{name} must have one axis and an entry a variable; it is {q.shape}")
    for rows, right, first, second in ((2, 3, "G", "h"), (4, 5, "A", "b")):
        if (dense[rows] is None) != (dense[right] is None):
            raise ValueError(f"{first} and {second} come together: one of them is missing")
    P, G, h, A, b = programs.filled(dense[0], q, *dense[2:])
    data = (P, q, G, h, A, b)
    n, m, k = len(q), h.size, b.size
    shapes = (("P", (n, n)), (name, (n,)), ("G", (m, n)), ("h", (m,)), ("A", (k, n)), ("b", (k,)))
    for part, (label, shape) in zip(data, shapes, strict=True):
        if part.shape != shape:
            raise ValueError(f"{label} must have shape {shape}; it has {part.shape}")
        if not np.isfinite(part).all():
            raise ValueError(f"{label} holds NaN or infinity")
    return data


def convex(P: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(L, s) with P = S⁻¹LLᵀS⁻¹, S = diag(s), for a P that is far from singular, else None.

    Raises ValueError unless P is symmetric positive semidefinite up to rounding.
    """
    size = max(float(P.max(initial=0.0)), -float(P.min(initial=0.0)))
    if size == 0:
        return None
    if not np.array_equal(P, P.T) and np.abs(P - P.T).max() > 1e-12 * size:
        raise ValueError("P must be symmetric")
    s = 1 / np.sqrt(np.maximum(P.diagonal(), 1e-16 * size))
    unit = P * s
    unit *= s[:, None]
    L, failed = lapack.dpotrf(unit.T, lower=1, clean=0)
    if not failed and L.diagonal().min() > REGULAR:
        return L, s
    lifted = unit + 1e-9 * np.eye(len(P))
    if failed and lapack.dpotrf(lifted, lower=1, clean=0)[1]:
        lowest = np.linalg.eigvalsh(unit)[0]  # slower, but it can tell how far off P is
        if lowest < -1e-9:
            raise ValueError(
                f"P must be positive semidefinite: scaled to a unit diagonal it has the "
                f"eigenvalue {lowest:.3g}, so the objective is not convex"
            )
    return None
