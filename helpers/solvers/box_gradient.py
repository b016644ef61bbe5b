"""The dual of a support vector machine on sparse rows, by projected gradients."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.certificates.margins import feasible
from helpers.solvers.margin_data import best_intercept

LIMIT, WAIT, LEAST = 100, 20, 0.1  # steps; in so many the gap must fall to this share of itself
CLOSER, ROUNDS, BALANCED = 0.3, 60, 1e-13  # of the gap, between two proofs; steps of a projection


def box_gradient(
    X: Any, y: np.ndarray, C: float, intercept: bool, tol: float, slack: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """Yield multipliers a, where they seem within `tol`, of max Σaᵢ − ½‖Xᵀ(y∘a)‖², 0 ≤ a ≤ C (yᵀa = 0).

    Rows of few entries are nearly orthogonal, so XXᵀ differs little from its diagonal D, and a step
    a + t D⁻¹(1 − margins), put back into the set in D's norm, comes far; t is Barzilai and Borwein's,
    their long and their short one in turn. A step costs two passes over X; it ends where the pace is
    slow. An earlier answer's slacks, 1 − margins, may tell where to begin.
    Source: Dai & Fletcher (2005), Projected Barzilai-Borwein methods for large-scale box-constrained
    quadratic programming.
    """
    A = X.multiply(y[:, None]).tocsr()
    D = np.asarray(A.multiply(A).sum(axis=1)).ravel()
    D = np.where(D > 0, D, 1.0)
    a, margins = np.zeros(len(y)), np.zeros(len(y))
    if slack is not None:
        a, _ = _nearest(a + C / 2 + 2 * C * slack, y, C, D, 0.0, intercept)
        margins = A @ (A.T @ a)
    t, level, shown, gaps = 1.0, 0.0, np.inf, []
    for k in range(LIMIT):
        b = best_intercept(y, y * margins) if intercept else 0.0
        square, slack = float(a @ margins), 1 - margins - b * y
        loss = C * float(np.maximum(slack, 0.0).sum())
        gap = (square + loss - float(a.sum())) / max(1.0, square / 2 + loss)
        if gap <= tol and gap <= CLOSER * shown:
            shown = gap
            yield feasible(y, C, a, intercept)
        gaps.append(gap)
        if gap == 0 or (k >= WAIT and not gap <= LEAST * gaps[k - WAIT]):
            return
        ahead, level = _nearest(a + t * (1 - margins) / D, y, C, D, level, intercept)
        step = ahead - a
        change = A @ (A.T @ step)
        length, curvature = float(D @ step**2), float(step @ change)
        if not (curvature > 0 and np.isfinite(length)):
            return
        t = length / curvature if k % 2 else curvature / float((change**2 / D).sum())
        a, margins = ahead, margins + change


def _nearest(
    v: np.ndarray, y: np.ndarray, C: float, D: np.ndarray, level: float, intercept: bool
) -> tuple[np.ndarray, float]:
    """(a, ν): the a in the set that is nearest to v in D's norm, clip(v − νy/D), from a guess of ν on.

    yᵀa falls with ν and is linear between kinks: Newton's steps, halvings where they leave the bracket.
    """
    a = np.minimum(np.maximum(v, 0.0), C)
    if not intercept:
        return a, 0.0
    reach = float((D * (np.abs(v) + C)).max())
    low, high = -reach, reach
    for _ in range(ROUNDS):
        ahead = v - level * y / D
        a = np.minimum(np.maximum(ahead, 0.0), C)
        off = float(y @ a)
        if abs(off) <= BALANCED * C * len(y):
            break
        low, high = (level, high) if off > 0 else (low, level)
        fall = float((1 / D)[a == ahead].sum())
        level = level + off / fall if fall > 0 else np.inf
        level = level if low < level < high else (low + high) / 2
    return a, level
