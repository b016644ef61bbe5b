"""The outer walls: a warm fork server inside bubblewrap, and what a machine lacks for it."""

import contextlib
import ctypes.util
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers.exercises.assignments import teachers_side

HELPERS = Path(__file__).resolve().parents[1]
JAIL = Path(__file__).resolve().parent / "jail"
INSIDE = "/opt/course"
VENV = "/opt/venv"
HIDDEN = ("exercises", "grading", "authoring")  # parts of helpers that no learner's code may see
START_SECONDS = 120.0


class Fault(Exception):
    """Our side failed: the submission is to be graded again, never scored 0."""


class NoSandbox(Exception):
    """This machine offers no sandbox; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Limits:
    """What one learner's process may use."""

    memory_mb: int = 512
    cpu_seconds: int = 60
    disk_mb: int = 32


class Server:
    """A running fork server. `spawn` gives a learner's process, ready for its job."""

    def __init__(self, unsafe: bool = False, imports: Sequence[str] = ()):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        with theirs:
            self.process = subprocess.Popen(
                command(theirs.fileno(), unsafe, imports),
                pass_fds=[theirs.fileno()],
                env=environment(unsafe),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the grader, which then closes us
            )
        ours.settimeout(START_SECONDS)
        try:
            self.versions: dict[str, str] = json.loads(ours.recv(65536))["versions"]
        except (OSError, ValueError):
            raise Fault(f"the sandbox did not start: {self._last_words()}") from None

    def spawn(self, limits: Limits) -> tuple[socket.socket, socket.socket]:
        """Two sockets: frames to the learner's process, and how it ended. Raises `Fault`."""
        data, data_inside = socket.socketpair()
        status, status_inside = socket.socketpair()
        with data_inside, status_inside:
            try:
                socket.send_fds(
                    self.control,
                    [json.dumps(asdict(limits)).encode()],
                    [data_inside.fileno(), status_inside.fileno()],
                )
            except OSError as error:
                data.close()
                status.close()
                raise Fault(f"the sandbox server is gone ({error})") from None
        return data, status

    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End the server and with it every process in the sandbox."""
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()  # bubblewrap ends everything inside with itself
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()

    def _last_words(self) -> str:
        self.process.kill()
        _, said = self.process.communicate()
        return said.decode("utf-8", "replace").strip()[-500:] or "no reason given"


def command(descriptor: int, unsafe: bool, imports: Sequence[str] = ()) -> list[str]:
    """How the fork server is started; `imports` are modules that it imports before it forks."""
    if unsafe:
        start = "from helpers.grading.jail.zygote import main; main()"
        path = f"import sys; sys.path.insert(0, {str(HELPERS.parent)!r}); "
        return [sys.executable, "-I", "-c", path + start, str(descriptor), "unsafe", *imports]
    mode = "sandbox-root" if os.getuid() == 0 else "sandbox"
    start = f"import sys; sys.path.insert(0, {INSIDE!r}); "
    start += "from helpers.grading.jail.zygote import main; main()"
    python = [f"{VENV}/bin/python", "-I", "-c", start, str(descriptor), mode, *imports]
    return [*walls(), "--", *python]


def walls() -> list[str]:
    """bubblewrap's arguments: /usr, the Python environment and the course, all read-only."""
    course, stubs = f"{INSIDE}/helpers", JAIL / "stubs"
    arguments = ["bwrap", "--die-with-parent", "--new-session"]
    # Root needs no user namespace for the walls, and keeps its right to become nobody inside them.
    arguments += ["--unshare-user"] if os.getuid() else ["--cap-add", "ALL"]
    arguments += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--hostname", "sandbox", "--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib64", "bin", "sbin"):
        if Path("/", name).is_symlink():
            arguments += ["--symlink", f"usr/{name}", f"/{name}"]
        else:
            arguments += ["--ro-bind-try", f"/{name}", f"/{name}"]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--perms", "0777", "--tmpfs", "/tmp"]
    # A fixed place: an environment under /tmp would vanish behind the learner's private /tmp.
    places = {VENV: sys.prefix, course: str(HELPERS)}
    if sys.base_prefix != sys.prefix and not Path(sys.base_prefix).is_relative_to("/usr"):
        places[sys.base_prefix] = sys.base_prefix
    parents = {parent for place in places for parent in Path(place).parents} - {Path("/")}
    parents.add(Path("/etc"))
    for parent in sorted(parents):  # or bubblewrap makes them for root's eyes only
        arguments += ["--perms", "0755", "--dir", str(parent)]
    arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for place, source in places.items():
        arguments += ["--ro-bind", source, place]
    # The course without what judges: no answers, no mistakes, no grader, no builder.
    for hidden in HIDDEN:
        if (HELPERS / hidden).is_dir():
            arguments += ["--tmpfs", f"{course}/{hidden}"]
    for file, target in (
        (stubs / "exercises.py", "exercises/__init__.py"),
        (HELPERS / "exercises/plain.py", "exercises/plain.py"),
        (HELPERS / "exercises/failures.py", "exercises/failures.py"),
        (JAIL / "__init__.py", "grading/__init__.py"),
    ):
        arguments += ["--ro-bind", str(file), f"{course}/{target}"]
    arguments += ["--ro-bind", str(JAIL), f"{course}/grading/jail"]
    covered = _teachers_files({**places, "/usr": "/usr"})
    for place in covered:
        arguments += ["--tmpfs", place]
    # What bubblewrap itself made can be written to until it is sealed: without this one
    # submission could plant a module for the next.
    sealed = [f"{course}/{name}" for name in HIDDEN if (HELPERS / name).is_dir()]
    for place in (*sealed, *covered, "/dev", "/"):
        arguments += ["--remount-ro", place]
    return [*arguments, "--chdir", "/tmp"]


def _teachers_files(places: Mapping[str, str]) -> list[str]:
    """Where what judges would be seen through what is bound: the course, installed in the Python
    environment or kept below it or /usr."""
    copies = {HELPERS, *(Path(folder, "helpers") for folder in sys.path if folder)}
    answers = [copy / name for copy in copies for name in HIDDEN]
    answers += [folder for folder in (teachers_side(), HELPERS.parent / "solutions") if folder]
    found = {
        str(Path(place, folder.resolve().relative_to(Path(source).resolve())))
        for place, source in places.items()
        if source != str(HELPERS)
        for folder in answers
        if folder.is_dir() and folder.resolve().is_relative_to(Path(source).resolve())
    }
    return sorted(found)


def environment(unsafe: bool) -> dict[str, str]:
    """Nothing of the teacher's environment goes in."""
    path = os.environ.get("PATH", "/usr/bin") if unsafe else "/usr/bin"
    return {
        "PATH": path,
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "COURSE_CHECK": "off",
        "COURSE_PROGRESS": "off",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")},
        **({"GRADER_DEBUG": "1"} if os.environ.get("GRADER_DEBUG") else {}),
    }


def missing() -> list[str]:
    """What this machine lacks for the sandbox, each with what to do; empty if it can be used."""
    if sys.platform != "linux":
        return [f"The sandbox needs Linux; this is {sys.platform}. Grade on a Linux machine."]
    lacks = []
    if shutil.which("bwrap") is None:
        lacks.append("bubblewrap is not installed: `apt install bubblewrap` (or dnf, pacman).")
    if ctypes.util.find_library("seccomp") is None:
        lacks.append("libseccomp is not installed: `apt install libseccomp2`.")
    else:
        try:
            import pyseccomp  # noqa: F401
        except (ImportError, RuntimeError, OSError):
            lacks.append("The Python package pyseccomp is not installed: `pip install pyseccomp`.")
    if not lacks:
        trial = [*walls(), "--", "/usr/bin/unshare", "--user", "--pid", "--fork", "/usr/bin/true"]
        try:
            ran = subprocess.run(trial, capture_output=True, timeout=30, env=environment(False))
        except (OSError, subprocess.TimeoutExpired) as error:
            return [f"bubblewrap could not be run: {error}."]
        if ran.returncode:
            said = ran.stderr.decode("utf-8", "replace").strip()[-300:]
            lacks.append(
                f"This machine refuses user namespaces ({said}). In Docker, run with "
                "`--security-opt seccomp=unconfined`; on Ubuntu 24.04, allow them for bwrap: "
                "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`."
            )
    return lacks


def require() -> None:
    """Raise `NoSandbox`, with what is missing, where there is no sandbox."""
    lacks = missing()
    if lacks:
        reasons = "\n".join(f"  - {reason}" for reason in lacks)
        raise NoSandbox(
            f"There is no sandbox on this machine, and submissions may be hostile.\n{reasons}\n"
            "If you trust every submission as you trust your own code: --unsafe-no-sandbox."
        )


def how_it_ended(status: socket.socket) -> dict[str, float]:
    """Hang up and read how the learner's process ended: its status, CPU seconds, peak memory."""
    with contextlib.suppress(OSError, ValueError):
        status.shutdown(socket.SHUT_WR)
        status.settimeout(10)
        return json.loads(status.recv(4096) or b"{}")
    return {}
