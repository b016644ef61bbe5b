"""Lesson 00, start here: one small exercise that shows how answers are judged."""

from collections.abc import Iterator

import numpy as np

from .exercise import Arguments, Exercise

LESSON = "00"


def first_check(y):
    """The number x that minimises f(x) = ½(x − y₁)² + ½(x − y₂)² + ... + ½(x − yₙ)².

    y is an array of n ≥ 1 numbers. Return one number.
    """
    return np.mean(y)


def _numbers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(y=np.array([1.0, 2.0, 6.0]))
    for n in (4, 1, 7, 50):
        yield dict(y=np.round(rng.standard_normal(n) * 3 + 1, 1))


def _slope_is_zero(x: float, y: np.ndarray) -> bool | str:
    """f is convex, so x minimises it exactly where the slope Σ (x − yᵢ) is zero."""
    slope = float(np.sum(x - y))
    if abs(slope) <= 1e-6 * (1 + np.abs(y).sum()):
        return True
    side = "downhill is to the left" if slope > 0 else "downhill is to the right"
    return f"at a minimum the slope f′(x) is 0; at your x = {x:.6g} it is {slope:.4g}: {side}"


def summed(y):
    """You returned the sum of the yᵢ: setting the slope n x − Σ yᵢ to zero leaves an n to divide by."""
    return np.sum(y)


def median(y):
    """You returned the median: that minimises the sum of distances |x − yᵢ|, not of their squares."""
    return np.median(y)


def middle_of_the_range(y):
    """You returned the middle between the smallest and the largest: that minimises the worst
    distance, not the sum of squares."""
    return (np.min(y) + np.max(y)) / 2


def wrong_sign(y):
    """You have the sign turned round: the slope is Σ (x − yᵢ), and it is zero at a positive x when
    the yᵢ are positive."""
    return -np.mean(y)


def halved(y):
    """You kept the ½: differentiating ½(x − yᵢ)² brings down a 2 that cancels it."""
    return np.mean(y) / 2


def smallest_number(y):
    """You returned the smallest yᵢ: asked for is the x at which f is smallest."""
    return np.min(y)


def smallest_value(y):
    """You returned the smallest value that f takes: asked for is the x at which it takes it."""
    return np.sum((np.mean(y) - y) ** 2) / 2


def divided_by_n_minus_one(y):
    """You divided by n − 1: that belongs to the estimate of a variance. The slope is n x − Σ yᵢ."""
    return np.sum(y) / max(len(y) - 1, 1)


def _sum_over_length(y):
    return sum(y) / len(y)


def _by_gradient_descent(y):
    x = 0.0
    for _ in range(200):
        x = x - np.sum(x - y) / (2 * len(y))
    return x


def _by_least_squares(y):
    return np.linalg.lstsq(np.ones((len(y), 1)), y, rcond=None)[0][0]


EXERCISES = (
    Exercise(
        first_check,
        _numbers,
        _slope_is_zero,
        title="Your first check",
        difficulty=1,
        minutes=5,
        hints=(
            "At the bottom of a bowl the slope is zero. What is the derivative of f?",
            "The derivative of ½(x − yᵢ)² is x − yᵢ. Add those up and set the sum to zero.",
            "n x must equal y₁ + ... + yₙ. You know this number by another name.",
        ),
        mistakes=(
            summed,
            median,
            middle_of_the_range,
            wrong_sign,
            halved,
            smallest_number,
            smallest_value,
            divided_by_n_minus_one,
        ),
        alternatives=(_sum_over_length, _by_gradient_descent, _by_least_squares),
    ),
)
