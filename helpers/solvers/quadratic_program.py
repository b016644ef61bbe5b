"""Convex quadratic programs, proved optimal, infeasible or unbounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from helpers.certificates import programs
from helpers.certificates.base import Certificate
from helpers.solvers.common import ConvergenceError, Solution, certified, check_number
from helpers.solvers.interior_point import inequality_form
from helpers.solvers.program_data import Reduced, reduce_program

STEPS = 80
proofs: Any = programs  # called with a program's data in one go
RAY = 1e-7  # what an infeasibility or unboundedness certificate has to prove


@dataclass(frozen=True)
class ProgramSolution:
    """`status` is "optimal", "infeasible" or "unbounded", and `certificate` proves it.

    x is the answer, None when there is none: then `certificate` is an `Infeasible` (Farkas'
    multipliers) or an `Unbounded` (a feasible point and a ray).  At an optimum
    `certificate.point` is (z, ν), the multipliers of Gx ≤ h and Ax = b.
    """

    status: str
    x: np.ndarray | None
    certificate: Certificate | programs.Infeasible | programs.Unbounded
    iterations: int


def quadratic_program(
    P: Any, q: Any, G: Any = None, h: Any = None, A: Any = None, b: Any = None, tol: float = 1e-8
) -> ProgramSolution:
    """Minimise ½xᵀPx + qᵀx subject to Gx ≤ h and Ax = b, with P symmetric positive semidefinite.

    P is n x n, q has n entries, G is m x n, A is k x n, dense or scipy.sparse (made dense);
    either pair may be left out.  Equations and directions that no row sees are eliminated by QR,
    the rest goes to Mehrotra's method; when that does not end in a proof, two always solvable
    linear programs look for Farkas multipliers and for a ray.

    Raises ValueError for NaN, shapes that do not match, and P that is not symmetric positive
    semidefinite; ConvergenceError, with the best answer attached, when nothing is proved to
    `tol`.  Source: Nocedal & Wright, Numerical Optimization, 16.6.
    """
    return solve_program("quadratic_program", P, q, G, h, A, b, tol)


def solve_program(
    model: str, P: Any, q: Any, G: Any, h: Any, A: Any, b: Any, tol: float
) -> ProgramSolution:
    data: Any = checked(P, q, G, h, A, b, "c" if P is None else "q")
    tol = check_number("tol", tol)
    reduced = reduce_program(*data)
    best: Solution | None = None
    count, proof = 0, cast(Any, None)
    if reduced.conflict is not None:  # the equations contradict one another
        proof = proofs.infeasible(*data[2:], np.zeros(len(data[3])), reduced.conflict)
        if proof.proves(RAY):
            return ProgramSolution("infeasible", None, proof, 0)
    last = None
    for count, (v, z) in enumerate(islice(_iterates(reduced), STEPS), 1):
        last = v, z
        if not reduced.promises(v, z, tol):  # a draft is cheap, a proof is not
            continue
        best, last = _better(best, _proved(data, reduced, v, z, count)), None
        if best.certificate.proves(tol):
            return ProgramSolution("optimal", best.w, best.certificate, count)
    if last is not None:
        best = _better(best, _proved(data, reduced, *last, count))
        if best.certificate.proves(tol):
            return ProgramSolution("optimal", best.w, best.certificate, count)
    level, point, farkas = _phase_one(reduced)
    if level > 0:
        proof = proofs.infeasible(*data[2:], *farkas)
        if proof.proves(RAY):
            return ProgramSolution("infeasible", None, proof, count)
    ray = proofs.unbounded(*data, point, _ray(reduced))
    if ray.proves(RAY):
        return ProgramSolution("unbounded", None, ray, count)
    if best is None:
        proof = proofs.quadratic_program(*data, point)
        best = Solution(point, 0.0, proof, count)
    certified(model, best, tol)
    raise ConvergenceError(model, tol, best)


def _proved(data: Any, reduced: Reduced, v: np.ndarray, z: np.ndarray, count: int) -> Solution:
    x = reduced.answer(v)
    return Solution(x, 0.0, proofs.quadratic_program(*data, x, reduced.multipliers(v, z)), count)


def _better(best: Solution | None, other: Solution) -> Solution:
    """The one with the smaller of gap and violation; the other where that is not even finite."""

    def score(solution: Solution) -> float:
        proof = solution.certificate
        value = max(abs(proof.relative_gap), proof.violation)
        return value if np.isfinite(value) else np.inf

    return other if best is None or score(other) < score(best) else best


def _iterates(reduced: Reduced) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    P, q, G, h = reduced.P, reduced.q, reduced.G, reduced.h
    if reduced.drift.any():  # no optimum to iterate to
        return
    if len(h) == 0 or len(q) == 0:  # nothing to iterate: one linear system, or one point
        yield (np.linalg.solve(P, -q) if len(q) else q), np.zeros(len(h))
        return
    yield from inequality_form(P, q, G, h)


def _phase_one(
    reduced: Reduced,
) -> tuple[float, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """min t, Gv − t ≤ h, t ≥ −1: above 0 its multipliers are Farkas', below, v is feasible."""
    m, r = reduced.G.shape
    G = np.block([[reduced.G, -np.ones((m, 1))], [np.zeros((1, r)), -np.ones((1, 1))]])
    v, z = _linear(np.append(np.zeros(r), 1.0), G, np.append(reduced.h, 1.0))
    farkas = reduced.multipliers(v[:r], z[:m], objective=False)
    return float(v[r]), reduced.answer(v[:r]), farkas


def _ray(reduced: Reduced) -> np.ndarray:
    """The steepest d with Pd = 0, Gd ≤ 0 in a box, in the program's own coordinates."""
    if reduced.drift.any():  # a direction that neither P nor a constraint sees
        return -reduced.drift
    r = len(reduced.q)
    values, vectors = np.linalg.eigh(reduced.P) if r else (np.zeros(0), np.zeros((0, 0)))
    N = vectors[:, values <= 1e-12 * max(1.0, values.max(initial=0.0))]
    if N.shape[1] == 0:
        return reduced.direction(np.zeros(r))
    box = np.vstack([np.eye(N.shape[1]), -np.eye(N.shape[1])])
    h = np.append(np.zeros(len(reduced.G)), np.ones(len(box)))
    d, _ = _linear(N.T @ reduced.q, np.vstack([reduced.G @ N, box]), h)
    return reduced.direction(N @ d)


def _linear(c: np.ndarray, G: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mehrotra's iterate with the smallest gap and residuals, for a solvable linear program."""
    reduced = reduce_program(
        np.zeros((len(c), len(c))), c, G, h, np.zeros((0, len(c))), np.zeros(0)
    )
    best: Any = None
    smallest = np.inf
    for u, z in islice(_iterates(reduced), STEPS):
        v, (z, _) = reduced.answer(u), reduced.multipliers(u, z)
        score = max(
            np.maximum(G @ v - h, 0).max(initial=0.0),
            np.abs(c + G.T @ z).max(initial=0.0),
            abs(c @ v + h @ z),
        )
        if best is None or score < smallest:
            best, smallest = (v, z), score
        if smallest < 1e-13:
            break
    return best


def checked(P: Any, q: Any, G: Any, h: Any, A: Any, b: Any, name: str) -> tuple[np.ndarray, ...]:
    """The program's data as float64 arrays, or a ValueError that names what is wrong."""
    dense = [part.toarray() if sparse.issparse(part) else part for part in (P, q, G, h, A, b)]
    q = np.asarray(dense[1], dtype=float)
    if q.ndim != 1 or len(q) == 0:
        raise ValueError(f"{name} must have one axis and an entry a variable; it is {q.shape}")
    for rows, right, first, second in ((2, 3, "G", "h"), (4, 5, "A", "b")):
        if (dense[rows] is None) != (dense[right] is None):
            raise ValueError(f"{first} and {second} come together: one of them is missing")
    P, G, h, A, b = programs.filled(dense[0], q, *dense[2:])
    data = (P, q, G, h, A, b)
    n, m, k = len(q), h.size, b.size
    shapes = (("P", (n, n)), (name, (n,)), ("G", (m, n)), ("h", (m,)), ("A", (k, n)), ("b", (k,)))
    for part, (label, shape) in zip(data, shapes, strict=True):
        if part.shape != shape:
            raise ValueError(f"{label} must have shape {shape}; it has {part.shape}")
        if not np.isfinite(part).all():
            raise ValueError(f"{label} holds NaN or infinity")
    size = np.abs(P).max(initial=0.0)
    if np.abs(P - P.T).max(initial=0.0) > 1e-12 * size:
        raise ValueError("P must be symmetric")
    if size > 0:
        scale = np.sqrt(np.maximum(P.diagonal(), 1e-16 * size))
        unit = P / np.outer(scale, scale)
        lifted = unit + 1e-9 * np.eye(n)
        lowest = 0.0
        if lapack.dpotrf(lifted, lower=1, clean=0)[1]:  # slower, but it can tell how far off P is
            lowest = np.linalg.eigvalsh(unit)[0]
        if lowest < -1e-9:
            raise ValueError(
                f"P must be positive semidefinite: scaled to a unit diagonal it has the "
                f"eigenvalue {lowest:.3g}, so the objective is not convex"
            )
    return data
