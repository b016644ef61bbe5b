"""`python -m helpers grade SUBMISSIONS --out DIR`."""

import argparse
import errno
import os
import sys
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from helpers.exercises import declared

from . import seeds
from .engine import Result
from .log import Busy, Log
from .report import Summary, write_reports
from .run import Batch, grade_all, report_order
from .sandbox import NoSandbox, require
from .submission import (
    Malformed,
    Submission,
    defined_names,
    find_submissions,
    read_bytes,
    read_cells,
)

EXAMPLE = """example:
  python -m helpers grade submitted/ --out graded/ --lesson 04

SUBMISSIONS is a folder of STUDENT.ipynb files, or of one folder for each student (nbgrader's
submitted/STUDENT/ASSIGNMENT/ too). DIR then holds grades.csv, feedback/STUDENT.html and
results.jsonl, the log. If the run is stopped, the same command goes on where it stopped; a
submission that has changed is graded again.
"""


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `grade` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "grade",
        help="grade a folder of notebooks, each in a sandbox",
        description="Grade a folder of notebooks, each in a sandbox apart from the judge.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where results go")
    parser.add_argument(
        "--lesson", metavar="NN", help="number of the lesson (default: told from the notebooks)"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2,
        metavar="N",
        help="processes that grade at the same time (default: one a core, here %(default)s)",
    )
    parser.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run submissions with all the rights you have; only for code that you trust",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Grade; 0 if all was graded, 1 if some could not be, 2 if nothing could be begun."""
    os.environ["COURSE_PROGRESS"] = "off"  # the teacher's own progress is nobody's feedback
    try:
        if not options.unsafe_no_sandbox:
            require()
        if options.workers < 1:
            raise ValueError("--workers must be at least 1.")
        lesson = _lesson(options.submissions, options.lesson)
        submissions = _one_each(find_submissions(options.submissions, lesson))
        options.out.mkdir(parents=True, exist_ok=True)
        summary = grade(submissions, lesson, options)
    except (NoSandbox, Busy, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in FULL:
            raise
        print(
            f"Could not write to {options.out}: {error.strerror}. Nothing that was graded is lost: "
            "make room, then run the same command again.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    print(f"{summary}\n{options.out / 'grades.csv'}\n{options.out / 'feedback'}/")
    return 1 if summary.not_graded else 0


def grade(submissions: list[Submission], lesson: str, options: argparse.Namespace) -> Summary:
    """Grade what is not in the log, then write the reports of all."""
    batch = Batch(lesson, seeds.secret(options.out), unsafe=options.unsafe_no_sandbox)
    name = _name(lesson)
    workers = min(options.workers, len(submissions))
    with Log(options.out / "results.jsonl") as log:
        with tqdm(total=len(submissions), unit="notebook", desc="grading") as bar:

            def progress(result: Result | None) -> None:
                bar.update()

            grade_all(submissions, batch, log, workers, progress)
        return write_reports(log.results(report_order(submissions)), name, options.out)


def _lesson(folder: Path, given: str | None) -> str:
    """The lesson asked for, or the one whose exercises the notebooks define."""
    known = declared()
    if given is not None:
        if given not in known:
            raise ValueError(
                f"There is no lesson or assignment {given!r}; there are {', '.join(known)}."
            )
        return given
    votes: Counter[str] = Counter()
    for submission in find_submissions(folder)[:50]:
        try:
            names = defined_names(read_cells(read_bytes(submission.path)))
        except Malformed:
            continue
        for number, module in known.items():
            votes[number] += len(names & {exercise.name for exercise in module.EXERCISES})
    if not votes.total():
        raise ValueError("The notebooks do not tell which lesson they are: say --lesson NN.")
    return votes.most_common(1)[0][0]


def _name(number: str) -> str:
    """What a lesson or an assignment is called in tables: "04_gradient_descent", "A1_convexity"."""
    module = declared()[number].__name__
    return (
        module.removeprefix("assignment_")
        if module.startswith("assignment_")
        else (f"{number}_{module.rpartition('.')[2]}")
    )


def _one_each(submissions: list[Submission]) -> list[Submission]:
    """Refuse two submissions of one student: which of them counts is the teacher's to say."""
    twice = [name for name, n in Counter(s.student for s in submissions).items() if n > 1]
    if twice:
        raise ValueError(f"More than one submission of {', '.join(sorted(twice)[:5])}: keep one.")
    return submissions
