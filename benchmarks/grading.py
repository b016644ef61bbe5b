"""`make bench-grading`: the same submissions through this grader, nbgrader and Otter, interleaved.

One assignment of five exercises (set-up, answers, a plot) and a class of right, wrong, missing and crashing
answers. Each round runs every grader once, in turn; the table shows medians and, round by round, ratios. The
floor is the processor time of the submissions' own cells and checks in one warm process.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.grading_class import NUMBER, a_class, course
from benchmarks.grading_floor import floor
from benchmarks.grading_memory import memory
from benchmarks.grading_peers import Run, nbgraders, otters, ours


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
            wall, cpu = floor(NUMBER, books, options.ours)
            runs.append(Run("floor (one warm process)", options.ours, wall, cpu))
            rounds.append(runs)
            print(f"round {number + 1}: {runs}", file=sys.stderr, flush=True)
        if rounds:
            print(table(rounds))
        if options.size:
            print(memory(books, options.size, options.workers, root / "memory"))


if __name__ == "__main__":
    main()
