"""Logistic regression (plain, sparse, softmax) and linear SVMs beside scikit-learn and others."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Answer, Case, Peer
from benchmarks.designs import Design
from benchmarks.models.common import (
    COSTS,
    ITERATIONS,
    PARTS,
    cvxpy_peers,
    fitted,
    installed,
    one_pass,
    ours,
)
from helpers import certificates, solvers

SMOOTH = ("lbfgs", "newton-cg", "newton-cholesky", "sag", "saga")
# liblinear and celer have no unpenalised intercept: models without one are compared as well
VARIANTS = (True, False)


def logistic(design: Design) -> Iterator[Case]:
    from sklearn.linear_model import LogisticRegression

    X, y = _rows(design), design.labels
    for C, intercept in _settings(COSTS):
        lam = 1 / C
        names = SMOOTH if intercept else (*SMOOTH, "liblinear", "liblinear dual")
        if design.X.shape[1] > 20_000:
            names = tuple(name for name in names if name != "newton-cholesky")

        def make(t: float, name: str, C: float = C, intercept: bool = intercept) -> Any:
            solver, dual = name.split()[0], name.endswith("dual")
            return LogisticRegression(
                C=C, solver=solver, dual=dual, tol=t, max_iter=ITERATIONS, fit_intercept=intercept
            )

        yield Case(
            model="logistic",
            data=design.name,
            setting=_label(f"C={C:g}", intercept),
            n=X.shape[0],
            p=X.shape[1],
            ours=ours(solvers.logistic, X, y, lam, intercept=intercept),
            certify=lambda a, lam=lam: certificates.logistic(X, y, lam, a.w, a.b, a.dual),
            peers=tuple(
                fitted(name, lambda t, name=name, make=make: make(t, name), X, y, intercept)
                for name in names
            ),
            floor=one_pass(X),
        )


def sparse_logistic(design: Design) -> Iterator[Case]:
    from sklearn.linear_model import LogisticRegression

    X, y = design.X.tocsc() if design.sparse else np.asfortranarray(design.X), design.labels
    n, p = X.shape
    highest = float(np.abs(X.T @ (y - y.mean())).max()) / 2
    for part, intercept in _settings(PARTS):
        lam = highest / part

        def sklearn(t: float, solver: str, lam: float = lam, intercept: bool = intercept) -> Any:
            return LogisticRegression(
                C=1 / lam,
                l1_ratio=1.0,
                solver=solver,
                tol=t,
                max_iter=ITERATIONS,
                fit_intercept=intercept,
            )

        peers = [fitted("saga", lambda t, make=sklearn: make(t, "saga"), X, y, intercept)]
        if installed("skglm"):
            peers.append(fitted("skglm", partial(_skglm, lam / n, intercept), X, y, intercept))
        if not intercept:
            liblinear = partial(sklearn, solver="liblinear")
            peers.append(fitted("liblinear", liblinear, X, y, False))
            if installed("celer"):
                peers.append(fitted("celer", partial(_celer, 1 / lam), X, y, False))
        yield Case(
            model="sparse_logistic",
            data=design.name,
            setting=_label(f"λ_max/{part}", intercept),
            n=n,
            p=p,
            ours=ours(solvers.sparse_logistic, X, y, lam, intercept=intercept),
            certify=lambda a, lam=lam: certificates.sparse_logistic(X, y, lam, a.w, a.b, a.dual),
            peers=tuple(peers),
            floor=one_pass(X),
        )


def _skglm(alpha: float, intercept: bool, t: float) -> Any:
    from skglm import SparseLogisticRegression

    return SparseLogisticRegression(alpha, tol=t, max_iter=1000, fit_intercept=intercept)


def _celer(C: float, t: float) -> Any:
    from celer import LogisticRegression

    return LogisticRegression(C, tol=t, max_iter=1000)


def softmax(design: Design) -> Iterator[Case]:
    from sklearn.linear_model import LogisticRegression

    if design.classes is None or design.X.shape[1] > 20_000:
        return
    X, y = _rows(design), design.classes
    for C in COSTS:

        def solve(t: float, solver: str, C: float = C) -> Answer:
            model = LogisticRegression(C=C, solver=solver, tol=t, max_iter=ITERATIONS).fit(X, y)
            return Answer(model.coef_.T, model.intercept_)

        yield Case(
            model="softmax",
            data=design.name,
            setting=f"C={C:g}",
            n=X.shape[0],
            p=X.shape[1],
            ours=ours(solvers.softmax, X, y, 1 / C),
            certify=lambda a, lam=1 / C: certificates.softmax(X, y, lam, a.w, a.b, a.dual),
            peers=tuple(
                Peer(name, lambda t, name=name, solve=solve: solve(t, name)) for name in SMOOTH
            ),
            floor=one_pass(X),
        )


def svm(design: Design) -> Iterator[Case]:
    from sklearn.svm import SVC, LinearSVC

    X, y = _rows(design), design.labels
    p = X.shape[1]
    for C, intercept in _settings(COSTS):

        def libsvm(t: float, C: float = C) -> Answer:
            model = SVC(C=C, kernel="linear", tol=t, cache_size=1000).fit(X, y)
            a = np.zeros(len(y))
            a[model.support_] = np.abs(model.dual_coef_).ravel()
            w = np.ravel(model.coef_.toarray() if design.sparse else model.coef_)
            return Answer(w, float(model.intercept_[0]), a)

        def liblinear(t: float, C: float = C) -> LinearSVC:
            return LinearSVC(
                C=C, loss="hinge", tol=t, fit_intercept=False, max_iter=ITERATIONS, dual=True
            )

        def objective(w: Any, b: Any, C: float = C) -> Any:
            import cvxpy as cp

            loss = cp.sum(cp.pos(1 - cp.multiply(y, X @ w + b)))
            return 0.5 * cp.sum_squares(w) + C * loss

        if intercept:
            peers = [Peer("libsvm", libsvm)]
        else:
            peers = [fitted("liblinear", liblinear, X, y, False)]
        yield Case(
            model="svm",
            data=design.name,
            setting=_label(f"C={C:g}", intercept),
            n=X.shape[0],
            p=p,
            ours=ours(solvers.svm, X, y, C, intercept=intercept),
            certify=lambda a, C=C: certificates.svm(X, y, C, a.w, a.b, a.dual),
            peers=(*peers, *cvxpy_peers(p, intercept, objective)),
            floor=one_pass(X),
        )


def _rows(design: Design) -> Any:
    return design.X.tocsr() if design.sparse else design.X


def _settings(values: tuple[float, ...]) -> Iterator[tuple[float, bool]]:
    """Every value with an intercept, and the middle one without."""
    for intercept in VARIANTS:
        for value in values if intercept else values[1:2]:
            yield value, intercept


def _label(setting: str, intercept: bool) -> str:
    return setting if intercept else f"{setting}, no intercept"
