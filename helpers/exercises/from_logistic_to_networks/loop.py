"""train_loop: the judge makes every update, so it has written down what the run did, and reads it."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from ..failures import OracleSpent
from .common import Params
from .runs import Setting, draw_setting


def train_loop(params, n, batch, update, valid_loss, rounds, seed):
    """The pair (best, epochs): the network with the least validation loss of the run, and the
    number of epochs made.

    An epoch goes through the rows 0, ..., n − 1 in a new random order, `batch` rows at a time;
    where they do not fill a last mini-batch, it is shorter. update(params, rows) is the network
    after the update with these rows, an array of row numbers. valid_loss(params) is a network's
    validation loss, of interest before the first epoch (the start may be best) and after each.
    The run ends once the loss has not fallen below its least so far for `rounds` epochs in a
    row. Draw the orders from rng = np.random.default_rng(seed).
    """
    rng = np.random.default_rng(seed)
    best, least, since, epochs = params, valid_loss(params), 0, 0
    while since < rounds:
        order = rng.permutation(n)
        for at in range(0, n, batch):
            params = update(params, order[at : at + batch])
        epochs += 1
        loss = valid_loss(params)
        since += 1
        if loss < least:
            best, least, since = params, loss, 0
    return best, epochs


def _runs(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, batch, rounds, sizes, wrong in [
        (20, 8, 3, (2, 5, 2), 0.4),
        (15, 10, 1, (3, 4, 3), 0.4),
        (13, 6, 5, (2, 6, 2), 0.4),
        (12, 5, 4, (2, 3, 2), 1.0),
    ]:
        setting = draw_setting(n, batch, rounds, sizes, wrong, rng)
        while not _tells_apart(setting, wrong == 1):
            setting = draw_setting(n, batch, rounds, sizes, wrong, rng)
        yield setting.asked(80)


def _epochs(count, arguments: Arguments) -> int:
    """How many epochs a loop makes; 1000 if it does not end within its updates."""
    try:
        return int(count(*arguments.values())[1])
    except OracleSpent:
        return 1000


def _tells_apart(setting: Setting, start_is_best: bool) -> bool:
    """Whether the run ends soon, has its best where it should, and wrong ways to count end elsewhere."""
    epochs, rounds = _epochs(train_loop, setting.asked(25)), setting.rounds
    if start_is_best:
        return epochs == rounds
    wrong = [_epochs(count, setting.asked(15)) for count in _COUNTS] if rounds == 5 else []
    return rounds + 1 < epochs <= 15 and epochs not in wrong


def _same(a: Params, b: Params) -> bool:
    return all(
        np.shape(p) == np.shape(q) and np.allclose(p, q, rtol=1e-6, atol=1e-9)
        for u, v in zip(a, b, strict=True)
        for p, q in zip(u, v, strict=True)
    )


def _epochs_of(log, params, n, batch):
    """The networks at the ends of the epochs, the start first; or a sentence on what is wrong with the updates."""
    ends, now = [params], params
    orders: list[list[int]] = []
    taken: list[int] = []
    for k, (before, rows, after) in enumerate(log):
        epoch, left = len(ends), n - len(taken)
        if not _same(before, now):
            return (
                f"update {k + 1} starts from another network than update {k} left: params = update(params, rows)"
                if k
                else "the first update should start from params"
            )
        if len(rows) != min(batch, left):
            return (
                f"in epoch {epoch}, when {left} of the {n} rows were left, the next mini-batch should have "
                f"{min(batch, left)}; yours has {len(rows)}"
            )
        taken, now = [*taken, *rows.tolist()], after
        if len(taken) == n:
            counts = np.bincount(taken, minlength=n)
            if np.any(counts != 1):
                row = int(np.argmax(np.abs(counts - 1)))
                return f"an epoch takes every row once; your epoch {epoch} takes row {row} {counts[row]} times"
            if taken == list(range(n)):
                return f"your epoch {epoch} takes the rows as they lie; draw an order"
            if orders and taken == orders[-1]:
                return f"your epochs {epoch - 1} and {epoch} take the rows in the same order; draw a new one in each"
            ends, orders, taken = [*ends, now], [*orders, taken], []
    if taken:
        return f"your last epoch ends after {len(taken)} of {n} rows"
    return ends


def _certify(value, params, n, batch, update, valid_loss, rounds, seed):
    best, epochs = value
    ends = _epochs_of(update.function.log, params, n, batch)
    if isinstance(ends, str):
        return ends
    losses = [valid_loss.function(net) for net in ends]
    least, since = 0, 0
    for made in range(1, len(ends)):
        if since == rounds:
            return (
                f"at the end of epoch {made - 1} the least loss was that of epoch {least}, {rounds} epochs ago, "
                f"which is rounds: the run ends there; you made {len(ends) - 1}"
            )
        least, since = (made, 0) if losses[made] < losses[least] else (least, since + 1)
    if since < rounds:
        return f"you stopped after epoch {len(ends) - 1}, and the least loss is that of epoch {least}: go on until rounds = {rounds} epochs have passed since"
    if epochs != len(ends) - 1:
        return f"you made {len(ends) - 1} epochs, and return {epochs}"
    if not _same(best, ends[least]):
        return (
            f"the least validation loss is {losses[least]:.5g}, at the end of epoch {least}; "
            f"that of the network that you return is {valid_loss.function(best):.5g}"
        )
    return True


def _like(
    order=lambda rng, n: rng.permutation(n),
    gained=lambda loss, least, last: loss < least,
    since_gain=lambda since: 0,
    more=0,
    best_of=lambda best, last: best,
    told=lambda epochs, since: epochs,
    from_start=False,
    start_counts=True,
    tail=True,
    of_epoch=lambda batches: batches,
):
    """A training loop in which one thing is another."""

    def answer(params, n, batch, update, valid_loss, rounds, seed):
        rng = np.random.default_rng(seed)
        start, best, least = params, params, valid_loss(params) if start_counts else np.inf
        last, since, epochs = least, 0, 0
        while since < rounds + more:
            rows = order(rng, n)
            batches = [rows[at : at + batch] for at in range(0, n, batch)]
            for chosen in of_epoch(batches if tail or n % batch == 0 else batches[:-1]):
                params = update(start if from_start else params, chosen)
            epochs += 1
            loss = valid_loss(params)
            since += 1
            if gained(loss, least, last):
                since = since_gain(since - 1)
            if loss < least:
                best, least = params, loss
            last = loss
        return best_of(best, params), told(epochs, since)

    return answer


def the_last_network(params, n, batch, update, valid_loss, rounds, seed):
    """You return the last network: the best one was left some epochs ago, so keep it when you meet it."""
    wrong = _like(best_of=lambda best, last: last)
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def always_the_same_order(params, n, batch, update, valid_loss, rounds, seed):
    """All your epochs take the rows in one order: make rng once, before the loop, and draw a permutation in each epoch."""
    wrong = _like(order=lambda rng, n: np.random.default_rng(seed).permutation(n))
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def as_the_rows_lie(params, n, batch, update, valid_loss, rounds, seed):
    """You take the rows in the order in which they lie: sorted data then teach one class after the other. Draw a permutation in each epoch."""
    wrong = _like(order=lambda rng, n: np.arange(n))
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def with_repetitions(params, n, batch, update, valid_loss, rounds, seed):
    """You draw row numbers independently: some rows come twice in an epoch and others not at all. An epoch takes each once: a permutation, cut into pieces."""
    wrong = _like(order=lambda rng, n: rng.integers(0, n, n))
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def the_rest_left_out(params, n, batch, update, valid_loss, rounds, seed):
    """You leave out the rows that do not fill a mini-batch: the last one of an epoch is shorter."""
    return _like(tail=False)(params, n, batch, update, valid_loss, rounds, seed)


def one_mini_batch_an_epoch(params, n, batch, update, valid_loss, rounds, seed):
    """You make one update and call it an epoch: an epoch goes on until every row has been used."""
    wrong = _like(of_epoch=lambda batches: batches[:1])
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def from_the_start_again(params, n, batch, update, valid_loss, rounds, seed):
    """Each of your updates begins at the start of the run: go on from the network that the one before left, params = update(params, rows)."""
    return _like(from_start=True)(params, n, batch, update, valid_loss, rounds, seed)


def compared_with_the_epoch_before(params, n, batch, update, valid_loss, rounds, seed):
    """You count from the last epoch that was better than the one before it: what counts is a loss below the least of all before."""
    wrong = _like(gained=lambda loss, least, last: loss < last)
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def never_counted_anew(params, n, batch, update, valid_loss, rounds, seed):
    """You add up all epochs without a gain: when the loss falls below its least, begin to count anew."""
    wrong = _like(since_gain=lambda since: since)
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


def one_epoch_too_many(params, n, batch, update, valid_loss, rounds, seed):
    """You make one epoch too many: after `rounds` epochs without a gain the run is over."""
    return _like(more=1)(params, n, batch, update, valid_loss, rounds, seed)


def the_start_forgotten(params, n, batch, update, valid_loss, rounds, seed):
    """You did not ask for the loss of the start: where training only makes it worse, the start is the best network."""
    return _like(start_counts=False)(params, n, batch, update, valid_loss, rounds, seed)


def epoch_of_the_best(params, n, batch, update, valid_loss, rounds, seed):
    """You return the epoch at whose end the network was best: asked is how many were made."""
    wrong = _like(told=lambda epochs, since: epochs - since)
    return wrong(params, n, batch, update, valid_loss, rounds, seed)


_COUNTS = (never_counted_anew, compared_with_the_epoch_before)


def _with_the_whole_history(params, n, batch, update, valid_loss, rounds, seed):
    rng = np.random.default_rng([seed, 1])
    nets, losses = [params], [valid_loss(params)]
    while len(losses) - 1 - int(np.argmin(losses)) < rounds:
        order, net = rng.random(n).argsort(), nets[-1]
        for rows in np.array_split(order, range(batch, n, batch)):
            net = update(net, rows)
        nets, losses = [*nets, net], [*losses, valid_loss(net)]
    return nets[int(np.argmin(losses))], len(nets) - 1


def _with_lists_and_pops(params, n, batch, update, valid_loss, rounds, seed):
    rng = np.random.default_rng(seed)
    kept, least, left, epochs = params, valid_loss(params), rounds, 0
    while left:
        waiting = [int(row) for row in rng.choice(n, n, replace=False)]
        while waiting:
            rows, waiting = waiting[:batch], waiting[batch:]
            params = update(params, rows)
        epochs, left = epochs + 1, left - 1
        value = valid_loss(params)
        if value < least:
            kept, least, left = params, value, rounds
    return [[[W.tolist(), b.tolist()] for W, b in kept], epochs]


EXERCISE = Exercise(
    train_loop,
    _runs,
    _certify,
    title="Epochs, until it is enough",
    difficulty=3,
    minutes=15,
    hints=(
        "Two loops: the outer one goes on while fewer than `rounds` epochs have passed since the last gain, the inner one cuts one permutation into mini-batches.",
        "order = rng.permutation(n) once an epoch; order[at : at + batch] for at in range(0, n, batch) also gives the shorter rest.",
        "Four things live from epoch to epoch: params, the best network so far, its loss, and the epochs since. A new best sets the last one to 0.",
    ),
    mistakes=(
        the_last_network,
        always_the_same_order,
        as_the_rows_lie,
        with_repetitions,
        the_rest_left_out,
        one_mini_batch_an_epoch,
        from_the_start_again,
        compared_with_the_epoch_before,
        never_counted_anew,
        one_epoch_too_many,
        the_start_forgotten,
        epoch_of_the_best,
    ),
    alternatives=(_with_the_whole_history, _with_lists_and_pops),
)
