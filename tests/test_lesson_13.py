"""What lesson 13's judge must not be fooled by, beyond what every exercise is tested for."""

import numpy as np
import pytest
from scipy.linalg import ldl
from scipy.spatial.distance import cdist
from scipy.stats import qmc

from helpers import certificates, solvers
from helpers.exercises import examine
from helpers.exercises.kernels import decision, features, rbf, ridge, valid
from helpers.exercises.kernels.common import interval, smo


def judged(exercise, function, seed=5):
    function.__name__ = exercise.name
    return examine(function, exercise, seed)


def test_a_kernel_by_scipy_distances_is_accepted():
    assert judged(
        rbf.RBF, lambda A, B, s: np.exp(-cdist(A, B, "sqeuclidean") / (2 * s * s))
    ).correct


def test_a_kernel_of_means_over_the_columns_is_refused():
    def by_means(A, B, sigma):
        return np.exp(-np.mean((A[:, None] - B[None]) ** 2, axis=2) / (2 * sigma**2))

    assert "should be" in judged(rbf.RBF, by_means).sentence


def test_a_kernel_centred_or_in_another_norm_is_refused():
    def city_blocks(A, B, sigma):
        return np.exp(-(cdist(A, B, "cityblock") ** 2) / (2 * sigma**2))

    assert not judged(rbf.RBF, city_blocks).correct


def test_a_proof_with_features_from_ldl_is_accepted():
    def by_ldl(K):
        values, vectors = np.linalg.eigh(K)
        if values[0] < -1e-9 * np.abs(K).max():
            return np.bool_(False), 1e-3 * vectors[:, 0]
        L, D, _ = ldl(K + 1e-9 * np.abs(K).max() * np.eye(len(K)))
        d, V = np.linalg.eigh(D)
        return np.bool_(True), L @ V * np.sqrt(np.maximum(d, 0))

    assert judged(valid.VALID, by_ldl).correct


def test_an_answer_without_its_proof_is_refused():
    def bare(K):
        return bool(np.linalg.eigvalsh(K)[0] > -1e-9)

    assert judged(valid.VALID, bare).status == "not yet"


def test_a_random_witness_is_refused_and_told_its_curvature():
    def tries(K):
        answer, proof = valid.is_valid_kernel(K)
        return answer, proof if answer else np.ones(len(K))

    assert "cᵀKc" in judged(valid.VALID, tries).sentence


def test_diagonal_dominance_does_not_decide():
    def dominant(K):
        d = np.diag(K)
        answer = bool(np.all(d >= np.abs(K).sum(axis=1) - np.abs(d)))
        values, V = np.linalg.eigh(K)
        return answer, V * np.sqrt(np.abs(values)) if answer else V[:, 0]

    assert not judged(valid.VALID, dominant).correct


def test_every_minimiser_of_kernel_ridge_is_accepted():
    def another(K, y, lam):
        alpha = np.linalg.solve(K + lam * np.eye(len(y)), y)
        values, V = np.linalg.eigh(K)
        null = V[:, values < 1e-12 * max(values[-1], 1)]
        return alpha - null @ (null.T @ alpha)

    assert judged(ridge.RIDGE, another).correct


@pytest.mark.parametrize("factor", [0.9, 1.01, 1.5])
def test_another_lam_is_refused(factor):
    def scaled(K, y, lam):
        return ridge.kernel_ridge_fit(K, y, factor * lam)

    assert "vanishes at a minimiser" in judged(ridge.RIDGE, scaled).sentence


def test_a_few_steps_of_descent_are_not_a_minimiser():
    def descent(K, y, lam):
        alpha, H = np.zeros(len(y)), K + lam * np.eye(len(y))
        for _ in range(50):
            alpha = alpha - (H @ alpha - y) / np.linalg.norm(H, 2)
        return alpha

    assert not judged(ridge.RIDGE, descent).correct


@pytest.mark.parametrize("seed", range(4))
def test_the_pairs_of_the_judge_find_what_the_solver_proves(seed):
    for case in decision.DECISION.draw(seed):
        K, y, a, C = (case[name] for name in ("K", "y", "a", "C"))
        low, high = interval(K, y, a, C)
        proof = certificates.kernel_svm(K, y, C, y * a, (low + high) / 2, a)
        assert proof.relative_gap < 1e-8
        assert abs(solvers.kernel_svm(K, y, C).certificate.primal - proof.primal) < 1e-6


def test_the_pairs_leave_entries_at_a_bound_exact():
    X = np.random.default_rng(1).standard_normal((20, 2))
    y = np.where(np.arange(20) % 2 == 0, 1.0, -1.0)
    a = smo(X @ X.T, y, 0.3)
    assert np.sum(a == 0.3) + np.sum(a == 0) >= 15 and abs(y @ a) < 1e-12


def test_the_ends_of_the_interval_of_intercepts_are_accepted_and_beyond_refused():
    def at(share):
        def scores(K, y, a, C, K_new):
            low, high = interval(K, y, a, C)
            return K_new @ (y * a) + low + share * (high - low)

        return judged(decision.DECISION, scores)

    assert at(0.0).correct and at(1.0).correct
    assert not at(1.5).correct and not at(-0.5).correct


def test_an_intercept_for_each_point_is_refused():
    def varied(K, y, a, C, K_new):
        right = decision.kernel_svm_decision(K, y, a, C, K_new)
        return right + np.linspace(-0.1, 0.1, len(right))

    assert "the same b" in judged(decision.DECISION, varied).sentence


def test_the_intercept_of_one_class_is_refused():
    def worst_positive(K, y, a, C, K_new):
        f = K @ (y * a)
        return K_new @ (y * a) - f[y > 0].min()

    assert "optimality conditions" in judged(decision.DECISION, worst_positive).sentence


def test_features_from_a_sequence_that_is_more_even_than_chance_are_accepted():
    def even(X, sigma, D, seed):
        from scipy.stats import norm

        u = qmc.Halton(X.shape[1] + 1, seed=seed).random(D)
        omega = norm.ppf(np.clip(u[:, :-1], 1e-12, 1 - 1e-12)).T / sigma
        return np.sqrt(2 / D) * np.cos(X @ omega + 2 * np.pi * u[:, -1])

    assert judged(features.FEATURES, even).correct


def test_pairs_scaled_by_the_number_of_features_are_refused():
    def pairs(X, sigma, D, seed):
        inner = X @ np.random.default_rng(seed).standard_normal((X.shape[1], D // 2)) / sigma
        return np.hstack([np.cos(inner), np.sin(inner)]) / np.sqrt(D)

    assert "six standard deviations" in judged(features.FEATURES, pairs).sentence


def test_features_of_the_laplace_kernel_are_refused():
    def cauchy(X, sigma, D, seed):
        rng = np.random.default_rng(seed)
        omega = rng.standard_cauchy((X.shape[1], D)) / sigma
        return np.sqrt(2 / D) * np.cos(X @ omega + rng.uniform(0, 2 * np.pi, D))

    assert not judged(features.FEATURES, cauchy).correct


def test_exact_features_of_the_given_points_alone_are_refused():
    def exact(X, sigma, D, seed):
        squares = np.sum((X[:, None] - X[None]) ** 2, axis=2)
        values, V = np.linalg.eigh(np.exp(-squares / (2 * sigma**2)))
        Z = np.zeros((len(X), D))
        Z[:, : min(len(X), D)] = (V * np.sqrt(np.maximum(values, 0)))[:, : min(len(X), D)]
        return Z

    assert "at most sqrt(2/D)" in judged(features.FEATURES, exact).sentence
