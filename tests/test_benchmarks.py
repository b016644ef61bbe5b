"""The benchmark's own logic: the search for a tolerance, the judge, the table and what it comes to."""

import json
import math
import time

import numpy as np
import pytest

from benchmarks import designs, plots, report
from benchmarks import measure as clock
from benchmarks.__main__ import arguments, main
from benchmarks.case import Answer, Case, Judge, Peer
from benchmarks.measure import Limits, Trial, loosest, measure, verdict
from benchmarks.models import ALL
from helpers import certificates, solvers

SOON = Limits(least=0.2, most=0.5, spend=0.01, repeats=(2, 2))


def made(**changes) -> Case:
    design = designs.tiny()[0]
    X, y, lam = design.X, design.y, 2.0
    exact = solvers.ridge(X, y, lam)

    def ours(tol):
        s = solvers.ridge(X, y, lam, tol=tol)
        return Answer(s.w, s.intercept, s.certificate.point)

    def rough(tolerance):  # as far from the optimum as its tolerance says
        return Answer(exact.w + np.sqrt(tolerance), exact.intercept)

    case = {
        "model": "ridge",
        "data": "tiny",
        "setting": "λ=2",
        "n": X.shape[0],
        "p": X.shape[1],
        "ours": ours,
        "certify": lambda a: certificates.ridge(X, y, lam, a.w, a.b, a.dual),
        "peers": (Peer("rough", rough), Peer("exact", lambda _: ours(1e-12), exact=True)),
        "floor": lambda: X.T @ y,
    }
    return Case(**case | changes)


def row(**changes):
    times = {"a": {"seconds": 0.4, "gap": 1e-7, "tolerance": 0.1, "status": "ok"}}
    base = {
        "model": "lasso",
        "data": "wine",
        "setting": "",
        "axis": "",
        "n": 9,
        "p": 3,
        "tol": 1e-6,
    }
    base |= {"ours": 0.2, "floor": 0.1, "peers": times, "best": "a", "ratio": 2.0, "bound": False}
    return base | changes


def test_the_loosest_tolerance_that_reaches_the_gap_is_found():
    found = loosest(lambda t: Trial(t, gap=3 * t, seconds=0), (1e-6, 1e-10))
    for target, trial in found.items():
        assert trial.gap <= target
        assert trial.gap * 10**0.25 > target * 0.999  # a quarter of a factor of ten looser fails


def test_each_tolerance_is_met_at_the_price_of_a_few_dozen_runs():
    tried = []

    def attempt(t):
        tried.append(t)
        return Trial(t, gap=t, seconds=0)

    loosest(attempt, (1e-6, 1e-10))
    assert len(tried) == len(set(tried)) <= 20


def test_a_peer_that_gets_stuck_above_the_gap_is_given_up():
    tried = []

    def attempt(t):
        tried.append(t)
        return Trial(t, gap=max(t, 1e-8), seconds=0)

    assert set(loosest(attempt, (1e-6, 1e-10))) == {1e-6}
    assert len(tried) < 25


def test_a_peer_that_is_too_slow_is_not_asked_for_more():
    tried = []

    def attempt(t):
        tried.append(t)
        return Trial(t, gap=t, seconds=1 / t)

    assert loosest(attempt, (1e-6,), budget=1e3) == {}
    assert max(1 / t for t in tried) <= 1e6


def test_the_judge_lends_a_peer_the_best_bound_that_is_known():
    case = made()
    judge = Judge(case)
    rough = Answer(case.ours(1e-10).w + 1e-3, case.ours(1e-10).b)
    alone = judge.gap(rough)
    judge.learn(case.ours(1e-12))
    excess = case.certify(rough).primal - case.certify(case.ours(1e-12)).primal
    assert 0 < judge.gap(rough) <= alone
    assert judge.gap(rough) == pytest.approx(excess / max(1, case.certify(rough).primal), rel=1e-4)


def test_junk_has_an_infinite_gap():
    judge = Judge(made())
    assert judge.gap(Answer(np.full(5, np.nan), 0.0)) == math.inf
    assert judge.gap(Answer(None, None)) == math.inf


def test_rows_hold_the_medians_and_the_best_peer():
    rows = measure(made(), SOON)
    assert [r["tol"] for r in rows] == [1e-6, 1e-10]
    for r in rows:
        assert r["gap"] <= r["tol"]
        assert r["peers"]["rough"]["gap"] <= r["tol"]
        assert r["ratio"] == r["peers"][r["best"]]["seconds"] / r["ours"]
        assert not r["bound"]


def test_a_peer_that_never_ends_fails_or_dies_does_not_stop_the_run():
    def for_ever(_):
        while True:
            pass

    def fails(_):
        raise ValueError("no such solver")

    peers = (Peer("slow", for_ever), Peer("broken", fails))
    rows = measure(made(peers=peers, tolerances=(1e-6,)), Limits(0.1, 0.01, 0.01, 0.01, (1, 1)))
    assert rows[0]["bound"] and rows[0]["best"] == ""
    assert rows[0]["peers"]["slow"]["status"] == "not reached"
    assert "no such solver" in rows[0]["peers"]["broken"]["status"]


def test_a_search_is_ended_by_the_processor_time_it_uses_and_not_by_the_clock(monkeypatch):
    monkeypatch.setattr(clock, "SPARE", 0.05)
    monkeypatch.setattr(clock, "WAIT", 30)
    case = made()
    judge = Judge(case)

    def waits(tolerance):  # as long as others have the processor: many times its own limit
        time.sleep(0.2)
        return case.ours(1e-10)

    found = clock.search(Peer("waits", waits, exact=True), judge, (1e-6,), budget=0.01)
    assert found["status"] == "ok" and 1e-6 in found["found"]

    def works(_):
        start = time.process_time()
        while time.process_time() - start < 20:
            pass

    start = time.perf_counter()
    assert clock.search(Peer("works", works), judge, (1e-6,), 0.01)["status"] == "not reached"
    assert clock.search(Peer("sleeps", lambda _: time.sleep(60)), judge, (1e-6,), 0.01) == {
        "found": {},
        "status": "not reached",
    }
    assert time.perf_counter() - start < 15  # 0.1 s of work, 3 s asleep


def test_a_search_times_runs_that_are_shorter_than_a_tick_of_the_kernel():
    case = made()
    judge, answer = Judge(case), case.ours(1e-12)

    def steady(_):  # about 1 ms; a look at the processor's clock would wake the one that is tested
        sum(range(100_000))
        return answer

    start = time.thread_time()
    for _ in range(20):
        steady(None)
    usual = (time.thread_time() - start) / 20
    found = [clock.search(Peer("steady", steady), judge, (1e-6,), 1.0)["found"] for _ in range(8)]
    assert usual < 3e-3 and min(trials[1e-6].seconds for trials in found) > usual / 3


def test_a_gap_that_we_do_not_prove_counts_as_nothing():
    def stuck(tol):
        proof = certificates.Certificate(1.0, 0.0)
        raise solvers.ConvergenceError("ridge", tol, solvers.Solution(np.zeros(5), 0.0, proof))

    rows = measure(made(ours=stuck, tolerances=(1e-6,)), SOON)
    assert rows[0]["ours"] is None and rows[0]["ratio"] == 0


def test_where_no_peer_gets_there_the_ratio_is_a_bound():
    nobody = {"a": {"seconds": None}}
    assert verdict(0.1, nobody, budget=3.0) == {"best": "", "ratio": 30.0, "bound": True}


def test_the_summary_counts_rows_by_model_and_gap():
    rows = [row(ratio=r) for r in (0.5, 1.0, 4.0)] + [row(model="svm", ratio=0.25)]
    found = {s["model"]: s for s in report.summary(rows)}
    assert (
        found["lasso"] | {"rows": 3, "share": 2 / 3, "median": 1.0, "least": 0.5} == found["lasso"]
    )
    assert found["all"]["rows"] == 4 and found["all"]["least"] == 0.25
    assert found["all"]["share"] == 0.5


def test_the_table_marks_what_is_slower_and_what_is_only_a_bound():
    slower, bound = row(ratio=0.5), row(bound=True, best="", ratio=30.0)
    text = report.markdown([{"seed": 7, "versions": {"numpy": "2"}}, slower, bound])
    assert "**0.50**" in text and "> 30.00" in text
    assert "seed 7" in text and "numpy 2" in text


def test_growth_is_the_exponent_of_the_larger_sizes():
    sizes = [10, 100, 1000, 10_000, 100_000]
    assert report.slope(sizes, [1, 1, 1e3, 1e5, 1e7]) == pytest.approx(2.0)


def test_growth_is_drawn_and_told_for_each_model_and_size(tmp_path):
    points = [row(axis=axis, **{axis: s}, ours=s**2 * 1e-6) for axis in "np" for s in (10, 20, 40)]
    for point in points:
        point["peers"] = {"a": {"seconds": point["ours"] * point[point["axis"]]}}
    text = report.markdown([{"versions": {}}, *points])
    assert "| lasso | n | 2.00 | 3.00 |" in text and "| lasso | p | 2.00 | 3.00 |" in text
    plots.growth(points, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").stat().st_size > 1000


def test_a_line_cut_off_by_a_kill_is_left_out(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row()) + '\n{"model": "las', encoding="utf-8")
    assert report.read(path) == [row()]


@pytest.mark.parametrize("name", ALL)
def test_every_model_proves_its_answer_on_a_tiny_design(name):
    for design in designs.tiny():
        for case in ALL[name](design):
            answer = case.ours(1e-6)
            assert Judge(case).gap(answer) <= 1e-6
            assert case.peers
            case.floor()


def test_a_set_is_the_same_alone_and_in_the_whole_and_new_for_another_seed():
    first, again, other = (designs.load(seed, "wine") for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.X, again.X)
    assert not np.array_equal(first.y, other.y)


def test_neighbouring_columns_are_correlated_as_stated():
    X = designs.correlated(np.random.default_rng(0), 20_000, 3)
    expected = designs.CORRELATION ** np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    np.testing.assert_allclose(np.corrcoef(X.T), expected, atol=0.03)


def test_an_unknown_model_is_refused_by_name(capsys):
    with pytest.raises(SystemExit):
        arguments(["--models", "lasso,perceptron"])
    assert "'perceptron'" in capsys.readouterr().err


def test_a_run_writes_its_report_and_resumes_where_it_stopped(tmp_path, capsys):
    options = ["--quick", "--models", "least_squares", "--data", "wine", "--growth", "no"]
    main([*options, "--seed", "3", "--out", str(tmp_path)])
    rows = report.read(tmp_path / "rows.jsonl")
    assert {r["model"] for r in rows[1:]} == {"least_squares"}
    assert "## least_squares" in (tmp_path / "results.md").read_text(encoding="utf-8")
    assert (tmp_path / "results.png").stat().st_size > 1000
    (tmp_path / "rows.jsonl").write_text(
        "\n".join(json.dumps(r) for r in rows[:3]) + "\n", encoding="utf-8"
    )
    main([*options, "--resume", "--out", str(tmp_path)])
    again = report.read(tmp_path / "rows.jsonl")
    assert again[:3] == rows[:3] and len(again) == len(rows) and again[0]["seed"] == 3
