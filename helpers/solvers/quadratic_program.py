"""Convex quadratic programs, proved optimal, infeasible or unbounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from scipy.linalg import lapack

from helpers.certificates import programs
from helpers.certificates.base import Certificate
from helpers.solvers.common import ConvergenceError, Solution, certified, check_number
from helpers.solvers.dual_newton import dual_newton
from helpers.solvers.interior_point import inequality_form
from helpers.solvers.program_data import Reduced, reduce_program
from helpers.solvers.program_input import checked, convex

STEPS, PATIENCE = 80, 4  # Newton steps; of those, that may pass without a smaller gap
ROUNDS_OFF = 1e-6  # a gap below which such steps are due to rounding
DRAFT = 1e-12  # a smaller gap is worth a proof for any tolerance
proofs: Any = programs  # called with a program's data in one go
MEETS = 1e-9  # a vertex may violate scaled constraints by this much: the certificate judges
RAY = 1e-7  # what an infeasibility or unboundedness certificate has to prove


Multipliers = tuple[np.ndarray, np.ndarray]


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
    P: Any,
    q: Any,
    G: Any = None,
    h: Any = None,
    A: Any = None,
    b: Any = None,
    tol: float = 1e-8,
    start: ProgramSolution | None = None,
) -> ProgramSolution:
    """Minimise ½xᵀPx + qᵀx subject to Gx ≤ h and Ax = b, with P symmetric positive semidefinite.

    P is n x n, q has n entries, G is m x n, A is k x n, dense or scipy.sparse (made dense);
    either pair may be left out.  A positive definite P goes to projected Newton steps on the
    multipliers.  Where they do not settle, and for every other P, equations and directions that no
    row sees are eliminated by QR, the rest goes to Mehrotra's method, which a linear program leaves
    as soon as its vertex shows; when that does not end in a proof, two always solvable linear
    programs look for Farkas multipliers and for a ray.  `start`, the optimum of a similar program,
    says by its multipliers which inequalities may hold with equality.

    Raises ValueError for NaN, shapes that do not match, and P that is not symmetric positive
    semidefinite; ConvergenceError, with the best answer attached, when nothing is proved to
    `tol`.  Source: Nocedal & Wright, Numerical Optimization, 16.6.
    """
    return solve_program("quadratic_program", P, q, G, h, A, b, tol, start)


def solve_program(
    model: str,
    P: Any,
    q: Any,
    G: Any,
    h: Any,
    A: Any,
    b: Any,
    tol: float,
    start: ProgramSolution | None,
) -> ProgramSolution:
    data: Any = checked(P, q, G, h, A, b, "c" if P is None else "q")
    tol, first = check_number("tol", tol), _multipliers(start, data[3], data[5])
    best: Solution | None = None
    factor, count = convex(data[0]), 0
    if factor is not None:
        _, q, G, h, A, b = data
        best = _proved(data, *dual_newton(factor, q, G, h, A, b, first))
        if best.certificate.proves(tol):
            return ProgramSolution("optimal", best.w, best.certificate, best.iterations)
    reduced = reduce_program(*data)
    if reduced.conflict is not None:  # the equations contradict one another
        proof: Any = proofs.infeasible(*data[2:], np.zeros(len(data[3])), reduced.conflict)
        if proof.proves(RAY):
            return ProgramSolution("infeasible", None, proof, 0)
    for x, multipliers, count in _answers(reduced, factor, tol, first):
        best = _better(best, _proved(data, x, multipliers, count))
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


def _answers(
    reduced: Reduced, factor: Any, tol: float, first: Multipliers | None
) -> Iterator[tuple[np.ndarray, Multipliers, int]]:
    """(x, multipliers, steps) that are worth a proof, which costs more than a look at the gap."""
    if first is not None and not reduced.quadratic:
        vertex = _vertex(reduced, first[0] > 0)
        if vertex is not None:
            yield reduced.answer(vertex[0]), reduced.multipliers(*vertex), 0
    tried: Any = None
    best: Any = None
    smallest, since = np.inf, 0
    for count, (v, s, z) in enumerate(islice(_iterates(reduced), STEPS), 1):
        gap = reduced.gap(v, z)
        since = 0 if gap < smallest else since + 1
        if since == 0:
            best, smallest = (v, s, z, count), gap
        if gap <= max(2 * tol, DRAFT):
            yield reduced.answer(v), reduced.multipliers(v, z), count
        elif not reduced.quadratic:
            active = z > s
            if tried is None or not np.array_equal(active, tried):
                tried, vertex = active, _vertex(reduced, active)
                if vertex is not None:
                    yield reduced.answer(vertex[0]), reduced.multipliers(*vertex), count
        if since == PATIENCE and smallest < ROUNDS_OFF:
            break
    if best is None:
        return
    v, s, z, count = best
    multipliers = reduced.multipliers(v, z)
    if smallest > max(2 * tol, DRAFT):
        yield reduced.answer(v), multipliers, count
    if factor is not None:  # the last digits, from where the iterates came to
        start = np.where(z > s, multipliers[0], 0.0), multipliers[1]
        _, q, G, h, A, b = reduced.source
        x, multipliers, steps = dual_newton(factor, q, G, h, A, b, start)
        yield x, multipliers, count + steps


def _vertex(reduced: Reduced, active: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(v, z) of a linear program if it is the vertex where these constraints hold with equality.

    Source: Ye (1992), On the finite convergence of interior-point algorithms for linear programming.
    """
    G, h = reduced.G, reduced.h
    if np.count_nonzero(active) != G.shape[1] or not len(reduced.q):
        return None
    factor, pivots, failed = lapack.dgetrf(G[active])
    if failed:
        return None
    v = lapack.dgetrs(factor, pivots, h[active])[0]
    multipliers = lapack.dgetrs(factor, pivots, -reduced.q, trans=1)[0]
    if multipliers.min() < -MEETS or (G @ v - h).max() > MEETS:
        return None
    z = np.zeros(len(h))
    z[active] = np.maximum(multipliers, 0.0)
    return v, z


def _multipliers(start: Any, h: np.ndarray, b: np.ndarray) -> Multipliers | None:
    """(z, ν) at `start`."""
    if start is None:
        return None
    sizes = None
    if isinstance(start, ProgramSolution) and isinstance(start.certificate, Certificate):
        sizes = tuple(len(part) for part in start.certificate.point)
    if sizes != (len(h), len(b)):
        raise ValueError(
            f"start must be the optimum of a program with {len(h)} inequalities and {len(b)} equations"
        )
    return start.certificate.point


def _proved(data: Any, x: np.ndarray, multipliers: Multipliers, count: int) -> Solution:
    return Solution(x, 0.0, proofs.quadratic_program(*data, x, multipliers), count)


def _better(best: Solution | None, other: Solution) -> Solution:
    """The one with the smaller of gap and violation; the other where that is not even finite."""

    def score(solution: Solution) -> float:
        proof = solution.certificate
        value = max(abs(proof.relative_gap), proof.violation)
        return value if np.isfinite(value) else np.inf

    return other if best is None or score(other) < score(best) else best


def _iterates(reduced: Reduced) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    P, q, G, h = reduced.P, reduced.q, reduced.G, reduced.h
    if reduced.drift.any():  # no optimum to iterate to
        return
    if len(h) == 0 or len(q) == 0:  # nothing to iterate: one linear system, or one point
        yield (np.linalg.solve(P, -q) if len(q) else q), h, np.zeros(len(h))
        return
    yield from inequality_form(P, q, G, h, reduced.gram)


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
    for u, _, z in islice(_iterates(reduced), STEPS):
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
