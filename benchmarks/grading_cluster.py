"""What a Dask cluster adds to a submission: the real notebooks and results, but nothing is graded.

`python -m benchmarks.grading_cluster` starts a cluster on this machine and sends a class through
`grade --cluster`'s own code, with a task that hands back results made beforehand. Client, scheduler
and log run in this process: its processor time is what limits one client.
"""

import argparse
import functools
import pickle
import resource
import tempfile
import time
from pathlib import Path

import nbformat
from distributed import LocalCluster

from benchmarks.grading_class import NUMBER, a_class, course
from helpers.grading import cluster
from helpers.grading.engine import Grader, Result
from helpers.grading.log import Log
from helpers.grading.run import Batch
from helpers.grading.submission import Submission

BATCH = Batch(NUMBER, b"the secret of a benchmark")


@functools.cache
def _made_before(path: str) -> list[Result]:
    return pickle.loads(Path(path).read_bytes())


def nothing(path: str, _: Batch, submissions: list[tuple[str, bytes | str]]) -> list[Result]:
    """Stands for `grade_together`: the results of a class that was graded before."""
    results = []
    for student, _content in submissions:
        made = _made_before(path)[int(student[1:]) % 10]
        made.student = student
        results.append(made)
    return results


def measure(place: Path, count: int, workers: int, seconds: float) -> str:
    """Send `count` submissions that seem to take `seconds` each through a cluster of `workers`."""
    books = a_class(course(place))
    (place / "in").mkdir()
    for number in range(count):
        nbformat.write(books[number % 10], place / "in" / f"s{number:05}.ipynb")
    submissions = [Submission(path.stem, path) for path in sorted((place / "in").iterdir())]
    with Grader(BATCH.task()) as grader:
        made = [grader.grade(submission) for submission in submissions[:10]]
    for result in made:
        result.seconds = seconds
    (place / "made").write_bytes(pickle.dumps(made))
    cluster.grade_together = functools.partial(nothing, str(place / "made"))  # type: ignore
    heard: list[Result | None] = []
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as dask,
        Log(place / "log") as log,
    ):
        run = functools.partial(cluster.grade_on_cluster, batch=BATCH, log=log)
        run(submissions[:50], address=dask.scheduler_address)  # connections and imports
        before, begun = _cpu(), time.perf_counter()
        run(submissions[50:], address=dask.scheduler_address, progress=heard.append)
        wall, cpu = time.perf_counter() - begun, _cpu() - before
    each = count - 50
    assert len(heard) == each and all(result and result.status == "graded" for result in heard)
    return (
        f"{each} submissions of {seconds:g} s over {workers} workers: {1e3 * wall / each:.2f} ms each, "
        f"{1e3 * cpu / each:.2f} ms of them processor time of client, scheduler and log"
    )


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grading_cluster", description=__doc__
    )
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, nargs="+", default=[0.06, 0.8])
    options = parser.parse_args()
    for seconds in options.seconds:
        with tempfile.TemporaryDirectory() as scratch:
            print(measure(Path(scratch), options.submissions, options.workers, seconds), flush=True)


if __name__ == "__main__":
    main()
