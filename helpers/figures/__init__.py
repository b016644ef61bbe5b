"""Figures of the lessons: static ones with alt text, and explorables that compute in the browser."""

from . import explore
from .static import show
from .style import COLOURS, DASHES, apply

apply()

__all__ = ["COLOURS", "DASHES", "explore", "show"]
