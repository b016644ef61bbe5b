"""Lesson 05, acceleration and Newton: what is asked, how it is proved right, which mistakes have a name."""

from collections.abc import Callable, Iterator
from math import sqrt
from typing import Any

import numpy as np

from ..certificates import Certificate
from ..certificates import logistic as logistic_certificate
from .exercise import Arguments, Exercise, Oracle

LESSON = "05"


class _BowlGradient:
    """x ↦ P (x − centre)."""

    def __init__(self, P: np.ndarray, centre: np.ndarray):
        self.P, self.centre = P, centre

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.P @ (x - self.centre)


class _RoundedGradient:
    """x ↦ P tanh(x − centre), P diagonal: a bowl whose walls become straight."""

    def __init__(self, P: np.ndarray, centre: np.ndarray):
        self.P, self.centre = P, centre

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.P @ np.tanh(x - self.centre)


def _bowl(rng: np.random.Generator, values: np.ndarray) -> _BowlGradient:
    Q = np.linalg.qr(rng.standard_normal((len(values), len(values))))[0]
    P = (Q * values) @ Q.T
    return _BowlGradient((P + P.T) / 2, rng.standard_normal(len(values)))


def _counted(gradient: Callable, iterations: int) -> Oracle:
    needs = "each iteration needs one: keep it in a name"
    return Oracle(gradient, iterations + 1, "the gradient", needs)


def _same_point(last: np.ndarray, promised: np.ndarray, told: str) -> bool | str:
    error = np.abs(last - promised)
    if float(error.max()) <= 1e-5 * (1 + float(np.abs(promised).max())):
        return True
    i = int(error.argmax())
    return f"{told}, entry {i} is {promised[i]:.6g}; yours is {last[i]:.6g}"


# --- heavy_ball --------------------------------------------------------------------------------


def heavy_ball(grad, x, step, momentum, iterations):
    """The point after `iterations` steps of the heavy ball method from x, at rest.

    grad(x) returns ∇f(x), of the shape of x. One step, for which one gradient is enough:
    x_next = x − step ∇f(x) + momentum (x − x_previous), where x_previous = x before the first
    step. With `iterations` = 0, return x itself.
    """
    x_previous = x
    for _ in range(iterations):
        x_next = x - step * grad(x) + momentum * (x - x_previous)
        x_previous, x = x, x_next
    return x


def _heavy_runs(rng: np.random.Generator) -> Iterator[Arguments]:
    cases = [
        (1, 2, 0.4, 0.5),
        (2, 1, 0.5, 0.3),
        (3, 0, 0.5, 0.6),
        (4, 25, 0.9, 0.8),
        (2, 4, 1.6, 0.7),
    ]
    for p, iterations, share, momentum in cases:
        values = rng.uniform(0.3, 3, p)
        yield dict(
            grad=_counted(_bowl(rng, values), iterations),
            x=np.round(3 * rng.standard_normal(p), 1),
            step=float(f"{share / values.max():.3g}"),
            momentum=momentum,
            iterations=iterations,
        )


def _follows_heavy_ball(
    last: np.ndarray, grad: Oracle, x: np.ndarray, step: float, momentum: float, iterations: int
) -> bool | str:
    """On a bowl: along each axis two numbers, the last two errors, are multiplied by one matrix."""
    bowl: Any = grad.function
    values, Q = np.linalg.eigh(bowl.P)
    start = Q.T @ (x - bowl.centre)
    error = np.zeros(len(x))
    for i, value in enumerate(values):
        M = np.array([[1 + momentum - step * value, -momentum], [1, 0]])
        error[i] = (np.linalg.matrix_power(M, iterations) @ [start[i], start[i]])[0]
    told = (
        f"on a bowl the two last errors along an axis of curvature λ are multiplied by "
        f"[[1 + momentum − step·λ, −momentum], [1, 0]] in each step: after {iterations} of them"
    )
    return _same_point(last, bowl.centre + Q @ error, told)


def heavy_without_momentum(grad, x, step, momentum, iterations):
    """This is gradient descent: the momentum term is missing, or always zero because x_previous was
    moved on too early. Move both at once: x_previous, x = x, x_next."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return x


def gradient_ahead(grad, x, step, momentum, iterations):
    """You took the gradient at the extrapolated point: that is Nesterov's method. The heavy ball
    takes it at x."""
    previous = x
    for _ in range(iterations):
        y = x + momentum * (x - previous)
        previous, x = x, y - step * grad(y)
    return x


def forgot_the_previous(grad, x, step, momentum, iterations):
    """You never moved x_previous on: it has to be the point before x in each step, not the start."""
    start = x
    for _ in range(iterations):
        x = x - step * grad(x) + momentum * (x - start)
    return x


def braked(grad, x, step, momentum, iterations):
    """You subtracted the momentum: it carries on in the direction of the last move, x − x_previous."""
    previous = x
    for _ in range(iterations):
        previous, x = x, x - step * grad(x) - momentum * (x - previous)
    return x


def heavy_uphill(grad, x, step, momentum, iterations):
    """You added the gradient: it points uphill, so the step must subtract it."""
    previous = x
    for _ in range(iterations):
        previous, x = x, x + step * grad(x) + momentum * (x - previous)
    return x


def averaged_the_gradients(grad, x, step, momentum, iterations):
    """You weighted the new gradient with 1 − momentum, an average of gradients: here the gradient's
    step stays whole, and the momentum comes on top."""
    v = np.zeros(len(x))
    for _ in range(iterations):
        v = momentum * v + (1 - momentum) * grad(x)
        x = x - step * v
    return x


def momentum_times_step(grad, x, step, momentum, iterations):
    """You multiplied the momentum term by the step as well: only the gradient has the step in front."""
    previous = x
    for _ in range(iterations):
        previous, x = x, x - step * (grad(x) - momentum * (x - previous))
    return x


def started_with_a_push(grad, x, step, momentum, iterations):
    """You set x_previous to zero at the start, which gives the ball a push: it starts at rest, with
    x_previous = x."""
    previous = 0 * x
    for _ in range(iterations):
        previous, x = x, x - step * grad(x) + momentum * (x - previous)
    return x


def heavy_one_short(grad, x, step, momentum, iterations):
    """You are one step short: `range(iterations)` makes exactly `iterations` of them, and what is
    asked for is x, not x_previous."""
    return heavy_ball(grad, x, step, momentum, max(0, iterations - 1))


def heavy_one_more(grad, x, step, momentum, iterations):
    """You took one step too many: with `iterations` = 0, x must come back as it was."""
    return heavy_ball(grad, x, step, momentum, iterations + 1)


def _heavy_by_velocity(grad, x, step, momentum, iterations):
    v = np.zeros(len(x))
    for _ in range(iterations):
        v = momentum * v - step * np.asarray(grad(x))
        x = x + v
    return x


def _heavy_by_all_points(grad, x, step, momentum, iterations):
    points = [x, x]
    for _ in range(iterations):
        points.append((1 + momentum) * points[-1] - momentum * points[-2] - step * grad(points[-1]))
    return points[-1]


def _heavy_by_sum_of_gradients(grad, x, step, momentum, iterations):
    gradients = []
    for _ in range(iterations):
        gradients.append(np.asarray(grad(x)))
        ages = range(len(gradients) - 1, -1, -1)
        x = x - step * sum(momentum**age * g for age, g in zip(ages, gradients, strict=True))
    return x


# --- tune_heavy_ball ---------------------------------------------------------------------------


def tune_heavy_ball(L, mu):
    """The step and the momentum with which the heavy ball is quickest on quadratics.

    The eigenvalues of ∇²f lie anywhere in [mu, L], 0 < mu ≤ L. Return (step, momentum) for
    which the slowest direction shrinks by the smallest factor, (√κ − 1)/(√κ + 1) with κ = L/mu.
    """
    root = np.sqrt(L / mu)
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((root - 1) / (root + 1)) ** 2


def _spectra(rng: np.random.Generator) -> Iterator[Arguments]:
    for kappa in (4.0, 100.0, 2.5, 10_000.0, 1.0):
        L = float(f"{rng.uniform(0.2, 30):.3g}")
        yield dict(L=L, mu=L / kappa)


def _factor(step: float, momentum: float, value: float) -> float:
    """The larger modulus of the two factors along an axis of curvature `value`."""
    trace = 1 + momentum - step * value
    return float(np.abs(np.roots([1, -trace, momentum])).max(initial=0))


def _is_best_tuning(pair: tuple[float, float], L: float, mu: float) -> bool | str:
    """No pair does better than (√κ − 1)/(√κ + 1); is this one as good over the whole spectrum?"""
    step, momentum = pair
    best = (sqrt(L / mu) - 1) / (sqrt(L / mu) + 1)
    worst, at = max((_factor(step, momentum, v), v) for v in np.linspace(mu, L, 201))
    if worst <= best + 0.01 * (1 - best):
        return True
    return (
        f"with L = {L:.4g} and mu = {mu:.4g} the error can shrink by {best:.5f} a step in every "
        f"direction; with step {step:.5g} and momentum {momentum:.5g} it is multiplied by {worst:.5f} "
        f"where the curvature is {at:.4g}"
    )


def root_of_the_momentum(L, mu):
    """Your momentum is the rate itself: the momentum is its square, because the two factors of a
    direction have the momentum as their product."""
    root = np.sqrt(L / mu)
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, (root - 1) / (root + 1)


def step_of_gradient_descent(L, mu):
    """Your step is 2/(L + mu), the best without momentum: with momentum it may be longer."""
    return 2 / (L + mu), ((np.sqrt(L / mu) - 1) / (np.sqrt(L / mu) + 1)) ** 2


def step_one_over_L(L, mu):
    """Your step is 1/L: with momentum it may be up to four times as long."""
    return 1 / L, ((np.sqrt(L / mu) - 1) / (np.sqrt(L / mu) + 1)) ** 2


def kappa_without_a_root(L, mu):
    """You used κ where √κ belongs: that is the gain of momentum."""
    kappa = L / mu
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((kappa - 1) / (kappa + 1)) ** 2


def sum_without_roots(L, mu):
    """Your step is 4/(L + mu)²: the square is that of √L + √mu."""
    return 4 / (L + mu) ** 2, ((np.sqrt(L / mu) - 1) / (np.sqrt(L / mu) + 1)) ** 2


def always_nine_tenths(L, mu):
    """You took the momentum 0.9, a common default: the best one depends on κ."""
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, 0.9


def swapped_the_pair(L, mu):
    """You returned the momentum first: the step comes first."""
    return tune_heavy_ball(L, mu)[::-1]


def _tuning_from_the_momentum(L, mu):
    b = ((sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu))) ** 2
    return [(1 - sqrt(b)) ** 2 / mu, b]


def _tuning_from_the_rate(L, mu):
    rate = 1 - 2 / (1 + sqrt(L / mu))
    return np.array([(1 + rate) ** 2 / L, rate**2])


# --- nesterov ----------------------------------------------------------------------------------


def nesterov(grad, x, L, iterations):
    """The point x_k, k = `iterations`, of Nesterov's accelerated gradient method from x_0 = x.

    grad(x) returns ∇f(x) of an L-smooth convex f; one iteration asks for one gradient. Start
    with y = x and t = 1. One iteration: x_next = y − ∇f(y)/L; t_next = (1 + √(1 + 4t²))/2;
    y = x_next + (t − 1)/t_next · (x_next − x). The k-th momentum may be (k − 1)/(k + 2)
    instead. Return the last x, not y.
    """
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(y) / L
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def _nesterov_runs(rng: np.random.Generator) -> Iterator[Arguments]:
    for p, iterations, rounded in [
        (1, 2, 0),
        (3, 5, 0),
        (2, 0, 0),
        (2, 4, 1),
        (5, 40, 0),
        (1, 1, 1),
    ]:
        values = np.geomspace(0.05, 1, p) * rng.uniform(0.5, 4)
        gradient: Any = _bowl(rng, values)
        if rounded:
            gradient = _RoundedGradient(np.diag(values), rng.standard_normal(p))
        yield dict(
            grad=_counted(gradient, iterations),
            x=np.round(3 * rng.standard_normal(p), 1),
            L=float(f"{1.1 * values.max():.3g}"),
            iterations=iterations,
        )


def _nesterov_points(
    grad: Callable, x: np.ndarray, L: float, momenta: list[float]
) -> list[np.ndarray]:
    """x_0, x_1, ..., with the given momentum after each step."""
    points, y = [x], x
    for momentum in momenta:
        points.append(y - grad(y) / L)
        y = points[-1] + momentum * (points[-1] - points[-2])
    return points


def _momenta(iterations: int) -> tuple[list[float], list[float]]:
    ts = [1.0]
    for _ in range(iterations):
        ts.append((1 + sqrt(1 + 4 * ts[-1] ** 2)) / 2)
    simple = [(k - 1) / (k + 2) for k in range(1, iterations + 1)]
    return [(ts[k] - 1) / ts[k + 1] for k in range(iterations)], simple


def _follows_nesterov(
    last: np.ndarray, grad: Oracle, x: np.ndarray, L: float, iterations: int
) -> bool | str:
    told = f"after {iterations} steps from {x[0]:g}{', ...' if len(x) > 1 else ''} with L = {L:g}"
    ends = [_nesterov_points(grad.function, x, L, each)[-1] for each in _momenta(iterations)]
    verdicts = [_same_point(last, end, told) for end in ends]
    return True if True in verdicts else verdicts[0]


def gradient_at_x(grad, x, L, iterations):
    """You took the gradient at x: Nesterov's method asks for it at y, where the momentum has already
    led."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(x) / L
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def stepped_from_x(grad, x, L, iterations):
    """You took the gradient at y but stepped from x: both belong to y."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = x - grad(y) / L
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def never_extrapolated(grad, x, L, iterations):
    """This is gradient descent with the step 1/L: y never moves ahead of x. Is t left at 1, or x moved
    on before x_next − x was used?"""
    for _ in range(iterations):
        x = x - grad(x) / L
    return x


def returned_y(grad, x, L, iterations):
    """You returned y, the extrapolated point: the promise is about x."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(y) / L
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return y


def lost_the_minus_one(grad, x, L, iterations):
    """Your momentum is t/t_next: it is (t − 1)/t_next, which starts from zero."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(y) / L
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + t / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def t_next_in_both(grad, x, L, iterations):
    """You moved t on before you used it: the momentum is (t − 1)/t_next with the old t above."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(y) / L
        t = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y, x = x_next + (t - 1) / t * (x_next - x), x_next
    return x


def started_early(grad, x, L, iterations):
    """Your momentum is a step ahead: with t = 1 the first one is zero, (k − 1)/(k + 2) at k = 1."""
    y = x
    for k in range(1, iterations + 1):
        x_next = y - grad(y) / L
        y, x = x_next + k / (k + 3) * (x_next - x), x_next
    return x


def constant_nine_tenths(grad, x, L, iterations):
    """Your momentum is the same in every step: here it grows from 0 towards 1."""
    y = x
    for _ in range(iterations):
        x_next = y - grad(y) / L
        y, x = x_next + 0.9 * (x_next - x), x_next
    return x


def multiplied_by_L(grad, x, L, iterations):
    """You multiplied the gradient by L: the step is 1/L."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - L * grad(y)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def squared_nothing(grad, x, L, iterations):
    """Your t_next is (1 + √(1 + 4t))/2: t is squared under the root."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = y - grad(y) / L
        t_next = (1 + np.sqrt(1 + 4 * t)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def nesterov_one_short(grad, x, L, iterations):
    """You took one step too few: `range(iterations)` makes exactly `iterations` of them."""
    return nesterov(grad, x, L, max(0, iterations - 1))


def _nesterov_with_simple_momentum(grad, x, L, iterations):
    previous = x
    for k in range(iterations):
        y = x + max(k - 1, 0) / (k + 2) * (x - previous)
        previous, x = x, y - grad(y) / L
    return x


def _nesterov_with_two_sequences(grad, x, L, iterations):
    z, t = x, 1.0
    for _ in range(iterations):
        y = (1 - 1 / t) * x + z / t
        g = np.asarray(grad(y))
        x, z = y - g / L, z - t / L * g
        t = (1 + sqrt(1 + 4 * t * t)) / 2
    return x


# --- newton_logistic ---------------------------------------------------------------------------


def newton_logistic(X, y, lam):
    """The w that minimises f(w) = Σᵢ log(1 + exp(−yᵢ xᵢᵀw)) + ½ lam ‖w‖²,
    by damped Newton steps.

    X has shape (n, p), y is −1 or +1, lam > 0. Start at w = 0. Shorten a step by half until f
    falls by at least a quarter of what the slope along it promises (the full step need not do).
    Go on until f(w) is within 1e-8 of the minimum, relatively. Return w, of shape (p,).
    """

    def f(w):
        return np.logaddexp(0, -y * (X @ w)).sum() + lam / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(100):
        m = X @ w
        grad = -X.T @ (y * np.exp(-np.logaddexp(0, y * m))) + lam * w
        weights = np.exp(-np.logaddexp(0, m) - np.logaddexp(0, -m))
        d = np.linalg.solve((X.T * weights) @ X + lam * np.eye(len(w)), -grad)
        slope, t = grad @ d, 1.0
        if -slope <= 1e-14 * f(w):
            return w + d
        while f(w + t * d) > f(w) + 0.25 * t * slope and t > 1e-10:
            t = t / 2
        w = w + t * d
    return w


_RUNAWAY = np.array(  # from w = 0 the full Newton step runs away on these rows yᵢxᵢ
    [
        [56.0, 13.0, -230.0, 42.0],
        [2.1, 4.6, -2.8, -7.3],
        [0.18, 8.4, 3.3, -2.5],
        [4.6, -6.9, -9.3, -0.37],
        [-130.0, -150.0, -41.0, 160.0],
        [2.9, 2.1, 0.12, -2.1],
        [-4.9, -44.0, -34.0, -9.1],
        [-0.0034, 0.052, 0.047, 0.0084],
    ]
)


def _classes(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, lam in [(6, 2, 0.5), (20, 3, 2.0), (4, 7, 0.1), (1, 1, 1.0)]:
        y = np.where(np.arange(n) % 3 == 0, -1.0, 1.0)
        yield dict(X=np.round(rng.standard_normal((n, p)), 1) + 0.1, y=y, lam=lam)
    units = np.array([100.0, 1.0, 0.01])  # gradient descent does not get far here
    X = rng.standard_normal((40, 3))
    y = np.where(X @ [1, -1, 1] + rng.logistic(size=40) > 0, 1.0, -1.0)
    yield dict(X=X * units, y=y, lam=1e-3)
    y = rng.permutation([-1.0, 1.0] * 4)
    turned = _RUNAWAY[rng.permutation(8)] * rng.choice([-1.0, 1.0], 4)
    yield dict(X=y[:, None] * turned, y=y, lam=0.1)


def _logistic_gap(w: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> Certificate | str:
    slope = -X.T @ (y / (1 + np.exp(np.minimum(y * (X @ w), 700)))) + lam * w
    proof = logistic_certificate(X, y, lam, w)
    if proof.proves(1e-8):
        return proof
    return (
        f"at the minimum the gradient is zero; at your w it has length {np.linalg.norm(slope):.3g}. "
        f"Your f(w) is {proof.primal:.6g}, and duality proves no more than that the minimum is at least "
        f"{proof.dual:.6g}"
    )


def _newton_variant(
    X,
    y,
    lam,
    steps=100,
    ridge=1.0,
    mean=False,
    zero_one=False,
    damped=True,
    sign=1.0,
    averaged=1.0,
    bare=False,
):
    """Newton's method with a fault: `ridge` scales the penalty; damping is dropped; and so on."""
    y_used = (y + 1) / 2 if zero_one else sign * y
    scale, lam = (len(y) if mean else 1) * averaged, ridge * lam

    def f(w):
        return np.logaddexp(0, -y_used * (X @ w)).sum() / scale + lam / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(steps):
        m = y_used * (X @ w)
        grad = -X.T @ (y_used * np.exp(-np.logaddexp(0, m))) / scale + lam * w
        weights = y_used**2 * np.exp(-np.logaddexp(0, m) - np.logaddexp(0, -m)) / scale
        d = np.linalg.solve((X.T * weights) @ X + (0 if bare else lam) * np.eye(len(w)), -grad)
        slope, t = grad @ d, 1.0
        if -slope <= 1e-15 * f(w):
            return w + d
        while damped and f(w + t * d) > f(w) + 0.25 * t * slope and t > 1e-10:
            t = t / 2
        w = w + t * d
    return w


def always_full_steps(X, y, lam):
    """You took the full Newton step every time: far from the minimum the quadratic model can be so
    wrong that the run goes away from it. Halve the step until f falls enough."""
    return _newton_variant(X, y, lam, damped=False)


def a_single_step(X, y, lam):
    """You took one Newton step: it solves the quadratic model, which is not f. Repeat it at the new w
    until the gradient is practically zero."""
    return _newton_variant(X, y, lam, steps=1)


def mean_loss(X, y, lam):
    """You minimised the mean of the losses: here they are added up, so that lam weighs n times less."""
    return _newton_variant(X, y, lam, mean=True)


def doubled_penalty(X, y, lam):
    """Your penalty is lam ‖w‖²: it has ½ in front, with the gradient lam w and the Hessian lam I."""
    return _newton_variant(X, y, lam, ridge=2.0)


def halved_penalty(X, y, lam):
    """Your gradient has ½ lam w: the derivative of ½ lam ‖w‖² is lam w."""
    return _newton_variant(X, y, lam, ridge=0.5)


def labels_zero_and_one(X, y, lam):
    """You turned y into 0 and 1 and kept the formula for −1 and +1: rows with 0 then drop out of it."""
    return _newton_variant(X, y, lam, zero_one=True)


def turned_the_labels_round(X, y, lam):
    """You have a sign wrong in the margin: a row counts as right where yᵢ xᵢᵀw is positive."""
    return _newton_variant(X, y, lam, sign=-1.0)


def went_up_the_newton_step(X, y, lam):
    """You added H⁻¹∇f: the Newton step is −H⁻¹∇f."""
    w = np.zeros(X.shape[1])
    for _ in range(20):
        m = X @ w
        grad = -X.T @ (y * np.exp(-np.logaddexp(0, y * m))) + lam * w
        weights = np.exp(-np.logaddexp(0, m) - np.logaddexp(0, -m))
        w = w + np.linalg.solve((X.T * weights) @ X + lam * np.eye(len(w)), grad)
    return w


def plain_gradient_steps(X, y, lam):
    """You took gradient steps: where the columns have different units they crawl. Multiply the
    gradient by the inverse Hessian."""
    w = np.zeros(X.shape[1])
    L = np.linalg.norm(X, 2) ** 2 / 4 + lam
    for _ in range(2000):
        w = w - (-X.T @ (y * np.exp(-np.logaddexp(0, y * (X @ w)))) + lam * w) / L
    return w


def returned_zero(X, y, lam):
    """You returned the start, w = 0."""
    return np.zeros(X.shape[1])


def _logistic_by_reweighted_least_squares(X, y, lam):
    """Newton's step as a weighted ridge regression of a working response."""

    def f(w):
        return np.logaddexp(0, -y * (X @ w)).sum() + lam / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(60):
        m = np.clip(X @ w, -500, 500)
        s = 1 / (1 + np.exp(-m))
        q = np.maximum(s * (1 - s), 1e-300)
        z = m + ((y + 1) / 2 - s) / q
        A = np.vstack([np.sqrt(q)[:, None] * X, np.sqrt(lam) * np.eye(len(w))])
        goal = np.linalg.lstsq(A, np.concatenate([np.sqrt(q) * z, np.zeros(len(w))]), rcond=None)[0]
        t = 1.0
        while f(w + t * (goal - w)) > f(w) and t > 1e-9:
            t = t / 2
        w = w + t * (goal - w)
    return w


def _logistic_by_a_trust_region(X, y, lam):
    """Steps cut where the quadratic model cannot be trusted: a trust region by a growing ridge."""

    def f(w):
        return np.logaddexp(0, -y * (X @ w)).sum() + lam / 2 * w @ w

    w, extra = np.zeros(X.shape[1]), 1.0
    for _ in range(400):
        m = X @ w
        grad = -X.T @ (y * np.exp(-np.logaddexp(0, y * m))) + lam * w
        weights = np.exp(-np.logaddexp(0, m) - np.logaddexp(0, -m))
        H = (X.T * weights) @ X + lam * np.eye(len(w))
        d = np.linalg.solve(H + extra * np.diag(np.diag(H)), -grad)
        if f(w + d) < f(w) or abs(grad @ d) < 1e-13 * f(w):
            w, extra = w + d, extra / 10
        else:
            extra = extra * 10
    return w


# --- bfgs_update -------------------------------------------------------------------------------


def bfgs_update(H, s, v):
    """The BFGS update of H, an estimate of the inverse Hessian.

    s = x_next − x and v = ∇f(x_next) − ∇f(x) have shape (p,), H is symmetric positive definite
    of shape (p, p). Return (I − s vᵀ/sᵀv) H (I − v sᵀ/sᵀv) + s sᵀ/sᵀv, the symmetric matrix
    that maps v to s and otherwise changes H least. If sᵀv ≤ 0 there is none that is positive
    definite: return H.
    """
    if s @ v <= 0:
        return H
    V = np.eye(len(s)) - np.outer(s, v) / (s @ v)
    return V @ H @ V.T + np.outer(s, s) / (s @ v)


def _pairs(rng: np.random.Generator) -> Iterator[Arguments]:
    for p in (2, 1, 3, 6, 4):
        A = rng.standard_normal((p, p))
        H = np.round(A @ A.T + np.eye(p), 1)
        s = np.round(rng.standard_normal(p), 1) + 0.05
        C = rng.standard_normal((p, p))
        v = np.round((C @ C.T + 0.3 * np.eye(p)) @ s, 2)
        if s @ v <= 0:  # rounding
            v = s
        yield dict(H=H, s=s * (1e-3 if p == 6 else 1), v=v * (1e-3 if p == 6 else 1))
    yield dict(
        H=np.diag([2.0, 1.0]), s=np.array([1.0, 0.5]), v=np.array([-1.0, 0.3])
    )  # bent the other way
    yield dict(H=np.diag([2.0, 3.0]), s=np.array([1.0, 0.0]), v=np.array([0.0, 2.0]))  # sᵀv = 0
    yield dict(H=np.diag([2.0, 5.0, 1.0]), s=np.zeros(3), v=np.zeros(3))  # no move at all


def _is_bfgs(H_next: np.ndarray, H: np.ndarray, s: np.ndarray, v: np.ndarray) -> bool | str:
    """BFGS is the one symmetric matrix with H_next v = s and uᵀH_next u' = uᵀHu' for all u, u' ⟂ s."""
    size = 1e-6 * (1 + np.abs(H).max() + np.abs(H_next).max())
    if s @ v <= 0:
        if np.all(np.abs(H_next - H) <= size):
            return True
        return f"sᵀv = {s @ v:.4g} is not positive, so H must come back unchanged"
    if np.any(np.abs(H_next - H_next.T) > size):
        return "an inverse Hessian is symmetric; yours is not"
    off = np.abs(H_next @ v - s)
    if np.any(off > 1e-5 * np.abs(s).max()):
        i = int(off.argmax())
        return (
            f"the secant condition asks for H_next v = s: entry {i} should be {s[i]:.6g}, "
            f"and with yours it is {(H_next @ v)[i]:.6g}"
        )
    U = np.linalg.svd(s[None, :])[2][1:]  # an orthonormal basis of what is orthogonal to s
    if U.size and np.any(np.abs(U @ (H_next - H) @ U.T) > size):
        return (
            "H_next v = s holds and yours is symmetric, but it changes more of H than it has to: "
            "uᵀH_next u must equal uᵀHu for every u orthogonal to s"
        )
    return True


def swapped_s_and_v(H, s, v):
    """You swapped s and v: that is the update of the Hessian's estimate, B_next s = v. Here H estimates
    its inverse, H_next v = s."""
    if s @ v <= 0:
        return H
    V = np.eye(len(s)) - np.outer(v, s) / (s @ v)
    return V @ H @ V.T + np.outer(v, v) / (s @ v)


def dfp(H, s, v):
    """You wrote the DFP update, H − HvvᵀH/vᵀHv + ssᵀ/sᵀv: it satisfies the secant condition too, but
    changes H least in another sense. BFGS changes nothing on the vectors orthogonal to s."""
    if s @ v <= 0:
        return H
    Hv = H @ v
    return H - np.outer(Hv, Hv) / (v @ Hv) + np.outer(s, s) / (s @ v)


def symmetric_rank_one(H, s, v):
    """You wrote the symmetric rank-one update: it satisfies the secant condition, but need not stay
    positive definite. BFGS has rank two."""
    r = s - H @ v
    return H + np.outer(r, r) / (r @ v) if s @ v > 0 else H


def hessian_update(H, s, v):
    """You wrote the BFGS update of the Hessian itself, B − Bssᵀ B/sᵀBs + vvᵀ/sᵀv: here H estimates the
    inverse."""
    if s @ v <= 0:
        return H
    Hs = H @ s
    return H - np.outer(Hs, Hs) / (s @ Hs) + np.outer(v, v) / (s @ v)


def no_curvature_check(H, s, v):
    """You updated although sᵀv ≤ 0: the result would not be positive definite, or not finite. Return H
    in that case."""
    V = np.eye(len(s)) - np.outer(s, v) / (s @ v)
    return V @ H @ V.T + np.outer(s, s) / (s @ v)


def skipped_only_negative(H, s, v):
    """You divided by sᵀv = 0: where it is zero H comes back unchanged as well."""
    return H if s @ v < 0 else no_curvature_check(H, s, v)


def forgot_ssT(H, s, v):
    """You left out the last term, s sᵀ/sᵀv: without it H_next v is zero and not s."""
    if s @ v <= 0:
        return H
    V = np.eye(len(s)) - np.outer(s, v) / (s @ v)
    return V @ H @ V.T


def transposed_the_factor(H, s, v):
    """You have the factors the wrong way round: the left one is I − s vᵀ/sᵀv, the right one its
    transpose."""
    if s @ v <= 0:
        return H
    V = np.eye(len(s)) - np.outer(s, v) / (s @ v)
    return V.T @ H @ V + np.outer(s, s) / (s @ v)


def one_sided_factor(H, s, v):
    """You multiplied from one side only: H lies between the factor and its transpose."""
    if s @ v <= 0:
        return H
    return (np.eye(len(s)) - np.outer(s, v) / (s @ v)) @ H + np.outer(s, s) / (s @ v)


def divided_by_vTv(H, s, v):
    """You divided by vᵀv: all three denominators are sᵀv."""
    if s @ v <= 0:
        return H
    V = np.eye(len(s)) - np.outer(s, v) / (v @ v)
    return V @ H @ V.T + np.outer(s, s) / (v @ v)


def started_from_the_identity(H, s, v):
    """You used the identity in place of H: then all that was learnt before is lost."""
    return H if s @ v <= 0 else bfgs_update(np.eye(len(s)), s, v)


def _bfgs_multiplied_out(H, s, v):
    sv = s @ v
    if sv <= 0:
        return H
    Hv = H @ v
    return H + (1 + v @ Hv / sv) * np.outer(s, s) / sv - (np.outer(Hv, s) + np.outer(s, Hv)) / sv


def _bfgs_column_by_column(H, s, v):
    """The two loops of L-BFGS with one pair, applied to each unit vector."""
    sv = sum(a * b for a, b in zip(s, v, strict=True))
    if sv <= 0:
        return [list(row) for row in H]
    columns = []
    for e in np.eye(len(s)):
        weight = s @ e / sv
        r = H @ (e - weight * v)
        columns.append(r + (weight - v @ r / sv) * s)
    return np.array(columns).T


def _bfgs_by_inverting(H, s, v):
    if s @ v <= 0:
        return H
    B = np.linalg.inv(H)
    Bs = B @ s
    return np.linalg.inv(B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(v, v) / (s @ v))


# --- conjugate_gradient ------------------------------------------------------------------------


def conjugate_gradient(multiply, b, tol):
    """An x with ‖b − Ax‖ ≤ tol ‖b‖, where A is symmetric positive definite
    and known by products only.

    multiply(d) returns Ad and is counted: one product an iteration is enough, and in exact
    arithmetic as many iterations as A has distinct eigenvalues. b has shape (p,), 0 < tol < 1.
    Start at x = 0.
    """
    x, r = np.zeros(len(b)), b
    d, squared = r, r @ r
    while squared > (tol * np.linalg.norm(b)) ** 2:
        Ad = multiply(d)
        step = squared / (d @ Ad)
        x = x + step * d
        r = r - step * Ad
        squared_before, squared = squared, r @ r
        d = r + squared / squared_before * d
    return x


class _Product:
    """d ↦ Ad."""

    def __init__(self, A: np.ndarray):
        self.A = A

    def __call__(self, d: np.ndarray) -> np.ndarray:
        return self.A @ d


def _systems(rng: np.random.Generator) -> Iterator[Arguments]:
    cases = [
        # eigenvalues, products beyond one for each distinct eigenvalue, size of b, tol
        ([1.0, 4.0], 1, 1.0, 1e-6),
        ([3.0], 1, 1.0, 1e-6),
        ([2.0] * 5, 1, 1.0, 1e-6),
        ([0.5] * 6 + [5.0] * 8 + [40.0] * 6, 2, 1.0, 1e-6),
        ([1.0, 2.0, 5.0, 9.0, 20.0], 2, 1e-7, 1e-5),
        ([1.0, 10.0, 30.0], 2, 1e6, 1e-6),
        (list(np.linspace(1, 8, 25)), 1, 1.0, 1e-6),
        ([1.0, 2.0, 3.0], 1, 0.0, 1e-6),
    ]
    for values, more, size, tol in cases:
        p, distinct = len(values), len(set(values))
        Q = np.linalg.qr(rng.standard_normal((p, p)))[0]
        A = (Q * values) @ Q.T
        direction = Q @ rng.choice([-1.0, 1.0], p)  # something along every eigenvector
        yield dict(
            multiply=Oracle(
                _Product((A + A.T) / 2),
                distinct + more,
                "the product with A",
                f"A has {distinct} distinct eigenvalue{'s'[: distinct - 1]}, so that {distinct} "
                f"iteration{'s'[: distinct - 1]} with one product each will do",
            ),
            b=size * direction,
            tol=tol,
        )


def _solves_the_system(x: np.ndarray, multiply: Oracle, b: np.ndarray, tol: float) -> bool | str:
    product: Any = multiply.function
    left, right = float(np.linalg.norm(b - product.A @ x)), float(np.linalg.norm(b))
    if left <= tol * right * (1 + 1e-6) + 1e-14 * right:
        return True
    if right == 0:
        return f"b = 0 has the solution x = 0; yours has length {np.linalg.norm(x):.3g}"
    return f"‖b − Ax‖ must be at most {tol:g}·‖b‖; with your x it is {left / right:.3g}·‖b‖"


def _cg_variant(multiply, b, tol, direction, stop=None, start=False):
    """Conjugate gradients with a fault in the next direction or in the stopping test."""
    x, r = np.zeros(len(b)), b
    if start:
        r = b - multiply(x)
    d, squared = r, r @ r
    done = stop or (lambda squared: squared <= (tol * np.linalg.norm(b)) ** 2)
    for _ in range(2000):
        if done(squared):
            break
        Ad = multiply(d)
        step = squared / (d @ Ad)
        x = x + step * d
        r = r - step * Ad
        before, squared = squared, r @ r
        d = direction(r, d, squared, before)
    return x


def _conjugate(r, d, squared, before):
    return r + squared / before * d


def steepest_descent(multiply, b, tol):
    """Your run asks for more products than A has distinct eigenvalues. Either its directions are not
    conjugate (the residuals alone give steepest descent: add r_nextᵀr_next / rᵀr times the last d),
    or an iteration asks for the same product twice."""
    x, r = np.zeros(len(b)), b
    while np.linalg.norm(r) > tol * np.linalg.norm(b):
        Ar = multiply(r)
        step = (r @ r) / (r @ Ar)
        x, r = x + step * r, r - step * Ar
    return x


def stopped_on_the_square(multiply, b, tol):
    """You compared rᵀr with tol·bᵀb: rᵀr is the square of the length, so compare it with tol²·bᵀb."""
    return _cg_variant(multiply, b, tol, _conjugate, lambda q: q <= tol * (b @ b))


def stopped_absolutely(multiply, b, tol):
    """You compared ‖r‖ with tol alone: the test is relative, tol·‖b‖."""
    return _cg_variant(multiply, b, tol, _conjugate, lambda q: q <= tol**2)


def divided_by_zero(multiply, b, tol):
    """You made a step before you asked whether one is needed: with b = 0 that divides zero by zero."""
    x, r, d = np.zeros(len(b)), b, b
    while True:
        Ad = multiply(d)
        step = np.float64(r @ r) / (d @ Ad)
        x = x + step * d
        r, before = r - step * Ad, r @ r
        if not r @ r > (tol * np.linalg.norm(b)) ** 2:
            return x
        d = r + (r @ r) / before * d


def returned_the_residual(multiply, b, tol):
    """You returned the residual: the solution x is asked for."""
    r, d = b, b
    while np.linalg.norm(r) > tol * np.linalg.norm(b):
        Ad = multiply(d)
        r_next = r - (r @ r) / (d @ Ad) * Ad
        r, d = r_next, r_next + (r_next @ r_next) / (r @ r) * d
    return r


def returned_the_right_hand_side(multiply, b, tol):
    """You returned b: solve Ax = b."""
    return b


def a_fixed_number_of_steps(multiply, b, tol):
    """You made one step: repeat until ‖r‖ ≤ tol·‖b‖."""
    if not np.any(b):
        return b
    return (b @ b) / (b @ multiply(b)) * b


def _cg_with_the_residual_anew_at_the_start(multiply, b, tol):
    return _cg_variant(multiply, b, tol, _conjugate, start=True)


def _cg_by_lanczos(multiply, b, tol):
    """An orthonormal basis of the Krylov space, and the small system in it."""
    if not np.any(b):
        return np.zeros(len(b))
    basis, products, size = [b / np.linalg.norm(b)], [], np.linalg.norm(b)
    while True:
        products.append(np.asarray(multiply(basis[-1])))
        Q, AQ = np.array(basis).T, np.array(products).T
        x = Q @ np.linalg.solve(Q.T @ AQ, Q.T @ b)
        if np.linalg.norm(b - AQ @ np.linalg.solve(Q.T @ AQ, Q.T @ b)) <= 0.5 * tol * size:
            return x
        new = products[-1]
        for _ in range(2):
            new = new - Q @ (Q.T @ new)
        basis.append(new / np.linalg.norm(new))


def _cg_by_least_residual(multiply, b, tol):
    """The smallest residual in the Krylov space (GMRES without recursion)."""
    x, size = np.zeros(len(b)), np.linalg.norm(b)
    directions: list[np.ndarray] = []
    products: list[np.ndarray] = []
    r = np.array(b)
    while np.linalg.norm(r) > 0.9 * tol * size:
        new = np.array(r)
        for u in directions:
            new = new - (u @ new) / (u @ u) * u
        directions.append(new)
        products.append(np.asarray(multiply(new)))
        P = np.array(products).T
        weights = np.linalg.lstsq(P, b, rcond=None)[0]
        x, r = np.array(directions).T @ weights, b - P @ weights
    return x


def _cg_by_conjugation(multiply, b, tol):
    """Gram-Schmidt in the inner product of A."""
    past: list[tuple[np.ndarray, np.ndarray]] = []
    x, r = np.zeros(len(b)), b
    while np.linalg.norm(r) > tol * np.linalg.norm(b):
        d = r
        for u, Au in past:
            d = d - (Au @ r) / (u @ Au) * u
        Ad = multiply(d)
        step = (d @ r) / (d @ Ad)
        x, r = x + step * d, r - step * Ad
        past.append((d, Ad))
    return list(x)


# --- the declarations --------------------------------------------------------------------------

EXERCISES = (
    Exercise(
        heavy_ball,
        _heavy_runs,
        _follows_heavy_ball,
        title="The heavy ball",
        difficulty=1,
        minutes=8,
        hints=(
            "Two points have to be remembered, x and the one before it. What are they at the start?",
            "Compute x_next from both of them first; then both names move on by one point.",
            "`x_previous, x = x, x_next` moves both at once, so that neither overwrites the other.",
        ),
        mistakes=(
            heavy_without_momentum,
            gradient_ahead,
            forgot_the_previous,
            braked,
            heavy_uphill,
            averaged_the_gradients,
            momentum_times_step,
            started_with_a_push,
            heavy_one_short,
            heavy_one_more,
        ),
        alternatives=(_heavy_by_velocity, _heavy_by_all_points, _heavy_by_sum_of_gradients),
    ),
    Exercise(
        tune_heavy_ball,
        _spectra,
        _is_best_tuning,
        title="How heavy should the ball be?",
        difficulty=2,
        minutes=10,
        hints=(
            "Read off the proof where equality holds: momentum = ρ², at both ends of the spectrum.",
            "With b = √momentum: step·mu = (1 − b)² and step·L = (1 + b)². Divide one by the other.",
            "Take the root: √κ = (1 + b)/(1 − b). Solve for b, and put it into one of the two.",
        ),
        mistakes=(
            root_of_the_momentum,
            step_of_gradient_descent,
            step_one_over_L,
            kappa_without_a_root,
            sum_without_roots,
            always_nine_tenths,
            swapped_the_pair,
        ),
        alternatives=(_tuning_from_the_momentum, _tuning_from_the_rate),
    ),
    Exercise(
        nesterov,
        _nesterov_runs,
        _follows_nesterov,
        title="Nesterov's method",
        difficulty=2,
        minutes=12,
        hints=(
            "Three things are remembered: x, y and t. Which of them does the gradient see?",
            "In one iteration compute x_next, then t_next, then y; x and t move on last.",
            "After the first iteration y is x, since t − 1 = 0: momentum builds up from nothing.",
        ),
        mistakes=(
            gradient_at_x,
            stepped_from_x,
            never_extrapolated,
            returned_y,
            lost_the_minus_one,
            t_next_in_both,
            started_early,
            constant_nine_tenths,
            multiplied_by_L,
            squared_nothing,
            nesterov_one_short,
        ),
        alternatives=(_nesterov_with_simple_momentum, _nesterov_with_two_sequences),
    ),
    Exercise(
        newton_logistic,
        _classes,
        _logistic_gap,
        title="Newton's method for logistic regression",
        difficulty=4,
        minutes=20,
        hints=(
            "With the margins m = y ∘ Xw and σ(t) = 1/(1 + e⁻ᵗ), the gradient is "
            "−Xᵀ(y ∘ σ(−m)) + lam w. Differentiate once more: which weight does row i get in the "
            "Hessian?",
            "The weight is σ(m)σ(−m). Solve H d = −∇f; then try t = 1, ½, ¼, ... until "
            "f(w + t d) ≤ f(w) + ¼ t ∇fᵀd.",
            "Stop when −∇fᵀd is tiny next to f. Let `np.logaddexp(0, −m)` compute log(1 + e⁻ᵐ): it does "
            "not overflow.",
        ),
        mistakes=(
            always_full_steps,
            a_single_step,
            mean_loss,
            doubled_penalty,
            halved_penalty,
            labels_zero_and_one,
            turned_the_labels_round,
            went_up_the_newton_step,
            plain_gradient_steps,
            returned_zero,
        ),
        alternatives=(
            _logistic_by_reweighted_least_squares,
            _logistic_by_a_trust_region,
        ),
    ),
    Exercise(
        bfgs_update,
        _pairs,
        _is_bfgs,
        title="The BFGS update",
        difficulty=2,
        minutes=10,
        hints=(
            "`np.outer(s, v)` is the matrix s vᵀ, and `s @ v` the number sᵀv.",
            "The factor on the right is the transpose of the one on the left: compute one of them.",
            "Test it: does your result times v give s? And what if s and v point in opposite directions?",
        ),
        mistakes=(
            swapped_s_and_v,
            dfp,
            symmetric_rank_one,
            hessian_update,
            no_curvature_check,
            skipped_only_negative,
            forgot_ssT,
            transposed_the_factor,
            one_sided_factor,
            divided_by_vTv,
            started_from_the_identity,
        ),
        alternatives=(_bfgs_multiplied_out, _bfgs_column_by_column, _bfgs_by_inverting),
    ),
    Exercise(
        conjugate_gradient,
        _systems,
        _solves_the_system,
        title="Conjugate gradients",
        difficulty=3,
        minutes=15,
        hints=(
            "Start from x = 0, r = b, d = r. The exact step along d is rᵀr / dᵀAd.",
            "r_next = r − step·Ad needs no second product. The next direction is r_next plus "
            "r_nextᵀr_next / rᵀr times d.",
            "Ask whether to go on before the first product: with b = 0 nothing is to be done, and "
            "‖r‖ ≤ tol‖b‖ already.",
        ),
        mistakes=(
            steepest_descent,
            stopped_on_the_square,
            stopped_absolutely,
            divided_by_zero,
            returned_the_residual,
            returned_the_right_hand_side,
            a_fixed_number_of_steps,
        ),
        alternatives=(
            _cg_with_the_residual_anew_at_the_start,
            _cg_by_lanczos,
            _cg_by_least_residual,
            _cg_by_conjugation,
        ),
    ),
)
