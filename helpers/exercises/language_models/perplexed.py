"""perplexity: judged by the product of the probabilities themselves, in whole fractions of powers of two."""

from collections.abc import Iterator
from itertools import pairwise
from math import exp, frexp, inf, log

import numpy as np

from ..exercise import Arguments, Exercise


def perplexity(P, tokens):
    """exp of the mean of −log P[tokens[i], tokens[i + 1]] over the n − 1 pairs of neighbours;
    infinity if one of them has probability 0.

    P is K x K, its rows are distributions; tokens has n ≥ 2 entries.
    """
    p = P[tokens[:-1], tokens[1:]]
    if np.any(p == 0):
        return np.inf
    return np.exp(-np.mean(np.log(p)))


def _models(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, K in [(10, 3), (2, 4), (400, 5), (25, 2)]:
        P = rng.dirichlet(0.5 * np.ones(K), size=K) * 0.97 + 0.03 / K
        yield {"P": P, "tokens": rng.integers(0, K, n)}
    yield {"P": np.full((6, 6), 1 / 6), "tokens": rng.integers(0, 6, 15)}
    P = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    yield {"P": P, "tokens": np.array([0, 1, 2, 0, 2, 0])}  # 0 then 2: never
    yield {"P": P, "tokens": np.array([0, 1, 2, 0, 0, 1])}  # zeros elsewhere do no harm


def _certify(value, P, tokens):
    mantissa, exponent = 1.0, 0
    for a, b in pairwise(tokens):  # the product, without underflow
        mantissa, shift = frexp(mantissa * float(P[a, b]))
        exponent += shift
    if mantissa == 0:
        return (
            value == inf
            or f"a pair of the text has probability 0: the answer is infinity, not {value:.4g}"
        )
    right = exp(-(log(mantissa) + exponent * log(2)) / (len(tokens) - 1))
    if abs(value - right) <= 1e-5 * right:
        return True
    return f"the {len(tokens) - 1} pairs have a perplexity of {right:.6g}; yours is {value:.6g}"


def in_base_two_with_e(P, tokens):
    """You mixed bases: the exponential must undo the logarithm. Base 2 in both, or e in both."""
    return np.exp(-np.mean(np.log2(P[tokens[:-1], tokens[1:]])))


def the_mean_loss(P, tokens):
    """That is the mean loss; the perplexity is its exponential, a number of equally likely choices."""
    return -np.mean(np.log(P[tokens[:-1], tokens[1:]]))


def mean_of_reciprocals(P, tokens):
    """You averaged 1/p: the mean is taken of the logs, so that it is the geometric mean of 1/p."""
    return np.mean(1 / P[tokens[:-1], tokens[1:]])


def one_over_the_mean(P, tokens):
    """You averaged the probabilities: a single one near 0 must cost much, and in this mean it costs nothing."""
    return 1 / np.mean(P[tokens[:-1], tokens[1:]])


def over_tokens(P, tokens):
    """You divided by n: n tokens have n − 1 neighbours, and as many predictions were made."""
    return np.exp(-np.sum(np.log(P[tokens[:-1], tokens[1:]])) / len(tokens))


def summed(P, tokens):
    """You did not divide by the number of predictions: then a longer text is always more perplexing."""
    return np.exp(-np.sum(np.log(P[tokens[:-1], tokens[1:]])))


def zeros_forgiven(P, tokens):
    """You put a floor under the probabilities: a model that calls impossible what happens has an infinite perplexity."""
    return np.exp(-np.mean(np.log(np.maximum(P[tokens[:-1], tokens[1:]], 1e-12))))


def two_to_the_power_of_nats(P, tokens):
    """You mixed bases: 2 to a power undoes log2, not log. Base 2 in both, or e in both."""
    return 2 ** (-np.mean(np.log(P[tokens[:-1], tokens[1:]])))


def sign_forgotten(P, tokens):
    """You forgot the minus sign: that is the mean probability (of a kind); the perplexity is one over it."""
    return np.exp(np.mean(np.log(P[tokens[:-1], tokens[1:]])))


def product_underflows(P, tokens):
    """You multiplied the probabilities: of a long text the product underflows to 0. Add logarithms."""
    return 1 / np.prod(P[tokens[:-1], tokens[1:]]) ** (1 / (len(tokens) - 1))


def backwards(P, tokens):
    """You read P[after, before]: the row is the token that comes first."""
    p = P[tokens[1:], tokens[:-1]]
    return np.inf if np.any(p == 0) else np.exp(-np.mean(np.log(p)))


def of_the_rows(P, tokens):
    """That is the perplexity of the model's own distributions, averaged: the text decides which probability counts."""
    rows = P[tokens[:-1]]
    return np.exp(np.mean(-np.sum(rows * np.log(np.maximum(rows, 1e-300)), axis=1)))


def _in_bits(P, tokens):
    with np.errstate(divide="ignore"):
        return float(2 ** (-np.log2(P[tokens[:-1], tokens[1:]]).sum() / (len(tokens) - 1)))


def _root_of_a_product(P, tokens):
    value = 1.0
    for i in range(len(tokens) - 1):
        p = P[tokens[i]][tokens[i + 1]]
        value *= p ** (-1 / (len(tokens) - 1)) if p > 0 else float("inf")
    return value


EXERCISE = Exercise(
    perplexity,
    _models,
    _certify,
    title="Perplexity",
    difficulty=1,
    minutes=6,
    hints=(
        "P[tokens[:-1], tokens[1:]] holds the probability that the model gave to each token that came.",
        "Take logs, the mean, the minus sign, the exponential, in this order.",
        "If one of the probabilities is 0, return np.inf before taking logs.",
    ),
    mistakes=(
        in_base_two_with_e,
        the_mean_loss,
        mean_of_reciprocals,
        one_over_the_mean,
        over_tokens,
        summed,
        two_to_the_power_of_nats,
        sign_forgotten,
        product_underflows,
        zeros_forgiven,
        backwards,
        of_the_rows,
    ),
    alternatives=(_in_bits, _root_of_a_product),
)
