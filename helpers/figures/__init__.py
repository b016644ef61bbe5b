"""Figures of the lessons: static ones with alt text, and explorables that compute in the browser."""

from . import explore
from .level_sets import level_sets
from .static import show
from .style import COLOURS, DASHES, GUIDE, MAPS, PAPER, apply, shades

apply()

__all__ = ["COLOURS", "DASHES", "GUIDE", "MAPS", "PAPER", "explore", "level_sets", "shades", "show"]
