"""Kernel machines by decomposition: a block of rows at a time, the others' multipliers held."""

from collections.abc import Iterator

import numpy as np

from helpers.solvers.box_newton import MET, Box, box_newton
from helpers.solvers.margin_data import two_classes

ALL, FIRST = 200, 128  # rows: up to so many one block serves; else so many begin
ROOM = 96  # rows that may join those strictly between 0 and C, or as many as these are
MOST = 0.5  # of the rows: a block that large takes them all
STEPS = 2  # of Newton's method on a block that leaves rows out
LOOSE = 0.1  # of a block's face: so few changes end its steps, while as many rows join
PATIENCE = 8  # blocks, after which more steps are taken and more rows join
LIMIT = 40  # blocks, and steps on the block of all rows
RATE = 0.3  # of the move of αᵢ that would bring a row's own residual to 0
BOUND, STEEP = 0.2, 4.0  # of C, if multipliers come to it; and how soon a residual means C
ENOUGH = 0.3  # of the gap that is asked for: what a block's own residuals may cost
OFF = 1e-6  # of C: by how much a multiplier may be out of its bounds to be worth a proof


def decomposition(
    K: np.ndarray,
    y: np.ndarray,
    C: float,
    intercept: bool,
    tol: float,
    alike: np.ndarray | None = None,
) -> Iterator[np.ndarray]:
    """Yield α towards max yᵀα − ½αᵀKα, 0 ≤ yᵢαᵢ ≤ C, 1ᵀα = 0 (intercept); `alike` is K classes_alike(y).

    What it yields is worth a proof: an α that seems within `tol`, the exact one, or the last where it
    is not found. With f = Kα the residuals yᵢ − fᵢ − b are 0 where 0 < yᵢαᵢ < C, and of one sign at
    either bound. A block holds the rows strictly between, and of those whose residual contradicts their
    bound the worst; it gets a few Newton steps, for which the block's rows of K are read.
    Source: Joachims (1999), Making large-scale SVM learning practical, §11.2.
    """
    n = len(y)
    box = Box(np.minimum(0.0, C * y), np.maximum(0.0, C * y), C, intercept)
    rate = RATE / max(float(K.diagonal().mean()), 1e-300)
    alpha, f = _begun(K, y, C, box, K @ classes_alike(y) if alike is None else alike)
    b, settled, rows = 0.0, False, np.zeros(0, dtype=int)
    share, block = ENOUGH, Block(K, max(int(MOST * n), 2 * FIRST))
    for count in range(LIMIT):
        moved, _, b = box.aimed(alpha, y - f, b, rate)
        residual, clipped = y - f - b, box.nearest(alpha)
        if _gap(y, C, alpha, f, residual, clipped) <= tol:
            yield alpha.copy()
        kept = ((alpha > box.low) & (alpha < box.high)) | (clipped != alpha)
        wrong = np.where((moved != alpha) & ~kept, np.abs(residual), 0.0)
        joining = (wrong > MET).nonzero()[0]
        if len(rows) == n or (settled and len(joining) == 0):
            if share == 0:
                break
            share = 0.0
        effort = 1 + count // PATIENCE
        room = max(effort * ROOM, int(np.count_nonzero(kept)))
        if len(joining) > room:
            joining = joining[np.argpartition(-wrong[joining], room)[:room]]
        whole = n <= ALL or not 0 < np.count_nonzero(kept) + len(joining) <= MOST * n
        kept[joining] = True
        rows = kept.nonzero()[0]
        few = len(joining) <= LOOSE * (len(rows) - len(joining))
        if whole:
            rows, across = np.arange(n), K
        else:
            if count == 0 and not alpha.any():
                rows = _spread(y)
            rows, across = block.of(rows)
        here = alpha[rows]
        ahead, b, settled = box_newton(
            K if whole else across.take(rows, axis=1),
            box.part(rows, alpha),
            here,
            (y - f)[rows],
            b,
            rate,
            limit=LIMIT if whole else effort * STEPS,
            loose=0.0 if whole or few else LOOSE,
            enough=share * tol * max(1.0, float(y @ alpha - alpha @ f / 2)),
        )
        alpha[rows] = ahead
        f = f + (ahead - here) @ across
    yield alpha


class Block:
    """Some rows of K side by side; those that stay from one block to the next are not read again."""

    def __init__(self, K: np.ndarray, most: int):
        self.K, self.space = K, np.empty((most, len(K)))
        self.rows = np.zeros(0, dtype=int)

    def of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(rows, K's rows), in an order of its own: first those that are there, without gaps."""
        wanted = np.zeros(len(self.K), dtype=bool)
        wanted[rows] = True
        stay = wanted[self.rows]
        count = np.count_nonzero(stay)
        holes, late = (~stay[:count]).nonzero()[0], count + stay[count:].nonzero()[0]
        self.rows[holes], self.space[holes] = self.rows[late], self.space[late]
        wanted[self.rows[:count]] = False
        joined = wanted.nonzero()[0]
        self.rows = np.concatenate([self.rows[:count], joined])
        across = self.space[: len(self.rows)]
        self.K.take(joined, axis=0, out=across[count:], mode="clip")
        return self.rows, across


def _gap(
    y: np.ndarray,
    C: float,
    alpha: np.ndarray,
    f: np.ndarray,
    residual: np.ndarray,
    clipped: np.ndarray,
) -> float:
    """The relative gap that α will have, but for what bringing it into its bounds costs."""
    if np.abs(clipped - alpha).max() > OFF * C:
        return np.inf
    loss, square = C * float(np.maximum(y * residual, 0.0).sum()), float(alpha @ f)
    return (loss + square - float(y @ clipped)) / max(1.0, loss + square / 2)


def classes_alike(y: np.ndarray) -> np.ndarray:
    """A classifier's α: the rows of a class count alike, the classes as much as one another, none beyond 1."""
    two_classes(y)
    counts = [np.count_nonzero(y == sign) for sign in (-1, 1)]
    return min(counts) * y / np.where(y > 0, counts[1], counts[0])


def _begun(
    K: np.ndarray, y: np.ndarray, C: float, box: Box, alike: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(α, Kα): 0, or where many multipliers will be at C, what simple residuals say.

    They are those of the best multiple of `classes_alike`, which K maps to `alike`; how large that
    multiple is tells whether C bounds many.
    """
    weights = classes_alike(y)
    best = float(y @ weights) / max(float(weights @ alike), 1e-300)
    if best <= BOUND * C:
        return np.zeros(len(y)), np.zeros(len(y))
    v = STEEP * C * (y - min(best, C) * alike)
    shift = STEEP * C * box.level(v, STEEP * C) if box.balance else 0.0
    alpha = box.nearest(v - shift)
    return alpha, K @ alpha


def _spread(y: np.ndarray) -> np.ndarray:
    """Some rows of each class, evenly spaced."""
    parts = [np.flatnonzero(y == sign) for sign in (1, -1)]
    return np.sort(np.concatenate([part[:: max(1, 2 * len(part) // FIRST)] for part in parts]))
