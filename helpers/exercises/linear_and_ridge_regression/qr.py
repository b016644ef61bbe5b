"""least_squares_qr: judged by the residual, which must be orthogonal to every column."""

import numpy as np

from ..exercise import Exercise


def least_squares_qr(X, y):
    """The w of shape (p,) that minimises ‖Xw − y‖, by a QR factorisation of X.

    X of shape (n, p), n ≥ p, has independent columns, though some nearly depend on the others;
    y has shape (n,).
    """
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


def _designs(rng):
    for n, p in ((8, 3), (30, 6), (5, 5), (4, 1)):
        X = rng.standard_normal((n, p)) + rng.uniform(-2, 2)
        yield {"X": X, "y": X @ rng.standard_normal(p) + rng.standard_normal(n)}
    # nearly dependent columns, and a y that can be met: what is left over is rounding and nothing else
    for n, p in ((20, 5), (12, 4)):
        U, _ = np.linalg.qr(rng.standard_normal((n, p)))
        V, _ = np.linalg.qr(rng.standard_normal((p, p)))
        X = U * np.logspace(0, -7, p) @ V.T
        yield {"X": X, "y": X @ rng.uniform(1, 2, p)}


def _certify(w, X, y):
    r = X @ w - y
    best = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    if np.linalg.norm(best) < 1e-12 * np.linalg.norm(y):
        size = np.linalg.norm(r) / np.linalg.norm(y)
        return size < 1e-11 or (
            f"this y can be met exactly: the residual should be rounding, 1e-15 of ‖y‖; yours is {size:.1e} of it"
        )
    slopes = np.abs(X.T @ r) / np.linalg.norm(X, axis=0) / np.linalg.norm(y)
    worst = int(np.argmax(slopes))
    return slopes[worst] < 1e-9 or (
        f"the residual Xw − y should be orthogonal to every column; "
        f"with column {worst} it has the inner product {float(X[:, worst] @ r):.3g}"
    )


def normal_equations(X, y):
    """You solve XᵀXw = Xᵀy. On the page that is the same; in floating point XᵀX has the square of X's condition number, and half of the digits are gone before you solve."""
    return np.linalg.solve(X.T @ X, X.T @ y)


def inverse_of_the_gram_matrix(X, y):
    """You invert XᵀX. Besides the time, its condition number is the square of X's: factor X itself."""
    return np.linalg.inv(X.T @ X) @ (X.T @ y)


def transposed_factor(X, y):
    """You solve with Rᵀ. From QRw = y it follows that Rw = Qᵀy."""
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R.T, Q.T @ y)


def factor_multiplied(X, y):
    """You multiply by R where its inverse belongs: solve the triangular system Rw = Qᵀy."""
    Q, R = np.linalg.qr(X)
    return R @ (Q.T @ y)


def first_equations(X, y):
    """You meet the first p equations exactly and forget the others: every row has a say."""
    p = X.shape[1]
    return np.linalg.solve(X[:p], y[:p])


def opposite(X, y):
    """Your w has the wrong sign: it minimises ‖Xw + y‖."""
    Q, R = np.linalg.qr(X)
    return -np.linalg.solve(R, Q.T @ y)


def centred_first(X, y):
    """You centre X and y, which adds an intercept to the model. Here there is none: minimise ‖Xw − y‖."""
    return np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]


def fitted_values(X, y):
    """You return the projection QQᵀy, the fitted values. Asked for are the p coefficients."""
    Q, _ = np.linalg.qr(X)
    return Q @ (Q.T @ y)


def _by_svd(X, y):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (U.T @ y / s)


def _by_gram_schmidt_twice(X, y):
    n, p = X.shape
    Q, R = np.zeros((n, p)), np.zeros((p, p))
    for j in range(p):
        q = np.array(X[:, j])
        for _ in range(2):
            c = Q[:, :j].T @ q
            q, R[:j, j] = q - Q[:, :j] @ c, R[:j, j] + c
        R[j, j] = np.linalg.norm(q)
        Q[:, j] = q / R[j, j]
    w = [0.0] * p
    for j in reversed(range(p)):
        w[j] = (Q[:, j] @ y - sum(R[j, i] * w[i] for i in range(j + 1, p))) / R[j, j]
    return w


QR = Exercise(
    least_squares_qr,
    _designs,
    _certify,
    title="Least squares by QR",
    difficulty=1,
    minutes=8,
    hints=(
        "X = QR with QᵀQ = I and R upper triangular. What does ‖QRw − y‖ become when you split y into the part in the span of Q and the rest?",
        "Only the part in the span depends on w, and it can be made zero: Rw = Qᵀy.",
        "np.linalg.qr(X) gives Q of shape (n, p) and R of shape (p, p). Never form XᵀX.",
    ),
    mistakes=(
        normal_equations,
        inverse_of_the_gram_matrix,
        transposed_factor,
        factor_multiplied,
        first_equations,
        opposite,
        centred_first,
        fitted_values,
    ),
    alternatives=(_by_svd, _by_gram_schmidt_twice),
)
