"""First-order methods on a convex set C: by projecting, by linear minimisation, by a mirror."""

from collections.abc import Iterator

import numpy as np
from scipy.special import softmax

from helpers.objectives.protocols import ConvexSet, Differentiable, Smooth

from .schedule import Step, step_at


def projected_gradient(
    f: Smooth, C: ConvexSet, x: np.ndarray, step: float | None = None
) -> Iterator[np.ndarray]:
    """x_next = P_C(x − step ∇f(x)), step = 1/L unless given: ISTA with the indicator of C.

    f convex, x₀ in C: f(x_k) − f* ≤ L‖x₀ − x*‖² / (2k).  Goldstein (1964); Levitin & Polyak (1966).
    """
    step = 1 / f.L if step is None else step
    while True:
        yield x
        x = C.project(x - step * f.grad(x))


def frank_wolfe(f: Differentiable, C: ConvexSet, x: np.ndarray) -> Iterator[np.ndarray]:
    """s = argmin over C of ∇f(x)ᵀs, x_next = x + 2/(k + 2) (s − x): no projection.

    f(x_k) − f* ≤ 2L diam(C)² / (k + 2), and ∇f(x)ᵀ(x − s) is a duality gap: it bounds f(x) − f*.
    x₀ in C.  Frank & Wolfe (1956); Jaggi (2013), Theorem 1.
    """
    k = 0
    while True:
        yield x
        s = C.lmo(f.grad(x))
        x = x + 2 / (k + 2) * (s - x)
        k = k + 1


def frank_wolfe_away(f: Smooth, C: ConvexSet, x: np.ndarray) -> Iterator[np.ndarray]:
    """Frank-Wolfe that may also step away from the worst vertex used so far; C a polytope.

    x₀ is a vertex of C. Step min(largest allowed, −∇fᵀd / (L‖d‖²)). Linear convergence for strongly
    convex f, where the plain method zigzags at 1/k.  Lacoste-Julien & Jaggi (2015), Algorithm 1.
    """
    atoms, weights = [x], [1.0]  # x = Σ weights · atoms
    while True:
        yield x
        g = f.grad(x)
        s = C.lmo(g)
        worst = int(np.argmax([g @ atom for atom in atoms]))
        away = g @ (atoms[worst] - x) > g @ (x - s)
        d = x - atoms[worst] if away else s - x
        largest = weights[worst] / (1 - weights[worst]) if away else 1.0
        step = min(largest, -(g @ d) / (f.L * (d @ d))) if g @ d < 0 else 0.0
        if away:
            weights = [(1 + step) * weight for weight in weights]
            weights[worst] = weights[worst] - step
        else:
            weights = [(1 - step) * weight for weight in weights] + [step]
            atoms = [*atoms, s]
        atoms, weights = _merged(atoms, weights)
        x = x + step * d


def _merged(atoms: list[np.ndarray], weights: list[float]) -> tuple[list[np.ndarray], list[float]]:
    """Each atom once, with its weights added up; those of weight 0 are dropped."""
    kept: dict[bytes, tuple[np.ndarray, float]] = {}
    for atom, weight in zip(atoms, weights, strict=True):
        if weight > 1e-14:
            kept[atom.tobytes()] = (atom, weight + kept.get(atom.tobytes(), (atom, 0.0))[1])
    return [atom for atom, _ in kept.values()], [weight for _, weight in kept.values()]


def mirror_descent(f: Differentiable, x: np.ndarray, step: Step) -> Iterator[np.ndarray]:
    """Exponentiated gradient on the simplex: x_next ∝ x exp(−step ∇f(x)).  x₀ > 0, Σ x₀ = 1.

    The entropy is the mirror. f convex with |∂²f/∂xᵢ∂xⱼ| ≤ M and step ≤ 1/M, x₀ uniform:
    f(x_k) − f* ≤ log(p) / (step k), p the dimension.  Nemirovski & Yudin (1983); Beck & Teboulle
    (2003); the rate is Lu, Freund & Nesterov (2018), Theorem 3.1.
    """
    k = 0
    while True:
        yield x
        with np.errstate(divide="ignore"):  # an entry that underflowed to 0 stays there
            x = softmax(np.log(x) - step_at(step, k) * f.grad(x))
        k = k + 1
