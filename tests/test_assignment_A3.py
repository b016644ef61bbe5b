"""What A3's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest

from helpers import solvers
from helpers.exercises import assignment, examine

A3 = assignment("A3")
EXERCISES = {exercise.name: exercise for exercise in A3.EXERCISES}


def judged(name, function):
    function.__name__ = name
    return examine(function, EXERCISES[name], 5)


def test_the_points_add_up_to_twenty():
    assert sum(exercise.points for exercise in A3.EXERCISES) == 20


def test_a_quadratic_program_answers_nonnegative_ridge():
    def by_program(X, y, lam):
        p = X.shape[1]
        Xc = X - X.mean(axis=0)
        P, q = Xc.T @ Xc + lam * np.eye(p), -Xc.T @ (y - y.mean())
        found = solvers.quadratic_program(P, q, G=-np.eye(p), h=np.zeros(p), tol=1e-10)
        w = np.maximum(found.x, 0)
        return w, y.mean() - X.mean(axis=0) @ w

    assert judged("nonnegative_ridge", by_program).correct


def test_slightly_negative_weights_are_refused():
    def shifted(X, y, lam):
        w, b = A3.nonnegative_ridge(X, y, lam)
        return w - 1e-6, b

    assert "must not be negative" in judged("nonnegative_ridge", shifted).sentence


def test_the_svm_may_come_from_a_library():
    from sklearn.svm import LinearSVC

    def library(X, y, C):  # its intercept is penalised unless the scaling is huge
        fitted = LinearSVC(C=C / 2, loss="squared_hinge", dual=False, tol=1e-12, max_iter=100_000)
        fitted.set_params(intercept_scaling=1.0).fit(X, y)
        return fitted.coef_[0], fitted.intercept_[0]

    assert not judged("squared_hinge_svm", library).correct


def test_isotonic_regression_agrees_with_the_library():
    from sklearn.isotonic import IsotonicRegression

    def library(scores, y):
        return IsotonicRegression().fit_transform(scores, y)

    assert judged("isotonic_calibration", library).correct


def test_probabilities_that_are_all_the_mean_are_told_where_to_fall():
    said = judged("isotonic_calibration", lambda scores, y: np.full(len(y), y.mean()))
    assert not said.correct and "more than the y" in said.sentence


@pytest.mark.parametrize("slack", [1e-3, 1e-4])
def test_a_ball_that_is_a_little_too_small_is_caught_by_its_own_points(slack):
    def moved(X):
        centre, a = A3.smallest_ball(X)
        return centre + slack * X.std(), a

    assert "must reach point" in judged("smallest_ball", moved).sentence


def test_a_blend_that_breaks_the_cap_by_little_is_refused():
    def over(X, target, cap):
        theta = A3.capped_blend(X, target, cap).copy()
        i, j = np.argsort(theta)[[-1, -2]]
        theta[i] += 1e-5
        theta[j] -= 1e-5
        return theta

    assert not judged("capped_blend", over).correct


def test_a_blend_from_a_quadratic_program_is_right():
    def by_program(X, target, cap):
        n = len(X)
        G, h = np.vstack([-np.eye(n), np.eye(n)]), np.append(np.zeros(n), np.full(n, cap))
        found = solvers.quadratic_program(
            X @ X.T, -X @ target, G=G, h=h, A=np.ones((1, n)), b=np.ones(1), tol=1e-9
        )
        theta = np.clip(found.x, 0, cap)
        return theta + (1 - theta.sum()) * (theta * (cap - theta)) / max(
            (theta * (cap - theta)).sum(), 1e-12
        )

    assert judged("capped_blend", by_program).correct
