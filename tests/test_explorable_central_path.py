"""The central path of the browser is Python's, its gap is m/t, and it ends in the best corner."""

import re
from itertools import islice

import numpy as np
import pytest
from in_node import answer_of

from helpers import methods
from helpers.figures import explore

TS = [0.01, 0.3, 1.0, 10.0, 100.0, 1000.0]


def in_the_browser(state, c, ts=TS):
    asked = {**{k: state[k] for k in ("G", "h", "inside")}, "c": c, "ts": ts}
    return answer_of("central_path", asked)


@pytest.mark.parametrize("c", [[1.0, 0.4], [-0.3, 0.8], [0.05, -1.5]])
def test_each_centre_is_pythons_and_its_multipliers_prove_a_gap_of_m_over_t(c):
    state = explore.central_path(c).state
    G, h = np.array(state["G"]), np.array(state["h"])
    for t, told in zip(TS, in_the_browser(state, c)["asked"], strict=True):
        x, z = np.array(told["x"]), np.array(told["z"])
        barrier = methods.barrier(np.array(c), G, h, np.array(state["inside"]), t)
        assert np.allclose(
            x, next(islice(barrier, 1)).x, atol=2e-3
        )  # that one stops at a decrement of 1e-3
        slope = t * np.array(c) + G.T @ (1 / (h - G @ x))
        assert np.abs(slope).max() < 1e-6 * t * (1 + np.abs(z).max())
        assert np.allclose(G.T @ z, -np.array(c), atol=1e-8) and z.min() > 0
        assert np.isclose(told["cost"] - told["bound"], len(h) / t, rtol=1e-7)
        assert np.isclose(told["cost"], np.dot(c, x))


def test_the_path_leads_from_the_analytic_centre_to_the_best_corner():
    state = explore.central_path((0.7, -0.9)).state
    way = in_the_browser(state, [0.7, -0.9])["way"]
    costs = [0.7 * p["x"][0] - 0.9 * p["x"][1] for p in way]
    assert np.all(np.diff(costs) < 1e-12)
    corners = np.array(state["corners"])
    assert min(costs) - (corners @ [0.7, -0.9]).min() < 7 / 1000
    G, h = np.array(state["G"]), np.array(state["h"])
    assert np.abs(G.T @ (1 / (h - G @ way[0]["x"]))).max() < 1e-8


def test_each_row_is_the_edge_after_the_corner_of_its_number():
    state = explore.central_path().state
    G, h, corners = (np.array(state[name]) for name in ("G", "h", "corners"))
    for i, corner in enumerate(corners):
        for end in (corner, corners[(i + 1) % len(corners)]):
            assert np.isclose(G[i] @ end, h[i])


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.central_path()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "central path" in bundle["text/plain"] and "data-lm-suppress-shortcuts" in page


SQUARE = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"c": (0, 0)}, "c must"),
        ({"c": (1, 2, 3)}, "c must"),
        ({"t": 0}, "t must"),
        ({"G": SQUARE}, "h have m entries"),
        ({"G": SQUARE, "h": -np.ones(4)}, "bounded and have an inside"),
        ({"G": SQUARE[:3], "h": np.ones(3)}, "bounded"),
        ({"G": np.vstack([SQUARE, [1, 1]]), "h": np.array([1, 1, 1, 1, 9.0])}, "every row"),
    ],
)
def test_what_is_no_polygon_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.central_path(**asked)
