"""Lesson 06, nonsmooth and proximal methods: what is asked, how it is proved right, which mistakes have a name."""

from collections.abc import Callable, Iterator

import numpy as np

from ..certificates import Certificate
from ..certificates import lasso as lasso_certificate
from .exercise import Arguments, Exercise, Oracle

LESSON = "06"


# --- prox_l1 -----------------------------------------------------------------------------------


def prox_l1(v, step, lam):
    """The x that minimises lam ‖x‖₁ + ‖x − v‖² / (2 step).

    v is an array of any shape, step > 0, lam ≥ 0. Return an array of the shape of v.
    """
    return np.sign(v) * np.maximum(np.abs(v) - step * lam, 0)


def _pulls(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(v=np.array([3.0, -3.0, 0.4, -0.4, 0.0, 1.0]), step=2.0, lam=0.5)  # 1: a tie
    yield dict(v=np.round(rng.standard_normal(4), 1), step=0.7, lam=0.0)
    yield dict(v=np.round(rng.standard_normal(5), 1), step=10.0, lam=3.0)  # all of it is zero
    yield dict(v=np.round(5 * rng.standard_normal((3, 2)), 1), step=0.3, lam=4.0)
    yield dict(v=np.array([-round(rng.uniform(5, 9), 2)]), step=2.5, lam=1.1)


def _is_prox_l1(x: np.ndarray, v: np.ndarray, step: float, lam: float) -> bool | str:
    """The pull (v − x)/step must lie in lam ∂|x|: to its left the slope is negative, to its right positive."""
    room = 1e-5 * (1 + np.abs(v))
    left, right = x - room, x + room
    falls = lam * np.where(left == 0, -1, np.sign(left)) + (left - v) / step <= 0
    rises = lam * np.where(right == 0, 1, np.sign(right)) + (right - v) / step >= 0
    if np.all(falls & rises):
        return True
    at = np.unravel_index(int(np.argmin(falls & rises)), x.shape)
    must = f"lam·sign(x) = {lam * np.sign(x[at]):.6g}" if x[at] else f"at most {lam:g} in size"
    return (
        f"the pull (v − x)/step must be a subgradient of lam|x|: at v = {v[at]:.6g} you chose "
        f"x = {x[at]:.6g}, so it must be {must}, but it is {(v[at] - x[at]) / step:.6g}"
    )


def hard_threshold(v, step, lam):
    """You kept the large entries as they are and set the small ones to zero: that is hard
    thresholding, the prox of counting non-zeros. The l1 norm pulls the large ones as well."""
    return np.where(np.abs(v) > step * lam, v, 0)


def forgot_the_step(v, step, lam):
    """Your threshold is lam: multiply the quadratic's 1/(2 step) out, and it becomes step·lam."""
    return np.sign(v) * np.maximum(np.abs(v) - lam, 0)


def forgot_lam(v, step, lam):
    """Your threshold is step: the weight lam belongs to it, step·lam."""
    return np.sign(v) * np.maximum(np.abs(v) - step, 0)


def divided_by_the_step(v, step, lam):
    """Your threshold is lam/step: a longer step leaves the quadratic weaker, so that the norm pulls
    further. The threshold is step·lam."""
    return np.sign(v) * np.maximum(np.abs(v) - lam / step, 0)


def overshot_zero(v, step, lam):
    """You subtracted step·lam·sign(v) from every entry: a small one then jumps over zero. Stop it
    there: the prox is never beyond zero."""
    return v - step * lam * np.sign(v)


def one_sided(v, step, lam):
    """You shrank the positive entries and lost the negative ones: the prox is odd, it treats v and
    −v alike."""
    return np.maximum(v - step * lam, 0)


def forgot_the_sign(v, step, lam):
    """You shrank |v| and did not put the sign back."""
    return np.maximum(np.abs(v) - step * lam, 0)


def clipped(v, step, lam):
    """You clipped v to [−step·lam, step·lam]: that is the part that the prox takes away. What it
    leaves is v minus that."""
    return np.clip(v, -step * lam, step * lam)


def doubled_the_threshold(v, step, lam):
    """Your threshold is twice too large: the quadratic is divided by 2 step, and its derivative has
    no 2."""
    return np.sign(v) * np.maximum(np.abs(v) - 2 * step * lam, 0)


def shrank_in_proportion(v, step, lam):
    """You divided v by 1 + step·lam: that is the prox of the squared norm ½lam‖x‖², which makes
    nothing exactly zero."""
    return v / (1 + step * lam)


def shrank_the_whole_vector(v, step, lam):
    """You shortened v as a whole: that is the prox of the length lam‖x‖₂. The l1 norm treats each
    entry by itself."""
    return v * max(1 - step * lam / max(np.linalg.norm(v), 1e-300), 0)


def _prox_l1_by_moreau(v, step, lam):
    return v - np.clip(v, -step * lam, step * lam)


def _prox_l1_entry_by_entry(v, step, lam):
    x = np.zeros(v.shape)
    for i in np.ndindex(v.shape):
        if v[i] > step * lam:
            x[i] = v[i] - step * lam
        elif v[i] < -step * lam:
            x[i] = v[i] + step * lam
    return x


def _prox_l1_by_two_halves(v, step, lam):
    return np.maximum(v - step * lam, 0) - np.maximum(-v - step * lam, 0)


def _prox_l1_by_bisection(v, step, lam):
    low, high = np.minimum(v, 0.0), np.maximum(v, 0.0)
    for _ in range(60):
        x = (low + high) / 2
        rises = lam * np.sign(x) + (x - v) / step > 0
        low, high = np.where(rises, low, x), np.where(rises, x, high)
    return (low + high) / 2


def _prox_l1_in_single_precision(v, step, lam):
    return prox_l1(v.astype(np.float32), np.float32(step), np.float32(lam))


# --- prox_nuclear ------------------------------------------------------------------------------


def prox_nuclear(V, step, lam):
    """The matrix X that minimises lam ‖X‖_* + ‖X − V‖²_F / (2 step).

    ‖X‖_* is the sum of the singular values, V has shape (m, n), step > 0, lam ≥ 0.
    Return an array of shape (m, n).
    """
    U, singular, Wt = np.linalg.svd(V, full_matrices=False)
    return (U * np.maximum(singular - step * lam, 0)) @ Wt


def _matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    for m, n, step, lam in [(4, 3, 0.5, 1.4), (2, 5, 2.0, 0.6), (3, 3, 0.4, 3.0), (1, 4, 0.2, 2.5)]:
        yield dict(V=np.round(2 * rng.standard_normal((m, n)), 1), step=step, lam=lam)
    yield dict(V=np.outer([1.0, -2, 2], [3.0, 4.0]), step=1.5, lam=2.0)  # rank one: 15 becomes 12
    yield dict(V=np.array([[0.0, -2], [2, 0]]), step=0.5, lam=1.0)  # twice the same singular value
    yield dict(V=np.round(rng.standard_normal((2, 3)), 1), step=20.0, lam=1.0)  # nothing is left


def _is_prox_nuclear(X: np.ndarray, V: np.ndarray, step: float, lam: float) -> bool | str:
    """How far the pull (V − X)/step is from a subgradient S of lam‖·‖_* at X bounds how far X is off.

    X is the prox of X + step S, and a prox is non-expansive: ‖X − prox(V)‖ ≤ step ‖S − (V − X)/step‖.
    S is lam P Qᵀ on the singular vectors of X, and anything without a singular value above lam on
    what is orthogonal to them. Singular values that are only rounding errors are first taken off X.
    """
    room = 1e-4 * (1 + np.linalg.norm(V))
    P, sizes, Qt = np.linalg.svd(X, full_matrices=False)
    P, Qt, kept = P[:, sizes > room], Qt[sizes > room], sizes[sizes > room]
    low_rank = (P * kept) @ Qt
    pull = (V - low_rank) / step
    rest = pull - P @ (P.T @ pull)
    U, s, Wt = np.linalg.svd(rest - (rest @ Qt.T) @ Qt, full_matrices=False)
    S = lam * P @ Qt + (U * np.minimum(s, lam)) @ Wt
    if np.linalg.norm(X - low_rank) + step * np.linalg.norm(S - pull) <= 3 * room:
        return True
    largest = np.linalg.norm((V - X) / step, 2)
    if largest > lam * (1 + 1e-4):
        return (
            f"the pull (V − X)/step must be lam times a subgradient of the nuclear norm, so that no "
            f"singular value of it exceeds lam = {lam:g}; yours has one of {largest:.6g}"
        )
    return (
        f"⟨(V − X)/step, X⟩ must be lam‖X‖_* = {lam * sizes.sum():.6g}, as for every subgradient; "
        f"with your X it is {np.sum((V - X) / step * X):.6g}"
    )


def shrank_the_entries(V, step, lam):
    """You shrank the entries of V: that is the prox of the l1 norm. The nuclear norm adds up
    singular values, so take the SVD first."""
    return np.sign(V) * np.maximum(np.abs(V) - step * lam, 0)


def kept_large_singular_values(V, step, lam):
    """You kept the large singular values as they are: that is hard thresholding. Each of them is
    lowered by step·lam."""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return (U * np.where(s > step * lam, s, 0)) @ Wt


def let_singular_values_go_negative(V, step, lam):
    """You lowered all singular values by step·lam, below zero too: stop at zero."""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return (U * (s - step * lam)) @ Wt


def threshold_without_step(V, step, lam):
    """You lowered the singular values by lam: the threshold is step·lam."""
    return prox_nuclear(V, 1.0, lam)


def threshold_without_lam(V, step, lam):
    """You lowered the singular values by step: the threshold is step·lam."""
    return prox_nuclear(V, step, 1.0)


def threshold_over_step(V, step, lam):
    """You lowered the singular values by lam/step: the threshold is step·lam."""
    return prox_nuclear(V, 1 / step, lam)


def shrank_the_length(V, step, lam):
    """You shortened V as a whole: that is the prox of the Frobenius norm. Each singular value is
    lowered by itself."""
    return V * max(1 - step * lam / max(np.linalg.norm(V), 1e-300), 0)


def transposed_wt(V, step, lam):
    """You transposed what `np.linalg.svd` returns last: it is already Vᵀ."""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return (U * np.maximum(s - step * lam, 0)) @ Wt.T


def scaled_the_rows(V, step, lam):
    """You multiplied the rows of U by the singular values: each belongs to a column of U, as in
    `U * s`, which is U @ diag(s)."""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return (np.maximum(s - step * lam, 0)[:, None] * U) @ Wt


def full_svd(V, step, lam):
    """You took the full SVD, whose U and V are square: use `full_matrices=False`, so that the
    shapes fit."""
    U, s, Wt = np.linalg.svd(V)
    return (U * np.maximum(s - step * lam, 0)) @ Wt


def returned_singular_values(V, step, lam):
    """You returned the lowered singular values: put the matrix together again with U and Vᵀ."""
    return np.maximum(np.linalg.svd(V, compute_uv=False) - step * lam, 0)


def lowered_the_squares(V, step, lam):
    """You lowered the squares of the singular values, the eigenvalues of VᵀV: take their roots
    first."""
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return (U * np.sqrt(np.maximum(s**2 - step * lam, 0))) @ Wt


def _nuclear_by_moreau(V, step, lam):
    U, s, Wt = np.linalg.svd(V, full_matrices=False)
    return V - (U * np.minimum(s, step * lam)) @ Wt


def _nuclear_one_by_one(V, step, lam):
    U, s, Wt = np.linalg.svd(V)
    X = np.zeros(V.shape)
    for i, size in enumerate(s):
        if size > step * lam:
            X = X + (size - step * lam) * np.outer(U[:, i], Wt[i])
    return X


def _nuclear_by_eigenvalues(V, step, lam):
    squares, Q = np.linalg.eigh(V.T @ V)
    sizes = np.sqrt(np.maximum(squares, 1e-300))
    return V @ (Q * np.maximum(1 - step * lam / sizes, 0)) @ Q.T


def _nuclear_in_single_precision(V, step, lam):
    return prox_nuclear(V.astype(np.float32), step, lam).astype(np.float32)


# --- ista --------------------------------------------------------------------------------------


def ista(grad, prox, x, step, iterations):
    """The point after `iterations` proximal gradient steps from x, for min f + g.

    grad(x) returns ∇f(x); prox(v, t) returns the minimiser over x of g(x) + ‖x − v‖² / (2t).
    One step is a gradient step of f with `step`, and then the prox of g with the same step. It
    asks for one gradient and one prox. With `iterations` = 0, return x itself.
    """
    for _ in range(iterations):
        x = prox(x - step * grad(x), step)
    return x


class _FitGradient:
    """x ↦ Xᵀ(Xx − y)."""

    def __init__(self, X: np.ndarray, y: np.ndarray):
        self.X, self.y = X, y

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.X.T @ (self.X @ x - self.y)


class _SoftThreshold:
    """The prox of lam‖x‖₁."""

    def __init__(self, lam: float):
        self.lam = lam

    def __call__(self, v: np.ndarray, t: float) -> np.ndarray:
        return np.sign(v) * np.maximum(np.abs(v) - t * self.lam, 0)


def _clip_to_box(v: np.ndarray, t: float) -> np.ndarray:
    return np.clip(v, -0.5, 0.5)


def _composites(
    rng: np.random.Generator, cases: list[tuple], size: float = 1.0
) -> Iterator[Arguments]:
    for n, shape, prox, share, iterations in cases:
        X = rng.standard_normal((n, shape[0])) * np.linspace(1, 3, shape[0])
        y = 3 * size * rng.standard_normal((n, *shape[1:]))
        needs = f"this run needs {iterations}: keep it in a name"
        yield dict(
            grad=Oracle(_FitGradient(X, y), iterations + 1, "the gradient", needs),
            prox=Oracle(prox, iterations + 1, "the prox", needs),
            x=size * np.round(2 * rng.standard_normal(shape), 1),
            step=float(f"{share / np.linalg.norm(X, 2) ** 2:.3g}"),
            iterations=iterations,
        )


def _ista_runs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from _composites(
        rng,
        [
            (6, (3,), _SoftThreshold(0.8), 1.0, 2),
            (4, (2,), _SoftThreshold(0.3), 0.9, 0),
            (3, (5,), _clip_to_box, 0.8, 3),
            (5, (1,), _SoftThreshold(0.3), 0.5, 1),
            (8, (4, 2), _SoftThreshold(1.0), 1.0, 5),  # a matrix is a point as well
            (9, (5,), _SoftThreshold(0.6), 0.9, 25),
        ],
    )
    # all is small, so that a run which stops at a short step stops too early
    yield from _composites(rng, [(6, (4,), _SoftThreshold(1e-4), 0.2, 12)], size=0.001)


def _walk(
    grad: Oracle,
    prox: Oracle,
    x: np.ndarray,
    step: float,
    iterations: int,
    momentum: Callable[[int], float],
) -> np.ndarray:
    """x_k = prox(y_k − step ∇f(y_k)), y_{k+1} = x_k + momentum(k) (x_k − x_{k−1}), written out anew."""
    previous, y = x, x
    for k in range(1, iterations + 1):
        d = grad.function(y)
        here = prox.function(y - step * d, step)
        y = here + momentum(k) * (here - previous)
        previous = here
    return previous


def _same_point(last: np.ndarray, promised: np.ndarray, told: str) -> bool | str:
    error = np.abs(last - promised)
    if float(error.max()) <= 1e-5 * (1 + float(np.abs(promised).max())):
        return True
    at = np.unravel_index(int(error.argmax()), error.shape)
    where = int(at[0]) if len(at) == 1 else tuple(map(int, at))
    return f"{told}, entry {where} is {promised[at]:.6g}; yours is {last[at]:.6g}"


def _follows_ista(
    last: np.ndarray, grad: Oracle, prox: Oracle, x: np.ndarray, step: float, iterations: int
) -> bool | str:
    promised = _walk(grad, prox, x, step, iterations, lambda k: 0.0)
    return _same_point(last, promised, f"after {iterations} steps of prox(x − step ∇f(x), step)")


def prox_first(grad, prox, x, step, iterations):
    """You applied the prox before the gradient step: the gradient step comes first, and the prox
    has the last word, so that what it makes zero stays zero."""
    for _ in range(iterations):
        x = prox(x, step)
        x = x - step * grad(x)
    return x


def both_at_x(grad, prox, x, step, iterations):
    """You took the prox at x and subtracted the gradient step from it: apply the prox to
    x − step ∇f(x)."""
    for _ in range(iterations):
        x = prox(x, step) - step * grad(x)
    return x


def prox_of_the_gradient(grad, prox, x, step, iterations):
    """You applied the prox to the gradient: apply it to the point x − step ∇f(x)."""
    for _ in range(iterations):
        x = x - prox(step * grad(x), step)
    return x


def no_prox(grad, prox, x, step, iterations):
    """You took gradient steps of f alone: g only comes in through its prox."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return x


def prox_at_the_end(grad, prox, x, step, iterations):
    """You applied the prox once, after the loop: each step needs it."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return prox(x, step) if iterations else x


def prox_with_step_one(grad, prox, x, step, iterations):
    """You called the prox with t = 1: it has to have the same step as the gradient."""
    for _ in range(iterations):
        x = prox(x - step * grad(x), 1.0)
    return x


def prox_with_inverse_step(grad, prox, x, step, iterations):
    """You called the prox with t = 1/step: it has to have the same step as the gradient."""
    for _ in range(iterations):
        x = prox(x - step * grad(x), 1 / step)
    return x


def whole_gradient(grad, prox, x, step, iterations):
    """You subtracted the whole gradient: multiply it by `step` first."""
    for _ in range(iterations):
        x = prox(x - grad(x), step)
    return x


def uphill(grad, prox, x, step, iterations):
    """You added the gradient: it points uphill, so the step must subtract it."""
    for _ in range(iterations):
        x = prox(x + step * grad(x), step)
    return x


def kept_the_first_gradient(grad, prox, x, step, iterations):
    """You computed the gradient once, at the start: it changes with x, so each step needs its own."""
    g = grad(x)
    for _ in range(iterations):
        x = prox(x - step * g, step)
    return x


def one_step_short(grad, prox, x, step, iterations):
    """You took one step too few: `range(iterations)` makes exactly `iterations` of them."""
    return ista(grad, prox, x, step, max(iterations - 1, 0))


def one_step_more(grad, prox, x, step, iterations):
    """You took one step too many: with `iterations` = 0, x must come back as it was."""
    return ista(grad, prox, x, step, iterations + 1)


def all_iterates(grad, prox, x, step, iterations):
    """You returned all the iterates: only the last point is asked for."""
    points = [x]
    for _ in range(iterations):
        points.append(prox(points[-1] - step * grad(points[-1]), step))
    return np.array(points)


def _ista_by_recursion(grad, prox, x, step, iterations):
    if iterations == 0:
        return x
    return _ista_by_recursion(grad, prox, prox(x - step * grad(x), step), step, iterations - 1)


def _ista_with_a_gradient_map(grad, prox, x, step, iterations):
    k, here = 0, np.array(x, dtype=float)
    while k < iterations:
        mapping = (here - prox(here - step * np.asarray(grad(here)), step)) / step
        here, k = here - step * mapping, k + 1
    return here


def _ista_on_lists(grad, prox, x, step, iterations):
    x = np.asarray(x).tolist()
    for _ in range(iterations):
        v = np.array(x) - step * np.array(grad(np.array(x)))
        x = np.asarray(prox(v, step)).tolist()
    return x


# --- fista -------------------------------------------------------------------------------------


def fista(grad, prox, x, step, iterations):
    """The point x_k after k = `iterations` steps of FISTA from x₀ = x, for min f + g.

    Start with y = x₀ and t = 1. A step is x_next = prox(y − step ∇f(y), step), then
    t_next = (1 + √(1 + 4t²)) / 2 and y = x_next + (t − 1)/t_next · (x_next − x).
    grad and prox as in `ista`, each asked for once a step. Return x_k, not y. The momentum
    (k − 1)/(k + 2) after step k keeps the same promise and is accepted as well.
    """
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = prox(y - step * grad(y), step)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def _fista_runs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield from _composites(
        rng,
        [
            (5, (3,), _SoftThreshold(2.0), 1.0, 3),
            (4, (2,), _SoftThreshold(1.0), 0.9, 0),
            (4, (1,), _SoftThreshold(1.0), 0.5, 1),
            (7, (4, 2), _SoftThreshold(3.0), 0.6, 6),
            (4, (6,), _clip_to_box, 0.9, 12),
        ],
    )
    yield from _composites(rng, [(6, (4,), _SoftThreshold(1e-4), 0.2, 12)], size=0.001)
    # a narrow valley: the momentum carries the run past its floor and back again
    X, y = np.diag([6.0, 2.0, 0.7]), np.round(rng.uniform(5, 9, 3), 1) * [1, -1, 1]
    yield dict(
        grad=Oracle(_FitGradient(X, y), 71, "the gradient", "this run needs 70: keep it in a name"),
        prox=Oracle(_SoftThreshold(0.5), 71, "the prox", "this run needs 70: keep it in a name"),
        x=np.zeros(3),
        step=round(1 / 36, 4),
        iterations=70,
    )


def _beck_teboulle(k: int) -> float:
    t = 1.0
    for _ in range(k):
        before, t = t, (1 + np.sqrt(1 + 4 * t**2)) / 2
    return (before - 1) / t


def _follows_fista(
    last: np.ndarray, grad: Oracle, prox: Oracle, x: np.ndarray, step: float, iterations: int
) -> bool | str:
    arguments = (grad, prox, x, step, iterations)
    promised = _walk(*arguments, _beck_teboulle)
    other = _walk(*arguments, lambda k: (k - 1) / (k + 2))
    if _same_point(last, other, "") is True:
        return True
    return _same_point(last, promised, f"after {iterations} steps of FISTA")


def _accelerated(momentum: Callable, give: str = "x") -> Callable:
    """FISTA with another momentum(t, t_next)."""

    def run(grad, prox, x, step, iterations):
        y, t = x, 1.0
        for _ in range(iterations):
            x_next = prox(y - step * grad(y), step)
            t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
            y = x_next + momentum(t, t_next) * (x_next - x)
            x, t = x_next, t_next
        return x if give == "x" else y

    return run


def no_momentum(grad, prox, x, step, iterations):
    """Your run is that of ISTA, without momentum: is t updated in each step, is x still the old one
    when y is made, and is the gradient taken at y?"""
    return ista(grad, prox, x, step, iterations)


def gradient_at_x(grad, prox, x, step, iterations):
    """You took the gradient at x and stepped from y: that is the heavy ball. FISTA first goes to y
    and looks at the slope there."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = prox(y - step * grad(x), step)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def pulled_back(grad, prox, x, step, iterations):
    """Your y lies behind x_next: the momentum goes on in the direction x_next − x."""
    return _accelerated(lambda t, t_next: -(t - 1) / t_next)(grad, prox, x, step, iterations)


def forgot_minus_one(grad, prox, x, step, iterations):
    """Your momentum is t/t_next, which is the same as (t_next − 1)/t: it is (t − 1)/t_next, so that
    the first step has none."""
    return _accelerated(lambda t, t_next: t / t_next)(grad, prox, x, step, iterations)


def divided_by_old_t(grad, prox, x, step, iterations):
    """Your momentum is (t − 1)/t with the old t: divide by t_next."""
    return _accelerated(lambda t, t_next: (t - 1) / t)(grad, prox, x, step, iterations)


def new_t_in_both(grad, prox, x, step, iterations):
    """You overwrote t before using it: the momentum is (t − 1)/t_next, with the old t above."""
    return _accelerated(lambda t, t_next: (t_next - 1) / t_next)(grad, prox, x, step, iterations)


def constant_momentum(grad, prox, x, step, iterations):
    """Your momentum is 0.9 throughout: here it starts at 0 and grows with t."""
    return _accelerated(lambda t, t_next: 0.9)(grad, prox, x, step, iterations)


def returned_y(grad, prox, x, step, iterations):
    """You returned y: it is a point to look from, it may even leave the set on which g is finite.
    The promise is about x."""
    return _accelerated(lambda t, t_next: (t - 1) / t_next, "y")(grad, prox, x, step, iterations)


def forgot_the_four(grad, prox, x, step, iterations):
    """You have t_next = (1 + √(1 + t²))/2, which never exceeds 4/3: it is √(1 + 4t²), and t grows
    like k/2."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = prox(y - step * grad(y), step)
        t_next = (1 + np.sqrt(1 + t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def forgot_to_move_x(grad, prox, x, step, iterations):
    """You measured the momentum from the start: x has to become x_next at the end of each step."""
    y, t, here = x, 1.0, x
    for _ in range(iterations):
        here = prox(y - step * grad(y), step)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y, t = here + (t - 1) / t_next * (here - x), t_next
    return here


def restarted(grad, prox, x, step, iterations):
    """You restart the momentum where it points uphill: a good idea, to which this lesson comes
    below, but plain FISTA is asked for here."""
    y, t = x, 1.0
    for _ in range(iterations):
        x_next = prox(y - step * grad(y), step)
        if np.sum((y - x_next) * (x_next - x)) > 0:
            t = 1.0
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x_next + (t - 1) / t_next * (x_next - x)
        x, t = x_next, t_next
    return x


def fista_one_step_short(grad, prox, x, step, iterations):
    """You took one step too few: `range(iterations)` makes exactly `iterations` of them."""
    return fista(grad, prox, x, step, max(iterations - 1, 0))


def fista_one_step_more(grad, prox, x, step, iterations):
    """You took one step too many: with `iterations` = 0, x must come back as it was."""
    return fista(grad, prox, x, step, iterations + 1)


def _fista_with_k(grad, prox, x, step, iterations):
    previous = np.array(x, dtype=float)
    y = previous
    for k in range(1, iterations + 1):
        here = np.asarray(prox(y - step * np.asarray(grad(y)), step))
        y = here + (k - 1) / (k + 2) * (here - previous)
        previous = here
    return previous


def _fista_momentum_first(grad, prox, x, step, iterations):
    before, t_before, t = x, 1.0, 1.0
    for _ in range(iterations):
        y = x + (t_before - 1) / t * (x - before)
        before, x = x, prox(y - step * grad(y), step)
        t_before, t = t, 0.5 + np.sqrt(0.25 + t**2)
    return x


def _fista_in_single_precision(grad, prox, x, step, iterations):
    x = np.array(x, dtype=np.float32)
    y, t = x, np.float32(1)
    for _ in range(iterations):
        x_next = np.float32(prox(np.float32(y - step * np.float32(grad(y))), step))
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = np.float32(x_next + (t - 1) / t_next * (x_next - x))
        x, t = x_next, t_next
    return x


def _fista_by_recursion(grad, prox, x, step, iterations):
    def go(x, y, t, left):
        if left == 0:
            return x
        x_next = prox(y - step * grad(y), step)
        t_next = (1 + (1 + 4 * t * t) ** 0.5) / 2
        return go(x_next, x_next + (t - 1) / t_next * (x_next - x), t_next, left - 1)

    return go(x, x, 1.0, iterations)


# --- coordinate_descent_lasso ------------------------------------------------------------------


def coordinate_descent_lasso(X, y, lam, sweeps):
    """Minimise ½‖Xw − y‖² + lam ‖w‖₁ by `sweeps` passes of coordinate descent from w = 0.

    One pass sets each wⱼ in turn to its best value, with the other weights as they are by then.
    X has shape (n, p), y shape (n,), lam > 0; a column of X may be zero, and its weight stays
    0. Return w of shape (p,). With the `sweeps` given here w is optimal: its duality gap is
    below a millionth of the objective.
    """
    w, r = np.zeros(X.shape[1]), y
    squares = np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in np.flatnonzero(squares):
            rho = X[:, j] @ r + squares[j] * w[j]
            w_j = np.sign(rho) * max(abs(rho) - lam, 0) / squares[j]
            r = r - (w_j - w[j]) * X[:, j]
            w[j] = w_j
    return w


def _lassos(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Data that differ in shape, scale, correlation; lam is a share of the one that makes w zero."""
    for n, p, alike, share in [(30, 4, 1.0, 0.1), (6, 9, 0.0, 0.3), (16, 12, 0.5, 0.25)]:
        X = rng.standard_normal((n, p)) + alike * rng.standard_normal((n, 1))
        X = np.round(X * np.linspace(0.5, 2, p), 2)
        y = np.round(3 * rng.standard_normal(n) - X[:, 0] + 2 * X[:, 1] + 1.5, 2)
        yield X, y, round(share * np.abs(X.T @ y).max(), 2)
    X = np.round(rng.standard_normal((20, 4)), 2)
    X[:, 2] = 0  # a column that says nothing
    y = np.round(2 * X[:, 0] - 3 * X[:, 3] + rng.standard_normal(20), 2)
    yield X, y, round(0.15 * np.abs(X.T @ y).max(), 2)
    yield X[:, [0, 1, 3]], y, round(1.5 * np.abs(X.T @ y).max(), 2)  # w = 0 is best
    row = np.round([[rng.uniform(2, 3), rng.uniform(-1, -0.3)]], 2)
    yield row, np.array([3.0]), 0.5  # a single row


def _descents(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(X=np.diag([1.0, 2, 3]), y=np.array([3.0, -0.2, 2]), lam=0.5, sweeps=1)
    # a weight that is zero after the first pass, in either order, and not at the optimum
    for X in (np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[-1.0, 1.0], [-1.0, 0.0]])):
        yield dict(X=X, y=np.array([0.0, 2.0]), lam=0.2, sweeps=300)
    for X, y, lam in _lassos(rng):
        yield dict(X=X, y=y, lam=lam, sweeps=300)


def _lasso_gap(
    w: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float, sweeps: int
) -> Certificate | str:
    start, end = y @ y / 2, _objective(w, X, y, lam)
    if not end <= 1e3 * start:
        return (
            f"no pass may raise the objective, which is {start:.6g} at w = 0, and you came back with "
            f"{end:.3g}. Look at it after each single weight: which update raises it?"
        )
    return lasso_certificate(X, y, lam, w)


def _objective(w: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float) -> float:
    return float(np.sum((X @ w - y) ** 2) / 2 + lam * np.abs(w).sum())


def _objective_of_descent(w, X, y, lam, sweeps):
    return _objective(w, X, y, lam)


def _sweep(best: Callable) -> Callable:
    """Coordinate descent with another rule best(rho, square, lam, n) for a weight."""

    def run(X, y, lam, sweeps):
        w, squares = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
        for _ in range(sweeps):
            for j in np.flatnonzero(squares):
                rho = X[:, j] @ (y - X @ w) + squares[j] * w[j]
                w[j] = best(rho, squares[j], lam, len(y))
        return w

    return run


def _soft(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0)


def stale_residual(X, y, lam, sweeps):
    """You computed the residual once a pass, so that every weight is chosen as if the others had not
    moved: where columns are alike, they all overshoot together. Update the residual after each weight."""
    w, squares = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        rho = X.T @ (y - X @ w) + squares * w
        w = np.where(squares > 0, _soft(rho, lam) / np.where(squares > 0, squares, 1), 0)
    return w


def forgot_own_part(X, y, lam, sweeps):
    """You left out the weight's own part: rho is the correlation of xⱼ with the residual *without*
    wⱼ, that is xⱼᵀr + ‖xⱼ‖²wⱼ."""
    w, squares = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in np.flatnonzero(squares):
            w[j] = _soft(X[:, j] @ (y - X @ w), lam) / squares[j]
    return w


def divided_before_threshold(X, y, lam, sweeps):
    """You divided by ‖xⱼ‖² before thresholding with lam: divide after it, or threshold with
    lam/‖xⱼ‖²."""
    return _sweep(lambda rho, square, lam, n: _soft(rho / square, lam))(X, y, lam, sweeps)


def never_divided(X, y, lam, sweeps):
    """You did not divide by ‖xⱼ‖²: that is right for columns of length 1 only."""
    w, r = np.zeros(X.shape[1]), y
    for _ in range(sweeps):
        for j in range(X.shape[1]):
            w_j = _soft(X[:, j] @ r + np.sum(X[:, j] ** 2) * w[j], lam)
            r = r - (w_j - w[j]) * X[:, j]
            w[j] = w_j
    return w


def averaged_the_loss(X, y, lam, sweeps):
    """You divided the squares by n, as scikit-learn does: ours are a sum, so lam is not multiplied
    by n."""
    return _sweep(lambda rho, square, lam, n: _soft(rho, lam * n) / square)(X, y, lam, sweeps)


def halved_lam(X, y, lam, sweeps):
    """Your threshold is lam/2: that belongs to ‖Xw − y‖² without the ½."""
    return _sweep(lambda rho, square, lam, n: _soft(rho, lam / 2) / square)(X, y, lam, sweeps)


def kept_large_weights(X, y, lam, sweeps):
    """You set small weights to zero and kept the large ones whole: the threshold lam is subtracted
    from |rho| as well."""
    return _sweep(lambda rho, square, lam, n: rho / square if abs(rho) > lam else 0)(
        X, y, lam, sweeps
    )


def ridge_weight(X, y, lam, sweeps):
    """Your weights are rho/(‖xⱼ‖² + lam): that is the ridge penalty ½lam w², which makes none of them
    zero."""
    return _sweep(lambda rho, square, lam, n: rho / (square + lam))(X, y, lam, sweeps)


def no_penalty(X, y, lam, sweeps):
    """You left lam out: this is least squares."""
    return _sweep(lambda rho, square, lam, n: rho / square)(X, y, lam, sweeps)


def only_positive(X, y, lam, sweeps):
    """Your weights are never negative: threshold |rho| and put its sign back."""
    return _sweep(lambda rho, square, lam, n: max(rho - lam, 0) / square)(X, y, lam, sweeps)


def one_sweep(X, y, lam, sweeps):
    """You made a single pass: one is enough only where columns are orthogonal. Make `sweeps` of
    them."""
    return coordinate_descent_lasso(X, y, lam, 1)


def divided_by_zero(X, y, lam, sweeps):
    """A column of zeros made you compute 0/0: leave its weight at zero."""
    w, squares = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            w[j] = _soft(X[:, j] @ (y - X @ w) + squares[j] * w[j], lam) / squares[j]
    return w


def centred_the_data(X, y, lam, sweeps):
    """You centred the data, which fits an intercept as well: this problem has none."""
    return coordinate_descent_lasso(X - X.mean(axis=0), y - y.mean(), lam, sweeps)


def _descent_by_gram_matrix(X, y, lam, sweeps):
    G, c = X.T @ X, X.T @ y
    w = np.zeros(len(c))
    for _ in range(sweeps):
        for j in range(len(w)):
            if G[j, j] > 0:
                w[j] = _soft(c[j] - G[j] @ w + G[j, j] * w[j], lam) / G[j, j]
    return w


def _descent_backwards(X, y, lam, sweeps):
    w = np.zeros(X.shape[1])
    for _ in range(sweeps):
        for j in reversed(range(len(w))):
            w[j] = 0.0
            square, rho = X[:, j] @ X[:, j], X[:, j] @ (y - X @ w)
            if rho > lam:
                w[j] = (rho - lam) / square
            elif rho < -lam:
                w[j] = (rho + lam) / square
    return w


def _descent_at_random(X, y, lam, sweeps):
    rng, w = np.random.default_rng(0), np.zeros(X.shape[1])
    for _ in range(sweeps):
        for j in rng.permutation(len(w)):
            square = np.sum(X[:, j] ** 2)
            if square > 0:
                step = w[j] + X[:, j] @ (y - X @ w) / square
                w[j] = _soft(step, lam / square)
    return w


def _descent_in_single_precision(X, y, lam, sweeps):
    X, y = X.astype(np.float32), y.astype(np.float32)
    return coordinate_descent_lasso(X, y, np.float32(lam), sweeps).astype(np.float32)


# --- admm_lasso --------------------------------------------------------------------------------


def admm_lasso(X, y, lam, rho, iterations):
    """Minimise ½‖Xw − y‖² + lam ‖z‖₁ subject to w = z by `iterations` steps of ADMM.

    From z = u = 0, one step is
        w = the minimiser of ½‖Xw − y‖² + ½ rho ‖w − z + u‖²,
        z = the minimiser of lam ‖z‖₁ + ½ rho ‖w − z + u‖²,
        u = u + w − z.
    X has shape (n, p), y shape (n,), lam > 0, rho > 0. Return z of shape (p,), the copy whose
    zeros are exact. With the `iterations` given here its duality gap is below a millionth of
    the objective.
    """
    z = u = np.zeros(X.shape[1])
    A, c = X.T @ X + rho * np.eye(len(z)), X.T @ y
    for _ in range(iterations):
        w = np.linalg.solve(A, c + rho * (z - u))
        z = np.sign(w + u) * np.maximum(np.abs(w + u) - lam / rho, 0)
        u = u + w - z
    return z


def _splits(rng: np.random.Generator) -> Iterator[Arguments]:
    for (X, y, lam), share in zip(_lassos(rng), (1, 0.5, 0.3, 2, 1, 0.2), strict=True):
        rho = float(f"{share * np.mean(np.linalg.svd(X, compute_uv=False)) ** 2:.2g}")
        yield dict(X=X, y=y, lam=lam, rho=rho, iterations=1500)


_ENOUGH = 3e-6  # the promised millionth, and room for a run in single precision


def _is_sparse_minimiser(
    z: np.ndarray, X: np.ndarray, y: np.ndarray, lam: float, rho: float, iterations: int
) -> Certificate | str:
    proof = lasso_certificate(X, y, lam, z)
    if proof.proves(_ENOUGH):
        slack = np.abs(X.T @ (y - X @ z)) < 0.9 * lam
        if np.any(z[slack]):
            j = int(np.flatnonzero(slack & (z != 0))[0])
            return (
                f"|xⱼᵀ(y − Xz)| < lam for j = {j}, so that its weight is exactly 0 at the optimum; "
                f"yours is {z[j]:.3g}. Of the two copies, the one from the threshold has exact zeros"
            )
    return proof


def _objective_and_zeros(z, X, y, lam, rho, iterations):
    return [_objective(z, X, y, lam), int(np.sum(z == 0))]


def _split(
    system=lambda G, rho: G + rho * np.eye(len(G)),
    right=lambda c, rho, z, u: c + rho * (z - u),
    threshold=lambda lam, rho, n: lam / rho,
    shrink=lambda w, u, t: _soft(w + u, t),
    dual=lambda u, w, z, z_before, rho: u + w - z,
    give: str = "z",
) -> Callable:
    """ADMM for the lasso with one part exchanged."""

    def run(X, y, lam, rho, iterations):
        z = u = w = np.zeros(X.shape[1])
        A, c = system(X.T @ X, rho), X.T @ y
        for _ in range(iterations):
            w = np.linalg.solve(A, right(c, rho, z, u))
            z_before, z = z, shrink(w, u, threshold(lam, rho, len(y)))
            u = dual(u, w, z, z_before, rho)
            if not np.all(np.abs(u) < 1e100):
                break
        return z if give == "z" else w

    return run


def threshold_without_rho(X, y, lam, rho, iterations):
    """Your threshold is lam: divide the penalty's lam by the quadratic's rho."""
    return _split(threshold=lambda lam, rho, n: lam)(X, y, lam, rho, iterations)


def threshold_times_rho(X, y, lam, rho, iterations):
    """Your threshold is lam·rho: a larger rho makes the quadratic stronger, so that it is lam/rho."""
    return _split(threshold=lambda lam, rho, n: lam * rho)(X, y, lam, rho, iterations)


def threshold_times_n(X, y, lam, rho, iterations):
    """You multiplied lam by n, as if the squares were a mean: ours are a sum."""
    return _split(threshold=lambda lam, rho, n: n * lam / rho)(X, y, lam, rho, iterations)


def system_without_rho(X, y, lam, rho, iterations):
    """You solved with XᵀX + I: the quadratic ½ rho ‖w − z + u‖² adds rho I."""
    return _split(system=lambda G, rho: G + np.eye(len(G)))(X, y, lam, rho, iterations)


def right_side_without_rho(X, y, lam, rho, iterations):
    """Your right side is Xᵀy + z − u: the quadratic puts rho in front of z − u."""
    return _split(right=lambda c, rho, z, u: c + z - u)(X, y, lam, rho, iterations)


def wrong_sign_in_w(X, y, lam, rho, iterations):
    """You have z + u in the step for w: where w − z + u is to be small, w is pulled to z − u."""
    return _split(right=lambda c, rho, z, u: c + rho * (z + u))(X, y, lam, rho, iterations)


def wrong_sign_in_z(X, y, lam, rho, iterations):
    """You have w − u in the step for z: where w − z + u is to be small, z is pulled to w + u."""
    return _split(shrink=lambda w, u, t: _soft(w - u, t))(X, y, lam, rho, iterations)


def wrong_sign_in_u(X, y, lam, rho, iterations):
    """You subtracted w − z from u: u adds up what is still wrong, u + w − z."""
    return _split(dual=lambda u, w, z, z_before, rho: u - w + z)(X, y, lam, rho, iterations)


def never_moved_u(X, y, lam, rho, iterations):
    """Your u stays 0: then w and z only meet half way. u has to add up w − z."""
    return _split(dual=lambda u, w, z, z_before, rho: u)(X, y, lam, rho, iterations)


def forgot_the_old_u(X, y, lam, rho, iterations):
    """You set u to w − z: it has to be added to the old u."""
    return _split(dual=lambda u, w, z, z_before, rho: w - z)(X, y, lam, rho, iterations)


def multiplied_u_by_rho(X, y, lam, rho, iterations):
    """You added rho (w − z) to u: that is the step of the unscaled multiplier. The scaled u adds
    w − z."""
    return _split(dual=lambda u, w, z, z_before, rho: u + rho * (w - z))(X, y, lam, rho, iterations)


def returned_w(X, y, lam, rho, iterations):
    """The zeros of what you returned are only nearly zero, as those of w are. z comes out of the
    threshold, and its zeros are exact: return that."""
    return _split(give="w")(X, y, lam, rho, iterations)


def hard_threshold_for_z(X, y, lam, rho, iterations):
    """You kept the large entries of w + u whole: the minimiser for z lowers them by lam/rho as
    well."""
    return _split(shrink=lambda w, u, t: np.where(np.abs(w + u) > t, w + u, 0))(
        X, y, lam, rho, iterations
    )


def forgot_the_threshold(X, y, lam, rho, iterations):
    """You set z to w + u: without the threshold lam plays no part."""
    return _split(shrink=lambda w, u, t: w + u)(X, y, lam, rho, iterations)


def stopped_after_one(X, y, lam, rho, iterations):
    """You returned after the first step: is `return` indented inside the loop?"""
    return admm_lasso(X, y, lam, rho, 1)


def _admm_with_an_inverse(X, y, lam, rho, iterations):
    p = X.shape[1]
    inverse, z, u = np.linalg.inv(X.T @ X + rho * np.eye(p)), np.zeros(p), np.zeros(p)
    for _ in range(iterations):
        w = inverse @ (X.T @ y + rho * (z - u))
        v = w + u
        z = np.where(v > lam / rho, v - lam / rho, np.where(v < -lam / rho, v + lam / rho, 0))
        u = v - z
    return z


def _admm_unscaled(X, y, lam, rho, iterations):
    p = X.shape[1]
    z, multiplier = np.zeros(p), np.zeros(p)
    for _ in range(iterations):
        w = np.linalg.solve(X.T @ X + rho * np.eye(p), X.T @ y + rho * z - multiplier)
        z = _soft(w + multiplier / rho, lam / rho)
        multiplier = multiplier + rho * (w - z)
    return z


def _admm_for_wide_data(X, y, lam, rho, iterations):
    n, p = X.shape
    z, u = np.zeros(p), np.zeros(p)
    K = np.linalg.cholesky(X @ X.T + rho * np.eye(n))
    for _ in range(iterations):
        v = X.T @ y / rho + z - u
        w = v - X.T @ np.linalg.solve(K.T, np.linalg.solve(K, X @ v))
        z = _soft(w + u, lam / rho)
        u = u + w - z
    return z


def _admm_relaxed(X, y, lam, rho, iterations):
    z = u = np.zeros(X.shape[1])
    for _ in range(iterations):
        w = np.linalg.solve(X.T @ X + rho * np.eye(len(z)), X.T @ y + rho * (z - u))
        w = 1.6 * w - 0.6 * z
        z = _soft(w + u, lam / rho)
        u = u + w - z
    return z


# --- the declarations --------------------------------------------------------------------------

EXERCISES = (
    Exercise(
        prox_l1,
        _pulls,
        _is_prox_l1,
        title="The prox of the l1 norm",
        difficulty=1,
        minutes=5,
        hints=(
            "The entries do not see each other. What minimises lam|x| + (x − v)²/(2 step) for a "
            "single number v?",
            "Suppose that the answer is positive, differentiate, and ask for which v that was true.",
            "For small |v| neither sign can be. What is left, and from which |v| on is it otherwise?",
        ),
        mistakes=(
            hard_threshold,
            forgot_the_step,
            forgot_lam,
            divided_by_the_step,
            overshot_zero,
            one_sided,
            forgot_the_sign,
            clipped,
            doubled_the_threshold,
            shrank_in_proportion,
            shrank_the_whole_vector,
        ),
        alternatives=(
            _prox_l1_by_moreau,
            _prox_l1_entry_by_entry,
            _prox_l1_by_two_halves,
            _prox_l1_by_bisection,
            _prox_l1_in_single_precision,
        ),
    ),
    Exercise(
        prox_nuclear,
        _matrices,
        _is_prox_nuclear,
        title="The prox of the nuclear norm",
        difficulty=2,
        minutes=10,
        hints=(
            "The nuclear norm is the l1 norm of the singular values. What would the prox do to a "
            "diagonal matrix?",
            "Turning V by orthogonal matrices changes neither norm, so X has the singular vectors of V.",
            "`np.linalg.svd(V, full_matrices=False)` gives U, the singular values, and Vᵀ. Only the "
            "middle one changes.",
        ),
        mistakes=(
            shrank_the_entries,
            kept_large_singular_values,
            let_singular_values_go_negative,
            threshold_without_step,
            threshold_without_lam,
            threshold_over_step,
            shrank_the_length,
            transposed_wt,
            scaled_the_rows,
            full_svd,
            returned_singular_values,
            lowered_the_squares,
        ),
        alternatives=(
            _nuclear_by_moreau,
            _nuclear_one_by_one,
            _nuclear_by_eigenvalues,
            _nuclear_in_single_precision,
        ),
    ),
    Exercise(
        ista,
        _ista_runs,
        _follows_ista,
        title="Proximal gradient: ISTA",
        difficulty=2,
        minutes=10,
        hints=(
            "Start from gradient descent: it is one line away.",
            "Where does the gradient step lead? That point, not x, is what the prox gets.",
            "The model behind the step has one quadratic, ‖x − v‖²/(2 step). So which t does prox "
            "get?",
        ),
        mistakes=(
            prox_first,
            both_at_x,
            prox_of_the_gradient,
            no_prox,
            prox_at_the_end,
            prox_with_step_one,
            prox_with_inverse_step,
            whole_gradient,
            uphill,
            kept_the_first_gradient,
            one_step_short,
            one_step_more,
            all_iterates,
        ),
        alternatives=(_ista_by_recursion, _ista_with_a_gradient_map, _ista_on_lists),
    ),
    Exercise(
        fista,
        _fista_runs,
        _follows_fista,
        title="With momentum: FISTA",
        difficulty=3,
        minutes=15,
        hints=(
            "Three things go from one step to the next: x, y and t.",
            "The step itself is ISTA's, made from y. The order after it: t_next, then y, and only "
            "then do x and t move on.",
            "In the first two steps compare with ISTA by hand: (t − 1)/t_next is 0 after the first "
            "step, so that the two methods part only in the third.",
        ),
        mistakes=(
            no_momentum,
            gradient_at_x,
            pulled_back,
            forgot_minus_one,
            divided_by_old_t,
            new_t_in_both,
            constant_momentum,
            returned_y,
            forgot_the_four,
            forgot_to_move_x,
            restarted,
            fista_one_step_short,
            fista_one_step_more,
        ),
        alternatives=(
            _fista_with_k,
            _fista_momentum_first,
            _fista_by_recursion,
            _fista_in_single_precision,
        ),
    ),
    Exercise(
        coordinate_descent_lasso,
        _descents,
        _lasso_gap,
        title="Coordinate descent for the lasso",
        difficulty=3,
        minutes=15,
        tol=1e-6,
        fingerprint=_objective_of_descent,
        hints=(
            "With all weights but wⱼ fixed, the objective is ½‖xⱼ‖²wⱼ² − rho wⱼ + lam|wⱼ| plus a "
            "constant. What is rho?",
            "Divide by ‖xⱼ‖²: it is a prox that you have written already.",
            "Keep r = y − Xw. When wⱼ changes by d, r changes by −d xⱼ: then the next weight sees it.",
        ),
        mistakes=(
            stale_residual,
            forgot_own_part,
            divided_before_threshold,
            never_divided,
            averaged_the_loss,
            halved_lam,
            kept_large_weights,
            ridge_weight,
            no_penalty,
            only_positive,
            one_sweep,
            divided_by_zero,
            centred_the_data,
        ),
        alternatives=(
            _descent_by_gram_matrix,
            _descent_backwards,
            _descent_at_random,
            _descent_in_single_precision,
        ),
    ),
    Exercise(
        admm_lasso,
        _splits,
        _is_sparse_minimiser,
        title="ADMM for the lasso",
        difficulty=3,
        minutes=15,
        tol=_ENOUGH,
        fingerprint=_objective_and_zeros,
        hints=(
            "The step for w is ridge regression towards z − u: set its gradient to zero and read off "
            "the linear system.",
            "The step for z is a prox that you have written already. At which point, with which "
            "threshold?",
            "The matrix of the system never changes: build it before the loop. And u adds up.",
        ),
        mistakes=(
            threshold_without_rho,
            threshold_times_rho,
            threshold_times_n,
            system_without_rho,
            right_side_without_rho,
            wrong_sign_in_w,
            wrong_sign_in_z,
            wrong_sign_in_u,
            never_moved_u,
            forgot_the_old_u,
            multiplied_u_by_rho,
            returned_w,
            hard_threshold_for_z,
            forgot_the_threshold,
            stopped_after_one,
        ),
        alternatives=(
            _admm_with_an_inverse,
            _admm_unscaled,
            _admm_for_wide_data,
            _admm_relaxed,
        ),
    ),
)
