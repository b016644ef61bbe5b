"""Forgetting: the browser's three ways are Python's, and the dotted curve cannot be beaten."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore


def in_the_browser(lam=1.0, target=(1.0, 0.7)):
    return answer_of("forgetting", explore.forgetting(target).state | {"lam": lam, "steps": 40})


def task(target):
    state = explore.forgetting(target).state
    return (np.array(state[name]) for name in ("Hs", "Ht", "start", "target"))


@pytest.mark.parametrize("lam", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("target", [(1.0, 0.7), (-0.3, 1.5)])
def test_the_ways_are_those_of_python(lam, target):
    Hs, Ht, a, b = task(target)
    told = in_the_browser(lam, target)
    assert np.allclose(
        told["near"], np.linalg.solve(Ht + lam * np.eye(2), Ht @ b + lam * a), atol=1e-9
    )
    pareto = np.linalg.solve(Ht + lam * Hs, Ht @ b + lam * Hs @ a)
    assert np.allclose(told["pareto"], pareto, atol=1e-9)
    w = a
    for k in range(41):
        assert np.allclose(told["path"][k], w, atol=1e-9)
        w = w - 0.15 * Ht @ (w - b)
    assert np.allclose(told["losses"], [(b - a) @ Hs @ (b - a) / 2, (a - b) @ Ht @ (a - b) / 2])
    assert np.allclose(told["solved"], np.linalg.solve(Hs, b))


def test_no_point_near_the_dotted_curve_is_better_in_both_losses():
    Hs, Ht, a, b = task((1.0, 0.7))
    rng = np.random.default_rng(0)
    for lam in (0.05, 0.5, 5.0):
        w = np.array(in_the_browser(lam)["pareto"])

        def losses(v):
            return np.array([(v - a) @ Hs @ (v - a), (v - b) @ Ht @ (v - b)]) / 2

        for size in (1e-3, 0.1, 1.0):
            for d in rng.standard_normal((200, 2)):
                assert not np.all(losses(w + size * d) < losses(w))


def test_both_curvatures_are_those_of_bowls_and_the_step_is_stable():
    Hs, Ht, *_ = task((1.0, 0.7))
    assert np.linalg.eigvalsh(Hs)[0] > 0 and np.linalg.eigvalsh(Ht)[0] > 0
    assert 0.15 * np.linalg.eigvalsh(Ht)[1] < 1


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.forgetting()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "old task" in bundle["text/plain"]
    assert page == explore.forgetting()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"target": (3, 0)}, "target must"),
        ({"target": (np.nan, 0)}, "target must"),
        ({"steps": 81}, "steps must"),
        ({"steps": 1.5}, "steps must"),
        ({"strength": 3}, "strength must"),
    ],
)
def test_what_is_outside_the_figure_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.forgetting(**asked)
