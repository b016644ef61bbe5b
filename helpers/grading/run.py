"""Grade a batch: worker processes, each with a warm sandbox; lost workers are replaced."""

import multiprocessing
import multiprocessing.util
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.exercises import declared

from .engine import ATTEMPTS, Grader, Result, Task, fingerprint
from .log import Log
from .sandbox import Limits
from .submission import Malformed, Submission, digest, read_bytes
from .warm import imports

WINDOW = 4


@dataclass(frozen=True)
class Batch:
    """What is the same for every submission of one run; small, for it goes to each worker."""

    lesson: str
    key: bytes
    limits: Limits = Limits()
    unsafe: bool = False

    def task(self) -> Task:
        exercises = tuple(declared()[self.lesson].EXERCISES)
        known = imports(self.lesson)
        return Task(self.lesson, exercises, self.key, self.limits, self.unsafe, known)

    def judge_version(self) -> str:
        """Changes whenever the judge of this lesson does, so that its results are not reused."""
        module = declared()[self.lesson]
        modules = {exercise.certify.__module__ for exercise in module.EXERCISES}
        names = ("exercise", "judging", "plain", "failures")
        modules |= {module.__name__, *(f"helpers.exercises.{name}" for name in names)}
        return fingerprint([Path(str(sys.modules[name].__file__)) for name in sorted(modules)])


def grade_all(
    submissions: list[Submission],
    batch: Batch,
    log: Log,
    workers: int,
    progress: Callable[[Result | None], None] = lambda result: None,
) -> None:
    """Grade every submission that the log does not hold yet; `progress` hears of each.

    It hears `None` for one that was graded before. Nothing is held but what is under way.
    """
    version = batch.judge_version()
    waiting = deque(submissions)
    tries: dict[str, int] = {}
    while waiting:
        lost = _one_pool(waiting, batch, version, log, workers, progress, tries)
        for submission in lost:
            tries[submission.student] = tries.get(submission.student, 0) + 1
            if tries[submission.student] >= ATTEMPTS:
                result = Result(submission.student, batch.lesson, "", status="not graded")
                result.reason = f"its worker was lost {ATTEMPTS} times"
                log.add(result, "")
                progress(result)
            else:
                waiting.append(submission)


def _one_pool(
    waiting: deque[Submission],
    batch: Batch,
    version: str,
    log: Log,
    workers: int,
    progress: Callable[[Result | None], None],
    tries: dict[str, int],
) -> list[Submission]:
    """Work until all is done or a worker is lost; what was under way then."""
    context = multiprocessing.get_context("forkserver")
    running: dict[Future[Result], tuple[Submission, str]] = {}
    given = batch, context.Value("i", 0), workers
    with ProcessPoolExecutor(workers, context, _start_worker, given) as pool:
        try:
            while waiting or running:
                # A submission whose worker was lost before goes alone: it may be why.
                while waiting and len(running) < (1 if tries else WINDOW * workers):
                    submission = waiting.popleft()
                    key = result_key(submission, batch, version)
                    if log.done(submission.student, key):
                        progress(None)
                        continue
                    try:
                        running[pool.submit(_grade, submission)] = submission, key
                    except BrokenProcessPool:
                        waiting.appendleft(submission)
                        raise
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    _, key = running.pop(future)
                    log.add(result, key if result.status != "not graded" else "")
                    progress(result)
        except BrokenProcessPool:
            return [submission for submission, _ in running.values()]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return []


def result_key(submission: Submission, batch: Batch, version: str) -> str:
    """Names the submission's bytes, the judge, the secret and whether there was a sandbox."""
    try:
        content = read_bytes(submission.path)
    except Malformed as error:
        content = str(error).encode()
    mode = "unsafe" if batch.unsafe else "sandbox"
    parts = [batch.lesson, version, digest(batch.key)[:8], mode, digest(content)]
    return ":".join(parts)


def cores() -> list[int]:
    """The processor's cores that this process may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def keep_to_core(number: int) -> None:
    """Stay on one core, with all processes that are started from here on.

    A judge and its learner's process work in turn, never at the same time, and talk thousands of times. On one
    core that costs a third of what it costs to wake another core each time. Where every core has a worker no
    core is left idle by it.
    """
    if allowed := cores():
        os.sched_setaffinity(0, {allowed[number % len(allowed)]})


_grader: Grader | None = None


def _start_worker(batch: Batch, started: Any, workers: int) -> None:
    global _grader
    with started.get_lock():
        number = started.value
        started.value += 1
    if workers >= len(cores()):
        keep_to_core(number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    # LAPACK and numpy speak of overflows in wild answers: that is no news for the teacher
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _grader = Grader(batch.task())
    multiprocessing.util.Finalize(_grader, _grader.close, exitpriority=1)


def _end_with_parent() -> None:
    """A killed grader leaves no worker behind, and a worker's sandbox ends with it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _grade(submission: Submission) -> Result:
    assert _grader is not None
    return _grader.grade(submission)
