"""Concave quadratic programs in a box, by Newton steps on the variables strictly inside it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from helpers.certificates.kernels import combination

LIFT, PROXIMAL = 1e-10, 1e-8  # added to K's diagonal: of itself, and of 1/(the box's width)
DAMPED = 0.03  # of 1/rate, times the share of J that is new: added while J is not known
FARTHEST, MORE, LEAST = 100.0, 30.0, 1e-5  # widths that a step may take; else the lift grows
SLOWER = 0.25  # of the rate, where all go to a bound
ABSORBED = 0.5  # of the box's width, for each variable inside: what they can balance
STALLED = 8  # factors without fewer changes of J than before
MET = 1e-10  # a residual that is none
LARGE = 200  # systems from this size on are factorised in single precision first
HALVED = 0.5  # by how much a step on the same variables must shrink the residuals
AGAIN = 4  # times as many steps as factors

Inverse = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Box:
    """low ≤ α ≤ high, and with `balance` Σα + rest = 0."""

    low: np.ndarray
    high: np.ndarray
    width: float
    balance: bool
    rest: float = 0.0

    def part(self, rows: np.ndarray, alpha: np.ndarray) -> "Box":
        """That of some variables, while the others stay where they are."""
        rest = self.rest + float(alpha.sum() - alpha[rows].sum())
        return Box(self.low[rows], self.high[rows], self.width, self.balance, rest)

    def nearest(self, alpha: np.ndarray) -> np.ndarray:
        return np.minimum(np.maximum(alpha, self.low), self.high)

    def aimed(
        self, alpha: np.ndarray, r: np.ndarray, b: float, rate: float
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """(α + rate·(r − b) put into the box, where that changed nothing, b).

        Where those strictly inside are too few to keep the balance, b is the one that keeps it.
        """
        for _ in range(2):
            ahead = alpha + rate * (r - b)
            target = self.nearest(ahead)
            inside = target == ahead
            room = ABSORBED * self.width * np.count_nonzero(inside)
            if not self.balance or 0 < room >= abs(target.sum() + self.rest):
                break
            b = self.level(alpha + rate * r, rate)
        return target, inside, b

    def level(self, v: np.ndarray, rate: float) -> float:
        """The b for which v − rate·b, put into the box, is balanced: a sum that falls with b."""
        kinks = np.sort(np.concatenate([v - self.low, v - self.high])) / rate
        first, last = 0, len(kinks) - 1
        excess = lambda k: float(self.nearest(v - rate * kinks[k]).sum()) + self.rest
        while last - first > 1:
            middle = (first + last) // 2
            first, last = (middle, last) if excess(middle) > 0 else (first, middle)
        above, below = excess(first), excess(last)  # linear in between
        share = above / (above - below) if above > below else 0.0
        return float(kinks[first] + share * (kinks[last] - kinks[first]))


def box_newton(
    K: np.ndarray,
    box: Box,
    alpha: np.ndarray,
    r: np.ndarray,
    b: float,
    rate: float,
    limit: int,
    loose: float = 0.0,
    enough: float = 0.0,
) -> tuple[np.ndarray, float, bool]:
    """(α, b, settled) on the way to max vᵀα − ½αᵀKα in the box, for r = v − Kα, with `limit` factors.

    Where α + rate·(r − b) is outside the box, αᵢ goes to the bound; the others, J, get (r − b)_J = 0 and
    the balance by one linear system, whatever the box says. `settled` when J and the bounds stay as
    they are: then α is the maximum, or less by at most `enough`. With `loose` it ends where less
    than that share of J changes.
    Source: Hintermüller, Ito & Kunisch (2003), The primal-dual active set strategy as a semismooth
    Newton method.
    """
    inside = (alpha > box.low) & (alpha < box.high)
    face: _Face | None = None
    J, worst = np.zeros(0, dtype=int), np.inf
    factors, single, fewest, stalled = 0, True, len(alpha), 0
    for _ in range(AGAIN * limit):
        was = inside
        target, inside, b = box.aimed(alpha, r, b, rate)
        new = inside != was
        d = np.where(inside, 0.0, target - alpha)
        moves, changes = bool(d.any()), int(np.count_nonzero(new))
        if face and (changes + moves < loose * len(J) or (changes and factors == limit)):
            break
        if face and changes:
            stalled = 0 if changes < fewest else stalled + 1
            fewest = min(changes, fewest)
            if stalled == STALLED:
                break
        if moves:
            alpha, r = alpha + d, r - combination(K, d)
        if changes or not face:
            face, J = None, inside.nonzero()[0]
        right = r[J] - b
        size = np.abs(right)
        before, worst = worst, float(size.max(initial=0.0))
        if not moves and (worst <= MET or box.width * float(size.sum()) <= enough):
            return alpha, b, True
        if len(J) == 0:
            rate *= SLOWER
            continue
        if face and not moves and worst > HALVED * before:  # the factor is no good
            if not single:
                break
            face = None
            single = False
        excess = float(alpha.sum()) + box.rest
        if face is None:
            factors += 1
            lift = float(DAMPED / rate * np.count_nonzero(new & inside) / len(J))
            face = _Face(K, J, box, lift, single)
            step, shift = face.step(right, excess)
            while lift < 1 / rate and not np.abs(step).max() <= FARTHEST * box.width:
                lift = max(MORE * lift, LEAST / rate)
                face = _Face(K, J, box, lift, single)
                step, shift = face.step(right, excess)
        else:
            step, shift = face.step(right, excess)
        if not np.isfinite(shift + step.sum()):
            break
        alpha, r, b = alpha.copy(), r - step @ face.rows, b + shift
        alpha[J] += step
    return alpha, b, False


class _Face:
    """Newton's system [K_JJ 1; 1ᵀ 0] (without 1 where there is no balance to keep), factorised."""

    def __init__(self, K: np.ndarray, J: np.ndarray, box: Box, lift: float, single: bool):
        self.rows = K.take(J, axis=0) if len(J) < len(K) else K
        inverse = None
        if single and len(J) >= LARGE:
            inverse = _single(self.rows.astype(np.float32).take(J, axis=1), lift)
        if inverse is None:
            inverse = _double(self.rows.take(J, axis=1), lift + PROXIMAL / box.width)
        self.inverse, self.balance = inverse, box.balance
        self.along: np.ndarray | None = None

    def step(self, right: np.ndarray, excess: float) -> tuple[np.ndarray, float]:
        """(d, shift): Kd + shift·1 = right and Σd = −excess."""
        if not self.balance:
            return self.inverse(right), 0.0
        if self.along is None:
            d, self.along = self.inverse(np.array([right, np.ones(len(right))]).T).T
        else:
            d = self.inverse(right)
        shift = (float(d.sum()) + excess) / float(self.along.sum())
        return d - shift * self.along, shift


def _single(S: np.ndarray, lift: float) -> Inverse | None:
    """The map from v to nearly S⁻¹v; None where S is not positive definite in single precision."""
    S.flat[:: len(S) + 1] += np.float32(lift)
    factor, failed = lapack.spotrf(S.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        return None
    return lambda v: lapack.spotrs(factor, v.astype(np.float32), lower=1)[0].astype(float)


def _double(S: np.ndarray, lift: float) -> Inverse:
    """The same in double precision, S lifted by a trace; to NaN where that fails as well."""
    S.flat[:: len(S) + 1] += LIFT * S.diagonal() + lift
    factor, failed = lapack.dpotrf(S.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        return lambda v: np.full_like(v, np.nan)
    return lambda v: lapack.dpotrs(factor, v, lower=1)[0]
