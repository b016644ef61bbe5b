"""What lesson 20's judge must not be fooled by."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.language_models import (
    attention,
    attention_slopes,
    bigram,
    perplexed,
    training,
)
from helpers.networks import transformer


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


@pytest.mark.parametrize("change", [1e-3, -1e-3])
def test_frequencies_that_are_a_little_off_are_refused(change):
    def nearly(tokens, K, alpha):
        P = bigram.bigram_closed_form(tokens, K, alpha)
        P = np.where(P > 0, P * (1 + change * np.arange(K)), 0)
        return P / P.sum(axis=1, keepdims=True)

    assert judged(bigram.EXERCISE, nearly).status == "not yet"


def test_a_table_with_a_thousandth_added_everywhere_is_refused():
    def padded(tokens, K, alpha):
        return bigram.bigram_closed_form(tokens, K, alpha + 0.01)

    assert "Frank-Wolfe" in judged(bigram.EXERCISE, padded).sentence


def test_frequencies_found_by_an_iteration_are_right():
    def iterated(tokens, K, alpha):
        P = np.full((K, K), 1 / K)
        counts = np.zeros((K, K))
        for a, b in pairwise(tokens):
            counts[a, b] += 1
        counts += alpha
        for _ in range(3):  # expectation and maximisation with nothing hidden: at once
            total = counts.sum(axis=1, keepdims=True)
            P = np.where(total > 0, counts / np.maximum(total, 1e-300), P)
        return P.astype(np.float32)

    assert judged(bigram.EXERCISE, iterated).status == "correct"


def test_a_perplexity_that_underflows_is_refused():
    def product(P, tokens):
        p = np.prod(P[tokens[:-1], tokens[1:]])
        return p ** (-1 / (len(tokens) - 1)) if p > 0 else np.inf

    assert judged(perplexed.EXERCISE, product).status == "not yet"


def test_weights_with_a_constant_added_to_a_row_are_not_optimal_for_the_penalty():
    def shifted(tokens, K, lam, tol):
        return training.train_bigram(tokens, K, lam, tol) + 0.5

    assert judged(training.EXERCISE, shifted).status == "not yet"


def test_training_far_beyond_the_tolerance_is_right():
    def further(tokens, K, lam, tol):
        return training.train_bigram(tokens, K, lam, tol / 1e4)

    assert judged(training.EXERCISE, further).status == "correct"


def test_a_hundred_steps_are_not_enough_whatever_the_seed():
    def a_hundred(tokens, K, lam, tol):
        return training._descend(tokens, K, lam, lambda P, c, w, W: w * P - c + lam * W, 100)

    assert all(judged(training.EXERCISE, a_hundred, seed).status == "not yet" for seed in range(6))


def test_smoothing_with_one_less_is_not_called_no_smoothing():
    def one_less(tokens, K, alpha):
        return bigram.bigram_closed_form(tokens, K, max(alpha - 1, 0))

    report = judged(bigram.EXERCISE, one_less)
    assert report.status == "not yet" and report.mistake is None


def test_a_mask_of_a_large_negative_score_is_right_where_it_is_large_enough():
    def masked(value):
        def answer(Q, K, V, causal):
            S = Q @ K.T / np.sqrt(Q.shape[1])
            S = S + value * (1 - np.tri(len(Q))) if causal else S
            A = np.exp(S - S.max(axis=1, keepdims=True))
            A /= A.sum(axis=1, keepdims=True)
            return A @ V, A

        return answer

    assert judged(attention.EXERCISE, masked(-1e9)).status == "correct"
    for small in (-10.0, -100.0, -500.0):
        for seed in range(6):
            assert judged(attention.EXERCISE, masked(small), seed).status == "not yet"


def test_weights_and_answers_in_the_wrong_order_are_refused():
    def turned(Q, K, V, causal):
        return attention.softmax_attention(Q, K, V, causal)[::-1]

    assert judged(attention.EXERCISE, turned).status != "correct"


def test_the_way_back_by_central_differences_is_right():
    def differences(Q, K, V, A, dO):
        causal = len(Q) > 1 and not np.any(np.triu(A, 1))
        found = []
        for at, M in enumerate((Q, K, V)):
            slope = np.zeros_like(M)
            for entry in np.ndindex(M.shape):
                ends = []
                for h in (1e-5, -1e-5):
                    moved = [part.copy() for part in (Q, K, V)]
                    moved[at][entry] += h
                    ends.append(np.sum(dO * attention.softmax_attention(*moved, causal)[0]))
                slope[entry] = (ends[0] - ends[1]) / 2e-5
            found.append(slope)
        return found

    assert judged(attention_slopes.EXERCISE, differences).status == "correct"


def test_the_transformer_of_the_course_attends_as_the_learner_does():
    config = transformer.Config(symbols=5, context=7, width=6, heads=2, blocks=1)
    rng = np.random.default_rng(1)
    trace = transformer.forward(transformer.start(config, rng), rng.integers(0, 5, (2, 7)), config)
    _, Q, K, V, P, joined = trace.kept["0.attention"]
    for row in range(2):
        for head in range(2):
            out, A = attention.softmax_attention(Q[row, head], K[row, head], V[row, head], True)
            assert np.allclose(A, P[row, head])
            assert np.allclose(out, joined[row].reshape(7, 2, 3)[:, head])


def test_the_sum_in_the_place_of_the_mean_is_named_whichever_method_solved_it():
    def nesterov_on_the_sum(tokens, K, lam, tol):
        return training._by_nesterov(tokens, K, lam / (len(tokens) - 1), tol / 100)

    assert judged(training.EXERCISE, nesterov_on_the_sum).mistake == "summed"


def test_a_product_that_underflows_and_logs_without_a_floor_are_named():
    def product(P, tokens):
        return np.prod(P[tokens[:-1], tokens[1:]]) ** (-1 / (len(tokens) - 1))

    def by_n(P, tokens):
        return np.exp(-np.sum(np.log(P[tokens[:-1], tokens[1:]])) / len(tokens))

    assert judged(perplexed.EXERCISE, product).mistake == "product_underflows"
    assert judged(perplexed.EXERCISE, by_n).mistake == "over_tokens"


def test_a_row_of_nothing_by_nothing_is_named():
    def careless(tokens, K, alpha):
        counts = np.full((K, K), float(alpha))
        np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
        return counts / counts.sum(axis=1, keepdims=True)

    assert judged(bigram.EXERCISE, careless).mistake == "nothing_by_nothing"
