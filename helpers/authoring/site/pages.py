"""From a kept notebook to a page: nothing is run, what was measured is shown."""

import base64
import copy
import hashlib
import io
import re
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from PIL import Image

from .ways import Repository, ways

HIDDEN = re.compile(r"\n*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS\n?", re.S)
MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.M)
HEADING = re.compile(r"^(### Exercise (\w+)\.\d+ · .*\n\n`(\w+)` · )", re.M)
PICTURE = re.compile(
    r'(<figure[^>]*><img alt="[^"]*") src="data:image/png;base64,([^"]+)" style="([^"]*)"'
)
NOTEBOOK = re.compile(r'(<a href="[\w./]+)\.ipynb(")')  # a link to a lesson, in an output
FIRST = "Run this first on a machine without the course, Colab for example."
ELSEWHERE = (
    "On a machine without the course, Colab for example, install it in a first cell: "
    "`%pip install -q` and the path or address of the course."
)


def page(
    solved: NotebookNode | None,
    learners: NotebookNode,
    notebook: str,
    pictures: Path,
    at: Repository | None,
) -> NotebookNode:
    """The page of the lesson at `notebook` (a path below course/).

    Solutions are folded under the stub that a learner starts from. Figures become files in `pictures`.
    `solved` is None for a graded assignment: its page is the learner's notebook and nothing else.
    """
    home = "../" * notebook.count("/")
    made = copy.deepcopy(learners if solved is None else solved)
    cells: list[NotebookNode] = []
    for cell, stub in zip(made.cells, learners.cells, strict=True):
        graded = cell.metadata.get("nbgrader", {})
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type == "markdown":
            cell.source = HEADING.sub(r"(exercise-\2-\3)=\n\1", cell.source)
        elif graded.get("solution") and solved is not None:
            cells.append(new_code_cell(stub.source, id=f"{cell.id}-stub"))
            cell.source = MARKS.sub("", cell.source).rstrip()
            cell.metadata["tags"] = ["hide-input"]
            cell.metadata["mystnb"] = {
                "code_prompt_show": "Show a solution",
                "code_prompt_hide": "Hide the solution",
            }
        elif graded.get("grade"):  # the hidden cell's points, which are no part of the lesson
            cell.source = HIDDEN.sub("", cell.source)
            cell.outputs = [o for o in cell.outputs if "text/html" in o.get("data", {})]
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                html = NOTEBOOK.sub(r"\1.html\2", data["text/html"])
                html = html.replace("<th></th>", "<td></td>")  # an empty head says nothing
                data["text/html"] = _as_files(html, pictures, home)
        cells.append(cell)
    title, _, rest = cells[0].source.partition("\n")
    if not title.startswith("# "):
        raise ValueError(f"{notebook}: the first line of a lesson is its title")
    cells[0].source = f"{title}\n\n{ways(notebook, home, at)}\n{rest}"
    made.cells = cells
    return made


def elsewhere(learners: NotebookNode, install: str | None) -> NotebookNode:
    """The learner's notebook with a first cell, `install`, that installs the course."""
    made = copy.deepcopy(learners)
    first = [new_markdown_cell(FIRST if install else ELSEWHERE, id="elsewhere")]
    if install:
        first.append(new_code_cell(install, id="install"))
    made.cells = [*first, *made.cells]
    return made


def _as_files(html: str, pictures: Path, home: str) -> str:
    """Figures out of the page, so that it opens before they have come; explorables stay whole."""

    def moved(found: re.Match) -> str:
        data = base64.b64decode(found[2])
        file = pictures / f"{hashlib.sha256(data).hexdigest()[:16]}.png"
        file.write_bytes(data)
        width, height = Image.open(io.BytesIO(data)).size
        return (
            f'{found[1]} src="{home}_static/pictures/{file.name}" width="{width}" height="{height}" '
            f'loading="lazy" decoding="async" style="{found[3]};height:auto"'
        )

    return PICTURE.sub(moved, html)
