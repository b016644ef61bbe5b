"""Lesson 18, training in practice: Adam, schedules, clipping, the rate, and what a chart tells."""

from . import adam, clip, cosine, diagnosis, range_test

LESSON = "18"
EXERCISES = (
    adam.EXERCISE,
    cosine.EXERCISE,
    range_test.EXERCISE,
    clip.EXERCISE,
    diagnosis.EXERCISE,
)
