"""What A2's judge must not be fooled by; and both assignments graded as submissions are."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.exercises import assignment, examine

ROOT = Path(__file__).resolve().parents[1]
A2 = assignment("A2")
EXERCISES = {exercise.name: exercise for exercise in A2.EXERCISES}


def test_a_gap_just_above_what_is_asked_is_refused():
    exercise = EXERCISES["group_lasso"]

    def nearly(X, y, groups, lam):
        return exercise.reference(X, y, groups, lam) * (1 + 2e-3)

    assert not examine(nearly, exercise).correct


def test_one_call_too_many_is_told_so():
    exercise = EXERCISES["minimise_with_budget"]

    def patient(grad, x, L, mu, tol):
        for _ in range(4001):
            g = grad(x)
        return x - g / L

    assert "All 4000 calls are spent" in examine(patient, exercise).sentence


def test_a_point_of_one_set_only_is_refused_by_name():
    exercise = EXERCISES["project_onto_intersection"]
    assert "outside A" in examine(lambda a, b, x: b(x), exercise).sentence


def test_a_point_outside_the_polyhedron_is_told_which_wall_it_crossed():
    exercise = EXERCISES["analytic_center"]
    report = examine(lambda A, b, x: x + 100.0, exercise)
    assert "not inside: row" in report.sentence


def test_another_order_of_rows_is_as_good():
    exercise = EXERCISES["minimise_sum"]

    def in_order(row_grad, n, w, L, mu, tol):
        table = np.array([row_grad(i, w) for i in range(n)])
        mean, rng = table.mean(axis=0), np.random.default_rng(99)
        for _ in range(38):
            for i in rng.integers(n, size=n):
                g = row_grad(int(i), w)
                w = w - (g - table[i] + mean) / (2 * L)
                mean, table[i] = mean + (g - table[i]) / n, g
        return w

    assert examine(in_order, exercise).correct


@pytest.mark.parametrize("folder", ["A1_convexity", "A2_algorithms"])
def test_the_solved_assignment_earns_all_points_in_the_sandbox_and_the_stubs_none(folder, tmp_path):
    submitted = tmp_path / "submitted"
    for student, side in (("ada", "solutions"), ("bob", "course")):
        path = submitted / student / folder / f"{folder}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes((ROOT / side / folder / path.name).read_bytes())
    command = ["grade", str(submitted), "--out", str(tmp_path / "graded"), "--lesson", folder[:2]]
    done = subprocess.run(
        [sys.executable, "-m", "helpers", *command], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "graded" / "results.jsonl").read_text().splitlines()
    results = [json.loads(line)["result"] for line in lines if line]
    assert {r["student"]: r["score"] for r in results} == {"ada": 20, "bob": 0}
