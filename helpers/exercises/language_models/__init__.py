"""Lesson 20, language models: counting is optimal, and attention with its gradient by hand."""

from . import attention, attention_slopes, bigram, perplexed, training

LESSON = "20"
EXERCISES = (
    bigram.EXERCISE,
    perplexed.EXERCISE,
    training.EXERCISE,
    attention.EXERCISE,
    attention_slopes.EXERCISE,
)
