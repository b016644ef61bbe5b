"""lr_range_test: the judge walks the run itself, with sums in the place of the running mean, and counts the batches."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise, Oracle


def lr_range_test(loss_and_grad, x, low, high, count, beta):
    """The triple (rates, smoothed, choice) of a learning-rate range test from x, of shape (p,).

    loss_and_grad(x, k) is the loss at x and its gradient, both on mini-batch k;
    x_next = x − rate_k · gradient, for k = 0, 1, ..., count − 1, with rates that grow by a
    constant factor from low to high. smoothed_k is the mean of the losses 0, ..., k with the
    weights βᵏ, ..., β, 1: the newest weighs most. The test ends as soon as a loss is not finite
    or its smoothed_k exceeds 4 times the least so far; what ended it is not recorded. rates and
    smoothed hold what is recorded, an entry a mini-batch. choice is a tenth of the rate at
    which smoothed is least.
    """
    x = np.array(x, dtype=float)
    total = weights = 0.0
    rates: list[float] = []
    smoothed: list[float] = []
    for k in range(count):
        rate = low * (high / low) ** (k / (count - 1))
        loss, gradient = loss_and_grad(x, k)
        total, weights = beta * total + loss, beta * weights + 1
        if not np.isfinite(loss) or (smoothed and total / weights > 4 * min(smoothed)):
            break
        rates.append(rate)
        smoothed.append(total / weights)
        x = x - rate * np.asarray(gradient)
    return np.array(rates), np.array(smoothed), rates[int(np.argmin(smoothed))] / 10


class Batches:
    """Bowls ½ Σ λⱼ (xⱼ − a_kⱼ)² + height, one for each mini-batch, whose centres a_k lie around 0; infinite beyond `edge`."""

    def __init__(self, eigenvalues: np.ndarray, centres: np.ndarray, edge: float):
        self.eigenvalues, self.centres, self.edge = eigenvalues, centres, edge

    def __call__(self, x: np.ndarray, k: int) -> tuple[float, np.ndarray]:
        off = np.asarray(x, dtype=float) - self.centres[int(k)]
        if np.linalg.norm(off) > self.edge:
            return np.inf, np.full(len(off), np.nan)
        return 0.5 + float(self.eigenvalues @ off**2) / 2, self.eigenvalues * off


def _tests(rng: np.random.Generator) -> Iterator[Arguments]:
    for p, low, high, count, beta, noise, edge in [
        (3, 1e-3, 30.0, 60, 0.7, 0.1, np.inf),  # explodes
        (2, 1e-4, 1e-2, 25, 0.9, 0.2, np.inf),  # too tame to explode
        (1, 1e-2, 100.0, 40, 0.0, 0.0, np.inf),  # nothing smoothed
        (2, 1e-2, 10.0, 50, 0.5, 0.05, 4.0),  # falls off the edge: infinity
        (4, 1e-3, 1e3, 30, 0.95, 0.1, np.inf),  # coarse
        (3, 0.02, 10.0, 200, 0.5, 0.02, np.inf),  # fine: it rises slowly beyond the edge
        (2, 0.5, 2.0, 2, 0.5, 0.1, np.inf),  # shortest
    ]:
        eigenvalues = np.round(np.exp(rng.uniform(-1, 1.5, p)), 2)
        batches = Batches(eigenvalues, noise * rng.standard_normal((count, p)), edge)
        x = np.round(rng.choice([-1, 1], p) * rng.uniform(1, 1.8, p), 1)
        yield {
            "loss_and_grad": Oracle(
                batches,
                count,
                "a mini-batch",
                f"the test has at most {count}, with one call for each",
            ),
            "x": x,
            "low": low,
            "high": high,
            "count": count,
            "beta": beta,
        }


def _walk(function, x, low, high, count, beta):
    """(rates, smoothed): the recorded part of the run, with the weighted means as they are defined."""
    losses: list[float] = []
    means: list[float] = []
    all_rates = np.geomspace(low, high, count)
    for k in range(count):
        loss, gradient = function(x, k)
        losses.append(loss)
        mean = float(np.average(losses, weights=np.power(beta, np.arange(k + 1)[::-1])))
        if not np.isfinite(loss) or (means and mean > 4 * min(means)):
            break
        means.append(mean)
        x = x - all_rates[k] * gradient
    return all_rates[: len(means)], np.array(means)


def _row(told, name):
    """`told` as a row of numbers; a ValueError that says what it is instead."""
    row = np.asarray(told)
    if row.ndim != 1 or row.dtype.kind not in "iuf":
        raise ValueError(f"{name} should be a row of numbers; yours has the shape {row.shape}")
    return row


def _certify(value, loss_and_grad, x, low, high, count, beta):
    if not isinstance(value, tuple | list) or len(value) != 3:
        return "three things are asked: the rates, the smoothed losses and the choice"
    try:
        rates, smoothed = _row(value[0], "rates"), _row(value[1], "smoothed")
    except ValueError as form:
        return str(form)
    choice = value[2]
    if isinstance(choice, bool) or not isinstance(choice, int | float):
        return "the choice should be one number"
    right_rates, right = _walk(loss_and_grad.function, x, low, high, count, beta)
    rows = ((rates, right_rates, "rate"), (smoothed, right, "smoothed loss"))
    for told, wanted, name in rows:
        both = min(len(told), len(wanted))
        off = ~(np.abs(told[:both] - wanted[:both]) <= 1e-4 * np.abs(wanted[:both]))
        if np.any(off):
            k = int(np.argmax(off))
            return f"the {name} of mini-batch {k} should be {wanted[k]:.6g}; yours is {told[k]:.6g}"
    for told, wanted, name in rows:
        if len(told) != len(wanted):
            why = "the next one ends the test" if len(right) < count else "that is all of them"
            return f"{len(wanted)} mini-batches should be recorded, and {why}; you have {len(told)} entries for the {name}"
    least = right_rates[right <= right.min() * (1 + 1e-6)] / 10
    if not np.any(np.abs(choice - least) <= 1e-4 * least):
        return f"the smoothed loss is least at the rate {10 * least[0]:.5g}, so choice should be {least[0]:.5g}; yours is {choice:.5g}"
    if loss_and_grad.calls > len(right) + 1:
        return (
            f"{len(right)} mini-batches are recorded, and one more may end the test; you asked for {loss_and_grad.calls}. "
            "One call gives the loss and the gradient together"
        )
    return True


def _like(
    rate=None,
    mean=None,
    stop=4.0,
    against=min,
    record_last=False,
    choose=lambda rates, means: rates[int(np.argmin(means))] / 10,
    sign=1.0,
    move=True,
):
    """A range test in which one thing is another: the rates, the mean, the end, the choice or the step."""

    def answer(loss_and_grad, x, low, high, count, beta):
        x = np.array(x, dtype=float)
        rates: list[float] = []
        losses: list[float] = []
        means: list[float] = []
        for k in range(count):
            r = (
                low * (high / low) ** (k / (count - 1))
                if rate is None
                else rate(k, low, high, count)
            )
            loss, gradient = loss_and_grad(x, k)
            losses.append(loss)
            weights = np.power(beta, np.arange(k + 1)[::-1])
            m = float(np.average(losses, weights=weights)) if mean is None else mean(losses, beta)
            ended = not np.isfinite(loss) or bool(means and m > stop * against(means))
            if ended and not (record_last and np.isfinite(loss)):
                break
            rates.append(r)
            means.append(m)
            if ended:
                break
            if move:
                x = x - sign * r * np.asarray(gradient)
        return np.array(rates), np.array(means), choose(np.array(rates), np.array(means))

    return answer


def straight_rates(loss_and_grad, x, low, high, count, beta):
    """Your rates grow by a constant amount: then nearly all are of the size of high. They should grow by a constant factor."""

    def rate(k, low, high, count):
        return low + (high - low) * k / (count - 1)

    return _like(rate)(loss_and_grad, x, low, high, count, beta)


def never_reaches_high(loss_and_grad, x, low, high, count, beta):
    """Your last rate would be below high: from low to high there are count − 1 factors, not count."""

    def rate(k, low, high, count):
        return low * (high / low) ** (k / count)

    return _like(rate)(loss_and_grad, x, low, high, count, beta)


def starts_one_late(loss_and_grad, x, low, high, count, beta):
    """Your first rate is already above low: update 0 has the rate low itself."""

    def rate(k, low, high, count):
        return low * (high / low) ** ((k + 1) / count)

    return _like(rate)(loss_and_grad, x, low, high, count, beta)


def not_smoothed(loss_and_grad, x, low, high, count, beta):
    """You recorded the losses as they come: a single lucky mini-batch then decides. Smooth them."""
    return _like(mean=lambda losses, beta: losses[-1])(loss_and_grad, x, low, high, count, beta)


def biased_mean(loss_and_grad, x, low, high, count, beta):
    """Your running mean starts at 0 and so is too small at first, which looks like a loss that rises: divide by the sum of the weights, as Adam does."""

    def mean(losses, beta):
        return sum((1 - beta) * beta**i * loss for i, loss in enumerate(reversed(losses)))

    return _like(mean=mean)(loss_and_grad, x, low, high, count, beta)


def mean_from_the_first(loss_and_grad, x, low, high, count, beta):
    """Your running mean starts at the first loss, which thereby keeps too much weight: the weights are βᵏ, ..., β, 1, divided by their sum."""

    def mean(losses, beta):
        m = losses[0]
        for loss in losses[1:]:
            m = beta * m + (1 - beta) * loss
        return m

    return _like(mean=mean)(loss_and_grad, x, low, high, count, beta)


def weights_turned_round(loss_and_grad, x, low, high, count, beta):
    """Your mean gives the newest loss the share β, and the past the rest: it is the past that is multiplied by β."""

    def mean(losses, beta):
        weights = np.power(1 - beta, np.arange(len(losses))[::-1])
        return float(np.average(losses, weights=weights))

    return _like(mean=mean)(loss_and_grad, x, low, high, count, beta)


def recorded_the_end(loss_and_grad, x, low, high, count, beta):
    """You recorded the smoothed loss that ended the test as well: look before you append."""
    return _like(record_last=True)(loss_and_grad, x, low, high, count, beta)


def stopped_at_the_first_rise(loss_and_grad, x, low, high, count, beta):
    """You stopped as soon as the smoothed loss rose at all: with mini-batches it does so all the time. Stop when it exceeds 4 times the least."""
    return _like(stop=1.0)(loss_and_grad, x, low, high, count, beta)


def compared_with_the_first(loss_and_grad, x, low, high, count, beta):
    """You end the test where the smoothed loss exceeds 4 times the first one: compare with the least so far."""
    return _like(stop=4.0, against=lambda means: means[0])(loss_and_grad, x, low, high, count, beta)


def chose_the_least(loss_and_grad, x, low, high, count, beta):
    """Your choice is the rate at which the smoothed loss is least: that is the edge of what goes well. Take a tenth of it."""
    return _like(choose=lambda rates, means: rates[int(np.argmin(means))])(
        loss_and_grad, x, low, high, count, beta
    )


def chose_from_the_end(loss_and_grad, x, low, high, count, beta):
    """Your choice is a tenth of the last rate: at the end the loss had already risen fourfold. Take a tenth of the rate at which it was least."""
    return _like(choose=lambda rates, means: rates[-1] / 10)(
        loss_and_grad, x, low, high, count, beta
    )


def never_moved(loss_and_grad, x, low, high, count, beta):
    """You measure the loss at the start again and again: after each mini-batch x takes its step."""
    return _like(move=False)(loss_and_grad, x, low, high, count, beta)


def uphill(loss_and_grad, x, low, high, count, beta):
    """Your steps go uphill: x_next is x minus the rate times the gradient."""
    return _like(sign=-1.0)(loss_and_grad, x, low, high, count, beta)


def asked_too_often(loss_and_grad, x, low, high, count, beta):
    """You asked for more mini-batches than the test has: one call of loss_and_grad an update (it gives the loss and the gradient together), and none after the end."""
    for k in range(2 * count):
        loss, gradient = loss_and_grad(x, k % count)
        x = x - low * np.asarray(gradient)
    return np.array([low]), np.array([loss]), low


def _with_lists(loss_and_grad, x, low, high, count, beta):
    weighted, weight, x = 0.0, 0.0, [float(entry) for entry in x]
    rates: list[float] = []
    means: list[float] = []
    factor, r = (high / low) ** (1 / (count - 1)), low
    for k in range(count):
        loss, gradient = loss_and_grad(x, k)
        weighted, weight = weighted * beta + loss, weight * beta + 1
        if not abs(loss) < float("inf") or weighted / weight > 4 * min([*means, float("inf")]):
            break
        rates, means = [*rates, r], [*means, weighted / weight]
        x = [a - r * b for a, b in zip(x, gradient, strict=True)]
        r = r * factor
    return [rates, means, 0.1 * rates[means.index(min(means))]]


def _corrected_as_adam_does(loss_and_grad, x, low, high, count, beta):
    rates, mean = np.logspace(np.log10(low), np.log10(high), count), 0.0
    smoothed: list[float] = []
    for k, rate in enumerate(rates, 1):
        loss, gradient = loss_and_grad(x, k - 1)
        mean = beta * mean + (1 - beta) * loss
        if np.isinf(loss) or (k > 1 and mean / (1 - beta**k) > 4 * np.min(smoothed)):
            break
        smoothed.append(mean / (1 - beta**k))
        x = x - rate * gradient
    return rates[: len(smoothed)], smoothed, rates[np.argmin(smoothed)] / 10


EXERCISE = Exercise(
    lr_range_test,
    _tests,
    _certify,
    title="The learning-rate range test",
    difficulty=3,
    minutes=15,
    hints=(
        "Each mini-batch: its rate, one call, the smoothed loss, the question whether to end, then record, then step. In this order.",
        "The rate of mini-batch k is low · (high/low)^(k/(count − 1)). For the mean keep two running sums, β · sum + loss and β · sum + 1, and divide.",
        "What ends the test is compared with the least smoothed loss that is recorded; at k = 0 there is none yet.",
    ),
    mistakes=(
        straight_rates,
        never_reaches_high,
        starts_one_late,
        not_smoothed,
        biased_mean,
        mean_from_the_first,
        weights_turned_round,
        recorded_the_end,
        stopped_at_the_first_rise,
        compared_with_the_first,
        chose_the_least,
        chose_from_the_end,
        never_moved,
        uphill,
        asked_too_often,
    ),
    alternatives=(_with_lists, _corrected_as_adam_does),
    free=True,
)
