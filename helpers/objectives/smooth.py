"""Smooth convex functions: value, gradient, Hessian, smoothness L and strong convexity mu.

mu I ⪯ ∇²f(w) ⪯ L I for every w. A model's f is a sum over the n rows of X,
f(w) = f₁(w) + ... + fₙ(w), with the penalty shared out evenly: `grad_terms(w, rows)` returns
∇fᵢ(w) for the rows asked for, and `L_max` is the largest smoothness constant of a single fᵢ.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, logsumexp, softmax

from ._checks import columns_match, matrix, non_negative, rows_match, signs


class _Model:
    """What the models share: X (n x p), the penalty ½ lam ‖w‖², a loss with ρ'' ≤ curvature."""

    X: np.ndarray
    lam: float
    curvature = 1.0

    def __repr__(self) -> str:
        n, p = self.X.shape
        return f"{type(self).__name__}(n={n}, p={p}, lam={self.lam:g})"

    @property
    def n(self) -> int:
        return self.X.shape[0]

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """Eigenvalues of XᵀX, largest first; p of them, with the zeros that n < p leaves."""
        n, p = self.X.shape
        found = np.linalg.svd(self.X, compute_uv=False) ** 2
        return np.concatenate([found, np.zeros(max(0, p - n))])

    @property
    def L(self) -> float:
        """∇²f ⪯ L I, with L = curvature · σ₁(X)² + lam."""
        return float(self.curvature * self.eigenvalues[0] + self.lam)

    @property
    def mu(self) -> float:
        """∇²f ⪰ mu I: the penalty's lam."""
        return float(self.lam)

    @cached_property
    def L_max(self) -> float:
        """The largest smoothness constant of one term fᵢ: curvature · maxᵢ ‖xᵢ‖² + lam / n."""
        return float(self.curvature * np.max(np.sum(self.X**2, axis=1)) + self.lam / self.n)


@dataclass(frozen=True, eq=False, repr=False)
class Ridge(_Model):
    """f(w) = ½‖Xw − y‖² + ½ lam ‖w‖²,  X of shape (n, p), y of shape (n,), lam ≥ 0.

    Raises ValueError for NaN, for shapes that do not match and for lam < 0.
    """

    X: np.ndarray
    y: np.ndarray
    lam: float

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        non_negative("lam", self.lam)

    def __call__(self, w: np.ndarray) -> float:
        r = self.X @ w - self.y
        return float(r @ r + self.lam * w @ w) / 2

    def grad(self, w: np.ndarray) -> np.ndarray:
        """∇f(w) = Xᵀ(Xw − y) + lam w."""
        return self.X.T @ (self.X @ w - self.y) + self.lam * w

    def hess(self, w: np.ndarray) -> np.ndarray:
        """∇²f(w) = XᵀX + lam I, the same everywhere."""
        return self.X.T @ self.X + self.lam * np.eye(self.X.shape[1])

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """∇fᵢ(w) = (xᵢᵀw − yᵢ) xᵢ + (lam / n) w, one row for each i in `rows`."""
        r = self.X[rows] @ w - self.y[rows]
        return r[:, None] * self.X[rows] + self.lam / self.n * w

    @property
    def mu(self) -> float:
        """The smallest eigenvalue of XᵀX + lam I."""
        return float(self.eigenvalues[-1] + self.lam)

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """argmin over w of f(w) + ‖w − v‖² / (2 step): one linear system, diagonal after an SVD."""
        values, V = self._diagonal
        scale = 1 / (1 + step * (values + self.lam)) - 1 / (1 + step * self.lam)
        rhs = v + step * (self.X.T @ self.y)
        return rhs / (1 + step * self.lam) + V @ (scale * (V.T @ rhs))

    @cached_property
    def _diagonal(self) -> tuple[np.ndarray, np.ndarray]:
        _, singular, Vt = np.linalg.svd(self.X, full_matrices=False)
        return singular**2, Vt.T


class LeastSquares(Ridge):
    """f(w) = ½‖Xw − y‖²,  X of shape (n, p), y of shape (n,).

    Raises ValueError for NaN and for shapes that do not match.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray) -> None:
        super().__init__(X, y, 0.0)


@dataclass(frozen=True, eq=False, repr=False)
class Logistic(_Model):
    """f(w) = Σᵢ log(1 + exp(−yᵢ xᵢᵀw)) + ½ lam ‖w‖²,  X of shape (n, p), yᵢ in {−1, +1}, lam ≥ 0.

    Raises ValueError for NaN, for shapes that do not match, for other labels and for lam < 0.
    """

    X: np.ndarray
    y: np.ndarray
    lam: float = 0.0
    curvature = 0.25  # σ(m)(1 − σ(m)) ≤ ¼

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        signs(self.y)
        non_negative("lam", self.lam)

    def __call__(self, w: np.ndarray) -> float:
        return float(np.logaddexp(0, -self.y * (self.X @ w)).sum() + self.lam / 2 * w @ w)

    def grad(self, w: np.ndarray) -> np.ndarray:
        """∇f(w) = −Xᵀ(y ∘ σ(−y ∘ Xw)) + lam w."""
        return -self.X.T @ (self.y * expit(-self.y * (self.X @ w))) + self.lam * w

    def hess(self, w: np.ndarray) -> np.ndarray:
        """∇²f(w) = Xᵀ diag(σ(1 − σ)) X + lam I."""
        m = self.X @ w
        return (self.X.T * (expit(m) * expit(-m))) @ self.X + self.lam * np.eye(len(w))

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """∇fᵢ(w) = −yᵢ σ(−yᵢ xᵢᵀw) xᵢ + (lam / n) w, one row for each i in `rows`."""
        X, y = self.X[rows], self.y[rows]
        return -(y * expit(-y * (X @ w)))[:, None] * X + self.lam / self.n * w


@dataclass(frozen=True, eq=False, repr=False)
class Softmax(_Model):
    """f(W) = Σᵢ (log Σₖ exp(xᵢᵀWₖ) − xᵢᵀW_{yᵢ}) + ½ lam ‖W‖²_F.

    X of shape (n, p), yᵢ in {0, ..., K−1}, W of shape (p, K), K = max y + 1 or `classes`.
    Raises ValueError for NaN, for shapes that do not match, for labels that are not such integers
    and for lam < 0.
    """

    X: np.ndarray
    y: np.ndarray
    lam: float = 0.0
    classes: int = 0
    curvature = 0.5  # diag(π) − ππᵀ ⪯ ½ I  (Böhning, 1992)

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        non_negative("lam", self.lam)
        if not np.issubdtype(self.y.dtype, np.integer) or self.y.min() < 0:
            raise ValueError("y must hold the integers 0, ..., K-1")
        if 0 < self.classes <= self.y.max():
            raise ValueError(f"y holds class {self.y.max()}, but classes is {self.classes}")

    @property
    def K(self) -> int:
        return self.classes or int(self.y.max()) + 1

    def __call__(self, W: np.ndarray) -> float:
        scores = self.X @ W
        loss = logsumexp(scores, axis=1) - scores[np.arange(self.n), self.y]
        return float(loss.sum() + self.lam / 2 * np.sum(W**2))

    def grad(self, W: np.ndarray) -> np.ndarray:
        """∇f(W) = Xᵀ(Π − Y) + lam W: probabilities minus one-hot labels; shape (p, K)."""
        return self.X.T @ self._excess(W, np.arange(self.n)) + self.lam * W

    def hess(self, W: np.ndarray) -> np.ndarray:
        """Σᵢ xᵢxᵢᵀ ⊗ (diag(πᵢ) − πᵢπᵢᵀ) + lam I; shape (pK, pK), in the order of W.ravel()."""
        pi = softmax(self.X @ W, axis=1)
        blocks = pi[:, :, None] * (np.eye(self.K) - pi[:, None, :])
        H = np.einsum("ij,ikl,im->jkml", self.X, blocks, self.X, optimize=True)
        return H.reshape(W.size, W.size) + self.lam * np.eye(W.size)

    def grad_terms(self, W: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """∇fᵢ(W) = xᵢ(πᵢ − e_{yᵢ})ᵀ + (lam / n) W; shape (len(rows), p, K)."""
        excess = self._excess(W, np.asarray(rows))
        return self.X[rows][:, :, None] * excess[:, None, :] + self.lam / self.n * W

    def _excess(self, W: np.ndarray, rows: np.ndarray) -> np.ndarray:
        excess = softmax(self.X[rows] @ W, axis=1)
        excess[np.arange(len(rows)), self.y[rows]] -= 1
        return excess


@dataclass(frozen=True, eq=False, repr=False)
class Huber(_Model):
    """f(w) = Σᵢ ρ(xᵢᵀw − yᵢ) + ½ lam ‖w‖²,  ρ(r) = ½r² if |r| ≤ delta, else delta|r| − ½delta².

    X of shape (n, p), y of shape (n,). Raises ValueError for NaN, for shapes that do not match,
    for delta ≤ 0 and for lam < 0.  Huber (1964).
    """

    X: np.ndarray
    y: np.ndarray
    delta: float = 1.0
    lam: float = 0.0

    def __post_init__(self) -> None:
        matrix("X", self.X)
        rows_match(self.X, self.y)
        non_negative("lam", self.lam)
        if not self.delta > 0:
            raise ValueError(f"delta must be positive, but it is {self.delta}")

    def __call__(self, w: np.ndarray) -> float:
        r = self.X @ w - self.y
        near = np.clip(r, -self.delta, self.delta)  # ρ(r) = near · r − ½ near²
        return float(near @ r - near @ near / 2 + self.lam / 2 * w @ w)

    def grad(self, w: np.ndarray) -> np.ndarray:
        """∇f(w) = Xᵀ clip(Xw − y, −delta, delta) + lam w."""
        return self.X.T @ np.clip(self.X @ w - self.y, -self.delta, self.delta) + self.lam * w

    def hess(self, w: np.ndarray) -> np.ndarray:
        """Xᵀ diag(|Xw − y| ≤ delta) X + lam I, the Hessian where no residual is exactly ±delta."""
        X = self.X[np.abs(self.X @ w - self.y) <= self.delta]
        return X.T @ X + self.lam * np.eye(len(w))

    def grad_terms(self, w: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """clip(xᵢᵀw − yᵢ, −delta, delta) xᵢ + (lam / n) w, one row for each i in `rows`."""
        r = np.clip(self.X[rows] @ w - self.y[rows], -self.delta, self.delta)
        return r[:, None] * self.X[rows] + self.lam / self.n * w


@dataclass(frozen=True, eq=False, repr=False)
class Quadratic:
    """f(x) = ½xᵀPx + qᵀx,  P symmetric of shape (p, p), q of shape (p,).

    Convex when P ⪰ 0. P may be indefinite, so that a saddle can be looked at: then mu < 0.
    Raises ValueError for NaN, for shapes that do not match and when P is not symmetric.
    """

    P: np.ndarray
    q: np.ndarray

    def __post_init__(self) -> None:
        matrix("P", self.P)
        columns_match("P", self.P, "q", self.q)
        if self.P.shape[0] != self.P.shape[1] or not np.allclose(self.P, self.P.T, rtol=1e-10):
            raise ValueError("P must be symmetric: ½(P + Pᵀ) gives the same f")

    def __call__(self, x: np.ndarray) -> float:
        return float(x @ self.P @ x / 2 + self.q @ x)

    def grad(self, x: np.ndarray) -> np.ndarray:
        """∇f(x) = Px + q."""
        return self.P @ x + self.q

    def hess(self, x: np.ndarray) -> np.ndarray:
        """∇²f(x) = P, the same everywhere."""
        return self.P.copy()

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """The eigenvalues of P, largest first."""
        return np.linalg.eigvalsh(self.P)[::-1]

    @property
    def L(self) -> float:
        """The gradient's Lipschitz constant, max |eigenvalue|: P ⪯ L I."""
        return float(np.abs(self.eigenvalues).max())

    @property
    def mu(self) -> float:
        """The smallest eigenvalue of P."""
        return float(self.eigenvalues[-1])

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """(I + step P)⁻¹ (v − step q)."""
        return np.linalg.solve(np.eye(len(v)) + step * self.P, v - step * self.q)
