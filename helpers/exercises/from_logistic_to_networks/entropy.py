"""cross_entropy: value and slope, judged with each probability from its own sum of exponentials."""

import math
from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def cross_entropy(scores, y):
    """The pair (value, gradient) of the mean loss
    (1/n) Σᵢ [log Σₖ exp(zᵢₖ) − zᵢ,yᵢ] in the scores.

    scores is n x K with entries zᵢₖ up to 10000 in size, y has n entries in {0, ..., K − 1}.
    The gradient is n x K.
    """
    n, K = scores.shape
    shifted = scores - scores.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    Y = np.eye(K)[y]
    value = np.mean(np.log(total[:, 0]) - np.sum(shifted * Y, axis=1))
    return value, (np.exp(shifted) / total - Y) / n


def _scores(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, K in [(6, 3), (1, 4), (4, 4), (7, 2)]:
        z = np.round(2 * rng.standard_normal((n, K)), 2)
        yield {"scores": z, "y": rng.permutation(np.arange(n) % (K - (n == 4)))}
    z = np.round(rng.standard_normal((4, 3)), 2)
    z[:, 0] = [9000, -8000, 40, -60]  # the second row's class is hopeless: its loss is about 8000
    yield {"scores": z, "y": np.array([0, 0, 1, 2])}


def _certify(value, scores, y):
    told, gradient = value
    n, K = scores.shape
    terms, slopes = [], np.empty((n, K))
    for i in range(n):
        for k in range(K):
            others = [min(float(scores[i, j] - scores[i, k]), 700.0) for j in range(K)]
            slopes[i, k] = (1 / math.fsum(map(math.exp, others)) - (y[i] == k)) / n
        gaps = [float(scores[i, j] - scores[i, y[i]]) for j in range(K)]
        top = max(gaps)
        terms.append(top + math.log(math.fsum(math.exp(g - top) for g in gaps)))
    right = math.fsum(terms) / n
    if not abs(told - right) <= 1e-5 * (1e-3 + right):
        return f"the mean loss should be {right:.6g}; yours is {told:.6g}"
    off = np.abs(gradient - slopes)
    if np.all(off <= 1e-5 / n):
        return True
    i, k = (int(v) for v in np.unravel_index(np.argmax(off), off.shape))
    return (
        f"the slope in the score {i, k} should be {slopes[i, k]:.6g}; yours is {gradient[i, k]:.6g}"
    )


def _parts(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    Y = np.eye(scores.shape[1])[y]
    return np.log(total[:, 0]) - np.sum(shifted * Y, axis=1), np.exp(shifted) / total, Y


def overflowed(scores, y):
    """exp overflows for a score above 709. Taking the row's maximum off all its scores changes neither loss nor slope."""
    n, K = scores.shape
    e = np.exp(scores)
    Y = np.eye(K)[y]
    value = np.mean(np.log(e.sum(axis=1)) - np.sum(scores * Y, axis=1))
    return value, (e / e.sum(axis=1, keepdims=True) - Y) / n


def overflowed_in_the_probabilities(scores, y):
    """exp overflows for a score above 709, and ∞/∞ is no number. Taking the row's maximum off all its scores changes no probability; and log Σ exp(z) − z needs no log of one."""
    e = np.exp(scores)
    P = e / e.sum(axis=1, keepdims=True)
    Y = np.eye(scores.shape[1])[y]
    return -np.mean(np.log(P[np.arange(len(y)), y])), (P - Y) / len(y)


def one_maximum_for_all(scores, y):
    """You took the largest of all scores off every row: a row far below it becomes exp(−thousands) = 0 throughout. Take off each row's own maximum (axis=1, keepdims=True)."""
    shifted = scores - scores.max()
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    Y = np.eye(scores.shape[1])[y]
    value = np.mean(np.log(total[:, 0]) - np.sum(shifted * Y, axis=1))
    return value, (e / total - Y) / len(y)


def maximum_taken_off_once(scores, y):
    """You took the row's maximum off inside the log-sum-exp, but not off the score of the right class: take it off both, or add it back."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses - scores.max(axis=1)), (P - Y) / len(y)


def probabilities_down_the_columns(scores, y):
    """Your probabilities add up to 1 down the columns: a row is a sample, so sum over axis=1."""
    e = np.exp(scores - scores.max(axis=0))
    P = e / e.sum(axis=0)
    Y = np.eye(scores.shape[1])[y]
    return -np.mean(np.log(P[np.arange(len(y)), y])), (P - Y) / len(y)


def logarithm_of_a_probability(scores, y):
    """You took the log of a probability that had become 0: with the scores shifted, log Σ exp(z) − z needs no such log."""
    _, P, Y = _parts(scores, y)
    return -np.mean(np.log(np.sum(P * Y, axis=1))), (P - Y) / len(y)


def logarithm_with_a_floor(scores, y):
    """You added a small number inside the log: then no loss exceeds log(1/ε), and a hopeless row looks harmless. log Σ exp(z) − z is finite by itself."""
    _, P, Y = _parts(scores, y)
    return -np.mean(np.log(np.sum(P * Y, axis=1) + 1e-12)), (P - Y) / len(y)


def summed(scores, y):
    """You have the sum over the rows: the mean is asked, in the value and in the slope."""
    losses, P, Y = _parts(scores, y)
    return np.sum(losses), P - Y


def slope_of_the_sum(scores, y):
    """Your value is the mean, your slope that of the sum: divide it by n as well, or the step length depends on the batch."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses), P - Y


def averaged_over_all_entries(scores, y):
    """You divided the slope by n·K: the mean goes over the rows only."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses), (P - Y) / scores.size


def uphill(scores, y):
    """Your slope has the wrong sign: raising the score of the right class lowers the loss, so its slope is p − 1."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses), (Y - P) / len(y)


def labels_forgotten(scores, y):
    """Your slope lacks the term −zᵢ,yᵢ: subtract 1 from the probability of the right class."""
    losses, P, _ = _parts(scores, y)
    return np.mean(losses), P / len(y)


def only_the_right_class(scores, y):
    """Your slope is 0 for the wrong classes: their scores stand in the log-sum-exp, too, and are pushed down by pₖ."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses), (P - Y) * Y / len(y)


def in_bits(scores, y):
    """Your logarithm has base 2: the natural one is meant, whose slope has no factor."""
    losses, P, Y = _parts(scores, y)
    return np.mean(losses) / np.log(2), (P - Y) / len(y)


def squares_of_probabilities(scores, y):
    """You took squares of P − Y: that is the mean squared error of probabilities, which is not convex in the scores."""
    _, P, Y = _parts(scores, y)
    return np.sum((P - Y) ** 2) / len(y), 2 * (P - Y) / len(y)


def _row_by_row(scores, y):
    value, rows = 0.0, []
    for z, k in zip(scores, y, strict=True):
        p = np.exp(z - np.logaddexp.reduce(z))
        value += np.logaddexp.reduce(z) - z[k]
        p[k] -= 1
        rows.append(list(p / len(y)))
    return value / len(y), rows


def _in_single_precision(scores, y):
    z = scores.astype(np.float32)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    P = np.exp(log_p)
    P[rows, y] -= 1
    return -log_p[rows, y].astype(float).mean(), P / len(y)


EXERCISE = Exercise(
    cross_entropy,
    _scores,
    _certify,
    title="The loss and its slope in the scores",
    difficulty=2,
    minutes=12,
    hints=(
        "Do one row on paper: the derivative of log Σ exp(zⱼ) by zₖ is the probability pₖ.",
        "So a row's slope is p minus the unit vector of its class, and the mean divides it by n. np.eye(K)[y] has these unit vectors as rows.",
        "Subtract each row's maximum first (keepdims=True); the loss is log Σ exp(shifted) − shifted of the class, with no log of a probability.",
    ),
    mistakes=(
        overflowed,
        overflowed_in_the_probabilities,
        one_maximum_for_all,
        maximum_taken_off_once,
        probabilities_down_the_columns,
        logarithm_of_a_probability,
        logarithm_with_a_floor,
        summed,
        slope_of_the_sum,
        averaged_over_all_entries,
        uphill,
        labels_forgotten,
        only_the_right_class,
        in_bits,
        squares_of_probabilities,
    ),
    alternatives=(_row_by_row, _in_single_precision),
)
