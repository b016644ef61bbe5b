"""rbf_kernel: the Gaussian kernel between two sets of points."""

import numpy as np

from ..exercise import Exercise, same


def rbf_kernel(A, B, sigma):
    """The matrix of exp(−‖aᵢ − bⱼ‖² / (2σ²)), of shape (m, n).

    A of shape (m, p) and B of shape (n, p) hold a point in each row; sigma > 0 is the width.
    """
    squares = np.sum(A**2, axis=1)[:, None] + np.sum(B**2, axis=1)[None, :] - 2 * A @ B.T
    return np.exp(-np.maximum(squares, 0) / (2 * sigma**2))


def _data(rng):
    for m, n, p, sigma in ((4, 6, 3, 1.7), (5, 2, 1, 0.6), (1, 3, 8, 2.5)):
        yield {
            "A": rng.standard_normal((m, p)),
            "B": rng.standard_normal((n, p)),
            "sigma": sigma,
        }
    A = 30 + rng.standard_normal((5, 2))
    yield {"A": A, "B": A, "sigma": 0.8}  # the diagonal is 1, and far from the origin
    yield {"A": np.array([[0.0], [3.0]]), "B": np.array([[0.0], [-1.0], [90.0]]), "sigma": 1.5}


def _certify(value, A, B, sigma):
    distances = np.linalg.norm(A[:, None, :] - B[None, :, :], axis=2)
    return same(np.asarray(value, dtype=float), np.exp(-((distances / sigma) ** 2) / 2), "K")


def two_forgotten(A, B, sigma):
    """You divide by σ², where the definition divides by 2σ²."""
    return rbf_kernel(A, B, sigma / np.sqrt(2))


def width_not_squared(A, B, sigma):
    """You divide the squared distance by 2σ. The width is a length: only σ² has the unit of a squared distance."""
    return rbf_kernel(A, B, np.sqrt(sigma))


def distance_not_squared(A, B, sigma):
    """You take the distance where its square belongs: ‖a − b‖², without a root."""
    return np.exp(-np.linalg.norm(A[:, None] - B[None], axis=2) / (2 * sigma**2))


def width_as_gamma(A, B, sigma):
    """You multiply the squared distance by σ, as if it were scikit-learn's γ. Here γ = 1/(2σ²)."""
    return np.exp(-sigma * np.sum((A[:, None] - B[None]) ** 2, axis=2))


def multiplied(A, B, sigma):
    """You multiply by 2σ² where you should divide: a wide kernel must fall slowly."""
    return np.exp(-np.sum((A[:, None] - B[None]) ** 2, axis=2) * 2 * sigma**2)


def transposed(A, B, sigma):
    """Your matrix is the transpose: row i belongs to the i-th point of A, column j to the j-th point of B."""
    return rbf_kernel(A, B, sigma).T


def of_a_alone(A, B, sigma):
    """You compare the points of A with each other. Column j belongs to the j-th point of B."""
    return rbf_kernel(A, A, sigma)


def squared_distances(A, B, sigma):
    """You return the exponent. The kernel is its exponential."""
    return -np.sum((A[:, None] - B[None]) ** 2, axis=2) / (2 * sigma**2)


def normalised(A, B, sigma):
    """You divide by the normal density's constant. The kernel of a point with itself is 1."""
    return rbf_kernel(A, B, sigma) / (np.sqrt(2 * np.pi) * sigma)


def cross_term_once(A, B, sigma):
    """In ‖a − b‖² = ‖a‖² + ‖b‖² − 2aᵀb your last term lacks its 2."""
    squares = np.sum(A**2, axis=1)[:, None] + np.sum(B**2, axis=1)[None, :] - A @ B.T
    return np.exp(-squares / (2 * sigma**2))


def _by_broadcasting(A, B, sigma):
    return np.exp(-np.sum((A[:, None] - B[None]) ** 2, axis=2) / (2 * sigma**2))


def _by_loops(A, B, sigma):
    return [[float(np.exp(-sum((a - b) ** 2) / (2 * sigma**2))) for b in B] for a in A]


def _by_products(A, B, sigma):
    K = np.ones((len(A), len(B)))
    for j in range(A.shape[1]):
        K = K * np.exp(-0.5 * (np.subtract.outer(A[:, j], B[:, j]) / sigma) ** 2)
    return K


RBF = Exercise(
    rbf_kernel,
    _data,
    _certify,
    title="The Gaussian kernel",
    difficulty=1,
    minutes=8,
    hints=(
        "What are the shapes of A[:, None, :] and B[None, :, :], and of their difference?",
        "The sum over the last axis of the squared difference is the (m, n) matrix of squared distances.",
        "Without an (m, n, p) array: ‖a − b‖² = ‖a‖² + ‖b‖² − 2aᵀb, a column, a row and a product of matrices.",
    ),
    mistakes=(
        two_forgotten,
        width_not_squared,
        distance_not_squared,
        width_as_gamma,
        multiplied,
        transposed,
        of_a_alone,
        squared_distances,
        normalised,
        cross_term_once,
    ),
    alternatives=(_by_broadcasting, _by_loops, _by_products),
)
