"""The explorables of the lessons, one file each: `explore.landscape(...)` is the last line of a cell."""

from .ball import ball
from .landscape import METHODS, landscape
from .projection import projection

__all__ = ["METHODS", "ball", "landscape", "projection"]
