"""Sparse logistic regression: min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + λ‖w‖₁."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import entr

from helpers import certificates
from helpers.solvers.binary_loss import losses
from helpers.solvers.common import (
    Solution,
    Start,
    certified,
    check_data,
    check_number,
    check_start,
)
from helpers.solvers.margin_data import two_classes
from helpers.solvers.orthant_newton import orthant_newton
from helpers.solvers.weighted_set import EFFORTS, WeightedSet

SHRINK = 0.5  # λ falls by this factor until it has the value that is asked for
SMALLEST, FEW = 20, 300  # columns that join at once at least; so many of a tall X all join at once
LOOSE, FINEST = 1e-2, 1e-13  # accuracy of a quadratic model's minimum
SETTLED = 0.05  # a working set is settled when no larger share of it is new
FACES = 10  # Newton steps for one quadratic model
ROUNDS, PATIENCE = 200, 8
FALL = 0.01  # a round is not lost that lowers the objective by this share of the gap
ARMIJO, ROUNDING = 1e-4, 1e-14


def sparse_logistic(
    X: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Solve min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + λ‖w‖₁ and prove it.

    X (n, p) dense or scipy.sparse, y (n,) in {−1, +1}, lam > 0; `start` is an answer to a similar
    problem or a pair (w, b). Proximal Newton steps: the loss's quadratic model, on a working set of
    columns, is minimised by Newton's method on the faces of the orthants, while λ falls to its value.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one class
    only and lam ≤ 0; ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Lee, Sun & Saunders (2014), Proximal Newton-type methods; Massias et al. (2020), Dual
    extrapolation for sparse GLMs (working sets).
    """
    X, y = check_data(X, y)
    two_classes(y)
    lam, tol = check_number("lam", lam), check_number("tol", tol)
    w, b = check_start(start, (X.shape[1],), intercept)
    search = _Search(X.tocsc() if sparse.issparse(X) else X, y, intercept, w, b)
    best: Solution | None = None
    at = lam if w.any() else max(lam, SHRINK * float(np.abs(search.z).max()))
    stale, value = 0, np.inf
    for count in range(1, ROUNDS + 1):
        if at == lam:
            gap = search.gap(lam)
            falls = search.value(lam) < value - FALL * gap
            if best is None or gap < best.certificate.gap:
                b_or_none = search.b if intercept else None
                proof = certificates.sparse_logistic(X, y, lam, search.w, b_or_none)
                if best is None or proof.gap < best.certificate.gap:
                    falls = falls or best is None or proof.gap < 0.5 * best.certificate.gap
                    best = Solution(search.w, search.b, proof, count)
                if proof.proves(tol):
                    break
            stale, value = 0 if falls else stale + 1, min(value, search.value(lam))
        if (stale >= PATIENCE or not search.step(at)) and at == lam:
            break
        if not search.crowded:  # else more columns want to join than may: λ waits for them
            at = max(lam, SHRINK * at)
    assert best is not None
    return certified("sparse_logistic", best, tol)


class _Search:
    """The point of the search, its predictions and slopes, and its working set."""

    def __init__(self, X: Any, y: np.ndarray, intercept: bool, w: np.ndarray, b: float):
        self.X, self.y, self.intercept = X, y, intercept
        self.n, self.p = X.shape
        self.inside = np.zeros(0, dtype=int)
        self.effort, self.worst, self.crowded = 0, np.inf, False
        if intercept and not w.any() and b == 0:
            up = np.count_nonzero(y > 0)
            b = float(np.log(up / (self.n - up)))
        self._move(w, b)

    def _move(self, w: np.ndarray, b: float) -> None:
        used = np.flatnonzero(w)
        f = self.X[:, used] @ w[used]
        if self.intercept:
            b = _polished(self.y, f, b)
        self.w, self.b = w, b
        self.f = f + b
        self.loss, self.a = losses(self.y * self.f)
        self.s = self.y * self.a
        self.z = self.X.T @ self.s

    def gap(self, lam: float) -> float:
        """The duality gap but for the rounding of yᵀa = 0."""
        a = self.a * min(1.0, lam / max(float(np.abs(self.z).max()), 1e-300))
        return self.value(lam) - float(entr(a).sum() + entr(1 - a).sum())

    def value(self, lam: float) -> float:
        return self.loss + lam * float(np.abs(self.w).sum())

    def _choose(self, at: float) -> np.ndarray:
        """Columns in use, those near the bound, and the worst violators."""
        if self.p <= min(FEW, self.n):
            return np.arange(self.p)
        score = np.abs(self.z)
        stay = self.inside[score[self.inside] > 0.99 * at]
        used = np.flatnonzero(self.w)
        old = np.union1d(stay, used)
        score[old] = 0.0
        new = np.flatnonzero(score > at)
        room = max(SMALLEST, len(used))
        self.crowded = len(new) > room
        if self.crowded:
            new = new[np.argpartition(-score[new], room - 1)[:room]]
        return np.union1d(old, new)

    def step(self, at: float) -> bool:
        """One proximal Newton step on the working set; False where it brings nothing."""
        before, index = self.inside, self._choose(at)
        self.inside = index
        if len(index) == 0:
            return False
        A = self.X if len(index) == self.p else self.X[:, index]
        v, total = self.w[index], float(self.s.sum())
        z = self.z[index]
        off = np.where(v != 0, np.abs(z - at * np.sign(v)), np.maximum(np.abs(z) - at, 0.0))
        worst = float(off.max()) / at
        accuracy = max(FINEST, min(LOOSE, 0.1 * worst * min(1.0, worst)))
        weights = np.maximum(self.a * (1 - self.a), 1e-300)
        joined = len(index) - len(np.intersect1d(index, before, assume_unique=True))
        if joined <= SETTLED * len(index) and worst > 0.5 * self.worst:
            self.effort = min(self.effort + 1, len(EFFORTS) - 1)
        self.worst = worst
        model = WeightedSet(A, weights, self.intercept, self.effort)
        z = z - total * model.mean
        u, _ = orthant_newton(model, z + model.product(v), v, at, accuracy, FACES)
        d = u - v
        shift = total / model.total - float(model.mean @ d) if self.intercept else 0.0
        ahead = A @ d + shift
        size = float(np.abs(v).sum())
        slope = -float(z @ d) + at * (float(np.abs(u).sum()) - size)
        if self.intercept:
            slope -= total**2 / model.total
        value = self.loss + at * size
        for t in 0.5 ** np.arange(30):
            trial = u if t == 1 else v + t * d
            loss, _ = losses(self.y * (self.f + t * ahead))
            goal = value + ARMIJO * t * min(slope, 0.0) + ROUNDING * abs(value)
            if loss + at * float(np.abs(trial).sum()) <= goal:
                break
        else:
            return False
        w = np.zeros(self.p)
        w[index] = trial
        self._move(w, self.b + t * shift)
        return True


def _polished(y: np.ndarray, f: np.ndarray, b: float) -> float:
    """b after a few Newton steps on the loss of the predictions f, while they are short."""
    for _ in range(3):
        _, a = losses(y * (f + b))
        slope, curvature = float(y @ a), float(a @ (1 - a))
        if not abs(slope) < 0.5 * curvature:
            break
        b += slope / curvature
        if abs(slope) <= 1e-12 * curvature:
            break
    return b
