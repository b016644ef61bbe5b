"""Training runs on the digits that are sick for a known reason, measured as a doctor would, and their cures.

    setup = draw("dead units", np.random.default_rng(3))      # how the run is made: details differ with the rng
    record = run(setup)                                       # dict of curves, an entry an epoch
    for change, cure in ILLNESSES["dead units"].cures.items():
        better = run(cure(setup))                             # the same run with one thing changed

`record` holds plain arrays for E epochs, B mini-batches an epoch and L layers:

    loss, valid_loss, accuracy, valid_accuracy   (E + 1,)    before any update, and after each epoch
    gradient                                     (E + 1, L)  ‖∇W_l‖ of the training loss, first layer first
    dead                                         (E + 1,)    share of the hidden units that give 0 on all training rows
    batch_loss                                   (E, B)      of each mini-batch in its turn, before its update
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from helpers import data

from .initialise import initialise
from .losses import Loss, cross_entropy, mse
from .mlp import accuracy, forward, loss_and_grad
from .training import minibatches
from .vectors import Params, flatten, unflatten

Record = dict[str, np.ndarray]
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
TOO_MUCH = 1e12


@dataclass(frozen=True)
class Setup:
    """How a run is made; as it stands here, a healthy one.

    wrong_labels is a share of the training rows; leak puts the label into ten more columns; bias is where hidden b
    start; gain multiplies the weights of the first draw; clip bounds the norm of the whole gradient; decay
    is lam; squares takes ½‖scores − (1 for the class, else 0)‖² in the place of the cross-entropy.
    """

    seed: int = 0
    rows: int = 280
    wrong_labels: float = 0.0
    leak: bool = False
    shuffled: bool = True
    hidden: tuple[int, ...] = (32, 32)
    activation: str = "relu"
    squares: bool = False
    scheme: str = "he"
    gain: float = 1.0
    bias: float = 0.0
    decay: float = 0.0
    step: float = 0.2
    momentum: float = 0.0
    adam: bool = False
    clip: float = np.inf
    batch: int = 40
    epochs: int = 20


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    digits = data.digits(standardise=False)
    return digits.X, digits.y.astype(int)


def split(setup: Setup) -> Rows:
    """(X, y, X_valid, y_valid): `rows` digits to train with and 400 others, centred, of mean square 1."""
    rng = np.random.default_rng([setup.seed, 1])
    images, labels = _digits()
    order = rng.permutation(len(labels))
    rows, others = order[: setup.rows], order[-400:]
    if not setup.shuffled:
        rows = rows[np.argsort(labels[rows], kind="stable")]
    centre = images[rows].mean(axis=0)
    scale = np.sqrt(np.mean((images[rows] - centre) ** 2))
    X, X_valid = (images[rows] - centre) / scale, (images[others] - centre) / scale
    y, y_valid = labels[rows].copy(), labels[others]
    if setup.leak:
        X, X_valid = (
            np.column_stack([A, 6 * np.eye(10)[k]]) for A, k in ((X, y), (X_valid, y_valid))
        )
    spoilt = rng.random(len(y)) < setup.wrong_labels
    y[spoilt] = rng.integers(0, 10, spoilt.sum())
    return X, y, X_valid, y_valid


def start(setup: Setup) -> Params:
    """The network before training."""
    rng = np.random.default_rng([setup.seed, 2])
    sizes = (64 + 10 * setup.leak, *setup.hidden, 10)
    params = [(setup.gain * W, b) for W, b in initialise(sizes, rng, setup.scheme)]
    return [(W, b + setup.bias) for W, b in params[:-1]] + params[-1:]


def _moves(setup: Setup) -> Callable[[np.ndarray], np.ndarray]:
    """What a gradient turns into, to be subtracted: momentum, clipping and Adam, with their memory."""
    m = v = np.zeros(1)
    k = 0

    def move(g: np.ndarray) -> np.ndarray:
        nonlocal m, v, k
        g = g * min(1.0, setup.clip / max(float(np.linalg.norm(g)), 1e-300))
        k += 1
        if setup.adam:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            return setup.step * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
        m = setup.momentum * m + g
        return setup.step * m

    return move


def _in_order(n: int, batch: int) -> Iterator[np.ndarray]:
    for at in range(0, n, batch):
        yield np.arange(at, min(at + batch, n))


def _loss(setup: Setup) -> Loss:
    if setup.squares:
        return lambda scores, y: mse(scores, np.eye(10)[y])
    return cross_entropy


def _measured(params: Params, setup: Setup, rows: Rows) -> dict[str, float | np.ndarray]:
    X, y, X_valid, y_valid = rows
    loss = _loss(setup)
    value, gradients = loss_and_grad(params, X, y, setup.activation, loss)
    hidden = np.column_stack(forward(params, X, setup.activation).A[1:])
    return {
        "loss": value,
        "valid_loss": loss(forward(params, X_valid, setup.activation).scores, y_valid)[0],
        "accuracy": accuracy(params, X, y, setup.activation),
        "valid_accuracy": accuracy(params, X_valid, y_valid, setup.activation),
        "gradient": np.array([np.linalg.norm(dW) for dW, _ in gradients]),
        "dead": float(np.mean(np.all(hidden == 0, axis=0))),
    }


def trained(setup: Setup) -> tuple[Record, Params]:
    """The record of a run and the network it ends with; the same setup gives the same. A loss beyond 10¹² ends the
    updates, and the charts go on as they are."""
    record, params = _trained(setup)
    copied = [(W.copy(), b.copy()) for W, b in params]
    return {name: curve.copy() for name, curve in record.items()}, copied


@lru_cache(maxsize=256)  # a lesson shows the same runs more than once
def _trained(setup: Setup) -> tuple[Record, Params]:
    rows = split(setup)
    X, y = rows[:2]
    rng = np.random.default_rng([setup.seed, 3])
    params, move, loss = start(setup), _moves(setup), _loss(setup)
    charts, batch_losses = [_measured(params, setup, rows)], []
    for _ in range(setup.epochs):
        order = (
            minibatches(len(y), setup.batch, rng)
            if setup.shuffled
            else _in_order(len(y), setup.batch)
        )
        seen = []
        for chosen in order:
            value, slopes = loss_and_grad(
                params, X[chosen], y[chosen], setup.activation, loss, setup.decay
            )
            if value < TOO_MUCH:
                params = unflatten(flatten(params) - move(flatten(slopes)), params)
            seen.append(value)
        batch_losses.append(seen)
        charts.append(_measured(params, setup, rows))
    record = {name: np.array([chart[name] for chart in charts]) for name in charts[0]}
    return {**record, "batch_loss": np.array(batch_losses)}, params


def run(setup: Setup) -> Record:
    """The record of a run."""
    return trained(setup)[0]
