"""The engine of lasso and elastic net: working sets, continuation in λ, Newton on each face."""

from typing import Any

import numpy as np
from scipy import sparse

from helpers.certificates import Certificate
from helpers.certificates import regression as proofs
from helpers.solvers.columns import Columns
from helpers.solvers.common import Solution, certified
from helpers.solvers.elastic_dual import elastic_dual
from helpers.solvers.orthant_newton import orthant_newton
from helpers.solvers.rotations import projected
from helpers.solvers.working_set import DenseSet, working_set

SHRINK = 0.25  # λ falls by this factor until it has the value that is asked for
SMALLEST = 20  # columns that join a working set at once, at least
FEW, TALL = 300, 4  # so many columns, with that many times more rows, all join at once where
MOST = 0.45  # more than that share of them want to
LOOSE = 1e-3  # accuracy on the way
ROUNDS, PATIENCE = 200, 5
LARGE = 10_000_000  # entries of the columns in use, beyond which no residual is projected


class L1Regression:
    """½‖Xw + b − y‖² + λ₁‖w‖₁ + ½λ₂‖w‖² for data and λ₂ that stay, and λ₁ that may change.

    The working set and its Gram matrix live from one λ₁ to the next, which makes paths cheap.
    """

    def __init__(self, X: Any, y: np.ndarray, lam2: float, intercept: bool):
        self.X, self.y, self.lam2, self.intercept = X, y, lam2, intercept
        self.columns = Columns(X.tocsc() if sparse.issparse(X) else X, intercept)
        self.shift = float(y.mean()) if intercept else 0.0
        self.target = y - self.shift
        self.work = working_set(self.columns, lam2)
        self.whole = False  # whether all columns are in it from the start
        self.barred = np.zeros(self.columns.p, dtype=bool)  # constant columns

    def solve(self, model: str, lam: float, tol: float, w: np.ndarray) -> Solution:
        """The certified answer at λ₁ = lam > 0, from w on; ConvergenceError otherwise."""
        best, smallest, stale, grown = w, np.inf, 0, False
        r = self.target - self.columns.predict(w) if w.any() else self.target
        z = self._slopes(r, w)
        self.whole = self._whole(int(np.count_nonzero(np.abs(z) > lam)))
        direct = w.any() or self.whole
        at = lam if direct else max(lam, SHRINK * float(np.abs(z).max()))
        found = self._by_the_dual(lam, tol, w, r, z)
        if found:
            w, r, z = found
            at = lam
        for count in range(1, ROUNDS + 1):
            if at == lam and (w.any() or np.abs(z).max() <= lam):
                solution = self._solution(lam, w, count) if self.whole else None
                draft = solution.certificate if solution else self._draft(r, z, lam, w)
                stale = 0 if grown or draft.gap < 0.5 * smallest else stale + 1
                if draft.gap < smallest:
                    best, smallest = w, draft.gap
                if draft.proves(tol):
                    solution = solution or self._solution(lam, w, count)
                    if solution.certificate.proves(tol):
                        return solution
                if stale >= PATIENCE:
                    break
            grown = self._choose(w, z, at)
            w, at = self._on_working_set(w, z, at, lam, tol)
            r = self.target - self.work.predict(w[self.work.index])
            z = self._slopes(r, w)
        solution = self._solution(lam, best, count)
        if not solution.certificate.proves(tol):
            solution = self._solution(lam, best, count, self._projected(lam, best))
        return certified(model, solution, tol)

    def _by_the_dual(
        self, lam: float, tol: float, w: np.ndarray, r: np.ndarray, z: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """(w, r, z) ahead, where λ₂ makes the dual smooth enough for Newton's steps; see `elastic_dual`."""
        work = self.work
        if not self.lam2 or not isinstance(work, DenseSet) or len(work.index) or self.whole:
            return None
        if not np.abs(z).max() > lam:
            return None
        Xtr = z + self.lam2 * w
        s = proofs.best_multiple(r, self.target, Xtr, lam, self.lam2)
        found = elastic_dual(self.columns, work, self.target, lam, self.barred, s * r, s * Xtr, tol)
        return (found[0], found[1], found[2] - self.lam2 * found[0]) if found else None

    def _whole(self, wanted: int) -> bool:
        """Whether all columns join at once: then no detour by larger λ is worth its while."""
        n, p = self.columns.n, self.columns.p
        return p <= min(FEW, n / TALL) and wanted > MOST * p

    def _slopes(self, r: np.ndarray, w: np.ndarray) -> np.ndarray:
        z = self.columns.correlate(r)
        return z - self.lam2 * w if self.lam2 else z

    def _draft(self, r: np.ndarray, z: np.ndarray, lam: float, w: np.ndarray) -> Certificate:
        Xtu = z + self.lam2 * w if self.lam2 else z
        return proofs.from_correlations(self.target, r, r, Xtu, lam, self.lam2, w)

    def _solution(
        self, lam: float, w: np.ndarray, count: int, dual: np.ndarray | None = None
    ) -> Solution:
        b = self.shift - float(self.columns.mean @ w) if self.intercept else None
        proof = proofs.elastic_net(self.X, self.y, lam, self.lam2, w, b, dual)
        return Solution(w, b or 0.0, proof, count)

    def _projected(self, lam: float, w: np.ndarray) -> np.ndarray | None:
        """The residual with the slopes that w asks for, where columns are so long that it lacks them."""
        used = np.flatnonzero(w)
        r = self.target - self.columns.predict(w)
        if len(used) == 0 or self.columns.n * len(used) > LARGE:
            return None
        A = self.X[:, used].toarray() if self.columns.sparse else self.X[:, used]
        slopes = lam * np.sign(w[used]) + self.lam2 * w[used]
        return projected(A - self.columns.mean[used], r, slopes)

    def _choose(self, w: np.ndarray, z: np.ndarray, at: float) -> bool:
        """Columns in use, those near the bound, and the worst violators; whether any were new."""
        work, columns = self.work, self.columns
        if len(work.index) == 0 and self.whole:
            self.barred[work.grow(np.arange(columns.p))] = True
            return True
        inside = work.index
        if len(inside) < columns.p and columns.p > FEW:
            work.keep((w[inside] != 0) | (np.abs(z[inside]) > 0.99 * at))
        score = np.abs(z)
        score[self.barred] = 0.0
        score[w != 0] = np.inf  # a start may bring coefficients that are not in the set yet
        score[work.index] = 0.0
        new = np.flatnonzero(score > at)
        used = int(np.count_nonzero(w))  # never more than n: beyond, the Gram matrix is singular
        room = max(SMALLEST, min(used, (columns.n - used) // 2))
        if len(new) > room:
            new = new[np.argpartition(-score[new], room - 1)[:room]]
        if len(new) or len(work.index) < len(inside):
            self.barred[work.grow(np.sort(new))] = True
        return len(new) > 0

    def _on_working_set(
        self, w: np.ndarray, z: np.ndarray, at: float, lam: float, tol: float
    ) -> tuple[np.ndarray, float]:
        """Newton at λ = `at`, then at the next λ: one pass over X serves both."""
        work = self.work
        index = work.index
        v = w[index]
        # the true slopes, not the Gram matrix's, so that rounding in it is mended from round to round
        c = z[index] + work.product(v)
        everything = len(index) + np.count_nonzero(self.barred) == self.columns.p
        final = 1e-13 if not self.columns.sparse else max(1e-13, 0.01 * tol)
        if not everything:  # while other columns wait outside, more accuracy than theirs is wasted
            worst = float(np.abs(z).max()) / lam - 1
            final = max(final, min(LOOSE, 0.01 * worst))
        steps = 0
        while True:
            v, _ = orthant_newton(work, c, v, at, final if at == lam else LOOSE)
            steps += 1
            if at == lam or (steps > 1 and not everything):
                break
            at = max(lam, SHRINK * at)
        w = np.zeros(self.columns.p)
        w[index] = v
        return w, at
