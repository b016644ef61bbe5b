"""Bias and variance in the browser: the same fits as in Python, and a closed form that sampling confirms."""

import re

import numpy as np
import pytest
from in_node import answer_of
from numpy.polynomial import legendre

from helpers import solvers
from helpers.figures import explore
from helpers.figures.explore.bias_variance import fits, truth

X = np.linspace(-0.95, 0.95, 16)
AT = np.linspace(-1, 1, 41)


def in_the_browser(y, degree, lam, sigma=0.5):
    asked = {"x": X.tolist(), "at": AT.tolist(), "y": y.tolist(), "degree": degree, "lam": lam}
    asked |= {"truth": truth(X).tolist(), "truthAt": truth(AT).tolist(), "sigma": sigma}
    return answer_of("bias_variance", asked)


@pytest.mark.parametrize("lam", [1e-5, 0.1, 100.0])
@pytest.mark.parametrize("degree", [1, 7, 12])
def test_the_browser_fits_what_the_solver_proves(degree, lam):
    y = truth(X) + 0.5 * np.random.default_rng(3).standard_normal(len(X))
    theirs = np.array(in_the_browser(y, degree, lam)["fit"])
    features = legendre.legvander(X, degree)[:, 1:]
    proved = solvers.ridge(features, y, lam, tol=1e-12)
    ours = legendre.legvander(AT, degree)[:, 1:] @ proved.w + proved.intercept
    assert np.abs(theirs - ours).max() < 1e-6  # a proved relative gap of 1e-12
    assert np.abs(theirs - fits(X, y[None], AT, degree, lam)[0]).max() < 1e-9


def test_the_closed_form_of_bias_and_variance_is_what_sampling_finds():
    rng, sigma = np.random.default_rng(4), 0.5
    said = in_the_browser(truth(X), 8, 0.1, sigma)
    Y = truth(X) + sigma * rng.standard_normal((20_000, len(X)))
    values = fits(X, Y, AT, 8, 0.1)
    bias = np.mean((values.mean(axis=0) - truth(AT)) ** 2)
    variance = np.mean(values.var(axis=0))
    assert said["bias"] == pytest.approx(bias, rel=0.1)
    assert said["variance"] == pytest.approx(variance, rel=0.02)


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.bias_variance()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("wrong", [{"sigma": 2.0}, {"degree": 0}, {"degree": 2.5}])
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        explore.bias_variance(**wrong)
