"""A reference becomes a cell of the solved notebook, where only numpy is at hand."""

import numpy as np
import pytest

from helpers.authoring.source import solved_source
from helpers.exercises import examine, exercises


@pytest.mark.parametrize("name", exercises())
def test_a_reference_needs_nothing_but_numpy(name: str) -> None:
    cell = {"np": np}
    exec(solved_source(exercises()[name].reference), cell)
    assert examine(cell[name], exercises()[name]).correct
