"""Lesson 14, robust and quantile regression: losses with corners, programs, weights, intervals."""

from . import certificate, interval, irls, loss, program

LESSON = "14"
EXERCISES = (
    loss.EXERCISE,
    program.EXERCISE,
    certificate.EXERCISE,
    irls.EXERCISE,
    interval.EXERCISE,
)
