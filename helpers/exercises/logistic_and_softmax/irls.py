"""irls_step: judged by Newton's equation, H (w_next − w) = −g."""

import numpy as np

from ..exercise import Exercise


def irls_step(X, y, w, lam):
    """One full Newton step from w on Σ log(1 + exp(−yᵢ xᵢᵀw)) + ½λ‖w‖²: the next w, of shape (p,).

    X of shape (n, p), y of shape (n,) with entries −1 and +1, w of shape (p,), lam > 0. No intercept.
    Some margins may be so large that their weight p(1 − p) is rounded to 0.
    """
    m = y * (X @ w)
    wrong = np.exp(-np.logaddexp(0, m))
    g = -X.T @ (y * wrong) + lam * w
    H = (X.T * (wrong * (1 - wrong))) @ X + lam * np.eye(len(w))
    return w - np.linalg.solve(H, g)


def _points(rng):
    for n, p, size, lam in (
        (10, 3, 0.5, 0.5),
        (5, 8, 0.3, 1.0),
        (20, 4, 0.0, 0.1),
        (9, 3, 60.0, 2.0),
    ):
        X = rng.standard_normal((n, p)) + 0.3
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
        y[0], y[1] = -1.0, 1.0
        yield {"X": X, "y": y, "w": size * rng.standard_normal(p), "lam": lam}


def _certify(w_next, X, y, w, lam):
    m = y * (X @ w)
    small = np.exp(-np.abs(m))
    wrong = np.where(m > 0, small, 1.0) / (1 + small)
    g = lam * w - X.T @ (y * wrong)
    H = (X.T * (small / (1 + small) ** 2)) @ X + lam * np.eye(len(w))
    off = np.linalg.norm(H @ (w_next - w) + g)
    return off <= 1e-6 * (np.linalg.norm(g) + np.linalg.norm(H) * np.linalg.norm(w) + 1e-12) or (
        f"Newton's step solves H(w_next − w) = −g; with yours, ‖H(w_next − w) + g‖ is {off:.3g} "
        f"(‖g‖ is {np.linalg.norm(g):.3g})"
    )


def weights_divided(X, y, w, lam):
    """You divide by the weights p(1 − p) to form the working response. Where a margin is large they are 0: 0/0. Newton's form needs no division."""
    with np.errstate(all="ignore"):
        s = X @ w
        p = 1 / (1 + np.exp(-s))
        d = p * (1 - p)
        z = s + ((y + 1) / 2 - p) / d
        return np.linalg.solve((X.T * d) @ X + lam * np.eye(len(w)), X.T @ (d * z))


def penalty_not_in_the_hessian(X, y, w, lam):
    """The penalty has a Hessian too: add λI."""
    m = y * (X @ w)
    wrong = np.exp(-np.logaddexp(0, m))
    g = -X.T @ (y * wrong) + lam * w
    return w - np.linalg.pinv((X.T * (wrong * (1 - wrong))) @ X) @ g


def penalty_not_in_the_gradient(X, y, w, lam):
    """The penalty's gradient λw is missing."""
    m = y * (X @ w)
    wrong = np.exp(-np.logaddexp(0, m))
    H = (X.T * (wrong * (1 - wrong))) @ X + lam * np.eye(len(w))
    return w + np.linalg.solve(H, X.T @ (y * wrong))


def uphill(X, y, w, lam):
    """You step the wrong way: w_next = w − H⁻¹g."""
    m = y * (X @ w)
    wrong = np.exp(-np.logaddexp(0, m))
    g = -X.T @ (y * wrong) + lam * w
    H = (X.T * (wrong * (1 - wrong))) @ X + lam * np.eye(len(w))
    return w + np.linalg.solve(H, g)


def step_only(X, y, w, lam):
    """You return the step −H⁻¹g; asked for is the point where it leads."""
    m = y * (X @ w)
    wrong = np.exp(-np.logaddexp(0, m))
    g = -X.T @ (y * wrong) + lam * w
    return -np.linalg.solve((X.T * (wrong * (1 - wrong))) @ X + lam * np.eye(len(w)), g) + 0 * w


def unweighted(X, y, w, lam):
    """Your Hessian is XᵀX: each row counts with its weight p(1 − p), at most ¼."""
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) + lam * w
    return w - np.linalg.solve(X.T @ X + lam * np.eye(len(w)), g)


def weights_once(X, y, w, lam):
    """You weight the rows with p alone; the second derivative of log(1 + e⁻ᵐ) is p(1 − p)."""
    wrong = np.exp(-np.logaddexp(0, y * (X @ w)))
    g = -X.T @ (y * wrong) + lam * w
    return w - np.linalg.solve((X.T * wrong) @ X + lam * np.eye(len(w)), g)


def _as_weighted_least_squares(X, y, w, lam):
    # rows √d xᵢ with target √d xᵢᵀw + rᵢ/√d; where d underflows, the row's pull goes in by itself
    m = y * (X @ w)
    e = np.exp(-np.abs(m))
    d = e / (1 + e) ** 2
    pull = X.T @ (y * np.where(m > 0, e, 1.0) / (1 + e))
    A = np.vstack([np.sqrt(d)[:, None] * X, np.sqrt(lam) * np.eye(len(w))])
    right = X.T @ (d * (X @ w)) + pull
    R = np.linalg.qr(A, mode="r")
    return np.linalg.solve(R, np.linalg.solve(R.T, right))


def _by_loops(X, y, w, lam):
    p = len(w)
    g, H = [lam * v for v in w], [[lam * (i == j) for j in range(p)] for i in range(p)]
    for x, t in zip(X, y, strict=True):
        half = np.tanh(t * float(x @ w) / 2)
        for i in range(p):
            g[i] -= t * x[i] * (1 - half) / 2
            for j in range(p):
                H[i][j] += x[i] * x[j] * (1 - half**2) / 4
    return np.array(w) - np.linalg.lstsq(np.array(H), np.array(g), rcond=None)[0]


IRLS = Exercise(
    irls_step,
    _points,
    _certify,
    title="Newton's step, also called iteratively reweighted least squares",
    difficulty=2,
    minutes=12,
    hints=(
        "You have the gradient from the last exercise. Differentiate −yᵢ/(1 + exp(mᵢ)) once more in the score.",
        "With pᵢ = 1/(1 + exp(mᵢ)) the Hessian is Σ pᵢ(1 − pᵢ)xᵢxᵢᵀ + λI. Solve H·step = −g.",
        "(X.T * d) @ X multiplies row i by its weight dᵢ without forming a diagonal matrix.",
    ),
    mistakes=(
        weights_divided,
        penalty_not_in_the_hessian,
        penalty_not_in_the_gradient,
        uphill,
        step_only,
        unweighted,
        weights_once,
    ),
    alternatives=(_as_weighted_least_squares, _by_loops),
)
