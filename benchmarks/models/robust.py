"""Huber, quantile and absolute deviations beside scikit-learn, statsmodels, HiGHS, skglm, CVXPY."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Answer, Case, Peer
from benchmarks.designs import Design
from benchmarks.models.common import ITERATIONS, cvxpy_peers, fitted, installed, one_pass, ours
from helpers import certificates, solvers

EPSILON = 1.35  # scikit-learn's default, in units of the noise
ALPHAS = (0.1, 1.0, 10.0)


def huber(design: Design) -> Iterator[Case]:
    """scikit-learn's regressor finds the noise σ along with w: its own σ makes it our problem.

    Its objective is nσ + Σ σρ(r/σ)... + α‖w‖², and at its σ the best w is ours for δ = εσ, λ = ασ.
    Where p ≥ n columns interpolate, σ falls to 0 and leaves no problem to solve.
    """
    from sklearn.linear_model import HuberRegressor

    if design.sparse or design.X.shape[1] >= len(design.y):
        return
    X, y = design.X, design.y
    for alpha in ALPHAS:

        def sklearn(t: float, alpha: float = alpha) -> HuberRegressor:
            return HuberRegressor(epsilon=EPSILON, alpha=alpha, tol=t, max_iter=ITERATIONS)

        sigma = float(sklearn(1e-10).fit(X, y).scale_)
        delta, lam = EPSILON * sigma, alpha * sigma

        skglm = partial(_skglm_huber, X, y, lam, delta)

        def objective(w: Any, b: Any, delta: float = delta, lam: float = lam) -> Any:
            import cvxpy as cp

            loss = 0.5 * cp.sum(cp.huber(X @ w + b - y, delta))
            return loss + 0.5 * lam * cp.sum_squares(w)

        yield Case(
            model="huber",
            data=design.name,
            setting=f"α={alpha:g}",
            n=X.shape[0],
            p=X.shape[1],
            ours=ours(solvers.huber, X, y, lam, delta),
            certify=lambda a, delta=delta, lam=lam: certificates.huber(
                X, y, lam, delta, a.w, a.b, a.dual
            ),
            peers=(
                fitted("HuberRegressor", sklearn, X, y, True),
                *([Peer("skglm", skglm)] if installed("skglm") else []),
                *cvxpy_peers(X.shape[1], True, objective),
            ),
            floor=one_pass(X),
        )


def _skglm_huber(X: np.ndarray, y: np.ndarray, lam: float, delta: float, t: float) -> Answer:
    from skglm import GeneralizedLinearEstimator
    from skglm.datafits import Huber
    from skglm.penalties import L1_plus_L2
    from skglm.solvers import AndersonCD

    n = len(y)
    solver = AndersonCD(tol=t, max_iter=1000, fit_intercept=True)
    penalty = L1_plus_L2(lam / n, 0.0)  # no ℓ1 share: ½α‖w‖²
    model = GeneralizedLinearEstimator(Huber(delta), penalty, solver).fit(X, y)
    return Answer(np.ravel(model.coef_), float(np.ravel(model.intercept_)[0]))


def quantile(design: Design) -> Iterator[Case]:
    for tau, lam in ((0.5, 0.0), (0.9, 0.0), (0.9, 1.0)):
        yield from _check_loss(design, "quantile", tau, lam, f"τ={tau:g}, λ={lam:g}")


def lad(design: Design) -> Iterator[Case]:
    for lam in (0.0, 1.0):
        yield from _check_loss(design, "lad", 0.5, lam, f"λ={lam:g}")


def _check_loss(design: Design, model: str, tau: float, lam: float, setting: str) -> Iterator[Case]:
    X, y = design.X, design.y
    n, p = X.shape
    if design.sparse or (lam == 0 and p >= n):  # without a penalty p ≥ n interpolates
        return
    scale = 2.0 if model == "lad" else 1.0  # |r| is twice the median's loss

    def objective(w: Any, b: Any) -> Any:
        import cvxpy as cp

        r = y - X @ w - b
        return scale * cp.sum(cp.maximum(tau * r, (tau - 1) * r)) + 0.5 * lam * cp.sum_squares(w)

    peers = list(cvxpy_peers(p, True, objective))
    if lam == 0:
        peers += [*_highs(X, y, tau), Peer("statsmodels", partial(_statsmodels, X, y, tau))]
    if model == "lad":
        run = ours(solvers.lad, X, y, lam)
        proof = partial(certificates.lad, X, y, lam)
    else:
        run = ours(solvers.quantile, X, y, lam, tau)
        proof = partial(certificates.quantile, X, y, lam, tau)
    yield Case(
        model=model,
        data=design.name,
        setting=setting,
        n=n,
        p=p,
        ours=run,
        certify=lambda a: proof(a.w, a.b, a.dual),
        peers=tuple(peers),
        floor=one_pass(X),
    )


def _highs(X: np.ndarray, y: np.ndarray, tau: float) -> list[Peer]:
    """scikit-learn's regressor hands the linear program to SciPy's HiGHS."""
    from sklearn.linear_model import QuantileRegressor

    def make(solver: str, t: float) -> QuantileRegressor:
        tolerance = float(np.clip(t, 1e-10, 1e-1))  # what HiGHS accepts
        options = {name: tolerance for name in ("primal", "dual")}
        options = {f"{name}_feasibility_tolerance": value for name, value in options.items()}
        return QuantileRegressor(quantile=tau, alpha=0.0, solver=solver, solver_options=options)

    return [
        fitted(f"QuantileRegressor {solver}", partial(make, solver), X, y, True)
        for solver in ("highs-ds", "highs-ipm")
    ]


def _statsmodels(X: np.ndarray, y: np.ndarray, tau: float, t: float) -> Answer:
    import statsmodels.api as sm

    fit = sm.QuantReg(y, sm.add_constant(X)).fit(tau, p_tol=t, max_iter=10_000)
    return Answer(np.asarray(fit.params[1:]), float(fit.params[0]))
