"""The parts of the grader that need no sandbox: frames, files, seeds, the log, the reports."""

import json
import math
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.exercises.judging import Case, Report
from helpers.grading import seeds
from helpers.grading.engine import Result, points
from helpers.grading.graded import Graded
from helpers.grading.jail import wire
from helpers.grading.log import Busy, Log
from helpers.grading.report import file_name, row, write_reports
from helpers.grading.submission import (
    MAX_BYTES,
    Malformed,
    read_bytes,
    read_cells,
)

numbers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.complex_numbers(),
    st.just(...),
)
values = st.recursive(
    numbers,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.lists(inside, max_size=4).map(tuple),
        st.dictionaries(st.text("abc{}[]"), inside, max_size=3),
    ),
    max_leaves=12,
)


def through(value):
    return wire.decode(wire.encode(value)[4:])


def alike(a, b) -> bool:
    """Same types all the way down, NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    return a == b or a != a


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(values)
def test_plain_data_come_through_the_wire_unchanged(value):
    assert alike(through(value), value)


@pytest.mark.parametrize("dtype", [float, np.int64, bool, complex, np.float32])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3)])
def test_arrays_come_through_the_wire_unchanged(dtype, shape):
    array = np.full(shape, 1, dtype)
    again = through({"x": [array, (array,)]})["x"][1][0]
    assert again.dtype == array.dtype and again.shape == shape and np.array_equal(again, array)
    assert again.flags.writeable


def test_nan_and_infinity_come_through_an_array():
    array = np.array([np.nan, np.inf, -np.inf, -0.0])
    assert through(array).tobytes() == array.tobytes()


def test_objects_do_not_pass():
    for hostile in (object(), len, np.array([None]), {1, 2}, b"raw"):
        with pytest.raises(TypeError):
            wire.encode(hostile)


def framed(text: str, blobs: bytes = b"") -> bytes:
    return struct.pack("<I", len(text)) + text.encode() + blobs


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b"\xff\xff\xff\xff",
        framed("{"),
        framed('{"a": 1, "b": 2}'),
        framed('{"unknown": 1}'),
        framed('{"callback": 0}'),
        framed('{"array": ["|O", [1]]}', bytes(8)),
        framed('{"array": ["<f8", [2]]}', bytes(8)),
        framed('{"array": ["<f8", [-1]]}', bytes(8)),
        framed('{"array": ["<f8", [1.0]]}', bytes(8)),
        framed('{"array": ["<f8", [4294967296, 4294967296]]}', bytes(8)),
        framed('{"array": ["<f8", [1,1,1,1,1,1,1,1,1]]}', bytes(8)),
        framed('{"array": 3}'),
        framed('{"dict": [[[1], 2]]}'),
        framed('{"complex": ["a", 1]}'),
        framed("[" * 100 + "]" * 100),
        framed("[" * 200_000 + "]" * 200_000),
        framed("9" * 10_000),
        struct.pack("<I", wire.MAX_JSON + 1) + b" " * (wire.MAX_JSON + 1),
    ],
)
def test_a_frame_that_is_not_ours_is_refused(rest):
    with pytest.raises(wire.BadFrame):
        wire.decode(rest)


@given(st.binary(max_size=200))
def test_noise_is_a_value_or_a_bad_frame_and_nothing_else(noise):
    try:
        wire.decode(framed("", b"") + noise)
        wire.decode(noise)
    except wire.BadFrame:
        pass


def test_integers_beyond_64_bits_and_half_surrogates_become_harmless():
    assert wire.decode(framed(str(10**30))) == math.inf
    assert wire.decode(framed('"\\ud800"')).encode() == b"?"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"{", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 200_000, "JSON"),
        (b"[]", "no list of cells"),
        (b'{"cells": {"0": {}}}', "no list of cells"),
        (b'{"worksheets": [{"cells": []}]}', "no list of cells"),
    ],
)
def test_a_malformed_notebook_gets_a_reason(content, reason):
    with pytest.raises(Malformed, match=reason):
        read_cells(content)


def test_only_the_source_of_code_cells_is_read():
    cells = [
        {"cell_type": "markdown", "source": "no"},
        {"cell_type": "code", "source": ["a = 1\n", 7, "b = 2"]},
        {"cell_type": "code", "source": {"not": "text"}},
        {"cell_type": "code", "metadata": 3, "outputs": "forged", "id": [], "source": "c = 3"},
        "not a cell",
    ]
    for more in ({}, {"nbformat": 9, "metadata": {"kernelspec": {"name": "ghost"}}}):
        assert read_cells(json.dumps({"cells": cells, **more}).encode()) == [
            "a = 1\nb = 2",
            "c = 3",
        ]


def test_what_is_no_file_is_not_opened(tmp_path):
    (tmp_path / "secret").write_text("of the teacher")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with open(tmp_path / "large.ipynb", "wb") as file:
        file.truncate(MAX_BYTES + 1)
    for name in ("link", "pipe", "large", "missing"):
        with pytest.raises(Malformed):
            read_bytes(tmp_path / f"{name}.ipynb")


def test_a_seed_needs_the_secret_and_names_one_exercise_and_one_code(tmp_path, monkeypatch):
    monkeypatch.delenv(seeds.VARIABLE, raising=False)
    key = seeds.secret(tmp_path)
    assert key == seeds.secret(tmp_path) and len(key) >= 32
    assert (tmp_path / ".secret").stat().st_mode & 0o777 == 0o600
    drawn = {seeds.seed(key, *p) for p in [("04", "a", "f"), ("04", "af", ""), ("04", "b", "f")]}
    assert len(drawn) == 3 and seeds.seed(b"another", "04", "a", "f") not in drawn
    monkeypatch.setenv(seeds.VARIABLE, "from the environment")
    assert seeds.secret(tmp_path) == b"from the environment"


SCRIPT = "<script>alert(1)</script>{{ 7 * 7 }}"


def result(student: str, **more) -> Result:
    case = Case(False, SCRIPT, SCRIPT, SCRIPT)
    report = Report("f", SCRIPT, "not yet", SCRIPT, (case,), None, (SCRIPT,), (SCRIPT,), 0.5, 2.0)
    made = Result(student, "04", "digest", 1.0, 2.0, reports=[report], cell_errors={3: SCRIPT})
    return Result(**{**made.__dict__, **more})


def reported(out: Path, assignment: str, *results: Result) -> None:
    with Log(out / "results.jsonl") as log:
        for made in results:
            log.add(made, "key")
    graded = Graded(out, assignment, "04", tuple(made.student for made in results))
    graded.save()
    write_reports(Graded.open(out))


def test_nothing_in_a_submission_becomes_markup_on_the_feedback_page(tmp_path):
    reported(tmp_path, SCRIPT, result(SCRIPT, reason=SCRIPT))
    (page,) = (tmp_path / "feedback").iterdir()
    text = page.read_text()
    assert "<script" not in text and "&lt;script&gt;" in text and "{{ 7 * 7 }}" in text


def test_a_learner_of_any_name_gets_a_file_in_the_folder(tmp_path):
    names = ["..", ".", "../../etc/passwd", "a/b", "a%2Fb", "é" * 200, "x" * 400, "\0", "con\n"]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(Path(file).name == file and len(file.encode()) < 250 for file in files)
    reported(tmp_path, "04", *map(result, names))
    assert len(list((tmp_path / "feedback").glob("*.html"))) == len(names)


def test_a_student_who_is_a_formula_is_text_in_the_table():
    assert row(result("=cmd()"), "04", None)[3] == "'=cmd()"


def test_who_could_not_be_graded_has_no_score_rather_than_zero():
    assert row(result("ada", status="not graded"), "04", None)[9] == ""


def test_points_stay_between_nothing_and_everything():
    reports = [result("a").reports[0].__class__("f", "", "", "", score=s) for s in (-5.0, 0.5, 9.0)]
    assert points(reports) == 1.5


def test_the_log_goes_on_after_a_torn_line(tmp_path):
    path = tmp_path / "results.jsonl"
    with Log(path) as log:
        log.add(result("ada"), "key of ada")
        log.add(result("bob"), "key of bob")
    path.write_bytes(path.read_bytes()[:-30])
    with Log(path) as log:
        assert log.done("ada", "key of ada") and not log.done("bob", "key of bob")
        log.add(result("bob", score=2.0), "key of bob")
    with Log(path) as log:
        kept = list(log.results(["ada", "bob", "nobody"]))
    assert [(r.student, r.score) for r in kept] == [("ada", 1.0), ("bob", 2.0)]
    assert kept[0] == result("ada")


def test_two_graders_do_not_write_to_one_log(tmp_path):
    with Log(tmp_path / "log"), pytest.raises(Busy):
        Log(tmp_path / "log")
