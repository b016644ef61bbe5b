"""Zips from strangers: only their notebooks come out, into one folder, and nothing else happens.

A learner's zip may be damaged on purpose, larger than a disk, or named to land on somebody else's file.
Whatever is wrong with it is that learner's loss alone; only what goes wrong in writing (a full disk)
is ours, and is raised.
"""

import hashlib
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .submission import MAX_BYTES

MAX_ZIP_BYTES = 64 << 20
MAX_MEMBERS = 200
MAX_DIRECTORY_BYTES = 4 << 20
MAX_DEPTH = 8
LONGEST_NAME = 200


def unpack(
    path: Path, into: Path, most: int, most_bytes: int | None, zips: bool = False
) -> list[Path]:
    """Write the notebooks of a zip (and its zips, if asked) below `into`, and leave nothing else there.

    Links, absolute paths and ".." come to nothing: each part of a name is made safe. What is larger
    than a notebook may be is cut just above that, so that it is refused as too large. At most `most`
    members and `most_bytes` in all.
    """
    written: dict[Path, None] = {}  # in order, each once
    total = 0
    for name, content in _members(path, most, most_bytes, zips):
        total += len(content)
        if len(written) >= most or (most_bytes is not None and total > most_bytes):
            break
        target = into.joinpath(*name)
        if _write(target, content):
            written[target] = None
    _keep_only(into, set(written))
    return list(written)


def _members(
    path: Path, most: int, most_bytes: int | None, zips: bool
) -> Iterator[tuple[list[str], bytes]]:
    """The safe path and the content of each member that is wanted, up to the first damaged one."""
    wanted = (".ipynb", ".zip") if zips else (".ipynb",)
    try:
        if most_bytes is not None and _directory_bytes(path) > MAX_DIRECTORY_BYTES:
            return
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist()[: 10 * most]:
                kind = stat.S_IFMT(member.external_attr >> 16)
                parts = [part for part in PurePosixPath(member.filename).parts if part != "/"]
                if kind not in (0, stat.S_IFREG) or not parts or parts[-1].startswith("."):
                    continue
                if "__MACOSX" in parts or not parts[-1].lower().endswith(wanted):
                    continue
                limit = MAX_ZIP_BYTES if parts[-1].lower().endswith(".zip") else MAX_BYTES
                with archive.open(member) as file:
                    content = file.read(limit + 1)
                if len(parts) > MAX_DEPTH:
                    parts[MAX_DEPTH - 1 :] = parts[-1:]
                yield [safe(part) for part in parts], content
    except MemoryError:
        raise
    except Exception:  # zlib's, lzma's, a name that is no UTF-8: whatever a damaged zip leads to
        return


def _directory_bytes(path: Path) -> int:
    """How long the list of members says it is: read before Python makes an object of each of them.

    A zip of less than 4 GB has no use for the longer form, whose list may be of any size.
    """
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - (22 + 0xFFFF), 0))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or b"PK\6\7" in tail[max(end - 20, 0) : end]:
        return MAX_DIRECTORY_BYTES + 1
    (size,) = struct.unpack_from("<I", tail, end + 12)
    return size


def _write(target: Path, content: bytes) -> bool:
    """False where another member has this name already, as a file or as a folder."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != content:
            part = target.with_name(f".{target.name[-100:]}.part")
            part.write_bytes(content)
            os.replace(part, target)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return False
    return True


def _keep_only(folder: Path, kept: set[Path]) -> None:
    """Remove what an earlier zip of the same name has left."""
    for here, folders, files in os.walk(folder, topdown=False):
        for name in files:
            if Path(here, name) not in kept:
                Path(here, name).unlink()
        for name in folders:
            if not any(Path(here, name).iterdir()):
                Path(here, name).rmdir()


def safe(part: str) -> str:
    """One part of a path, as it is unless it could lead elsewhere or is too long.

    A long name keeps its beginning: that is where a platform writes whose file it is.
    """
    clean = part.replace("\\", "_").replace("\0", "_").strip() or "_"
    if clean.strip(".") == "":
        clean = clean.replace(".", "%2E")
    encoded = clean.encode("utf-8", "surrogatepass")
    if len(encoded) <= LONGEST_NAME and encoded.decode("utf-8", "replace") == clean:
        return clean
    suffix = Path(clean).suffix if Path(clean).suffix in (".ipynb", ".zip") else ""
    head = encoded[: LONGEST_NAME - 40].decode("utf-8", "ignore")
    return f"{head}~{hashlib.sha256(encoded).hexdigest()[:16]}{suffix}"
