"""logistic_gradient: judged by central differences of the objective, and exactly where the margins are huge."""

import numpy as np

from ..exercise import Exercise, same


def logistic_gradient(X, y, w, b, lam):
    """The gradient of Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖² in w and its derivative in b: (g, d).

    X of shape (n, p), y of shape (n,) with entries −1 and +1, w of shape (p,); b and lam ≥ 0 are numbers.
    g has shape (p,), d is a number. The margins may be huge: no overflow, no NaN.
    """
    m = y * (X @ w + b)
    s = -y * np.exp(-np.logaddexp(0, m))
    return X.T @ s + lam * w, np.sum(s)


def _points(rng):
    for n, p, size, lam in (
        (8, 3, 1.0, 0.5),
        (5, 7, 0.5, 2.0),
        (12, 2, 1.0, 0.0),
        (6, 3, 1500.0, 0.1),
    ):
        X = rng.standard_normal((n, p)) + rng.uniform(-1, 1, p)
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
        y[0], y[1] = -1.0, 1.0
        yield {
            "X": X,
            "y": y,
            "w": size * rng.standard_normal(p),
            "b": float(rng.uniform(0.5, 1.5)),
            "lam": lam,
        }


def _certify(value, X, y, w, b, lam):
    g, d = value
    m = y * (X @ w + b)
    chance = np.where(m > 0, np.exp(-np.abs(m)), 1.0) / (1 + np.exp(-np.abs(m)))
    slopes = -y * chance  # each row's derivative in its score, by the case that does not overflow
    verdict = same(g, X.T @ slopes + lam * w, "the gradient in w", rtol=1e-6)
    return verdict if verdict is not True else same(d, float(slopes.sum()), "the derivative in b")


def nan_for_large_margins(X, y, w, b, lam):
    """For margins below −709 you divide infinity by infinity. The same probability is 1/(1 + exp(m)), which only overflows to 0."""
    with np.errstate(all="ignore"):
        e = np.exp(-y * (X @ w + b))
        s = -y * e / (1 + e)
    return X.T @ s + lam * w, np.sum(s)


def the_other_probability(X, y, w, b, lam):
    """You weight each row with the probability of being right. What pulls is the probability of being wrong, 1/(1 + exp(margin))."""
    m = y * (X @ w + b)
    s = -y * np.exp(-np.logaddexp(0, -m))
    return X.T @ s + lam * w, np.sum(s)


def uphill(X, y, w, b, lam):
    """The sign of the loss's part is turned: you add the gradient of the log-likelihood to that of the penalty."""
    s = y * np.exp(-np.logaddexp(0, y * (X @ w + b)))
    return X.T @ s + lam * w, np.sum(s)


def penalised_b(X, y, w, b, lam):
    """You penalise the intercept: the derivative in b has no λ."""
    s = -y * np.exp(-np.logaddexp(0, y * (X @ w + b)))
    return X.T @ s + lam * w, np.sum(s) + lam * b


def penalty_forgotten(X, y, w, b, lam):
    """The penalty's gradient λw is missing."""
    s = -y * np.exp(-np.logaddexp(0, y * (X @ w + b)))
    return X.T @ s, np.sum(s)


def averaged(X, y, w, b, lam):
    """You divide by n: the loss is a sum."""
    s = -y * np.exp(-np.logaddexp(0, y * (X @ w + b))) / len(y)
    return X.T @ s + lam * w, np.sum(s)


def labels_zero_one(X, y, w, b, lam):
    """You subtract y from the probability as if y were 0 or 1; here y is −1 or +1, so the target is (y + 1)/2."""
    s = np.exp(-np.logaddexp(0, -(X @ w + b))) - y
    return X.T @ s + lam * w, np.sum(s)


def label_forgotten(X, y, w, b, lam):
    """The chain rule gives a factor −yᵢ for each row; yours is −1 for all."""
    s = -np.exp(-np.logaddexp(0, y * (X @ w + b)))
    return X.T @ s + lam * w, np.sum(s)


def _with_zero_one_targets(X, y, w, b, lam):
    score = X @ w + b
    p = np.where(score >= 0, 1, np.exp(-np.abs(score))) / (1 + np.exp(-np.abs(score)))
    s = p - (y + 1) / 2
    return X.T @ s + lam * w, s.sum()


def _by_tanh(X, y, w, b, lam):
    s = [-t / 2 * (1 - np.tanh(t * (float(x @ w) + b) / 2)) for x, t in zip(X, y, strict=True)]
    g = [sum(x[j] * v for x, v in zip(X, s, strict=True)) + lam * w[j] for j in range(len(w))]
    return [np.array(g), sum(s)]


GRADIENT = Exercise(
    logistic_gradient,
    _points,
    _certify,
    title="Who pulls, and how strongly",
    difficulty=2,
    minutes=12,
    hints=(
        "Differentiate log(1 + e⁻ᵐ) in m. What does the result say about a row that is far on the right side?",
        "The derivative in the score is sᵢ = −yᵢ/(1 + exp(mᵢ)). Then g = Xᵀs + λw and d = Σsᵢ.",
        "1/(1 + eᵐ) = exp(−log(1 + eᵐ)) = np.exp(-np.logaddexp(0, m)) never overflows.",
    ),
    mistakes=(
        nan_for_large_margins,
        the_other_probability,
        uphill,
        penalised_b,
        penalty_forgotten,
        averaged,
        labels_zero_one,
        label_forgotten,
    ),
    alternatives=(_with_zero_one_targets, _by_tanh),
)
