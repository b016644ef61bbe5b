"""singular_value_threshold: the proximal operator of the nuclear norm, proved by a matrix of norm t."""

from collections.abc import Iterator

import numpy as np

from helpers.certificates import Certificate

from ..exercise import Arguments, Exercise


def singular_value_threshold(Y, t):
    """The m x n matrix Z that minimises ½‖Z − Y‖_F² + t‖Z‖_*.

    Y is m x n, of any shape and rank, and t ≥ 0. ‖Z‖_* is the sum of the singular values of Z,
    and ‖·‖_F the square root of the sum of all squared entries.
    """
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * np.maximum(s - t, 0) @ Vt


def _matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    for m, n in [(4, 6), (7, 3), (5, 5), (1, 4), (6, 1)]:
        Y = np.round(2 * rng.standard_normal((m, n)), 2)
        s = np.linalg.svd(Y, compute_uv=False)
        yield dict(Y=Y, t=float(np.round(0.7 * s.mean(), 2)))
    Y = np.round(rng.standard_normal((5, 2)) @ rng.standard_normal((2, 6)), 2)
    yield dict(Y=Y, t=0.4)
    yield dict(Y=Y, t=0.0)
    yield dict(Y=Y, t=float(np.ceil(np.linalg.norm(Y, 2)) + 1))


def _is_prox(Z: np.ndarray, Y: np.ndarray, t: float) -> Certificate:
    """Y − Z, scaled to ‖U‖₂ ≤ t, is a dual point: max ⟨U, Y⟩ − ½‖U‖² over these."""
    U = Y - Z
    primal = (U**2).sum() / 2 + t * np.linalg.svd(Z, compute_uv=False).sum()
    U = U * min(1.0, t / max(float(np.linalg.norm(U, 2)), 1e-300))
    return Certificate(float(primal), float((U * Y).sum() - (U**2).sum() / 2), U)


def entries_thresholded(Y, t):
    """You soft-thresholded the entries: that is the prox of Σ|Zᵢⱼ|. The nuclear norm adds the singular values,
    so it is these that shrink."""
    return np.sign(Y) * np.maximum(np.abs(Y) - t, 0)


def hard(Y, t):
    """You dropped the singular values below t and kept the others as they are: that is for the rank. The
    nuclear norm also takes t off those which stay."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * np.where(s > t, s, 0) @ Vt


def never_zero(Y, t):
    """You took t off each singular value and let them become negative: a singular value that would pass zero
    stops there."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * (s - t) @ Vt


def half_the_step(Y, t):
    """Your singular values shrink by t/2: that minimises ‖Z − Y‖² + t‖Z‖_*, without the ½."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * np.maximum(s - t / 2, 0) @ Vt


def twice_the_step(Y, t):
    """Your singular values shrink by 2t: the ½ stands before the square, so its slope is s − σ, not
    ½(s − σ)."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * np.maximum(s - 2 * t, 0) @ Vt


def shrunk_as_ridge(Y, t):
    """You divided by 1 + t: that is the prox of ½t‖Z‖_F², which never makes a singular value zero."""
    return np.asarray(Y) / (1 + t)


def v_not_transposed(Y, t):
    """Your matrix is not near Y even for t = 0: `np.linalg.svd` returns Vᵀ, and its columns must not be
    taken for those of V."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=True)
    S = np.zeros(np.shape(Y))
    S[: len(s), : len(s)] = np.diag(np.maximum(s - t, 0))
    return U @ S @ Vt.T


def threshold_scaled_by_the_largest(Y, t):
    """You compared with t times the largest singular value: t is taken off as it stands."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return U * np.maximum(s - t * s.max(), 0) @ Vt


def _by_projection(Y, t):
    """Moreau: what is left when the part in the operator norm's ball of radius t is taken away."""
    U, s, Vt = np.linalg.svd(Y, full_matrices=False)
    return Y - (U * np.minimum(s, t)) @ Vt


def _one_piece_at_a_time(Y, t):
    U, s, Vt = np.linalg.svd(Y)
    Z = np.zeros(Y.shape)
    for k in range(len(s)):
        if s[k] > t:
            Z = Z + (s[k] - t) * np.outer(U[:, k], Vt[k])
    return Z.tolist()


def _from_the_gram_matrix(Y, t):
    values, V = np.linalg.eigh(Y.T @ Y)
    s = np.sqrt(np.maximum(values, 0))
    factor = np.array([max(1 - t / v, 0.0) if v > 1e-7 else 0.0 for v in s])
    return (Y @ V * factor) @ V.T


EXERCISE = Exercise(
    singular_value_threshold,
    _matrices,
    _is_prox,
    title="Singular values, soft-thresholded",
    difficulty=1,
    minutes=8,
    hints=(
        "Neither term changes when Z and Y are turned by the same orthogonal matrices. Turn Y until it is diagonal.",
        "With Y = U diag(s) Vᵀ what remains is one number at a time: minimise ½(z − s)² + tz over z ≥ 0.",
        "`np.linalg.svd(Y, full_matrices=False)` gives U, s and Vᵀ; the prox of t|·| on each s is lesson 6's.",
    ),
    mistakes=(
        entries_thresholded,
        hard,
        never_zero,
        half_the_step,
        twice_the_step,
        shrunk_as_ridge,
        v_not_transposed,
        threshold_scaled_by_the_largest,
    ),
    alternatives=(_by_projection, _one_piece_at_a_time, _from_the_gram_matrix),
    tol=1e-5,
)
