"""This grader, nbgrader and Otter on the same notebooks, each as its command line works, every process counted."""

import contextlib
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from benchmarks.grading_class import EXERCISES, NAME, NUMBER, ROOT

OTTER_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = 1


@test_case(points=1)
def test_{name}({name}):
    from helpers.exercises import grade

    assert grade({name}, assignment="{number}") == 1
"""


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


def _run(command: list[str], cwd: Path, text: str | None = None, **more: str) -> str:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COURSE_PROGRESS": "off", "MPLBACKEND": "Agg", **more}
    done = subprocess.run(command, cwd=cwd, env=env, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:5]))} failed: {done.stderr[-2000:]}")
    return done.stdout
