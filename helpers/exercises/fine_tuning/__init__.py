"""Lesson 19, fine-tuning: a convex probe on frozen features, and what happens when the features move."""

from . import contrast, mask, probe, retrieval, tune

LESSON = "19"
EXERCISES = (
    retrieval.EXERCISE,
    probe.EXERCISE,
    tune.EXERCISE,
    mask.EXERCISE,
    contrast.EXERCISE,
)
