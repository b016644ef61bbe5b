"""Canvas' and Moodle's own tables, filled in: only what they exported is imported again safely."""

import csv
import re
from pathlib import Path

from ..graded import Graded, final_score
from ..intake import number_of
from ..report import whole
from .words import feedback_words

Row = dict[str, str]


def canvas(graded: Graded, roster: Path, to: Path, column: str = "") -> list[str]:
    """Fill a gradebook that Canvas exported (Grades, Export) for import; who has no row in it.

    A student is found by the number in the name of the file that Canvas gave, or by login or name.
    `column` is the assignment's column there, such as "A2 (4711)"; by default the one whose
    name begins with the assignment's number, else a new one.
    """
    columns, rows = _read(roster, ("Student", "ID"))
    named = [name for name in columns if re.match(rf"{graded.lesson}\b", name)]
    column = column or (named[0] if named else graded.assignment)
    keys = ("ID", "SIS User ID", "SIS Login ID", "Student")
    by_key = {row[key]: row for key in reversed(keys) for row in rows if row.get(key)}
    lost: list[str] = []
    for result, late in graded.results():
        key = number_of(result.student)
        theirs = by_key.get(key if key in by_key else result.student)
        if theirs is None:
            lost.append(result.student)
        elif result.status != "not graded":
            theirs[column] = f"{final_score(result, late):g}"
    kept = [name for name in columns if name in (*keys, "Section", "Root Account")]
    _write(to, [*kept, column], rows)
    return lost


def moodle(graded: Graded, roster: Path, to: Path) -> list[str]:
    """Fill a grading worksheet of Moodle (Download grading worksheet); who has no row in it.

    A student is found by the participant's number, or by e-mail address or full name. Grade and
    feedback are both filled: Moodle drops grades whose feedback column is missing.
    """
    columns, rows = _read(roster, ("Identifier", "Grade"))
    by_key = {
        row[key]: row for key in ("Full name", "Email address") for row in rows if row.get(key)
    }
    for row in rows:
        by_key[re.sub(r"\D", "", row["Identifier"])] = row
    lost: list[str] = []
    for result, late in graded.results():
        key = number_of(result.student)
        theirs = by_key.get(key if key in by_key else result.student)
        if theirs is None:
            lost.append(result.student)
        elif result.status != "not graded":
            theirs["Grade"] = f"{final_score(result, late):g}"
            theirs["Feedback comments"] = feedback_words(result)
    if "Feedback comments" not in columns:
        columns.append("Feedback comments")
    _write(to, columns, rows)
    return lost


def _read(path: Path, needed: tuple[str, ...]) -> tuple[list[str], list[Row]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            rows = [{k: v or "" for k, v in row.items() if k is not None} for row in table]
            columns = list(table.fieldnames or [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} could not be read as a table: {error}") from None
    for name in needed:
        if name not in columns:
            raise ValueError(f"{path} has no column {name!r}: export it from the platform itself.")
    return columns, rows


def _write(to: Path, columns: list[str], rows: list[Row]) -> None:
    with whole(to) as file:
        table = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
