"""Linear and quadratic programs beside HiGHS, Clarabel and OSQP."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from scipy.optimize import linprog

from benchmarks.case import Answer, Case, Peer
from benchmarks.designs import Design, generator
from benchmarks.models.common import CVXPY_TOLERANCES
from helpers import certificates, solvers

Program = dict[str, np.ndarray | None]


def linear_program(design: Design) -> Iterator[Case]:
    """A covering of the data's rows: min 1ᵀx, and absolute deviations as a program in (w, t)."""
    X = _rows(design)
    if X is None:
        return
    n, p = X.shape
    rng = generator(design.seed, f"program of {design.name}")
    inside = rng.standard_normal(p)
    slack = rng.uniform(0, 1, n)
    box = np.vstack([np.eye(p), -np.eye(p)])
    random = {
        "q": -X.T @ rng.uniform(0, 1, n) / n,
        "G": np.vstack([X, box]),
        "h": np.concatenate([X @ inside + slack, np.full(2 * p, 10.0 + np.abs(inside).max())]),
    }
    yield from _case("linear_program", design.name, "polytope", random)
    cover = np.abs(X[:, : p // 2 + 1])
    yield from _case(
        "linear_program",
        design.name,
        "covering",
        {
            "q": rng.uniform(1, 2, cover.shape[1]),
            "G": np.vstack([-cover, -np.eye(cover.shape[1])]),
            "h": np.append(-np.ones(n) * np.quantile(cover, 0.5), np.zeros(cover.shape[1])),
        },
    )
    y = design.y[:n] / np.abs(design.y[:n]).max()
    worst = np.ones((n, 1))
    chebyshev = {
        "q": np.append(np.zeros(p), 1.0),
        "G": np.vstack([np.hstack([X, -worst]), np.hstack([-X, -worst])]),
        "h": np.append(y, -y),
    }
    yield from _case("linear_program", design.name, "Chebyshev fit", chebyshev)


def quadratic_program(design: Design) -> Iterator[Case]:
    """Non-negative least squares, a portfolio, and a fit in a polytope, from the data."""
    X = _rows(design)
    if X is None:
        return
    n, p = X.shape
    y = design.y[:n] - design.y[:n].mean()
    P = X.T @ X / n + 1e-3 * np.eye(p)
    q = -X.T @ y / (n * y.std())
    positive: Program = {"P": P, "q": q, "G": -np.eye(p), "h": np.zeros(p)}
    yield from _case("quadratic_program", design.name, "non-negative", positive)
    budget: Program = {**positive, "A": np.ones((1, p)), "b": np.ones(1)}
    yield from _case("quadratic_program", design.name, "portfolio", budget)
    rows = X[: min(n, 2 * p)]
    centre = np.full(p, 0.1)
    polytope = {"P": P, "q": q, "G": rows, "h": rows @ centre + 0.1}
    yield from _case("quadratic_program", design.name, "polytope", polytope)


def _rows(design: Design) -> np.ndarray | None:
    """At most 1000 rows and 400 columns of a dense design: programs are small and dense here."""
    return None if design.sparse else design.X[:1000, :400]


def _case(model: str, data: str, setting: str, given: Program) -> Iterator[Case]:
    program = {name: given.get(name) for name in ("P", "q", "G", "h", "A", "b")}
    q, G = program["q"], program["G"]
    rest = tuple(program[name] for name in ("q", "G", "h", "A", "b"))
    if model == "linear_program":
        run: Callable[[float], Answer] = lambda t: _answer(solvers.linear_program(*rest, tol=t))
        peers = [Peer(f"HiGHS {m}", partial(_highs, rest, m)) for m in ("ds", "ipm")]
        proof: Any = certificates.linear_program
        args: tuple = rest
    else:
        run = lambda t: _answer(solvers.quadratic_program(program["P"], *rest, tol=t))
        peers = []
        proof = certificates.quadratic_program
        args = (program["P"], *rest)
    peers += [
        Peer(f"CVXPY {solver.capitalize()}", partial(_cvxpy, program, solver))
        for solver in CVXPY_TOLERANCES
    ]
    peers.append(Peer("Clarabel itself", partial(_clarabel, program)))
    H = np.eye(len(q)) + 0.1 / len(q)

    def floor() -> None:
        G.T @ (G @ q)
        lapack.dpotrf(H, lower=1)

    yield Case(
        model=model,
        data=data,
        setting=setting,
        n=len(G),
        p=len(q),
        ours=run,
        certify=lambda a: proof(*args, a.w, a.dual),
        peers=tuple(peers),
        floor=floor,
    )


def _answer(solution: Any) -> Answer:
    return Answer(solution.x, None, solution.certificate.point)


def _highs(program: tuple, method: str, tolerance: float) -> Answer:
    c, G, h, A, b = program
    t = float(np.clip(tolerance, 1e-10, 1e-1))  # what HiGHS accepts
    options = {"primal_feasibility_tolerance": t, "dual_feasibility_tolerance": t}
    if method == "ipm":
        options["ipm_optimality_tolerance"] = max(tolerance, 1e-12)
    found = linprog(c, G, h, A, b, bounds=(None, None), method=f"highs-{method}", options=options)
    nu = np.zeros(0) if A is None else -found.eqlin.marginals
    return Answer(found.x, None, (-found.ineqlin.marginals, nu))


def _cvxpy(program: Program, solver: str, tolerance: float) -> Answer:
    import cvxpy as cp

    P, q, G, h, A, b = program.values()
    x = cp.Variable(len(q))
    objective = q @ x if P is None else 0.5 * cp.quad_form(x, cp.psd_wrap(P)) + q @ x
    constraints = [G @ x <= h] if A is None else [G @ x <= h, A @ x == b]
    problem = cp.Problem(cp.Minimize(objective), constraints)
    problem.solve(solver=solver, **CVXPY_TOLERANCES[solver](tolerance))
    nu = np.zeros(0) if A is None else constraints[1].dual_value
    return Answer(x.value, None, (constraints[0].dual_value, nu))


def _clarabel(program: Program, tolerance: float) -> Answer:
    import clarabel

    P, q, G, h, A, b = program.values()
    n, k = len(q), 0 if A is None else len(A)
    P = np.zeros((n, n)) if P is None else P
    rows, right = (G, h) if A is None else (np.vstack([A, G]), np.append(b, h))
    cones = [clarabel.NonnegativeConeT(len(h))]
    cones = [clarabel.ZeroConeT(k), *cones] if k else cones
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    for name, value in CVXPY_TOLERANCES["CLARABEL"](tolerance).items():
        setattr(settings, name, value)
    upper = sparse.triu(sparse.csc_matrix(P)).tocsc()
    found = clarabel.DefaultSolver(
        upper, q, sparse.csc_matrix(rows), right, cones, settings
    ).solve()
    z = np.asarray(found.z)
    return Answer(np.asarray(found.x), None, (z[k:], z[:k]))
