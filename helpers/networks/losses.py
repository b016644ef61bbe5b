"""Losses of scores, means over the rows, with their gradient and curvature in the scores."""

from collections.abc import Callable

import numpy as np

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows exp(zₖ) / Σⱼ exp(zⱼ), without overflow: taking each row's maximum off changes nothing."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(scores: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """(1/n) Σᵢ [log Σₖ exp(zᵢₖ) − zᵢ,yᵢ] and its gradient (softmax(Z) − onehot(y))/n.

    scores is n x K, y holds n classes 0, ..., K − 1; ValueError otherwise.
    """
    y = np.asarray(y)
    n, K = scores.shape
    if y.shape != (n,) or not np.all((y >= 0) & (y < K) & (y == np.round(y))):
        raise ValueError(f"y must hold {n} classes between 0 and {K - 1}")
    rows, classes = np.arange(n), y.astype(int)
    top = scores.max(axis=1)
    log_sum = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    gradient = softmax(scores)
    gradient[rows, classes] -= 1
    return float(np.mean(log_sum - scores[rows, classes])), gradient / n


def mse(scores: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray]:
    """(1/2n) ‖Z − Y‖²_F and its gradient (Z − Y)/n; Y has the shape of the scores, or is one column's n values."""
    Y = np.asarray(Y, dtype=float)
    Y = Y[:, None] if Y.ndim == 1 else Y
    if Y.shape != scores.shape:
        raise ValueError(f"Y must have the shape {scores.shape} of the scores, not {Y.shape}")
    residual = scores - Y
    return float(np.sum(residual**2) / (2 * len(Y))), residual / len(Y)


def curvature_times(loss: Loss, scores: np.ndarray, move: np.ndarray) -> np.ndarray:
    """The Hessian of `loss` in the scores times `move`: how its gradient changes when the scores move so."""
    n = len(scores)
    if loss is mse:
        return move / n
    if loss is cross_entropy:
        prob = softmax(scores)
        return prob * (move - np.sum(prob * move, axis=1, keepdims=True)) / n
    raise ValueError("the curvature is known of cross_entropy and mse only")
