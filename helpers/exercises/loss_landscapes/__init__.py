"""Lesson 17, loss landscapes: minima, saddles and plateaus, symmetry, and the paths between solutions."""

from . import classify, curvature, escape, path, permute

LESSON = "17"
EXERCISES = (
    classify.EXERCISE,
    curvature.EXERCISE,
    escape.EXERCISE,
    permute.EXERCISE,
    path.EXERCISE,
)
