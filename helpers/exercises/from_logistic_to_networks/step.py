"""train_step: the step that was made is read off, and compared with slopes by forward mode."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import compared, network, relu_pass, slopes_by_forward_mode


def train_step(params, X, y, step, lam):
    """The pair (params_next, loss): one update on one mini-batch, and the loss before it.

    params = [(W1, b1), (W2, b2)] is a network with one hidden layer of max(z, 0). The loss of
    the batch X (n x p), y (n entries in {0, ..., K − 1}) is the mean cross-entropy of the
    scores plus ½λ(‖W1‖² + ‖W2‖²), squares of all entries; b1, b2 are not penalised. Every
    parameter goes a step against its own gradient at params:
    params_next = params − step · gradient.
    """
    (W1, b1), (W2, b2) = params
    n = len(X)
    Z1 = X @ W1 + b1  # forward
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    shifted = Z2 - Z2.max(axis=1, keepdims=True)  # loss
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), y].mean() + lam / 2 * (np.sum(W1**2) + np.sum(W2**2))
    D2 = (np.exp(log_p) - np.eye(len(b2))[y]) / n  # backward
    D1 = (D2 @ W2.T) * (Z1 > 0)
    params_next = [  # update
        (W1 - step * (X.T @ D1 + lam * W1), b1 - step * D1.sum(axis=0)),
        (W2 - step * (A1.T @ D2 + lam * W2), b2 - step * D2.sum(axis=0)),
    ]
    return params_next, loss


def _batches(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, sizes, step, lam in [
        (6, (3, 5, 4), 0.5, 0.2),
        (1, (2, 4, 3), 0.1, 0.0),
        (7, (4, 4, 4), 2.0, 0.05),
        (9, (2, 6, 2), 0.3, 1.0),
    ]:
        awake = False
        while not awake:
            params, X = network(sizes, rng), np.round(2 * rng.standard_normal((n, sizes[0])), 2)
            hidden = relu_pass(params, X)[0][0] > 0
            awake = bool(hidden.any() and not hidden.all())
        y = rng.integers(0, sizes[-1], n)
        yield {"params": params, "X": X, "y": y, "step": step, "lam": lam}


def _loss_and_slopes(params, X, y, lam):
    scores = relu_pass(params, X)[0][-1]
    rows = np.arange(len(y))
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    D = np.exp(log_p)
    D[rows, y] -= 1
    slopes = slopes_by_forward_mode(params, X, D / len(y))
    size = sum(float(np.sum(W**2)) for W, _ in params)
    gradient = [(dW + lam * W, db) for (dW, db), (W, _) in zip(slopes, params, strict=True)]
    return float(-log_p[rows, y].mean() + lam / 2 * size), gradient


def _certify(value, params, X, y, step, lam):
    params_next, told = value
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    made = [
        ((W - V) / step, (b - c) / step) for (W, b), (V, c) in zip(params, params_next, strict=True)
    ]
    told_of_slopes = compared(made, gradient, "(params − params_next)/step: the gradient by", 2e-4)
    if told_of_slopes is not True:
        return told_of_slopes
    if not abs(told - loss) <= 1e-4 * (1e-2 + loss):
        return f"the loss before the step is {loss:.6g}; yours is {told:.6g}"
    return True


def _moved(params, gradient, step):
    return [
        (W - step * dW, b - step * db) for (W, b), (dW, db) in zip(params, gradient, strict=True)
    ]


def uphill(params, X, y, step, lam):
    """You went uphill: the gradient points to where the loss rises, so subtract it."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    return _moved(params, gradient, -step), loss


def sum_for_mean(params, X, y, step, lam):
    """Your gradient is that of the sum over the batch: divide by n, or a larger batch makes longer steps."""
    n = len(X)
    loss, _ = _loss_and_slopes(params, X, y, lam)
    _, gradient = _loss_and_slopes(params, X, y, lam / n)
    return _moved(params, [(n * dW, n * db) for dW, db in gradient], step), loss


def penalty_without_slope(params, X, y, step, lam):
    """The penalty is in your loss, but not in your gradient: add λW."""
    loss, _ = _loss_and_slopes(params, X, y, lam)
    _, gradient = _loss_and_slopes(params, X, y, 0.0)
    return _moved(params, gradient, step), loss


def no_penalty(params, X, y, step, lam):
    """The penalty ½λ(‖W1‖² + ‖W2‖²) is missing, in the loss and in the gradient."""
    loss, gradient = _loss_and_slopes(params, X, y, 0.0)
    return _moved(params, gradient, step), loss


def loss_without_penalty(params, X, y, step, lam):
    """Your step is right, but the loss that you return lacks the penalty."""
    _, gradient = _loss_and_slopes(params, X, y, lam)
    return _moved(params, gradient, step), _loss_and_slopes(params, X, y, 0.0)[0]


def biases_penalised(params, X, y, step, lam):
    """You shrink b as well: only the W are penalised."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    gradient = [(dW, db + lam * b) for (dW, db), (_, b) in zip(gradient, params, strict=True)]
    return _moved(params, gradient, step), loss


def penalty_doubled(params, X, y, step, lam):
    """Your penalty pulls with 2λW: the ½ is there so that it is λW."""
    loss, _ = _loss_and_slopes(params, X, y, lam)
    _, gradient = _loss_and_slopes(params, X, y, 2 * lam)
    return _moved(params, gradient, step), loss


def second_layer_first(params, X, y, step, lam):
    """You changed W2 before its old value had carried the slope back to layer 1: all gradients belong to one point, so compute them all first."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    (W1, b1), (_W2, _b2) = params
    after = _moved(params, gradient, step)[1]
    (Z1, scores), _ = relu_pass(params, X)
    D2 = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
    D2[np.arange(len(y)), y] -= 1
    D1 = (D2 @ after[0].T) * (Z1 > 0) / len(y)
    return [(W1 - step * (X.T @ D1 + lam * W1), b1 - step * D1.sum(axis=0)), after], loss


def loss_afterwards(params, X, y, step, lam):
    """Your loss is that after the step: the one before it is asked, which the forward pass has given already."""
    _, gradient = _loss_and_slopes(params, X, y, lam)
    after = _moved(params, gradient, step)
    return after, _loss_and_slopes(after, X, y, lam)[0]


def only_the_last_layer(params, X, y, step, lam):
    """You left the first layer as it was: then the hidden units never learn what to look for."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    return [params[0], _moved(params, gradient, step)[1]], loss


def biases_left_alone(params, X, y, step, lam):
    """You left b1 and b2 as they were: they are learned, too."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    after = _moved(params, gradient, step)
    return [(V, b) for (V, _), (_, b) in zip(after, params, strict=True)], loss


def gradient_for_parameters(params, X, y, step, lam):
    """You returned the gradients: the parameters after the step are asked for."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    return gradient, loss


def no_bend_on_the_way_back(params, X, y, step, lam):
    """On the way back you passed through sleeping hidden units: multiply by (Z1 > 0)."""
    loss, gradient = _loss_and_slopes(params, X, y, lam)
    (W1, b1), (W2, _) = params
    scores = relu_pass(params, X)[0][-1]
    D2 = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
    D2[np.arange(len(y)), y] -= 1
    D1 = D2 @ W2.T / len(y)
    first = (W1 - step * (X.T @ D1 + lam * W1), b1 - step * D1.sum(axis=0))
    return [first, _moved(params, gradient, step)[1]], loss


def _by_central_differences(params, X, y, step, lam):
    """Twice as many forward passes as parameters, and right."""
    (W1, b1), (W2, b2) = params
    parts = [W1, b1, W2, b2]

    def loss_at(parts):
        scores = np.maximum(X @ parts[0] + parts[1], 0) @ parts[2] + parts[3]
        right = scores[np.arange(len(y)), y]
        return np.mean(np.logaddexp.reduce(scores, axis=1) - right) + lam / 2 * (
            np.sum(parts[0] ** 2) + np.sum(parts[2] ** 2)
        )

    h, after = 1e-6, []
    for k, part in enumerate(parts):
        slopes = np.zeros(part.shape)
        for at in np.ndindex(part.shape):
            ends = []
            for sign in (h, -h):
                moved = [p.copy() for p in parts]
                moved[k][at] += sign
                ends.append(loss_at(moved))
            slopes[at] = (ends[0] - ends[1]) / (2 * h)
        after.append(part - step * slopes)
    return [(after[0], after[1]), (after[2], after[3])], loss_at(parts)


def _row_by_row(params, X, y, step, lam):
    (W1, b1), (W2, b2) = params
    shrink = 1 - step * lam
    V1, c1, V2, c2 = shrink * W1, b1.copy(), shrink * W2, b2.copy()
    loss = lam / 2 * ((W1**2).sum() + (W2**2).sum())
    for x, k in zip(X, y, strict=True):
        z = x @ W1 + b1
        a = z.clip(0)
        s = a @ W2 + b2
        total = np.logaddexp.reduce(s)
        loss = loss + (total - s[k]) / len(X)
        d2 = np.exp(s - total)
        d2[k] -= 1
        d1 = (W2 @ d2) * (z > 0)
        V2 = V2 - step / len(X) * np.outer(a, d2)
        V1 = V1 - step / len(X) * np.outer(x, d1)
        c1, c2 = c1 - step / len(X) * d1, c2 - step / len(X) * d2
    return ((V1, c1), (V2, c2)), loss


EXERCISE = Exercise(
    train_step,
    _batches,
    _certify,
    title="One step of training",
    difficulty=3,
    minutes=15,
    hints=(
        "Four blocks: forward (Z1, A1, Z2), loss (from shifted scores), backward (D2, then D1), update. You have written the first three.",
        "D2 = (softmax(Z2) − Y)/n and D1 = (D2 @ W2.T) * (Z1 > 0), with W2 as it is before the update.",
        "The penalty adds λW to each W's gradient and nothing to b's. Build the new list at the very end, from old values only.",
    ),
    mistakes=(
        uphill,
        sum_for_mean,
        penalty_without_slope,
        no_penalty,
        loss_without_penalty,
        biases_penalised,
        penalty_doubled,
        second_layer_first,
        loss_afterwards,
        only_the_last_layer,
        biases_left_alone,
        gradient_for_parameters,
        no_bend_on_the_way_back,
    ),
    alternatives=(_by_central_differences, _row_by_row),
)
