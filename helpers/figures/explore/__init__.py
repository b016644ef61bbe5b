"""The explorables of the lessons, one file each: `explore.landscape(...)` is the last line of a cell."""

from .attention import attention
from .ball import ball
from .bias_variance import bias_variance
from .central_path import central_path
from .chord import chord
from .clinic import clinic
from .decision_tree import decision_tree
from .dual_bound import dual_bound
from .forgetting import forgetting
from .initialisation import initialisation
from .kernel_width import kernel_width
from .kink import kink
from .landscape import METHODS, landscape
from .lasso_path import lasso_path
from .newton_model import newton_model
from .noise_ball import noise_ball
from .projection import projection
from .prox import prox
from .quantile_fan import quantile_fan
from .saddle import saddle
from .separable_logistic import separable_logistic
from .svm_margin import svm_margin
from .transport import transport
from .two_minima import two_minima

__all__ = [
    "METHODS",
    "attention",
    "ball",
    "bias_variance",
    "central_path",
    "chord",
    "clinic",
    "decision_tree",
    "dual_bound",
    "forgetting",
    "initialisation",
    "kernel_width",
    "kink",
    "landscape",
    "lasso_path",
    "newton_model",
    "noise_ball",
    "projection",
    "prox",
    "quantile_fan",
    "saddle",
    "separable_logistic",
    "svm_margin",
    "transport",
    "two_minima",
]
