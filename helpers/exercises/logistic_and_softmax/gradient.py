"""logistic_gradient: judged row by row by the definition, each σ computed for itself."""

import math

import numpy as np

from ..exercise import Exercise


def logistic_gradient(X, y, lam, w, b):
    """The gradient of f(w, b) = Σᵢ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖²: a pair (∇_w f, ∂f/∂b).

    X of shape (n, p), y of shape (n,) with entries −1 and +1, lam ≥ 0, w of shape (p,), b a
    number. The first entry has shape (p,), the second is a number. Finite for margins from
    −10000 to 10000.
    """
    m = y * (X @ w + b)
    slopes = -y * np.exp(-np.logaddexp(0, m))
    return X.T @ slopes + lam * w, np.sum(slopes)


def _points(rng):
    for n, p, lam in ((9, 3, 0.7), (1, 1, 0.0), (4, 8, 2.0), (7, 2, 0.0)):
        X = rng.standard_normal((n, p)) + (1 if p == 2 else 0)
        y = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
        w = rng.uniform(0.5, 1.5, p) * rng.choice([-1.0, 1.0], p)
        yield {"X": X, "y": y, "lam": lam, "w": w, "b": float(rng.uniform(0.3, 1))}
    X = rng.standard_normal((6, 2))
    X[:, 0] = np.array([900.0, -1500.0, -800.0, 3000.0, 0.1, -0.3])
    y = np.array([1.0, 1.0, -1.0, -1.0, 1.0, -1.0])  # margins of thousands, both signs and labels
    yield {"X": X, "y": y, "lam": 0.4, "w": np.array([1.5, -1.0]), "b": 0.6}


def _sigma(t):
    return 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))


def _certify(value, X, y, lam, w, b):
    slopes = [
        -yi * _sigma(-yi * (math.fsum(xi * w) + b)) for xi, yi in zip(X.tolist(), y, strict=True)
    ]
    for name, got, terms in [
        *(
            (f"entry {j} of ∇_w f", value[0][j], [*(slopes * X[:, j]), lam * w[j]])
            for j in range(len(w))
        ),
        ("∂f/∂b", value[1], slopes),
    ]:
        right = math.fsum(terms)
        if not abs(got - right) <= 1e-5 * max(map(abs, terms)):
            return f"{name} should be {right:.6g}; yours is {got:.6g}"
    return True


def _sigmoid(t):
    e = np.exp(-np.abs(t))
    return np.where(t >= 0, 1, e) / (1 + e)


def intercept_penalised(X, y, lam, w, b):
    """You penalise the intercept: ½λ‖w‖² has no b in it, so ∂f/∂b has no λ."""
    c = -y * _sigmoid(-y * (X @ w + b))
    return X.T @ c + lam * w, np.sum(c) + lam * b


def penalty_forgotten(X, y, lam, w, b):
    """The penalty's gradient λw is missing."""
    c = -y * _sigmoid(-y * (X @ w + b))
    return X.T @ c, np.sum(c)


def penalty_doubled(X, y, lam, w, b):
    """The penalty is ½λ‖w‖²; its gradient is λw, not 2λw."""
    c = -y * _sigmoid(-y * (X @ w + b))
    return X.T @ c + 2 * lam * w, np.sum(c)


def sign_turned(X, y, lam, w, b):
    """Your loss term has the wrong sign: log(1 + e^(−m)) falls as the margin grows, so its derivative is −σ(−m)."""
    c = y * _sigmoid(-y * (X @ w + b))
    return X.T @ c + lam * w, np.sum(c)


def right_rows_pull(X, y, lam, w, b):
    """You weight a row with σ(m): then the rows that are right pull most. The derivative of log(1 + e^(−m)) is −σ(−m), nearly 0 for a row that is right."""
    c = -y * _sigmoid(y * (X @ w + b))
    return X.T @ c + lam * w, np.sum(c)


def averaged(X, y, lam, w, b):
    """You divide by n. Here the loss is the sum over the rows."""
    c = -y * _sigmoid(-y * (X @ w + b)) / len(y)
    return X.T @ c + lam * w, np.sum(c)


def label_only_once(X, y, lam, w, b):
    """By the chain rule the margin yᵢ(xᵢᵀw + b) gives the derivative a factor yᵢ, which is missing."""
    c = -_sigmoid(-y * (X @ w + b))
    return X.T @ c + lam * w, np.sum(c)


def labels_zero_and_one(X, y, lam, w, b):
    """σ(s) − y is the slope for labels 0 and 1. With −1 and +1 it is σ(s) − (1 + y)/2."""
    c = _sigmoid(X @ w + b) - y
    return X.T @ c + lam * w, np.sum(c)


def perceptron(X, y, lam, w, b):
    """You count only the rows that are wrong, all alike: that is the perceptron. The logistic loss weights every row by σ(−m), between 0 and 1."""
    c = -y * (y * (X @ w + b) < 0)
    return X.T @ c + lam * w, np.sum(c)


def infinity_by_infinity(X, y, lam, w, b):
    """For a margin below −709 your e^(−m)/(1 + e^(−m)) is ∞/∞, NaN. 1/(1 + e^m) is the same number and cannot be NaN."""
    e = np.exp(-y * (X @ w + b))
    c = -y * e / (1 + e)
    return X.T @ c + lam * w, np.sum(c)


def intercept_averaged(X, y, lam, w, b):
    """∂f/∂b is the sum of the slopes, not their mean: b enters every row with the factor 1."""
    c = -y * _sigmoid(-y * (X @ w + b))
    return X.T @ c + lam * w, np.mean(c)


def _by_probabilities(X, y, lam, w, b):
    p = 1 / (1 + np.exp(np.minimum(-(X @ w + b), 700)))
    c = p - (1 + y) / 2
    return X.T @ c + lam * w, c.sum()


def _row_by_row(X, y, lam, w, b):
    g, slope = lam * w, 0.0
    for xi, yi in zip(X, y, strict=True):
        c = -yi / (1 + np.exp(min(yi * (xi @ w + b), 700)))
        g, slope = g + c * xi, slope + c
    return [g.tolist(), slope]


def _by_tanh(X, y, lam, w, b):
    c = -y * (1 - np.tanh(y * (X @ w + b) / 2)) / 2
    return X.T @ c + lam * w, c.sum()


GRADIENT = Exercise(
    logistic_gradient,
    _points,
    _certify,
    title="The slope of the logistic loss",
    difficulty=2,
    minutes=10,
    hints=(
        "One row: what is the derivative of log(1 + e^(−m)) by m? It lies between −1 and 0.",
        "m = y(xᵀw + b), so by the chain rule row i adds cᵢxᵢ to the gradient in w and cᵢ to that in b, with the same cᵢ = −yᵢσ(−mᵢ).",
        "Xᵀc + λw and the sum of c. σ(−m) = 1/(1 + e^m) overflows to a right 0 at worst; e^(−m)/(1 + e^(−m)) gives NaN.",
    ),
    mistakes=(
        intercept_penalised,
        penalty_forgotten,
        penalty_doubled,
        sign_turned,
        right_rows_pull,
        averaged,
        label_only_once,
        labels_zero_and_one,
        perceptron,
        infinity_by_infinity,
        intercept_averaged,
    ),
    alternatives=(_by_probabilities, _row_by_row, _by_tanh),
)
