"""markowitz_dual: the prices that prove a portfolio without short sales the least risky."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from helpers.certificates import Certificate

from ..exercise import Arguments, Exercise


def markowitz_dual(Sigma, mu, target, w):
    """The prices (lam, nu, s) that prove w best:
    minimise ½wᵀΣw subject to μᵀw ≥ target, 1ᵀw = 1 and w ≥ 0.

    Sigma is n x n and positive definite, mu has n entries, and w is the solution (its zeros are
    exact). The price lam ≥ 0 of the target and nu of the budget are numbers; s ≥ 0 has n
    entries, the prices of wᵢ ≥ 0. They satisfy Σw = lam μ + nu 1 + s, sᵢwᵢ = 0 for each i, and
    lam (μᵀw − target) = 0.
    """
    held = w > 0
    prices = np.column_stack([mu, np.ones(len(w))])
    if mu @ w > target + 1e-9 * (1 + abs(target)):
        prices[:, 0] = 0  # a target that is passed has no price
    lam, nu = np.linalg.lstsq(prices[held], (Sigma @ w)[held], rcond=None)[0]
    s = np.where(held, 0, Sigma @ w - lam * mu - nu)
    return lam, nu, s


def _least_risky(
    Sigma: np.ndarray, mu: np.ndarray, target: float
) -> tuple[np.ndarray, float] | None:
    """w and the price of the target, by looking at every set of assets; None where it is not clear-cut."""
    n = len(mu)
    for size in range(2, n + 1):
        for held in map(list, combinations(range(n), size)):
            for rows in ([np.ones(n)], [mu, np.ones(n)]):
                A = np.array(rows)[:, held]
                k = len(A)
                system = np.block([[Sigma[np.ix_(held, held)], -A.T], [A, np.zeros((k, k))]])
                right = np.concatenate([np.zeros(size), [target, 1.0][2 - k :]])
                x = np.linalg.solve(system, right)
                w, lam = np.zeros(n), (x[size] if k == 2 else 0.0)
                w[held] = x[:size]
                s = Sigma @ w - lam * mu - x[-1]
                s[held] = 1
                passed = mu @ w - target
                clear = lam > 0.02 if k == 2 else passed > 0.02
                if x[:size].min() > 0.03 and s.min() > 0.02 and clear:
                    return w, lam
    return None


def _portfolios(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, priced, whole in [
        (4, True, False),
        (3, False, True),
        (5, True, False),
        (4, False, False),
        (4, True, True),
    ]:
        found = None
        while found is None or (found[1] > 0) != priced or np.all(found[0] > 0) != whole:
            F = rng.standard_normal((n, n))
            Sigma = np.round(F @ F.T / n + 0.2 * np.eye(n), 2)
            mu = np.round(rng.uniform(0.0, 1.0, n), 2)
            target = float(np.round(rng.uniform(mu.min(), 0.95 * mu.max()), 2))
            if np.linalg.eigvalsh(Sigma).min() < 0.05 or len(set(mu)) < n:
                continue
            found = _least_risky(Sigma, mu, target)
        yield dict(Sigma=Sigma, mu=mu, target=target, w=found[0])


def _prove(
    value: tuple, Sigma: np.ndarray, mu: np.ndarray, target: float, w: np.ndarray
) -> Certificate | str:
    """g = λ target + ν − ½uᵀΣ⁻¹u with u = λμ + ν1 + s is below the risk of every portfolio if λ, s ≥ 0."""
    lam, nu, s = value
    lowest = min(float(lam), float(np.min(s)))
    if not lowest >= -1e-7:
        return f"the prices lam and s of inequalities must not be negative; your smallest is {lowest:.6g}"
    u = lam * mu + nu + s
    dual = lam * target + nu - u @ np.linalg.solve(Sigma, u) / 2
    risk = w @ Sigma @ w / 2
    if not risk - dual <= 1e-6 * max(1.0, abs(risk)):
        return f"your prices promise a risk of at least {dual:.6g}; w has {risk:.6g}, and the proof needs both equal"
    off = np.abs(Sigma @ w - u)
    if not np.all(off <= 1e-4 * (1 + np.abs(u).max())):
        i = int(np.argmax(off))
        return (
            f"entry {i} of Σw is {(Sigma @ w)[i]:.6g}; your lam μ + nu 1 + s has {u[i]:.6g} there"
        )
    return Certificate(float(risk), float(dual), (lam, nu, s))


def _prices(Sigma, mu, target, w, priced):
    held = w > 0
    A = np.column_stack([mu * priced, np.ones(len(w))])
    lam, nu = np.linalg.lstsq(A[held], (Sigma @ w)[held], rcond=None)[0]
    return lam, nu, np.where(held, 0, Sigma @ w - lam * mu - nu)


def all_assets_in_one_system(Sigma, mu, target, w):
    """You fitted lam and nu to all assets: those that are not held have sᵢ > 0, so only the rows with wᵢ > 0 are
    equations for lam and nu."""
    A = np.column_stack([mu, np.ones(len(w))])
    lam, nu = np.linalg.lstsq(A, Sigma @ w, rcond=None)[0]
    return lam, nu, Sigma @ w - lam * mu - nu


def target_always_priced(Sigma, mu, target, w):
    """You gave the target a price where w does better than it: lam (μᵀw − target) = 0 leaves only lam = 0 there, whatever
    rounding has put there."""
    lam, nu, s = _prices(Sigma, mu, target, w, True)
    return (lam if mu @ w <= target + 1e-9 else 0.1), nu, s


def target_never_priced(Sigma, mu, target, w):
    """You left lam at 0: where the target binds, it costs risk, and lam is what a bit more of it costs."""
    return _prices(Sigma, mu, target, w, False)


def nothing_for_the_zeros(Sigma, mu, target, w):
    """You left s at 0: an asset that is not held has a price, what Σw has beyond lam μ + nu."""
    lam, nu, s = _prices(Sigma, mu, target, w, bool(mu @ w <= target + 1e-9))
    return lam, nu, 0 * s


def signs_exchanged(Sigma, mu, target, w):
    """Your s has the wrong sign: s = Σw − lam μ − nu 1, which is positive where buying a little would add risk."""
    lam, nu, s = _prices(Sigma, mu, target, w, bool(mu @ w <= target + 1e-9))
    return lam, nu, -s


def twice_the_prices(Sigma, mu, target, w):
    """Your prices are twice the right ones: they belong to wᵀΣw. Ours has ½ before it, so its slope is Σw."""
    lam, nu, s = _prices(Sigma, mu, target, w, bool(mu @ w <= target + 1e-9))
    return 2 * lam, 2 * nu, 2 * s


def prices_exchanged(Sigma, mu, target, w):
    """You returned nu before lam: first the price of the target, then that of the budget."""
    lam, nu, s = _prices(Sigma, mu, target, w, bool(mu @ w <= target + 1e-9))
    return nu, lam, s


def _asset_by_asset(Sigma, mu, target, w):
    slope = [sum(Sigma[i][j] * w[j] for j in range(len(w))) for i in range(len(w))]
    held = [i for i in range(len(w)) if w[i] > 0]
    lam = 0.0
    if abs(sum(m * v for m, v in zip(mu, w, strict=True)) - target) < 1e-8:
        i, j = min(held, key=lambda k: mu[k]), max(held, key=lambda k: mu[k])
        lam = (slope[j] - slope[i]) / (mu[j] - mu[i])
    nu = slope[held[0]] - lam * mu[held[0]]
    return float(lam), float(nu), [max(slope[i] - lam * mu[i] - nu, 0.0) for i in range(len(w))]


def _from_two_averages(Sigma, mu, target, w):
    """wᵀΣw = λ target + ν, and one more equation from the asset held with the highest return."""
    slope, binds = Sigma @ w, mu @ w <= target + 1e-8
    best = int(np.argmax(np.where(w > 0, mu, -np.inf)))
    lam = (slope[best] - w @ slope) / (mu[best] - target) if binds else 0.0
    nu = w @ slope - lam * target
    return lam, nu, np.where(w > 0, 0.0, slope - lam * mu - nu)


EXERCISE = Exercise(
    markowitz_dual,
    _portfolios,
    _prove,
    title="Prices that prove a portfolio",
    difficulty=3,
    minutes=15,
    hints=(
        "Where wᵢ > 0 the price sᵢ is 0. What do the rows of Σw = lam μ + nu 1 + s say there?",
        "These are equations for two numbers; if μᵀw > target, lam is 0 and they are equations for one.",
        "With lam and nu known, s = Σw − lam μ − nu 1 on the assets that are not held. It is nonnegative because w is best.",
    ),
    mistakes=(
        all_assets_in_one_system,
        target_always_priced,
        target_never_priced,
        nothing_for_the_zeros,
        signs_exchanged,
        twice_the_prices,
        prices_exchanged,
    ),
    alternatives=(_asset_by_asset, _from_two_averages),
    tol=1e-6,
)
