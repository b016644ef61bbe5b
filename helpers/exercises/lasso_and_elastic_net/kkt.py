"""lasso_kkt: how far each coordinate is from its optimality condition, judged by the definition."""

import numpy as np

from ..exercise import Exercise, same


def lasso_kkt(X, y, lam, w):
    """How far each coordinate violates the optimality conditions of ½‖Xw − y‖² + λ‖w‖₁ at w.

    Entry j of the result, of shape (p,), is the distance from 0 to the set
    xⱼᵀ(Xw − y) + λ∂|wⱼ|, where ∂|wⱼ| is {sign(wⱼ)} if wⱼ ≠ 0 and the interval [−1, 1]
    if wⱼ = 0. All zero: w is optimal. X of shape (n, p), y of shape (n,), w of shape
    (p,), lam > 0.
    """
    slope = X.T @ (X @ w - y)
    moving = np.abs(slope + lam * np.sign(w))
    resting = np.maximum(np.abs(slope) - lam, 0)
    return np.where(w != 0, moving, resting)


def _points(rng):
    for n, p, lam in (
        (8, 5, 1.0),
        (5, 9, 0.5),
        (20, 4, 6.0),
        (6, 1, 0.7),
        (10, 6, 2.0),
        (9, 3, 1.5),
    ):
        X = rng.standard_normal((n, p))
        y = X @ rng.standard_normal(p) + rng.standard_normal(n)
        w = rng.standard_normal(p) * (rng.uniform(size=p) < 0.5)
        if p == 6:  # the optimum itself, by many sweeps of coordinate descent
            w = np.zeros(p)
            for _ in range(2000):
                for j in range(p):
                    c = X[:, j] @ (y - X @ w + X[:, j] * w[j])
                    w[j] = np.sign(c) * max(abs(c) - lam, 0) / (X[:, j] @ X[:, j])
        if p == 3:  # least squares without column 0, whose slope lies inside the interval
            w[0], w[1:] = 0, np.linalg.lstsq(X[:, 1:], y, rcond=None)[0]
            lam = 1.5 * float(np.abs(X[:, 0] @ (X @ w - y)))
        if p == 5:
            w[0], w[1] = -0.4, 0.0
        yield {"X": X, "y": y, "lam": lam, "w": w}


def _certify(value, X, y, lam, w):
    right = np.empty(len(w))
    for j, slope in enumerate(X.T @ (X @ w - y)):
        low, high = (-1.0, 1.0) if w[j] == 0 else (np.sign(w[j]), np.sign(w[j]))
        right[j] = max(slope + lam * low, -(slope + lam * high), 0.0)
    if np.allclose(value, right, rtol=1e-6, atol=1e-8 * max(1.0, float(np.abs(X.T @ y).max()))):
        return True
    return same(value, right, "the violations")


def sign_of_zero(X, y, lam, w):
    """You treat wⱼ = 0 like the others, with sign(0) = 0. At zero every slope between −λ and λ is allowed."""
    return np.abs(X.T @ (X @ w - y) + lam * np.sign(w))


def zero_is_free(X, y, lam, w):
    """You call every coordinate with wⱼ = 0 satisfied. It is only while the slope is at most λ in size; beyond, it ought to move."""
    return np.where(w != 0, np.abs(X.T @ (X @ w - y) + lam * np.sign(w)), 0)


def residual_turned(X, y, lam, w):
    """Your residual has the wrong sign: the slope of ½‖Xw − y‖² is Xᵀ(Xw − y)."""
    slope = X.T @ (y - X @ w)
    moving = np.abs(slope + lam * np.sign(w))
    return np.where(w != 0, moving, np.maximum(np.abs(slope) - lam, 0))


def only_sizes(X, y, lam, w):
    """For wⱼ ≠ 0 you compare sizes only, | |slope| − λ |: the slope must be −λ sign(wⱼ), with the right sign."""
    slope = np.abs(X.T @ (X @ w - y))
    return np.where(w != 0, np.abs(slope - lam), np.maximum(slope - lam, 0))


def all_resting(X, y, lam, w):
    """You treat every coordinate as if wⱼ = 0. Where wⱼ ≠ 0 there is no freedom left: the slope must be −λ sign(wⱼ)."""
    return np.maximum(np.abs(X.T @ (X @ w - y)) - lam, 0)


def half_lost(X, y, lam, w):
    """Your slope is twice too steep: the ½ before the square cancels the 2 of the derivative."""
    slope = 2 * X.T @ (X @ w - y)
    moving = np.abs(slope + lam * np.sign(w))
    return np.where(w != 0, moving, np.maximum(np.abs(slope) - lam, 0))


def one_sided(X, y, lam, w):
    """At wⱼ = 0 you return |slope| − λ even where it is negative: inside the interval the distance is zero."""
    slope = X.T @ (X @ w - y)
    return np.where(w != 0, np.abs(slope + lam * np.sign(w)), np.abs(slope) - lam)


def signed(X, y, lam, w):
    """You return slopes with their signs; a distance is never negative."""
    slope = X.T @ (X @ w - y)
    rest = np.sign(slope) * np.maximum(np.abs(slope) - lam, 0)
    return np.where(w != 0, slope + lam * np.sign(w), rest)


def worst_only(X, y, lam, w):
    """You return one number; asked for is the violation of each coordinate, shape (p,)."""
    slope = X.T @ (X @ w - y)
    moving = np.abs(slope + lam * np.sign(w))
    return np.max(np.where(w != 0, moving, np.maximum(np.abs(slope) - lam, 0)))


def _by_projection(X, y, lam, w):
    g = X.T @ (X @ w - y)
    nearest = np.where(w > 0, -lam, np.where(w < 0, lam, np.clip(g, -lam, lam)))
    return np.abs(g - nearest)


def _coordinate_by_coordinate(X, y, lam, w):
    r = X @ w - y
    result = []
    for j in range(len(w)):
        slope = float(X[:, j] @ r)
        if w[j] > 0:
            result.append(abs(slope + lam))
        elif w[j] < 0:
            result.append(abs(slope - lam))
        else:
            result.append(max(0.0, slope - lam, -slope - lam))
    return result


KKT = Exercise(
    lasso_kkt,
    _points,
    _certify,
    title="Is this w optimal, coordinate by coordinate?",
    difficulty=2,
    minutes=12,
    hints=(
        "Compute the slope s = Xᵀ(Xw − y) of the smooth part. Where wⱼ ≠ 0, what must sⱼ be?",
        "Where wⱼ ≠ 0: |sⱼ + λ sign(wⱼ)|. Where wⱼ = 0, the set is the interval [sⱼ − λ, sⱼ + λ]: how far is 0 from it?",
        "The distance from 0 to [s − λ, s + λ] is max(|s| − λ, 0). np.where puts the two cases together.",
    ),
    mistakes=(
        sign_of_zero,
        zero_is_free,
        residual_turned,
        only_sizes,
        one_sided,
        signed,
        worst_only,
        all_resting,
        half_lost,
    ),
    alternatives=(_by_projection, _coordinate_by_coordinate),
)
