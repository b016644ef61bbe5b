"""`python -m helpers site`: stage the pages, then let Sphinx build them. Offline, and nothing is executed."""

import argparse
import importlib.util
import io
import shutil
import sys
from pathlib import Path

import nbformat

from ..build import ROOT
from . import lists, pages
from .ways import Repository, repository

DOCS = (
    "CONTRIBUTING.md",
    "docs/benchmarks.md",
    "docs/benchmarks.png",
    "docs/benchmarks_growth.png",
    "docs/explorables.md",
    "docs/grading.md",
    "docs/teaching.md",
    "docs/zero_install.md",
)
MENU = {
    "Look up": ["exercises", "glossary"],
    "For teachers": ["docs/teaching", "docs/grading"],
    "Behind the course": [
        "docs/zero_install",
        "CONTRIBUTING",
        "docs/benchmarks",
        "docs/explorables",
    ],
}
LANDING = (
    "Level sets of a narrow convex valley. Three methods walk from a start that you can drag towards the one "
    "lowest point, and beside the map a curve for each shows how far above the optimum it still is."
)
EXAMPLE = """examples:
  python -m helpers site                                      build/site/html/index.html and what belongs to it
  python -m helpers site --repository OWNER/NAME@BRANCH       Colab and Binder open this repository on GitHub
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `site` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "site",
        help="build the web site from the kept notebooks",
        description="Build the web site from the kept notebooks: offline, and nothing is executed.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lessons", nargs="*", help="numbers of lessons; all by default")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "site", metavar="DIR")
    parser.add_argument(
        "--repository",
        help="OWNER/NAME on GitHub for Colab and Binder; by default this clone's origin",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, root: Path = ROOT) -> int:
    """Build, and say where; 2 with a reason where that cannot begin."""
    try:
        at = repository(options.repository, root)
        made = build(options.to, options.lessons, at, root)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(made)
    return 0


def build(to: Path, only: list[str], at: Repository | None, root: Path = ROOT) -> Path:
    """The site in `to`/html; returns its first page. With `only`, the pages of these lessons alone.

    Raises `ValueError` where a page has a fault: a link that leads nowhere, for example.
    """
    found = lists.lessons(root)
    found = [lesson for lesson in found if not only or lesson.number in only]
    if not found:
        raise ValueError(f"There is no lesson {' '.join(only)} in the README's table")
    source = to / "source"
    if source.exists():
        shutil.rmtree(source)
    stage(found, source, at, root)
    return sphinx(source, to, whole=not only, root=root)


def stage(found: list[lists.Lesson], source: Path, at: Repository | None, root: Path) -> None:
    """Everything that Sphinx reads, in `source`."""
    static, extra = source / "_static_files", source / "_extra"
    (static / "pictures").mkdir(parents=True)
    for lesson in found:
        name = f"{lesson.page}.ipynb"
        learners = nbformat.read(root / "course" / name, as_version=4)
        graded = (root / "solutions" / lesson.page).with_name("judge.py").exists()
        solved = None if graded else nbformat.read(root / "solutions" / name, as_version=4)
        made = pages.page(solved, learners, name, static / "pictures", at)
        for file, notebook in (
            (source / name, made),
            (extra / "notebooks" / name, pages.elsewhere(learners, at.install if at else None)),
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, file)
    for name in DOCS:
        (source / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, source / name)
    shutil.copyfile(root / "site" / "glossary.md", source / "glossary.md")
    (source / "exercises.md").write_text(lists.index_of_exercises(found), encoding="utf-8")
    (source / "index.md").write_text(landing(found, root), encoding="utf-8")
    ship_mathjax(static / "mathjax")


def landing(found: list[lists.Lesson], root: Path) -> str:
    """The first page: `site/index.md` with an explorable, the lessons and the menu put in."""
    import numpy as np

    from ...figures import explore
    from ...objectives import Quadratic

    valley = Quadratic(np.array([[0.6, -1.0], [-1.0, 6.0]]), np.zeros(2))
    live = explore.landscape(
        valley,
        start=(-2.3, 0.7),
        box=(-2.6, 2.6, -1.65, 1.65),
        step=1.9 / valley.L,
        methods=("gradient_descent", "momentum", "newton"),
        beta=0.5,
        alt=LANDING,
    )
    text = (root / "site" / "index.md").read_text(encoding="utf-8")
    for name, part in (
        ("EXPLORABLE", live.html()),
        ("COUNT", lists.count(found)),
        ("LESSONS", lists.map_of_lessons(found)),
        ("MENU", lists.contents(found, MENU)),
    ):
        text = text.replace(f"%{name}%", part)
    return text


def ship_mathjax(target: Path) -> None:
    """MathJax and its fonts, from the package that carries them: one script and no second request."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError("MathJax is not installed: pip install -c constraints.txt -e '.[site]'")
    carried = Path(spec.submodule_search_locations[0]) / "static" / "mathjax"
    fonts = Path("output/chtml/fonts/woff-v2")
    shutil.copytree(carried / fonts, target / fonts)
    shutil.copyfile(carried / "tex-chtml.js", target / "tex-chtml.js")


def sphinx(source: Path, to: Path, whole: bool, root: Path) -> Path:
    """Run Sphinx on what is staged; its warnings are errors when the site is whole."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    html = to / "html"
    if html.exists():
        shutil.rmtree(html)
    settings = {
        "html_static_path": ["static", str((source / "_static_files").resolve())],
        "html_extra_path": [str((source / "_extra").resolve())],
        "exclude_patterns": ["_static_files", "_extra"],
    }
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            source,
            root / "site",
            html,
            to / "doctrees",
            "html",
            settings,
            status=None,
            warning=warnings,
            freshenv=True,
            parallel=2,
        )
        app.build()
    said = warnings.getvalue().strip()
    if whole and said:
        raise ValueError(f"The pages have faults:\n{said}")
    return html / "index.html"
