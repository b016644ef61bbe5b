"""backward: judged by forward mode, which moves one entry at a time and looks at what happens."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import compared, network, relu_pass, slopes_by_forward_mode


def backward(params, Z, A, D):
    """The gradients of the loss: a list of pairs (dW, db), shaped like the pairs in params.

    Z and A are what `forward` keeps: A[0] = X, Z[l] = A[l] W + 1bᵀ, A[l] = max(Z[l − 1], 0).
    D is n x K, the loss's gradient in the scores Z[-1]: it holds the loss's 1/n already.
    """
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients[::-1]


def _passes(rng: np.random.Generator) -> Iterator[Arguments]:
    shapes = [(5, (3, 4, 2)), (4, (3, 3, 3, 3)), (1, (2, 5, 1)), (6, (4, 3)), (7, (2, 6, 3, 4))]
    for n, sizes in shapes:
        awake = False
        while not awake:
            params, X = network(sizes, rng), np.round(2 * rng.standard_normal((n, sizes[0])), 2)
            Z, A = relu_pass(params, X)
            # some units asleep, but in every layer some awake, and no entry at the kink
            hidden = [z > 0 for z in Z[:-1]]
            awake = all(h.any() and not h.all() for h in hidden)
            awake = (awake and bool((Z[-1] > 0).any())) or n == 6
        D = np.round(rng.standard_normal(Z[-1].shape), 2)
        yield {"params": params, "Z": Z, "A": A, "D": D}


def _certify(value, params, Z, A, D):
    right = slopes_by_forward_mode(params, A[0], D)
    return compared(value, right, "the derivative by")


def bend_forgotten(params, Z, A, D):
    """You did not stop at sleeping units: where Z[l − 1] ≤ 0 the slope of max(z, 0) is 0, and nothing passes back."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        D = D @ params[layer][0].T
    return gradients[::-1]


def bent_at_the_scores(params, Z, A, D):
    """You multiplied D by the slope of max(z, 0) at the scores: the last layer has no bend, D enters as it is."""
    gradients = []
    for layer in reversed(range(len(params))):
        D = D * (Z[layer] > 0)
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        D = D @ params[layer][0].T
    return gradients[::-1]


def value_for_slope(params, Z, A, D):
    """You multiplied by max(z, 0) itself: its slope is asked for, 1 where z > 0 and 0 elsewhere."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * A[layer]
    return gradients[::-1]


def divided_by_n_again(params, Z, A, D):
    """You divided by n: D holds the 1/n of the mean already."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D / len(D), D.mean(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients[::-1]


def mean_for_the_bias(params, Z, A, D):
    """Your db is a mean over the rows: b enters every row, so its slopes add up."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.mean(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients[::-1]


def no_slope_for_the_bias(params, Z, A, D):
    """Your db are 0: b is learned as W is, with the slope D summed over the rows."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, 0 * D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients[::-1]


def last_layer_first(params, Z, A, D):
    """Your list begins with the last layer: you meet the layers from the end, so turn the list round."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients


def sign_for_slope(params, Z, A, D):
    """You multiplied by the sign of z: at sleeping units (z ≤ 0) the slope of max(z, 0) is 0, not −1."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * np.sign(Z[layer - 1])
    return gradients[::-1]


def slope_of_tanh(params, Z, A, D):
    """You used 1 − a², the slope of tanh: these units are max(z, 0)."""
    gradients = []
    for layer in reversed(range(len(params))):
        gradients.append((A[layer].T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (1 - A[layer] ** 2)
    return gradients[::-1]


def pre_activations_for_inputs(params, Z, A, D):
    """You multiplied D with Z of the layer before: what entered the layer is A, after max(z, 0)."""
    gradients = []
    for layer in reversed(range(len(params))):
        entered = Z[layer - 1] if layer else A[0]
        gradients.append((entered.T @ D, D.sum(axis=0)))
        if layer > 0:
            D = (D @ params[layer][0].T) * (Z[layer - 1] > 0)
    return gradients[::-1]


def _row_by_row(params, Z, A, D):
    total = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for i in range(len(D)):
        d = D[i]
        for layer in range(len(params) - 1, -1, -1):
            dW, db = total[layer]
            total[layer] = (dW + np.outer(A[layer][i], d), db + d)
            if layer:
                d = np.where(A[layer][i] > 0, params[layer][0] @ d, 0)
    return [[dW.tolist(), db.tolist()] for dW, db in total]


def _recursively_in_single_precision(params, Z, A, D):
    D = np.asarray(D, dtype=np.float32)
    *rest, (W, _) = params
    ours = (A[-1].T.astype(np.float32) @ D, np.ones(len(D), dtype=np.float32) @ D)
    if not rest:
        return [ours]
    back = np.heaviside(Z[-2], 0) * (D @ W.astype(np.float32).T)
    return [*_recursively_in_single_precision(rest, Z[:-1], A[:-1], back), ours]


EXERCISE = Exercise(
    backward,
    _passes,
    _certify,
    title="Backward by the chain rule",
    difficulty=4,
    minutes=20,
    hints=(
        "Walk through the layers from the last to the first and carry D, the loss's gradient in this layer's Z.",
        "Z = AW + 1bᵀ: one entry of W touches one column of Z, and Σᵢ AᵢⱼDᵢₖ is its slope, a matrix product. What is the slope of b?",
        "Back through the layer goes D @ W.T, back through the bend a product entry by entry with (Z[layer − 1] > 0). Collect the pairs, then turn the list round.",
    ),
    mistakes=(
        bend_forgotten,
        bent_at_the_scores,
        value_for_slope,
        divided_by_n_again,
        mean_for_the_bias,
        no_slope_for_the_bias,
        last_layer_first,
        sign_for_slope,
        slope_of_tanh,
        pre_activations_for_inputs,
    ),
    alternatives=(_row_by_row, _recursively_in_single_precision),
)
