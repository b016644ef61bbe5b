"""Find the submissions in whatever shape they were handed in.

A folder or a zip of it, with one entry for each student:

    ada.ipynb                                           named by the student
    ada/anything.ipynb, ada.zip                         a folder or a zip for each student
    doeada_LATE_101_2002_A2-1.ipynb (or .zip)           Canvas, "Download Submissions"
    Ada Doe_2002_assignsubmission_file/A2.ipynb         Moodle, "Download all submissions"
    submitted/ada/A2_algorithms/A2_algorithms.ipynb     nbgrader

A zip gives up only its notebooks (see `unpack`).
"""

import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .submission import Malformed, Submission, defined_names, digest, read_bytes, read_cells
from .unpack import MAX_MEMBERS, MAX_ZIP_BYTES, safe, unpack

CANVAS = re.compile(r"^(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)$", re.IGNORECASE)
MOODLE = re.compile(r"^(?P<name>.+)_(?P<id>\d+)_assignsubmission_\w+?(?:_(?P<file>.*))?$")
MAX_CLASS_MEMBERS = 200_000


def find_submissions(
    source: Path, assignment: str | None = None, unpacked: Path | None = None
) -> list[Submission]:
    """The submissions in `source`, one for each student, sorted by student.

    Zips are unpacked into the folder `unpacked`. Of several notebooks of a student the one named after
    the `assignment` counts, the last attempt if Canvas numbers them, else the one that defines most
    functions. Raises `ValueError` where there is none, or where a student has handed in twice.
    """
    if source.suffix.lower() == ".ipynb" and source.is_file():
        return [Submission(student_of(source.name), source)]
    root = _root(source, unpacked)
    entries: dict[str, list[Path]] = {}
    for entry in sorted(root.iterdir(), key=lambda path: _natural(path.name)):
        ours = unpacked is not None and unpacked.absolute().is_relative_to(entry.absolute())
        notebooks = [] if entry.name.startswith(".") or ours else list(_notebooks(entry, unpacked))
        if not notebooks:
            continue
        student = student_of(entry.name)
        if student in entries and not _platforms(entry.name):
            raise ValueError(f"There is more than one submission of {student}: keep one.")
        entries.setdefault(student, []).extend(notebooks)
    if not entries:
        raise ValueError(f"There are no notebooks (*.ipynb) in {source}.")
    return [
        Submission(student, _chosen(paths, assignment))
        for student, paths in sorted(entries.items())
    ]


def student_of(name: str) -> str:
    """Who handed in the file or folder of that name; for Canvas and Moodle with their number."""
    name = printable(name)
    if name.lower().endswith((".ipynb", ".zip")):
        name = name.rpartition(".")[0]
    learning_platform = _platforms(name)
    if learning_platform:
        return f"{learning_platform['name']}_{learning_platform['id']}"
    return name


def printable(name: str) -> str:
    """A name as it may stand in tables and terminals: one spelling, nothing that is not seen.

    What is no UTF-8, line ends, escapes and marks that turn the writing around are spelt out.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    joiners = "\u200c\u200d"  # some scripts need them
    return "".join(
        c if c.isprintable() or c in joiners else c.encode("unicode_escape").decode()
        for c in unicodedata.normalize("NFC", text)
    )


def number_of(student: str) -> str:
    """The platform's number in a student's name as `student_of` gives it, or ""."""
    found = re.search(r"_(\d+)$", student)
    return found[1] if found else ""


def _platforms(name: str) -> re.Match[str] | None:
    """What Canvas or Moodle wrote into a name, if one of them made it."""
    return MOODLE.match(name) or CANVAS.match(name)


def _root(source: Path, unpacked: Path | None) -> Path:
    if source.is_file() and zipfile.is_zipfile(source):
        if unpacked is None:
            raise ValueError(f"{source} is a zip, and there is no folder to unpack it into.")
        folder = unpacked / f"{safe(source.stem)}.class"
        unpack(source, folder, MAX_CLASS_MEMBERS, None, zips=True)
        return _inner(folder)
    if not source.is_dir():
        raise ValueError(f"{source} is no folder, no zip and no notebook of submissions.")
    return source / "submitted" if (source / "submitted").is_dir() else source


def _inner(folder: Path) -> Path:
    """Where a zip holds everything in one folder of the class, that folder."""
    entries = list(folder.iterdir()) if folder.is_dir() else []
    if len(entries) == 1 and entries[0].is_dir() and not _platforms(entries[0].name):
        inside = list(entries[0].iterdir())
        if any(path.is_dir() for path in inside) or len(inside) > 1:
            return _inner(entries[0])
    return folder


def _notebooks(entry: Path, unpacked: Path | None) -> Iterator[Path]:
    """The notebooks of one entry, in the order of their names; what a link leads to is not read."""
    if entry.is_dir() and not entry.is_symlink():
        for here, folders, files in os.walk(entry):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files, key=_natural):
                if not name.startswith("."):
                    yield from _notebook(Path(here, name), unpacked)
    else:
        yield from _notebook(entry, unpacked)


def _notebook(path: Path, unpacked: Path | None) -> Iterator[Path]:
    if path.suffix.lower() == ".ipynb":
        yield path
    elif path.suffix.lower() == ".zip" and unpacked and path.is_file() and not path.is_symlink():
        # a folder that no other zip has, or one learner's notebooks would be taken for another's
        place = digest(os.fsencode(path.absolute()))[:16]
        folder = unpacked / f"{safe(path.stem)[:40]}~{place}"
        inside: list[Path] = []
        if path.stat().st_size <= MAX_ZIP_BYTES and zipfile.is_zipfile(path):
            inside = sorted(unpack(path, folder, MAX_MEMBERS, MAX_ZIP_BYTES))
        yield from inside or [path]  # a zip without notebooks is no notebook, and is told so


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts attempt 10 after attempt 9."""
    return [(1, int(p), "") if p.isdecimal() else (0, 0, p) for p in re.split(r"(\d+)", name)]


def _chosen(paths: list[Path], assignment: str | None) -> Path:
    named = [path for path in paths if assignment and _original(path).startswith(assignment)]
    candidates = named or paths
    if len(candidates) == 1:
        return candidates[0]
    if named:
        return max(candidates, key=lambda path: _natural(_original(path)))
    return max(candidates, key=_defined)


def _original(path: Path) -> str:
    """The name that the learner's file had before a platform renamed it."""
    renamed = _platforms(path.name)
    return (renamed["file"] or path.name) if renamed else path.name


def _defined(path: Path) -> int:
    try:
        return len(defined_names(read_cells(read_bytes(path))))
    except Malformed:
        return -1
