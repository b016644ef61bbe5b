"""nbgrader's exchange with the course as it is: released, fetched, submitted, collected, then graded by us."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "A1_convexity"
# On a JupyterHub everybody is "jovyan" to the system, and the hub says who one is.
AS_ON_A_HUB = """
from nbgrader import utils
utils.get_osusername = lambda: "jovyan"
from nbgrader.apps.nbgraderapp import main
main()
"""


def nbgrader(cwd: Path, user: str, exchange: Path, *arguments: str) -> None:
    home = exchange.parent / "homes" / user
    home.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "JUPYTERHUB_USER": user, "USER": user, "HOME": str(home)}
    env["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = [sys.executable, "-c", AS_ON_A_HUB, *arguments, f"--Exchange.root={exchange}"]
    command += ["--CourseDirectory.course_id=convex-course"]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def test_two_learners_get_hand_in_and_are_graded(tmp_path):
    exchange, teacher = tmp_path / "exchange", tmp_path / "teacher"
    exchange.mkdir()
    exchange.chmod(0o777)
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, teacher / "solutions" / ASSIGNMENT)
    shutil.copy(ROOT / "nbgrader_config.py", teacher)
    (teacher / "grading").mkdir()
    nbgrader(teacher, "teacher", exchange, "generate_assignment", ASSIGNMENT, "--create")
    nbgrader(teacher, "teacher", exchange, "release_assignment", ASSIGNMENT)
    for learner in ("ada", "bob"):
        desk = tmp_path / "desks" / learner
        desk.mkdir(parents=True)
        nbgrader(desk, learner, exchange, "fetch_assignment", ASSIGNMENT)
        fetched = {path.name for path in (desk / ASSIGNMENT).iterdir()}
        assert "judge.py" not in fetched and f"{ASSIGNMENT}.md" not in fetched
        path = desk / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        book = nbformat.read(path, as_version=4)
        if learner == "ada":
            _answer(book)
        nbformat.write(book, path)
        nbgrader(desk, learner, exchange, "submit", ASSIGNMENT)
    nbgrader(teacher, "teacher", exchange, "collect", ASSIGNMENT)
    submitted = teacher / "grading" / "submitted"
    command = ["grade", str(submitted), "--assignment", "A1", "--out", str(tmp_path / "graded")]
    command += ["--due", "2020-01-01T00:00+00:00", "--late-policy", str(_policy(tmp_path))]
    done = subprocess.run(
        [sys.executable, "-m", "helpers", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "graded" / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["raw_score"]) for name, row in rows.items()} == {
        "ada": 20.0,
        "bob": 0.0,
    }
    assert float(rows["ada"]["score"]) == 10.0  # nbgrader's time of submission is years after --due


def _policy(folder: Path) -> Path:
    path = folder / "late.csv"
    path.write_text("hours,keep\n1e9,0.5\n")
    return path


def _answer(book: nbformat.NotebookNode) -> None:
    solved = nbformat.read(ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for cell in book.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
