"""choose_solver: the method that is named is run, and its multiplications are compared with those of the best."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise
from .common import METHODS, costs


def choose_solver(loss, penalty, n, p, kappa, tol):
    """A method, one of six words, that solves the problem with not much more work
    than the best of the six.

    X is n x p and dense. loss is "squares", "logistic" (both convex in the p weights) or
    "network" (one hidden layer); penalty is "l2" or "l1" ("l1" with squares only); kappa is the
    condition number L/μ; tol the gap to be proved, where the loss at 0 is about 1.
    Methods: "direct" (one linear system of the size of the smaller of n and p; for squares with
    l2), "newton" (a linear system of size p a step), "gradient descent", "nesterov",
    "coordinate descent", "several starts" (for what is not convex). Work is counted in
    multiplications.
    """
    if loss == "network":
        return "several starts"
    if penalty == "l1":
        return "coordinate descent"
    digits = np.log(1 / tol)
    small = min(n, p)
    work = {
        "newton": 8 * (n * p * p + p**3 / 3),
        "nesterov": 2 * n * p * np.sqrt(kappa) * digits,
        "gradient descent": n * p * kappa * digits,
    }
    if loss == "squares":
        work["direct"] = n * p * small + small**3 / 3
    return min(work, key=lambda name: work[name])


def _problems(rng: np.random.Generator) -> Iterator[Arguments]:
    descriptions = [
        ("squares", "l2", 200, 8, 100.0, 1e-8),  # few columns: one system
        ("squares", "l2", 12, 300, 1000.0, 1e-8),  # few rows: one small system
        ("squares", "l2", 300, 300, 2.0, 1e-3),  # large, easy and rough: steps
        ("logistic", "l2", 300, 5, 1000.0, 1e-8),  # few columns, badly conditioned
        ("logistic", "l2", 60, 240, 200.0, 1e-4),  # a system of size p would be too large
        ("logistic", "l2", 200, 150, 2.0, 1e-3),  # easy
        ("squares", "l1", 80, 40, 50.0, 1e-6),
        ("network", "l2", 500, 64, 1.0, 1e-3),
    ]
    for at in rng.permutation(len(descriptions)):
        loss, penalty, n, p, kappa, tol = descriptions[at]
        yield {"loss": loss, "penalty": penalty, "n": n, "p": p, "kappa": kappa, "tol": tol}


def _certify(value, loss, penalty, n, p, kappa, tol):
    if value not in METHODS:
        return f"{value!r} is not one of the methods {', '.join(METHODS)}"
    work = costs((loss, penalty, n, p, kappa, tol))
    best = min(work, key=lambda name: work[name])
    what = f"{loss} with {penalty}, n = {n}, p = {p}, kappa = {kappa:g}, tol = {tol:g}"
    if work[value] == np.inf:
        why = (
            "is not convex: no method proves an answer"
            if loss == "network"
            else f'is not solved by "{value}"'
        )
        return (
            f'{what}: this {why}; "{best}" is what is left'
            if loss == "network"
            else f"{what}: this {why}"
        )
    if work[value] > 5 * work[best]:
        return (
            f'{what}: "{value}" was run and needed {work[value]:.2g} multiplications; '
            f'"{best}" needed {work[best]:.2g}'
        )
    return True


def always_descent(loss, penalty, n, p, kappa, tol):
    """Gradient descent for everything: it does not solve an l1 penalty, and where κ is large it needs κ times as many steps as digits."""
    return "gradient descent"


def always_newton(loss, penalty, n, p, kappa, tol):
    """Newton for everything: its system has the size p, which is too much where p is large, and it needs second derivatives."""
    return "newton"


def everything_is_convex(loss, penalty, n, p, kappa, tol):
    """You treat the network as convex: there no method proves an answer, and several starts are all one has."""
    if loss == "network":
        return "nesterov"
    return choose_solver(loss, penalty, n, p, kappa, tol)


def smooth_method_for_a_kink(loss, penalty, n, p, kappa, tol):
    """You choose a smooth method for the l1 penalty: it has a kink where the answer lies. Coordinates, or a proximal step."""
    if penalty == "l1":
        return "nesterov"
    return choose_solver(loss, penalty, n, p, kappa, tol)


def direct_for_every_square(loss, penalty, n, p, kappa, tol):
    """You always solve the system of least squares: where n and p are both large and κ is small, a few dozen steps cost far less."""
    return (
        "direct"
        if loss == "squares" and penalty == "l2"
        else choose_solver(loss, penalty, n, p, kappa, tol)
    )


def direct_for_the_logistic_loss(loss, penalty, n, p, kappa, tol):
    """You solve the logistic loss by one linear system: its gradient is not linear in w. Newton solves one a step."""
    return "direct" if loss == "logistic" else choose_solver(loss, penalty, n, p, kappa, tol)


def never_accelerates(loss, penalty, n, p, kappa, tol):
    """Where κ is large, plain descent needs κ in the place of √κ: Nesterov's step costs the same."""
    word = choose_solver(loss, penalty, n, p, kappa, tol)
    return "gradient descent" if word == "nesterov" and kappa > 100 else word


def convex_solved_by_starts(loss, penalty, n, p, kappa, tol):
    """You start several times where one start is enough: a convex problem has no other minima to find."""
    return "several starts"


def second_order_never(loss, penalty, n, p, kappa, tol):
    """You never solve a system: with few columns it costs next to nothing and does not care about κ."""
    word = choose_solver(loss, penalty, n, p, kappa, tol)
    return "nesterov" if word in ("newton", "direct") else word


def _by_rules(loss, penalty, n, p, kappa, tol):
    if loss == "network":
        return "several starts"
    if penalty == "l1":
        return "coordinate descent"
    if min(n, p) < 50 and (loss == "squares" or p < 50):
        return "direct" if loss == "squares" else "newton"
    return "nesterov"


def _easy_ones_by_descent(loss, penalty, n, p, kappa, tol):
    word = _by_rules_again(loss, penalty, n, p)
    return "gradient descent" if word == "nesterov" and kappa <= 5 else word


def _by_rules_again(loss, penalty, n, p):
    if loss == "network" or penalty == "l1":
        return "several starts" if loss == "network" else "coordinate descent"
    if loss == "squares":
        return "direct" if min(n, p) <= 100 else "nesterov"
    return "newton" if p <= 30 else "nesterov"


EXERCISE = Exercise(
    choose_solver,
    _problems,
    _certify,
    title="Which solver?",
    difficulty=2,
    minutes=15,
    hints=(
        "Ask in this order: is it convex? Has it a kink? What do a step and a linear system cost?",
        "A gradient costs 2np multiplications. Descent needs about κ·log(1/tol)/2 steps, Nesterov √κ·log(1/tol), Newton some eight of np² + p³/3 each.",
        'Put the estimates into a dict and return the word whose estimate is least; "direct" costs n·p·min(n, p) + min(n, p)³/3 and is for squares with l2.',
    ),
    mistakes=(
        always_descent,
        always_newton,
        everything_is_convex,
        smooth_method_for_a_kink,
        direct_for_every_square,
        direct_for_the_logistic_loss,
        never_accelerates,
        convex_solved_by_starts,
        second_order_never,
    ),
    alternatives=(_by_rules, _easy_ones_by_descent),
)
