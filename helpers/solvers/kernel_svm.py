"""The kernel support vector machine: the linear one in the kernel's own features."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy import linalg

from helpers.certificates import margins
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, check_number
from helpers.solvers.margin_data import first_proved, kernel_matrix, two_classes
from helpers.solvers.svm import best_intercept, svm_answers


def kernel_svm(
    K: Any,
    y: Any,
    C: float = 1.0,
    tol: float = 1e-8,
    intercept: bool = True,
    kernel: Callable | None = None,
) -> Solution:
    """Maximise Σ aᵢ − ½(y∘a)ᵀK(y∘a), 0 ≤ a ≤ C, yᵀa = 0 with an intercept.

    The answer's `w` is α = y∘a: the classifier is the sign of Σ αⱼ K(xⱼ, x) + b.  K is the n x n
    kernel matrix, symmetric positive semidefinite; or give `kernel`, a function with
    kernel(X, X) = K, and X (n x p) in K's place.  K = ΦΦᵀ, from its eigenvectors, gives features
    Φ on which the dual is the linear machine's; the certificate is taken on K itself.

    Raises ValueError for NaN, empty data, shapes that do not match, labels other than ±1, one
    class only, C ≤ 0 and a K that is not symmetric positive semidefinite; ConvergenceError, with
    the best answer attached, when `tol` is not proved.  Source: Cortes & Vapnik (1995).
    """
    K, y = kernel_matrix(K, y, kernel)
    two_classes(y)
    C = check_number("C", C)

    def certify(alpha: np.ndarray, b: float, a: np.ndarray) -> Certificate:
        return margins.kernel_svm(K, y, C, alpha, b if intercept else None, a)

    def answers() -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
        values, vectors = linalg.eigh(K)
        kept = values > 1e-15 * max(values[-1], 1e-300)
        features = vectors[:, kept] * np.sqrt(values[kept])
        if not kept.any():
            features = np.zeros((len(K), 1))
        for _, _, a in svm_answers(features, y, C, intercept):
            alpha = y * margins.feasible(y, C, a, intercept)
            yield alpha, best_intercept(y, K @ alpha) if intercept else 0.0, a

    return first_proved("kernel_svm", answers(), certify, tol, limit=140)
