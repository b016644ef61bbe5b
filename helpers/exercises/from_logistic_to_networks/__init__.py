"""Lesson 16, from logistic regression to networks: the five steps of training, and where convexity ends."""

from . import backward, entropy, forward, initial, loop, step, violation

LESSON = "16"
EXERCISES = (
    forward.EXERCISE,
    entropy.EXERCISE,
    backward.EXERCISE,
    initial.EXERCISE,
    step.EXERCISE,
    loop.EXERCISE,
    violation.EXERCISE,
)
