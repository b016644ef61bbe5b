"""Kernel ridge in the browser: the same fit as the solver proves, its degrees of freedom and its errors."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import solvers
from helpers.figures import explore
from helpers.figures.explore.kernel_width import points

X, Y, HELD, HELD_Y = points()
AT = np.linspace(-1, 1, 41)


def gauss(a, b, sigma):
    return np.exp(-(((a[:, None] - b) / sigma) ** 2) / 2)


def in_the_browser(x, y, sigma, lam):
    asked = {"x": x.tolist(), "y": y.tolist(), "held": HELD.tolist(), "heldY": HELD_Y.tolist()}
    asked |= {"sigma": sigma, "lam": lam, "at": AT.tolist()}
    return answer_of("kernel_width", asked)


@pytest.mark.parametrize("lam", [1e-2, 0.1, 100.0])
@pytest.mark.parametrize("sigma", [0.01, 0.25, 4.0])
def test_the_browser_fits_what_the_solver_proves(sigma, lam):
    said = in_the_browser(X, Y, sigma, lam)
    K = gauss(X, X, sigma)
    proved = solvers.kernel_ridge(K, Y, lam, tol=1e-12)
    assert np.abs(np.array(said["alpha"]) - proved.w).max() < 1e-9
    assert np.abs(np.array(said["values"]) - gauss(AT, X, sigma) @ proved.w).max() < 1e-9
    H = K @ np.linalg.inv(K + lam * np.eye(len(X)))
    assert abs(said["freedom"] - np.trace(H)) < 1e-9
    assert abs(said["train"] - np.mean((H @ Y - Y) ** 2)) < 1e-9
    assert abs(said["test"] - np.mean((gauss(HELD, X, sigma) @ proved.w - HELD_Y) ** 2)) < 1e-9


def test_the_end_of_the_sliders_is_accurate_enough_to_draw():
    said = in_the_browser(X, Y, 4.0, 1e-6)
    proved = solvers.kernel_ridge(gauss(X, X, 4.0), Y, 1e-6)
    assert np.abs(np.array(said["values"]) - gauss(AT, X, 4.0) @ proved.w).max() < 1e-6


def test_two_points_at_one_place_are_averaged():
    said = in_the_browser(np.array([0.2, 0.2]), np.array([1.0, 0.0]), 0.5, 1e-6)
    nearest = said["values"][int(np.argmin(np.abs(AT - 0.2)))]
    assert nearest == pytest.approx(0.5, abs=1e-5)


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.kernel_width()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("wrong", [{"sigma": 5.0}, {"sigma": 0.0}, {"lam": 1000.0}])
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        explore.kernel_width(**wrong)
