"""Read a lesson's source and expand its exercises from their declarations."""

import ast
import hashlib
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from ..exercises import find
from ..exercises.assignments import load
from ..exercises.exercise import Exercise

HEADING = re.compile(r"^### Exercise: (\w+)[ \t]*$", re.M)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class SourceError(ValueError):
    """A lesson's source that cannot be built; says which, and what to do."""


def lesson_sources(root: Path) -> list[Path]:
    """The sources of all lessons below `root`/solutions, in order."""
    found = (root / "solutions").glob("**/[0-9A-Z]*_*.md")
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def read(path: Path) -> NotebookNode:
    """The solved notebook that `path` describes, not yet executed."""
    text = jupytext.read(path, fmt="md:myst")
    number = path.stem.split("_")[0]
    order = [name for cell in text.cells for name in HEADING.findall(cell.source)]
    cells = [new for cell in text.cells for new in _expand(cell, path, number, order)]
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    _name_cells(notebook)
    nbformat.validate(notebook)
    return notebook


def _expand(
    cell: NotebookNode, path: Path, number: str, order: list[str]
) -> Iterator[NotebookNode]:
    if cell.cell_type == "markdown":
        cell.source = HEADING.sub(lambda m: _heading(m[1], path, number, order), cell.source)
        cell.metadata = {}
        yield cell
        return
    options = dict(cell.metadata)
    name = options.pop("exercise", None)
    tags = {"tags": options.pop("tags")} if "tags" in options else {}
    if options:
        raise SourceError(f"{path}: a code cell has the unknown option {sorted(options)[0]!r}")
    if name is None:
        yield new_code_cell(cell.source, metadata=tags)
        return
    if name not in order:
        raise SourceError(f"{path}: exercise {name} has no line '### Exercise: {name}' before it")
    exercise = _find(name, path)
    visible, judged = _check(cell.source.strip(), name, path, number)
    solution = _grading(name, solution=True)
    yield new_code_cell(solved_source(exercise.reference), metadata=solution)
    test = (
        f"{visible}\n### BEGIN HIDDEN TESTS\n"
        f"from helpers.exercises import grade\n\n{judged}\n### END HIDDEN TESTS"
    )
    yield new_code_cell(test, metadata=_grading(f"check_{name}", points=exercise.points))


def _check(body: str, name: str, path: Path, number: str) -> tuple[str, str]:
    """What a learner sees below an exercise, and what is hidden there."""
    if not _judge(path).exists():
        if body:
            raise SourceError(
                f"{path}: the cell of exercise {name} must be empty, its code is declared"
            )
        return f"check({name})", f"grade({name})"
    if f"check_small({name}," not in body:
        raise SourceError(
            f"{path}: the cell of an assignment's exercise shows small examples: "
            f"it calls `check_small({name}, …)`"
        )
    return body, f'grade({name}, assignment="{number}")'


def _judge(path: Path) -> Path:
    """Where the judge of an assignment is; a lesson has none."""
    return path.with_name("judge.py")


def _find(name: str, path: Path) -> Exercise:
    if _judge(path).exists():
        for exercise in load(_judge(path).resolve()).EXERCISES:
            if exercise.name == name:
                return exercise
        raise SourceError(f"{path}: there is no exercise {name!r} in its judge.py")
    try:
        return find(name)
    except KeyError as error:
        raise SourceError(f"{path}: {error.args[0]}") from None


def _heading(name: str, path: Path, number: str, order: list[str]) -> str:
    exercise = _find(name, path)
    lesson = number.lstrip("0") or "0"
    dots = "●" * exercise.difficulty + "○" * (5 - exercise.difficulty)
    points = f"{exercise.points:g} point" + ("" if exercise.points == 1 else "s")
    return (
        f"### Exercise {lesson}.{order.index(name) + 1} · {exercise.title}\n\n"
        f"`{name}` · difficulty {dots} · about {exercise.minutes} minutes · {points}"
    )


def _grading(grade_id: str, solution: bool = False, points: float | None = None) -> dict:
    """nbgrader's metadata (schema 3) of a cell to be answered, or of one that gives points."""
    grade = points is not None
    cell = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "locked": grade,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": {**cell, "points": points} if grade else cell}


def solved_source(function: Callable) -> str:
    """The source of a reference with its body, but not its docstring, as nbgrader's solution."""
    source = textwrap.dedent(inspect.getsource(function)).rstrip()
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef) or not ast.get_docstring(definition):
        raise SourceError(f"{function.__name__}: a reference is a function with a docstring")
    lines = source.splitlines()
    end = definition.body[0].end_lineno or 1
    marks = ["    ### BEGIN SOLUTION", *lines[end:], "    ### END SOLUTION"]
    return "\n".join([*lines[:end], *marks])


def _name_cells(notebook: NotebookNode) -> None:
    """Ids that stay the same while a cell stays the same, wherever it moves."""
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        graded = cell.metadata.get("nbgrader", {}).get("grade_id")
        words = f"{cell.cell_type}\n{graded or cell.source}"
        seen[words] += 1
        digest = hashlib.sha256(f"{seen[words]}\n{words}".encode()).hexdigest()
        cell.id = digest[:12]
