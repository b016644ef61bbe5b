"""Coordinate descent on a kink: each move of the browser is exact, and it stops where Python says."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore

TERMS = {
    "coupled kink c|x − y|": lambda x, y: abs(x - y),
    "kinks along the axes c(|x| + |y|)": lambda x, y: abs(x) + abs(y),
    "smooth coupling ½c(x − y)²": lambda x, y: (x - y) ** 2 / 2,
}


def in_the_browser(a, b, c, start, moves=200):
    asked = {"a": a, "b": b, "c": c, "start": start, "moves": moves}
    return answer_of("kink", asked)


def F(name, a, b, c, x, y):
    return (x - a) ** 2 / 2 + (y - b) ** 2 / 2 + c * TERMS[name](x, y)


@pytest.mark.parametrize(
    ("a", "b", "c", "start"),
    [(1.2, -0.4, 1.5, [-1.6, -1.3]), (1.2, -0.4, 0.5, [1.9, 0.3]), (-0.5, 0.7, 0.0, [0, 2])],
)
def test_each_move_of_the_browser_is_the_best_along_its_axis(a, b, c, start):
    answer = in_the_browser(a, b, c, start, moves=8)
    assert set(answer) == set(TERMS)
    far = np.linspace(-3, 3, 3001)
    for name, told in answer.items():
        for i, ((x, y), value) in enumerate(zip(told["path"], told["values"], strict=True)):
            assert abs(value - F(name, a, b, c, x, y)) < 1e-9
            if i:
                line = F(name, a, b, c, far, y) if i % 2 else F(name, a, b, c, x, far)
                assert line.min() >= value - 1e-12


@pytest.mark.parametrize("c", [0.0, 0.3, 0.8, 1.5, 3.0])
def test_the_minimiser_that_is_marked_is_one(c):
    x, y = np.meshgrid(np.linspace(-2, 2, 401), np.linspace(-2, 2, 401))
    for name, told in in_the_browser(1.2, -0.4, c, [0.0, 0.0]).items():
        assert abs(told["lowest"] - F(name, 1.2, -0.4, c, *told["best"])) < 1e-9
        assert F(name, 1.2, -0.4, c, x, y).min() >= told["lowest"] - 1e-12


def test_only_the_coupled_kink_stops_the_descent_and_only_with_enough_weight():
    def gaps(c):
        told = in_the_browser(1.2, -0.4, c, [-1.6, -1.3])
        return {name: t["values"][-1] - t["lowest"] for name, t in told.items()}

    coupled, *others = TERMS
    for c in (0.2, 0.79, 0.8, 0.85, 1.5, 3.0):  # |a − b|/2 = 0.8
        gap = gaps(c)
        assert all(gap[name] < 1e-9 for name in others)
        assert (gap[coupled] > 1e-4) == (c > 0.8)


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.kink()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "coordinate descent" in bundle["text/plain"]
    assert page == explore.kink()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"start": (3, 0)}, "start must"), ({"centre": (0,)}, "centre must"), ({"c": -1}, "c must")],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.kink(**asked)
