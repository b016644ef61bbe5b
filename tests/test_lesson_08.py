"""What lesson 08's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np

from helpers.exercises import examine


def test_a_batch_drawn_anew_by_the_learner_is_no_answer() -> None:
    def minibatch_gradient(w, X, y, rows, lam):
        drawn = np.random.default_rng(0).choice(len(y), len(rows))
        share = (1 - np.tanh(y[drawn] * (X[drawn] @ w) / 2)) / 2
        return -len(y) / len(rows) * X[drawn].T @ (y[drawn] * share) + lam * w

    report = examine(minibatch_gradient)
    assert not report.correct
    assert "stand for all" in report.sentence


def test_a_batch_gathered_as_a_mask_loses_the_rows_drawn_twice() -> None:
    def minibatch_gradient(w, X, y, rows, lam):
        mask = np.zeros(len(y))
        mask[rows] = len(y) / len(rows)
        return -X.T @ (mask * y / (1 + np.exp(np.minimum(y * (X @ w), 500)))) + lam * w

    assert not examine(minibatch_gradient).correct


def test_single_precision_is_enough_for_a_batch() -> None:
    def minibatch_gradient(w, X, y, rows, lam):
        A, labels, w = X[rows].astype(np.float32), y[rows].astype(np.float32), w.astype(np.float32)
        share = (1 - np.tanh(labels * (A @ w) / 2)) / 2
        return -len(y) / len(rows) * A.T @ (labels * share) + np.float32(lam) * w

    assert examine(minibatch_gradient).correct


def test_a_run_with_momentum_or_with_shuffled_rows_is_another_method() -> None:
    def with_momentum(grad_term, n, x, order, steps):
        before = x
        for i, step in zip(order, steps, strict=True):
            x, before = x - step * n * grad_term(i, x) + 0.5 * (x - before), x
        return x

    def shuffled(grad_term, n, x, order, steps):
        for i, step in zip(sorted(order), steps, strict=True):
            x = x - step * n * grad_term(i, x)
        return x

    for wrong in (with_momentum, shuffled):
        wrong.__name__ = "sgd"
        report = examine(wrong)
        assert not report.correct
        assert "ach row is a bowl" in report.sentence


def test_an_sgd_that_changes_its_start_in_place_is_told_so() -> None:
    def sgd(grad_term, n, x, order, steps):
        for i, step in zip(order, steps, strict=True):
            x -= step * n * grad_term(i, x)
        return x

    report = examine(sgd)
    assert report.notes or not report.correct


def test_a_row_number_that_does_not_exist_is_named() -> None:
    def sgd(grad_term, n, x, order, steps):
        for i, step in zip(order, steps, strict=True):
            x = x - step * n * grad_term(i + 1, x)
        return x

    assert "there is no row" in examine(sgd).sentence


def test_whole_epochs_of_full_gradients_are_no_svrg() -> None:
    def svrg(grad_term, n, x, order, step, inner):
        for _ in order:
            x = x - step * sum(grad_term(j, x) for j in range(n))
        return x

    report = examine(svrg)
    assert not report.correct
    assert "gradient descent" in report.sentence


def test_an_anchor_at_the_mean_of_the_last_round_is_another_variant() -> None:
    def svrg(grad_term, n, x, order, step, inner):
        for start in range(0, len(order), inner):
            full, points = sum(grad_term(j, x) for j in range(n)), [x]
            for i in order[start : start + inner]:
                z = points[-1]
                points.append(z - step * (n * grad_term(i, z) - n * grad_term(i, x) + full))
            x = np.mean(points, axis=0)
        return x

    assert not examine(svrg).correct


def test_the_minimiser_returned_at_once_is_no_run() -> None:
    def saga(grad_term, n, x, order, step):
        def full(z):
            return sum(grad_term(j, z) for j in range(n))

        H = np.array([full(e) - full(0 * x) for e in np.eye(len(x))]).T
        return np.linalg.solve(H, -full(0 * x))

    assert not examine(saga).correct


def test_a_table_whose_rows_share_one_memory_is_refused() -> None:
    def saga(grad_term, n, x, order, step):
        table, g = [np.zeros(len(x))] * n, np.zeros(len(x))
        for j in range(n):
            table[j][:] = grad_term(j, x)
        for i in order:
            g = grad_term(i, x)
            x = x - step * (n * (g - table[i]) + sum(table))
            table[i][:] = g
        return x

    assert not examine(saga).correct


def test_a_list_of_means_is_accepted_and_a_window_is_not() -> None:
    def means(iterates, skip):
        total, rows = 0.0, []
        for j, x in enumerate(iterates[skip:], start=1):
            total = total + x
            rows.append([float(t) / j for t in total])
        return rows

    def window(iterates, skip):
        return [iterates[max(skip, k - 2) : k + 1].mean(axis=0) for k in range(skip, len(iterates))]

    means.__name__ = window.__name__ = "polyak_average"
    assert examine(means).correct
    assert "must be iterate" in examine(window).sentence
