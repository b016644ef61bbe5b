"""bigram_closed_form: judged row by row by the Frank-Wolfe gap, which needs no optimum to prove one."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def bigram_closed_form(tokens, K, alpha):
    """The K x K matrix P of a bigram model,
    P[a, b] the probability that b follows a, that minimises

        −Σᵢ log P[tokens[i], tokens[i + 1]] − α Σ_ab log P[a, b]

    over matrices whose rows are probability distributions. tokens is an array of n whole
    numbers in {0, ..., K − 1}; α ≥ 0. With α = 0 a row of a token that nothing follows is free:
    let it be 1/K everywhere.
    """
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    counts += alpha
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1), 1 / K)


def _texts(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, K, alpha in [(30, 3, 0.0), (40, 4, 2.5), (12, 5, 0.5), (2, 3, 0.2), (60, 2, 0.0)]:
        likely = rng.dirichlet(np.ones(K), size=K)
        tokens = [int(rng.integers(K))]
        while len(tokens) < n:
            tokens.append(int(rng.choice(K, p=likely[tokens[-1]])))
        yield {"tokens": np.array(tokens), "K": K, "alpha": alpha}
    yield {"tokens": np.array([0, 1, 0, 1, 2]), "K": 4, "alpha": 0.0}  # nothing follows 2; no 3


def _certify(value, tokens, K, alpha):
    if np.any(value < 0):
        at = tuple(int(i) for i in np.unravel_index(np.argmin(value), value.shape))
        return f"no probability is negative; your P{list(at)} is {value[at]:.4g}"
    for a in range(K):
        row, total = value[a], value[a].sum()
        if not abs(total - 1) <= 1e-6:
            return f"row {a} of P must add up to 1; yours adds up to {total:.6g}"
        follow = [float(np.sum((tokens[:-1] == a) & (tokens[1:] == b))) + alpha for b in range(K)]
        n = sum(follow)
        if n == 0:
            if np.abs(row - 1 / K).max() > 1e-6:
                return f"nothing follows {a}, and α is 0: its row should be 1/K everywhere"
            continue
        for b in range(K):
            if follow[b] > 0 and row[b] == 0:
                return f"{b} does follow {a}, so P[{a}, {b}] = 0 makes the objective infinite"
        # f(p) − min f ≤ max_b c_b/p_b − Σ c for f(p) = −Σ c_b log p_b on the simplex
        gap = max(follow[b] / row[b] for b in range(K) if follow[b] > 0) - n
        if not gap <= 1e-4 * n:
            return (
                f"row {a} is not optimal: probability moved to another entry lowers the objective "
                f"(Frank-Wolfe gap {gap:.3g}, it should be 0)"
            )
    return True


def _counts(tokens, K):
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts


def _rows(counts):
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1), 1 / counts.shape[1])


def the_other_way_round(tokens, K, alpha):
    """Your P[a, b] is the probability that a follows b: rows are the token before, columns the one after."""
    return _rows(_counts(tokens, K).T + alpha)


def one_distribution_for_all(tokens, K, alpha):
    """You divided by the number of all pairs: each row is a distribution of its own, over what follows that one token."""
    counts = _counts(tokens, K) + alpha
    return counts / counts.sum()


def columns_add_up(tokens, K, alpha):
    """You normalised the columns: what follows a given token must add up to 1, and that is a row."""
    counts = _counts(tokens, K) + alpha
    return counts / np.maximum(counts.sum(axis=0, keepdims=True), 1e-12)


def repeats_counted_once(tokens, K, alpha):
    """`counts[before, after] += 1` with arrays counts a pair once however often it occurs: use np.add.at, or a loop."""
    counts = np.zeros((K, K))
    counts[tokens[:-1], tokens[1:]] += 1
    return _rows(counts + alpha)


def no_smoothing(tokens, K, alpha):
    """You left out α: each pair counts as seen α times before the text begins."""
    return _rows(_counts(tokens, K))


def smoothing_added_to_frequencies(tokens, K, alpha):
    """You added α to the frequencies and normalised again: it belongs to the counts, so that long texts outweigh it."""
    P = _rows(_counts(tokens, K)) + alpha
    return P / P.sum(axis=1, keepdims=True)


def without_the_text(tokens, K, alpha):
    """You give the frequencies of the tokens themselves in each row: a bigram model looks at the token before."""
    counts = np.bincount(tokens[1:], minlength=K) + alpha
    return np.tile(counts / counts.sum(), (K, 1))


def nothing_by_nothing(tokens, K, alpha):
    """A row of which nothing is known became 0/0: every row must be a distribution. Here 1/K everywhere is asked."""
    counts = _counts(tokens, K) + alpha
    return counts / counts.sum(axis=1, keepdims=True)


def empty_rows_zero(tokens, K, alpha):
    """A row of which nothing is known became zeros: every row must be a distribution. Here 1/K everywhere is asked."""
    counts = _counts(tokens, K) + alpha
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)


def pairs_two_apart(tokens, K, alpha):
    """You counted tokens[i], tokens[i + 2]: neighbours are tokens[:-1] and tokens[1:]."""
    counts = np.zeros((K, K))
    np.add.at(counts, (tokens[:-2], tokens[2:]), 1)
    return _rows(counts + alpha)


def _by_a_loop(tokens, K, alpha):
    rows = [[float(alpha)] * K for _ in range(K)]
    for i in range(len(tokens) - 1):
        rows[tokens[i]][tokens[i + 1]] += 1
    return [[v / sum(row) if sum(row) else 1 / K for v in row] for row in rows]


def _by_one_hot_products(tokens, K, alpha):
    Y = np.eye(K, dtype=np.float32)[tokens]
    return _rows(Y[:-1].T @ Y[1:] + np.float32(alpha))


EXERCISE = Exercise(
    bigram_closed_form,
    _texts,
    _certify,
    title="Counting is optimal",
    difficulty=1,
    minutes=10,
    hints=(
        "The objective is a sum over the rows of P, and each row has its own constraint. What minimises −Σ c_b log p_b over a simplex?",
        "p_b = c_b / Σ c. Count the pairs tokens[:-1], tokens[1:]; α adds to every count.",
        "np.add.at(counts, (tokens[:-1], tokens[1:]), 1) counts repeated pairs rightly. Mind rows whose sum is 0.",
    ),
    mistakes=(
        the_other_way_round,
        one_distribution_for_all,
        columns_add_up,
        repeats_counted_once,
        no_smoothing,
        smoothing_added_to_frequencies,
        without_the_text,
        nothing_by_nothing,
        empty_rows_zero,
        pairs_two_apart,
    ),
    alternatives=(_by_a_loop, _by_one_hot_products),
)
