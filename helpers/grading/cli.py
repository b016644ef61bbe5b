"""`python -m helpers grade SUBMISSIONS --assignment A2 --out DIR`."""

import argparse
import errno
import os
import sys
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from helpers.exercises import declared

from . import late, seeds
from .engine import Result
from .graded import FILE, LOG, Graded
from .intake import find_submissions
from .log import Busy, Log
from .report import Summary, write_reports
from .run import Batch, cores, grade_all
from .sandbox import NoSandbox, require
from .submission import Malformed, Submission, defined_names, read_bytes, read_cells

EXAMPLE = """example:
  python -m helpers grade submitted/ --assignment A2 --out graded/
  python -m helpers grade submissions.zip --assignment A2 --out graded/ \\
      --due 2027-01-31T23:59+01:00 --late-policy late.csv --times times.csv

SUBMISSIONS is a folder or a zip: of STUDENT.ipynb files, of a folder or a zip for each student, as Canvas
and Moodle export it, or nbgrader's submitted/STUDENT/ASSIGNMENT/. DIR then holds grades.csv,
feedback/STUDENT.html and results.jsonl, the log. If the run is stopped, the same command goes
on where it stopped; a submission that has changed is graded again. Then:
  python -m helpers report graded/      the class on one page
  python -m helpers export graded/ --format canvas --roster canvas.csv --to import.csv

late.csv has the columns hours,keep (up to so many hours late, so much of the score is kept, nothing after
the last row); times.csv has student,submitted. nbgrader's timestamp.txt files are read too.
"""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `grade` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "grade",
        help="grade a folder or a zip of notebooks, each in a sandbox",
        description="Grade notebooks, each in a sandbox apart from the judge.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where results go")
    parser.add_argument(
        "--assignment",
        "--lesson",
        dest="lesson",
        metavar="NN",
        help="number of the assignment or lesson (default: told from the notebooks)",
    )
    parser.add_argument(
        "--due", metavar="TIME", help="when it was due, such as 2027-01-31T23:59+01:00"
    )
    parser.add_argument("--late-policy", type=Path, metavar="CSV", help="the table hours,keep")
    parser.add_argument("--times", type=Path, metavar="CSV", help="the table student,submitted")
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="TXT",
        help="a student a line: who handed in nothing is named",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=len(cores()) or 2,
        metavar="N",
        help="processes that grade at the same time (default: one a core, here %(default)s)",
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="grade on a Dask cluster, such as tcp://10.0.0.1:8786"
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
        if not options.unsafe_no_sandbox and not options.cluster:
            require()
        if options.cluster:
            from .cluster import knock

            knock(options.cluster)  # before anything is unpacked
        if options.workers < 1:
            raise ValueError("--workers must be at least 1.")
        if options.late_policy and not options.due:
            raise ValueError("--late-policy needs --due, the time from which on it counts.")
        policy = late.read_policy(options.late_policy) if options.late_policy else []
        times = late.read_times(options.times) if options.times else {}
        _folder(options.out)
        lesson, submissions = _what(options)
        _same_as_before(options.out, lesson)
        strangers = sorted(times.keys() - {submission.student for submission in submissions})
        if strangers:
            few = ", ".join(strangers[:10])
            print(f"In --times, but without a submission: {few}.", file=sys.stderr)
        if policy:
            late.save(late.lateness(submissions, options.due, policy, times), options.out)
        else:
            (options.out / late.FILE).unlink(missing_ok=True)
        graded = _note(submissions, lesson, options)
        summary = grade(submissions, graded, options)
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


def grade(submissions: list[Submission], graded: Graded, options: argparse.Namespace) -> Summary:
    """Grade what is not in the log, then write the grades and the feedback of all."""
    batch = Batch(graded.lesson, seeds.secret(options.out), unsafe=options.unsafe_no_sandbox)
    with Log(options.out / LOG) as log:
        with tqdm(total=len(submissions), unit="notebook", desc="grading") as bar:

            def progress(result: Result | None) -> None:
                bar.update()

            if options.cluster:
                from .cluster import grade_on_cluster

                grade_on_cluster(submissions, batch, log, options.cluster, progress)
            else:
                workers = min(options.workers, len(submissions))
                grade_all(submissions, batch, log, workers, progress)
        return write_reports(graded)


def _what(options: argparse.Namespace) -> tuple[str, list[Submission]]:
    """The assignment asked for, or the one whose exercises the notebooks define; and who handed in."""
    known, given = declared(), options.lesson
    given = given.split("_")[0] if given else given  # "A2_algorithms" is A2
    if given is not None and given not in known:
        have = ", ".join(known)
        raise ValueError(f"There is no lesson or assignment {given!r}; there are {have}.")
    unpacked = options.out / "unpacked"
    if given is None:
        given = _told_by(find_submissions(options.submissions, None, unpacked)[:50])
    return given, find_submissions(options.submissions, given, unpacked)


def _told_by(submissions: list[Submission]) -> str:
    votes: Counter[str] = Counter()
    for submission in submissions:
        try:
            names = defined_names(read_cells(read_bytes(submission.path)))
        except Malformed:
            continue
        for number, module in declared().items():
            votes[number] += len(names & {exercise.name for exercise in module.EXERCISES})
    if not votes.total():
        raise ValueError("The notebooks do not tell which lesson they are: say --assignment NN.")
    return votes.most_common(1)[0][0]


def _note(submissions: list[Submission], lesson: str, options: argparse.Namespace) -> Graded:
    students = tuple(submission.student for submission in submissions)
    missing = sorted(_roster(options.roster) - set(students))
    graded = Graded(options.out, name_of(lesson), lesson, students, tuple(missing))
    graded.save()
    return graded


def _folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"--out {out} cannot be a folder: {error.strerror}.") from None


def _same_as_before(out: Path, lesson: str) -> None:
    """One folder, one assignment: another's grades are not written over."""
    if (out / FILE).exists() and (before := Graded.open(out)).lesson != lesson:
        raise ValueError(f"{out} holds the grades of {before.assignment}: name another --out.")


def _roster(path: Path | None) -> set[str]:
    if path is None:
        return set()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--roster {path} could not be read: {error}.") from None
    return {line.strip() for line in lines} - {""}


def name_of(number: str) -> str:
    """What a lesson or an assignment is called in tables: "04_gradient_descent", "A1_convexity"."""
    module = declared()[number].__name__
    if module.startswith("assignment_"):
        return module.removeprefix("assignment_")
    return f"{number}_{module.rpartition('.')[2]}"
