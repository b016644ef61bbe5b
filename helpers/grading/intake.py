"""Find the submissions in whatever shape they were handed in.

A folder or a zip of it, with one entry for each student:

    ada.ipynb                                           named by the student
    ada/anything.ipynb, ada.zip                         a folder or a zip for each student
    doeada_LATE_101_2002_A2-1.ipynb (or .zip)           Canvas, "Download Submissions"
    Ada Doe_2002_assignsubmission_file/A2.ipynb         Moodle, "Download all submissions"
    submitted/ada/A2_algorithms/A2_algorithms.ipynb     nbgrader

Nothing of a file's name but its last part is used to write one, and a zip gives up only notebooks.
"""

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from .submission import MAX_BYTES, Malformed, Submission, defined_names, read_bytes, read_cells

CANVAS = re.compile(r"^(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)$", re.IGNORECASE)
MOODLE = re.compile(r"^(?P<name>.+)_(?P<id>\d+)_assignsubmission_\w+?(?:_(?P<file>.*))?$")
MAX_ZIP_BYTES = 64 << 20
MAX_MEMBERS = 200
MAX_CLASS_MEMBERS = 200_000


def find_submissions(
    source: Path, assignment: str | None = None, unpacked: Path | None = None
) -> list[Submission]:
    """The submissions in `source`, one for each student, sorted by student.

    Zips are unpacked into the folder `unpacked`. Of several notebooks of a student the one named after
    the `assignment` counts, the last attempt if Canvas numbers them, else the one that defines most
    functions. Raises `ValueError` where there is none, or where a student has handed in twice.
    """
    root = _root(source, unpacked)
    entries: dict[str, list[Path]] = {}
    for entry in sorted(root.iterdir(), key=lambda path: _natural(path.name)):
        notebooks = [] if entry.name.startswith(".") else list(_notebooks(entry, unpacked))
        if not notebooks:
            continue
        student = student_of(entry.name)
        if student in entries and not CANVAS.match(entry.name) and not MOODLE.match(entry.name):
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
    for suffix in (".ipynb", ".zip"):
        name = name.removesuffix(suffix)
    learning_platform = MOODLE.match(name) or CANVAS.match(name)
    if learning_platform:
        return f"{learning_platform['name']}_{learning_platform['id']}"
    return name


def number_of(student: str) -> str:
    """The platform's number in a student's name as `student_of` gives it, or ""."""
    found = re.search(r"_(\d+)$", student)
    return found[1] if found else ""


def _root(source: Path, unpacked: Path | None) -> Path:
    if source.is_file() and zipfile.is_zipfile(source):
        if unpacked is None:
            raise ValueError(f"{source} is a zip, and there is no folder to unpack it into.")
        folder = unpacked / f"{_safe(source.stem)}.class"
        unpack(source, folder, MAX_CLASS_MEMBERS, None, zips=True)
        return _inner(folder)
    if not source.is_dir():
        raise ValueError(f"{source} is no folder and no zip of submissions.")
    return source / "submitted" if (source / "submitted").is_dir() else source


def _inner(folder: Path) -> Path:
    """Where a zip holds everything in one folder of the class, that folder."""
    entries = list(folder.iterdir()) if folder.is_dir() else []
    if len(entries) == 1 and entries[0].is_dir():
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
    if path.suffix == ".ipynb":
        yield path
    elif path.suffix == ".zip" and unpacked and path.is_file() and not path.is_symlink():
        folder = unpacked / _safe(f"{path.parent.name}.{path.name}")
        if path.stat().st_size <= MAX_ZIP_BYTES and zipfile.is_zipfile(path):
            unpack(path, folder, MAX_MEMBERS, MAX_ZIP_BYTES)
            yield from sorted(folder.glob("**/*.ipynb"))
        if not folder.is_dir() or not any(folder.glob("**/*.ipynb")):
            yield path  # it cannot be read as a notebook, and the learner is told so


def unpack(
    path: Path, into: Path, most: int, most_bytes: int | None, zips: bool = False
) -> list[Path]:
    """Write the notebooks of a zip (and its zips, if asked) below `into`, and nothing else.

    Links, absolute paths and ".." come to nothing: each part of a name is made safe. What is larger
    than a notebook may be is cut just above that, so that it is refused as too large. At most `most`
    members and `most_bytes` in all.
    """
    written: list[Path] = []
    total = 0
    wanted = (".ipynb", ".zip") if zips else (".ipynb",)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist()[: 10 * most]:
                kind = stat.S_IFMT(member.external_attr >> 16)
                parts = [part for part in PurePosixPath(member.filename).parts if part != "/"]
                if kind not in (0, stat.S_IFREG) or not parts or parts[-1].startswith("."):
                    continue
                if "__MACOSX" in parts or not parts[-1].endswith(wanted):
                    continue
                limit = MAX_ZIP_BYTES if parts[-1].endswith(".zip") else MAX_BYTES
                with archive.open(member) as file:
                    content = file.read(limit + 1)
                total += len(content)
                if len(written) >= most or (most_bytes is not None and total > most_bytes):
                    break
                target = into.joinpath(*(_safe(part) for part in parts))
                _write(target, content)
                written.append(target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # a disk of ours; a damaged zip has no number
    return written


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.read_bytes() != content:
        part = target.with_name(f".{target.name[-100:]}.part")
        part.write_bytes(content)
        os.replace(part, target)


def _safe(part: str) -> str:
    """One part of a path, as it is unless it could lead elsewhere."""
    clean = part.replace("\\", "_").replace("\0", "_").strip() or "_"
    if clean.strip(".") == "":
        clean = quote(clean).replace(".", "%2E")
    encoded = clean.encode("utf-8", "replace")
    return clean if len(encoded) < 200 else encoded[-180:].decode("utf-8", "ignore")


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
    renamed = MOODLE.match(path.name) or CANVAS.match(path.name)
    return (renamed["file"] or path.name) if renamed else path.name


def _defined(path: Path) -> int:
    try:
        return len(defined_names(read_cells(read_bytes(path))))
    except Malformed:
        return -1
