"""The lasso's path in the browser: the coefficients that the solver proves, and a small page."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import data, solvers
from helpers.figures import explore


def in_the_browser(X, y, lams):
    asked = {"G": (X.T @ X).tolist(), "c": (X.T @ y).tolist(), "lams": list(map(float, lams))}
    answer = answer_of("lasso_path", asked)
    return np.array(answer["lasso"]), np.array(answer["ridge"]), np.array(answer["apart"])


@pytest.mark.parametrize("columns", [slice(0, 10), [2, 8], [4, 5]])
def test_the_browser_finds_the_lasso_that_is_proved(columns):
    diabetes = data.diabetes()
    X, y = diabetes.X[:, columns], diabetes.y - diabetes.y.mean()
    top = np.abs(X.T @ y).max()
    lams = top * np.logspace(0, -3, 13)
    theirs, ridged, heights = in_the_browser(X, y, lams)
    assert np.diff(np.sort(heights)).min() >= 13 and heights.max() <= 100
    for lam, w, v in zip(lams, theirs, ridged, strict=True):
        proved = solvers.lasso(X, y, lam, tol=1e-12, intercept=False)
        assert proved.certificate.relative_gap <= 1e-12
        on = proved.w != 0
        exact = np.zeros(X.shape[1])  # the equations that the proved signs give
        exact[on] = np.linalg.solve(
            X[:, on].T @ X[:, on], X[:, on].T @ y - lam * np.sign(proved.w[on])
        )
        assert np.all((w == 0) == ~on) and np.abs(w - exact).max() < 1e-9
        assert np.abs(w - proved.w).max() < 1e-4  # what a gap of 1e-12 leaves open
        slope = X.T @ (X @ w - y)
        assert np.abs(slope + lam * np.sign(w))[w != 0].max(initial=0) < 1e-9 * top
        assert np.abs(slope).max() < lam * (1 + 1e-9)
        ridged_exactly = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
        assert np.abs(v - ridged_exactly).max() < 1e-9


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.lasso_path()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("pair", [("bmi", "bmi"), ("bmi", "height"), ("bmi",)])
def test_names_that_are_not_there_are_refused(pair):
    with pytest.raises(ValueError, match="pair must be two of"):
        explore.lasso_path(pair)
