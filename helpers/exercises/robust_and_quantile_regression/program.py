"""lad_as_lp: least absolute deviations, written as a linear program."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def lad_as_lp(X, y):
    """The linear program, minimise cᵀz subject to Gz ≤ h, that minimises Σ |yᵢ − xᵢᵀw| over w.

    X is n x p, y has n entries. z = (w, t): the p weights first, then one bound tᵢ for each
    |yᵢ − xᵢᵀw|. Return (c, G, h): c has p + n entries, G has p + n columns and as many rows as
    h has entries.
    """
    n, p = X.shape
    c = np.concatenate([np.zeros(p), np.ones(n)])
    G = np.block([[X, -np.eye(n)], [-X, -np.eye(n)]])
    return c, G, np.concatenate([y, -y])


def _tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(X=np.array([[1.0, 2], [1, -1], [1, 3]]), y=np.array([2.0, -1, 5]))
    for n, p in [(5, 2), (2, 4), (3, 3), (1, 1), (7, 1)]:
        X = np.round(2 * rng.standard_normal((n, p)), 1)
        yield dict(X=X, y=np.round(4 * rng.standard_normal(n), 1) + 3)


def _is_the_program(value: tuple, X: np.ndarray, y: np.ndarray) -> bool | str:
    """For each w the t allowed must be exactly tᵢ ≥ |rᵢ|, and cᵀz their sum: tried at many w."""
    n, p = X.shape
    if any(np.iscomplexobj(np.asarray(part)) for part in value):
        return "the result should be real; yours has complex numbers"
    c, G, h = (np.asarray(part, dtype=float) for part in value)
    if c.shape != (p + n,):
        return (
            f"c should have p + n = {p + n} entries, the weights' first; yours has shape {c.shape}"
        )
    if G.ndim != 2 or G.shape[1] != p + n or h.shape != (len(G),):
        return (
            f"G should have p + n = {p + n} columns and as many rows as h has entries; "
            f"yours have the shapes {G.shape} and {h.shape}"
        )
    if not all(np.all(np.isfinite(part)) for part in (c, G, h)):
        return "every number must be finite; yours has NaN or infinity"
    rng = np.random.default_rng(5)
    base = np.linalg.lstsq(X, y, rcond=None)[0]
    for scale in (0.0, 0.3, 1.0, 3.0, 10.0, 100.0):
        for _ in range(4):
            w = base + scale * rng.standard_normal(p)
            r = y - X @ w
            refusal = _at(c, G, h, w, r, np.abs(r), rng)
            if refusal:
                return refusal
    return True


def _at(
    c: np.ndarray,
    G: np.ndarray,
    h: np.ndarray,
    w: np.ndarray,
    r: np.ndarray,
    t: np.ndarray,
    rng: np.random.Generator,
) -> str:
    """What is wrong with the program at w, or ""."""
    room = 1e-6 * (1 + np.abs(h) + np.abs(G) @ np.concatenate([np.abs(w), t]))
    tight = np.concatenate([w, t])
    if not abs(c @ tight - t.sum()) <= 1e-6 * (1 + t.sum()):
        return (
            f"at a w with the residuals {_few(r)} and t = |r|, cᵀz should be the sum of the tᵢ, "
            f"{t.sum():.6g}; yours is {c @ tight:.6g}"
        )
    loose = np.concatenate([w, t + rng.exponential(size=len(t)) * (1 + t.max()) * 10])
    for z, told in ((tight, "t = |r|"), (loose, "t above |r|")):
        excess = G @ z - h
        if np.any(excess > room * (1 + np.abs(z).max())):
            i = int(np.argmax(excess))
            return (
                f"at a w with the residuals {_few(r)}, {told} must be allowed, but row {i} of "
                f"Gz ≤ h is {G[i] @ z:.6g} ≤ {h[i]:.6g}"
            )
    for i in range(len(t)):
        low = loose.copy()
        low[len(w) + i] = t[i] - 0.01 * (1 + t[i])
        if np.all(G @ low - h <= 1e-9 * (1 + np.abs(h))):
            return (
                f"with the residual r = {r[i]:.4g}, t = {low[len(w) + i]:.4g} must not be allowed, "
                f"since it is below |r|; your Gz ≤ h allows it"
            )
    return ""


def _few(r: np.ndarray) -> str:
    told = ", ".join(f"{v:.4g}" for v in r[:4])
    return f"({told}{', …' if len(r) > 4 else ''})"


def one_side_only(X, y):
    """You bound r from one side: t ≥ r alone lets t fall to minus infinity where r is negative. |r| ≤ t
    is two inequalities."""
    n, p = X.shape
    return np.concatenate([np.zeros(p), np.ones(n)]), np.hstack([-X, -np.eye(n)]), -y


def same_side_twice(X, y):
    """Your two blocks of rows are the same inequality: the second needs −X as well as −y."""
    n, p = X.shape
    G = np.block([[X, -np.eye(n)], [X, -np.eye(n)]])
    return np.concatenate([np.zeros(p), np.ones(n)]), G, np.concatenate([y, y])


def wrong_sign_of_y(X, y):
    """Your h has its signs exchanged: Xw − t ≤ y and −Xw − t ≤ −y. As it is, it fits Xw to −y."""
    n, p = X.shape
    G = np.block([[X, -np.eye(n)], [-X, -np.eye(n)]])
    return np.concatenate([np.zeros(p), np.ones(n)]), G, np.concatenate([-y, y])


def bounds_from_above(X, y):
    """Your t has a plus in G, so it is held below the residual: write |r| ≤ t, and bring t to the left,
    where it gets a minus."""
    n, p = X.shape
    G = np.block([[X, np.eye(n)], [-X, np.eye(n)]])
    return np.concatenate([np.zeros(p), np.ones(n)]), G, np.concatenate([y, -y])


def weights_cost_too(X, y):
    """Your c puts a price on w: only the tᵢ are added up, so the first p entries of c are 0."""
    n, p = X.shape
    _, G, h = lad_as_lp(X, y)
    return np.ones(p + n), G, h


def weights_kept_positive(X, y):
    """You added w ≥ 0: many textbooks' standard form has it, but a weight may be negative."""
    n, p = X.shape
    c, G, h = lad_as_lp(X, y)
    return c, np.vstack([G, np.eye(p, p + n) * -1]), np.concatenate([h, np.zeros(p)])


def one_bound_for_all(X, y):
    """You took one t for all residuals: that minimises the largest of them, Chebyshev's fit. A sum
    needs a bound for each."""
    n, p = X.shape
    one = -np.ones((n, 1))
    c = np.append(np.zeros(p), 1.0)
    return c, np.block([[X, one], [-X, one]]), np.concatenate([y, -y])


def bounds_first(X, y):
    """You put the bounds before the weights: z = (w, t), the p weights first."""
    n, p = X.shape
    G = np.block([[-np.eye(n), X], [-np.eye(n), -X]])
    return np.concatenate([np.ones(n), np.zeros(p)]), G, np.concatenate([y, -y])


def averaged_bounds(X, y):
    """Your c divides by n: the same w, but its value is then the mean; asked is the sum."""
    n = len(y)
    c, G, h = lad_as_lp(X, y)
    return c / n, G, h


def bounds_without_y(X, y):
    """Your h is 0: then t bounds |Xw|, and w = 0 is best. y belongs there."""
    c, G, h = lad_as_lp(X, y)
    return c, G, 0 * h


def _row_by_row(X, y):
    n, p = X.shape
    rows, h = [], []
    for i in range(n):
        for sign in (1.0, -1.0):
            row = np.zeros(p + n)
            row[:p] = sign * X[i]
            row[p + i] = -1.0
            rows.append(row)
            h.append(sign * y[i])
    return [0.0] * p + [1.0] * n, rows, h


def _with_rows_that_say_no_more(X, y):
    n, p = X.shape
    c = np.r_[np.zeros(p), np.ones(n)]
    eye = np.eye(n)
    G = np.vstack([np.c_[-X, -eye], np.c_[X, -eye], np.c_[np.zeros((n, p)), -eye]])
    return c, G, np.r_[-y, y, np.zeros(n)]


def _scaled_rows(X, y):
    n, p = X.shape
    G = np.block([[3 * X, -3 * np.eye(n)], [-0.5 * X, -0.5 * np.eye(n)]])
    return np.concatenate([np.zeros(p), np.ones(n)]), G, np.concatenate([3 * y, -0.5 * y])


EXERCISE = Exercise(
    lad_as_lp,
    _tables,
    _is_the_program,
    title="Absolute values without absolute values",
    difficulty=2,
    minutes=12,
    free=True,
    hints=(
        "The smallest t with t ≥ |r| is |r|. So minimise the sum of the tᵢ, and ask tᵢ ≥ |rᵢ|.",
        "t ≥ |r| is t ≥ r and t ≥ −r: two rows for each sample. Write both with all unknowns on the left.",
        "`np.block([[A, B], [C, D]])` puts a matrix together from blocks; the block that multiplies t "
        "is −I both times.",
    ),
    mistakes=(
        one_side_only,
        same_side_twice,
        wrong_sign_of_y,
        bounds_from_above,
        weights_cost_too,
        weights_kept_positive,
        one_bound_for_all,
        bounds_first,
        averaged_bounds,
        bounds_without_y,
    ),
    alternatives=(_row_by_row, _with_rows_that_say_no_more, _scaled_rows),
)
