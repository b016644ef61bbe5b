"""The prox as a pull: the browser's proximal operators and envelopes are Python's."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore
from helpers.objectives import L1, Box, Huber, SquaredL2

POINTS = [(v, t) for v in np.linspace(-3, 3, 61).tolist() for t in (0.05, 0.5, 1.0, 2.95)]


@pytest.fixture(scope="module")
def browser():
    return {name: np.array(values) for name, values in answer_of("prox", POINTS).items()}


@pytest.mark.parametrize(
    ("name", "g"), [("|x|", L1(1.0)), ("x²/2", SquaredL2(1.0)), ("box [−1, ½]", Box(-1.0, 0.5))]
)
def test_the_browser_s_prox_and_envelope_are_those_of_the_objectives(browser, name, g):
    for (v, t), (x, rest) in zip(POINTS, browser[name], strict=True):
        ours = g.prox(np.array([v]), t)
        assert abs(x - ours[0]) < 1e-9
        assert abs(rest - (g(ours) + (ours[0] - v) ** 2 / (2 * t))) < 1e-9


def test_the_envelope_of_the_absolute_value_is_huber_s_loss(browser):
    for (v, t), (_, rest) in zip(POINTS, browser["|x|"], strict=True):
        huber = Huber(np.ones((1, 1)), np.zeros(1), delta=t)
        assert abs(rest - huber(np.array([v])) / t) < 1e-9


VALUES = {
    "Huber, δ = ½": lambda x: np.where(abs(x) <= 0.5, x**2 / 2, abs(x) / 2 - 0.125),
    "max(0, x)": lambda x: np.maximum(0, x),
    "1 if x ≠ 0": lambda x: np.where(x == 0, 0.0, 1.0),
}


@pytest.mark.parametrize("name", VALUES)
def test_no_point_of_a_fine_grid_is_lower_than_the_browser_s_prox(browser, name):
    for (v, t), (x, rest) in zip(POINTS, browser[name], strict=True):
        grid = np.append(np.linspace(-4, 4, 8001), [0.0, v, x])
        values = VALUES[name](grid) + (grid - v) ** 2 / (2 * t)
        assert abs(values[-1] - rest) < 1e-9
        assert values.min() >= rest - 1e-9


def test_every_function_of_the_figure_is_tested(browser):
    assert set(browser) == {"|x|", "x²/2", "box [−1, ½]", *VALUES}


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.prox()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "spring" in bundle["text/plain"]
    assert page == explore.prox()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(("asked", "told"), [({"v": 4}, "v must"), ({"step": 0}, "step must")])
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.prox(**asked)
