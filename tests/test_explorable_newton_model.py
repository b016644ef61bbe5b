"""Newton's quadratic model in the browser: the same points as in Python, and whole, small pages."""

import re
from itertools import islice

import numpy as np
import pytest
from in_node import answer_of

from helpers import methods
from helpers.figures import explore

CURVES = {
    "√(1 + x²)": (
        lambda x: np.hypot(1, x),
        lambda x: x / np.hypot(1, x),
        lambda x: np.hypot(1, x) ** -3,
    ),
    "log(eˣ + e⁻ˣ)": (lambda x: np.logaddexp(x, -x), np.tanh, lambda x: np.cosh(x) ** -2.0),
    "eˣ − x": (lambda x: np.exp(x) - x, np.expm1, np.exp),
    "x⁴": (lambda x: x**4, lambda x: 4 * x**3, lambda x: 12 * x**2),
    "½x²": (lambda x: x**2 / 2, lambda x: x, lambda x: 1.0 + 0 * x),
}


class OneVariable:
    """A curve as a function of an array of shape (1,), for helpers.methods."""

    def __init__(self, name):
        self.curve = CURVES[name]

    def __call__(self, x):
        return float(self.curve[0](x[0]))

    def grad(self, x):
        return np.array([self.curve[1](x[0])])

    def hess(self, x):
        return np.array([[self.curve[2](x[0])]])


def in_the_browser(name="½x²", start=1.0, damped=False, steps=6, points=()):
    asked = {"name": name, "start": start, "damped": damped, "steps": steps, "points": list(points)}
    return answer_of("newton_model", asked)


def test_the_browser_knows_value_slope_and_curvature_of_each_curve():
    points = np.linspace(-3.2, 3.2, 41)
    answer = in_the_browser(points=points.tolist())
    assert answer["names"] == list(CURVES)
    ours = [[[part(x) for part in curve] for curve in CURVES.values()] for x in points]
    assert np.abs(np.array(answer["curves"]) - np.array(ours)).max() < 1e-9


@pytest.mark.parametrize("damped", [False, True])
@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("start", [0.7, -1.9])
def test_the_browser_takes_the_steps_of_the_method(name, start, damped):
    theirs = np.array(in_the_browser(name, start, damped)["path"])
    if not damped and np.abs(theirs).max() > 10:
        theirs = theirs[: int(np.argmax(np.abs(theirs) > 10))]  # thrown out
    run = methods.newton(OneVariable(name), np.array([start]), damped=damped)
    ours = np.ravel(list(islice(run, len(theirs) - 1 if name == "½x²" else len(theirs))))
    assert len(ours) >= 2
    assert np.abs(theirs[: len(ours)] - ours).max() < 1e-9


def test_full_steps_run_away_beyond_one_and_damped_steps_arrive():
    assert abs(in_the_browser("√(1 + x²)", 1.01, False, 40)["path"][-1]) > 1e6
    assert abs(in_the_browser("√(1 + x²)", 0.99, False, 40)["path"][-1]) < 1e-9
    assert abs(in_the_browser("√(1 + x²)", 3.0, True, 40)["path"][-1]) < 1e-9


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.newton_model()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert page == explore.newton_model()._repr_mimebundle_()["text/html"]
    assert "data-lm-suppress-shortcuts" in page


def test_a_start_outside_the_picture_is_refused():
    with pytest.raises(ValueError, match="start must lie between"):
        explore.newton_model(start=5)
