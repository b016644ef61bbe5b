"""support_vectors: judged by the margins, which decide what each multiplier can be."""

import numpy as np

from ..exercise import Exercise


def support_vectors(X, y, w, b):
    """For each row what its multiplier must be at the optimum (w, b):
    0, 1 or 2, an array of shape (n,).

    0: aᵢ = 0, the row lies beyond the margin; 1: 0 ≤ aᵢ ≤ C, it lies on the margin, up to 1e-6;
    2: aᵢ = C, it lies inside the margin or on the wrong side. X of shape (n, p), y of shape
    (n,) with entries −1, +1.
    """
    m = y * (X @ w + b)
    return np.where(m > 1 + 1e-6, 0, np.where(m < 1 - 1e-6, 2, 1))


def _machines(rng):
    for n, p in ((12, 3), (9, 2), (20, 5)):
        w, b = rng.standard_normal(p), float(rng.uniform(0.3, 1))
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        margins = rng.permutation(
            np.concatenate(
                [
                    np.ones(3),
                    rng.uniform(0.1, 0.9, 2),
                    rng.uniform(-2, -0.1, 2),
                    rng.uniform(1.2, 3, n - 7),
                ]
            )
        )
        X = rng.standard_normal((n, p))
        X = X + np.outer(y * margins - b - X @ w, w) / (w @ w)
        yield {"X": X, "y": y, "w": w, "b": b}


def _certify(kinds, X, y, w, b):
    m = y * (X @ w + b)
    right = np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m > 1, 0, 2))
    wrong = np.flatnonzero(np.asarray(kinds) != right)
    if len(wrong) == 0:
        return True
    i = int(wrong[0])
    names = ("0, beyond the margin", "1, on the margin", "2, inside it or on the wrong side")
    return f"row {i} has the margin {m[i]:.4g}: its kind is {names[right[i]]}; yours is {short_kind(kinds[i])}"


def short_kind(kind):
    return f"{float(kind):.4g}"


def misclassified_only(X, y, w, b):
    """You call only the misclassified rows 2. A row on the right side with a margin below 1 pays too, and its multiplier is C."""
    m = y * (X @ w + b)
    return np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m < 0, 2, 0))


def no_tolerance(X, y, w, b):
    """You ask for a margin of exactly 1: in floating point it is 1 up to rounding, so allow 1e-6."""
    m = y * (X @ w + b)
    return np.where(m == 1, 1, np.where(m > 1, 0, 2))


def without_labels(X, y, w, b):
    """You use the scores xᵢᵀw + b without their labels: the margin is yᵢ times that."""
    m = X @ w + b
    return np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m > 1, 0, 2))


def other_way_round(X, y, w, b):
    """You have 0 and 2 the wrong way round: beyond the margin the multiplier is zero."""
    m = y * (X @ w + b)
    return np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m > 1, 2, 0))


def b_forgotten(X, y, w, b):
    """You leave out b."""
    m = y * (X @ w)
    return np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m > 1, 0, 2))


def by_distance(X, y, w, b):
    """You measure distances to the hyperplane, yᵢ(xᵢᵀw + b)/‖w‖: the margin is 1 where the score is, not the distance."""
    m = y * (X @ w + b) / np.linalg.norm(w) * 1.01
    return np.where(np.abs(m - 1) <= 1e-6, 1, np.where(m > 1, 0, 2))


def _by_the_sign(X, y, w, b):
    slack = 1 - y * (X @ w + b)
    return [1 if abs(s) <= 1e-6 else 2 if s > 0 else 0 for s in slack]


def _in_a_loop(X, y, w, b):
    kinds = np.zeros(len(y))
    for i in range(len(y)):
        m = y[i] * (sum(X[i][j] * w[j] for j in range(len(w))) + b)
        if m <= 1 + 1e-6:
            kinds[i] += 1
        if m < 1 - 1e-6:
            kinds[i] += 1
    return kinds


SUPPORT = Exercise(
    support_vectors,
    _machines,
    _certify,
    title="Which rows hold the margin",
    difficulty=2,
    minutes=8,
    hints=(
        "Everything is decided by the margins yᵢ(xᵢᵀw + b), compared with 1.",
        "Complementary slackness: aᵢ > 0 forces a margin of at most 1, and aᵢ < C one of at least 1.",
        "np.where twice, with a tolerance of 1e-6 around 1.",
    ),
    mistakes=(
        misclassified_only,
        no_tolerance,
        without_labels,
        other_way_round,
        b_forgotten,
        by_distance,
    ),
    alternatives=(_by_the_sign, _in_a_loop),
)
