"""train_bigram: any method is right whose answer has a small gradient, for that is a certificate."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..exercise import Arguments, Exercise


def train_bigram(tokens, K, lam, tol):
    """Weights W, K x K, of the softmax bigram model, P[a, b] = exp(W[a, b]) / Σ_c exp(W[a, c]),
    with f(W) − min f ≤ tol for

        f(W) = (1/N) Σᵢ −log P[tokens[i], tokens[i + 1]] + ½ λ Σ W[a, b]²,   N = n − 1 pairs.

    λ > 0. f is convex, its gradient is Lipschitz with the constant ½ + λ, and λ-strongly
    convex: ‖∇f(W)‖² ≤ 2 λ tol proves the claim.
    """
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    counts /= counts.sum()
    weight = counts.sum(axis=1, keepdims=True)
    W = np.zeros((K, K))
    step = 1 / (weight.max() / 2 + lam)
    for _ in range(100_000):
        P = np.exp(W - W.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        G = weight * P - counts + lam * W
        if np.sum(G**2) <= 2 * lam * tol:
            break
        W = W - step * G
    return W


def _texts(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, K, lam, tol in [
        (30, 3, 0.1, 1e-8),
        (60, 4, 0.02, 1e-6),
        (8, 5, 1.0, 1e-8),
        (2, 2, 0.3, 1e-7),
        (200, 3, 0.005, 1e-5),
        (50, 3, 0.005, 1e-9),  # a thousand steps and more: no fixed small number of them will do
    ]:
        likely = rng.dirichlet(np.ones(K), size=K)
        tokens = [int(rng.integers(K))]
        while len(tokens) < n:
            tokens.append(int(rng.choice(K, p=likely[tokens[-1]])))
        yield {"tokens": np.array(tokens), "K": K, "lam": lam, "tol": tol}


def _certify(value, tokens, K, lam, tol):
    G = lam * value
    N = len(tokens) - 1
    for a, b in pairwise(tokens):
        p = np.exp(value[a] - value[a].max())
        G[a] += (p / p.sum() - np.eye(K)[b]) / N
    bound = float(np.sum(G**2)) / (2 * lam)
    if bound <= 2 * tol + 1e-12:
        return True
    return (
        f"‖∇f(W)‖²/(2λ), which bounds f(W) − min f, should be at most tol = {tol:g}; at your W it is {bound:.3g} "
        f"(‖∇f‖ = {np.sqrt(np.sum(G**2)):.3g})"
    )


def _minimises(value, tokens, K, lam, tol):
    """What the answer is the minimum of, f or something like it: so that a mistake is known whichever method made it."""
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    N = counts.sum()
    counts /= N
    P = np.exp(value - value.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    weight = counts.sum(axis=1, keepdims=True)
    all_of_it = np.exp(value - value.max())
    after = counts.sum(axis=0)[:, None]
    for name, slope, penalty in (
        ("f", weight * P - counts, lam),
        ("summed", weight * P - counts, lam / N),
        ("penalty doubled", weight * P - counts, 2 * lam),
        ("rows alike", P - counts / np.maximum(weight, 1e-12), lam),
        ("backwards", after * P - counts.T, lam),
        ("one softmax", all_of_it / all_of_it.sum() - counts, lam),
    ):
        if np.sum((slope + penalty * value) ** 2) <= 4 * penalty * tol:
            return name
    return value


def _descend(tokens, K, lam, gradient, iterations=4000):
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    counts /= counts.sum()
    W = np.zeros((K, K))
    for _ in range(iterations):
        P = np.exp(W - W.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        G = gradient(P, counts, counts.sum(axis=1, keepdims=True), W)
        W = W - G / (0.5 + lam)
        if np.sum(G**2) < 1e-20:
            break
    return W


def logarithms_of_frequencies(tokens, K, lam, tol):
    """You gave the logs of the frequencies: they are optimal without the penalty, and −∞ where a pair never occurs."""
    counts = np.full((K, K), 1e-9)
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return np.log(counts / counts.sum(axis=1, keepdims=True))


def no_penalty(tokens, K, lam, tol):
    """You left λW out of the gradient: with pairs that never occur, W would then run away for ever."""
    return _descend(tokens, K, lam, lambda P, c, w, W: w * P - c, 500)


def rows_weighted_alike(tokens, K, lam, tol):
    """You gave every row the same weight: a token that occurs often has a large part in the mean over all pairs."""
    return _descend(tokens, K, lam, lambda P, c, w, W: P - c / np.maximum(w, 1e-12) + lam * W, 3000)


def summed(tokens, K, lam, tol):
    """Your loss is the sum over the pairs: with the mean the penalty λ weighs N times as much."""
    N = len(tokens) - 1
    return _by_newton(tokens, K, lam / N, tol)


def one_softmax_for_all(tokens, K, lam, tol):
    """Your softmax goes over the whole matrix: each row is a distribution of its own, over what follows one token."""
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    counts /= counts.sum()
    W = np.zeros((K, K))
    for _ in range(4000):
        E = np.exp(W - W.max())
        W = W - (E / E.sum() - counts + lam * W) / (0.5 + lam)
    return W


def penalty_doubled(tokens, K, lam, tol):
    """Your penalty is λΣW², with the gradient 2λW: the half in front makes it λW."""
    return _descend(tokens, K, lam, lambda P, c, w, W: w * P - c + 2 * lam * W)


def stopped_early(tokens, K, lam, tol):
    """You stopped before the gradient was small enough: go on until ‖∇f‖² ≤ 2 λ tol."""
    return _descend(tokens, K, lam, lambda P, c, w, W: w * P - c + lam * W, 2)


def uphill(tokens, K, lam, tol):
    """You climb: the gradient is (row's weight)·P − frequency + λW, and the step goes against it."""
    return np.clip(_descend(tokens, K, lam, lambda P, c, w, W: c - w * P + lam * W, 300), -50, 50)


def backwards(tokens, K, lam, tol):
    """You predict the token before from the one after: W's row is the token that comes first."""
    return _descend(tokens[::-1], K, lam, lambda P, c, w, W: w * P - c + lam * W)


def nothing_learned(tokens, K, lam, tol):
    """Your W is 0, where training starts."""
    return np.zeros((K, K))


def _by_newton(tokens, K, lam, tol):
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    counts /= counts.sum()
    W = np.zeros((K, K))
    for a in range(K):
        c, w = counts[a], counts[a].sum()
        for _ in range(50):
            p = np.exp(W[a] - W[a].max())
            p /= p.sum()
            H = w * (np.diag(p) - np.outer(p, p)) + lam * np.eye(K)
            W[a] -= np.linalg.solve(H, w * p - c + lam * W[a])
    return W


def _by_nesterov(tokens, K, lam, tol):
    counts = np.zeros((K, K))
    for i in range(len(tokens) - 1):
        counts[tokens[i], tokens[i + 1]] += 1 / (len(tokens) - 1)
    w, L = counts.sum(axis=1, keepdims=True), 0.5 + lam
    momentum = (np.sqrt(L) - np.sqrt(lam)) / (np.sqrt(L) + np.sqrt(lam))
    W = V = np.zeros((K, K))
    for _ in range(1500):
        P = np.exp(V - V.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        W_next = V - (w * P - counts + lam * V) / L
        V, W = W_next + momentum * (W_next - W), W_next
    return W.tolist()


EXERCISE = Exercise(
    train_bigram,
    _texts,
    _certify,
    title="The same model, trained",
    difficulty=2,
    minutes=15,
    hints=(
        "Row a of the gradient is (share of the pairs that begin with a) · P[a] minus the shares of the pairs (a, b), plus λW[a].",
        "Gradient descent with the step 1/(½ + λ) from W = 0 converges: f is smooth and strongly convex (lesson 4).",
        "Stop when np.sum(G**2) <= 2 * lam * tol. Count the pairs once, before the loop; subtract row maxima before np.exp.",
    ),
    mistakes=(
        logarithms_of_frequencies,
        no_penalty,
        rows_weighted_alike,
        summed,
        penalty_doubled,
        one_softmax_for_all,
        stopped_early,
        uphill,
        backwards,
        nothing_learned,
    ),
    alternatives=(_by_newton, _by_nesterov),
    fingerprint=_minimises,
)
