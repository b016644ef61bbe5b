"""logistic_loss: judged row by row by the definition, to relative accuracy, however large the margin."""

import math

import numpy as np

from ..exercise import Exercise


def logistic_loss(X, y, w, b):
    """Σᵢ log(1 + exp(−yᵢ(xᵢᵀw + b))), a number.

    X of shape (n, p), y of shape (n,) with entries −1 and +1, w of shape (p,), b a number.
    Margins may be anything from −10000 to 10000: the result is finite, and right to five digits
    even where it is tiny.
    """
    m = y * (X @ w + b)
    return np.sum(np.maximum(-m, 0) + np.log1p(np.exp(-np.abs(m))))


def _points(rng):
    for n, p, size in ((8, 3, 1.0), (1, 1, 2.0), (4, 9, 0.3)):
        X = rng.standard_normal((n, p))
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0) * (1 if p == 3 else -1)
        yield {"X": X, "y": y, "w": size * rng.standard_normal(p), "b": float(rng.uniform(0.5, 2))}
    X = rng.standard_normal((6, 2))
    w = np.array([3.0, -2.0])
    y = np.where(X @ w + 0.5 > 0, 1.0, -1.0)
    X = X + np.outer(y * (45 - y * (X @ w)) / 13, w) * rng.uniform(0.9, 1.1, (6, 1))
    yield {"X": X, "y": y, "w": w, "b": 0.5}  # all margins near 45: the loss is near 1e-19
    X = rng.standard_normal((5, 2))
    y = np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    X[:, 0] = np.array([700.0, 900.0, -1500.0, -2000.0, 0.1]) + rng.uniform(0, 9, 5)
    yield {"X": X, "y": y, "w": np.array([2.0, 1.0]), "b": -0.7}  # margins of thousands, both signs


def _margins(X, y, w, b):
    return [
        float(yi) * (math.fsum(map(float, xi * w)) + float(b)) for xi, yi in zip(X, y, strict=True)
    ]


def _certify(value, X, y, w, b):
    margins = _margins(X, y, w, b)
    right = math.fsum(max(-m, 0.0) + math.log1p(math.exp(-abs(m))) for m in margins)
    if abs(value - right) <= 1e-5 * right:
        return True
    return (
        f"the loss should be {right:.6g}; yours is {value:.6g} "
        f"(the margins run from {min(margins):.3g} to {max(margins):.3g})"
    )


def _fingerprint(value, X, y, w, b):
    return float(np.log(value))  # so that tiny losses are told apart


def as_it_is_written(X, y, w, b):
    """exp overflows for a margin below −709, and 1 + exp(−m) is 1 for one above 37, so that the loss of a good fit becomes 0 (−log σ(m) does both as well). Use np.logaddexp(0, −m), or log1p and a case for each sign."""
    m = y * (X @ w + b)
    return np.sum(np.log(1 + np.exp(-m)))


def with_log1p_alone(X, y, w, b):
    """log1p keeps the tiny losses, but exp(−m) still overflows for a margin below −709. There the loss is nearly −m: log(1 + e^(−m)) = −m + log(1 + e^m)."""
    m = y * (X @ w + b)
    return np.sum(np.log1p(np.exp(-m)))


def small_ones_lost(X, y, w, b):
    """No overflow, but tiny losses become 0, as log(1 + t) does for t below 1e-16. np.log1p(t) keeps a loss of 1e-19."""
    m = y * (X @ w + b)
    return np.sum(np.maximum(-m, 0) + np.log(1 + np.exp(-np.abs(m))))


def clipped(X, y, w, b):
    """You clip the probabilities away from 0 and 1. That hides the overflow and changes the loss: every margin beyond 35 costs the same, so the function is no longer convex."""
    s = 1 / (1 + np.exp(-y * (X @ w + b)))
    return -np.sum(np.log(np.clip(s, 1e-15, 1 - 1e-15)))


def sign_turned(X, y, w, b):
    """You use exp(+m): then right answers cost and wrong ones are free. A positive margin yᵢ(xᵢᵀw + b) is a right answer."""
    return np.sum(np.logaddexp(0, y * (X @ w + b)))


def labels_lost(X, y, w, b):
    """The label is missing: the margin is yᵢ(xᵢᵀw + b), so that a score far on the right side costs little for both classes."""
    return np.sum(np.logaddexp(0, -(X @ w + b)))


def averaged(X, y, w, b):
    """You divide by n. Many libraries do; here the loss is the sum over the rows."""
    return np.mean(np.logaddexp(0, -y * (X @ w + b)))


def intercept_lost(X, y, w, b):
    """The intercept b is missing from the scores."""
    return np.sum(np.logaddexp(0, -y * (X @ w)))


def label_on_a_part(X, y, w, b):
    """Your label multiplies xᵢᵀw but not b: the margin is yᵢ(xᵢᵀw + b), brackets included."""
    return np.sum(np.logaddexp(0, -(y * (X @ w) + b)))


def labels_zero_and_one(X, y, w, b):
    """That formula, log(1 + e^s) − ys, is the one for labels 0 and 1. With −1 and +1 put (1 + y)/2 in, or use log(1 + e^(−ys))."""
    s = X @ w + b
    return np.sum(np.logaddexp(0, s) - y * s)


def hinge(X, y, w, b):
    """That is the hinge loss of support vector machines, max(0, 1 − m)."""
    return np.sum(np.maximum(0, 1 - y * (X @ w + b)))


def in_bits(X, y, w, b):
    """Your logarithm has base 2; the likelihood's is the natural one."""
    return np.sum(np.logaddexp2(0, -y * (X @ w + b) / np.log(2)))


def _by_logaddexp(X, y, w, b):
    return float(np.logaddexp(0, -y * (X @ w + b)).sum())


def _row_by_row(X, y, w, b):
    total = 0.0
    for i in range(len(y)):
        m = y[i] * (X[i] @ w + b)
        total += np.log1p(np.exp(-m)) if m > 0 else -m + np.log1p(np.exp(m))
    return total


def _for_labels_zero_and_one(X, y, w, b):
    s = X @ w + b
    return np.where(y > 0, np.logaddexp(0, -s), np.logaddexp(0, s)).sum()


LOSS = Exercise(
    logistic_loss,
    _points,
    _certify,
    title="A loss that neither overflows nor vanishes",
    difficulty=1,
    minutes=8,
    fingerprint=_fingerprint,
    hints=(
        "Compute all margins m = y∘(Xw + b) first. For which of them does exp(−m) overflow?",
        "log(1 + e^(−m)) = log(e⁰ + e^(−m)): the log-sum-exp of two numbers. Take the larger one out, as in lesson 2.",
        "max(−m, 0) + log(1 + e^(−|m|)), and for a tiny second term np.log1p. NumPy also has the whole as np.logaddexp.",
    ),
    mistakes=(
        as_it_is_written,
        with_log1p_alone,
        small_ones_lost,
        clipped,
        sign_turned,
        labels_lost,
        averaged,
        intercept_lost,
        label_on_a_part,
        labels_zero_and_one,
        hinge,
        in_bits,
    ),
    alternatives=(_by_logaddexp, _row_by_row, _for_labels_zero_and_one),
)
