"""fine_tune: the run is made again by the course's networks, and compared entry by entry."""

from collections.abc import Iterator

import numpy as np

from helpers import networks

from ..exercise import Arguments, Exercise


def fine_tune(params, X, y, step, pull, updates):
    """The network after `updates` steps of gradient descent from params on the mean
    cross-entropy over all rows of X plus

        ½ · pull · Σ of all (entry − entry at the start)²,

    over W1, b1, W2, b2. params = [(W1, b1), (W2, b2)] has one hidden layer of max(z, 0);
    pull ≥ 0 draws the network back to where it started.
    """
    (W1, b1), (W2, b2) = params
    start = (W1, b1, W2, b2)
    now = start
    Y = np.eye(len(b2))[y]
    for _ in range(updates):
        W1, b1, W2, b2 = now
        Z = X @ W1 + b1
        A = np.maximum(Z, 0)
        S = A @ W2 + b2
        P = np.exp(S - S.max(axis=1, keepdims=True))
        D = (P / P.sum(axis=1, keepdims=True) - Y) / len(y)
        back = (D @ W2.T) * (Z > 0)
        slopes = (X.T @ back, back.sum(axis=0), A.T @ D, D.sum(axis=0))
        each = zip(now, slopes, start, strict=True)
        now = tuple(v - step * (g + pull * (v - v0)) for v, g, v0 in each)
    return [now[:2], now[2:]]


def _starts(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, sizes, step, pull, updates in [
        (12, (3, 5, 3), 0.2, 0.0, 3),
        (9, (4, 4, 4), 0.1, 0.5, 5),
        (1, (2, 3, 2), 0.3, 1.0, 2),
        (15, (2, 6, 3), 0.1, 2.0, 1),
        (6, (3, 4, 2), 0.5, 0.1, 0),
        (10, (3, 5, 2), 0.2, 0.3, 8),
    ]:
        params = [
            (np.round(W, 2), np.round(0.3 + 0.4 * rng.standard_normal(len(b)), 2))
            for W, b in networks.initialise(sizes, rng)
        ]
        X = np.round(rng.standard_normal((n, sizes[0])), 2)
        y = rng.integers(0, sizes[-1], n)
        yield {"params": params, "X": X, "y": y, "step": step, "pull": pull, "updates": updates}


def _run(params, X, y, step, pull, updates, slope_of=None):
    start = networks.flatten(params)
    v = start
    for _ in range(updates):
        g = networks.flatten(networks.loss_and_grad(networks.unflatten(v, params), X, y)[1])
        v = v - step * (g + (pull * (v - start) if slope_of is None else slope_of(v, start)))
    return networks.unflatten(v, params)


def _certify(value, params, X, y, step, pull, updates):
    right = _run(params, X, y, step, pull, updates)
    for layer, (told, ours) in enumerate(zip(value, right, strict=True), 1):
        for name, v, a in zip("Wb", told, ours, strict=True):
            off = np.abs(v - a)
            if not np.all(off <= 1e-4 * (np.abs(a).max() + 1e-2)):
                at = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
                where = at[0] if len(at) == 1 else at
                return (
                    f"after {updates} updates with pull = {pull:g} the entry {where} of {name} of layer {layer} "
                    f"should be {a[at]:.6g}; yours is {v[at]:.6g}"
                )
    return True


def pulled_to_zero(params, X, y, step, pull, updates):
    """You draw the parameters to 0: that is weight decay, and it forgets. Here they are drawn to where they started."""
    return _run(params, X, y, step, pull, updates, lambda v, start: pull * v)


def no_pull(params, X, y, step, pull, updates):
    """Nothing draws you back: the pull's gradient is pull · (entry − entry at the start). (If it is there: is the start a copy? `W -= …` moves both.)"""
    return _run(params, X, y, step, 0.0, updates)


def pull_doubled(params, X, y, step, pull, updates):
    """Your pull is twice too strong: the half in front makes its gradient pull · (entry − start)."""
    return _run(params, X, y, step, 2 * pull, updates)


def pushed_away(params, X, y, step, pull, updates):
    """Your pull pushes away from the start: its gradient points from the start to where we are, and the step goes against it."""
    return _run(params, X, y, step, -pull, updates)


def last_layer_only(params, X, y, step, pull, updates):
    """You moved the last layer only: that is a probe. In full fine-tuning every layer moves."""
    found = [params[0], params[1]]
    for _ in range(updates):
        slopes = networks.loss_and_grad(found, X, y)[1]
        W, b = found[1]
        g = slopes[1]
        W0, b0 = params[1]
        found[1] = (W - step * (g[0] + pull * (W - W0)), b - step * (g[1] + pull * (b - b0)))
    return found


def one_update_too_many(params, X, y, step, pull, updates):
    """You made one update too many: with updates = 0 the network comes back as it was."""
    return _run(params, X, y, step, pull, updates + 1)


def a_single_update(params, X, y, step, pull, updates):
    """You made one update: `updates` of them are asked for."""
    return _run(params, X, y, step, pull, 1)


def uphill(params, X, y, step, pull, updates):
    """You climb: the step goes against the gradient."""
    return _run(params, X, y, -step, pull, updates)


def summed(params, X, y, step, pull, updates):
    """Your gradient is that of the sum over the rows: divide it by n."""
    start = networks.flatten(params)
    v = start
    for _ in range(updates):
        g = networks.flatten(networks.loss_and_grad(networks.unflatten(v, params), X, y)[1])
        v = v - step * (len(y) * g + pull * (v - start))
    return networks.unflatten(v, params)


def _own_run(params, X, y, step, pull, updates, bent=True, together=True):
    (W1, b1), (W2, b2) = start = params
    for _ in range(updates):
        Z = X @ W1 + b1
        A = np.maximum(Z, 0)
        D = networks.softmax(A @ W2 + b2)
        D[np.arange(len(y)), y] -= 1
        D /= len(y)
        W2_next = W2 - step * (A.T @ D + pull * (W2 - start[1][0]))
        B = D @ (W2 if together else W2_next).T * ((Z > 0) if bent else 1.0)
        W1 = W1 - step * (X.T @ B + pull * (W1 - start[0][0]))
        b1 = b1 - step * (B.sum(axis=0) + pull * (b1 - start[0][1]))
        b2 = b2 - step * (D.sum(axis=0) + pull * (b2 - start[1][1]))
        W2 = W2_next
    return [(W1, b1), (W2, b2)]


def bend_forgotten(params, X, y, step, pull, updates):
    """Your slopes pass units that are off: on the way back the first layer's are multiplied by (z > 0)."""
    return _own_run(params, X, y, step, pull, updates, bent=False)


def one_layer_after_the_other(params, X, y, step, pull, updates):
    """You changed W2 before its old value had carried the slopes back to the first layer: compute all gradients first."""
    return _own_run(params, X, y, step, pull, updates, together=False)


def biases_free(params, X, y, step, pull, updates):
    """You pull the W only: here the b are drawn back as well."""
    start = [W for W, _ in params]
    now = params
    for _ in range(updates):
        slopes = networks.loss_and_grad(now, X, y)[1]
        now = [
            (W - step * (dW + pull * (W - W0)), b - step * db)
            for (W, b), (dW, db), W0 in zip(now, slopes, start, strict=True)
        ]
    return now


def _as_one_vector(params, X, y, step, pull, updates):
    shapes = [part.shape for pair in params for part in pair]
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    v0 = np.concatenate([part.ravel() for pair in params for part in pair])
    v = v0.copy()
    for _ in range(updates):
        W1, b1, W2, b2 = (u.reshape(s) for u, s in zip(np.split(v, cuts), shapes, strict=True))
        A = np.maximum(X @ W1 + b1, 0)
        S = A @ W2 + b2
        D = np.exp(S - np.logaddexp.reduce(S, axis=1)[:, None])
        D[np.arange(len(y)), y] -= 1
        D = D / len(y)
        B = (D @ W2.T) * np.sign(A)
        g = np.concatenate([(X.T @ B).ravel(), B.sum(0), (A.T @ D).ravel(), D.sum(0)])
        v = (1 - step * pull) * v + step * pull * v0 - step * g
    W1, b1, W2, b2 = (u.reshape(s) for u, s in zip(np.split(v, cuts), shapes, strict=True))
    return [[W1, b1], [W2, b2]]


def _in_displacements(params, X, y, step, pull, updates):
    moved = [[np.zeros_like(part) for part in pair] for pair in params]
    for _ in range(updates):
        (W1, b1), (W2, b2) = (
            (W + dW, b + db) for (W, b), (dW, db) in zip(params, moved, strict=True)
        )
        Z = X @ W1 + b1
        A = Z * (Z > 0)
        E = np.exp(A @ W2 + b2)
        D = (E / E.sum(axis=1, keepdims=True) - np.eye(len(b2))[y]) / len(y)
        B = (D @ W2.T) * (Z > 0)
        slopes = [[X.T @ B, B.sum(axis=0)], [A.T @ D, D.sum(axis=0)]]
        moved = [
            [d - step * (g + pull * d) for d, g in zip(ds, gs, strict=True)]
            for ds, gs in zip(moved, slopes, strict=True)
        ]
    return [(W + dW, b + db) for (W, b), (dW, db) in zip(params, moved, strict=True)]


EXERCISE = Exercise(
    fine_tune,
    _starts,
    _certify,
    title="Fine-tuning, held back",
    difficulty=3,
    minutes=15,
    hints=(
        "The gradient of the cross-entropy is the one of lesson 16: forward, D = (softmax − Y)/n, backward.",
        "Keep the four arrays of the start. The pull adds pull · (entry − start) to each gradient.",
        "Compute all four gradients before you change anything, then v − step · (g + pull · (v − v0)) for each. With updates = 0 return params.",
    ),
    mistakes=(
        pulled_to_zero,
        no_pull,
        pull_doubled,
        pushed_away,
        last_layer_only,
        one_update_too_many,
        a_single_update,
        uphill,
        summed,
        biases_free,
        bend_forgotten,
        one_layer_after_the_other,
    ),
    alternatives=(_as_one_vector, _in_displacements),
)
