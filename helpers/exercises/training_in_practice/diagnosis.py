"""diagnose: runs are made anew for every seed, each with an illness that the judge knows because it has made it."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from helpers.networks.clinic import Record, run
from helpers.networks.illnesses import CHANGES, ILLNESSES, accepted, draw

from ..exercise import Arguments, Exercise


def diagnose(record):
    """The pair (illness, change) that a chart of a training run tells: two of the words below.

    record is a dict of arrays, for E epochs of B mini-batches, a network of L layers, ten
    digits:
      "loss", "valid_loss", "accuracy", "valid_accuracy"
                    shape (E + 1,), first before any update
      "gradient"    shape (E + 1, L), the norm of the training loss's gradient by W₁, ..., W_L
      "dead"        shape (E + 1,), the share of hidden units that give 0 on every training row
      "batch_loss"  shape (E, B), the loss of each mini-batch in its turn, just before
                    its update
    illness is "healthy", "rate too low", "rate too high", "exploding loss",
    "bad initialisation", "vanishing gradients", "dead units", "leaking labels",
    "unshuffled rows" or "overfitting".
    change is what to change to remove the cause: the "data" (rows, labels, columns, order), the
    "model" (size, activation, initialisation, penalty), the "optimiser" (rate, clipping,
    batches, when to stop), or "nothing". The task and its loss are given.
    """
    loss, valid_loss, batch_loss = record["loss"], record["valid_loss"], record["batch_loss"]
    guessing = np.log(10)
    E = len(batch_loss)
    repeats = [np.corrcoef(batch_loss[k - 1 : k + 1])[0, 1] for k in range(E // 3, E)]
    if not np.max(loss) < 100 * loss[0]:
        return "exploding loss", "optimiser"
    if loss[0] > 5 * guessing:
        return "bad initialisation", "model"
    if record["dead"][-1] > 0.7:
        return "dead units", "model"
    if record["gradient"][0, 0] < 0.03 * record["gradient"][0, -1]:
        return "vanishing gradients", "model"
    if np.median(repeats) > 0.7:
        return "unshuffled rows", "data"
    if record["valid_accuracy"][-1] > 0.98:
        return "leaking labels", "data"
    if loss[-1] > loss[0] / 2 and np.all(np.diff(loss) < 0.02):
        return "rate too low", "optimiser"
    if np.max(loss[-5:]) > 0.15:
        return "rate too high", "optimiser"
    if valid_loss[-1] > 1.1 * valid_loss.min():
        return "overfitting", "model"
    return "healthy", "nothing"


_TRUTH: dict[bytes, str] = {}  # the judge made the runs: it knows each by its curves


def _key(record: Record) -> bytes:
    return b"".join(np.asarray(record[name]).tobytes() for name in ("loss", "batch_loss"))


@lru_cache(maxsize=256)
def _run(illness: str, seed: int) -> Record:
    record = run(draw(illness, np.random.default_rng(seed)))
    _TRUTH[_key(record)] = illness
    return record


def _charts(rng: np.random.Generator) -> Iterator[Arguments]:
    names = [*ILLNESSES, "healthy"]
    seeds = rng.integers(2**31, size=len(names))
    for at in rng.permutation(len(names)):
        record = _run(names[at], int(seeds[at]))
        yield {"record": {name: curve.copy() for name, curve in record.items()}}


def _certify(value, record):
    illness = _TRUTH[_key(record)]
    name, change = value
    for word, known in ((name, tuple(ILLNESSES)), (change, CHANGES)):
        if word not in known:
            return f"{word!r} is not one of the words {', '.join(known)}"
    right = accepted(illness)
    if (name, change) in right:
        return True
    sign = ILLNESSES[illness].sign
    if name not in {pair[0] for pair in right}:
        return f'this run is "{illness}", and you say "{name}". Look at its chart again: {_small(sign)}'
    changes = '" or "'.join(sorted({pair[1] for pair in right}))
    return f'"{name}" is right, but what removes its cause is a change to the "{changes}", not to the "{change}"'


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _told(record, **wrong):
    """What the reference says, with some of its pairs replaced."""
    name, change = diagnose(record)
    return wrong.get(name.replace(" ", "_"), (name, change))


def training_alone(record):
    """You look at the training loss alone: overfitting and leaking labels can be seen only in validation."""
    well = ("healthy", "nothing")
    return _told(record, overfitting=well, leaking_labels=well)


def a_gap_is_an_illness(record):
    """You call every run overfitted whose validation loss lies above its training loss: it nearly always does. Overfitting is a validation loss that rises while the training loss goes on falling."""
    return _told(record, healthy=("overfitting", "model"))


def perfect_is_healthy(record):
    """You take a perfect validation accuracy for health: with a few hundred rows nobody is perfect on new digits. What do the validation rows know that new ones will not?"""
    return _told(record, leaking_labels=("healthy", "nothing"))


def flat_means_converged(record):
    """You take a flat loss for a converged one, without asking how high it is: guessing among ten digits costs log 10 = 2.3, and a loss that stays there has learned nothing."""
    well = ("healthy", "nothing")
    return _told(record, rate_too_low=well, vanishing_gradients=well, dead_units=well)


def flat_means_too_slow(record):
    """You raise the rate wherever the loss hardly moves: look at the gradients, layer by layer, and at the dead units. A step along nothing stays nothing."""
    slow = ("rate too low", "optimiser")
    return _told(record, vanishing_gradients=slow, dead_units=slow)


def dead_taken_for_vanishing(record):
    """You call dead units vanishing gradients: what vanishes from layer to layer shrinks by a factor in each, and its units are awake. Here the units give 0 on every row."""
    return _told(record, dead_units=("vanishing gradients", "model"))


def rises_mean_too_high(record):
    """You lower the rate wherever the training loss rises. Look inside the epochs as well: where the mini-batch losses repeat the same pattern in each, it is the order of the rows."""
    return _told(record, unshuffled_rows=("rate too high", "optimiser"))


def the_start_not_looked_at(record):
    """You do not look at the loss before the first update: some hundred times log 10 can only be the initialisation, whatever happens later."""
    return _told(record, bad_initialisation=("overfitting", "model"))


def the_start_is_the_rate(record):
    """You put a very high loss down to the rate, though it stands there before the first update: no rate has been used by then."""
    return _told(record, bad_initialisation=("rate too high", "optimiser"))


def always_the_optimiser(record):
    """You change the optimiser for every illness: no optimiser wakes a dead unit or takes the label out of the columns."""
    name, change = diagnose(record)
    return name, (change if change == "nothing" else "optimiser")


def always_more_data(record):
    """You change the data for every illness: more rows do not mend a rate or an initialisation."""
    name, change = diagnose(record)
    return name, (change if change == "nothing" else "data")


def changes_the_healthy(record):
    """You change something in healthy runs too: where nothing is wrong, change nothing."""
    return _told(record, healthy=("healthy", "optimiser"))


def _by_a_table(record):
    """All signs at once, as a row of numbers; the first that is too large decides."""
    r = {name: np.asarray(curve, dtype=float) for name, curve in record.items()}
    guess, b = np.log(10), r["batch_loss"][-8:]
    pattern = (np.corrcoef(b).sum() - 8) / 56  # how alike two different epochs are, on average
    signs = [
        (np.log10(r["loss"].max() / r["loss"][0]) > 3, "rate too high", "optimiser"),
        (r["loss"][0] > 20, "bad initialisation", "model"),
        (r["dead"].mean() > 0.8, "bad initialisation", "model"),
        (np.all(r["gradient"][0, 0] * 20 < r["gradient"][0, -1]), "vanishing gradients", "model"),
        (pattern > 0.6, "unshuffled rows", "optimiser"),
        (r["valid_accuracy"].max() > 0.985, "leaking labels", "data"),
        (r["accuracy"][-1] < 0.35 and r["loss"][-1] > guess - 0.7, "rate too low", "optimiser"),
        (r["loss"][-6:].max() > 0.2, "rate too high", "optimiser"),
        (r["accuracy"][-1] - r["valid_accuracy"][-1] > 0.19, "overfitting", "data"),
        (True, "healthy", "nothing"),
    ]
    return next([name, change] for sign, name, change in signs if sign)


def _by_what_was_learned(record):
    """First whether anything was learned, then why not, or how well."""
    loss, valid, units = record["loss"], record["valid_loss"], record["dead"][0]
    if loss[0] > 30:
        return "bad initialisation", "model"
    if loss[-1] > 1e3:
        return "exploding loss", "optimiser"
    if record["accuracy"][-1] < 0.4:
        first, last = record["gradient"][0, 0], record["gradient"][0, -1]
        if units > 0.5:
            return "dead units", "model"
        return (
            ("vanishing gradients", "model") if first < last / 10 else ("rate too low", "optimiser")
        )
    sums = np.corrcoef(record["batch_loss"][10:])
    if np.mean(sums) > 0.6:
        return "unshuffled rows", "data"
    if loss[-5:].mean() > 0.1:
        return "rate too high", "optimiser"
    if valid[-1] < 0.06:
        return "leaking labels", "data"
    return ("overfitting", "optimiser") if valid[-1] > 0.65 else ("healthy", "nothing")


EXERCISE = Exercise(
    diagnose,
    _charts,
    _certify,
    title="The clinic",
    difficulty=4,
    minutes=30,
    points=2,
    hints=(
        "Ask in the order of certainty, as a doctor does: what can be told before the first update, what from the size of the loss alone, and what only by comparing two curves?",
        "Each illness has a sign that no other has: a loss[0] far above log 10, a huge maximum, dead, the ratio of the first layer's gradient to the last's, mini-batch losses that repeat (np.corrcoef of two epochs), a validation that is too good.",
        "What is left after these: it has not got anywhere, it does not settle, its validation loss has risen from its least, or nothing is wrong. Make runs with draw and run, and print your number for each illness before you set a limit.",
    ),
    mistakes=(
        training_alone,
        a_gap_is_an_illness,
        perfect_is_healthy,
        flat_means_converged,
        flat_means_too_slow,
        dead_taken_for_vanishing,
        rises_mean_too_high,
        the_start_not_looked_at,
        the_start_is_the_rate,
        always_the_optimiser,
        always_more_data,
        changes_the_healthy,
    ),
    alternatives=(_by_a_table, _by_what_was_learned),
    partial=True,
)
