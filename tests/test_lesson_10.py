"""What lesson 10's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np

from helpers.exercises import examine
from helpers.exercises.lasso_and_elastic_net import elastic_net, gap, kkt, largest, threshold


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_nearly_zero_is_not_zero():
    def smoothed(c, a, lam):
        return threshold.soft_threshold(c, a, lam) + 1e-9

    assert "x ≠ 0 needs" in judged(threshold.THRESHOLD, smoothed).sentence


def test_thresholds_at_the_boundary_may_be_zero():
    assert judged(threshold.THRESHOLD, lambda c, a, lam: (c - np.clip(c, -lam, lam)) / a).correct


def test_the_standardised_lambda_max_is_another():
    def scaled(X, y):
        Z = (X - X.mean(axis=0)) / X.std(axis=0)
        return np.abs(Z.T @ (y - y.mean())).max()

    assert not judged(largest.LARGEST, scaled).correct


def test_violations_divided_by_lam_are_refused():
    relative = judged(kkt.KKT, lambda X, y, lam, w: kkt.lasso_kkt(X, y, lam, w) / lam)
    assert "should be" in relative.sentence


def test_a_violation_is_read_off_zero_weights_too():
    def squared(X, y, lam, w):
        return kkt.lasso_kkt(X, y, lam, w) ** 2

    assert not judged(kkt.KKT, squared).correct


def test_a_gap_that_is_clipped_at_zero_is_still_the_gap():
    assert judged(gap.GAP, lambda *a: max(gap.lasso_gap(*a), 0.0)).correct


def test_a_relative_gap_is_refused():
    def relative(X, y, lam, w):
        r = y - X @ w
        return gap.lasso_gap(X, y, lam, w) / (r @ r / 2 + lam * np.abs(w).sum())

    assert not judged(gap.GAP, relative).correct


def test_an_elastic_net_that_stops_early_is_told_which_coordinate_could_gain():
    def few(X, y, l1, l2, sweeps):
        return elastic_net.elastic_net_coordinate_descent(X, y, l1, l2, max(1, sweeps // 8))

    said = judged(elastic_net.ELASTIC_NET, few).sentence
    assert "could still lower" in said or "one sweep" in said


def test_weights_swapped_between_the_penalties_are_refused():
    def swapped(X, y, l1, l2, sweeps):
        return elastic_net.elastic_net_coordinate_descent(X, y, l2, l1, sweeps)

    assert not judged(elastic_net.ELASTIC_NET, swapped).correct


def test_an_answer_in_single_precision_is_accurate_enough():
    def single(X, y, l1, l2, sweeps):
        w = elastic_net.elastic_net_coordinate_descent(X, y, l1, l2, sweeps)
        return w.astype(np.float32)

    assert judged(elastic_net.ELASTIC_NET, single).correct


def test_a_multiple_of_the_residual_may_exceed_one():
    def capped(X, y, lam, w):
        r = y - X @ w
        limit = min(1.0, lam / np.abs(X.T @ r).max())
        u = np.clip((r @ y) / (r @ r), -limit, limit) * r
        return r @ r / 2 + lam * np.abs(w).sum() - (u @ y - u @ u / 2)

    assert not any(judged(gap.GAP, capped, seed).correct for seed in range(8))


def test_the_largest_inner_product_has_either_sign():
    def negative_only(X, y):
        return -np.min(X.T @ (y - y.mean()))

    assert not any(judged(largest.LARGEST, negative_only, seed).correct for seed in range(8))


def test_an_elastic_net_through_the_stacked_lasso_is_right():
    def stacked(X, y, l1, l2, sweeps):
        X, y = np.vstack([X, np.sqrt(l2) * np.eye(X.shape[1])]), np.append(y, np.zeros(X.shape[1]))
        return elastic_net.elastic_net_coordinate_descent(X, y, l1, 0.0, sweeps)

    assert judged(elastic_net.ELASTIC_NET, stacked).correct


def test_shrinking_undone_is_another_problem():
    def rescaled(X, y, l1, l2, sweeps):
        return (1 + l2) * elastic_net.elastic_net_coordinate_descent(X, y, l1, l2, sweeps)

    assert "could still lower" in judged(elastic_net.ELASTIC_NET, rescaled).sentence
