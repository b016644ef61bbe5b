"""Strictly convex quadratic programs by projected Newton steps on their multipliers."""

import numpy as np
from scipy.linalg import lapack

LIFTS = (1e-12, 1e-6, 1e-3, 1.0)  # added to a face's matrix, more where less does not descend
TRIALS = 0.5 ** np.arange(8)  # lengths of a step that are tried, all at once
FLAT = 1e-14  # a share of the value that rounding hides
ROUNDING = 1e-13  # constraints violated by that share of the largest violation are met


def dual_newton(
    factor: tuple[np.ndarray, np.ndarray],
    q: np.ndarray,
    G: np.ndarray,
    h: np.ndarray,
    A: np.ndarray,
    b: np.ndarray,
    start: tuple[np.ndarray, np.ndarray] | None = None,
    limit: int = 25,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], int]:
    """(x, (z, ν), steps) near the optimum of min ½xᵀPx + qᵀx, Gx ≤ h, Ax = b.

    factor = (L, s) holds P = S⁻¹LLᵀS⁻¹ for S = diag(s); `start` has (z, ν) to begin at. With C = [A; G],
    B = L⁻¹SCᵀ and c = L⁻¹Sq the multipliers t = (ν, z) minimise ½‖c + Bt‖² + (b, h)ᵀt over z ≥ 0.
    A step is Newton's on the face of those that are not 0 or want to leave it, projected; it ends
    exactly where it has found which constraints hold with equality, and the certificate judges.
    Source: Bertsekas (1982), Projected Newton methods for optimization problems with simple
    constraints.
    """
    L, s = factor
    k = len(b)
    C, right = (np.vstack([A, G]), np.append(b, h)) if k else (G, h)
    B = lapack.dtrtrs(L, (C * s).T, lower=1)[0]
    c = lapack.dtrtrs(L, s * q, lower=1)[0]
    size = np.sqrt(np.einsum("ij,ij->j", B, B))
    size[size == 0] = 1.0
    B /= size
    excess = -right / size - c @ B  # by how much the minimiser without constraints violates them
    low = np.zeros(len(right))
    low[:k] = -np.inf
    t = np.zeros(len(right))
    if start is not None:
        t[k:], t[:k] = start[0] * size[k:], start[1] * size[:k]
    y = B @ t
    value = float(y @ y) / 2 - float(excess @ t)
    smallest = ROUNDING * float(np.abs(excess).max(initial=0.0))
    worst, flat = np.inf, False
    for step in range(limit):
        v = excess - y @ B
        face = np.flatnonzero((t > low) | (v > smallest))
        slope = v[face]
        before, worst = worst, max(slope.max(initial=0.0), -slope.min(initial=0.0))
        if worst <= smallest or (flat and worst >= before):
            break
        found = _descend(B[:, face], t[face], slope, low[face], excess[face], value)
        if found is None:
            break
        t = np.zeros(len(right))
        t[face], y, reached = found
        flat, value = value - reached <= FLAT * abs(value), reached
    x = s * lapack.dtrtrs(L, -c - y, lower=1, trans=1)[0]
    t /= size
    return x, (t[k:], t[:k]), step + 1


def _descend(
    B: np.ndarray,
    t: np.ndarray,
    slope: np.ndarray,
    low: np.ndarray,
    excess: np.ndarray,
    value: float,
) -> tuple[np.ndarray, np.ndarray, float] | None:
    """(t, Bt, value) a projected Newton step on, or None where rounding leaves no descent."""
    H = B.T @ B
    for lift in LIFTS:
        H.flat[:: len(H) + 1] = 1.0 + lift
        factor, failed = lapack.dpotrf(H, lower=1, clean=0)
        if failed:
            continue
        d = lapack.dpotrs(factor, slope, lower=1)[0]
        ahead = np.maximum(t + TRIALS[:, None] * d, low)
        y = ahead @ B.T
        values = np.einsum("ij,ij->i", y, y) / 2 - ahead @ excess
        best = int(values.argmin())
        if values[best] >= value - FLAT * abs(value):
            best = 0  # the values are equal but for rounding: the whole step mends the slopes
        if values[best] < value + FLAT * abs(value):
            return ahead[best], y[best], float(values[best])
    return None
