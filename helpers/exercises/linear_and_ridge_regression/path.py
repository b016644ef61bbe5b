"""ridge_path: judged row by row by the gradient, and at λ = 0 by the smallest norm."""

import numpy as np

from ..exercise import Exercise


def ridge_path(X, y, lams):
    """The minimisers of ½‖Xw − y‖² + ½λ‖w‖² for all λ in lams,
    from one singular value decomposition.

    X of shape (n, p) and y of shape (n,) are centred, so there is no intercept. lams of shape
    (k,) holds numbers ≥ 0 in any order. The result has shape (k, p), a row for each λ. For
    λ = 0, where many w may be optimal, the row is the limit λ → 0: the minimiser of least norm.
    """
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    factors = s / (s**2 + np.array(lams)[:, None])
    return (factors * (U.T @ y)) @ Vt


def _paths(rng):
    for n, p, lams in (
        (20, 4, [10.0, 0.0, 0.3, 100.0, 1.0]),
        (6, 9, [1.0, 0.0, 5.0]),
        (15, 5, [0.01, 0.1, 1.0, 10.0, 0.0]),
        (9, 1, [2.0, 50.0]),
    ):
        X = 2 * rng.standard_normal((n, p))
        if p == 5:
            X[:, 4] = X[:, 0] - X[:, 1]
        y = X @ rng.standard_normal(p) + rng.standard_normal(n)
        yield {"X": X - X.mean(axis=0), "y": y - y.mean(), "lams": np.array(lams)}


def _certify(W, X, y, lams):
    scale = np.linalg.norm(X.T @ y)
    _, s, Vt = np.linalg.svd(X)
    idle = Vt[int(np.sum(s > 1e-10 * s[0])) :]
    for k, lam in enumerate(lams):
        slope = np.linalg.norm(X.T @ (X @ W[k] - y) + lam * W[k])
        if slope > 1e-7 * scale:
            return f"row {k} (λ = {lam:g}): Xᵀ(Xw − y) + λw should vanish; its norm is {slope:.3g}"
        if len(idle) and np.linalg.norm(idle @ W[k]) > 1e-6 * (1 + np.linalg.norm(W[k])):
            return f"row {k} (λ = {lam:g}) is a minimiser, but not the shortest: part of it lies where Xw = 0"
    return True


def lam_beside_s(X, y, lams):
    """Your factors are 1/(s + λ). The system is (s² + λ)v = s·uᵀy: the singular value comes squared."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((1 / (s + np.array(lams)[:, None])) * (U.T @ y)) @ Vt


def shrunk_only(X, y, lams):
    """Your factors s²/(s² + λ) are those of the fitted values; for the coefficients divide once more by s: s/(s² + λ)."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((s**2 / (s**2 + np.array(lams)[:, None])) * (U.T @ y)) @ Vt


def lam_squared(X, y, lams):
    """You use λ²: that belongs to a penalty ½λ²‖w‖²."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((s / (s**2 + np.array(lams)[:, None] ** 2)) * (U.T @ y)) @ Vt


def sorted_lams(X, y, lams):
    """You sort the λs: row k must belong to lams[k]."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((s / (s**2 + np.sort(lams)[:, None])) * (U.T @ y)) @ Vt


def times_n(X, y, lams):
    """You use nλ: that λ belongs to the mean of the squares, ours to their sum."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((s / (s**2 + len(y) * np.array(lams)[:, None])) * (U.T @ y)) @ Vt


def in_singular_coordinates(X, y, lams):
    """You forget the last rotation: these are the coordinates along the rows of Vᵀ, to be multiplied by V."""
    U, s, _ = np.linalg.svd(X, full_matrices=True)
    k = len(s)
    factors = np.zeros((len(lams), X.shape[1]))
    kept = s > 1e-10 * s[0]
    factors[:, :k] = np.where(kept, s / (s**2 + np.array(lams)[:, None] + ~kept), 0)
    factors[:, :k] *= U.T[:k] @ y
    return factors


def every_direction_kept(X, y, lams):
    """For λ = 0 you divide by singular values that are rounding errors of 0, and the row explodes: leave those directions out."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    s = np.maximum(s, 1e-17)
    return ((s / (s**2 + np.array(lams)[:, None])) * (U.T @ y)) @ Vt


def transposed_path(X, y, lams):
    """You return shape (p, k); asked for is a row for each λ: (k, p)."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > 1e-10 * s[0]
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    return ((s / (s**2 + np.array(lams)[:, None])) * (U.T @ y) @ Vt).T


def _by_eigenvalues(X, y, lams):
    values, V = np.linalg.eigh(X.T @ X)
    z = V.T @ (X.T @ y)
    rows = []
    for lam in lams:
        good = values > 1e-9 * values[-1]
        rows.append(list(V[:, good] @ (z[good] / (values[good] + lam))))
    return rows


def _by_least_squares(X, y, lams):
    p = X.shape[1]
    zeros = np.zeros(p)
    return [
        np.linalg.lstsq(np.vstack([X, np.sqrt(lam) * np.eye(p)]), np.append(y, zeros), rcond=1e-10)[
            0
        ]
        for lam in lams
    ]


PATH = Exercise(
    ridge_path,
    _paths,
    _certify,
    title="The whole path from one decomposition",
    difficulty=3,
    minutes=15,
    hints=(
        "Write X = U diag(s) Vᵀ and w = Vv. What does the gradient condition say about each coordinate of v?",
        "(sᵢ² + λ)vᵢ = sᵢ uᵢᵀy: one division for each direction and each λ, and the decomposition serves them all.",
        "With np.linalg.svd(X, full_matrices=False) leave out the directions whose s is below 1e-10 times the largest; np.array(lams)[:, None] makes a row for each λ.",
    ),
    mistakes=(
        lam_beside_s,
        shrunk_only,
        lam_squared,
        sorted_lams,
        times_n,
        in_singular_coordinates,
        every_direction_kept,
        transposed_path,
    ),
    alternatives=(_by_eigenvalues, _by_least_squares),
)
