"""The log of results: appended to as they come, so that a batch that is killed goes on."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .engine import Result

SYNC_SECONDS = 1.0


class Busy(Exception):
    """Another grader is writing to this folder."""


class Log:
    """`results.jsonl`: a line for each graded submission; the last line of a student counts.

    Only where each line stands is kept in memory. `exclusive=False` only reads. A line that was torn by a crash is passed over.
    """

    def __init__(self, path: Path, exclusive: bool = True):
        self.path = path
        self.file = open(path, "a+b" if exclusive else "rb")
        try:
            if exclusive:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.file.close()
            raise Busy(f"Another grader is writing to {path}: wait for it, or end it.") from None
        self.places: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self.synced = time.monotonic()
        self._read()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        self.file.seek(0)
        place, line = 0, b"\n"
        for line in self.file:
            entry = _parse(line)
            if entry is not None:
                student = entry["result"]["student"]
                self.places[student], self.keys[student] = place, entry["key"]
            place += len(line)
        if not line.endswith(b"\n") and self.file.writable():
            self.file.write(b"\n")  # the torn line ends here, and the next result is whole
            self.file.flush()

    def done(self, student: str, key: str) -> bool:
        """Whether this very submission has been graded, by this very judge."""
        return self.keys.get(student) == key

    def add(self, result: Result, key: str) -> None:
        """Append a result. A result that is our fault has no key, so it is tried again."""
        line = json.dumps({"key": key, "result": result.to_json()}) + "\n"
        self.file.seek(0, os.SEEK_END)
        place = self.file.tell()
        self.file.write(line.encode())
        self.file.flush()
        if time.monotonic() - self.synced > SYNC_SECONDS:
            os.fsync(self.file.fileno())
            self.synced = time.monotonic()
        self.places[result.student], self.keys[result.student] = place, key

    def results(self, students: list[str]) -> Iterator[Result]:
        """The last result of each of these students who has one, one at a time."""
        with open(self.path, "rb") as file:
            for student in students:
                if student in self.places:
                    file.seek(self.places[student])
                    entry = _parse(file.readline())
                    if entry is not None:
                        yield Result.from_json(entry["result"])

    def close(self) -> None:
        if self.file.writable():
            self.file.flush()
            os.fsync(self.file.fileno())
        self.file.close()


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
        return entry if isinstance(entry["result"]["student"], str) and "key" in entry else None
    except (ValueError, KeyError, TypeError):
        return None
