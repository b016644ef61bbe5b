"""Two ways to write a support vector machine's inner problem, for the Newton steps that solve it.

Both have a state x = (coefficients, b), and know the gradient at given multipliers c, the margins
along a direction, and Newton's system, where rows J have curvature σ.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from helpers.certificates.kernels import combination
from helpers.solvers.working_set import conjugate_gradients

Solver = Callable[[np.ndarray], np.ndarray]
TRACE = 1e-10  # of the full Hessian, for directions that no row of J sees
CG_ACCURACY, CG_LIMIT = 1e-3, 200
TINY = 1e-12
DENSE = 1000  # systems of at most this size are formed and factorised


class Machine(Protocol):
    start: np.ndarray
    rows: int
    exact: bool  # systems are solved by a factor

    def gradient(self, x: np.ndarray, c: np.ndarray) -> np.ndarray:
        """That of ½‖w‖² − Σ cᵢ marginᵢ in the machine's coordinates."""

    def size(self, g: np.ndarray, x: np.ndarray, C: float) -> float:
        """How large a gradient is beside its terms."""

    def margins(self, d: np.ndarray) -> np.ndarray:
        """yᵢ(xᵢᵀw + b) for each row."""

    def inner(self, x: np.ndarray, d: np.ndarray, margins: np.ndarray) -> float:
        """wᵀv for the coefficients w of x and v of d, whose margins are given."""

    def newton(self, J: np.ndarray, sigma: float) -> Solver:
        """Gradient to step, for the Hessian ½‖w‖² + ½σ Σ_J marginᵢ²."""


class Features:
    """x = (w, b) itself, for rows M = (yᵢxᵢ, yᵢ) and penalty ½ Σ Rⱼxⱼ²; systems are p x p."""

    def __init__(self, M: Any, R: np.ndarray):
        self.M, self.R = M, R
        self.rows = M.shape[0]
        self.start = np.zeros(M.shape[1])
        self.squares = M.multiply(M) if sparse.issparse(M) else None
        self.exact = self.squares is None
        whole = np.einsum("ij,ij->j", M, M) if self.squares is None else self.squares.sum(axis=0)
        self.trace = TRACE * np.asarray(whole).ravel()

    def gradient(self, x: np.ndarray, c: np.ndarray) -> np.ndarray:
        return self.R * x - self.M.T @ c

    def size(self, g: np.ndarray, x: np.ndarray, C: float) -> float:
        return float(np.linalg.norm(g) / (np.linalg.norm(self.R * x) + C))

    def margins(self, d: np.ndarray) -> np.ndarray:
        return self.M @ d

    def inner(self, x: np.ndarray, d: np.ndarray, margins: np.ndarray) -> float:
        return float(x @ (self.R * d))

    def newton(self, J: np.ndarray, sigma: float) -> Solver:
        rows = np.flatnonzero(J)
        shift = self.R + sigma * self.trace
        A = self.M[rows] if len(rows) < self.rows else self.M
        if self.squares is not None and len(self.start) > DENSE:
            seen = np.asarray(self.squares[rows].sum(axis=0)).ravel()
            diagonal = shift + sigma * seen
            product = lambda v: shift * v + sigma * (A.T @ (A @ v))
            return lambda g: conjugate_gradients(product, diagonal, -g, CG_ACCURACY, CG_LIMIT)
        H = A.T @ A if self.squares is None else (A.T @ A).toarray()
        H *= sigma
        H.flat[:: len(H) + 1] += shift
        return _cholesky(H)


class Gram:
    """x = (α, b) with w = Σ αᵢyᵢxᵢ, for K = (xᵢᵀxⱼ); systems are |J| x |J|."""

    exact = True

    def __init__(self, K: np.ndarray, y: np.ndarray, intercept: bool):
        self.K, self.y, self.intercept = K, y, intercept
        self.rows = len(y)
        self.start = np.zeros(len(y) + 1)

    def gradient(self, x: np.ndarray, c: np.ndarray) -> np.ndarray:
        """K⁻¹ times it, α − c, and Σ yᵢcᵢ: a measure of its own, which spares a product with K."""
        return np.append(x[:-1] - c, -(self.y @ c) if self.intercept else 0.0)

    def size(self, g: np.ndarray, x: np.ndarray, C: float) -> float:
        c = x[:-1] - g[:-1]  # the multipliers
        return float(np.abs(g).max()) / max(float(np.abs(c).max()), TINY * C)

    def margins(self, d: np.ndarray) -> np.ndarray:
        return self.y * (combination(self.K, self.y * d[:-1]) + d[-1])

    def inner(self, x: np.ndarray, d: np.ndarray, margins: np.ndarray) -> float:
        return float(x[:-1] @ (margins - d[-1] * self.y))

    def newton(self, J: np.ndarray, sigma: float) -> Solver:
        rows = np.flatnonzero(J)
        sign = self.y[rows]
        inverse = self._block(rows, sigma)
        along = inverse(np.ones(len(rows)))
        curvature = float(along.sum())

        def solve(g: np.ndarray) -> np.ndarray:
            d = -g
            d[-1] = 0.0
            outside = np.where(J, 0.0, g[:-1])
            right = -sign * g[rows] / sigma
            if outside.any():
                right = right + self._across(rows, self.y * outside)
            inner = inverse(right)
            if self.intercept and curvature > 0:
                d[-1] = (inner.sum() + sign @ g[rows] - g[-1]) / curvature
                inner = inner - d[-1] * along
            d[rows] = sign * inner
            return d

        return solve

    def _block(self, rows: np.ndarray, sigma: float) -> Solver:
        """S⁻¹ for S = K_JJ + 1/σ."""
        if len(rows) == 0:
            return lambda g: g
        S = self.K.take(rows, axis=0).take(rows, axis=1)
        S.flat[:: len(S) + 1] += 1 / sigma + TRACE * self.K.diagonal()[rows]
        step = _cholesky(S)
        return lambda g: -step(g)

    def _across(self, rows: np.ndarray, v: np.ndarray) -> np.ndarray:
        """(Kv)_J."""
        return combination(self.K, v)[rows]


class SparseRows(Gram):
    """The same for sparse rows X, K = XXᵀ unformed: systems go to conjugate gradients."""

    exact = False

    def __init__(self, X: Any, y: np.ndarray, intercept: bool):
        super().__init__(np.zeros((0, 0)), y, intercept)
        self.X = X
        self.squares = np.asarray(X.multiply(X).sum(axis=1)).ravel()

    def margins(self, d: np.ndarray) -> np.ndarray:
        return self.y * (self.X @ (self.X.T @ (self.y * d[:-1])) + d[-1])

    def _block(self, rows: np.ndarray, sigma: float) -> Solver:
        A = self.X[rows] if len(rows) < self.rows else self.X
        shift = 1 / sigma + TRACE * self.squares[rows]
        diagonal = self.squares[rows] + shift

        def inverse(g: np.ndarray) -> np.ndarray:
            product = lambda v: A @ (A.T @ v) + shift * v
            return conjugate_gradients(product, diagonal, g, CG_ACCURACY, CG_LIMIT)

        return inverse

    def _across(self, rows: np.ndarray, v: np.ndarray) -> np.ndarray:
        return (self.X[rows] if len(rows) < self.rows else self.X) @ (self.X.T @ v)


def _cholesky(H: np.ndarray) -> Solver:
    """g to −H⁻¹g; NaN where H is not positive definite in floating point."""
    factor, failed = lapack.dpotrf(H.T, lower=1, clean=0)
    if failed:
        return lambda g: np.full_like(g, np.nan)
    return lambda g: -lapack.dpotrs(factor, g, lower=1)[0]
