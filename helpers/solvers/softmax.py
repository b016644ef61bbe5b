"""Multinomial regression: min Σ [log Σₖ exp(fᵢₖ) − fᵢ,yᵢ] + ½λ‖W‖²_F, F = XW + 1bᵀ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from helpers import certificates
from helpers.certificates.base import Certificate
from helpers.certificates.classification import complement
from helpers.solvers.binary_loss import BLOCK
from helpers.solvers.common import (
    Solution,
    Start,
    certified,
    check_data,
    check_number,
    check_start,
)
from helpers.solvers.lbfgs import factored_lbfgs
from helpers.solvers.margin_data import even
from helpers.solvers.newton_cg import newton_cg
from helpers.solvers.rotations import row_space

FACTORED = 1000  # a class's block of the Hessian is factored up to this size
DENSE = 2_000_000  # a sparse X with so many entries at most, zeros counted, is made dense
STEPS = 60  # of L-BFGS at most
PATIENCE = 6


def softmax(
    X: Any,
    y: Any,
    lam: float,
    tol: float = 1e-8,
    intercept: bool = True,
    start: Start = None,
) -> Solution:
    """Solve min Σ [log Σₖ exp(fᵢₖ) − fᵢ,yᵢ] + ½λ‖W‖²_F, F = XW + 1bᵀ, and prove it.

    X (n, p) dense or scipy.sparse, y (n,) in {0, ..., K − 1}, each class at least once, lam > 0;
    `start` is an answer to a similar problem or a pair (W, b). The solution's w is (p, K), its
    intercept (K,) with Σ bₖ = 0. L-BFGS around a Cholesky factor of each class's block of the Hessian
    (X dense and not too wide), else and where that stops short Newton's method with conjugate gradients.

    Raises ValueError for NaN, empty data, shapes that do not match, labels that are not
    0, ..., K − 1, one class only and lam ≤ 0; ConvergenceError, with the best answer attached, when
    `tol` is not proved.  Source: Nocedal & Wright, Numerical Optimization, §7.1; Böhning (1992).
    """
    X, y = check_data(X, y)
    K = _classes(y)
    lam, tol = check_number("lam", lam), check_number("tol", tol)
    n, p = X.shape
    W, b = check_start(start, (p, K), intercept)
    data = X.toarray() if sparse.issparse(X) and n * p <= DENSE else X
    back: Any = None
    if p > n and n <= FACTORED and not sparse.issparse(data):  # W lies in the row space
        space = row_space(data, even(data))
        data, back = space.L, space.lift
        W = space.drop(W)
    problem = _Softmax(data, y, K, lam, intercept)
    best: Solution | None = None
    closest: tuple[float, Any, int] = (np.inf, None, 0)
    failures = 0
    for count, (x, state, square) in enumerate(problem.search(W, b, tol), 1):
        gap = problem.gap(state, square)
        if gap < closest[0] or closest[1] is None:
            closest = gap, x, count
        if gap > tol * max(1.0, state.value):
            continue
        best, failures = (
            _better(best, X, y, lam, intercept, *problem.split(x), back, count),
            failures + 1,
        )
        failures = 0 if best.iterations == count else failures
        if best.certificate.proves(tol) or failures >= PATIENCE:
            return certified("softmax", best, tol)
    best = _better(best, X, y, lam, intercept, *problem.split(closest[1]), back, closest[2])
    return certified("softmax", best, tol)


def _better(
    best: Solution | None,
    X: Any,
    y: np.ndarray,
    lam: float,
    intercept: bool,
    U: np.ndarray,
    b: np.ndarray,
    back: Any,
    count: int,
) -> Solution:
    """The answer (U, b) with its proof, if that is closer than `best`."""
    W = U if back is None else back(U)
    b = b - b.mean() if intercept else np.zeros(len(b))
    proof = certificates.softmax(X, y, lam, W, b if intercept else None)
    if proof.dual < 0:  # the labels themselves prove 0
        proof = Certificate(proof.primal, 0.0, np.eye(W.shape[1])[y.astype(int)])
    closer = best is None or proof.gap < best.certificate.gap
    return Solution(W, b, proof, count) if closer or best is None else best


def _classes(y: np.ndarray) -> int:
    labels = np.unique(y)
    if len(labels) == 1:
        raise ValueError(f"y holds one class only, {labels[0]:g}: there is nothing to tell apart")
    if not np.array_equal(labels, np.arange(len(labels))):
        shown = ", ".join(f"{label:g}" for label in labels[:5]) + (
            ", ..." if len(labels) > 5 else ""
        )
        raise ValueError(f"y must hold the labels 0, ..., K - 1, each at least once, not {shown}")
    return len(labels)


@dataclass(frozen=True)
class _State:
    value: float
    gradient: np.ndarray
    A: np.ndarray  # the probabilities, a row for each class


class _Softmax:
    """The objective at x: a row (S wₖ, bₖ) for each class k, flattened; S scales X's columns to length 1.

    Classes are rows throughout, because products and sums run quicker along the samples.
    """

    def __init__(self, X: Any, y: np.ndarray, K: int, lam: float, intercept: bool):
        n, self.p = X.shape
        self.K, self.intercept, self.dense = K, intercept, not sparse.issparse(X)
        self.wide = n <= self.p  # then labels may be all but sure
        squares = np.einsum("ij,ij->j", X, X) if self.dense else X.power(2).sum(axis=0)
        size = np.sqrt(np.asarray(squares).ravel())
        self.size = np.where(size > 0, size, 1.0)
        self.R, scale = lam / self.size**2, self.size
        if intercept:
            self.R, self.size = np.append(self.R, 0.0), np.append(self.size, n**0.5)
        scaled: Any
        if self.dense:
            scaled = np.full((n, len(self.size)), n**-0.5)
            np.divide(X, scale, out=scaled[:, : self.p])
        else:
            one = [np.full((n, 1), n**-0.5)] if intercept else []
            scaled = sparse.hstack([X @ sparse.diags_array(1 / scale), *one]).tocsr()
        self.X = scaled
        self.Y = np.zeros((K, n))
        self.Y[y.astype(int), np.arange(n)] = 1.0
        self.squares: Any = None  # where blocks are too large to be factored
        if not self.dense or scaled.shape[1] > FACTORED:
            self.squares = np.square(scaled) if self.dense else scaled.power(2)

    def join(self, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        U = np.vstack([W, b]).T if self.intercept else W.T
        U = U - U.mean(axis=0)  # which changes no probability
        return (U * self.size).ravel()

    def split(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        U = (x.reshape(self.K, -1) / self.size).T
        return U[: self.p], U[self.p] if self.intercept else np.zeros(self.K)

    def at(self, x: np.ndarray) -> _State:
        U = x.reshape(self.K, -1)
        F = U @ self.X.T
        F = F - F.max(axis=0)
        E = np.exp(F)
        total = E.sum(axis=0)
        A = E / total
        penalty = float((self.R * np.square(U)).sum()) / 2
        value = float(np.log(total).sum() - np.vdot(F, self.Y)) + penalty
        slopes = complement(A.T, self.Y.T).T if self.wide else self.Y - A
        return _State(value, (self.R * U - slopes @ self.X).ravel(), A)

    def product(self, state: _State) -> Callable[[np.ndarray], np.ndarray]:
        A = state.A

        def hessian(v: np.ndarray) -> np.ndarray:
            V = v.reshape(self.K, -1)
            T = A * (V @ self.X.T)
            T = T - A * T.sum(axis=0)
            return (self.R * V + T @ self.X).ravel()

        return hessian

    def gap(self, state: _State, square: float) -> float:
        g = state.gradient.reshape(self.K, -1)[:, : self.p]
        return max(float((g**2 / self.R[: self.p]).sum()) / 2, square / 2)

    def search(self, W: np.ndarray, b: np.ndarray, tol: float) -> Iterator[tuple]:
        """Answers by L-BFGS around the blocks' factors; Newton's method goes on where it stops."""
        x = self.join(W, b)
        if self.squares is None:
            for x, state, decrement in factored_lbfgs(self, x, STEPS, exact=False):  # noqa: B020
                yield x, state, decrement
        yield from newton_cg(self, x, tol)

    def factor(self, state: _State, precise: bool) -> Callable[[np.ndarray], np.ndarray]:
        """The blocks' inverse between projections onto Σₖ wₖ = 0, where the optimum lies.

        A step that all classes share changes no probability: the loss is flat there, its blocks are not.
        """
        inverse = self.preconditioner(state)
        return lambda r: self._without_mean(inverse(self._without_mean(r)))

    def _without_mean(self, r: np.ndarray) -> np.ndarray:
        U = r.reshape(self.K, -1)
        return (U - U.mean(axis=0)).ravel()

    def preconditioner(self, state: _State) -> Callable[[np.ndarray], np.ndarray]:
        D = state.A * (1 - state.A)
        if self.squares is None:
            alike = bool((D[0] == D).all())  # at W = 0: one factor serves all classes
            factors = [self._factor(d) for d in (D[:1] if alike else D)]
            factors = factors * self.K if alike else factors
            if all(factor is not None for factor in factors):
                return lambda r: self._blocks(factors, r)
            diagonal = D @ np.square(self.X) + self.R
        else:
            diagonal = D @ self.squares + self.R
        inverse = 1 / np.maximum(diagonal, 1e-300).ravel()
        return lambda r: inverse * r

    def _factor(self, d: np.ndarray) -> Any:
        """Cholesky of XᵀDX + R scaled to a unit diagonal, with that scale."""
        root, H = np.sqrt(d)[:, None], np.zeros((self.X.shape[1],) * 2)
        for i in range(0, len(d), BLOCK):
            B = self.X[i : i + BLOCK] * root[i : i + BLOCK]
            H += B.T @ B
        H.flat[:: len(H) + 1] += self.R
        scale = np.sqrt(np.maximum(H.diagonal(), 1e-300))
        H /= scale
        H /= scale[:, None]
        H.flat[:: len(H) + 1] += 1e-14
        L, failed = lapack.dpotrf(H.T, lower=1, overwrite_a=1, clean=0)
        return None if failed else (L, scale)

    def _blocks(self, factors: list, r: np.ndarray) -> np.ndarray:
        parts = [
            lapack.dpotrs(L, u / scale, lower=1)[0] / scale
            for u, (L, scale) in zip(r.reshape(self.K, -1), factors, strict=True)
        ]
        return np.concatenate(parts)
