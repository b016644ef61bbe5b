"""Chord and tangent: the browser's functions, slopes, gaps and witnesses are Python's."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore
from helpers.figures.explore.chord import CURVES

POINTS = np.random.default_rng(0).uniform([-3, -3, 0], [3, 3, 1], (200, 3)).tolist()


@pytest.fixture(scope="module")
def browser():
    return answer_of("chord", POINTS)


def gap(f, x, y, theta):
    return theta * f(x) + (1 - theta) * f(y) - f(theta * x + (1 - theta) * y)


def test_both_have_the_same_functions(browser):
    assert list(browser) == list(CURVES)


@pytest.mark.parametrize("name", CURVES)
def test_the_browser_s_values_slopes_and_gaps_are_python_s(browser, name):
    f = CURVES[name]
    for (x, y, theta), (value, slope, chord) in zip(POINTS, browser[name]["rows"], strict=True):
        assert abs(value - f(x)) < 1e-9
        assert abs(chord - gap(f, x, y, theta)) < 1e-9
        assert abs(slope - (f(x + 1e-5) - f(x - 1e-5)) / 2e-5) < 1e-6


@pytest.mark.parametrize("name", CURVES)
def test_a_witness_is_found_exactly_where_the_function_is_not_convex(browser, name):
    f, found = CURVES[name], browser[name]["witness"]
    bends = np.diff(f(np.linspace(-3, 3, 6001)), 2)
    assert browser[name]["convex"] == (found is None) == bool(bends.min() > -1e-12)
    if found:
        x, y, theta = found
        assert -3 <= x < y <= 3 and 0 < theta < 1
        assert gap(f, x, y, theta) < -0.01


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.chord()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "chord" in bundle["text/plain"] and "tangent" in bundle["text/plain"]
    assert page == explore.chord()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"name": "cos"}, "name must be one of"),
        ({"x": 4}, "x must"),
        ({"y": -3.5}, "y must"),
        ({"theta": 1.2}, "theta must"),
        ({"theta": float("nan")}, "theta must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.chord(**asked)
