"""svm_dual_objective: judged by its value."""

import numpy as np

from ..exercise import Exercise, same


def svm_dual_objective(X, y, a):
    """The dual value Σ aᵢ − ½‖Σ aᵢyᵢxᵢ‖² of the support vector machine
    at multipliers a, a number.

    X of shape (n, p), y of shape (n,) with entries −1 and +1, a of shape (n,).
    """
    w = X.T @ (a * y)
    return np.sum(a) - w @ w / 2


def _multipliers(rng):
    for n, p in ((8, 3), (5, 9), (20, 2), (1, 4)):
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
        yield {"X": rng.standard_normal((n, p)), "y": y, "a": rng.uniform(0, 2, n)}


def _certify(value, X, y, a):
    K = (y[:, None] * X) @ (y[:, None] * X).T
    return same(value, float(a.sum() - a @ K @ a / 2), "the dual value")


def labels_forgotten(X, y, a):
    """The labels are missing: w = Σ aᵢyᵢxᵢ."""
    w = X.T @ a
    return np.sum(a) - w @ w / 2


def half_forgotten(X, y, a):
    """The ½ before ‖w‖² is missing."""
    w = X.T @ (a * y)
    return np.sum(a) - w @ w


def to_minimise(X, y, a):
    """You return minus the dual: solvers like to minimise it, but the bound is the maximum."""
    w = X.T @ (a * y)
    return w @ w / 2 - np.sum(a)


def labels_in_the_sum(X, y, a):
    """The first sum is of the aᵢ themselves; Σ aᵢyᵢ is zero at every feasible point."""
    w = X.T @ (a * y)
    return np.sum(a * y) - w @ w / 2


def not_squared(X, y, a):
    """‖Σ aᵢyᵢxᵢ‖ enters squared."""
    return np.sum(a) - np.linalg.norm(X.T @ (a * y)) / 2


def diagonal_only(X, y, a):
    """You leave out the products of different rows: ‖Σ aᵢyᵢxᵢ‖² is a double sum."""
    return np.sum(a) - np.sum((a * y) ** 2 * np.sum(X**2, axis=1)) / 2 - 1e-3


def _by_the_gram_matrix(X, y, a):
    return float(a.sum() - 0.5 * (a * y) @ (X @ X.T) @ (a * y))


def _in_loops(X, y, a):
    total = 0.0
    for i in range(len(y)):
        total += a[i]
        for j in range(len(y)):
            total -= a[i] * a[j] * y[i] * y[j] * float(X[i] @ X[j]) / 2
    return total


DUAL = Exercise(
    svm_dual_objective,
    _multipliers,
    _certify,
    title="The dual, as a function",
    difficulty=1,
    minutes=6,
    hints=(
        "The vector Σ aᵢyᵢxᵢ is a combination of rows of X: which product of X gives it?",
        "w = X.T @ (a * y).",
        "The value is the sum of a minus half of w @ w.",
    ),
    mistakes=(
        labels_forgotten,
        half_forgotten,
        to_minimise,
        labels_in_the_sum,
        not_squared,
        diagonal_only,
    ),
    alternatives=(_by_the_gram_matrix, _in_loops),
)
