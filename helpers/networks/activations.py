"""Activations φ, entry by entry, with their first and second derivatives in z."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

Entrywise = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    """`value` is φ(z), `slope` φ'(z), `bend` φ''(z); at the kink of max(z, 0) both derivatives are 0."""

    value: Entrywise
    slope: Entrywise
    bend: Entrywise


def _tanh_slope(z: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(z) ** 2


def _sigmoid_slope(z: np.ndarray) -> np.ndarray:
    return expit(z) * expit(-z)


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        lambda z: np.maximum(z, 0),
        lambda z: np.where(z > 0, 1.0, 0.0).astype(z.dtype),
        np.zeros_like,
    ),
    "tanh": Activation(np.tanh, _tanh_slope, lambda z: -2 * np.tanh(z) * _tanh_slope(z)),
    "sigmoid": Activation(expit, _sigmoid_slope, lambda z: _sigmoid_slope(z) * (1 - 2 * expit(z))),
    "identity": Activation(lambda z: z, np.ones_like, np.zeros_like),
}


def named(activation: str) -> Activation:
    """The activation of that name; ValueError for an unknown one."""
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {sorted(ACTIVATIONS)}, not {activation!r}")
    return ACTIVATIONS[activation]
