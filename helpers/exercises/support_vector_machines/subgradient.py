"""hinge_subgradient: judged by membership in the subdifferential, also exactly at a kink."""

import numpy as np

from ..exercise import Exercise


def hinge_subgradient(X, y, w, b, C):
    """A subgradient of ½‖w‖² + C Σ max(0, 1 − yᵢ(xᵢᵀw + b)) in w and in b: (g, d).

    X of shape (n, p), y of shape (n,) with entries −1 and +1, w of shape (p,); b and C > 0
    are numbers. g has shape (p,), d is a number. Where a margin is exactly 1 any
    subgradient is right.
    """
    pull = C * y * (y * (X @ w + b) < 1)
    return w - X.T @ pull, -np.sum(pull)


def _points(rng):
    for n, p, C in ((8, 3, 1.0), (5, 7, 0.3), (12, 2, 10.0)):
        X = rng.standard_normal((n, p))
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        yield {"X": X, "y": y, "w": rng.standard_normal(p), "b": float(rng.uniform(0.2, 1)), "C": C}
    X = np.array([[2.0, 0.0], [-1.0, 1.0], [0.5, 0.5], [3.0, -4.0]])
    yield {"X": X, "y": np.array([1.0, -1, 1, -1]), "w": np.array([0.5, 0.0]), "b": 0.0, "C": 2.0}


def _certify(value, X, y, w, b, C):
    g, d = value
    m = y * (X @ w + b)
    A = y[:, None] * np.column_stack([X, np.ones(len(y))])
    smooth = np.append(w, 0.0) - C * A[m < 1].sum(axis=0)
    off = smooth - np.append(g, d)  # what the row with margin 1, if there is one, must explain
    for row in A[m == 1]:
        off = off - np.clip(row @ off / (row @ row), 0, C) * row
    j = int(np.argmax(np.abs(off)))
    where = "d" if j == len(w) else f"entry {j} of g"
    return abs(off[j]) <= 1e-7 * (1 + np.abs(smooth).max()) or (
        f"{where} is off by {-off[j]:.4g}: rows with margin below 1 give −C yᵢxᵢ, rows beyond 1 nothing"
    )


def wrong_rows_only(X, y, w, b, C):
    """You count only the rows that are misclassified. The hinge charges every row with a margin below 1, also on the right side."""
    pull = C * y * (y * (X @ w + b) < 0)
    return w - X.T @ pull, -np.sum(pull)


def every_row(X, y, w, b, C):
    """You let every row pull: beyond the margin the hinge is flat."""
    return w - C * X.T @ y, -C * np.sum(y)


def uphill(X, y, w, b, C):
    """The loss's part has the wrong sign: the hinge falls when the margin grows."""
    pull = C * y * (y * (X @ w + b) < 1)
    return w + X.T @ pull, np.sum(pull)


def label_forgotten(X, y, w, b, C):
    """The chain rule gives −C yᵢxᵢ; the label yᵢ is missing."""
    pull = C * (y * (X @ w + b) < 1)
    return w - X.T @ pull, -np.sum(pull)


def c_on_w(X, y, w, b, C):
    """You multiply w by C: here C weighs the loss, not the penalty."""
    pull = y * (y * (X @ w + b) < 1)
    return C * w - X.T @ pull, -np.sum(pull)


def b_penalised(X, y, w, b, C):
    """You penalise b: only w is."""
    pull = C * y * (y * (X @ w + b) < 1)
    return w - X.T @ pull, b - np.sum(pull)


def squared_hinge(X, y, w, b, C):
    """That is the gradient of the squared hinge: the plain hinge pulls with the same force C however far a row is inside."""
    pull = 2 * C * y * np.maximum(1 - y * (X @ w + b), 0)
    return w - X.T @ pull, -np.sum(pull)


def _with_kinks_counted(X, y, w, b, C):
    pull = C * np.where(y * (X @ w + b) <= 1, y, 0)
    return w - pull @ X, -pull.sum()


def _row_by_row(X, y, w, b, C):
    g, d = [float(v) for v in w], 0.0
    for x, t in zip(X, y, strict=True):
        m = t * (float(x @ w) + b)
        share = C * t * (1.0 if m < 1 else 0.5 if m == 1 else 0.0)
        g = [a - share * v for a, v in zip(g, x, strict=True)]
        d -= share
    return [g, d]


SUBGRADIENT = Exercise(
    hinge_subgradient,
    _points,
    _certify,
    title="Who pulls on the margin",
    difficulty=1,
    minutes=8,
    hints=(
        "max(0, 1 − m) is flat for m > 1 and has slope −1 for m < 1. What is the chain rule's factor for m = yᵢ(xᵢᵀw + b)?",
        "Each row with margin below 1 contributes −C yᵢxᵢ to g and −C yᵢ to d; ½‖w‖² contributes w.",
        "A mask y * (X @ w + b) < 1 picks the rows.",
    ),
    mistakes=(
        wrong_rows_only,
        every_row,
        uphill,
        label_forgotten,
        c_on_w,
        b_penalised,
        squared_hinge,
    ),
    alternatives=(_with_kinks_counted, _row_by_row),
)
