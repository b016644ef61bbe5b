"""Systems with blocks of a Gram matrix: borders on an old factor answer as a new factor does."""

import numpy as np
import pytest

from helpers.solvers import faces
from helpers.solvers.faces import Faces, solve_gram


def gram(rng: np.random.Generator, n: int, q: int) -> np.ndarray:
    X = rng.standard_normal((n, q))
    return X.T @ X


@pytest.mark.parametrize(("out", "into"), [(0, 0), (7, 0), (0, 7), (6, 5), (1, 12)])
def test_rows_that_leave_and_join_need_no_new_factor(out, into, monkeypatch):
    rng = np.random.default_rng(0)
    G, A = gram(rng, 400, 260), np.arange(0, 220)
    kept = Faces()
    kept.solve(G, A, rng.standard_normal(len(A)))
    A = np.sort(np.concatenate([rng.permutation(A)[out:], np.arange(220, 220 + into)]))
    b = rng.standard_normal(len(A))
    fresh = solve_gram(G, A, b)
    monkeypatch.setattr(faces, "_factor", lambda *_: pytest.fail("a new factor"))
    np.testing.assert_allclose(kept.solve(G, A, b), fresh, rtol=1e-9, atol=1e-12)


def test_a_set_that_has_changed_too_much_is_factorised():
    rng = np.random.default_rng(1)
    G, b = gram(rng, 400, 300), rng.standard_normal(150)
    kept = Faces()
    kept.solve(G, np.arange(150), b)
    A = np.arange(100, 250)
    np.testing.assert_array_equal(kept.solve(G, A, b), solve_gram(G, A, b))


def test_a_factor_is_forgotten_with_the_places_of_its_rows():
    rng = np.random.default_rng(2)
    G, A, b = gram(rng, 400, 200), np.arange(200), rng.standard_normal(200)
    kept = Faces()
    kept.solve(G, A, b)
    other = gram(rng, 400, 200)
    kept.forget()
    np.testing.assert_array_equal(kept.solve(other, A, b), solve_gram(other, A, b))


def test_twins_that_join_are_not_answered_from_borders_that_rounding_fills():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((300, 200))
    X[:, 199] = X[:, 0]
    G = X.T @ X
    kept = Faces()
    kept.solve(G, np.arange(180), rng.standard_normal(180))
    A, b = np.append(np.arange(180), 199), X[:, [*range(180), 199]].T @ rng.standard_normal(300)
    d = kept.solve(G, A, b)
    np.testing.assert_allclose(G[np.ix_(A, A)] @ d, b, rtol=1e-6, atol=1e-6)
