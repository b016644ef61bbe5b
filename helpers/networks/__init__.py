"""Small neural networks in numpy: the five steps of training, each in its own file.

A network with the widths p = m₀, m₁, ..., m_d = K is a list of pairs (W, b), W of shape (m_{l−1}, m_l), b of
shape (m_l,). With a row a sample, A₀ = X, Z_l = A_{l−1} W_l + 1 b_lᵀ, A_l = φ(Z_l), and the last Z_d are the
scores (no φ). Losses are means over the rows. `params` is such a list everywhere; nothing is changed in place.

    1 initialise   initialise(sizes, rng, scheme="he") -> params         "zeros", "xavier", "he" or a number (std)
    2 forward      forward(params, X, activation="relu") -> Pass(Z, A), lists; .scores
                   predict(params, X, activation="relu") -> classes
    3 loss         cross_entropy(scores, y) -> (value, gradient in the scores); y in {0, ..., K − 1}
                   mse(scores, Y) -> (value, gradient);  softmax(scores) -> rows of probabilities
                   accuracy(params, X, y, activation="relu") -> share of right classes
    4 backward     backward(params, trace, slope, activation="relu") -> gradients, a list like params
                   loss_and_grad(params, X, y, activation="relu", loss=cross_entropy, lam=0.0) -> (value, gradients)
    5 update       sgd_step(params, gradients, step) -> params
                   train(params, X, y, *, rng, step=0.1, batch=32, activation="relu", loss=cross_entropy, lam=0.0,
                         update=sgd_step, X_valid=None, y_valid=None) yields Epoch(epoch, params, loss, valid_loss)
                   for ever, from epoch 0; minibatches(n, batch, rng) yields arrays of rows
                   patience(records, rounds) passes records on until valid_loss has not fallen for so many

    vectors        flatten(params) -> v;  unflatten(v, params) -> params of the same shapes;  shapes(params)
    curvature      hessian_vector_product(params, direction, X, y, ...) -> list like params, exact (forward over
                   reverse);  hessian(params, X, y, ...) -> (N, N), for small networks
    symmetry       permute_hidden(params, layer, order) -> the same function with hidden units renumbered
    transformer    a module of its own: transformer.start, .forward, .backward, .loss_and_grad, .Config
    pieces         ACTIVATIONS["relu" | "tanh" | "sigmoid" | "identity"] -> Activation(value, slope, bend)

`lam` adds ½ lam Σ‖W_l‖²_F, without the b_l. Sources: Rumelhart, Hinton & Williams (1986); Pearlmutter (1994);
Glorot & Bengio (2010); He, Zhang, Ren & Sun (2015).
"""

from . import transformer
from .activations import ACTIVATIONS, Activation
from .curvature import hessian, hessian_vector_product
from .initialise import initialise
from .losses import cross_entropy, mse, softmax
from .mlp import Params, Pass, accuracy, backward, forward, loss_and_grad, predict
from .symmetry import permute_hidden
from .training import Epoch, minibatches, patience, sgd_step, train
from .vectors import flatten, shapes, unflatten

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Epoch",
    "Params",
    "Pass",
    "accuracy",
    "backward",
    "cross_entropy",
    "flatten",
    "forward",
    "hessian",
    "hessian_vector_product",
    "initialise",
    "loss_and_grad",
    "minibatches",
    "mse",
    "patience",
    "permute_hidden",
    "predict",
    "sgd_step",
    "shapes",
    "softmax",
    "train",
    "transformer",
    "unflatten",
]
