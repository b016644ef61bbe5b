"""The package as pip installs it, away from this repository: what Colab and every other notebook service do."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from helpers.exercises import calling

ROOT = Path(__file__).resolve().parents[1]
LESSON = "2_algorithms/04_gradient_descent.ipynb"
NODES = {
    "helpers/figures/explorables/package.json"
}  # read by Node.js, which runs the tests of the scripts


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy so that nothing is left behind here."""
    source = tmp_path_factory.mktemp("source")
    left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=left_out)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-lessons.md"):
        shutil.copyfile(ROOT / name, source / name)
    to = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "-w", str(to), str(source)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = to.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A folder that knows of the course only what the wheel holds."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "packages")
    return folder


def run(code: str, folder: Path) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(folder / "packages"), "COURSE_PROGRESS": "off"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


def test_the_wheel_holds_every_file_of_the_package(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "helpers").rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
    assert ours - held == NODES & ours
    assert any(name.endswith(".js") for name in held)
    assert any(name.endswith(".html") for name in held)


def test_the_wheel_holds_no_judge_of_an_assignment(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("solutions", "course", "tests"))]
    assert not [name for name in names if Path(name).name == "judge.py"]


def test_a_lesson_runs_from_a_folder_elsewhere(elsewhere):
    book = nbformat.read(ROOT / "course" / LESSON, as_version=4)
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    code = "import helpers\nprint(helpers.__path__)\n" + "\n\n".join(cells)
    ran = run(code, elsewhere)
    assert ran.returncode == 0, ran.stderr
    assert str(elsewhere) in ran.stdout
    assert ran.stdout.count("Not attempted yet") == 5


def test_an_answer_is_judged_and_an_explorable_made_there(elsewhere):
    code = """
from helpers.exercises import check
from helpers.figures import explore

def gradient_least_squares(w, X, y):
    return X.T @ (X @ w - y)

check(gradient_least_squares)
print(explore.ball().html().count("<script"))
"""
    ran = run(code, elsewhere)
    assert ran.returncode == 0, ran.stderr
    assert "Correct" in ran.stdout and ran.stdout.strip().endswith("1")


def test_in_a_browser_which_has_neither_alarm_nor_threads_an_answer_is_judged_all_the_same(
    monkeypatch,
):
    def none(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(calling.sys, "platform", "emscripten")
    monkeypatch.delattr(calling.signal, "setitimer", raising=False)
    monkeypatch.setattr(calling.threading, "Thread", none)
    assert calling.within(1.0, lambda: 42) == 42
