"""What lesson 17's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.optimize import minimize

from helpers import networks
from helpers.exercises import examine
from helpers.exercises.loss_landscapes import classify, curvature, escape, path, permute


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def kind_of(eigenvalues, tol):
    up, down = np.sum(eigenvalues > tol), np.sum(eigenvalues < -tol)
    if up == len(eigenvalues):
        return "minimum"
    if down == len(eigenvalues):
        return "maximum"
    return "saddle" if up and down else "undecided"


def test_a_tolerance_relative_to_the_largest_eigenvalue_is_refused():
    def relative(g, H, tol):
        eigenvalues, vectors = np.linalg.eigh(H)
        if np.linalg.norm(g) > tol:
            return "not critical", -g / np.linalg.norm(g)
        return kind_of(eigenvalues, tol * np.abs(eigenvalues).max()), vectors[:, 0]

    assert '"minimum"' in judged(classify.EXERCISE, relative).sentence


def test_the_largest_entry_of_the_gradient_is_not_its_norm():
    def largest(g, H, tol):
        if np.abs(g).max() > tol:
            return "not critical", -g / np.linalg.norm(g)
        return classify.classify_critical_point(0 * g, H, tol)

    assert "norm is 0.566" in judged(classify.EXERCISE, largest).sentence


def test_a_saddle_with_a_direction_that_goes_down_but_not_most_is_refused():
    def halfway(g, H, tol):
        kind, d = classify.classify_critical_point(g, H, tol)
        d = d if kind == "not critical" else d + 0.3 * np.linalg.eigh(H)[1][:, -1]
        return kind, d / np.linalg.norm(d)

    assert "The least curvature" in judged(classify.EXERCISE, halfway).sentence


def test_the_trace_does_not_decide():
    def by_trace(g, H, tol):
        kind, d = classify.classify_critical_point(g, H, tol)
        if kind in ("minimum", "maximum", "saddle"):
            kind = "minimum" if np.trace(H) > 0 else "maximum"
        return kind, d

    assert judged(classify.EXERCISE, by_trace).status == "not yet"


def test_a_product_by_one_sided_differences_is_accepted_if_its_step_is_small():
    def forward(step):
        def differences(params, direction, X, Y):
            size = max(np.abs(part).max() for pair in direction for part in pair)
            h = step / size
            moved = [
                (W + h * V, b + h * c) for (W, b), (V, c) in zip(params, direction, strict=True)
            ]
            ends = [
                networks.loss_and_grad(net, X, Y, "tanh", networks.mse)[1]
                for net in (moved, params)
            ]
            return [((P - Q) / h, (p - q) / h) for (P, p), (Q, q) in zip(*ends, strict=True)]

        return judged(curvature.EXERCISE, differences)

    assert forward(1e-6).correct
    assert "The product's entry" in forward(0.1).sentence


def test_the_product_of_the_lessons_helper_is_accepted():
    def helper(params, direction, X, Y):
        return networks.hessian_vector_product(params, direction, X, Y, "tanh", networks.mse)

    assert judged(curvature.EXERCISE, helper).correct


@pytest.mark.parametrize("left_out", ["diagonal", "blocks"])
def test_a_hessian_without_its_mixed_entries_is_refused(left_out):
    def partial(params, direction, X, Y):
        H = networks.hessian(params, X, Y, "tanh", networks.mse)
        sizes = [part.size for pair in params for part in pair]
        label = np.repeat(np.arange(4), sizes) if left_out == "blocks" else np.arange(len(H))
        H = np.where(label[:, None] == label, H, 0)
        return networks.unflatten(H @ networks.flatten(direction), params)

    assert not judged(curvature.EXERCISE, partial).correct


def test_any_method_that_ends_where_no_curvature_leads_down_is_accepted():
    def with_momentum(grad, x, step, seed):
        rng = np.random.default_rng(seed)
        v = np.zeros(len(x))
        for k in range(6000):
            noise = 0.03 * rng.standard_normal(len(x)) if k % 400 == 0 and k < 4000 else 0
            v = 0.8 * v - 0.5 * step * grad(x)
            x = x + v + noise
        return x

    def from_a_random_point_by_bfgs(grad, x, step, seed):
        z = np.random.default_rng(seed).standard_normal(len(x))
        return minimize(lambda z: 0.0, z, jac=grad, method="BFGS").x

    assert judged(escape.EXERCISE, with_momentum).correct
    assert not judged(escape.EXERCISE, from_a_random_point_by_bfgs).correct  # it had no loss


def test_a_run_that_stops_too_early_is_told_its_gradient():
    def early(grad, x, step, seed):
        x = x + 0.1 * np.random.default_rng(seed).standard_normal(len(x))
        for _ in range(40):
            x = x - step * grad(x)
        return x

    assert "The gradient's norm at your point" in judged(escape.EXERCISE, early).sentence


def test_too_many_gradients_are_counted():
    def patient(grad, x, step, seed):
        for _ in range(30_000):
            x = x - step * grad(x)
        return x

    assert "more than 20000 times" in judged(escape.EXERCISE, patient).sentence


def test_signs_that_are_put_right_in_the_wrong_layer_are_refused():
    def deeper(params, layer, order, signs):
        new = permute.permute_hidden_units(params, layer, order, np.ones(len(signs)))
        V, c = new[layer]
        new[layer] = (V * signs[:, None], c)
        return new

    assert "with the signs asked" in judged(permute.EXERCISE, deeper).sentence


def test_another_network_with_the_same_scores_is_refused():
    def another(params, layer, order, signs):
        return permute.permute_hidden_units(params, layer, order[::-1], signs)

    assert "in the order" in judged(permute.EXERCISE, another).sentence


def test_a_layer_counted_from_nought_is_refused():
    def shifted(params, layer, order, signs):
        return permute.permute_hidden_units(params, max(layer - 1, 1), order, signs)

    assert judged(permute.EXERCISE, shifted).status == "not yet"


def losses_on(loss, first, bend, second, t):
    return path.loss_along_path(loss, first, bend, second, t)


def test_a_barrier_above_the_mean_of_the_ends_is_refused():
    def above_the_mean(loss, first, bend, second, t):
        losses, _ = losses_on(loss, first, bend, second, t)
        return losses, np.max(losses) - (loss(first) + loss(second)) / 2

    assert "your barrier is" in judged(path.EXERCISE, above_the_mean).sentence


def test_a_barrier_read_off_a_finer_grid_is_refused():
    def finer(loss, first, bend, second, t):
        losses, barrier = losses_on(loss, first, bend, second, t)
        between = np.linspace(0, 1, len(t) + 6)
        return losses, max(barrier, losses_on(loss, first, bend, second, between)[1])

    assert not judged(path.EXERCISE, finer).correct


def test_a_curve_that_passes_through_the_bend_is_refused():
    def through(loss, first, bend, second, t):
        ends = [flat(first), flat(bend), flat(second)]
        middle = 2 * ends[1] - (ends[0] + ends[2]) / 2
        return losses_on(loss, first, networks.unflatten(middle, first), second, t)

    flat = networks.flatten
    assert "the loss on the curve is" in judged(path.EXERCISE, through).sentence


def test_a_loss_asked_for_too_often_is_counted():
    def twice(loss, first, bend, second, t):
        for _ in range(4):
            answer = losses_on(loss, first, bend, second, np.r_[t, t])
        return answer[0][: len(t)], answer[1]

    assert "more than" in judged(path.EXERCISE, twice).sentence


@pytest.mark.parametrize("seed", range(8))
def test_a_barrier_cut_off_at_nought_is_refused_whatever_is_drawn(seed):
    def cut_off(loss, first, bend, second, t):
        losses, barrier = path.loss_along_path(loss, first, bend, second, t)
        return losses, max(barrier, 0)

    said = judged(path.EXERCISE, cut_off, seed)
    assert not said.correct and "negative" in said.sentence


def test_a_point_that_is_anywhere_is_told_of_its_gradient_and_accused_of_nothing():
    def anywhere(grad, x, step, seed):
        return np.random.default_rng(seed).standard_normal(len(x))

    said = judged(escape.EXERCISE, anywhere)
    assert "gradient at your point is far from 0. If you add noise" in said.sentence


def test_a_direction_of_no_length_is_called_by_its_name():
    def nowhere(g, H, tol):
        kind, d = classify.classify_critical_point(g, H, tol)
        return kind, 0 * d

    assert judged(classify.EXERCISE, nowhere).sentence.startswith("The direction d should have")
