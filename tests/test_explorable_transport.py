"""Transport in the browser: the plan of the reference, the cheapest plan of a linear program, a true bound."""

import re

import numpy as np
import pytest
from in_node import answer_of
from scipy.optimize import linprog

from helpers.exercises.matrices_and_modelling.transport import sinkhorn
from helpers.figures import explore
from helpers.figures.explore.transport import FIXED, PLACES, SOURCE, WIDTH, heaps

X = np.linspace(0, 1, PLACES)
C = (X[:, None] - X) ** 2


def in_the_browser(at, share, eps):
    target = (*FIXED, (at, WIDTH, share))
    asked = {"n": PLACES, "source": SOURCE, "target": target, "eps": eps}
    said = {key: np.array(value) for key, value in answer_of("transport", asked).items()}
    assert np.abs(said["a"] - heaps(X, SOURCE)).max() < 1e-12
    assert np.abs(said["b"] - heaps(X, target)).max() < 1e-12
    return said


@pytest.mark.parametrize("eps", [1.0, 0.1, 0.01])
@pytest.mark.parametrize(("at", "share"), [(0.5, 1.0), (0.0, 1.6), (0.9, 0.0)])
def test_the_browser_finds_the_plan_of_the_reference(at, share, eps) -> None:
    said = in_the_browser(at, share, eps)
    assert np.abs(said["P"] - sinkhorn(C, said["a"], said["b"], eps)).max() < 1e-7


@pytest.mark.parametrize(("at", "share"), [(0.5, 1.0), (0.0, 1.6), (1.0, 0.3)])
def test_its_staircase_is_the_cheapest_plan(at, share) -> None:
    said = in_the_browser(at, share, 0.1)
    rows = np.kron(np.eye(PLACES), np.ones(PLACES))
    columns = np.kron(np.ones(PLACES), np.eye(PLACES))
    right = np.concatenate([said["a"], said["b"]])
    program = linprog(C.ravel(), A_eq=np.vstack([rows, columns]), b_eq=right)
    assert said["least"] == pytest.approx(program.fun, abs=1e-9)
    assert np.abs(said["exact"].sum(axis=1) - said["a"]).max() < 1e-12


@pytest.mark.parametrize("eps", [1.0, 0.03, 10**-2.5])
def test_the_bound_is_below_the_cheapest_plan_and_meets_it_as_the_entropy_goes(eps) -> None:
    said = in_the_browser(0.5, 1.0, eps)
    assert said["floor"] <= said["least"] + 1e-12 <= said["paid"] + 1e-6
    if eps < 0.01:
        assert said["floor"] > 0.9 * said["least"]


def test_it_is_one_small_page_that_asks_for_nothing() -> None:
    bundle = explore.transport()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert len(bundle["text/plain"]) > 60 and bundle["text/plain"] in page
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize("wrong", [{"eps": 0.0}, {"eps": 2.0}, {"at": 1.5}, {"share": -1.0}])
def test_what_cannot_be_drawn_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        explore.transport(**wrong)
