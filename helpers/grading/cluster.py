"""The same batch on many machines: Dask carries notebooks out and results back, nothing else.

Each worker grades with a warm sandbox of its own. A submission travels as its bytes, so workers need no
common disk; they need the course, and for an assignment its judge (COURSE_SOLUTIONS).
"""

import asyncio
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .engine import ATTEMPTS, Grader, Result
from .log import Log
from .run import Batch, result_key
from .sandbox import NoSandbox, require
from .submission import Malformed, Submission, read_bytes

KNOCK_SECONDS, FIND_SECONDS, WORKER_SECONDS = 5.0, 20.0, 60.0
AHEAD = 4  # tasks under way for each thread of the cluster
# small submissions travel together: a task costs the scheduler too
TASK_SECONDS, TASK_MOST = 5.0, 16


def grade_on_cluster(
    submissions: list[Submission],
    batch: Batch,
    log: Log,
    address: str,
    progress: Callable[[Result | None], None] = lambda result: None,
) -> None:
    """Grade what the log does not hold yet on the Dask cluster at `address`.

    Workers may come and go: Dask gives what a lost one had to another. What was under way whenever
    several were lost is tried again alone, and what kills them then too is listed as not graded.
    `ValueError` where no cluster answers or its judge is another than ours.
    """
    from distributed import as_completed

    version = batch.judge_version()
    with _client(address) as client:
        _same_judge(client, batch, version)
        waiting, suspects = deque(submissions), deque[_Sent]()
        running, tasks = as_completed(loop=client.loop), dict[Any, list[_Sent]]()
        pace = _Pace()

        def send() -> None:
            threads = max(sum(client.nthreads().values()), 1)
            while waiting and len(tasks) < AHEAD * threads:
                sent: list[_Sent] = []
                while waiting and len(sent) < pace.size(len(waiting) + len(sent), threads):
                    submission = waiting.popleft()
                    key = result_key(submission, batch, version)
                    if log.done(submission.student, key):
                        progress(None)
                    else:
                        sent.append(_Sent(submission, key))
                if sent:
                    go(sent)
            if suspects and not tasks:
                go([suspects.popleft().alone()])

        def go(sent: list[_Sent]) -> None:
            given = [(one.submission.student, _content(one.submission)) for one in sent]
            future = client.submit(grade_together, batch, given, pure=False, retries=ATTEMPTS - 1)
            tasks[future.key] = sent
            running.add(future)

        send()
        for future in running:
            sent = tasks.pop(future.key)
            if future.status != "finished" and not sent[0].suspect:
                suspects.extend(sent)  # it, or what was beside it: at the end each is tried alone
            else:
                for one, result in zip(sent, _results(future, sent, batch), strict=True):
                    log.add(result, one.key if result.status != "not graded" else "")
                    progress(result)
                    pace.heard(result)
            future.release()
            send()


def knock(address: str) -> None:
    """`ValueError` where no Dask scheduler answers at `address`. Dask's client, once made, would try for long,
    and end in an error of its own that names no argument."""
    from distributed.comm import connect
    from distributed.security import Security

    async def greet() -> None:
        arguments = Security().get_connection_args("client")
        await (await connect(address, timeout=KNOCK_SECONDS, **arguments)).close()

    try:
        # in a thread of its own: in this one an event loop may run already, as in Jupyter
        with ThreadPoolExecutor(1) as own:
            own.submit(asyncio.run, asyncio.wait_for(greet(), 2 * KNOCK_SECONDS)).result()
    except Exception as error:  # whatever an address that is none, or another server, leads to
        why = error.__cause__ or error
        told = f"{why}" or f"it did not answer within {2 * KNOCK_SECONDS:g} seconds"
        raise ValueError(
            f"--cluster {address}: no Dask scheduler answers there ({told}). Give the address that "
            "`dask scheduler` prints when it starts, such as tcp://10.0.0.1:8786."
        ) from None


def _client(address: str) -> Any:
    """A client of the cluster at `address`, which has workers."""
    from distributed import Client

    knock(address)
    client = Client(address, timeout=FIND_SECONDS, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except OSError:  # TimeoutError is one
        client.close()
        raise ValueError(
            f"--cluster {address}: the scheduler there had no worker for {WORKER_SECONDS:g} seconds. "
            f"Start some: `dask worker {address}`."
        ) from None
    return client


@dataclass(frozen=True)
class _Sent:
    """A submission under way, and what its result is logged under."""

    submission: Submission
    key: str
    suspect: bool = False  # it was under way when workers were lost, and now goes alone

    def alone(self) -> "_Sent":
        return replace(self, suspect=True)


class _Pace:
    """How many submissions make a task of about `TASK_SECONDS`, as far as has been seen."""

    def __init__(self) -> None:
        self.mean = TASK_SECONDS

    def heard(self, result: Result) -> None:
        self.mean += 0.1 * (result.seconds - self.mean)

    def size(self, left: int, threads: int) -> int:
        """At the end they are spread evenly, so that no thread waits for another's last task."""
        most = min(TASK_MOST, TASK_SECONDS / max(self.mean, 1e-3), left / threads)
        return max(int(most), 1)


def _content(submission: Submission) -> bytes | str:
    """The bytes, or why there are none."""
    try:
        return read_bytes(submission.path)
    except Malformed as error:
        return str(error)


def _results(future: Any, sent: list[_Sent], batch: Batch) -> list[Result]:
    if future.status == "finished":
        return future.result()
    error = future.exception()
    reason = f"the cluster lost it: {type(error).__name__}: {error}"[:500]
    students = [one.submission.student for one in sent]
    return [
        Result(student, batch.lesson, "", status="not graded", reason=reason)
        for student in students
    ]


def _same_judge(client: Any, batch: Batch, version: str) -> None:
    """Two judges would give two grades for one answer."""
    for worker, theirs in client.run(judge_of, batch).items():
        if theirs != version:
            raise ValueError(
                f"The worker {worker} has another version of the judge of {batch.lesson} "
                f"({theirs}): bring the course there up to date."
            )


def judge_of(batch: Batch) -> str:
    """On a worker: the version of its judge, or what is missing there."""
    try:
        if not batch.unsafe:
            require()
        return batch.judge_version()
    except (NoSandbox, KeyError) as error:
        return f"{error}"


_graders: dict[Batch, Grader] = {}
_one_at_a_time = threading.Lock()


def grade_together(batch: Batch, submissions: list[tuple[str, bytes | str]]) -> list[Result]:
    """On a worker: grade a few submissions, one after the other."""
    return [grade_bytes(batch, student, content) for student, content in submissions]


def grade_bytes(batch: Batch, student: str, content: bytes | str) -> Result:
    """On a worker: grade one submission with the sandbox that this process keeps."""
    with _one_at_a_time:
        if batch not in _graders:
            for grader in _graders.values():
                grader.close()
            _graders.clear()
            _graders[batch] = Grader(batch.task())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "submission.ipynb")
            if isinstance(content, bytes):
                path.write_bytes(content)
            result = _graders[batch].grade(Submission(student, path))
        if isinstance(content, str):
            result.reason = content
        return result
