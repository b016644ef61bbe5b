"""linear_probe: convex on frozen features, so a small gradient proves the answer, whoever found it."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def linear_probe(W, b, X, y, K, lam, tol):
    """Weights V, m x K, of a new last layer on frozen features A = max(XW + 1bᵀ, 0), n x m,
    with f(V) − min f ≤ tol for

        f(V) = (1/n) Σᵢ [log Σ_k exp(AV)_ik − (AV)_i,yᵢ] + ½ λ Σ V².

    W (p x m) and b (m) stay as they are; y holds classes 0, ..., K − 1; λ > 0. f is λ-strongly
    convex: ‖∇f(V)‖² ≤ 2 λ tol proves the claim.
    """
    A = np.maximum(X @ W + b, 0)
    n = len(y)
    Y = np.eye(K)[y]
    V = U = np.zeros((A.shape[1], K))
    L = np.linalg.norm(A, 2) ** 2 / (2 * n) + lam
    momentum = (np.sqrt(L) - np.sqrt(lam)) / (np.sqrt(L) + np.sqrt(lam))
    for _ in range(20_000):
        S = A @ U
        P = np.exp(S - S.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        G = A.T @ (P - Y) / n + lam * U
        if np.sum(G**2) <= 2 * lam * tol:
            return U
        V_next = U - G / L
        U, V = V_next + momentum * (V_next - V), V_next
    return U


def _frozen(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, m, K, lam, tol in [
        (30, 3, 5, 3, 0.1, 1e-7),
        (8, 2, 6, 2, 0.05, 1e-6),
        (40, 4, 4, 4, 0.01, 1e-5),
        (1, 3, 3, 2, 0.5, 1e-7),
        (25, 5, 7, 3, 1.0, 1e-8),
    ]:
        yield {
            "W": np.round(rng.standard_normal((p, m)), 2),
            "b": np.round(0.5 + 0.5 * rng.standard_normal(m), 2),
            "X": np.round(rng.standard_normal((n, p)), 2),
            "y": rng.integers(0, K, n),
            "K": K,
            "lam": lam,
            "tol": tol,
        }


def _slope(V, A, y, lam):
    S = A @ V
    D = np.exp(S - np.logaddexp.reduce(S, axis=1)[:, None])
    D[np.arange(len(y)), y] -= 1
    return A.T @ D / len(y) + lam * V


def _certify(value, W, b, X, y, K, lam, tol):
    G = _slope(value, np.maximum(X @ W + b, 0), y, lam)
    bound = float(np.sum(G**2)) / (2 * lam)
    if bound <= 2 * tol + 1e-12:
        return True
    return f"‖∇f(V)‖²/(2λ), which bounds f(V) − min f, should be at most tol = {tol:g}; at your V it is {bound:.3g}"


def _minimises(value, W, b, X, y, K, lam, tol):
    """What the answer is the minimum of, f or something like it: so that a mistake is known whichever method made it."""
    Z, A = X @ W + b, np.maximum(X @ W + b, 0)
    for name, features, penalty in (
        ("f", A, lam),
        ("no bend", Z, lam),
        ("no bias", np.maximum(X @ W, 0), lam),
        ("summed", A, lam / len(y)),
        ("penalty doubled", A, 2 * lam),
    ):
        if np.sum(_slope(value, features, y, penalty) ** 2) <= 4 * penalty * tol:
            return name
    return value


def _solve(A, y, K, lam, iterations=3000):
    V = U = np.zeros((A.shape[1], K))
    L = np.linalg.norm(A, 2) ** 2 / (2 * len(y)) + max(lam, 1e-12)
    for k in range(iterations):
        V_next = U - _slope(U, A, y, lam) / L
        U, V = V_next + k / (k + 3) * (V_next - V), V_next
    return V


def on_the_inputs(W, b, X, y, K, lam, tol):
    """You fitted on X itself: the probe stands on the frozen features max(XW + b, 0)."""
    V = _solve(X, y, K, lam)
    return np.vstack([V, np.zeros((W.shape[1], K))])[: W.shape[1]]


def no_bend(W, b, X, y, K, lam, tol):
    """You forgot max(z, 0): the features are the hidden units after the activation."""
    return _solve(X @ W + b, y, K, lam)


def no_bias(W, b, X, y, K, lam, tol):
    """You forgot b: the frozen layer is max(XW + 1bᵀ, 0)."""
    return _solve(np.maximum(X @ W, 0), y, K, lam)


def no_penalty(W, b, X, y, K, lam, tol):
    """You left the penalty out: without it there may be no minimum, and the certificate needs λ."""
    return _solve(np.maximum(X @ W + b, 0), y, K, 0.0, 500)


def summed(W, b, X, y, K, lam, tol):
    """You took the sum of the losses: with the mean the penalty weighs n times as much."""
    return _solve(np.maximum(X @ W + b, 0), y, K, lam / len(y))


def penalty_doubled(W, b, X, y, K, lam, tol):
    """Your penalty is λΣV²: the half in front makes its gradient λV."""
    return _solve(np.maximum(X @ W + b, 0), y, K, 2 * lam)


def stopped_early(W, b, X, y, K, lam, tol):
    """You stopped too early: go on until ‖∇f‖² ≤ 2 λ tol."""
    return _solve(np.maximum(X @ W + b, 0), y, K, lam, 2)


def least_squares(W, b, X, y, K, lam, tol):
    """You fitted by squares: the loss asked for is the cross-entropy of the scores AV."""
    A = np.maximum(X @ W + b, 0)
    return np.linalg.solve(A.T @ A / len(y) + lam * np.eye(A.shape[1]), A.T @ np.eye(K)[y] / len(y))


def nothing_learned(W, b, X, y, K, lam, tol):
    """Your V is 0, where the fit begins."""
    return np.zeros((W.shape[1], K))


def _by_newton(W, b, X, y, K, lam, tol):
    A = np.maximum(X @ W + b, 0)
    n, m = A.shape
    V = np.zeros((m, K))
    for _ in range(60):
        S = A @ V
        P = np.exp(S - S.max(axis=1, keepdims=True))
        P = P / P.sum(axis=1, keepdims=True)
        G = A.T @ (P - np.eye(K)[y]) / n + lam * V
        H = lam * np.eye(m * K)
        for a, p in zip(A, P, strict=True):
            H += np.kron(np.outer(a, a), np.diag(p) - np.outer(p, p)) / n
        d = np.linalg.solve(H, G.ravel()).reshape(m, K)
        V = V - d / (1 + np.sqrt(np.sum(d * G)))
    return V


def _by_descent(W, b, X, y, K, lam, tol):
    A = np.maximum(X @ W + b, 0)
    V, step = np.zeros((A.shape[1], K)), 1 / (np.sum(A**2) / (2 * len(y)) + lam)
    for _ in range(60_000):
        E = np.exp(A @ V)
        P = E / E.sum(axis=1, keepdims=True)
        G = A.T @ (P - np.eye(K)[y]) / len(y) + lam * V
        if np.sum(G**2) <= lam * tol:
            break
        V = V - step * G
    return V.tolist()


EXERCISE = Exercise(
    linear_probe,
    _frozen,
    _certify,
    title="The convex probe",
    difficulty=2,
    minutes=15,
    hints=(
        "Compute the features once, A = np.maximum(X @ W + b, 0). From there it is softmax regression (lesson 11).",
        "The gradient is Aᵀ(P − Y)/n + λV, with P the softmax of AV and Y = np.eye(K)[y].",
        "Any method will do: gradient descent with the step 1/L, L = ‖A‖²/(2n) + λ, until np.sum(G**2) <= 2 * lam * tol.",
    ),
    mistakes=(
        on_the_inputs,
        no_bend,
        no_bias,
        no_penalty,
        summed,
        penalty_doubled,
        stopped_early,
        least_squares,
        nothing_learned,
    ),
    alternatives=(_by_newton, _by_descent),
    fingerprint=_minimises,
)
