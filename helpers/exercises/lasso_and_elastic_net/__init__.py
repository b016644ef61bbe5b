"""Lesson 10: soft thresholding, λ_max, the lasso's KKT conditions and gap, the elastic net; one file an exercise."""

from .elastic_net import ELASTIC_NET
from .gap import GAP
from .kkt import KKT
from .largest import LARGEST
from .threshold import THRESHOLD

LESSON = "10"
EXERCISES = (THRESHOLD, LARGEST, KKT, GAP, ELASTIC_NET)
