"""The logistic loss of labelled rows as a smooth function of (w, b): what Newton's methods ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

BLOCK = 2048  # rows that stay in cache while the Hessian gathers them


@dataclass(frozen=True)
class State:
    """Value and gradient at a point, with what the Hessian there needs."""

    value: float
    gradient: np.ndarray
    margins: np.ndarray
    a: np.ndarray  # minus the slopes of the losses, 1/(1 + e^m)

    @property
    def weights(self) -> np.ndarray:
        """The losses' second derivatives."""
        return self.a * (1 - self.a)


def losses(m: np.ndarray) -> tuple[float, np.ndarray]:
    """Σ log(1 + e^{−mᵢ}) and 1/(1 + e^{mᵢ}), without overflow."""
    e = np.exp(-np.abs(m))
    less = np.minimum(m, 0.0)
    value = float(np.add.reduce(np.log1p(e) - less))
    return value, np.exp(np.minimum(-m, 0.0)) / (1 + e)  # quicker than a choice


class BinaryLoss:
    """Σ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖² at x = (w, b), or x = w without an intercept."""

    def __init__(self, X: Any, y: np.ndarray, lam: float, intercept: bool):
        self.X, self.y, self.lam, self.intercept = X, y, lam, intercept
        self.p = X.shape[1]
        self._columns: tuple[np.ndarray, Any] | None = None

    def join(self, w: np.ndarray, b: float) -> np.ndarray:
        return np.append(w, b) if self.intercept else w

    def split(self, x: np.ndarray) -> tuple[np.ndarray, float]:
        return (x[: self.p], float(x[self.p])) if self.intercept else (x, 0.0)

    def at(self, x: np.ndarray) -> State:
        w, b = self.split(x)
        m = self.y * (self.X @ w + b)
        loss, a = losses(m)
        s = self.y * a
        g = self.lam * w - self.X.T @ s
        gradient = np.append(g, -s.sum()) if self.intercept else g
        return State(loss + self.lam * float(w @ w) / 2, gradient, m, a)

    def product(self, state: State) -> Callable[[np.ndarray], np.ndarray]:
        """v ↦ Hv."""
        d, X = state.weights, self.X

        def hessian(v: np.ndarray) -> np.ndarray:
            w, b = self.split(v)
            t = d * (X @ w + b)
            Hw = self.lam * w + X.T @ t
            return np.append(Hw, t.sum()) if self.intercept else Hw

        return hessian

    def diagonal(self, state: State) -> np.ndarray:
        d = state.weights
        if self._columns is None:
            squares = self.X.power(2) if sparse.issparse(self.X) else np.square(self.X)
            self._columns = np.zeros(0), squares.T
        main = self._columns[1] @ d + self.lam
        main = np.append(main, d.sum()) if self.intercept else main
        return np.maximum(main, 1e-300)

    def preconditioner(self, state: State) -> Callable[[np.ndarray], np.ndarray]:
        diagonal = self.diagonal(state)
        return lambda r: r / diagonal

    def gap(self, state: State, decrement: float) -> float:
        """What is left to gain, from above where λ > 0 and the intercept is optimal."""
        if self.lam == 0:
            return decrement / 2
        g = state.gradient[: self.p]
        return max(float(g @ g) / (2 * self.lam), decrement / 2)

    def factor(self, state: State, precise: bool) -> Callable[[np.ndarray], np.ndarray] | None:
        """r ↦ H⁻¹r for a dense X by Cholesky, in single precision unless `precise`; None if it fails.

        Columns are brought to unit length first, so that units do not matter.
        """
        if self._columns is None:
            size = np.sqrt(np.einsum("ij,ij->j", self.X, self.X))
            size = np.where(size > 0, size, 1.0)
            self._columns = (
                (np.append(size, np.sqrt(len(self.y))) if self.intercept else size),
                None,
            )
        size = self._columns[0]
        H = self._hessian(state.weights, size, np.float64 if precise else np.float32)
        diagonal = H.diagonal()
        H.flat[:: len(H) + 1] += self._penalty() / size**2
        scale = np.sqrt(np.where(diagonal > 0, H.diagonal(), 1.0))
        H /= scale
        H /= scale[:, None]
        scale = scale * size
        for trace in (1e-15, 1e-12, 1e-9) if precise else (1e-7, 1e-5):
            A = H.copy()
            A.flat[:: len(A) + 1] += trace
            L, failed = lapack.dpotrf(A.T, lower=1, overwrite_a=1)
            if not failed:
                return lambda r: lapack.dpotrs(L, r / scale, lower=1)[0] / scale
        return None

    def _penalty(self) -> np.ndarray:
        return (
            np.append(np.full(self.p, self.lam), 0.0)
            if self.intercept
            else np.full(self.p, self.lam)
        )

    def _hessian(self, d: np.ndarray, size: np.ndarray, dtype: type) -> np.ndarray:
        """XᵀDX for columns of unit length, a block of rows after the other."""
        q = len(size)
        H: np.ndarray = np.zeros((q, q), dtype)
        root, unit = np.sqrt(d), 1 / size
        for i in range(0, len(d), BLOCK):
            r = root[i : i + BLOCK, None]
            B: np.ndarray = np.empty((len(r), q), dtype)
            np.multiply(
                self.X[i : i + BLOCK] * unit[: self.p], r, out=B[:, : self.p], casting="same_kind"
            )
            if self.intercept:
                B[:, self.p] = r[:, 0] * unit[self.p]
            H += B.T @ B
        return H.astype(float)
