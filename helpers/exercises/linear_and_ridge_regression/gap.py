"""ridge_gap: judged against the bound that its own dual point gives."""

import numpy as np

from ..exercise import Exercise, same


def ridge_gap(X, y, lam, w, b):
    """How far ½‖Xw + b − y‖² + ½λ‖w‖² is at most above its minimum:
    the duality gap at (w, b), a number.

    The dual problem is: maximise αᵀy − ½‖α‖² − ‖Xᵀα‖²/(2λ) over α of shape (n,) with Σαᵢ = 0.
    Take for α the residual y − Xw − b, made feasible by subtracting its mean.
    X of shape (n, p), y of shape (n,), w of shape (p,); b and lam > 0 are numbers.
    """
    r = y - X @ w - b
    alpha = r - r.mean()
    primal = r @ r / 2 + lam * (w @ w) / 2
    dual = alpha @ y - alpha @ alpha / 2 - np.sum((X.T @ alpha) ** 2) / (2 * lam)
    return primal - dual


def _points(rng):
    for n, p, lam, away in (
        (10, 3, 2.0, 1.0),
        (5, 8, 0.3, 0.1),
        (20, 4, 10.0, 0.5),
        (6, 2, 1.0, 0.0),
    ):
        X = rng.standard_normal((n, p)) + rng.uniform(-2, 2, p)
        y = X @ rng.standard_normal(p) + rng.uniform(2, 5) + rng.standard_normal(n)
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T @ (y - y.mean()))
        w = w + away * rng.standard_normal(p)
        b = float(y.mean() - X.mean(axis=0) @ w + away * rng.uniform(0.5, 1))
        yield {"X": X, "y": y, "lam": lam, "w": w, "b": b}


def _certify(value, X, y, lam, w, b):
    r = y - X @ w - b
    alpha, lost = r - r.mean(), r.mean()
    gap = len(y) * lost**2 / 2 + np.sum((X.T @ alpha - lam * w) ** 2) / (2 * lam)
    size = (r @ r + lam * (w @ w)) / 2
    if abs(value - gap) <= 1e-9 * size:  # a difference of nearly equal numbers has no more digits
        return True
    return same(value, float(gap), "the gap")


def residual_not_centred(X, y, lam, w, b):
    """Your α does not sum to zero, so it is not feasible and its value bounds nothing: subtract the mean of the residual."""
    r = y - X @ w - b
    dual = r @ y - r @ r / 2 - np.sum((X.T @ r) ** 2) / (2 * lam)
    return r @ r / 2 + lam * (w @ w) / 2 - dual


def negative_residual(X, y, lam, w, b):
    """Your α has the wrong sign: it is y − Xw − b, centred."""
    r = X @ w + b - y
    alpha = r - r.mean()
    dual = alpha @ y - alpha @ alpha / 2 - np.sum((X.T @ alpha) ** 2) / (2 * lam)
    return r @ r / 2 + lam * (w @ w) / 2 - dual


def lam_not_divided(X, y, lam, w, b):
    """In the dual λ divides: the conjugate of ½λ‖w‖² is ‖v‖²/(2λ)."""
    r = y - X @ w - b
    alpha = r - r.mean()
    dual = alpha @ y - alpha @ alpha / 2 - lam * np.sum((X.T @ alpha) ** 2) / 2
    return r @ r / 2 + lam * (w @ w) / 2 - dual


def halves_forgotten(X, y, lam, w, b):
    """You leave out a factor ½ in the dual, before ‖α‖² or before ‖Xᵀα‖²/λ."""
    r = y - X @ w - b
    alpha = r - r.mean()
    dual = alpha @ y - alpha @ alpha - np.sum((X.T @ alpha) ** 2) / lam
    return r @ r / 2 + lam * (w @ w) / 2 - dual


def only_the_dual(X, y, lam, w, b):
    """You return the dual value, the bound below. The gap is the primal value minus it."""
    r = y - X @ w - b
    alpha = r - r.mean()
    return alpha @ y - alpha @ alpha / 2 - np.sum((X.T @ alpha) ** 2) / (2 * lam)


def relative(X, y, lam, w, b):
    """You divide the gap by the primal value; asked for is the gap itself."""
    r = y - X @ w - b
    alpha = r - r.mean()
    primal = r @ r / 2 + lam * (w @ w) / 2
    dual = alpha @ y - alpha @ alpha / 2 - np.sum((X.T @ alpha) ** 2) / (2 * lam)
    return (primal - dual) / primal


def penalty_forgotten(X, y, lam, w, b):
    """Your primal value lacks the penalty ½λ‖w‖²."""
    r = y - X @ w - b
    alpha = r - r.mean()
    dual = alpha @ y - alpha @ alpha / 2 - np.sum((X.T @ alpha) ** 2) / (2 * lam)
    return r @ r / 2 - dual


def _as_a_squared_gradient(X, y, lam, w, b):
    r = y - X @ w - b
    lost = np.mean(r)
    slope = X.T @ (r - lost) - lam * w
    return 0.5 * len(y) * lost**2 + 0.5 * (slope @ slope) / lam


def _in_loops(X, y, lam, w, b):
    n, p = len(X), len(w)
    r = [y[i] - b - sum(X[i][j] * w[j] for j in range(p)) for i in range(n)]
    mean = sum(r) / n
    a = [x - mean for x in r]
    v = [sum(X[i][j] * a[i] for i in range(n)) for j in range(p)]
    primal = sum(x * x for x in r) / 2 + lam * sum(x * x for x in w) / 2
    dual = sum(a[i] * (y[i] - a[i] / 2) for i in range(n)) - sum(x * x for x in v) / (2 * lam)
    return primal - dual


GAP = Exercise(
    ridge_gap,
    _points,
    _certify,
    title="A proof for ridge",
    difficulty=2,
    minutes=12,
    hints=(
        "Compute the residual r = y − Xw − b first. Which condition on α may it violate?",
        "α = r − mean(r) sums to zero, so its dual value is a lower bound of the minimum, whatever w and b are.",
        "gap = (½‖r‖² + ½λ‖w‖²) − (αᵀy − ½‖α‖² − ‖Xᵀα‖²/(2λ)). Note r in the first bracket, α in the second.",
    ),
    mistakes=(
        residual_not_centred,
        negative_residual,
        lam_not_divided,
        halves_forgotten,
        only_the_dual,
        relative,
        penalty_forgotten,
    ),
    alternatives=(_as_a_squared_gradient, _in_loops),
)
