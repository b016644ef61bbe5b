"""The elastic net's dual by semismooth Newton steps: a few, each with the columns that it calls for."""

from collections.abc import Callable

import numpy as np
from scipy.linalg.blas import dasum

from helpers.solvers.columns import Columns
from helpers.solvers.line_search import slope_step
from helpers.solvers.working_set import DenseSet

CURVED = 0.01  # λ₂ is at least that share of a column's square, or the steps are too short
MANY = 0.1  # share of n that the first step calls for, or growing sets are quicker
FEW, MOST = 300, 0.6  # of so few columns at least that share: all join at once
STEPS = 40


def elastic_dual(
    columns: Columns,
    work: DenseSet,
    target: np.ndarray,
    lam1: float,
    barred: np.ndarray,
    u: np.ndarray,
    z: np.ndarray,
    tol: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """(w, r, Xᵀr) for a w near the optimum and r = target − Xw, from the dual point u and z = Xᵀu on.

    The dual is to maximise uᵀy − ½‖u‖² − Σ max(0, |xⱼᵀu| − λ₁)²/2λ₂: smooth, its Hessian that of the
    columns with |xⱼᵀu| > λ₁ alone. Newton's step ends at the residual of the w that is optimal with
    these columns and these signs, and its length is sought by the slope. `work`, a set with mu = λ₂, is
    empty, and is grown; constant columns are marked in `barred`. None where this would not pay.
    Source: Li, Sun & Toh (2018), A highly efficient semismooth Newton augmented Lagrangian method.
    """
    p, lam2 = columns.p, work.mu
    called = int(np.count_nonzero(np.abs(z) > lam1))
    if called <= MANY * columns.n or (p <= FEW and called <= MOST * p):
        return None
    c = columns.correlate(target)
    waiting = ~barred
    index, v = work.index, np.zeros(0)
    for _ in range(STEPS):
        new = ((np.abs(z) > lam1) & waiting).nonzero()[0]
        if len(new):
            new = np.arange(p) if p <= FEW and len(index) == 0 else new
            barred[work.grow(new)] = True
            waiting[new] = False
            index = work.index
            if len(index) == 0 or lam2 < CURVED * float(work.G.diagonal().mean()):
                return None
        inside = z[index]
        face = (np.abs(inside) > lam1).nonzero()[0]
        v = np.zeros(len(index))
        if len(face):
            v[face] = work.solve(face, c[index[face]] - lam1 * np.sign(inside[face]))
        r = target - work.predict(v)
        Xtr = columns.correlate(r)
        beyond = Xtr - np.clip(Xtr, -lam1, lam1)
        gap = lam1 * dasum(v) + lam2 / 2 * float(v @ v) - float(v @ Xtr[index])
        gap += float(beyond @ beyond) / (2 * lam2)
        if gap <= 0.5 * tol * max(1.0, float(r @ target) / 2):
            break
        d, Xtd = r - u, Xtr - z
        t = slope_step(_slope(z, Xtd, lam1, lam2, float(d @ u - d @ target), float(d @ d)))
        if t == 0.0:
            break
        u, z = (r, Xtr) if t == 1.0 else (u + t * d, z + t * Xtd)
    w = np.zeros(p)
    w[index] = v
    return w, r, Xtr


def _slope(
    z: np.ndarray, Xtd: np.ndarray, lam1: float, lam2: float, start: float, square: float
) -> Callable[[float], float]:
    """t to the slope of minus the dual at u + td, for start = dᵀ(u − y) and square = ‖d‖²."""

    def slope(t: float) -> float:
        x = z + t * Xtd
        x -= np.clip(x, -lam1, lam1)
        return float(x @ Xtd) / lam2 + start + t * square

    return slope
