"""leave_one_out_error: judged by its definition, n fits that each leave a row out."""

import numpy as np

from ..exercise import Exercise, same


def leave_one_out_error(X, y, lam):
    """The mean of (yᵢ − ŷᵢ)², where ŷᵢ is predicted by ridge fitted to all rows but the i-th.

    Ridge minimises ½‖Xw + b − y‖² + ½λ‖w‖² with b free. X of shape (n, p), y of shape (n,),
    lam > 0. One fit is enough.
    """
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T) + 1 / n
    residuals = yc - (H - 1 / n) @ yc
    return np.mean((residuals / (1 - np.diag(H))) ** 2)


def _data(rng):
    for n, p, lam in ((12, 3, 1.0), (6, 8, 0.7), (25, 4, 20.0), (4, 1, 0.5)):
        X = rng.standard_normal((n, p)) + rng.uniform(-3, 3, p)
        y = 4 + X @ rng.standard_normal(p) + rng.standard_normal(n)
        yield {"X": X, "y": y, "lam": lam}


def _certify(value, X, y, lam):
    n, p = X.shape
    A = np.column_stack([X, np.ones(n)])
    D = np.diag([lam] * p + [0.0])
    errors = []
    for i in range(n):
        rest = np.arange(n) != i
        v = np.linalg.solve(A[rest].T @ A[rest] + D, A[rest].T @ y[rest])
        errors.append((y[i] - A[i] @ v) ** 2)
    return same(value, float(np.mean(errors)), "the mean over n fits that leave one row out")


def training_error(X, y, lam):
    """That is the training error: every row has helped to fit its own prediction. Divide each residual by 1 − hᵢᵢ."""
    p = X.shape[1]
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T @ yc)
    return np.mean((yc - Xc @ w) ** 2)


def intercept_forgotten_in_the_leverage(X, y, lam):
    """You treat the means as known: b is fitted too, and the row left out has its share in it. Each leverage hᵢᵢ has 1/n more."""
    p = X.shape[1]
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T)
    return np.mean(((yc - H @ yc) / (1 - np.diag(H))) ** 2)


def generalised(X, y, lam):
    """That is generalised cross-validation: it puts the mean of the leverages in place of each. Similar, cheaper, and another number."""
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T) + 1 / n
    r = yc - (H - 1 / n) @ yc
    return np.mean((r / (1 - np.trace(H) / n)) ** 2)


def divided_once(X, y, lam):
    """You divide the squared residual by 1 − hᵢᵢ: divide the residual first, then square."""
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T) + 1 / n
    r = yc - (H - 1 / n) @ yc
    return np.mean(r**2 / (1 - np.diag(H)))


def summed(X, y, lam):
    """You return the sum over the rows; asked for is the mean."""
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T) + 1 / n
    r = yc - (H - 1 / n) @ yc
    return np.sum((r / (1 - np.diag(H))) ** 2)


def rooted(X, y, lam):
    """You return the root of the mean square; asked for is the mean square itself."""
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    H = Xc @ np.linalg.solve(Xc.T @ Xc + lam * np.eye(p), Xc.T) + 1 / n
    r = yc - (H - 1 / n) @ yc
    return np.sqrt(np.mean((r / (1 - np.diag(H))) ** 2))


def leverages_of_least_squares(X, y, lam):
    """Your leverages are those of least squares: λ belongs into the hat matrix too."""
    n, p = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    G = Xc.T @ Xc
    w = np.linalg.solve(G + lam * np.eye(p), Xc.T @ yc)
    h = np.diag(Xc @ np.linalg.pinv(G) @ Xc.T) + 1 / n
    return np.mean(((yc - Xc @ w) / np.maximum(1 - h, 1e-9)) ** 2)


def _by_refitting(X, y, lam):
    n, p = X.shape
    total = 0.0
    for i in range(n):
        A, t = np.delete(X, i, axis=0), np.delete(y, i)
        m = A.mean(axis=0)
        w = np.linalg.solve((A - m).T @ (A - m) + lam * np.eye(p), (A - m).T @ (t - t.mean()))
        total += (y[i] - t.mean() - (X[i] - m) @ w) ** 2
    return total / n


def _by_the_inverse_of_the_dual_matrix(X, y, lam):
    # (yᵢ − ŷᵢ) left out = αᵢ / Mᵢᵢ with α = My and M the inverse of K + λI on vectors of sum zero
    n = len(y)
    C = np.eye(n) - 1 / n
    M = np.linalg.pinv(C @ (X @ X.T / lam + np.eye(n)) @ C)
    return np.mean((M @ y / np.diag(M)) ** 2)


LEAVE_ONE_OUT = Exercise(
    leave_one_out_error,
    _data,
    _certify,
    title="n fits for the price of one",
    difficulty=3,
    minutes=15,
    hints=(
        "The fitted values are ŷ = Hy. Write H for ridge with a free intercept: a part for the centred X, and a part for the mean.",
        "H = Xc(XcᵀXc + λI)⁻¹Xcᵀ + (1/n)𝟏𝟏ᵀ, and what leaving row i out changes is a factor 1/(1 − hᵢᵢ).",
        "np.diag(H) gives the leverages; the error left out is (yᵢ − ŷᵢ)/(1 − hᵢᵢ); square, then average.",
    ),
    mistakes=(
        training_error,
        intercept_forgotten_in_the_leverage,
        generalised,
        divided_once,
        summed,
        rooted,
        leverages_of_least_squares,
    ),
    alternatives=(_by_refitting, _by_the_inverse_of_the_dual_matrix),
)
