"""What the models' cases share: the floor, and one quadratic or linear model in CVXPY."""

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from benchmarks.case import Answer, Peer

PARTS = (2, 10, 100)  # λ is λ_max over these
COSTS = (0.1, 1.0, 10.0)  # C over three decades
ITERATIONS = 1_000_000  # never what stops a peer


def installed(name: str) -> bool:
    """Whether a peer's package is there: without it, its rows simply have one peer fewer."""
    return importlib.util.find_spec(name) is not None


def lam_max(X: Any, y: np.ndarray) -> float:
    """The λ from which on the lasso's answer is 0."""
    return float(np.abs(X.T @ (y - y.mean())).max())


def one_pass(X: Any, square: bool = False) -> Callable[[], None]:
    """The floor: XXᵀ1 read once, and where data are dense one Cholesky factor of the smaller Gram."""
    n, p = X.shape
    rng = np.random.default_rng(0)
    r, q = rng.standard_normal(n), min(n, p)
    if sparse.issparse(X) or (q > 2000 and not square):
        return lambda: X.T @ r
    H = np.eye(q) + 0.1 / q

    def run() -> None:
        X.T @ r
        lapack.dpotrf(H, lower=1)

    return run


def ours(solver: Callable[..., Any], *data: Any, intercept: bool = True, **options: Any) -> Any:
    """tol -> Answer, for a solver with w, intercept and certificate."""

    def solve(tol: float) -> Answer:
        s = solver(*data, tol=tol, intercept=intercept, **options)
        return Answer(s.w, s.intercept if intercept else None, s.certificate.point)

    return solve


def fitted(name: str, make: Callable[[float], Any], X: Any, y: Any, intercept: bool) -> Peer:
    """A scikit-learn style estimator, made from a tolerance and fitted."""

    def solve(tolerance: float) -> Answer:
        model = make(tolerance).fit(X, y)
        return Answer(
            np.ravel(model.coef_), float(np.ravel(model.intercept_)[0]) if intercept else None
        )

    return Peer(name, solve)


def exact(name: str, make: Callable[[], Any], X: Any, y: Any, intercept: bool) -> Peer:
    """The same for an estimator without a tolerance."""
    return Peer(name, fitted(name, lambda _: make(), X, y, intercept).solve, exact=True)


CVXPY_TOLERANCES: dict[str, Callable[[float], dict[str, Any]]] = {
    "CLARABEL": lambda t: {"tol_gap_abs": t, "tol_gap_rel": t, "tol_feas": t},
    "OSQP": lambda t: {"eps_abs": t, "eps_rel": t, "max_iter": ITERATIONS, "polishing": True},
}


def cvxpy_peers(p: int, intercept: bool, objective: Callable[[Any, Any], Any]) -> list[Peer]:
    """CVXPY on objective(w, b), built and solved, by Clarabel and by OSQP."""

    def solve(solver: str, tolerance: float) -> Answer:
        import cvxpy as cp

        w = cp.Variable(p)
        b = cp.Variable() if intercept else 0.0
        problem = cp.Problem(cp.Minimize(objective(w, b)))
        problem.solve(solver=solver, **CVXPY_TOLERANCES[solver](tolerance))
        return Answer(w.value, float(b.value) if intercept else None)

    return [
        Peer(f"CVXPY {solver.capitalize()}", lambda t, solver=solver: solve(solver, t))
        for solver in CVXPY_TOLERANCES
    ]
