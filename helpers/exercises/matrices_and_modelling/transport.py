"""sinkhorn: transport with entropy, proved by prices read off the logarithm of the plan."""

from collections.abc import Iterator

import numpy as np

from helpers.certificates import Certificate

from ..exercise import Arguments, Exercise


def sinkhorn(C, a, b, eps):
    """The m x n plan P > 0 that minimises Σ Pᵢⱼ Cᵢⱼ + ε Σ Pᵢⱼ (log Pᵢⱼ − 1)
    subject to P1 = a and Pᵀ1 = b.

    C is m x n, of any size: e^(−C/ε) may underflow to 0. a has m and b has n positive entries,
    and both sum to 1; ε > 0. Go on until all row and column sums are right to 1e-8.
    """
    f, g = np.zeros(len(a)), np.zeros(len(b))
    while True:
        M = (f[:, None] - C) / eps
        g = eps * (np.log(b) - M.max(axis=0) - np.log(np.exp(M - M.max(axis=0)).sum(axis=0)))
        M = ((g - C) / eps).T
        f = eps * (np.log(a) - M.max(axis=0) - np.log(np.exp(M - M.max(axis=0)).sum(axis=0)))
        P = np.exp((f[:, None] + g - C) / eps)
        if np.abs(P.sum(axis=0) - b).max() < 1e-10:
            return P


def _transports(rng: np.random.Generator) -> Iterator[Arguments]:
    for m, n, eps, far in [
        (4, 5, 0.3, 0.0),
        (6, 3, 0.1, 0.0),
        (5, 5, 0.1, 120.0),
        (3, 7, 1.0, 0.0),
    ]:
        x, z = np.sort(rng.uniform(size=m)), np.sort(rng.uniform(size=n))
        a, b = rng.uniform(0.5, 2, m), rng.uniform(0.5, 2, n)
        C = np.round((x[:, None] - z) ** 2, 3) + far
        yield dict(C=C, a=a / a.sum(), b=b / b.sum(), eps=eps)


def _proof(
    P: np.ndarray, C: np.ndarray, a: np.ndarray, b: np.ndarray, eps: float
) -> Certificate | str:
    """Optimal plans have C + ε log P = f 1ᵀ + 1 gᵀ; any f and g bound the optimum from below."""
    if not np.all(P > 0):
        return f"every entry of the plan is positive; your smallest is {P.min():.4g}"
    off = max(np.abs(P.sum(axis=1) - a).max(), np.abs(P.sum(axis=0) - b).max())
    M = C + eps * np.log(P)
    f = M.mean(axis=1)
    g = (M - f[:, None]).mean(axis=0)
    dual = f @ a + g @ b - eps * np.exp((f[:, None] + g - C) / eps).sum()
    primal = (P * C).sum() + eps * (P * (np.log(P) - 1)).sum()
    return Certificate(float(primal), float(dual), (f, g), float(off))


def _by_turns(K, a, b, rounds=4000):
    """Rows and columns of diag(u) K diag(v) made right by turns; the columns last."""
    v = np.ones(len(b))
    for _ in range(rounds):
        u = a / (K @ v)
        v = b / (K.T @ u)
    return u[:, None] * K * v


def rows_only(C, a, b, eps):
    """Your rows sum to a, your columns not to b: scaling the rows spoils the columns and the other way round, so it
    takes turns until neither moves."""
    M = -np.asarray(C) / eps
    P = np.exp(M - M.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True) * np.asarray(a)[:, None]


def independent(C, a, b, eps):
    """Your plan is abᵀ: its sums are right, but it does not look at C. It is the answer for ε = ∞."""
    return np.outer(a, b)


def stopped_after_three_rounds(C, a, b, eps):
    """You stopped after three rounds: go on until all the sums are right to 1e-8."""
    return _by_turns(np.exp(-(C - np.min(C)) / eps), a, b, 3)


def plain_exponentials(C, a, b, eps):
    """Your exponentials underflow: where all of e^(−C/ε) is 0, you divide by 0. Take logarithms, or the smallest cost
    off C first; that changes no plan."""
    with np.errstate(all="ignore"):
        return _by_turns(np.exp(-np.asarray(C) / eps), a, b)


def costs_rewarded(C, a, b, eps):
    """Your plan prefers what is dear: the kernel is e^(−C/ε), with a minus."""
    return _by_turns(np.exp((C - np.max(C)) / eps), a, b)


def times_eps(C, a, b, eps):
    """You multiplied C by ε: the smaller ε, the more the costs must count, so it is C/ε."""
    return _by_turns(np.exp(-(C - np.min(C)) * eps), a, b, 400)


def equal_masses(C, a, b, eps):
    """Your plan would move equal masses: row i has to sum to aᵢ and column j to bⱼ."""
    m, n = np.shape(C)
    return _by_turns(np.exp(-(C - np.min(C)) / eps), np.full(m, 1 / m), np.full(n, 1 / n))


def _smallest_cost_taken_off(C, a, b, eps):
    K = np.exp(-(C - C.min()) / eps)
    v = np.ones(len(b))
    for _ in range(20_000):
        u = a / (K @ v)
        v = b / (K.T @ u)
        P = u[:, None] * K * v
        if np.abs(P.sum(axis=1) - a).max() < 1e-9:
            break
    return P


def _by_scaling_the_plan_itself(C, a, b, eps):
    P = np.exp(-(C - C.min()) / eps)
    for _ in range(20_000):
        P = P * (b / P.sum(axis=0))
        P = P * (a / P.sum(axis=1))[:, None]
        if np.abs(P.sum(axis=0) - b).max() < 1e-9:
            break
    return P.tolist()


EXERCISE = Exercise(
    sinkhorn,
    _transports,
    _proof,
    title="Rows and columns by turns",
    difficulty=3,
    minutes=20,
    hints=(
        "Write the Lagrangian with a price fᵢ for each row and gⱼ for each column, and set its slope in Pᵢⱼ to 0: what is "
        "log Pᵢⱼ?",
        "P = diag(u) K diag(v) with K = e^(−C/ε). The rows are right if u = a/(Kv); the columns if v = b/(Kᵀu).",
        "If K underflows, note that taking a constant off C changes no plan; or keep f = ε log u and g = ε log v, and take "
        "the largest exponent out of each sum.",
    ),
    mistakes=(
        rows_only,
        independent,
        stopped_after_three_rounds,
        plain_exponentials,
        costs_rewarded,
        times_eps,
        equal_masses,
    ),
    alternatives=(_smallest_cost_taken_off, _by_scaling_the_plan_itself),
    tol=1e-6,
)
