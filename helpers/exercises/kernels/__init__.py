"""Lesson 13: a kernel, its proof or its witness, kernel ridge, the decisions of an SVM, random features; one file an exercise."""

from .decision import DECISION
from .features import FEATURES
from .rbf import RBF
from .ridge import RIDGE
from .valid import VALID

LESSON = "13"
EXERCISES = (RBF, VALID, RIDGE, DECISION, FEATURES)
