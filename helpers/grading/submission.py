"""Read a submission: of a notebook, only the source of its code cells."""

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 8 << 20
MAX_CELLS = 2000


class Malformed(Exception):
    """There is nothing to grade in this file; the message says why, for the learner."""


@dataclass(frozen=True)
class Submission:
    """One learner's notebook for one lesson."""

    student: str
    path: Path


def read_bytes(path: Path) -> bytes:
    """The bytes of a submission; never follows a link, waits on a pipe, or reads without end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Malformed(f"The file could not be opened ({error.strerror}).") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Malformed("This is not a file.")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Malformed(
            f"The notebook is larger than {MAX_BYTES >> 20} MB. "
            "Clear its outputs (Kernel, Restart and Clear Outputs) and hand it in again."
        )
    return content


def read_cells(content: bytes) -> list[str]:
    """The sources of the code cells, in order; metadata, outputs and ids are never looked at.

    Raises `Malformed` with a reason for the learner.
    """
    if not content.strip():
        raise Malformed("The file is empty.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Malformed("The file is not a notebook: it cannot be read as JSON.") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise Malformed("The file is not a notebook of format 4: it has no list of cells.")
    sources = [_source(cell) for cell in cells if _is_code(cell)]
    if len(sources) > MAX_CELLS:
        raise Malformed(f"The notebook has more than {MAX_CELLS} code cells.")
    return [source for source in sources if source.strip()]


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source.encode("utf-8", "replace").decode()


def digest(content: bytes) -> str:
    """A name for these bytes: the same submission is not graded twice."""
    return hashlib.sha256(content).hexdigest()[:32]


def defined_names(cells: list[str]) -> set[str]:
    """Names of the functions that the cells seem to define (a guess, to tell the lesson)."""
    return {name for source in cells for name in re.findall(r"^def (\w+)\(", source, re.MULTILINE)}
