"""The normal equations of least squares and ridge regression, on the smaller side of the data."""

from collections.abc import Callable

import numpy as np
from scipy.linalg import blas, lapack

from helpers.solvers.columns import FAR, Columns

REGULAR = 1e-10  # with a reciprocal condition number above this one refinement mends Cholesky
DEPENDENT = 1e-12  # a column of length 1 with a smaller square beside the others depends on them
PASSES = 20  # a Gram matrix of q rows costs as much time as some 2q/PASSES passes over X

LONGEST = 3  # times a factor's price, at most
SOONEST = 10  # passes below which conjugate gradients are not begun

Step = Callable[[np.ndarray, np.ndarray], np.ndarray]


def factorised(columns: Columns, lam: float) -> Step | None:
    """The map from r = y − Aw and s = Aᵀr − λw to the step that minimises ½‖y − Aw‖² + ½λ‖w‖².

    A (n, p) is dense, with its columns centred or not. One Cholesky factor: of AᵀA + λI where A is
    tall, else of AAᵀ + λI. None where λ = 0 and they are close to singular; with λ = 0 and a wide A
    the step is the shortest of many.
    Source: Björck, Numerical Methods for Least Squares Problems, §2.2 and §2.9.
    """
    n, p = columns.n, columns.p
    tall = n >= p
    H = columns.gram() if tall else _outer_gram(columns)
    if columns.centred and not tall:
        H += H.trace() / n**2  # lifts 1, which centring took out of A's range
    H.flat[:: len(H) + 1] += lam
    size, norm = np.ones(len(H)), 0.0
    if lam == 0:  # columns (or rows) of one size, so that units do not matter
        size = np.sqrt(np.maximum(H.diagonal(), 0.0))
        if not size.all():
            return None
        H /= size
        H /= size[:, None]
        norm = float(lapack.dlange("1", H))
    factor, failed = lapack.dpotrf(H.T, lower=1, clean=0, overwrite_a=1)
    if failed or (lam == 0 and lapack.dpocon(factor, norm, uplo="L")[0] < REGULAR):
        return None

    def inverse(x: np.ndarray) -> np.ndarray:
        return lapack.dpotrs(factor, x / size, lower=1)[0] / size

    def back(v: np.ndarray) -> np.ndarray:
        return columns.correlate(v - v.mean() if columns.centred else v)

    if tall:
        return lambda r, s: inverse(s)
    if lam == 0:
        return lambda r, s: back(inverse(r))
    return lambda r, s: (s - back(inverse(columns.predict(s)))) / lam


def pseudoinverse(H: np.ndarray, size: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """s ↦ the v, shortest once v is scaled by `size`, that minimises ½vᵀHv − sᵀv.

    H is AᵀA and is overwritten, `size` the columns' lengths. By a Cholesky factor with the largest
    pivot first, as far as the pivots are not rounding: the columns that are left are A_D = A_S C.
    Source: Higham (1990), Analysis of the Cholesky decomposition of a semi-definite matrix.
    """
    size = np.where(size > 0, size, 1.0)
    H /= size
    H /= size[:, None]
    factor, order, rank, _ = lapack.dpstrf(H.T, tol=DEPENDENT, lower=1, overwrite_a=1)
    order -= 1
    size = size[order]
    if rank < len(H):
        L, rest = np.asfortranarray(factor[:rank, :rank]), factor[rank:, :rank]
        C = lapack.dtrtrs(L, rest.T, lower=1, trans=1)[0]
        K = lapack.dpotrf(np.eye(len(rest)) + C.T @ C, lower=1)[0]

    def inverse(s: np.ndarray) -> np.ndarray:
        v, s = np.empty(len(s)), s[order] / size
        if rank == len(s):
            v[order] = lapack.dpotrs(factor, s, lower=1)[0] / size
            return v
        basic = lapack.dpotrs(L, s[:rank], lower=1)[0]
        others = lapack.dpotrs(K, C.T @ basic, lower=1)[0]
        v[order] = np.concatenate([basic - C @ others, others]) / size
        return v

    return inverse


def _outer_gram(columns: Columns) -> np.ndarray:
    """AAᵀ, centred like `columns.gram`."""
    X, mean = columns.X, columns.mean
    H = X @ X.T
    if columns.centred:
        raw = H.trace()
        along = X @ mean
        H -= along
        H -= along[:, None]
        H += mean @ mean
        if raw > FAR * H.trace():
            A = X - mean
            H = A @ A.T
    return H


def conjugate_gradients(
    columns: Columns, target: np.ndarray, lam: float, tol: float
) -> np.ndarray | None:
    """The w of ridge regression, or None as soon as a Cholesky factor promises to be quicker.

    The gap with the residual as dual point is ‖Aᵀr − λw‖²/2λ, which the iteration knows.
    Source: Hestenes & Stiefel (1952), §10 (CGLS).
    """
    limit = 1000 if columns.sparse else min(columns.n, columns.p) // PASSES
    if limit < SOONEST:
        return None
    w, r = np.zeros(columns.p), target
    s = columns.correlate(r)
    d, square = s.copy(), float(s @ s)
    first = square
    for k in range(LONGEST * limit):
        goal = lam * tol * max(1.0, float(r @ r + lam * (w @ w)) / 2)
        if square <= goal:
            return w
        # what is still to do, at the pace so far, against a factor's price: what is done is done
        if k >= 4 and k * np.log(square / goal) > limit * np.log(first / square):
            return None
        Ad = columns.predict(d)
        step = square / float(Ad @ Ad + lam * (d @ d))
        # in place, for where p is large the sums of such vectors cost as much as a pass over X
        w = blas.daxpy(d, w, a=step)
        r = r - step * Ad
        s = blas.daxpy(w, columns.correlate(r), a=-lam)
        square, before = float(s @ s), square
        d = blas.daxpy(s, blas.dscal(square / before, d))
    return None
