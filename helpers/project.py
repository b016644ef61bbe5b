"""A study of a table of one's own: convex models, each fit with its certificate, and a comparison with guessing.

table = read_table("houses.csv", target="price")       # ValueError says what to mend; table.notes what was done
verdict = study(table, rng=np.random.default_rng(0))   # splits, fits, certificates, a comparison with guessing
print(verdict)
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers import solvers
from helpers.table import Table, read_table

__all__ = ["Table", "Verdict", "read_table", "study"]

LAMS = np.geomspace(1e-3, 1e2, 6)
LOSSES: dict[str, Callable] = {
    "ridge regression": solvers.ridge,
    "Huber regression": lambda X, y, lam, tol: solvers.huber(X, y, lam, delta=0.3, tol=tol),
    "logistic regression": solvers.logistic,
}


@dataclass
class Verdict:
    """`proved` is the largest relative gap of all fits, `better` mean and standard error of what a row gains over guessing."""

    table: Table
    model: str
    lam: float
    proved: float
    error: tuple[float, float]
    guessing: tuple[float, float]
    better: tuple[float, float]
    weights: list[tuple[str, float]] = field(default_factory=list)
    tol: float = 1e-6

    @property
    def certified(self) -> bool:
        """Whether every fit was proved optimal to `tol`."""
        return self.proved <= self.tol

    @property
    def useful(self) -> bool:
        """Whether the gain over guessing exceeds two standard errors."""
        return self.better[0] > 2 * self.better[1] and self.better[0] > 0

    def __str__(self) -> str:
        unit = "share wrong" if self.table.classes else "mean absolute error"
        n, p = self.table.X.shape
        lines = [f"{self.table.target}: {n} rows, {p} columns; {self.model}, λ = {self.lam:.3g}"]
        if self.certified:
            gap = max(self.proved, 1e-8)
            lines.append(f"proved: every fit is optimal to a relative gap of at most {gap:.0e}")
        else:
            lines.append(
                f"not proved: the relative gap of a fit is {self.proved:.0e}. First mend that: other units, a larger λ, another solver"
            )
        gain, off = self.better
        lines.append(
            f"{unit} on new rows {self.error[0]:.3g}, of guessing {self.guessing[0]:.3g}: better by {gain:.2g} ± {off:.1g}"
        )
        proof = "certified" if self.certified else "not certified"
        if self.useful:
            names = ", ".join(f"{name} ({w:+.2g})" for name, w in self.weights[:3])
            lines.append(f"{proof} and useful; the largest weights: {names}")
        else:
            blame = ": the solver is not to blame" if self.certified else ""
            lines.append(
                f"{proof}, and no better than guessing as far as {n} rows can tell{blame}. Change the columns, the rows or the question."
            )
        return "\n".join([*lines, *(f"note: {note}" for note in self._notes())])

    def _notes(self) -> list[str]:
        notes = list(self.table.notes)
        if self.error[0] < 0.01 * self.guessing[0]:
            notes.append(
                "hardly an error is left: is the target made of these columns, or one of them known only afterwards?"
            )
        if self.table.classes:
            share = np.mean(self.table.y > 0)
            if min(share, 1 - share) < 0.2:
                notes.append(
                    f"one class has {max(share, 1 - share):.0%} of the rows: a share wrong says little of the rare one"
                )
        return notes


def study(table: Table, rng: np.random.Generator, splits: int = 10, tol: float = 1e-6) -> Verdict:
    """Ridge or Huber or logistic regression on `splits` random thirds held out; loss and λ chosen on a part of the rest, every fit certified.

    What a row gains over guessing is averaged over the splits that hold it out; the standard error is that of these averages over
    the rows. (That of the splits' means would be too small, or with a correction too large: they share their rows.)
    """
    names = ("logistic regression",) if table.classes else ("ridge regression", "Huber regression")
    gaps: list[float] = []
    chosen: list[tuple[str, float]] = []
    n = len(table.y)
    test_rows = n // 3
    errors, guesses, held_out = np.zeros(n), np.zeros(n), np.zeros(n)
    for _ in range(splits):
        order = _shuffled(table, rng)
        test, inner, train = order[:test_rows], order[test_rows : n // 2], order[n // 2 :]
        scores = {}
        for name in names:
            for lam in LAMS:
                fit = _fit(table, train, name, lam, tol)
                gaps.append(fit.gap)
                scores[name, float(lam)] = float(np.mean(_errors(table, inner, fit)))
        best = min(scores, key=lambda choice: scores[choice])
        rest = order[test_rows:]
        fit = _fit(table, rest, *best, tol)
        gaps.append(fit.gap)
        chosen.append(best)
        errors[test] += _errors(table, test, fit)
        guesses[test] += _guessed(table, rest, test)
        held_out[test] += 1
    model = Counter(name for name, _ in chosen).most_common(1)[0][0]
    lam = float(np.exp(np.mean([np.log(lam) for name, lam in chosen if name == model])))
    fit = _fit(table, np.arange(n), model, lam, tol)
    order = np.argsort(-np.abs(fit.w))
    seen = held_out > 0
    errors, guesses = errors[seen] / held_out[seen], guesses[seen] / held_out[seen]
    return Verdict(
        table,
        model,
        lam,
        max([*gaps, fit.gap]),
        _mean(errors),
        _mean(guesses),
        _mean(guesses - errors),
        [(table.names[j], float(fit.w[j] * fit.y_spread)) for j in order],
        tol,
    )


@dataclass(frozen=True)
class _Fit:
    """w and b for standardised columns and target, and how these were standardised; columns are scaled before they are squared."""

    w: np.ndarray
    b: float
    gap: float
    size: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    y_centre: float
    y_spread: float


def _shuffled(table: Table, rng: np.random.Generator) -> np.ndarray:
    """The rows in random order; with classes, both evenly spread over it, so that each part has its share of both."""
    place = rng.random(len(table.y))
    if table.classes:
        for label in (-1.0, 1.0):
            rows = np.flatnonzero(table.y == label)
            place[rows] = (np.argsort(np.argsort(place[rows])) + rng.random()) / len(rows)
    return np.argsort(place)


def _fit(table: Table, rows: np.ndarray, model: str, lam: float, tol: float) -> _Fit:
    X, y = table.X[rows], table.y[rows]
    size = np.abs(X).max(axis=0)
    size = np.where(size > 0, size, 1.0)
    X = X / size
    centre, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 1e-13, spread, 1.0)
    y_centre, y_spread = 0.0, 1.0
    if not table.classes:  # in units of the target's own: a gap is relative to them
        largest = np.abs(y).max() or 1.0
        y_centre = float(np.median(y))
        y_spread = float(np.median(np.abs(y / largest - y_centre / largest))) * largest
        y_spread = y_spread or float(np.std(y / largest)) * largest or 1.0
        y = (y - y_centre) / y_spread
    solution: Any
    try:
        solution = LOSSES[model]((X - centre) / spread, y, lam * len(y), tol=tol)
    except solvers.ConvergenceError as error:
        solution = error.solution
    gap = float(solution.certificate.relative_gap)
    return _Fit(solution.w, solution.intercept, gap, size, centre, spread, y_centre, y_spread)


def _errors(table: Table, rows: np.ndarray, fit: _Fit) -> np.ndarray:
    told = (table.X[rows] / fit.size - fit.centre) / fit.spread @ fit.w + fit.b
    if table.classes:
        return np.where(told > 0, 1.0, -1.0) != table.y[rows]
    return np.abs(told * fit.y_spread + fit.y_centre - table.y[rows])


def _guessed(table: Table, rows: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The errors of the best constant: the commoner class, or the median."""
    if table.classes:
        return table.y[test] != (1.0 if np.mean(table.y[rows]) > 0 else -1.0)
    return np.abs(table.y[test] - np.median(table.y[rows]))


def _mean(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard error, of numbers of any size."""
    size = float(np.abs(values).max()) or 1.0
    return float(values.mean()), float((values / size).std(ddof=1) * size / np.sqrt(len(values)))
