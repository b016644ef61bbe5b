"""softmax_attention: judged by each weight's own sum of exponentials."""

import math
from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def softmax_attention(Q, K, V, causal):
    """The pair (O, A): A = softmax(Q Kᵀ/√d) along each row, and O = A V.

    Q is T x d, K is T x d, V is T x m: a query, a key and a value for each of T places. If
    causal, place i sees only the places j ≤ i: the other weights are 0, and each row of A still
    adds up to 1. Scores may be in the thousands.
    """
    T, d = Q.shape
    S = Q @ K.T / np.sqrt(d)
    if causal:
        S = np.where(np.tri(T) > 0, S, -np.inf)
    A = np.exp(S - S.max(axis=1, keepdims=True))
    A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def _places(rng: np.random.Generator) -> Iterator[Arguments]:
    for T, d, m, causal, size in [
        (4, 3, 2, False, 1.0),
        (5, 4, 4, True, 1.0),
        (1, 2, 3, True, 1.0),
        (6, 1, 2, True, 2.0),
        (3, 9, 1, False, 1.5),
        (4, 2, 3, True, 60.0),  # scores in the thousands
        (5, 5, 2, False, 40.0),
    ]:
        Q, K, V = (np.round(rng.standard_normal((T, k)), 2) for k in (d, d, m))
        Q, K = np.round(size * Q, 2), np.round(size * K, 2)
        if causal and size > 10:  # the first place sees only itself, with a score below −500
            K[0] = size
            Q[0] = -size
        yield {"Q": Q, "K": K, "V": V, "causal": causal}


def _weight(S, i, j, sees):
    return 1 / math.fsum(math.exp(min(S[i, c] - S[i, j], 700.0)) for c in sees)


def _certify(value, Q, K, V, causal):
    out, A = value
    T, d = Q.shape
    S = np.array([[math.fsum(Q[i] * K[j]) / math.sqrt(d) for j in range(T)] for i in range(T)])
    for i in range(T):
        sees = range(i + 1) if causal else range(T)
        for j in range(T):
            right = _weight(S, i, j, sees) if j in sees else 0.0
            if not abs(A[i, j] - right) <= 1e-5 + 1e-6 * np.abs(S).max() * right:
                return f"the weight A[{i}, {j}] should be {right:.5g}; yours is {A[i, j]:.5g}"
    off = np.abs(out - A @ V)
    if not np.all(off <= 1e-5 * (1 + np.abs(V).max())):
        i, k = (int(n) for n in np.unravel_index(np.argmax(off), off.shape))
        return f"O should be A V: at {i, k} that is {(A @ V)[i, k]:.5g}; yours is {out[i, k]:.5g}"
    return True


def _attend(Q, K, V, causal, divisor, hidden=-np.inf):
    S = Q @ K.T / divisor
    if causal:
        S = np.where(np.tri(len(Q)) > 0, S, hidden)
    A = np.exp(S - S.max(axis=1, keepdims=True))
    A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def not_divided(Q, K, V, causal):
    """You did not divide by √d: the variance of a product of d random numbers grows with d, and the softmax saturates."""
    return _attend(Q, K, V, causal, 1.0)


def divided_by_d(Q, K, V, causal):
    """You divided by d: the standard deviation of qᵀk is √d, so √d keeps the scores' size."""
    return _attend(Q, K, V, causal, Q.shape[1])


def divided_by_places(Q, K, V, causal):
    """You divided by the root of the number of places: d is the number of columns of Q."""
    return _attend(Q, K, V, causal, np.sqrt(len(Q)))


def sees_the_future(Q, K, V, causal):
    """You ignored `causal`: a place that sees what comes after it predicts by copying."""
    return _attend(Q, K, V, False, np.sqrt(Q.shape[1]))


def never_sees_the_future(Q, K, V, causal):
    """You always mask: only if `causal` is true are the places after one's own hidden."""
    return _attend(Q, K, V, True, np.sqrt(Q.shape[1]))


def keys_ask(Q, K, V, causal):
    """You let the keys ask: row i holds what query i finds, that is Q Kᵀ."""
    return _attend(K, Q, V, causal, np.sqrt(Q.shape[1]))


def sees_only_the_future(Q, K, V, causal):
    """You kept the wrong triangle: row i is the place that looks, and it sees columns j ≤ i."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    if causal:
        S = np.where(np.tri(len(Q)).T > 0, S, -np.inf)
    A = np.exp(S - S.max(axis=1, keepdims=True))
    A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def not_itself(Q, K, V, causal):
    """Your places do not see themselves: j = i belongs to j ≤ i."""
    if not causal:
        return _attend(Q, K, V, False, np.sqrt(Q.shape[1]))
    S = np.where(np.tri(len(Q), k=-1) > 0, Q @ K.T / np.sqrt(Q.shape[1]), -1e30)
    A = np.exp(S - S.max(axis=1, keepdims=True))
    A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def masked_with_zero(Q, K, V, causal):
    """You set the scores of the future to 0: exp(0) is 1. A score of −∞ has the weight 0."""
    return _attend(Q, K, V, causal, np.sqrt(Q.shape[1]), hidden=0.0)


def masked_afterwards(Q, K, V, causal):
    """You set weights to 0 after the softmax: then a row no longer adds up to 1. Mask the scores, before it."""
    _, A = _attend(Q, K, V, False, np.sqrt(Q.shape[1]))
    if causal:
        A = A * np.tri(len(Q))
    return A @ V, A


def along_columns(Q, K, V, causal):
    """You normalised the columns: each row, a place that looks, distributes one unit of attention."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    if causal:
        S = np.where(np.tri(len(Q)) > 0, S, -1e30)
    A = np.exp(S - S.max(axis=0, keepdims=True))
    A = A / A.sum(axis=0, keepdims=True)
    return A @ V, A


def overflowed(Q, K, V, causal):
    """exp overflows for scores above 709: take each row's maximum off its scores first, the weights stay the same."""
    S = Q @ K.T / np.sqrt(Q.shape[1])
    if causal:
        S = np.where(np.tri(len(Q)) > 0, S, -np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        A = np.exp(S)
        A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def _place_by_place(Q, K, V, causal):
    T, d = Q.shape
    A, out = np.zeros((T, T)), []
    for i in range(T):
        last = i + 1 if causal else T
        s = K[:last] @ Q[i] / d**0.5
        A[i, :last] = np.exp(s - np.logaddexp.reduce(s))
        out.append(A[i] @ V)
    return out, A.tolist()


def _in_single_precision(Q, K, V, causal):
    Q, K, V = (M.astype(np.float32) for M in (Q, K, V))
    return _attend(Q, K, V, causal, np.float32(np.sqrt(Q.shape[1])), np.float32(-np.inf))


EXERCISE = Exercise(
    softmax_attention,
    _places,
    _certify,
    title="Attention",
    difficulty=2,
    minutes=12,
    hints=(
        "Three lines: scores S = QKᵀ/√d, weights A by a softmax of each row, answers AV.",
        "Subtract each row's maximum before np.exp. np.tri(T) has ones where j ≤ i.",
        "For causal: S = np.where(np.tri(T) > 0, S, -np.inf) before the softmax.",
    ),
    mistakes=(
        not_divided,
        divided_by_d,
        divided_by_places,
        sees_the_future,
        never_sees_the_future,
        keys_ask,
        sees_only_the_future,
        not_itself,
        masked_with_zero,
        masked_afterwards,
        along_columns,
        overflowed,
    ),
    alternatives=(_place_by_place, _in_single_precision),
)
