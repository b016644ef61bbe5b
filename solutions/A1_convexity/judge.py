"""Assignment A1, convexity: five questions over lessons 01 to 03. Never handed out."""

from itertools import product

import numpy as np

from helpers.exercises.exercise import Exercise, Oracle

LESSON = "A1"

# --- project_l1_ball ---------------------------------------------------------------------------


def project_l1_ball(x, radius):
    """The point of {z : ‖z‖₁ ≤ radius} nearest to x (in the Euclidean norm).

    x has shape (n,), radius is positive.
    """
    size = np.abs(x)
    if size.sum() <= radius:
        return x.copy()
    largest = np.sort(size)[::-1]
    excess = (np.cumsum(largest) - radius) / np.arange(1, len(x) + 1)
    threshold = excess[largest > excess][-1]
    return np.sign(x) * np.maximum(size - threshold, 0)


def _l1_balls(rng):
    yield {"x": np.array([0.3, -0.2, 0.1]), "radius": 1.0}
    yield {"x": np.array([3.0, 0.0, -0.1, 0.2]), "radius": 1.0}
    yield {"x": np.array([-4.0]), "radius": 1.5}
    yield {"x": np.array([2.0, -2.0, 2.0]), "radius": 3.0}
    for n, radius in ((3, 0.5), (8, 2.0), (40, 5.0), (40, 200.0)):
        yield {"x": 2 * rng.standard_normal(n), "radius": radius}


def _certify_l1_ball(p, x, radius):
    scale = 1 + x @ x
    length = np.abs(p).sum()
    if length > radius * (1 + 1e-7):
        return f"your point has ‖z‖₁ = {length:.6g}, more than the radius {radius:.6g}"
    # (x − p)ᵀ(z − p) ≤ 0 for all z in the ball; its largest value there is a support function's
    ahead = radius * np.abs(x - p).max() - (x - p) @ p
    if np.abs(x).sum() <= radius:
        ahead = (x - p) @ (x - p)
    return bool(ahead <= 1e-9 * scale) or (
        f"some z in the ball has (x − p)ᵀ(z − p) = {ahead:.3g} > 0, so it is nearer to x than your p"
    )


def scaled(x, radius):
    """You scale x down: that reaches the ball, but on the line to the origin, not at the nearest point."""
    return x * min(1.0, radius / np.abs(x).sum())


def without_signs(x, radius):
    """You project onto the simplex: negative entries shrink towards zero too, and keep their sign."""
    largest = np.sort(x)[::-1]
    excess = (np.cumsum(largest) - radius) / np.arange(1, len(x) + 1)
    return np.maximum(x - excess[largest > excess][-1], 0)


def onto_the_sphere(x, radius):
    """You move points that are inside the ball already: each of them is its own projection."""
    size = np.abs(x)
    largest = np.sort(size)[::-1]
    excess = (np.cumsum(largest) - radius) / np.arange(1, len(x) + 1)
    return np.sign(x) * np.maximum(size - excess[largest > excess][-1], 0)


def one_round(x, radius):
    """You take the same amount from every entry once: where one reaches zero, the rest must give more."""
    size = np.abs(x)
    amount = max(size.sum() - radius, 0) / len(x)
    return np.sign(x) * np.maximum(size - amount, 0)


def clipped(x, radius):
    """You clip every entry to [−radius, radius]: that is the ball of the largest entry, not of ‖·‖₁."""
    return np.clip(x, -radius, radius)


def euclidean(x, radius):
    """You project onto the Euclidean ball: ‖z‖₁ is the sum of the sizes, not their root of squares."""
    return x * min(1.0, radius / np.sqrt(x @ x))


def _by_bisection(x, radius):
    size = [abs(float(entry)) for entry in x]
    low, high = 0.0, max(size)
    if sum(size) <= radius:
        return x
    for _ in range(200):
        middle = (low + high) / 2
        too_long = sum(max(s - middle, 0) for s in size) > radius
        low, high = (middle, high) if too_long else (low, middle)
    return [max(s - high, 0) * (1 if entry > 0 else -1) for s, entry in zip(size, x, strict=True)]


def _by_dropping(x, radius):
    size, active = np.abs(x), np.ones(len(x), dtype=bool)
    if size.sum() <= radius:
        return x
    while True:
        threshold = (size[active].sum() - radius) / active.sum()
        if np.all(size[active] > threshold):
            return np.sign(x) * np.where(active, size - threshold, 0)
        active &= size > threshold


# --- refute_convexity --------------------------------------------------------------------------


def refute_convexity(f, n):
    """Points x, y of shape (n,) and a weight t in [0, 1] that prove f is not convex: (x, y, t).

    They must give f(t x + (1 − t) y) > t f(x) + (1 − t) f(y), by more than rounding.
    f takes one point of shape (n,). It is smooth, and curves downwards somewhere in the box
    [−2, 2]ⁿ. You may call it 5000 times.
    """
    rng, h = np.random.default_rng(0), 1e-3
    e = h * np.eye(n)
    for _ in range(100):
        x = rng.uniform(-2, 2, n)
        hessian = np.empty((n, n))
        here, forward = f(x), [f(x + e[i]) for i in range(n)]
        for i in range(n):
            for j in range(i + 1):
                bend = f(x + e[i] + e[j]) - forward[i] - forward[j] + here
                hessian[i, j] = hessian[j, i] = bend / h**2
        curvatures, directions = np.linalg.eigh(hessian)
        if curvatures[0] < 0:
            for length in (1.0, 0.3, 0.1):
                a, b = x + length * directions[:, 0], x - length * directions[:, 0]
                if here - (f(a) + f(b)) / 2 > 1e-5 * (1 + abs(here)):
                    return a, b, 0.5
    return x, x, 0.5


MARGIN = 1e-7


def _not_convex(rng):
    def oracle(f):
        return Oracle(f, limit=5000, name="f", needs="a Hessian in six variables needs about 30")

    def rotated(curvatures):
        n = len(curvatures)
        Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
        P, q = Q @ np.diag(curvatures) @ Q.T, rng.standard_normal(n)
        return oracle(lambda x: float(x @ P @ x / 2 + q @ x))

    yield {"f": oracle(lambda x: float(x[0] ** 4 / 4 - x[0] ** 2 / 2 + 0.3 * x[0])), "n": 1}
    yield {"f": rotated([3.0, -1.0]), "n": 2}
    yield {"f": rotated([1.0, 1.5, 2.0, 2.5, 3.0, -0.05]), "n": 6}
    centre = rng.uniform(-0.5, 0.5, 3)

    def dented(x):
        return float(x @ x / 2 - 2 * np.exp(-(x - centre) @ (x - centre)))

    yield {"f": oracle(dented), "n": 3}
    X, y = rng.standard_normal((12, 2)), rng.integers(0, 2, 12)
    yield {"f": oracle(lambda w: float(np.sum((1 / (1 + np.exp(-X @ w)) - y) ** 2))), "n": 2}


def _certify_witness(value, f, n):
    x, y, t = value
    if not 0 <= t <= 1:
        return f"t must be in [0, 1]; yours is {t:.4g}"
    f = f.function
    above, chord = f(t * x + (1 - t) * y), t * f(x) + (1 - t) * f(y)
    size = 1 + abs(f(x)) + abs(f(y))
    return bool(above - chord > MARGIN * size) or (
        f"between your points f is {above:.8g} and the chord {chord:.8g}: that refutes nothing"
        + (" beyond rounding" if above > chord else "")
    )


def _bent(f, n, x, pick):
    h, e = 1e-3, 1e-3 * np.eye(n)
    bends = [[f(x + a + b) - f(x + a) - f(x + b) + f(x) for a in e] for b in e]
    return np.linalg.eigh(np.array(bends) / h**2)[1][:, pick]


def along_the_axes(f, n):
    """You look along the coordinate axes alone: f can curve upwards along each, and downwards between."""
    best = None
    for x in np.random.default_rng(1).uniform(-2, 2, (30, n)):
        for e in np.eye(n):
            drop = f(x) - (f(x + 0.5 * e) + f(x - 0.5 * e)) / 2
            if best is None or drop > best[0]:
                best = drop, x + 0.5 * e, x - 0.5 * e
    return best[1], best[2], 0.5


def most_curved(f, n):
    """You went along the direction of the largest curvature: the witness lies along the smallest."""
    x = np.full(n, 0.5)
    d = _bent(f, n, x, -1)
    return x + d, x - d, 0.5


def extrapolated(f, n):
    """Your t is outside [0, 1], so your third point is not between the two: no chord reaches there."""
    x = np.full(n, 0.5)
    d = _bent(f, n, x, -1)
    return x + d, x, 2.0


def too_near(f, n):
    """Your two points are so near to each other that rounding decides the sign: go further apart."""
    x = np.full(n, 0.5)
    return x + 1e-9, x - 1e-9, 0.5


def on_a_grid(f, n):
    """All 5000 calls are spent. Trying pairs of points takes more and more of them as n grows; a Hessian takes about 30."""
    points = [np.array(p) for p in product(np.linspace(-2, 2, 9), repeat=min(n, 3))]
    points = [np.resize(p, n) for p in points]
    for x in points:
        for y in points:
            if f((x + y) / 2) > 1e9 + (f(x) + f(y)) / 2:
                return x, y, 0.5
    return points[0], points[-1], 0.5


def by_two_minima(f, n):
    """You return the best and the worst point you saw: a chord between them need not pass below f."""
    tried = np.random.default_rng(1).uniform(-2, 2, (200, n))
    values = [f(x) for x in tried]
    return tried[int(np.argmin(values))], tried[int(np.argmax(values))], 0.5


def _by_many_chords(f, n):
    rng = np.random.default_rng(5)

    def lack(x, d):
        return (f(x + d) + f(x - d)) / 2 - f(x)

    while True:
        x = rng.uniform(-2, 2, n)
        base = [lack(x, 0.3 * e) for e in np.eye(n)]
        M = np.diag(base)
        for i in range(n):
            for j in range(i):
                both = lack(x, 0.3 * (np.eye(n)[i] + np.eye(n)[j]))
                M[i, j] = M[j, i] = (both - base[i] - base[j]) / 2
        d = 0.3 * np.linalg.eigh(M)[1][:, 0]
        if lack(x, d) < -1e-4:
            return x - d, x + d, 0.5


def _at_another_weight(f, n):
    rng = np.random.default_rng(11)
    while True:
        x = rng.uniform(-2, 2, n)
        d = _bent(f, n, x, 0)
        a, b = x + 0.4 * d, x - 0.4 * d
        for t in (0.4, 0.6):
            chord = t * f(a) + (1 - t) * f(b)
            if f(t * a + (1 - t) * b) > chord + 1e-5 * (1 + abs(chord)):
                return list(a), list(b), t


# --- curvature ---------------------------------------------------------------------------------


def curvature(expression):
    """What the rules of disciplined convex programming say of an expression in one variable.

    An expression is a number, the text "x", or a tuple (name, part, ...) of these:
        ("+", part, part, ...)   ("*", number, part)   ("max", part, part, ...)
        ("exp", part)            convex and nondecreasing
        ("log", part), ("sqrt", part)      concave and nondecreasing
        ("square", part), ("abs", part)    convex, and not monotone
    Answer "constant", "affine", "convex", "concave", or "unknown" where no rule applies.
    The rules know nothing of signs or domains. An atom of a constant, and 0 times anything,
    is constant.
    """
    if expression == "x":
        return "affine"
    if not isinstance(expression, tuple | list):
        return "constant"
    name, *parts = expression
    if name == "*":
        factor, kind = parts[0], curvature(parts[1])
        if factor == 0:
            return "constant"
        flipped = {"convex": "concave", "concave": "convex"}
        return flipped.get(kind, kind) if factor < 0 else kind
    kinds = {curvature(part) for part in parts}
    if kinds == {"constant"}:
        return "constant"
    flat = {"constant", "affine"}
    if name == "+" and kinds <= flat:
        return "affine"
    if name == "+" and kinds <= {*flat, "convex"}:
        return "convex"
    if name == "+" and kinds <= {*flat, "concave"}:
        return "concave"
    if name in ("exp", "max") and kinds <= {*flat, "convex"}:
        return "convex"
    if name in ("log", "sqrt") and kinds <= {*flat, "concave"}:
        return "concave"
    if name in ("square", "abs") and kinds <= flat:
        return "convex"
    return "unknown"


ATOMS = ("exp", "log", "sqrt", "square", "abs")


def _expressions(rng):
    x = "x"
    line = ("+", ("*", -3.0, x), 2.0)
    for expression in (
        x,
        2.5,
        ("+", 1.0, 2.0),
        line,
        ("square", line),
        ("square", ("square", x)),
        ("*", -1.0, ("square", x)),
        ("*", -2.0, ("log", x)),
        ("*", 0.0, ("exp", x)),
        ("exp", ("square", x)),
        ("exp", ("*", -1.0, ("square", x))),
        ("log", ("exp", x)),
        ("log", ("sqrt", x)),
        ("sqrt", ("+", ("square", x), 1.0)),
        ("abs", ("exp", x)),
        ("max", ("square", x), line, 0.0),
        ("max", ("log", x), x),
        ("max", ("log", x), ("sqrt", x)),
        ("*", -1.0, ("max", x, ("abs", x))),
        ("+", ("square", x), ("log", x)),
        ("+", ("square", x), ("*", -1.0, ("log", x)), 3.0),
        ("+", ("log", x), ("sqrt", x)),
        ("log", 3.0),
        ("max", 1.0, 2.0),
        ("*", 2.0, ("*", -1.0, ("exp", line))),
    ):
        yield {"expression": expression}
    for _ in range(60):
        yield {"expression": _random_expression(rng, 4)}


def _random_expression(rng, depth):
    if depth == 0 or rng.random() < 0.15:
        return "x" if rng.random() < 0.75 else float(rng.integers(-3, 4))
    kind = rng.integers(4)
    if kind == 0:
        return (str(rng.choice(ATOMS)), _random_expression(rng, depth - 1))
    if kind == 1:
        return ("*", float(rng.integers(-2, 3)), _random_expression(rng, depth - 1))
    name = "+" if kind == 2 else str(rng.choice(["max", "exp", "log"]))
    count = int(rng.integers(2, 4)) if name in ("+", "max") else 1
    return (name, *(_random_expression(rng, depth - 1) for _ in range(count)))


WORDS = {
    (False, False, False): "unknown",
    (True, False, False): "convex",
    (False, True, False): "concave",
    (True, True, False): "affine",
    (True, True, True): "constant",
}


def _shape(expression):
    """(convex, concave, constant) by the composition theorem, with no table of words."""
    if expression == "x":
        return True, True, False
    if not isinstance(expression, tuple | list):
        return True, True, True
    name, *parts = expression
    if name == "*":
        convex, concave, constant = _shape(parts[1])
        if parts[0] == 0:
            return True, True, True
        return (convex, concave, constant) if parts[0] > 0 else (concave, convex, constant)
    shapes = [_shape(part) for part in parts]
    all_convex, all_concave, constant = (all(column) for column in zip(*shapes, strict=True))
    if constant:
        return True, True, True
    if name == "+":
        return all_convex, all_concave, False
    rising = name not in ("square", "abs")
    inner = (all_convex, all_concave) if rising else (all_convex and all_concave,) * 2
    bends_up = name in ("exp", "max", "square", "abs")
    return (inner[0] and bends_up, inner[1] and not bends_up, False)


def _certify_curvature(value, expression):
    truth = WORDS[_shape(expression)]
    return value == truth or f"by the rules this is {truth}; you say {value!r}"


def _variant(**rules):
    """`curvature` with one rule changed, for the named mistakes."""

    def walk(expression):
        if expression == "x":
            return "affine"
        if not isinstance(expression, tuple | list):
            return rules.get("number", "constant")
        name, *parts = expression
        if name == "*":
            return rules.get("times", _times)(parts[0], walk(parts[1]))
        kinds = {walk(part) for part in parts}
        known = rules.get(name, lambda kinds: None)(kinds)
        return known or _combine(name, kinds)

    return walk


def _times(factor, kind):
    flipped = {"convex": "concave", "concave": "convex"}
    return "constant" if factor == 0 else flipped.get(kind, kind) if factor < 0 else kind


def _combine(name, kinds):
    stand_in = {"constant": 1.0, "affine": "x", "convex": ("exp", "x"), "concave": ("log", "x")}
    if "unknown" in kinds:
        return "unknown"
    return curvature((name, *(stand_in[kind] for kind in sorted(kinds))))


def square_of_convex(expression):
    """You call the square of a convex function convex: square is not monotone. (x² − 1)² is not convex."""
    return _variant(square=lambda kinds: "convex" if kinds <= {"affine", "convex"} else None)(
        expression
    )


def no_flip(expression):
    """You forgot that a negative factor turns convex into concave, and concave into convex."""
    return _variant(times=lambda factor, kind: "constant" if factor == 0 else kind)(expression)


def log_of_convex(expression):
    """You call the log of a convex function concave: that needs a concave one inside."""
    return _variant(log=lambda kinds: "concave" if kinds == {"convex"} else None)(expression)


def max_of_concave(expression):
    """You call a maximum of concave functions concave: that is true of a minimum."""
    return _variant(max=lambda kinds: "concave" if kinds == {"concave"} else None)(expression)


def sum_of_both(expression):
    """You call convex plus concave affine: their curvatures need not cancel. No rule applies."""
    return _variant(**{"+": lambda kinds: "affine" if {"convex", "concave"} <= kinds else None})(
        expression
    )


def exp_of_concave(expression):
    """You call the exponential of anything convex: of a concave function it need not be: exp(−x²) is a bell."""
    return _variant(exp=lambda kinds: "convex" if kinds == {"concave"} else None)(expression)


def zero_keeps(expression):
    """You let 0 times a function keep its curvature: it is the constant 0."""
    return _variant(times=lambda factor, kind: kind if factor == 0 else _times(factor, kind))(
        expression
    )


def _by_flags(expression):
    return WORDS[_shape(expression)]


def _with_a_stack(expression):
    """The same rules without recursion: parts are judged before the whole."""
    done, stack = [], [(expression, False)]
    while stack:
        item, ready = stack.pop()
        if not isinstance(item, tuple | list):
            done.append("affine" if item == "x" else "constant")
        elif not ready:
            parts = item[2:] if item[0] == "*" else item[1:]
            stack.append((item, True))
            stack += [(part, False) for part in parts]
        else:
            count = 1 if item[0] == "*" else len(item) - 1
            kinds = [done.pop() for _ in range(count)]
            done.append(_times(item[1], kinds[0]) if item[0] == "*" else _combine(item[0], kinds))
    return done[0]


# --- box_dual_bound ----------------------------------------------------------------------------


def box_dual_bound(X, y, w):
    """A lower bound for min ½‖Xv − y‖² subject to −1 ≤ vⱼ ≤ 1 for all j,
    and its dual point: (nu, bound).

    X is n x p, y has shape (n,). w of shape (p,) is a feasible guess, near the optimum or far.
    The nearer it is, the nearer your bound must come to the optimum. nu of shape (n,) is the
    multiplier of the constraint z = Xv − y of: min ½‖z‖² subject to z = Xv − y, −1 ≤ vⱼ ≤ 1,
    with the Lagrangian ½‖z‖² + νᵀ(Xv − y − z).
    """
    nu = X @ w - y
    return nu, -nu @ nu / 2 - nu @ y - np.abs(X.T @ nu).sum()


def _boxes(rng):
    for n, p, steps in ((1, 1, 50), (6, 3, 300), (20, 5, 300), (4, 9, 600), (15, 4, 0)):
        X, y = rng.standard_normal((n, p)), 3 * rng.standard_normal(n)
        w, L = np.zeros(p), np.linalg.norm(X, 2) ** 2
        for _ in range(steps):
            w = np.clip(w - X.T @ (X @ w - y) / L, -1, 1)
        yield {"X": X, "y": y, "w": w}


def _box_dual(X, y, nu):
    return -nu @ nu / 2 - nu @ y - np.abs(X.T @ nu).sum()


def _certify_box(value, X, y, w):
    nu, bound = value
    primal = float((X @ w - y) @ (X @ w - y)) / 2
    scale = 1 + primal + float(y @ y)
    dual = float(_box_dual(X, y, nu))
    if abs(bound - dual) > 1e-8 * scale + 1e-8 * abs(dual):
        return f"at your ν the dual function is {dual:.8g}, not {bound:.8g}"
    within_reach = float(_box_dual(X, y, X @ w - y))
    if dual < within_reach - 1e-7 * scale:
        return (
            f"the objective at w is {primal:.6g}; your ν proves only {dual:.6g} of it, while w itself "
            f"suggests a ν that proves {within_reach:.6g}"
        )
    return True


def wrong_sign(X, y, w):
    """Your ν is y − Xw: with z = Xv − y the minimum over z of ½‖z‖² − νᵀz is at z = ν, so ν = Xw − y."""
    nu = y - X @ w
    return nu, _box_dual(X, y, nu)


def box_forgotten(X, y, w):
    """You forgot the box: minimising νᵀXv over −1 ≤ vⱼ ≤ 1 gives −‖Xᵀν‖₁, and it belongs to the bound."""
    nu = X @ w - y
    return nu, -nu @ nu / 2 - nu @ y


def max_norm(X, y, w):
    """You subtract ‖Xᵀν‖∞: each vⱼ chooses its own sign, so the entries add up to ‖Xᵀν‖₁."""
    nu = X @ w - y
    return nu, -nu @ nu / 2 - nu @ y - np.abs(X.T @ nu).max() * 1.0 if X.shape[1] > 1 else 0.0


def primal_value(X, y, w):
    """You return the objective at w: that bounds the optimum from above, not from below."""
    nu = X @ w - y
    return nu, nu @ nu / 2


def trivial(X, y, w):
    """ν = 0 proves the bound 0, which is true and says nothing: take ν from the residual of w."""
    return np.zeros(len(y)), 0.0


def half_lost(X, y, w):
    """You lost a factor ½: the minimum over z of ½‖z‖² − νᵀz is −½‖ν‖²."""
    nu = X @ w - y
    return nu, -nu @ nu - nu @ y - np.abs(X.T @ nu).sum()


def _scaled_best(X, y, w):
    nu = X @ w - y
    slope = -nu @ y - np.abs(X.T @ nu).sum()
    nu = max(slope / max(nu @ nu, 1e-300), 0.0) * nu
    return list(nu), float(_box_dual(X, y, nu))


def _looped_box(X, y, w):
    nu = [sum(X[i, j] * w[j] for j in range(len(w))) - y[i] for i in range(len(y))]
    bound = -sum(v * v for v in nu) / 2 - sum(v * t for v, t in zip(nu, y, strict=True))
    for j in range(len(w)):
        bound += min(sign * sum(X[i, j] * nu[i] for i in range(len(y))) for sign in (-1, 1))
    return nu, bound


# --- separate_or_meet --------------------------------------------------------------------------


def separate_or_meet(P, Q):
    """Whether two polytopes meet, with the proof.
    The rows of P (k x n) and Q (m x n) are their vertices.

    Return ("meet", u, v) with convex weights u of shape (k,) and v of shape (m,) such that
    Σ uᵢ Pᵢ = Σ vⱼ Qⱼ to 1e-6, or ("separate", a, c) with a of shape (n,) and a number c such
    that aᵀp < c < aᵀq for all vertices p of the first and q of the second.
    """
    from scipy.optimize import linprog

    (k, n), m = P.shape, len(Q)
    # the widest slab: maximise s subject to Pa + s ≤ c ≤ Qa − s, −1 ≤ a ≤ 1
    upper = np.block(
        [[P, -np.ones((k, 1)), np.ones((k, 1))], [-Q, np.ones((m, 1)), np.ones((m, 1))]]
    )
    bounds = [(-1, 1)] * n + [(None, None)] * 2
    slab = linprog(np.append(np.zeros(n + 1), -1.0), upper, np.zeros(k + m), bounds=bounds)
    if slab.x[-1] > 1e-8:
        return "separate", slab.x[:n], slab.x[n]
    same_point = np.block(
        [[P.T, -Q.T], [np.ones((1, k)), np.zeros((1, m))], [np.zeros((1, k)), np.ones((1, m))]]
    )
    sums = np.append(np.zeros(n), [1.0, 1.0])
    weights = linprog(np.zeros(k + m), A_eq=same_point, b_eq=sums).x
    return "meet", weights[:k], weights[k:]


def _polytopes(rng):
    square = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])
    yield {"P": square, "Q": square @ np.diag([0.2, 5.0])}  # a cross: no vertex inside the other
    yield {"P": square, "Q": square + np.array([2.5, 0.4])}
    yield {"P": 5 * square, "Q": 0.5 * square + 1}  # one inside the other
    needle = np.array([[-9.0, 0], [9, 0.3], [0, 0.6]])
    yield {"P": needle, "Q": needle * [1, -1] + [6.0, -0.6]}  # separated, centres far along
    yield {"P": rng.standard_normal((1, 3)), "Q": rng.standard_normal((1, 3))}
    for n, gap in ((2, 0.2), (3, 0.1), (5, 0.3)):
        a = rng.standard_normal(n)
        a /= np.linalg.norm(a)
        spread = rng.standard_normal((12, n)) * 3
        flat = spread - np.outer(spread @ a, a)
        P = flat - np.outer(rng.uniform(gap / 2, 2, 12), a)
        Q = -flat - np.outer(-rng.uniform(gap / 2, 2, 12), a)
        yield {"P": P, "Q": Q}
        inner = rng.standard_normal((n + 2, n))
        yield {"P": P, "Q": inner - inner.mean(axis=0) + P.mean(axis=0)}


def _certify_polytopes(value, P, Q):
    what, first, second = value
    (k, n), m = P.shape, len(Q)
    first = np.asarray(first, dtype=float)
    if what == "separate":
        if first.shape != (n,) or np.ndim(second) != 0:
            return f"a should be an array of shape ({n},) and c one number"
        below, above = (P @ first).max(), (Q @ first).min()
        return bool(below < second < above) or (
            f"on P, aᵀz goes up to {below:.6g}; on Q, down to {above:.6g}; your c = {second:.6g} is "
            "not between them"
        )
    if what != "meet":
        return f'the first entry should be "meet" or "separate"; yours is {what!r}'
    second = np.asarray(second, dtype=float)
    if first.shape != (k,) or second.shape != (m,):
        return f"the weights should have the shapes ({k},) and ({m},)"
    for name, weights in (("u", first), ("v", second)):
        if not (weights.min() >= -1e-9 and abs(weights.sum() - 1) <= 1e-7):
            return (
                f"{name} is no convex combination: its least weight is {weights.min():.3g}, their sum "
                f"{weights.sum():.6g}"
            )
    apart = float(np.linalg.norm(P.T @ first - Q.T @ second))
    scale = 1 + np.abs(P).max() + np.abs(Q).max()
    return bool(apart <= 1e-6 * scale) or f"your two points are {apart:.3g} apart: they do not meet"


def between_the_centres(P, Q):
    """You separate by the perpendicular bisector of the centres: long polytopes reach across it."""
    a = Q.mean(axis=0) - P.mean(axis=0)
    return "separate", a, float(a @ (P.mean(axis=0) + Q.mean(axis=0)) / 2)


def affine_weights(P, Q):
    """You solve the equations of the weights and let some be negative: that leaves the polytopes."""
    k, m = len(P), len(Q)
    rows = np.block(
        [[P.T, -Q.T], [np.ones((1, k)), np.zeros((1, m))], [np.zeros((1, k)), np.ones((1, m))]]
    )
    weights = np.linalg.lstsq(rows, np.append(np.zeros(P.shape[1]), [1, 1]), rcond=None)[0]
    return "meet", weights[:k], weights[k:]


def wrong_side(P, Q):
    """Your hyperplane has P above and Q below: it should be aᵀp < c < aᵀq. Turn a and c round."""
    what, first, second = separate_or_meet(P, Q)
    return (what, -first, -second) if what == "separate" else (what, first, second)


def nearest_vertices(P, Q):
    """You look at the two nearest vertices: the nearest points of two polytopes lie on faces as well."""
    distances = np.linalg.norm(P[:, None] - Q[None], axis=2)
    i, j = np.unravel_index(int(np.argmin(distances)), distances.shape)
    a = Q[j] - P[i]
    return "separate", a, float(a @ (P[i] + Q[j]) / 2)


def by_boxes(P, Q):
    """You compare along the coordinate axes: slanted polytopes overlap along every axis and still do not meet."""
    for j in range(P.shape[1]):
        e = np.eye(P.shape[1])[j]
        if P[:, j].max() < Q[:, j].min():
            return "separate", e, float(P[:, j].max() + Q[:, j].min()) / 2
        if Q[:, j].max() < P[:, j].min():
            return "separate", -e, -float(Q[:, j].max() + P[:, j].min()) / 2
    return "meet", np.full(len(P), 1 / len(P)), np.full(len(Q), 1 / len(Q))


def touching(P, Q):
    """Your c lies on one of the polytopes: between them it must be strictly above P and below Q."""
    what, first, second = separate_or_meet(P, Q)
    return (what, first, float((P @ first).max())) if what == "separate" else (what, first, second)


def _meet_first(P, Q):
    from scipy.optimize import linprog

    (k, n), m = P.shape, len(Q)
    rows = np.block(
        [[P.T, -Q.T], [np.ones((1, k)), np.zeros((1, m))], [np.zeros((1, k)), np.ones((1, m))]]
    )
    # least total error of P'u = Q'v; its multipliers separate where it is not zero
    slack = np.vstack([np.eye(n), np.zeros((2, n))])
    cost = np.concatenate([np.zeros(k + m), np.ones(2 * n)])
    found = linprog(cost, A_eq=np.hstack([rows, slack, -slack]), b_eq=[0.0] * n + [1.0, 1.0])
    if found.fun < 1e-9:
        return ["meet", found.x[:k], found.x[k : k + m]]
    a = found.eqlin.marginals[:n]
    return ["separate", a, float((P @ a).max() + (Q @ a).min()) / 2]


def _nearest_points(P, Q):
    """Wolfe's point of least norm of {p − q}, by nonnegative least squares."""
    from scipy.optimize import nnls

    k = len(P)
    pairs = (P[:, None] - Q[None]).reshape(-1, P.shape[1])
    heavy = 1e3 * (1 + np.abs(pairs).max())
    weights = nnls(np.vstack([pairs.T, heavy * np.ones(len(pairs))]), [0.0] * P.shape[1] + [heavy])[
        0
    ]
    table = (weights / weights.sum()).reshape(k, -1)
    u, v = table.sum(axis=1), table.sum(axis=0)
    a = Q.T @ v - P.T @ u
    if np.linalg.norm(a) < 1e-7:
        return "meet", u, v
    return "separate", a, float((P @ a).max() + (Q @ a).min()) / 2


EXERCISES = (
    Exercise(
        project_l1_ball,
        _l1_balls,
        _certify_l1_ball,
        title="The nearest point of a diamond",
        difficulty=2,
        minutes=20,
        points=3,
        partial=True,
        hints=(
            "By symmetry it is enough to solve it for |x| and to put the signs back.",
            "Write down what the variational inequality demands of x − p: where is (x − p)ᵀz largest?",
            "The nonzero entries all shrink by the same threshold, and the others are below it.",
        ),
        mistakes=(scaled, without_signs, onto_the_sphere, one_round, clipped, euclidean),
        alternatives=(_by_bisection, _by_dropping),
    ),
    Exercise(
        refute_convexity,
        _not_convex,
        _certify_witness,
        title="A witness against convexity",
        difficulty=3,
        minutes=30,
        points=4,
        partial=True,
        hints=(
            "Which test of convexity looks at one point and at all directions at once?",
            "Second differences give a Hessian; its eigenvector of the least eigenvalue is a direction.",
            "Go from the point both ways along that direction, and compare the middle with the chord.",
        ),
        mistakes=(
            along_the_axes,
            most_curved,
            extrapolated,
            too_near,
            on_a_grid,
            by_two_minima,
        ),
        alternatives=(_by_many_chords, _at_another_weight),
    ),
    Exercise(
        curvature,
        _expressions,
        _certify_curvature,
        title="The grammar of convex functions",
        difficulty=3,
        minutes=30,
        points=4,
        partial=True,
        hints=(
            "Judge the parts first, by calling the function itself.",
            "For an atom there are two questions: which way does it curve, and is it monotone?",
            "Square and abs are not monotone, so only an affine part may stand inside.",
        ),
        mistakes=(
            square_of_convex,
            no_flip,
            log_of_convex,
            max_of_concave,
            sum_of_both,
            exp_of_concave,
            zero_keeps,
        ),
        alternatives=(_by_flags, _with_a_stack),
    ),
    Exercise(
        box_dual_bound,
        _boxes,
        _certify_box,
        title="How far from the optimum in a box",
        difficulty=3,
        minutes=30,
        points=4,
        partial=True,
        hints=(
            "Minimise the Lagrangian over z and over v apart: they do not meet in any term.",
            "A linear function of v over a box is least at a corner that each vⱼ chooses for itself.",
            "At the optimum ν equals z. Which ν does the guess w suggest?",
        ),
        mistakes=(wrong_sign, box_forgotten, max_norm, primal_value, trivial, half_lost),
        alternatives=(_scaled_best, _looped_box),
    ),
    Exercise(
        separate_or_meet,
        _polytopes,
        _certify_polytopes,
        title="They meet, or a hyperplane separates them",
        difficulty=4,
        minutes=40,
        points=5,
        free=True,
        partial=True,
        hints=(
            "Exactly one of the two answers exists. Either can be found by a linear program.",
            "For the hyperplane: unknowns a, c and a margin s; bound a, or the margin grows for ever.",
            "For the point: unknowns u and v, both nonnegative with sum 1, and P'u = Q'v.",
        ),
        mistakes=(
            between_the_centres,
            affine_weights,
            wrong_side,
            nearest_vertices,
            by_boxes,
            touching,
        ),
        alternatives=(_meet_first, _nearest_points),
    ),
)
