"""What lesson 11's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.special import expit, log_expit

from helpers.exercises import examine
from helpers.exercises.logistic_and_softmax import gradient, irls, loss, separable, softmax


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_a_loss_by_scipy_is_accepted():
    assert judged(loss.LOSS, lambda X, y, w, b: -log_expit(y * (X @ w + b)).sum()).correct


def test_a_loss_that_is_linear_from_minus_thirty_on_is_accepted():
    def in_two_pieces(X, y, w, b):
        m = y * (X @ w + b)
        return np.where(m < -30, -m, np.log1p(np.exp(np.minimum(-m, 30)))).sum()

    assert judged(loss.LOSS, in_two_pieces).correct


@pytest.mark.parametrize("limit", [30, 100, 500])
def test_clipped_margins_are_refused(limit):
    def cut(X, y, w, b):
        return np.logaddexp(0, -np.clip(y * (X @ w + b), -limit, limit)).sum()

    assert not judged(loss.LOSS, cut).correct


def test_a_penalty_in_the_loss_is_refused():
    def penalised(X, y, w, b):
        return loss.logistic_loss(X, y, w, b) + w @ w / 2

    assert "should be" in judged(loss.LOSS, penalised).sentence


def test_a_gradient_with_expit_is_accepted_and_its_step_is_refused():
    def right(X, y, lam, w, b):
        c = -y * expit(-y * (X @ w + b))
        return X.T @ c + lam * w, c.sum()

    def step(X, y, lam, w, b):
        g, slope = right(X, y, lam, w, b)
        return w - g, b - slope

    assert judged(gradient.GRADIENT, right).correct
    assert not judged(gradient.GRADIENT, step).correct


def test_a_gradient_by_wide_finite_differences_is_refused():
    def differences(X, y, lam, w, b):
        def f(v):
            return np.logaddexp(0, -y * (X @ v[:-1] + v[-1])).sum() + lam / 2 * v[:-1] @ v[:-1]

        v, h = np.append(w, b), 1e-2
        g = np.array([(f(v + h * e) - f(v - h * e)) / (2 * h) for e in np.eye(len(v))])
        return g[:-1], g[-1]

    assert not judged(gradient.GRADIENT, differences).correct


def test_a_gradient_in_single_precision_is_accurate_enough():
    def single(X, y, lam, w, b):
        g, slope = gradient.logistic_gradient(X, y, lam, w, b)
        return np.float32(g), np.float32(slope)

    assert judged(gradient.GRADIENT, single).correct


@pytest.mark.parametrize("ridge", [1e-3, 1e-2])
def test_a_newton_step_with_a_little_ridge_of_its_own_is_refused(ridge):
    def stabilised(X, y, lam, w, b):
        g, H = irls._model(X, y, lam, w, b)
        v = np.append(w, b) - np.linalg.solve(H + ridge * np.eye(len(g)), g)
        return v[:-1], v[-1]

    said = judged(irls.IRLS, stabilised).sentence
    assert "gradient of the quadratic model should vanish" in said


def test_two_newton_steps_are_not_one():
    def twice(X, y, lam, w, b):
        return irls.irls_step(X, y, lam, *irls.irls_step(X, y, lam, w, b))

    assert not judged(irls.IRLS, twice).correct


def test_the_minimiser_itself_is_not_a_newton_step():
    def to_the_end(X, y, lam, w, b):
        for _ in range(30):
            w, b = irls.irls_step(X, y, lam, w, b)
        return w, b

    assert not judged(irls.IRLS, to_the_end).correct


def test_a_separating_w_of_any_size_is_a_proof():
    for size in (1e-9, 1e9):

        def scaled(X, y, size=size):
            answer, proof = separable.is_separable(X, y)
            return answer, size * proof if answer else proof

        assert judged(separable.SEPARABLE, scaled).correct


def test_one_wrong_row_is_told_by_its_number():
    def nearly(X, y):
        answer, proof = separable._by_the_nearest_point(X, y)
        return (True, proof) if answer else (True, np.ones(X.shape[1]))

    assert "positive in every row" in judged(separable.SEPARABLE, nearly).sentence


def test_a_right_answer_with_a_negative_weight_proves_nothing():
    def by_the_null_space(X, y):
        answer, proof = separable.is_separable(X, y)
        if answer:
            return answer, proof
        Z = np.vstack([(y[:, None] * X).T, np.ones(len(y))])
        return False, np.linalg.lstsq(Z, np.append(np.zeros(X.shape[1]), 1), rcond=None)[0]

    assert "a ≥ 0" in judged(separable.SEPARABLE, by_the_null_space).sentence


def test_the_zero_combination_proves_nothing():
    def empty(X, y):
        answer, proof = separable.is_separable(X, y)
        return answer, proof if answer else np.zeros(len(y))

    assert "sum to 1" in judged(separable.SEPARABLE, empty).sentence


def test_both_answers_occur_for_every_seed():
    for seed in range(5):
        answers = [separable.is_separable(**case)[0] for case in separable.SEPARABLE.draw(seed)]
        assert 3 <= sum(answers) <= len(answers) - 3


def test_a_bare_answer_without_proof_is_refused_kindly():
    bare = judged(separable.SEPARABLE, lambda X, y: separable.is_separable(X, y)[0])
    assert bare.status == "not yet" and "form" in bare.sentence


def test_a_softmax_with_the_last_class_fixed_is_refused():
    def reduced(X, y, lam, W):
        G = softmax.softmax_gradient(X, y, lam, W)
        return G - G[:, [-1]]

    assert not judged(softmax.SOFTMAX, reduced).correct


def test_a_row_of_the_softmax_gradient_without_penalty_sums_to_zero():
    for case in softmax.SOFTMAX.draw(3):
        G = softmax.softmax_gradient(**{**case, "lam": 0.0})
        assert np.abs(G.sum(axis=1)).max() < 1e-9 * max(1, np.abs(case["X"]).max())
