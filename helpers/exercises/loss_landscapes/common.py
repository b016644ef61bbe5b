"""Small tanh networks to judge with; the derivatives here go by the complex step, another road than the learner's."""

from itertools import pairwise

import numpy as np

Params = list[tuple[np.ndarray, np.ndarray]]


def network(sizes: tuple[int, ...], rng: np.random.Generator) -> Params:
    """Weights of the size 1/√m and b that are not 0, rounded so that they read well."""
    return [
        (
            np.round(rng.standard_normal((m, k)) / m**0.5, 2),
            np.round(0.5 * rng.standard_normal(k), 2),
        )
        for m, k in pairwise(sizes)
    ]


def tanh_pass(params: Params, X: np.ndarray) -> list[np.ndarray]:
    """Every layer's Z = A W + 1bᵀ, with tanh between the layers; the last are the scores."""
    Z: list[np.ndarray] = []
    A = X
    for W, b in params:
        Z.append(A @ np.asarray(W) + np.asarray(b))
        A = np.tanh(Z[-1])
    return Z


def gradient(params: Params, X: np.ndarray, Y: np.ndarray) -> Params:
    """The gradient of ‖scores − Y‖²_F / 2n, for complex parameters as well: no conjugates."""
    Z = tanh_pass(params, X)
    A = [X, *(np.tanh(z) for z in Z[:-1])]
    D = (Z[-1] - Y) / len(Y)
    found = []
    for layer in reversed(range(len(params))):
        found.append((A[layer].T @ D, D.sum(axis=0)))
        if layer:
            D = (D @ params[layer][0].T) * (1 - A[layer] ** 2)
    return found[::-1]


def curvature_along(params: Params, direction: Params, X: np.ndarray, Y: np.ndarray) -> Params:
    """∇²f · direction = Im ∇f(params + i h direction) / h for tiny h: exact, since nothing is subtracted."""
    h = 1e-30
    moved = [
        (W + 1j * h * np.asarray(V), b + 1j * h * np.asarray(c))
        for (W, b), (V, c) in zip(params, direction, strict=True)
    ]
    return [(dW.imag / h, db.imag / h) for dW, db in gradient(moved, X, Y)]


def difference(told: Params, right: Params, what: str, rtol: float = 1e-4) -> bool | str:
    """True if every (W, b) is right to `rtol` of the largest entry of all, else a sentence about the worst entry."""
    size = max(float(np.abs(part).max()) for pair in right for part in pair) + 1e-9
    for layer, (ours, theirs) in enumerate(zip(right, told, strict=True), 1):
        for name, a, v in zip("Wb", ours, theirs, strict=True):
            off = np.abs(np.asarray(v) - a)
            if not np.all(off <= rtol * size):
                at = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
                where = at[0] if len(at) == 1 else at
                return f"{what} {name} of layer {layer}, entry {where}, should be {a[at]:.6g}; yours is {v[at]:.6g}"
    return True
