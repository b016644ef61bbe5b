"""forward: judged by the relations that each pre-activation and activation must satisfy."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import network


def forward(params, X):
    """The lists (Z, A) of a network with max(z, 0) after every layer but the last.

    X is n x p, a row a sample; params is a list of d pairs (W, b), W of shape (inputs,
    outputs), b of shape (outputs,). A holds what enters the layers: A[0] = X,
    A[l] = max(Z[l − 1], 0). Z holds what they compute: Z[l] = A[l] W + 1bᵀ with
    (W, b) = params[l]. Both have d entries; the last Z are the scores.
    """
    Z: list = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(np.maximum(Z[-1], 0))
        Z.append(A[-1] @ W + b)
    return Z, A


def _networks(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, sizes in [
        (5, (3, 4, 2)),
        (4, (3, 3, 3, 3)),
        (1, (2, 5, 1)),
        (6, (4, 3)),
        (3, (1, 1, 6, 2, 4)),
    ]:
        yield {
            "params": network(sizes, rng),
            "X": np.round(2 * rng.standard_normal((n, sizes[0])), 2),
        }


def _follows(value, params, X):
    Z, A = value
    for layer, (W, b) in enumerate(params):
        enters = X if layer == 0 else np.maximum(Z[layer - 1], 0)
        name = "X" if layer == 0 else f"max(Z[{layer - 1}], 0)"
        off = np.abs(A[layer] - enters)
        if not np.all(off <= 1e-5 * (1 + np.abs(enters).max())):
            i, j = (int(k) for k in np.unravel_index(np.argmax(off), off.shape))
            return f"A[{layer}] must be {name}: at {i, j} that is {enters[i, j]:.6g}; yours is {A[layer][i, j]:.6g}"
        right = enters @ W + b
        off = np.abs(Z[layer] - right)
        if not np.all(off <= 1e-5 * (1 + np.abs(enters) @ np.abs(W) + np.abs(b))):
            i, j = (int(k) for k in np.unravel_index(np.argmax(off), off.shape))
            return (
                f"Z[{layer}] must be A[{layer}] W + b: at {i, j} that is {right[i, j]:.6g}; "
                f"yours is {Z[layer][i, j]:.6g}"
            )
    return True


def scores_cut_at_zero(params, X):
    """You applied max(z, 0) to the last layer as well: scores may be negative, the loss needs them as they are."""
    Z: list = []
    A = [X]
    for W, b in params:
        Z.append(A[-1] @ W + b)
        A.append(np.maximum(Z[-1], 0))
    Z[-1] = A.pop()
    return Z, A


def no_bias(params, X):
    """The b are missing: each column of Z has its own number added."""
    Z: list = []
    A = [X]
    for W, _ in params:
        if Z:
            A.append(np.maximum(Z[-1], 0))
        Z.append(A[-1] @ W)
    return Z, A


def nothing_between_the_layers(params, X):
    """Without max(z, 0) between them, all layers together are one linear map: XW₁W₂… has no more to say than XW."""
    Z: list = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(Z[-1])
        Z.append(A[-1] @ W + b)
    return Z, A


def bias_after_the_bend(params, X):
    """You added b after max: it belongs inside, where it says at which value a unit wakes up."""
    Z: list = []
    A = [X]
    for k, (W, b) in enumerate(params):
        z = A[-1] @ W
        if k + 1 < len(params):
            A.append(np.maximum(z, 0) + b)
            Z.append(z)
        else:
            Z.append(z + b)
    return Z, A


def tanh_between_the_layers(params, X):
    """You used tanh: here the units are max(z, 0)."""
    Z: list = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(np.tanh(Z[-1]))
        Z.append(A[-1] @ W + b)
    return Z, A


def absolute_values(params, X):
    """You turned negative values positive: max(z, 0) makes them 0."""
    Z: list = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(np.abs(Z[-1]))
        Z.append(A[-1] @ W + b)
    return Z, A


def inputs_cut_at_zero(params, X):
    """You applied max(·, 0) to X before the first layer: a negative measurement is information, A[0] is X itself."""
    Z: list = []
    A = [np.maximum(X, 0)]
    for W, b in params:
        if Z:
            A.append(np.maximum(Z[-1], 0))
        Z.append(A[-1] @ W + b)
    return Z, A


def the_two_lists_exchanged(params, X):
    """You returned (A, Z): the order that is asked for is (Z, A)."""
    Z: list = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(np.maximum(Z[-1], 0))
        Z.append(A[-1] @ W + b)
    return A, Z


def activations_of_the_scores_kept(params, X):
    """Your A has one entry too many: it holds what enters each layer, and nothing follows the last one."""
    Z: list = []
    A = [X]
    for W, b in params:
        Z.append(A[-1] @ W + b)
        A.append(np.maximum(Z[-1], 0))
    return Z, A


def scores_alone(params, X):
    """You returned the scores alone: the way back needs every Z and every A, so return the two lists."""
    A = X
    for k, (W, b) in enumerate(params):
        A = (np.maximum(A, 0) if k else A) @ W + b
    return A


def _unit_by_unit(params, X):
    Z: list = []
    A = []
    enters = [list(row) for row in X]
    for W, b in params:
        A.append(enters)
        z = [
            [sum(a * W[i][j] for i, a in enumerate(row)) + b[j] for j in range(len(b))]
            for row in enters
        ]
        Z.append(z)
        enters = [[max(v, 0.0) for v in row] for row in z]
    return Z, A


def _with_a_column_of_ones_in_single_precision(params, X):
    Z: list = []
    A = [X.astype(np.float32)]
    for k, (W, b) in enumerate(params):
        ones = np.ones((len(X), 1), dtype=np.float32)
        Z.append(np.hstack([A[k], ones]) @ np.vstack([W, b]).astype(np.float32))
        A.append(Z[k] * (Z[k] > 0))
    return Z, A[:-1]


EXERCISE = Exercise(
    forward,
    _networks,
    _follows,
    title="Forward, layer by layer",
    difficulty=2,
    minutes=8,
    hints=(
        "One loop over params. Before each layer you hold what enters it: X at first.",
        "Z gets A[-1] @ W + b; b has one number a column, so numpy adds it to every row.",
        "Only a layer that is followed by another one is bent: append max(Z[-1], 0) to A at the start of the next round, not after the last.",
    ),
    mistakes=(
        scores_cut_at_zero,
        no_bias,
        nothing_between_the_layers,
        bias_after_the_bend,
        tanh_between_the_layers,
        absolute_values,
        inputs_cut_at_zero,
        the_two_lists_exchanged,
        activations_of_the_scores_kept,
        scores_alone,
    ),
    alternatives=(_unit_by_unit, _with_a_column_of_ones_in_single_precision),
)
