"""contrastive_loss_gradient: value and slopes judged by complex steps through the definition."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def contrastive_loss_gradient(U, V, tau):
    """The triple (value, dU, dV) of the InfoNCE loss of n pairs of embeddings (uᵢ, vᵢ),
    the rows of U and V, both n x d:

        (1/n) Σᵢ [ log Σⱼ exp(uᵢᵀvⱼ/τ) − uᵢᵀvᵢ/τ ],

    the cross-entropy of finding uᵢ's partner among all v's; τ > 0. dU and dV are its gradients.
    """
    n = len(U)
    S = U @ V.T / tau
    S = S - S.max(axis=1, keepdims=True)
    total = np.exp(S).sum(axis=1, keepdims=True)
    value = np.mean(np.log(total[:, 0]) - np.diag(S))
    D = (np.exp(S) / total - np.eye(n)) / (n * tau)
    return value, D @ V, D.T @ U


def _pairs(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, d, tau, size in [
        (4, 3, 1.0, 1.0),
        (6, 2, 0.5, 1.0),
        (1, 3, 0.7, 1.0),
        (5, 5, 0.1, 1.0),
        (3, 2, 0.02, 4.0),
    ]:
        U = np.round(size * rng.standard_normal((n, d)), 2)
        yield {"U": U, "V": np.round(U + size * rng.standard_normal((n, d)), 2), "tau": tau}


def _loss(U, V, tau):
    S = U @ V.T / tau
    top = S.real.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(S - top).sum(axis=1)) + top[:, 0] - np.diag(S))


def _certify(value, U, V, tau):
    told, dU, dV = value
    right = _loss(U.astype(complex), V.astype(complex), tau).real
    if not abs(told - right) <= 1e-5 * (1e-3 + abs(right)):
        return f"the loss should be {right:.6g}; yours is {told:.6g}"
    for name, M, slopes in (("dU", U, dU), ("dV", V, dV)):
        exact = np.empty_like(M)
        for i, j in np.ndindex(M.shape):
            moved = {"dU": U.astype(complex), "dV": V.astype(complex)}
            moved[name][i, j] += 1e-30j
            exact[i, j] = _loss(moved["dU"], moved["dV"], tau).imag / 1e-30
        off = np.abs(slopes - exact)
        if not np.all(off <= 1e-5 * (1e-2 + np.abs(exact).max())):
            i, j = (int(k) for k in np.unravel_index(np.argmax(off), off.shape))
            return f"{name}[{i}, {j}] should be {exact[i, j]:.6g}; yours is {slopes[i, j]:.6g}"
    return True


def _parts(U, V, tau):
    S = U @ V.T / tau
    S = S - S.max(axis=1, keepdims=True)
    total = np.exp(S).sum(axis=1, keepdims=True)
    return np.mean(np.log(total[:, 0]) - np.diag(S)), np.exp(S) / total


def tau_forgotten_in_the_slope(U, V, tau):
    """Your slopes lack 1/τ: the scores are uᵀv/τ, so the chain rule brings it back."""
    value, P = _parts(U, V, tau)
    D = (P - np.eye(len(U))) / len(U)
    return value, D @ V, D.T @ U


def multiplied_by_tau(U, V, tau):
    """You multiplied by τ: a small τ makes the scores large."""
    value, P = _parts(U, V, 1 / tau)
    D = (P - np.eye(len(U))) * tau / len(U)
    return value, D @ V, D.T @ U


def no_temperature(U, V, tau):
    """You left τ out: the scores are uᵀv/τ."""
    value, P = _parts(U, V, 1.0)
    D = (P - np.eye(len(U))) / len(U)
    return value, D @ V, D.T @ U


def lengths_taken_off(U, V, tau):
    """You scaled the rows to length 1: here the scores are those of U and V as they are."""
    U, V = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (U, V))
    value, P = _parts(U, V, tau)
    D = (P - np.eye(len(U))) / (len(U) * tau)
    return value, D @ V, D.T @ U


def attraction_only(U, V, tau):
    """You only pull partners together: the log-sum pushes the others apart, and without it all embeddings collapse into one."""
    value, _ = _parts(U, V, tau)
    D = -np.eye(len(U)) / (len(U) * tau)
    return value, D @ V, D.T @ U


def repulsion_only(U, V, tau):
    """You only push: the term −uᵢᵀvᵢ/τ pulls partners together."""
    value, P = _parts(U, V, tau)
    D = P / (len(U) * tau)
    return value, D @ V, D.T @ U


def partners_left_out_of_the_sum(U, V, tau):
    """You left the partner out of the sum over j: all v's are candidates, the right one among them."""
    n = len(U)
    S = U @ V.T / tau - 1e9 * np.eye(n) * (n > 1)
    T = S - S.max(axis=1, keepdims=True)
    total = np.exp(T).sum(axis=1)
    value = np.mean(np.log(total) + S.max(axis=1) - np.diag(U @ V.T) / tau)
    D = (np.exp(T) / total[:, None] - np.eye(n)) / (n * tau)
    return value, D @ V, D.T @ U


def second_not_transposed(U, V, tau):
    """Your dV is D U: vⱼ stands in column j of the scores, so its gradient is Dᵀ U."""
    value, P = _parts(U, V, tau)
    D = (P - np.eye(len(U))) / (len(U) * tau)
    return value, D @ V, D @ U


def exchanged(U, V, tau):
    """You exchanged the two gradients: dU is made of the v's."""
    value, P = _parts(U, V, tau)
    D = (P - np.eye(len(U))) / (len(U) * tau)
    return value, D.T @ U, D @ V


def summed(U, V, tau):
    """Your loss is the sum over the pairs: the mean is asked for, in the value and the slopes."""
    value, P = _parts(U, V, tau)
    D = (P - np.eye(len(U))) / tau
    return len(U) * value, D @ V, D.T @ U


def columns_normalised(U, V, tau):
    """You look for u's partner in each column: the sum goes over all v's, along the rows."""
    value, P = _parts(V, U, tau)
    D = (P.T - np.eye(len(U))) / (len(U) * tau)
    return value, D @ V, D.T @ U


def overflowed(U, V, tau):
    """exp overflows for a small τ: take each row's maximum off its scores first."""
    with np.errstate(over="ignore", invalid="ignore"):
        E = np.exp(U @ V.T / tau)
        P = E / E.sum(axis=1, keepdims=True)
        value = np.mean(np.log(E.sum(axis=1)) - np.diag(U @ V.T) / tau)
    D = (P - np.eye(len(U))) / (len(U) * tau)
    return value, D @ V, D.T @ U


def _pair_by_pair(U, V, tau):
    n, value = len(U), 0.0
    dU, dV = np.zeros_like(U), np.zeros_like(V)
    for i in range(n):
        s = V @ U[i] / tau
        p = np.exp(s - np.logaddexp.reduce(s))
        value += (np.logaddexp.reduce(s) - s[i]) / n
        p[i] -= 1
        dU[i] = p @ V / (n * tau)
        dV += np.outer(p, U[i]) / (n * tau)
    return value, dU, dV


def _in_pushes_and_pulls(U, V, tau):
    S = U @ V.T / tau
    log_total = np.logaddexp.reduce(S, axis=1)
    P = np.exp(S - log_total[:, None])
    weight = 1 / (len(U) * tau)
    return float((log_total - S.diagonal()).mean()), weight * (P @ V - V), weight * (P.T @ U - U)


EXERCISE = Exercise(
    contrastive_loss_gradient,
    _pairs,
    _certify,
    title="Partners, without labels",
    difficulty=2,
    minutes=12,
    hints=(
        "It is the cross-entropy of softmax with the scores S = UVᵀ/τ, in which the right class of row i is i.",
        "So D = ∂loss/∂S = (P − I)/n, and S = UVᵀ/τ gives dU = D V/τ, dV = Dᵀ U/τ.",
        "Take each row's maximum off S before np.exp; the value is the mean of log Σ exp − diagonal.",
    ),
    mistakes=(
        tau_forgotten_in_the_slope,
        multiplied_by_tau,
        no_temperature,
        lengths_taken_off,
        attraction_only,
        repulsion_only,
        partners_left_out_of_the_sum,
        second_not_transposed,
        exchanged,
        summed,
        columns_normalised,
        overflowed,
    ),
    alternatives=(_pair_by_pair, _in_pushes_and_pulls),
)
