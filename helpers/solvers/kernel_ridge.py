"""Kernel ridge regression by conjugate gradients, preconditioned by a factor in single precision."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.linalg import lapack

from helpers.certificates import kernels
from helpers.certificates.base import Certificate
from helpers.solvers.common import Solution, check_number
from helpers.solvers.interior_point import newton_solver
from helpers.solvers.margin_data import first_proved, kernel_matrix

PASSES = (
    50  # a factor in single precision of n rows costs as much time as some n/PASSES products Kx
)
SMALL = 400  # rows up to which neither saves time
STEPS = 50  # of preconditioned conjugate gradients

Inverse = Callable[[np.ndarray], np.ndarray]


def kernel_ridge(
    K: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = False,
    kernel: Callable | None = None,
    positive: bool = False,
) -> Solution:
    """Minimise ½‖Kα + b − y‖² + ½λ αᵀKα; the answer's `w` is α, from (K + λI)α = y − b.

    K is the n x n kernel matrix, symmetric positive semidefinite; or give `kernel`, a function
    with kernel(X, X) = K, and X (n x p) in K's place.  λ > 0.  There is no intercept unless asked.
    The equations go to conjugate gradients, which a factor of K + λI in single precision makes
    converge in a few steps.

    Without positive semidefinite K there is no minimum.  It is checked, by a Cholesky factor:
    n³/3 operations, mostly more than all the rest.  `positive` = True says that K is known to be
    symmetric positive semidefinite, as those of Gaussian and polynomial kernels are by a theorem,
    and leaves that check out: the certificate then rests on this word.

    Raises ValueError for NaN, empty data, shapes that do not match, λ ≤ 0 and a K that is found
    not to be symmetric positive semidefinite; ConvergenceError when `tol` is not proved.
    Source: Saunders, Gammerman & Vovk (1998); Higham, Accuracy and Stability of Numerical
    Algorithms, §12 (a factor of lower precision, refined).
    """
    K, y, _ = kernel_matrix(K, y, kernel, positive)
    lam, tol = check_number("lam", lam), check_number("tol", tol)

    def certify(alpha: np.ndarray, b: float, u: np.ndarray) -> Certificate:
        return kernels.kernel_ridge_bounds(K, y, lam, alpha, b if intercept else None, u)

    def answers() -> Iterator[tuple[np.ndarray, float, np.ndarray]]:
        alpha = np.zeros(len(y))
        for attempt in (None, _single, _double) if len(y) > SMALL else (_double,):
            inverse = attempt(K, lam) if attempt else None
            if attempt and inverse is None:
                continue
            alpha, done = _conjugate_gradients(K, y, lam, tol, intercept, inverse, alpha)
            if done or attempt is _double:
                b = float((y - K @ alpha).mean()) if intercept else 0.0
                yield alpha, b, lam * alpha

    return first_proved("kernel_ridge", answers(), certify, tol)


def _conjugate_gradients(
    K: np.ndarray,
    y: np.ndarray,
    lam: float,
    tol: float,
    intercept: bool,
    inverse: Inverse | None,
    alpha: np.ndarray,
) -> tuple[np.ndarray, bool]:
    """α near (K + λI)α + b1 = y (with 1ᵀα = 0, or b = 0), from α on, and whether it is near enough.

    The gap with λα as dual point is half the square of the residual, which the iteration knows.
    Without an inverse to precondition with it gives up where a factor promises to be quicker.
    Source: Hestenes & Stiefel (1952); Golub & Van Loan §11.5.2.
    """
    price = len(y) // PASSES
    share = inverse(np.ones(len(y))) if inverse and intercept else None

    def centred(x: np.ndarray) -> np.ndarray:
        return x - x.mean() if intercept else x

    def preconditioned(r: np.ndarray) -> np.ndarray:
        z = inverse(r) if inverse else r
        return z if share is None else z - (z.sum() / share.sum()) * share

    r = centred(y - K @ alpha - lam * alpha if alpha.any() else y)
    d, before, first = np.zeros(len(y)), np.inf, float(r @ r)
    for k in range(STEPS if inverse else 3 * price):
        square = float(r @ r)
        goal = 0.5 * tol * max(1.0, lam * float(alpha @ y))
        if square <= goal:
            return alpha, True
        # what is still to do, at the pace so far, against a factor's price: what is done is done
        if not inverse and k >= 4 and k * np.log(square / goal) > price * np.log(first / square):
            break
        z = preconditioned(r)
        rz = float(r @ z)
        d, before = z + (rz / before) * d, rz
        product = centred(K @ d + lam * d)
        step = rz / float(d @ product)
        alpha, r = alpha + step * d, r - step * product
    return alpha, False


def _single(K: np.ndarray, lam: float) -> Inverse | None:
    """The map from x to nearly (K + λI)⁻¹x in half the time; None where λ drowns in rounding."""
    H = K.astype(np.float32)
    H.flat[:: len(H) + 1] += np.float32(lam)
    factor, failed = lapack.spotrf(H.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        return None

    def inverse(x: np.ndarray) -> np.ndarray:
        size = float(np.abs(x).max()) or 1.0
        return size * lapack.spotrs(factor, (x / size).astype(np.float32), lower=1)[0].astype(float)

    return inverse


def _double(K: np.ndarray, lam: float) -> Inverse:
    """The map from x to (K + λI)⁻¹x."""
    H = K.copy()
    H.flat[:: len(H) + 1] += lam
    solve = newton_solver(H)
    return lambda x: solve(x, refined=False)
