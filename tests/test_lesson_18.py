"""What lesson 18's judge must not be fooled by, and what its clinic promises."""

import numpy as np
import pytest

from helpers.exercises import examine
from helpers.exercises.training_in_practice import adam, clip, cosine, diagnosis, range_test
from helpers.networks.clinic import run
from helpers.networks.illnesses import ILLNESSES, accepted, draw


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_an_eps_inside_the_root_is_another_method():
    def inside(grad, x, step, beta1, beta2, eps, decay, iterations):
        x = np.array(x, dtype=float)
        m, v, path = 0 * x, 0 * x, [x]
        for k in range(1, iterations + 1):
            g = np.asarray(grad(x))
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
            m_hat, v_hat = m / (1 - beta1**k), v / (1 - beta2**k)
            x = x - step * (m_hat / np.sqrt(v_hat + eps) + decay * x)
            path.append(x)
        return np.array(path)

    assert judged(adam.EXERCISE, inside).status == "not yet"


def test_a_penalty_in_the_gradient_is_not_decay():
    def penalised(grad, x, step, beta1, beta2, eps, decay, iterations):
        return adam.adam(
            lambda z: np.asarray(grad(z)) + decay * z, x, step, beta1, beta2, eps, 0.0, iterations
        )

    assert judged(adam.EXERCISE, penalised).status == "not yet"


def test_the_form_of_the_paper_with_corrected_rates_is_right_where_eps_is_scaled_too():
    def rearranged(grad, x, step, beta1, beta2, eps, decay, iterations):
        path = [[float(value) for value in x]]
        m = v = np.zeros(len(path[0]))
        for k in range(1, iterations + 1):
            now = np.array(path[-1])
            g = np.asarray(grad(now))
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            rate = step * np.sqrt(1 - beta2**k) / (1 - beta1**k)
            moved = rate * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**k)) + step * decay * now
            path.append(list(now - moved))
        return path

    assert judged(adam.EXERCISE, rearranged).status == "correct"


def test_a_cosine_that_reaches_the_floor_one_update_early_is_refused():
    def early(total, peak, warmup, floor):
        k = np.arange(total)
        share = (k - warmup) / max(total - warmup - 1, 1)
        fall = floor + (peak - floor) * (1 + np.cos(np.pi * share)) / 2
        return np.where(k < warmup, peak * (k + 1) / max(warmup, 1), fall)

    assert judged(cosine.EXERCISE, early).status == "not yet"


def test_a_schedule_by_a_loop_over_updates_is_right():
    def loop(total, peak, warmup, floor):
        rates = []
        for k in range(total):
            if k < warmup:
                rates.append(peak * (k + 1) / warmup)
            else:
                half = np.cos(np.pi * (k - warmup) / (2 * (total - warmup))) ** 2
                rates.append(floor + (peak - floor) * half)
        return rates

    assert judged(cosine.EXERCISE, loop).status == "correct"


def test_clipping_layer_by_layer_is_refused():
    def by_layer(gradients, max_norm):
        found = []
        for dW, db in gradients:
            norm = np.sqrt(np.sum(dW**2) + np.sum(db**2))
            scale = min(1.0, max_norm / norm) if norm > 0 else 1.0
            found.append((scale * dW, scale * db))
        return found

    assert judged(clip.EXERCISE, by_layer).status == "not yet"


def test_clipping_that_changes_its_arguments_is_told_so():
    def in_place(gradients, max_norm):
        norm = np.sqrt(sum(np.sum(part**2) for pair in gradients for part in pair))
        for pair in gradients:
            for part in pair:
                part *= min(1.0, max_norm / max(norm, 1e-300))
        return gradients

    assert any("caller" in note for note in judged(clip.EXERCISE, in_place).notes)


def test_a_range_test_that_picks_by_the_steepest_fall_is_another_one():
    def steepest(loss_and_grad, x, low, high, count, beta):
        rates, smoothed, _ = range_test.lr_range_test(loss_and_grad, x, low, high, count, beta)
        at = int(np.argmin(np.diff(smoothed))) if len(smoothed) > 1 else 0
        return rates, smoothed, rates[at]

    assert judged(range_test.EXERCISE, steepest).status == "not yet"


def test_a_doctor_who_looks_at_the_final_losses_only_is_refused():
    def final(record):
        train, valid = record["loss"][-1], record["valid_loss"][-1]
        if train > 100:
            return "exploding loss", "optimiser"
        if train > 1.5:
            return "rate too low", "optimiser"
        return ("overfitting", "model") if valid > 5 * train else ("healthy", "nothing")

    assert judged(diagnosis.EXERCISE, final).status == "not yet"


@pytest.mark.parametrize("illness", ILLNESSES)
def test_the_doctor_of_the_course_knows_new_patients(illness):
    for seed in range(3):
        record = run(draw(illness, np.random.default_rng([99, seed])))
        assert diagnosis.diagnose(record) in accepted(illness)


@pytest.mark.parametrize("illness", [name for name in ILLNESSES if name != "healthy"])
def test_a_cure_removes_what_the_doctor_saw(illness):
    sick = draw(illness, np.random.default_rng(7))
    for cure in ILLNESSES[illness].cures.values():
        assert diagnosis.diagnose(run(cure(sick)))[0] != illness


def test_an_array_that_is_changed_in_place_is_named_as_the_cause_of_equal_rows():
    def in_place(grad, x, step, beta1, beta2, eps, decay, iterations):
        x = np.array(x, dtype=float)
        m, v, path = 0 * x, 0 * x, [x]
        for k in range(1, iterations + 1):
            g = np.asarray(grad(x))
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
            x -= step * (m / (1 - beta1**k) / (np.sqrt(v / (1 - beta2**k)) + eps) + decay * x)
            path.append(x)
        return np.array(path)

    assert "changes the array that is in your list" in judged(adam.EXERCISE, in_place).sentence


@pytest.mark.parametrize("seed", range(6))
def test_an_end_measured_from_the_first_loss_is_not_taken_for_an_end_that_is_recorded(seed):
    said = examine(range_test.compared_with_the_first, range_test.EXERCISE, seed)
    assert said.mistake == "compared_with_the_first"


def test_a_wrong_smoothed_loss_is_told_before_the_number_of_mini_batches():
    def one_batch_for_all(loss_and_grad, x, low, high, count, beta):
        return range_test.lr_range_test(lambda x, k: loss_and_grad(x, 0), x, low, high, count, beta)

    said = judged(range_test.EXERCISE, one_batch_for_all).sentence
    assert said.startswith("The smoothed loss of mini-batch 1 should be")


def test_a_run_is_made_once_and_what_is_done_to_its_record_stays_there():
    setup = draw("healthy", np.random.default_rng(5))
    record = run(setup)
    record["loss"][:] = 0
    assert run(setup)["loss"].min() > 0
