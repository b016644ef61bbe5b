"""What lesson 12's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.support_vector_machines import dual, gap, smo, subgradient, support


def judged(exercise, function):
    function.__name__ = exercise.name
    return examine(function, exercise, 5)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_at_a_kink_every_subgradient_is_right(share):
    def kinked(X, y, w, b, C):
        m = y * (X @ w + b)
        pull = C * y * np.where(m < 1, 1.0, np.where(m == 1, share, 0.0))
        return w - X.T @ pull, -pull.sum()

    assert judged(subgradient.SUBGRADIENT, kinked).correct


def test_at_a_kink_twice_the_pull_is_none():
    def doubled(X, y, w, b, C):
        m = y * (X @ w + b)
        pull = C * y * np.where(m < 1, 1.0, np.where(m == 1, 2.0, 0.0))
        return w - X.T @ pull, -pull.sum()

    assert "off by" in judged(subgradient.SUBGRADIENT, doubled).sentence


def test_a_mean_hinge_is_refused():
    def averaged(X, y, w, b, C):
        pull = C / len(y) * y * (y * (X @ w + b) < 1)
        return w - X.T @ pull, -pull.sum()

    assert not judged(subgradient.SUBGRADIENT, averaged).correct


def test_a_dual_divided_by_c_is_refused():
    assert not judged(dual.DUAL, lambda X, y, a: a.sum() / 2 - np.sum((X.T @ (a * y)) ** 2)).correct


def test_shrinking_all_multipliers_alike_balances_nothing():
    def alike(X, y, C, w, b, a):
        a = np.clip(a, 0, C) * 0.5
        v = X.T @ (a * y)
        return w @ w / 2 + C * np.maximum(0, 1 - y * (X @ w + b)).sum() - a.sum() + v @ v / 2

    assert not judged(gap.GAP, alike).correct


def test_kinds_as_truth_values_or_floats_are_read_as_numbers():
    assert judged(support.SUPPORT, lambda *a: support.support_vectors(*a).astype(float)).correct
    assert not judged(support.SUPPORT, lambda *a: support.support_vectors(*a) > 0).correct


def test_a_pair_moved_nearly_to_its_top_is_refused():
    def nearly(X, y, C, a, i, j):
        return a + 0.99 * (smo.smo_step(X, y, C, a, i, j) - a)

    assert "can still grow" in judged(smo.SMO, nearly).sentence


def test_solving_the_whole_dual_is_not_a_step():
    def everything(X, y, C, a, i, j):
        for _ in range(50):
            for k in range(len(a)):
                if k != i:
                    a = smo.smo_step(X, y, C, a, i, k)
        return a

    assert "Only the multipliers" in judged(smo.SMO, everything).sentence
