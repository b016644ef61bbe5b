"""Lesson 07: projected gradient, Frank-Wolfe, exponentiated gradient, the barrier, Mehrotra's step."""

import numpy as np

from .exercise import Exercise, Oracle, same

LESSON = "07"

# --- sets that the judge holds -----------------------------------------------------------------


def _onto_box(z):
    return np.clip(z, -1.0, 1.0)


def _onto_ball(z):
    return z / max(1.0, float(np.linalg.norm(z)))


def _onto_simplex(z):
    largest = np.sort(z)[::-1]
    excess = (np.cumsum(largest) - 1) / np.arange(1, len(z) + 1)
    return np.maximum(z - excess[largest > excess][-1], 0)


# --- projected_gradient ------------------------------------------------------------------------


def projected_gradient(grad, project, x, step, iterations):
    """The point after `iterations` steps x ← P(x − step ∇f(x)).

    grad takes a point of shape (n,) and gives ∇f there; project takes a point and gives its
    projection onto the set. x of shape (n,) is the start, in the set.
    """
    for _ in range(iterations):
        x = project(x - step * grad(x))
    return x


def _projections(rng):
    for n, project, iterations in (
        (2, _onto_box, 5),
        (3, _onto_ball, 8),
        (6, _onto_simplex, 20),
        (4, _onto_box, 1),
    ):
        M = rng.standard_normal((n + 2, n))
        P, q = M.T @ M, 4 * rng.standard_normal(n)
        step = 1 / float(np.linalg.norm(P, 2))
        yield {
            "grad": Oracle(
                lambda z, P=P, q=q: P @ z + q,
                3 * iterations,
                "the gradient",
                f"{iterations} are enough",
            ),
            "project": Oracle(
                project, 3 * iterations, "the projection", f"{iterations} are enough"
            ),
            "x": project(rng.standard_normal(n)),
            "step": step,
            "iterations": iterations,
        }


def _certify_projected(value, grad, project, x, step, iterations):
    z = x
    for _ in range(iterations):
        z = project.function(z - step * grad.function(z))
    return same(value, z, f"the point after {iterations} steps")


def projected_at_the_end(grad, project, x, step, iterations):
    """You project only at the end: in between the run leaves the set, and the nearest point to where it ends need not be the minimiser."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return project(x)


def never_projected(grad, project, x, step, iterations):
    """You never project: that is plain gradient descent, and it leaves the set."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return x


def projected_before(grad, project, x, step, iterations):
    """You project before the step, so the last step may leave the set: project what comes after it."""
    for _ in range(iterations):
        z = project(x)
        x = z - step * grad(z)
    return x


def gradient_projected(grad, project, x, step, iterations):
    """You project the gradient: it is a direction. What must be in the set is the point after the step."""
    for _ in range(iterations):
        x = x - step * project(grad(x))
    return x


def climbed(grad, project, x, step, iterations):
    """You go uphill: the step is minus the gradient."""
    for _ in range(iterations):
        x = project(x + step * grad(x))
    return x


def one_step_more(grad, project, x, step, iterations):
    """You take one step too many."""
    for _ in range(iterations + 1):
        x = project(x - step * grad(x))
    return x


def _projected_recursively(grad, project, x, step, iterations):
    if iterations == 0:
        return x
    return _projected_recursively(grad, project, project(x - step * grad(x)), step, iterations - 1)


def _projected_in_a_list(grad, project, x, step, iterations):
    points = [np.array(x)]
    while len(points) <= iterations:
        points.append(np.array(project(points[-1] - step * np.array(grad(points[-1])))))
    return list(points[-1])


# --- frank_wolfe -------------------------------------------------------------------------------


def frank_wolfe(grad, lmo, x, iterations):
    """`iterations` steps of Frank and Wolfe from x, and the gap there: (x, gap).

    A step goes from x towards s = lmo(∇f(x)), the point of the set where the linear function
    ∇f(x)ᵀs is least: x ← x + 2/(k + 2) (s − x), k = 0, 1, 2, ...
    The gap at the point that you return is ∇f(x)ᵀ(x − s), with s taken there.
    """
    for k in range(iterations):
        s = lmo(grad(x))
        x = x + 2 / (k + 2) * (s - x)
    g = grad(x)
    return x, g @ (x - lmo(g))


def _corner_of_box(g):
    return np.where(g > 0, -1.0, 1.0)


def _corner_of_simplex(g):
    return np.eye(len(g))[int(np.argmin(g))]


def _corner_of_diamond(g):
    j = int(np.argmax(np.abs(g)))
    return -np.sign(g[j]) * np.eye(len(g))[j] if g[j] else np.eye(len(g))[j]


class _Pull:
    """The gradient of ½‖z − target‖², which knows the least value on the set and what is promised."""

    def __init__(self, target, least, promise):
        self.target, self.least, self.promise = target, least, promise

    def __call__(self, z):
        return z - self.target


def _linear_minima(rng):
    for n, lmo, project, width, iterations in (
        (2, _corner_of_box, _onto_box, 8.0, 6),
        (5, _corner_of_simplex, _onto_simplex, 2.0, 30),
        (8, _corner_of_simplex, _onto_simplex, 2.0, 100),
        (3, _corner_of_diamond, None, 4.0, 40),
    ):
        target = 1.5 * rng.standard_normal(n)
        nearest = project(target) if project else _onto_diamond(target)
        # 2 L diam² / (k + 2) with L = 1
        pull = _Pull(
            target, float(np.sum((nearest - target) ** 2) / 2), 2 * width / (iterations + 2)
        )
        grad = Oracle(pull, 3 * iterations + 3, "the gradient", f"{iterations + 1} are enough")
        corner = Oracle(
            lmo, 3 * iterations + 3, "the linear minimisation", f"{iterations + 1} are enough"
        )
        start = lmo(rng.standard_normal(n))
        yield {"grad": grad, "lmo": corner, "x": start, "iterations": iterations}


def _onto_diamond(y):
    if np.abs(y).sum() <= 1:
        return y
    return np.sign(y) * _onto_simplex(np.abs(y))


def _inside(z, lmo):
    """Whether z is in the set of `lmo`, by its support function in many directions."""
    rng = np.random.default_rng(0)
    directions = np.vstack([np.eye(len(z)), -np.eye(len(z)), rng.standard_normal((50, len(z)))])
    return all(d @ z >= d @ lmo(d) - 1e-9 for d in directions)


def _certify_frank_wolfe(value, grad, lmo, x, iterations):
    z, gap = value
    g = grad.function(z)
    true_gap = float(g @ (z - lmo.function(g)))
    if not _inside(z, lmo.function):
        return "your point is outside the set: each step must stay between x and a point of the set"
    if abs(gap - true_gap) > 1e-7 * (1 + abs(true_gap)):
        return f"at your point the gap is {true_gap:.6g}; yours is {gap:.6g}"
    pull = grad.function
    above = float(np.sum((z - pull.target) ** 2) / 2) - pull.least
    return above <= pull.promise * (1 + 1e-9) or (
        f"after {iterations} steps f is {above:.3g} above its minimum, where 2 L diam²/(k + 2) = "
        f"{pull.promise:.3g} is promised"
    )


def away_from_the_minimum(grad, lmo, x, iterations):
    """You minimise −∇f(x)ᵀs: the step then goes where f rises fastest."""
    for k in range(iterations):
        x = x + 2 / (k + 2) * (lmo(-grad(x)) - x)
    g = grad(x)
    return x, g @ (x - lmo(g))


def all_the_way(grad, lmo, x, iterations):
    """You go all the way to s each time: the run then jumps from corner to corner. Go 2/(k + 2) of the way."""
    for _ in range(iterations):
        x = lmo(grad(x))
    g = grad(x)
    return x, g @ (x - lmo(g))


def weights_swapped(grad, lmo, x, iterations):
    """You keep 2/(k + 2) of x and take the rest of s: it is the other way round."""
    for k in range(iterations):
        x = lmo(grad(x)) + 2 / (k + 2) * (x - lmo(grad(x))) if k else lmo(grad(x))
    g = grad(x)
    return x, g @ (x - lmo(g))


def gap_turned_round(grad, lmo, x, iterations):
    """Your gap is negative: it is ∇f(x)ᵀ(x − s), and s makes ∇f(x)ᵀs as small as it can be."""
    x, gap = frank_wolfe(grad, lmo, x, iterations)
    return x, -gap


def gap_of_the_step_before(grad, lmo, x, iterations):
    """Your gap belongs to the point before the last step: take gradient and corner anew where you end."""
    gap = 0.0
    for k in range(iterations):
        g = grad(x)
        s = lmo(g)
        gap = g @ (x - s)
        x = x + 2 / (k + 2) * (s - x)
    return x, gap


def gap_is_a_norm(grad, lmo, x, iterations):
    """You return the gradient's norm: on a set it need not vanish at the minimum. The gap ∇f(x)ᵀ(x − s) does."""
    x, _ = frank_wolfe(grad, lmo, x, iterations)
    return x, float(np.linalg.norm(grad(x)))


def _with_line_search(grad, lmo, x, iterations):
    for _ in range(iterations):
        g = grad(x)
        d = lmo(g) - x
        bend = d @ (grad(x + d) - g)  # exact for a quadratic
        x = x + (min(1.0, -(g @ d) / bend) if bend > 0 else 0.0) * d
    g = grad(x)
    return list(x), g @ (x - lmo(g))


def _by_weights(grad, lmo, x, iterations):
    points, weights = [x], [1.0]
    for k in range(iterations):
        x = sum(weight * point for weight, point in zip(weights, points, strict=True))
        share = 2 / (k + 2)
        weights = [(1 - share) * weight for weight in weights] + [share]
        points.append(lmo(grad(x)))
    x = sum(weight * point for weight, point in zip(weights, points, strict=True))
    g = grad(x)
    return x, sum(a * b for a, b in zip(g, x - lmo(g), strict=True))


# --- exponentiated_gradient --------------------------------------------------------------------


def exponentiated_gradient(grad, x, step, iterations):
    """The point after `iterations` steps
    xᵢ ← xᵢ exp(−step gᵢ) / Σⱼ xⱼ exp(−step gⱼ), g = ∇f(x).

    grad takes a point of the simplex, of shape (n,), and gives ∇f there. x of shape (n,) is the
    start: positive, with sum 1. The numbers step·gᵢ may be in the thousands: do not overflow.
    """
    for _ in range(iterations):
        g = grad(x)
        x = x * np.exp(-step * (g - g.min()))  # a common factor changes nothing
        x = x / x.sum()
    return x


def _mirrors(rng):
    for n, size, iterations in ((3, 1.0, 1), (4, 1.0, 10), (10, 0.3, 60), (3, 3000.0, 2)):
        M = rng.standard_normal((n, n))
        P, q = M.T @ M, rng.standard_normal(n)
        if size > 100:
            P = np.zeros((n, n))
            q = size * (1 + 1e-4 * np.arange(n))  # the differences matter, and exp(−q) is 0
        x = rng.dirichlet(np.ones(n))
        grad = Oracle(
            lambda z, P=P, q=q: P @ z + q,
            3 * iterations,
            "the gradient",
            f"{iterations} are enough",
        )
        yield {"grad": grad, "x": x, "step": 0.5 if size <= 100 else 1.0, "iterations": iterations}


def _certify_mirror(value, grad, x, step, iterations):
    log_x = np.log(x)
    for _ in range(iterations):
        log_x = log_x - step * grad.function(np.exp(log_x))
        log_x = log_x - log_x.max()
        log_x = log_x - np.log(np.exp(log_x).sum())
    total = float(np.sum(value))
    if abs(total - 1) > 1e-7:
        return f"the entries should sum to 1; yours sum to {total:.6g}"
    return same(value, np.exp(log_x), f"the point after {iterations} steps")


def not_normalised(grad, x, step, iterations):
    """You do not divide by the sum: the point leaves the simplex."""
    for _ in range(iterations):
        g = grad(x)
        x = x * np.exp(-step * (g - g.min()))
    return x


def exponent_uphill(grad, x, step, iterations):
    """Your exponent is +step g: weight must leave the entries with a large gradient."""
    for _ in range(iterations):
        g = grad(x)
        x = x * np.exp(step * (g - g.max()))
        x = x / x.sum()
    return x


def overflows(grad, x, step, iterations):
    """exp(−step g) under- or overflows when step g is in the thousands: subtract the least gᵢ first, which changes nothing."""
    with np.errstate(all="ignore"):
        for _ in range(iterations):
            x = x * np.exp(-step * grad(x))
            x = x / x.sum()
    return x


def unit_length(grad, x, step, iterations):
    """You divide by the Euclidean norm: on the simplex it is the sum that is 1."""
    for _ in range(iterations):
        g = grad(x)
        x = x * np.exp(-step * (g - g.min()))
        x = x / np.linalg.norm(x)
    return x


def softmax_of_the_step(grad, x, step, iterations):
    """You take exp(x − step g): the step multiplies x, so it is log x from which step g is taken."""
    for _ in range(iterations):
        v = x - step * grad(x)
        x = np.exp(v - v.max())
        x = x / x.sum()
    return x


def euclidean_step(grad, x, step, iterations):
    """That is projected gradient with the Euclidean projection; here the step multiplies each entry."""
    for _ in range(iterations):
        x = _onto_simplex(x - step * grad(x))
    return x


def _in_logarithms(grad, x, step, iterations):
    log_x = np.log(x)
    for _ in range(iterations):
        log_x = log_x - step * grad(np.exp(log_x))
        log_x = log_x - log_x.max()
        log_x = log_x - np.log(np.exp(log_x).sum())
    return np.exp(log_x)


def _entry_by_entry(grad, x, step, iterations):
    x = [float(entry) for entry in x]
    for _ in range(iterations):
        g = [float(entry) for entry in grad(np.array(x))]
        weights = [
            entry * np.exp(step * (min(g) - slope)) for entry, slope in zip(x, g, strict=True)
        ]
        x = [weight / sum(weights) for weight in weights]
    return x


# --- barrier_lp --------------------------------------------------------------------------------


def barrier_lp(c, G, h, x, tol):
    """Solve min cᵀx subject to Gx ≤ h by the barrier method: (x, z),
    with the proof that it is solved.

    x of shape (n,) is strictly feasible: Gx < h; G is m x n. Return a feasible x and
    multipliers z ≥ 0 of shape (m,) with Gᵀz = −c, such that the gap zᵀ(h − Gx) is at most tol.
    """
    m, t = len(h), 1.0
    while True:
        for _ in range(100):  # Newton's method on t cᵀx − Σ log(h − Gx)
            s = h - G @ x
            gradient, hessian = t * c + G.T @ (1 / s), (G.T / s**2) @ G
            step = -np.linalg.solve(hessian, gradient)
            decrement = np.sqrt(max(-gradient @ step, 0.0))
            if decrement < 1e-3:
                break
            x = x + step / (1 + decrement)
        z = (1 + G @ step / s) / (t * s)  # near the centre this is exactly dual feasible
        if m / t <= tol / 2:
            return x, z
        t = 10 * t


def _polyhedra(rng):
    for m, n, tol in ((4, 1, 1e-3), (8, 2, 1e-4), (20, 5, 1e-5), (30, 8, 1e-6)):
        inside = rng.standard_normal(n)
        G = np.vstack([rng.standard_normal((m - 2, n)), np.zeros((2, n))])
        G[-2], G[-1] = -G[:-2].sum(axis=0), rng.standard_normal(n)
        G = G / np.linalg.norm(G, axis=1)[:, None]
        h = G @ inside + rng.uniform(0.2, 2, m)
        c = -G.T @ rng.uniform(0.1, 1, m)  # then the dual has a point, and the minimum exists
        yield {"c": c, "G": G, "h": h, "x": inside, "tol": tol}


def _certify_barrier(value, c, G, h, x, tol):
    point, z = value
    s = h - G @ point
    size = 1 + float(np.abs(h).max()) + float(np.abs(G @ point).max())
    if s.min() < -1e-9 * size:
        worst = int(np.argmin(s))
        return f"row {worst} has gᵀx = {(G @ point)[worst]:.6g}, above h = {h[worst]:.6g}"
    if z.min() < -1e-9 * (1 + np.abs(z).max()):
        return f"a multiplier is negative: {z.min():.3g}; all must be at least 0"
    off = float(np.abs(G.T @ z + c).max())
    if off > 1e-6 * (1 + np.abs(c).max()):
        return f"Gᵀz should be −c; the worst entry is {off:.3g} off, so z proves nothing"
    gap = float(z @ s)
    return gap <= 1.001 * tol or f"the gap zᵀ(h − Gx) is {gap:.3g}, more than tol = {tol:.3g}"


def _barrier_variant(
    c, G, h, x, last, dual=lambda s, t, G, step: (1 + G @ step / s) / (t * s), damp=True
):
    """The barrier method up to t = `last`; what one does wrong is in `dual` and `damp`."""
    t = 1.0
    while True:
        for _ in range(60):
            s = h - G @ x
            gradient, hessian = t * c + G.T @ (1 / s), (G.T / s**2) @ G
            step = -np.linalg.lstsq(hessian, gradient, rcond=None)[0]
            decrement = np.sqrt(max(-gradient @ step, 0.0))
            if decrement < 1e-4:
                break
            x = x + (step / (1 + decrement) if damp else step)
        if t >= last:
            return x, dual(h - G @ x, t, G, step)
        t = 10 * t


def first_centre(c, G, h, x, tol):
    """You stop at the first centre: its gap is about m. Enlarge t until m/t is below tol."""
    return _barrier_variant(c, G, h, x, 1.0)


def gap_without_m(c, G, h, x, tol):
    """You stop when 1/t is below tol: the gap on the central path is m/t, one 1/t for each constraint."""
    return _barrier_variant(c, G, h, x, 1 / tol * 1.0001 if len(h) > 12 else 1 / tol)


def multipliers_without_t(c, G, h, x, tol):
    """Your multipliers are 1/s: on the central path they are 1/(t s), which is what makes Gᵀz = −c."""
    return _barrier_variant(c, G, h, x, 2 * len(h) / tol, lambda s, t, G, step: 1 / s)


def multipliers_negative(c, G, h, x, tol):
    """Your multipliers are negative: they are +1/(t s), and Gᵀz = −c."""
    return _barrier_variant(c, G, h, x, 2 * len(h) / tol, lambda s, t, G, step: -1 / (t * s))


def maximised(c, G, h, x, tol):
    """You go towards larger cᵀx: the barrier's function is t cᵀx − Σ log(h − Gx), to be minimised."""
    s = h - G @ x
    for t in (1.0, 10.0):
        for _ in range(30):
            s = h - G @ x
            gradient, hessian = -t * c + G.T @ (1 / s), (G.T / s**2) @ G
            step = -np.linalg.lstsq(hessian, gradient, rcond=None)[0]
            x = x + step / (1 + np.sqrt(max(-gradient @ step, 0.0)))
    return x, 1 / (t * s)


def centre_of_the_polyhedron(c, G, h, x, tol):
    """You return the start, or a centre that does not know c: x must go to where cᵀx is least."""
    s = h - G @ x
    return x, tol / len(h) / s


def _by_linear_programming(c, G, h, x, tol):
    from scipy.optimize import linprog

    found = linprog(c, G, h, bounds=(None, None))
    return list(found.x), list(-found.ineqlin.marginals)


def _with_backtracking(c, G, h, x, tol):
    t = 1.0
    while True:
        for _ in range(200):
            s = h - G @ x
            gradient = t * c + G.T @ (1 / s)
            step = -np.linalg.solve((G.T / s**2) @ G, gradient)
            slope = gradient @ step
            if -slope < 1e-10:
                break
            size, value = 1.0, t * (c @ x) - np.log(s).sum()
            while size > 1e-12:
                ahead = h - G @ (x + size * step)
                if ahead.min() > 0:
                    there = t * (c @ (x + size * step)) - np.log(ahead).sum()
                    if there <= value + 0.2 * size * slope:
                        break
                size /= 2
            x = x + size * step
        z = (1 + G @ step / s) / (t * s)
        if z @ (h - G @ x) <= tol:
            return x, z
        t = 4 * t


# --- mehrotra_step -----------------------------------------------------------------------------


def mehrotra_step(x, s, z, c, G, h):
    """One predictor-corrector step for min cᵀx, Gx + s = h, s ≥ 0,
    with multipliers z ≥ 0: (x, s, z).

    1. Residuals r_d = c + Gᵀz, r_p = Gx + s − h, and μ = sᵀz/m.
    2. Predictor: (dx, ds, dz) with Gᵀdz = −r_d, G dx + ds = −r_p, s∘dz + z∘ds = −s∘z. Its step
       α ≤ 1 is the longest with s + α ds ≥ 0 and z + α dz ≥ 0, and
       μ_aff = (s + α ds)ᵀ(z + α dz)/m.
    3. Corrector: the same equations, the last one with −s∘z − ds∘dz + σμ, where σ = (μ_aff/μ)³.
    4. Go min(1, 0.99 × the longest step) along it, the same length in x, s and z.
    """
    m = len(h)
    mu, dual, primal = s @ z / m, c + G.T @ z, G @ x + s - h

    def solve(target):
        """dx, ds, dz with s∘dz + z∘ds = −target: ds and dz are eliminated."""
        dx = np.linalg.solve((G.T * (z / s)) @ G, -dual + G.T @ ((target - z * primal) / s))
        ds = -primal - G @ dx
        return dx, ds, -(target + z * ds) / s

    def longest(ds, dz):
        v, dv = np.concatenate([s, z]), np.concatenate([ds, dz])
        return np.min(-v[dv < 0] / dv[dv < 0], initial=np.inf)

    _, ds, dz = solve(s * z)
    alpha = min(1.0, longest(ds, dz))
    sigma = ((s + alpha * ds) @ (z + alpha * dz) / m / mu) ** 3
    dx, ds, dz = solve(s * z + ds * dz - sigma * mu)
    alpha = min(1.0, 0.99 * longest(ds, dz))
    return x + alpha * dx, s + alpha * ds, z + alpha * dz


def _steps(rng):
    for m, n in ((3, 1), (6, 2), (15, 5), (30, 10)):
        G, c = rng.standard_normal((m, n)), rng.standard_normal(n)
        x, h = rng.standard_normal(n), rng.standard_normal(m)
        yield {
            "x": x,
            "s": rng.uniform(0.3, 2, m),
            "z": rng.uniform(0.3, 2, m),
            "c": c,
            "G": G,
            "h": h,
        }
    yield {  # near a solution: one step is nearly all the way
        "x": np.array([0.99]),
        "s": np.array([0.01, 1.0]),
        "z": np.array([1.0, 0.01]),
        "c": np.array([-1.0]),
        "G": np.array([[1.0], [-1.0]]),
        "h": np.array([1.0, 0.0]),
    }


def _block_direction(s, z, G, dual, primal, target):
    """The three equations as one system, without elimination."""
    m, n = G.shape
    K = np.block(
        [
            [np.zeros((n, n)), np.zeros((n, m)), G.T],
            [G, np.eye(m), np.zeros((m, m))],
            [np.zeros((m, n)), np.diag(z), np.diag(s)],
        ]
    )
    d = np.linalg.solve(K, -np.concatenate([dual, primal, target]))
    return d[:n], d[n : n + m], d[n + m :]


def _room(v, dv):
    return min((-a / b for a, b in zip(v, dv, strict=True) if b < 0), default=np.inf)


def _mehrotra(x, s, z, c, G, h, power=3, second=1.0, share=0.99, centre=1.0, cap=True):
    """The step by one large system; each named mistake changes one of its numbers."""
    m, mu, dual, primal = len(h), s @ z / len(h), c + G.T @ z, G @ x + s - h
    _, ds, dz = _block_direction(s, z, G, dual, primal, s * z)
    alpha = min(1.0, _room(s, ds), _room(z, dz))
    sigma = ((s + alpha * ds) @ (z + alpha * dz) / m / mu) ** power
    target = s * z + second * ds * dz - centre * sigma * mu
    dx, ds, dz = _block_direction(s, z, G, dual, primal, target)
    longest = share * min(_room(s, ds), _room(z, dz))
    alpha = min(1.0, longest) if cap else 1.0
    return x + alpha * dx, s + alpha * ds, z + alpha * dz


def _certify_step(value, x, s, z, c, G, h):
    wanted = _mehrotra(x, s, z, c, G, h)
    if min(value[1].min(), value[2].min()) <= 0:
        return (
            "s and z must stay positive: the step is at most 0.99 of the way to where one vanishes"
        )
    before, after = G @ x + s - h, G @ value[0] + value[1] - h
    shrunk = float(after @ before / max(before @ before, 1e-300))
    if np.linalg.norm(after - shrunk * before) > 1e-6 * (1 + np.linalg.norm(before)):
        return (
            "one step of the same length in x and s shrinks Gx + s − h along itself; yours bends it"
        )
    for name, got, want in zip(("x", "s", "z"), value, wanted, strict=True):
        verdict = same(got, want, name)
        if verdict is not True:
            return verdict
    return True


def predictor_alone(x, s, z, c, G, h):
    """You take the predictor's direction: it forgets to centre and to correct, and runs into the boundary."""
    return _mehrotra(x, s, z, c, G, h, second=0.0, centre=0.0)


def no_second_order(x, s, z, c, G, h):
    """The corrector lacks ds∘dz: that is the error which the predictor made by leaving out the product."""
    return _mehrotra(x, s, z, c, G, h, second=0.0)


def no_centring(x, s, z, c, G, h):
    """The corrector lacks σμ: without it the products s∘z become uneven, and steps short."""
    return _mehrotra(x, s, z, c, G, h, centre=0.0)


def ratio_not_cubed(x, s, z, c, G, h):
    """Your σ is μ_aff/μ: Mehrotra cubes it, so that a good predictor is centred hardly at all."""
    return _mehrotra(x, s, z, c, G, h, power=1)


def correction_added(x, s, z, c, G, h):
    """Your ds∘dz has the wrong sign: on the right it stands as −ds∘dz."""
    return _mehrotra(x, s, z, c, G, h, second=-1.0)


def to_the_boundary(x, s, z, c, G, h):
    """You go all the way to where an entry of s or z vanishes: stop at 0.99 of it, or the next step has no room."""
    return _mehrotra(x, s, z, c, G, h, share=1.0)


def full_step(x, s, z, c, G, h):
    """You take the full step: some entries of s or z become negative. Go 0.99 of the longest step at most."""
    return _mehrotra(x, s, z, c, G, h, cap=False)


def separate_lengths(x, s, z, c, G, h):
    """You gave s and z steps of different lengths: often done for linear programs, but here one length is asked, the shorter."""
    m, mu, dual, primal = len(h), s @ z / len(h), c + G.T @ z, G @ x + s - h
    _, ds, dz = _block_direction(s, z, G, dual, primal, s * z)
    ahead = (s + min(1.0, _room(s, ds)) * ds) @ (z + min(1.0, _room(z, dz)) * dz) / m
    target = s * z + ds * dz - (ahead / mu) ** 3 * mu
    dx, ds, dz = _block_direction(s, z, G, dual, primal, target)
    first, second = min(1.0, 0.99 * _room(s, ds)), min(1.0, 0.99 * _room(z, dz))
    return x + first * dx, s + first * ds, z + second * dz


def _by_one_system(x, s, z, c, G, h):
    return tuple(list(part) for part in _mehrotra(x, s, z, c, G, h))


def _by_least_squares(x, s, z, c, G, h):
    """The normal equations as the least squares problem that they are."""
    mu, dual, primal = s @ z / len(h), c + G.T @ z, G @ x + s - h
    root = np.sqrt(z / s)

    def direction(target):
        _, R = np.linalg.qr(root[:, None] * G)
        right = -dual + G.T @ ((target - z * primal) / s)
        dx = np.linalg.solve(R, np.linalg.solve(R.T, right))
        ds = -primal - G @ dx
        return dx, ds, -(target + z * ds) / s

    _, ds, dz = direction(s * z)
    alpha = min(1.0, _room(s, ds), _room(z, dz))
    sigma = ((s + alpha * ds) @ (z + alpha * dz) / (s @ z)) ** 3
    dx, ds, dz = direction(s * z + ds * dz - sigma * mu)
    alpha = min(1.0, 0.99 * _room(s, ds), 0.99 * _room(z, dz))
    return x + alpha * dx, s + alpha * ds, z + alpha * dz


EXERCISES = (
    Exercise(
        projected_gradient,
        _projections,
        _certify_projected,
        title="Step, then project",
        difficulty=1,
        minutes=5,
        hints=(
            "It is gradient descent with one more call in each round.",
            "Step first; what comes out is projected, and only that is the next point.",
            "x = project(x − step * grad(x)), `iterations` times.",
        ),
        mistakes=(
            projected_at_the_end,
            never_projected,
            projected_before,
            gradient_projected,
            climbed,
            one_step_more,
        ),
        alternatives=(_projected_recursively, _projected_in_a_list),
    ),
    Exercise(
        frank_wolfe,
        _linear_minima,
        _certify_frank_wolfe,
        title="From corner to corner, with a proof",
        difficulty=2,
        minutes=12,
        hints=(
            "One gradient gives both: the corner to go towards, and the gap.",
            "The next point is a convex combination of x and s, with the weight 2/(k + 2) on s.",
            "After the loop take the gradient and the corner once more, at the point that you return.",
        ),
        mistakes=(
            away_from_the_minimum,
            all_the_way,
            weights_swapped,
            gap_turned_round,
            gap_of_the_step_before,
            gap_is_a_norm,
        ),
        alternatives=(_with_line_search, _by_weights),
    ),
    Exercise(
        exponentiated_gradient,
        _mirrors,
        _certify_mirror,
        title="Multiply, then share out",
        difficulty=2,
        minutes=10,
        hints=(
            "Multiply each entry by its factor, then divide all by their sum.",
            "exp(−1000) is 0 for a computer. Which number can you add to all exponents without any effect?",
            "Subtract the least gᵢ from all: the largest factor is then exp(0) = 1.",
        ),
        mistakes=(
            not_normalised,
            exponent_uphill,
            overflows,
            unit_length,
            softmax_of_the_step,
            euclidean_step,
        ),
        alternatives=(_in_logarithms, _entry_by_entry),
    ),
    Exercise(
        barrier_lp,
        _polyhedra,
        _certify_barrier,
        title="A linear program by the barrier",
        difficulty=4,
        minutes=25,
        hints=(
            "Two loops: Newton's method for one t inside, a larger t outside.",
            "Damp Newton's step by 1/(1 + λ), λ its decrement: then no wall is crossed.",
            "At the centre z = 1/(t s). Near it, (1 + G d/s)/(t s) with Newton's step d gives Gᵀz = −c exactly.",
        ),
        mistakes=(
            first_centre,
            gap_without_m,
            multipliers_without_t,
            multipliers_negative,
            maximised,
            centre_of_the_polyhedron,
        ),
        alternatives=(_by_linear_programming, _with_backtracking),
    ),
    Exercise(
        mehrotra_step,
        _steps,
        _certify_step,
        title="Mehrotra's step",
        difficulty=4,
        minutes=25,
        hints=(
            "Write one function that solves the three equations for a given right side of the last.",
            "From the second, ds = −r_p − G dx; from the third, dz; put both into the first.",
            "The matrix for dx is Gᵀ diag(z/s) G, the same for predictor and corrector.",
        ),
        mistakes=(
            predictor_alone,
            no_second_order,
            no_centring,
            ratio_not_cubed,
            correction_added,
            to_the_boundary,
            full_step,
            separate_lengths,
        ),
        alternatives=(_by_one_system, _by_least_squares),
    ),
)
