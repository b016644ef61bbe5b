"""Grades and feedback, made from the log alone."""

import csv
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from helpers.feedback import Card, worded

from .engine import Result
from .graded import Graded, final_score
from .late import Lateness
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

    def add(self, result: Result, score: float) -> None:
        if result.status == "not graded":
            self.not_graded.append(result.student)
            return
        self.graded += result.status == "graded"
        self.malformed += result.status == "malformed"
        self.total += score
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


def write_reports(graded: Graded) -> Summary:
    """`grades.csv` and `feedback/STUDENT.html`; each file appears whole or not at all."""
    out, assignment = graded.out, graded.assignment
    feedback = out / "feedback"
    feedback.mkdir(parents=True, exist_ok=True)
    page = template("feedback.html")
    summary = Summary()
    with whole(out / "grades.csv") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for result, late in graded.results():
            summary.add(result, final_score(result, late))
            table.writerow(row(result, assignment, late))
            with whole(feedback / file_name(result.student)) as html:
                html.write(render(page, result, assignment, late))
    return summary


def row(result: Result, assignment: str, late: Lateness | None) -> list[object]:
    """A row of nbgrader's export; without a score where there is none."""
    student = not_a_formula(result.student)
    time = late.submitted if late else ""
    if result.status == "not graded":
        return [assignment, "", time, student, "", "", "", "", "", "", result.max_score]
    score = final_score(result, late)
    lost = round(result.score - score, 6)
    scores = [result.score, lost, score, result.max_score]
    return [assignment, "", time, student, "", "", "", *scores]


def not_a_formula(text: str) -> str:
    """A spreadsheet runs what starts with one of these."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def file_name(student: str) -> str:
    """A file name for any student, that stays in its folder: readable where that is safe everywhere."""
    kept = (
        c if c.isalnum() or c in " @+,-_.()'~" else quote(c.encode("utf-8", "surrogatepass"), "")
        for c in student
    )
    name = "".join(kept)
    if name.strip(". ") != name:
        name = name.replace(".", "%2E").replace(" ", "%20")
    encoded = name.encode()
    short = f"{encoded[:150].decode('utf-8', 'ignore')}{digest(encoded)}"
    return f"{name if len(encoded) < 200 else short}.html"


def render(
    page: jinja2.Template, result: Result, assignment: str, late: Lateness | None = None
) -> str:
    """The page of one learner: a card for each exercise, with its counterexample."""
    cards = [(report, Card(report).html()) for report in result.reports]
    score = final_score(result, late)
    return page.render(result=result, assignment=assignment, cards=cards, late=late, score=score)


def template(name: str) -> jinja2.Template:
    """A page of ours; what is put into it is escaped."""
    folder = Path(__file__).parent / "templates"
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
    pages.globals.update(points=in_words, address=lambda student: quote(file_name(student)))
    pages.filters["worded"] = lambda sentence: Markup(worded(sentence))
    return pages.get_template(name)


def in_words(points: float) -> str:
    """Points as a person reads them: two places at most."""
    return f"{round(points, 2):g}"


class whole:
    """A text file that is written beside its place and moved there at the end."""

    def __init__(self, path: Path):
        self.path, self.part = path, path.with_name(f".{path.name}.part"[-250:])

    def __enter__(self) -> IO[str]:
        self.file = open(self.part, "w", encoding="utf-8", errors="backslashreplace", newline="")
        return self.file

    def __exit__(self, kind: object, *_: object) -> None:
        self.file.close()
        if kind is None:
            os.replace(self.part, self.path)
