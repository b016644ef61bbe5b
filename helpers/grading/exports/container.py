"""`python -m helpers gradescope`: grade the one submission that a container was started for."""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from helpers.exercises import declared

from .. import seeds
from ..engine import Grader, Result
from ..intake import find_submissions
from ..report import whole
from ..run import Batch
from ..sandbox import NoSandbox, require
from .gradescope import results_json

EXAMPLE = """example (what the autograder of `release --gradescope` runs):
  python -m helpers gradescope --assignment A2 --submission /autograder/submission \\
      --results /autograder/results/results.json
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `gradescope` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "gradescope",
        help="grade one submission inside Gradescope's container",
        description="Grade the notebook in a folder and write Gradescope's results.json.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--assignment", required=True, metavar="NN")
    parser.add_argument("--submission", type=Path, required=True, metavar="DIR")
    parser.add_argument("--results", type=Path, required=True, metavar="JSON")
    parser.add_argument("--unsafe-no-sandbox", action="store_true", help="only if you trust it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the results, also where there is nothing to grade: 0, or 1 for a fault of ours."""
    os.environ["COURSE_PROGRESS"] = "off"
    result = _graded(options)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    with whole(options.results) as file:
        json.dump(results_json(result), file, indent=1)
    if result.status == "not graded":
        print(result.reason, file=sys.stderr)
        return 1
    return 0


def _graded(options: argparse.Namespace) -> Result:
    lesson = options.assignment.split("_")[0]
    empty = Result("learner", lesson, "")
    try:
        if not options.unsafe_no_sandbox:
            require()
        if lesson not in declared():
            raise ValueError(f"There is no {lesson!r}; there are {', '.join(declared())}.")
    except (NoSandbox, ValueError) as error:
        return replace(empty, status="not graded", reason=str(error))
    with tempfile.TemporaryDirectory() as scratch:
        key = seeds.secret(Path(scratch))
        task = Batch(lesson, key, unsafe=options.unsafe_no_sandbox).task()
        try:
            everything = find_submissions(options.submission, lesson, Path(scratch))
        except ValueError as error:
            most = sum(exercise.points for exercise in task.exercises)
            return replace(empty, status="malformed", reason=str(error), max_score=most)
        with Grader(task) as grader:
            return grader.grade(replace(everything[0], student="learner"))
