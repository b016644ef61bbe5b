"""A reference becomes a cell of the solved notebook, where only numpy is at hand."""

import numpy as np
import pytest
from declared_exercises import EVERY

from helpers.authoring.source import solved_source
from helpers.exercises import examine
from helpers.exercises.exercise import Exercise


@pytest.mark.parametrize("exercise", EVERY.values(), ids=EVERY)
def test_a_reference_needs_nothing_but_numpy(exercise: Exercise) -> None:
    cell = {"np": np}
    exec(solved_source(exercise.reference), cell)
    assert examine(cell[exercise.name], exercise).correct
