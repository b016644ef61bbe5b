"""irls_step: judged by Newton's equations at the point given, whatever the way of solving them."""

import numpy as np

from ..exercise import Exercise


def irls_step(X, y, lam, w, b):
    """One full Newton step from (w, b) on
    f = Σᵢ log(1 + exp(−yᵢ(xᵢᵀw + b))) + ½λ‖w‖²: a pair (w_next, b_next).

    (w_next, b_next) minimises the quadratic model of f at (w, b). X of shape (n, p), y of shape
    (n,) with entries −1 and +1, lam ≥ 0, w and w_next of shape (p,), b and b_next numbers; b is
    not penalised. A row may have a margin of hundreds, so that its weight is 0 in floating
    point; the Hessian is invertible.
    """
    s = X @ w + b
    sigma = np.exp(-np.logaddexp(0, -s))
    weights = np.exp(-np.logaddexp(0, s) - np.logaddexp(0, -s))
    A = np.column_stack([X, np.ones(len(y))])
    penalty = lam * np.append(np.ones(len(w)), 0)
    gradient = A.T @ (sigma - (1 + y) / 2) + penalty * np.append(w, b)
    hessian = (A.T * weights) @ A + np.diag(penalty)
    step = np.append(w, b) - np.linalg.solve(hessian, gradient)
    return step[:-1], step[-1]


def _points(rng):
    for n, p, lam in ((14, 3, 0.5), (30, 2, 0.0), (6, 9, 1.5), (12, 1, 2.0)):
        X = rng.standard_normal((n, p)) + (1 if p == 1 else 0)
        y = np.where(rng.permutation(n) < n // 2 + 1, 1.0, -1.0)
        w = rng.uniform(0.3, 0.8, p) * rng.choice([-1.0, 1.0], p)
        yield {"X": X, "y": y, "lam": lam, "w": w, "b": float(rng.uniform(0.3, 0.8))}
    X = rng.standard_normal((10, 2))
    X[:2, 0] = 900, -1200  # one row far on the right side, one far on the wrong one
    y = np.append([1.0, 1.0], np.where(rng.permutation(8) < 4, 1.0, -1.0))
    yield {"X": X, "y": y, "lam": 3.0, "w": np.array([1.0, 0.4]), "b": -0.5}


def _model(X, y, lam, w, b):
    """Gradient and Hessian in (w, b) together, row by row in tanh: not as the reference does it."""
    s = X @ w + b
    sigma, q = (1 + np.tanh(s / 2)) / 2, (1 - np.tanh(s / 2) ** 2) / 4
    g, H = np.append(lam * w, 0.0), np.diag(np.append(np.full(len(w), lam), 0.0))
    for xi, yi, si, qi in zip(X, y, sigma, q, strict=True):
        a = np.append(xi, 1.0)
        g, H = g + (si - (1 + yi) / 2) * a, H + qi * np.outer(a, a)
    return g, H


def _certify(value, X, y, lam, w, b):
    g, H = _model(X, y, lam, w, b)
    d = np.append(value[0] - w, value[1] - b)
    left = H @ d + g
    size = np.abs(H) @ (np.abs(d) + np.abs(np.append(w, b))) + np.abs(g)
    if np.all(np.abs(left) <= 1e-5 * size):
        return True
    j = int(np.argmax(np.abs(left) / size))
    where = "∂/∂b" if j == len(w) else f"∂/∂w{j}"
    return (
        "at (w_next, b_next) the gradient of the quadratic model should vanish; "
        f"yours has {where} = {left[j]:.4g} (at (w, b) it was {g[j]:.4g})"
    )


def _system(X, y, lam, w, b):
    A = np.column_stack([X, np.ones(len(y))])
    P = np.diag(np.append(np.full(len(w), lam), 0.0))
    v = np.append(w, b)
    s = A @ v
    sigma, q = (1 + np.tanh(s / 2)) / 2, 1 / (2 + np.exp(s) + np.exp(-s))
    return A, P, v, q, A.T @ (sigma - (1 + y) / 2) + P @ v


def intercept_penalised(X, y, lam, w, b):
    """You penalise the intercept as well. Its row of the Hessian and of the gradient has no λ."""
    A, _, v, q, g = _system(X, y, lam, w, b)
    g = g + lam * np.append(np.zeros(len(w)), b)
    v = v - np.linalg.solve((A.T * q) @ A + lam * np.eye(len(v)), g)
    return v[:-1], v[-1]


def identity_on_everything(X, y, lam, w, b):
    """Your gradient is right, but the Hessian has λ on the whole diagonal: the entry of b has none."""
    A, _, v, q, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve((A.T * q) @ A + lam * np.eye(len(v)), g)
    return v[:-1], v[-1]


def penalty_missing_in_the_hessian(X, y, lam, w, b):
    """λ is in your gradient and not in your Hessian: the Hessian of ½λ‖w‖² is λI."""
    A, _, v, q, g = _system(X, y, lam, w, b)
    v = v - np.linalg.lstsq((A.T * q) @ A, g, rcond=None)[0]
    return v[:-1], v[-1]


def penalty_missing_in_the_gradient(X, y, lam, w, b):
    """λ is in your Hessian and not in your gradient: the gradient of ½λ‖w‖² is λw, at the w you stand on."""
    A, P, v, q, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve((A.T * q) @ A + P, g - P @ v)
    return v[:-1], v[-1]


def weights_of_a_half(X, y, lam, w, b):
    """Your weights are σ, the probabilities; the second derivative of the loss is σ(1 − σ)."""
    A, P, v, _, g = _system(X, y, lam, w, b)
    sigma = (1 + np.tanh(A @ v / 2)) / 2
    v = v - np.linalg.solve((A.T * sigma) @ A + P, g)
    return v[:-1], v[-1]


def quarter_everywhere(X, y, lam, w, b):
    """Your weights are all ¼, the largest they can be. That is a safe step (Böhning's), which always descends, but not Newton's: the weights are σ(1 − σ) at this w."""
    A, P, v, _, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve(A.T @ A / 4 + P + 1e-12 * np.eye(len(v)), g)
    return v[:-1], v[-1]


def step_only(X, y, lam, w, b):
    """You return the step −H⁻¹g; asked for is the point to which it leads."""
    A, P, _, q, g = _system(X, y, lam, w, b)
    d = -np.linalg.solve((A.T * q) @ A + P, g)
    return d[:-1], d[-1]


def unweighted(X, y, lam, w, b):
    """Your Hessian is XᵀX: each row counts with its weight σ(1 − σ), at most ¼."""
    A, P, v, _, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve(A.T @ A + P + 1e-12 * np.eye(len(v)), g)
    return v[:-1], v[-1]


def uphill(X, y, lam, w, b):
    """You step the wrong way: the step is −H⁻¹g."""
    A, P, v, q, g = _system(X, y, lam, w, b)
    v = v + np.linalg.solve((A.T * q) @ A + P, g)
    return v[:-1], v[-1]


def half_a_step(X, y, lam, w, b):
    """You damp the step to a half. A line search may do so; asked for is the full step."""
    A, P, v, q, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve((A.T * q) @ A + P, g) / 2
    return v[:-1], v[-1]


def intercept_left_alone(X, y, lam, w, b):
    """You leave b where it is. It is a variable like the others: give X a column of ones for it."""
    _, _, _, q, g = _system(X, y, lam, w, b)
    return w - np.linalg.lstsq((X.T * q) @ X + lam * np.eye(len(w)), g[:-1], rcond=None)[0], b


def one_after_the_other(X, y, lam, w, b):
    """You step in w and in b separately and lose what couples them, the block Xᵀq of the Hessian. Solve for both at once."""
    _, _, _, q, g = _system(X, y, lam, w, b)
    d = np.linalg.lstsq((X.T * q) @ X + lam * np.eye(len(w)), g[:-1], rcond=None)[0]
    return w - d, b - g[-1] / np.sum(q)


def divided_by_no_weight(X, y, lam, w, b):
    """Your working response divides by a weight that is 0 in floating point: 0/0. Keep the product: qᵢzᵢ = qᵢsᵢ + tᵢ − σᵢ needs no division."""
    A, P, v, _, _ = _system(X, y, lam, w, b)
    s = A @ v
    sigma = 1 / (1 + np.exp(-s))
    q = sigma * (1 - sigma)
    z = s + ((1 + y) / 2 - sigma) / q
    v = np.linalg.solve((A.T * q) @ A + P, A.T @ (q * z))
    return v[:-1], v[-1]


def labels_zero_and_one(X, y, lam, w, b):
    """Your gradient has σ − y, which is for labels 0 and 1. With −1 and +1 it is σ − (1 + y)/2."""
    A, P, v, q, g = _system(X, y, lam, w, b)
    v = v - np.linalg.solve((A.T * q) @ A + P, g + A.T @ ((1 + y) / 2 - y))
    return v[:-1], v[-1]


def _as_weighted_least_squares(X, y, lam, w, b):
    A, P, v, q, _ = _system(X, y, lam, w, b)
    s = A @ v
    qz = q * s + (1 + y) / 2 - (1 + np.tanh(s / 2)) / 2
    v = np.linalg.solve((A.T * q) @ A + P, A.T @ qz)
    return v[:-1], v[-1]


def _intercept_eliminated(X, y, lam, w, b):
    _, _, _, q, g = _system(X, y, lam, w, b)
    u, total = X.T @ q, np.sum(q)
    S = (X.T * q) @ X + lam * np.eye(len(w)) - np.outer(u, u) / total
    d = np.linalg.solve(S, -(g[:-1] - u * g[-1] / total))
    return (w + d).tolist(), float(b - (g[-1] + u @ d) / total)


def _in_margins(X, y, lam, w, b):
    Z = y[:, None] * np.column_stack([X, np.ones(len(y))])
    v, D = np.append(w, b), np.append(np.full(len(w), lam), 0.0)
    m = Z @ v
    a = (1 - np.tanh(m / 2)) / 2
    L = np.linalg.cholesky((Z.T * (a * (1 - a))) @ Z + np.diag(D))
    d = np.linalg.solve(L.T, np.linalg.solve(L, Z.T @ a - D * v))
    return v[:-1] + d[:-1], v[-1] + d[-1]


IRLS = Exercise(
    irls_step,
    _points,
    _certify,
    title="Newton's step, with an intercept",
    difficulty=3,
    minutes=15,
    hints=(
        "Give X a column of ones: then (w, b) is one vector v, and the penalty is ½vᵀDv with a diagonal D. What is its last entry?",
        "Gradient: Aᵀ(σ − t) + Dv with t = (1 + y)/2. Hessian: Aᵀ diag(q) A + D with q = σ(1 − σ).",
        "Solve Hd = −g and return v + d in two parts. If you write it as weighted least squares, never divide by q.",
    ),
    mistakes=(
        intercept_penalised,
        identity_on_everything,
        penalty_missing_in_the_hessian,
        penalty_missing_in_the_gradient,
        weights_of_a_half,
        quarter_everywhere,
        step_only,
        unweighted,
        uphill,
        half_a_step,
        intercept_left_alone,
        one_after_the_other,
        divided_by_no_weight,
        labels_zero_and_one,
    ),
    alternatives=(_as_weighted_least_squares, _intercept_eliminated, _in_margins),
)
