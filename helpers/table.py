"""A table of one's own: a CSV file as numbers, with what was mended on the way in `notes`, or a ValueError that says what to mend.

table = read_table("houses.csv", target="price")
table.X, table.y, table.names, table.notes
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MISSING = {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "missing", "?", "-", "--", "."}
LEVELS, LEAST_ROWS, LEAST_OF_A_CLASS = 12, 30, 10
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\1\d{2,4}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")

Rows = list[list[str]]


@dataclass(frozen=True, eq=False)
class Table:
    """X of shape (n, p) and y of shape (n,): numbers, or −1/+1 for two classes, of the names `classes`."""

    X: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]
    target: str
    classes: tuple[str, str] | None
    notes: tuple[str, ...]


def read_table(path: str | Path, target: str) -> Table:
    """The rows of a CSV file with a header. Commas, semicolons, tabs and bars separate; decimal commas are understood.

    Rows with missing cells and copies of rows are left out, words become columns of 0 and 1 (up to twelve of them), constant
    columns go; `notes` tell. A target of two values is two classes. ValueError for what cannot be mended: no such file or
    column, no text, too few rows (30) or rows of a class (10), a target of many words.
    """
    notes: list[str] = []
    header, rows, comma = _cells(Path(path).expanduser(), target, notes)
    _stray_words(header, rows, comma, notes)
    rows = _without_gaps(header, rows, target, notes)
    rows = _without_copies(rows, notes)
    if len(rows) < LEAST_ROWS:
        raise ValueError(
            _because(
                f"at least {LEAST_ROWS} complete rows are needed; there are {len(rows)}", notes
            )
        )
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    y, classes = _target(target, columns.pop(target), comma)
    names: list[str] = []
    parts: list[np.ndarray] = []
    for name, cells in columns.items():
        for label, column in _columns(name, cells, comma, notes):
            size = np.abs(column).max()
            if np.ptp(column / (size or 1.0)) < 1e-12:
                notes.append(f"{label} is constant and was left out")
                continue
            names.append(label)
            parts.append(column)
            if abs(np.corrcoef(column / size, y / np.abs(y).max())[0, 1]) > 0.999:
                notes.append(
                    f"{label} nearly equals the target: will it be known when you predict?"
                )
    if not parts:
        raise ValueError(_because("no column is left to predict from", notes))
    return Table(np.column_stack(parts), y, tuple(names), target, classes, tuple(notes))


def _because(what: str, notes: list[str]) -> str:
    return f"{what} ({'; '.join(notes)})" if notes else what


def _text(path: Path, notes: list[str]) -> str:
    if not path.is_file():
        raise ValueError(f"path must be a CSV file; there is none at {str(path)!r}")
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if raw.startswith(b"PK\x03\x04") or b"\0" in raw[:4096]:
        raise ValueError(
            f"path must be a CSV file, which is text; {path.name} is not: export the table as CSV"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append("the file is not in UTF-8: it was read as Western European (Windows-1252)")
        return raw.decode("cp1252", errors="replace")


def _cells(path: Path, target: str, notes: list[str]) -> tuple[list[str], Rows, bool]:
    """The header, the other rows, each as long as the header, and whether a comma may be a decimal point."""
    text = _text(path, notes)
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        text = text[told.end() :]
    separator = told.group(1) if told else max(",;\t|", key=lambda s: _regularity(text, s))
    lines = _parsed(text, separator)
    if len(lines) < 2:
        raise ValueError(
            f"path must be a CSV file with a header and rows; {path.name} has {len(lines)} lines"
        )
    header, rows = lines[0][1], [row for _, row in lines[1:]]
    for number, row in lines[1:]:
        if len(row) != len(header):
            raise ValueError(f"line {number} has {len(row)} cells, the header has {len(header)}")
    kept = [j for j, name in enumerate(header) if name or any(row[j] for row in rows)]
    header = [header[j] or f"column {j + 1}" for j in kept]
    if target not in header:
        raise ValueError(f"target must be one of the columns {header}, not {target!r}")
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise ValueError(f"columns must have different names; {twice} occur more than once")
    return header, [[row[j] for j in kept] for row in rows], separator != ","


def _parsed(text: str, separator: str, most: int | None = None) -> list[tuple[int, list[str]]]:
    """(line, cells) of the rows that are not blank; a quoted cell may go over lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = []
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                found.append((reader.line_num, cells))
            if most and len(found) == most:
                break
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} cannot be read: {error}") from None
    return found


def _regularity(text: str, separator: str) -> tuple[float, int]:
    """How many of the first rows have as many cells as the header, and how many that are; nought for a single cell."""
    lengths = [len(row) for _, row in _parsed(text, separator, most=30)]
    if not lengths or lengths[0] == 1:
        return 0.0, 0
    return lengths.count(lengths[0]) / len(lengths), lengths[0]


def _stray_words(header: list[str], rows: Rows, comma: bool, notes: list[str]) -> None:
    """Cells that are no number in a column of numbers become missing ones."""
    for j, name in enumerate(header):
        told = [row for row in rows if row[j].lower() not in MISSING]
        if _numbers([row[j] for row in told], comma) is not None:
            continue
        stray = [row for row in told if _numbers([row[j]], comma) is None]
        if 0 < len(stray) <= len(told) / 20:
            notes.append(
                f"{name} holds numbers, and {stray[0][j]!r} or the like in {len(stray)} of {len(told)} cells: taken for missing"
            )
            for row in stray:
                row[j] = ""


def _without_gaps(header: list[str], rows: Rows, target: str, notes: list[str]) -> Rows:
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


def _without_copies(rows: Rows, notes: list[str]) -> Rows:
    """Each row once, unless equal rows are to be expected, since no column alone tells nearly all of them apart.

    A copy on the other side of a split would be predicted without anything having been learned.
    """
    once = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    copies = len(rows) - len(once)
    if not copies:
        return rows
    telling = max(len(set(column)) for column in zip(*once, strict=True))
    if telling < max(0.9 * len(once), LEAST_ROWS):
        notes.append(
            f"copies of other rows: {copies}, kept, since few values make equal rows likely"
        )
        return rows
    notes.append(f"copies of other rows: {copies}, left out")
    return once


def _numbers(cells: Sequence[str], comma: bool) -> np.ndarray | None:
    """The cells as numbers (or per cent), or None; commas group thousands or are decimal points."""
    if cells and all(cell.endswith("%") for cell in cells):
        cells = [cell[:-1] for cell in cells]
    if any("," in cell for cell in cells):
        if not comma and all(_GROUPED.fullmatch(cell) for cell in cells if "," in cell):
            cells = [cell.replace(",", "") for cell in cells]
        else:
            grouped = any(re.search(r"\.\d{3},", cell) for cell in cells)
            cells = [
                (cell.replace(".", "") if grouped or "," in cell else cell).replace(",", ".")
                for cell in cells
            ]
    try:
        found = np.array([float(cell) for cell in cells])
    except ValueError:
        return None
    return found if np.all(np.isfinite(found)) else None


def _target(
    name: str, cells: Sequence[str], comma: bool
) -> tuple[np.ndarray, tuple[str, str] | None]:
    numbers = _numbers(cells, comma)
    values = sorted(set(cells)) if numbers is None else [f"{v:.10g}" for v in np.unique(numbers)]
    if len(values) < 2:
        raise ValueError(f"target {name!r} is the same in all rows: there is nothing to predict")
    if len(values) == 2:
        first = np.array(cells) == values[0] if numbers is None else numbers == numbers.min()
        for value, count in zip(values, (first.sum(), (~first).sum()), strict=True):
            if count < LEAST_OF_A_CLASS:
                raise ValueError(
                    f"target {name!r} is {value!r} in {count} complete rows only; {LEAST_OF_A_CLASS} of each class are needed"
                )
        return np.where(first, -1.0, 1.0), (values[0], values[1])
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
        if not comma and any("," in cell for cell in cells if _GROUPED.fullmatch(cell)):
            notes.append(f"{name}: commas were taken to group thousands")
        steps = np.diff(numbers)
        if np.all((steps >= 1) & (steps == np.round(steps))) and steps.mean() < 1.5:
            notes.append(f"{name} counts the rows and was left out")
            return []
        return [(name, numbers)]
    levels = sorted(set(cells))
    if all(_DATE.match(cell) for cell in cells):
        notes.append(
            f"{name} holds dates and was left out: write what matters of them (a month, an age) as numbers"
        )
        return []
    if len(levels) > LEVELS:
        notes.append(
            f"{name} holds {len(levels)} different words, such as {levels[0]!r}, and was left out"
        )
        return []
    return [(f"{name} = {level}", (np.array(cells) == level).astype(float)) for level in levels[1:]]
