"""`python -m helpers release A2 --to DIR`: what to hand out, and never what judges it."""

import argparse
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .build import ROOT, complaints, notebooks_of
from .source import lesson_sources

EXAMPLE = """examples:
  python -m helpers release A2 --to handout/                 the notebook of assignment A2
  python -m helpers release 04 A2 --with-course --to handout/   and the package that it needs
  python -m helpers release all --with-course --to handout/  the whole course, for a repository
  python -m helpers release A2 --gradescope --to handout/    and an autograder to upload

Learners who have installed the course need only the notebook.
"""
TEACHERS = ("grading", "authoring")
FILES = ("pyproject.toml", "constraints.txt", "environment.yml", "LICENSE", "LICENSE-lessons.md")
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", ".venv")
README = """# {title}

1. Once: `python3 -m venv .venv`, then `.venv/bin/pip install -c constraints.txt -e .`
   (Windows: `.venv\\Scripts\\pip`). With conda: `conda env create -f environment.yml`.
2. `.venv/bin/jupyter lab course` and open {notebooks}.
3. Write your answers where the stubs stand, run all cells, and hand in the notebook.
"""
SETUP = """#!/usr/bin/env bash
set -euo pipefail
apt-get update -qq
apt-get install -y -qq python3-venv bubblewrap libseccomp2
cd /autograder/source
python3 -m venv .venv
.venv/bin/pip install -q -c constraints.txt -e '.[grading]'
"""
RUN = """#!/usr/bin/env bash
cd "${{AUTOGRADER:-/autograder}}/source"
PYTHON="${{PYTHON:-.venv/bin/python}}"
exec "$PYTHON" -m helpers gradescope --assignment {number}{unsafe} \\
    --submission "${{AUTOGRADER:-/autograder}}/submission" \\
    --results "${{AUTOGRADER:-/autograder}}/results/results.json"
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `release` to the commands of `python -m helpers`."""
    parser = commands.add_parser(
        "release",
        help="make what is handed out to learners",
        description="Write notebooks to hand out, without answers and without judges.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="+", metavar="NN", help='numbers such as A2 or 04, or "all"')
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a folder to fill")
    parser.add_argument("--with-course", action="store_true", help="add the package they need")
    parser.add_argument("--gradescope", action="store_true", help="add Gradescope's autograder")
    parser.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="with --gradescope: let it run submissions unprotected where containers allow no sandbox",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, root: Path = ROOT) -> int:
    """Write the hand-out; 0, or 2 with a reason and nothing written."""
    try:
        sources = _sources(options.what, root)
        wrong = [line for source in sources for line in complaints(source, root)]
        if wrong:
            raise ValueError("\n".join(wrong))
        for path in release(sources, options.to, root, options.with_course):
            print(path)
        if options.gradescope:
            for source in sources:
                print(gradescope_zip(source, options.to, root, options.unsafe_no_sandbox))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def release(sources: list[Path], to: Path, root: Path, with_course: bool) -> list[Path]:
    """Copy the learners' notebooks of `sources` below `to`; what was written."""
    written = []
    for source in sources:
        _, notebook = notebooks_of(source, root)
        inside = notebook.relative_to(root) if with_course else Path(notebook.name)
        written.append(_copy(notebook, to / inside))
    if with_course:
        for file in _package(root, TEACHERS):
            written.append(_copy(file, to / file.relative_to(root)))
        first = sources[0].stem.replace("_", " ")
        names = ", ".join(f"`{path.name}`" for path in written[: len(sources)][:3])
        (to / "README.md").write_text(README.format(title=first, notebooks=names), encoding="utf-8")
        written.append(to / "README.md")
    return written


def gradescope_zip(source: Path, to: Path, root: Path, unsafe: bool) -> Path:
    """An autograder to upload: the package with its grader, this assignment's judge, two scripts."""
    number = source.stem.split("_")[0]
    to.mkdir(parents=True, exist_ok=True)
    target = to / f"{source.stem}_gradescope.zip"
    judge = source.with_name("judge.py")
    files = [
        *_package(root, ("authoring",)),
        *([judge] if judge.exists() else []),
        root / "README.md",
    ]
    option = " --unsafe-no-sandbox" if unsafe else ""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            archive.write(file, file.relative_to(root))
        for name, text in (
            ("setup.sh", SETUP),
            ("run_autograder", RUN.format(number=number, unsafe=option)),
        ):
            script = zipfile.ZipInfo(name)
            script.external_attr = 0o100755 << 16
            archive.writestr(script, text)
    return target


def _sources(what: list[str], root: Path) -> list[Path]:
    known = {path.stem.split("_")[0]: path for path in lesson_sources(root)}
    if what == ["all"]:
        return list(known.values())
    unknown = [name for name in what if name.split("_")[0] not in known]
    if unknown:
        raise ValueError(
            f"There is no {', '.join(unknown)}; there are {', '.join(known)}, and all."
        )
    return [known[name.split("_")[0]] for name in what]


def _package(root: Path, without: tuple[str, ...]) -> Iterator[Path]:
    """The files of the package that a hand-out needs."""
    for path in sorted((root / "helpers").glob("**/*")):
        parts = path.relative_to(root / "helpers").parts
        if path.is_file() and parts[0] not in without and not set(parts) & set(LEFT_OUT):
            yield path
    yield from (root / name for name in FILES if (root / name).exists())


def _copy(file: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return target
