"""Notebooks that were tampered with outside Jupyter: each with what it earns of 5 points.

Every one answers the first exercise wrongly and the others rightly, so an honest 4; what is more is forged.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

LESSON = "2_algorithms/04_gradient_descent.ipynb"
ROOT = Path(__file__).resolve().parents[2]
WRONG = "def gradient_least_squares(w, X, y):\n    return 0 * w"
NAME = "gradient_least_squares"
Book = dict[str, Any]


def honest() -> Book:
    """The solved notebook of the lesson, its first answer wrong."""
    book = json.loads((ROOT / "solutions" / LESSON).read_text(encoding="utf-8"))
    cell_of(book, NAME)["source"] = WRONG
    return book


def cell_of(book: Book, grade_id: str) -> Book:
    """The cell that nbgrader knows by this name."""
    cells = book["cells"]
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def metadata_of_another_grade(book: Book) -> None:
    for cell in book["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        mark.update(points=1000, score=1000, locked=False, grade=True)
    book["metadata"]["course"] = {"score": 5, "status": "graded", "points": 1000}


def names_of_cells_exchanged(book: Book) -> None:
    right, wrong = cell_of(book, "gradient_descent"), cell_of(book, NAME)
    right["metadata"], wrong["metadata"] = wrong["metadata"], right["metadata"]


def metadata_of_no_kind(book: Book) -> None:
    for number, cell in enumerate(book["cells"]):
        cell["metadata"] = [None, 7, "x", [[]], {"nbgrader": []}][number % 5]
        cell["id"] = number
    book["metadata"] = []


def outputs_that_show_success(book: Book) -> None:
    shown = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "\u2713 Correct 5/5"},
    }
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [shown, {"output_type": "error"}], 10**9


def test_cells_edited(book: Book) -> None:
    for cell in book["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = f"grade = lambda *a, **k: 1000.0\ngrade({NAME})\n1000.0"


def test_cells_removed(book: Book) -> None:
    kept = [c for c in book["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
    book["cells"] = kept


def test_cells_doubled(book: Book) -> None:
    checks = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    book["cells"] += [copy.deepcopy(cell) for cell in checks for _ in range(20)]


def every_cell_doubled(book: Book) -> None:
    book["cells"] = [copy.deepcopy(cell) for cell in book["cells"] for _ in range(2)]


def cells_reversed(book: Book) -> None:
    book["cells"].reverse()


def answers_before_imports(book: Book) -> None:
    first = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    book["cells"] = first + [cell for cell in book["cells"] if cell not in first]


def the_answer_twice_right_one_first(book: Book) -> None:
    at = book["cells"].index(cell_of(book, NAME))
    right = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    right["source"] = f"def {NAME}(w, X, y):\n    return X.T @ (X @ w - y)"
    book["cells"].insert(at, right)


def the_right_answer_in_a_cell_that_is_no_code(book: Book) -> None:
    for kind in ("markdown", "raw", "Code", "code ", None, ["code"]):
        source = f"def {NAME}(w, X, y):\n    return X.T @ (X @ w - y)"
        book["cells"].append({"cell_type": kind, "metadata": {}, "source": source})


def nbformat_of_the_future(book: Book) -> None:
    book["nbformat"], book["nbformat_minor"] = 99, -1


def nbformat_3(book: Book) -> None:
    cells = book.pop("cells")
    for cell in cells:
        cell["input"] = cell.pop("source")
    book["worksheets"], book["nbformat"] = [{"cells": cells}], 3


def another_kernel(book: Book) -> None:
    book["metadata"] = {"kernelspec": {"name": "../../../tmp/evil", "language": "bash"}}


def a_cell_for_each_line(book: Book) -> None:
    more = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "score = 1000"}
    book["cells"] += [more] * 1900


def too_many_cells(book: Book) -> None:
    more = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "score = 1000"}
    book["cells"] += [more] * 5000


FORGERIES: dict[Callable[[Book], None], float] = {
    metadata_of_another_grade: 4,
    names_of_cells_exchanged: 4,
    metadata_of_no_kind: 4,
    outputs_that_show_success: 4,
    test_cells_edited: 4,
    test_cells_removed: 4,
    test_cells_doubled: 4,
    every_cell_doubled: 4,
    cells_reversed: 4,
    answers_before_imports: 4,
    the_answer_twice_right_one_first: 4,
    the_right_answer_in_a_cell_that_is_no_code: 4,
    nbformat_of_the_future: 4,
    nbformat_3: 0,
    another_kernel: 4,
    a_cell_for_each_line: 4,
    too_many_cells: 0,
}


def forged(change: Callable[[Book], None]) -> bytes:
    """The honest notebook with this change."""
    book = honest()
    change(book)
    return json.dumps(book).encode()


def raw_files() -> dict[str, bytes]:
    """Files that are no notebooks, or hardly; each earns 0 with a reason."""
    text = json.dumps(honest()).encode()
    return {
        "a hundred megabytes of output": text[:-1] + b', "x": "' + b"x" * (100 << 20) + b'"}',
        "a hundred megabytes of nothing": b" " * (100 << 20),
        "nested two hundred thousand deep": b'{"cells":' * 200_000,
        "an integer of a million digits": b'{"cells": [], "n": ' + b"9" * 1_000_000 + b"}",
        "a program": b"#!/bin/sh\nexit 0\n",
        "a pickle": b"\x80\x04\x95\x1e\x00\x00\x00",
        "utf-16": text.decode().encode("utf-16"),
        "half a notebook": text[: len(text) // 2],
        "cells that are no list": b'{"cells": {"0": {"cell_type": "code"}}}',
    }
