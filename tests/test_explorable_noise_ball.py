"""The ball of noise: the browser walks as Python does, and its theory is what exact recursion gives."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore


def in_the_browser(step, batch, steps=4000, seed=1):
    asked = {**explore.noise_ball(step, batch).state, "steps": steps, "seed": seed}
    return asked, answer_of("noise_ball", asked)


def test_the_browser_walks_as_python_does_on_the_same_draws():
    asked, told = in_the_browser(0.3, 4, steps=200)
    centres, h, x = np.array(asked["centres"]), np.array(asked["h"]), np.array(asked["start"])
    path, draws = np.array(told["path"]).reshape(-1, 2), np.array(told["draws"])
    rows = np.floor(64 * draws[: 4 * 200]).astype(int).reshape(200, 4)
    for k in range(200):
        x = x - 0.3 * h * (x - centres[rows[k]].mean(axis=0))
        assert np.allclose(path[k + 1], x, rtol=0, atol=1e-9)


def test_the_draws_are_uniform_and_depend_on_the_seed():
    draws = np.array(in_the_browser(0.3, 1, seed=1)[1]["draws"])
    others = np.array(in_the_browser(0.3, 1, seed=2)[1]["draws"])
    counts = np.bincount(np.floor(16 * draws).astype(int), minlength=16)
    assert draws.min() >= 0 and draws.max() < 1
    assert np.sum((counts - 125) ** 2 / 125) < 45  # χ² with 15 degrees of freedom
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 0.1
    assert not np.allclose(draws, others)


@pytest.mark.parametrize(("step", "batch"), [(0.02, 1), (0.3, 1), (0.3, 16), (0.9, 2)])
def test_the_theory_solves_the_exact_recursion_of_the_second_moment(step, batch):
    asked, told = in_the_browser(step, batch)
    centres, h = np.array(asked["centres"]), np.array(asked["h"])
    noise = (step * h) ** 2 * centres.var(axis=0) / batch
    second, after = (np.array(asked["start"]) - centres.mean(axis=0)) ** 2, {}
    for k in range(4001):
        after[k] = second.sum()
        second = (1 - step * h) ** 2 * second + noise
    assert np.allclose(told["expected"], [after[k] for k in (0, 1, 5, 40)], rtol=0, atol=1e-9)
    assert np.allclose(told["stationary"], second, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("step", "batch"), [(0.2, 1), (0.5, 1), (0.3, 8)])
def test_the_measured_radius_is_the_theory_s(step, batch):
    told = in_the_browser(step, batch, steps=40_000)[1]
    assert np.isclose(told["radius"], np.sqrt(np.sum(told["stationary"])), rtol=0.06)


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.noise_ball()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "stochastic gradients" in bundle["text/plain"]
    assert page == explore.noise_ball()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"step": 0.95}, "step must"),
        ({"batch": 3}, "batch must"),
        ({"start": (9, 0)}, "start must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.noise_ball(**asked)
