"""Seeds that nobody can guess: keyed by a secret of the course, the same on every machine."""

import hmac
import os
import secrets
from pathlib import Path

VARIABLE = "COURSE_SECRET"


def secret(out: Path) -> bytes:
    """The course's secret: $COURSE_SECRET, or a file in `out` that the first use makes."""
    given = os.environ.get(VARIABLE)
    if given:
        return given.encode()
    path = out / ".secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_bytes().strip()
        if len(found) < 16:
            raise ValueError(f"{path} is too short for a secret: delete it.") from None
        return found
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(descriptor)
    return path.read_bytes()


def seed(key: bytes, *parts: str) -> int:
    """A seed for (lesson, exercise, code): HMAC-SHA256, so one seed tells nothing of others."""
    message = "".join(f"{len(part)}:{part}" for part in parts).encode()  # no two parts run together
    return int.from_bytes(hmac.digest(key, message, "sha256")[:8], "little")
