"""What the walls need of a machine, and what they cover wherever the course happens to be installed."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "grading_attacks"))
from grading_notebooks import exercises, perfect, write_notebook

from helpers.grading import sandbox
from helpers.grading.engine import Grader, Task
from helpers.grading.submission import Submission

WITHOUT_NAMESPACES = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
WITHOUT_NAMESPACES += ["--unshare-user", "--uid", "1000", "--disable-userns", "--"]


def test_a_machine_without_user_namespaces_is_refused_and_told_what_to_do(tmp_path):
    """A real one: inside this bubblewrap the kernel makes no further namespaces."""
    perfect(tmp_path / "ada.ipynb")
    command = [sys.executable, "-m", "helpers", "grade", tmp_path, "--lesson", "04", "--out"]
    done = subprocess.run(
        [*WITHOUT_NAMESPACES, *map(str, command), tmp_path / "out"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "refuses user namespaces" in done.stderr and "--security-opt" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_installed_course_is_covered_where_it_is_seen_through_its_environment():
    above = sandbox.HELPERS.parent
    covered = sandbox._teachers_files({"/opt/venv": str(above), "/usr": "/usr"})
    assert {f"/opt/venv/helpers/{name}" for name in sandbox.HIDDEN} <= set(covered)
    assert "/opt/venv/solutions" in covered
    assert not [place for place in covered if place.startswith("/usr")]


@pytest.fixture
def judges_in_the_environment(monkeypatch):
    """The teacher's folder, below the Python environment that every submission can read."""
    with tempfile.TemporaryDirectory(dir=sys.prefix, prefix="teacher") as folder:
        Path(folder).chmod(0o755)
        judge = Path(folder, "solutions", "A1_x", "judge.py")
        judge.parent.mkdir(parents=True)
        judge.write_text("THE = 'answer'")
        monkeypatch.setenv("COURSE_SOLUTIONS", str(judge.parents[1]))
        yield Path(sandbox.VENV, judge.relative_to(sys.prefix))


LOOK = """
import os

def gradient_least_squares(w, X, y):
    seen = os.path.exists({judge!r}), os.path.isdir({folder!r}), os.listdir({folder!r})
    try:
        open({folder!r} + "/planted", "w")
    except OSError:
        raise RuntimeError(f"seen: {{seen}}")
"""


def test_judges_kept_in_the_python_environment_are_not_seen(judges_in_the_environment, tmp_path):
    judge = judges_in_the_environment
    code = LOOK.format(judge=str(judge), folder=str(judge.parents[1]))
    path = write_notebook(tmp_path / "mallory.ipynb", [code])
    with Grader(Task("04", exercises(), b"k" * 16)) as grader:
        result = grader.grade(Submission("mallory", path))
    assert "seen: (False, True, [])" in result.reports[0].sentence
