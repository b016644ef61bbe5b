"""quantile_loss: the sum of the check function, and a slope for each residual."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise, same


def quantile_loss(r, tau):
    """The pair (loss, a): loss = Σ ρ(rᵢ) with ρ(r) = max(τ r, (τ − 1) r),
    and a subgradient of it at r.

    r has n residuals yᵢ − predictionᵢ, 0 < tau < 1. loss is one number; a has n entries, aᵢ a
    slope of ρ at rᵢ. At rᵢ = 0 there are many slopes: return any one of them.
    """
    loss = np.sum(np.maximum(tau * r, (tau - 1) * r))
    return loss, np.where(r >= 0, tau, tau - 1)


def _residuals(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(r=np.array([2.0, -3.0, 0.0, 0.5]), tau=0.2)
    yield dict(r=np.round(rng.standard_normal(6), 1), tau=0.9)
    yield dict(r=np.array([-round(rng.uniform(1, 4), 1)]), tau=0.75)
    yield dict(r=np.zeros(3), tau=0.6)
    yield dict(r=np.round(30 * rng.standard_normal(9), 1), tau=0.5)
    yield dict(r=np.abs(np.round(3 * rng.standard_normal(5), 1)) + 0.1, tau=0.05)


def _is_loss_and_slope(value: tuple, r: np.ndarray, tau: float) -> bool | str:
    loss, a = value
    right = float(sum(tau * t if t > 0 else (tau - 1) * t for t in r))
    judged = same(loss, right, "the loss", rtol=1e-5)
    if judged is not True:
        return judged
    low = np.where(r > 0, tau, tau - 1)
    high = np.where(r < 0, tau - 1, tau)
    room = 1e-5
    wrong = (a < low - room) | (a > high + room)
    if not wrong.any():
        return True
    i = int(np.argmax(wrong))
    must = f"{low[i]:.6g}" if r[i] else f"between {low[i]:.6g} and {high[i]:.6g}"
    return f"at r = {r[i]:.6g} a slope of ρ is {must}, for tau = {tau:g}; yours is {a[i]:.6g}"


def _where_the_slope_is_unique(value: tuple, r: np.ndarray, tau: float) -> tuple:
    loss, a = value
    return loss, np.asarray(a)[r != 0], bool(np.all(_is_loss_and_slope(value, r, tau) is True))


def tails_exchanged(r, tau):
    """You gave tau to the residuals below zero: y above the prediction is what costs tau. With tau
    near 1 the fit then runs above most of the data, as the quantile must."""
    return np.sum(np.maximum((1 - tau) * r, -tau * r)), np.where(r >= 0, 1 - tau, -tau)


def same_price_on_both_sides(r, tau):
    """Your loss is tau|r|: both sides cost the same, so it always gives a median. Below zero the
    price is 1 − tau."""
    return np.sum(tau * np.abs(r)), tau * np.sign(r)


def averaged(r, tau):
    """You divided by n, as scikit-learn does: here the loss is the sum."""
    n = len(r)
    return np.mean(np.maximum(tau * r, (tau - 1) * r)), np.where(r >= 0, tau, tau - 1) / n


def slope_towards_the_prediction(r, tau):
    """Your slopes have the wrong sign: they are those for a prediction that moves up. Asked are the
    slopes in r, and r falls as the prediction rises."""
    return np.sum(np.maximum(tau * r, (tau - 1) * r)), np.where(r >= 0, -tau, 1 - tau)


def negative_loss_below(r, tau):
    """Your loss is negative for negative residuals: (tau − 1) r is positive there, (1 − tau) r is
    not. It needs |r|, or the larger of the two lines."""
    return np.sum(np.where(r >= 0, tau * r, (1 - tau) * r)), np.where(r >= 0, tau, 1 - tau)


def smaller_of_the_lines(r, tau):
    """You took the smaller of the two lines: that is concave, and below zero. ρ is the larger one."""
    return np.sum(np.minimum(tau * r, (tau - 1) * r)), np.where(r >= 0, tau - 1, tau)


def not_summed(r, tau):
    """You returned a loss for each residual: add them up."""
    return np.maximum(tau * r, (tau - 1) * r), np.where(r >= 0, tau, tau - 1)


def slopes_of_the_absolute_value(r, tau):
    """Your slopes are −1 and 1, those of |r|: to the right of zero ρ rises with tau, to the left it
    falls with 1 − tau."""
    return np.sum(np.maximum(tau * r, (tau - 1) * r)), np.sign(r)


def doubled(r, tau):
    """Your loss is twice ρ, so that tau = 1/2 gives |r|. A common convention, but not the one above:
    τ r and (τ − 1) r."""
    return 2 * np.sum(np.maximum(tau * r, (tau - 1) * r)), np.where(r >= 0, 2 * tau, 2 * tau - 2)


def slope_of_one_at_zero(r, tau):
    """At zero your slope is outside [tau − 1, tau]: a line with that slope through the corner would
    cut the graph of ρ."""
    a = np.where(r > 0, tau, tau - 1)
    return np.sum(np.maximum(tau * r, (tau - 1) * r)), np.where(r == 0, 1.0, a)


def _by_indicator(r, tau):
    a = tau - (r < 0)
    return float(r @ a), a


def _with_zero_at_zero(r, tau):
    loss, a = 0.0, []
    for t in r:
        slope = tau if t > 0 else tau - 1 if t < 0 else 0.0
        loss += slope * t
        a.append(slope)
    return loss, a


def _by_absolute_value(r, tau):
    return np.abs(r).sum() / 2 + (tau - 0.5) * r.sum(), np.sign(r) / 2 + tau - 0.5


def _in_single_precision(r, tau):
    r = r.astype(np.float32)
    return np.maximum(tau * r, (tau - 1) * r).sum(), np.where(r > 0, tau, tau - 1)


EXERCISE = Exercise(
    quantile_loss,
    _residuals,
    _is_loss_and_slope,
    title="The loss whose minimiser is a quantile",
    difficulty=1,
    minutes=5,
    fingerprint=_where_the_slope_is_unique,
    hints=(
        "ρ is made of two lines through zero. Which of them is on top for a positive residual?",
        "A maximum of two numbers, entry by entry, is `np.maximum`; then add up.",
        "Right of zero the slope is that of one line, left of it that of the other. At zero any "
        "number between the two will do.",
    ),
    mistakes=(
        tails_exchanged,
        same_price_on_both_sides,
        averaged,
        slope_towards_the_prediction,
        negative_loss_below,
        smaller_of_the_lines,
        not_summed,
        slopes_of_the_absolute_value,
        doubled,
        slope_of_one_at_zero,
    ),
    alternatives=(_by_indicator, _with_zero_at_zero, _by_absolute_value, _in_single_precision),
)
