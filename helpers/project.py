"""A table of one's own: read a CSV file with clear errors, fit convex models, and say what is proved and what is not.

table = read_table("houses.csv", target="price")       # ValueError says what to mend; table.notes what was done
verdict = study(table, rng=np.random.default_rng(0))   # splits, fits, certificates, a comparison with guessing
print(verdict)
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import solvers

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
LEVELS, LEAST_ROWS = 12, 30


@dataclass(frozen=True, eq=False)
class Table:
    """X of shape (n, p) and y of shape (n,): numbers, or −1/+1 for two classes, of the names `classes`."""

    X: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]
    target: str
    classes: tuple[str, str] | None
    notes: tuple[str, ...]


@dataclass
class Verdict:
    """`proved` is the largest relative gap of all fits, `better` mean and standard error of the gain over guessing, split by split."""

    table: Table
    model: str
    lam: float
    proved: float
    error: tuple[float, float]
    guessing: tuple[float, float]
    better: tuple[float, float]
    weights: list[tuple[str, float]] = field(default_factory=list)

    @property
    def useful(self) -> bool:
        """Whether the gain over guessing exceeds two standard errors."""
        return self.better[0] > 2 * self.better[1] and self.better[0] > 0

    def __str__(self) -> str:
        unit = "share wrong" if self.table.classes else "mean absolute error"
        n, p = self.table.X.shape
        lines = [
            f"{self.table.target}: {n} rows, {p} columns; {self.model}, λ = {self.lam:.3g}",
            f"proved: every fit is optimal to a relative gap of at most {max(self.proved, 1e-8):.0e}",
            f"{unit} on new rows {self.error[0]:.3g} ± {self.error[1]:.1g}, of guessing {self.guessing[0]:.3g}",
        ]
        if self.useful:
            names = ", ".join(f"{name} ({w:+.2g})" for name, w in self.weights[:3])
            lines.append(f"certified and useful; the largest weights: {names}")
        else:
            lines.append(
                "certified, and no better than guessing: the solver is not to blame. Change the columns, the rows or the question."
            )
        return "\n".join([*lines, *(f"note: {note}" for note in self.table.notes)])


def read_table(path: str | Path, target: str) -> Table:
    """The rows of a CSV file with a header. Separators , ; and tab are recognised, and a decimal comma where ; separates.

    Rows with missing values are left out, words become columns of 0 and 1 (up to twelve of them), constant columns go; `notes` tell. A target of
    two values is two classes. ValueError for what cannot be mended: no such file or column, too few rows, a target of many words.
    """
    header, rows, comma = _cells(Path(path))
    if target not in header:
        raise ValueError(f"target must be one of the columns {header}, not {target!r}")
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise ValueError(f"columns must have different names; {twice} occur more than once")
    notes: list[str] = []
    bad = [i for i, row in enumerate(rows, 2) if len(row) != len(header)]
    if bad:
        raise ValueError(
            f"line {bad[0]} has {len(rows[bad[0] - 2])} cells, the header has {len(header)}"
        )
    rows = _without_gaps(header, rows, target, notes)
    if len(rows) < LEAST_ROWS:
        raise ValueError(f"at least {LEAST_ROWS} complete rows are needed; there are {len(rows)}")
    if len({tuple(row) for row in rows}) < len(rows):
        notes.append(
            f"copies of other rows: {len(rows) - len({tuple(row) for row in rows})}; one may be on each side of a split"
        )
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    y, classes = _target(target, columns.pop(target), comma)
    names: list[str] = []
    parts: list[np.ndarray] = []
    for name, cells in columns.items():
        for label, column in _columns(name, cells, comma, notes):
            if np.ptp(column) == 0:
                notes.append(f"{label} is constant and was left out")
                continue
            names.append(label)
            parts.append(column)
            if abs(np.corrcoef(column, y)[0, 1]) > 0.999:
                notes.append(
                    f"{label} nearly equals the target: will it be known when you predict?"
                )
    if not parts:
        raise ValueError("no column is left to predict from")
    return Table(np.column_stack(parts), y, tuple(names), target, classes, tuple(notes))


def study(table: Table, rng: np.random.Generator, splits: int = 10, tol: float = 1e-6) -> Verdict:
    """Ridge or logistic regression on `splits` random thirds held out, λ chosen on a part of the rest, every fit certified."""
    lams = np.geomspace(1e-3, 1e2, 6)
    gaps, errors, guesses, chosen = [], [], [], []
    n = len(table.y)
    for _ in range(splits):
        order = rng.permutation(n)
        test, inner, train = order[: n // 3], order[n // 3 : n // 2], order[n // 2 :]
        scores = []
        for lam in lams:
            w, b, gap, scale = _fit(table, train, lam, tol)
            gaps.append(gap)
            scores.append(_error(table, inner, w, b, scale))
        best = float(lams[int(np.argmin(scores))])
        rest = order[n // 3 :]
        w, b, gap, scale = _fit(table, rest, best, tol)
        gaps.append(gap)
        chosen.append(best)
        errors.append(_error(table, test, w, b, scale))
        guesses.append(_guess(table, rest, test))
    lam = float(np.exp(np.mean(np.log(chosen))))
    w, b, gap, scale = _fit(table, np.arange(n), lam, tol)
    order = np.argsort(-np.abs(w))
    return Verdict(
        table,
        "logistic regression" if table.classes else "ridge regression",
        lam,
        max([*gaps, gap]),
        _mean(errors),
        _mean(guesses),
        _mean(np.subtract(guesses, errors)),
        [(table.names[j], float(w[j])) for j in order],
    )


def _cells(path: Path) -> tuple[list[str], list[list[str]], bool]:
    if not path.is_file():
        raise ValueError(f"path must be a CSV file; there is none at {str(path)!r}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="latin-1")
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise ValueError(
            f"path must be a CSV file with a header and rows; {path.name} has {len(lines)} lines"
        )
    separator = max(",;\t", key=lines[0].count)
    read = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    return read[0], read[1:], separator == ";"


def _without_gaps(
    header: list[str], rows: list[list[str]], target: str, notes: list[str]
) -> list[list[str]]:
    """Rows without missing cells, after columns with many of them have gone."""
    missing = np.array([[cell.lower() in MISSING for cell in row] for row in rows])
    sparse = [j for j in range(len(header)) if missing[:, j].mean() > 0.3 and header[j] != target]
    if sparse:
        notes.append(
            f"{', '.join(header[j] for j in sparse)}: missing in more than 30 % of the rows, left out"
        )
        kept = [j for j in range(len(header)) if j not in sparse]
        rows = [[row[j] for j in kept] for row in rows]
        missing = missing[:, kept]
        header[:] = [header[j] for j in kept]
    complete = np.atleast_1d(~missing.any(axis=1))
    if not complete.all():
        notes.append(f"rows with missing cells, left out: {int((~complete).sum())}")
    return [row for row, whole in zip(rows, complete, strict=True) if whole]


def _number(cell: str, comma: bool) -> float:
    return float(cell.replace(".", "").replace(",", ".") if comma and "," in cell else cell)


def _numbers(cells: Sequence[str], comma: bool) -> np.ndarray | None:
    try:
        found = np.array([_number(cell, comma) for cell in cells])
    except ValueError:
        return None
    return found if np.all(np.isfinite(found)) else None


def _target(
    name: str, cells: Sequence[str], comma: bool
) -> tuple[np.ndarray, tuple[str, str] | None]:
    values = sorted(set(cells))
    numbers = _numbers(cells, comma)
    if len(values) < 2:
        raise ValueError(f"target {name!r} is the same in all rows: there is nothing to predict")
    if len(values) == 2:
        return np.where(np.array(cells) == values[1], 1.0, -1.0), (values[0], values[1])
    if numbers is None:
        raise ValueError(
            f"target {name!r} must hold numbers or two classes; it holds {len(values)} different words, such as {values[0]!r}"
        )
    return numbers, None


def _columns(
    name: str, cells: Sequence[str], comma: bool, notes: list[str]
) -> list[tuple[str, np.ndarray]]:
    numbers = _numbers(cells, comma)
    if numbers is not None:
        return [(name, numbers)]
    levels = sorted(set(cells))
    if len(levels) > LEVELS:
        notes.append(f"{name} holds {len(levels)} different words and was left out")
        return []
    return [(f"{name} = {level}", (np.array(cells) == level).astype(float)) for level in levels[1:]]


def _fit(table: Table, rows: np.ndarray, lam: float, tol: float):
    X, y = table.X[rows], table.y[rows]
    centre, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    solve = solvers.logistic if table.classes else solvers.ridge
    if len(set(y)) < 2:  # a split may leave one class only: then the answer is that class
        return np.zeros(X.shape[1]), float(y[0]), 0.0, (centre, spread)
    fit = solve((X - centre) / spread, y, lam * len(y), tol=tol)
    return fit.w, fit.intercept, fit.certificate.relative_gap, (centre, spread)


def _error(table: Table, rows: np.ndarray, w: np.ndarray, b: float, scale) -> float:
    told = (table.X[rows] - scale[0]) / scale[1] @ w + b
    if table.classes:
        return float(np.mean(np.where(told > 0, 1.0, -1.0) != table.y[rows]))
    return float(np.mean(np.abs(told - table.y[rows])))


def _guess(table: Table, rows: np.ndarray, test: np.ndarray) -> float:
    """The error of the best constant: the commoner class, or the median."""
    if table.classes:
        common = 1.0 if np.mean(table.y[rows]) > 0 else -1.0
        return float(np.mean(table.y[test] != common))
    return float(np.mean(np.abs(table.y[test] - np.median(table.y[rows]))))


def _mean(values) -> tuple[float, float]:
    values = np.asarray(values, dtype=float)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
