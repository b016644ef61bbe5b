"""softmax_gradient: judged entry by entry, each probability from its own sum of exponentials."""

import math

import numpy as np

from ..exercise import Exercise


def softmax_gradient(X, y, lam, W):
    """The gradient of f(W) = Σᵢ [log Σₖ exp(xᵢᵀwₖ) − xᵢᵀw_{yᵢ}] + ½λ‖W‖²_F, of shape (p, K).

    X of shape (n, p), y of shape (n,) with entries 0, ..., K−1 (a class may have no row),
    lam ≥ 0, W of shape (p, K) with columns wₖ. Finite for scores up to 10000 in size.
    """
    F = X @ W
    P = np.exp(F - np.max(F, axis=1, keepdims=True))
    P = P / np.sum(P, axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[y]) + lam * W


def _points(rng):
    for n, p, K, lam in (
        (9, 3, 4, 0.6),
        (5, 7, 3, 0.0),
        (6, 4, 4, 1.5),
        (1, 2, 3, 0.3),
        (8, 1, 2, 0.8),
    ):
        y = rng.permutation(np.arange(n) % K)
        if (n, K) == (6, 4):
            y = np.array([0, 1, 2, 2, 1, 0])  # the last class has no row
        X = rng.standard_normal((n, p)) + 0.5
        yield {"X": X, "y": y, "lam": lam, "W": rng.standard_normal((p, K))}
    X = rng.standard_normal((6, 3))
    X[:, 0] = 1000, -1200, 2000, 0.2, -900, 0.5
    W = np.array([[1.0, -1.0, 2.0], [0.3, 0.2, -0.5], [0.1, -0.4, 0.7]])
    yield {"X": X, "y": np.array([0, 1, 2, 0, 2, 1]), "lam": 0.5, "W": W}
    X = rng.standard_normal((4, 2))
    X[:, 0] = 600, -600, 450, -500  # no score overflows, but the rows lie 1200 apart
    W = np.array([[1.0, 1.002, 0.998], [0.5, -0.6, 0.2]])
    yield {"X": X, "y": np.array([0, 1, 2, 0]), "lam": 0.2, "W": W}


def _certify(value, X, y, lam, W):
    n, K = len(X), W.shape[1]
    F = X @ W
    slopes = np.empty((n, K))
    for i in range(n):
        for k in range(K):  # 1 / Σⱼ exp(fⱼ − fₖ), each with its own exponentials
            others = [min(float(F[i, j] - F[i, k]), 700.0) for j in range(K)]
            slopes[i, k] = 1 / math.fsum(map(math.exp, others)) - (y[i] == k)
    right = X.T @ slopes + lam * W
    size = np.abs(X).T @ np.abs(slopes) + lam * np.abs(W) + 1e-9 * np.abs(X).max()
    off = np.abs(value - right)
    if np.all(off <= 1e-5 * size):
        return True
    j, k = (int(i) for i in np.unravel_index(np.argmax(off / size), off.shape))
    return f"the derivative by W[{j}, {k}] should be {right[j, k]:.6g}; yours is {value[j, k]:.6g}"


def _softmax(F):
    E = np.exp(F - F.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def overflowed(X, y, lam, W):
    """exp overflows for a score above 709, and ∞/∞ is NaN. Adding one number to all scores of a row does not change its probabilities: subtract the row's maximum first."""
    E = np.exp(X @ W)
    return X.T @ (E / E.sum(axis=1, keepdims=True) - np.eye(W.shape[1])[y]) + lam * W


def one_maximum_for_all(X, y, lam, W):
    """You subtract the maximum of the whole matrix. A row whose scores all lie far below it becomes 0/0: subtract each row's own maximum."""
    F = X @ W
    E = np.exp(F - F.max())
    return X.T @ (E / E.sum(axis=1, keepdims=True) - np.eye(W.shape[1])[y]) + lam * W


def over_the_rows(X, y, lam, W):
    """Your probabilities sum to 1 over the samples. Each sample, a row, has its own distribution over the classes: axis=1."""
    F = X @ W
    E = np.exp(F - F.max(axis=0))
    return X.T @ (E / E.sum(axis=0) - np.eye(W.shape[1])[y]) + lam * W


def labels_forgotten(X, y, lam, W):
    """The second term is missing: −xᵢᵀw_{yᵢ} takes 1 from the probability of the right class."""
    return X.T @ _softmax(X @ W) + lam * W


def sign_turned(X, y, lam, W):
    """Your loss term has the wrong sign: the slope in score k is pₖ minus 1 for the right class."""
    return X.T @ (np.eye(W.shape[1])[y] - _softmax(X @ W)) + lam * W


def averaged(X, y, lam, W):
    """You divide by n. Here the loss is the sum over the rows."""
    return X.T @ (_softmax(X @ W) - np.eye(W.shape[1])[y]) / len(y) + lam * W


def penalty_forgotten(X, y, lam, W):
    """The penalty's gradient λW is missing."""
    return X.T @ (_softmax(X @ W) - np.eye(W.shape[1])[y])


def penalty_doubled(X, y, lam, W):
    """The penalty is ½λ‖W‖²; its gradient is λW, not 2λW."""
    return X.T @ (_softmax(X @ W) - np.eye(W.shape[1])[y]) + 2 * lam * W


def one_against_the_rest(X, y, lam, W):
    """You use a sigmoid for each class: that is K separate logistic regressions. The classes of softmax share their probabilities, which sum to 1."""
    S = (1 + np.tanh(X @ W / 2)) / 2
    return X.T @ (S - np.eye(W.shape[1])[y]) + lam * W


def only_the_right_class(X, y, lam, W):
    """You move only the column of the right class. The scores of all classes stand in the log-sum-exp, so each wrong class is pushed down by its probability."""
    Y = np.eye(W.shape[1])[y]
    return X.T @ ((_softmax(X @ W) - Y) * Y) + lam * W


def turned_over(X, y, lam, W):
    """Your result is the transpose, of shape (K, p). The gradient has the shape of W."""
    return (X.T @ (_softmax(X @ W) - np.eye(W.shape[1])[y]) + lam * W).T


def classes_counted_from_the_labels(X, y, lam, W):
    """You count the classes in y. A class may have no row in this sample: K is the number of columns of W."""
    return X.T @ (_softmax(X @ W) - np.eye(int(y.max()) + 1)[y]) + lam * W


def _row_by_row(X, y, lam, W):
    G = lam * W
    for xi, yi in zip(X, y, strict=True):
        f = xi @ W
        p = np.exp(f - f.max())
        p = p / p.sum()
        p[yi] -= 1
        G = G + np.outer(xi, p)
    return G


def _by_log_sum_exp(X, y, lam, W):
    F = X @ W
    P = np.exp(F - np.logaddexp.reduce(F, axis=1)[:, None])
    P[np.arange(len(y)), y] -= 1
    return (P.T @ X).T + lam * W


def _class_by_class(X, y, lam, W):
    F = X @ W
    columns = []
    for k in range(W.shape[1]):
        p = 1 / np.exp(np.minimum(F - F[:, [k]], 600)).sum(axis=1)
        columns.append((X.T @ (p - (y == k)) + lam * W[:, k]).tolist())
    return [list(row) for row in zip(*columns, strict=True)]


SOFTMAX = Exercise(
    softmax_gradient,
    _points,
    _certify,
    title="The slope of softmax regression",
    difficulty=3,
    minutes=12,
    hints=(
        "One row with the scores f₁, ..., f_K: what is the derivative of log Σ exp(fⱼ) by fₖ?",
        "It is the probability pₖ = exp(fₖ)/Σ exp(fⱼ), so the row's slope in its scores is p minus the unit vector of its class. The chain rule through F = XW gives Xᵀ(P − Y).",
        "Subtract each row's maximum before exp, with keepdims=True. np.eye(K)[y] has the unit vectors of the labels as its rows.",
    ),
    mistakes=(
        overflowed,
        one_maximum_for_all,
        over_the_rows,
        labels_forgotten,
        sign_turned,
        averaged,
        penalty_forgotten,
        penalty_doubled,
        one_against_the_rest,
        only_the_right_class,
        turned_over,
        classes_counted_from_the_labels,
    ),
    alternatives=(_row_by_row, _by_log_sum_exp, _class_by_class),
)
