"""The exercises of the course: one file a lesson, and the verbs that notebooks use on them."""

from .assignments import assignment, declared
from .checking import check, examine, grade
from .judging import Report, judge
from .registry import exercises, find, lessons
from .small import check_small

__all__ = [
    "Report",
    "assignment",
    "check",
    "check_small",
    "declared",
    "examine",
    "exercises",
    "find",
    "grade",
    "judge",
    "lessons",
]
