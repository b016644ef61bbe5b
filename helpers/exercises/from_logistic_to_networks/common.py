"""Small networks to judge with, and derivatives by forward mode: another road than the learner's."""

from itertools import pairwise
from typing import Any

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def network(sizes: tuple[int, ...], rng: np.random.Generator, bias: float = 0.5) -> Params:
    """Weights of He's size and non-zero b, rounded so that they read well."""
    return [
        (
            np.round((2 / m) ** 0.5 * rng.standard_normal((m, k)), 2),
            np.round(bias * rng.standard_normal(k), 2),
        )
        for m, k in pairwise(sizes)
    ]


def relu_pass(params: Params, X: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """(Z, A) of a network with max(z, 0) between its layers."""
    Z: list[np.ndarray] = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(np.maximum(Z[-1], 0))
        Z.append(A[-1] @ W + b)
    return Z, A


def slopes_by_forward_mode(params: Params, X: np.ndarray, D: np.ndarray) -> Params:
    """The derivatives of Σ D ∘ scores by every entry, each by its own pass: what moves when it moves."""
    Z, A = relu_pass(params, X)
    found = []
    for layer, (W, b) in enumerate(params):
        start = np.concatenate(  # how Z of this layer moves with each entry of W, then of b
            [
                np.einsum("ni,kl->ikln", A[layer], np.eye(len(b)))
                .reshape(W.size, len(b), len(X))
                .transpose(0, 2, 1),
                np.broadcast_to(np.eye(len(b))[:, None, :], (len(b), len(X), len(b))),
            ]
        )
        moves = start
        for below in range(layer, len(params) - 1):
            moves = np.where(Z[below] > 0, moves, 0) @ params[below + 1][0]
        slopes = np.einsum("qnk,nk->q", moves, D)
        found.append((slopes[: W.size].reshape(W.shape), slopes[W.size :]))
    return found


def compared(told: Any, right: Params, what: str, rtol: float = 1e-4) -> bool | str:
    """True if every (W, b) is right to `rtol` of its layer's size, else a sentence about the worst entry."""
    for layer, (ours, theirs) in enumerate(zip(right, told, strict=True), 1):
        for name, a, v in zip("Wb", ours, theirs, strict=True):
            off = np.abs(v - a)
            if not np.all(off <= rtol * (np.abs(a).max() + 1e-3)):
                at = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
                where = at[0] if len(at) == 1 else at
                return f"{what} {name} of layer {layer}, entry {where}, should be {a[at]:.6g}; yours is {v[at]:.6g}"
    return True
