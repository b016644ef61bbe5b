"""The same batch on many machines: Dask carries notebooks out and results back, nothing else.

Each worker grades with a warm sandbox of its own. A submission travels as its bytes, so workers need no
common disk; they need the course, and for an assignment its judge (COURSE_SOLUTIONS).
"""

import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .engine import ATTEMPTS, Grader, Result
from .log import Log
from .run import Batch, result_key
from .sandbox import NoSandbox, require
from .submission import Malformed, Submission, read_bytes

AHEAD = 4  # submissions under way for each thread of the cluster


def grade_on_cluster(
    submissions: list[Submission],
    batch: Batch,
    log: Log,
    address: str,
    progress: Callable[[Result | None], None] = lambda result: None,
) -> None:
    """Grade what the log does not hold yet on the Dask cluster at `address`.

    Workers may come and go: Dask gives what a lost one had to another. What kills three workers is
    listed as not graded. `ValueError` where no cluster answers or its judge is another than ours.
    """
    from distributed import Client, as_completed

    version = batch.judge_version()
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(
            f"--cluster {address}: no Dask scheduler answers there ({error})."
        ) from None
    with client:
        client.wait_for_workers(1, timeout=120)
        _same_judge(client, batch, version)
        waiting, running = deque(submissions), as_completed(loop=client.loop)
        keys: dict[Any, tuple[Submission, str]] = {}

        def send() -> None:
            most = AHEAD * max(sum(client.nthreads().values()), 1)
            while waiting and len(keys) < most:
                submission = waiting.popleft()
                key = result_key(submission, batch, version)
                if log.done(submission.student, key):
                    progress(None)
                    continue
                future = client.submit(
                    grade_bytes,
                    batch,
                    submission.student,
                    _content(submission),
                    pure=False,
                    retries=ATTEMPTS - 1,
                )
                keys[future.key] = submission, key
                running.add(future)

        send()
        for future in running:
            submission, key = keys.pop(future.key)
            result = _result(future, submission, batch)
            log.add(result, key if result.status != "not graded" else "")
            progress(result)
            future.release()
            send()


def _content(submission: Submission) -> bytes | str:
    """The bytes, or why there are none."""
    try:
        return read_bytes(submission.path)
    except Malformed as error:
        return str(error)


def _result(future: Any, submission: Submission, batch: Batch) -> Result:
    if future.status == "finished":
        return future.result()
    error = future.exception()
    reason = f"the cluster lost it: {type(error).__name__}: {error}"[:500]
    return Result(submission.student, batch.lesson, "", status="not graded", reason=reason)


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
