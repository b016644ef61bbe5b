"""What lesson 07's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.constrained_and_interior_point import (
    exponentiated_gradient,
    frank_wolfe,
    projected_gradient,
)


def test_a_step_half_as_long_is_another_run() -> None:
    def halved(grad, project, x, step, iterations):
        return projected_gradient(grad, project, x, step / 2, iterations)

    halved.__name__ = "projected_gradient"
    assert "after 5 steps" in examine(halved).sentence


def test_frank_wolfe_may_choose_its_steps_but_must_keep_the_promise() -> None:
    def tiny_steps(grad, lmo, x, iterations):
        for _ in range(iterations):
            x = x + 0.01 * (lmo(grad(x)) - x)
        g = grad(x)
        return x, g @ (x - lmo(g))

    def longer_first(grad, lmo, x, iterations):
        for k in range(iterations):
            x = x + 3 / (k + 3) * (lmo(grad(x)) - x)
        g = grad(x)
        return x, g @ (x - lmo(g))

    tiny_steps.__name__ = longer_first.__name__ = "frank_wolfe"
    assert "is promised" in examine(tiny_steps).sentence
    assert examine(longer_first).correct


def test_a_point_outside_the_set_or_an_invented_gap_is_refused() -> None:
    def plain_descent(grad, lmo, x, iterations):
        for k in range(iterations):
            x = x - 2 / (k + 2) * grad(x)
        g = grad(x)
        return x, g @ (x - lmo(g))

    def no_gap(grad, lmo, x, iterations):
        return frank_wolfe(grad, lmo, x, iterations)[0], 0.0

    plain_descent.__name__ = no_gap.__name__ = "frank_wolfe"
    assert "outside the set" in examine(plain_descent).sentence
    assert "yours is 0" in examine(no_gap).sentence


def test_single_precision_is_accuracy_enough_for_the_mirror() -> None:
    def rounded(grad, x, step, iterations):
        right = exponentiated_gradient(grad, x, step, iterations)
        return np.round(right, 9)

    rounded.__name__ = "exponentiated_gradient"
    assert examine(rounded).correct


def test_all_gradients_added_up_from_the_start_forget_where_it_started() -> None:
    def lazy(grad, x, step, iterations):
        total = np.zeros_like(x)
        for _ in range(iterations):
            total = total + grad(x)
            x = np.exp(-step * (total - total.min()))
            x = x / x.sum()
        return x

    lazy.__name__ = "exponentiated_gradient"
    assert not examine(lazy).correct


@pytest.mark.parametrize("sign", [1, -1])
def test_a_librarys_multipliers_need_their_sign_turned(sign) -> None:
    from scipy.optimize import linprog

    def barrier_lp(c, G, h, x, tol):
        found = linprog(c, G, h, bounds=(None, None))
        return found.x, sign * found.ineqlin.marginals

    assert examine(barrier_lp).correct == (sign == -1)


def test_an_answer_for_nonnegative_variables_is_another_program() -> None:
    from scipy.optimize import linprog

    def barrier_lp(c, G, h, x, tol):
        found = linprog(c, G, h)
        return (x, 0 * h) if found.x is None else (found.x, -found.ineqlin.marginals)

    assert not examine(barrier_lp).correct
