"""convexity_violation: two networks and a weight are the proof; the judge computes three losses."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise, Oracle
from .common import Params


def convexity_violation(params, loss):
    """A proof that `loss` is not convex: a triple (first, second, t),
    two networks and a weight, 0 < t < 1, with

        loss(t·first + (1 − t)·second) > t·loss(first) + (1 − t)·loss(second),

    by more than a hundredth. params = [(W, b), (V, c)] is a trained network with two or more
    hidden tanh units (W: p x units, V: units x 1); first and second are lists of the same form.
    loss(network) is a number; you may ask 2000 times.
    """
    (W, b), (V, c) = params
    here = loss(params)
    for i in range(len(b)):
        for j in range(i):
            order = np.arange(len(b))
            order[[i, j]] = order[[j, i]]
            other = [(W[:, order], b[order]), (V[order], c)]  # the same function
            middle = [((W + W[:, order]) / 2, (b + b[order]) / 2), ((V + V[order]) / 2, c)]
            if loss(middle) > here + 0.01:
                return params, other, 0.5


def _loss(X: np.ndarray, y: np.ndarray, network: Params) -> float:
    (W, b), (V, c) = network
    scores = np.tanh(X @ np.asarray(W) + np.asarray(b)) @ np.asarray(V) + np.asarray(c)
    return float(np.mean(np.logaddexp(0, -y * scores[:, 0])))


def _trained(rng: np.random.Generator) -> Iterator[Arguments]:
    """Networks that label their own data, their last layer scaled up as training does: small losses."""
    for p, units in [(2, 2), (1, 3), (3, 4), (2, 6)]:
        params = None
        while params is None:
            X = np.round(2 * rng.standard_normal((30, p)), 2)
            W, b = np.round(2 * rng.standard_normal((p, units)), 2), rng.standard_normal(units)
            V = np.round(rng.choice([-4.0, 4.0], (units, 1)) + rng.standard_normal((units, 1)), 2)
            c = np.array([0.7])
            net = [(W, np.round(b, 2)), (V, c)]
            y = np.where((np.tanh(X @ W + net[0][1]) @ V + c)[:, 0] > 0, 1.0, -1.0)
            easy = min(np.sum(y > 0), np.sum(y < 0)) >= 9 and _loss(X, y, net) < 0.15
            if easy and convexity_violation(net, lambda net, X=X, y=y: _loss(X, y, net)):
                params = net

        def loss(network, X=X, y=y):
            return _loss(X, y, network)

        yield {"params": params, "loss": Oracle(loss, 2000, "the loss", "one swap may do")}


def _between(first, second, t):
    return [
        (t * W + (1 - t) * V, t * b + (1 - t) * c)
        for (W, b), (V, c) in zip(first, second, strict=True)
    ]


def _losses(value, loss):
    first, second, t = value
    return [loss.function(net) for net in (first, second, _between(first, second, t))]


def _certify(value, params, loss):
    _first, _second, t = value
    if not 0 < t < 1:
        return f"the weight t must lie strictly between 0 and 1; yours is {t:.6g}"
    start, end, middle = _losses(value, loss)
    chord = t * start + (1 - t) * end
    if middle > chord + 0.01:
        return True
    above = "lies above the chord, but by less than a hundredth"
    compared = (
        above if middle > chord else "proves nothing: a convex function lies below its chords"
    )
    return (
        f"with loss(first) = {start:.4g} and loss(second) = {end:.4g} the chord is {chord:.4g} at t = {t:.3g}; "
        f"the loss there is {middle:.4g}, which {compared}"
    )


def _three_losses(value, params, loss):
    first, second, t = value
    pairs = [ab for p, q in zip(first, second, strict=True) for ab in zip(p, q, strict=True)]
    moved = max(float(np.abs(np.subtract(a, b)).max()) for a, b in pairs)
    return [t, moved > 0, *_losses(value, loss)]


def the_same_point_twice(params, loss):
    """Both networks are the same: the loss between them is the loss at them. Renumber the hidden units of one."""
    return params, params, 0.5


def an_end_of_the_segment(params, loss):
    """With t = 1 the point between is an end of the segment: there the chord touches every function."""
    first, second, _ = convexity_violation(params, loss)
    return first, second, 1.0


def far_too_near(params, loss):
    """Your two points are so near to each other that the bend between them is below a hundredth: go further."""
    (W, b), (V, c) = params
    return params, [(W + 1e-4, b), (V, c)], 0.5


def last_layer_only(params, loss):
    """You moved V and c only: with the hidden units fixed this is logistic regression, which is convex in them."""
    (W, b), (V, c) = params
    return params, [(W, b), (V[::-1] - 1, c + 1)], 0.5


def renumbered_before_and_not_behind(params, loss):
    """You renumbered the columns of W and b, but not the rows of V: each hidden unit needs to keep its own outgoing weight, or the second network is another function."""
    (W, b), (V, c) = params
    return params, [(W[:, ::-1], b[::-1]), (V, c)], 0.5


def middle_for_second(params, loss):
    """You returned the bad point as an end of the segment: it is the point between, and the two good networks are the ends."""
    first, second, t = convexity_violation(params, loss)
    return first, _between(first, second, t), 0.5


def ends_at_the_worst(params, loss):
    """Your second network is so bad that the chord lies high above everything between: look for two ends with low losses."""
    (W, b), (V, c) = params
    return params, [(W, b), (-3 * V, c)], 0.5


def renumbered_behind_and_not_before(params, loss):
    """You renumbered the rows of V only: that changes the last layer alone, in which the loss is convex."""
    (W, b), (V, c) = params
    return params, [(W, b), (V[::-1], c)], 0.5


def _signs_turned(params, loss):
    """tanh is odd: turning the signs of a unit's weights before and behind changes nothing."""
    (W, b), (V, c) = params
    return params, [(-W, -b), (-V, c)], 0.5


def _one_unit_turned_and_given_as_lists(params, loss):
    (W, b), (V, c) = params
    best = -np.inf, params
    for i in range(len(b)):
        s = np.where(np.arange(len(b)) == i, -1.0, 1.0)
        other = [(W * s, b * s), (V * s[:, None], c)]
        value = loss([((W + W * s) / 2, (b + b * s) / 2), ((V + V * s[:, None]) / 2, c)])
        if value > best[0]:
            best = value, other
    return [[W.tolist(), b.tolist()], [V.tolist(), c.tolist()]], best[1], 0.5


def _every_order(params, loss):
    from itertools import permutations

    (W, b), (V, c) = params
    found, worst = None, -1.0
    for order in list(permutations(range(len(b))))[1:]:
        o = list(order)
        other = [(W[:, o], b[o]), (V[o], c)]
        value = loss(_between(params, other, 0.5))
        if value > worst:
            found, worst = other, value
    return params, found, 0.5


EXERCISE = Exercise(
    convexity_violation,
    _trained,
    _certify,
    title="Proof that it is not convex",
    difficulty=3,
    minutes=15,
    hints=(
        "You need two networks that are both good, and a bad one between them. One good network you have.",
        "Which change of the parameters leaves the function as it is? The hidden units have no order: exchange two of them.",
        "Unit j owns column j of W, entry j of b and row j of V. Exchange all three for units i and j, look at the midpoint, and try pairs until its loss is larger by a hundredth.",
    ),
    mistakes=(
        the_same_point_twice,
        an_end_of_the_segment,
        far_too_near,
        last_layer_only,
        renumbered_before_and_not_behind,
        middle_for_second,
        ends_at_the_worst,
        renumbered_behind_and_not_before,
    ),
    alternatives=(_signs_turned, _one_unit_turned_and_given_as_lists, _every_order),
    fingerprint=_three_losses,
)
