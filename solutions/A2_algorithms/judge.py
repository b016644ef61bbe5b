"""Assignment A2, algorithms: five solvers over lessons 04 to 08, oracle calls counted. Never handed out."""

import numpy as np

from helpers.certificates import Certificate
from helpers.exercises.exercise import Exercise, Oracle

LESSON = "A2"

# --- minimise_with_budget ----------------------------------------------------------------------


def minimise_with_budget(grad, x, L, mu, tol):
    """A point where ‖∇f‖ ≤ tol, for f that is L-smooth and mu-strongly convex (mu > 0).

    grad takes a point of shape (n,) and gives ∇f there; x of shape (n,) is the start. You may
    call grad 4000 times. L/mu is about 10⁴: gradient descent would need some 100 000 calls.
    """
    root = np.sqrt(mu / L)
    momentum = (1 - root) / (1 + root)
    y = x
    while True:
        g = grad(y)
        if np.linalg.norm(g) <= tol:
            return y
        x_next = y - g / L
        x, y = x_next, x_next + momentum * (x_next - x)


def _smooth(rng):
    n = 30
    eigenvalues = np.geomspace(1, 1e4, n)
    for start in (1.0, 100.0):
        Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
        P, q = (Q * eigenvalues) @ Q.T, rng.standard_normal(n)
        x = start * rng.standard_normal(n)
        yield _smooth_instance(lambda z, P=P, q=q: P @ z + q, x, 1e4, 1.0)
    X, labels = rng.standard_normal((60, 10)) * np.geomspace(1, 20, 10), rng.choice([-1.0, 1], 60)

    def logistic(w):
        return -X.T @ (labels / (1 + np.exp(np.clip(labels * (X @ w), -500, 500)))) + mu * w

    top = np.linalg.norm(X, 2) ** 2 / 4
    mu = top / 1e4
    yield _smooth_instance(logistic, np.ones(10), top + mu, mu)


def _smooth_instance(gradient, x, L, mu):
    grad = Oracle(gradient, limit=4000, name="the gradient", needs="Nesterov needs fewer than 2500")
    tol = 1e-6 * float(np.linalg.norm(gradient(x)))
    return {"grad": grad, "x": x, "L": float(L), "mu": float(mu), "tol": tol}


def _certify_smooth(value, grad, x, L, mu, tol):
    norm = float(np.linalg.norm(grad.function(value)))
    return norm <= 1.001 * tol or (
        f"‖∇f‖ is {norm:.3g} at your point, more than tol = {tol:.3g}: f there is proved to be within "
        f"{norm**2 / 2 / mu:.2g} of its minimum, where {tol**2 / 2 / mu:.2g} is asked"
    )


def plain_gradient_descent(grad, x, L, mu, tol):
    """All 4000 calls are spent. Gradient descent needs a number in proportion to L/mu; momentum makes it the root of that. And stop at tol."""
    while np.linalg.norm(grad(x)) > tol:
        x = x - grad(x) / L
    return x


def _nesterov(grad, x, L, momentum, calls):
    y = x
    for k in range(calls):
        x_next = y - grad(y) / L
        x, y = x_next, x_next + momentum(k) * (x_next - x)
    return x


def momentum_without_root(grad, x, L, mu, tol):
    """Your momentum is (1 − q)/(1 + q) with q = mu/L: it belongs there as its root. Too much inertia overshoots."""
    q = mu / L
    return _nesterov(grad, x, L, lambda k: (1 - q) / (1 + q), 1500)


def growing_momentum(grad, x, L, mu, tol):
    """Momentum k/(k + 3) is for mu = 0: here it grows too large and the run oscillates. Use mu, or restart."""
    return _nesterov(grad, x, L, lambda k: k / (k + 3), 1500)


def step_of_mu(grad, x, L, mu, tol):
    """Your step is 1/mu: the step that is safe in the steepest direction is 1/L."""
    with np.errstate(all="ignore"):
        return _nesterov(grad, x, mu, lambda k: 0.9, 200)


def stopped_by_step(grad, x, L, mu, tol):
    """You stop when the steps are short: a step is ‖∇f‖/L long, and that is small long before ‖∇f‖ is."""
    root = np.sqrt(mu / L)
    y, momentum = x, (1 - root) / (1 + root)
    for _ in range(3900):
        x_next = y - grad(y) / L
        if np.linalg.norm(x_next - x) <= tol:
            return x_next
        x, y = x_next, x_next + momentum * (x_next - x)
    return x


def too_few(grad, x, L, mu, tol):
    """You stop after a fixed 100 calls: stop when ‖∇f‖ ≤ tol, which you can see."""
    root = np.sqrt(mu / L)
    return _nesterov(grad, x, L, lambda k: (1 - root) / (1 + root), 100)


def _restarted(grad, x, L, mu, tol):
    y, k = x, 0
    while True:
        g = grad(y)
        if np.linalg.norm(g) <= tol:
            return list(y)
        x_next = y - g / L
        k = 0 if g @ (x_next - x) > 0 else k + 1
        x, y = x_next, x_next + k / (k + 3) * (x_next - x)


def _estimate_sequence(grad, x, L, mu, tol):
    v, theta = x, np.sqrt(mu / L)
    for _ in range(3900):
        y = (x + theta * v) / (1 + theta)
        g = grad(y)
        if np.linalg.norm(g) <= tol:
            return y
        x = y - g / L
        v = (1 - theta) * v + theta * y - theta / mu * g
    return x


# --- analytic_center ---------------------------------------------------------------------------


def analytic_center(A, b, x):
    """The point of {z : Az < b} that minimises −Σ log(bᵢ − aᵢᵀz),
    the polyhedron's analytic center.

    A is m x n with rows aᵢᵀ, b has shape (m,), and x of shape (n,) is strictly inside,
    perhaps very near to the boundary. The polyhedron is bounded. Stop when Newton's decrement
    is below 1e-8.
    """
    while True:
        slack = b - A @ x
        gradient = A.T @ (1 / slack)
        hessian = (A.T / slack**2) @ A
        step = -np.linalg.solve(hessian, gradient)
        decrement = np.sqrt(max(-gradient @ step, 0.0))
        if decrement < 1e-8:
            return x
        x = x + step / (1 + decrement)


def _polyhedra(rng):
    yield {"A": np.array([[1.0], [-1.0]]), "b": np.array([1.0, 0.0]), "x": np.array([1e-6])}
    far = np.vstack([np.tile([-1.0, 0.0], (60, 1)), [[1, 0]], [[0, 1]], [[0, -1]]])
    yield {"A": far, "b": np.ones(63), "x": np.array([0.1, 0.3])}  # a full step leaves it
    for m, n, near, scale in ((6, 2, 0.5, 1.0), (12, 3, 1 - 1e-7, 1.0), (40, 8, 0.999, 1e3)):
        A = rng.standard_normal((m, n))
        A = np.vstack([A, -A.mean(axis=0), np.eye(n), -np.eye(n)]) * scale ** np.linspace(-1, 1, n)
        b = rng.uniform(0.5, 2, len(A))
        d = rng.standard_normal(n)
        reach = 1 / (A @ d / b).max()
        yield {"A": A, "b": b, "x": near * reach * d}


def _certify_center(value, A, b, x):
    slack = b - A @ value
    if slack.min() <= 0:
        worst = int(np.argmin(slack))
        return f"your point is not inside: row {worst} has aᵀz = {(A @ value)[worst]:.6g}, b = {b[worst]:.6g}"
    M = A / slack[:, None]  # the Hessian is MᵀM and the gradient Mᵀ1, so that λ = ‖Qᵀ1‖ with M = QR
    decrement = float(np.linalg.norm(np.linalg.qr(M / np.linalg.norm(M, axis=0))[0].sum(axis=0)))
    return decrement <= 1e-5 or (
        f"Newton's decrement at your point is {decrement:.2g}: the minimum is still about "
        f"{decrement**2 / 2:.1g} lower"
    )


def _newton_center(A, b, x, length, steps, power=2, sign=-1.0):
    for _ in range(steps):
        slack = b - A @ x
        gradient = A.T @ (1 / slack)
        hessian = (A.T / np.abs(slack) ** power) @ A
        step = sign * np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        x = x + length(A, slack, step) * step
    return x


def full_steps(A, b, x):
    """Your Newton steps are full: from near the boundary they leave the polyhedron. Damp them."""
    for _ in range(50):
        slack = b - A @ x
        x = x - np.linalg.pinv((A.T / slack**2) @ A) @ (A.T @ (1 / slack))
    return x


def uphill(A, b, x):
    """Your step goes uphill: the gradient of −log(b − aᵀz) is +a/(b − aᵀz)."""
    return _newton_center(
        A, b, x, lambda A, s, d: 0.5 * min(1, 1 / max((A @ d / s).max(), 1e-9)), 40, sign=1.0
    )


def slack_not_squared(A, b, x):
    """Your Hessian has 1/(b − aᵀz): differentiate 1/(b − aᵀz) once more and it is squared."""
    return _newton_center(
        A, b, x, lambda A, s, d: 0.3 * min(1, 1 / max((A @ d / s).max(), 1e-9)), 12, power=1
    )


def one_step(A, b, x):
    """You take one damped step: go on until Newton's decrement is small."""
    return _newton_center(
        A, b, x, lambda A, s, d: 1 / (1 + np.sqrt(max((A @ d / s) @ (A @ d / s), 0))), 1
    )


def along_the_gradient(A, b, x):
    """You descend along the gradient: near the boundary the curvatures differ by many powers of ten. Use Newton's step."""
    for _ in range(300):
        slack = b - A @ x
        d = -A.T @ (1 / slack)
        x = x + 0.1 / max((A @ d / slack).max(), np.linalg.norm(d), 1e-9) * d
    return x


def unmoved(A, b, x):
    """You return the start: it is inside, but it is not where the product of the distances is largest."""
    return x


def _backtracked(A, b, x):
    def value(z):
        slack = b - A @ z
        return -np.sum(np.log(slack)) if slack.min() > 0 else np.inf

    for _ in range(500):
        slack = b - A @ x
        gradient = A.T @ (1 / slack)
        d = -np.linalg.solve((A.T / slack**2) @ A, gradient)
        if -gradient @ d < 1e-14:
            break
        t = 1.0
        while value(x + t * d) > value(x) + 0.25 * t * (gradient @ d) and t > 1e-14:
            t /= 2
        x = x + t * d
    return list(x)


def _through_the_wall_ratio(A, b, x):
    """A share of the way to the nearest wall, until Newton's own step is shorter."""
    for _ in range(400):
        slack = b - A @ x
        d = -np.linalg.solve((A.T / slack**2) @ A, A.T @ (1 / slack))
        size = np.sqrt(np.sum((A @ d / slack) ** 2))
        x = x + (1.0 if size < 0.25 else 1 / (1 + size)) * d
        if size < 1e-9:
            break
    return x


# --- group_lasso -------------------------------------------------------------------------------


def group_lasso(X, y, groups, lam):
    """The minimiser of ½‖Xw − y‖² + lam Σ_g ‖w_g‖ (Euclidean norms): whole groups become zero.

    X is n x p, y has shape (n,); groups of shape (p,) holds the number of each column's group.
    It is judged by its duality gap: at most 1e-6 of the objective.
    """
    L = np.linalg.norm(X, 2) ** 2
    w = z = np.zeros(X.shape[1])
    t, members = 1.0, [groups == g for g in np.unique(groups)]
    for k in range(20_000):
        v = z - X.T @ (X @ z - y) / L
        w_next = np.zeros_like(w)
        for member in members:
            norm = np.linalg.norm(v[member])
            if norm > lam / L:
                w_next[member] = (1 - lam / L / norm) * v[member]
        t_next = (1 + np.sqrt(1 + 4 * t * t)) / 2
        if (z - w_next) @ (w_next - w) > 0:
            t_next = 1.0  # the momentum points uphill: restart
        z = w_next + (t - 1) / t_next * (w_next - w) if t_next > 1 else w_next
        w, t = w_next, t_next
        if k % 20 == 0:
            r = y - X @ w
            steepest = max(np.linalg.norm(X[:, member].T @ r) for member in members)
            nu = r * min(1, lam / max(steepest, 1e-300))
            objective = r @ r / 2 + lam * sum(np.linalg.norm(w[member]) for member in members)
            if objective - (nu @ y - nu @ nu / 2) <= 1e-8 * objective:
                break
    return w


def _grouped(rng):
    for n, sizes, share in ((30, (2, 3, 1), 0.1), (40, (5,) * 6, 0.3), (20, (4,) * 10, 0.2)):
        p = sum(sizes)
        X = rng.standard_normal((n, p)) + 0.5 * rng.standard_normal((n, 1))
        order = rng.permutation(p)
        groups = np.repeat(np.arange(len(sizes)), sizes)[order]
        w = rng.standard_normal(p) * (groups % 3 == 0)
        y = X @ w + 0.5 * rng.standard_normal(n)
        largest = max(np.linalg.norm(X[:, groups == g].T @ y) for g in range(len(sizes)))
        yield {"X": X, "y": y, "groups": groups, "lam": float(share * largest)}
    yield {"X": X, "y": y, "groups": groups, "lam": float(1.5 * largest)}


def _certify_groups(w, X, y, groups, lam):
    members = [groups == g for g in np.unique(groups)]
    r = y - X @ w
    steepest = max(float(np.linalg.norm(X[:, member].T @ r)) for member in members)
    nu = r * min(1.0, lam / max(steepest, 1e-300))
    penalty = sum(float(np.linalg.norm(w[member])) for member in members)
    return Certificate(
        primal=float(r @ r / 2 + lam * penalty), dual=float(nu @ y - nu @ nu / 2), point=nu
    )


def _proximal(X, y, groups, lam, shrink, steps=150):
    L = np.linalg.norm(X, 2) ** 2
    w, members = np.zeros(X.shape[1]), [groups == g for g in np.unique(groups)]
    for _ in range(steps):
        v = w - X.T @ (X @ w - y) / L
        w = np.zeros_like(v)
        for member in members:
            w[member] = shrink(v[member], lam / L)
    return w


def each_alone(X, y, groups, lam):
    """You shrink each weight alone: that is the lasso. The norm of a group shrinks, and its direction stays."""
    return _proximal(X, y, groups, lam, lambda v, t: np.sign(v) * np.maximum(np.abs(v) - t, 0))


def squared_norm(X, y, groups, lam):
    """You shrink by 1/(1 + lam/L): that is the penalty ½‖w‖², which makes no group zero."""
    return _proximal(X, y, groups, lam, lambda v, t: v / (1 + t))


def kept_or_dropped(X, y, groups, lam):
    """You drop groups that are short and keep the others as they are: those shrink too, by lam/L."""
    return _proximal(X, y, groups, lam, lambda v, t: v * (np.linalg.norm(v) > t))


def lam_without_step(X, y, groups, lam):
    """You shrink by lam rather than by lam times the step 1/L."""
    L = np.linalg.norm(X, 2) ** 2
    return _proximal(X, y, groups, lam, lambda v, t: _block(v, t * L))


def by_group_size(X, y, groups, lam):
    """You weigh a group's norm by the root of its size: a common choice, but not the objective that is asked."""
    return _proximal(X, y, groups, lam, lambda v, t: _block(v, t * np.sqrt(len(v))))


def too_soon(X, y, groups, lam):
    """You stop after 20 steps: the gap is not yet closed. Let it tell you when."""
    return _proximal(X, y, groups, lam, _block, steps=20)


def _block(v, t):
    norm = np.linalg.norm(v)
    return (1 - t / norm) * v if norm > t else 0 * v


def _by_ista(X, y, groups, lam):
    return list(_proximal(X, y, groups, lam, _block, steps=2500))


def _by_blocks(X, y, groups, lam):
    """Block coordinate descent, each block by proximal steps of its own."""
    w = np.zeros(X.shape[1])
    members = [np.flatnonzero(groups == g) for g in sorted(set(groups))]
    for _ in range(80):
        for member in members:
            block = X[:, member]
            L = np.linalg.norm(block, 2) ** 2
            for _ in range(5):
                w[member] = _block(w[member] - block.T @ (X @ w - y) / L, lam / L)
    return w


# --- project_onto_intersection -----------------------------------------------------------------


def project_onto_intersection(project_a, project_b, x):
    """The point nearest to x that lies in both convex sets A and B.

    project_a takes a point of shape (n,) and gives the nearest point of A; project_b that of B.
    You may call each 5000 times. The sets have inner points in common. Accuracy: 1e-5.
    """
    z, p, q = x, np.zeros_like(x), np.zeros_like(x)
    for _ in range(4000):
        a = project_a(z + p)
        p = z + p - a
        b = project_b(a + q)
        q = a + q - b
        if np.linalg.norm(b - z) + np.linalg.norm(a - b) < 1e-10 * (1 + np.linalg.norm(x)):
            break
        z = b
    return b


class _Set:
    """A set with its projection, and the normals that are active at a point of it."""

    def __init__(self, project, normals):
        self.project, self.normals = project, normals

    def __call__(self, z):
        return self.project(np.asarray(z, dtype=float))


NEAR = 3e-5


def _ball(centre, radius):
    def project(z):
        return centre + (z - centre) * min(1, radius / max(np.linalg.norm(z - centre), 1e-300))

    def normals(p):
        on_it = np.linalg.norm(p - centre) > radius - NEAR
        return [(p - centre) / radius] if on_it else []

    return _Set(project, normals)


def _halfspace(a, b):
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(a)
    return _Set(lambda z: z - max(a @ z - b, 0) * a, lambda p: [a] if a @ p > b - NEAR else [])


def _box(low, high):
    def normals(p):
        e = np.eye(len(p))
        return [e[j] for j in np.flatnonzero(p > high - NEAR)] + [
            -e[j] for j in np.flatnonzero(p < low + NEAR)
        ]

    return _Set(lambda z: np.clip(z, low, high), normals)


def _pairs(rng):
    def pair(first, second, x):
        oracles = [
            Oracle(part, limit=5000, name="a projection", needs="Dykstra needs far fewer")
            for part in (first, second)
        ]
        return {"project_a": oracles[0], "project_b": oracles[1], "x": x}

    tilt = rng.uniform(0.3, 0.6)
    yield pair(
        _halfspace(np.array([0.0, 1.0]), 0.0),
        _halfspace(np.array([1.0, -tilt]), 0.0),
        np.array([2.0, 1.0]),
    )
    yield pair(_ball(np.zeros(2), 1.0), _halfspace(np.array([1.0, 1.0]), 0.5), np.array([2.0, 0.3]))
    for n in (3, 6):
        x = 3 * rng.standard_normal(n)
        a = rng.standard_normal(n)
        yield pair(
            _ball(rng.standard_normal(n) * 0.2, 1.0), _halfspace(a, 0.2 * np.linalg.norm(a)), x
        )
        yield pair(_box(-np.ones(n), np.ones(n)), _halfspace(a, -0.3 * np.abs(a).sum()), x + a)
        e = np.eye(n)[0]
        yield pair(_ball(e, 1.5), _ball(-e, 1.5), np.append(rng.uniform(0.3, 1), x[1:] * 2))
        yield pair(_box(np.zeros(n), np.full(n, 9.0)), _ball(np.full(n, 0.5), 1.2), x)
    yield pair(
        _ball(np.zeros(2), 1.0), _halfspace(np.array([1.0, 1.0]), 0.5), np.array([-0.2, 0.3])
    )


def _certify_intersection(p, project_a, project_b, x):
    from scipy.optimize import nnls

    scale = 1 + float(np.linalg.norm(x))
    first, second = project_a.function, project_b.function
    for name, part in (("A", first), ("B", second)):
        outside = float(np.linalg.norm(part(p) - p))
        if outside > 2e-5 * scale:
            return f"your point is {outside:.2g} outside {name}"
    normals = [*first.normals(p), *second.normals(p)]
    left = float(np.linalg.norm(x - p))
    if normals:
        left = nnls(np.array(normals).T, x - p)[1]
    return left <= 1e-4 * scale or (
        "your point is in both sets, but it is not the nearest one: x − p should be a sum of normals "
        f"of the two sets at p, and {left:.2g} of it is not"
    )


def alternating(project_a, project_b, x):
    """You project in turn: that ends at some point of both sets, not at the nearest to x. Dykstra's corrections remember x."""
    for _ in range(300):
        x = project_b(project_a(x))
    return x


def once_each(project_a, project_b, x):
    """One projection after the other is not the projection onto both: the second may leave the first set."""
    return project_b(project_a(x))


def averaged(project_a, project_b, x):
    """You average the two projections again and again: that ends at some common point, not at the nearest."""
    for _ in range(300):
        x = (project_a(x) + project_b(x)) / 2
    return x


def corrections_subtracted(project_a, project_b, x):
    """Your corrections have the wrong sign: Dykstra adds back what the last projection onto the same set took away."""
    z, p, q = x, np.zeros_like(x), np.zeros_like(x)
    for _ in range(200):
        a = project_a(z - p)
        p = z - p - a
        b = project_b(a - q)
        q, z = a - q - b, b
        p, q = np.clip(p, -1e6, 1e6), np.clip(q, -1e6, 1e6)
    return z


def not_accumulated(project_a, project_b, x):
    """Your corrections forget: each is z + p − P(z + p), with the old correction inside, not z − P(z)."""
    z, p, q = x, np.zeros_like(x), np.zeros_like(x)
    for _ in range(200):
        a = project_a(z + p)
        p = z - a
        b = project_b(a + q)
        q, z = a - b, b
    return z


def only_a(project_a, project_b, x):
    """You project onto A alone: the result need not be in B."""
    return project_a(x)


def _by_admm(project_a, project_b, x):
    z, u = x, np.zeros_like(x)
    for _ in range(800):
        a = project_a((x + z - u) / 2)  # minimises ½‖a − x‖² + ½‖a − z + u‖² over A
        z = project_b(a + u)
        u = u + a - z
    return z


def _by_product_space(project_a, project_b, x):
    """Dykstra on both sets at once, with the mean between them (Boyle and Dykstra in a product)."""
    z, corrections = x, [np.zeros_like(x), np.zeros_like(x)]
    for _ in range(1500):
        points = []
        for index, project in enumerate((project_a, project_b)):
            shifted = z + corrections[index]
            point = project(shifted)
            corrections[index] = shifted - point
            points.append(point)
        z = (points[0] + points[1]) / 2
    return list(z)


# --- minimise_sum ------------------------------------------------------------------------------


def minimise_sum(row_grad, n, w, L, mu, tol):
    """A point where ‖∇f‖ ≤ tol, for f = (1/n) Σᵢ fᵢ
    with each fᵢ L-smooth and f mu-strongly convex.

    row_grad(i, w) gives ∇fᵢ at w, for i from 0 to n − 1; w of shape (p,) is the start. You may
    call row_grad 40 n times: as often as 40 full gradients cost. L/mu is about 100.
    """
    rng = np.random.default_rng(0)
    table = np.array([row_grad(i, w) for i in range(n)])
    mean, step = table.mean(axis=0), 1 / (3 * L)
    for i in rng.integers(n, size=39 * n):
        g = row_grad(int(i), w)
        w = w - step * (g - table[i] + mean)
        mean = mean + (g - table[i]) / n
        table[i] = g
    return w


TOLERANCE = 1e-3


def _sums(rng):
    for n, p in ((100, 4), (140, 6)):
        common = rng.standard_normal(p)
        X = common / np.linalg.norm(common) + 0.05 * rng.standard_normal((n, p))
        X /= np.linalg.norm(X, axis=1)[:, None]
        y = X @ rng.standard_normal(p) + rng.standard_normal(n)
        ridge = 0.01

        def row_gradient(i, w, X=X, y=y, ridge=ridge):
            return X[i] * (X[i] @ w - y[i]) + ridge * w

        def full(w, X=X, y=y, ridge=ridge, n=n):
            return X.T @ (X @ w - y) / n + ridge * w

        oracle = Oracle(
            row_gradient, limit=40 * n, name="a row's gradient", needs="SAGA stays below it"
        )
        oracle.full = full
        w = 3 * rng.standard_normal(p)
        tol = TOLERANCE * float(np.linalg.norm(full(w)))
        yield {"row_grad": oracle, "n": n, "w": w, "L": 1 + ridge, "mu": ridge, "tol": tol}


def _certify_sum(value, row_grad, n, w, L, mu, tol):
    norm = float(np.linalg.norm(row_grad.full(value)))
    return norm <= tol or (
        f"‖∇f‖ is {norm:.3g} at your point, more than tol = {tol:.3g} "
        f"(at the start it was {np.linalg.norm(row_grad.full(w)):.3g})"
    )


def constant_step(row_grad, n, w, L, mu, tol):
    """That is SGD with a constant step: it stays in a ball of noise round the optimum. Reduce the variance."""
    rng = np.random.default_rng(1)
    for i in rng.integers(n, size=39 * n):
        w = w - row_grad(int(i), w) / (3 * L)
    return w


def falling_step(row_grad, n, w, L, mu, tol):
    """That is SGD with a falling step: its noise falls like one over the root of the steps. Reduce the variance."""
    rng = np.random.default_rng(1)
    for k, i in enumerate(rng.integers(n, size=39 * n)):
        w = w - min(1 / (3 * L), 1 / (mu * (k + 1))) * row_grad(int(i), w)
    return w


def full_gradients(row_grad, n, w, L, mu, tol):
    """You spend n calls on every step: 39 steps of gradient descent are not enough for this L/mu."""
    for _ in range(39):
        w = w - sum(row_grad(i, w) for i in range(n)) / n / L
    return w


def over_budget(row_grad, n, w, L, mu, tol):
    """All 40 n calls are spent. A full gradient costs n of them: keep those for rows, and return before they are gone."""
    while True:
        g = sum(row_grad(i, w) for i in range(n)) / n
        if np.linalg.norm(g) <= tol:
            return w
        w = w - g / L


def stale_table(row_grad, n, w, L, mu, tol):
    """You never renew the stored gradients: they describe the start, and their correction goes stale."""
    rng = np.random.default_rng(1)
    start = w
    mean = sum(row_grad(i, start) for i in range(n)) / n
    for i in rng.integers(n, size=18 * n):
        w = w - (row_grad(int(i), w) - row_grad(int(i), start) + mean) / (3 * L)
    return w


def mean_forgotten(row_grad, n, w, L, mu, tol):
    """You subtract the stored gradient and do not add the mean of all: the direction is biased, towards zero."""
    rng = np.random.default_rng(1)
    table = [row_grad(i, w) for i in range(n)]
    for i in rng.integers(n, size=35 * n):
        g = row_grad(int(i), w)
        w, table[i] = w - (g - table[i]) / (3 * L), g
    return w


def _svrg(row_grad, n, w, L, mu, tol):
    rng = np.random.default_rng(3)
    for _ in range(11):
        anchor, stored = w, [row_grad(i, w) for i in range(n)]
        mean = sum(stored) / n
        if np.linalg.norm(mean) <= tol:
            return anchor
        for i in rng.integers(n, size=5 * n // 2):
            w = w - (row_grad(int(i), w) - stored[i] + mean) / (3 * L)
    return list(w)


def _sag(row_grad, n, w, L, mu, tol):
    rng = np.random.default_rng(4)
    table = np.array([row_grad(i, w) for i in range(n)])
    mean = table.mean(axis=0)
    for i in rng.integers(n, size=38 * n):
        g = row_grad(int(i), w)
        mean = mean + (g - table[i]) / n
        table[i] = g
        w = w - mean / (4 * L)
    return w


EXERCISES = (
    Exercise(
        minimise_with_budget,
        _smooth,
        _certify_smooth,
        title="Four thousand gradients",
        difficulty=3,
        minutes=30,
        points=4,
        partial=True,
        hints=(
            "Which method needs a number of calls in proportion to the root of L/mu?",
            "With mu known the momentum is a constant: (1 − q)/(1 + q), q the root of mu/L.",
            "Evaluate the gradient once in each round, at the extrapolated point; stop by its norm.",
        ),
        mistakes=(
            plain_gradient_descent,
            momentum_without_root,
            growing_momentum,
            step_of_mu,
            stopped_by_step,
            too_few,
        ),
        alternatives=(_restarted, _estimate_sequence),
    ),
    Exercise(
        analytic_center,
        _polyhedra,
        _certify_center,
        title="The center of a polyhedron",
        difficulty=3,
        minutes=30,
        points=4,
        partial=True,
        hints=(
            "Write the gradient and the Hessian with the slacks b − Az; both are one line.",
            "Near the boundary a full Newton step leaves the set: which shorter one is proved to stay?",
            "For a self-concordant function, 1/(1 + λ) with λ Newton's decrement always stays inside.",
        ),
        mistakes=(full_steps, uphill, slack_not_squared, one_step, along_the_gradient, unmoved),
        alternatives=(_backtracked, _through_the_wall_ratio),
    ),
    Exercise(
        group_lasso,
        _grouped,
        _certify_groups,
        title="Whole groups at zero",
        difficulty=3,
        minutes=40,
        points=4,
        tol=1e-6,
        partial=True,
        hints=(
            "The objective is smooth plus simple: what is the prox of t‖v‖, without the square?",
            "It shrinks the vector by t along itself, and gives 0 where it is shorter than t.",
            "The penalty separates over the groups, so the prox acts on each group alone.",
        ),
        mistakes=(
            each_alone,
            squared_norm,
            kept_or_dropped,
            lam_without_step,
            by_group_size,
            too_soon,
        ),
        alternatives=(_by_ista, _by_blocks),
    ),
    Exercise(
        project_onto_intersection,
        _pairs,
        _certify_intersection,
        title="Nearest in both",
        difficulty=4,
        minutes=40,
        points=4,
        partial=True,
        hints=(
            "Projecting in turn finds a common point. Which term of the problem has it forgotten?",
            "It is the problem: minimise ½‖z − x‖² plus two indicators. Two proximal methods fit.",
            "Dykstra: before projecting onto a set, add back what the last projection onto it took away.",
        ),
        mistakes=(
            alternating,
            once_each,
            averaged,
            corrections_subtracted,
            not_accumulated,
            only_a,
        ),
        alternatives=(_by_admm, _by_product_space),
    ),
    Exercise(
        minimise_sum,
        _sums,
        _certify_sum,
        title="Forty passes",
        difficulty=4,
        minutes=40,
        points=4,
        partial=True,
        seconds=30.0,
        hints=(
            "Full gradients allow 40 steps, and SGD has a floor of noise: what has neither fault?",
            "Remember each row's last gradient, and the mean of them all.",
            "Step along the new gradient minus the stored one plus the mean, with a step of 1/(3L).",
        ),
        mistakes=(
            constant_step,
            falling_step,
            full_gradients,
            over_budget,
            stale_table,
            mean_forgotten,
        ),
        alternatives=(_svrg, _sag),
    ),
)
