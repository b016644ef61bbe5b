"""`make bench-grading`: the same submissions through this grader, nbgrader and Otter, interleaved.

One assignment of five exercises (set-up, answers, a plot) and a class of right, wrong, missing and crashing
answers. Each round runs every grader once, in turn; the table shows medians and, round by round, ratios. The
floor is the processor time of the submissions' own cells and checks in one warm process.
"""

import argparse
import contextlib
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

ROOT = Path(__file__).resolve().parents[1]
NUMBER, NAME = "B9", "B9_bench"
EXERCISES = (
    "gradient_least_squares",
    "smoothness_constant",
    "project_halfspace",
    "project_ball",
    "project_simplex",
)
JUDGE = f"""from helpers.exercises import find

LESSON = "{NUMBER}"
EXERCISES = tuple(find(name) for name in {EXERCISES!r})
"""
SETUP = """import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg

from helpers.exercises import check_small"""
PLOT = """fig, ax = plt.subplots()
ax.plot(np.cumsum(linalg.solve(np.eye(50) + 0.1, np.ones(50))))
ax.set(xlabel="k", ylabel="sum")
plt.show()"""
EXAMPLE = {
    "gradient_least_squares": "(np.zeros(1), np.ones((1, 1)), np.ones(1)), [-1.0]",
    "smoothness_constant": "(np.eye(2), 0.5), 1.5",
    "project_halfspace": "(np.array([2.0, 0.0]), np.array([1.0, 0.0]), 1.0), [1.0, 0.0]",
    "project_ball": "(np.array([2.0, 0.0]), np.zeros(2), 1.0), [1.0, 0.0]",
    "project_simplex": "(np.array([2.0, 0.0]),), [1.0, 0.0]",
}
OTTER_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = 1


@test_case(points=1)
def test_{name}({name}):
    from helpers.exercises import grade

    assert grade({name}, assignment="{number}") == 1
"""


def course(root: Path) -> Path:
    """Write the assignment, its judge and its notebooks below `root`; the folder of solutions."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text(JUDGE)
    head = "---\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n"
    parts = [head, f"```{{code-cell}} ipython3\n{SETUP}\n```"]
    for name in EXERCISES:
        shown = f"check_small({name}, [({EXAMPLE[name]})])"
        parts.append(
            f"### Exercise: {name}\n\n```{{code-cell}} ipython3\n:exercise: {name}\n{shown}\n```"
        )
    parts.append(f"```{{code-cell}} ipython3\n{PLOT}\n```")
    source = folder / f"{NAME}.md"
    source.write_text("\n\n".join(parts) + "\n")
    os.environ["COURSE_SOLUTIONS"] = str(root / "solutions")
    from helpers.authoring.build import build

    build(source, root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "grading").mkdir()
    return folder


def a_class(folder: Path) -> list[nbformat.NotebookNode]:
    """Ten submissions: four all right, and each exercise wrong, missing or crashing in another."""
    solved = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    learners = nbformat.read(folder.parents[1] / "course" / NAME / f"{NAME}.ipynb", as_version=4)
    answers = {
        c.metadata.nbgrader.grade_id: c.source
        for c in solved.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }
    wrong = {name: answers[name].replace("return ", "return 1.01 * ", 1) for name in EXERCISES}
    spoiled: list[dict[str, str]] = [{}, {}, {}, {}]
    spoiled += [{name: wrong[name]} for name in EXERCISES[:3]]
    spoiled += [{EXERCISES[3]: ""}, {EXERCISES[4]: "def project_simplex(x):\n    return 1 / 0"}]
    spoiled.append({name: "" for name in EXERCISES})
    books = []
    for changes in spoiled:
        book = nbformat.reads(nbformat.writes(learners), as_version=4)
        for cell in book.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = changes.get(name, answers[name]) or cell.source
        books.append(book)
    return books


@dataclass
class Run:
    """One grader on so many submissions: wall and processor seconds for each of them."""

    grader: str
    submissions: int
    wall: float
    cpu: float


PR_SET_CHILD_SUBREAPER = 36


def timed(grader: str, submissions: int, work: Callable[[], object]) -> Run:
    """Wall time and the processor time of everything that `work` starts, orphans included (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    wall = time.perf_counter() - begun
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(grader, submissions, wall / submissions, cpu / submissions)


def ours(books: list[nbformat.NotebookNode], count: int, workers: int, place: Path) -> Run:
    """`python -m helpers grade`, start-up included."""
    submitted, out = place / "submitted", place / "out"
    submitted.mkdir(parents=True)
    for number in range(count):
        nbformat.write(books[number % len(books)], submitted / f"s{number:05}.ipynb")
    command = ["grade", submitted, "--assignment", NUMBER, "--out", out, "--workers", workers]

    return timed(
        f"ours, {workers} workers",
        count,
        lambda: _run([sys.executable, "-m", "helpers", *map(str, command)], ROOT),
    )


def nbgraders(books: list[nbformat.NotebookNode], count: int, root: Path) -> Run:
    """`nbgrader autograde`, as shipped."""
    shutil.rmtree(root / "grading")
    (root / "grading").mkdir()
    for number in range(count):
        folder = root / "grading" / "submitted" / f"s{number}" / NAME
        folder.mkdir(parents=True)
        nbformat.write(books[number % len(books)], folder / f"{NAME}.ipynb")
    nbgrader = [sys.executable, "-m", "nbgrader"]
    _run([*nbgrader, "generate_assignment", NAME, "--create", "--force"], root)

    command = [*nbgrader, "autograde", NAME, "--create"]
    return timed("nbgrader autograde", count, lambda: _run(command, root))


def otters(books: list[nbformat.NotebookNode], count: int, python: str, place: Path) -> Run:
    """`otter run`, one call for each submission, as its command line works."""
    place.mkdir(parents=True)
    archive = place / "autograder.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for name in EXERCISES:
            file.writestr(f"tests/{name}.py", OTTER_TEST.format(name=name, number=NUMBER))
    for number in range(count):
        nbformat.write(books[number % len(books)], place / f"s{number}.ipynb")

    def work() -> None:
        for number in range(count):
            command = [
                python,
                "-m",
                "otter",
                "run",
                f"s{number}.ipynb",
                "-a",
                str(archive),
                "-o",
                ".",
            ]
            _run(command, place, PYTHONPATH=str(ROOT))

    return timed("otter run", count, work)


def floor(books: list[nbformat.NotebookNode], count: int) -> Run:
    """Own cells and checks of the submissions in one process that has imported everything."""
    code = f"""
import json, os, sys, time, warnings
sys.path.insert(0, {str(ROOT)!r})
os.environ["COURSE_CHECK"] = "off"
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import scipy.linalg
from helpers.exercises import assignment, examine
exercises = assignment({NUMBER!r}).EXERCISES
books = json.load(sys.stdin)
def grade(cells, seed):
    space = {{}}
    for cell in cells:
        exec(cell, space)
    plt.close("all")
    for exercise in exercises:
        examine(space.get(exercise.name, lambda *_: None), exercise, seed)
for cells in books:
    grade(cells, 0)
begun, cpu = time.perf_counter(), time.process_time()
for number in range({count}):
    grade(books[number % len(books)], number)
print(json.dumps([time.perf_counter() - begun, time.process_time() - cpu]))
"""
    cells = [[c.source for c in book.cells if c.cell_type == "code"] for book in books]
    done = _run([sys.executable, "-W", "ignore", "-c", code], ROOT, text=json.dumps(cells))
    wall, cpu = json.loads(done.splitlines()[-1])
    return Run("floor (one warm process)", count, wall / count, cpu / count)


def _run(command: list[str], cwd: Path, text: str | None = None, **more: str) -> str:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COURSE_PROGRESS": "off", "MPLBACKEND": "Agg", **more}
    done = subprocess.run(command, cwd=cwd, env=env, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:5]))} failed: {done.stderr[-2000:]}")
    return done.stdout


def table(rounds: list[list[Run]]) -> str:
    """Medians, and the ratio of each grader to ours in every round."""
    lines = [
        "| grader | submissions a round | s each (wall) | s each (CPU) | slower than ours, by round | CPU over ours |",
        "|---|---|---|---|---|---|",
    ]
    for runs in zip(*rounds, strict=True):
        against = [next(r for r in one if r.grader.startswith("ours")) for one in rounds]
        ratios = [run.wall / mine.wall for run, mine in zip(runs, against, strict=True)]
        cpus = [run.cpu / mine.cpu for run, mine in zip(runs, against, strict=True)]
        wall, cpu = (
            statistics.median(getattr(run, what) for run in runs) for what in ("wall", "cpu")
        )
        shown = ", ".join(f"{ratio:.3g}" for ratio in ratios)
        lines.append(
            f"| {runs[0].grader} | {runs[0].submissions} | {wall:.3f} | {cpu:.3f} | {shown} | "
            f"{statistics.median(cpus):.3g} |"
        )
    return "\n".join(lines)


def memory(books: list[nbformat.NotebookNode], count: int, workers: int, place: Path) -> str:
    """Grade `count` submissions and watch the memory of the grader with everything it starts."""
    submitted = place / "submitted"
    submitted.mkdir(parents=True)
    for book in books:  # the plot takes most of the time, and leaves nothing behind
        book.cells = [cell for cell in book.cells if "plt.subplots" not in cell.source]
    texts = [nbformat.writes(book) for book in books]
    for number in range(count):
        (submitted / f"s{number:05}.ipynb").write_text(texts[number % len(texts)])
    command = [
        "grade",
        submitted,
        "--assignment",
        NUMBER,
        "--out",
        place / "out",
        "--workers",
        workers,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    begun, peaks = time.perf_counter(), []
    while process.poll() is None:
        peaks.append(_proportional(process.pid))
        time.sleep(2)
    wall = time.perf_counter() - begun
    quarter = max(len(peaks) // 4, 1)
    return (
        f"{count} submissions in {wall:.0f} s with {workers} workers: peak {max(peaks):.0f} MB "
        f"(proportional set size of all processes); in the first quarter of the run {max(peaks[:quarter]):.0f} "
        f"MB, in the last {max(peaks[-quarter:]):.0f} MB; exit status {process.returncode}"
    )


def _proportional(pid: int) -> float:
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0.0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, OSError):
            continue
    return total / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", type=int, default=200, help="submissions a round (default 200)")
    parser.add_argument("--theirs", type=int, default=10, help="for nbgrader (default 10)")
    parser.add_argument("--otter", metavar="PYTHON", help="a Python that has otter-grader")
    parser.add_argument("--otters", type=int, default=3, help="for Otter (default 3)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument(
        "--class", type=int, default=0, dest="size", help="measure memory over so many"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        books = a_class(course(root))
        rounds = []
        for number in range(options.rounds):
            place = root / f"round{number}"
            runs = [ours(books, options.ours, options.workers, place / "ours")]
            runs.append(nbgraders(books, options.theirs, root))
            if options.otter:
                runs.append(otters(books, options.otters, options.otter, place / "otter"))
            runs.append(floor(books, options.ours))
            rounds.append(runs)
            print(f"round {number + 1}: {runs}", file=sys.stderr, flush=True)
        if rounds:
            print(table(rounds))
        if options.size:
            print(memory(books, options.size, options.workers, root / "memory"))


if __name__ == "__main__":
    main()
