"""logistic_loss: judged by its value, also where exp overflows and where it underflows."""

import numpy as np

from ..exercise import Exercise, same


def logistic_loss(X, y, w, b):
    """Σ log(1 + exp(−yᵢ(xᵢᵀw + b))), a number, exact and without overflow for margins of any size.

    X of shape (n, p), y of shape (n,) with entries −1 and +1, w of shape (p,), b a number.
    """
    return np.sum(np.logaddexp(0, -y * (X @ w + b)))


def _points(rng):
    for n, p, size in ((8, 3, 1.0), (5, 7, 3.0), (12, 2, 400.0), (6, 3, 2000.0)):
        X = rng.standard_normal((n, p)) + 0.5
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
        y[0], y[1] = -1.0, 1.0
        yield {"X": X, "y": y, "w": size * rng.standard_normal(p), "b": float(rng.uniform(1, 2))}
    X = rng.uniform(35, 60, (4, 1))  # all far on the right side: the whole loss is about 1e-15
    yield {"X": X, "y": np.ones(4), "w": np.array([1.0]), "b": 1.5}


def _certify(value, X, y, w, b):
    right = float(np.sum(np.logaddexp(0, -y * (X @ w + b))))
    if abs(value - right) <= 1e-6 * right:
        return True
    if value == 0.0:
        return f"the loss is {right:.3g}: small, but a sum of positive numbers is not 0 (see log1p)"
    return same(value, right, "the loss", rtol=1e-6)


def overflowing(X, y, w, b):
    """Your exp overflows for margins below −709, and the loss becomes infinite although it is about −margin: np.logaddexp(0, −m) knows both ends."""
    with np.errstate(over="ignore"):
        return np.sum(np.log(1 + np.exp(-y * (X @ w + b))))


def clipped(X, y, w, b):
    """You clip the margins: then a point that is wrong by 2000 costs no more than one that is wrong by 30, and the loss is no longer the logistic loss."""
    return np.sum(np.log1p(np.exp(-np.clip(y * (X @ w + b), -30, 30))))


def one_added_too_early(X, y, w, b):
    """For large margins 1 + exp(−m) rounds to 1, and the loss to exactly 0. Use log1p, or logaddexp."""
    m = y * (X @ w + b)
    return np.sum(
        np.where(m > 0, np.log(1 + np.exp(-np.abs(m))), -m + np.log(1 + np.exp(-np.abs(m))))
    )


def averaged(X, y, w, b):
    """You return the mean; asked for is the sum."""
    return np.mean(np.logaddexp(0, -y * (X @ w + b)))


def rewarded(X, y, w, b):
    """Your sign is turned: a large positive margin yᵢ(xᵢᵀw + b) is right, and should cost little."""
    return np.sum(np.logaddexp(0, y * (X @ w + b)))


def zero_one_labels(X, y, w, b):
    """That formula is for labels 0 and 1. With −1 and +1 the loss is log(1 + exp(−y·score))."""
    s = X @ w + b
    return np.sum(np.logaddexp(0, s) - y * s)


def without_b(X, y, w, b):
    """You leave out the intercept b."""
    return np.sum(np.logaddexp(0, -y * (X @ w)))


def in_bits(X, y, w, b):
    """You take logarithms to base 2; the loss is in natural logarithms."""
    return np.sum(np.logaddexp(0, -y * (X @ w + b))) / np.log(2)


def _by_cases(X, y, w, b):
    total = 0.0
    for row, label in zip(X, y, strict=True):
        m = label * (float(row @ w) + b)
        total += np.log1p(np.exp(-m)) if m > 0 else -m + np.log1p(np.exp(m))
    return total


def _with_the_positive_part(X, y, w, b):
    m = y * (X @ w + b)
    return float(np.maximum(-m, 0).sum() + np.log1p(np.exp(-np.abs(m))).sum())


LOSS = Exercise(
    logistic_loss,
    _points,
    _certify,
    title="A loss that does not overflow",
    difficulty=1,
    minutes=8,
    hints=(
        "Compute the margins m = y(Xw + b) first. What is log(1 + exp(−m)) nearly, for m = −1000? And for m = 40?",
        "log(1 + e⁻ᵐ) = log(e⁰ + e⁻ᵐ): numpy has a function for the logarithm of a sum of two exponentials.",
        "np.logaddexp(0, -m), summed.",
    ),
    mistakes=(
        overflowing,
        clipped,
        one_added_too_early,
        averaged,
        rewarded,
        zero_one_labels,
        without_b,
        in_bits,
    ),
    alternatives=(_by_cases, _with_the_positive_part),
)
