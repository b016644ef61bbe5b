"""Lesson 15, matrices and modelling: thresholds, completion, prices of a portfolio, transport, curvature."""

from . import completion, dcp, portfolio, threshold, transport

LESSON = "15"
EXERCISES = (
    threshold.EXERCISE,
    completion.EXERCISE,
    portfolio.EXERCISE,
    transport.EXERCISE,
    dcp.EXERCISE,
)
