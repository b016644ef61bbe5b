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

SHRINK = 0.1  # λ falls by this factor until it has the value that is asked for
SMALLEST = 20  # columns that may join at once at least
LOOSE, FINEST = 1e-2, 1e-13  # accuracy of a quadratic model's minimum
SHARE = 0.1  # of the gap: what a working set may leave that other columns have just joined
ENOUGH = 0.5  # of the gap that is asked for: what any other may leave
SETTLED = 0.05  # a working set is settled when no larger share of it is new
FACES, ROUGH = 10, 2  # Newton steps for one quadratic model, and while columns queue to join
ROOM = 0.5  # of the columns in use: so many may join at once
BALANCED = 1e-10  # of the intercept's curvature: a slope that is none
ROUNDS, INNER, PATIENCE = 200, 8, 8
FALL = 0.01  # a round is not lost that lowers the objective by this share of the gap
ARMIJO, ROUNDING, HALVINGS = 1e-4, 1e-14, 12
DAMPINGS = (0.0, 1e-8, 1e-4, 1.0, 1e4)  # tried in turn where the step does not descend


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
    closest = search.w, search.b, np.inf
    z = search.slopes()
    at = lam if w.any() else max(lam, SHRINK * float(np.abs(z).max()))
    stale, value = 0, np.inf
    for count in range(1, ROUNDS + 1):
        goal = np.inf
        if at == lam:
            now, gap = search.value(lam), search.gap(lam, z)
            goal = ENOUGH * tol * max(1.0, now)
            falls = now < value - FALL * gap or gap < 0.5 * closest[2]
            stale, value = 0 if falls else stale + 1, min(value, now)
            if gap < closest[2]:
                closest = search.w, search.b, gap
                if gap <= tol * max(1.0, now):
                    best = _proved(X, y, lam, intercept, *closest[:2], count)
                    if best.certificate.proves(tol):
                        return best
        if (stale >= PATIENCE or not search.round(at, z, goal)) and at == lam:
            break
        if not search.crowded:  # else more columns want to join than may: λ waits for them
            at = max(lam, SHRINK * at)
        z = search.slopes()
    last = _proved(X, y, lam, intercept, *closest[:2], count)
    if best is None or last.certificate.gap < best.certificate.gap:
        best = last
    return certified("sparse_logistic", best, tol)


def _proved(X, y, lam, intercept, w, b, count) -> Solution:
    proof = certificates.sparse_logistic(X, y, lam, w, b if intercept else None)
    return Solution(w, b, proof, count)


class _Search:
    """The point of the search, its predictions and slopes, and its working set."""

    def __init__(self, X: Any, y: np.ndarray, intercept: bool, w: np.ndarray, b: float):
        self.X, self.y, self.intercept = X, y, intercept
        self.n, self.p = X.shape
        self.set = WeightedSet(X, np.zeros(0, dtype=int), intercept)
        self.worst, self.crowded = np.inf, False
        if intercept and not w.any() and b == 0:
            up = np.count_nonzero(y > 0)
            b = float(np.log(up / (self.n - up)))
        self.w, self.b = w, b
        used = np.flatnonzero(w)
        self.f = X[:, used] @ w[used] + b
        self.loss, self.a = losses(y * self.f)

    def slopes(self) -> np.ndarray:
        """Minus the loss's gradient, for every column."""
        return self.X.T @ (self.y * self.a)

    def value(self, lam: float) -> float:
        return self.loss + lam * float(np.abs(self.w).sum())

    def gap(self, lam: float, z: np.ndarray) -> float:
        """The duality gap for the columns whose slopes are z, but for the rounding of yᵀa = 0."""
        a = self.a * min(1.0, lam / max(float(np.abs(z).max(initial=0.0)), 1e-300))
        return self.value(lam) - float(entr(a).sum() + entr(1 - a).sum())

    def _choose(self, at: float, z: np.ndarray) -> np.ndarray:
        """Columns in use, those near the bound, and the worst violators."""
        score = np.abs(z)
        inside = self.set.index
        stay = inside[score[inside] > 0.99 * at]
        used = np.flatnonzero(self.w)
        old = np.union1d(stay, used)
        score[old] = 0.0
        new = np.flatnonzero(score > at)
        room = max(SMALLEST, int(ROOM * len(used)))
        self.crowded = len(new) > room
        if self.crowded:
            new = new[np.argpartition(-score[new], room - 1)[:room]]
        return np.concatenate([old, new])

    def round(self, at: float, z: np.ndarray, goal: float) -> bool:
        """Newton steps on a working set, until it leaves a gap of `goal`; False if none helps.

        A set that others have just joined is solved no closer than to a share of the gap; while λ
        falls, and while columns queue to join, it gets one step.
        """
        once = goal == np.inf
        before, index = self.set.index, self._choose(at, z)
        if len(index) == 0:
            return False
        weights = np.maximum(self.a * (1 - self.a), 1e-300)
        self.set = self.set.change(index, weights)
        index = self.set.index
        joined = len(index) - len(np.intersect1d(index, before, assume_unique=True))
        worst = self._off(z[index], index, at)
        if joined and not once:
            goal = max(goal, SHARE * self.gap(at, z))
        if joined <= SETTLED * len(index) and worst > 0.5 * self.worst:
            self.set.effort = min(self.set.effort + 1, len(EFFORTS) - 1)
        self.worst, z = worst, z[index]
        for step in range(INNER):
            if step:
                z = self.set.A.T @ (self.y * self.a)
                if self.gap(at, z) <= goal:
                    return True
                worst = self._off(z, index, at)
            if not self._newton(at, z, index, worst):
                return step > 0
            if self.intercept:
                self._balance()
            if once or self.crowded or not self.set.gathered:
                break
        return True

    def _balance(self) -> None:
        """Newton steps on the intercept alone, while they are short: the dual point needs yᵀa = 0."""
        for _ in range(2):
            slope, curvature = float(self.y @ self.a), float(self.a @ (1 - self.a))
            if not BALANCED * curvature < abs(slope) < 0.5 * curvature:
                break
            self.b, self.f = self.b + slope / curvature, self.f + slope / curvature
            self.loss, self.a = losses(self.y * self.f)

    def _off(self, z: np.ndarray, index: np.ndarray, at: float) -> float:
        """How far the worst slope is from what optimality asks, relative to λ."""
        v = self.w[index]
        off = np.where(v != 0, np.abs(z - at * np.sign(v)), np.maximum(np.abs(z) - at, 0.0))
        return float(off.max()) / at

    def _newton(self, at: float, z: np.ndarray, index: np.ndarray, worst: float) -> bool:
        """One proximal Newton step on the working set; False where it brings nothing."""
        accuracy = max(FINEST, min(LOOSE, 0.1 * worst * min(1.0, worst)))
        total, model = float(self.y @ self.a), self.set
        model.weigh(np.maximum(self.a * (1 - self.a), 1e-300))
        if self.intercept:
            z = z - total * model.mean
        for damping in DAMPINGS:
            if damping != model.damping:
                model.damp(damping)
            if self._step(at, z, index, accuracy, total):
                return True
        return False

    def _step(
        self, at: float, z: np.ndarray, index: np.ndarray, accuracy: float, total: float
    ) -> bool:
        """Go towards the model's minimum as far as the objective falls."""
        v, model = self.w[index], self.set
        limit = ROUGH if self.crowded else FACES
        u, _ = orthant_newton(model, z + model.product(v), v, at, accuracy, limit)
        d = u - v
        shift = total / model.total - float(model.mean @ d) if self.intercept else 0.0
        ahead = model.A @ d + shift
        size = float(np.abs(v).sum())
        slope = -float(z @ d) + at * (float(np.abs(u).sum()) - size)
        if self.intercept:
            slope -= total**2 / model.total
        value = self.loss + at * size
        for t in 0.5 ** np.arange(HALVINGS):
            trial, f = (u, self.f + ahead) if t == 1 else (v + t * d, self.f + t * ahead)
            loss, a = losses(self.y * f)
            goal = value + ARMIJO * t * min(slope, 0.0) + ROUNDING * abs(value)
            if loss + at * float(np.abs(trial).sum()) <= goal:
                break
        else:
            return False
        w = np.zeros(self.p)
        w[index] = trial
        self.w, self.b, self.f, self.loss, self.a = w, self.b + t * shift, f, loss, a
        return True
