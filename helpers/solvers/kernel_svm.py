"""The kernel support vector machine, by blocks of rows of the kernel matrix."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from scipy import linalg

from helpers.certificates import kernels, margins
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, Start, check_number, check_start
from helpers.solvers.decomposition import classes_alike
from helpers.solvers.margin_data import best_intercept, first_proved, kernel_matrix
from helpers.solvers.svm import gram_answers, interior_answers


def kernel_svm(
    K: Any,
    y: Any,
    C: float = 1.0,
    tol: float = 1e-8,
    intercept: bool = True,
    kernel: Callable | None = None,
    positive: bool = False,
    start: Start = None,
) -> Solution:
    """Maximise Σ aᵢ − ½(y∘a)ᵀK(y∘a), 0 ≤ a ≤ C, yᵀa = 0 with an intercept.

    The answer's `w` is α = y∘a: the classifier is the sign of Σ αⱼ K(xⱼ, x) + b.  K is the n x n
    kernel matrix, symmetric positive semidefinite; or give `kernel`, a function with
    kernel(X, X) = K, and X (n x p) in K's place.  Blocks of rows, those strictly between 0 and C and
    those that are wrong, get Newton steps with the others held; the augmented Lagrangian of `svm` or
    interior points take over should that fail.  `start` is an answer to a similar problem or a pair (α, b).

    Without positive semidefinite K the bound would be false.  It is checked, by a Cholesky factor:
    n³/3 operations, mostly more than all the rest.  `positive` = True says that K is known to be
    symmetric positive semidefinite, as those of Gaussian and polynomial kernels are by a theorem,
    and leaves that check out: the certificate then rests on this word.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one
    class only, C ≤ 0 and a K that is found not to be symmetric positive semidefinite;
    ConvergenceError, with the best answer attached, when `tol` is not proved.
    Source: Cortes & Vapnik (1995); Schölkopf & Smola (2002), Learning with Kernels, §2.2 (kernels
    that are positive semidefinite).
    """
    K, y, alike = kernel_matrix(K, y, kernel, positive, classes_alike)
    C, tol = check_number("C", C), check_number("tol", tol)

    def certify(alpha: np.ndarray, b: float, dual: tuple[np.ndarray, np.ndarray]) -> Certificate:
        a, f = dual
        return kernels.kernel_svm_bounds(K, y, C, alpha, b if intercept else None, a, f)

    def answers() -> Iterator[tuple[np.ndarray, float, tuple[np.ndarray, np.ndarray]]]:
        slack = None
        if start is not None:
            first, b = check_start(start, y.shape, intercept)
            slack = 1 - y * (kernels.combination(K, first) + b)
        direct = gram_answers(K, y, C, tol, intercept, slack, alike)
        for a in chain(direct, _interior(K, y, C, intercept)):
            a = margins.feasible(y, C, a, intercept)
            alpha = y * a
            f = kernels.combination(K, alpha)
            yield alpha, best_intercept(y, f) if intercept else 0.0, (a, f)

    return first_proved("kernel_svm", answers(), certify, tol, limit=200)


def _interior(K: np.ndarray, y: np.ndarray, C: float, intercept: bool) -> Iterator[np.ndarray]:
    """Multipliers by interior points, on features Φ from the eigenvectors of K = ΦΦᵀ."""
    values, vectors = linalg.eigh(K)
    kept = values > 1e-15 * max(values[-1], 1e-300)
    features = vectors[:, kept] * np.sqrt(values[kept]) if kept.any() else np.zeros((len(K), 1))
    for _, _, a in interior_answers(features, y, C, intercept):
        yield a
