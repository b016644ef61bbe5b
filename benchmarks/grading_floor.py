"""Where the processor time of a submission goes, beside the least that it could be.

`python -m benchmarks.grading_floor A1 A2` grades a class of each assignment (the benchmark's own, B9,
first) with one warm grader, and runs the cells and checks of the same submissions in one process that
has imported everything: the floor. Both are measured in turn, without their start. A page of memory and a fork cost
ten times as much on one machine as on another, so the table says what they cost here, and what ratio is left without.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

from benchmarks.grading_class import NUMBER, ROOT, a_class, course
from benchmarks.pages import machine
from helpers.grading.engine import Grader
from helpers.grading.run import Batch, keep_to_core
from helpers.grading.submission import Submission

FLOOR = """
import json, os, sys, time, warnings
os.environ["COURSE_CHECK"] = "off"
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import scipy.linalg, scipy.optimize
from helpers.exercises import assignment, examine
from helpers.grading.jail.warmth import silence_figures
import helpers.figures
silence_figures()
number, count, books = json.load(sys.stdin)
exercises = assignment(number).EXERCISES
def grade(cells, seed):
    space = {}
    for cell in cells:
        try:
            exec(cell, space)
        except Exception:
            pass
    plt.close("all")
    for exercise in exercises:
        examine(space.get(exercise.name, lambda *_: None), exercise, seed)
for seed, cells in enumerate(books):
    grade(cells, seed)
begun, cpu = time.perf_counter(), time.process_time()
for seed in range(count):
    grade(books[seed % len(books)], seed)
print(json.dumps([time.perf_counter() - begun, time.process_time() - cpu]))
"""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time for a submission, by where they were spent."""

    floor: float
    judge: float
    learner: float
    server: float
    pages: float  # faults of the learner's processes: pages copied or new
    page: float  # what one takes on this machine, measured in the same minute
    fork: float  # and what a fork takes

    @property
    def total(self) -> float:
        return self.judge + self.learner + self.server

    @property
    def ratio(self) -> float:
        return self.total / self.floor

    @property
    def without_memory(self) -> float:
        """The ratio on a machine where neither pages nor a fork cost anything."""
        return (self.total - self.pages * self.page - self.fork) / self.floor


def floor(number: str, books: list[nbformat.NotebookNode], count: int) -> tuple[float, float]:
    """Seconds for a submission's cells and checks in one warm process, by the clock and of processor time."""
    cells = [[c.source for c in book.cells if c.cell_type == "code"] for book in books]
    done = subprocess.run(
        [sys.executable, "-c", FLOOR],
        input=json.dumps([number, count, cells]),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COURSE_PROGRESS": "off"},
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return wall / count, cpu / count


def cost(number: str, books: list[nbformat.NotebookNode], count: int, place: Path) -> Cost:
    """The cost of each of `count` submissions, taken from `books` in turn."""
    paths = [place / f"{number}_{index}.ipynb" for index in range(len(books))]
    for book, path in zip(books, paths, strict=True):
        nbformat.write(book, path)
    with Grader(Batch(number, b"the secret of a benchmark").task()) as grader:
        for index, path in enumerate(paths):
            grader.grade(Submission(f"warm{index}", path))
        assert grader.server is not None
        walls = psutil.Process(grader.server.process.pid)
        # the fork server is the youngest that lasts; what it waited for are the learners' processes
        server = [walls, *walls.children(recursive=True)][-1]
        before, own, faults = server.cpu_times(), _own(), 0
        for index in range(count):
            result = grader.grade(Submission(f"s{index}", paths[index % len(paths)]))
            assert result.status == "graded", result.reason
            faults += result.faults
        own, after = _own() - own, server.cpu_times()
    learners = after.children_user + after.children_system
    learners -= before.children_user + before.children_system
    served = after.user + after.system - before.user - before.system
    here = machine()
    return Cost(
        floor=1e3 * floor(number, books, count)[1],
        judge=1e3 * own / count,
        learner=1e3 * learners / count,
        server=1e3 * served / count,
        pages=faults / count,
        page=here.page / 1e3,
        fork=here.fork / 1e3,
    )


def _own() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def handed_in(number: str) -> list[nbformat.NotebookNode]:
    """Ten submissions of a real assignment: eight as solved by the teacher, two not attempted."""
    (solved,) = (ROOT / "solutions").glob(f"{number}_*/{number}_*.ipynb")
    stub = ROOT / "course" / solved.parent.name / solved.name
    return [nbformat.read(path, as_version=4) for path in [*[solved] * 8, *[stub] * 2]]


def table(costs: dict[str, list[Cost]]) -> str:
    """Medians over the rounds."""
    lines = [
        "| assignment | floor | ours | ours / floor | judge | learner's process | fork server "
        "| pages | a page | a fork | ours / floor without pages and forks |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for number, rounds in costs.items():

        def middle(what: str, rounds: list[Cost] = rounds) -> float:
            return statistics.median(getattr(cost, what) for cost in rounds)

        parts = " | ".join(f"{middle(what):.1f} ms" for what in ("judge", "learner", "server"))
        lines.append(
            f"| {number} | {middle('floor'):.1f} ms | {middle('total'):.1f} ms | {middle('ratio'):.2f} "
            f"| {parts} | {middle('pages'):.0f} | {1e3 * middle('page'):.1f} µs "
            f"| {middle('fork'):.1f} ms | {middle('without_memory'):.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading_floor", description=__doc__)
    parser.add_argument("assignments", nargs="*", default=["A1", "A2"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--submissions", type=int, default=100)
    options = parser.parse_args()
    keep_to_core(0)  # as a worker of `grade` does
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        bench = a_class(course(place))
        for _ in range(options.rounds):
            for number in (NUMBER, *options.assignments):
                own = number == NUMBER
                os.environ["COURSE_SOLUTIONS"] = str((place if own else ROOT) / "solutions")
                books = bench if own else handed_in(number)
                found = cost(number, books, options.submissions, place)
                costs.setdefault(number, []).append(found)
                print(f"{number}: {found}", file=sys.stderr, flush=True)
    print(table(costs))


if __name__ == "__main__":
    main()
