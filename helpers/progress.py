"""What a learner has solved, remembered between sessions in the platform's folder for user data.

`COURSE_DATA` names another folder; `COURSE_PROGRESS=off` remembers and shows nothing.
"""

import contextlib
import json
import os
import re
from html import escape
from pathlib import Path
from typing import Any

import platformdirs

ROOT = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """Where the progress of this user is kept; never inside the course."""
    named = os.environ.get("COURSE_DATA")
    return Path(named) if named else Path(platformdirs.user_data_dir("convex-course", False))


def _off() -> bool:
    return os.environ.get("COURSE_PROGRESS") == "off"


def solved() -> set[str]:
    """Names of the exercises that this user has solved."""
    if _off():
        return set()
    path = folder() / "progress.json"
    try:
        names = json.loads(path.read_text(encoding="utf-8"))["solved"]
        return {name for name in names if isinstance(name, str)}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError):
        with contextlib.suppress(OSError):  # unreadable: keep it aside, lose nothing, start anew
            os.replace(path, path.with_suffix(".broken.json"))
        return set()


def record(name: str) -> None:
    """Remember that `name` is solved. A disk that refuses costs the memory, not the lesson."""
    if _off():
        return
    names = solved()
    if name in names:
        return
    path = folder() / "progress.json"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        fresh.write_text(json.dumps({"solved": sorted(names | {name})}, indent=1), encoding="utf-8")
        os.replace(fresh, path)


def sentence(name: str) -> str:
    """How far this user is in the lesson that holds the exercise `name`; "" where unknown."""
    from .exercises.registry import lesson_of, lessons

    if _off():
        return ""
    try:
        number = lesson_of(name)
    except KeyError:
        return ""
    names = [exercise.name for exercise in lessons()[number].EXERCISES]
    return f"Solved in lesson {number}: {len(solved() & set(names))} of {len(names)}."


class ProgressMap:
    """All lessons in order, with what is solved in each."""

    def __init__(self) -> None:
        self.rows = [_row(path) for path in _notebooks()]

    def __repr__(self) -> str:
        lines = [
            f"{n}  {title:<42} {bar(done, of)} {done}/{of}" for n, title, _, done, of in self.rows
        ]
        return "\n".join(["Your progress", *lines])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = "".join(
            f'<tr><td style="text-align:right">{number}</td>'
            f'<td style="text-align:left"><a href="{escape(link, quote=True)}">{escape(title)}</a></td>'
            f'<td><progress max="{max(of, 1)}" value="{done}" '
            f'aria-label="{escape(title, quote=True)}: {done} of {of} exercises solved"></progress></td>'
            f"<td>{done} of {of}</td></tr>"
            for number, title, link, done, of in self.rows
        )
        head = "<tr><th>Lesson</th><th>About</th><th>Progress</th><th>Exercises solved</th></tr>"
        return {"text/plain": repr(self), "text/html": f"<table>{head}{rows}</table>"}


def progress_map() -> ProgressMap:
    """The map of the course, as the last line of a cell."""
    return ProgressMap()


def bar(done: int, of: int, width: int = 10) -> str:
    """Progress in characters."""
    filled = round(width * done / of) if of else 0
    return "█" * filled + "░" * (width - filled)


def _notebooks() -> list[Path]:
    found = ROOT.glob("course/**/[0-9A]*_*.ipynb")
    return sorted((p for p in found if ".ipynb_checkpoints" not in p.parts), key=_order)


def _order(path: Path) -> tuple[str, str]:
    """Lessons by number, each assignment after the part that it closes."""
    name = path.stem
    if name.startswith("A"):
        return (f"{name[1]}_~", name)
    part = path.parent.name
    return (part if part != "course" else "0", name)


def _row(path: Path) -> tuple[str, str, str, int, int]:
    from .exercises.registry import lessons

    number, slug = path.stem.split("_", 1)
    title = re.sub(r"_", " ", slug).capitalize()
    module = lessons().get(number)
    names = {exercise.name for exercise in module.EXERCISES} if module else set()
    link = path.relative_to(ROOT / "course").as_posix()
    return number, title, link, len(solved() & names), len(names)
