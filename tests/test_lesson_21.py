"""What lesson 21's judge must not be fooled by."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.capstone import certify, choose
from helpers.exercises.capstone.common import costs


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_each_word_alone_is_refused():
    for word in ("direct", "newton", "gradient descent", "nesterov", "coordinate descent"):
        assert judged(choose.EXERCISE, lambda *_args, word=word, **_: word).status == "not yet"


def test_a_word_that_is_no_method_is_told():
    report = judged(choose.EXERCISE, lambda *_args, **_: "adam")
    assert "is not one of the methods" in report.sentence


def test_looking_at_the_condition_number_alone_is_refused():
    def by_condition(loss, penalty, n, p, kappa, tol):
        if loss == "network":
            return "several starts"
        if penalty == "l1":
            return "coordinate descent"
        return "nesterov" if kappa > 10 else "gradient descent"

    assert judged(choose.EXERCISE, by_condition).status == "not yet"


def test_acceleration_pays_where_the_condition_number_is_large():
    work = costs(("logistic", "l2", 60, 240, 200.0, 1e-4))
    assert (
        work["gradient descent"] > 2 * work["nesterov"] and work["newton"] > 10 * work["nesterov"]
    )
    work = costs(("logistic", "l2", 300, 5, 1000.0, 1e-8))
    assert work["gradient descent"] > 20 * work["newton"]


def test_a_bound_that_is_only_nearly_one_is_refused():
    def above(X, y, lam, w, tol):
        verdict, bound, point = certify.certify_or_diagnose(X, y, lam, w, tol)
        return verdict, bound + 1e-4 * (lam > 0), point

    assert "no lower bound" in judged(certify.EXERCISE, above).sentence


def test_a_direction_that_only_touches_is_no_separation():
    def touching(X, y, lam, w, tol):
        verdict, bound, v = certify.certify_or_diagnose(X, y, lam, w, tol)
        if lam == 0:  # turn it until one row has margin 0
            worst = np.argmin(y * (X @ v))
            v = v - X[worst] * (X[worst] @ v) / (X[worst] @ X[worst])
        return verdict, bound, v

    assert judged(certify.EXERCISE, touching).status == "not yet"


@pytest.mark.parametrize("seed", range(3))
def test_a_bound_far_below_proves_nothing_of_an_optimal_point(seed):
    def cautious(X, y, lam, w, tol):
        verdict, _, point = certify.certify_or_diagnose(X, y, lam, w, tol)
        return verdict, 0.0, point

    assert "does not prove it" in judged(certify.EXERCISE, cautious, seed).sentence


def test_any_better_point_refutes_a_claim():
    def one_step(X, y, lam, w, tol):
        verdict, bound, point = certify.certify_or_diagnose(X, y, lam, w, tol)
        return verdict, bound, (w + point) / 2 if verdict == "not optimal" else point

    assert judged(certify.EXERCISE, one_step).status == "correct"


def test_a_small_gradient_is_no_proof_where_lambda_is_small():
    def by_the_gradient(X, y, lam, w, tol):
        answer = certify.certify_or_diagnose(X, y, lam, w, tol)
        margins = y * (X @ w)
        g = X.T @ (-y / (1 + np.exp(margins))) / len(y) + lam * w
        if lam > 0 and np.linalg.norm(g) < 1e-3:
            return "optimal", np.mean(np.log1p(np.exp(-margins))) + lam / 2 * w @ w - tol, w
        return answer

    report = judged(certify.EXERCISE, by_the_gradient)
    assert not report.correct and "no lower bound" in report.sentence


def test_a_sentence_that_begins_with_a_symbol_keeps_its_case():
    def far_from_tight(X, y, lam, w, tol):
        verdict, bound, point = certify.certify_or_diagnose(X, y, lam, w, tol)
        return verdict, bound - 1.0, point

    assert judged(certify.EXERCISE, far_from_tight).sentence.startswith("f(w)")
