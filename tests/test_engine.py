"""The exercise engine: whatever a learner's function does, there is one kind sentence for it."""

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from helpers import feedback, progress
from helpers.exercises import checking, find
from helpers.exercises.calling import LocalCall
from helpers.exercises.exercise import Exercise, Oracle, same
from helpers.exercises.failures import JudgeError
from helpers.exercises.judging import judge
from helpers.exercises.plain import agree


def double(v):
    """Twice v, of the shape of v."""
    return 2 * v


def instances(rng):
    for size in (3, 4):
        yield {"v": rng.standard_normal(size)}


def certify(value, v):
    return same(value, v + v)


def halved(v):
    """You halved v: doubling goes the other way."""
    return v / 2


DOUBLE = Exercise(
    double,
    instances,
    certify,
    title="Double",
    hints=("Add.", "Add v.", "Add v to v."),
    mistakes=(halved,),
)


def spin(v):
    while True:
        pass


def spin_and_swallow(v):
    while True:
        try:
            sum(range(1000))
        except BaseException:
            continue


def recurse(v):
    return recurse(v)


class Hostile(Exception):
    def __str__(self):
        raise RuntimeError


def hostile(v):
    raise Hostile


def leave(v):
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (spin, "stopped after"),
        (spin_and_swallow, "stopped after"),
        (recurse, "calls itself without end"),
        (hostile, "Hostile"),
        (leave, "SystemExit"),
        (lambda v: 1 / 0, "ZeroDivisionError"),
        (lambda: 1, "TypeError"),
        (lambda v: np.full_like(v, np.nan), "finite"),
        (lambda v: np.full_like(v, -np.inf), "finite"),
        (lambda v: (2 * v)[:, None], "shape (3,); yours is an array of shape (3, 1)"),
        (lambda v: "2v", "numbers"),
        (lambda v: open, "type builtin"),
        (lambda v: (x for x in v), "type generator"),
        (lambda v: 2 * v + 0j, "complex"),
        (lambda v: np.array([v, "a"], dtype=object), "dtype object"),
        (lambda v: [[1.0], [1.0, 2.0], [3.0]], "numbers"),
        (lambda v: 3 * v, "should be"),
        (lambda v: v / 2, "You halved v"),
    ],
)
def test_each_way_to_be_wrong_has_its_own_sentence(function, words):
    report = judge(DOUBLE, LocalCall(function, 0.5))
    assert report.status == "not yet" and report.score == 0
    assert words in report.sentence


def test_a_function_off_the_main_thread_is_stopped_as_well():
    reports = []
    thread = threading.Thread(target=lambda: reports.append(judge(DOUBLE, LocalCall(spin, 0.3))))
    thread.start()
    thread.join(10)
    assert "stopped after" in reports[0].sentence


def test_lists_and_whole_numbers_count_as_arrays_of_numbers():
    assert judge(DOUBLE, LocalCall(lambda v: [2 * x for x in v])).correct


def test_changing_an_argument_and_printing_earn_a_note_and_cost_nothing(capsys):
    def rude(v):
        print("here")
        v *= 2
        return v

    report = judge(DOUBLE, LocalCall(rude))
    assert report.correct
    assert any("`v` in place" in note for note in report.notes)
    assert any("prints" in note for note in report.notes)
    assert capsys.readouterr().out == ""


def test_an_oracle_counts_its_calls_and_ends_at_its_limit():
    def ask(f, times):
        """f(1), asked once."""
        return f(1.0)

    def greedy(f, times):
        for _ in range(times):
            try:
                value = f(1.0)
            except Exception:
                pass
        return value

    def given(rng):
        yield {"f": Oracle(lambda x: 3 * x, 5, "the function", "one call is enough"), "times": 9}

    exercise = replace(
        DOUBLE, reference=ask, instances=given, certify=lambda value, f, times: same(value, 3.0)
    )
    assert judge(exercise, LocalCall(ask)).correct
    refused = judge(exercise, LocalCall(greedy))
    assert refused.sentence == ("You asked for the function more than 5 times; one call is enough.")


def test_partial_credit_counts_the_instances():
    exercise = replace(DOUBLE, partial=True)
    report = judge(exercise, LocalCall(lambda v: 2 * v if len(v) == 3 else v))
    assert report.score == 0.5 and report.status == "not yet"


def test_a_judge_that_accepts_by_accident_is_an_error_of_ours():
    with pytest.raises(JudgeError, match="certify returned None"):
        judge(replace(DOUBLE, certify=lambda value, v: None), LocalCall(double))


def test_numbers_so_large_that_every_inequality_holds_are_refused():
    def near(value, v):
        return bool(np.sum((value - 2 * v) ** 2) <= 1e-9 * (1 + np.sum(value**2)))

    for free in (False, True):
        exercise = replace(DOUBLE, certify=near, free=free)
        assert judge(exercise, LocalCall(double)).correct
        refused = judge(exercise, LocalCall(lambda v: v * 0 + 1e308))
        assert "beyond 1e+100" in refused.sentence and refused.score == 0


def test_a_text_among_numbers_is_no_array_as_wide_as_itself():
    wide = ["x" * 90_000] + [""] * 20_000  # seven gigabytes, were it an array
    assert "should be numbers" in judge(DOUBLE, LocalCall(lambda v: wide)).sentence
    assert not agree(wide, np.zeros(20_001))


def test_check_never_raises_and_says_how_it_is_called(capsys):
    for wrong in (..., 3, None, lambda v: v, double, np.zeros(3)):
        checking.check(wrong)
    said = capsys.readouterr().out
    assert "check takes the function itself" in said
    assert "There is no exercise called 'double'" in said


def test_a_card_escapes_what_the_learner_wrote():
    report = judge(DOUBLE, LocalCall(lambda v: "<script>alert(1)</script>"))
    page = feedback.Card(report).html()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_progress_survives_a_new_session_and_a_broken_file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    progress.record("double")
    progress.record("halve")
    assert progress.solved() == {"double", "halve"}
    assert json.loads((tmp_path / "progress.json").read_text()) == {"solved": ["double", "halve"]}
    (tmp_path / "progress.json").write_text("{broken")
    assert progress.solved() == set()
    assert (tmp_path / "progress.broken.json").read_text() == "{broken"


def test_progress_is_silent_where_it_is_switched_off(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    progress.record("double")
    assert not list(tmp_path.iterdir()) and progress.sentence("double") == ""


def test_an_unknown_exercise_names_its_neighbours():
    with pytest.raises(KeyError, match="Did you mean gradient_descent"):
        find("gradient_decent")
