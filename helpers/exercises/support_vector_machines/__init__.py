"""Lesson 12: the hinge's subgradient, the dual, the gap, support vectors, a step of SMO; one file an exercise."""

from .dual import DUAL
from .gap import GAP
from .smo import SMO
from .subgradient import SUBGRADIENT
from .support import SUPPORT

LESSON = "12"
EXERCISES = (SUBGRADIENT, DUAL, GAP, SUPPORT, SMO)
