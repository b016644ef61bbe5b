"""The price of a constraint: what the browser calls a bound is one, and the best one where it says."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore

X = np.linspace(-40, 40, 160_001)
PROBLEMS = {
    "convex: no gap": (lambda x: (x - 3) ** 2 / 2, lambda x: (x**2 - 1) / 2),
    "two valleys: a gap": (
        lambda x: np.minimum((x + 1.5) ** 2 / 2, (x - 1.5) ** 2 / 2 + 1),
        lambda x: -x,
    ),
    "no point inside: no best price": (lambda x: x, lambda x: x**2),
}


@pytest.fixture(scope="module")
def told():
    asked = {"x": X[::400].tolist(), "z": PRICES.tolist()}
    return answer_of("dual_bound", asked)


PRICES = np.array([0.05, 0.2, 1 / 3, 0.5, 1.0, 1.4, 2.0, 5.5])


@pytest.mark.parametrize("name", PROBLEMS)
def test_objective_and_constraint_are_those_of_python(told, name):
    f, u = PROBLEMS[name]
    assert np.allclose(told[name]["f"], f(X[::400]), rtol=0, atol=1e-9)
    assert np.allclose(told[name]["u"], u(X[::400]), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_bound_is_the_least_value_of_the_lagrangian_and_taken_where_it_is_marked(told, name):
    f, u = PROBLEMS[name]
    for z, g, at in zip(PRICES, told[name]["g"], told[name]["at"], strict=True):
        assert abs((f(X) + z * u(X)).min() - g) < 1e-5
        assert at
        for x in at:
            assert abs(f(np.float64(x)) + z * u(np.float64(x)) - g) < 1e-9


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_optimum_is_feasible_and_no_feasible_point_is_better(told, name):
    f, u = PROBLEMS[name]
    x, p = told[name]["x"], told[name]["p"]
    assert u(x) <= 0 and abs(f(x) - p) < 1e-9
    assert f(X[u(X) <= 1e-12]).min() >= p - 1e-9


def test_one_price_closes_the_gap_one_leaves_it_open_and_one_is_never_enough(told):
    closed, open_, never = told.values()
    assert max(closed["g"]) == pytest.approx(2) and closed["g"][6] == pytest.approx(closed["p"])
    assert max(open_["g"]) == pytest.approx(4 / 9) and open_["p"] == 1
    assert np.all(np.diff(never["g"]) > 0) and max(never["g"]) < 0 == never["p"]
    assert (closed["best"], open_["best"], never["best"]) == (2, pytest.approx(1 / 3), None)


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.dual_bound()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "supporting line" in bundle["text/plain"]
    assert page == explore.dual_bound()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("z", [-1, 7, float("nan")])
def test_a_price_outside_the_figure_is_refused_by_name(z):
    with pytest.raises(ValueError, match="z must"):
        explore.dual_bound(z)
