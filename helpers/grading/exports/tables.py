"""Canvas' and Moodle's own tables, filled in: only what they exported is imported again safely."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ..engine import Result
from ..graded import Graded, final_score
from ..intake import number_of
from ..report import whole
from .words import feedback_words

Row = dict[str, str]
CANVAS_KEPT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section")
POSSIBLE = "Points Possible"


@dataclass
class Table:
    """A platform's table as it was: its columns and rows, what separates them, and whether a mark leads."""

    columns: list[str]
    rows: list[Row]
    separator: str
    mark: str

    @classmethod
    def read(cls, path: Path, needed: tuple[str, ...]) -> "Table":
        """`ValueError` where this is no table with these columns; commas, semicolons or tabs."""
        try:
            text = path.read_bytes().decode("utf-8")
        except OSError as error:
            raise ValueError(f"{path} could not be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ValueError(
                f"{path} is not in UTF-8: take it as the platform exported it, not as a spreadsheet "
                "saved it."
            ) from None
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        for separator in ",;\t":
            table = csv.DictReader(io.StringIO(text.removeprefix(mark), ""), delimiter=separator)
            try:
                columns = list(table.fieldnames or [])
                if set(needed) <= set(columns):
                    rows = [{k: v or "" for k, v in row.items() if k is not None} for row in table]
                    return cls(columns, rows, separator, mark)
            except csv.Error as error:
                raise ValueError(f"{path} could not be read as a table: {error}.") from None
        raise ValueError(
            f"{path} has no column {needed[-1]!r}: export the table from the platform itself "
            "(`export --help` says where)."
        )

    def write(self, to: Path, columns: list[str]) -> None:
        """Write it again with these columns alone."""
        with whole(to) as file:
            file.write(self.mark)
            table = csv.DictWriter(
                file, columns, restval="", extrasaction="ignore", delimiter=self.separator
            )
            table.writeheader()
            table.writerows(self.rows)


class People:
    """The rows of a table by what names a person; who has the name of another is found by neither."""

    def __init__(self, numbers: Iterator[tuple[str, Row]], names: Iterator[tuple[str, Row]]):
        self.numbers, self.names = _unique(numbers, str), _unique(names, _spelling)

    def find(self, student: str) -> Row | None:
        """By the platform's number in the file's name, and by that alone where it has one."""
        by_name, number = self.names.get(_spelling(student)), number_of(student) or student
        return by_name or self.numbers.get(number)


def canvas(graded: Graded, roster: Path, to: Path, column: str = "") -> list[str]:
    """Fill a gradebook that Canvas exported (Grades, Export) for import; who has no row in it.

    A student is found by the number in the name of the file that Canvas gave, else by login, SIS number or
    name, if only one row has it. `column` is the assignment's column there, such as "A2 (4711)"; by
    default the one whose name begins with the assignment's number, else a new one.
    """
    table = Table.read(roster, ("Student", "ID"))
    column = _column(graded, table, column, roster)
    people = People(
        ((row["ID"], row) for row in table.rows if row["ID"]),
        ((name, row) for row in table.rows if row["ID"] for name in _names(row)),
    )
    lost: list[str] = []
    for result, late in graded.results():
        theirs = people.find(result.student)
        if theirs is None:
            lost.append(result.student)
        elif result.status != "not graded":
            theirs[column] = _points(final_score(result, late))
        for row in table.rows:
            if column not in table.columns and row["Student"].strip() == POSSIBLE:
                row[column] = _points(result.max_score)
    kept = [name for name in table.columns if name in CANVAS_KEPT]
    table.write(to, [*kept, column])
    return lost


def moodle(graded: Graded, roster: Path, to: Path, column: str = "") -> list[str]:
    """Fill a grading worksheet of Moodle (Download grading worksheet); who has no row in it.

    A student is found by the participant's number, which stands in the first column in every language,
    else by e-mail address or full name. `column` is that of the grade, "Grade" by default.
    """
    table = Table.read(roster, (column or "Grade",))
    identifier, comments = table.columns[0], "Feedback comments"
    people = People(
        ((re.sub(r"\D", "", row[identifier]), row) for row in table.rows),
        (
            (row[key], row)
            for row in table.rows
            for key in ("Full name", "Email address")
            if row.get(key)
        ),
    )
    if comments not in table.columns and not column:
        table.columns.append(comments)
    lost: list[str] = []
    for result, late in graded.results():
        theirs = people.find(result.student)
        if theirs is None:
            lost.append(result.student)
        elif result.status != "not graded":
            theirs[column or "Grade"] = _points(final_score(result, late))
            theirs[comments] = _html(result)
    table.write(to, table.columns)
    return lost


def _column(graded: Graded, table: Table, column: str, roster: Path) -> str:
    """Where the scores go; never a guess between two."""
    theirs = [name for name in table.columns if name not in CANVAS_KEPT]
    named = [name for name in theirs if re.match(rf"{re.escape(graded.lesson)}\b", name)]
    if column and column not in theirs:
        raise ValueError(f"{roster} has no column {column!r}; it has {', '.join(theirs)}.")
    if not column and len(named) > 1:
        raise ValueError(f"Say which with --column: {', '.join(named)}.")
    return column or (named[0] if named else graded.assignment)


def _names(row: Row) -> Iterator[str]:
    yield from (row[key] for key in ("SIS Login ID", "SIS User ID", "Student") if row.get(key))
    last, comma, first = row["Student"].partition(",")
    if comma:
        yield f"{first.strip()} {last.strip()}"


def _unique(pairs: Iterator[tuple[str, Row]], spelling: Callable[[str], str]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    twice: set[str] = set()
    for name, row in pairs:
        key = spelling(name)
        if found.setdefault(key, row) is not row:
            twice.add(key)
    return {key: row for key, row in found.items() if key not in twice}


def _spelling(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def _points(score: float) -> str:
    return f"{round(score, 4):g}" if score < 1e5 else f"{score:.2f}"


def _html(result: Result) -> str:
    """Moodle reads a comment as HTML: "a < b" would lose its end."""
    return escape(feedback_words(result), quote=False).replace("\n", "<br>")
