"""svm_gap: the multipliers are made feasible first, then the two objectives are compared."""

import numpy as np

from ..exercise import Exercise, same


def svm_gap(X, y, C, w, b, a):
    """Primal minus dual value: how far (w, b) is at most
    from the optimum of the support vector machine.

    Primal: ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b)). Dual: Σ aᵢ − ½‖Σ aᵢyᵢxᵢ‖² for 0 ≤ a ≤ C and
    Σ aᵢyᵢ = 0. The given a of shape (n,) need not be feasible: clip it to [0, C], then multiply
    the multipliers of the class with the larger sum by one factor, so that both classes have
    the same sum.
    """
    a = np.clip(a, 0, C)
    plus, minus = np.sum(a[y > 0]), np.sum(a[y < 0])
    least = min(plus, minus)
    a = a * np.where(y > 0, least / max(plus, 1e-300), least / max(minus, 1e-300))
    v = X.T @ (a * y)
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - (np.sum(a) - v @ v / 2)


def _points(rng):
    for n, p, C in ((10, 3, 1.0), (6, 8, 0.2), (20, 2, 5.0), (9, 4, 1.0)):
        y = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
        X = rng.standard_normal((n, p)) + 0.8 * y[:, None]
        a = rng.uniform(-0.3, 1.4, n) * C
        if p == 8:
            a = -np.abs(a)  # everything is clipped away: the bound is 0
        yield {
            "X": X,
            "y": y,
            "C": C,
            "w": rng.standard_normal(p),
            "b": float(rng.uniform(0.2, 1)),
            "a": a,
        }


def _certify(value, X, y, C, w, b, a):
    a = np.minimum(np.maximum(a, 0), C)
    plus, minus = a[y > 0].sum(), a[y < 0].sum()
    if plus > minus:
        a = np.where(y > 0, a * (minus / plus), a)
    elif minus > plus:
        a = np.where(y < 0, a * (plus / minus), a)
    v = (a * y) @ X
    primal = w @ w / 2 + C * np.maximum(0, 1 - y * (X @ w + b)).sum()
    return same(value, float(primal - a.sum() + v @ v / 2), "the gap")


def not_clipped(X, y, C, w, b, a):
    """You balance the classes but do not clip: multipliers outside [0, C] are not feasible, and their value bounds nothing."""
    plus, minus = np.sum(a[y > 0]), np.sum(a[y < 0])
    a = a * np.where(y > 0, min(plus, minus) / plus, min(plus, minus) / minus)
    v = X.T @ (a * y)
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - (np.sum(a) - v @ v / 2)


def not_balanced(X, y, C, w, b, a):
    """Your a violates Σ aᵢyᵢ = 0. Then minimising the Lagrangian over b gives −∞, and there is no bound."""
    a = np.clip(a, 0, C)
    v = X.T @ (a * y)
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - (np.sum(a) - v @ v / 2) + 1e-9


def smaller_class_raised(X, y, C, w, b, a):
    """You raise the class with the smaller sum: that may push multipliers above C. Shrink the other one."""
    a = np.clip(a, 0, C)
    plus, minus = np.sum(a[y > 0]), np.sum(a[y < 0])
    a = a * np.where(y > 0, max(plus, minus) / max(plus, 1e-9), max(plus, minus) / max(minus, 1e-9))
    v = X.T @ (a * y)
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - (np.sum(a) - v @ v / 2) + 1e-9


def centred(X, y, C, w, b, a):
    """You subtract a mean to meet Σ aᵢyᵢ = 0: that can make multipliers negative. Scaling keeps them in [0, C]."""
    a = np.clip(a, 0, C)
    a = a - y * np.mean(a * y)
    v = X.T @ (a * y)
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - (np.sum(a) - v @ v / 2) + 1e-9


def only_the_bound(X, y, C, w, b, a):
    """You return the dual value; the gap is the primal value minus it."""
    primal = w @ w / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)))
    return primal - svm_gap(X, y, C, w, b, a) - 1e-6


def w_from_the_dual(X, y, C, w, b, a):
    """You put w = Σ aᵢyᵢxᵢ into the primal: asked for is how far the *given* w is from the optimum."""
    a = np.clip(a, 0, C)
    plus, minus = np.sum(a[y > 0]), np.sum(a[y < 0])
    least = min(plus, minus)
    a = a * np.where(y > 0, least / max(plus, 1e-300), least / max(minus, 1e-300))
    v = X.T @ (a * y)
    primal = v @ v / 2 + C * np.sum(np.maximum(0, 1 - y * (X @ v + b)))
    return primal - (np.sum(a) - v @ v / 2)


def averaged(X, y, C, w, b, a):
    """You average the hinges; the objective adds them up."""
    loss = C * np.maximum(0, 1 - y * (X @ w + b))
    return svm_gap(X, y, C, w, b, a) - np.sum(loss) + np.mean(loss)


def _in_place_of_where(X, y, C, w, b, a):
    a = [min(max(float(v), 0.0), C) for v in a]
    sums = {s: sum(v for v, t in zip(a, y, strict=True) if t == s) for s in (-1.0, 1.0)}
    least = min(sums.values())
    a = np.array([v * (least / sums[t] if sums[t] > 0 else 0.0) for v, t in zip(a, y, strict=True)])
    K = (X * y[:, None]) @ (X * y[:, None]).T
    hinge = sum(max(0.0, 1 - t * (float(x @ w) + b)) for x, t in zip(X, y, strict=True))
    return 0.5 * float(w @ w) + C * hinge - float(a.sum() - 0.5 * a @ K @ a)


def _by_fenchel(X, y, C, w, b, a):
    # the gap as a sum of nonnegative parts: ½‖w − v‖² + Σ (C hᵢ − aᵢ(1 − mᵢ))
    a = np.clip(a, 0, C)
    plus, minus = a @ (y > 0), a @ (y < 0)
    a = np.where(y > 0, a * (min(plus, minus) / (plus or 1)), a * (min(plus, minus) / (minus or 1)))
    slack = 1 - y * (X @ w + b)
    v = X.T @ (a * y)
    return 0.5 * np.sum((w - v) ** 2) + np.sum(C * np.maximum(slack, 0) - a * slack)


GAP = Exercise(
    svm_gap,
    _points,
    _certify,
    title="A proof for the machine",
    difficulty=3,
    minutes=15,
    hints=(
        "Clip first. Then compute the sums of the multipliers of the two classes: they must become equal without any multiplier leaving [0, C].",
        "Only shrinking is safe: multiply the class with the larger sum by smaller sum / larger sum.",
        "Then v = Σ aᵢyᵢxᵢ, and the gap is ½‖w‖² + CΣ max(0, 1 − mᵢ) − Σaᵢ + ½‖v‖². A class may have the sum 0.",
    ),
    mistakes=(
        not_clipped,
        not_balanced,
        smaller_class_raised,
        centred,
        only_the_bound,
        w_from_the_dual,
        averaged,
    ),
    alternatives=(_in_place_of_where, _by_fenchel),
)
