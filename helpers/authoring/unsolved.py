"""The learner's copy of a notebook, stripped by nbgrader's own preprocessors."""

import copy

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, LockCells


def unsolved(notebook: NotebookNode) -> NotebookNode:
    """`notebook` with stubs for solutions, without hidden tests and without outputs."""
    learners = copy.deepcopy(notebook)
    steps = (
        LockCells(),
        ClearSolutions(code_stub={"python": "..."}),
        ClearOutput(),
        ClearHiddenTests(),
    )
    for step in steps:
        learners, _ = step.preprocess(learners, {"unique_key": "course"})
    for cell in learners.cells:
        cell.source = cell.source.rstrip("\n")
    return learners
