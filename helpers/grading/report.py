"""Grades and feedback, made from the log alone."""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import jinja2

from helpers.feedback import Card

from .engine import Result
from .submission import digest

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


@dataclass
class Summary:
    """What the teacher reads at the end."""

    graded: int = 0
    malformed: int = 0
    not_graded: list[str] = field(default_factory=list)
    total: float = 0.0
    max_score: float = 0.0

    def add(self, result: Result) -> None:
        if result.status == "not graded":
            self.not_graded.append(result.student)
            return
        self.graded += result.status == "graded"
        self.malformed += result.status == "malformed"
        self.total += result.score
        self.max_score = result.max_score

    def __str__(self) -> str:
        counted = self.graded + self.malformed
        lines = [f"{self.graded} graded, {self.malformed} malformed (0 points, with a reason)"]
        if counted:
            lines.append(f"mean {self.total / counted:.2f} of {self.max_score:g} points")
        if self.not_graded:
            names = ", ".join(self.not_graded[:10])
            more = ", …" if len(self.not_graded) > 10 else ""
            lines.append(
                f"{len(self.not_graded)} NOT GRADED for a fault of ours: {names}{more}. "
                "Run the same command again; if they stay, see results.jsonl."
            )
        return "\n".join(lines)


def write_reports(results: Iterable[Result], assignment: str, out: Path) -> Summary:
    """`grades.csv` and `feedback/STUDENT.html`; each file appears whole or not at all."""
    feedback = out / "feedback"
    feedback.mkdir(parents=True, exist_ok=True)
    page = _template()
    summary = Summary()
    with _whole(out / "grades.csv") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for result in results:
            summary.add(result)
            table.writerow(row(result, assignment))
            with _whole(feedback / file_name(result.student)) as html:
                html.write(render(page, result, assignment))
    return summary


def row(result: Result, assignment: str) -> list[object]:
    """A row of nbgrader's export; without a score where there is none."""
    score = "" if result.status == "not graded" else result.score
    student = _not_a_formula(result.student)
    return [assignment, "", "", student, "", "", "", score, 0.0, score, result.max_score]


def _not_a_formula(text: str) -> str:
    """A spreadsheet runs what starts with one of these."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def file_name(student: str) -> str:
    """A file name for any student, that stays in its folder."""
    name = quote(student.encode("utf-8", "replace"), safe=" @+,").replace(".", "%2E")
    return f"{name if len(name) < 200 else name[:150] + digest(name.encode())}.html"


def render(page: jinja2.Template, result: Result, assignment: str) -> str:
    """The page of one learner: a card for each exercise, with its counterexample."""
    cards = [(report, Card(report).html()) for report in result.reports]
    return page.render(result=result, assignment=assignment, cards=cards)


def _template() -> jinja2.Template:
    folder = Path(__file__).parent / "templates"
    loader = jinja2.FileSystemLoader(folder)
    return jinja2.Environment(loader=loader, autoescape=True).get_template("feedback.html")


class _whole:
    """A text file that is written beside its place and moved there at the end."""

    def __init__(self, path: Path):
        self.path, self.part = path, path.with_name(f".{path.name}.part"[-250:])

    def __enter__(self) -> IO[str]:
        self.file = open(self.part, "w", encoding="utf-8", errors="replace", newline="")
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        self.file.close()
        if kind is None:
            os.replace(self.part, self.path)
