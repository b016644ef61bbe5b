"""Proofs of optimality from data, answer and dual point alone: they know nothing of any solver."""

from .base import Certificate
from .regression import least_squares, ridge

__all__ = ["Certificate", "least_squares", "ridge"]
