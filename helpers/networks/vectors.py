"""A network's parameters as one vector, and back."""

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def shapes(params: Params) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The shapes of each (W, b)."""
    return [(W.shape, b.shape) for W, b in params]


def flatten(params: Params) -> np.ndarray:
    """All entries in one vector: W₁ row by row, b₁, W₂, b₂, ..."""
    return np.concatenate([part.ravel() for pair in params for part in pair])


def unflatten(v: np.ndarray, params: Params) -> Params:
    """The vector v cut into the shapes of `params`; ValueError if its length does not fit."""
    v = np.asarray(v)
    total = sum(W.size + b.size for W, b in params)
    if v.shape != (total,):
        raise ValueError(f"v must have {total} entries, but its shape is {v.shape}")
    found, at = [], 0
    for W, b in params:
        middle, end = at + W.size, at + W.size + b.size
        found.append((v[at:middle].reshape(W.shape).copy(), v[middle:end].copy()))
        at = end
    return found
