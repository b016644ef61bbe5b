"""What lesson 15's judge must not be fooled by, beyond what every exercise is tested for."""

import cvxpy as cp
import numpy as np
import pytest

from helpers.exercises import examine, find
from helpers.exercises.matrices_and_modelling import (
    completion,
    dcp,
    portfolio,
    threshold,
    transport,
)


def named(name, function, seed=0):
    return examine(function, find(name), seed)


ATOMS = {
    "exp": cp.exp,
    "log": cp.log,
    "sqrt": cp.sqrt,
    "abs": cp.abs,
    "square": cp.square,
    "max": cp.maximum,
    "min": cp.minimum,
    "add": lambda *terms: sum(terms[1:], terms[0]),
}


def in_cvxpy(expression, x):
    if expression == "x":
        return x
    if not isinstance(expression, tuple):
        return cp.Constant(expression)
    atom, *rest = expression
    if atom == "times":
        return rest[0] * in_cvxpy(rest[1], x)
    parts = [in_cvxpy(part, x) for part in rest]
    return ATOMS[atom](*parts) if len(parts) > 1 or atom not in ("max", "min", "add") else parts[0]


@pytest.mark.parametrize("seed", range(6))
def test_the_rule_never_says_more_than_cvxpy(seed) -> None:
    for arguments in find("dcp_or_not").draw(seed):
        expression = arguments["expression"]
        ours, theirs = dcp.dcp_or_not(expression), in_cvxpy(expression, cp.Variable())
        if ours == "constant":
            assert theirs.is_affine()  # 0·f is affine to CVXPY, not constant
        if ours in ("affine", "convex"):
            assert theirs.is_convex(), dcp.spoken(expression)
        if ours in ("affine", "concave"):
            assert theirs.is_concave(), dcp.spoken(expression)


def test_without_atoms_that_ask_for_signs_the_rule_is_that_of_cvxpy() -> None:
    seen = 0
    for seed in range(20):
        for arguments in find("dcp_or_not").draw(seed):
            expression = arguments["expression"]
            if "square" in str(expression) or "abs" in str(expression):
                continue
            theirs = in_cvxpy(expression, cp.Variable())
            assert (dcp.dcp_or_not(expression) == "unknown") == (not theirs.is_dcp())
            seen += 1
    assert seen > 100


@pytest.mark.parametrize("answer", ["Convex", " convex "])
def test_how_the_word_is_written_does_not_matter(answer) -> None:
    def own(expression):
        right = dcp.dcp_or_not(expression)
        return answer if right == "convex" else right

    assert named("dcp_or_not", own).correct


@pytest.mark.parametrize("always", ["convex", "unknown", "affine"])
def test_one_word_for_everything_is_refused(always) -> None:
    assert not named("dcp_or_not", lambda expression: always).correct


def test_a_threshold_close_to_the_right_one_is_refused() -> None:
    def own(Y, t):
        return threshold.singular_value_threshold(Y, 1.01 * t)

    assert not named("singular_value_threshold", own).correct


def test_a_completion_that_is_only_feasible_is_refused() -> None:
    def low_rank(Y, known, lam):
        U, s, Vt = np.linalg.svd(Y, full_matrices=False)
        return s[0] * np.outer(U[:, 0], Vt[0])

    assert not named("matrix_completion", low_rank).correct


def test_a_completion_for_another_lambda_is_refused() -> None:
    def own(Y, known, lam):
        return completion.matrix_completion(Y, known, 1.05 * lam)

    assert not named("matrix_completion", own).correct


@pytest.mark.parametrize("seed", range(4))
def test_the_portfolios_given_are_the_least_risky(seed) -> None:
    for given in find("markowitz_dual").draw(seed):
        Sigma, mu, target, w = (given[k] for k in ("Sigma", "mu", "target", "w"))
        v = cp.Variable(len(w))
        rules = [mu @ v >= target, cp.sum(v) == 1, v >= 0]
        problem = cp.Problem(cp.Minimize(cp.quad_form(v, cp.psd_wrap(Sigma)) / 2), rules)
        problem.solve(solver=cp.CLARABEL)
        assert problem.value == pytest.approx(w @ Sigma @ w / 2, abs=1e-6)


def test_prices_with_a_negative_one_are_refused_with_a_reason() -> None:
    def own(Sigma, mu, target, w):
        lam, nu, s = portfolio.markowitz_dual(Sigma, mu, target, w)
        return -abs(lam) - 1, nu, s

    report = named("markowitz_dual", own)
    assert not report.correct and "negative" in report.counterexample.demand


def test_prices_that_prove_a_lower_risk_only_are_refused() -> None:
    def own(Sigma, mu, target, w):
        lam, nu, s = portfolio.markowitz_dual(Sigma, mu, target, w)
        return lam, 0.9 * nu, s

    assert not named("markowitz_dual", own).correct


def test_the_cheapest_plan_is_not_the_entropic_one() -> None:
    from scipy.optimize import linprog

    def own(C, a, b, eps):
        m, n = C.shape
        A = np.vstack([np.kron(np.eye(m), np.ones(n)), np.kron(np.ones(m), np.eye(n))])
        return linprog(C.ravel(), A_eq=A, b_eq=np.concatenate([a, b])).x.reshape(m, n)

    report = named("sinkhorn", own)
    assert not report.correct and "positive" in report.counterexample.demand


def test_a_plan_for_another_epsilon_is_refused() -> None:
    assert not named(
        "sinkhorn", lambda C, a, b, eps: transport.sinkhorn(C, a, b, 1.02 * eps)
    ).correct


def test_a_plan_accurate_in_single_precision_of_its_sums_is_accepted() -> None:
    def own(C, a, b, eps):
        P = np.exp(-(C - C.min()) / eps)
        while np.abs(P.sum(axis=1) - a).max() > 1e-8:
            P = P * (a / P.sum(axis=1))[:, None]
            P = P * (b / P.sum(axis=0))
        return P

    assert named("sinkhorn", own).correct


def test_single_precision_is_accuracy_enough_for_a_threshold() -> None:
    def own(Y, t):
        U, s, Vt = np.linalg.svd(np.asarray(Y, np.float32), full_matrices=False)
        return U * np.maximum(s - t, 0) @ Vt

    assert named("singular_value_threshold", own).correct


@pytest.mark.parametrize("seed", range(3))
def test_a_completion_that_stops_when_it_hardly_moves_is_accepted(seed) -> None:
    def own(Y, known, lam):
        Z, moved = np.zeros(Y.shape), 1.0
        while moved > 1e-6:
            U, s, Vt = np.linalg.svd(np.where(known, Y, Z), full_matrices=False)
            new = U * np.maximum(s - lam, 0) @ Vt
            moved, Z = np.linalg.norm(new - Z), new
        return Z

    assert named("matrix_completion", own, seed).correct
