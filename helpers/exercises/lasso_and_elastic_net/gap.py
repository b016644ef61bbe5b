"""lasso_gap: the gap with the best feasible multiple of the residual, judged by the dual itself."""

import numpy as np

from ..exercise import Exercise, same


def lasso_gap(X, y, lam, w):
    """How far ½‖Xw − y‖² + λ‖w‖₁ is at most above its minimum:
    primal minus dual value at w, a number.

    The dual is: maximise uᵀy − ½‖u‖² over u of shape (n,) with |xⱼᵀu| ≤ λ for every column xⱼ.
    Take for u the best feasible multiple u = s·r of the residual r = y − Xw, s any number.
    X of shape (n, p), y of shape (n,), w of shape (p,), lam > 0.
    """
    r = y - X @ w
    best = (r @ y) / max(r @ r, 1e-300)
    limit = lam / max(np.max(np.abs(X.T @ r)), 1e-300)
    u = np.clip(best, -limit, limit) * r
    primal = r @ r / 2 + lam * np.sum(np.abs(w))
    return primal - (u @ y - u @ u / 2)


def _points(rng):
    for n, p, lam, size in (
        (10, 4, 1.0, 0.5),
        (5, 9, 0.5, 1.0),
        (20, 5, 30.0, 0.1),
        (8, 3, 200.0, 0.2),
    ):
        X = rng.standard_normal((n, p))
        y = X @ rng.standard_normal(p) + rng.standard_normal(n)
        w = size * rng.standard_normal(p) * (rng.uniform(size=p) < 0.7)
        yield {"X": X, "y": y, "lam": lam, "w": w}
    X = rng.standard_normal((12, 3))
    y = X @ np.array([1.0, -2.0, 0.5]) + 0.1 * rng.standard_normal(12)
    yield {
        "X": X,
        "y": y,
        "lam": 0.5,
        "w": 3 * np.array([1.0, -2.0, 0.5]),
    }  # rᵀy < 0: s is negative
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    yield {"X": X, "y": y, "lam": 2.0, "w": 0.9 * w}
    lam = 3 * np.abs(X.T @ (y - X @ w / 2)).max()  # here the best s is near 2, and s ≤ 3
    yield {"X": X, "y": y, "lam": lam, "w": w / 2}


def _certify(value, X, y, lam, w):
    r = y - X @ w
    primal = r @ r / 2 + lam * np.abs(w).sum()
    ends = lam / np.abs(X.T @ r).max()
    duals = [
        s * (r @ y) - s**2 * (r @ r) / 2
        for s in (-ends, ends, float(np.clip((r @ y) / (r @ r), -ends, ends)))
    ]
    gap = float(primal - max(duals))
    if abs(value - gap) <= 1e-9 * primal:
        return True
    return same(value, gap, "the gap")


def not_scaled(X, y, lam, w):
    """Your u is the residual itself. Where some |xⱼᵀu| > λ it is not feasible, and its value bounds nothing."""
    u = y - X @ w
    return u @ u / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u / 2)


def scaled_to_the_limit(X, y, lam, w):
    """You always scale until a constraint is tight. That is feasible, but not the best multiple: the dual along s·r is a parabola, with its top at s = rᵀy/‖r‖²."""
    r = y - X @ w
    u = lam / np.max(np.abs(X.T @ r)) * r
    return r @ r / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u / 2)


def shrunk_if_needed(X, y, lam, w):
    """You take s = min(1, λ/‖Xᵀr‖∞): feasible, but a multiple above 1 or below 0 may be better. The best s without constraints is rᵀy/‖r‖²."""
    r = y - X @ w
    u = min(1.0, lam / np.max(np.abs(X.T @ r))) * r
    return r @ r / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u / 2)


def best_without_constraints(X, y, lam, w):
    """You take the top of the parabola, s = rᵀy/‖r‖², and forget that |xⱼᵀu| ≤ λ must hold: clip s to ±λ/‖Xᵀr‖∞."""
    r = y - X @ w
    u = (r @ y) / (r @ r) * r
    return r @ r / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u / 2)


def clipped_above_only(X, y, lam, w):
    """You clip s from above only. A negative multiple has its limit too: −λ/‖Xᵀr‖∞."""
    r = y - X @ w
    limit = lam / np.max(np.abs(X.T @ r))
    u = min((r @ y) / (r @ r), limit) * r
    return r @ r / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u / 2)


def penalty_forgotten(X, y, lam, w):
    """Your primal value lacks the penalty λ‖w‖₁."""
    r = y - X @ w
    limit = lam / np.max(np.abs(X.T @ r))
    u = np.clip((r @ y) / (r @ r), -limit, limit) * r
    return r @ r / 2 - (u @ y - u @ u / 2)


def only_the_bound(X, y, lam, w):
    """You return the dual value. The gap is the primal value minus it."""
    r = y - X @ w
    limit = lam / np.max(np.abs(X.T @ r))
    u = np.clip((r @ y) / (r @ r), -limit, limit) * r
    return u @ y - u @ u / 2


def halves_lost(X, y, lam, w):
    """You leave out the ½ of the dual, uᵀy − ½‖u‖²."""
    r = y - X @ w
    limit = lam / np.max(np.abs(X.T @ r))
    u = np.clip((r @ y) / (r @ r), -limit, limit) * r
    return r @ r / 2 + lam * np.sum(np.abs(w)) - (u @ y - u @ u)


def _as_a_distance(X, y, lam, w):
    r = y - X @ w
    limit = lam / np.linalg.norm(X.T @ r, np.inf)
    s = float(min(max((r @ y) / (r @ r), -limit), limit))
    dual = 0.5 * (y @ y) - 0.5 * np.linalg.norm(y - s * r) ** 2
    return 0.5 * (r @ r) + lam * np.linalg.norm(w, 1) - dual


def _by_candidates(X, y, lam, w):
    r = [yi - float(xi @ w) for xi, yi in zip(X, y, strict=True)]
    rr, ry = sum(a * a for a in r), sum(a * b for a, b in zip(r, y, strict=True))
    limit = lam / max(abs(float(X[:, j] @ np.array(r))) for j in range(X.shape[1]))
    choices = [-limit, limit] + ([ry / rr] if abs(ry / rr) <= limit else [])
    return rr / 2 + lam * sum(abs(v) for v in w) - max(s * ry - s * s * rr / 2 for s in choices)


GAP = Exercise(
    lasso_gap,
    _points,
    _certify,
    title="A proof for the lasso",
    difficulty=3,
    minutes=15,
    hints=(
        "Along u = s·r the dual is s·rᵀy − ½s²‖r‖². Where is the top of this parabola?",
        "u = s·r is feasible while |s|·max|xⱼᵀr| ≤ λ: an interval of s around 0.",
        "np.clip(rᵀy/‖r‖², −limit, limit) with limit = λ/max|xⱼᵀr|; then gap = ½‖r‖² + λ‖w‖₁ − (uᵀy − ½‖u‖²).",
    ),
    mistakes=(
        not_scaled,
        scaled_to_the_limit,
        shrunk_if_needed,
        best_without_constraints,
        clipped_above_only,
        penalty_forgotten,
        only_the_bound,
        halves_lost,
    ),
    alternatives=(_as_a_distance, _by_candidates),
)
