"""What can be wrong with a training run: how each illness is made, what its chart shows, and what cures it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .clinic import Setup

Draw = Callable[[np.random.Generator], Setup]
Cure = Callable[[Setup], Setup]


@dataclass(frozen=True)
class Illness:
    """`sign` is what one sees in the chart, `why` what is behind it; `cures` maps a change to the cured setup.

    A change is to the "data" (rows, labels, columns, order), the "model" (size, activation, start, penalty) or the
    "optimiser" (rate, schedule, clipping, batches, when to stop). `also` are other names that are right as well.
    """

    draw: Draw
    sign: str
    why: str
    cures: dict[str, Cure]
    words: dict[str, str]
    also: tuple[str, ...] = ()


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Evenly on the logarithmic scale."""
    return float(low * (high / low) ** rng.random())


def _healthy(rng: np.random.Generator) -> Setup:
    plain = Setup(seed=int(rng.integers(10**6)))
    kind = rng.integers(3)
    if kind == 0:
        return replace(plain, step=_between(rng, 0.15, 0.4))
    if kind == 1:
        return replace(plain, activation="tanh", scheme="xavier", step=_between(rng, 0.3, 0.8))
    return replace(plain, adam=True, step=_between(rng, 0.003, 0.006))


def _seeded(rng: np.random.Generator, **changes) -> Setup:
    return replace(Setup(seed=int(rng.integers(10**6))), **changes)


def _tanh(rng: np.random.Generator, **changes) -> Setup:
    return _seeded(rng, activation="tanh", scheme="xavier", **changes)


def _changed(**changes) -> Cure:
    return lambda setup: replace(setup, **changes)


ILLNESSES: dict[str, Illness] = {
    "healthy": Illness(
        _healthy,
        "Both losses fall and settle, validation accuracy is good but not perfect, all layers have gradients.",
        "Nothing is wrong.",
        {},
        {},
    ),
    "rate too low": Illness(
        lambda rng: _seeded(rng, step=_between(rng, 2e-4, 8e-4)),
        "The loss falls on an almost straight line and has hardly left its start, while the gradients are as large as they were.",
        "Each update goes the right way, and hardly anywhere.",
        {"optimiser": _changed(step=0.2)},
        {"optimiser": "a rate of 0.2"},
    ),
    "rate too high": Illness(
        lambda rng: _tanh(rng, step=_between(rng, 10.0, 15.0)),
        "The training loss jumps up and down to the end and does not settle; it stays within bounds.",
        "Each update jumps across the valley. The cross-entropy pushes with a bounded force, so the loss does not run away.",
        {"optimiser": _changed(step=0.5)},
        {"optimiser": "a rate of 0.5"},
    ),
    "exploding loss": Illness(
        lambda rng: _tanh(rng, squares=True, step=_between(rng, 1.3, 2.0)),
        "The loss grows by a constant factor an update, to many powers of ten.",
        "The rate is beyond 2/λ of the last layer, and a loss of squares pushes the harder the further it is off.",
        {"optimiser": _changed(clip=0.2)},
        {"optimiser": "the gradient clipped to length 0.2, at the same rate"},
        also=("rate too high",),
    ),
    "bad initialisation": Illness(
        lambda rng: _seeded(rng, gain=_between(rng, 5.0, 8.0)),
        "Before any update the loss is some hundred times that of guessing, log 10, or more.",
        "The weights start several times too large: scores in the hundreds, sure and wrong. What training repairs fits the training rows only.",
        {"model": _changed(gain=1.0)},
        {"model": "He's initialisation"},
    ),
    "vanishing gradients": Illness(
        lambda rng: _seeded(
            rng, hidden=(32,) * int(rng.integers(5, 7)), activation="sigmoid", scheme="xavier"
        ),
        "The loss stays at that of guessing, log 10, and the gradient of the first layer is thousands of times smaller than that of the last.",
        "Each sigmoid layer multiplies what comes back by a slope of at most ¼.",
        {"model": _changed(activation="tanh")},
        {"model": "tanh for the sigmoid"},
    ),
    "dead units": Illness(
        lambda rng: _seeded(rng, bias=-_between(rng, 4.5, 7.0)),
        "Nearly all hidden units give 0 on every row, from the start; the loss stays at that of guessing, the gradients vanish in all layers.",
        "The hidden biases start far below 0. Where a ReLU gives 0 its slope is 0, so no step of any length wakes it.",
        {"model": _changed(bias=0.0)},
        {"model": "biases that start at 0"},
        also=("bad initialisation",),
    ),
    "leaking labels": Illness(
        lambda rng: _seeded(rng, leak=True, step=_between(rng, 0.15, 0.3)),
        "Validation is perfect, and as good as training: better than anybody can be with so few rows.",
        "Ten columns hold the label, in the validation rows as well. In use they will be empty.",
        {"data": _changed(leak=False)},
        {"data": "the ten columns left out"},
    ),
    "unshuffled rows": Illness(
        lambda rng: _tanh(rng, shuffled=False, step=_between(rng, 0.9, 1.4)),
        "The losses of the mini-batches repeat the same pattern in every epoch, and the training loss lurches.",
        "The rows are sorted by class and used in that order: each mini-batch teaches one digit, at the expense of the others.",
        {"data": _changed(shuffled=True), "optimiser": _changed(shuffled=True)},
        {"data": "the rows shuffled", "optimiser": "mini-batches drawn in a new order each epoch"},
    ),
    "overfitting": Illness(
        lambda rng: _seeded(
            rng,
            rows=120,
            batch=20,
            wrong_labels=float(rng.uniform(0.35, 0.45)),
            hidden=(64, 64),
            momentum=0.9,
            step=_between(rng, 0.03, 0.05),
        ),
        "The training loss goes to 0, the validation loss falls at first and then rises; between the two accuracies there is a wide gap.",
        "120 rows, a third of them with a wrong label, are learned by heart.",
        {
            "data": _changed(rows=480, wrong_labels=0.0),
            "model": _changed(decay=0.03),
            "optimiser": _changed(epochs=4),
        },
        {
            "data": "four times as many rows, their labels checked",
            "model": "a penalty of ½ · 0.03 ‖W‖²",
            "optimiser": "a stop after 4 epochs",
        },
    ),
}
CHANGES = ("nothing", "data", "model", "optimiser")


def draw(illness: str, rng: np.random.Generator) -> Setup:
    """A run with this illness; ValueError for one that is not in ILLNESSES."""
    if illness not in ILLNESSES:
        raise ValueError(f"illness must be one of {list(ILLNESSES)}, not {illness!r}")
    return ILLNESSES[illness].draw(rng)


def accepted(illness: str) -> set[tuple[str, str]]:
    """The pairs (name, change) that are right for a run with this illness."""
    found = ILLNESSES[illness]
    names, changes = (illness, *found.also), tuple(found.cures) or ("nothing",)
    return {(name, change) for name in names for change in changes}
