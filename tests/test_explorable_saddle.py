"""The saddle: the browser walks as Python does, and leaves when the theory says."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore


def in_the_browser(start, step, sigma, steps=400, seeds=(1,)):
    asked = {"start": start, "step": step, "sigma": sigma, "steps": steps, "seeds": list(seeds)}
    return answer_of("saddle", asked)


@pytest.mark.parametrize("sigma", [0.0, 1e-6, 0.05])
def test_the_browser_walks_as_python_does_on_the_same_noise(sigma):
    told = in_the_browser([1.2, 0.1], 0.13, sigma)
    path, noise = np.array(told["path"]).reshape(-1, 2), np.array(told["noise"])
    z, left = np.array([1.2, 0.1]), None
    for k in range(400):
        assert np.allclose(path[k], z, rtol=0, atol=1e-9)
        left = k if left is None and abs(z[1]) > 0.5 else left
        z = z - 0.13 * np.array([z[0], z[1] ** 3 - z[1]]) + sigma * noise[k]
    assert told["left"] == [left]
    assert np.allclose(told["surface"], [0.72 - 0.005 + 0.1**4 / 4, 1.2, 0.001 - 0.1], atol=1e-12)


def test_the_noise_is_normal_and_its_two_parts_are_independent():
    noise = np.array(in_the_browser([0.0, 0.0], 0.1, 1e-3)["noise"])
    assert np.all(np.abs(noise.mean(axis=0)) < 0.09) and np.all(
        np.abs(noise.std(axis=0) - 1) < 0.07
    )
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.09
    assert abs(np.mean(np.abs(noise) < 1) - 0.6827) < 0.04


@pytest.mark.parametrize(("step", "sigma"), [(0.1, 1e-3), (0.1, 1e-10), (0.3, 1e-6), (0.02, 1e-2)])
def test_a_run_leaves_when_the_theory_says(step, sigma):
    told = in_the_browser([0.5, 0.0], step, sigma, steps=3000, seeds=range(1, 60))
    assert min(told["left"]) > 0
    assert abs(np.median(told["left"]) - told["stay"]) < 0.12 * told["stay"] + 1.2 / np.log1p(step)


def test_the_stay_grows_by_the_same_number_for_each_factor_of_ten():
    stays = [in_the_browser([0, 0], 0.1, 10.0**-k)["stay"] for k in range(2, 13)]
    assert np.allclose(np.diff(stays), np.log(10) / np.log(1.1), atol=1e-9)


def test_on_the_axis_without_noise_it_stays_for_ever():
    told = in_the_browser([1.7, 0.0], 0.1, 0.0, steps=5000)
    assert told["left"] == [-1] and told["stay"] == "for ever"


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.saddle()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "saddle between two minima" in bundle["text/plain"]
    assert page == explore.saddle()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"start": (3, 0)}, "start must"),
        ({"start": (np.nan, 0)}, "start must"),
        ({"step": 0.6}, "step must"),
        ({"noise": 0.0}, "noise must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.saddle(**asked)
