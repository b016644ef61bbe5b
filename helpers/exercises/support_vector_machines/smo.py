"""smo_step: the pair must stay feasible, the others untouched, and no better point lie on the segment."""

import numpy as np

from ..exercise import Exercise


def smo_step(X, y, C, a, i, j):
    """The multipliers after the best move of aᵢ and aⱼ, the others held:
    an array of shape (n,).

    It maximises Σ a − ½‖Σ aₖyₖxₖ‖² over the two, subject to 0 ≤ aᵢ, aⱼ ≤ C and with Σ aₖyₖ as
    it was. X of shape (n, p), y of shape (n,) with entries −1 and +1, a of shape (n,) feasible,
    i ≠ j, xᵢ ≠ xⱼ.
    """
    # aᵢ + yᵢt and aⱼ − yⱼt keep the sum; the objective is a parabola in t
    score = X @ (X.T @ (a * y))
    best = ((y[i] - score[i]) - (y[j] - score[j])) / np.sum((X[i] - X[j]) ** 2)
    ends_i = sorted([-y[i] * a[i], y[i] * (C - a[i])])
    ends_j = sorted([y[j] * a[j], -y[j] * (C - a[j])])
    t = np.clip(best, max(ends_i[0], ends_j[0]), min(ends_i[1], ends_j[1]))
    a_next = np.array(a)
    a_next[i] += y[i] * t
    a_next[j] -= y[j] * t
    return a_next


def _pairs(rng):
    for n, p, C, signs in (
        (6, 3, 1.0, (1, 1)),
        (8, 2, 0.5, (1, -1)),
        (5, 4, 2.0, (-1, 1)),
        (7, 3, 50.0, (-1, -1)),
        (9, 2, 1.0, (1, -1)),
    ):
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        X = rng.standard_normal((n, p)) + 0.5 * y[:, None]
        a = rng.uniform(0.1, 0.9, n) * C / 2
        a[y > 0] *= min(1, a[y < 0].sum() / a[y > 0].sum())
        a[y < 0] *= min(1, a[y > 0].sum() / a[y < 0].sum())
        if C == 0.5:
            a = np.zeros(n)
        i = int(rng.choice(np.flatnonzero(y == signs[0])))
        j = int(rng.choice(np.flatnonzero((y == signs[1]) & (np.arange(n) != i))))
        yield {"X": X, "y": y, "C": C, "a": a, "i": i, "j": j}


def _certify(a_next, X, y, C, a, i, j):
    others = np.delete(np.arange(len(a)), [i, j])
    if not np.allclose(a_next[others], a[others], atol=1e-12):
        return "only the multipliers i and j may change"
    if min(a_next[i], a_next[j]) < -1e-9 * C or max(a_next[i], a_next[j]) > C * (1 + 1e-9):
        return (
            f"a[i] = {a_next[i]:.4g} and a[j] = {a_next[j]:.4g} must stay between 0 and C = {C:.4g}"
        )
    if abs((a_next - a) @ y) > 1e-8 * C:
        return f"Σ aₖyₖ must stay as it was; it changes by {(a_next - a) @ y:.3g}"
    # the derivative of the dual along +yᵢ, −yⱼ at the new point
    score = X @ (X.T @ (a_next * y))
    slope = (y[i] - score[i]) - (y[j] - score[j])
    room_up = min(
        C - a_next[i] if y[i] > 0 else a_next[i], a_next[j] if y[j] > 0 else C - a_next[j]
    )
    room_down = min(
        a_next[i] if y[i] > 0 else C - a_next[i], C - a_next[j] if y[j] > 0 else a_next[j]
    )
    bend = float(np.sum((X[i] - X[j]) ** 2))
    if (slope > 0 and min(slope / bend, room_up) > 1e-6 * C) or (
        slope < 0 and min(-slope / bend, room_down) > 1e-6 * C
    ):
        return f"the dual can still grow along this pair: its slope there is {slope:.3g}, and there is room"
    return True


def not_clipped(X, y, C, a, i, j):
    """You go to the top of the parabola and ignore the box: clip the step so that both multipliers stay in [0, C]."""
    score = X @ (X.T @ (a * y))
    t = ((y[i] - score[i]) - (y[j] - score[j])) / np.sum((X[i] - X[j]) ** 2)
    a_next = np.array(a)
    a_next[i] += y[i] * t
    a_next[j] -= y[j] * t
    return a_next


def each_clipped(X, y, C, a, i, j):
    """You clip the two multipliers one by one: when one is cut, the other must be cut by the same step, or Σ aₖyₖ changes."""
    a_next = not_clipped(X, y, C, a, i, j)
    a_next[[i, j]] = np.clip(a_next[[i, j]], 0, C)
    return a_next


def same_direction(X, y, C, a, i, j):
    """You change both by the same amount whatever the labels: with unlike labels they move together, with like labels against each other."""
    score = X @ (X.T @ (a * y))
    t = ((y[i] - score[i]) - (y[j] - score[j])) / np.sum((X[i] - X[j]) ** 2)
    t = np.clip(t, -min(a[i], C - a[j]), min(C - a[i], a[j])) + 1e-3 * C * (y[i] != y[j])
    a_next = np.array(a)
    a_next[i] += t
    a_next[j] -= t
    return a_next


def one_multiplier(X, y, C, a, i, j):
    """You move aᵢ alone: then Σ aₖyₖ changes. That is why SMO needs two."""
    score = X @ (X.T @ (a * y))
    a_next = np.array(a)
    a_next[i] = np.clip(a[i] + (1 - y[i] * score[i]) / (X[i] @ X[i]), 0, C)
    return a_next


def half_a_step(X, y, C, a, i, j):
    """You stop half way: along the pair the dual is a parabola whose top is known exactly."""
    return (np.array(a) + smo_step(X, y, C, a, i, j)) / 2


def downhill(X, y, C, a, i, j):
    """You move the wrong way: the dual is to be maximised."""
    score = X @ (X.T @ (a * y))
    best = -((y[i] - score[i]) - (y[j] - score[j])) / np.sum((X[i] - X[j]) ** 2)
    ends_i = sorted([-y[i] * a[i], y[i] * (C - a[i])])
    ends_j = sorted([y[j] * a[j], -y[j] * (C - a[j])])
    t = np.clip(best, max(ends_i[0], ends_j[0]), min(ends_i[1], ends_j[1]))
    a_next = np.array(a)
    a_next[i] += y[i] * t
    a_next[j] -= y[j] * t
    return a_next


def nothing_moves(X, y, C, a, i, j):
    """You return the multipliers as they were."""
    return np.array(a) + 0.0


def _as_platt_wrote_it(X, y, C, a, i, j):
    E = X @ (X.T @ (a * y)) - y
    eta = X[i] @ X[i] + X[j] @ X[j] - 2 * X[i] @ X[j]
    if y[i] == y[j]:
        low, high = max(0.0, a[i] + a[j] - C), min(C, a[i] + a[j])
    else:
        low, high = max(0.0, a[j] - a[i]), min(C, C + a[j] - a[i])
    new_j = min(max(a[j] + y[j] * (E[i] - E[j]) / eta, low), high)
    result = [float(v) for v in a]
    result[j] = float(new_j)
    result[i] = float(a[i] + y[i] * y[j] * (a[j] - new_j))
    return result


def _by_the_best_of_three(X, y, C, a, i, j):
    def value(v):
        w = X.T @ (v * y)
        return v.sum() - w @ w / 2

    d = np.zeros(len(a))
    d[i], d[j] = y[i], -y[j]
    most = min((C - a[k]) if d[k] > 0 else a[k] for k in (i, j))
    least = -min(a[k] if d[k] > 0 else (C - a[k]) for k in (i, j))
    grad = 1 - y * (X @ (X.T @ (a * y)))
    top = (d @ grad) / np.sum((X.T @ (d * y)) ** 2)
    steps = [least, most] + ([top] if least <= top <= most else [])
    return a + max(steps, key=lambda t: value(a + t * d)) * d


SMO = Exercise(
    smo_step,
    _pairs,
    _certify,
    title="Two multipliers at a time",
    difficulty=4,
    minutes=20,
    hints=(
        "Σ aₖyₖ must stay. If aᵢ changes by yᵢt, by what must aⱼ change?",
        "By −yⱼt. Put both into the dual: it is a parabola in t with curvature ‖xᵢ − xⱼ‖². Where is its top?",
        "t = [(yᵢ − sᵢ) − (yⱼ − sⱼ)]/‖xᵢ − xⱼ‖² with s = Xw, w = Σ aₖyₖxₖ. Then find the interval of t that keeps both in [0, C], and clip t to it.",
    ),
    mistakes=(
        not_clipped,
        each_clipped,
        same_direction,
        one_multiplier,
        half_a_step,
        downhill,
        nothing_moves,
    ),
    alternatives=(_as_platt_wrote_it, _by_the_best_of_three),
)
