"""Sparse logistic regression: min Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + λ‖w‖₁."""

from math import isqrt, log
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg.blas import dasum

from helpers.certificates.classification import with_slopes
from helpers.solvers.binary_loss import losses
from helpers.solvers.common import (
    Solution,
    Start,
    certified,
    check_data,
    check_entries,
    check_number,
    check_start,
)
from helpers.solvers.margin_data import two_classes
from helpers.solvers.orthant_newton import orthant_newton
from helpers.solvers.weighted_set import EFFORTS, WeightedSet, weights

SHRINK = 0.1  # λ falls by this factor until it has the value that is asked for
CHEAP = 1e6  # products, np²: for no more of them the working set is all columns
SMALLEST = 20  # columns that may join at once at least
LOOSE, FINEST = 1e-2, 1e-13  # accuracy of a quadratic model's minimum
SHARE = 0.1  # of the gap: what a working set may leave that other columns have just joined
ENOUGH = 0.5  # of the gap that is asked for: what any other may leave
SETTLED = 0.05  # a working set is settled when no larger share of it is new
FACES, ROUGH = 10, 2  # Newton steps for one quadratic model, and while columns queue to join
MOST = 0.7  # of the columns: where more are wanted, all of them cost less than to choose
ROOM = 0.5  # of the columns in use: so many may join at once
ROUNDS, INNER, PATIENCE = 200, 8, 8
FALL = 0.01  # a round is not lost that lowers the objective by this share of the gap
ARMIJO, ROUNDING, HALVINGS = 1e-4, 1e-14, 12
SURE = 1e-16  # a row whose a is 1 within rounding counts as this far from it
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
    X, y = check_data(X, y, entries=False)
    two_classes(y)
    lam, tol = check_number("lam", lam), check_number("tol", tol)
    w, b = check_start(start, (X.shape[1],), intercept)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        columns = X.tocsc() if sparse.issparse(X) else X
        search = _Search(columns, y, intercept, w, b)
        none = 1.001 * len(y) * log(2)  # what w = 0 comes to at most
        if not search.loss + lam * dasum(w) <= none:  # a start that is worse
            search = _Search(columns, y, intercept, np.zeros(X.shape[1]), 0.0)
        search.look()
        check_entries(X, search.z if search.a.all() else None)
        return certified("sparse_logistic", _solve(search, lam, tol), tol)


def _solve(search: "_Search", lam: float, tol: float) -> Solution:
    """Rounds of the search, while λ falls to `lam`, until `tol` is proved or nothing helps."""
    best: Solution | None = None
    at = lam if search.w.any() else max(lam, SHRINK * float(np.abs(search.z).max()))
    stale, lowest, smallest = 0, np.inf, np.inf
    for count in range(1, ROUNDS + 1):
        gap = goal = np.inf
        if at > lam or search.crowded:
            if count > 1:
                search.look()
        else:
            value = search.loss + lam * dasum(search.w)
            if count > 1 and not search.ready:
                search.look()
            gap = search.gap(lam, search.z, search.w)
            if search.ready or gap <= tol * max(1.0, value):
                solution = search.proved(lam, count)
                gap = solution.certificate.gap
                if best is None or gap < best.certificate.gap:
                    best = solution
                if best.certificate.proves(tol):
                    return best
            goal = ENOUGH * tol * max(1.0, value)
            falls = value < lowest - FALL * gap or gap < 0.5 * smallest
            stale = 0 if falls else stale + 1
            lowest, smallest = min(value, lowest), min(gap, smallest)
        helped = search.round(at, gap, goal)
        if at == lam and not search.crowded and (stale >= PATIENCE or not helped):
            break
        if not search.crowded:  # else more columns want to join than may: λ waits for them
            at = max(lam, SHRINK * at)
        search.crowded &= helped
    last = search.proved(lam, count)
    return last if best is None or last.certificate.gap < best.certificate.gap else best


class _Search:
    """The point of the search, its predictions and slopes, and its working set."""

    def __init__(self, X: Any, y: np.ndarray, intercept: bool, w: np.ndarray, b: float):
        self.X, self.y, self.intercept = X, y, intercept
        self.n, self.p = X.shape
        self.whole = not sparse.issparse(X) and self.n * self.p**2 <= CHEAP
        self.set = WeightedSet(X, np.zeros(0, dtype=int), intercept)
        self.worst, self.crowded, self.ready = np.inf, False, False
        if intercept and not w.any() and b == 0:
            up = np.count_nonzero(y > 0)
            b = float(np.log(up / (self.n - up)))
        used = np.flatnonzero(w)
        f = X[:, used] @ w[used] + b if len(used) else np.full(self.n, b)
        self._arrive(w, b, f, *losses(y * f))

    def _arrive(self, w: np.ndarray, b: float, f: np.ndarray, loss: float, a: np.ndarray) -> None:
        """Be at (w, b), with the scores f; u = y∘a is balanced as a Newton step on b would do it."""
        self.w, self.b, self.f, self.loss, self.a = w, b, f, loss, a
        self.d, self.u, self.tilt = weights(a), self.y * a, 0.0
        self.unbalanced = 0.0  # what an intercept off its best costs, to the second order
        if self.intercept:
            slope = float(np.add.reduce(self.u))
            self.tilt = slope / float(np.add.reduce(self.d))
            self.unbalanced = self.tilt * slope / 2
            self.u = self.u - self.tilt * self.d

    def proved(self, lam: float, count: int = 1) -> Solution:
        """The point with its proof, which finds the slopes of all columns on its way."""
        b = self.b if self.intercept else None
        proof, self.z = with_slopes(self.X, self.y, lam, self.w, b)
        return Solution(self.w, self.b, proof, count)

    def look(self) -> None:
        """Minus the loss's gradient in w, with b at its best, for every column."""
        self.z = self.X.T @ self.u

    def gap(self, lam: float, z: np.ndarray, w: np.ndarray) -> float:
        """The duality gap for the columns whose slopes are z, to the second order of their excess.

        With h as in the certificate, loss = Σ h(aᵢ) − aᵢmᵢ, and h′(aᵢ) = mᵢ: so the point s·a that is
        shrunk to fit has the gap λ‖w‖₁ − s zᵀw + ½(1 − s)² Σ aᵢ/(1 − aᵢ).
        """
        s = min(1.0, lam / max(float(np.abs(z).max(initial=0.0)), 1e-300))
        gap = lam * dasum(w) - s * float(z @ w) + self.unbalanced
        if s == 1:
            return gap
        rest = np.maximum(1 - self.a, SURE)
        return gap + (1 - s) ** 2 / 2 * float((self.a / rest).sum())

    def _choose(self, at: float) -> np.ndarray:
        """Columns in use, those near the bound, and the worst violators."""
        if self.whole:
            return np.arange(self.p)
        score, used, inside = np.abs(self.z), self.w != 0, self.set.index
        smallest = max(SMALLEST, isqrt(self.p) // 4)  # each round asks for a pass over all p
        many = int(np.count_nonzero(used))  # beyond n of them the Hessian is singular
        room = max(1, min(max(smallest, int(ROOM * many)), (self.n - many) // 2))
        used[inside] |= score[inside] > 0.99 * at
        score[used] = 0.0
        new = np.flatnonzero(score > at)
        self.crowded = len(new) > room
        if self.crowded:
            new = new[np.argpartition(-score[new], room - 1)[:room]]
        index = np.concatenate([np.flatnonzero(used), new])
        if self.n >= self.p and len(index) > MOST * self.p and not sparse.issparse(self.X):
            self.whole, self.crowded = True, False
            return np.arange(self.p)
        return index

    def round(self, at: float, gap: float, goal: float) -> bool:
        """Newton steps on a working set, until it leaves a gap of `goal`; False if none helps.

        A set that others have just joined is solved no closer than to a share of the gap; while λ
        falls, and while columns queue to join, it gets one step.
        """
        once, self.ready = goal == np.inf, False
        index = self._choose(at)
        if len(index) == 0:
            return False
        self.set = model = self.set.change(index, self.d)
        index = model.index
        v, z = self.w[index], self.z[index]
        worst = _off(v, z, at)
        loose = max(goal, SHARE * gap) if model.joined and not self.whole else goal
        if model.joined <= SETTLED * len(index) and worst > 0.5 * self.worst:
            model.effort = min(model.effort + 1, len(EFFORTS) - 1)
        self.worst = worst
        for step in range(INNER):
            if not self._newton(at, v, z, index, worst):
                return step > 0
            if once:
                break
            v, z = self.w[index], model.A.T @ self.u
            left = self.gap(at, z, v)
            self.ready = left <= goal
            if left <= loose or self.crowded or not model.gathered:
                break
            worst = _off(v, z, at)
        return True

    def _newton(
        self, at: float, v: np.ndarray, z: np.ndarray, index: np.ndarray, worst: float
    ) -> bool:
        """One proximal Newton step on the working set; False where it brings nothing."""
        accuracy = max(FINEST, min(LOOSE, 0.1 * worst * min(1.0, worst)))
        self.set.weigh(self.d)
        for damping in DAMPINGS:
            self.set.damp(damping)
            if self._step(at, v, z, index, accuracy):
                return True
        return False

    def _step(
        self, at: float, v: np.ndarray, z: np.ndarray, index: np.ndarray, accuracy: float
    ) -> bool:
        """Go towards the model's minimum as far as the objective falls."""
        model, y = self.set, self.y
        limit = ROUGH if self.crowded else FACES
        u, _ = orthant_newton(model, z, v, at, accuracy, limit, origin=v)
        d = u - v
        shift = self.tilt - float(model.mean @ d) if self.intercept else 0.0
        ahead = model.A @ d + shift
        size, size_next = dasum(v), dasum(u)
        slope = -float((y * self.a) @ ahead) + at * (size_next - size)
        value = self.loss + at * size
        for t in (0.5**k for k in range(HALVINGS)):
            trial, f = (u, self.f + ahead) if t == 1 else (v + t * d, self.f + t * ahead)
            loss, a = losses(y * f)
            goal = value + ARMIJO * t * min(slope, 0.0) + ROUNDING * abs(value)
            if loss + at * dasum(trial) <= goal:
                break
        else:
            return False
        w = np.zeros(self.p)
        w[index] = trial
        self._arrive(w, self.b + t * shift, f, loss, a)
        return True


def _off(v: np.ndarray, z: np.ndarray, at: float) -> float:
    """How far the worst slope is from what optimality asks, relative to λ."""
    sign = np.sign(v)
    return max(float((np.abs(z - at * sign) - at * (sign == 0)).max()), 0.0) / at
