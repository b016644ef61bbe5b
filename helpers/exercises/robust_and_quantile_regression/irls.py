"""huber_irls: Huber's estimate by least squares with weights that follow the residuals."""

from collections.abc import Iterator

import numpy as np

from ...certificates import Certificate
from ...certificates import huber as huber_certificate
from ..exercise import Arguments, Exercise


def huber_irls(X, y, delta, iterations):
    """The w that minimises Σ h(yᵢ − xᵢᵀw), with h(r) = ½r² for |r| ≤ δ and δ|r| − ½δ² beyond.

    X is n x p with independent columns, y has n entries, delta > 0. Start from least squares,
    and repeat `iterations` times: weights sᵢ = 1 where |rᵢ| ≤ δ and δ/|rᵢ| beyond, then the w
    that minimises Σ sᵢ (yᵢ − xᵢᵀw)². Return w.
    """
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        size = np.abs(y - X @ w)
        s = delta / np.maximum(size, delta)
        w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
    return w


def _contaminated(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, outliers, delta, size in [
        (12, 2, 3, 0.9, 1.0),
        (25, 3, 6, 1.2, 1.0),
        (8, 1, 2, 0.4, 1.0),
        (30, 4, 0, 3.0, 1.0),
        (20, 2, 5, 60.0, 60.0),
    ]:
        proved = False
        while not proved:  # where few rows are within δ, IRLS may need thousands of rounds
            X = rng.standard_normal((n, p))
            X[:, 0] = 1
            y = X @ np.arange(1, p + 1) + rng.standard_normal(n)
            y[:outliers] = y[:outliers] + rng.choice([-1, 1]) * rng.uniform(5, 25, outliers)
            y = np.round(size * y, 2)
            proved = _gap(huber_irls(X, y, delta, 50), X, y, delta).proves(1e-9)
        yield dict(X=X, y=y, delta=delta, iterations=100)
    X = np.column_stack([np.ones(5), np.arange(5.0)])  # four residuals are zero at the end
    yield dict(X=X, y=np.array([1.0, 3, 5, 27, 9]), delta=0.05, iterations=100)


def _gap(w: np.ndarray, X: np.ndarray, y: np.ndarray, delta: float, **_) -> Certificate:
    return huber_certificate(X, y, 0.0, delta, w)


def _objective(w: np.ndarray, X: np.ndarray, y: np.ndarray, delta: float, **_) -> float:
    return huber_certificate(X, y, 0.0, delta, w).primal


def least_squares_only(X, y, delta, iterations):
    """Your w is that of least squares: the weights never came in. They are taken from the residuals of
    the last w."""
    return np.linalg.lstsq(X, y, rcond=None)[0]


def weights_multiplied_in_once_too_often(X, y, delta, iterations):
    """You multiplied X and y by s and then took least squares: that squares the weights. Multiply both by
    √s, or one side of the normal equations by s."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        s = delta / np.maximum(np.abs(y - X @ w), delta)
        w = np.linalg.lstsq(s[:, None] * X, s * y, rcond=None)[0]
    return w


def weights_rooted_twice(X, y, delta, iterations):
    """You used √s as the weights in the normal equations: there it is s. The root belongs to the
    rows of X and y that are handed to least squares."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        s = np.sqrt(delta / np.maximum(np.abs(y - X @ w), delta))
        w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
    return w


def outliers_thrown_away(X, y, delta, iterations):
    """You gave the rows beyond δ the weight 0: they are then no longer there, and the problem is
    no longer convex. Huber's weight δ/|r| keeps their pull at δ."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        kept = np.abs(y - X @ w) <= delta
        w = np.linalg.lstsq(X[kept], y[kept], rcond=None)[0]
    return w


def weights_of_the_first_fit(X, y, delta, iterations):
    """Your weights are those of the least squares fit, taken once: take them anew from the residuals of
    each w, `iterations` times, with `return` after the loop."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    s = delta / np.maximum(np.abs(y - X @ w), delta)
    for _ in range(iterations):
        w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
    return w


def residuals_beyond_get_more(X, y, delta, iterations):
    """Your weights grow with the residual: beyond δ the weight is δ/|r|, less than 1, not |r|/δ."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        s = np.maximum(np.abs(y - X @ w), delta) / delta
        w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
    return w


def weights_of_absolute_values(X, y, delta, iterations):
    """Your weights are δ/|r| for all rows: that is the scheme for Σ|r|. Inside δ Huber's weight is 1."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        s = delta / np.maximum(np.abs(y - X @ w), 1e-6 * delta)
        w = np.linalg.lstsq(np.sqrt(s)[:, None] * X, np.sqrt(s) * y, rcond=None)[0]
    return w


def delta_in_units_of_the_residuals(X, y, delta, iterations):
    """You divided the residuals by an estimate of their spread first, as statsmodels does: here δ is
    in the units of y."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        size = np.abs(y - X @ w)
        size = size / max(np.median(size) / 0.6745, 1e-12)
        s = delta / np.maximum(size, delta)
        w = np.linalg.solve(X.T @ (s[:, None] * X), X.T @ (s * y))
    return w


def y_clipped(X, y, delta, iterations):
    """You clipped y to within δ of the first fit, and fitted again: then the rows stay where the first
    fit, which the outliers had bent, left them. Weigh the rows by the residuals of each new w."""
    fit = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    return np.linalg.lstsq(X, fit + np.clip(y - fit, -delta, delta), rcond=None)[0]


def _with_roots(X, y, delta, iterations):
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    for _ in range(iterations):
        size = np.abs(y - X @ w)
        root = np.where(size <= delta, 1.0, np.sqrt(delta / np.maximum(size, delta)))
        w = np.linalg.lstsq(root[:, None] * X, root * y, rcond=None)[0]
    return w


def _from_zero(X, y, delta, iterations):
    w = np.zeros(X.shape[1])
    for _ in range(iterations):
        s = np.minimum(1, delta / np.maximum(np.abs(y - X @ w), 1e-300))
        w = w + np.linalg.solve((X.T * s) @ X, X.T @ (s * (y - X @ w)))
    return w


def _by_shifting_outliers(X, y, delta, iterations):
    """Least squares and soft thresholding in turn, accelerated: another method for the same problem."""
    Q, R = np.linalg.qr(X)
    shift, ahead, t = 0 * y, 0 * y, 1.0
    for _ in range(8 * iterations):
        r = y - Q @ (Q.T @ (y - ahead))
        shift_next = r - np.clip(r, -delta, delta)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        if (ahead - shift_next) @ (shift_next - shift) > 0:
            t_next = 1.0
        ahead = shift_next + (t - 1) / t_next * (shift_next - shift)
        shift, t = shift_next, t_next
    return np.linalg.solve(R, Q.T @ (y - shift))


EXERCISE = Exercise(
    huber_irls,
    _contaminated,
    _gap,
    title="Huber's estimate by weighted least squares",
    difficulty=3,
    minutes=15,
    tol=2e-5,  # what single precision proves
    fingerprint=_objective,
    hints=(
        "At the minimum Xᵀa = 0 with aᵢ = h′(rᵢ), the residual clipped to ±δ. For which weights is that "
        "Xᵀ(s r) = 0, the condition of weighted least squares?",
        "Each round: residuals of the present w, weights from them, and the normal equations "
        "Xᵀ diag(s) X w = Xᵀ diag(s) y.",
        "`delta / np.maximum(abs(r), delta)` is 1 inside and δ/|r| beyond, and never divides by zero.",
    ),
    mistakes=(
        least_squares_only,
        weights_multiplied_in_once_too_often,
        weights_rooted_twice,
        outliers_thrown_away,
        weights_of_the_first_fit,
        residuals_beyond_get_more,
        weights_of_absolute_values,
        delta_in_units_of_the_residuals,
        y_clipped,
    ),
    alternatives=(_with_roots, _from_zero, _by_shifting_outliers),
)
