"""clip_gradient: the projection onto a ball, and proved to be it by the inequality that marks a projection."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..exercise import Arguments, Exercise

Gradients = list[tuple[np.ndarray, np.ndarray]]


def clip_gradient(gradients, max_norm):
    """The gradients, scaled down where they are too long, as a list of the same pairs (dW, db).

    All entries of all pairs together are one vector g. If ‖g‖ ≤ max_norm it stays as it is;
    else every entry is multiplied by the one number that makes ‖g‖ = max_norm. max_norm is
    positive. The arrays that came in are not changed.
    """
    norm = np.sqrt(sum(np.sum(dW**2) + np.sum(db**2) for dW, db in gradients))
    scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [(scale * dW, scale * db) for dW, db in gradients]


def _gradients(rng: np.random.Generator) -> Iterator[Arguments]:
    for sizes, length, bound in [
        ((3, 4, 2), 10.0, 1.0),  # too long
        ((3, 4, 2), 0.5, 1.0),  # short enough: it stays
        ((2, 3, 3, 2), 3.0, 5.0),  # short enough, and longer than 1
        ((2, 5, 3), 0.03, 0.01),  # short numbers, too long all the same
        ((4, 2), 200.0, 7.0),
        ((2, 3, 2), 0.0, 1.0),  # nothing
    ]:
        found = [
            (rng.standard_normal((m, k)) * 3.0**-i, rng.standard_normal(k) * 3.0**-i)
            for i, (m, k) in enumerate(pairwise(sizes))
        ]
        norm = np.linalg.norm(_flat(found))
        yield {
            "gradients": [(length / norm * dW, length / norm * db) for dW, db in found],
            "max_norm": bound,
        }


def _flat(gradients: Gradients) -> np.ndarray:
    return np.concatenate([np.ravel(part) for pair in gradients for part in pair])


def _certify(value, gradients, max_norm):
    g, h = _flat(gradients), _flat(value)
    norm, length = np.linalg.norm(g), np.linalg.norm(h)
    if not length <= max_norm * (1 + 1e-4):
        return f"all entries together should have a norm of at most {max_norm:g}; yours have {length:.5g}"
    # h is the nearest point of the ball iff (g − h)ᵀ(z − h) ≤ 0 for its every z, the worst of which is along g − h
    if not max_norm * np.linalg.norm(g - h) - (g - h) @ h <= 1e-4 * max_norm * norm:
        if norm <= max_norm:
            return f"the norm of all entries together is {norm:.4g}, within {max_norm:g}: nothing should change"
        j = int(np.argmax(np.abs(h - max_norm / norm * g)))
        return (
            f"every entry should be multiplied by {max_norm / norm:.5g}, since the norm of all is {norm:.4g}; "
            f"the entry {g[j]:.5g} became {h[j]:.5g}"
        )
    return True


def _scaled(gradients, scale):
    return [(scale * dW, scale * db) for dW, db in gradients]


def entry_by_entry(gradients, max_norm):
    """You clip each entry for itself: that changes the direction. Multiply all entries by one and the same number."""
    return [
        (np.clip(dW, -max_norm, max_norm), np.clip(db, -max_norm, max_norm)) for dW, db in gradients
    ]


def layer_by_layer(gradients, max_norm):
    """You clip each layer for itself: a long first layer is shortened and the others are not, so the direction changes. One norm for all."""
    return [
        _scaled([pair], min(1.0, max_norm / max(np.linalg.norm(_flat([pair])), 1e-300)))[0]
        for pair in gradients
    ]


def array_by_array(gradients, max_norm):
    """You clip every W and every b for itself: take one norm over all of them."""

    def cut(part):
        return part * min(1.0, max_norm / max(np.linalg.norm(part), 1e-300))

    return [(cut(dW), cut(db)) for dW, db in gradients]


def always_to_the_bound(gradients, max_norm):
    """You stretch short gradients as well: near a minimum the steps would never become short. Leave alone what is within the bound."""
    return _scaled(gradients, max_norm / max(np.linalg.norm(_flat(gradients)), 1e-300))


def to_length_one(gradients, max_norm):
    """A gradient that is too long comes out with length 1: its length should be max_norm."""
    norm = np.linalg.norm(_flat(gradients))
    return _scaled(gradients, 1 / norm if norm > max_norm else 1.0)


def times_the_bound(gradients, max_norm):
    """You multiply by max_norm without dividing by the norm."""
    norm = np.linalg.norm(_flat(gradients))
    return _scaled(gradients, max_norm if norm > max_norm else 1.0)


def square_for_norm(gradients, max_norm):
    """You compare max_norm with ‖g‖², and divide by it: the root is missing."""
    square = float(np.sum(_flat(gradients) ** 2))
    return _scaled(gradients, min(1.0, max_norm / max(square, 1e-300)))


def sum_of_norms(gradients, max_norm):
    """You added up the norms of the parts: add their squares, and take the root of the sum."""
    total = sum(np.linalg.norm(dW) + np.linalg.norm(db) for dW, db in gradients)
    return _scaled(gradients, min(1.0, max_norm / max(total, 1e-300)))


def weights_alone(gradients, max_norm):
    """Your norm is that of the dW alone: the db belong to the same vector."""
    norm = np.sqrt(sum(np.sum(dW**2) for dW, _ in gradients))
    return _scaled(gradients, min(1.0, max_norm / max(norm, 1e-300)))


def biases_not_scaled(gradients, max_norm):
    """You scale the dW and leave the db as they are."""
    norm = np.linalg.norm(_flat(gradients))
    scale = min(1.0, max_norm / max(norm, 1e-300))
    return [(scale * dW, db) for dW, db in gradients]


def largest_norm(gradients, max_norm):
    """You took the largest entry for the norm: then all together can still be far longer than max_norm."""
    return _scaled(gradients, min(1.0, max_norm / max(np.abs(_flat(gradients)).max(), 1e-300)))


def dropped(gradients, max_norm):
    """You return zeros where the gradient is too long: its direction is still worth something."""
    return _scaled(gradients, 1.0 if np.linalg.norm(_flat(gradients)) <= max_norm else 0.0)


def zero_by_zero(gradients, max_norm):
    """Where the gradient is 0 you divide 0 by 0, which gives NaN: look whether the norm exceeds max_norm before you divide."""
    norm = np.linalg.norm(_flat(gradients))
    return _scaled(gradients, np.minimum(1.0, np.float64(max_norm) / norm) * norm / norm)


def _by_a_vector(gradients, max_norm):
    v = np.hstack([np.ravel(part) for pair in gradients for part in pair])
    n = float(v @ v) ** 0.5
    factor = max_norm / n if n > max_norm else 1
    return [[(dW * factor).tolist(), (db * factor).tolist()] for dW, db in gradients]


def _as_libraries_do(gradients, max_norm):
    """With a little added to the norm, so that nothing is divided by 0."""
    total = np.linalg.norm([np.linalg.norm(part) for pair in gradients for part in pair])
    factor = np.clip(max_norm / (total + 1e-8), None, 1.0)
    return tuple((factor * dW, factor * db) for dW, db in gradients)


EXERCISE = Exercise(
    clip_gradient,
    _gradients,
    _certify,
    title="Clip a gradient",
    difficulty=1,
    minutes=6,
    hints=(
        "One vector, one norm, one number to multiply with. Which gradients should not change at all?",
        "‖g‖² is the sum of the squares of all entries: add np.sum(part**2) over every dW and every db, then take the root.",
        "The number is min(1, max_norm/‖g‖). Mind ‖g‖ = 0.",
    ),
    mistakes=(
        entry_by_entry,
        layer_by_layer,
        array_by_array,
        always_to_the_bound,
        to_length_one,
        times_the_bound,
        square_for_norm,
        sum_of_norms,
        weights_alone,
        biases_not_scaled,
        largest_norm,
        dropped,
        zero_by_zero,
    ),
    alternatives=(_by_a_vector, _as_libraries_do),
)
