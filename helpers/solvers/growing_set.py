"""Kernel machines on the rows that matter: a set that grows by the rows it gets wrong."""

from collections.abc import Iterator

import numpy as np

from helpers.certificates.margins import combination
from helpers.solvers.augmented_lagrangian import OUTER, Point, augmented_lagrangian, settled
from helpers.solvers.margin_machines import Gram

FIRST = 128  # rows to begin with, half of each class
WRONG, EXACT = 1e-3, 1e-10  # slacks of rows left out: on the way, and of a settled set
FULL = 0.6  # of the multipliers at C: then all that are wrong join at once
ALL = 0.5  # of the rows: more than that, and the set takes them all
PENALTY = 10  # of a row's own multiplier for a given slack: σ to begin with
ROUNDS = 60


def growing_set(K: np.ndarray, y: np.ndarray, C: float, intercept: bool) -> Iterator[np.ndarray]:
    """Yield multipliers of all rows, 0 outside a set that no row left out contradicts.

    A set's problem is solved, or where its sets {0 < a < C} do not settle at once gets one update
    of its multipliers, before the rows with a slack above 0 are looked for among the rest; the worst
    join, as many as are in the set.  Only the rows of K that are in use are read.  Ends where a
    set's own problem resists.
    Source: Joachims (1999), Making large-scale SVM learning practical (decomposition, §11.2);
    the problems on the set as in `svm`.
    """
    n = len(y)
    rows = _spread(y)
    # a row alone would move its multiplier by slack/Kᵢᵢ
    alone = 1 / max(float(K.diagonal().mean()), 1e-300)
    sigma = PENALTY * alone
    now = Point(np.zeros(len(rows) + 1), np.zeros(len(rows)), np.ones(len(rows)), sigma)
    for _ in range(ROUNDS):
        whole = len(rows) == n
        block = K if whole else K.take(rows, axis=0).take(rows, axis=1)
        machine = Gram(block, y[rows], intercept)
        joining = np.zeros(0, dtype=int)
        for ahead in _guessed(machine, C, now, alone):
            now = ahead
            if not whole:
                slack = _slacks(K, y, rows, now)
                joining = np.flatnonzero(slack > (EXACT if now.settled else WRONG))
            if len(joining) == 0:
                a = np.zeros(n)
                a[rows] = now.a
                yield a
            elif now.settled or len(joining) > n // 100:
                break
        if len(joining) == 0:
            return
        room = len(rows)
        if np.count_nonzero(now.a >= C) <= FULL * len(rows) and len(joining) > room:
            joining = joining[np.argpartition(-slack[joining], room)[:room]]
        rows, now = _joined(rows, now, joining, slack, sigma)


def _guessed(machine: Gram, C: float, now: Point, alone: float) -> Iterator[Point]:
    """The set's points; first, the sets that each row's slack alone tells, if they settle."""
    guess = np.clip(now.a + alone * now.slack, 0.0, C)
    yield from settled(machine, C, now.x, guess, now.slack, now.sigma)
    yield from augmented_lagrangian(machine, C, now, OUTER)


def _spread(y: np.ndarray) -> np.ndarray:
    """Some rows of each class, evenly spaced; all rows where they are few."""
    if len(y) <= FIRST:
        return np.arange(len(y))
    parts = [np.flatnonzero(y == sign) for sign in (1, -1)]
    return np.sort(np.concatenate([part[:: max(1, 2 * len(part) // FIRST)] for part in parts]))


def _slacks(K: np.ndarray, y: np.ndarray, rows: np.ndarray, now: Point) -> np.ndarray:
    """1 − yᵢ(f(xᵢ) + b) of the rows outside; those inside count as 0."""
    alpha = np.zeros(len(y))
    alpha[rows] = y[rows] * now.x[:-1]
    slack = 1 - y * (combination(K, alpha) + now.x[-1])
    slack[rows] = 0.0
    return slack


def _joined(
    rows: np.ndarray, now: Point, joining: np.ndarray, slack: np.ndarray, sigma: float
) -> tuple[np.ndarray, Point]:
    """The set with more rows, whose multipliers begin at 0; all of them where it has most."""
    n = len(slack)
    if len(rows) + len(joining) > ALL * n:
        joining = np.setdiff1d(np.arange(n), rows, assume_unique=True)
    place = np.concatenate([rows, joining])
    none = np.zeros(len(joining))
    x = np.concatenate([now.x[:-1], none])
    a = np.concatenate([now.a, none])
    slacks = np.concatenate([now.slack, slack[joining]])
    if len(place) == n:  # in the order of K, which then needs no copy
        order = np.argsort(place)
        place, x, a, slacks = place[order], x[order], a[order], slacks[order]
    return place, Point(np.append(x, now.x[-1]), a, slacks, sigma)
