"""What lesson 19's judge must not be fooled by."""

import numpy as np

from helpers import networks
from helpers.exercises import examine
from helpers.exercises.fine_tuning import contrast, mask, probe, retrieval, tune


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_only_the_queries_need_no_length():
    def half(queries, classes, gallery, gallery_classes, k):
        G = gallery / np.linalg.norm(gallery, axis=1, keepdims=True)
        nearest = np.argsort(-(queries @ G.T), axis=1)[:, :k]
        return float((gallery_classes[nearest] == classes[:, None]).any(axis=1).mean())

    def other_half(queries, classes, gallery, gallery_classes, k):
        Q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
        nearest = np.argsort(-(Q @ gallery.T), axis=1)[:, :k]
        return float((gallery_classes[nearest] == classes[:, None]).any(axis=1).mean())

    assert judged(retrieval.EXERCISE, half).status == "correct"
    assert judged(retrieval.EXERCISE, other_half).status == "not yet"


def test_a_probe_with_an_intercept_in_its_weights_is_not_the_one_asked_for():
    def centred(W, b, X, y, K, lam, tol):
        V = probe.linear_probe(W, b, X, y, K, lam, tol)
        return V + 0.05 * np.eye(K)[0]

    assert judged(probe.EXERCISE, centred).status == "not yet"


def test_a_probe_solved_in_single_precision_is_right_to_its_tolerance():
    def single(W, b, X, y, K, lam, tol):
        V = probe.linear_probe(W, b, X, y, K, lam, tol / 10)
        return V.astype(np.float32)

    assert judged(probe.EXERCISE, single).status == "correct"


def test_the_pull_must_act_on_the_biases_and_in_every_step():
    def once(params, X, y, step, pull, updates):
        end = tune.fine_tune(params, X, y, step, 0.0, updates)
        return [
            tuple(v - step * pull * (v - v0) for v, v0 in zip(now, first, strict=True))
            for now, first in zip(end, params, strict=True)
        ]

    assert judged(tune.EXERCISE, once).status == "not yet"


def test_the_prox_in_the_place_of_the_pulls_gradient_is_another_iteration():
    def proximal(params, X, y, step, pull, updates):
        v = origin = networks.flatten(params)
        for _ in range(updates):
            g = networks.flatten(networks.loss_and_grad(networks.unflatten(v, params), X, y)[1])
            v = (v - step * g + step * pull * origin) / (1 + step * pull)
        return networks.unflatten(v, params)

    assert judged(tune.EXERCISE, proximal).status == "not yet"


def test_a_mask_that_hands_back_the_same_arrays_is_right_and_one_that_changes_them_is_told():
    def changes(gradients, trainable):
        for (dW, db), moves in zip(gradients, trainable, strict=True):
            dW *= moves
            db *= moves
        return gradients, mask.freeze_mask(gradients, trainable)[1]

    assert any("caller" in note for note in judged(mask.EXERCISE, changes).notes)


def test_both_directions_averaged_is_another_loss():
    def symmetric(U, V, tau):
        one, dU, dV = contrast.contrastive_loss_gradient(U, V, tau)
        two, eV, eU = contrast.contrastive_loss_gradient(V, U, tau)
        return (one + two) / 2, (dU + eU) / 2, (dV + eV) / 2

    assert judged(contrast.EXERCISE, symmetric).status == "not yet"


def test_slopes_by_central_differences_are_right():
    def differences(U, V, tau):
        value = contrast.contrastive_loss_gradient(U, V, tau)[0]
        slopes = []
        for M, other, first in ((U, V, True), (V, U, False)):
            slope = np.zeros_like(M)
            for entry in np.ndindex(M.shape):
                ends = []
                for h in (1e-6, -1e-6):
                    moved = M.copy()
                    moved[entry] += h
                    pair = (moved, other) if first else (other, moved)
                    ends.append(contrast.contrastive_loss_gradient(*pair, tau)[0])
                slope[entry] = (ends[0] - ends[1]) / 2e-6
            slopes.append(slope)
        return value, *slopes

    assert judged(contrast.EXERCISE, differences).status == "correct"


def test_a_probe_without_the_bend_is_named_whichever_method_solved_it():
    def newton_without_the_bend(W, b, X, y, K, lam, tol):
        Z = X @ W + b
        V = np.zeros((Z.shape[1], K))
        for _ in range(40):
            P = networks.softmax(Z @ V)
            G = Z.T @ (P - np.eye(K)[y]) / len(y) + lam * V
            H = lam * np.eye(V.size)
            for z, p in zip(Z, P, strict=True):
                H += np.kron(np.outer(z, z), np.diag(p) - np.outer(p, p)) / len(y)
            V = V - np.linalg.solve(H, G.ravel()).reshape(V.shape)
        return V

    assert judged(probe.EXERCISE, newton_without_the_bend).mistake == "no_bend"


def test_a_start_that_moves_along_is_told_to_be_copied():
    def in_place(params, X, y, step, pull, updates):
        (W1, b1), (W2, b2) = start = params
        for _ in range(updates):
            slopes = networks.loss_and_grad(params, X, y)[1]
            for pair, moves, first in zip(params, slopes, start, strict=True):
                for v, g, v0 in zip(pair, moves, first, strict=True):
                    v -= step * (g + pull * (v - v0))
        return [(W1, b1), (W2, b2)]

    assert "copy" in judged(tune.EXERCISE, in_place).sentence


def test_slopes_that_happen_to_be_zero_are_trained_all_the_same():
    def by_nonzero(gradients, trainable):
        masked = mask.freeze_mask(gradients, trainable)[0]
        return masked, sum(int(np.count_nonzero(part)) for pair in masked for part in pair)

    assert judged(mask.EXERCISE, by_nonzero).mistake == "zeros_not_counted"
