"""A late policy by a table, and times from wherever they are known."""

from pathlib import Path

import pytest

from helpers.grading import late
from helpers.grading.submission import Submission

DUE = "2027-01-31T23:59+01:00"


@pytest.fixture
def policy(tmp_path: Path) -> list[tuple[float, float]]:
    path = tmp_path / "late.csv"
    path.write_text("hours,keep\n24,0.9\n0.5,1\n72,0.5\n")
    return late.read_policy(path)


@pytest.mark.parametrize(
    ("hours", "keep"),
    [(-3, 1), (0, 1), (0.5, 1), (0.51, 0.9), (24, 0.9), (24.1, 0.5), (72, 0.5), (73, 0)],
)
def test_each_row_says_up_to_when_how_much_is_kept(policy, hours, keep):
    assert late.kept(policy, hours) == keep


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hours,keep\nsoon,1\n", "line 2: hours and keep must be numbers"),
        ("hours,keep\n1,1.5\n", "keep in"),
        ("hours,share\n1,1\n", "must have the columns hours, keep"),
        ("hours,keep\n", "has no rows"),
    ],
)
def test_a_table_that_is_no_policy_is_refused_with_its_line(text, said, tmp_path):
    (tmp_path / "late.csv").write_text(text)
    with pytest.raises(ValueError, match=said):
        late.read_policy(tmp_path / "late.csv")


def test_times_come_from_the_table_or_from_nbgraders_file(policy, tmp_path):
    people = {}
    for student in ("ada", "bob", "cy", "dan"):
        path = tmp_path / student / "A2" / "A2.ipynb"
        path.parent.mkdir(parents=True)
        path.touch()
        people[student] = Submission(student, path)
    (tmp_path / "bob" / "A2" / "timestamp.txt").write_text("2027-02-01 10:59:00.000000 UTC")
    (tmp_path / "cy" / "A2" / "timestamp.txt").write_text("2027-02-01 23:59:00 Europe/Berlin\n")
    times = {"ada": "2027-01-31T22:00:00+00:00"}
    found = late.lateness(people.values(), DUE, policy, times)
    assert {s: (found[s].hours, found[s].keep) for s in found} == {
        "ada": (0.0, 1.0),
        "bob": (12.0, 0.9),
        "cy": (24.0, 0.9),
    }
    late.save(found, tmp_path)
    assert late.load(tmp_path) == found


def test_a_learners_own_timestamp_moves_nothing_and_stops_nobody(policy, tmp_path):
    theirs = tmp_path / "Ada Doe_301_assignsubmission_file" / "A2.ipynb"
    forged = tmp_path / "submitted" / "bob" / "A2" / "A2.ipynb"
    for path, text in ((theirs, "2020-01-01 00:00:00 UTC"), (forged, "whenever")):
        path.parent.mkdir(parents=True)
        path.with_name("timestamp.txt").write_text(text)
    handed_in = [Submission("Ada Doe_301", theirs), Submission("bob", forged)]
    assert late.lateness(handed_in, DUE, policy, {}) == {}


def test_a_time_that_is_none_is_told_with_whose_it_is(policy, tmp_path):
    with pytest.raises(ValueError, match="ada: 'yesterday' is no time"):
        late.lateness([Submission("ada", tmp_path)], DUE, policy, {"ada": "yesterday"})
    with pytest.raises(ValueError, match="--due"):
        late.lateness([], "soon", policy, {})
