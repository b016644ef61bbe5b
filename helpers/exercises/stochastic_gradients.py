"""Lesson 08, stochastic gradients: what is asked, how an answer is proved right, which mistakes have a name.

Chance is an argument (the rows, in their order), so an answer satisfies an exact identity.
"""

from collections.abc import Callable, Iterator
from math import ceil
from operator import index
from typing import Any

import numpy as np

from .exercise import Arguments, Exercise, Oracle

LESSON = "08"


# --- minibatch_gradient ------------------------------------------------------------------------


def minibatch_gradient(w, X, y, rows, lam):
    """An unbiased estimate of ∇f(w) from some rows,
    f(w) = Σᵢ log(1 + exp(−yᵢ xᵢᵀw)) + ½ lam ‖w‖².

    X has shape (n, p), y shape (n,) with entries −1 and +1, w shape (p,). `rows` holds B ≥ 1
    row numbers, drawn uniformly; one that was drawn twice counts twice. The loss of the B rows
    stands for that of all n; the penalty needs no estimate. Margins may be large: exp must not
    overflow. Return shape (p,).
    """
    A, labels = X[rows], y[rows]
    share = (1 - np.tanh(labels * (A @ w) / 2)) / 2  # 1 / (1 + exp(margin)), without overflow
    return -len(y) / len(rows) * A.T @ (labels * share) + lam * w


def _batches(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, size, lam, scale in [
        (6, 3, 2, 0.5, 1.0),
        (9, 2, 9, 0.0, 1.0),
        (4, 6, 3, 2.0, 1.0),
        (1, 2, 1, 0.3, 1.0),
        (8, 3, 12, 1.5, 1.0),
        (7, 2, 5, 0.7, 900.0),
    ]:
        rows = rng.integers(n, size=size)
        if size > 1:
            rows[-1] = rows[0]
        X = scale * np.round(rng.standard_normal((n, p)) + 0.1, 1)
        w, y = np.round(rng.standard_normal(p), 1), rng.choice([-1.0, 1.0], n)
        if scale > 1:  # a margin of each sign whose exponential is infinite
            X[rows[0]], w = 900.0, np.abs(w) + 0.5
            X[rows[1]] = -900.0 * y[rows[0]] * y[rows[1]]
        yield dict(w=w, X=X, y=y, rows=rows, lam=lam)


def _estimates_the_gradient(
    g: np.ndarray, w: np.ndarray, X: np.ndarray, y: np.ndarray, rows: np.ndarray, lam: float
) -> bool | str:
    """The estimate is the slope of (n/B) Σ over rows of the loss + ½ lam ‖w‖²; we measure slopes."""

    def f(w: np.ndarray) -> float:
        loss = sum(float(np.logaddexp(0, -y[i] * (X[i] @ w))) for i in rows)
        return len(y) / len(rows) * loss + lam / 2 * float(w @ w)

    h = 1e-5
    slopes = np.array([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))])
    error = np.abs(g - slopes)
    if np.all(error <= 1e-5 * (1 + np.abs(slopes).max())):
        return True
    j = int(error.argmax())
    return (
        f"the rows {rows.tolist()} stand for all {len(y)}: moving weight {j} alone changes the estimated "
        f"objective by {slopes[j]:.6g} per unit; entry {j} of your estimate is {g[j]:.6g}"
    )


def _share(w, X, y, rows):
    return (1 - np.tanh(y[rows] * (X[rows] @ w) / 2)) / 2


def _loss_part(w, X, y, rows):
    return -X[rows].T @ (y[rows] * _share(w, X, y, rows))


def summed_the_batch(w, X, y, rows, lam):
    """You added up the batch's gradients: B of n rows give only B/n of the sum, so scale by n/B."""
    return _loss_part(w, X, y, rows) + lam * w


def averaged_the_batch(w, X, y, rows, lam):
    """You took the mean over the batch: our f is a sum over n rows, so the mean is multiplied by
    n. (With a mean for f you would be right.)"""
    return _loss_part(w, X, y, rows) / len(rows) + lam * w


def scaled_by_B_over_n(w, X, y, rows, lam):
    """You scaled by B/n: a small batch must be scaled up, by n/B."""
    return len(rows) / len(y) * _loss_part(w, X, y, rows) + lam * w


def scaled_the_penalty_too(w, X, y, rows, lam):
    """You scaled the penalty by n/B as well: it is known exactly and needs no estimate."""
    return len(y) / len(rows) * (_loss_part(w, X, y, rows) + lam * w)


def shared_out_the_penalty(w, X, y, rows, lam):
    """You gave the batch only its share B/n of the penalty: the estimate contains all of lam w."""
    return len(y) / len(rows) * _loss_part(w, X, y, rows) + len(rows) / len(y) * lam * w


def forgot_the_penalty(w, X, y, rows, lam):
    """You left the penalty out: its gradient lam w belongs to every estimate."""
    return len(y) / len(rows) * _loss_part(w, X, y, rows)


def each_row_once(w, X, y, rows, lam):
    """You counted a row that was drawn twice only once: then the estimate is no longer unbiased."""
    rows = np.unique(rows)
    return len(y) / len(rows) * _loss_part(w, X, y, rows) + lam * w


def took_the_first_rows(w, X, y, rows, lam):
    """You took the first B rows: use the rows whose numbers are in `rows`."""
    rows = np.arange(len(rows)) % len(y)
    return len(y) / len(rows) * _loss_part(w, X, y, rows) + lam * w


def used_every_row(w, X, y, rows, lam):
    """You computed the full gradient: it costs n rows; only those in `rows` may be used."""
    return _loss_part(w, X, y, np.arange(len(y))) + lam * w


def pointed_downhill(w, X, y, rows, lam):
    """The loss has the wrong sign: log(1 + exp(−yᵢ xᵢᵀw)) falls as yᵢ xᵢᵀw grows, so its gradient is
    minus yᵢ xᵢ times a positive share."""
    return -len(y) / len(rows) * _loss_part(w, X, y, rows) + lam * w


def weighed_the_well_classified(w, X, y, rows, lam):
    """You used 1/(1 + exp(−margin)), which is near 1 for rows that are classified well. It is the
    other one: rows with a large margin have a gradient near 0."""
    share = 1 - _share(w, X, y, rows)
    return -len(y) / len(rows) * X[rows].T @ (y[rows] * share) + lam * w


def overflowed(w, X, y, rows, lam):
    """exp overflowed: exp(−m) / (1 + exp(−m)) is infinity over infinity for a margin m of −1000. Write
    1/(1 + exp(m)), or use tanh."""
    e = np.exp(-y[rows] * (X[rows] @ w))
    return -len(y) / len(rows) * X[rows].T @ (y[rows] * e / (1 + e)) + lam * w


def _estimate_row_by_row(w, X, y, rows, lam):
    g = np.zeros(len(w))
    for i in rows:
        m = y[i] * (X[i] @ w)
        share = 1 / (1 + np.exp(m)) if m < 0 else np.exp(-m) / (1 + np.exp(-m))
        g = g - y[i] * share * X[i]
    return g * len(y) / len(rows) + lam * w


def _estimate_by_counting(w, X, y, rows, lam):
    counts = np.bincount(rows, minlength=len(y)) / len(rows) * len(y)
    share = np.exp(-np.logaddexp(0, y * (X @ w)))
    return lam * w - (counts * y * share) @ X


def _estimate_as_a_mean(w, X, y, rows, lam):
    with np.errstate(over="ignore"):
        shares = 1 / (1 + np.exp(y[rows] * (X[rows] @ w)))
    return (-len(X) * (y[rows] * shares)[:, None] * X[rows]).mean(axis=0) + lam * w


# --- sums whose terms are bowls ----------------------------------------------------------------


class _Terms:
    """(i, x) ↦ Pᵢ (x − cᵢ): the gradient of the i-th term ½ (x − cᵢ)ᵀ Pᵢ (x − cᵢ)."""

    def __init__(self, P: np.ndarray, centres: np.ndarray):
        self.P, self.centres = P, centres

    def __call__(self, i: int, x: np.ndarray) -> np.ndarray:
        i = index(i)
        if not 0 <= i < len(self.P):
            raise IndexError(f"there is no row {i}: rows are numbered 0 to {len(self.P) - 1}")
        return self.P[i] @ (x - self.centres[i])

    @property
    def minimiser(self) -> np.ndarray:
        pulls = np.einsum("ijk,ik->j", self.P, self.centres)
        return np.linalg.solve(self.P.sum(axis=0), pulls)


def _bowls(rng: np.random.Generator, n: int, p: int) -> tuple[_Terms, float]:
    """n random bowls in p dimensions and the largest curvature of one."""
    A = rng.standard_normal((n, p, p))
    P = np.einsum("ijk,ilk->ijl", A, A) / p + 0.2 * np.eye(p)
    return _Terms(P, 2 * rng.standard_normal((n, p))), float(np.linalg.eigvalsh(P).max())


def _off(got: np.ndarray, promised: np.ndarray, what: str) -> bool | str:
    error = np.abs(got - promised)
    if np.all(error <= 1e-6 * (1 + np.abs(promised).max())):
        return True
    j = int(error.argmax())
    return f"{what} entry {j} is {promised[j]:.6g}; yours is {got[j]:.6g}"


# --- sgd ---------------------------------------------------------------------------------------


def sgd(grad_term, n, x, order, steps):
    """The point after len(order) steps of stochastic gradient descent for f = f₀ + ... + fₙ₋₁.

    grad_term(i, x) returns ∇fᵢ(x), of the shape of x. Step k uses the row i = order[k] and
    the step length steps[k], and goes to x_next = x − steps[k] · n ∇fᵢ(x). It asks for one
    row's gradient.
    """
    for i, step in zip(order, steps, strict=True):
        x = x - step * n * grad_term(i, x)
    return x


def _walks(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, length in [(1, 2, 3), (3, 1, 2), (4, 2, 0), (5, 3, 12), (10, 2, 35)]:
        terms, curvature = _bowls(rng, n, p)
        yield dict(
            grad_term=Oracle(
                terms, 2 * length + 2, "a row's gradient", "each step needs that of one row"
            ),
            n=n,
            x=np.round(3 * rng.standard_normal(p), 1),
            order=rng.integers(n, size=length),
            steps=np.round(rng.uniform(0.2, 0.9, length) / (n * curvature), 4),
        )


def _follows_the_rows(
    last: np.ndarray, grad_term: Oracle, n: int, x: np.ndarray, order: Any, steps: Any
) -> bool | str:
    """A step is the affine map x − c ↦ (I − step n Pᵢ)(x − cᵢ): we multiply the maps' matrices."""
    terms: Any = grad_term.function
    p, whole = len(x), np.eye(len(x) + 1)
    for i, step in zip(order, steps, strict=True):
        move = np.eye(p + 1)
        move[:p, :p] -= step * n * terms.P[i]
        move[:p, p] = step * n * terms.P[i] @ terms.centres[i]
        whole = move @ whole
    what = f"each row is a bowl here, so the point after {len(order)} steps is known:"
    return _off(last, whole[:p] @ np.append(x, 1), what)


def went_uphill(grad_term, n, x, order, steps):
    """You added the gradient: it points uphill, so the step must subtract it."""
    for i, step in zip(order, steps, strict=True):
        x = x + step * n * grad_term(i, x)
    return x


def forgot_n(grad_term, n, x, order, steps):
    """You forgot the factor n: one row's gradient is on average only 1/n of the gradient of the sum."""
    for i, step in zip(order, steps, strict=True):
        x = x - step * grad_term(i, x)
    return x


def divided_by_n(grad_term, n, x, order, steps):
    """You divided by n: the one row stands for all n, so its gradient is multiplied by n."""
    for i, step in zip(order, steps, strict=True):
        x = x - step * grad_term(i, x) / n
    return x


def kept_the_first_step(grad_term, n, x, order, steps):
    """You used steps[0] throughout: step k has the length steps[k]."""
    for i in order:
        x = x - steps[0] * n * grad_term(i, x)
    return x


def step_of_the_row(grad_term, n, x, order, steps):
    """You took steps[i] for the row i: steps belong to the iteration k, not to the row."""
    for i in order:
        x = x - steps[i % len(steps)] * n * grad_term(i, x)
    return x


def rows_in_turn(grad_term, n, x, order, steps):
    """You took the rows 0, 1, 2, ... in turn: step k uses the row order[k]."""
    for k, step in enumerate(steps):
        x = x - step * n * grad_term(k % n, x)
    return x


def gradients_at_the_start(grad_term, n, x, order, steps):
    """You took all gradients at the start: each belongs to the point where you are by then."""
    start = x
    for i, step in zip(order, steps, strict=True):
        x = x - step * n * grad_term(i, start)
    return x


def every_row_each_step(grad_term, n, x, order, steps):
    """You computed the full gradient in each step: a stochastic step asks for one row's."""
    for step in steps:
        x = x - step * sum(grad_term(i, x) for i in range(n))
    return x


def one_step_short(grad_term, n, x, order, steps):
    """You took one step too few: there are len(order) of them."""
    for i, step in zip(order[:-1], steps[:-1], strict=True):
        x = x - step * n * grad_term(i, x)
    return x


def returned_every_iterate(grad_term, n, x, order, steps):
    """You returned all the iterates: only the last point is asked for."""
    points = [x]
    for i, step in zip(order, steps, strict=True):
        points.append(points[-1] - step * n * grad_term(i, points[-1]))
    return np.array(points)


def returned_the_average(grad_term, n, x, order, steps):
    """You returned the mean of the iterates: that is a later exercise, here the last is asked for."""
    points = [x]
    for i, step in zip(order, steps, strict=True):
        points.append(points[-1] - step * n * grad_term(i, points[-1]))
    return np.mean(points, axis=0)


def _sgd_by_index(grad_term, n, x, order, steps):
    x = np.array(x, dtype=float)
    for k in range(len(order)):
        x = x - (n * steps[k]) * np.asarray(grad_term(int(order[k]), x))
    return x


def _sgd_by_recursion(grad_term, n, x, order, steps):
    if len(order) == 0:
        return x
    x_next = x - n * steps[0] * grad_term(order[0], x)
    return _sgd_by_recursion(grad_term, n, x_next, order[1:], steps[1:])


# --- svrg --------------------------------------------------------------------------------------


def svrg(grad_term, n, x, order, step, inner):
    """The point after len(order) steps of SVRG for f = f₀ + ... + fₙ₋₁.

    grad_term(i, x) returns ∇fᵢ(x). Before the steps 0, inner, 2 inner, ... the present point
    becomes the anchor a, and the full gradient ∇f(a) = Σᵢ ∇fᵢ(a) is computed there. Step k
    takes i = order[k] and goes to x_next = x − step · (n∇fᵢ(x) − n∇fᵢ(a) + ∇f(a)).
    """
    for k, i in enumerate(order):
        if k % inner == 0:
            anchor, full = x, sum(grad_term(j, x) for j in range(n))
        x = x - step * (n * grad_term(i, x) - n * grad_term(i, anchor) + full)
    return x


def _anchored(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, length, inner, at_best in [
        (1, 2, 3, 2, False),
        (4, 2, 9, 4, False),
        (5, 3, 7, 3, True),
        (3, 1, 6, 10, False),
        (14, 2, 40, 14, False),
    ]:
        terms, curvature = _bowls(rng, n, p)
        anchors = ceil(length / inner)
        limit = 2 * (n * anchors + 2 * length) + n
        needs = f"{n} at each anchor and two in each step make {n * anchors + 2 * length}"
        yield dict(
            grad_term=Oracle(terms, limit, "a row's gradient", needs),
            n=n,
            x=terms.minimiser if at_best else np.round(3 * rng.standard_normal(p), 1),
            order=rng.integers(n, size=length),
            step=float(f"{rng.uniform(0.3, 0.6) / (n * curvature):.3g}"),
            inner=inner,
        )


def _follows_the_anchors(
    last: np.ndarray,
    grad_term: Oracle,
    n: int,
    x: np.ndarray,
    order: Any,
    step: float,
    inner: int,
) -> bool | str:
    """With bowls a step maps (x, a) linearly: x − a ↦ (I − step n Pᵢ)(x − a) − step H (a − x*)."""
    terms: Any = grad_term.function
    best, H = terms.minimiser, terms.P.sum(axis=0)
    if np.allclose(x, best):
        what = "the start is the minimiser, where each step of SVRG is exactly 0:"
        return _off(last, best, what)
    anchor, away = x, np.zeros(len(x))
    for k, i in enumerate(order):
        if k % inner == 0:
            anchor, away = anchor + away, np.zeros(len(x))
        away = away - step * (n * terms.P[i] @ away + H @ (anchor - best))
    what = f"each row is a bowl here, so the point after {len(order)} steps is known:"
    return _off(last, anchor + away, what)


def _svrg_like(
    grad_term: Callable,
    n: int,
    x: Any,
    order: Any,
    step: float,
    inner: int,
    direction: Callable,
    renew: Callable = lambda k, inner: k % inner == 0,
) -> Any:
    """SVRG with another `direction` of fresh, old, full, or another rule for a new anchor."""
    anchor, full = x, None
    for k, i in enumerate(order):
        if k == 0 or renew(k, inner):
            anchor, full = x, sum(grad_term(j, x) for j in range(n))
        x = x - step * direction(grad_term(i, x), grad_term(i, anchor), full)
    return x


def never_renewed_the_anchor(grad_term, n, x, order, step, inner):
    """You kept the first anchor: it has to be renewed every `inner` steps, or the noise stays."""
    return _svrg_like(
        grad_term,
        n,
        x,
        order,
        step,
        inner,
        lambda new, old, full: n * new - n * old + full,
        lambda k, inner: False,
    )


def anchored_every_step(grad_term, n, x, order, step, inner):
    """You renewed the anchor in every step: that is gradient descent, at n gradients a step."""
    return _svrg_like(
        grad_term,
        n,
        x,
        order,
        step,
        inner,
        lambda new, old, full: n * new - n * old + full,
        lambda k, inner: True,
    )


def renewed_one_late(grad_term, n, x, order, step, inner):
    """You renewed the anchor one step late: it is due before the steps 0, inner, 2 inner, ..."""
    return _svrg_like(
        grad_term,
        n,
        x,
        order,
        step,
        inner,
        lambda new, old, full: n * new - n * old + full,
        lambda k, inner: k % inner == 1 % inner and k > 1,
    )


def forgot_the_full_gradient(grad_term, n, x, order, step, inner):
    """You forgot to add ∇f(a): without it the mean of the direction is ∇f(x) − ∇f(a)."""
    return _svrg_like(grad_term, n, x, order, step, inner, lambda new, old, full: n * (new - old))


def forgot_the_anchor_term(grad_term, n, x, order, step, inner):
    """You forgot to subtract n∇fᵢ(a): with ∇f(a) alone added, the mean is ∇f(x) + ∇f(a)."""
    return _svrg_like(grad_term, n, x, order, step, inner, lambda new, old, full: n * new + full)


def turned_the_signs(grad_term, n, x, order, step, inner):
    """You turned the correction round: it is n∇fᵢ(x) − n∇fᵢ(a) + ∇f(a), and its last two terms have
    mean 0."""
    return _svrg_like(
        grad_term, n, x, order, step, inner, lambda new, old, full: n * new + n * old - full
    )


def forgot_n_in_the_change(grad_term, n, x, order, step, inner):
    """You forgot the factor n before ∇fᵢ(x) − ∇fᵢ(a): its mean is then only 1/n of what it stands
    for, and the direction is biased."""
    return _svrg_like(grad_term, n, x, order, step, inner, lambda new, old, full: new - old + full)


def averaged_the_full_gradient(grad_term, n, x, order, step, inner):
    """You divided ∇f(a) by n: f is a sum, and the other two terms carry the factor n."""
    return _svrg_like(
        grad_term, n, x, order, step, inner, lambda new, old, full: n * (new - old) + full / n
    )


def means_throughout(grad_term, n, x, order, step, inner):
    """You took the mean of the terms for f: ours is their sum, n times as steep."""
    return _svrg_like(
        grad_term, n, x, order, step, inner, lambda new, old, full: new - old + full / n
    )


def plain_sgd(grad_term, n, x, order, step, inner):
    """That is plain SGD: the anchor's two terms, which take the noise away, are missing."""
    return _svrg_like(grad_term, n, x, order, step, inner, lambda new, old, full: n * new)


def moved_uphill(grad_term, n, x, order, step, inner):
    """You added the direction: it points uphill, so the step must subtract it."""
    return _svrg_like(
        grad_term, n, x, order, step, inner, lambda new, old, full: n * (old - new) - full
    )


def restarted_the_order(grad_term, n, x, order, step, inner):
    """You started `order` afresh at each anchor: step k uses order[k], counted from the first step."""
    for start in range(0, len(order), inner):
        anchor, full = x, sum(grad_term(j, x) for j in range(n))
        for i in order[: min(inner, len(order) - start)]:
            x = x - step * (n * grad_term(i, x) - n * grad_term(i, anchor) + full)
    return x


def _svrg_in_two_loops(grad_term, n, x, order, step, inner):
    for start in range(0, len(order), inner):
        anchor = np.array(x)
        full = np.sum([grad_term(j, anchor) for j in range(n)], axis=0)
        for i in order[start : start + inner]:
            change = np.asarray(grad_term(i, x)) - grad_term(i, anchor)
            x = x - step * (n * change + full)
    return x


def _svrg_with_stored_gradients(grad_term, n, x, order, step, inner):
    stored, full = np.zeros((n, len(x))), np.zeros(len(x))
    for k, i in enumerate(order):
        if k % inner == 0:
            stored = np.array([grad_term(j, x) for j in range(n)])
            full = stored.sum(axis=0)
        x = x - step * (n * (grad_term(i, x) - stored[i]) + full)
    return x


# --- saga --------------------------------------------------------------------------------------


def saga(grad_term, n, x, order, step):
    """The point after len(order) steps of SAGA for f = f₀ + ... + fₙ₋₁.

    grad_term(i, x) returns ∇fᵢ(x). A table holds a gradient for each row: at first
    tableᵢ = ∇fᵢ(x) at the start, for all n rows. Step k takes i = order[k], asks for
    g = ∇fᵢ(x), goes to x_next = x − step · (n g − n tableᵢ + Σⱼ tableⱼ), and only then puts g
    into the table as tableᵢ.
    """
    table = np.array([grad_term(j, x) for j in range(n)])
    total = table.sum(axis=0)
    for i in order:
        g = grad_term(i, x)
        x = x - step * (n * (g - table[i]) + total)
        total = total + g - table[i]
        table[i] = g
    return x


def _tables(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, length, at_best in [
        (1, 2, 3, False),
        (4, 2, 9, False),
        (5, 3, 7, True),
        (3, 1, 1, False),
        (12, 2, 40, False),
    ]:
        terms, curvature = _bowls(rng, n, p)
        needs = f"{n} for the table and one in each step make {n + length}"
        order = rng.integers(n, size=length)
        if length > 2:
            order[1:3] = order[0]  # a row again at once: its table entry must be fresh
        yield dict(
            grad_term=Oracle(terms, 2 * (n + length), "a row's gradient", needs),
            n=n,
            x=terms.minimiser if at_best else np.round(3 * rng.standard_normal(p), 1),
            order=order,
            step=float(f"{rng.uniform(0.2, 0.4) / (n * curvature):.3g}"),
        )


def _follows_the_table(
    last: np.ndarray, grad_term: Oracle, n: int, x: np.ndarray, order: Any, step: float
) -> bool | str:
    """For a bowl, n g − n tableᵢ = n Pᵢ (x − seenᵢ): we keep points instead of gradients."""
    terms: Any = grad_term.function
    if np.allclose(x, terms.minimiser):
        what = "the start is the minimiser, where each step of SAGA is exactly 0:"
        return _off(last, terms.minimiser, what)
    seen, at = np.tile(x, (n, 1)), x
    for i in order:
        total = np.einsum("ijk,ik->j", terms.P, seen - terms.centres)
        at_next = at - step * (n * terms.P[i] @ (at - seen[i]) + total)
        seen[i], at = at, at_next
    what = f"each row is a bowl here, so the point after {len(order)} steps is known:"
    return _off(last, at, what)


def _saga_like(
    grad_term: Callable,
    n: int,
    x: Any,
    order: Any,
    step: float,
    direction: Callable,
    update: bool = True,
    table: Any = None,
) -> Any:
    """SAGA with another `direction` of g, the row's entry and the total, or another table."""
    table = np.array([grad_term(j, x) for j in range(n)]) if table is None else table
    for i in order:
        g = grad_term(i, x)
        x = x - step * direction(g, table[i], table.sum(axis=0))
        if update:
            table[i] = g
    return x


def that_is_sag(grad_term, n, x, order, step):
    """That is SAG, SAGA's predecessor: you lost the factor n before g − tableᵢ, or put g into the table
    before the step, which comes to the same. It converges too, but its direction is biased."""
    return _saga_like(grad_term, n, x, order, step, lambda g, old, total: g - old + total)


def total_too_early(grad_term, n, x, order, step):
    """You changed the total before the step: it belongs to the table as it was."""
    table = np.array([grad_term(j, x) for j in range(n)])
    total = table.sum(axis=0)
    for i in order:
        g, old = grad_term(i, x), table[i].copy()
        total = total + g - old
        x = x - step * (n * (g - old) + total)
        table[i] = g
    return x


def never_updated_the_table(grad_term, n, x, order, step):
    """You never put g into the table: its entries grow stale and the noise stays."""
    return _saga_like(
        grad_term, n, x, order, step, lambda g, old, total: n * (g - old) + total, update=False
    )


def forgot_the_total(grad_term, n, x, order, step):
    """You changed the table and kept the first total: the sum has to follow, by g − tableᵢ."""
    table = np.array([grad_term(j, x) for j in range(n)])
    total = table.sum(axis=0)
    for i in order:
        g = grad_term(i, x)
        x = x - step * (n * (g - table[i]) + total)
        table[i] = g
    return x


def gradient_after_the_step(grad_term, n, x, order, step):
    """You put the gradient at x_next into the table: it is g, taken at x, that belongs there, and a
    second gradient costs as much as the first."""
    table = np.array([grad_term(j, x) for j in range(n)])
    for i in order:
        x = x - step * (n * (grad_term(i, x) - table[i]) + table.sum(axis=0))
        table[i] = grad_term(i, x)
    return x


def started_with_zeros(grad_term, n, x, order, step):
    """Your table starts with zeros: here it starts with the n gradients at the start."""
    zeros = np.zeros((n, len(x)))
    return _saga_like(
        grad_term, n, x, order, step, lambda g, old, total: n * (g - old) + total, table=zeros
    )


def averaged_the_table(grad_term, n, x, order, step):
    """You added the mean of the table: the other two terms carry the factor n, so its sum is due."""
    return _saga_like(grad_term, n, x, order, step, lambda g, old, total: n * (g - old) + total / n)


def means_in_saga(grad_term, n, x, order, step):
    """You took the mean of the terms for f: ours is their sum, n times as steep."""
    return _saga_like(grad_term, n, x, order, step, lambda g, old, total: g - old + total / n)


def turned_saga_round(grad_term, n, x, order, step):
    """You turned the correction round: it is − n tableᵢ + Σⱼ tableⱼ, of mean 0."""
    return _saga_like(grad_term, n, x, order, step, lambda g, old, total: n * (g + old) - total)


def only_the_row(grad_term, n, x, order, step):
    """That is plain SGD: the table's two terms, which take the noise away, are missing."""
    return _saga_like(grad_term, n, x, order, step, lambda g, old, total: n * g)


def every_table_entry(grad_term, n, x, order, step):
    """You filled the whole table anew in every step: that is gradient descent, at n gradients a step.
    Only one entry changes."""
    for _ in order:
        x = x - step * sum(grad_term(j, x) for j in range(n))
    return x


def _saga_summing_the_table(grad_term, n, x, order, step):
    table = [np.array(grad_term(j, x)) for j in range(n)]
    for i in order:
        g = np.array(grad_term(i, x))
        x, table[i] = x - step * (n * g - n * table[i] + sum(table)), g
    return x


def _saga_by_points(grad_term, n, x, order, step):
    seen = {j: (x, grad_term(j, x)) for j in range(n)}
    for i in order:
        g = grad_term(i, x)
        d = n * (g - seen[i][1]) + np.sum([old for _, old in seen.values()], axis=0)
        seen[i] = (x, g)
        x = x - step * d
    return x


# --- polyak_average ----------------------------------------------------------------------------


def polyak_average(iterates, skip):
    """The running means of the iterates from number `skip` on.

    iterates has shape (K, p), K > skip ≥ 0. Return shape (K − skip, p): row j is the mean of
    the j + 1 iterates skip, skip + 1, ..., skip + j.
    """
    kept = iterates[skip:]
    return np.cumsum(kept, axis=0) / np.arange(1, len(kept) + 1)[:, None]


def _paths(rng: np.random.Generator) -> Iterator[Arguments]:
    for K, p, skip in [(5, 2, 0), (1, 3, 0), (7, 1, 3), (6, 4, 5), (40, 2, 11), (4, 4, 1)]:
        steps = rng.standard_normal((K, p)).cumsum(axis=0)
        yield dict(iterates=np.round(5 + steps, 2), skip=skip)


def _is_running_mean(means: np.ndarray, iterates: np.ndarray, skip: int) -> bool | str:
    """(j + 1) mean_j − j mean_{j−1} is the iterate that came in with row j."""
    j = np.arange(len(means))[:, None]
    before = np.vstack([np.zeros_like(means[:1]), means[:-1]])
    entered = (j + 1) * means - j * before
    error = np.abs(entered - iterates[skip:])
    if np.all(error <= 1e-7 * (1 + j) * (1 + np.abs(iterates).max())):
        return True
    row, column = (int(k) for k in np.unravel_index(int(error.argmax()), error.shape))
    return (
        f"{row + 1} times row {row} minus {row} times the row before must be iterate {skip + row}, that "
        f"is {iterates[skip + row, column]:.6g} in entry {column}; with yours it is "
        f"{entered[row, column]:.6g}"
    )


def averaged_from_the_start(iterates, skip):
    """You averaged from the first iterate on: leave the first `skip` out, or they stay in for ever."""
    means = np.cumsum(iterates, axis=0) / np.arange(1, len(iterates) + 1)[:, None]
    return means[skip:]


def divided_by_all(iterates, skip):
    """You divided by K − skip throughout: row j is a mean of j + 1 iterates."""
    return np.cumsum(iterates[skip:], axis=0) / (len(iterates) - skip)


def counted_the_skipped(iterates, skip):
    """You left the first iterates out of the sum but counted them: divide by j + 1."""
    kept = iterates[skip:]
    return np.cumsum(kept, axis=0) / np.arange(skip + 1, len(iterates) + 1)[:, None]


def divided_by_j(iterates, skip):
    """You divided row j by j: rows are counted from 0, and row j holds j + 1 iterates."""
    kept = iterates[skip:]
    return np.cumsum(kept, axis=0) / np.maximum(np.arange(len(kept)), 1)[:, None]


def only_the_last_mean(iterates, skip):
    """You returned the last mean alone: one row for each iterate from `skip` on is asked for."""
    return iterates[skip:].mean(axis=0)


def never_averaged(iterates, skip):
    """You returned the iterates themselves: each row should be the mean of those so far."""
    return iterates[skip:] * 1.0


def averaged_the_entries(iterates, skip):
    """You averaged over the entries of each iterate: the mean goes over iterates, along axis 0."""
    kept = iterates[skip:]
    return np.cumsum(kept, axis=1) / np.arange(1, kept.shape[1] + 1)


def halved_the_way(iterates, skip):
    """You went half of the way to each new iterate: that forgets old ones exponentially fast. The mean
    of j + 1 moves by 1/(j + 1) of the way."""
    means = [iterates[skip]]
    for x in iterates[skip + 1 :]:
        means.append((means[-1] + x) / 2)
    return np.array(means)


def skipped_one_more(iterates, skip):
    """You skipped one iterate too many: number `skip` itself, counted from 0, is the first one kept."""
    kept = iterates[skip + 1 :]
    return np.cumsum(kept, axis=0) / np.arange(1, len(kept) + 1)[:, None]


def _averages_without_storing(iterates, skip):
    mean, means = np.zeros(iterates.shape[1]), []
    for j, x in enumerate(iterates[skip:]):
        mean = mean + (x - mean) / (j + 1)
        means.append(mean)
    return means


def _averages_by_slices(iterates, skip):
    return [iterates[skip : k + 1].mean(axis=0) for k in range(skip, len(iterates))]


def _averages_by_a_matrix(iterates, skip):
    size = len(iterates) - skip
    return np.tril(np.ones((size, size))) / np.arange(1, size + 1)[:, None] @ iterates[skip:]


# --- the declarations --------------------------------------------------------------------------

EXERCISES = (
    Exercise(
        minibatch_gradient,
        _batches,
        _estimates_the_gradient,
        title="A few rows for all",
        difficulty=2,
        minutes=10,
        hints=(
            "Write the gradient of one row's loss first. Which number between 0 and 1 multiplies −yᵢ xᵢ?",
            "Each of the B rows stands for n/B rows. Which part of f does that concern, and which not?",
            "X[rows] repeats a row that was drawn twice, as it should. The share 1/(1 + exp(m)) is "
            "(1 − tanh(m/2))/2, which cannot overflow.",
        ),
        mistakes=(
            summed_the_batch,
            averaged_the_batch,
            scaled_by_B_over_n,
            scaled_the_penalty_too,
            shared_out_the_penalty,
            forgot_the_penalty,
            each_row_once,
            took_the_first_rows,
            used_every_row,
            pointed_downhill,
            weighed_the_well_classified,
            overflowed,
        ),
        alternatives=(_estimate_row_by_row, _estimate_by_counting, _estimate_as_a_mean),
    ),
    Exercise(
        sgd,
        _walks,
        _follows_the_rows,
        title="Stochastic gradient descent",
        difficulty=1,
        minutes=5,
        hints=(
            "It is gradient descent, with n∇fᵢ(x) in the place of ∇f(x).",
            "`zip(order, steps)` gives the row and the length of each step together.",
            "Ask for the gradient at the point where you are now, once in each step.",
        ),
        mistakes=(
            went_uphill,
            forgot_n,
            divided_by_n,
            kept_the_first_step,
            step_of_the_row,
            rows_in_turn,
            gradients_at_the_start,
            every_row_each_step,
            one_step_short,
            returned_every_iterate,
            returned_the_average,
        ),
        alternatives=(_sgd_by_index, _sgd_by_recursion),
    ),
    Exercise(
        polyak_average,
        _paths,
        _is_running_mean,
        title="The average of a noisy run",
        difficulty=1,
        minutes=5,
        hints=(
            "Forget `skip` for a moment: what is row 2 when three iterates have come in?",
            "np.cumsum(…, axis=0) adds up along the run. By what has each of its rows to be divided?",
            "A vector of K − skip divisors divides rows only after it has become a column: [:, None].",
        ),
        mistakes=(
            averaged_from_the_start,
            divided_by_all,
            counted_the_skipped,
            divided_by_j,
            only_the_last_mean,
            never_averaged,
            averaged_the_entries,
            halved_the_way,
            skipped_one_more,
        ),
        alternatives=(_averages_without_storing, _averages_by_slices, _averages_by_a_matrix),
    ),
    Exercise(
        svrg,
        _anchored,
        _follows_the_anchors,
        title="Noise removed by an anchor",
        difficulty=3,
        minutes=15,
        hints=(
            "Two things are remembered between steps: the anchor and the full gradient there. When are "
            "both renewed?",
            "`k % inner == 0` says when. At k = 0 the start itself becomes the anchor.",
            "The direction has three terms. Averaged over i, the last two cancel: check their signs and "
            "the factors n with that.",
        ),
        mistakes=(
            never_renewed_the_anchor,
            anchored_every_step,
            renewed_one_late,
            forgot_the_full_gradient,
            forgot_the_anchor_term,
            turned_the_signs,
            forgot_n_in_the_change,
            averaged_the_full_gradient,
            means_throughout,
            plain_sgd,
            moved_uphill,
            restarted_the_order,
        ),
        alternatives=(_svrg_in_two_loops, _svrg_with_stored_gradients),
    ),
    Exercise(
        saga,
        _tables,
        _follows_the_table,
        title="Noise removed by a table",
        difficulty=3,
        minutes=15,
        hints=(
            "Fill a table of n gradients at the start. How many rows, how many columns?",
            "In each step: one new gradient g; the step, with the table as it was; then the new entry.",
            "Adding up the table in each step costs n. Keep the sum in a name, and change it by what "
            "changes in the table.",
        ),
        mistakes=(
            that_is_sag,
            total_too_early,
            never_updated_the_table,
            forgot_the_total,
            gradient_after_the_step,
            started_with_zeros,
            averaged_the_table,
            means_in_saga,
            turned_saga_round,
            only_the_row,
            every_table_entry,
        ),
        alternatives=(_saga_summing_the_table, _saga_by_points),
    ),
)
