"""`python -m helpers export GRADED --format canvas --roster canvas.csv --to import.csv`."""

import argparse
import sys
from pathlib import Path

from ..graded import Graded
from . import gradescope, tables

EXAMPLE = """examples:
  python -m helpers export graded/ --format canvas --roster canvas.csv --to import.csv
  python -m helpers export graded/ --format moodle --roster worksheet.csv --to worksheet_graded.csv
  python -m helpers export graded/ --format gradescope --to results/
  python -m helpers export graded/ --format nbgrader --to gradebook.db

Canvas and Moodle import a table that they exported themselves, filled in: Canvas, Grades, Export; Moodle,
Download grading worksheet (in another language name its column of grades: --column Bewertung). grades.csv, with nbgrader's columns, is in graded/ already.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `export` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "export",
        help="grades for Canvas, Moodle, Gradescope or nbgrader",
        description="Write graded submissions in the form that a platform imports.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graded", type=Path, metavar="GRADED", help="what `grade --out` named")
    kinds = ("canvas", "moodle", "gradescope", "nbgrader")
    parser.add_argument("--format", choices=kinds, required=True)
    parser.add_argument("--to", type=Path, required=True, metavar="PATH", help="the file to write")
    parser.add_argument("--roster", type=Path, metavar="CSV", help="the platform's own table")
    parser.add_argument(
        "--column", default="", metavar="NAME", help='where the scores go, such as "A2 (4711)"'
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Export; 0 if every student is in it, 1 if some are not, 2 if nothing was written."""
    try:
        graded = Graded.open(options.graded)
        if options.format in ("canvas", "moodle") and options.roster is None:
            raise ValueError(f"--format {options.format} needs --roster, the platform's own table.")
        options.to.parent.mkdir(parents=True, exist_ok=True)
        if options.format == "canvas":
            lost = tables.canvas(graded, options.roster, options.to, options.column)
        elif options.format == "moodle":
            lost = tables.moodle(graded, options.roster, options.to, options.column)
        elif options.format == "gradescope":
            lost = gradescope.gradescope(graded, options.to)
        else:
            from . import gradebook  # nbgrader's libraries take a second

            lost = gradebook.nbgrader(graded, options.to)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(options.to)
    if lost:
        print(
            f"{len(lost)} have no row of their own in {options.roster} (or share a name with another): "
            f"{', '.join(lost[:20])}. Fill these in by hand.",
            file=sys.stderr,
        )
    return 1 if lost else 0
