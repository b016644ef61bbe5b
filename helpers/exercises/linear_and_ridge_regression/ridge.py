"""ridge_closed_form: judged by the gradient of the objective, in w and in b."""

import numpy as np

from ..exercise import Exercise


def ridge_closed_form(X, y, lam):
    """(w, b) that minimises ½‖Xw + b − y‖² + ½λ‖w‖².
    The intercept b, a number, is not penalised.

    X of shape (n, p), with n larger or smaller than p; y of shape (n,); lam > 0.
    w has shape (p,).
    """
    centre, level = X.mean(axis=0), y.mean()
    Xc = X - centre
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - level))
    return w, level - centre @ w


def _problems(rng):
    for n, p, lam in ((12, 3, 2.0), (6, 9, 0.5), (40, 5, 30.0), (5, 1, 1.0), (7, 4, 1e-3)):
        X = rng.standard_normal((n, p)) + 3 * rng.standard_normal(p)
        if p == 4:
            X[:, 3] = X[:, 0]
        yield {
            "X": X,
            "y": X @ rng.standard_normal(p) + rng.uniform(3, 9) + rng.standard_normal(n),
            "lam": lam,
        }


def _certify(value, X, y, lam):
    w, b = value
    r = X @ w + b - y
    scale = np.linalg.norm(y) * max(1.0, float(np.linalg.norm(X)))
    if abs(r.sum()) > 1e-7 * scale:
        return (
            "b is free, so at the optimum the residuals Xw + b − y sum to zero; "
            f"yours sum to {r.sum():.3g}"
        )
    slope = X.T @ r + lam * w
    worst = int(np.argmax(np.abs(slope)))
    return abs(slope[worst]) <= 1e-7 * scale or (
        f"the gradient in w, Xᵀ(Xw + b − y) + λw, should vanish; its entry {worst} is {slope[worst]:.3g}"
    )


def penalised_intercept(X, y, lam):
    """You add a column of ones and penalise its weight too. Then the answer depends on where zero lies on the scale of y: leave b out of the penalty."""
    A = np.column_stack([X, np.ones(len(y))])
    v = np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ y)
    return v[:-1], v[-1]


def no_intercept(X, y, lam):
    """You leave the intercept out (b = 0), and the weights do its work."""
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y), 0.0


def mean_of_y(X, y, lam):
    """Your weights are right, but b is the mean of y only if the columns of X have mean zero; these have not."""
    Xc = X - X.mean(axis=0)
    return np.linalg.solve(Xc.T @ Xc + lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean())), y.mean()


def only_y_centred(X, y, lam):
    """You centre y and not X: subtract each column's mean as well before you solve for w."""
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


def lam_times_n(X, y, lam):
    """You penalise n times too much: that λ belongs to the mean of the squares, ours to their sum."""
    n, p = X.shape
    Xc = X - X.mean(axis=0)
    w = np.linalg.solve(Xc.T @ Xc + n * lam * np.eye(p), Xc.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


def twice_lam(X, y, lam):
    """You use 2λ: with ½ before both squares the two factors cancel."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.solve(Xc.T @ Xc + 2 * lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


def no_penalty(X, y, lam):
    """You solve least squares: λ has no effect."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.lstsq(Xc, y - y.mean(), rcond=None)[0]
    return w, y.mean() - X.mean(axis=0) @ w


def penalty_subtracted(X, y, lam):
    """You subtract λ on the diagonal: the gradient of +½λ‖w‖² is +λw."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.solve(Xc.T @ Xc - lam * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
    return w, y.mean() - X.mean(axis=0) @ w


def _as_least_squares(X, y, lam):
    p = X.shape[1]
    centre, level = np.mean(X, axis=0), np.mean(y)
    A = np.vstack([X - centre, np.sqrt(lam) * np.eye(p)])
    w = np.linalg.lstsq(A, np.append(y - level, np.zeros(p)), rcond=None)[0]
    return [list(w), float(level - centre @ w)]


def _by_the_smaller_matrix(X, y, lam):
    n = len(y)
    C = np.eye(n) - 1 / n
    alpha = np.linalg.solve(C @ X @ X.T @ C + lam * np.eye(n), C @ y)
    w = X.T @ alpha
    return w, np.mean(y - X @ w)


def _one_system_for_both(X, y, lam):
    n, p = X.shape
    A = np.column_stack([X, np.ones(n)])
    v = np.linalg.solve(A.T @ A + np.diag([lam] * p + [0.0]), A.T @ y)
    return v[:p], v[p]


RIDGE = Exercise(
    ridge_closed_form,
    _problems,
    _certify,
    title="Ridge with a free intercept",
    difficulty=2,
    minutes=12,
    hints=(
        "Set the derivative in b to zero first: what must the residuals sum to?",
        "So b = ȳ − x̄ᵀw. Put that into the objective: it becomes the problem without b, with X and y centred.",
        "Solve (XcᵀXc + λI)w = Xcᵀ(y − ȳ) with Xc = X − x̄, then compute b.",
    ),
    mistakes=(
        penalised_intercept,
        no_intercept,
        mean_of_y,
        only_y_centred,
        lam_times_n,
        twice_lam,
        no_penalty,
        penalty_subtracted,
    ),
    alternatives=(_as_least_squares, _by_the_smaller_matrix, _one_system_for_both),
)
