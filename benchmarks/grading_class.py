"""The class that the benchmarks of grading share: an assignment of five exercises and ten submissions to it."""

import os
import shutil
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NUMBER, NAME = "B9", "B9_bench"
EXERCISES = (
    "gradient_least_squares",
    "smoothness_constant",
    "project_halfspace",
    "project_ball",
    "project_simplex",
)
JUDGE = f"""from helpers.exercises import find

LESSON = "{NUMBER}"
EXERCISES = tuple(find(name) for name in {EXERCISES!r})
"""
SETUP = """import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg

from helpers.exercises import check_small"""
PLOT = """fig, ax = plt.subplots()
ax.plot(np.cumsum(linalg.solve(np.eye(50) + 0.1, np.ones(50))))
ax.set(xlabel="k", ylabel="sum")
plt.show()"""
EXAMPLE = {
    "gradient_least_squares": "(np.zeros(1), np.ones((1, 1)), np.ones(1)), [-1.0]",
    "smoothness_constant": "(np.eye(2), 0.5), 1.5",
    "project_halfspace": "(np.array([2.0, 0.0]), np.array([1.0, 0.0]), 1.0), [1.0, 0.0]",
    "project_ball": "(np.array([2.0, 0.0]), np.zeros(2), 1.0), [1.0, 0.0]",
    "project_simplex": "(np.array([2.0, 0.0]),), [1.0, 0.0]",
}


def course(root: Path) -> Path:
    """Write the assignment, its judge and its notebooks below `root`; the folder of solutions."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text(JUDGE)
    head = "---\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n"
    parts = [head, f"```{{code-cell}} ipython3\n{SETUP}\n```"]
    for name in EXERCISES:
        shown = f"check_small({name}, [({EXAMPLE[name]})])"
        parts.append(
            f"### Exercise: {name}\n\n```{{code-cell}} ipython3\n:exercise: {name}\n{shown}\n```"
        )
    parts.append(f"```{{code-cell}} ipython3\n{PLOT}\n```")
    source = folder / f"{NAME}.md"
    source.write_text("\n\n".join(parts) + "\n")
    os.environ["COURSE_SOLUTIONS"] = str(root / "solutions")
    from helpers.authoring.build import build

    build(source, root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "grading").mkdir()
    return folder


def a_class(folder: Path) -> list[nbformat.NotebookNode]:
    """Ten submissions: four all right, and each exercise wrong, missing or crashing in another."""
    solved = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    learners = nbformat.read(folder.parents[1] / "course" / NAME / f"{NAME}.ipynb", as_version=4)
    answers = {
        c.metadata.nbgrader.grade_id: c.source
        for c in solved.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }
    wrong = {name: answers[name].replace("return ", "return 1.01 * ", 1) for name in EXERCISES}
    spoiled: list[dict[str, str]] = [{}, {}, {}, {}]
    spoiled += [{name: wrong[name]} for name in EXERCISES[:3]]
    spoiled += [{EXERCISES[3]: ""}, {EXERCISES[4]: "def project_simplex(x):\n    return 1 / 0"}]
    spoiled.append({name: "" for name in EXERCISES})
    books = []
    for changes in spoiled:
        book = nbformat.reads(nbformat.writes(learners), as_version=4)
        for cell in book.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = changes.get(name, answers[name]) or cell.source
        books.append(book)
    return books
