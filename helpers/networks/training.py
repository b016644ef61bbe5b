"""Mini-batches, the update, and the loop that yields an epoch at a time until its caller has had enough."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from .losses import Loss, cross_entropy
from .mlp import forward, loss_and_grad
from .vectors import Params

Update = Callable[[Params, Params, float], Params]


@dataclass(frozen=True)
class Epoch:
    """The network after `epoch` passes over the data; `valid_loss` is NaN without validation data.

    `loss` is the mean loss over all training rows at these params, with the penalty.
    """

    epoch: int
    params: Params
    loss: float
    valid_loss: float


def minibatches(n: int, batch: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The rows 0, ..., n − 1 in a new random order, `batch` at a time; the last may be shorter."""
    if batch < 1:
        raise ValueError(f"batch must be at least 1, not {batch}")
    order = rng.permutation(n)
    for at in range(0, n, batch):
        yield order[at : at + batch]


def sgd_step(params: Params, gradients: Params, step: float) -> Params:
    """W − step ∇W and b − step ∇b, a layer at a time."""
    return [
        (W - step * dW, b - step * db) for (W, b), (dW, db) in zip(params, gradients, strict=True)
    ]


def train(
    params: Params,
    X: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator,
    step: float | Callable[[int], float] = 0.1,
    batch: int = 32,
    activation: str = "relu",
    loss: Loss = cross_entropy,
    lam: float = 0.0,
    update: Update = sgd_step,
    X_valid: np.ndarray | None = None,
    y_valid: np.ndarray | None = None,
) -> Iterator[Epoch]:
    """Yield an `Epoch` for ever, the first before any update: stopping is the caller's.

    `step` is a number, or a function of the number of updates made so far. `update(params, gradients, step)`
    returns new params; a callable object may keep a state (momentum, Adam). ValueError if X and y do not match.
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y {len(y)} entries")
    if (X_valid is None) != (y_valid is None):
        raise ValueError("X_valid and y_valid must be given together")
    updates = 0
    epoch = 0
    while True:
        value = loss_and_grad(params, X, y, activation, loss, lam)[0]
        valid = np.nan
        if X_valid is not None and y_valid is not None:
            valid = loss(forward(params, X_valid, activation).scores, y_valid)[0]
        yield Epoch(epoch, params, value, valid)
        for rows in minibatches(len(X), batch, rng):
            _, gradients = loss_and_grad(params, X[rows], y[rows], activation, loss, lam)
            params = update(params, gradients, step(updates) if callable(step) else step)
            updates += 1
        epoch += 1


def patience(records: Iterable[Epoch], rounds: int) -> Iterator[Epoch]:
    """Pass records on, and stop once `valid_loss` has been no lower than its best for `rounds` records.

    A loss that is not a number counts as no improvement.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, not {rounds}")
    best, since = np.inf, 0
    for record in records:
        yield record
        since = 0 if record.valid_loss < best else since + 1
        best = record.valid_loss if since == 0 else best
        if since >= rounds:
            return
