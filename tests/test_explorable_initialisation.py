"""The start of a deep network: the browser's layers are Python's, and the theorem's factors hold in it."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import networks
from helpers.figures import explore
from helpers.figures.explore.initialisation import DEEPEST, ROWS, WIDTH


def in_the_browser(depth=20, gain=2.0, activation="ReLU", seed=1, numbers=False):
    asked = {"seed": seed, "depth": depth, "gain": gain, "activation": activation}
    return answer_of("initialisation", {**asked, "numbers": numbers})


@pytest.mark.parametrize(("activation", "gain"), [("ReLU", 2.0), ("ReLU", 0.7), ("tanh", 1.3)])
def test_the_browser_goes_through_the_layers_as_python_does(activation, gain):
    told = in_the_browser(depth=7, gain=gain, activation=activation, numbers=True)
    X, D = (np.array(told[name]).reshape(ROWS, WIDTH) for name in "XD")
    size = np.sqrt(gain / WIDTH)
    params = [(size * np.array(w).reshape(WIDTH, WIDTH), np.zeros(WIDTH)) for w in told["W"]]
    phi = networks.ACTIVATIONS[activation.lower()]
    trace = networks.forward(params, X, activation.lower())
    activations = [*trace.A[1:], phi.value(trace.scores)]
    assert np.allclose(told["ahead"], [np.sqrt(np.mean(A**2)) for A in activations], rtol=1e-9)
    back, sizes = D, []
    for (W, _), Z in zip(params[::-1], trace.Z[::-1], strict=True):
        back = back * phi.slope(Z)
        sizes.append(np.sqrt(np.mean(back**2)))
        back = back @ W.T
    assert np.allclose(told["back"], sizes[::-1], rtol=1e-9)
    last = activations[-1]
    stuck = np.mean(last == 0) if activation == "ReLU" else np.mean(np.abs(last) > 0.99)
    assert told["stuck"] == pytest.approx(stuck)
    assert told["layers"] == DEEPEST


@pytest.mark.parametrize("gain", [0.25, 1.0, 6.0])
def test_relu_at_another_gain_needs_no_second_pass(gain):
    told = in_the_browser(depth=40, gain=gain)
    for way, sizes in (("ahead", "ahead"), ("back", "back"), ("A", "ahead")):
        assert np.allclose(told["again"][way], told[sizes], rtol=1e-9, atol=0)
    assert told["ahead"][0] > 0 and told["back"][-1] > 0


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0, 4.0])
def test_relu_multiplies_mean_squares_by_half_of_width_times_variance_both_ways(gain):
    runs = [in_the_browser(depth=30, gain=gain, seed=seed) for seed in range(1, 9)]
    for way, sign in (("ahead", 1), ("back", -1)):
        levels = np.mean([2 * np.log(run[way]) for run in runs], axis=0)
        rate = sign * np.polyfit(np.arange(30), levels, 1)[0]
        assert abs(rate - np.log(gain / 2)) < 0.12
    assert runs[0]["factor"] == gain / 2


def test_tanh_fades_below_one_and_saturates_above():
    small, large = (in_the_browser(gain=gain, activation="tanh") for gain in (0.5, 6.0))
    assert small["ahead"][-1] < 2e-3 and small["stuck"] == 0
    assert large["ahead"][-1] > 0.7 and large["stuck"] > 0.15
    assert large["back"][0] > 20 * large["back"][-1]


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.initialisation()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "deep network before training" in bundle["text/plain"]
    assert page == explore.initialisation()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"gain": 0.1}, "gain must"),
        ({"gain": np.nan}, "gain must"),
        ({"depth": 1}, "depth must"),
        ({"depth": 3.5}, "depth must"),
        ({"activation": "relu"}, "activation must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.initialisation(**asked)
