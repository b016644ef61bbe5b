"""Problems made from a description, and the methods run on them with their multiplications counted."""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np

METHODS = (
    "direct",
    "newton",
    "gradient descent",
    "nesterov",
    "coordinate descent",
    "several starts",
)
Problem = tuple[str, str, int, int, float, float]


def matrix(n: int, p: int, kappa: float) -> np.ndarray:
    """n x p with ‖X‖² = n, and XᵀX/n of p ≤ n eigenvalues from 1/kappa to 1; the same for the same arguments."""
    rng = np.random.default_rng([n, p])
    rank = min(n, p)
    left = np.linalg.qr(rng.standard_normal((n, rank)))[0]
    right = np.linalg.qr(rng.standard_normal((p, rank)))[0]
    return (left * np.sqrt(n * np.geomspace(1, 1 / kappa, rank))) @ right.T


@lru_cache(maxsize=64)
def costs(problem: Problem) -> dict[str, float]:
    """Multiplications of each method up to a proved gap of tol; infinite for a method that does not solve the problem."""
    loss, penalty, n, p, kappa, tol = problem
    never = dict.fromkeys(METHODS, np.inf)
    if loss == "network":
        return {**never, "several starts": 1.0}
    X = matrix(n, p, kappa)
    rng = np.random.default_rng([n, p, 1])
    signal = X @ rng.standard_normal(p) / np.sqrt(p) + 0.5 * rng.standard_normal(n)
    if penalty == "l1":
        return {**never, "coordinate descent": _by_coordinates(X, signal, tol)}
    small = min(n, p)
    if loss == "squares":
        lam, L = 1 / kappa, 1 + 1 / kappa
        gradient: Callable = lambda w: X.T @ (X @ w - signal) / n + lam * w
        found = {"direct": n * p * small + small**3 / 3, "newton": n * p * p + p**3 / 3}
    else:
        lam, y = 1 / (4 * kappa), np.where(signal > 0, 1.0, -1.0)
        L = 0.25 + lam
        gradient = lambda w: X.T @ (-y / (1 + np.exp(y * (X @ w)))) / n + lam * w
        found = {"newton": _by_newton(X, y, lam, gradient, tol)}
    mu = lam + (1 / kappa if loss == "squares" and p <= n else 0.0)
    found["gradient descent"] = (
        2 * n * p * _iterations(_descent(gradient, p, L), gradient, lam, tol)
    )
    found["nesterov"] = 2 * n * p * _iterations(_nesterov(gradient, p, L, mu), gradient, lam, tol)
    return never | found


def _iterations(points: Iterator[np.ndarray], gradient: Callable, mu: float, tol: float) -> float:
    """The first k with ‖∇f‖² ≤ 2 μ tol, which proves a gap of tol; infinity if none of 6000."""
    for k, w in zip(range(6000), points, strict=False):
        g = gradient(w)
        if g @ g <= 2 * mu * tol:
            return k + 1
    return np.inf


def _descent(gradient: Callable, p: int, L: float) -> Iterator[np.ndarray]:
    w = np.zeros(p)
    while True:
        yield w
        w = w - gradient(w) / L


def _nesterov(gradient: Callable, p: int, L: float, mu: float) -> Iterator[np.ndarray]:
    w = v = np.zeros(p)
    momentum = (np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))
    while True:
        yield w
        w_next = v - gradient(v) / L
        v, w = w_next + momentum * (w_next - w), w_next


def _by_newton(X: np.ndarray, y: np.ndarray, lam: float, gradient: Callable, tol: float) -> float:
    n, p = X.shape
    w, total = np.zeros(p), 0.0
    for _ in range(60):
        g = gradient(w)
        total += n * p * p + p**3 / 3 + 2 * n * p
        if g @ g <= 2 * lam * tol:
            return total
        s = 1 / (1 + np.exp(-y * (X @ w)))
        d = np.linalg.solve(X.T @ (X * (s * (1 - s))[:, None]) / n + lam * np.eye(p), g)
        w = w - d / (1 + np.sqrt(d @ g))
    return np.inf


def _by_coordinates(X: np.ndarray, y: np.ndarray, tol: float) -> float:
    """Sweeps over the lasso (1/2n)‖Xw − y‖² + λ‖w‖₁ with λ a tenth of the largest, to a duality gap of tol."""
    n, p = X.shape
    lam = np.abs(X.T @ y).max() / n / 10
    w, r, squares = np.zeros(p), y.copy(), np.sum(X**2, axis=0) / n
    for sweep in range(1, 2000):
        for j in range(p):
            old = w[j]
            z = X[:, j] @ r / n + squares[j] * old
            w[j] = np.sign(z) * max(abs(z) - lam, 0) / squares[j]
            r -= X[:, j] * (w[j] - old)
        theta = r / max(1.0, np.abs(X.T @ r).max() / (n * lam))
        primal = r @ r / (2 * n) + lam * np.abs(w).sum()
        if primal - (y @ y - (y - theta) @ (y - theta)) / (2 * n) <= tol:
            return 2.0 * n * p * sweep
    return np.inf
