"""Grade one submission: its cells in the sandbox, the judge and the score here."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from helpers.exercises.calling import TimeUp, within
from helpers.exercises.exercise import Exercise
from helpers.exercises.failures import JudgeError, OracleSpent
from helpers.exercises.judging import Case, Report, judge

from . import seeds
from .sandbox import Fault, Limits, Server
from .session import Call, Session
from .signs import signs
from .submission import Malformed, Submission, digest, read_bytes, read_cells

ATTEMPTS = 3
WATCHDOG_SECONDS = 900.0  # longer than any honest submission takes
JUDGE_MEMORY_MB = 3072


@dataclass(frozen=True)
class Task:
    """What a worker needs to grade any submission of a batch."""

    lesson: str
    exercises: tuple[Exercise, ...]
    key: bytes
    limits: Limits = Limits()
    unsafe: bool = False
    imports: tuple[str, ...] = ()  # modules that this lesson's own notebook imports


@dataclass
class Result:
    """The outcome for one submission, as it is written to the log."""

    student: str
    lesson: str
    digest: str
    score: float = 0.0
    max_score: float = 0.0
    status: str = "graded"  # or "malformed" (0 points, with a reason), or "not graded" (our fault)
    reason: str = ""
    reports: list[Report] = field(default_factory=list)
    seeds: dict[str, int] = field(default_factory=dict)
    cell_errors: dict[int, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: float = 0.0
    processes: int = 0
    faults: int = (
        0  # pages that its processes touched anew, most of them copies of the warm server's
    )
    sandbox: bool = True
    signs: list[str] = field(default_factory=list)
    code: str = ""  # names the sources of its code cells, whatever else the file holds

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Result":
        result = cls(**data)
        result.reports = [_report(report) for report in data["reports"]]
        result.cell_errors = {int(number): e for number, e in data["cell_errors"].items()}
        return result


def _report(data: dict[str, Any]) -> Report:
    tuples = {name: tuple(data[name]) for name in ("hints", "notes")}
    return Report(**{**data, **tuples, "cases": tuple(Case(**case) for case in data["cases"])})


class Grader:
    """Grades submissions one after the other with one sandbox server, replaced when it is lost."""

    def __init__(self, task: Task, start: Callable[..., Server] = Server):
        self.task, self.start = task, start
        self.server: Server | None = None

    def __enter__(self) -> "Grader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.server:
            self.server.close()
            self.server = None

    def grade(self, submission: Submission) -> Result:
        """Never raises for anything that a submission does; a fault of ours is tried again."""
        begun = time.perf_counter()
        result = self._empty(submission.student)
        try:
            content = read_bytes(submission.path)
            result.digest = digest(content)
            cells = read_cells(content)
        except Malformed as error:
            result.status, result.reason = "malformed", str(error)
            return result
        attempt = partial(self._attempt, submission.student, cells)
        for _ in range(ATTEMPTS):
            try:
                graded = within(WATCHDOG_SECONDS, attempt)
            except (Fault, OSError) as fault:
                self.close()
                result.status, result.reason = "not graded", f"{fault}"
                continue
            except (Exception, OracleSpent, TimeUp) as error:
                # one submission may break the judge; the others of its class are graded all the same
                self.close()
                why = f"{type(error).__name__}: {error}"
                if isinstance(error, JudgeError | TimeUp):
                    took = f"it took more than {WATCHDOG_SECONDS:g} seconds"
                    why = took if isinstance(error, TimeUp) else f"{error}"
                result.status, result.reason = "not graded", f"the judge failed: {why}"[:500]
                break
            graded.digest = result.digest
            graded.seconds = round(time.perf_counter() - begun, 4)
            return graded
        return result

    def _empty(self, student: str) -> Result:
        total = sum(exercise.points for exercise in self.task.exercises)
        return Result(student, self.task.lesson, "", 0.0, total, sandbox=not self.task.unsafe)

    def _attempt(self, student: str, cells: list[str]) -> Result:
        if self.server is None or not self.server.alive():
            self.close()
            self.server = self.start(self.task.unsafe, self.task.imports)
        task, result = self.task, self._empty(student)
        names = [exercise.name for exercise in task.exercises]
        result.code = digest("\0".join(cells).encode())
        session = Session(self.server, cells, names, task.limits)
        with session, at_most(JUDGE_MEMORY_MB):
            for exercise in task.exercises:
                # the same code earns the same; who saw arguments in the feedback and changed
                # the notebook meets other ones
                seed = seeds.seed(task.key, task.lesson, exercise.name, result.code)
                result.seeds[exercise.name] = seed
                result.reports.append(judge(exercise, Call(session, exercise), seed))
            session.stop()
            result.cell_errors = dict(sorted(session.cell_errors.items())[:50])
            result.cpu, result.processes = round(session.cpu, 4), session.processes
            result.faults = session.faults
        result.score = points(result.reports)
        result.versions = self.server.versions
        result.signs = signs(cells)
        return result


@contextlib.contextmanager
def at_most(megabytes: int) -> Iterator[None]:
    """The judge's own memory: an answer that makes it grow without end is a `MemoryError`, not the end
    of this process and of others beside it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        before = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError):  # not Linux: without a sandbox then, so without hostile answers
        yield
        return
    most = pages * resource.getpagesize() + (megabytes << 20)
    if before[1] != resource.RLIM_INFINITY:
        most = min(most, before[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def points(reports: Sequence[Report]) -> float:
    """The sum of score times points, each report's score within [0, 1]."""
    return round(sum(min(max(r.score, 0.0), 1.0) * r.points for r in reports), 6)


def fingerprint(sources: Sequence[Path]) -> str:
    """A name for what judges: results of another judge are not taken for today's."""
    return digest(b"".join(path.read_bytes() for path in sources))
