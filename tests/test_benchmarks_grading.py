"""The benchmark of grading: what it makes of what it measured, and that a page's price is measured at all."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("the grader's benchmarks fork", allow_module_level=True)

from benchmarks import pages
from benchmarks.grading import table as compared
from benchmarks.grading_floor import Cost, table
from benchmarks.grading_peers import Run

COST = Cost(floor=20.0, judge=15.0, learner=30.0, server=5.0, pages=2000, page=0.005, fork=2.0)


def test_the_ratio_without_pages_and_forks_leaves_out_what_they_cost():
    assert COST.total == 50.0 and COST.ratio == 2.5
    assert COST.without_memory == pytest.approx((50 - 2000 * 0.005 - 2) / 20)


def test_the_table_shows_medians_of_the_rounds():
    slow = Cost(**{**vars(COST), "judge": 115.0, "pages": 4000})
    row = table({"A9": [COST, slow, COST]}).splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[0] == "A9" and cells[1:4] == ["20.0 ms", "50.0 ms", "2.50"]
    assert cells[-4:] == ["2000", "5.0 µs", "2.0 ms", "1.90"]


def test_graders_are_compared_with_ours_of_the_same_round():
    rounds = [
        [Run("ours, 2 workers", 10, wall, 0.1), Run("peer", 5, 40 * wall, 2.0)] for wall in (1, 3)
    ]
    assert "| 40, 40 | 20 |" in compared(rounds).splitlines()[-1]


def test_a_page_costs_something_and_only_pages_that_are_copied_count(monkeypatch):
    monkeypatch.setattr(pages, "PAGES", 2048)
    found = pages.machine(3)
    assert 0.05 < found.page < 500 and found.fork > found.page


def test_the_price_is_what_a_child_took_beyond_its_second_pass(monkeypatch):
    seconds = {"nothing": (0.001, 1, 0.0), "write": (0.001 + 2 * 0.002 + 0.05, 10_000, 0.002)}
    monkeypatch.setattr(pages, "_forked", lambda work: seconds[work.__name__])
    assert pages.machine() == pages.Machine(pytest.approx(5.0), pytest.approx(1000.0))
