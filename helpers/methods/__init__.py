"""The algorithms of the lessons as generators of iterates: the caller plots, stops and certifies.

Each reads like the page, yields x₀ first, and never changes its arguments nor a yielded iterate.
"""

from .constrained import frank_wolfe, frank_wolfe_away, mirror_descent, projected_gradient
from .gradient import (
    backtracking,
    gradient_descent,
    gradient_descent_backtracking,
    heavy_ball,
    nesterov,
    subgradient_method,
)
from .interior import PrimalDual, barrier, mehrotra
from .newton import (
    bfgs,
    bfgs_update,
    conjugate_gradient,
    lbfgs,
    newton,
    newton_decrement,
    newton_step,
    wolfe,
)
from .proximal import admm, coordinate_descent, douglas_rachford, fista, ista
from .schedule import averaged, step_at
from .stochastic import adam, minibatch_gradient, saga, sgd, svrg

__all__ = [
    "PrimalDual",
    "adam",
    "admm",
    "averaged",
    "backtracking",
    "barrier",
    "bfgs",
    "bfgs_update",
    "conjugate_gradient",
    "coordinate_descent",
    "douglas_rachford",
    "fista",
    "frank_wolfe",
    "frank_wolfe_away",
    "gradient_descent",
    "gradient_descent_backtracking",
    "heavy_ball",
    "ista",
    "lbfgs",
    "mehrotra",
    "minibatch_gradient",
    "mirror_descent",
    "nesterov",
    "newton",
    "newton_decrement",
    "newton_step",
    "projected_gradient",
    "saga",
    "sgd",
    "step_at",
    "subgradient_method",
    "svrg",
    "wolfe",
]
