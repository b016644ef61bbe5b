"""permute_hidden_units: judged by what the network does, layer by layer, on rows that the learner does not see."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import Params, network, tanh_pass


def permute_hidden_units(params, layer, order, signs):
    """The network whose hidden layer `layer` (1, 2, ...) has the old unit order[j]
    as its unit j, turned by signs[j]; the scores stay as they are.

    params is a list of pairs (W, b), one a layer, W: inputs x units, b: units, with tanh
    between the layers: Z = A W + 1bᵀ, A = tanh(Z). order holds each of 0, ..., units − 1 once,
    signs holds +1 and −1. The new unit's output is signs[j] · (old unit order[j]'s). Returns a
    list of the same form; params stays unchanged.
    """
    new = list(params)
    (W, b), (V, c) = params[layer - 1], params[layer]
    new[layer - 1] = (W[:, order] * signs, b[order] * signs)
    new[layer] = (V[order] * np.reshape(signs, (-1, 1)), c)
    return new


def _requests(rng: np.random.Generator) -> Iterator[Arguments]:
    for sizes, layer in [
        ((3, 4, 2), 1),
        ((2, 3, 3, 3, 1), 2),
        ((3, 3, 3), 1),
        ((1, 5, 4, 2), 1),
        ((4, 3, 5, 2), 2),
    ]:
        units = sizes[layer]
        order = np.arange(units)
        while np.array_equal(
            order[order], np.arange(units)
        ):  # neither the identity nor its own inverse
            order = rng.permutation(units)
        signs = np.where(np.arange(units) == rng.integers(units), -1.0, rng.choice([-1, 1], units))
        signs[(int(np.flatnonzero(signs < 0)[0]) + 1) % units] = 1.0
        yield {"params": network(sizes, rng), "layer": layer, "order": order, "signs": signs}


def _rows(params: Params) -> np.ndarray:
    return np.random.default_rng(17).standard_normal((12, params[0][0].shape[0]))


def _certify(value, params, layer, order, signs):
    X = _rows(params)
    before, after = tanh_pass(params, X), tanh_pass(value, X)
    for at, (old, new) in enumerate(zip(before, after, strict=True), 1):
        wanted = old[:, order] * signs if at == layer else old
        if not np.allclose(new, wanted, rtol=1e-4, atol=1e-4):
            off = float(np.abs(new - wanted).max())
            if at == layer:
                return f"the units of layer {layer} are not the old ones in the order {list(map(int, order))} with the signs asked: a Z is off by {off:.3g}"
            what = "the scores" if at == len(before) else f"the units of layer {at}"
            return f"{what} should stay as they are; one is off by {off:.3g}"
    return True


def behind_forgotten(params, layer, order, signs):
    """You renumbered the columns of W and b, but the layer behind still reads the units in the old order: the rows of its W must go along."""
    new = list(params)
    W, b = params[layer - 1]
    new[layer - 1] = (W[:, order] * signs, b[order] * signs)
    return new


def bias_forgotten(params, layer, order, signs):
    """A unit owns its entry of b as well: b must go along with the columns of W."""
    new = permute_hidden_units(params, layer, order, signs)
    new[layer - 1] = (new[layer - 1][0], params[layer - 1][1])
    return new


def bias_not_turned(params, layer, order, signs):
    """You turned the weights but not b: tanh(−z) = −tanh(z) needs the whole z = wᵀa + b turned."""
    new = permute_hidden_units(params, layer, order, signs)
    new[layer - 1] = (new[layer - 1][0], params[layer - 1][1][order])
    return new


def signs_forgotten(params, layer, order, signs):
    """You renumbered the units but turned none: where signs[j] = −1 its weights before and behind change their sign."""
    return permute_hidden_units(params, layer, order, np.ones(len(signs)))


def signs_on_one_side(params, layer, order, signs):
    """You turned the weights into the units but not those out of them: two minuses make a plus, one does not."""
    new = permute_hidden_units(params, layer, order, signs)
    new[layer] = (params[layer][0][order], params[layer][1])
    return new


def the_inverse_order(params, layer, order, signs):
    """You moved unit j to the place order[j]; asked is that unit order[j] moves to the place j: W[:, order]."""
    return permute_hidden_units(params, layer, np.argsort(order), signs)


def signs_before_the_order(params, layer, order, signs):
    """You turned the old unit j by signs[j]; the signs belong to the new places: first the order, then the signs."""
    return permute_hidden_units(params, layer, order, signs[order])


def next_bias_renumbered(params, layer, order, signs):
    """You renumbered the columns of the layer behind: its rows read your units, its columns and its bias belong to other units."""
    new = permute_hidden_units(params, layer, order, signs)
    V, c = params[layer]
    swapped = np.arange(len(c))[::-1]
    new[layer] = (V[order][:, swapped] * np.reshape(signs, (-1, 1)), c[swapped])
    return new


def nothing_changed(params, layer, order, signs):
    """The network came back as it was: unit j of the layer should now be the old unit order[j], turned by signs[j]."""
    return list(params)


def rows_of_the_layer_before(params, layer, order, signs):
    """You renumbered the rows of the layer's W, which belong to its inputs: its units are the columns."""
    new = permute_hidden_units(params, layer, order, signs)
    W, b = params[layer - 1]
    new[layer - 1] = (np.roll(W, 1, axis=0)[:, order] * signs, b[order] * signs)
    return new


def _by_a_matrix(params, layer, order, signs):
    P = np.zeros((len(order), len(order)))
    P[order, np.arange(len(order))] = signs
    pairs = [[np.array(W), np.array(b)] for W, b in params]
    pairs[layer - 1] = [pairs[layer - 1][0] @ P, P.T @ pairs[layer - 1][1]]
    pairs[layer][0] = P.T @ pairs[layer][0]
    return pairs


def _unit_by_unit(params, layer, order, signs):
    new = [(W.copy(), b.copy()) for W, b in params]
    for j, (i, s) in enumerate(zip(order, signs, strict=True)):
        new[layer - 1][0][:, j] = s * params[layer - 1][0][:, i]
        new[layer - 1][1][j] = s * params[layer - 1][1][i]
        new[layer][0][j] = s * params[layer][0][i]
    return [(W.tolist(), b.tolist()) for W, b in new]


EXERCISE = Exercise(
    permute_hidden_units,
    _requests,
    _certify,
    title="The same function at another point",
    difficulty=2,
    minutes=10,
    hints=(
        "A hidden unit owns three things: what comes in, its bias, and what goes out. All three move together.",
        "Into layer `layer` lead params[layer − 1] = (W, b), out of it params[layer] = (V, c). Which are columns, which are rows?",
        "W[:, order] * signs, b[order] * signs and V[order] * signs[:, None]; c stays. Put them into a copy of the list.",
    ),
    mistakes=(
        behind_forgotten,
        bias_forgotten,
        bias_not_turned,
        signs_forgotten,
        signs_on_one_side,
        the_inverse_order,
        signs_before_the_order,
        next_bias_renumbered,
        nothing_changed,
        rows_of_the_layer_before,
    ),
    alternatives=(_by_a_matrix, _unit_by_unit),
)
