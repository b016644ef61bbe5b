"""What is generated: the order of the pages, the table of lessons, the index of exercises."""

import inspect
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ...exercises.assignments import declared
from ...exercises.exercise import Exercise

PARTS = {
    "Part I · Convexity": ("00", "01", "02", "03", "A1"),
    "Part II · Algorithms": ("04", "05", "06", "07", "08", "A2"),
    "Part III · Models": ("09", "10", "11", "12", "13", "14", "15", "A3"),
    "Part IV · Deep learning": ("16", "17", "18", "19", "20", "21", "A4"),
}
ROW = re.compile(r"^\| \w+ \| \[([^\]]+)\]\(course/([^)]+)\.ipynb\) \| ([^|]+) \|", re.M)


@dataclass(frozen=True)
class Lesson:
    """One row of the README's table: the page, its title, and what one learns there."""

    page: str
    title: str
    learn: str

    @property
    def number(self) -> str:
        return self.page.rpartition("/")[2].split("_")[0]


def lessons(root: Path) -> list[Lesson]:
    """The lessons and assignments in the order of the README's table."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    return [Lesson(page, title, learn.strip()) for title, page, learn in ROW.findall(readme)]


def by_part(found: list[Lesson]) -> dict[str, list[Lesson]]:
    """The lessons of each part; those that no part names, a teacher's own, come last."""
    parts = {
        part: [lesson for lesson in found if lesson.number in numbers]
        for part, numbers in PARTS.items()
    }
    placed = {lesson.page for inside in parts.values() for lesson in inside}
    own = [lesson for lesson in found if lesson.page not in placed]
    return {part: inside for part, inside in [*parts.items(), ("More", own)] if inside}


def contents(found: list[Lesson], rest: dict[str, list[str]]) -> str:
    """The hidden tables of contents that make the menu, and previous and next."""
    groups = {part: [lesson.page for lesson in inside] for part, inside in by_part(found).items()}
    return "\n\n".join(
        "```{toctree}\n:hidden:\n:caption: " + caption + "\n\n" + "\n".join(pages) + "\n```"
        for caption, pages in {**groups, **rest}.items()
    )


def map_of_lessons(found: list[Lesson]) -> str:
    """The lessons as a list for the landing page, as HTML."""
    parts = []
    for part, inside in by_part(found).items():
        items = "".join(
            f'<li><a href="{lesson.page}.html"><b>{_short(lesson.number)}</b>'
            f"<span>{escape(lesson.title)}</span></a><p>{escape(lesson.learn)}</p></li>"
            for lesson in inside
        )
        parts.append(f"<section><h3>{escape(part)}</h3><ol>{items}</ol></section>")
    return "\n".join(parts)


def count(found: list[Lesson]) -> str:
    """How many lessons and assignments there are, as a sentence."""
    assignments = sum(lesson.number.startswith("A") for lesson in found)
    return f"{len(found) - assignments} lessons and {assignments} graded assignments in four parts."


def index_of_exercises(found: list[Lesson]) -> str:
    """A page of all exercises, from their declarations: never an answer, never a judge."""
    pages = {lesson.number: lesson for lesson in found}
    known = {number: module for number, module in declared().items() if number in pages}
    exercises = sum(len(module.EXERCISES) for module in known.values())
    points = sum(e.points for module in known.values() for e in module.EXERCISES)
    text = [
        "# Exercises\n",
        f"{exercises} functions to write, {points:g} points. In a notebook a card says at once whether an answer is right, and "
        "proves it; the assignments (A1 to A4) are graded by hidden checks, and their solutions are not on this site.\n",
    ]
    for number, module in sorted(known.items(), key=lambda item: found.index(pages[item[0]])):
        lesson = pages[number]
        kind = "Assignment" if number.startswith("A") else f"Lesson {_short(number)}"
        name = lesson.title.removeprefix("Assignment: ")
        text += [
            f"## {kind}: {name}\n" if not number.startswith("A") else f"## {number}: {name}\n",
            f"[Open the {kind.split()[0].lower()}]({lesson.page}.ipynb)\n",
            "| exercise | what is asked | difficulty | minutes | points |",
            "|---|---|---|--:|--:|",
            *(_row(number, exercise) for exercise in module.EXERCISES),
            "",
        ]
    return "\n".join(text)


def asked(exercise: Exercise) -> str:
    """What is asked, on one line: the docstring up to its first full stop at the end of a paragraph."""
    said: list[str] = []
    for paragraph in (inspect.getdoc(exercise.reference) or "").split("\n\n"):
        said.append(" ".join(paragraph.split()))
        if said[-1].endswith((".", "?", "!", "]")):
            break
    return " ".join(said)


def _row(number: str, exercise: Exercise) -> str:
    words = re.sub(r"([\\`*_{}\[\]<>$|])", r"\\\1", asked(exercise))
    link = f"[{exercise.title}](#exercise-{number.lstrip('0') or '0'}-{exercise.name})"
    level = f"{exercise.difficulty} of 5"
    return (
        f"| {link} `{exercise.name}` | {words} | {level} | {exercise.minutes} "
        f"| {exercise.points:g} |"
    )


def _short(number: str) -> str:
    return number.lstrip("0") or "0"
