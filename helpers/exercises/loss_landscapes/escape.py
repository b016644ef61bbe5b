"""escape_saddle: the judge knows the Hessian, the learner asks for gradients; any point that no curvature leads down from is right."""

from collections.abc import Callable, Iterator

import numpy as np

from ..exercise import Arguments, Exercise, Oracle


def escape_saddle(grad, x, step, seed):
    """A point with ‖∇f‖ ≤ 10⁻³ at which no eigenvalue of the Hessian is below −0.05,
    found from x by gradients and noise.

    grad(x) is ∇f(x), with x and ∇f(x) of shape (p,); gradient descent with steps `step` is
    stable. x may be a saddle, or lead into one. Wherever the Hessian has a negative eigenvalue
    at a critical point, it is below −0.3. Draw noise from np.random.default_rng(seed). You may
    ask for 20,000 gradients.
    """
    rng = np.random.default_rng(seed)

    def descend(x, iterations, tol=0.0):
        for _ in range(iterations):
            g = grad(x)
            if np.linalg.norm(g) <= tol:
                break
            x = x - step * g
        return x

    x = descend(x, 3000, 1e-4)
    while True:
        shaken = x + 0.01 * rng.standard_normal(len(x))
        x_next = descend(descend(shaken, 300), 3000, 1e-4)  # 300 without looking: time to leave
        if np.linalg.norm(x_next - x) < 0.1:  # it came back
            return x_next
        x = x_next


class Surface:
    """A gradient on the judge's side; its Hessian is taken by the complex step, exact for the functions here."""

    def __init__(self, slopes: Callable):
        self.slopes = slopes

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.slopes(np.asarray(x, dtype=float))

    def hess(self, x: np.ndarray) -> np.ndarray:
        h = 1e-30
        return np.column_stack([self.slopes(x + 1j * h * e).imag / h for e in np.eye(len(x))])


def _frame(p: int, rng: np.random.Generator) -> np.ndarray:
    """An orthogonal matrix whose last column is (1, ..., 1)/√p: there no well lies."""
    A = rng.standard_normal((p, p))
    A[:, 0] = 1.0
    Q = np.linalg.qr(A)[0]
    return np.column_stack([Q[:, 1:], Q[:, :1]])


def _wells(Q: np.ndarray, centre: np.ndarray, a: np.ndarray) -> Callable:
    """Σ aᵢ(uᵢ⁴/4 − uᵢ²/2) over the first coordinates u = Qᵀ(x − centre), ½‖·‖² over the rest."""
    m = len(a)

    def slopes(x):
        u = Q.T @ (x - centre)
        return Q @ np.concatenate([a * (u[:m] ** 3 - u[:m]), u[m:]])

    return slopes


def _two_saddles(Q: np.ndarray, centre: np.ndarray) -> Callable:
    """0.1(u² − 1)² + v⁴/4 + ½v²(3.4 exp(−6u²) − 0.4) + ½‖rest‖²: the saddle at 0 leads on to those at (±1, 0)."""

    def slopes(x):
        u, v, *rest = Q.T @ (x - centre)
        fence = 3.4 * np.exp(-6 * u**2)
        return Q @ np.array(
            [0.4 * (u**3 - u) - 6 * u * v**2 * fence, v**3 + v * (fence - 0.4), *rest]
        )

    return slopes


def _factors(M: np.ndarray, r: int) -> Callable:
    """The gradient (UUᵀ − M)U of ¼‖UUᵀ − M‖²_F, U given row by row."""

    def slopes(x):
        U = x.reshape(len(M), r)
        return ((U @ U.T - M) @ U).ravel()

    return slopes


def _saddles(rng: np.random.Generator) -> Iterator[Arguments]:
    def asked(slopes, x, step):
        grad = Oracle(Surface(slopes), 20_000, "the gradient", "some 1500 are enough")
        return {"grad": grad, "x": x, "step": step, "seed": int(rng.integers(2**31))}

    Q, centre = _frame(3, rng), np.round(rng.standard_normal(3), 1)
    yield asked(_wells(Q, centre, np.array([0.5, 1.0])), centre, 0.2)  # at the saddle
    Q, centre = _frame(4, rng), np.round(rng.standard_normal(4), 1)
    on_the_way_in = centre + 1.5 * Q[:, 3] - Q[:, 2]
    yield asked(_wells(Q, centre, np.array([0.6])), on_the_way_in, 0.2)
    Q = _frame(3, rng)
    yield asked(_two_saddles(Q, np.zeros(3)), np.zeros(3), 0.1)
    Q = _frame(4, rng)
    M = Q @ np.diag([3.0, 0.8, 0.0, 2.0]) @ Q.T
    yield asked(_factors(M, 1), np.zeros(4), 0.08)
    U = np.column_stack(
        [Q[:, 3] * 2**0.5, Q[:, 1] * 0.8**0.5]
    ).ravel()  # eigenvectors, not the best
    yield asked(_factors(M, 2), U, 0.08)
    Q, centre = _frame(2, rng), np.array([0.5, -1.0])
    above = centre + Q @ np.array([0.3, 0.2])  # nothing special: descent alone finds the well
    yield asked(_wells(Q, centre, np.array([1.0])), above, 0.2)


def _certify(value, grad, x, step, seed):
    slope = float(np.linalg.norm(grad.function(value)))
    if not slope <= 1e-3:  # first: far outside the Hessian overflows
        return f"the gradient's norm at your point is {slope:.3g}; at most 0.001 is asked"
    least = float(np.linalg.eigvalsh(grad.function.hess(value))[0])
    if not least >= -0.05:
        return f"your point is still a saddle: the gradient vanishes, but the Hessian has the eigenvalue {least:.3g}"
    return True


def _seen(value, grad, x, step, seed):
    """Where it ended and how far away, coarsely: another noise ends elsewhere."""
    slope = float(np.linalg.norm(grad.function(value)))
    moved = float(np.linalg.norm(value - x))
    far = int(np.searchsorted([1e-14, 1e-8, 0.2, 50], moved, side="right"))
    rests = slope <= 1e-3
    least = np.linalg.eigvalsh(grad.function.hess(value))[0] if rests else 0.0
    return [rests, slope > 1e-2, least >= -0.05, far, moved > 0]


def _descended(grad, x, step, iterations, noise=lambda k: 0.0):
    for k in range(iterations):
        x = x - step * np.asarray(grad(x)) + noise(k)
    return x


def no_noise(grad, x, step, seed):
    """This is gradient descent alone: from a saddle, or from the curve that leads straight into it, it never gets away. Add noise."""
    return _descended(grad, x, step, 1500)


def noise_without_end(grad, x, step, seed):
    """You are away from the saddle but not at rest: the gradient at your point is far from 0. If you add noise at every step, that keeps it so: end with steps without noise."""
    rng = np.random.default_rng(seed)
    return _descended(grad, x, step, 1500, lambda k: 0.1 * rng.standard_normal(len(x)))


def noise_too_small_for_the_time(grad, x, step, seed):
    """Your noise is so small that in so few steps the way out has not opened: what is left of the saddle grows by 1 + step·|λ| a step, so a noise of 10⁻¹⁰ needs hundreds of steps."""
    rng = np.random.default_rng(seed)
    x = _descended(grad, x, step, 500)
    return _descended(grad, x + 1e-10 * rng.standard_normal(len(x)), step, 30)


def noise_in_one_fixed_direction(grad, x, step, seed):
    """You add the same number to every entry: that is one direction, and the saddle may rise along it. Draw each entry by itself."""
    rng = np.random.default_rng(seed)
    x = _descended(grad, x, step, 1000)
    return _descended(grad, x + 0.01 * abs(rng.standard_normal()), step, 400)


def shaken_once(grad, x, step, seed):
    """You shook once: the way out of one saddle can end in the next. Shake again wherever the gradient vanishes, until the run comes back to the same place."""
    rng = np.random.default_rng(seed)
    x = _descended(grad, x, step, 800)
    x = _descended(grad, x + 0.01 * rng.standard_normal(len(x)), step, 300)
    for _ in range(3000):
        g = np.asarray(grad(x))
        if np.linalg.norm(g) <= 1e-4:
            break
        x = x - step * g
    return x


def shaken_and_returned(grad, x, step, seed):
    """You return the point just after the noise: let gradient descent go down from there."""
    rng = np.random.default_rng(seed)
    x = _descended(grad, x, step, 1000)
    return x + 0.05 * rng.standard_normal(len(x))


def uphill(grad, x, step, seed):
    """You add the gradient: that climbs. Subtract it."""
    rng = np.random.default_rng(seed)
    return _descended(grad, x + 0.01 * rng.standard_normal(len(x)), -step, 30)


def newton(grad, x, step, seed):
    """Newton's method goes to the nearest critical point, and a saddle is one: it is drawn to what you want to leave."""
    for _ in range(60):
        g, h = np.asarray(grad(x)), 1e-5
        steps = [
            (np.asarray(grad(x + h * e)) - np.asarray(grad(x - h * e))) / (2 * h)
            for e in np.eye(len(x))
        ]
        x = x - np.linalg.pinv(np.column_stack(steps), rcond=1e-6) @ g
    return x


def _noise_that_dies_out(grad, x, step, seed):
    rng = np.random.default_rng(seed)
    x = _descended(grad, x, step, 1200, lambda k: 0.02 * rng.standard_normal(len(x)))
    return list(_descended(grad, x, step, 1200))


def _along_negative_curvature(grad, x, step, seed):
    for _ in range(20):
        for _ in range(800):
            g = np.asarray(grad(x))
            if g @ g < 1e-8:
                break
            x = x - step * g
        h = 1e-4
        H = np.array([(grad(x + h * e) - grad(x - h * e)) / (2 * h) for e in np.eye(len(x))])
        eigenvalues, vectors = np.linalg.eigh((H + H.T) / 2)
        if eigenvalues[0] > -0.05:
            break
        x = x + 0.3 * vectors[:, 0]
    return x


EXERCISE = Exercise(
    escape_saddle,
    _saddles,
    _certify,
    title="Leave a saddle",
    difficulty=3,
    minutes=20,
    hints=(
        "Gradient descent stops at a saddle only if it hits it exactly. What would a small random push do, and what would it do at a minimum?",
        "Descend until the gradient is tiny, push by some 0.01 in a random direction, and descend a few hundred steps without looking at the gradient, which is tiny near the saddle.",
        "After that, descend until the gradient is tiny again. If the run came back to where it was pushed, you are at the bottom; if not, push again there.",
    ),
    mistakes=(
        no_noise,
        noise_without_end,
        noise_too_small_for_the_time,
        noise_in_one_fixed_direction,
        shaken_once,
        shaken_and_returned,
        uphill,
        newton,
    ),
    alternatives=(_noise_that_dies_out, _along_negative_curvature),
    fingerprint=_seen,
)
