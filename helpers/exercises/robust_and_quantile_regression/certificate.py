"""lp_certificate: is this corner of the quantile's linear program the best one?"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ..exercise import Arguments, Exercise


def lp_certificate(X, y, tau, rows):
    """The triple (w, a, optimal): the fit through the given rows, its multipliers,
    and whether they prove it best.

    X is n x p, y has n entries, 0 < tau < 1, rows are p row numbers with independent rows of X.
    w is the fit with xᵢᵀw = yᵢ for i in rows; no other residual r = y − Xw is zero. a has n
    entries with Xᵀa = 0, aᵢ = τ where rᵢ > 0 and aᵢ = τ − 1 where rᵢ < 0. optimal is True if w
    minimises Σ max(τ rᵢ, (τ − 1) rᵢ), else False.
    """
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def _corner(X: np.ndarray, y: np.ndarray, tau: float, rows: tuple) -> tuple[float, float]:
    """How far the multipliers of the corner are below τ − 1 and above τ; NaN for a corner to avoid."""
    A = X[list(rows)]
    if np.linalg.cond(A) > 1e3:
        return np.nan, np.nan
    r = y - X @ np.linalg.solve(A, y[list(rows)])
    rest = np.delete(r, rows)
    if np.abs(rest).min() < 0.02:
        return np.nan, np.nan
    a = np.where(rest > 0, tau, tau - 1)
    ours = np.linalg.solve(A.T, -np.delete(X, rows, axis=0).T @ a)
    return float((tau - 1 - ours).max()), float((ours - tau).max())


def _corners(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, tau in [(8, 2, 0.3), (9, 2, 0.5), (7, 1, 0.8), (8, 3, 0.65)]:
        best, low, high = None, None, None
        while best is None or low is None or high is None:
            X = np.round(rng.standard_normal((n, p)), 1)
            X[:, 0] = 1
            y = np.round(3 * rng.standard_normal(n), 1)
            best, low, high = None, None, None
            for rows in combinations(range(n), p):
                below, above = _corner(X, y, tau, rows)
                if max(below, above) < -0.02:
                    best = rows
                elif below > 0.05 and above < -0.02:
                    low = rows
                elif above > 0.05 and below < -0.02:
                    high = rows
        for chosen in (best, low, high):
            order = rng.permutation(chosen)
            yield dict(X=X, y=y, tau=tau, rows=order)


def _is_corner(
    value: tuple, X: np.ndarray, y: np.ndarray, tau: float, rows: np.ndarray
) -> bool | str:
    w, a, optimal = value
    r = y - X @ w
    off = np.abs(r[rows])
    if not np.all(off <= 1e-4 * (1 + np.abs(y).max())):
        i = int(rows[int(np.argmax(off))])
        return f"the fit must pass through row {i}: there your residual y − xᵀw is {r[i]:.6g}"
    rest = np.delete(np.arange(len(y)), rows)
    must = np.where(r[rest] > 0, tau, tau - 1)
    if not np.all(np.abs(a[rest] - must) <= 1e-5):
        k = int(np.argmax(np.abs(a[rest] - must)))
        i = int(rest[k])
        return (
            f"row {i} has the residual {r[i]:.4g}, so its multiplier is {must[k]:.6g}; "
            f"yours is {a[i]:.6g}"
        )
    left = X.T @ a
    if not np.all(np.abs(left) <= 1e-4 * (1 + np.abs(X).T @ np.abs(a))):
        j = int(np.argmax(np.abs(left)))
        return f"Xᵀa must be 0; entry {j} of yours is {left[j]:.6g}"
    truth = bool(np.all(a[rows] <= tau) and np.all(a[rows] >= tau - 1))
    if optimal is truth:
        return True
    told = ", ".join(f"{v:.4g}" for v in a[rows])
    inside = "all lie" if truth else "do not all lie"
    return (
        f"the multipliers of the rows on the fit are {told}: they {inside} in [τ − 1, τ] = "
        f"[{tau - 1:.4g}, {tau:.4g}], so `optimal` should be {truth}"
    )


def multipliers_of_the_fit_left_at_zero(X, y, tau, rows):
    """You left the multipliers of the rows on the fit at 0: there any slope between τ − 1 and τ is
    possible, and Xᵀa = 0 says which. It is p equations for these p numbers."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    return w, a, True


def sides_exchanged(X, y, tau, rows):
    """You gave τ − 1 to the positive residuals: the slope of the loss at r > 0 is τ."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau - 1, tau)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def wrong_sign_on_the_right(X, y, tau, rows):
    """Your multipliers on the fit have the wrong sign: what the other rows leave, Σ aᵢxᵢ, has to be
    cancelled, so it goes to the right side with a minus."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, X.T @ a)
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def interval_of_the_median(X, y, tau, rows):
    """You asked whether |aᵢ| ≤ 1, as for Σ|r|: the slopes of this loss lie in [τ − 1, τ]."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(np.abs(a) <= 1))


def asked_for_positive_multipliers(X, y, tau, rows):
    """You asked for a ≥ 0, as for the multipliers of inequalities: these are slopes of the loss, and may be
    anything in [τ − 1, τ]."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a[rows] >= 0))


def checked_above_only(X, y, tau, rows):
    """You checked a ≤ τ and forgot the other end: a slope below τ − 1 is none either."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a <= tau))


def checked_below_only(X, y, tau, rows):
    """You checked a ≥ τ − 1 and forgot the other end: a slope above τ is none either."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a >= tau - 1))


def always_optimal(X, y, tau, rows):
    """You called each corner optimal: it is only if its multipliers lie in [τ − 1, τ]."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, True


def least_squares_fit(X, y, tau, rows):
    """Your w is the least squares fit of all rows: solve for the fit through the given rows, X[rows] w =
    y[rows]."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def multipliers_counted_twice(X, y, tau, rows):
    """You left slopes on the rows of the fit while you added up Xᵀa for the right side: set them to 0
    first, or leave those rows out."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = tau - 1
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def projected(X, y, tau, rows):
    """You made Xᵀa = 0 by changing all of a: only the rows on the fit have a choice. The others' slopes are
    fixed by their signs."""
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a = a - X @ np.linalg.lstsq(X, a, rcond=None)[0]
    return w, a, bool(np.all(a <= tau) and np.all(a >= tau - 1))


def _with_a_mask(X, y, tau, rows):
    on = np.isin(np.arange(len(y)), rows)
    w = np.linalg.lstsq(X[on], y[on], rcond=None)[0]
    a = tau - (y < X @ w)
    a[on] = np.linalg.lstsq(X[on].T, -X[~on].T @ a[~on], rcond=None)[0]
    return w, a, all(tau - 1 <= v <= tau for v in a[on])


def _by_walking_along_the_edges(X, y, tau, rows):
    """The corner is best if the loss rises along each of its 2p edges."""
    inverse = np.linalg.inv(X[rows])
    w = inverse @ y[rows]
    r = y - X @ w
    others = [i for i in range(len(y)) if i not in list(rows)]
    a = np.zeros(len(y))
    best = True
    for i in others:
        a[i] = tau if r[i] > 0 else tau - 1
    for k, row in enumerate(rows):
        edge = X @ inverse[:, k]
        fixed = sum(a[i] * edge[i] for i in others)
        a[row] = -fixed
        best = best and tau - 1 <= a[row] and a[row] <= tau
    return list(w), list(a), bool(best)


def _in_single_precision(X, y, tau, rows):
    X, y = X.astype(np.float32), y.astype(np.float32)
    w = np.linalg.solve(X[rows], y[rows])
    a = np.where(y - X @ w > 0, tau, tau - 1)
    a[rows] = 0
    a[rows] = np.linalg.solve(X[rows].T, -X.T @ a)
    return w, a, bool(np.all(np.abs(a - tau + 0.5) <= 0.5 + 1e-6))


EXERCISE = Exercise(
    lp_certificate,
    _corners,
    _is_corner,
    title="The corner and its proof",
    difficulty=3,
    minutes=15,
    hints=(
        "Three steps: the fit through p points is a linear system; the slopes of the other rows follow from the "
        "signs of their residuals; and then p slopes are missing.",
        "Xᵀa = 0 is p equations. Bring what is known, the sum of aᵢxᵢ over the other rows, to the right side.",
        "`np.linalg.solve(X[rows].T, …)` gives the missing slopes. They are slopes of the loss at a corner: in "
        "which interval must they lie?",
    ),
    mistakes=(
        multipliers_of_the_fit_left_at_zero,
        sides_exchanged,
        wrong_sign_on_the_right,
        interval_of_the_median,
        asked_for_positive_multipliers,
        checked_above_only,
        checked_below_only,
        always_optimal,
        least_squares_fit,
        multipliers_counted_twice,
        projected,
    ),
    alternatives=(_with_a_mask, _by_walking_along_the_edges, _in_single_precision),
)
