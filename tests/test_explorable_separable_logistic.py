"""Logistic regression in the browser: the fits that the solver proves, and slopes that grow for ever."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import certificates, solvers
from helpers.figures import explore
from helpers.figures.explore.separable_logistic import LEFT, RIGHT

X, Y = np.array([*LEFT, *RIGHT]), np.array([-1.0] * 5 + [1.0] * 5)
LAMS = 10.0 ** np.arange(1, -9, -1)


def in_the_browser(x, y, lams=(1.0,), slopes=()):
    asked = {"x": list(x), "y": list(y), "lams": list(lams), "slopes": list(slopes)}
    return answer_of("separable_logistic", asked)


@pytest.mark.parametrize("overlap", [False, True])
def test_the_browser_finds_the_fit_that_is_proved(overlap):
    x, y = (np.append(X, -0.8), np.append(Y, 1.0)) if overlap else (X, Y)
    for lam, (w, b, value) in zip(LAMS, in_the_browser(x, y, LAMS)["fits"], strict=True):
        proof = certificates.logistic(x[:, None], y, lam, np.array([w]), b)
        assert proof.gap < 1e-9 and value == pytest.approx(proof.primal, rel=1e-9)
    one = solvers.logistic(x[:, None], y, 0.1, tol=1e-12)
    (w, b, _), *_ = in_the_browser(x, y, [0.1])["fits"]
    assert w == pytest.approx(one.w[0], abs=1e-5) and b == pytest.approx(one.intercept, abs=1e-5)


def test_without_overlap_the_slope_grows_with_every_smaller_lam():
    slopes = [w for w, *_ in in_the_browser(X, Y, LAMS)["fits"]]
    assert np.all(np.diff(slopes) > 0) and slopes[-1] > 30
    with_overlap = [w for w, *_ in in_the_browser([*X, -0.8], [*Y, 1.0], LAMS)["fits"]]
    assert with_overlap[-1] < 5


def test_the_best_intercept_makes_the_slope_in_b_vanish():
    slopes = [-1.0, 0.5, 5.0]
    for w, b in zip(slopes, in_the_browser(X, Y, slopes=slopes)["intercepts"], strict=True):
        pull = -Y / (1 + np.exp(Y * (w * X + b)))
        assert abs(pull.sum()) < 1e-9


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.separable_logistic()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


def test_a_point_that_would_not_overlap_is_refused():
    with pytest.raises(ValueError, match="extra must lie between"):
        explore.separable_logistic(extra=2.0)
