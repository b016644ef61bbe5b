"""The models that are compared: each yields its cases from a design."""

from collections.abc import Callable, Iterator

from benchmarks.case import Case
from benchmarks.designs import Design
from benchmarks.models import classification, kernels, programs, regression, robust
from helpers import solvers

Cases = Callable[[Design], Iterator[Case]]

# name -> cases from a design; a model joins when its solver is there
ALL: dict[str, Cases] = {
    name: cases
    for name, cases in {
        "least_squares": regression.least_squares,
        "ridge": regression.ridge,
        "lasso": regression.lasso,
        "elastic_net": regression.elastic_net,
        "logistic": classification.logistic,
        "sparse_logistic": classification.sparse_logistic,
        "softmax": classification.softmax,
        "svm": classification.svm,
        "kernel_svm": kernels.kernel_svm,
        "kernel_ridge": kernels.kernel_ridge,
        "huber": robust.huber,
        "quantile": robust.quantile,
        "lad": robust.lad,
        "linear_program": programs.linear_program,
        "quadratic_program": programs.quadratic_program,
    }.items()
    if hasattr(solvers, name)
}

__all__ = ["ALL", "Cases"]
