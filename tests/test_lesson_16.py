"""What lesson 16's judge must not be fooled by; and that the course's networks are what the learner builds."""

from itertools import islice, pairwise

import numpy as np
import pytest

from helpers import networks
from helpers.exercises import examine
from helpers.exercises.from_logistic_to_networks import (
    backward,
    entropy,
    forward,
    initial,
    loop,
    step,
    violation,
)


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def a_network(seed, sizes=(4, 6, 5, 3), n=9):
    rng = np.random.default_rng(seed)
    params = [(W, rng.standard_normal(len(b))) for W, b in networks.initialise(sizes, rng)]
    return params, rng.standard_normal((n, sizes[0])), rng.integers(0, sizes[-1], n)


@pytest.mark.parametrize("seed", range(4))
def test_the_five_steps_of_the_course_are_those_that_the_learner_builds(seed):
    params, X, y = a_network(seed)
    trace = networks.forward(params, X)
    Z, A = forward.forward(params, X)
    assert all(
        np.allclose(ours, theirs) for ours, theirs in zip(Z + A, trace.Z + trace.A, strict=True)
    )
    value, D = entropy.cross_entropy(Z[-1], y)
    theirs, slope = networks.cross_entropy(trace.scores, y)
    assert np.isclose(value, theirs) and np.allclose(D, slope)
    found = backward.backward(params, Z, A, D)
    right = networks.backward(params, trace, slope)
    assert np.allclose(networks.flatten(found), networks.flatten(right))


def test_one_step_of_the_learner_is_one_step_of_the_course():
    params, X, y = a_network(7, sizes=(4, 6, 3))
    after, loss = step.train_step(params, X, y, 0.3, 0.2)
    value, slopes = networks.loss_and_grad(params, X, y, lam=0.2)
    assert np.isclose(loss, value)
    there = networks.sgd_step(params, slopes, 0.3)
    assert np.allclose(networks.flatten(after), networks.flatten(there))


@pytest.mark.parametrize("scheme", ["xavier", "he"])
def test_both_start_from_the_same_variances(scheme):
    sizes = [200, 80, 120]
    ours, theirs = (
        initial.xavier_he_init(sizes, scheme, 3),
        networks.initialise(sizes, np.random.default_rng(3), scheme),
    )
    for (W, b), (V, c) in zip(ours, theirs, strict=True):
        assert np.isclose(W.std(), V.std(), rtol=0.03) and not b.any() and not c.any()


def test_a_leaky_unit_is_not_the_one_asked_for():
    def leaky(params, X):
        Z, A = [], [X]
        for W, b in params:
            if Z:
                A.append(np.where(Z[-1] > 0, Z[-1], 0.01 * Z[-1]))
            Z.append(A[-1] @ W + b)
        return Z, A

    assert judged(forward.EXERCISE, leaky).status == "not yet"


def test_in_float32_the_forward_pass_is_right():
    def single(params, X):
        Z, A = [], [np.asarray(X, dtype=np.float32)]
        for W, b in params:
            if Z:
                A.append(np.maximum(Z[-1], 0))
            Z.append(A[-1] @ W.astype(np.float32) + b.astype(np.float32))
        return Z, A

    assert judged(forward.EXERCISE, single).status == "correct"


def test_a_loss_clipped_away_from_zero_is_refused_where_the_class_is_hopeless():
    def clipped(scores, y):
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        P, Y = e / e.sum(axis=1, keepdims=True), np.eye(scores.shape[1])[y]
        return -np.mean(np.log(np.maximum((P * Y).sum(axis=1), 1e-12))), (P - Y) / len(y)

    assert "inside the log" in judged(entropy.EXERCISE, clipped).sentence


def test_a_gradient_by_central_differences_of_the_loss_is_right_too():
    def nudged(scores, y):
        n, K = scores.shape

        def row(z, k):
            top = z.max()
            return top - z[k] + np.log(np.exp(z - top).sum())

        D = np.zeros((n, K))
        for i in range(n):
            for k in range(K):
                e = 1e-4 * np.eye(K)[k]
                D[i, k] = (row(scores[i] + e, y[i]) - row(scores[i] - e, y[i])) / (2e-4 * n)
        return np.mean([row(scores[i], y[i]) for i in range(n)]), D

    assert judged(entropy.EXERCISE, nudged).status == "correct"


def test_the_weights_after_the_update_must_not_be_used_on_the_way_back():
    def late(params, X, y, step, lam):
        (after, loss), (W1, b1), (W2, b2) = reference(params, X, y, step, lam), *params
        Z1 = X @ W1 + b1
        Z2 = np.maximum(Z1, 0) @ W2 + b2
        D2 = (networks.softmax(Z2) - np.eye(len(b2))[y]) / len(X)
        D1 = (D2 @ after[1][0].T) * (Z1 > 0)
        first = (W1 - step * (X.T @ D1 + lam * W1), b1 - step * D1.sum(axis=0))
        return [first, after[1]], loss

    reference = step.train_step
    assert judged(step.EXERCISE, late).status == "not yet"


def test_a_row_in_which_two_scores_tie_at_zero_has_slope_zero_there():
    def half(params, Z, A, D):
        gradients = []
        for layer in reversed(range(len(params))):
            gradients.append((A[layer].T @ D, D.sum(axis=0)))
            if layer:
                D = (D @ params[layer][0].T) * np.heaviside(Z[layer - 1], 0.5)
        return gradients[::-1]

    assert judged(backward.EXERCISE, half).status == "correct"  # no instance stands at the kink


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0)])
def test_a_uniform_start_is_right_only_with_the_variance_asked_for(low, high):
    def uniform(sizes, scheme, seed):
        rng, found = np.random.default_rng(seed), []
        for m, k in pairwise(sizes):
            variance = 2 / (m + k) if scheme == "xavier" else 2 / m
            W = np.sqrt(3 * variance) * rng.uniform(low, high, (m, k))
            found.append((W, np.zeros(k)))
        return found

    status = judged(initial.EXERCISE, uniform).status
    assert status == ("correct" if low == -1 else "not yet")


def test_a_search_at_random_for_two_bad_ends_is_not_a_proof():
    def far_apart(params, loss):
        rng = np.random.default_rng(0)
        ends = [[(W + 20 * rng.standard_normal(W.shape), b) for W, b in params] for _ in range(2)]
        return ends[0], ends[1], 0.5

    assert judged(violation.EXERCISE, far_apart).status == "not yet"


def test_the_mean_of_all_renumberings_violates_convexity_against_one_that_is_good():
    def mean_is_worse(params, loss):
        (W, b), (V, c) = params
        for i in range(len(b)):
            for j in range(len(b)):
                order = np.arange(len(b))
                order[[i, j]] = order[[j, i]]
                other = [(W[:, order], b[order]), (V[order], c)]
                for t in (0.3, 0.5, 0.6):
                    between = [
                        (t * P + (1 - t) * Q, t * p + (1 - t) * q)
                        for (P, p), (Q, q) in zip(params, other, strict=True)
                    ]
                    if loss(between) > loss(params) + 0.01:
                        return params, other, t
        return params, params, 0.5

    assert judged(violation.EXERCISE, mean_is_worse).status == "correct"


def test_the_loop_of_the_course_is_the_one_that_the_learner_builds():
    params, X, y = a_network(3, sizes=(4, 6, 3), n=40)
    noisy = np.where(np.arange(40) % 3 == 0, (y + 1) % 3, y)
    X_valid, y_valid = X[::2] + 0.3, y[::2]

    def update(net, rows):
        return networks.sgd_step(net, networks.loss_and_grad(net, X[rows], noisy[rows])[1], 0.5)

    def valid_loss(net):
        return networks.cross_entropy(networks.forward(net, X_valid).scores, y_valid)[0]

    best, epochs = loop.train_loop(params, 40, 12, update, valid_loss, 4, 11)
    run = networks.train(
        params,
        X,
        noisy,
        rng=np.random.default_rng(11),
        step=0.5,
        batch=12,
        X_valid=X_valid,
        y_valid=y_valid,
    )
    records = list(islice(networks.patience(run, 4), 500))
    assert epochs == records[-1].epoch > 4
    kept = min(records, key=lambda record: record.valid_loss)
    assert np.allclose(networks.flatten(best), networks.flatten(kept.params))


def a_loop(begin=lambda best, params: params, cut=lambda rows, order: rows, draw=None):
    def train(params, n, batch, update, valid_loss, rounds, seed):
        rng = np.random.default_rng(seed)
        best, least, since, epochs = params, valid_loss(params), 0, 0
        while since < rounds:
            order = rng.permutation(n) if draw is None else draw(rng, n)
            params = begin(best, params)
            for at in range(0, n, batch):
                params = update(params, cut(order[at : at + batch], order))
            epochs, value = epochs + 1, valid_loss(params)
            best, least, since = (params, value, 0) if value < least else (best, least, since + 1)
        return best, epochs

    return train


def test_a_loop_with_orders_drawn_in_another_way_is_right():
    def sorted_keys(rng, n):
        return np.argsort(rng.random(n))

    assert judged(loop.EXERCISE, a_loop(draw=sorted_keys)).correct


def test_a_loop_that_begins_each_epoch_at_the_best_network_is_told_where_it_jumped():
    said = judged(loop.EXERCISE, a_loop(begin=lambda best, params: best)).sentence
    assert "starts from another network than update" in said


def test_a_last_mini_batch_that_is_filled_up_with_other_rows_is_refused():
    def filled(rows, order):
        return np.r_[rows, order[: 8 - len(rows)]]

    said = judged(loop.EXERCISE, a_loop(cut=filled)).sentence
    assert "when 4 of the 20 rows were left, the next mini-batch should have 4; yours has 8" in said


def test_a_mask_in_the_place_of_row_numbers_is_told_what_is_asked():
    def masked(rows, order):
        return np.isin(np.arange(len(order)), rows)

    assert "array of row numbers" in judged(loop.EXERCISE, a_loop(cut=masked)).sentence


def test_biases_that_are_a_constant_are_not_called_random():
    def constant(sizes, scheme, seed):
        return [(W, b + 0.01) for W, b in initial.xavier_he_init(sizes, scheme, seed)]

    said = judged(initial.EXERCISE, constant).sentence
    assert said.startswith("Your b are not 0") and "random" not in said


@pytest.mark.parametrize("with_log", [False, True])
def test_a_softmax_that_overflows_is_told_so_however_the_loss_is_written(with_log):
    def naive(scores, y):
        rows, e = np.arange(len(y)), np.exp(scores)
        total = e.sum(axis=1)
        P = e / total[:, None]
        loss = np.log(total) - scores[rows, y] if with_log else -np.log(P[rows, y])
        P[rows, y] -= 1
        return np.mean(loss), P / len(y)

    assert "overflows for a score above 709" in judged(entropy.EXERCISE, naive).sentence


def test_a_weight_outside_the_segment_is_called_by_its_name():
    def beyond(params, loss):
        (W, b), (V, c) = params
        return params, [(-W, -b), (-V, c)], 2.0

    assert judged(violation.EXERCISE, beyond).sentence.startswith("The weight t must lie")
