"""Linear programs: quadratic programs without the quadratic term."""

from typing import Any

from helpers.solvers.quadratic_program import ProgramSolution, solve_program


def linear_program(
    c: Any,
    G: Any = None,
    h: Any = None,
    A: Any = None,
    b: Any = None,
    tol: float = 1e-8,
    start: ProgramSolution | None = None,
) -> ProgramSolution:
    """Minimise cᵀx subject to Gx ≤ h and Ax = b.

    c has n entries, G is m x n, A is k x n, dense or scipy.sparse (made dense); either pair may
    be left out.  Returns a solution whose `status` is "optimal", "infeasible" or "unbounded",
    with the certificate that proves it: see `quadratic_program`, whose errors it raises too.
    `start`, the optimum of a similar program, says which vertex to look at first.
    """
    return solve_program("linear_program", None, c, G, h, A, b, tol, start)
