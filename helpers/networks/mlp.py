"""The multilayer perceptron: forward keeps what backward needs, backward is the chain rule from the end."""

from dataclasses import dataclass

import numpy as np

from .activations import named
from .losses import Loss, cross_entropy
from .vectors import Params

__all__ = ["Params", "Pass", "accuracy", "backward", "forward", "loss_and_grad", "predict"]


@dataclass(frozen=True)
class Pass:
    """What a forward pass leaves: Z[l] = A[l] W_{l+1} + b_{l+1}, and A[0] = X, A[l] = φ(Z[l − 1])."""

    Z: list[np.ndarray]
    A: list[np.ndarray]

    @property
    def scores(self) -> np.ndarray:
        """The last Z, n x K."""
        return self.Z[-1]


def forward(params: Params, X: np.ndarray, activation: str = "relu") -> Pass:
    """The network at the rows of X, layer by layer. ValueError if X does not fit the first layer."""
    X = np.asarray(X)
    if X.ndim != 2 or X.shape[1] != params[0][0].shape[0]:
        raise ValueError(f"X must have {params[0][0].shape[0]} columns; its shape is {X.shape}")
    phi = named(activation)
    Z: list[np.ndarray] = []
    A = [X]
    for W, b in params:
        if Z:
            A.append(phi.value(Z[-1]))
        Z.append(A[-1] @ W + b)
    return Pass(Z, A)


def backward(params: Params, trace: Pass, slope: np.ndarray, activation: str = "relu") -> Params:
    """The gradients of all (W, b) from `slope`, the loss's gradient in the scores: vector-Jacobian products.

    With D_l the gradient in Z_l: ∇W_l = A_{l−1}ᵀ D_l, ∇b_l = D_lᵀ 1, and D_{l−1} = (D_l W_lᵀ) ∘ φ'(Z_{l−1}).
    Source: Rumelhart, Hinton & Williams (1986).
    """
    phi = named(activation)
    gradients: Params = []
    D = slope
    for layer in range(len(params) - 1, -1, -1):
        gradients.append((trace.A[layer].T @ D, D.sum(axis=0)))
        if layer:
            D = (D @ params[layer][0].T) * phi.slope(trace.Z[layer - 1])
    return gradients[::-1]


def loss_and_grad(
    params: Params,
    X: np.ndarray,
    y: np.ndarray,
    activation: str = "relu",
    loss: Loss = cross_entropy,
    lam: float = 0.0,
) -> tuple[float, Params]:
    """The mean loss over the rows of X plus ½ lam Σ‖W_l‖²_F, and its gradients: one forward, one backward."""
    trace = forward(params, X, activation)
    value, slope = loss(trace.scores, y)
    gradients = backward(params, trace, slope, activation)
    if lam:
        value += lam / 2 * sum(float(np.sum(W**2)) for W, _ in params)
        gradients = [(dW + lam * W, db) for (dW, db), (W, _) in zip(gradients, params, strict=True)]
    return value, gradients


def predict(params: Params, X: np.ndarray, activation: str = "relu") -> np.ndarray:
    """The class with the largest score, a row."""
    return forward(params, X, activation).scores.argmax(axis=1)


def accuracy(params: Params, X: np.ndarray, y: np.ndarray, activation: str = "relu") -> float:
    """The share of rows whose class is predicted rightly."""
    return float(np.mean(predict(params, X, activation) == y))
