"""Two minima: the browser's loss is the network's, its runs are Python's, and the watershed parts them."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import networks
from helpers.figures import explore

POINTS = [
    (0.0, 0.0),
    (1.87, 1.01),
    (-3.5, 2.0),
    (0.3, -1.7),
    (2.2, 0.0),
    (-1e-20, 1.0),
    (1.2345, 0.5),
]


def in_the_browser(start=(-0.6, 1.6), step=0.5):
    state = {**explore.two_minima(start, step).state, "points": POINTS}
    return state, answer_of("two_minima", state)


def as_network(w, v):
    zero = np.zeros(1)
    return [(np.array([[w]]), zero), (np.array([[v]]), zero)]


def loss_and_slopes(state, w, v):
    X, y = np.array(state["x"])[:, None], np.array(state["y"], dtype=float)
    value, slopes = networks.loss_and_grad(as_network(w, v), X, y, "tanh", networks.mse)
    return np.array([value, slopes[0][0][0, 0], slopes[1][0][0, 0]])


def end_of(state, start, step=0.5, steps=600):
    z = np.array(start)
    for _ in range(steps):
        z = z - step * loss_and_slopes(state, *z)[1:]
    return z


def test_the_loss_and_its_slopes_are_those_of_the_network_in_helpers():
    state, told = in_the_browser()
    for name in ("surface", "quick"):
        for (w, v), surface in zip(POINTS, told[name], strict=True):
            assert np.allclose(surface, loss_and_slopes(state, w, v), rtol=0, atol=1e-9)


@pytest.mark.parametrize(("start", "step"), [((-0.6, 1.6), 0.5), ((3.0, -0.2), 2.0), ((0, 0), 0.1)])
def test_the_browser_walks_as_python_does(start, step):
    state, told = in_the_browser(start, step)
    z = np.array(start, dtype=float)
    for row in np.array(told["path"]).reshape(-1, 3):
        found = loss_and_slopes(state, *z)
        assert np.allclose(row, [*z, found[0]], rtol=0, atol=1e-9)
        z = z - step * found[1:]


def test_the_minimum_that_is_marked_is_one_and_its_mirror_image_too():
    state, _ = in_the_browser()
    for sign in (1, -1):
        w, v = sign * np.array(state["minimum"])
        X, y = np.array(state["x"])[:, None], np.array(state["y"], dtype=float)
        H = networks.hessian(as_network(w, v), X, y, "tanh", networks.mse)[np.ix_([0, 2], [0, 2])]
        assert np.linalg.norm(loss_and_slopes(state, w, v)[1:]) < 1e-6
        assert np.linalg.eigvalsh(H)[0] > 0.01
    assert loss_and_slopes(state, 0, 0)[0] == 0.5 > 2 * loss_and_slopes(state, w, v)[0]


def test_runs_from_the_two_sides_of_the_watershed_end_in_different_minima():
    state, told = in_the_browser()
    for line in told["watershed"]:
        line = np.array(line)
        assert len(line) > 50
        for at in (len(line) // 3, 2 * len(line) // 3):
            along = line[at + 1] - line[at - 1]
            across = 0.1 * np.array([-along[1], along[0]]) / np.linalg.norm(along)
            ends = [end_of(state, line[at] + s * across, step=1.0, steps=300) for s in (1, -1)]
            assert np.allclose(ends[0], -ends[1], atol=0.1) and np.linalg.norm(ends[0]) > 1


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.two_minima()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "two equal valleys" in bundle["text/plain"]
    assert page == explore.two_minima()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"start": (4, 0)}, "start must"),
        ({"start": (0,)}, "start must"),
        ({"step": 3}, "step must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.two_minima(**asked)
