"""Lesson 01: convex combinations, projections, and the hyperplane that separates."""

from itertools import product

import numpy as np

from .exercise import Exercise, Oracle, same

LESSON = "01"

# --- is_convex_combination ---------------------------------------------------------------------


def is_convex_combination(x, points, weights):
    """Whether x = Σᵢ weights[i] points[i] is a convex combination: True or False.

    x has shape (n,), points (k, n) holds one point a row, weights has shape (k,).
    Allow for rounding: numbers that differ by less than 1e-9 are the same.
    """
    reaches_x = np.allclose(weights @ points, x, atol=1e-9)
    return bool(reaches_x and weights.min() >= -1e-9 and abs(weights.sum() - 1) <= 1e-9)


def _combinations(rng):
    points = rng.standard_normal((4, 2))
    inside = rng.dirichlet(np.ones(4))
    yield {"x": inside @ points, "points": points, "weights": inside}
    affine = np.array([0.7, 0.7, -0.4, 0.0])
    yield {"x": affine @ points, "points": points, "weights": affine}
    conic = np.array([0.5, 0.5, 0.5, 0.1])
    yield {"x": conic @ points, "points": points, "weights": conic}
    short = np.array([0.2, 0.1, 0.3, 0.1])
    yield {"x": short @ points, "points": points, "weights": short}
    yield {"x": inside @ points + 0.3, "points": points, "weights": inside}
    corner = np.array([0.0, 1.0, 0.0, 0.0])
    yield {"x": points[1].copy(), "points": points, "weights": corner}
    tenths = np.array([0.1, 0.2, 0.7])
    yield {"x": tenths @ points[:3] + 1e-16, "points": points[:3], "weights": tenths}
    thirds = np.array([0.1] * 10)
    many = rng.standard_normal((10, 3))
    yield {"x": many.mean(axis=0), "points": many, "weights": thirds}


def _certify_combination(value, x, points, weights):
    distance = float(np.abs(weights @ points - x).max())
    truth = distance < 1e-8 and weights.min() > -1e-9 and abs(weights.sum() - 1) < 1e-9
    return value == truth or (
        f"the weights are {np.round(weights, 3).tolist()}, they sum to {weights.sum():.6g}, and "
        f"their combination is {distance:.1g} away from x: that is {truth}"
    )


def affine_only(x, points, weights):
    """You let weights be negative: that is an affine combination, which leaves the hull."""
    return bool(np.allclose(weights @ points, x) and abs(weights.sum() - 1) <= 1e-9)


def conic_only(x, points, weights):
    """You did not ask that the weights sum to one: that is a conic combination."""
    return bool(np.allclose(weights @ points, x) and weights.min() >= -1e-9)


def weights_only(x, points, weights):
    """You looked at the weights alone: does their combination of the points really give x?"""
    return bool(weights.min() >= -1e-9 and abs(weights.sum() - 1) <= 1e-9)


def strictly_positive(x, points, weights):
    """You ask for weights above zero, but a weight may be zero: each point is a combination too."""
    return bool(
        np.allclose(weights @ points, x) and weights.min() > 0 and abs(weights.sum() - 1) <= 1e-9
    )


def exactly_equal(x, points, weights):
    """You compare with ==: in floating point ten tenths do not sum to one. Allow for rounding."""
    total = 0.0
    for weight in weights:
        total += weight
    return bool(np.all(weights @ points == x) and weights.min() >= 0 and total == 1)


def at_most_one(x, points, weights):
    """You let the weights sum to less than one: that admits the origin, which need not be there."""
    return bool(
        np.allclose(weights @ points, x) and weights.min() >= -1e-9 and weights.sum() <= 1 + 1e-9
    )


def _looped_combination(x, points, weights):
    total, reached = 0.0, np.zeros(len(x))
    for weight, point in zip(weights, points, strict=True):
        if weight < -1e-9:
            return False
        total, reached = total + weight, reached + weight * point
    return bool(np.linalg.norm(reached - x) < 1e-8 and abs(total - 1) < 1e-9)


def _homogeneous_combination(x, points, weights):
    lifted = np.hstack([points, np.ones((len(points), 1))])
    return bool(np.allclose(weights @ lifted, np.append(x, 1), atol=1e-9) and min(weights) > -1e-9)


# --- project_halfspace -------------------------------------------------------------------------


def project_halfspace(x, a, b):
    """The point of {z : aᵀz ≤ b} nearest to x; x and a have shape (n,), a is not 0."""
    return x - max(0.0, a @ x - b) / (a @ a) * a


def _halfspaces(rng):
    for n in (2, 3, 5):
        a = 3 * rng.standard_normal(n)
        x = rng.standard_normal(n)
        for beyond in (2.5, -1.5, 0.0):
            yield {"x": x, "a": a, "b": float(a @ x - beyond)}


def _certify_halfspace(p, x, a, b):
    scale = 1 + np.linalg.norm(x) + abs(b)
    if a @ p - b > 1e-9 * scale * np.linalg.norm(a):
        return f"your point has aᵀz = {a @ p:.6g}, which is above b = {b:.6g}: it is outside"
    if a @ x <= b:
        return same(p, x, "x is inside already, so its projection")
    off = (x - p) - (a @ (x - p)) / (a @ a) * a
    if np.linalg.norm(off) > 1e-8 * scale:
        return f"x − p must be a multiple of a; yours is {np.linalg.norm(off):.2g} off that line"
    if a @ p < b - 1e-8 * scale * np.linalg.norm(a):
        return f"your point goes too deep: aᵀz = {a @ p:.6g}, but the boundary is at b = {b:.6g}"
    return True


def always_onto_the_hyperplane(x, a, b):
    """You move points that are inside as well: a point of the set is its own projection."""
    return x - (a @ x - b) / (a @ a) * a


def not_divided(x, a, b):
    """You forgot to divide by aᵀa: the step along a is (aᵀx − b)/‖a‖², since a need not be a unit."""
    return x - max(0.0, a @ x - b) * a


def divided_by_the_norm(x, a, b):
    """You divided by ‖a‖ once: that is the distance, but you step along a, which has length ‖a‖."""
    return x - max(0.0, a @ x - b) / np.linalg.norm(a) * a


def wrong_way(x, a, b):
    """You step along +a, further out: aᵀz grows in that direction."""
    return x + max(0.0, a @ x - b) / (a @ a) * a


def reflected(x, a, b):
    """You stepped twice as far: that is the mirror image in the hyperplane, not the projection."""
    return x - 2 * max(0.0, a @ x - b) / (a @ a) * a


def left_alone(x, a, b):
    """You return x as it is, also where aᵀx > b: it has to move onto the boundary there."""
    return x.copy()


def _halfspace_by_cases(x, a, b):
    if np.dot(a, x) <= b:
        return list(x)
    unit = a / np.sqrt(np.sum(a**2))
    return x - (unit @ x - b / np.sqrt(np.sum(a**2))) * unit


def _halfspace_by_kkt(x, a, b):
    n = len(x)
    system = np.block([[np.eye(n), a[:, None]], [a[None, :], np.zeros((1, 1))]])
    return np.linalg.solve(system, np.append(x, b))[:n] if a @ x > b else x


# --- project_ball ------------------------------------------------------------------------------


def project_ball(x, centre, radius):
    """The point of {z : ‖z − centre‖₂ ≤ radius} nearest to x; radius > 0."""
    offset = x - centre
    return centre + offset * min(1.0, radius / max(np.linalg.norm(offset), 1e-300))


def _balls(rng):
    for n in (2, 4):
        centre = 2 + rng.standard_normal(n)
        direction = rng.standard_normal(n)
        direction = direction / np.linalg.norm(direction)
        for radius, distance in ((0.5, 3.0), (2.0, 0.7), (1.5, 6.0), (1.0, 0.0)):
            yield {"x": centre + distance * direction, "centre": centre, "radius": radius}


def _certify_ball(p, x, centre, radius):
    depth = np.linalg.norm(p - centre)
    if depth > radius * (1 + 1e-9):
        return f"your point is {depth:.6g} from the centre, the radius is {radius:.6g}: outside"
    if np.linalg.norm(x - centre) <= radius:
        return same(p, x, "x is inside already, so its projection")
    # the variational inequality (x − p)ᵀ(z − p) ≤ 0, at the z of the ball where it is largest
    outward = x - p
    worst = outward @ (centre - p) + radius * np.linalg.norm(outward)
    if worst > 1e-8 * (1 + np.linalg.norm(x)) ** 2:
        return (
            f"your point is {np.linalg.norm(outward):.4g} from x, and another point of the ball is "
            f"nearer: (x − p)ᵀ(z − p) reaches {worst:.2g} > 0"
        )
    return True


def always_onto_the_sphere(x, centre, radius):
    """You push points that are inside out to the sphere: they are their own projections."""
    offset = x - centre
    return centre + radius * offset / np.linalg.norm(offset)


def ball_at_the_origin(x, centre, radius):
    """You projected on a ball round the origin: measure from the centre."""
    return x * min(1.0, radius / np.linalg.norm(x))


def centre_not_added(x, centre, radius):
    """You scaled x − centre rightly, and forgot to add the centre again."""
    offset = x - centre
    return offset * min(1.0, radius / max(np.linalg.norm(offset), 1e-300))


def clipped_to_a_box(x, centre, radius):
    """You clipped each coordinate: that projects on a box, and its corners are outside the ball."""
    return np.clip(x, centre - radius, centre + radius)


def norm_squared(x, centre, radius):
    """You divided by ‖x − centre‖²: the scale is radius / ‖x − centre‖."""
    offset = x - centre
    return centre + offset * min(1.0, radius / max(offset @ offset, 1e-300))


def to_the_centre(x, centre, radius):
    """You return the centre for points outside: that is in the ball, but not the nearest point."""
    return x.copy() if np.linalg.norm(x - centre) <= radius else centre.copy()


def _ball_by_cases(x, centre, radius):
    distance = np.sqrt(sum((x - centre) ** 2))
    if distance <= radius:
        return x
    return [c + radius / distance * (xi - c) for xi, c in zip(x, centre, strict=True)]


def _ball_by_bisection(x, centre, radius):
    if np.linalg.norm(x - centre) <= radius:
        return x
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        far = np.linalg.norm(middle * (x - centre)) > radius
        low, high = (low, middle) if far else (middle, high)
    return centre + low * (x - centre)


# --- project_simplex ---------------------------------------------------------------------------


def project_simplex(v):
    """The point of {p : p ≥ 0, Σᵢ pᵢ = 1} nearest to v, of shape (n,)."""
    u = np.sort(v)[::-1]
    shifts = (np.cumsum(u) - 1) / np.arange(1, len(v) + 1)
    shift = shifts[u > shifts][-1]
    return np.maximum(v - shift, 0)


def _vectors(rng):
    yield {"v": np.array([0.6, 0.4, -0.3])}
    yield {"v": np.array([0.2, 0.3, 0.5])}
    yield {"v": np.array([-1.0, -2.0, -1.5, -4.0])}
    for n, scale in ((2, 3.0), (6, 1.0), (30, 0.3)):
        yield {"v": scale * rng.standard_normal(n)}


def _certify_simplex(p, v):
    if p.min() < -1e-9:
        return f"every entry must be ≥ 0; your smallest is {p.min():.4g}"
    if abs(p.sum() - 1) > 1e-9 * (1 + np.abs(v).sum()):
        return f"the entries must sum to 1; yours sum to {p.sum():.6g}"
    # (v − p)ᵀ(z − p) ≤ 0 for all z of the simplex holds if it holds at the vertices e_i
    excess = (v - p) - (v - p) @ p
    if excess.max() > 1e-8 * (1 + np.abs(v).max()):
        i = int(np.argmax(excess))
        return (
            f"moving towards the vertex e_{i} brings you nearer to v: "
            f"(v − p)ᵀ(e_{i} − p) = {excess[i]:.2g} > 0"
        )
    return True


def clipped_and_rescaled(v):
    """You clipped at 0 and divided by the sum: that lands in the simplex, but not at the nearest point."""
    positive = np.maximum(v, 0)
    return positive / positive.sum() if positive.sum() > 0 else np.full(len(v), 1 / len(v))


def softmax(v):
    """That is the softmax: it never gives a zero, and it moves points that are in the simplex."""
    e = np.exp(v - v.max())
    return e / e.sum()


def shifted_only(v):
    """You projected on the plane Σ pᵢ = 1 and forgot p ≥ 0: some entries are negative."""
    return v - (v.sum() - 1) / len(v)


def shifted_then_clipped(v):
    """You shifted to sum 1 and then clipped: clipping adds to the sum, so it is above 1 again."""
    return np.maximum(v - (v.sum() - 1) / len(v), 0)


def divided_by_the_sum(v):
    """You divided by the sum: that scales v, and a negative entry stays outside."""
    return v / v.sum()


def nearest_vertex(v):
    """You return a vertex: the largest entry takes all, though a mixture is usually nearer."""
    return np.eye(len(v))[np.argmax(v)]


def _simplex_by_bisection(v):
    low, high = v.min() - 1, v.max()
    for _ in range(200):
        middle = (low + high) / 2
        if np.maximum(v - middle, 0).sum() > 1:
            low = middle
        else:
            high = middle
    return np.maximum(v - (low + high) / 2, 0)


def _simplex_by_dropping(v):
    kept = np.ones(len(v), dtype=bool)
    while True:
        shift = (v[kept].sum() - 1) / kept.sum()
        if np.all(v[kept] >= shift):
            return np.where(kept, v - shift, 0.0)
        kept = kept & (v > shift)


# --- separating_hyperplane ---------------------------------------------------------------------


def separating_hyperplane(x, project):
    """(a, b) with aᵀx > b and aᵀz ≤ b for every z of a closed convex set that x is not in.

    project(v) returns the point of the set nearest to v. a has shape (n,), b is a number.
    """
    nearest = project(x)
    a = x - nearest
    return a, float(a @ (x + nearest) / 2)


class _Set(Oracle):
    """A set as its learner sees it, a projection; `support(a)` = max of aᵀz is the judge's."""

    def __init__(self, projection, support):
        super().__init__(projection, 50, "the projection", "one projection is enough")
        self.support = support


def _ball_set(centre, radius):
    return _Set(
        lambda v: project_ball(v, centre, radius),
        lambda a: a @ centre + radius * np.linalg.norm(a),
    )


def _box_set(low, high):
    corners = np.array(list(product(*zip(low, high, strict=True))))
    return _Set(lambda v: np.clip(v, low, high), lambda a: (corners @ a).max())


def _sets(rng):
    for n in (2, 3):
        centre = 3 + rng.standard_normal(n)
        step = rng.standard_normal(n)
        step = step / np.linalg.norm(step)
        yield {"x": centre + 2.5 * step, "project": _ball_set(centre, 1.2)}
        low = centre - rng.uniform(0.5, 1, n)
        high = centre + rng.uniform(0.5, 1, n)
        yield {"x": high + rng.uniform(0.2, 1, n), "project": _box_set(low, high)}
        yield {"x": np.append(low[:-1], high[-1] + 0.7), "project": _box_set(low, high)}
    yield {
        "x": np.array([1.0, 1.0, 1.0]),
        "project": _Set(project_simplex, lambda a: a.max()),
    }


def _certify_hyperplane(value, x, project):
    a, b = value
    length = np.linalg.norm(a)
    if length == 0:
        return "a must not be 0: then aᵀz is 0 everywhere and nothing is separated"
    slack = 1e-8 * length * (1 + np.linalg.norm(x))
    if not a @ x > b + slack:
        return f"x must be strictly beyond: aᵀx = {a @ x:.6g} has to exceed b = {b:.6g}"
    if project.support(a) > b + slack:
        return (
            f"some z of the set has aᵀz = {project.support(a):.6g}, above b = {b:.6g}: "
            "the hyperplane cuts the set"
        )
    return True


def _unit_hyperplane(value, x, project):
    a, b = value
    length = np.linalg.norm(a)
    return np.append(a, b) / length if length > 0 else np.append(a, b)


def other_side(x, project):
    """Your normal points from x to the set: then the set is where aᵀz is large. Turn it round."""
    nearest = project(x)
    a = nearest - x
    return a, float(a @ (x + nearest) / 2)


def through_x(x, project):
    """Your hyperplane goes through x itself: x must be strictly beyond it."""
    a = x - project(x)
    return a, float(a @ x)


def normal_is_x(x, project):
    """You took x itself as the normal: only x − P(x) is sure to separate, wherever the origin is."""
    nearest = project(x)
    return x, float(x @ (x + nearest) / 2)


def offset_of_the_norm(x, project):
    """You took ‖a‖ for b: the offset is aᵀz at a point of the hyperplane, such as P(x)."""
    a = x - project(x)
    return a, float(np.linalg.norm(a))


def normal_is_the_projection(x, project):
    """You took P(x) as the normal: the normal is the way from P(x) to x."""
    nearest = project(x)
    return nearest, float(nearest @ (x + nearest) / 2)


def no_offset(x, project):
    """Your b is 0: the hyperplane then goes through the origin, which may be anywhere."""
    return x - project(x), 0.0


def _supporting(x, project):
    nearest = np.asarray(project(x))
    unit = (x - nearest) / np.linalg.norm(x - nearest)
    return unit, unit @ nearest


def _near_x(x, project):
    nearest = np.asarray(project(x))
    a = 10 * (x - nearest)
    return a, a @ (0.9 * x + 0.1 * nearest)


EXERCISES = (
    Exercise(
        is_convex_combination,
        _combinations,
        _certify_combination,
        title="Is it a convex combination?",
        difficulty=1,
        minutes=5,
        hints=(
            "Three things must hold: two about the weights, one about x.",
            "weights @ points is the combination itself. What else do the weights have to satisfy?",
            "Each weight at least 0 and their sum 1, both up to 1e-9; then compare with np.allclose.",
        ),
        mistakes=(
            affine_only,
            conic_only,
            weights_only,
            strictly_positive,
            exactly_equal,
            at_most_one,
        ),
        alternatives=(_looped_combination, _homogeneous_combination),
    ),
    Exercise(
        project_halfspace,
        _halfspaces,
        _certify_halfspace,
        title="Project on a half-space",
        difficulty=1,
        minutes=10,
        hints=(
            "Draw it in the plane: in which direction is the boundary nearest?",
            "Write the answer as x − t a. Which t brings it onto aᵀz = b?",
            "aᵀ(x − t a) = b gives t. What should t be when x is inside already?",
        ),
        mistakes=(
            always_onto_the_hyperplane,
            not_divided,
            divided_by_the_norm,
            wrong_way,
            reflected,
            left_alone,
        ),
        alternatives=(_halfspace_by_cases, _halfspace_by_kkt),
    ),
    Exercise(
        project_ball,
        _balls,
        _certify_ball,
        title="Project on a ball",
        difficulty=1,
        minutes=10,
        hints=(
            "A point inside stays where it is. Where does the straight line from x to the centre enter?",
            "Scale the offset x − centre so that its length is the radius, but never lengthen it.",
            "The factor is min(1, radius / ‖x − centre‖). What happens at the centre itself?",
        ),
        mistakes=(
            always_onto_the_sphere,
            ball_at_the_origin,
            centre_not_added,
            clipped_to_a_box,
            norm_squared,
            to_the_centre,
        ),
        alternatives=(_ball_by_cases, _ball_by_bisection),
    ),
    Exercise(
        project_simplex,
        _vectors,
        _certify_simplex,
        title="Project on the simplex",
        difficulty=3,
        minutes=20,
        points=2,
        hints=(
            "The answer has the form p = max(v − τ, 0) for one number τ: which τ makes it sum to 1?",
            "The sum Σ max(vᵢ − τ, 0) falls as τ grows: you can bisect, or find τ exactly by sorting.",
            "If the k largest entries stay positive, τ = (their sum − 1)/k. For which k is that consistent?",
        ),
        mistakes=(
            clipped_and_rescaled,
            softmax,
            shifted_only,
            shifted_then_clipped,
            divided_by_the_sum,
            nearest_vertex,
        ),
        alternatives=(_simplex_by_bisection, _simplex_by_dropping),
    ),
    Exercise(
        separating_hyperplane,
        _sets,
        _certify_hyperplane,
        title="Separate a point from a convex set",
        difficulty=2,
        minutes=10,
        points=2,
        fingerprint=_unit_hyperplane,
        hints=(
            "Look at the point of the set nearest to x. Which direction is the normal?",
            "With a = x − P(x), the set lies where aᵀz ≤ aᵀP(x): that is the theorem above.",
            "Any b between aᵀP(x) and aᵀx will do; halfway keeps you away from rounding.",
        ),
        mistakes=(
            other_side,
            through_x,
            normal_is_x,
            offset_of_the_norm,
            normal_is_the_projection,
            no_offset,
        ),
        alternatives=(_supporting, _near_x),
    ),
)
