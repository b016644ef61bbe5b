"""Renumbering hidden units: another point, the same function, the same loss."""

from collections.abc import Sequence

import numpy as np

from .vectors import Params


def permute_hidden(params: Params, layer: int, order: Sequence[int]) -> Params:
    """Unit `order[j]` of hidden layer `layer` (1, 2, ...) becomes unit j: columns of W_l and b_l, rows of W_{l+1}.

    ValueError if `layer` is not a hidden layer or `order` not a permutation of its units.
    """
    if not 1 <= layer < len(params):
        raise ValueError(f"layer must be a hidden layer, 1 to {len(params) - 1}, not {layer}")
    chosen = np.asarray(order)
    units = len(params[layer - 1][1])
    if chosen.shape != (units,) or not np.array_equal(np.sort(chosen), np.arange(units)):
        raise ValueError(f"order must hold each of 0, ..., {units - 1} once")
    found = list(params)
    (W, b), (V, c) = params[layer - 1], params[layer]
    found[layer - 1], found[layer] = (W[:, chosen], b[chosen]), (V[chosen], c)
    return found
