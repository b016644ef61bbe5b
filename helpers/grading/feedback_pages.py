"""`python -m helpers feedback GRADED`: the learners' pages again, all or some, where one wants them."""

import argparse
import sys
from pathlib import Path

from .graded import Graded
from .report import file_name, render, template, whole

EXAMPLE = """examples:
  python -m helpers feedback graded/ --to pages/
  python -m helpers feedback graded/ --to pages/ --student ada --student bob

`grade` has written these pages into graded/feedback/ already; a changed late policy or a copy for some
learners is what this command is for.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `feedback` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "feedback",
        help="a page for each learner, with the counterexamples",
        description="Write a page for each learner from the log of `grade`.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graded", type=Path, metavar="GRADED", help="what `grade --out` named")
    parser.add_argument("--to", type=Path, metavar="DIR", help="default: GRADED/feedback")
    parser.add_argument(
        "--student", action="append", metavar="NAME", help="only this one; repeatable"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the pages; 0 if all that were asked for are there, else 2."""
    try:
        graded = Graded.open(options.graded)
        wanted = set(options.student or graded.students)
        unknown = sorted(wanted - set(graded.students))
        if unknown:
            raise ValueError(f"No submission of {', '.join(unknown)} in {options.graded}.")
        folder = options.to or options.graded / "feedback"
        folder.mkdir(parents=True, exist_ok=True)
        blank = template("feedback.html")
        for result, late in graded.results():
            if result.student in wanted:
                with whole(folder / file_name(result.student)) as file:
                    file.write(render(blank, result, graded.assignment, late))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{folder}/")
    return 0
