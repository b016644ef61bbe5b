"""Step sizes that change with k, and the average of iterates."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

Step = float | Callable[[int], float]


def step_at(step: Step, k: int) -> float:
    """The k-th step, k = 0, 1, ...: `step` is a number, or a function of k such as 1/√(k + 1)."""
    return step(k) if callable(step) else step


def averaged(iterates: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield x₀, (x₀ + x₁)/2, ...: the running mean of any method's iterates.

    Polyak & Juditsky (1992): for SGD the mean has the optimal asymptotic variance.
    """
    mean: np.ndarray | float = 0.0
    for k, x in enumerate(iterates):
        mean = mean + (x - mean) / (k + 1)
        yield mean
