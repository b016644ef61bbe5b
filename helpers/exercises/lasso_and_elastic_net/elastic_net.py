"""elastic_net_coordinate_descent: judged by its certificate, whatever the method."""

import numpy as np

from helpers import certificates

from ..exercise import Exercise


def elastic_net_coordinate_descent(X, y, l1, l2, sweeps):
    """A w that minimises ½‖Xw − y‖² + l1‖w‖₁ + ½l2‖w‖², by coordinate descent from w = 0.

    A sweep minimises exactly over w₀, then w₁, ..., the others held. `sweeps` of them are
    enough for a relative gap of 1e-8; asked for is 1e-6. X of shape (n, p), y of shape (n,),
    l1 ≥ 0, l2 > 0.
    """
    w, r = np.zeros(X.shape[1]), np.array(y)
    a = np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ r + a[j] * w[j]
            w_next = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + l2)
            r = r - X[:, j] * (w_next - w[j])
            w[j] = w_next
    return w


def _data(rng):
    for n, p, l1, l2 in (
        (12, 4, 1.0, 1.0),
        (6, 9, 0.5, 2.0),
        (20, 5, 0.0, 3.0),
        (15, 6, 3.0, 0.5),
        (5, 1, 0.4, 0.8),
    ):
        X = rng.standard_normal((n, p))
        if p == 6:
            X[:, 5] = X[:, 0]
        y = X @ rng.standard_normal(p) * 2 + rng.standard_normal(n)
        a, sweeps = (X**2).sum(axis=0), 0
        w = np.zeros(p)
        while not certificates.elastic_net(X, y, l1, l2, w).relative_gap < 1e-10:
            for _ in range(10):
                for j in range(p):
                    c = X[:, j] @ (y - X @ w) + a[j] * w[j]
                    w[j] = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + l2)
            sweeps += 10
        yield {"X": X, "y": y, "l1": l1, "l2": l2, "sweeps": sweeps}


def _certify(w, X, y, l1, l2, sweeps):
    proof = certificates.elastic_net(X, y, l1, l2, w)
    if proof.relative_gap <= 1e-6:
        return True
    slope = X.T @ (X @ w - y) + l2 * w
    off = np.where(w != 0, np.abs(slope + l1 * np.sign(w)), np.maximum(np.abs(slope) - l1, 0))
    j = int(np.argmax(off))
    return (
        f"the relative gap should be at most 1e-6; at your w it is {proof.relative_gap:.2g}. "
        f"Coordinate {j} could still lower the objective: its slope is off by {off[j]:.3g}"
    )


def curvature_without_l2(X, y, l1, l2, sweeps):
    """You divide by ‖xⱼ‖²: the quadratic term ½l2wⱼ² adds l2 to the curvature."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ (y - X @ w) + a[j] * w[j]
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / a[j]
    return w


def own_share_left_in(X, y, l1, l2, sweeps):
    """In the coordinate's problem its own share belongs back into the residual: c = xⱼᵀ(y − Xw) + ‖xⱼ‖²wⱼ."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ (y - X @ w)
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + l2)
    return w


def one_sweep(X, y, l1, l2, sweeps):
    """You stop after one sweep: when a later coordinate has moved, the earlier ones are no longer optimal."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for j in range(len(w)):
        c = X[:, j] @ (y - X @ w) + a[j] * w[j]
        w[j] = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + l2)
    return w


def all_at_once(X, y, l1, l2, sweeps):
    """You move all coordinates from the same residual (Jacobi): with correlated columns they all correct the same error. Update the residual after each coordinate."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        c = X.T @ (y - X @ w) + a * w
        w = np.clip(np.sign(c) * np.maximum(np.abs(c) - l1, 0) / (a + l2), -1e6, 1e6)
    return w


def l1_halved(X, y, l1, l2, sweeps):
    """Your threshold is l1/2; the condition is xⱼᵀ(Xw − y) + l2wⱼ ± l1 = 0."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ (y - X @ w) + a[j] * w[j]
            w[j] = np.sign(c) * max(abs(c) - l1 / 2, 0) / (a[j] + l2)
    return w


def l2_doubled(X, y, l1, l2, sweeps):
    """You add 2·l2 to the curvature: the second derivative of ½l2wⱼ² is l2."""
    w, a = np.zeros(X.shape[1]), np.sum(X**2, axis=0)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ (y - X @ w) + a[j] * w[j]
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + 2 * l2)
    return w


def residual_never_moves(X, y, l1, l2, sweeps):
    """Your residual stays at y. Keep the old wⱼ until r is updated: after `w[j] = w_next` the difference is zero."""
    w, a, r = np.zeros(X.shape[1]), np.sum(X**2, axis=0), np.array(y)
    for _ in range(sweeps):
        for j in range(len(w)):
            c = X[:, j] @ r + a[j] * w[j]
            w_next = np.sign(c) * max(abs(c) - l1, 0) / (a[j] + l2)
            w[j] = w_next
            r = r - X[:, j] * (w_next - w[j])
    return w


def ridge_only(X, y, l1, l2, sweeps):
    """You leave out the threshold: that is ridge regression, with no zeros."""
    return np.linalg.solve(X.T @ X + l2 * np.eye(X.shape[1]), X.T @ y)


def lasso_only(X, y, l1, l2, sweeps):
    """You leave out l2 altogether: that is the lasso. The term ½l2‖w‖² adds l2 to each curvature."""
    w = np.zeros(X.shape[1])
    step = 1 / np.linalg.norm(X, 2) ** 2
    for _ in range(20 * sweeps + 500):
        z = w - step * (X.T @ (X @ w - y))
        w = np.sign(z) * np.maximum(np.abs(z) - step * l1, 0)
    return w


def _by_proximal_gradient(X, y, l1, l2, sweeps):
    w, before, t = np.zeros(X.shape[1]), np.zeros(X.shape[1]), 1.0
    step = 1 / (np.linalg.norm(X, 2) ** 2 + l2)
    for _ in range(600):
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        v = w + (t - 1) / t_next * (w - before)
        z = v - step * (X.T @ (X @ v - y) + l2 * v)
        before, w, t = w, np.sign(z) * np.maximum(np.abs(z) - step * l1, 0), t_next
        if (v - w) @ (w - before) > 0:
            t = 1.0
    return w


def _with_the_gram_matrix(X, y, l1, l2, sweeps):
    G, c = X.T @ X + l2 * np.eye(X.shape[1]), X.T @ y
    w = [0.0] * len(c)
    for _ in range(2 * sweeps):
        for j in reversed(range(len(c))):
            z = c[j] - sum(G[j, i] * w[i] for i in range(len(c)) if i != j)
            w[j] = (z - l1 if z > l1 else z + l1 if z < -l1 else 0.0) / G[j, j]
    return w


ELASTIC_NET = Exercise(
    elastic_net_coordinate_descent,
    _data,
    _certify,
    title="The elastic net, coordinate by coordinate",
    difficulty=3,
    minutes=20,
    hints=(
        "Hold all coordinates but wⱼ. The objective in wⱼ is ½a wⱼ² − c wⱼ + l1|wⱼ|: what are a and c?",
        "a = ‖xⱼ‖² + l2, and c = xⱼᵀ(y − Xw) + ‖xⱼ‖²wⱼ, the inner product with the residual that leaves out column j.",
        "wⱼ is the soft threshold of c at l1, divided by a. Keep r = y − Xw up to date after each move, and repeat the sweep.",
    ),
    mistakes=(
        curvature_without_l2,
        own_share_left_in,
        one_sweep,
        all_at_once,
        l1_halved,
        ridge_only,
        lasso_only,
        l2_doubled,
        residual_never_moves,
    ),
    alternatives=(_by_proximal_gradient, _with_the_gram_matrix),
)
