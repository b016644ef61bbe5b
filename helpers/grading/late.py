"""Late submissions: how many hours after the due time, and what share of the points is kept.

A policy is a table: `hours,keep`. Each row says that up to so many hours late, so much of the score is
kept; after the last row nothing is. When it was handed in comes from a table `student,submitted`, or from
nbgrader's timestamp.txt beside the notebook.
"""

import contextlib
import csv
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .submission import Submission

FILE = "late.json"


@dataclass(frozen=True)
class Lateness:
    """Of one student: hours after the due time (0 if before) and the share of the score kept."""

    submitted: str
    hours: float
    keep: float


def read_policy(path: Path) -> list[tuple[float, float]]:
    """The rows (hours, keep) of a policy, by hours. `ValueError` names the row that is wrong."""
    rows = []
    for number, row in enumerate(_table(path, ("hours", "keep")), 2):
        try:
            hours, keep = float(row["hours"]), float(row["keep"])
        except ValueError:
            raise ValueError(f"{path}, line {number}: hours and keep must be numbers.") from None
        if not (hours >= 0 and 0 <= keep <= 1):
            raise ValueError(f"{path}, line {number}: hours must be ≥ 0 and keep in [0, 1].")
        rows.append((hours, keep))
    if not rows:
        raise ValueError(f"{path} has no rows: one is needed, such as `0,1`.")
    return sorted(rows)


def kept(policy: list[tuple[float, float]], hours: float) -> float:
    """The share that is kept so many hours after the due time; all of it if that is not positive."""
    if hours <= 0:
        return 1.0
    return next((keep for limit, keep in policy if hours <= limit), 0.0)


def read_times(path: Path) -> dict[str, str]:
    """When each student handed in, from a table `student,submitted`."""
    return {row["student"]: row["submitted"] for row in _table(path, ("student", "submitted"))}


def moment(text: str, what: str) -> datetime:
    """A time with its zone, ISO 8601 or as nbgrader writes it; without a zone it is UTC."""
    words = text.strip()
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        day_and_time, _, zone = words.rpartition(" ")
        try:
            found = datetime.fromisoformat(day_and_time).replace(tzinfo=ZoneInfo(zone))
        except (ValueError, ZoneInfoNotFoundError):
            raise ValueError(
                f"{what}: {text!r} is no time; write 2027-01-31T23:59+01:00."
            ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def lateness(
    submissions: Iterable[Submission],
    due: str,
    policy: list[tuple[float, float]],
    times: dict[str, str],
) -> dict[str, Lateness]:
    """How late each student is of whom a time is known."""
    end = moment(due, "--due")
    found = {}
    for submission in submissions:
        handed_in = _handed_in(submission, times)
        if handed_in:
            hours = max((handed_in - end).total_seconds() / 3600, 0.0)
            found[submission.student] = Lateness(
                handed_in.isoformat(), round(hours, 4), kept(policy, hours)
            )
    return found


def save(found: dict[str, Lateness], out: Path) -> None:
    """Keep it beside the log, so that `report` and `export` know it."""
    part = out / f".{FILE}.part"
    part.write_text(json.dumps({s: vars(late) for s, late in found.items()}, indent=1))
    os.replace(part, out / FILE)


def load(out: Path) -> dict[str, Lateness]:
    """What `save` kept; nothing where there was no policy."""
    try:
        kept_there = json.loads((out / FILE).read_text())
    except FileNotFoundError:
        return {}
    return {student: Lateness(**late) for student, late in kept_there.items()}


def _handed_in(submission: Submission, times: dict[str, str]) -> datetime | None:
    """By the teacher's table, else by nbgrader's timestamp.txt: in submitted/STUDENT/ASSIGNMENT/ only.

    Anywhere else a file of that name may be the learner's own; and nobody's file stops the others.
    """
    given = times.get(submission.student)
    if given:
        return moment(given, submission.student)
    beside = submission.path.with_name("timestamp.txt")
    nbgraders = submission.path.parent.parent.name == submission.student
    if nbgraders and beside.is_file() and not beside.is_symlink() and beside.stat().st_size < 200:
        with contextlib.suppress(ValueError):
            return moment(beside.read_text(encoding="utf-8", errors="replace"), "timestamp.txt")
    return None


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise ValueError(f"{path} could not be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path} is not a table in UTF-8 with commas.") from None
    for row in rows:
        if any(not isinstance(row.get(column), str) for column in columns):
            raise ValueError(f"{path} must have the columns {', '.join(columns)}.")
    return rows
