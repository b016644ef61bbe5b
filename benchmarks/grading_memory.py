"""The memory of the grader, with everything it starts, over a class of any size."""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil

from benchmarks.grading_class import NUMBER, ROOT


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
