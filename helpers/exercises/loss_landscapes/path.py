"""loss_along_path: the judge walks the same curve with its own arithmetic."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise, Oracle
from .common import network, tanh_pass


def loss_along_path(loss, first, bend, second, t):
    """The pair (losses, barrier) along the curve (1 − t)² first + 2t(1 − t) bend + t² second
    from one network to another.

    first, bend and second are networks, lists of pairs (W, b) of the same shapes; every entry
    follows the curve. t holds m numbers between 0 and 1, in any order, not always with 0 and 1.
    losses (m,) are the losses at the points of the curve. barrier is the most by which one of
    them exceeds the chord (1 − t) loss(first) + t loss(second); it is negative if all lie
    below. loss(network) is a number; you may ask 2m + 10 times.
    """
    t = np.asarray(t)
    losses = np.array(
        [
            loss(
                [
                    (
                        (1 - s) ** 2 * W + 2 * s * (1 - s) * U + s**2 * V,
                        (1 - s) ** 2 * b + 2 * s * (1 - s) * a + s**2 * c,
                    )
                    for (W, b), (U, a), (V, c) in zip(first, bend, second, strict=True)
                ]
            )
            for s in t
        ]
    )
    chord = (1 - t) * loss(first) + t * loss(second)
    return losses, np.max(losses - chord)


def _loss(X, Y, net):
    return float(np.sum((tanh_pass(net, X)[-1] - Y) ** 2) / (2 * len(Y)))


def _paths(rng: np.random.Generator) -> Iterator[Arguments]:
    inside = np.round(np.sort(rng.uniform(0.05, 0.9, 7)), 2)
    asked_for: list[tuple[tuple[int, ...], np.ndarray]] = [
        ((2, 3, 1), np.linspace(0, 1, 11)),
        ((3, 4, 3, 2), inside),
        ((2, 2, 2), rng.permutation(np.linspace(0, 0.8, 9))),
        ((1, 3, 1), np.array([0.3])),
        ((3, 2), np.array([0.25, 0.6])),  # no hidden layer: the loss is convex, and below its chord
    ]
    for sizes, t in asked_for:
        first, bend, second = (network(sizes, rng) for _ in range(3))
        second = [(2 * W, b + 1) for W, b in second]
        if len(sizes) == 2:  # a straight path
            bend = [
                ((W + V) / 2, (b + c) / 2) for (W, b), (V, c) in zip(first, second, strict=True)
            ]
        X = np.round(rng.standard_normal((10, sizes[0])), 2)
        noise = 0.1 * rng.standard_normal((10, sizes[-1]))
        Y = tanh_pass(first, X)[-1] + noise  # first is good, second bad

        def loss(net, X=X, Y=Y):
            return _loss(X, Y, net)

        asked = Oracle(loss, 2 * len(t) + 10, "the loss", "one for each t and two more do")
        yield {"loss": asked, "first": first, "bend": bend, "second": second, "t": t}


def _curve(first, bend, second, s, weights=None):
    p, q, r = weights(s) if weights else ((1 - s) ** 2, 2 * s * (1 - s), s**2)
    return [
        (p * W + q * U + r * V, p * b + q * a + r * c)
        for (W, b), (U, a), (V, c) in zip(first, bend, second, strict=True)
    ]


def _above_the_chord(loss, first, second, t, losses):
    t = np.asarray(t)
    return float(np.max(losses - (1 - t) * loss(first) - t * loss(second)))


def _certify(value, loss, first, bend, second, t):
    losses, barrier = value
    f = loss.function
    right = np.array([f(_curve(first, bend, second, s)) for s in t])
    off = np.abs(losses - right)
    worst = int(np.argmax(off))
    if not np.all(off <= 1e-4 * (1e-2 + right)):
        return f"at t = {t[worst]:.3g} the loss on the curve is {right[worst]:.6g}; yours is {losses[worst]:.6g}"
    wanted = _above_the_chord(f, first, second, t, right)
    if not abs(barrier - wanted) <= 1e-4 * (1e-2 + abs(wanted) + right.max()):
        return f"the most by which the losses exceed the chord is {wanted:.6g}; your barrier is {barrier:.6g}"
    return True


def _walked(loss, first, bend, second, t, weights):
    losses = np.array([loss(_curve(first, bend, second, s, weights)) for s in t])
    return losses, _above_the_chord(loss, first, second, t, losses)


def straight(loss, first, bend, second, t):
    """You went straight from the first to the second: the curve is drawn towards the bend."""
    return _walked(loss, first, bend, second, t, lambda s: (1 - s, 0, s))


def two_forgotten(loss, first, bend, second, t):
    """The weights of the three networks must add up to 1: (1 − t)² + 2t(1 − t) + t². You lost the 2."""
    return _walked(loss, first, bend, second, t, lambda s: ((1 - s) ** 2, s * (1 - s), s**2))


def from_the_other_end(loss, first, bend, second, t):
    """You walk from the second network to the first: at t = 0 the curve stands at the first."""
    return _walked(loss, first, bend, second, t, lambda s: (s**2, 2 * s * (1 - s), (1 - s) ** 2))


def a_corner_for_a_curve(loss, first, bend, second, t):
    """You went straight to the bend and straight on from there: the curve passes inside that corner, and does not touch the bend."""
    return _walked(
        loss,
        first,
        bend,
        second,
        t,
        lambda s: (1 - 2 * s, 2 * s, 0) if s < 0.5 else (0, 2 - 2 * s, 2 * s - 1),
    )


def biases_left_behind(loss, first, bend, second, t):
    """You moved the W along the curve, but the b stayed those of the first network: every entry follows."""
    nets = [
        [(W, b) for (W, _), (_, b) in zip(_curve(first, bend, second, s), first, strict=True)]
        for s in t
    ]
    losses = np.array([loss(net) for net in nets])
    return losses, _above_the_chord(loss, first, second, t, losses)


def losses_mixed(loss, first, bend, second, t):
    """You mixed the three losses: mix the networks, and take the loss of the mixture."""
    t = np.asarray(t)
    losses = (1 - t) ** 2 * loss(first) + 2 * t * (1 - t) * loss(bend) + t**2 * loss(second)
    return losses, _above_the_chord(loss, first, second, t, losses)


def above_the_higher_end(loss, first, bend, second, t):
    """You compared with the higher end: a barrier is what rises above the chord between the two ends, at the same t."""
    losses, _ = loss_along_path(loss, first, bend, second, t)
    return losses, losses.max() - max(loss(first), loss(second))


def above_the_first(loss, first, bend, second, t):
    """You compared with the first network alone: if the second is worse, part of the rise is no barrier. Take the chord at the same t."""
    losses, _ = loss_along_path(loss, first, bend, second, t)
    return losses, losses.max() - loss(first)


def above_nothing(loss, first, bend, second, t):
    """Your barrier is the largest loss itself: take the chord off first."""
    losses, _ = loss_along_path(loss, first, bend, second, t)
    return losses, losses.max()


def chord_between_the_outer_points(loss, first, bend, second, t):
    """Your chord joins the first and the last of the t given: it joins t = 0 and t = 1, which may not be among them."""
    losses, _ = loss_along_path(loss, first, bend, second, t)
    return losses, np.max(losses - (1 - t) * losses[0] - t * losses[-1])


def never_negative(loss, first, bend, second, t):
    """You cut the barrier off at 0: where every loss lies below the chord it is negative."""
    losses, barrier = loss_along_path(loss, first, bend, second, t)
    return losses, max(barrier, 0.0)


def _flattened(loss, first, bend, second, t):
    def flat(net):
        return np.concatenate([np.ravel(part) for pair in net for part in pair])

    def cut(v):
        found, at = [], 0
        for W, b in first:
            middle, end = at + W.size, at + W.size + b.size
            found.append([v[at:middle].reshape(W.shape).tolist(), v[middle:end].tolist()])
            at = end
        return found

    u, v, w = flat(first), flat(bend), flat(second)
    start, end = loss(first), loss(second)
    losses = [loss(cut((u + s * (v - u)) + s * ((v + s * (w - v)) - (u + s * (v - u))))) for s in t]
    return losses, max(
        value - start - s * (end - start) for value, s in zip(losses, t, strict=True)
    )


def _by_three_lines(loss, first, bend, second, t):
    def mix(a, b, s):
        return [
            ((1 - s) * W + s * V, (1 - s) * p + s * q) for (W, p), (V, q) in zip(a, b, strict=True)
        ]

    ends = np.array([loss(first), loss(second)])
    losses = np.array([loss(mix(mix(first, bend, s), mix(bend, second, s), s)) for s in t])
    return losses, np.max(losses - np.column_stack([1 - t, t]) @ ends)


EXERCISE = Exercise(
    loss_along_path,
    _paths,
    _certify,
    title="The barrier on a path",
    difficulty=2,
    minutes=10,
    hints=(
        "A point of the curve is a network: mix each W with the W at the same place of the other two, and each b with the b.",
        "Build a list of pairs for one t, give it to loss, and repeat for every t. The chord needs two losses more: of the first and of the second.",
        "losses − ((1 − t)·loss(first) + t·loss(second)) is an array; the barrier is its largest entry.",
    ),
    mistakes=(
        straight,
        two_forgotten,
        from_the_other_end,
        a_corner_for_a_curve,
        biases_left_behind,
        losses_mixed,
        above_the_higher_end,
        above_the_first,
        above_nothing,
        chord_between_the_outer_points,
        never_negative,
    ),
    alternatives=(_flattened, _by_three_lines),
)
