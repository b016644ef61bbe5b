"""The algorithms of the lessons as generators of iterates: the caller's loop plots, stops and certifies.

Each reads like the page, yields x₀ first, never changes its arguments nor an iterate it has yielded.
"""

from .gradient import backtracking, gradient_descent, gradient_descent_backtracking

__all__ = [
    "backtracking",
    "gradient_descent",
    "gradient_descent_backtracking",
]
