"""The exercises of the course: one file a lesson, and the verbs that notebooks use on them."""

from .checking import check, examine, grade
from .judging import Report, judge
from .registry import exercises, find, lessons

__all__ = ["Report", "check", "examine", "exercises", "find", "grade", "judge", "lessons"]
