"""Lesson 09: least squares by QR, ridge, its path, leaving one out, and the gap; one file an exercise."""

from .gap import GAP
from .leave_one_out import LEAVE_ONE_OUT
from .path import PATH
from .qr import QR
from .ridge import RIDGE

LESSON = "09"
EXERCISES = (QR, RIDGE, PATH, LEAVE_ONE_OUT, GAP)
