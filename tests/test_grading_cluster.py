"""The same grades from a Dask cluster, while its workers are lost and others come."""

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from small_assignment import BODIES, NAME, NUMBER, course, notebook

from helpers.__main__ import main
from helpers.exercises import assignments
from helpers.grading import cluster as remote
from helpers.grading.cluster import grade_on_cluster
from helpers.grading.engine import Result
from helpers.grading.intake import find_submissions
from helpers.grading.log import Log
from helpers.grading.run import Batch

KEY = b"a secret of the tests"
SLOW = "import time\ntime.sleep(0.2)\n\n"


@pytest.fixture
def handed_in(tmp_path, monkeypatch):
    course(tmp_path)
    monkeypatch.setenv("COURSE_SOLUTIONS", str(tmp_path / "solutions"))
    assignments.load.cache_clear()
    (tmp_path / "in").mkdir()
    for number in range(30):
        body = ("right", "squared", "ends")[number % 3]
        (tmp_path / "in" / f"s{number:02}.ipynb").write_text(notebook(SLOW + BODIES[body]))
    (tmp_path / "in" / "broken.ipynb").write_text("{")
    return find_submissions(tmp_path / "in", NUMBER)


def scores(path: Path, students: list[str]) -> dict[str, float]:
    with Log(path, exclusive=False) as log:
        return {result.student: result.score for result in log.results(students)}


def test_workers_are_lost_and_added_and_every_submission_is_graded_once(handed_in, tmp_path):
    expected = {
        s.student: 3.0 if s.student[1:].isdigit() and int(s.student[1:]) % 3 == 0 else 0.0
        for s in handed_in
    }
    heard: list[str] = []
    path = tmp_path / "results.jsonl"
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Log(path) as log,
    ):

        def disturb() -> None:
            while len(heard) < 4:
                time.sleep(0.05)
            os.kill(next(iter(cluster.workers.values())).pid, 9)
            cluster.scale(3)

        thread = threading.Thread(target=disturb, daemon=True)
        thread.start()
        batch = Batch(NUMBER, KEY)
        grade_on_cluster(
            handed_in,
            batch,
            log,
            cluster.scheduler_address,
            lambda r: heard.append(r.student if r else ""),
        )
        thread.join()
        assert Counter(heard) == Counter(expected.keys())
        again: list[object] = []
        grade_on_cluster(handed_in, batch, log, cluster.scheduler_address, again.append)
        assert again == [None] * len(handed_in)  # nothing is graded twice
    assert scores(path, list(expected)) == expected


def test_what_kills_workers_takes_nobody_with_it(handed_in, tmp_path, monkeypatch):
    monkeypatch.setattr(remote._Pace, "size", lambda *_: 4)

    def deadly(batch: Batch, submissions: list[tuple[str, bytes | str]]) -> list[Result]:
        if any(student == "s05" for student, _ in submissions):
            os._exit(1)
        return [Result(student, batch.lesson, "", status="graded") for student, _ in submissions]

    monkeypatch.setattr(remote, "grade_together", deadly)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Log(tmp_path / "log") as log,
    ):
        grade_on_cluster(handed_in[:12], Batch(NUMBER, KEY), log, cluster.scheduler_address)
        found = list(log.results([submission.student for submission in handed_in[:12]]))
    lost = [result for result in found if result.status == "not graded"]
    assert len(found) == 12 and [result.student for result in lost] == ["s05"]
    assert "the cluster lost it" in lost[0].reason


@contextlib.contextmanager
def another_server(says: bytes) -> Iterator[str]:
    """The address of a server that is no Dask scheduler: it greets with `says`, if anything, and waits."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError):
                connections = []
                while True:
                    connections.append(server.accept()[0])
                    connections[-1].sendall(says)

        threading.Thread(target=answer, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1", "foo://127.0.0.1:8786"])
def test_an_address_without_a_cluster_is_told(address, handed_in, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "KNOCK_SECONDS", 0.5)
    with Log(tmp_path / "log") as log, pytest.raises(ValueError, match="no Dask scheduler") as told:
        grade_on_cluster(handed_in, Batch(NUMBER, KEY), log, address)
    assert f"--cluster {address}: " in str(told.value)


def test_an_event_loop_that_runs_already_is_in_nobodys_way():
    async def in_a_notebook() -> None:
        remote.knock("tcp://127.0.0.1:1")

    # in a thread of its own: other tests may have left a loop running in this one
    with (
        ThreadPoolExecutor(1) as own,
        pytest.raises(ValueError, match="no Dask scheduler") as told,
    ):
        own.submit(lambda: asyncio.run(in_a_notebook())).result()
    assert "event loop" not in str(told.value)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_server_that_is_no_scheduler_is_told(says, handed_in, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(remote, "KNOCK_SECONDS", 0.5)
    with another_server(says) as address:
        arguments = ["--assignment", NUMBER, "--out", str(tmp_path / "out"), "--cluster", address]
        assert main(["grade", str(tmp_path / "in"), *arguments]) == 2
    told = capsys.readouterr().err
    assert f"--cluster {address}: no Dask scheduler answers there" in told
    assert "Traceback" not in told and not (tmp_path / "out").exists()


def test_a_scheduler_without_workers_is_told(handed_in, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "WORKER_SECONDS", 0.5)
    with (
        LocalCluster(n_workers=0, dashboard_address=None) as cluster,
        Log(tmp_path / "log") as log,
        pytest.raises(ValueError, match="had no worker"),
    ):
        grade_on_cluster(handed_in, Batch(NUMBER, KEY), log, cluster.scheduler_address)


def test_a_worker_with_another_judge_is_refused(handed_in, tmp_path, monkeypatch):
    judge = tmp_path / "solutions" / NAME / "judge.py"
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        judge.write_text(judge.read_text() + "\n# mended here, and not there\n")
        monkeypatch.setattr(Batch, "judge_version", lambda self: "of another day")
        with (
            Log(tmp_path / "log") as log,
            pytest.raises(ValueError, match="another version of the judge"),
        ):
            grade_on_cluster(handed_in, Batch(NUMBER, KEY), log, cluster.scheduler_address)


def test_on_a_worker_an_unreadable_file_keeps_its_reason(handed_in):
    result = remote.grade_bytes(
        Batch(NUMBER, KEY, unsafe=True), "ada", "The file is larger than 8 MB."
    )
    assert result.status == "malformed" and result.reason == "The file is larger than 8 MB."
