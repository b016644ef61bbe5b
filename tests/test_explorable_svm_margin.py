"""The machine in the browser: the street that the solver proves, also from the last frame's multipliers."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers import certificates, solvers
from helpers.figures import explore

PRICES = [0.01, 0.1, 1.0, 10.0, 100.0]


def in_the_browser(points, labels, prices):
    asked = {"points": points, "labels": labels, "prices": prices}
    return answer_of("svm_margin", asked)


@pytest.mark.parametrize("seed", [4, 11, 2])
def test_the_browser_finds_the_street_that_is_proved(seed):
    state = explore.svm_margin(seed).state
    X, y = np.array(state["points"]), np.array(state["labels"], dtype=float)
    for C, found in zip(PRICES, in_the_browser(X.tolist(), state["labels"], PRICES), strict=True):
        w, a = np.array(found["w"]), np.array(found["a"])
        assert a.min() >= 0 and a.max() <= C and abs(a @ y) < 1e-9 * C * len(y)
        proof = certificates.svm(X, y, C, w, found["b"], a)
        assert proof.relative_gap < 1e-8
        assert np.abs(w - solvers.svm(X, y, C, tol=1e-12).w).max() < 1e-4
        for key in ("primal", "dual"):
            assert found["dragged"][key] == pytest.approx(found["afresh"][key], rel=1e-7)


def test_it_is_one_small_page_that_asks_for_nothing():
    bundle = explore.svm_margin()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_a_seed_that_is_no_count_is_refused(seed):
    with pytest.raises(ValueError, match="seed must be"):
        explore.svm_margin(seed)
