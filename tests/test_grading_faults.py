"""Kill the grader, a worker, the sandbox: nothing is lost, graded twice, or scored 0 for our fault."""

import contextlib
import csv
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent / "grading_attacks"))
from grading_notebooks import LESSON, SETUP, exercises, perfect, right_answers, write_notebook

from helpers.grading.engine import ATTEMPTS, Grader, Task
from helpers.grading.sandbox import Fault, Server
from helpers.grading.submission import Submission

SLOW = "import time\n\ntime.sleep(0.4)"
STUDENTS = [f"student{number}" for number in range(6)]


@pytest.fixture
def folder(tmp_path):
    """Six submissions that take their time: four are right, two lack an answer."""
    for number, student in enumerate(STUDENTS):
        without = ("backtracking",) if number % 3 == 1 else ()
        cells = [SETUP, SLOW, *right_answers(without=without)]
        write_notebook(tmp_path / "in" / f"{student}.ipynb", cells)
    return tmp_path


EXPECTED = {student: 4.0 if n % 3 == 1 else 5.0 for n, student in enumerate(STUDENTS)}


# Read by every Python process that is started with it: the clock jumps by years, both ways.
JUMPING = """import random
import time

right = time.time
time.time = lambda: right() + random.choice([-1, 1]) * random.uniform(0, 1e9)
"""


def start(folder: Path, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "helpers", "grade", str(folder / "in")]
    return subprocess.Popen(
        [*command, "--out", str(folder / "out"), "--lesson", LESSON, "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # where the tests run in the background, Ctrl-C may be ignored in them: not in what they start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **more,
    )


def lines(folder: Path) -> list[str]:
    log = folder / "out" / "results.jsonl"
    return log.read_text().splitlines() if log.exists() else []


def wait_for(condition, what: str):
    for _ in range(600):
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {what} in a minute")


def descendants(process: subprocess.Popen, word: str) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if word in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def assert_whole(folder: Path) -> None:
    with open(folder / "out" / "grades.csv", newline="") as file:
        assert {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)} == EXPECTED
    whole = [line for line in lines(folder) if line.endswith("}}")]
    graded = Counter(json.loads(line)["result"]["student"] for line in whole)
    assert graded == Counter(STUDENTS)  # each of them once


def test_a_killed_grader_goes_on_where_it_stopped_and_leaves_no_process_behind(folder):
    grader = start(folder)
    wait_for(lambda: len(lines(folder)) >= 2, "result")
    family = psutil.Process(grader.pid).children(recursive=True)
    grader.send_signal(signal.SIGKILL)
    grader.communicate()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert family and not alive
    before = lines(folder)
    assert len(before) < len(STUDENTS) and not (folder / "out" / "grades.csv").exists()
    again = start(folder)
    assert again.wait(240) == 0, again.communicate()
    assert lines(folder)[: len(before)] == before
    assert_whole(folder)


def test_a_killed_sandbox_and_then_a_killed_worker_are_replaced(folder):
    grader = start(folder)
    wait_for(lambda: lines(folder), "result")
    descendants(grader, "bwrap")[0].send_signal(signal.SIGKILL)
    wait_for(lambda: len(lines(folder)) >= 3, "result")
    descendants(grader, "bwrap")[0].parent().send_signal(signal.SIGKILL)
    assert grader.wait(240) == 0, grader.communicate()
    assert_whole(folder)


def test_an_interrupted_grader_says_how_to_go_on(folder):
    grader = start(folder)
    wait_for(lambda: lines(folder), "result")
    grader.send_signal(signal.SIGINT)
    _, said = grader.communicate(timeout=60)
    assert grader.returncode == 130 and "goes on from here" in said
    assert not (folder / "out" / "grades.csv").exists()


def grade(path: Path, student: str = "ada", **more):
    with Grader(Task(LESSON, exercises(), b"a secret of the tests"), **more) as grader:
        return grader.grade(Submission(student, path))


def test_a_server_that_dies_while_it_grades_is_tried_again(tmp_path):
    servers = []

    def dies_once(unsafe: bool, imports: tuple[str, ...]) -> Server:
        server = Server(unsafe)
        servers.append(server)
        if len(servers) == 1:
            server.process.kill()
            server.process.wait()
        return server

    result = grade(perfect(tmp_path / "ada.ipynb"), start=dies_once)
    assert (result.status, result.score, len(servers)) == ("graded", 5.0, 2)


def test_a_machine_that_cannot_start_the_sandbox_gives_no_score_at_all(tmp_path):
    tries = []

    def never(unsafe: bool, imports: tuple[str, ...]) -> Server:
        tries.append(unsafe)
        raise Fault("there is no memory left")

    result = grade(perfect(tmp_path / "ada.ipynb"), start=never)
    assert result.status == "not graded" and "no memory left" in result.reason
    assert len(tries) == ATTEMPTS


@contextlib.contextmanager
def a_small_disk(folder: Path):
    """`out` has room for some results only, until the block ends: a disk where root may mount one.

    Gives what else `start` is to be told.
    """
    out = folder / "out"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(out)]
    if os.getuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0:
        try:
            yield {}
            kept = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
        finally:
            subprocess.run(["umount", out], check=True)
        for path, content in kept.items():
            path.write_bytes(content)
        return

    def little_room() -> None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, most))

    yield {"preexec_fn": little_room}


def test_a_full_disk_stops_the_run_and_loses_nothing(folder):
    with a_small_disk(folder) as small:
        full = start(folder, **small)
        _, said = full.communicate(timeout=120)
        assert full.returncode == 2 and "make room" in said
        assert 0 < len(lines(folder)) < len(STUDENTS)
    again = start(folder)
    assert again.wait(240) == 0, again.communicate()
    torn = [line for line in lines(folder) if not line.endswith("}}")]
    assert len(torn) <= 1  # what was being written when the disk was full
    assert_whole(folder)


def test_a_module_that_is_imported_late_is_still_there(tmp_path):
    """The Python environment must not vanish behind the learner's private /tmp."""
    late = "import sklearn.gaussian_process\nimport wave\n\nassert sklearn and wave"
    result = grade(write_notebook(tmp_path / "ada.ipynb", [SETUP, late, *right_answers()]))
    assert (result.score, result.cell_errors) == (5.0, {})


def test_forged_metadata_change_nothing(tmp_path):
    notebook = json.loads(write_notebook(tmp_path / "a.ipynb", [SETUP]).read_text())
    for number, exercise in enumerate(exercises()):
        forged = {"grade": True, "solution": True, "points": 1000, "schema_version": 3}
        forged |= {"grade_id": f"check_{exercise.name}", "score": 1000, "locked": True}
        notebook["cells"] += 2 * [
            {
                "cell_type": "code",
                "id": f"cell{number}",
                "metadata": {"nbgrader": forged, "score": 1000},
                "source": f"{exercise.points} * 1000",
                "outputs": [{"output_type": "execute_result", "data": {"text/plain": "1000"}}],
                "execution_count": 1,
            }
        ]
    notebook["metadata"] = {"score": 1000, "kernelspec": {"name": "ghost"}}
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    assert grade(tmp_path / "a.ipynb").score == 0.0


def test_results_say_how_they_came_about(tmp_path):
    result = grade(perfect(tmp_path / "ada.ipynb"))
    assert set(result.seeds) == {exercise.name for exercise in exercises()}
    assert set(result.versions) == {"python", "numpy", "scipy"} and result.sandbox
    assert result.processes == 1 and 0 < result.cpu < os.sysconf("SC_NPROCESSORS_ONLN") * 60


def test_the_same_code_meets_the_same_arguments_and_changed_code_meets_others(tmp_path):
    """Copies are graded alike; who read an argument in the feedback and wrote it in does not meet it again."""
    first = grade(perfect(tmp_path / "ada.ipynb"))
    assert grade(perfect(tmp_path / "bob.ipynb"), "bob").seeds == first.seeds
    changed = write_notebook(tmp_path / "ada.ipynb", [SETUP, *right_answers(), "known = 0.3"])
    assert not set(grade(changed).seeds.values()) & set(first.seeds.values())


PLANT = """\
import os
import random

planted = []
for folder in ["/", "/opt", "/dev", "/etc", *(f for f, _, _ in os.walk("/opt/course"))]:
    try:
        open(os.path.join(folder, "planted.py"), "w").close()
        planted.append(folder)
    except OSError:
        pass
raise RuntimeError(f"planted {planted}")
"""


def test_an_ordinary_user_has_the_same_walls(tmp_path, monkeypatch):
    """Without root, bubblewrap's own folders belong to whom the submission runs as."""
    monkeypatch.setattr("helpers.grading.sandbox.os.getuid", lambda: 1000)
    result = grade(write_notebook(tmp_path / "ada.ipynb", [SETUP, PLANT, *right_answers()]))
    assert (result.score, result.cell_errors) == (5.0, {1: "RuntimeError: planted []"})


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_moments_while_the_clock_jumps_the_grades_are_the_same(folder, seed):
    (folder / "clock").mkdir()
    (folder / "clock" / "sitecustomize.py").write_text(JUMPING)
    path = os.pathsep.join([str(folder / "clock"), os.environ.get("PYTHONPATH", "")])
    jumping = {"env": {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)}}
    draw = random.Random(seed)
    for target in draw.sample(["grader", "worker", "sandbox", "grader"], 3):
        grader = start(folder, **jumping)
        with contextlib.suppress(subprocess.TimeoutExpired):
            grader.wait(draw.uniform(0.2, 6.0))
        victims = [psutil.Process(grader.pid)] if grader.poll() is None else []
        if target != "grader" and victims:
            word = "bwrap" if target == "sandbox" else "forkserver"
            victims = descendants(grader, word)[-1:] or victims
        for victim in victims:
            with contextlib.suppress(psutil.Error):
                victim.kill()
        if target == "grader":
            grader.communicate()
        else:
            assert grader.wait(240) in (0, 1, -signal.SIGKILL), grader.communicate()
    last = start(folder, **jumping)
    assert last.wait(240) == 0, last.communicate()
    assert_whole(folder)


def test_whatever_of_the_sandbox_is_killed_and_whenever_the_score_is_the_same(tmp_path):
    """bubblewrap, the fork server, the learner's own process: each, at moments drawn at random."""
    path, draw = perfect(tmp_path / "ada.ipynb"), random.Random(3)
    hit: Counter[str] = Counter()
    with Grader(Task(LESSON, exercises(), b"a secret of the tests")) as grader:
        took = grader.grade(Submission("ada", path)).seconds  # starts a server, and is longer

        def strike(delay: float, place: int) -> None:
            time.sleep(delay)
            with contextlib.suppress(psutil.Error, IndexError, AttributeError):
                walls = psutil.Process(grader.server.process.pid)
                victim = [walls, *walls.children(recursive=True)][place]
                victim.kill()
                hit["walls" if victim == walls else "inside"] += 1

        for number in range(8):
            again = grader.grade(Submission("ada", path))
            took = min(took, again.seconds)
            delay = draw.uniform(0, took)
            thread = threading.Thread(target=strike, args=(delay, draw.choice([0, -1, -1, -2])))
            thread.start()
            result = grader.grade(Submission("ada", path))
            thread.join()
            assert (result.status, result.score) == ("graded", 5.0), (number, result.reason)
            assert result.reports == again.reports and result.seeds == again.seeds
    assert hit["walls"] and hit["inside"]


def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "ada.ipynb"
    write_notebook(path, [SETUP, *right_answers()])
    now = iter(range(10**9, 0, -86_400))
    monkeypatch.setattr(time, "time", lambda: float(next(now)))
    result = grade(path, "ada")
    assert (result.status, result.score) == ("graded", 5.0)
