"""kernel_ridge_fit: judged by the duality gap, so that every minimiser is right."""

import numpy as np

from helpers import certificates

from ..exercise import Exercise


def kernel_ridge_fit(K, y, lam):
    """An α that minimises ½‖Kα − y‖² + ½λ αᵀKα; shape (n,).

    K of shape (n, n) is symmetric and positive semidefinite, perhaps singular; y of shape (n,);
    lam > 0. Where several α are minimisers, any will do.
    """
    return np.linalg.solve(K + lam * np.eye(len(y)), y)


def _data(rng):
    for n, p, lam in ((8, 2, 0.3), (20, 1, 2.0), (6, 9, 0.01)):
        X = rng.standard_normal((n, p))
        squares = np.sum((X[:, None] - X[None]) ** 2, axis=2)
        yield {"K": np.exp(-squares / 2), "y": 3 * rng.standard_normal(n), "lam": lam}
    X = rng.standard_normal((9, 3))
    X[4] = X[1]  # a point twice, with two answers
    yield {"K": X @ X.T, "y": rng.standard_normal(9) - 4, "lam": 0.7}  # of rank 3
    yield {"K": (1 + X @ X.T) ** 2, "y": 5 * rng.standard_normal(9), "lam": 5.0}
    yield {"K": np.array([[4.0]]), "y": np.array([3.0]), "lam": 2.0}
    yield {"K": np.zeros((3, 3)), "y": np.array([1.0, -2.0, 0.5]), "lam": 1.0}


def _certify(value, K, y, lam):
    alpha = np.asarray(value, dtype=float)
    if alpha.shape != y.shape:
        return f"α has an entry for each point, shape {y.shape}; yours has shape {alpha.shape}"
    proof = certificates.kernel_ridge(K, y, lam, alpha)
    if proof.proves(1e-8):
        return True
    slope = K @ (K @ alpha - y + lam * alpha)
    i = int(np.argmax(np.abs(slope)))
    return f"the gradient K(Kα − y + λα) vanishes at a minimiser; yours has {slope[i]:.3g} in entry {i}, and the objective can fall by up to {proof.gap:.2g}"


def _worth(value, K, y, lam):
    alpha = np.asarray(value, dtype=float)
    r = K @ alpha - y
    return [float(r @ r / 2 + lam * alpha @ K @ alpha / 2), K @ alpha]


def no_penalty(K, y, lam):
    """λ does not occur in your answer: you interpolate the data, or fit them by least squares."""
    return np.linalg.lstsq(K, y, rcond=None)[0]


def ridge_on_the_matrix(K, y, lam):
    """You solve ridge with the columns of K as features, which penalises ‖α‖². The penalty here is αᵀKα, the squared norm of w."""
    return np.linalg.solve(K @ K + lam * np.eye(len(y)), K @ y)


def mean_of_squares(K, y, lam):
    """You divided the loss by n, so your λ acts n times as strongly. The objective here is a sum."""
    return np.linalg.solve(K + len(y) * lam * np.eye(len(y)), y)


def without_the_half(K, y, lam):
    """Your penalty is λαᵀKα against half the sum of squares, twice ours: both carry a factor ½."""
    return np.linalg.solve(K + 2 * lam * np.eye(len(y)), y)


def fitted_values(K, y, lam):
    """You return the fitted values Kα. Asked for is α, which also predicts elsewhere."""
    return K @ np.linalg.solve(K + lam * np.eye(len(y)), y)


def centred_targets(K, y, lam):
    """You subtracted the mean of y. There is no intercept in this objective."""
    return np.linalg.solve(K + lam * np.eye(len(y)), y - y.mean())


def residual_not_divided(K, y, lam):
    """You return the residual, which is λα. Divide it by λ."""
    return lam * np.linalg.solve(K + lam * np.eye(len(y)), y)


def lam_everywhere(K, y, lam):
    """`K + lam` adds λ to every entry. The equations have λ on the diagonal alone: K + λI."""
    return np.linalg.lstsq(K + lam, y, rcond=None)[0]


def lam_squared(K, y, lam):
    """You added λ²I where λI belongs."""
    return np.linalg.solve(K + lam**2 * np.eye(len(y)), y)


def minus(K, y, lam):
    """You subtract λI: the penalty then rewards large norms."""
    return np.linalg.lstsq(K - lam * np.eye(len(y)), y, rcond=None)[0]


def _by_eigenvectors(K, y, lam):
    values, V = np.linalg.eigh(K)
    return V @ ((V.T @ y) / (values + lam))


def _least_norm(K, y, lam):
    # another minimiser where K is singular: its part in the null space is left out
    return np.linalg.lstsq(K @ K + lam * K, K @ y, rcond=1e-12)[0]


def _by_conjugate_gradients(K, y, lam):
    a, r = np.zeros(len(y)), np.array(y, dtype=float)
    d = r
    for _ in range(10 * len(y)):
        if r @ r < 1e-22 * (y @ y):
            break
        Ad = K @ d + lam * d
        step = (r @ r) / (d @ Ad)
        a, r_next = a + step * d, r - step * Ad
        d, r = r_next + (r_next @ r_next) / (r @ r) * d, r_next
    return a


def _in_single_precision(K, y, lam):
    n = len(y)
    return np.linalg.solve((K + lam * np.eye(n)).astype(np.float32), y.astype(np.float32))


RIDGE = Exercise(
    kernel_ridge_fit,
    _data,
    _certify,
    title="Kernel ridge",
    difficulty=2,
    minutes=10,
    fingerprint=_worth,
    hints=(
        "Differentiate both terms by α. K is symmetric: which factor do the two gradients share?",
        "The gradient is K(Kα − y + λα). It vanishes if the bracket does.",
        "The bracket is a linear system in α with the matrix K + λI, positive definite for λ > 0.",
    ),
    mistakes=(
        no_penalty,
        ridge_on_the_matrix,
        mean_of_squares,
        without_the_half,
        fitted_values,
        centred_targets,
        residual_not_divided,
        lam_everywhere,
        lam_squared,
        minus,
    ),
    alternatives=(_by_eigenvectors, _least_norm, _by_conjugate_gradients, _in_single_precision),
)
