"""Build both notebooks of every lesson, or prove that they are what their sources build."""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from .source import SourceError, lesson_sources, read
from .unsolved import unsolved

ROOT = Path(__file__).resolve().parents[2]
CELL_SECONDS = 120
MEND = "Edit {source} and run `make notebooks`."


def notebooks_of(source: Path, root: Path) -> tuple[Path, Path]:
    """Where the solved and the learner's notebook of a source are."""
    inside = source.relative_to(root / "solutions").with_suffix(".ipynb")
    return root / "solutions" / inside, root / "course" / inside


def build(source: Path, root: Path = ROOT, force: bool = False) -> list[Path]:
    """Write the two notebooks of `source`; returns those whose bytes changed.

    The solved one is executed only if its cells changed, or with `force`. Where only the explorables'
    JavaScript did, their scripts are exchanged in the stored outputs.
    """
    solved_path, course_path = notebooks_of(source, root)
    fresh = read(source)
    learners = text_of(unsolved(fresh))
    changed = []
    if force or complaint_solved(source, solved_path, fresh):
        execute(fresh, solved_path.parent)  # a cell that fails leaves both files as they were
        changed += _write(solved_path, text_of(fresh))
    else:
        kept = nbformat.read(solved_path, as_version=4)
        if _refresh(kept):
            kept.metadata["course"] = {"outputs": _digest(kept)}
            changed += _write(solved_path, text_of(kept))
    return changed + _write(course_path, learners)


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells of `notebook` in `folder`, in place, with nothing in it that varies."""
    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "COURSE_PROGRESS": "off"})
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):  # names a model that ended with the kernel
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["course"] = {"outputs": _digest(notebook)}


def _explorables(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The data of each output that holds an explorable."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "data-explorable" in output.get("data", {}).get("text/html", ""):
                yield output["data"]


def _refresh(notebook: NotebookNode) -> bool:
    """Give each stored explorable today's script; whether that changed anything."""
    from helpers.figures.explorable import refreshed  # slow to import, seldom needed

    changed = False
    for data in _explorables(notebook):
        page = refreshed(data["text/html"])
        changed = changed or page != data["text/html"]
        data["text/html"] = page
    return changed


def _unknown(notebook: NotebookNode) -> bool:
    """Whether an explorable was stored in a form that today's library cannot refresh."""
    from helpers.figures.explorable import PAGE

    return any(not PAGE.fullmatch(data["text/html"]) for data in _explorables(notebook))


def complaints(source: Path, root: Path = ROOT) -> list[str]:
    """What is wrong with the kept notebooks of `source`; empty if nothing is."""
    solved_path, course_path = notebooks_of(source, root)
    fresh = read(source)
    found = [complaint_solved(source, solved_path, fresh)]
    if not found[0] and _refresh(nbformat.read(solved_path, as_version=4)):
        found.append(
            f"{solved_path} holds an older script of its explorable. "
            "Run `make notebooks`: no cell is executed for that."
        )
    if not course_path.exists():
        found.append(f"{course_path} is missing. {MEND.format(source=source)}")
    elif course_path.read_text(encoding="utf-8") != text_of(unsolved(fresh)):
        found.append(
            f"{course_path} is not what its source builds (solving a lesson in place changes it; "
            f"that is fine for a learner). {MEND.format(source=source)}"
        )
    return [complaint for complaint in found if complaint]


def complaint_solved(source: Path, path: Path, fresh: NotebookNode) -> str:
    """Why the solved notebook at `path` is not what `fresh`, executed, would be; "" if it is."""
    mend = MEND.format(source=source)
    if not path.exists():
        return f"{path} is missing. {mend}"
    try:
        kept = nbformat.read(path, as_version=4)
    except Exception as error:
        return f"{path} is not a notebook ({type(error).__name__}). {mend}"
    stored = kept.metadata.pop("course", {}).get("outputs")
    if _cells(kept) != _cells(fresh) or kept.metadata != fresh.metadata:
        return f"{path} is not what its source builds: was it edited by hand? {mend}"
    for cell in kept.cells:
        if cell.cell_type == "code" and cell.execution_count is None:
            return f"{path} is half built: the cell {cell.id} was not run. {mend}"
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            return f"{path} holds an error in the cell {cell.id}. {mend}"
    if stored != _digest(kept):
        return f"{path} holds other outputs than its run gave: was it edited by hand? {mend}"
    if _unknown(kept):
        return f"{path} holds an explorable that an older library made. {mend}"
    return ""


def _cells(notebook: NotebookNode) -> list[tuple]:
    return [(c.id, c.cell_type, c.source, c.metadata) for c in notebook.cells]


def _digest(notebook: NotebookNode) -> str:
    """Tells outputs that were lost or edited, which nbval would let pass."""
    outputs = [cell.get("outputs", []) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()


def text_of(notebook: NotebookNode) -> str:
    """The file of a notebook, the same bytes for the same notebook."""
    return nbformat.writes(notebook, indent=1) + "\n"


def _write(path: Path, text: str) -> list[Path]:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [path]


def add_parser(commands) -> None:
    """`python -m helpers notebooks`."""
    parser = commands.add_parser(
        "notebooks",
        help="build the notebooks from solutions/*.md",
        description="Build course/*.ipynb and solutions/*.ipynb from solutions/*.md.",
        epilog="example: python -m helpers notebooks 04",
    )
    parser.add_argument("lessons", nargs="*", help="numbers of lessons; all by default")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    parser.add_argument("--force", action="store_true", help="execute even what has not changed")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, root: Path = ROOT) -> int:
    """The command itself; 0 if all is well."""
    sources = [
        path
        for path in lesson_sources(root)
        if not options.lessons or path.stem.split("_")[0] in options.lessons
    ]
    if not sources:
        print(f"No lesson {' '.join(options.lessons)} below {root / 'solutions'}", file=sys.stderr)
        return 2
    failed = False
    for source in sources:
        try:
            if options.check:
                said = complaints(source, root)
                failed = failed or bool(said)
            else:
                said = [f"built {path}" for path in build(source, root, options.force)]
        except SourceError as error:
            failed, said = True, [str(error)]
        except CellExecutionError as error:
            failed, said = True, [f"{source}: a cell fails, nothing was written.\n{error}"]
        for line in said:
            print(line, file=sys.stderr if failed else sys.stdout)
    return int(failed)
