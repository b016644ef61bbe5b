"""is_separable: both answers are judged by a proof, a hyperplane or a point that both hulls share."""

import numpy as np

from ..exercise import Exercise


def is_separable(X, y):
    """Whether a hyperplane has all points of each class strictly on its own side; with a proof.

    X of shape (n, p), y of shape (n,) with entries −1 and +1. Returns (True, v) with v of shape (p + 1,),
    the weights and then the intercept, such that yᵢ(xᵢᵀw + b) > 0 for every i; or (False, a) with a of
    shape (n,), a ≥ 0, Σaᵢ = 1, Σ aᵢyᵢ = 0 and Σ aᵢyᵢxᵢ = 0, which says that the convex hulls of the two
    classes meet. Up to rounding of 1e-6.
    """
    from scipy.optimize import linprog

    n, p = X.shape
    Z = y[:, None] * np.column_stack([X, np.ones(n)])
    # maximise t subject to Zv ≥ t, |v| ≤ 1; the multipliers of the rows add up to 1
    program = linprog(
        np.append(np.zeros(p + 1), -1),
        A_ub=np.column_stack([-Z, np.ones(n)]),
        b_ub=np.zeros(n),
        bounds=[(-1, 1)] * (p + 1) + [(None, None)],
    )
    if program.x[-1] > 1e-7:
        return True, program.x[:-1]
    return False, -program.ineqlin.marginals


def _clouds(rng):
    def cloud(n, p, apart):
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        direction = rng.standard_normal(p)
        direction /= np.linalg.norm(direction)
        X = rng.standard_normal((n, p))
        along = np.abs(X @ direction) + 0.1
        X = X - np.outer(X @ direction, direction) + np.outer(y * apart * along, direction)
        return X + rng.uniform(-3, 3, p), y

    X, y = cloud(14, 2, 1.0)
    yield {"X": X, "y": y}
    X, y = cloud(20, 3, 1.0)
    y[0] = -y[0]  # one label turned
    X[0] = X[1:][y[1:] == -y[0]].mean(axis=0)
    yield {"X": X, "y": y}
    X, y = cloud(6, 9, 0.3)  # more features than points: nearly always separable
    yield {"X": X, "y": y}
    X, y = cloud(12, 1, 1.0)
    yield {"X": X + 20, "y": y}  # a line, far from the origin: the intercept matters
    X, y = cloud(10, 2, 1.0)
    X[1] = X[0]  # the same point in both classes, else apart: not strictly separable
    yield {"X": X, "y": y}


def _certify(value, X, y):
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not isinstance(value[0], bool | np.bool_)
    ):
        return "return a pair: True or False, and its proof"
    says, proof = bool(value[0]), np.asarray(value[1], dtype=float)
    Z = y[:, None] * np.column_stack([X, np.ones(len(y))])
    if says:
        if proof.shape != (X.shape[1] + 1,):
            return f"v should have shape ({X.shape[1] + 1},): the weights and then the intercept; yours is {proof.shape}"
        sides = Z @ proof
        i = int(np.argmin(sides))
        return bool(sides[i] > 1e-9 * np.linalg.norm(proof) * np.abs(Z).max()) or (
            f"your hyperplane has point {i} not strictly on its own side: y(xᵀw + b) is {sides[i]:.3g}"
        )
    if proof.shape != (len(y),):
        return f"a should have shape ({len(y)},), a weight for each point; yours is {proof.shape}"
    if not np.all(np.isfinite(proof)) or proof.min() < -1e-6:
        return f"the weights should be ≥ 0; your smallest is {proof.min():.3g}"
    if abs(proof.sum() - 1) > 1e-6:
        return f"the weights should add up to 1; yours add up to {proof.sum():.6g}"
    off = np.abs(Z.T @ proof)
    j = int(np.argmax(off))
    what = "Σ aᵢyᵢ" if j == X.shape[1] else f"entry {j} of Σ aᵢyᵢxᵢ"
    return (
        bool(off[j] <= 1e-6 * np.abs(Z).max())
        or f"{what} should be 0; with your weights it is {off[j]:.3g}"
    )


def always_separable(X, y):
    """You say that the classes can always be separated. Look at the points: here some hyperplane has to err, and your v shows where."""
    w = X[y > 0].mean(axis=0) - X[y < 0].mean(axis=0)
    return True, np.append(w, -w @ X.mean(axis=0))


def by_least_squares(X, y):
    """You fit y by least squares and call the classes inseparable when that hyperplane errs. Least squares is pulled by far points: another hyperplane may separate, and False needs a proof of its own."""
    A = np.column_stack([X, np.ones(len(y))])
    v = np.linalg.lstsq(A, y, rcond=None)[0]
    if np.all(y * (A @ v) > 0):
        return True, v
    return False, np.full(len(y), 1 / len(y))


def through_the_origin(X, y):
    """You look for a hyperplane through the origin: there is an intercept too."""
    w = np.zeros(X.shape[1])
    for _ in range(2000):
        for x, t in zip(X, y, strict=True):
            if t * (x @ w) <= 0:
                w = w + t * x
    return True, np.append(w, 0.0)


def impatient_perceptron(X, y):
    """You run the perceptron for some rounds and say False when it has not finished. That it has not finished proves nothing: the weights must show that the hulls meet."""
    Z = y[:, None] * np.column_stack([X, np.ones(len(y))])
    v, counts = np.zeros(Z.shape[1]), np.zeros(len(y))
    for _ in range(300):
        for i, z in enumerate(Z):
            if z @ v <= 0:
                v, counts[i] = v + z, counts[i] + 1
    if np.all(Z @ v > 0):
        return True, v
    return False, counts / counts.sum()


def labels_not_used(X, y):
    """Your weights average the points to 0 without their labels; what must vanish is Σ aᵢyᵢxᵢ, the difference of a point of one hull and a point of the other."""
    return False, np.ones(len(y)) / len(y)


def not_normed(X, y):
    """Your weights are all 0: with them every sum vanishes, and nothing is proved. They must add up to 1."""
    return False, np.zeros(len(y))


def _by_wolfe(X, y):
    # Frank-Wolfe with away steps on ½‖Zᵀa‖² over the simplex, then exactly on the points in use
    center = X.mean(axis=0)
    Z = y[:, None] * np.column_stack([X - center, np.ones(len(y))])
    K = Z @ Z.T
    a = np.full(len(y), 1 / len(y))
    for _ in range(20_000):
        g = K @ a
        if g.min() > 1e-9 * K.max():
            v = Z.T @ a
            return True, np.append(v[:-1], v[-1] - v[:-1] @ center)
        if a @ g < 1e-15 * K.max():
            break
        s, on = int(np.argmin(g)), np.flatnonzero(a > 0)
        away = on[int(np.argmax(g[on]))]
        d, most = -a, 1.0
        d[s] += 1
        if a @ g - g[s] < g[away] - a @ g:
            d, most = np.array(a), a[away] / (1 - a[away]) if a[away] < 1 else 1.0
            d[away] -= 1
        a = a + min(most, -(g @ d) / max(d @ K @ d, 1e-300)) * d
        a = np.where(a < 1e-15, 0, a)
    return False, a / a.sum()


def _by_two_programs(X, y):
    from scipy.optimize import linprog

    n = len(y)
    Z = y[:, None] * np.column_stack([X, np.ones(n)])
    meet = linprog(
        np.zeros(n), A_eq=np.vstack([Z.T, np.ones(n)]), b_eq=np.append(np.zeros(Z.shape[1]), 1)
    )
    if meet.status == 0:
        return [False, list(meet.x)]
    apart = linprog(np.zeros(Z.shape[1]), A_ub=-Z, b_ub=-np.ones(n), bounds=(None, None))
    return [True, list(apart.x)]


SEPARABLE = Exercise(
    is_separable,
    _clouds,
    _certify,
    title="Separable or not: prove either",
    difficulty=4,
    minutes=25,
    hints=(
        "Strictly separable means: some (w, b) has yᵢ(xᵢᵀw + b) ≥ 1 for all i (scale it). These are linear inequalities: a linear program decides. What is a proof that they cannot be met?",
        "Farkas (lesson 3): weights a ≥ 0, not all zero, with Σ aᵢyᵢ(xᵢ, 1) = 0. Divide by their sum.",
        "scipy.optimize.linprog: maximise t subject to yᵢ(xᵢᵀw + b) ≥ t and |wⱼ|, |b| ≤ 1. If t > 0 the answer is v; if t = 0, minus the marginals of the rows are the weights.",
    ),
    mistakes=(
        always_separable,
        by_least_squares,
        through_the_origin,
        impatient_perceptron,
        labels_not_used,
        not_normed,
    ),
    alternatives=(_by_wolfe, _by_two_programs),
    free=True,
)
