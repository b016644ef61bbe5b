"""Assignment A3, models: five convex models on the wines, judged by their certificates. Never handed out."""

from itertools import pairwise

import numpy as np

from helpers import data
from helpers.exercises.exercise import Exercise

LESSON = "A3"


def _wines(rng, rows, columns):
    """Some wines and some of their measurements, standardised anew."""
    X = data.wine(standardise=False).X
    X = X[rng.choice(len(X), rows, replace=False)][
        :, rng.choice(X.shape[1], columns, replace=False)
    ]
    return (X - X.mean(axis=0)) / X.std(axis=0)


# --- nonnegative_ridge -------------------------------------------------------------------------


def nonnegative_ridge(X, y, lam):
    """(w, b) that minimises ½‖Xw + b − y‖² + ½λ‖w‖² over w ≥ 0;
    the number b is free and not penalised.

    X of shape (n, p), y of shape (n,), lam > 0; w has shape (p,). A relative gap of
    1e-6 is asked.
    """
    centre, level = X.mean(axis=0), y.mean()
    Xc = X - centre
    G, c = Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - level)
    w = np.zeros(len(c))
    for _ in range(2000):
        before = w.copy()
        for j in range(len(c)):
            w[j] = max(0.0, w[j] + (c[j] - G[j] @ w) / G[j, j])
        if np.abs(w - before).max() <= 1e-10 * np.abs(w).max():
            break
    return w, level - centre @ w


def _regressions(rng):
    for rows, columns, lam in ((60, 6, 1.0), (12, 9, 0.3), (40, 4, 20.0), (8, 1, 1.0)):
        Z = _wines(rng, rows, columns + 1)
        yield {"X": Z[:, 1:] + rng.uniform(-2, 2, columns), "y": 13 + Z[:, 0], "lam": lam}
    X = rng.standard_normal((25, 5)) + 1
    yield {
        "X": X,
        "y": X @ np.array([1.0, -2, 0.5, -1, 2]) + rng.standard_normal(25) + 4,
        "lam": 0.5,
    }


def _certify_nonnegative(value, X, y, lam):
    w, b = value
    if w.min() < -1e-9:
        j = int(np.argmin(w))
        return f"w must not be negative; entry {j} is {w[j]:.3g}"
    r = y - X @ w - b
    alpha = r - r.mean()
    primal = (r @ r + lam * (w @ w)) / 2
    bound = alpha @ y - alpha @ alpha / 2 - np.sum(np.maximum(X.T @ alpha, 0) ** 2) / (2 * lam)
    gap = (primal - bound) / max(1.0, primal)
    return gap <= 1e-6 or (
        f"the relative gap is {gap:.2g}, where 1e-6 is asked: the dual proves no more than that your "
        f"{primal:.6g} is above the minimum by at most {primal - bound:.3g}"
    )


def clipped_afterwards(X, y, lam):
    """You solve ridge and then set the negative weights to zero. The others were chosen with them in place: constraints must be obeyed on the way."""
    Xc = X - X.mean(axis=0)
    w = np.maximum(np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean())), 0)
    return w, y.mean() - X.mean(axis=0) @ w


def without_constraint(X, y, lam):
    """You solve ridge: some of your weights are negative."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
    return w - 1e-6, y.mean() - X.mean(axis=0) @ w


def absolute_weights(X, y, lam):
    """You take absolute values of ridge's weights: a measurement that speaks against now speaks for."""
    Xc = X - X.mean(axis=0)
    w = np.abs(np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean())))
    return w + 1e-3, y.mean() - X.mean(axis=0) @ w


def no_intercept(X, y, lam):
    """You leave b at 0: the data are not centred."""
    G, c = X.T @ X + lam * np.eye(X.shape[1]), X.T @ y
    w = np.zeros(len(c))
    for _ in range(2000):
        for j in range(len(c)):
            w[j] = max(0.0, w[j] + (c[j] - G[j] @ w) / G[j, j])
    return w, 0.0


def one_sweep(X, y, lam):
    """You go once over the coordinates: when later ones have moved, the earlier are no longer optimal."""
    Xc = X - X.mean(axis=0)
    G, c = Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean())
    w = np.full(len(c), 0.1)
    for j in range(len(c)):
        w[j] = max(0.0, w[j] + 0.9 * (c[j] - G[j] @ w) / G[j, j])
    return w, y.mean() - X.mean(axis=0) @ w


def penalty_forgotten(X, y, lam):
    """You leave out the penalty ½λ‖w‖²."""
    Xc = X - X.mean(axis=0)
    G, c = Xc.T @ Xc + 1e-9 * np.eye(X.shape[1]), Xc.T @ (y - y.mean())
    w = np.zeros(len(c))
    for _ in range(3000):
        for j in range(len(c)):
            w[j] = max(0.0, w[j] + (c[j] - G[j] @ w) / G[j, j])
    return w, y.mean() - X.mean(axis=0) @ w


def _by_accelerated_projection(X, y, lam):
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    L = np.linalg.norm(Xc, 2) ** 2 + lam
    q = np.sqrt(lam / L)
    w = v = np.zeros(X.shape[1])
    for _ in range(4000):
        w_next = np.maximum(v - (Xc.T @ (Xc @ v - yc) + lam * v) / L, 0)
        v = w_next + (1 - q) / (1 + q) * (w_next - w)
        w = w_next
    return [w, y.mean() - X.mean(axis=0) @ w]


def _by_nnls(X, y, lam):
    from scipy.optimize import nnls

    p = X.shape[1]
    A = np.vstack([X - X.mean(axis=0), np.sqrt(lam) * np.eye(p)])
    w, _ = nnls(A, np.append(y - y.mean(), np.zeros(p)))
    return list(w), float(y.mean() - X.mean(axis=0) @ w)


# --- squared_hinge_svm -------------------------------------------------------------------------


def squared_hinge_svm(X, y, C):
    """(w, b) that minimises ½‖w‖² + ½C Σ max(0, 1 − yᵢ(xᵢᵀw + b))²;
    the number b is not penalised.

    X of shape (n, p), y of shape (n,) with entries −1 and +1, C > 0. A relative gap of
    1e-6 is asked.
    """
    n, p = X.shape
    A = y[:, None] * np.column_stack([X, np.ones(n)])
    D = np.diag(np.append(np.ones(p), 0.0))
    v = np.zeros(p + 1)
    f = lambda v: v[:p] @ v[:p] / 2 + C / 2 * np.sum(np.maximum(1 - A @ v, 0) ** 2)
    for _ in range(200):
        h = np.maximum(1 - A @ v, 0)
        g = D @ v - C * A.T @ h
        on = h > 0
        d = -np.linalg.solve(D + C * A[on].T @ A[on] + 1e-12 * np.eye(p + 1), g)
        t = 1.0
        while f(v + t * d) > f(v) + 1e-4 * t * (g @ d) and t > 1e-12:
            t = t / 2
        v = v + t * d
        if np.linalg.norm(g) <= 1e-12 * C * n:
            break
    return v[:p], v[p]


def _classifications(rng):
    wines = data.wine(standardise=False)
    for rows, columns, C in ((60, 5, 1.0), (30, 13, 0.1), (80, 3, 10.0), (14, 2, 100.0)):
        chosen = rng.choice(len(wines.X), rows, replace=False)
        X = wines.X[chosen][:, rng.choice(13, columns, replace=False)]
        y = np.where(wines.y[chosen] == wines.y[chosen][0], 1.0, -1.0)
        y[-1] = -y[0]
        yield {
            "X": (X - X.mean(axis=0)) / X.std(axis=0) + rng.uniform(-1, 1, columns),
            "y": y,
            "C": C,
        }


def _certify_hinge(value, X, y, C):
    w, b = value
    h = np.maximum(1 - y * (X @ w + b), 0)
    primal = (w @ w + C * (h @ h)) / 2
    alpha = C * h
    plus, minus = alpha[y > 0].sum(), alpha[y < 0].sum()
    if min(plus, minus) == 0:
        return "no point of one class lies within the margin: then moving b towards that class lowers the loss"
    alpha = np.where(y > 0, alpha * min(1, minus / plus), alpha * min(1, plus / minus))
    v = X.T @ (alpha * y)
    bound = alpha.sum() - alpha @ alpha / (2 * C) - v @ v / 2
    gap = (primal - bound) / max(1.0, primal)
    return gap <= 1e-6 or (
        f"the relative gap is {gap:.2g}, where 1e-6 is asked: your objective is {primal:.6g}, and the multipliers "
        f"C·max(0, 1 − margin), balanced between the classes, prove no more than {bound:.6g}"
    )


def _descend(X, y, C, gradient, scale, steps):
    """Gradient steps on another objective: wrong answers that are otherwise careful."""
    n, p = X.shape
    A = y[:, None] * np.column_stack([X, np.ones(n)])
    v, u = np.zeros(p + 1), np.zeros(p + 1)
    step = 1 / (1 + scale * C * np.linalg.norm(A, 2) ** 2)
    for k in range(steps):
        v_next = u - step * gradient(A, u, p)
        u = v_next + k / (k + 3) * (v_next - v)
        v = v_next
    return v[:p], v[p]


def b_penalised(X, y, C):
    """You penalise b as well: then the answer depends on where the origin lies."""
    return _descend(X, y, C, lambda A, v, p: v - C * A.T @ np.maximum(1 - A @ v, 0), 1, 2500)


def b_left_out(X, y, C):
    """You leave b at 0: the hyperplane need not pass through the origin."""

    def gradient(A, v, p):
        g = v - C * A.T @ np.maximum(1 - A @ v, 0)
        return np.append(g[:p], 0.0)

    return _descend(X, y, C, gradient, 1, 2500)


def half_forgotten(X, y, C):
    """You weigh the squared hinges with C instead of ½C."""

    def gradient(A, v, p):
        return np.append(v[:p], 0.0) - 2 * C * A.T @ np.maximum(1 - A @ v, 0)

    return _descend(X, y, C, gradient, 2, 3000)


def averaged(X, y, C):
    """You divide the sum of the squared hinges by n."""

    def gradient(A, v, p):
        return np.append(v[:p], 0.0) - C / len(A) * A.T @ np.maximum(1 - A @ v, 0)

    return _descend(X, y, C, gradient, 1, 3000)


def plain_hinge(X, y, C):
    """You minimise the hinge itself, not its square."""
    n, p = X.shape
    A = y[:, None] * np.column_stack([X, np.ones(n)])
    v = np.zeros(p + 1)
    for k in range(2500):
        g = np.append(v[:p], 0.0) - C * A[A @ v < 1].sum(axis=0)
        v = v - g / (k + 10) / (1 + C)
    return v[:p], v[p]


def squares_of_everything(X, y, C):
    """You square 1 − margin on both sides: points far on the right side are charged too. That is least squares on the labels."""
    n, p = X.shape
    A = np.column_stack([X, np.ones(n)])
    v = np.linalg.solve(C * A.T @ A + np.diag(np.append(np.ones(p), 0)), C * A.T @ y)
    return v[:p], v[p]


def a_hundred_steps(X, y, C):
    """You stop after a hundred short steps: compute the gap, and stop when it says so."""

    def gradient(A, v, p):
        return np.append(v[:p], 0.0) - C * A.T @ np.maximum(1 - A @ v, 0)

    return _descend(X, y, C, gradient, 20, 100)


def _by_the_active_rows(X, y, C):
    n, p = X.shape
    A = y[:, None] * np.column_stack([X, np.ones(n)])
    on, v = np.ones(n, dtype=bool), np.zeros(p + 1)
    for k in range(500):
        H = C * A[on].T @ A[on] + np.diag(np.append(np.ones(p), 1e-12))
        target = np.linalg.solve(H, C * A[on].sum(axis=0))
        v = v + (1.0 if k < 50 else 0.5) * (target - v)
        now = A @ v < 1
        if np.array_equal(now, on) and k > 1 and np.allclose(v, target, rtol=1e-13):
            break
        on = now
    return [list(v[:p]), float(v[p])]


def _by_quasi_newton(X, y, C):
    from scipy.optimize import minimize

    n, p = X.shape
    A = y[:, None] * np.column_stack([X, np.ones(n)])

    def both(v):
        h = np.maximum(1 - A @ v, 0)
        return v[:p] @ v[:p] / 2 + C / 2 * h @ h, np.append(v[:p], 0.0) - C * A.T @ h

    v = np.zeros(p + 1)
    for _ in range(5):
        v = minimize(both, v, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 3000}).x
    return v[:p], v[p]


# --- isotonic_calibration ----------------------------------------------------------------------


def isotonic_calibration(scores, y):
    """The p of shape (n,) that minimises Σ(pᵢ − yᵢ)² such that
    a higher score never has a lower p.

    scores and y have shape (n,); y is what happened (0 or 1, but any numbers are allowed).
    Equal scores must get equal p. pᵢ belongs to scores[i]: the order of the input is kept.
    """
    values, place = np.unique(scores, return_inverse=True)
    blocks = []  # [sum, count, number of distinct scores]
    level = lambda block: block[0] / block[1]
    for k in range(len(values)):
        here = y[place == k]
        blocks.append([here.sum(), len(here), 1])
        while len(blocks) > 1 and level(blocks[-2]) >= level(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    levels = np.concatenate([[s / n] * k for s, n, k in blocks])
    return levels[place]


def _forecasts(rng):
    wines = data.wine()
    for rows, digits in ((60, 6), (40, 1), (15, 2)):
        chosen = rng.choice(len(wines.X), rows, replace=False)
        scores = np.round(
            wines.X[chosen, int(rng.integers(13))] + 0.3 * rng.standard_normal(rows), digits
        )
        y = np.where(wines.y[chosen] == wines.y[chosen][0], 1.0, 0.0)
        yield {"scores": scores, "y": y}
    scores = rng.permutation(12).astype(float)
    yield {"scores": scores, "y": scores + 3 * rng.standard_normal(12)}
    yield {"scores": rng.standard_normal(9), "y": rng.standard_normal(9)}


def _certify_isotonic(p, scores, y):
    values, place = np.unique(scores, return_inverse=True)
    for k in range(len(values)):
        here = p[place == k]
        if np.ptp(here) > 1e-7:
            return f"the score {values[k]:.4g} occurs {len(here)} times; its p should be one number, yours run from {here.min():.4g} to {here.max():.4g}"
    count = np.bincount(place)
    level = np.bincount(place, weights=p) / count
    falls = np.diff(level)
    if len(falls) and falls.min() < -1e-7:
        k = int(np.argmin(falls))
        return f"p falls from {level[k]:.4g} to {level[k + 1]:.4g} between the scores {values[k]:.4g} and {values[k + 1]:.4g}"
    # multipliers of p_k ≤ p_{k+1}: the running sum of what is left over
    left = np.cumsum(np.bincount(place, weights=y - p))
    scale = 1e-6 * (1 + np.abs(y).sum())
    if abs(left[-1]) > scale:
        return f"the p should add up to what happened, {y.sum():.4g}; yours add up to {p.sum():.4g}"
    if left.min() < -scale:
        k = int(np.argmin(left))
        return f"up to the score {values[k]:.4g} your p add up to {-left[k]:.3g} more than the y: lowering them there is better and allowed"
    slack = left[:-1] * np.diff(level)
    if len(slack) and slack.max() > scale:
        k = int(np.argmax(slack))
        return f"p rises between the scores {values[k]:.4g} and {values[k + 1]:.4g} although bringing the two sides together would fit better"
    return True


def sorted_order(scores, y):
    """You return p in the order of the scores; p[i] must belong to scores[i]."""
    return np.sort(isotonic_calibration(scores, y))


def running_maximum(scores, y):
    """You take the largest y so far: that is monotone, and far above what happened. Where neighbours are in the wrong order, both give way to their mean."""
    order = np.argsort(scores, kind="stable")
    p = np.empty(len(y))
    p[order] = np.maximum.accumulate(y[order])
    return p


def ties_ignored(scores, y):
    """You treat equal scores as different ones, in the order in which they come: they must share one p."""
    order = np.argsort(scores, kind="stable")
    p = np.empty(len(y))
    p[order] = isotonic_calibration(np.arange(len(y)), y[order] - 1e-9 * np.arange(len(y))[::-1])
    return p + 1e-6 * np.argsort(np.argsort(scores, kind="stable"), kind="stable")


def counts_forgotten(scores, y):
    """When you join two blocks you average their means: a block of five counts five times as much as a block of one."""
    values, place = np.unique(scores, return_inverse=True)
    blocks = []
    for k in range(len(values)):
        blocks.append([y[place == k].mean(), 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [(blocks[-1][0] + last[0]) / 2, blocks[-1][1] + last[1]]
    return np.concatenate([[mean] * k for mean, k in blocks])[place]


def turned_round(scores, y):
    """Your p falls with the score; it must not fall."""
    return isotonic_calibration(-scores, y)


def a_straight_line(scores, y):
    """You fit a line: monotone perhaps, but the best monotone fit is a staircase."""
    A = np.column_stack([scores, np.ones(len(y))])
    v = np.linalg.lstsq(A, y, rcond=None)[0]
    return np.abs(v[0]) * scores + v[1] + (np.abs(v[0]) < v[0]) * 0.0


def one_pass(scores, y):
    """You join each wrong pair once and do not look back: the joined block may now be out of order with the one before."""
    values, place = np.unique(scores, return_inverse=True)
    level = np.array([y[place == k].mean() for k in range(len(values))])
    count = np.bincount(place)
    for k in range(len(values) - 1):
        if level[k] > level[k + 1]:
            both = (count[k] * level[k] + count[k + 1] * level[k + 1]) / (count[k] + count[k + 1])
            level[k] = level[k + 1] = both
    return level[place]


def _by_max_min(scores, y):
    values, place = np.unique(scores, return_inverse=True)
    total = np.append(0, np.cumsum(np.bincount(place, weights=y)))
    count = np.append(0, np.cumsum(np.bincount(place)))
    k = len(values)
    level = [
        max(
            min((total[b + 1] - total[a]) / (count[b + 1] - count[a]) for b in range(i, k))
            for a in range(i + 1)
        )
        for i in range(k)
    ]
    return [level[j] for j in place]


def _by_the_convex_minorant(scores, y):
    values, place = np.unique(scores, return_inverse=True)
    x = np.append(0, np.cumsum(np.bincount(place)))
    s = np.append(0, np.cumsum(np.bincount(place, weights=y)))
    hull = [0]
    for k in range(1, len(x)):
        while len(hull) > 1:
            i, j = hull[-2], hull[-1]
            if (s[j] - s[i]) * (x[k] - x[i]) >= (s[k] - s[i]) * (x[j] - x[i]):
                hull.pop()
            else:
                break
        hull.append(k)
    level = np.empty(len(values))
    for i, j in pairwise(hull):
        level[i:j] = (s[j] - s[i]) / (x[j] - x[i])
    return level[place]


# --- smallest_ball -----------------------------------------------------------------------------


def smallest_ball(X):
    """The smallest ball that holds all rows of X, with a proof: (centre, weights).

    centre has shape (d,). weights has shape (n,), is ≥ 0 and adds up to 1. It proves that no
    ball is smaller: every ball that holds the points has radius² ≥ Σ aᵢ‖xᵢ‖² − ‖Σ aᵢxᵢ‖². Yours
    may exceed that bound by at most a part in 10⁵. X of shape (n, d).
    """
    points = X - X.mean(axis=0)
    n = len(points)
    squares, K = np.sum(points**2, axis=1), points @ points.T
    a = np.zeros(n)
    a[int(np.argmax(squares))] = 1.0
    for _ in range(100_000):
        distance = squares - 2 * K @ a  # + ‖c‖², the same for all
        s, on = int(np.argmax(distance)), np.flatnonzero(a > 0)
        away = on[int(np.argmin(distance[on]))]
        mean = a @ distance
        if distance[s] - mean <= 1e-7 * max(distance[s] + a @ K @ a, 1e-300):
            break
        if distance[s] - mean >= mean - distance[away] or a[away] == 1:
            d, most = -a, 1.0
            d[s] += 1
        else:
            d, most = a.copy(), a[away] / (1 - a[away])
            d[away] -= 1
        curvature = max(2 * (d @ K @ d), 1e-300)
        a = np.maximum(a + min(most, (d @ distance) / curvature) * d, 0)
        a = a / a.sum()
    return X.mean(axis=0) + a @ points, a


def _clouds(rng):
    for rows, columns in ((40, 3), (60, 6), (8, 2), (20, 1)):
        yield {"X": 2 * _wines(rng, rows, columns) + rng.uniform(-5, 5, columns)}
    yield {"X": np.array([[1.0, 1], [5, 1], [3, 4], [3, 1.5]])}


def _certify_ball(value, X):
    centre, a = value
    if a.min() < -1e-9:
        return f"the weights must be ≥ 0; your smallest is {a.min():.3g}"
    if abs(a.sum() - 1) > 1e-6:
        return f"the weights must add up to 1; yours add up to {a.sum():.6g}"
    Z = X - X.mean(axis=0)
    distances = np.sum((X - centre) ** 2, axis=1)
    bound = a @ np.sum(Z**2, axis=1) - np.sum((a @ Z) ** 2)
    i = int(np.argmax(distances))
    return distances[i] <= (1 + 1e-5) * bound + 1e-12 or (
        f"a ball round your centre must reach point {i}: radius² = {distances[i]:.6g}; your weights prove "
        f"only that radius² ≥ {bound:.6g}"
    )


def the_mean(X):
    """The mean minimises the sum of the squared distances; the centre of the smallest ball minimises the largest. And equal weights prove little."""
    return X.mean(axis=0), np.full(len(X), 1 / len(X))


def the_box(X):
    """You take the middle of the box round the points: in two dimensions or more that is another point."""
    return (X.min(axis=0) + X.max(axis=0)) / 2, np.full(len(X), 1 / len(X))


def the_farthest_pair(X):
    """You take the middle of the two points that are farthest apart: a third may lie outside that ball."""
    D = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    i, j = np.unravel_index(int(np.argmax(D)), D.shape)
    a = np.zeros(len(X))
    a[i] = a[j] = 0.5
    return a @ X, a


def no_proof(X):
    """Your centre is good, but your weights are 1/n each: only points on the sphere can have a weight in a proof."""
    return smallest_ball(X)[0], np.full(len(X), 1 / len(X))


def weights_of_the_farthest(X):
    """You give all the weight to the farthest point: the bound is then 0."""
    centre, _ = smallest_ball(X)
    a = np.zeros(len(X))
    a[int(np.argmax(np.sum((X - centre) ** 2, axis=1)))] = 1.0
    return centre, a


def a_few_steps(X):
    """You move towards the farthest point with steps 1/(k + 1) and stop after 30: the ball is near the smallest, not within a part in 10⁵."""
    a = np.zeros(len(X))
    a[0] = 1.0
    for k in range(1, 31):
        far = int(np.argmax(np.sum((X - a @ X) ** 2, axis=1)))
        a = a * k / (k + 1)
        a[far] += 1 / (k + 1)
    return a @ X, a


def _by_a_program(X):
    from scipy.optimize import minimize, nnls

    d = X.shape[1]
    mean, size = X.mean(axis=0), X.std() + 1e-12
    Z = (X - mean) / size
    start = np.append(np.zeros(d), np.max(np.sum(Z**2, axis=1)))
    found = minimize(
        lambda v: v[-1],
        start,
        jac=lambda v: np.append(np.zeros(d), 1.0),
        constraints={
            "type": "ineq",
            "fun": lambda v: v[-1] - np.sum((Z - v[:d]) ** 2, axis=1),
            "jac": lambda v: np.column_stack([2 * (Z - v[:d]), np.ones(len(Z))]),
        },
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    c = found.x[:d]
    distance = np.sum((Z - c) ** 2, axis=1)
    on = np.flatnonzero(distance > (1 - 1e-6) * distance.max())
    a = np.zeros(len(X))
    a[on], _ = nnls(np.vstack([Z[on].T - c[:, None], np.ones(len(on))]), np.append(np.zeros(d), 1))
    return list(c * size + mean), list(a / a.sum())


def _by_exchanging_weights(X):
    Z = X - X.mean(axis=0)
    squares = np.sum(Z**2, axis=1)
    a = np.full(len(X), 1 / len(X))
    for _ in range(20_000):
        distance = squares - 2 * Z @ (a @ Z)
        i, j = int(np.argmax(distance)), int(np.argmin(np.where(a > 0, distance, np.inf)))
        if distance[i] - distance[j] <= 1e-9 * squares.max():
            break
        length = max(np.sum((Z[i] - Z[j]) ** 2), 1e-300)
        move = min(a[j], (distance[i] - distance[j]) / (2 * length))
        a[i], a[j] = a[i] + move, a[j] - move
    return X.mean(axis=0) + a @ Z, a


def _radius_and_bound(value, X):
    centre, a = (np.asarray(part, dtype=float) for part in value)
    bound = a @ np.sum(X**2, axis=1) - np.sum((a @ X) ** 2)
    return np.array([np.max(np.sum((X - centre) ** 2, axis=1)), bound])


# --- capped_blend ------------------------------------------------------------------------------


def capped_blend(X, target, cap):
    """Shares θ of shape (n,) of n wines whose mixture is nearest to target:
    θ ≥ 0, Σθᵢ = 1, θᵢ ≤ cap.

    Minimises ½‖Xᵀθ − target‖². X of shape (n, d), target of shape (d,), 1/n ≤ cap ≤ 1. Asked
    for is a point within 1e-6·max(1, value) of the minimum.
    """

    def project(z):
        # onto the capped simplex: clip(z − t, 0, cap) with the t that makes the sum 1,
        # which is linear in t between the bends, falling
        bends = np.sort(np.append(z - cap, z))
        sums = np.clip(z[:, None] - bends, 0, cap).sum(axis=0)
        return np.clip(z - np.interp(1.0, sums[::-1], bends[::-1]), 0, cap)

    step = 1 / np.linalg.norm(X, 2) ** 2
    theta = v = np.full(len(X), 1 / len(X))
    k = 0
    for _ in range(5000):
        theta_next = project(v - step * (X @ (X.T @ v - target)))
        if np.abs(theta_next - v).max() < 1e-12:
            break
        k = 0 if (v - theta_next) @ (theta_next - theta) > 0 else k + 1
        v = theta_next + k / (k + 3) * (theta_next - theta)
        theta = theta_next
    return theta_next


def _blends(rng):
    for rows, columns, cap, reach in (
        (20, 4, 0.2, 1.0),
        (12, 6, 0.5, 2.0),
        (30, 3, 0.1, 0.3),
        (6, 2, 1.0, 3.0),
        (5, 3, 0.2, 1.0),
    ):
        yield {
            "X": _wines(rng, rows, columns),
            "target": reach * rng.standard_normal(columns),
            "cap": cap,
        }


def _certify_blend(theta, X, target, cap):
    if theta.min() < -1e-9:
        return f"shares must be ≥ 0; your smallest is {theta.min():.3g}"
    if abs(theta.sum() - 1) > 1e-8:
        return f"shares must add up to 1; yours add up to {theta.sum():.9g}"
    if theta.max() > cap + 1e-9:
        return f"no share may exceed {cap:.4g}; your largest is {theta.max():.6g}"
    left = X.T @ theta - target
    g = X @ left
    order, corner, room = np.argsort(g, kind="stable"), np.zeros(len(g)), 1.0
    for (
        i
    ) in order:  # the mixture that the gradient likes best: the cheapest wines, each up to the cap
        corner[i] = min(cap, room)
        room -= corner[i]
    gap, value = float(g @ (theta - corner)), float(left @ left) / 2
    return gap <= 1e-6 * max(1.0, value) or (
        f"your value {value:.6g} is proved to be within {gap:.2g} of the minimum only; moving towards wine "
        f"{int(order[0])} lowers it"
    )


def clipped_and_scaled(X, target, cap):
    """You solve without constraints, clip to [0, cap] and scale to sum 1: obeying afterwards is not optimal, and scaling may break the cap again."""
    theta = np.clip(np.linalg.lstsq(X.T, target, rcond=None)[0], 1e-3, cap)
    return theta / theta.sum()


def cap_ignored(X, target, cap):
    """You project onto the simplex and forget the cap."""
    theta = np.full(len(X), 1 / len(X))
    for _ in range(1500):
        z = theta - (X @ (X.T @ theta - target)) / np.linalg.norm(X, 2) ** 2
        u = np.sort(z)[::-1]
        t = ((np.cumsum(u) - 1) / np.arange(1, len(u) + 1))[
            u > (np.cumsum(u) - 1) / np.arange(1, len(u) + 1)
        ][-1]
        theta = np.maximum(z - t, 0)
    return theta


def sum_forgotten(X, target, cap):
    """Your shares lie between 0 and the cap, but they do not add up to 1."""
    theta = np.full(len(X), 0.4 / len(X))
    for _ in range(800):
        theta = np.clip(
            theta - (X @ (X.T @ theta - target)) / np.linalg.norm(X, 2) ** 2, 0, cap / 2
        )
    return 0.9 * theta + 1e-5


def equal_shares(X, target, cap):
    """You mix all wines equally, whatever the target."""
    return np.full(len(X), 1 / len(X))


def nearest_wines(X, target, cap):
    """You fill up with the wines that are nearest to the target, each to the cap. A mixture of far wines on opposite sides may be nearer."""
    theta, room = np.zeros(len(X)), 1.0
    for i in np.argsort(np.sum((X - target) ** 2, axis=1)):
        theta[i] = min(cap, room)
        room -= theta[i]
    return theta


def open_loop(X, target, cap):
    """You take forty Frank-Wolfe steps of 2/(k + 2). The gap of each step is known: go on until it is small, or use a faster method."""
    theta = np.full(len(X), 1 / len(X))
    for k in range(40):
        g = X @ (X.T @ theta - target)
        corner, room = np.zeros(len(X)), 1.0
        for i in np.argsort(g):
            corner[i] = min(cap, room)
            room -= corner[i]
        theta = theta + 2 / (k + 2) * (corner - theta)
    return theta


def _by_exchanging_pairs(X, target, cap):
    theta = np.full(len(X), 1 / len(X))
    K = X @ X.T
    for _ in range(60_000):
        g = X @ (X.T @ theta - target)
        up, down = theta < cap - 1e-15, theta > 1e-15
        if not up.any() or not down.any():
            break
        i = int(np.argmin(np.where(up, g, np.inf)))
        j = int(np.argmax(np.where(down, g, -np.inf)))
        if g[j] - g[i] <= 1e-9:
            break
        bend = max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-12)
        move = min((g[j] - g[i]) / bend, cap - theta[i], theta[j])
        theta = theta.copy()
        theta[i] += move
        theta[j] -= move
    return list(theta)


def _by_a_qp_solver(X, target, cap):
    from scipy.optimize import minimize

    n = len(X)
    found = minimize(
        lambda v: (np.sum((X.T @ v - target) ** 2) / 2, X @ (X.T @ v - target)),
        np.full(n, 1 / n),
        jac=True,
        bounds=[(0, cap)] * n,
        constraints={"type": "eq", "fun": lambda v: v.sum() - 1, "jac": lambda v: np.ones(n)},
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-15},
    )
    theta = np.clip(found.x, 0, cap)
    spare = 1 - theta.sum()
    inside = (theta > 1e-6) & (theta < cap - 1e-6)
    theta[inside if inside.any() else slice(None)] += spare / (inside.sum() or n)
    return theta


EXERCISES = (
    Exercise(
        nonnegative_ridge,
        _regressions,
        _certify_nonnegative,
        title="Weights that may only speak for",
        difficulty=3,
        minutes=25,
        points=4,
        partial=True,
        hints=(
            "b is free: which w-problem is left after centring X and y?",
            "It is ridge over the set w ≥ 0, whose projection is np.maximum(w, 0). Lessons 6 and 7 have two methods that fit.",
            "Coordinate descent: each wⱼ exactly, then max(0, wⱼ), until nothing moves. The gap: in ridge's dual put the positive part of Xᵀα.",
        ),
        mistakes=(
            clipped_afterwards,
            without_constraint,
            absolute_weights,
            no_intercept,
            one_sweep,
            penalty_forgotten,
        ),
        alternatives=(_by_accelerated_projection, _by_nnls),
    ),
    Exercise(
        squared_hinge_svm,
        _classifications,
        _certify_hinge,
        title="The hinge, squared",
        difficulty=4,
        minutes=35,
        points=4,
        partial=True,
        hints=(
            "The squared hinge is differentiable: what are the gradient and the (generalised) Hessian in (w, b)?",
            "Only rows with margin below 1 count. Newton's method on them, with backtracking, ends in some ten steps.",
            "For the gap take αᵢ = C·max(0, 1 − mᵢ), shrink the heavier class until Σαᵢyᵢ = 0, and use the dual Σα − ‖α‖²/(2C) − ½‖Σαᵢyᵢxᵢ‖².",
        ),
        mistakes=(
            b_penalised,
            b_left_out,
            half_forgotten,
            averaged,
            plain_hinge,
            squares_of_everything,
            a_hundred_steps,
        ),
        alternatives=(_by_the_active_rows, _by_quasi_newton),
    ),
    Exercise(
        isotonic_calibration,
        _forecasts,
        _certify_isotonic,
        title="From scores to probabilities",
        difficulty=4,
        minutes=35,
        points=4,
        partial=True,
        hints=(
            "Sort by the score. Where two neighbours are in the right order, may both keep their y? And where they are not?",
            "Join neighbours that are in the wrong order into a block with their mean, and look back: the block may now be in the wrong order with the one before it.",
            "Keep a stack of blocks (sum, count). Equal scores form one block from the start; np.unique with return_inverse finds them and brings the answer back into order.",
        ),
        mistakes=(
            sorted_order,
            running_maximum,
            ties_ignored,
            counts_forgotten,
            turned_round,
            a_straight_line,
            one_pass,
        ),
        alternatives=(_by_max_min, _by_the_convex_minorant),
    ),
    Exercise(
        smallest_ball,
        _clouds,
        _certify_ball,
        title="What is not like the others",
        difficulty=5,
        minutes=40,
        points=4,
        partial=True,
        hints=(
            "Write it as: minimise R over (c, R) with ‖xᵢ − c‖² ≤ R. What does the Lagrangian say about c?",
            "c = Σ aᵢxᵢ, and the dual is to maximise Σ aᵢ‖xᵢ‖² − ‖Σ aᵢxᵢ‖² over the simplex: a concave quadratic.",
            "Frank-Wolfe moves weight to the farthest point; with away steps (lesson 7) it is linear. Points inside the ball end with weight zero.",
        ),
        mistakes=(
            the_mean,
            the_box,
            the_farthest_pair,
            no_proof,
            weights_of_the_farthest,
            a_few_steps,
        ),
        alternatives=(_by_a_program, _by_exchanging_weights),
        fingerprint=_radius_and_bound,
    ),
    Exercise(
        capped_blend,
        _blends,
        _certify_blend,
        title="A blend, with no wine too much",
        difficulty=4,
        minutes=35,
        points=4,
        partial=True,
        hints=(
            "The set is a simplex cut by a box. Which of the methods of lesson 7 can you use on it?",
            "Projecting: clip(z − t, 0, cap) with the t for which the sum is 1; find t by bisection. Or exchange shares between two wines.",
            "Your proof is the Frank-Wolfe gap gᵀ(θ − s), where s fills the wines with the smallest gradient up to the cap. Stop when it is small.",
        ),
        mistakes=(
            clipped_and_scaled,
            cap_ignored,
            sum_forgotten,
            equal_shares,
            nearest_wines,
            open_loop,
        ),
        alternatives=(_by_exchanging_pairs, _by_a_qp_solver),
    ),
)
