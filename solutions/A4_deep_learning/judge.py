"""Assignment A4, deep learning: what can be proved of two trained networks and their mean. Never handed out."""

from functools import cache
from itertools import islice

import numpy as np
from scipy.optimize import linear_sum_assignment

from helpers import data, networks
from helpers.exercises.exercise import Exercise, Oracle

LESSON = "A4"


@cache
def _digits():
    digits = data.digits(standardise=False)
    return digits.X, digits.y.astype(int)


@cache
def _trained(seed, units=12, epochs=4, activation="relu"):
    """A network that has seen 400 digits for a few epochs; kept, so that judging stays quick."""
    X, y = _digits()
    rng = np.random.default_rng(seed)
    start = networks.initialise((64, units, 10), rng, "he" if activation == "relu" else "xavier")
    run = networks.train(
        start, X[:400] - 0.3, y[:400], rng=rng, step=0.15, batch=20, activation=activation
    )
    return next(islice(run, epochs, None)).params


# --- temperature -------------------------------------------------------------------------------


def temperature(scores, y):
    """The t ≥ 0 that minimises (1/n) Σᵢ [log Σₖ exp(t zᵢₖ) − t zᵢ,yᵢ],
    where zᵢₖ is scores[i, k].

    scores of shape (n, K), y of shape (n,) with classes 0, ..., K − 1. The minimum is attained.
    Asked for is t to a part in a thousand. Scores may be large, or small.
    """
    Z = scores - scores.max(axis=1, keepdims=True)
    right = Z[np.arange(len(y)), y].mean()

    def slope(t):
        E = np.exp(t * Z)
        return np.mean((E * Z).sum(axis=1) / E.sum(axis=1)) - right

    size = np.ptp(Z)
    if size == 0 or slope(0.0) >= 0:
        return 0.0
    low, high = 0.0, 1 / size
    while slope(high) < 0:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2


def _forecasts(rng):
    X, y = _digits()
    for seed, factor in ((0, 4.0), (1, 0.2), (2, 120.0), (3, 0.02)):
        rows = 400 + rng.choice(len(y) - 400, 200, replace=False)
        labels = y[rows].copy()
        wrong = rng.choice(200, 20, replace=False)
        labels[wrong] = rng.integers(0, 10, 20)
        scores = networks.forward(_trained(seed), X[rows] - 0.3).scores
        yield {
            "scores": factor * rng.uniform(0.8, 1.2) * scores + 500 * rng.standard_normal((200, 1)),
            "y": labels,
        }
    y = rng.integers(0, 2, 40)
    scores = rng.standard_normal((40, 2))
    scores[np.arange(30), y[:30]] += 1.5
    yield {"scores": scores, "y": y}
    yield {"scores": -3 * np.eye(3)[y % 3] + 0.3 * rng.standard_normal((40, 3)), "y": y}


def _slope(t, scores, y):
    Z = scores - scores.max(axis=1, keepdims=True)
    E = np.exp(t * Z)
    return np.mean((E * Z).sum(axis=1) / E.sum(axis=1) - Z[np.arange(len(y)), y])


def _certify_temperature(t, scores, y):
    if t < 0:
        return (
            f"the answer must be t ≥ 0, and yours is {t:.4g}: scores that mislead are best ignored"
        )
    room = 1e-3 * t + 1e-4 / np.ptp(scores - scores.max(axis=1, keepdims=True))
    if _slope(t + room, scores, y) < 0:
        return f"the loss still falls beyond your t = {t:.6g}: its derivative there is {_slope(t, scores, y):.2g}, and t is asked to a part in a thousand"
    if t > room and _slope(t - room, scores, y) > 0:
        return f"the loss is smaller before your t = {t:.6g}: its derivative there is {_slope(t, scores, y):.2g}, and t is asked to a part in a thousand"
    return True


def _two_digits(t, scores, y):
    return float(f"{np.clip(t, -1e3, 1e3):.2g}")


def turned_over(scores, y):
    """You return the temperature T; asked is t = 1/T, the number that the scores are multiplied by. In T the problem is not even convex."""
    return 1 / max(temperature(scores, y), 1e-12)


def left_alone(scores, y):
    """You return 1: that leaves the network as sure as it was. The derivative of the loss in t says which way to go."""
    return 1.0


def only_cooler(scores, y):
    """You look between 0 and 1 only. A network can be too modest as well: look beyond 1, where the derivative is still negative."""
    return min(temperature(scores, y), 1.0)


def _least(value, scores):
    """The best t for `value` of the probabilities, on a fine grid."""
    Z = scores - scores.max(axis=1, keepdims=True)
    grid = np.geomspace(1e-4, 500, 1500)
    P = [np.exp(t * Z) / np.exp(t * Z).sum(axis=1, keepdims=True) for t in grid]
    return grid[int(np.argmin([value(p) for p in P]))]


def squares_of_probabilities(scores, y):
    """You minimise the squares (the Brier score); asked is the mean of −log of the probability of the right class."""
    Y = np.eye(scores.shape[1])[y]
    return _least(lambda P: np.sum((P - Y) ** 2), scores)


def sureness_like_accuracy(scores, y):
    """You choose t so that the mean largest probability is the share of right answers. That is one average of many; the loss asks that the mean score of the right class be what the probabilities expect."""
    share = np.mean(scores.argmax(axis=1) == y)
    return _least(lambda P: abs(P.max(axis=1).mean() - share), scores)


def coarse_grid(scores, y):
    """You try 0.1, 0.2, ..., 10. The best t may lie between two of them, or a hundred times below the first: find where the derivative changes sign."""
    Z = scores - scores.max(axis=1, keepdims=True)
    rows = np.arange(len(y))
    losses = [
        np.mean(np.log(np.exp(t * Z).sum(axis=1)) - t * Z[rows, y])
        for t in np.linspace(0.1, 10, 100)
    ]
    return np.linspace(0.1, 10, 100)[int(np.argmin(losses))]


def below_zero(scores, y):
    """You let t become negative, where the scores mislead: that turns every ranking round. On t ≥ 0 the best is then t = 0."""
    t = temperature(scores, y)
    return t if t > 0 else -max(temperature(-scores, y), 1e-2)


def _temperature_by_newton(scores, y):
    Z = scores - scores.max(axis=1, keepdims=True)
    right, t, low, high = Z[np.arange(len(y)), y].mean(), 0.0, 0.0, np.inf
    for _ in range(200):
        P = np.exp(t * Z)
        P = P / P.sum(axis=1, keepdims=True)
        mean = (P * Z).sum(axis=1)
        slope, bend = mean.mean() - right, np.mean((P * Z**2).sum(axis=1) - mean**2)
        low, high = (t, high) if slope < 0 else (low, t)
        t_next = t - slope / max(bend, 1e-300)
        if not low < t_next < high:
            t_next = (low + high) / 2 if np.isfinite(high) else 2 * max(t, 1e-3)
        t = max(t_next, 0.0)
    return t


def _temperature_by_scipy(scores, y):
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    rows, size = np.arange(len(y)), np.abs(scores - scores.mean(axis=1, keepdims=True)).max()
    Z = (scores - scores.max(axis=1, keepdims=True)) / size
    found = minimize_scalar(
        lambda s: np.mean(logsumexp(s * Z, axis=1) - s * Z[rows, y]),
        bounds=(0, 200),
        method="bounded",
        options={"xatol": 1e-7, "maxiter": 500},
    )
    return np.array(found.x / size) if found.x > 1e-5 else 0


# --- least_curvature ---------------------------------------------------------------------------


def least_curvature(product, n):
    """The least eigenvalue of a symmetric n x n matrix H and a unit vector v with
    vᵀHv = that value: (value, v).

    product takes v of shape (n,) and gives Hv; you may call it 120 times, and n may be some
    hundreds. Asked for is the value to a part in a thousand of ‖H‖, the largest |eigenvalue|. v
    has shape (n,).
    """
    rng = np.random.default_rng(0)
    q = rng.standard_normal(n)
    Q = [q / np.linalg.norm(q)]
    images = []
    while True:
        w = product(Q[-1])
        images.append(w)
        for _ in range(2):  # twice is enough to stay orthogonal to rounding
            w = w - np.array(Q).T @ (np.array(Q) @ w)
        size = np.linalg.norm(w)
        done = len(Q) == min(n, 90) or size <= 1e-10 * np.linalg.norm(images[-1]) or size == 0
        if done:
            break
        Q.append(w / size)
    basis, moved = np.array(Q), np.array(images)
    T = basis @ moved.T
    values, vectors = np.linalg.eigh((T + T.T) / 2)
    v = basis.T @ vectors[:, 0]
    return values[0], v / np.linalg.norm(v)


def _averaged_pixels(rows):
    """Digits with 11 numbers each, so that the Hessian of a network can be written down."""
    X, y = _digits()
    return X[rows][:, 10:54].reshape(len(rows), 11, 4).mean(axis=2) * 4 - 1.2, y[rows]


@cache
def _small_network(epochs):
    rng = np.random.default_rng(epochs)
    few, y = _averaged_pixels(np.arange(300))
    start = networks.initialise((11, 6, 10), rng, "xavier")
    run = networks.train(start, few, y, rng=rng, step=0.3, batch=20, activation="tanh")
    return next(islice(run, epochs, None)).params


def _hidden_matrices(rng):
    for epochs, lam in ((0, 1e-2), (15, 0.0)):
        few, y = _averaged_pixels(rng.choice(1797, 120, replace=False))
        params = networks.permute_hidden(_small_network(epochs), 1, rng.permutation(6))
        yield _matrix_instance(networks.hessian(params, few, y, "tanh", lam=lam))
    for n, spectrum in (
        (220, lambda n: np.linspace(-1, 1, n) - 0.5 * (np.arange(n) == 0)),
        (160, lambda n: np.append([-0.05, -0.05], np.linspace(0, 3, n - 2))),
        (130, lambda n: np.linspace(0.5, 4, n)),
    ):
        basis = np.linalg.qr(rng.standard_normal((n, n)))[0]
        values = spectrum(n) * rng.uniform(0.5, 2)
        yield _matrix_instance((basis * values) @ basis.T)
    yield _matrix_instance(-2.0 * np.eye(5))  # one product spans all there is to see
    halves = np.kron(np.diag([1.0, 2.0, 3.0]), np.array([[0.5, 1.0], [1.0, 0.5]]))
    yield _matrix_instance(halves)  # the least eigenvector is orthogonal to (1, ..., 1)


class _Product:
    """Hv for one vector at a time: a whole matrix in one call would be n products."""

    def __init__(self, H):
        self.H = H

    def __call__(self, v):
        v = np.asarray(v, dtype=float)
        if v.shape != (len(self.H),):
            raise ValueError(
                f"product takes one vector of shape ({len(self.H)},), not shape {v.shape}"
            )
        return self.H @ v


def _matrix_instance(H):
    oracle = Oracle(
        _Product((H + H.T) / 2),
        limit=120,
        name="a product",
        needs="one column after the other costs n products, power iteration often hundreds; the space "
        "spanned by v, Hv, H²v, ... knows the ends of the spectrum after a few dozen",
    )
    return {"product": oracle, "n": len(H)}


def _certify_curvature(value, product, n):
    found, v = value
    if abs(np.linalg.norm(v) - 1) > 1e-6:
        return f"v must have length 1; yours has {np.linalg.norm(v):.6g}"
    H = product.function.H
    room = 1e-3 * np.linalg.norm(H, 2)
    along = v @ H @ v
    if abs(along - found) > room:
        return f"your value is {found:.5g}, but along your v the curvature vᵀHv is {along:.5g}"
    try:  # no eigenvalue lies below found − room exactly when this matrix has a Cholesky factor
        np.linalg.cholesky(H - (min(found, along) - room) * np.eye(n))
    except np.linalg.LinAlgError:
        return f"your value is {found:.5g}, but H − ({found:.5g} − {room:.2g}) I has no Cholesky factor: a smaller eigenvalue exists"
    return True


def _curvatures(value, product, n):
    found, v = value
    H = product.function.H
    size = np.linalg.norm(H, 2)
    v = np.asarray(v, dtype=float)
    return np.round([found / size, v @ H @ v / size, np.linalg.norm(v)], 2)


def largest_in_size(product, n):
    """Power iteration finds the eigenvalue that is largest in size, and that is usually positive. The least one is at the other end."""
    v = np.random.default_rng(0).standard_normal(n)
    for _ in range(100):
        v = v / np.linalg.norm(v)
        w = product(v)
        value, last, v = v @ w, v, w
    return value, last


def the_other_end(product, n):
    """You return the largest eigenvalue. The sharpest bend up says how long a step may be; asked is the bend down."""
    value, v = least_curvature(lambda v: -product(v), n)
    return -value, v


def halved(product, n):
    """Your value is ½vᵀHv. That is what the loss gains to second order; the eigenvalue is vᵀHv."""
    value, v = least_curvature(product, n)
    return value / 2, v


def its_size(product, n):
    """You return the size of the least eigenvalue: its sign is what tells a saddle."""
    value, v = least_curvature(product, n)
    return abs(value), v


def nearest_to_zero(product, n):
    """You return the eigenvalue that is nearest to 0. The least one, with its sign, is asked."""
    v = [np.random.default_rng(0).standard_normal(n)]
    v = [v[0] / np.linalg.norm(v[0])]
    moved = []
    while len(v) <= min(n, 90):
        w = product(v[-1])
        moved.append(w)
        for _ in range(2):
            w = w - np.array(v).T @ (np.array(v) @ w)
        if len(v) == min(n, 90) or np.linalg.norm(w) <= 1e-10 * np.linalg.norm(moved[-1]):
            break
        v.append(w / np.linalg.norm(w))
    values, vectors = np.linalg.eigh(np.array(v) @ np.array(moved).T)
    k = int(np.argmin(np.abs(values)))
    return values[k], np.array(v).T @ vectors[:, k]


def random_slices(product, n):
    """You take the least vᵀHv over some random directions. Among n dimensions a random direction sees the mean of all eigenvalues, hardly ever the least."""
    V = np.random.default_rng(0).standard_normal((50, n))
    V = V / np.linalg.norm(V, axis=1, keepdims=True)
    values = [v @ product(v) for v in V]
    return min(values), V[int(np.argmin(values))]


def from_the_ones(product, n):
    """You start from (1, ..., 1). If that has no part along the eigenvector you look for, no product will ever show it: start at random."""
    q = np.ones(n) / np.sqrt(n)
    Q, images = [q], []
    while True:
        w = product(Q[-1])
        images.append(w)
        for _ in range(2):
            w = w - np.array(Q).T @ (np.array(Q) @ w)
        if len(Q) == min(n, 90) or np.linalg.norm(w) <= 1e-10 * np.linalg.norm(images[-1]):
            break
        Q.append(w / np.linalg.norm(w))
    values, vectors = np.linalg.eigh(np.array(Q) @ np.array(images).T)
    v = np.array(Q).T @ vectors[:, 0]
    return values[0], v / np.linalg.norm(v)


def column_by_column(product, n):
    """All 120 products are spent before your answer. A column each costs n, power iteration often hundreds; the space spanned by v, Hv, H²v, ... knows the least eigenvalue after a few dozen: look for it there."""
    H = np.column_stack([product(e) for e in np.eye(n)])
    values, vectors = np.linalg.eigh(H)
    return values[0], vectors[:, 0]


def _without_reorthogonalisation(product, n):
    """Lanczos in three terms: ghosts appear, which are copies of right values. The vector comes from a second pass."""
    rng = np.random.default_rng(5)
    start = rng.standard_normal(n)
    start = start / np.linalg.norm(start)

    def run(coefficients=None):
        q, before, beta = start, np.zeros(n), 0.0
        alphas, betas, v = [], [], np.zeros(n)
        for k in range(min(n, 60) if coefficients is None else len(coefficients)):
            if coefficients is not None:
                v = v + coefficients[k] * q
            w = product(q) - beta * before
            alphas.append(q @ w)
            w = w - alphas[-1] * q
            beta = np.linalg.norm(w)
            if beta < 1e-9:
                break
            betas.append(beta)
            before, q = q, w / beta
        return alphas, betas, v

    alphas, betas, _ = run()
    k = len(alphas)
    T = np.diag(alphas) + np.diag(betas[: k - 1], 1) + np.diag(betas[: k - 1], -1)
    vectors = np.linalg.eigh(T)[1]
    v = run(vectors[:, 0])[2]
    v = v / np.linalg.norm(v)
    return [float(np.linalg.eigvalsh(T)[0]), list(v)]


def _by_two_and_the_last_direction(product, n):
    """Locally optimal: in the plane or space of the point, its residual and the last move (LOBPCG with one vector)."""
    x = np.random.default_rng(9).standard_normal(n)
    x = x / np.linalg.norm(x)
    Hx, p, Hp = product(x), None, None
    for _ in range(110):
        value = x @ Hx
        r = Hx - value * x
        if np.linalg.norm(r) < 1e-6 * np.linalg.norm(Hx):
            break
        r = r - (x @ r) * x
        r = r / np.linalg.norm(r)
        V, HV = [x, r], [Hx, product(r)]
        if p is not None:
            V, HV = [*V, p], [*HV, Hp]
        V, HV = np.array(V).T, np.array(HV).T
        Q, R = np.linalg.qr(V)
        HQ = HV @ np.linalg.inv(R)
        c = np.linalg.eigh((Q.T @ HQ + HQ.T @ Q) / 2)[1][:, 0]
        x_next, Hx_next = Q @ c, HQ @ c
        move = x_next - (x @ x_next) * x
        size = np.linalg.norm(move)
        if size < 1e-12:
            break
        p, Hp = move / size, (Hx_next - (x @ x_next) * Hx) / size
        x, Hx = x_next, Hx_next
    return x @ Hx, x


# --- match_units -------------------------------------------------------------------------------


def match_units(S):
    """The matching of most similarity, with a proof: (order, u, v).

    S is m x m; S[i, j] says how alike unit i of one network and unit j of another are. order
    holds each of 0, ..., m − 1 once and makes Σᵢ S[i, order[i]] largest. u and v of shape (m,)
    are prices that prove it: uᵢ + vⱼ ≥ S[i, j] for all i, j, and Σu + Σv equals that sum
    (to 1e-6 m max|S|).
    """
    m = len(S)
    u, v, owner = S.max(axis=1).astype(float), np.zeros(m), np.full(m, -1)
    for i in range(m):
        # give row i a column, along the tight pairs, lowering prices where needed
        left, right = [i], []
        parent = np.full(m, -1)
        free = -1
        while free < 0:
            inside = np.setdiff1d(np.arange(m), right)
            slack = u[left][:, None] + v[inside] - S[np.ix_(left, inside)]
            a, b = np.unravel_index(int(np.argmin(slack)), slack.shape)
            least, row, column = slack[a, b], left[a], inside[b]
            u[left] -= least
            v[right] += least
            parent[column] = row
            if owner[column] < 0:
                free = column
            else:
                right.append(column)
                left.append(owner[column])
        while free >= 0:
            row = parent[free]
            before = np.flatnonzero(owner == row)
            owner[free] = row
            free = before[before != free][0] if row != i else -1
    return np.argsort(owner), u, v


def _similarities(rng):
    X, _ = _digits()
    for units, one, two in ((16, 11, 12), (10, 13, 14)):
        rows = rng.choice(len(X), 150, replace=False)
        A, B = (
            networks.forward(_trained(seed, units), X[rows] - 0.3).A[1][:, rng.permutation(units)]
            for seed in (one, two)
        )
        A, B = A - A.mean(axis=0), B - B.mean(axis=0)
        sizes = np.outer(np.linalg.norm(A, axis=0), np.linalg.norm(B, axis=0))
        yield {"S": np.where(sizes > 0, A.T @ B / np.where(sizes > 0, sizes, 1), 0.0)}
    yield {"S": rng.integers(0, 4, (9, 9)).astype(float)}
    yield {"S": -10 * rng.random((7, 7))}
    yield {"S": np.sqrt(np.add.outer(np.arange(6.0), np.arange(6.0))) + 1e-3 * rng.random((6, 6))}
    yield {"S": np.array([[rng.standard_normal()]])}


def _certify_matching(value, S):
    order, u, v = value
    m = len(S)
    if not np.array_equal(np.sort(order), np.arange(m)):
        twice = next((k for k in order if np.sum(order == k) > 1), order[0])
        return f"order must hold each of 0, ..., {m - 1} once; look at {int(twice)} in yours"
    size = max(1e-12, float(np.abs(S).max()))
    short = S - u[:, None] - v
    i, j = np.unravel_index(int(np.argmax(short)), short.shape)
    total, bound = float(S[np.arange(m), order].sum()), float(u.sum() + v.sum())
    if short[i, j] > 1e-6 * size:
        return f"the prices u[{i}] + v[{j}] = {u[i] + v[j]:.5g} are less than S[{i}, {j}] = {S[i, j]:.5g}: such prices prove nothing"
    return bound - total <= 1e-6 * m * size or (
        f"your matching is worth {total:.6g}, and your prices prove only that none is worth more than {bound:.6g}"
    )


def _worth_and_proof(value, S):
    """The worth of an order; its proof as well, only where the order is the best."""
    order, u, v = value
    order = np.asarray(order, dtype=int)
    worth = S[np.arange(len(S)), order].sum()
    best = S[linear_sum_assignment(S, maximize=True)].sum()
    if worth < best - 1e-9 * len(S) * np.abs(S).max() or len(set(order.tolist())) < len(S):
        return np.array([worth, len(set(order.tolist()))])
    if len(S) == 1:
        return np.array([worth])
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    return np.array([worth, u.sum() + v.sum(), max(0.0, (S - u[:, None] - v).max())])


def each_its_best(S):
    """Each unit takes the one it is most like, so some are taken twice and others by nobody: that is no renumbering."""
    return S.argmax(axis=1), S.max(axis=1), np.zeros(len(S))


def greedy(S):
    """You match the most alike pair first, then the most alike of the rest. The first choice can cost more later than it gains: your prices cannot prove it best, for it is not."""
    order, left = np.zeros(len(S), dtype=int), S.astype(float)
    for _ in range(len(S)):
        i, j = np.unravel_index(int(np.argmax(left)), S.shape)
        order[i] = j
        left = left.copy()
        left[i], left[:, j] = -np.inf, -np.inf
    return order, S.max(axis=1), np.zeros(len(S))


def row_after_row(S):
    """You go from unit to unit, and each takes the best that is left: the last one has no choice, however much it would gain."""
    order = []
    for row in S:
        order.append(max(set(range(len(S))) - set(order), key=lambda j, row=row: row[j]))
    return np.array(order), S.max(axis=1), np.zeros(len(S))


def least_alike(S):
    """You match the least alike: a solver that minimises must be given −S."""
    order, u, v = match_units(-S)
    return order, -u, -v


def turned(S):
    """You return the inverse order: order[i] is to be the unit of the other network that belongs to unit i of the first."""
    order, u, v = match_units(S)
    return np.argsort(order), u, v


def row_maxima(S):
    """Your matching is best, but your prices are the largest entries of the rows and zeros. That proves it only if no two rows want the same column: a wanted column must have a price, too."""
    return match_units(S)[0], S.max(axis=1), np.zeros(len(S))


def prices_turned(S):
    """Your prices belong to minimising −S: change their sign."""
    order, u, v = match_units(S)
    return order, -u, -v


def what_they_earn(S):
    """You give each unit half of what its pair is worth: that adds up, but other pairs are worth more than their two prices, so it proves nothing."""
    order, _, _ = match_units(S)
    pairs = S[np.arange(len(S)), order] / 2
    v = np.empty(len(S))
    v[order] = pairs
    return order, pairs, v


def _by_prices_after_a_library(S):
    i, order = linear_sum_assignment(S, maximize=True)
    m, earned = len(S), S[i, order]
    v = np.zeros(m)
    for _ in range(m + 1):  # v_j ≥ S_ij − S_i,o(i) + v_o(i): longest paths
        v = np.maximum(v, (S - earned[:, None] + v[order][:, None]).max(axis=0))
    return [list(order), list(earned - v[order]), list(v)]


def _by_a_linear_program(S):
    from scipy.optimize import linprog

    m = len(S)
    A = np.vstack([np.kron(np.eye(m), np.ones(m)), np.kron(np.ones(m), np.eye(m))])
    tilt = 1e-9 * np.abs(S).max() * np.random.default_rng(0).random(S.shape)  # ends at a corner
    found = linprog(-(S + tilt).ravel(), A_eq=A, b_eq=np.ones(2 * m), method="highs-ds")
    prices = -found.eqlin.marginals
    return found.x.reshape(m, m).argmax(axis=1), prices[:m], prices[m:]


# --- wake_units --------------------------------------------------------------------------------


def wake_units(W, b, X, mean, std):
    """(W_new, b_new): each unit's XW + b gets the given mean
    and standard deviation over the rows of X.

    Column j of W_new is a positive multiple of column j of W. A unit that gives the same number
    on all rows (up to rounding) keeps its column of W, and gets the mean only. W of shape
    (p, m), b, mean and std of shape (m,), std > 0, X of shape (n, p). The standard deviation is
    that with 1/n, as of np.std.
    """
    Z = X @ W + b
    level, spread = Z.mean(axis=0), Z.std(axis=0)
    asleep = spread <= 1e-10 * (np.abs(X) @ np.abs(W) + np.abs(b)).max(axis=0)
    a = np.where(asleep, 1.0, std / np.where(asleep, 1.0, spread))
    return W * a, mean + a * (b - level)


def _quiet_units(rng):
    X, _ = _digits()
    for rows, one, two in ((200, 0, 1), (60, 2, 3)):
        chosen = X[rng.choice(len(X), rows, replace=False)]
        (W, b), (V, c) = _trained(one)[0], _trained(two)[0]
        spread = rng.uniform(0.5, 3, len(b))
        yield {
            "W": (W + V) / 2,
            "b": (b + c) / 2,
            "X": chosen,
            "mean": rng.standard_normal(len(b)),
            "std": spread,
        }
    X = rng.standard_normal((7, 4)) * np.array([1, 30, 0, 0]) + np.array([5.0, -2, 0.3, 0])
    W = rng.standard_normal((4, 14))
    W[:2, 2:12] = 0  # these see constant columns only: rounding apart, and not always to 0
    W[:, 12] = 0
    b, mean = rng.standard_normal(14), rng.standard_normal(14)
    yield {"W": W, "b": b, "X": X, "mean": mean, "std": rng.uniform(0.1, 2, 14)}
    yield {"W": W, "b": b, "X": X[:1], "mean": mean, "std": np.ones(14)}
    yield {
        "W": 1e-9 * rng.standard_normal((3, 2)),
        "b": np.array([0.0, 1e-9]),
        "X": rng.random((20, 3)),
        "mean": np.array([2.0, -1.0]),
        "std": np.array([1.0, 3.0]),
    }


def _certify_awake(value, W, b, X, mean, std):
    V, c = value
    Z = X @ W + b
    asleep = Z.std(axis=0) <= 1e-10 * (np.abs(X) @ np.abs(W) + np.abs(b)).max(axis=0)
    new = X @ V + c
    for j in range(len(b)):
        w, size = W[:, j], float(np.linalg.norm(W[:, j]))
        if asleep[j]:
            if np.linalg.norm(V[:, j] - w) > 1e-6 * max(size, 1e-12):
                return f"unit {j} gives the same number on all rows, so no factor can help it: its weights are to stay"
        else:
            a = float(V[:, j] @ w) / size**2
            if not a > 0 or np.linalg.norm(V[:, j] - a * w) > 1e-6 * a * size:
                return f"column {j} of W_new is not a positive multiple of column {j} of W: the unit would look at something else"
            if abs(new[:, j].std() - std[j]) > 1e-5 * std[j]:
                return f"unit {j} should have the standard deviation {std[j]:.7g}; yours has {new[:, j].std():.7g}"
        if abs(new[:, j].mean() - mean[j]) > 1e-5 * (1 + abs(mean[j])):
            return f"unit {j} should have the mean {mean[j]:.7g}; yours has {new[:, j].mean():.7g}"
    return True


def _awake_and_asleep(value, W, b, X, mean, std):
    """The units that can be given a voice; of the others whether their weights were kept, erased, or spoilt."""
    V, c = (np.asarray(part, dtype=float) for part in value)
    Z = X @ W + b
    asleep = Z.std(axis=0) <= 1e-10 * (np.abs(X) @ np.abs(W) + np.abs(b)).max(axis=0)
    kept = np.all(np.isclose(V, W, rtol=1e-6, atol=0), axis=0) & asleep
    erased = np.all(V == 0, axis=0) & asleep & ~kept
    return [V[:, ~asleep], c[~asleep], kept, erased, np.where(kept, c, 0.0)]


def b_as_it_was(W, b, X, mean, std):
    """You scale the weights and leave b as it was: the mean of XW + b has then changed, and not to what is asked."""
    return wake_units(W, b, X, mean, std)[0], b


def b_scaled(W, b, X, mean, std):
    """You multiply W and b by the same factor: that sets the standard deviation; the mean is scaled, too, and must be moved to its goal."""
    V, _ = wake_units(W, b, X, mean, std)
    flat = np.linalg.norm(W, axis=0) == 0
    a = np.where(flat, 1, np.linalg.norm(V, axis=0) / np.where(flat, 1, np.linalg.norm(W, axis=0)))
    return V, a * b


def mean_not_undone(W, b, X, mean, std):
    """You add the wished mean to b without taking away the mean that XW_new + b has already."""
    V, _ = wake_units(W, b, X, mean, std)
    return V, b + mean


def to_standard(W, b, X, mean, std):
    """You bring every unit to mean 0 and deviation 1; asked are the given ones."""
    return wake_units(W, b, X, np.zeros(len(b)), np.ones(len(b)))


def ratio_of_variances(W, b, X, mean, std):
    """You scale by the ratio of the variances: weights act on the standard deviation, so the factor is the root of that."""
    Z = X @ W + b
    a = Z.std(axis=0)
    asleep = a <= 1e-10 * (np.abs(X) @ np.abs(W) + np.abs(b)).max(axis=0)
    a = np.where(asleep, 1.0, (std / np.where(asleep, 1.0, a)) ** 2)
    return W * a, mean + a * (b - Z.mean(axis=0))


def one_factor(W, b, X, mean, std):
    """You use one factor for all units. Each has a deviation of its own: take the deviation over the rows, axis=0."""
    Z = X @ W + b
    a = std.mean() / max(Z.std(), 1e-300)
    return W * a, mean - (X @ W).mean(axis=0) * a


def asleep_divided(W, b, X, mean, std):
    """You divide by the deviation of a unit that has none: what comes of it is not a number, or is rounding blown up. Such a unit keeps its weights."""
    Z = X @ W + b
    a = std / Z.std(axis=0)
    return W * a, mean + a * (b - Z.mean(axis=0))


def asleep_erased(W, b, X, mean, std):
    """You set the weights of a constant unit to 0. It is constant on these rows; on others it may speak, so its weights stay."""
    V, c = wake_units(W, b, X, mean, std)
    Z = X @ W + b
    asleep = Z.std(axis=0) <= 1e-10 * (np.abs(X) @ np.abs(W) + np.abs(b)).max(axis=0)
    return np.where(asleep, 0.0, V), np.where(asleep, mean, c)


def _unit_by_unit(W, b, X, mean, std):
    columns, shifts = [], []
    for j in range(W.shape[1]):
        w = W[:, j]
        z = X @ w
        centred = z - z.mean()
        spread = np.sqrt(np.sum(centred**2) / len(z))
        if spread > 1e-9 * np.max(np.abs(X) @ np.abs(w) + 1e-300):
            w = w * std[j] / spread
        columns.append(w.tolist())
        shifts.append(mean[j] - np.mean(X @ w))
    return [np.array(columns).T.tolist(), shifts]


def _by_the_covariance(W, b, X, mean, std):
    centre = X.mean(axis=0)
    C = (X - centre).T @ (X - centre) / len(X)
    variance = np.einsum("pj,pq,qj->j", W, C, W)
    awake = variance > 1e-18 * np.max((np.abs(X) @ np.abs(W)) ** 2, axis=0)
    a = np.ones(len(b))
    a[awake] = std[awake] / np.sqrt(variance[awake])
    return W @ np.diag(a), mean - centre @ (W * a)


# --- batch_norm_backward -----------------------------------------------------------------------


def batch_norm_backward(Z, gamma, eps, D):
    """(dZ, dgamma, dbeta): the gradients behind a layer that normalises its batch.

    The layer is A = gamma · U + beta with U = (Z − mean) / √(variance + eps), mean and variance
    (with 1/n) of each column of Z, n x m. D, n x m, is the gradient of the loss in A. gamma,
    dgamma and dbeta have shape (m,); dZ has the shape of Z.
    """
    root = np.sqrt(Z.var(axis=0) + eps)
    U = (Z - Z.mean(axis=0)) / root
    G = D * gamma
    dZ = (G - G.mean(axis=0) - U * (G * U).mean(axis=0)) / root
    return dZ, (D * U).sum(axis=0), D.sum(axis=0)


def _batches(rng):
    X, _ = _digits()
    chosen = X[rng.choice(len(X), 30, replace=False)] - 0.3
    (W, b), (V, _) = _trained(0)
    Z = (chosen @ W + b)[:, :6]
    yield {"Z": Z, "gamma": V[:6, 0], "eps": 1e-5, "D": rng.standard_normal(Z.shape) + 0.5}
    for n, m, eps in ((8, 3, 0.5), (5, 5, 1e-3), (2, 4, 0.1)):
        yield {
            "Z": 3 * rng.standard_normal((n, m)) + rng.uniform(-4, 4, m),
            "gamma": rng.uniform(0.3, 2, m) * rng.choice([-1.0, 1.0], m),
            "eps": eps,
            "D": rng.standard_normal((n, m)) + 1,
        }
    constant = np.column_stack([np.full(6, 2.0), rng.standard_normal(6)])
    yield {
        "Z": constant,
        "gamma": np.array([1.5, 0.0]),
        "eps": 0.01,
        "D": rng.standard_normal((6, 2)),
    }


def _slopes_of_the_layer(Z, gamma, eps, D):
    """The same gradients from the layer itself: complex steps, exact to rounding; columns do not mix."""
    n, m = Z.shape
    h = 1e-30
    dZ = np.empty((n, m))
    for i in range(n):
        moved = Z.astype(complex)
        moved[i] += 1j * h
        centred = moved - moved.mean(axis=0)
        A = gamma * centred / np.sqrt((centred**2).mean(axis=0) + eps)
        dZ[i] = (D * A.imag).sum(axis=0) / h
    U = (Z - Z.mean(axis=0)) / np.sqrt(((Z - Z.mean(axis=0)) ** 2).mean(axis=0) + eps)
    return dZ, np.einsum("ij,ij->j", D, U), np.einsum("ij->j", D)


def _certify_backward(value, Z, gamma, eps, D):
    names = ("dZ", "dgamma", "dbeta")
    for name, mine, slope in zip(names, value, _slopes_of_the_layer(Z, gamma, eps, D), strict=True):
        error = np.abs(mine - slope)
        if error.max() > 1e-5 * max(1e-3, np.abs(slope).max()):
            at = tuple(int(k) for k in np.unravel_index(int(np.argmax(error)), error.shape))
            at = at if len(at) > 1 else at[0]
            return f"entry {at} of {name} is {mine[at]:.6g}; a small step in the layer measures {slope[at]:.6g}"
    return True


def frozen(Z, gamma, eps, D):
    """You divide by the deviation and stop: mean and deviation depend on Z themselves, and two more terms come of that."""
    _, dgamma, dbeta = batch_norm_backward(Z, gamma, eps, D)
    return D * gamma / np.sqrt(Z.var(axis=0) + eps), dgamma, dbeta


def deviation_frozen(Z, gamma, eps, D):
    """You follow the mean and leave out the deviation: it depends on Z, too."""
    _, dgamma, dbeta = batch_norm_backward(Z, gamma, eps, D)
    G = D * gamma
    return (G - G.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps), dgamma, dbeta


def mean_frozen(Z, gamma, eps, D):
    """You follow the deviation and leave out the mean: all of dZ's columns should add up to 0, for adding a number to a column changes nothing."""
    _, dgamma, dbeta = batch_norm_backward(Z, gamma, eps, D)
    root = np.sqrt(Z.var(axis=0) + eps)
    U, G = (Z - Z.mean(axis=0)) / root, D * gamma
    return (G - U * (G * U).mean(axis=0)) / root, dgamma, dbeta


def gamma_forgotten(Z, gamma, eps, D):
    """You forget gamma on the way back: A = gamma · U + beta, so U's gradient is gamma · D."""
    dZ, _, _ = batch_norm_backward(Z, np.ones(len(gamma)), eps, D)
    return dZ, *batch_norm_backward(Z, gamma, eps, D)[1:]


def of_z_not_u(Z, gamma, eps, D):
    """For dgamma you multiply D by Z: what gamma multiplies is U, the normalised Z."""
    dZ, _, dbeta = batch_norm_backward(Z, gamma, eps, D)
    return dZ, (D * Z).sum(axis=0), dbeta


def averaged_over_rows(Z, gamma, eps, D):
    """You average dgamma and dbeta over the rows. The 1/n of the loss is in D already: add up."""
    dZ, dgamma, dbeta = batch_norm_backward(Z, gamma, eps, D)
    return dZ, dgamma / len(Z), dbeta / len(Z)


def eps_forgotten(Z, gamma, eps, D):
    """You leave out eps: a unit that hardly varies is then divided by almost nothing."""
    return batch_norm_backward(Z, gamma, 1e-12, D)


def eps_outside(Z, gamma, eps, D):
    """You add eps to the deviation; it belongs to the variance, under the root."""
    spread = Z.std(axis=0)
    root = spread + eps
    U, G = (Z - Z.mean(axis=0)) / root, D * gamma
    back = (G * U).mean(axis=0) * (Z - Z.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return (G - G.mean(axis=0) - back) / root, (D * U).sum(axis=0), D.sum(axis=0)


def by_rows(Z, gamma, eps, D):
    """You normalise each row: that is layer normalisation. A batch is normalised by columns, a unit over all rows."""
    root = np.sqrt(Z.var(axis=1, keepdims=True) + eps)
    U, G = (Z - Z.mean(axis=1, keepdims=True)) / root, D * gamma
    dZ = (G - G.mean(axis=1, keepdims=True) - U * (G * U).mean(axis=1, keepdims=True)) / root
    return dZ, (D * U).sum(axis=0), D.sum(axis=0)


def _by_a_jacobian_a_column(Z, gamma, eps, D):
    n, m = Z.shape
    dZ, dgamma = [], []
    for j in range(m):
        z = Z[:, j] - np.sum(Z[:, j]) / n
        root = np.sqrt(z @ z / n + eps)
        J = (np.eye(n) - 1 / n) / root - np.outer(z, z) / (n * root**3)
        dZ.append((gamma[j] * J.T @ D[:, j]).tolist())
        dgamma.append(float(D[:, j] @ z / root))
    return [np.array(dZ).T.tolist(), dgamma, D.sum(axis=0).tolist()]


def _step_by_step(Z, gamma, eps, D):
    n = len(Z)
    centred = Z - Z.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    inverse = (variance + eps) ** -0.5
    d_normal = D * gamma
    d_inverse = (d_normal * centred).sum(axis=0)
    d_variance = -0.5 * d_inverse * inverse**3
    d_centred = d_normal * inverse + 2 * centred * d_variance / n
    dZ = d_centred - d_centred.sum(axis=0) / n
    return dZ, (D * centred * inverse).sum(axis=0), D.sum(axis=0)


def _by_central_differences(Z, gamma, eps, D):
    def layer(Z):
        return gamma * (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps)

    dZ, h = np.empty(Z.shape), 1e-5
    for i in range(len(Z)):
        step = np.zeros(Z.shape)
        step[i] = h
        dZ[i] = (D * (layer(Z + step) - layer(Z - step))).sum(axis=0) / (2 * h)
    U = (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps)
    return dZ, np.diag(D.T @ U), np.ones(len(Z)) @ D


EXERCISES = (
    Exercise(
        temperature,
        _forecasts,
        _certify_temperature,
        title="What its certainty is worth",
        difficulty=2,
        minutes=20,
        points=3,
        partial=True,
        fingerprint=_two_digits,
        hints=(
            "The loss is convex in t: a log-sum-exp of functions that are linear in t, minus a linear one. What does its derivative tell at a point?",
            "The derivative is the mean of Σₖ pᵢₖzᵢₖ − zᵢ,yᵢ with the probabilities at t, and it never falls. Subtract each row's largest score first.",
            "If the derivative at 0 is not negative, t = 0. Otherwise double t until the derivative is positive, and bisect.",
        ),
        mistakes=(
            turned_over,
            left_alone,
            only_cooler,
            squares_of_probabilities,
            sureness_like_accuracy,
            coarse_grid,
            below_zero,
        ),
        alternatives=(_temperature_by_newton, _temperature_by_scipy),
    ),
    Exercise(
        least_curvature,
        _hidden_matrices,
        _certify_curvature,
        title="Has it arrived?",
        difficulty=4,
        minutes=40,
        points=5,
        partial=True,
        fingerprint=_curvatures,
        hints=(
            "The least eigenvalue is the minimum of vᵀHv over unit vectors. After k products from a start q you know H on the space spanned by q, Hq, ..., Hᵏ⁻¹q: minimise there.",
            "Make the basis orthonormal as you go: multiply the last vector by H, subtract its parts along all earlier ones, twice, and scale to length 1. Stop if nothing is left.",
            "With the basis in the columns of Q, the least eigenpair (value, s) of the small matrix QᵀHQ gives v = Qs. Start at random, and take 60 to 100 products where n is larger.",
        ),
        mistakes=(
            largest_in_size,
            the_other_end,
            halved,
            its_size,
            nearest_to_zero,
            random_slices,
            from_the_ones,
            column_by_column,
        ),
        alternatives=(_without_reorthogonalisation, _by_two_and_the_last_direction),
    ),
    Exercise(
        match_units,
        _similarities,
        _certify_matching,
        title="Whose unit is whose?",
        difficulty=5,
        minutes=45,
        points=5,
        partial=True,
        fingerprint=_worth_and_proof,
        hints=(
            "It is a linear program: a matching is a matrix with one 1 in each row and column, and u, v are the multipliers of those sums. Which pairs can be matched when the gap is 0?",
            "Only tight pairs, uᵢ + vⱼ = Sᵢⱼ. Start from u = row maxima, v = 0. If the tight pairs cannot serve all rows, some rows compete for fewer columns: lower their u, raise those columns' v, until a new pair is tight.",
            "Or take the order from scipy.optimize.linear_sum_assignment and compute the prices after it: v = 0, then n times vⱼ ← max(vⱼ, maxᵢ(Sᵢⱼ − Sᵢ,order[i] + v at order[i])), and uᵢ = Sᵢ,order[i] − v at order[i].",
        ),
        mistakes=(
            each_its_best,
            greedy,
            row_after_row,
            least_alike,
            turned,
            row_maxima,
            prices_turned,
            what_they_earn,
        ),
        alternatives=(_by_prices_after_a_library, _by_a_linear_program),
    ),
    Exercise(
        wake_units,
        _quiet_units,
        _certify_awake,
        title="Units that went quiet",
        difficulty=2,
        minutes=20,
        points=3,
        partial=True,
        fingerprint=_awake_and_asleep,
        hints=(
            "If a column of W is multiplied by a, what happens to the mean and to the deviation of that unit? And if a number is added to b?",
            "The factor is the wished deviation over the present one, a unit each (axis=0). Then choose b_new so that the mean is right.",
            "b_new = mean − (mean of X W_new over the rows). Treat units whose deviation is only rounding apart: np.where with a threshold relative to the size of Z.",
        ),
        mistakes=(
            b_as_it_was,
            b_scaled,
            mean_not_undone,
            to_standard,
            ratio_of_variances,
            one_factor,
            asleep_divided,
            asleep_erased,
        ),
        alternatives=(_unit_by_unit, _by_the_covariance),
    ),
    Exercise(
        batch_norm_backward,
        _batches,
        _certify_backward,
        title="Back through a batch",
        difficulty=4,
        minutes=35,
        points=4,
        partial=True,
        hints=(
            "Go back line by line: A from U, U from the centred Z and the variance, both from Z. Each row of Z reaches the loss on three ways.",
            "One column: ∂uᵢ/∂zₖ = (δᵢₖ − 1/n − uᵢuₖ/n) / √(variance + eps). Multiply by gamma · D and add up.",
            "With G = gamma · D: dZ = (G − mean of G − U · mean of G·U) / √(variance + eps), means over the rows. Compare with (loss(Z + h) − loss(Z − h)) / 2h.",
        ),
        mistakes=(
            frozen,
            deviation_frozen,
            mean_frozen,
            gamma_forgotten,
            of_z_not_u,
            averaged_over_rows,
            eps_forgotten,
            eps_outside,
            by_rows,
        ),
        alternatives=(_by_a_jacobian_a_column, _step_by_step, _by_central_differences),
    ),
)
