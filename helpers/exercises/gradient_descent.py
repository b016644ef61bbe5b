"""Lesson 04, gradient descent: what is asked, how an answer is proved right, which mistakes have a name."""

from collections.abc import Callable, Iterator
from functools import reduce
from math import ceil, floor, log, log1p
from typing import Any

import numpy as np

from .exercise import Arguments, Exercise, Oracle

LESSON = "04"


# --- gradient_least_squares --------------------------------------------------------------------


def gradient_least_squares(w, X, y):
    """The gradient at w of f(w) = ½‖Xw − y‖².

    X has shape (n, p), y shape (n,), w shape (p,). Return an array of shape (p,).
    """
    return X.T @ (X @ w - y)


def _least_squares(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p in [(3, 2), (3, 3), (2, 5), (40, 6)]:
        X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
        yield dict(w=np.round(rng.standard_normal(p), 1), X=np.round(X, 1), y=np.round(y, 1))


def _is_gradient(g: np.ndarray, w: np.ndarray, X: np.ndarray, y: np.ndarray) -> bool | str:
    """f is quadratic, so (f(w + e) − f(w − e)) / 2 = gᵀe holds exactly, however long e is."""

    def f(w: np.ndarray) -> float:
        return float(np.sum((X @ w - y) ** 2) / 2)

    slopes = np.array([(f(w + e) - f(w - e)) / 2 for e in np.eye(len(w))])
    error = np.abs(g - slopes)
    if np.all(error <= 1e-6 * (1 + np.abs(slopes).max())):
        return True
    i = int(error.argmax())
    return (
        f"the slope of f along weight {i}, measured by moving that weight alone, is "
        f"{slopes[i]:.6g}; entry {i} of your gradient is {g[i]:.6g}"
    )


def divided_by_n(w, X, y):
    """You divided by n: our objective is a sum over the rows, not a mean."""
    return X.T @ (X @ w - y) / len(y)


def kept_a_two(w, X, y):
    """You kept a factor of 2: the derivative of a square gives it, and the ½ in f cancels it."""
    return 2 * X.T @ (X @ w - y)


def two_over_n(w, X, y):
    """You differentiated the mean of the squares, (1/n)‖Xw − y‖²: here f is half their sum."""
    return 2 * X.T @ (X @ w - y) / len(y)


def pointed_downhill(w, X, y):
    """You returned −∇f: with the residual written y − Xw the sign turns round. The gradient
    points uphill; the minus sign belongs to the step, not to the gradient."""
    return X.T @ (y - X @ w)


def forgot_the_transpose(w, X, y):
    """You multiplied the residual by X where Xᵀ is needed: each weight collects the residuals of
    all rows through its own column of X."""
    return X @ (X @ w - y)


def forgot_y(w, X, y):
    """You left y out: the residual is Xw − y."""
    return X.T @ (X @ w)


def returned_the_residual(w, X, y):
    """You returned the residual Xw − y, a number for each row: the gradient has one for each
    weight."""
    return X @ w - y


def returned_the_value(w, X, y):
    """You returned the value f(w), one number: the gradient is the vector of its slopes."""
    return np.sum((X @ w - y) ** 2) / 2


def never_summed(w, X, y):
    """You multiplied X and the residual entry by entry and did not add up over the rows: `@` does
    both."""
    return X.T * (X @ w - y)


def _gradient_row_by_row(w, X, y):
    g = np.zeros(len(w))
    for x_i, y_i in zip(X, y, strict=True):
        g = g + (x_i @ w - y_i) * x_i
    return g


def _gradient_from_the_normal_equations(w, X, y):
    return (X.T @ X) @ w - X.T @ y


def _gradient_by_einsum(w, X, y):
    return np.einsum("ij,i->j", X, np.einsum("ij,j->i", X, w) - y)


# --- gradient_descent --------------------------------------------------------------------------


def gradient_descent(grad, x, step, iterations):
    """The point after `iterations` steps of gradient descent from x.

    grad(x) returns ∇f(x), of the shape of x. Each step asks for one gradient and goes to
    x_next = x − step ∇f(x). With `iterations` = 0, return x itself.
    """
    for _ in range(iterations):
        x = x - step * grad(x)
    return x


class _BowlGradient:
    """x ↦ P (x − centre): the gradient of ½ (x − centre)ᵀ P (x − centre)."""

    def __init__(self, P: np.ndarray, centre: np.ndarray):
        self.P, self.centre = P, centre

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.P @ (x - self.centre)


def _bowls(rng: np.random.Generator) -> Iterator[Arguments]:
    for p, iterations, share in [(1, 2, 0.3), (2, 1, 0.5), (3, 0, 0.5), (4, 30, 0.9), (2, 6, 1.2)]:
        Q = np.linalg.qr(rng.standard_normal((p, p)))[0]
        P = Q @ np.diag(rng.uniform(0.2, 3, p)) @ Q.T
        gradient = _BowlGradient(P, rng.standard_normal(p))
        yield dict(
            grad=Oracle(
                gradient, iterations + 1, "the gradient", "each step needs one: keep it in a name"
            ),
            x=np.round(3 * rng.standard_normal(p), 1),
            step=round(2 * share / np.linalg.eigvalsh(P)[-1], 3),
            iterations=iterations,
        )


def _follows_the_bowl(
    last: np.ndarray, grad: Oracle, x: np.ndarray, step: float, iterations: int
) -> bool | str:
    """On a bowl x_k is known in closed form: each eigen-coordinate shrinks by (1 − step·λ)^k."""
    bowl: Any = grad.function
    values, Q = np.linalg.eigh(bowl.P)
    promised = bowl.centre + Q @ ((1 - step * values) ** iterations * (Q.T @ (x - bowl.centre)))
    error = float(np.abs(last - promised).max())
    if error <= 1e-6 * (1 + float(np.abs(promised).max())):
        return True
    i = int(np.abs(last - promised).argmax())
    return (
        f"f is a bowl here, so each coordinate along its axes must shrink by 1 − step·λ a step: after "
        f"{iterations} of them entry {i} is {promised[i]:.6g}; yours is {last[i]:.6g}"
    )


def went_uphill(grad, x, step, iterations):
    """You added the gradient: it points uphill, so the step must subtract it."""
    for _ in range(iterations):
        x = x + step * grad(x)
    return x


def one_step_short(grad, x, step, iterations):
    """You took one step too few: `range(iterations)` makes exactly `iterations` of them."""
    for _ in range(1, iterations):
        x = x - step * grad(x)
    return x


def one_step_more(grad, x, step, iterations):
    """You took one step too many: with `iterations` = 0, x must come back as it was."""
    for _ in range(iterations + 1):
        x = x - step * grad(x)
    return x


def kept_the_first_gradient(grad, x, step, iterations):
    """You computed the gradient once, at the start: it changes with x, so each step needs its own."""
    g = grad(x)
    for _ in range(iterations):
        x = x - step * g
    return x


def forgot_the_step(grad, x, step, iterations):
    """You subtracted the whole gradient: multiply it by `step` first."""
    for _ in range(iterations):
        x = x - grad(x)
    return x


def normalised(grad, x, step, iterations):
    """You divided the gradient by its length: then every step is equally long, and the method
    cannot settle. Gradients shrink near a minimum; let the steps shrink with them."""
    for _ in range(iterations):
        g = grad(x)
        x = x - step * g / np.linalg.norm(g)
    return x


def only_the_sign(grad, x, step, iterations):
    """You stepped by the sign of the gradient: its size matters as well."""
    for _ in range(iterations):
        x = x - step * np.sign(grad(x))
    return x


def shrank_the_step(grad, x, step, iterations):
    """You divided the step by the iteration's number: here the step stays the same."""
    for k in range(iterations):
        x = x - step / (k + 1) * grad(x)
    return x


def returned_every_iterate(grad, x, step, iterations):
    """You returned all the iterates: only the last point is asked for."""
    points = [x]
    for _ in range(iterations):
        points.append(points[-1] - step * grad(points[-1]))
    return np.array(points)


def returned_in_the_loop(grad, x, step, iterations):
    """You returned after the first step: is `return` indented inside the loop?"""
    return x - step * grad(x) if iterations else x


def returned_the_gradient(grad, x, step, iterations):
    """You returned the gradient at the last point: the point itself is asked for."""
    for _ in range(iterations):
        x = x - step * grad(x)
    return grad(x)


def _descent_with_a_counter(grad, x, step, iterations):
    k, current = 0, np.array(x, dtype=float)
    while k < iterations:
        d = -np.asarray(grad(current))
        current = current + step * d
        k = k + 1
    return current


def _descent_by_recursion(grad, x, step, iterations):
    if iterations == 0:
        return x
    return _descent_by_recursion(grad, x - step * grad(x), step, iterations - 1)


def _descent_by_reduce(grad, x, step, iterations):
    return reduce(lambda point, _: point - step * grad(point), range(iterations), x)


def _descent_coordinate_by_coordinate(grad, x, step, iterations):
    x = list(x)
    for _ in range(iterations):
        g = grad(np.array(x))
        x = [x_i - step * g_i for x_i, g_i in zip(x, g, strict=True)]
    return x


# --- smoothness_constant -----------------------------------------------------------------------


def smoothness_constant(X, lam):
    """The smallest L for which f(w) = ½‖Xw − y‖² + ½ lam ‖w‖² is L-smooth.

    That is the smallest number with ∇²f(w) ⪯ L I. X has shape (n, p), lam ≥ 0. Return a number.
    """
    return np.linalg.norm(X, 2) ** 2 + lam


def _designs(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, lam in [(3, 2, 0.0), (4, 3, 2.5), (1, 3, 0.7), (3, 8, 10.0), (60, 4, 1.0)]:
        yield dict(X=np.round(rng.standard_normal((n, p)), 1), lam=lam)
    twin = np.round(rng.standard_normal((5, 1)), 1)
    yield dict(X=np.hstack([twin, twin]), lam=0.3)


def _is_smallest_L(L: float, X: np.ndarray, lam: float) -> bool | str:
    """L works exactly when L I − ∇²f has no negative eigenvalue, and is smallest when 0 is one."""
    H = X.T @ X + lam * np.eye(X.shape[1])
    slack, V = np.linalg.eigh(L * np.eye(len(H)) - H)
    tolerance = 1e-6 * (1 + np.abs(H).max())
    if slack[0] < -tolerance:
        v = V[:, 0]
        return (
            f"L I − ∇²f must have no negative eigenvalue, but in some direction f curves by "
            f"{v @ H @ v:.6g}, more than your L = {L:.6g}"
        )
    if slack[0] > tolerance:
        return (
            f"your L = {L:.6g} is valid but not the smallest: no direction curves so much, and "
            f"L − {slack[0]:.6g} would do as well"
        )
    return True


def forgot_to_square(X, lam):
    """You took the largest singular value of X itself: the eigenvalues of XᵀX are its squares."""
    return np.linalg.norm(X, 2) + lam


def frobenius_squared(X, lam):
    """You took the sum of all squared entries (the Frobenius norm squared, the trace of XᵀX): that
    adds up all the eigenvalues, and L is the largest of them."""
    return np.linalg.norm(X) ** 2 + lam


def frobenius(X, lam):
    """You used `np.linalg.norm(X)`: for a matrix that is the Frobenius norm. The spectral norm is
    `np.linalg.norm(X, 2)`, and it has to be squared."""
    return np.linalg.norm(X) + lam


def forgot_lam(X, lam):
    """You left lam out: the penalty ½ lam ‖w‖² has curvature too, the same in every direction."""
    return np.linalg.norm(X, 2) ** 2


def halved_lam(X, lam):
    """You added lam / 2: the second derivative of ½ lam w² is lam."""
    return np.linalg.norm(X, 2) ** 2 + lam / 2


def doubled_lam(X, lam):
    """You added 2 lam: the ½ in the penalty cancels the 2 of the square."""
    return np.linalg.norm(X, 2) ** 2 + 2 * lam


def doubled(X, lam):
    """You have a factor of 2 too much: f has ½ in front, so its Hessian is XᵀX + lam I."""
    return 2 * np.linalg.norm(X, 2) ** 2 + lam


def averaged(X, lam):
    """You divided XᵀX by n: our objective is a sum over the rows, not a mean."""
    return np.linalg.norm(X, 2) ** 2 / len(X) + lam


def took_the_smallest(X, lam):
    """You took the smallest eigenvalue: that is the strong convexity mu. L is the largest."""
    return np.linalg.eigvalsh(X.T @ X)[0] + lam


def took_the_longest_row(X, lam):
    """You took the longest row, max ‖xᵢ‖²: that is the smoothness of a single row's loss; the rows
    add up."""
    return np.max(np.sum(X**2, axis=1)) + lam


def took_the_diagonal(X, lam):
    """You took the largest diagonal entry of XᵀX + lam I: f curves more in a direction between the
    axes. The largest eigenvalue is asked for."""
    return np.max(np.sum(X**2, axis=0)) + lam


def returned_the_step(X, lam):
    """You returned the step 1/L: L itself is asked for."""
    return 1 / (np.linalg.norm(X, 2) ** 2 + lam)


def _L_by_eigenvalues(X, lam):
    return np.linalg.eigvalsh(X.T @ X + lam * np.eye(X.shape[1]))[-1]


def _L_from_the_gram_matrix(X, lam):
    return np.linalg.eigvalsh(X @ X.T).max() + lam


def _L_by_power_iteration(X, lam):
    v = np.random.default_rng(0).standard_normal(X.shape[1])
    for _ in range(5000):
        v = X.T @ (X @ v)
        v = v / np.linalg.norm(v)
    return np.sum((X @ v) ** 2) + lam


# --- backtracking ------------------------------------------------------------------------------


def backtracking(f, grad, x, step, alpha, beta):
    """The step t that backtracking chooses at x for gradient descent.

    f(x) returns a number (perhaps infinity), grad(x) the gradient. Try t = step, step·beta,
    step·beta², ... and return the first with f(x − t g) ≤ f(x) − alpha t ‖g‖², where g = ∇f(x).
    0 < alpha ≤ ½, 0 < beta < 1. Ask for the gradient once: x does not move during the search.
    """
    g, t = grad(x), step
    enough, value = alpha * g @ g, f(x)
    while f(x - t * g) > value - t * enough:
        t = beta * t
    return t


def _bowl(a: np.ndarray) -> tuple[Callable, Callable]:
    return lambda x: float(a @ x**2) / 2, lambda x: a * x


def _barrier(c: np.ndarray) -> tuple[Callable, Callable]:
    """cᵀx − Σ log xᵢ, infinite where an entry of x is not positive."""

    def value(x: np.ndarray) -> float:
        return float(c @ x - np.log(x).sum()) if np.all(x > 0) else np.inf

    return value, lambda x: c - 1 / x


def _soft_maximum(A: np.ndarray) -> tuple[Callable, Callable]:
    """Σ log(1 + exp(aᵢᵀx)), with aᵢ the rows of A."""

    def grad(x: np.ndarray) -> np.ndarray:
        return A.T @ (1 / (1 + np.exp(-A @ x)))

    return lambda x: float(np.logaddexp(0, A @ x).sum()), grad


def _searches(rng: np.random.Generator) -> Iterator[Arguments]:
    a = rng.uniform(1, 2, 3) * [0.02, 1, 20]
    cases = [
        # curvature, first step, alpha, beta: five or six trials, none of them near a tie
        (*_bowl(np.array([rng.uniform(12, 14)])), np.array([2.0]), 1.0, 0.25, 0.5),
        (*_bowl(np.array([rng.uniform(2.7, 2.9)])), np.array([1.0]), 1.0, 0.5, 0.8),
        (*_bowl(a / 50), rng.standard_normal(3), 0.5, 0.5, 0.5),  # the first trial will do
        (*_bowl(a), rng.standard_normal(3), 4.0, 0.1, 0.7),
        (*_barrier(rng.uniform(1, 2, 2)), rng.uniform(0.05, 0.1, 2), 1.0, 0.3, 0.6),
        (*_soft_maximum(3 * rng.standard_normal((8, 3))), rng.standard_normal(3), 2.0, 0.4, 0.9),
    ]
    for f, grad, x, step, alpha, beta in cases:
        yield dict(
            f=Oracle(f, 1000, "f", "t must shrink in the loop, and the decrease asked for with it"),
            grad=Oracle(grad, 2, "the gradient", "x does not move during the search: one will do"),
            x=np.round(x, 3),
            step=step,
            alpha=alpha,
            beta=beta,
        )


def _is_first_step(
    t: float, f: Oracle, grad: Oracle, x: np.ndarray, step: float, alpha: float, beta: float
) -> bool | str:
    """By the definition: t is one of the trials, it passes the test, and all before it fail."""
    g = grad.function(x)
    value, slope = f.function(x), g @ g
    rounding = 1e-10 * (1 + abs(value))

    def excess(t: float) -> float:
        return float(f.function(x - t * g) - (value - alpha * t * slope))

    trials = log(t / step) / log(beta) if t > 0 else -1.0
    if trials < -1e-6 or abs(trials - round(trials)) > 1e-6:
        return f"t must be step·βʲ for a whole number j ≥ 0, with step = {step:g}, β = {beta:g}; yours is {t:.6g}"
    if excess(t) > rounding:
        return (
            f"at your t = {t:.6g}, f(x − t g) = {f.function(x - t * g):.6g} is above the bound "
            f"f(x) − α t ‖g‖² = {value - alpha * t * slope:.6g}: t is too long"
        )
    for j in range(round(trials)):
        if excess(step * beta**j) < -rounding:
            return f"the longer trial t = {step * beta**j:.6g} passes the test; yours is {t:.6g}"
    return True


def any_decrease(f, grad, x, step, alpha, beta):
    """You accepted any decrease of f: the test asks for at least α t ‖g‖² of it, or the steps may
    jump across the valley for ever."""
    g, t = grad(x), step
    while f(x - t * g) >= f(x):
        t = beta * t
    return t


def asked_for_no_decrease(f, grad, x, step, alpha, beta):
    """You added α t ‖g‖² in the test: then f may even go up. Subtract it."""
    g, t = grad(x), step
    while f(x - t * g) > f(x) + alpha * t * g @ g:
        t = beta * t
    return t


def forgot_alpha(f, grad, x, step, alpha, beta):
    """You left α out of the test: a fall of t ‖g‖² is what the tangent promises, and a convex f
    never quite keeps that promise."""
    g, t = grad(x), step
    while f(x - t * g) > f(x) - t * g @ g:
        t = beta * t
    return t


def tried_uphill(f, grad, x, step, alpha, beta):
    """You tried points uphill, x + t g: the test can then pass only once t is lost in rounding."""
    g, t = grad(x), step
    while f(x + t * g) > f(x) - alpha * t * g @ g:
        t = beta * t
    return t


def norm_not_squared(f, grad, x, step, alpha, beta):
    """You used ‖g‖ where ‖g‖² is needed: the slope of f along −g is −‖g‖²."""
    g, t = grad(x), step
    while f(x - t * g) > f(x) - alpha * t * np.linalg.norm(g):
        t = beta * t
    return t


def tested_once(f, grad, x, step, alpha, beta):
    """You tested once: with `if` the step shrinks once at most. Use `while`."""
    g, t = grad(x), step
    if f(x - t * g) > f(x) - alpha * t * g @ g:
        t = beta * t
    return t


def shrank_once_more(f, grad, x, step, alpha, beta):
    """You shrank t once more after the test had held: return the t that passed."""
    return beta * backtracking(f, grad, x, step, alpha, beta)


def stopped_one_early(f, grad, x, step, alpha, beta):
    """You returned the last t that failed the test: shrink first, and return the one that passes."""
    t = backtracking(f, grad, x, step, alpha, beta)
    return t if t == step else t / beta


def swapped_alpha_and_beta(f, grad, x, step, alpha, beta):
    """You swapped α and β: α is the part of the promised decrease that is asked for, β the factor
    by which t shrinks."""
    return backtracking(f, grad, x, step, beta, alpha)


def started_at_one(f, grad, x, step, alpha, beta):
    """You started from t = 1: the first trial is `step`."""
    return backtracking(f, grad, x, 1.0, alpha, beta)


def returned_the_point(f, grad, x, step, alpha, beta):
    """You returned the next point x − t g: the step t is asked for."""
    return x - backtracking(f, grad, x, step, alpha, beta) * grad(x)


def counted_the_trials(f, grad, x, step, alpha, beta):
    """You returned how often t was shrunk: the step t is asked for."""
    return round(log(backtracking(f, grad, x, step, alpha, beta) / step) / log(beta))


def _backtracking_by_powers(f, grad, x, step, alpha, beta):
    g = grad(x)
    value = f(x)
    for j in range(190):
        t = step * beta**j
        if f(x - t * g) <= value - alpha * t * np.sum(g**2):
            return t
    raise ValueError("no step passes")


def _backtracking_all_at_once(f, grad, x, step, alpha, beta):
    g = grad(x)
    t = step * beta ** np.arange(150)
    values = np.array([f(x - t_j * g) for t_j in t])
    return t[np.argmax(values <= f(x) - alpha * t * np.dot(g, g))]


def _backtracking_along_d(f, grad, x, step, alpha, beta):
    d, slope = -np.asarray(grad(x)), -float(np.linalg.norm(grad(x)) ** 2)
    while True:
        if f(x + step * d) - f(x) <= alpha * step * slope:
            return step
        step = step * beta


# --- iterations_to_accuracy --------------------------------------------------------------------


def iterations_to_accuracy(L, mu, distance, eps):
    """The smallest k ≥ 0 after which theory promises f(x_k) − f* ≤ eps, for the step 1/L.

    f is L-smooth and mu-strongly convex, 0 ≤ mu < L, and ‖x₀ − x*‖ = distance.
    Two promises hold,
    f(x_k) − f* ≤ ½ L distance² / k  for k ≥ 1   and   f(x_k) − f* ≤ ½ L distance² (1 − mu/L)^k,
    and the better one counts. Return a whole number.
    """
    ratio = L * distance**2 / 2 / eps
    if ratio <= 1:
        return 0
    sublinear = int(np.ceil(ratio))
    if mu == 0:
        return sublinear
    return min(sublinear, int(np.ceil(np.log(ratio) / -np.log1p(-mu / L))))


def _conditions(rng: np.random.Generator) -> Iterator[Arguments]:
    yield dict(L=4.0, mu=0.0, distance=3.0, eps=0.5)  # a whole number of steps: 36
    yield dict(L=10.0, mu=0.0, distance=0.2, eps=1.0)  # good enough from the start
    for kappa, accuracy in [(20, 1e-6), (1000, 1e-2), (300, 1e-4), (5, 1e-8)]:
        L, distance = round(rng.uniform(1, 9), 2), round(rng.uniform(2, 5), 2)
        eps = float(f"{accuracy * L * distance**2 / 2 * rng.uniform(0.9, 1.1):.3g}")
        yield dict(L=L, mu=L / kappa, distance=distance, eps=eps)
    yield dict(L=round(rng.uniform(1, 9), 2), mu=0.0, distance=7.3, eps=0.031)


def _is_first_iteration(k: int, L: float, mu: float, distance: float, eps: float) -> bool | str:
    """k keeps the promise and k − 1 does not."""

    def promise(k: int) -> float:
        return L * distance**2 / 2 * min(1 / max(k, 1), (1 - mu / L) ** k)

    enough = eps * (1 + 1e-12)
    if k < 0:
        return f"the number of iterations cannot be negative; yours is {k}"
    if promise(k) > enough:
        return f"after your {k} iterations the promise is only {promise(k):.6g}, more than eps = {eps:g}"
    if k > 0 and promise(k - 1) <= enough:
        return f"{k - 1} iterations are enough: the promise is {promise(k - 1):.6g} ≤ eps = {eps:g}"
    return True


def _iterations(ratio: float, rate: float) -> int:
    """The smallest k ≥ 0 with ratio / max(k, 1) ≤ 1 or ratio (1 − rate)^k ≤ 1."""
    if ratio <= 1:
        return 0
    return min(ceil(ratio), ceil(log(ratio) / -log1p(-rate)) if rate else ceil(ratio))


def rounded_down(L, mu, distance, eps):
    """You rounded down: then the promise is not yet kept. Round up."""
    ratio = L * distance**2 / 2 / eps
    if ratio <= 1:
        return 0
    return min(floor(ratio), floor(log(ratio) / -log1p(-mu / L)) if mu else floor(ratio))


def added_one(L, mu, distance, eps):
    """You added one after rounding up (or down): where a whole number of steps is just enough,
    that is one too many."""
    ratio = L * distance**2 / 2 / eps
    if ratio < 1:
        return 0
    return min(floor(ratio), floor(log(ratio) / -log1p(-mu / L)) if mu else floor(ratio)) + 1


def lost_the_half(L, mu, distance, eps):
    """You lost the ½ in ½ L distance²."""
    return _iterations(L * distance**2 / eps, mu / L)


def distance_not_squared(L, mu, distance, eps):
    """You forgot to square the distance."""
    return _iterations(L * distance / 2 / eps, mu / L)


def forgot_strong_convexity(L, mu, distance, eps):
    """You used the 1/k promise alone: where mu > 0 the linear rate soon promises more."""
    return _iterations(L * distance**2 / 2 / eps, 0)


def linear_rate_alone(L, mu, distance, eps):
    """You used the linear rate wherever mu > 0: for a modest accuracy and a large L/mu the 1/k
    promise is kept earlier. Take the better of the two."""
    ratio = L * distance**2 / 2 / eps
    if mu == 0 or ratio <= 1:
        return _iterations(ratio, 0)
    return ceil(log(ratio) / -log1p(-mu / L))


def took_the_worse(L, mu, distance, eps):
    """You waited until both promises are kept: either of them is enough."""
    ratio = L * distance**2 / 2 / eps
    return max(_iterations(ratio, 0), linear_rate_alone(L, mu, distance, eps))


def simplified_the_rate(L, mu, distance, eps):
    """You used (L/mu) log(…), which comes from 1 − mu/L ≤ exp(−mu/L): enough iterations, but not
    the smallest number. Take the logarithm of 1 − mu/L itself."""
    ratio = L * distance**2 / 2 / eps
    if mu == 0 or ratio <= 1:
        return _iterations(ratio, 0)
    return min(ceil(ratio), ceil(L / mu * log(ratio)))


def squared_the_rate(L, mu, distance, eps):
    """You let the gap shrink by (1 − mu/L)² a step: the promise has one factor of 1 − mu/L."""
    ratio = L * distance**2 / 2 / eps
    if mu == 0 or ratio <= 1:
        return _iterations(ratio, 0)
    return min(ceil(ratio), ceil(log(ratio) / (-2 * log1p(-mu / L))))


def mixed_logarithms(L, mu, distance, eps):
    """You divided a logarithm to base 10 by a natural one: use the same for both."""
    ratio = L * distance**2 / 2 / eps
    if mu == 0 or ratio <= 1:
        return _iterations(ratio, 0)
    return min(ceil(ratio), ceil(log(ratio) / log(10) / -log1p(-mu / L)))


def at_least_one(L, mu, distance, eps):
    """You asked for at least one iteration: where ½ L distance² ≤ eps already, none is needed."""
    return max(1, _iterations(L * distance**2 / 2 / eps, mu / L))


def _iterations_one_by_one(L, mu, distance, eps):
    start, k = 0.5 * L * distance**2, 0
    shrink = 1.0
    while min(start / max(k, 1), start * shrink) > eps:
        k, shrink = k + 1, shrink * (1 - mu / L)
    return k


def _iterations_by_bisection(L, mu, distance, eps):
    def kept(k):
        return L * distance**2 / 2 * min(1 / max(k, 1), (1 - mu / L) ** k) <= eps

    low, high = -1, 1
    while not kept(high):
        high = 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(middle) else (middle, high)
    return high


def _iterations_in_numpy(L, mu, distance, eps):
    start = L * distance**2 / 2
    if start <= eps:
        return 0
    with np.errstate(divide="ignore"):
        both = np.array([start / eps, np.log(eps / start) / np.log(1 - np.float64(mu) / L)])
    return np.ceil(both[both > 0]).min()


# --- the declarations --------------------------------------------------------------------------

EXERCISES = (
    Exercise(
        gradient_least_squares,
        _least_squares,
        _is_gradient,
        title="The gradient of least squares",
        difficulty=1,
        minutes=5,
        hints=(
            "Take one row and one weight: what is the derivative of ½(xᵢᵀw − yᵢ)² with respect to wⱼ?",
            "Each row contributes its residual times xᵢ. Add the rows up: which product of a matrix "
            "and a vector does that?",
            "Check the shapes: n residuals have to become p slopes, so the matrix in front of them "
            "is p × n.",
        ),
        mistakes=(
            divided_by_n,
            kept_a_two,
            two_over_n,
            pointed_downhill,
            forgot_the_transpose,
            forgot_y,
            returned_the_residual,
            returned_the_value,
            never_summed,
        ),
        alternatives=(
            _gradient_row_by_row,
            _gradient_from_the_normal_equations,
            _gradient_by_einsum,
        ),
    ),
    Exercise(
        gradient_descent,
        _bowls,
        _follows_the_bowl,
        title="Gradient descent",
        difficulty=1,
        minutes=10,
        hints=(
            "One step is one line. Write it for a single step first.",
            "Repeat it `iterations` times, and ask for the gradient at the point where you are now.",
            "If x changes in place the caller's array changes too: give the new point to the name x "
            "instead.",
        ),
        mistakes=(
            went_uphill,
            one_step_short,
            one_step_more,
            kept_the_first_gradient,
            forgot_the_step,
            normalised,
            only_the_sign,
            shrank_the_step,
            returned_every_iterate,
            returned_in_the_loop,
            returned_the_gradient,
        ),
        alternatives=(
            _descent_with_a_counter,
            _descent_by_recursion,
            _descent_by_reduce,
            _descent_coordinate_by_coordinate,
        ),
    ),
    Exercise(
        smoothness_constant,
        _designs,
        _is_smallest_L,
        title="How much can it curve?",
        difficulty=2,
        minutes=10,
        hints=(
            "Differentiate the gradient once more: what is the Hessian of f, and does it depend on w?",
            "The smallest L with H ⪯ L I belongs to the direction in which H curves most.",
            "That is an eigenvalue of H. How does lam I change the eigenvalues of XᵀX, and how are "
            "those related to the singular values of X?",
        ),
        mistakes=(
            forgot_to_square,
            frobenius_squared,
            frobenius,
            forgot_lam,
            halved_lam,
            doubled_lam,
            doubled,
            averaged,
            took_the_smallest,
            took_the_longest_row,
            took_the_diagonal,
            returned_the_step,
        ),
        alternatives=(_L_by_eigenvalues, _L_from_the_gram_matrix, _L_by_power_iteration),
    ),
    Exercise(
        backtracking,
        _searches,
        _is_first_step,
        title="A step without knowing L",
        difficulty=3,
        minutes=15,
        hints=(
            "Three things do not change during the search: g, f(x) and ‖g‖². Compute them before "
            "the loop.",
            "The loop goes on while the test fails. Write the test's opposite after `while`.",
            "f may be infinite outside its domain. Comparisons with infinity work as you would wish, "
            "so nothing special is needed.",
        ),
        mistakes=(
            any_decrease,
            asked_for_no_decrease,
            forgot_alpha,
            tried_uphill,
            norm_not_squared,
            tested_once,
            shrank_once_more,
            stopped_one_early,
            swapped_alpha_and_beta,
            started_at_one,
            returned_the_point,
            counted_the_trials,
        ),
        alternatives=(_backtracking_by_powers, _backtracking_all_at_once, _backtracking_along_d),
    ),
    Exercise(
        iterations_to_accuracy,
        _conditions,
        _is_first_iteration,
        title="How many iterations does theory promise?",
        difficulty=3,
        minutes=15,
        hints=(
            "Set each promise equal to eps and solve for k. Which of the two needs a logarithm?",
            "A promise that is kept at 36.2 is kept at 37 and not at 36. And what if ½ L distance² "
            "is small enough before the first step?",
            "With mu = 0 the second promise never improves, and its formula divides by log 1. Treat "
            "that case apart; otherwise take the smaller of the two numbers.",
        ),
        mistakes=(
            rounded_down,
            added_one,
            lost_the_half,
            distance_not_squared,
            forgot_strong_convexity,
            linear_rate_alone,
            took_the_worse,
            simplified_the_rate,
            squared_the_rate,
            mixed_logarithms,
            at_least_one,
        ),
        alternatives=(_iterations_one_by_one, _iterations_by_bisection, _iterations_in_numpy),
    ),
)
