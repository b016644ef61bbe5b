"""quantile_interval: prediction intervals that keep their word, by a calibration set."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise, same


def quantile_interval(y, low, high, low_new, high_new, alpha):
    """The intervals [low_new − q, high_new + q], widened (or narrowed)
    to hold a new y with probability 1 − α.

    y has the m values of the calibration rows, low and high their predicted quantiles; low_new
    and high_new, k entries each, are those of the new rows; 0 < alpha < 1. The score of a row
    is eᵢ = max(lowᵢ − yᵢ, yᵢ − highᵢ), and q is the ⌈(1 − α)(m + 1)⌉-th smallest score; if that
    is more than m, q = ∞. Return (lower ends, upper ends).
    """
    m = len(y)
    scores = np.sort(np.maximum(low - y, y - high))
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new - q, high_new + q


def _calibrations(rng: np.random.Generator) -> Iterator[Arguments]:
    # (1 − α)(m + 1) is never whole, so that rounding does not decide the rank
    for m, k, alpha, width in [
        (12, 3, 0.2, 0.3),
        (40, 5, 0.1, 4.0),  # too wide: they shrink
        (25, 1, 0.35, 1.0),
        (33, 4, 0.85, 0.7),
        (6, 2, 0.1, 1.0),  # too few rows for 90 %
    ]:
        middle, new = rng.standard_normal((2, max(m, k)))
        half = width * rng.uniform(0.5, 1.5, (2, m))
        y = np.round(middle[:m] + rng.standard_normal(m) ** 3, 2)
        half_new = width * rng.uniform(0.5, 1.5, (2, k))
        yield dict(
            y=y,
            low=np.round(middle[:m] - half[0], 2),
            high=np.round(middle[:m] + half[1], 2),
            low_new=np.round(new[:k] - half_new[0], 2),
            high_new=np.round(new[:k] + half_new[1], 2),
            alpha=alpha,
        )
    e = np.array([1.0, 2, 2, 2, 5, 0])  # ties
    yield dict(
        y=10 + e,
        low=np.full(6, 8.0),
        high=np.full(6, 10.0),
        low_new=np.array([1.0, 3.0]),
        high_new=np.array([4.0, 3.0]),
        alpha=0.45,
    )


def _is_calibrated(
    value: tuple,
    y: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    low_new: np.ndarray,
    high_new: np.ndarray,
    alpha: float,
) -> bool | str:
    """Counts: fewer than the rank may lie strictly inside the widened intervals, at least the rank inside."""
    lower, upper = value
    if np.any(np.isnan(lower)) or np.any(np.isnan(upper)):
        return "every end of an interval must be a number; yours has NaN"
    m, rank = len(y), int(np.ceil((1 - alpha) * (len(y) + 1)))
    if rank > m:
        if np.all(lower == -np.inf) and np.all(upper == np.inf):
            return True
        return (
            f"⌈(1 − α)(m + 1)⌉ = {rank} of m = {m} scores: there are not so many, so no finite "
            f"interval can promise {1 - alpha:.0%}, and the ends are −∞ and ∞"
        )
    q = float(low_new[0] - lower[0])
    for ends, told in ((low_new - q, lower), (high_new + q, upper)):
        judged = same(told, ends, "the ends, moved by the q of your first lower end,", rtol=1e-5)
        if judged is not True:
            return judged
    room = 1e-5 * (1 + abs(q))
    inside = np.sum((y >= low - q - room) & (y <= high + q + room))
    strictly = np.sum((y > low - q + room) & (y < high + q - room))
    if strictly < rank <= inside:
        return True
    n_inside = int(inside if inside < rank else strictly)
    return (
        f"with your q = {q:.6g} the widened intervals hold {n_inside} of the {m} calibration values"
        f"{' even without their ends' if n_inside >= rank else ''}; q must be the smallest that makes "
        f"it ⌈(1 − α)(m + 1)⌉ = {rank}"
    )


def forgot_the_new_row(y, low, high, low_new, high_new, alpha):
    """You took the ⌈(1 − α)m⌉-th score: the new row is one more, and may rank anywhere among the m + 1.
    Its score is among the k smallest with probability k/(m + 1)."""
    scores = np.sort(np.maximum(low - y, y - high))
    q = scores[int(np.ceil((1 - alpha) * len(y))) - 1]
    return low_new - q, high_new + q


def interpolated(y, low, high, low_new, high_new, alpha):
    """You took np.quantile of the scores: it interpolates between two of them, and counts m where m + 1
    is due, so it promises a little too much."""
    q = np.quantile(np.maximum(low - y, y - high), 1 - alpha)
    return low_new - q, high_new + q


def never_narrower(y, low, high, low_new, high_new, alpha):
    """You set negative scores to 0: then intervals that are too wide stay too wide. A value inside has a
    negative score, and says by how much one could shrink."""
    m = len(y)
    scores = np.sort(np.maximum(np.maximum(low - y, y - high), 0))
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new - q, high_new + q


def moved_the_wrong_way(y, low, high, low_new, high_new, alpha):
    """You moved the ends inwards: q > 0 says that too few values were inside, so the lower end goes down by
    q, and the upper one up."""
    m = len(y)
    scores = np.sort(np.maximum(low - y, y - high))
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new + q, high_new - q


def alpha_for_one_minus_alpha(y, low, high, low_new, high_new, alpha):
    """You took the rank of α: α is the share that may be missed, 1 − α the share to be held."""
    m = len(y)
    scores = np.sort(np.maximum(low - y, y - high))
    rank = int(np.ceil(alpha * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new - q, high_new + q


def counted_from_one(y, low, high, low_new, high_new, alpha):
    """Your score is one place too far: the k-th smallest is `scores[k − 1]`, since Python counts from 0."""
    m = len(y)
    scores = np.append(np.sort(np.maximum(low - y, y - high)), np.inf)
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[min(rank, m)]
    return low_new - q, high_new + q


def distance_to_the_middle(y, low, high, low_new, high_new, alpha):
    """Your intervals have one width for all, round the middle: then the quantiles' own widths are lost. The
    score is how far y is outside of its own interval."""
    m = len(y)
    scores = np.sort(np.abs(y - (low + high) / 2))
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    middle = (low_new + high_new) / 2
    return middle - q, middle + q


def smaller_of_the_two(y, low, high, low_new, high_new, alpha):
    """Your score is the smaller of low − y and y − high, which is negative for nearly every y: a value
    is outside if one of them is positive, so take the larger."""
    m = len(y)
    scores = np.sort(np.minimum(low - y, y - high))
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new - q, high_new + q


def not_calibrated(y, low, high, low_new, high_new, alpha):
    """You returned the predicted quantiles as they are: nobody has checked yet how many values they
    hold. That is what the calibration rows are for."""
    return low_new, high_new


def scores_not_sorted(y, low, high, low_new, high_new, alpha):
    """You took the score that stands at that place: sort the scores first."""
    m = len(y)
    scores = np.maximum(low - y, y - high)
    rank = int(np.ceil((1 - alpha) * (m + 1)))
    q = scores[rank - 1] if rank <= m else np.inf
    return low_new - q, high_new + q


def largest_score_where_too_few(y, low, high, low_new, high_new, alpha):
    """Where ⌈(1 − α)(m + 1)⌉ is more than m you took the largest score: that holds a new value with
    probability m/(m + 1) only. No finite q is enough there."""
    m = len(y)
    scores = np.sort(np.maximum(low - y, y - high))
    q = scores[min(int(np.ceil((1 - alpha) * (m + 1))), m) - 1]
    return low_new - q, high_new + q


def _by_counting(y, low, high, low_new, high_new, alpha):
    m = len(y)
    need = np.ceil((1 - alpha) * (m + 1))
    candidates = [max(a - t, t - b) for a, b, t in zip(low, high, y, strict=True)]
    good = [q for q in candidates if sum(e <= q for e in candidates) >= need]
    q = min(good, default=float("inf"))
    return [a - q for a in low_new], [b + q for b in high_new]


def _by_numpy_quantile(y, low, high, low_new, high_new, alpha):
    m = len(y)
    level = np.ceil((1 - alpha) * (m + 1)) / m
    e = np.maximum(low - y, y - high)
    q = np.quantile(e, level, method="inverted_cdf") if level <= 1 else np.inf
    return low_new - q, high_new + q


def _by_partition(y, low, high, low_new, high_new, alpha):
    e = np.append(np.maximum(low - y, y - high), np.inf)
    k = min(int(np.ceil((1 - alpha) * len(e))), len(e))
    q = np.partition(e, k - 1)[k - 1]
    return np.stack([low_new - q, high_new + q])


EXERCISE = Exercise(
    quantile_interval,
    _calibrations,
    _is_calibrated,
    title="Intervals that keep their word",
    difficulty=2,
    minutes=12,
    hints=(
        "The score says how far a value is outside of its interval; inside it is negative. What is the "
        "score of a value that lies in the middle of [low, high]?",
        "The new row is one of m + 1 rows, all alike. With what probability is its score among the k "
        "smallest, and which k makes that 1 − α?",
        "Sort the m scores. The k-th smallest is at the index k − 1; if k > m there is none.",
    ),
    mistakes=(
        forgot_the_new_row,
        interpolated,
        never_narrower,
        moved_the_wrong_way,
        alpha_for_one_minus_alpha,
        counted_from_one,
        distance_to_the_middle,
        smaller_of_the_two,
        not_calibrated,
        scores_not_sorted,
        largest_score_where_too_few,
    ),
    alternatives=(_by_counting, _by_numpy_quantile, _by_partition),
)
