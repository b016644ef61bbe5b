"""Least squares, ridge, lasso and elastic net beside scikit-learn, celer, skglm and CVXPY."""

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import linalg
from scipy import sparse as sp

from benchmarks.case import Answer, Case, Peer
from benchmarks.designs import Design
from benchmarks.models.common import (
    ITERATIONS,
    PARTS,
    cvxpy_peers,
    exact,
    fitted,
    installed,
    lam_max,
    one_pass,
    ours,
)
from helpers import certificates, solvers


def least_squares(design: Design) -> Iterator[Case]:
    if design.sparse:  # its minimiser interpolates, and the proof asks for a dense matrix
        return
    from sklearn.linear_model import LinearRegression

    X, y = design.X, design.y

    def lapack(driver: str) -> Answer:
        mean = X.mean(axis=0)
        w = linalg.lstsq(X - mean, y - y.mean(), lapack_driver=driver)[0]
        return Answer(w, float(y.mean() - mean @ w))

    yield Case(
        model="least_squares",
        data=design.name,
        setting="",
        n=X.shape[0],
        p=X.shape[1],
        ours=ours(solvers.least_squares, X, y),
        certify=lambda a: certificates.least_squares(X, y, a.w, a.b, a.dual),
        peers=(
            exact("LinearRegression", LinearRegression, X, y, True),
            Peer("SciPy gelsd", lambda _: lapack("gelsd"), exact=True),
            Peer("SciPy gelsy", lambda _: lapack("gelsy"), exact=True),
        ),
        floor=one_pass(X),
    )


RIDGE = ("svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga")


def ridge(design: Design) -> Iterator[Case]:
    from sklearn.linear_model import Ridge

    X, y = design.X.tocsr() if design.sparse else design.X, design.y
    names = RIDGE[3:] if design.sparse else RIDGE
    for part in PARTS:
        lam = lam_max(X, y) / part

        def make(tolerance: float, solver: str, lam: float = lam) -> Ridge:
            return Ridge(lam, solver=solver, tol=tolerance, max_iter=ITERATIONS)

        yield Case(
            model="ridge",
            data=design.name,
            setting=f"λ_max/{part}",
            n=X.shape[0],
            p=X.shape[1],
            ours=ours(solvers.ridge, X, y, lam),
            certify=lambda a, lam=lam: certificates.ridge(X, y, lam, a.w, a.b, a.dual),
            peers=tuple(
                exact(f"Ridge {name}", lambda name=name, make=make: make(0.0, name), X, y, True)
                if name in ("svd", "cholesky")
                else fitted(
                    f"Ridge {name}", lambda t, name=name, make=make: make(t, name), X, y, True
                )
                for name in names
            ),
            floor=one_pass(X),
        )


def lasso(design: Design) -> Iterator[Case]:
    X, y = _columns(design)
    for part in PARTS:
        lam = lam_max(X, y) / part
        yield _sparse_model("lasso", design, X, y, lam, 0.0, f"λ_max/{part}")


def elastic_net(design: Design) -> Iterator[Case]:
    X, y = _columns(design)
    for part in PARTS:
        lam = lam_max(X, y) / part
        yield _sparse_model("elastic_net", design, X, y, lam, lam, f"λ_max/{part}")


def _columns(design: Design) -> tuple[Any, np.ndarray]:
    """X stored by columns, as those who descend along coordinates like it."""
    return design.X.tocsc() if design.sparse else np.asfortranarray(design.X), design.y


def _sparse_model(
    name: str, design: Design, X: Any, y: np.ndarray, lam1: float, lam2: float, setting: str
) -> Case:
    from sklearn.linear_model import ElasticNet, Lasso, LassoLars

    n, p = X.shape
    if lam2 == 0:
        run = ours(solvers.lasso, X, y, lam1)
        common: dict[str, Any] = {"alpha": lam1 / n}
        estimator: Any = Lasso
    else:
        run = ours(solvers.elastic_net, X, y, lam1, lam2)
        common = {"alpha": (lam1 + lam2) / n, "l1_ratio": lam1 / (lam1 + lam2)}
        estimator = ElasticNet
    named = estimator.__name__

    def sklearn(**more: Any) -> Any:
        return lambda t: estimator(**common, tol=t, max_iter=ITERATIONS, **more)

    peers = [
        fitted(f"{named} cyclic", sklearn(), X, y, True),
        fitted(f"{named} random", sklearn(selection="random", random_state=0), X, y, True),
    ]
    for package in filter(installed, ("celer", "skglm")):  # their classes have the same names
        other = getattr(importlib.import_module(package), named)

        def make(t: float, other: Any = other) -> Any:
            return other(**common, tol=t, max_iter=1000)

        peers.append(fitted(package, make, X, y, True))
    if not sp.issparse(X):
        peers.append(fitted(f"{named} with Gram", sklearn(precompute=True), X, y, True))
        if lam2 == 0:
            lars = lambda: LassoLars(lam1 / n, max_iter=ITERATIONS)
            peers.append(exact("LassoLars", lars, X, y, True))
        peers += cvxpy_peers(p, True, lambda w, b: _objective(X, y, lam1, lam2, w, b))
    return Case(
        model=name,
        data=design.name,
        setting=setting,
        n=n,
        p=p,
        ours=run,
        certify=lambda a: certificates.elastic_net(X, y, lam1, lam2, a.w, a.b, a.dual),
        peers=tuple(peers),
        floor=one_pass(X),
    )


def _objective(X: Any, y: np.ndarray, lam1: float, lam2: float, w: Any, b: Any) -> Any:
    import cvxpy as cp

    fit = 0.5 * cp.sum_squares(X @ w + b - y) + lam1 * cp.norm1(w)
    return fit + 0.5 * lam2 * cp.sum_squares(w) if lam2 else fit
