"""`python -m helpers report GRADED`: the class on one self-contained page."""

import argparse
import sys
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.figures.static import png
from helpers.figures.style import COLOURS

from .graded import Graded
from .report import in_words, template, whole
from .statistics import Statistics, gather

EXAMPLE = """example:
  python -m helpers report graded/            writes graded/report.html
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `report` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "report",
        help="the class on one page: scores, hardest exercise, mistakes, who needs a person",
        description="Write one page on a graded class; it needs no network and no other file.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("graded", type=Path, metavar="GRADED", help="what `grade --out` named")
    parser.add_argument("--to", type=Path, metavar="HTML", help="default: GRADED/report.html")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the page; 0 if it was written, 2 if there is nothing to report."""
    try:
        graded = Graded.open(options.graded)
        path = options.to or options.graded / "report.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as file:
            linked = path.parent.resolve() == options.graded.resolve()
            file.write(page(graded, gather(graded), linked))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(path)
    return 0


def page(graded: Graded, statistics: Statistics, linked: bool = False) -> str:
    """The page itself; what learners wrote stands in it as text only. `linked`: to the pages of feedback/."""
    figures = [_scores(statistics), _exercises(statistics)] if statistics.exercises else []
    return template("report.html").render(
        graded=graded, class_=statistics, figures=figures, linked=linked
    )


def _scores(class_: Statistics) -> tuple[str, str]:
    figure = Figure(figsize=(7, 2.8))
    ax = figure.add_subplot()
    edges = [class_.max_score * i / 20 for i in range(20)]
    ax.bar(
        edges,
        class_.histogram,
        width=class_.max_score / 20,
        align="edge",
        color=COLOURS["blue"],
        ec="white",
    )
    ax.axvline(class_.mean, color=COLOURS["orange"], ls="--", label=f"mean {in_words(class_.mean)}")
    ax.set(xlabel="points", ylabel="submissions", xlim=(0, class_.max_score))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)
    full = class_.histogram[-1]
    alt = (
        f"How the points are distributed: the mean is {in_words(class_.mean)} of {class_.max_score:g}; "
        f"{class_.histogram[0]} submissions lie in the lowest of twenty classes, {full} in the highest."
    )
    return png(figure), alt


def _exercises(class_: Statistics) -> tuple[str, str]:
    rows = class_.hardest[::-1]
    figure = Figure(figsize=(7, 0.6 + 0.45 * len(rows)), layout="constrained")
    ax = figure.add_subplot()
    parts = (("correct", "green", ""), ("not yet", "orange", "//"), ("not attempted", "sky", ".."))
    left = [0.0] * len(rows)
    for status, colour, hatch in parts:
        share = [100 * row.status[status] / max(row.answered, 1) for row in rows]
        ax.barh(
            [row.title.replace("$", r"\$") for row in rows],
            share,
            left=left,
            color=COLOURS[colour],
            hatch=hatch,
            ec="white",
            label=status,
        )
        left = [a + b for a, b in zip(left, share, strict=True)]
    ax.set(xlabel="% of the submissions", xlim=(0, 100))
    ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    words = [f"{row.title}: {100 * row.share:.0f} % of its points" for row in class_.hardest]
    return png(figure), f"Each exercise, the hardest first. {'; '.join(words)}."
