"""Second derivatives without a matrix: the derivative of the gradient along a direction, exactly."""

import numpy as np

from .activations import named
from .losses import Loss, cross_entropy, curvature_times
from .mlp import forward
from .vectors import Params, flatten, unflatten


def hessian_vector_product(
    params: Params,
    direction: Params,
    X: np.ndarray,
    y: np.ndarray,
    activation: str = "relu",
    loss: Loss = cross_entropy,
    lam: float = 0.0,
) -> Params:
    """∇²f(params) · direction for f of `loss_and_grad`, in about the time of two gradients.

    Each line of forward and backward is differentiated along `direction`; a name with a dot in mathematics
    ends in _t here.  Source: Pearlmutter (1994), Fast exact multiplication by the Hessian.
    """
    phi = named(activation)
    trace = forward(params, X, activation)
    A_t = [np.zeros_like(trace.A[0])]
    Z_t: list[np.ndarray] = []
    for layer, ((W, _), (W_t, b_t)) in enumerate(zip(params, direction, strict=True)):
        if layer:
            A_t.append(phi.slope(trace.Z[layer - 1]) * Z_t[-1])
        Z_t.append(A_t[-1] @ W + trace.A[layer] @ W_t + b_t)
    D = loss(trace.scores, y)[1]
    D_t = curvature_times(loss, trace.scores, Z_t[-1])
    product: Params = []
    for layer in range(len(params) - 1, -1, -1):
        W, W_t = params[layer][0], direction[layer][0]
        dW = A_t[layer].T @ D + trace.A[layer].T @ D_t + lam * W_t
        product.append((dW, D_t.sum(axis=0)))
        if layer:
            Z, move = trace.Z[layer - 1], Z_t[layer - 1]
            back, back_t = D @ W.T, D_t @ W.T + D @ W_t.T
            D, D_t = back * phi.slope(Z), back_t * phi.slope(Z) + back * phi.bend(Z) * move
    return product[::-1]


def hessian(
    params: Params,
    X: np.ndarray,
    y: np.ndarray,
    activation: str = "relu",
    loss: Loss = cross_entropy,
    lam: float = 0.0,
) -> np.ndarray:
    """The whole Hessian, column by column, in the order of `flatten`: for networks of some hundred parameters."""
    N = len(flatten(params))
    columns = [
        flatten(hessian_vector_product(params, unflatten(e, params), X, y, activation, loss, lam))
        for e in np.eye(N)
    ]
    return np.column_stack(columns)
