"""cosine_schedule: the judge builds the cosine from three entries by its recurrence, without a cosine in each."""

from collections.abc import Iterator
from math import cos, pi

import numpy as np

from ..exercise import Arguments, Exercise


def cosine_schedule(total, peak, warmup, floor):
    """The rates of the updates k = 0, 1, ..., total − 1, an array of shape (total,).

    For k < warmup they rise in equal parts: the first is peak/warmup, the one with
    k = warmup − 1 is peak. From k = warmup on they follow half a period of a cosine, which is
    at peak for k = warmup and would reach floor at k = total. 0 ≤ warmup < total,
    0 ≤ floor < peak.
    """
    k = np.arange(total)
    share = (k - warmup) / (total - warmup)
    fall = floor + (peak - floor) * (1 + np.cos(np.pi * share)) / 2
    rise = peak * (k + 1) / max(warmup, 1)
    return np.where(k < warmup, rise, fall)


def _schedules(rng: np.random.Generator) -> Iterator[Arguments]:
    for total, warmup, least in [
        (12, 4, 0.1),
        (9, 0, 0.0),
        (30, 10, 0.0),
        (7, 1, 0.3),
        (5, 4, 0.2),
        (1, 0, 0.5),
        (40, 0, 0.05),
        (25, 5, 0.01),
    ]:
        peak = round(float(np.exp(rng.uniform(-4, 2))), 3)
        yield {"total": total, "peak": peak, "warmup": warmup, "floor": least * peak}


def _by_recurrence(total, peak, warmup, floor):
    """Above their middle c the rates obey r(k + 1) − c = 2 cos δ (r(k) − c) − (r(k − 1) − c): Chebyshev's recurrence."""
    rates = [peak * (k + 1) / warmup for k in range(warmup)]
    middle, turn = (peak + floor) / 2, cos(pi / (total - warmup))
    above = [peak - middle, (peak - middle) * turn]
    while len(above) < total - warmup:
        above.append(2 * turn * above[-1] - above[-2])
    return np.array(rates + [middle + a for a in above[: total - warmup]])


def _certify(value, total, peak, warmup, floor):
    wanted = _by_recurrence(total, peak, warmup, floor)
    off = np.abs(value - wanted)
    if np.all(off <= 1e-5 * peak):
        return True
    k = int(np.argmax(off > 1e-5 * peak))
    where = "in the warm-up" if k < warmup else "on the cosine"
    return (
        f"with total = {total}, warmup = {warmup}, peak = {peak:g} and floor = {floor:.4g} the rate of update k = {k}, "
        f"{where}, should be {wanted[k]:.6g}; yours is {value[k]:.6g}"
    )


def _fall(share, peak, floor):
    return floor + (peak - floor) * (1 + np.cos(np.pi * share)) / 2


def _rise(total, peak, warmup):
    return peak * (np.arange(total) + 1) / max(warmup, 1)


def no_warmup(total, peak, warmup, floor):
    """Your schedule starts at peak: the first `warmup` rates should rise to it."""
    k = np.arange(total)
    return _fall(np.maximum(k - warmup, 0) / (total - warmup), peak, floor)


def starts_at_zero(total, peak, warmup, floor):
    """Your first rate is 0, and an update is wasted: the rate of update k in the warm-up is peak (k + 1)/warmup."""
    k = np.arange(total)
    rise = peak * k / max(warmup, 1)
    return np.where(k < warmup, rise, _fall((k - warmup) / (total - warmup), peak, floor))


def cosine_from_the_start(total, peak, warmup, floor):
    """Your cosine began at k = 0, so the rate drops when the warm-up ends: after the warm-up the share that is gone is (k − warmup)/(total − warmup)."""
    k = np.arange(total)
    return np.where(k < warmup, _rise(total, peak, warmup), _fall(k / total, peak, floor))


def over_the_whole_length(total, peak, warmup, floor):
    """You divide k − warmup by total, so your cosine is still far from floor at the end: it has total − warmup updates."""
    k = np.arange(total)
    return np.where(
        k < warmup, _rise(total, peak, warmup), _fall((k - warmup) / total, peak, floor)
    )


def whole_period(total, peak, warmup, floor):
    """Your rate falls and climbs back to peak: take half a period, cos from 0 to π."""
    k = np.arange(total)
    share = 2 * (k - warmup) / (total - warmup)
    return np.where(k < warmup, _rise(total, peak, warmup), _fall(share, peak, floor))


def quarter_period(total, peak, warmup, floor):
    """You use cos from 0 to π/2, a quarter of a period, which leaves peak level and arrives steeply: half a period is level at both ends."""
    k = np.arange(total)
    share = (k - warmup) / (total - warmup)
    fall = floor + (peak - floor) * np.cos(np.pi / 2 * share)
    return np.where(k < warmup, _rise(total, peak, warmup), fall)


def straight_line(total, peak, warmup, floor):
    """Your rate falls on a straight line: take (1 + cos(π share))/2 in the place of 1 − share."""
    k = np.arange(total)
    fall = peak + (floor - peak) * (k - warmup) / (total - warmup)
    return np.where(k < warmup, _rise(total, peak, warmup), fall)


def no_floor(total, peak, warmup, floor):
    """Your rate falls towards 0: it should fall towards floor."""
    return cosine_schedule(total, peak, warmup, 0.0)


def floor_on_top(total, peak, warmup, floor):
    """You added floor to a cosine that starts at peak, which makes peak + floor: what falls is peak − floor."""
    k = np.arange(total)
    fall = floor + _fall((k - warmup) / (total - warmup), peak, 0.0)
    return np.where(k < warmup, _rise(total, peak, warmup), fall)


def floor_as_a_bound(total, peak, warmup, floor):
    """You let the cosine fall to 0 and cut it off at floor: then the rate stands still at the end. The cosine goes from peak to floor."""
    k = np.arange(total)
    fall = np.maximum(_fall((k - warmup) / (total - warmup), peak, 0.0), floor)
    return np.where(k < warmup, _rise(total, peak, warmup), fall)


def warmup_from_the_floor(total, peak, warmup, floor):
    """Your warm-up starts from floor: it rises in equal parts from nothing, the first rate being peak/warmup."""
    k = np.arange(total)
    rise = floor + (peak - floor) * (k + 1) / max(warmup, 1)
    return np.where(k < warmup, rise, _fall((k - warmup) / (total - warmup), peak, floor))


def degrees(total, peak, warmup, floor):
    """You gave the cosine degrees: np.cos takes radians, so half a period is π."""
    k = np.arange(total)
    share = 180 / np.pi * (k - warmup) / (total - warmup)
    return np.where(k < warmup, _rise(total, peak, warmup), _fall(share, peak, floor))


def arrives_at_the_last(total, peak, warmup, floor):
    """Your last rate is floor itself: the cosine would arrive there at k = total, one update after the last."""
    k = np.arange(total)
    share = (k - warmup) / max(total - warmup - 1, 1)
    return np.where(k < warmup, _rise(total, peak, warmup), _fall(share, peak, floor))


def _one_by_one(total, peak, warmup, floor):
    rates = []
    for k in range(total):
        if k < warmup:
            rates.append((k + 1) / warmup * peak)
        else:
            s = np.sin(np.pi / 2 * (k - warmup) / (total - warmup))
            rates.append(peak - (peak - floor) * s * s)  # (1 + cos 2a)/2 = 1 − sin² a
    return rates


def _in_two_parts(total, peak, warmup, floor):
    up = np.linspace(0, peak, warmup + 1)[1:]
    angle = np.linspace(0, np.pi, total - warmup, endpoint=False)
    return np.concatenate([up, (peak + floor) / 2 + (peak - floor) / 2 * np.cos(angle)])


EXERCISE = Exercise(
    cosine_schedule,
    _schedules,
    _certify,
    title="Warm-up and cosine",
    difficulty=1,
    minutes=8,
    hints=(
        "Two formulas, and k < warmup decides. Check each at its ends: k = 0, k = warmup − 1, k = warmup, and k = total, which is just outside.",
        "(1 + cos(π s))/2 goes from 1 to 0 while s goes from 0 to 1. What is s at k = warmup, and at k = total?",
        "With warmup = 0 nothing rises: mind the division, or fill only the part of the array that there is.",
    ),
    mistakes=(
        no_warmup,
        starts_at_zero,
        cosine_from_the_start,
        over_the_whole_length,
        whole_period,
        quarter_period,
        straight_line,
        no_floor,
        floor_on_top,
        floor_as_a_bound,
        warmup_from_the_floor,
        degrees,
        arrives_at_the_last,
    ),
    alternatives=(_one_by_one, _in_two_parts),
)
