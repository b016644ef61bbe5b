"""The fan of quantile lines: what the browser draws is optimal, to the last digits, wherever the point is."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import certificates, data, solvers
from helpers.figures import explore

TAUS = [0.05, 0.2, 0.5, 0.75, 0.95]


def in_the_browser(x, y, taus=TAUS, delta=0.1):
    asked = {"x": list(map(float, x)), "y": list(map(float, y)), "taus": taus, "delta": delta}
    return answer_of("quantile_fan", asked)


def households(at=None, copies=1):
    engel = data.engel(standardise=False)
    x, y = np.round(engel.X[:, 0] / 1000, 4), np.round(engel.y / 1000, 4)
    if at is not None:
        x, y = (np.append(v[1:], [to] * copies) for v, to in zip((x, y), at, strict=True))
    return x, y


@pytest.mark.parametrize("at", [None, (0.1, 2.9), (9.9, 0.0), (9.9, 3.0), (1.0, 0.6)])
def test_each_line_has_the_least_loss_that_the_solver_proves(at):
    x, y = households(at)
    told = in_the_browser(x, y)
    for tau, answer in zip(TAUS, told["lines"], strict=True):
        b, w = answer["line"]
        best = solvers.quantile(x[:, None], y, 0.0, tau, tol=1e-11).certificate
        assert best.dual - 1e-9 <= answer["loss"] <= best.primal + 1e-9
        r = y - b - w * x
        assert abs(answer["loss"] - np.maximum(tau * r, (tau - 1) * r).sum()) < 1e-9
        assert answer["below"] == np.sum(r < -1e-9) <= tau * len(x)


@pytest.mark.parametrize("copies", [1, 20])
@pytest.mark.parametrize("at", [(0.1, 2.9), (9.9, 0.0), (9.9, 3.0), (1.0, 0.6)])
def test_a_corner_is_kept_without_solving_where_it_is_the_right_one_and_only_there(at, copies):
    told = in_the_browser(*households(at, copies))
    for t, row in enumerate(told["kept"]):
        for c, kept in enumerate(row):
            if told["lines"][c]["line"] != told["lines"][t]["line"]:
                assert kept is None
            elif c == t:
                assert np.abs(np.subtract(kept, told["lines"][t]["line"])).max() < 1e-9


def test_copies_at_the_side_take_lad_along_and_copies_above_the_middle_do_not():
    def slopes(at, copies):
        x, y = households(at, copies)
        told = in_the_browser(x, y, [0.5], 0.1)
        best = solvers.lad(x[:, None], y, 0.0, tol=1e-10)
        assert abs(2 * told["lines"][0]["loss"] - best.certificate.primal) < 1e-8
        return told["lines"][0]["line"][1], told["squares"][1]

    assert abs(slopes((1.0, 2.5), 60)[0] - 0.56) < 0.1
    assert abs(slopes((5.4, 0.1), 1)[0] - 0.56) < 0.05 < 0.2 < 0.56 - slopes((5.4, 0.1), 1)[1]
    assert slopes((5.4, 0.1), 25)[0] < 0.1


def test_the_multipliers_prove_the_line_optimal():
    x, y = households()
    for tau, answer in zip(TAUS, in_the_browser(x, y)["lines"], strict=True):
        b, w = answer["line"]
        a = np.where(y - b - w * x > 0, tau, tau - 1)
        assert len(answer["on"]) == 2
        a[answer["on"]] = answer["a"]
        assert abs(a.sum()) < 1e-9 and abs(a @ x) < 1e-9
        assert np.all((tau - 1 - 1e-9 <= a) & (a <= tau + 1e-9))
        assert abs(a @ y - answer["loss"]) < 1e-9


@pytest.mark.parametrize("at", [None, (0.1, 2.9), (9.9, 0.0)])
@pytest.mark.parametrize("delta", [0.01, 0.1, 10.0])
def test_huber_and_least_squares_are_those_of_python(at, delta):
    x, y = households(at)
    told = in_the_browser(x, y, [0.5], delta)
    assert np.allclose(told["squares"][::-1], np.polyfit(x, y, 1), atol=1e-9)
    b, w = told["huber"]
    a = np.clip(y - b - w * x, -delta, delta)
    assert abs(a.sum()) < 1e-9 and abs(a @ x) < 1e-9
    assert certificates.huber(x[:, None], y, 0.0, delta, np.array([w]), b).proves(1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_ties_do_not_stop_the_walk_at_a_corner_that_is_not_best(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5, 30), rng.integers(0, 5, 30)  # a grid: many points on one line
    for tau, answer in zip(TAUS, in_the_browser(x, y)["lines"], strict=True):
        best = solvers.quantile(x[:, None].astype(float), y.astype(float), 0.0, tau, tol=1e-10)
        assert abs(answer["loss"] - best.certificate.primal) < 1e-8


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.quantile_fan()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "quantile lines" in bundle["text/plain"]
    assert page == explore.quantile_fan()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"tau": 1.0}, "tau must"),
        ({"x": [1, 2], "y": [1, 2]}, "at least 3"),
        ({"x": [1, 2, 3]}, "same length"),
        ({"x": [1, 1, 1], "y": [1, 2, 3]}, "constant"),
        ({"x": [1, 2, np.nan], "y": [1, 2, 3]}, "finite"),
        ({"drag": 235}, "drag must"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        explore.quantile_fan(**asked)
