"""hessian_vector_product: judged by the complex step through a gradient, which shares no line with the answer."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import curvature_along, difference, gradient, network


def hessian_vector_product(params, direction, X, Y):
    """The Hessian of the loss times `direction`, as a list of pairs like params,
    without forming the Hessian.

    params = [(W, b), (V, c)] is a network with one hidden tanh layer: scores = tanh(X W + 1bᵀ)
    V + 1cᵀ, n x K; direction is a list of the same form. The loss is the mean
    ‖scores − Y‖²_F / (2n). The product is the derivative, at t = 0, of the gradient at
    params + t · direction.
    """
    (W, b), (V, c) = params
    (dW, db), (dV, dc) = direction
    n = len(X)
    A = np.tanh(X @ W + b)  # forward
    R = (A @ V + c - Y) / n
    slope = 1 - A**2
    B = R @ V.T  # backward, up to the bend

    dA = slope * (X @ dW + db)  # the same lines, differentiated along the direction
    dR = (dA @ V + A @ dV + dc) / n
    dB = dR @ V.T + R @ dV.T
    dD = dB * slope + B * (-2 * A * dA)
    return [(X.T @ dD, dD.sum(axis=0)), (dA.T @ R + A.T @ dR, dR.sum(axis=0))]


def _draws(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, sizes, size in [
        (6, (3, 4, 2), 1.0),
        (1, (2, 3, 1), 1.0),
        (9, (1, 5, 3), 3.0),
        (5, (4, 1, 2), 0.01),
        (7, (3, 3, 3), 1.0),
    ]:
        params = network(sizes, rng)
        direction = [
            (np.round(size * dW, 4), np.round(size * db, 4)) for dW, db in network(sizes, rng)
        ]
        X = np.round(rng.standard_normal((n, sizes[0])), 2)
        Y = np.round(2 * rng.standard_normal((n, sizes[-1])), 2)  # residuals that are not small
        yield {"params": params, "direction": direction, "X": X, "Y": Y}


def _certify(value, params, direction, X, Y):
    right = curvature_along(params, direction, X, Y)
    return difference(value, right, "the product's entry for")


def gauss_newton(params, direction, X, Y):
    """You moved the scores only: this is the Gauss-Newton matrix JᵀJ/n, which leaves out the residuals times the curvature of the network. What goes back through V and tanh moves as well."""
    (W, b), (V, _) = params
    (dW, db), (dV, dc) = direction
    A = np.tanh(X @ W + b)
    slope = 1 - A**2
    dR = (slope * (X @ dW + db) @ V + A @ dV + dc) / len(X)
    D = dR @ V.T * slope
    return [(X.T @ D, D.sum(axis=0)), (A.T @ dR, dR.sum(axis=0))]


def _broken(
    params,
    direction,
    X,
    Y,
    bend=1.0,
    V_moves=1.0,
    A_moves=1.0,
    slope_kept=1.0,
    dV_in=1.0,
    dc_in=1.0,
):
    (W, b), (V, c) = params
    (dW, db), (dV, dc) = direction
    n = len(X)
    A = np.tanh(X @ W + b)
    R = (A @ V + c - Y) / n
    slope = 1 - A**2
    dA = (slope if slope_kept else 1.0) * (X @ dW + db)
    dR = (dA @ V + dV_in * A @ dV + dc_in * dc) / n
    dB = dR @ V.T + V_moves * R @ dV.T
    dD = dB * slope + bend * (R @ V.T) * (-2 * A * dA)
    return [(X.T @ dD, dD.sum(axis=0)), (A_moves * dA.T @ R + A.T @ dR, dR.sum(axis=0))]


def bend_stands_still(params, direction, X, Y):
    """You left out that the slope 1 − A² moves too: its derivative along the direction is −2A·dA."""
    return _broken(params, direction, X, Y, bend=0.0)


def bend_without_two(params, direction, X, Y):
    """The derivative of 1 − A² is −2A·dA: you lost the 2."""
    return _broken(params, direction, X, Y, bend=0.5)


def bend_turned(params, direction, X, Y):
    """The derivative of 1 − A² is −2A·dA: you lost the minus."""
    return _broken(params, direction, X, Y, bend=-1.0)


def way_back_stands_still(params, direction, X, Y):
    """On the way back R Vᵀ is a product, and both factors move: dR Vᵀ + R dVᵀ. The second is missing."""
    return _broken(params, direction, X, Y, V_moves=0.0)


def activations_stand_still(params, direction, X, Y):
    """The gradient in V is AᵀR, and both factors move: dAᵀR + AᵀdR. The first is missing."""
    return _broken(params, direction, X, Y, A_moves=0.0)


def no_slope_in_dA(params, direction, X, Y):
    """Through tanh a change is multiplied by its slope: dA = (1 − A²)·dZ. You used dZ itself."""
    return _broken(params, direction, X, Y, slope_kept=0.0)


def only_the_first_layer_moves(params, direction, X, Y):
    """Your scores move with dW and db only: dV and dc are parts of the direction too."""
    return _broken(params, direction, X, Y, dV_in=0.0, dc_in=0.0)


def sum_for_mean(params, direction, X, Y):
    """Your product is that of the sum of squares: the loss is a mean over the n rows."""
    return [(len(X) * P, len(X) * q) for P, q in hessian_vector_product(params, direction, X, Y)]


def gradient_for_product(params, direction, X, Y):
    """You returned the gradient at params: asked is how it changes along the direction."""
    return gradient(params, X, Y)


def difference_not_divided(params, direction, X, Y):
    """You took the difference of two gradients but did not divide by the length of the step between them."""
    return [(1e-3 * P, 1e-3 * q) for P, q in hessian_vector_product(params, direction, X, Y)]


def difference_over_one(params, direction, X, Y):
    """You took ∇f(params + direction) − ∇f(params): over so long a way the Hessian changes. Take a small step and divide by it, or differentiate each line."""
    moved = [(W + V, b + c) for (W, b), (V, c) in zip(params, direction, strict=True)]
    pairs = zip(gradient(moved, X, Y), gradient(params, X, Y), strict=True)
    return [(P - Q, p - q) for (P, p), (Q, q) in pairs]


def _by_central_differences(params, direction, X, Y):
    h = 1e-4
    ends = []
    for s in (h, -h):
        (W, b), (V, c) = [
            (W + s * dW, b + s * db) for (W, b), (dW, db) in zip(params, direction, strict=True)
        ]
        A = np.tanh(X @ W + b)
        R = (A @ V + c - Y) / len(X)
        D = R @ V.T * (1 - A * A)
        ends.append([(X.T @ D, D.sum(0)), (A.T @ R, R.sum(0))])
    return [((P - Q) / (2 * h), (p - q) / (2 * h)) for (P, p), (Q, q) in zip(*ends, strict=True)]


def _by_the_gradient_of_an_inner_product(params, direction, X, Y):
    """Entry by entry: ∂/∂θ of ∇f·direction by differences, the whole Hessian in disguise."""
    flat = np.concatenate([part.ravel() for pair in params for part in pair])
    d = np.concatenate([part.ravel() for pair in direction for part in pair])

    def cut(v):
        found, at = [], 0
        for W, b in params:
            found.append(
                (v[at : at + W.size].reshape(W.shape), v[at + W.size : at + W.size + b.size])
            )
            at += W.size + b.size
        return found

    def slopes(v):
        return np.concatenate([part.ravel() for pair in gradient(cut(v), X, Y) for part in pair])

    h = 1e-4
    H = np.column_stack(
        [(slopes(flat + h * e) - slopes(flat - h * e)) / (2 * h) for e in np.eye(len(flat))]
    )
    return cut(H.T @ d)


EXERCISE = Exercise(
    hessian_vector_product,
    _draws,
    _certify,
    title="Curvature without a matrix",
    difficulty=4,
    minutes=20,
    hints=(
        "Write the gradient first: forward (A, scores), residual R = (scores − Y)/n, backward (R Vᵀ, times 1 − A²). The product is the derivative of these lines.",
        "Go down your lines and differentiate each along the direction: constants vanish, W becomes dW, and a product of two moving things gives two terms.",
        "Two that are easily lost: d(R Vᵀ) = dR Vᵀ + R dVᵀ, and d(1 − A²) = −2A·dA with dA = (1 − A²)·(X dW + db). (A central difference of two gradients, a small step apart, does as well.)",
    ),
    mistakes=(
        gauss_newton,
        bend_stands_still,
        bend_without_two,
        bend_turned,
        way_back_stands_still,
        activations_stand_still,
        no_slope_in_dA,
        only_the_first_layer_moves,
        sum_for_mean,
        gradient_for_product,
        difference_not_divided,
        difference_over_one,
    ),
    alternatives=(_by_central_differences, _by_the_gradient_of_an_inner_product),
)
