"""lambda_max: judged by its definition, zero is optimal at it and no longer below it."""

import numpy as np

from ..exercise import Exercise, same


def lambda_max(X, y):
    """The smallest λ for which w = 0 minimises ½‖Xw + b − y‖² + λ‖w‖₁ over w and b.

    X of shape (n, p) and y of shape (n,), not centred. The result is a number.
    """
    return np.max(np.abs(X.T @ (y - y.mean())))


def _data(rng):
    for n, p in ((10, 4), (5, 12), (30, 3), (6, 1)):
        X = rng.standard_normal((n, p)) + rng.uniform(-2, 2, p)
        y = 5 + X @ rng.standard_normal(p) + rng.standard_normal(n)
        slopes = X.T @ (y - y.mean())
        j = int(np.argmax(np.abs(slopes)))
        X[:, j] *= np.sign(slopes[j]) * (1 if p == 12 else -1)  # the largest of either sign
        yield {"X": X, "y": y}


def _certify(value, X, y):
    # w = 0 with b = ȳ is optimal if and only if |xⱼᵀ(ȳ − y)| ≤ λ for every j
    return same(value, float(np.max(np.abs(X.T @ (y - y.mean())))), "the value of λ_max")


def intercept_forgotten(X, y):
    """At w = 0 the best b is the mean of y, and what the columns see is y − ȳ, not y."""
    return np.max(np.abs(X.T @ y))


def mean_square(X, y):
    """You divide by n: that is the λ of the mean of the squares, (1/2n)‖·‖², as scikit-learn writes it."""
    return np.max(np.abs(X.T @ (y - y.mean()))) / len(y)


def positive_only(X, y):
    """You look for the largest inner product and forget its absolute value: a column may enter with a negative weight."""
    return np.max(X.T @ (y - y.mean()))


def smallest(X, y):
    """You take the smallest |xⱼᵀ(y − ȳ)|: then the other columns already want to move. Zero is optimal when no column does."""
    return np.min(np.abs(X.T @ (y - y.mean())))


def twice(X, y):
    """You are off by the factor 2 of the derivative: the ½ before the square cancels it."""
    return 2 * np.max(np.abs(X.T @ (y - y.mean())))


def summed(X, y):
    """You add up |xⱼᵀ(y − ȳ)|: each column is held back by its own λ|wⱼ|, so the largest decides."""
    return np.sum(np.abs(X.T @ (y - y.mean())))


def in_length(X, y):
    """You take the Euclidean length of Xᵀ(y − ȳ). The dual of ‖·‖₁ is the largest entry."""
    return np.linalg.norm(X.T @ (y - y.mean()))


def _by_centred_columns(X, y):
    return float(np.linalg.norm((X - X.mean(axis=0)).T @ y, np.inf))


def _column_by_column(X, y):
    mean = sum(y) / len(y)
    best = 0.0
    for j in range(len(X[0])):
        best = max(best, abs(sum(X[i][j] * (y[i] - mean) for i in range(len(y)))))
    return best


LARGEST = Exercise(
    lambda_max,
    _data,
    _certify,
    title="The λ from which on nothing is selected",
    difficulty=2,
    minutes=8,
    hints=(
        "With w = 0, which b is best, and what is then the residual?",
        "w = 0 is optimal when 0 ∈ xⱼᵀ(b𝟏 − y) + λ[−1, 1] for every column j.",
        "The inner product xⱼᵀ(y − ȳ) that is largest in size.",
    ),
    mistakes=(intercept_forgotten, mean_square, positive_only, smallest, twice, summed, in_length),
    alternatives=(_by_centred_columns, _column_by_column),
)
