"""freeze_mask: which parameters move, and how many that are."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..exercise import Arguments, Exercise


def freeze_mask(gradients, trainable):
    """The pair (masked, count): the gradients with those of frozen layers replaced by zeros,
    and how many numbers are left to train.

    gradients is a list of pairs (dW, db), a layer each; trainable a list of as many truth
    values. masked is a new list of pairs of arrays of the same shapes; the arrays that came in
    are not changed.
    """
    masked, count = [], 0
    for (dW, db), moves in zip(gradients, trainable, strict=True):
        if moves:
            masked.append((dW.copy(), db.copy()))
            count += dW.size + db.size
        else:
            masked.append((np.zeros_like(dW), np.zeros_like(db)))
    return masked, count


def _slopes(rng: np.random.Generator) -> Iterator[Arguments]:
    for sizes, trainable, dead in [
        ((3, 4, 2), [False, True], 0),
        ((2, 5, 3, 4), [True, False, True], 2),
        ((4, 3, 2), [True, True], 1),
        ((2, 2, 2, 2, 1), [False, False, True, False], 0),
        ((5, 2), [False], 0),
    ]:
        gradients = [
            (rng.standard_normal((m, k)), rng.standard_normal(k)) for m, k in pairwise(sizes)
        ]
        for dW, db in gradients[:1]:  # units that are off: their slopes are 0, and they are trained
            dW[:, :dead], db[:dead] = 0, 0
        yield {"gradients": gradients, "trainable": trainable}


def _certify(value, gradients, trainable):
    masked, count = value
    right = 0
    for layer, ((told, ours), moves) in enumerate(
        zip(zip(masked, gradients, strict=True), trainable, strict=True), 1
    ):
        for name, v, g in zip(("dW", "db"), told, ours, strict=True):
            if moves:
                right += g.size
            if not np.allclose(v, g if moves else 0 * g, rtol=1e-5, atol=1e-12):
                what = "stays as it is" if moves else "becomes zero, since the layer is frozen"
                return f"{name} of layer {layer} {what}; yours does not"
    if count == right:
        return True
    return f"{right} numbers are left to train; you say {count:g}"


def _masked(gradients, keep):
    return [(dW * float(k), db * float(k)) for (dW, db), k in zip(gradients, keep, strict=True)]


def _count(gradients, keep):
    return sum(dW.size + db.size for (dW, db), k in zip(gradients, keep, strict=True) if k)


def turned_round(gradients, trainable):
    """You froze the layers that should move: True means that a layer is trained."""
    frozen = [not moves for moves in trainable]
    return _masked(gradients, frozen), _count(gradients, frozen)


def biases_still_move(gradients, trainable):
    """Your b still move in frozen layers: a layer is its W and its b."""
    masked = [(dW * float(k), db) for (dW, db), k in zip(gradients, trainable, strict=True)]
    return masked, _count(gradients, trainable)


def biases_not_counted(gradients, trainable):
    """You counted the W only: the b are trained as well."""
    count = sum(dW.size for (dW, _), k in zip(gradients, trainable, strict=True) if k)
    return _masked(gradients, trainable), count


def all_counted(gradients, trainable):
    """You counted all parameters: those of frozen layers are not trained."""
    return _masked(gradients, trainable), _count(gradients, [True] * len(gradients))


def counted_layers(gradients, trainable):
    """You counted the layers: the numbers in them are asked for."""
    return _masked(gradients, trainable), sum(map(bool, trainable))


def frozen_counted(gradients, trainable):
    """You counted the numbers that are frozen: those left to train are asked for."""
    return _masked(gradients, trainable), _count(gradients, [not moves for moves in trainable])


def zeros_not_counted(gradients, trainable):
    """You counted the entries that are not 0: a slope may be 0 today, and its parameter is trained all the same."""
    masked = _masked(gradients, trainable)
    return masked, sum(np.count_nonzero(dW) + np.count_nonzero(db) for dW, db in masked)


def nothing_frozen(gradients, trainable):
    """You froze nothing: the gradients of frozen layers must be zero, or they move."""
    return _masked(gradients, [True] * len(gradients)), _count(gradients, trainable)


def only_the_last(gradients, trainable):
    """You always train the last layer only: `trainable` says which."""
    keep = [False] * (len(gradients) - 1) + [True]
    return _masked(gradients, keep), _count(gradients, keep)


def _by_products(gradients, trainable):
    keep = np.asarray(trainable, dtype=float)
    masked = [[k * dW, k * db] for k, (dW, db) in zip(keep, gradients, strict=True)]
    sizes = np.array([dW.size + db.size for dW, db in gradients])
    return masked, float(keep @ sizes)


def _by_where(gradients, trainable):
    masked = [
        (np.where(k, dW, 0.0), np.where(k, db, 0.0))
        for (dW, db), k in zip(gradients, trainable, strict=True)
    ]
    return tuple(masked), int(
        sum(dW.size + db.size for (dW, db), k in zip(gradients, trainable, strict=True) if k)
    )


EXERCISE = Exercise(
    freeze_mask,
    _slopes,
    _certify,
    title="Freeze",
    difficulty=1,
    minutes=6,
    hints=(
        "Go through the layers and the truth values together, with zip.",
        "np.zeros_like(dW) has the right shape; dW.size counts entries.",
        "Build a new list; count dW.size + db.size for the layers that move.",
    ),
    mistakes=(
        turned_round,
        biases_still_move,
        biases_not_counted,
        all_counted,
        counted_layers,
        frozen_counted,
        zeros_not_counted,
        nothing_frozen,
        only_the_last,
    ),
    alternatives=(_by_products, _by_where),
)
