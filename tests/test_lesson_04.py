"""What lesson 04's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np

from helpers.exercises import examine
from helpers.exercises.gradient_descent import iterations_to_accuracy


def test_central_differences_are_an_accepted_gradient() -> None:
    def gradient_least_squares(w, X, y):
        def f(w):
            return 0.5 * np.sum((X @ w - y) ** 2)

        return [(f(w + 1e-4 * e) - f(w - 1e-4 * e)) / 2e-4 for e in np.eye(len(w))]

    assert examine(gradient_least_squares).correct


def test_a_run_that_asks_for_more_gradients_than_steps_is_told_so() -> None:
    def gradient_descent(grad, x, step, iterations):
        while np.linalg.norm(grad(x)) > 1e-8:
            x = x - step * grad(x)
        return x

    report = examine(gradient_descent)
    assert not report.correct
    assert "more than 3 times" in report.sentence


def test_an_expert_may_compute_the_gradient_twice_before_the_search_but_not_in_it() -> None:
    def twice_before(f, grad, x, step, alpha, beta):
        d, slope, value = -grad(x), -(np.linalg.norm(grad(x)) ** 2), f(x)
        while f(x + step * d) > value + alpha * step * slope:
            step = step * beta
        return step

    def in_the_loop(f, grad, x, step, alpha, beta):
        while f(x - step * grad(x)) > f(x) - alpha * step * grad(x) @ grad(x):
            step = step * beta
        return step

    twice_before.__name__ = in_the_loop.__name__ = "backtracking"
    assert examine(twice_before).correct
    assert "x does not move" in examine(in_the_loop).sentence


def test_a_step_lost_in_rounding_is_no_first_step() -> None:
    def backtracking(f, grad, x, step, alpha, beta):
        return step * beta**190

    assert "passes the test" in examine(backtracking).sentence


def test_where_a_whole_number_of_iterations_is_just_enough_one_more_is_refused() -> None:
    def one_more(L, mu, distance, eps):
        k = iterations_to_accuracy(L, mu, distance, eps)
        return k + (L * distance**2 / 2 / eps == k)

    one_more.__name__ = "iterations_to_accuracy"
    report = examine(one_more)
    assert sum(not case.ok for case in report.cases) == 1
    assert "36 iterations are enough" in report.counterexample.demand
