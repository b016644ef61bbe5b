"""matrix_completion: least squares on the known entries plus the nuclear norm, proved by the residual."""

from collections.abc import Iterator

import numpy as np

from helpers.certificates import Certificate

from ..exercise import Arguments, Exercise


def matrix_completion(Y, known, lam):
    """The m x n matrix Z that minimises ½ Σ (Zᵢⱼ − Yᵢⱼ)² over the known entries + λ‖Z‖_*.

    Y is m x n; known is an m x n array of True and False; where it is False, Y holds 0 and
    means nothing. λ > 0. Go on until the lower bound of the text proves the objective to be
    within 1e-4 of the best, relative to its value or 1.
    """
    Z = np.zeros(Y.shape)
    while True:
        U, s, Vt = np.linalg.svd(np.where(known, Y, Z), full_matrices=False)
        s = np.maximum(s - lam, 0)
        Z = U * s @ Vt
        R = np.where(known, Y - Z, 0)
        primal = (R**2).sum() / 2 + lam * s.sum()
        R = R * min(1, lam / max(float(np.linalg.norm(R, 2)), 1e-300))
        if primal - (R * Y).sum() + (R**2).sum() / 2 <= 1e-7 * max(1, primal):
            return Z


def _holes(rng: np.random.Generator) -> Iterator[Arguments]:
    for m, n, rank, share in [(8, 6, 2, 0.7), (6, 10, 1, 0.6), (7, 7, 3, 0.8)]:
        Y = rng.standard_normal((m, rank)) @ rng.standard_normal((rank, n))
        Y = 2 * Y + 0.3 * rng.standard_normal((m, n)) + 0.5
        known = rng.uniform(size=(m, n)) < share
        Y = np.where(known, np.round(Y, 2), 0.0)
        largest = np.linalg.norm(Y, 2)
        for part in (0.05, 0.3):
            yield dict(Y=Y, known=known, lam=float(np.round(part * largest, 3)))
    known = np.ones((5, 4), dtype=bool)
    Y = np.round(rng.standard_normal((5, 4)), 2)
    yield dict(Y=Y, known=known, lam=0.5)
    known[2], known[:, 1] = False, False  # a row and a column of which nothing is known
    yield dict(Y=np.where(known, Y, 0), known=known, lam=0.3)


def _bound(Z: np.ndarray, Y: np.ndarray, known: np.ndarray, lam: float) -> Certificate:
    """U lives on the known entries and ‖U‖₂ ≤ λ: then ⟨U, Y⟩ − ½‖U‖² is below every objective."""
    R = np.where(known, Y - Z, 0.0)
    primal = (R**2).sum() / 2 + lam * np.linalg.svd(Z, compute_uv=False).sum()
    U = R * min(1.0, lam / max(float(np.linalg.norm(R, 2)), 1e-300))
    return Certificate(float(primal), float((U * Y).sum() - (U**2).sum() / 2), U)


def _value(Z: np.ndarray, Y: np.ndarray, known: np.ndarray, lam: float) -> float:
    return _bound(Z, Y, known, lam).primal


def _fill_and_shrink(Y, known, lam, shrink=lambda s, lam: np.maximum(s - lam, 0), rounds=6000):
    Z = np.zeros(np.shape(Y))
    for _ in range(rounds):
        before = Z
        U, s, Vt = np.linalg.svd(np.where(known, Y, Z), full_matrices=False)
        Z = U * shrink(s, lam) @ Vt
        if np.abs(Z - before).max() < 1e-9:
            break
    return Z


def one_step(Y, known, lam):
    """You thresholded once, with 0 in the holes. Fill the holes with the answer and threshold again, until
    nothing moves."""
    return _fill_and_shrink(Y, known, lam, rounds=1)


def known_put_back(Y, known, lam):
    """You put the known entries back in the end: then the fit is exact there, but the matrix no longer has a
    small nuclear norm. Return Z as the minimisation leaves it."""
    return np.where(known, Y, _fill_and_shrink(Y, known, lam))


def loss_without_half(Y, known, lam):
    """Your answer minimises the sum of squares without ½: it is ours for λ/2."""
    return _fill_and_shrink(Y, known, lam / 2)


def hard_threshold(Y, known, lam):
    """You kept the singular values above λ as they are: that is a penalty on the rank, which is not convex. Take
    λ off each of them."""
    return _fill_and_shrink(Y, known, lam, lambda s, lam: np.where(s > lam, s, 0), 400)


def a_few_rounds(Y, known, lam):
    """You stopped after ten rounds: each round fills the holes a little better. Stop when the gap says so, or
    when Z no longer moves."""
    return _fill_and_shrink(Y, known, lam, rounds=10)


def filled_with_column_means(Y, known, lam):
    """You filled the holes with the mean of their column and thresholded once: the best values for the holes are
    those of the answer itself."""
    count = np.maximum(np.sum(known, axis=0), 1)
    means = np.where(known, Y, 0).sum(axis=0) / count
    U, s, Vt = np.linalg.svd(np.where(known, Y, means), full_matrices=False)
    return U * np.maximum(s - lam, 0) @ Vt


def no_threshold(Y, known, lam):
    """You returned Y with its holes at 0: it fits what is known, and pays λ for each bit of noise in it."""
    return np.where(known, Y, 0.0)


def _accelerated(Y, known, lam):
    Z = V = np.zeros(Y.shape)
    t = 1.0
    for k in range(20_000):
        U, s, Vt = np.linalg.svd(np.where(known, Y, V), full_matrices=False)
        after = U * np.maximum(s - lam, 0) @ Vt
        later = (1 + (1 + 4 * t * t) ** 0.5) / 2
        if ((V - after) * (after - Z)).sum() > 0:  # restart: the momentum points uphill
            later = 1.0
        V = after + (t - 1) / later * (after - Z)
        moved = np.abs(after - Z).max()
        Z, t = after, later
        if k > 5 and moved < 1e-9:
            break
    return Z


def _by_factors(Y, known, lam):
    """‖Z‖_* = min ½(‖A‖² + ‖B‖²) over Z = ABᵀ: ridge regressions by turns, from a deterministic start."""
    m, n = Y.shape
    k = min(m, n)
    rng = np.random.default_rng(0)
    A, B = rng.standard_normal((m, k)), rng.standard_normal((n, k))
    value = np.inf
    for sweep in range(20_000):
        for i in range(m):
            C = B[known[i]]
            A[i] = np.linalg.solve(C.T @ C + lam * np.eye(k), C.T @ Y[i, known[i]])
        for j in range(n):
            C = A[known[:, j]]
            B[j] = np.linalg.solve(C.T @ C + lam * np.eye(k), C.T @ Y[known[:, j], j])
        if sweep % 10 == 9:
            R = np.where(known, Y - A @ B.T, 0)
            s = np.linalg.svd(A @ B.T, compute_uv=False).sum()
            value = (R**2).sum() / 2 + lam * s
            U = R * min(1, lam / np.linalg.norm(R, 2))
            if value - (U * Y).sum() + (U**2).sum() / 2 < 3e-7 * max(1, value):
                break
    return A @ B.T


def _until_nothing_moves(Y, known, lam):
    Z = [[0.0] * Y.shape[1] for _ in range(Y.shape[0])]
    moved = 1.0
    while moved > 1e-9:
        F = np.array(Z)
        F[known] = Y[known]
        U, s, Vt = np.linalg.svd(F)
        new = sum(max(s[k] - lam, 0) * np.outer(U[:, k], Vt[k]) for k in range(len(s)))
        moved = np.abs(new - np.array(Z)).max()
        Z = new.tolist()
    return Z


EXERCISE = Exercise(
    matrix_completion,
    _holes,
    _bound,
    title="Fill the holes, with proof",
    difficulty=3,
    minutes=20,
    hints=(
        "The loss has the gradient Z − Y on the known entries and 0 elsewhere, so L = 1. A proximal gradient step from Z "
        "thresholds Z − (Z − Y on the known).",
        "That matrix is Y where Y is known and Z in the holes: `np.where(known, Y, Z)`. So one round is: fill, threshold.",
        "To know when to stop: R = Y − Z on the known entries, scaled down if ‖R‖₂ > λ, gives the lower bound "
        "⟨R, Y⟩ − ½‖R‖².",
    ),
    mistakes=(
        one_step,
        known_put_back,
        loss_without_half,
        hard_threshold,
        a_few_rounds,
        filled_with_column_means,
        no_threshold,
    ),
    alternatives=(_accelerated, _by_factors, _until_nothing_moves),
    tol=1e-4,
    fingerprint=_value,
)
