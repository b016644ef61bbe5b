"""Lesson 11: the logistic loss and its gradient, a step of IRLS, separability with proof, softmax; one file an exercise."""

from .gradient import GRADIENT
from .irls import IRLS
from .loss import LOSS
from .separable import SEPARABLE
from .softmax import SOFTMAX

LESSON = "11"
EXERCISES = (LOSS, GRADIENT, IRLS, SEPARABLE, SOFTMAX)
