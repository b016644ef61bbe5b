"""Lesson 21, the capstone: which solver, and is the answer proved?"""

from . import certify, choose

LESSON = "21"
EXERCISES = (choose.EXERCISE, certify.EXERCISE)
