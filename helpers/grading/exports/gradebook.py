"""nbgrader's own gradebook, filled through its API, so that `nbgrader export` and formgrader show our grades."""

import os
import sys
import warnings
from pathlib import Path

from helpers.exercises import declared
from helpers.exercises.assignments import teachers_side

from ..graded import Graded


def nbgrader(graded: Graded, to: Path) -> list[str]:
    """Write every score into the gradebook (an SQLite file) at `to`; nobody is lost.

    The assignment is called as its folder is, and a grade cell `check_NAME` stands for each exercise.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SAWarning

    beside_python = str(Path(sys.executable).parent)  # nbgrader calls `alembic` by name
    if beside_python not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = f"{beside_python}{os.pathsep}{os.environ.get('PATH', '')}"
    assignment, notebook = folder_of(graded.assignment), graded.assignment
    to.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{to.resolve()}") as book:
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way with SQLAlchemy
        book.update_or_create_assignment(assignment)
        book.update_or_create_notebook(notebook, assignment)
        for exercise in declared()[graded.lesson].EXERCISES:
            book.update_or_create_grade_cell(
                f"check_{exercise.name}",
                notebook,
                assignment,
                max_score=exercise.points,
                cell_type="code",
            )
        for result, late in graded.results():
            if result.status == "not graded":
                continue
            book.update_or_create_student(result.student)
            given = book.update_or_create_submission(assignment, result.student)
            part = next(n for n in given.notebooks if n.name == notebook)
            part.late_submission_penalty = result.score * (1 - late.keep) if late else 0.0
            earned = {f"check_{r.exercise}": r.score * r.points for r in result.reports}
            for grade in part.grades:
                grade.auto_score, grade.needs_manual_grade = earned.get(grade.name, 0.0), False
            book.db.commit()
    return []


def folder_of(notebook: str) -> str:
    """The folder of solutions/ that a notebook is in: that is nbgrader's assignment."""
    solutions = teachers_side()
    found = sorted(solutions.glob(f"*/{notebook}.md")) if solutions else []
    return found[0].parent.name if found else notebook
