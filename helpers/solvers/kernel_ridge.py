"""Kernel ridge regression by one Cholesky factorization."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.linalg import lapack

from helpers.certificates import robust
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, check_number
from helpers.solvers.interior_point import newton_solver
from helpers.solvers.margin_data import first_proved, kernel_matrix


def kernel_ridge(
    K: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = False,
    kernel: Callable | None = None,
) -> Solution:
    """Minimise ½‖Kα + b − y‖² + ½λ αᵀKα; the answer's `w` is α, from (K + λI)α = y − b.

    K is the n x n kernel matrix, symmetric positive semidefinite; or give `kernel`, a function
    with kernel(X, X) = K, and X (n x p) in K's place.  λ > 0.  There is no intercept unless asked.

    Raises ValueError for NaN, empty data, shapes that do not match, λ ≤ 0 and a K that is not
    symmetric positive semidefinite; ConvergenceError when `tol` is not proved.
    Source: Saunders, Gammerman & Vovk (1998).
    """
    K, y = kernel_matrix(K, y, kernel)
    lam = check_number("lam", lam)

    def certify(alpha: np.ndarray, b: float, u: np.ndarray) -> Certificate:
        return robust.kernel_ridge(K, y, lam, alpha, b if intercept else None, u)

    def answers() -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
        solve = _shifted(K, lam)
        alpha, ones, b = solve(y), np.ones(len(y)), 0.0
        if intercept:
            share = solve(ones)
            b = float(alpha.sum() / share.sum())
            alpha = alpha - b * share
        for _ in range(5):  # refined until the equations hold to rounding
            yield alpha, b, lam * alpha
            alpha = alpha + solve(y - b - K @ alpha - lam * alpha)

    return first_proved("kernel_ridge", answers(), certify, tol)


def _shifted(K: np.ndarray, lam: float) -> Callable[[np.ndarray], np.ndarray]:
    """The map from x to (K + λI)⁻¹x."""
    H = K.copy()
    H.flat[:: len(H) + 1] += lam
    factor, failed = lapack.dpotrf(H.T, lower=1, clean=0, overwrite_a=1)
    if failed:  # λ is lost in K's rounding
        return newton_solver(K + lam * np.eye(len(K)))
    return lambda x: lapack.dpotrs(factor, x, lower=1)[0]
