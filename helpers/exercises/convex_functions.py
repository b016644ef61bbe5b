"""Lesson 02, convex functions: what is asked, how an answer is proved right, which mistakes have a name."""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import prod

import numpy as np
from scipy.optimize import lsq_linear

from .exercise import Arguments, Exercise, Oracle

LESSON = "02"


# --- chord_gap ---------------------------------------------------------------------------------


def chord_gap(f, x, y, theta):
    """How far the chord between x and y lies above f, at the weight theta of x.

    That is θ f(x) + (1 − θ) f(y) − f(θx + (1 − θ)y), negative where the chord lies below.
    f takes one point of the shape of x, (n,) or a plain number, and returns a number;
    0 ≤ theta ≤ 1. Return a number.
    """
    return theta * f(x) + (1 - theta) * f(y) - f(theta * x + (1 - theta) * y)


class _Powers:
    """z ↦ Σⱼ cⱼ (aⱼᵀz)^kⱼ: its chord gap is known without evaluating it, by divided differences."""

    def __init__(self, c: np.ndarray, A: np.ndarray, k: tuple[int, ...]):
        self.c, self.A, self.k = c, A, k

    def __call__(self, z):
        return float(self.c @ self._along(z) ** np.array(self.k))

    def _along(self, z) -> np.ndarray:
        return self.A @ np.atleast_1d(np.asarray(z, dtype=float))

    def gap(self, x, y, theta: float) -> float:
        """For t^k the gap is θ(1 − θ)(x − y)² h(x, m, y), h the sum of all monomials of degree k − 2."""
        u, v = self._along(x), self._along(y)
        middle = theta * u + (1 - theta) * v
        total = 0.0
        for c, k, *points in zip(self.c, self.k, u, middle, v, strict=True):
            monomials = combinations_with_replacement(points, k - 2)
            bend = sum(prod(monomial) for monomial in monomials)
            total += c * theta * (1 - theta) * (points[0] - points[2]) ** 2 * bend
        return float(total)


def _chords(rng: np.random.Generator) -> Iterator[Arguments]:
    shapes = [  # dimension, signs of the coefficients, powers, weight
        (1, (1,), (2,), 0.3),
        (2, (1, 1), (2, 4), 0.8),
        (3, (-1, -1, -1), (2, 2, 2), 0.4),  # the chord lies below
        (2, (1, -1, 1), (3, 2, 4), 0.25),
        (2, (1, 1), (2, 2), 0.0),
        (2, (1, 1), (2, 2), 1.0),
        (0, (1,), (4,), 0.9),  # plain numbers
        (0, (-1,), (2,), 0.2),
    ]
    for n, signs, k, theta in shapes:
        A = np.round(rng.uniform(0.5, 1.5, (len(k), max(n, 1))), 1)
        f = _Powers(np.array(signs) * np.round(rng.uniform(0.5, 2, len(k)), 1), A, k)
        x, y = (
            np.round(rng.uniform(0.5, 2, max(n, 1)), 1),
            -np.round(rng.uniform(1, 3, max(n, 1)), 1),
        )
        yield dict(
            f=Oracle(f, 20, "f", "three values are enough"),
            x=x if n else float(x[0]),
            y=y if n else float(y[0]),
            theta=theta,
        )


def _is_chord_gap(gap: float, f: Oracle, x, y, theta: float) -> bool | str:
    powers: _Powers = f.function  # type: ignore[assignment]
    right = powers.gap(x, y, theta)
    if abs(gap - right) <= 1e-7 * (1 + abs(right) + abs(powers(x)) + abs(powers(y))):
        return True
    below = "above" if right > 0 else "below"
    return (
        f"here f(x) = {powers(x):.6g}, f(y) = {powers(y):.6g}; at the weight {theta:g} the chord lies "
        f"{abs(right):.6g} {below} f: the gap is {right:.6g}; yours is {gap:.6g}"
    )


def turned_round(f, x, y, theta):
    """You subtracted the chord from f: the gap is the chord minus f, so that it is at least 0 for a
    convex function."""
    return -chord_gap(f, x, y, theta)


def swapped_weights(f, x, y, theta):
    """You gave θ to y: it is the weight of x, in the chord and in the point alike."""
    return chord_gap(f, x, y, 1 - theta)


def mixed_two_weights(f, x, y, theta):
    """Your chord and your point have different weights: where the chord takes θ f(x), the point
    takes θ x."""
    return theta * f(x) + (1 - theta) * f(y) - f((1 - theta) * x + theta * y)


def always_the_middle(f, x, y, theta):
    """You took the midpoint: the weight is `theta`, not always one half."""
    return chord_gap(f, x, y, 0.5)


def clipped_at_zero(f, x, y, theta):
    """You cut the gap off at 0: a negative gap is the news, it refutes convexity."""
    return max(chord_gap(f, x, y, theta), 0.0)


def absolute_gap(f, x, y, theta):
    """You took the absolute value: the sign says whether the chord lies above f or below."""
    return abs(chord_gap(f, x, y, theta))


def weighted_only_one(f, x, y, theta):
    """The weights of your chord do not sum to 1: f(y) has the weight 1 − θ."""
    return theta * f(x) + f(y) - f(theta * x + (1 - theta) * y)


def returned_the_chord(f, x, y, theta):
    """You returned the height of the chord: subtract f at the point below it."""
    return theta * f(x) + (1 - theta) * f(y)


def said_yes_or_no(f, x, y, theta):
    """You returned True or False: the gap is a number, whose sign says whether the chord is above."""
    return bool(chord_gap(f, x, y, theta) >= 0)


def _gap_along_the_segment(f, x, y, theta):
    x, y = np.asarray(x), np.asarray(y)
    start, end = f(y), f(x)
    return start + theta * (end - start) - f(y + theta * (x - y))


def _gap_with_weights(f, x, y, theta):
    weights, points = np.array([theta, 1 - theta]), np.array([x, y])
    return weights @ np.array([f(point) for point in points]) - f(weights @ points)


# --- log_sum_exp -------------------------------------------------------------------------------


def log_sum_exp(z):
    """log(exp(z₁) + ... + exp(zₙ)), without overflow however large or small the entries are.

    z has shape (n,), n ≥ 1. Return a number.
    """
    top = np.max(z)
    return top + np.log(np.sum(np.exp(z - top)))


def _scores(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(z=np.round(rng.standard_normal(3), 1))
    yield dict(z=np.round(3 * rng.standard_normal(6), 1))
    yield dict(z=np.round(rng.uniform(-9, 9, 1), 1))
    yield dict(z=np.full(4, round(rng.uniform(1, 2), 1)))
    yield dict(z=1000 + np.round(rng.standard_normal(5), 1))
    yield dict(z=-1000 + np.round(rng.standard_normal(5), 1))
    yield dict(z=np.array([-2000.0, 0.5, 0.7, -900.0]))
    yield dict(z=np.array([0.0, 1200.0, 1201.0]))


def _is_log_sum_exp(value: float, z: np.ndarray) -> bool | str:
    """v = log Σ exp zᵢ exactly when the numbers exp(zᵢ − v) sum to 1."""
    total = float(np.sum(np.exp(np.clip(z - value, -745, 700))))
    if abs(total - 1) <= 1e-7:
        return True
    high = float(z.max())
    if not high - 1e-9 <= value <= high + np.log(len(z)) + 1e-9:
        return (
            f"the value lies between the largest entry, {high:.6g}, and that plus log n, "
            f"{high + np.log(len(z)):.6g}; yours is {value:.6g}"
        )
    return (
        f"the numbers exp(zᵢ − value) must sum to 1; with your {value:.8g} they sum to {total:.6g}"
    )


def overflowed(z):
    """You took exp of the entries as they are: exp(1000) is infinity and exp(−1000) is 0. Subtract
    the largest entry first, and add it again at the end."""
    return np.log(np.sum(np.exp(z)))


def never_added_back(z):
    """You subtracted the largest entry and did not add it again after the logarithm."""
    return np.log(np.sum(np.exp(z - np.max(z))))


def shifted_by_the_largest_size(z):
    """You subtracted the entry of the largest absolute value: where all are very negative, every
    exp is then 0 and the logarithm −∞. Subtract the largest entry."""
    top = np.max(np.abs(z))
    return top + np.log(np.sum(np.exp(z - top)))


def shifted_by_the_smallest(z):
    """You subtracted the smallest entry: then the largest may overflow still."""
    low = np.min(z)
    return low + np.log(np.sum(np.exp(z - low)))


def shifted_by_the_mean(z):
    """You subtracted the mean: where one entry stands far above it, its exp overflows still."""
    return np.mean(z) + np.log(np.sum(np.exp(z - np.mean(z))))


def clipped_the_entries(z):
    """You clipped the entries before exp: that changes the answer. Subtracting the largest entry
    and adding it again does not."""
    return np.log(np.sum(np.exp(np.clip(z, -700, 700))))


def took_the_maximum(z):
    """You returned the largest entry: the others count too, by up to log n together."""
    return np.max(z)


def took_the_mean(z):
    """You took the mean of the exponentials: here they are summed."""
    return np.max(z) + np.log(np.mean(np.exp(z - np.max(z))))


def returned_the_softmax(z):
    """You returned the softmax, a weight for each entry: that is the gradient. The value is one
    number."""
    weights = np.exp(z - np.max(z))
    return weights / np.sum(weights)


def _log_sum_exp_pairwise(z):
    return np.logaddexp.reduce(z)


def _log_sum_exp_one_by_one(z):
    top, total = -np.inf, 0.0
    for entry in z:
        if entry > top:
            top, total = entry, total * np.exp(top - entry) + 1.0
        else:
            total = total + np.exp(entry - top)
    return top + np.log(total)


def _log_sum_exp_sorted(z):
    largest, *others = sorted(z, reverse=True)
    return largest + np.log1p(sum(np.exp(other - largest) for other in others))


# --- convexity_witness -------------------------------------------------------------------------


def convexity_witness(f, low, high):
    """Three numbers (x, y, theta) that prove that f is not convex on the interval [low, high].

    x and y lie in the interval, 0 ≤ theta ≤ 1, and θ f(x) + (1 − θ) f(y) < f(θx + (1 − θ)y), by
    more than rounding. f(t) returns a number; it is not convex, but perhaps on no more than a
    hundredth of the interval. You may ask for 10 000 values.
    """
    t = np.linspace(low, high, 1001)
    values = np.array([f(point) for point in t])
    lack = values[1:-1] - (values[:-2] + values[2:]) / 2
    i = int(np.argmax(lack))
    return t[i], t[i + 2], 0.5


def _dents(rng: np.random.Generator) -> Iterator[Arguments]:
    a, b, c = rng.uniform(0.9, 1.1, 3)

    def wells(t):
        return (t**2 - a) ** 2

    def dented(t):
        return t**2 - 0.05 * np.exp(-(((t - 2.7 * b) / 0.08) ** 2))

    def heavy_tails(t):
        return np.log1p((c * t) ** 2)

    def root(t):
        return np.sqrt(np.abs(t - 0.1 * a))

    def squared_error_of_a_sigmoid(t):
        return (1 / (1 + np.exp(-b * t)) - 1) ** 2

    def counted_errors(t):
        return np.where(np.asarray(t) < 0.37 * c, 1.0, 0.0)

    def capped(t):
        return np.minimum(0.3 * np.abs(t - 0.1 * a) + 0.7 * t, 2.4 * b)

    def logarithm(t):
        return np.log(a * t)

    cases = [
        (wells, -2.0, 2.0),
        (dented, -3.0, 3.0),
        (heavy_tails, -4.0, 4.0),
        (root, -1.0, 1.5),
        (squared_error_of_a_sigmoid, -6.0, 6.0),
        (counted_errors, -2.0, 1.0),
        (capped, -3.0, 3.0),
        (logarithm, 0.1, 5.0),
    ]
    for f, low, high in cases:
        yield dict(f=Oracle(f, 10_000, "f", "a grid of 1001 points will do"), low=low, high=high)


def _rounding(*values: float) -> float:
    """What the evaluation of a chord gap may be off by."""
    return 1e-13 * (1e-3 + float(np.sum(np.abs(values))))


def _weigh(value, f: Oracle) -> tuple[float, float]:
    """The chord's height and f's, at the point of a witness."""
    x, y, theta = value
    return (
        float(theta * f.function(x) + (1 - theta) * f.function(y)),
        float(f.function(theta * x + (1 - theta) * y)),
    )


def _is_witness(value, f: Oracle, low: float, high: float) -> bool | str:
    x, y, theta = value
    slack = 1e-9 * (high - low)
    if not (low - slack <= min(x, y) and max(x, y) <= high + slack):
        return f"x and y must lie in the interval from {low:g} to {high:g}; yours are {x:.6g} and {y:.6g}"
    if not 0 <= theta <= 1:
        return f"theta is a weight between 0 and 1; yours is {theta:.6g}"
    chord, graph = _weigh(value, f)
    if graph - chord > _rounding(chord, graph):
        return True
    if graph >= chord:
        return (
            f"at your point the chord, at {chord:.6g}, and f agree up to rounding: a difference of "
            f"{graph - chord:.1e} proves nothing"
        )
    return (
        f"with your x = {x:.6g}, y = {y:.6g}, theta = {theta:.6g} the chord has the height "
        f"{chord:.6g} and f lies below it, at {graph:.6g}: that is what a convex function does"
    )


def _kind_of_witness(value, f: Oracle, low: float, high: float) -> tuple[float, ...]:
    """What is wrong with it, whatever grid it comes from."""
    x, y, theta = value
    inside = low - 1e-6 <= min(x, y) and max(x, y) <= high + 1e-6
    if not inside or not 0 <= theta <= 1:
        return (0.0, float(inside), float(0 <= theta <= 1), float(abs(x - y) < 1e-9))
    chord, graph = _weigh(value, f)
    ends = {low, high} == {float(x), float(y)}
    clear = abs(graph - chord) > _rounding(chord, graph)
    return (1.0, float(ends), float(clear), float(clear and graph > chord))


def only_the_ends(f, low, high):
    """You tried one chord, from end to end at its middle: f may bend the wrong way anywhere. Search
    the interval."""
    return low, high, 0.5


def lies_below_the_chord(f, low, high):
    """You looked for the place where f lies below its chord most: that is what convex functions do.
    A witness has f above the chord."""
    t = np.linspace(low, high, 1001)
    values = np.array([f(point) for point in t])
    i = int(np.argmin(values[1:-1] - (values[:-2] + values[2:]) / 2))
    return t[i], t[i + 2], 0.5


def middle_for_a_weight(f, low, high):
    """You returned the point between x and y as the third number: the third is the weight θ of x."""
    x, y, _ = convexity_witness(f, low, high)
    return x, y, (x + y) / 2


def beyond_the_interval(f, low, high):
    """Your points leave the interval: nothing is asked, and nothing known, about f out there."""
    width = high - low
    return low - width, high + width, 0.5


def too_coarse(f, low, high):
    """Your grid is too coarse: f may bend the wrong way on a hundredth of the interval only. Use
    1000 points or so."""
    t = np.linspace(low, high, 5)
    values = np.array([f(point) for point in t])
    i = int(np.argmax(values[1:-1] - (values[:-2] + values[2:]) / 2))
    return t[i], t[i + 2], 0.5


def deceived_by_rounding(f, low, high):
    """You took the first three neighbours with f above the chord, by however little: where f is
    straight, rounding alone does that. Take the triple where f is above by most."""
    t = np.linspace(low, high, 1001)
    values = np.array([f(point) for point in t])
    lack = values[1:-1] - (values[:-2] + values[2:]) / 2
    i = int(np.flatnonzero(lack > 0)[0])
    return t[i], t[i + 2], 0.5


def looked_for_two_valleys(f, low, high):
    """You looked for two valleys with a hill between them: a function that only falls, or has one
    valley, can fail to be convex as well. Compare f with its chords."""
    t = np.linspace(low, high, 1001)
    values = np.array([f(point) for point in t])
    inner = values[1:-1]
    valleys = 1 + np.flatnonzero((inner < values[:-2]) & (inner < values[2:]))
    if len(valleys) < 2:
        return low, high, 0.5
    x, y = t[valleys[0]], t[valleys[-1]]
    top = t[valleys[0] + int(np.argmax(values[valleys[0] : valleys[-1]]))]
    return x, y, (y - top) / (y - x)


def _witness_by_slopes(f, low, high):
    width, best = (high - low) / 800, (-np.inf, 0.0)
    for k in range(799):
        t = low + k * width
        fall = (f(t + width) - f(t)) - (f(t + 2 * width) - f(t + width))
        best = max(best, (fall, t))
    return best[1], best[1] + 2 * width, 1 / 2


def _witness_from_the_hull(f, low, high):
    t = np.linspace(low, high, 1501)
    values = np.array([f(point) for point in t])
    hull: list[int] = []
    for i in range(len(t)):
        while len(hull) > 1 and (values[hull[-1]] - values[hull[-2]]) * (t[i] - t[hull[-2]]) >= (
            values[i] - values[hull[-2]]
        ) * (t[hull[-1]] - t[hull[-2]]):
            hull.pop()
        hull.append(i)
    above = values - np.interp(t, t[hull], values[hull])
    m = int(np.argmax(above))
    right = next(i for i in hull if i > m)
    left = max(i for i in hull if i < m)
    return t[left], t[right], (t[right] - t[m]) / (t[right] - t[left])


# --- huber_value_and_grad ----------------------------------------------------------------------


def huber_value_and_grad(w, X, y, delta):
    """Huber's loss f(w) = Σᵢ h(xᵢᵀw − yᵢ) and its gradient at w, as a pair (value, gradient).

    h(r) = ½r² where |r| ≤ delta, and delta |r| − ½ delta² beyond. X has shape (n, p), y shape
    (n,), w shape (p,), delta > 0. Return a number and an array of shape (p,).
    """
    r = X @ w - y
    small = np.abs(r) <= delta
    value = np.sum(np.where(small, r**2 / 2, delta * np.abs(r) - delta**2 / 2))
    return value, X.T @ np.clip(r, -delta, delta)


def _outliers(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, delta in [(4, 2, 0.5), (3, 3, 2.0), (3, 5, 1.5), (1, 1, 0.5), (30, 4, 1.3)]:
        X = np.round(2 * rng.standard_normal((n, p)), 1)
        w = np.round(rng.standard_normal(p), 1)
        r = np.round(rng.uniform(0.2, 0.8, n) * delta * rng.choice([-1, 1], n), 2)
        far = rng.permutation(n)[: (n + 1) // 2]
        r[far] = r[far] + np.sign(r[far]) * rng.uniform(2, 5, len(far)).round(1)
        r[far[0]] = -abs(r[far[0]])  # a large negative residual in each instance
        yield dict(w=w, X=X, y=X @ w - r, delta=delta)
    X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])  # exactly on the seam, at 0, and beyond it
    yield dict(w=np.array([1.0, 1.0]), X=X, y=np.array([1.0, 1.0, 6.0]), delta=2.0)


def _is_huber(value, w, X, y, delta) -> bool | str:
    """Bounds from both sides: max over |sᵢ| ≤ δ of sᵀr − ½‖s‖² is f, and so is min ½‖r − t‖² + δ‖t‖₁."""
    height, gradient = value
    r = X @ w - y
    s, t = np.clip(r, -delta, delta), r - np.clip(r, -delta, delta)
    lower, upper = s @ r - s @ s / 2, np.sum((r - t) ** 2) / 2 + delta * np.abs(t).sum()
    slack = 1e-6 * (1 + abs(upper))
    if not lower - slack <= height <= upper + slack:
        pieces = f"{int(np.sum(np.abs(r) <= delta))} of the residuals are within delta = {delta:g}"
        return f"{pieces} and {int(np.sum(np.abs(r) > delta))} beyond: the loss is {upper:.6g}; yours is {height:.6g}"
    slopes = X.T @ s  # the s that attains the maximum is the gradient with respect to r
    error = np.abs(gradient - slopes)
    if np.all(error <= 1e-6 * (1 + np.abs(slopes).max())):
        return True
    i = int(error.argmax())
    return (
        f"the value is right; the slope of f along weight {i} is {slopes[i]:.6g}, and entry {i} of "
        f"your gradient is {gradient[i]:.6g}"
    )


def _huber_with(pieces, slopes):
    """A Huber loss with its formulas exchanged: pieces(r, δ) and slopes(r, δ)."""

    def answer(w, X, y, delta):
        r = X @ w - y
        return np.sum(pieces(r, delta)), X.T @ slopes(r, delta)

    return answer


def _h(r, delta):
    return np.where(np.abs(r) <= delta, r**2 / 2, delta * np.abs(r) - delta**2 / 2)


def _slope(r, delta):
    return np.clip(r, -delta, delta)


def no_offset(w, X, y, delta):
    """You left out − ½δ²: without it the loss jumps where |r| passes δ. The two pieces must meet."""
    return _huber_with(lambda r, d: np.where(np.abs(r) <= d, r**2 / 2, d * np.abs(r)), _slope)(
        w, X, y, delta
    )


def offset_not_squared(w, X, y, delta):
    """Your straight piece is δ|r| − ½δ: to meet ½r² at |r| = δ the offset must be ½δ²."""
    return _huber_with(
        lambda r, d: np.where(np.abs(r) <= d, r**2 / 2, d * np.abs(r) - d / 2), _slope
    )(w, X, y, delta)


def whole_square(w, X, y, delta):
    """You used r² for small residuals: it is ½r², whose slope at δ is δ."""
    return _huber_with(
        lambda r, d: np.where(np.abs(r) <= d, r**2, d * np.abs(r) - d**2 / 2), _slope
    )(w, X, y, delta)


def slope_one_beyond(w, X, y, delta):
    """Your slope beyond δ is ±1: the straight piece is δ|r|, so it is ±δ."""
    return _huber_with(_h, lambda r, d: np.where(np.abs(r) <= d, r, np.sign(r)))(w, X, y, delta)


def forgot_the_sign(w, X, y, delta):
    """Your slope beyond δ is δ on both sides: on the left, where r < −δ, the loss falls, so it is −δ."""
    return _huber_with(_h, lambda r, d: np.where(np.abs(r) <= d, r, d))(w, X, y, delta)


def compared_without_abs(w, X, y, delta):
    """You compared r with δ, not |r|: residuals far below −δ are outliers too."""
    return _huber_with(
        lambda r, d: np.where(r <= d, r**2 / 2, d * np.abs(r) - d**2 / 2),
        lambda r, d: np.where(r <= d, r, d * np.sign(r)),
    )(w, X, y, delta)


def negative_gradient(w, X, y, delta):
    """You returned −∇f: with the residual written y − Xw, its derivative with respect to w is −X."""
    return _huber_with(_h, lambda r, d: -_slope(r, d))(w, X, y, delta)


def gradient_of_the_square(w, X, y, delta):
    """Your gradient is that of the squared loss: beyond δ an outlier pulls with the force δ and no
    more."""
    return _huber_with(_h, lambda r, d: r)(w, X, y, delta)


def averaged_loss(w, X, y, delta):
    """You divided by n: here the losses of the rows are summed."""
    value, gradient = huber_value_and_grad(w, X, y, delta)
    return value / len(y), gradient / len(y)


def gradient_before_value(w, X, y, delta):
    """You returned the gradient first: the pair is (value, gradient)."""
    value, gradient = huber_value_and_grad(w, X, y, delta)
    return gradient, value


def slopes_of_the_residuals(w, X, y, delta):
    """You returned the slope for each residual: the chain rule asks for Xᵀ in front, one entry for
    each weight."""
    return huber_value_and_grad(w, X, y, delta)[0], _slope(X @ w - y, delta)


def _huber_row_by_row(w, X, y, delta):
    value, gradient = 0.0, np.zeros(len(w))
    for x_i, y_i in zip(X, y, strict=True):
        r = float(x_i @ w - y_i)
        if abs(r) <= delta:
            value, gradient = value + 0.5 * r * r, gradient + r * x_i
        else:
            value = value + delta * (abs(r) - 0.5 * delta)
            gradient = gradient + delta * np.sign(r) * x_i
    return value, gradient


def _huber_by_clipping(w, X, y, delta):
    r = y - X @ w
    s = np.clip(r, -delta, delta)
    return [s @ r - s @ s / 2, -(s @ X)]


def _huber_by_shrinking(w, X, y, delta):
    r = X @ w - y
    t = np.sign(r) * np.maximum(np.abs(r) - delta, 0)
    return np.sum((r - t) ** 2) / 2 + delta * np.sum(np.abs(t)), (r - t) @ X


# --- subgradient_abs_sum -----------------------------------------------------------------------


def subgradient_abs_sum(w, X, y):
    """A subgradient at w of f(w) = Σᵢ |xᵢᵀw − yᵢ|:
    any g with f(v) ≥ f(w) + gᵀ(v − w) for all v.

    X has shape (n, p), y shape (n,), w shape (p,). Where residuals are exactly 0 many answers
    are right; any of them will do. Return an array of shape (p,).
    """
    return X.T @ np.sign(X @ w - y)


def _absolute_fits(rng: np.random.Generator) -> Iterator[Arguments]:
    # small whole numbers: a residual that is 0 is exactly 0, however it is computed
    for n, p, ties in [(3, 2, 0), (4, 3, 2), (2, 4, 1), (1, 1, 1), (12, 3, 3), (3, 2, 3)]:
        X = rng.integers(-3, 4, (n, p)).astype(float)
        X[np.all(X == 0, axis=1), 0] = 2.0
        w = rng.integers(-2, 3, p).astype(float)
        r = rng.integers(2, 9, n) * rng.choice([-1.0, 1.0], n)
        r[rng.permutation(n)[:ties]] = 0.0
        if ties < n:
            r[np.flatnonzero(r)[0]] *= -np.sign(r.sum() or 1)
        yield dict(w=w, X=X, y=X @ w - r)
    X = np.array([[1.0, 2.0], [2.0, -1.0], [0.0, 3.0]])  # a small residual is not 0
    yield dict(w=np.array([1.0, -1.0]), X=X, y=X @ [1.0, -1.0] - [4.0, -(2.0**-10), 3.0])


def _is_subgradient(g: np.ndarray, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> bool | str:
    """g = Xᵀs with sᵢ = sign(rᵢ), and any sᵢ in [−1, 1] where rᵢ = 0; else the rest is a witness.

    The nearest g of that form leaves a rest d, and f falls below the plane of g in the direction d.
    """
    r = X @ w - y
    rest, tie = g - X.T @ np.sign(r), r == 0
    if tie.any():
        nearest = lsq_linear(X[tie].T, rest, (-1, 1), tol=1e-14, method="bvls").x
        rest = rest - X[tie].T @ nearest
    if np.linalg.norm(rest) <= 1e-6 * (1 + np.abs(X).sum()):
        return True
    return _below_the_plane(g, w, X, y, rest / np.linalg.norm(rest))


def _below_the_plane(g, w, X, y, d) -> str:
    def f(v):
        return float(np.abs(X @ v - y).sum())

    steps = [step for step in 2.0 ** -np.arange(60) if f(w + step * d) < f(w) + step * g @ d]
    step = max(steps, key=lambda t: f(w) + t * g @ d - f(w + t * d), default=1.0)
    v = w + step * d
    where = np.array2string(v, precision=4, separator=", ") if len(v) < 5 else "some v"
    return (
        f"a subgradient never promises too much, but at v = {where} yours promises "
        f"f(v) ≥ {f(w) + g @ (v - w):.6g}, and f(v) is {f(v):.6g}"
    )


def forgot_the_signs(w, X, y):
    """You used the residuals themselves: that is the gradient of the squares. The slope of |r| is the
    sign of r, however large r is."""
    return X.T @ (X @ w - y)


def forgot_the_columns(w, X, y):
    """You returned the signs of the residuals, one for each row: Xᵀ in front makes it one entry for
    each weight."""
    return np.sign(X @ w - y)


def residual_turned_round(w, X, y):
    """You returned minus a subgradient: with the residual written y − Xw, the inner derivative is
    −X."""
    return X.T @ np.sign(y - X @ w)


def signs_of_the_weights(w, X, y):
    """You took the signs of the weights: that is a subgradient of ‖w‖₁. Here the absolute values
    are those of the residuals."""
    return np.sign(w)


def signs_after_summing(w, X, y):
    """You took the sign of the sum: each residual has a sign of its own, and Xᵀ adds them up."""
    return np.sign(X.T @ (X @ w - y))


def averaged_signs(w, X, y):
    """You divided by n: f is a sum of the absolute values, not their mean."""
    return X.T @ np.sign(X @ w - y) / len(y)


def divided_by_zero(w, X, y):
    """You divided each residual by its absolute value: where it is 0 that is 0/0. Any number
    between −1 and 1 is right there; `np.sign` takes 0."""
    r = X @ w - y
    return X.T @ (r / np.abs(r))


def ends_of_the_interval_doubled(w, X, y):
    """Where a residual is 0 you took the jump of the slope, 2, not a slope: anything from −1 to 1
    is right there."""
    r = X @ w - y
    return X.T @ np.where(r == 0, 2.0, np.sign(r))


def zero_at_any_kink(w, X, y):
    """You returned 0 as soon as one residual is 0: the other rows keep their slopes. Only the row at
    its kink is free to choose, between −1 and 1."""
    r = X @ w - y
    return X.T @ np.sign(r) if np.all(r != 0) else np.zeros(len(w))


def _subgradient_from_the_right(w, X, y):
    return X.T @ np.where(X @ w >= y, 1.0, -1.0)


def _subgradient_row_by_row(w, X, y):
    g = np.zeros(len(w))
    for x_i, y_i in zip(X, y, strict=True):
        r = x_i @ w - y_i
        if r != 0:
            g = g + (x_i if r > 0 else -x_i)
    return g


def _subgradient_in_between(w, X, y):
    r = X @ w - y
    return np.where(r == 0, -0.3, np.sign(r)) @ X


# --- conjugate_quadratic -----------------------------------------------------------------------


def conjugate_quadratic(P, q, s):
    """f*(s) = sup over x of sᵀx − f(x), for the quadratic f(x) = ½ xᵀPx + qᵀx.

    P is symmetric and positive semidefinite, of shape (n, n), perhaps singular; q and s have
    shape (n,). Return a number, or np.inf where there is no upper bound. (Whether an equation
    has a solution may be decided up to 1e-8.)
    """
    x = np.linalg.pinv(P, rcond=1e-10, hermitian=True) @ (s - q)
    if np.linalg.norm(P @ x - (s - q)) > 1e-8 * (1 + np.linalg.norm(s - q)):
        return np.inf
    return (s - q) @ x / 2


def _quadratics(rng: np.random.Generator) -> Iterator[Arguments]:
    for n in (1, 2, 3, 5):
        M = np.round(rng.standard_normal((n + 1, n)), 1)
        P = np.round(M.T @ M + 0.5 * np.eye(n), 2)
        yield dict(P=P, q=np.round(rng.uniform(0.5, 2, n), 1), s=np.round(rng.normal(0, 2, n), 1))
    yield dict(P=2.0 * np.eye(2), q=np.zeros(2), s=np.array([1.0, -3.0]))
    # singular: 0 is exactly an eigenvalue, and s − q has no part in its direction, or a large one
    flat, ridge = np.diag([2.0, 0.0, 1.0]), np.array([[1.0, -1.0], [-1.0, 1.0]])
    q = np.round(rng.uniform(0.5, 2, 3), 1)
    yield dict(P=flat, q=q, s=q + np.array([1.0, 0.0, -2.0]))
    yield dict(P=flat, q=q, s=q + np.array([1.0, -0.5, -2.0]))
    a = float(rng.integers(1, 4))
    yield dict(P=2 * ridge, q=np.array([1.0, 2.0]), s=np.array([1.0 + a, 2.0 - a]))
    yield dict(P=2 * ridge, q=np.array([1.0, 2.0]), s=np.array([1.0 + a, 2.0 + a]))
    yield dict(P=np.zeros((2, 2)), q=np.array([1.0, -a]), s=np.array([1.0, -a]))


def _is_conjugate(value: float, P: np.ndarray, q: np.ndarray, s: np.ndarray) -> bool | str:
    """The least upper bound: no x gives more (Px + q = s makes x a maximiser), and that x gives it."""
    eigenvalues, V = np.linalg.eigh(P)
    curved = eigenvalues > 1e-9 * (1 + eigenvalues[-1])
    parts = V.T @ (s - q)
    if np.any(np.abs(parts[~curved]) > 1e-6):
        d = V[:, ~curved] @ parts[~curved]
        if value == np.inf:
            return True
        return (
            f"the answer is infinity: with d = {np.array2string(d, precision=4, separator=', ')} we "
            f"have Pd = 0, and at x = td, sᵀx − f(x) = {d @ (s - q):.4g} t grows for ever"
        )
    x = V[:, curved] @ (parts[curved] / eigenvalues[curved])
    best = float(s @ x - x @ P @ x / 2 - q @ x)
    if abs(value - best) <= 1e-6 * (1 + abs(best)):
        return True
    where = np.array2string(x, precision=4, separator=", ")
    if value < best:
        return f"at x = {where}, sᵀx − f(x) is {best:.6g}, more than your supremum {value:.6g}"
    return (
        f"at x = {where} the slope of sᵀx − f(x) is 0, so its largest value is {best:.6g}; your "
        f"{value:.6g} is an upper bound, but not the least"
    )


def added_q(P, q, s):
    """You used s + q: sᵀx − qᵀx is (s − q)ᵀx."""
    return conjugate_quadratic(P, -q, s)


def forgot_q(P, q, s):
    """You left q out: sᵀx − f(x) has the linear part (s − q)ᵀx."""
    return conjugate_quadratic(P, 0 * q, s)


def forgot_the_half(P, q, s):
    """You have a factor of 2 too much: at the maximiser, ½ xᵀPx takes half of (s − q)ᵀx away."""
    return 2 * conjugate_quadratic(P, q, s)


def not_inverted(P, q, s):
    """You used P itself where its inverse is needed: a steep bowl has a flat conjugate."""
    return (s - q) @ P @ (s - q) / 2


def negative_conjugate(P, q, s):
    """You computed the least value of f(x) − sᵀx: the conjugate is minus that, the largest value of
    sᵀx − f(x)."""
    return -conjugate_quadratic(P, q, s)


def inverted(P, q, s):
    """P may be singular, and then it has no inverse: solve Px = s − q where that is possible, and
    where it is not, the supremum is infinite."""
    return (s - q) @ np.linalg.inv(P) @ (s - q) / 2


def never_infinite(P, q, s):
    """You used the pseudo-inverse throughout: where s − q is not in the range of P, sᵀx − f(x) grows
    for ever in some direction, and the supremum is infinite."""
    return (s - q) @ np.linalg.pinv(P, rcond=1e-10, hermitian=True) @ (s - q) / 2


def infinite_when_singular(P, q, s):
    """You returned infinity for every singular P: where s − q is in the range of P the supremum is
    finite. Along the flat directions nothing is lost and nothing gained."""
    if np.linalg.matrix_rank(P) < len(P):
        return np.inf
    return conjugate_quadratic(P, q, s)


def value_of_f(P, q, s):
    """You returned f(s): the conjugate asks for the largest value of sᵀx − f(x) over x."""
    return s @ P @ s / 2 + q @ s


def returned_the_maximiser(P, q, s):
    """You returned the x that attains the supremum: the supremum itself, a number, is asked for."""
    return np.linalg.pinv(P, rcond=1e-10, hermitian=True) @ (s - q)


def _conjugate_by_least_squares(P, q, s):
    x, *_ = np.linalg.lstsq(P, s - q, rcond=None)
    if not np.allclose(P @ x, s - q, atol=1e-8):
        return np.inf
    return s @ x - (x @ P @ x / 2 + q @ x)


def _conjugate_by_eigenvectors(P, q, s):
    values, V = np.linalg.eigh(P)
    parts, total = V.T @ (s - q), 0.0
    for value, part in zip(values, parts, strict=True):
        if value > 1e-9:
            total = total + part**2 / (2 * value)
        elif abs(part) > 1e-8:
            return np.inf
    return total


EXERCISES = (
    Exercise(
        chord_gap,
        _chords,
        _is_chord_gap,
        title="The gap under a chord",
        difficulty=1,
        minutes=5,
        hints=(
            "Three values of f are needed: at x, at y, and at the point between them.",
            "The chord has at weight θ the height θ f(x) + (1 − θ) f(y). What is the point below it?",
            "The point is θx + (1 − θ)y; the gap is the chord's height minus f there, with its sign.",
        ),
        mistakes=(
            turned_round,
            swapped_weights,
            mixed_two_weights,
            always_the_middle,
            clipped_at_zero,
            absolute_gap,
            weighted_only_one,
            returned_the_chord,
            said_yes_or_no,
        ),
        alternatives=(_gap_along_the_segment, _gap_with_weights),
    ),
    Exercise(
        convexity_witness,
        _dents,
        _is_witness,
        title="Refute convexity",
        difficulty=3,
        minutes=12,
        points=2,
        fingerprint=_kind_of_witness,
        hints=(
            "Evaluate f on a fine grid. Which triples of grid points have to be compared?",
            "Neighbours are enough: three points t₋, t, t₊ at equal distances, with the weight ½.",
            "Compute f(t) − ½(f(t₋) + f(t₊)) for all of them and take the largest: is it positive?",
        ),
        mistakes=(
            only_the_ends,
            lies_below_the_chord,
            middle_for_a_weight,
            beyond_the_interval,
            too_coarse,
            deceived_by_rounding,
            looked_for_two_valleys,
        ),
        alternatives=(_witness_by_slopes, _witness_from_the_hull),
    ),
    Exercise(
        log_sum_exp,
        _scores,
        _is_log_sum_exp,
        title="Log-sum-exp without overflow",
        difficulty=1,
        minutes=8,
        hints=(
            "What happens to the value if you add the same number to every entry of z?",
            "So subtract something from every entry, and add it at the end. What makes every exp at most 1?",
            "With the largest entry subtracted, one exp is exactly 1: the logarithm never sees 0 or ∞.",
        ),
        mistakes=(
            overflowed,
            never_added_back,
            shifted_by_the_largest_size,
            shifted_by_the_smallest,
            shifted_by_the_mean,
            clipped_the_entries,
            took_the_maximum,
            took_the_mean,
            returned_the_softmax,
        ),
        alternatives=(_log_sum_exp_pairwise, _log_sum_exp_one_by_one, _log_sum_exp_sorted),
    ),
    Exercise(
        huber_value_and_grad,
        _outliers,
        _is_huber,
        title="Huber's loss and its gradient",
        difficulty=2,
        minutes=12,
        hints=(
            "Work on the residuals r = Xw − y first: one height and one slope for each of them.",
            "Inside the slope is r, outside ±δ with the sign of r: which numpy function does that?",
            "The slopes are np.clip(r, −δ, δ). The chain rule puts Xᵀ in front, as for least squares.",
        ),
        mistakes=(
            no_offset,
            offset_not_squared,
            whole_square,
            slope_one_beyond,
            forgot_the_sign,
            compared_without_abs,
            negative_gradient,
            gradient_of_the_square,
            averaged_loss,
            gradient_before_value,
            slopes_of_the_residuals,
        ),
        alternatives=(_huber_row_by_row, _huber_by_clipping, _huber_by_shrinking),
    ),
    Exercise(
        subgradient_abs_sum,
        _absolute_fits,
        _is_subgradient,
        title="A subgradient of the absolute errors",
        difficulty=2,
        minutes=10,
        hints=(
            "One row first: which slopes has |r| for r > 0, for r < 0, and which may you choose at 0?",
            "The rule for an affine inside: if s is a subgradient of |r| at r = xᵀw − y, then s·x is one at w.",
            "Subgradients of a sum: add one of each row. That is Xᵀ times a vector of signs.",
        ),
        mistakes=(
            forgot_the_signs,
            forgot_the_columns,
            residual_turned_round,
            signs_of_the_weights,
            signs_after_summing,
            averaged_signs,
            divided_by_zero,
            ends_of_the_interval_doubled,
            zero_at_any_kink,
        ),
        alternatives=(
            _subgradient_from_the_right,
            _subgradient_row_by_row,
            _subgradient_in_between,
        ),
    ),
    Exercise(
        conjugate_quadratic,
        _quadratics,
        _is_conjugate,
        title="The conjugate of a quadratic",
        difficulty=3,
        minutes=15,
        points=2,
        hints=(
            "sᵀx − f(x) is concave in x: where its slope is 0, it is largest. Which equation is that?",
            "If Px = s − q has a solution x, insert it: what is left of (s − q)ᵀx − ½xᵀPx?",
            "If it has none, some d has Pd = 0 and (s − q)ᵀd > 0: how large does sᵀx − f(x) get along d?",
        ),
        mistakes=(
            added_q,
            forgot_q,
            forgot_the_half,
            not_inverted,
            negative_conjugate,
            inverted,
            never_infinite,
            infinite_when_singular,
            value_of_f,
            returned_the_maximiser,
        ),
        alternatives=(_conjugate_by_least_squares, _conjugate_by_eigenvectors),
    ),
)
