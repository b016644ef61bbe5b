"""What A4's judge must not be fooled by; what its story promises; and the grading of a hand-in."""

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.sparse.linalg import LinearOperator, eigsh
from scipy.special import logsumexp

from helpers import data, networks
from helpers.exercises import assignment, examine

ROOT = Path(__file__).resolve().parents[1]
A4 = assignment("A4")
EXERCISES = {exercise.name: exercise for exercise in A4.EXERCISES}


def judged(name, function, seed=5):
    return examine(function, EXERCISES[name], seed)


def refused(name, function, *words):
    said = judged(name, function)
    assert not said.correct and said.score < 1
    assert all(word in said.sentence for word in words), said.sentence


def test_the_points_add_up_to_twenty():
    assert sum(exercise.points for exercise in A4.EXERCISES) == 20


# --- temperature


def test_a_temperature_that_overflows_is_told_so():
    def naive(scores, y):
        t, rows = 1.0, np.arange(len(y))
        for _ in range(200):
            P = np.exp(t * scores)
            P = P / P.sum(axis=1, keepdims=True)
            t = t - 0.01 * np.mean((P * scores).sum(axis=1) - scores[rows, y])
        return t

    refused("temperature", naive)


@pytest.mark.parametrize("factor", [0.995, 1.005])
def test_a_temperature_half_a_percent_off_is_refused(factor):
    said = judged("temperature", lambda z, y: factor * A4.temperature(z, y))
    assert not said.correct and ("beyond" in said.sentence or "before" in said.sentence)


def test_the_temperature_of_the_mean_rule_is_not_a_training_step():
    refused("temperature", lambda z, y: 1 / np.std(z), "loss")


def test_temperature_by_bisecting_on_a_logarithmic_scale_is_right():
    def found(scores, y):
        Y, low, high = np.eye(scores.shape[1])[y], -12.0, 12.0
        Z = scores - scores.mean(axis=1, keepdims=True)
        for _ in range(80):
            t = np.exp((low + high) / 2)
            A = t * Z - (t * Z).max(axis=1, keepdims=True)
            P = np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)
            if np.sum((P - Y) * Z) < 0:
                low = (low + high) / 2
            else:
                high = (low + high) / 2
        return [[t]][0][0]

    assert judged("temperature", found).correct


def test_a_bound_on_the_temperature_that_nobody_gave_is_refused():
    refused("temperature", lambda z, y: min(A4.temperature(z, y), 10.0), "beyond your t = 10")


# --- least_curvature


def eigenvalue_of(product, n, which="SA", tol=1e-4):
    start = np.random.default_rng(3).standard_normal(n)
    H = LinearOperator((n, n), matvec=product, dtype=float)
    values, vectors = eigsh(H, k=1, which=which, v0=start, tol=tol, ncv=min(n, 40))
    return values[0], vectors[:, 0]


def test_the_library_for_sparse_eigenvalues_is_right_where_it_stops_in_time():
    assert judged("least_curvature", lambda p, n: eigenvalue_of(p, n)).correct


def test_the_library_that_goes_on_to_rounding_runs_out_of_products():
    assert judged("least_curvature", lambda p, n: eigenvalue_of(p, n, "LA")).score < 0.5


def test_a_matrix_in_one_call_is_not_one_product():
    def at_once(product, n):
        values, vectors = np.linalg.eigh(product(np.eye(n)))
        return values[0], vectors[:, 0]

    refused("least_curvature", at_once, "one vector")


def test_a_right_value_with_a_wrong_direction_is_refused():
    def half_a_proof(product, n):
        return A4.least_curvature(product, n)[0], np.eye(n)[0]

    refused("least_curvature", half_a_proof, "along your v")


def test_a_value_that_is_lower_than_the_direction_shows_is_refused():
    def boast(product, n):
        value, v = A4.least_curvature(product, n)
        return value - 0.01 * (1 + abs(value)), v

    refused("least_curvature", boast, "along your v")


def test_a_vector_that_is_not_of_length_one_is_refused():
    def long(product, n):
        value, v = A4.least_curvature(product, n)
        return value, 3 * v

    refused("least_curvature", long, "length 1")


def test_twelve_products_are_too_few():
    def short(product, n):
        q = np.random.default_rng(1).standard_normal((n, 1))
        for _ in range(min(n, 12) - 1):
            q = np.linalg.qr(np.column_stack([q, product(q[:, -1])]))[0]
        T = np.column_stack([product(column) for column in q.T])
        values, vectors = np.linalg.eigh(q.T @ T)
        return values[0], q @ vectors[:, 0]

    assert "smaller eigenvalue exists" in judged("least_curvature", short).sentence


def test_a_power_iteration_on_a_shifted_matrix_spends_its_products_in_vain():
    def shifted(product, n):
        v, w = np.random.default_rng(0).standard_normal(n), None
        for _ in range(20):
            w = product(v / np.linalg.norm(v))
            v = w
        shift = 1.1 * np.linalg.norm(w)
        for _ in range(95):
            v = v / np.linalg.norm(v)
            w = product(v)
            value, last, v = v @ w, v, shift * v - w
        return value, last

    refused("least_curvature", shifted)


# --- match_units


def test_an_auction_proves_its_matching():
    def auction(S):
        m, size = len(S), max(np.abs(S).max(), 1e-12)
        v = np.zeros(m)
        for eps in size * 10.0 ** -np.arange(1, 8):
            eps, owner, order = eps / 2, np.full(m, -1), np.full(m, -1)
            for _ in range(200_000):
                free = np.flatnonzero(order < 0)
                if not len(free):
                    break
                i = free[0]
                worth = S[i] - v
                j = int(np.argmax(worth))
                second = np.partition(worth, -2)[-2] if m > 1 else worth[j]
                v[j] += worth[j] - second + eps
                if owner[j] >= 0:
                    order[owner[j]] = -1
                owner[j], order[i] = i, j
        return order, (S - v).max(axis=1), v

    assert judged("match_units", auction).correct


def test_prices_may_be_moved_by_a_constant_and_made_whole_numbers():
    def moved(S):
        order, u, v = A4.match_units(S)
        return order.astype(float), u + 5, v - 5

    assert judged("match_units", moved).correct


def test_swapping_pairs_until_nothing_helps_is_not_always_best():
    def swapped(S):
        order = np.arange(len(S))
        better = True
        while better:
            better = False
            for i in range(len(S)):
                for j in range(i):
                    if S[i, order[j]] + S[j, order[i]] > S[i, order[i]] + S[j, order[j]] + 1e-12:
                        order[[i, j]] = order[[j, i]]
                        better = True
        return order, S.max(axis=1), np.zeros(len(S))

    refused("match_units", swapped)


def test_an_order_that_starts_at_one_is_refused():
    refused("match_units", lambda S: (A4.match_units(S)[0] + 1, *A4.match_units(S)[1:]), "once")


def test_a_library_that_minimises_is_told_so_whatever_the_prices():
    def least(S):
        return linear_sum_assignment(S)[1], np.zeros(len(S)), S.max(axis=0)

    assert judged("match_units", least).mistake == "least_alike"


@pytest.mark.parametrize("spread", [0.01, 0.001])
def test_prices_of_a_softened_matching_are_not_tight(spread):
    def softened(S):
        e, u, v = spread * np.abs(S).max(), np.zeros(len(S)), np.zeros(len(S))
        for _ in range(500):
            u = e * logsumexp((S - v) / e, axis=1)
            v = e * logsumexp((S - u[:, None]) / e, axis=0)
        return linear_sum_assignment(S, maximize=True)[1], u, v

    refused("match_units", softened)


def test_prices_a_little_too_low_prove_nothing():
    def low(S):
        order, u, v = A4.match_units(S)
        return order, u - 1e-4 * np.abs(S).max(), v

    refused("match_units", low, "prove nothing")


def test_a_matching_of_sizes_forgets_the_signs():
    def sizes(S):
        return A4.match_units(np.abs(S))

    refused("match_units", sizes)


def test_the_swapped_roles_of_u_and_v_are_seen():
    def roles(S):
        order, u, v = A4.match_units(S)
        return order, v, u

    refused("match_units", roles)


# --- wake_units


def test_waking_by_least_squares_is_right():
    def fitted(W, b, X, mean, std):
        W_new, b_new = np.array(W), np.array(b)
        for j in range(len(b)):
            z = X @ W[:, j]
            a = 1.0
            if np.ptp(z) > 1e-9 * max(np.abs(X * W[:, j]).max(), 1e-300):
                target = mean[j] + std[j] * (z - z.mean()) / z.std()
                a = np.linalg.lstsq(np.column_stack([z / np.ptp(z), np.ones(len(z))]), target)[0][0]
                a = a / np.ptp(z)
            W_new[:, j], b_new[j] = a * W[:, j], mean[j] - a * z.mean()
        return W_new, b_new

    assert judged("wake_units", fitted).correct


def test_other_weights_with_the_right_mean_and_deviation_are_refused():
    def another(W, b, X, mean, std):
        return A4.wake_units(np.roll(W, 1, axis=0), b, X, mean, std)

    refused("wake_units", another)


def test_turned_weights_are_refused():
    def turned(W, b, X, mean, std):
        V, c = A4.wake_units(W, b, X, mean, std)
        return -V, 2 * mean - c

    refused("wake_units", turned, "positive multiple")


def test_a_small_number_under_the_fraction_is_refused():
    def damped(W, b, X, mean, std):
        Z = X @ W + b
        a = std / (Z.std(axis=0) + 1e-5)
        return W * a, mean - (X @ W * a).mean(axis=0)

    refused("wake_units", damped)


@pytest.mark.parametrize("seed", range(6))
def test_a_deviation_that_is_rounding_alone_is_none(seed):
    def exactly_zero(W, b, X, mean, std):
        spread = (X @ W).std(axis=0)
        a = np.where(spread == 0, 1, std / np.where(spread == 0, 1, spread))
        return W * a, mean - a * (X @ W).mean(axis=0)

    said = judged("wake_units", exactly_zero, seed)
    assert not said.correct and "same number on all rows" in said.sentence


@pytest.mark.parametrize("seed", range(3))
def test_a_division_by_no_deviation_is_named_however_it_blows_up(seed):
    def divided(W, b, X, mean, std):
        a = np.divide(std, np.sqrt((X @ W + b).var(axis=0)))
        return W * a, mean - (X @ W).mean(axis=0) * a

    assert judged("wake_units", divided, seed).mistake == "asleep_divided"


def test_waking_in_single_precision_is_good_enough():
    def single(W, b, X, mean, std):
        return tuple(np.float32(part) for part in A4.wake_units(W, b, X, mean, std))

    assert all(judged("wake_units", single, seed).correct for seed in range(6))


def test_a_deviation_with_n_less_one_is_refused():
    def sample(W, b, X, mean, std):
        n = len(X)
        return A4.wake_units(W, b, X, mean, std * np.sqrt((n - 1) / n) if n > 1 else std)

    refused("wake_units", sample, "deviation")


# --- batch_norm_backward


def test_layer_by_lagrange_projection_is_right():
    def projected(Z, gamma, eps, D):
        n = len(Z)
        C = np.eye(n) - np.ones((n, n)) / n
        V = C @ Z
        root = np.sqrt((V * V).sum(axis=0) / n + eps)
        G = gamma * D / root
        dZ = C @ (G - V * ((V * G).sum(axis=0) / (n * root**2)))
        return dZ.tolist(), ((V / root) * D).sum(axis=0).tolist(), D.sum(axis=0).tolist()

    assert judged("batch_norm_backward", projected).correct


@pytest.mark.parametrize(
    "spoil",
    [
        lambda dZ, dg, db: (-dZ, dg, db),
        lambda dZ, dg, db: (dZ, db, dg),
        lambda dZ, dg, db: (dZ * (1 + 1e-3), dg, db),
        lambda dZ, dg, db: (dZ / len(dZ), dg, db),
        lambda dZ, dg, db: (dZ, dg, db * 0),
    ],
)
def test_slopes_that_are_not_slopes_are_refused(spoil):
    refused("batch_norm_backward", lambda *a: spoil(*A4.batch_norm_backward(*a)), "measures")


def test_a_variance_with_n_less_one_is_refused():
    def sample(Z, gamma, eps, D):
        n = len(Z)
        root = np.sqrt(Z.var(axis=0, ddof=1) + eps)
        U, G = (Z - Z.mean(axis=0)) / root, D * gamma
        dZ = (G - G.mean(axis=0) - U * (G * U).sum(axis=0) / (n - 1)) / root
        return dZ, (D * U).sum(axis=0), D.sum(axis=0)

    refused("batch_norm_backward", sample)


# --- the story, with the answers of the solved notebook


@pytest.fixture(scope="module")
def story():
    digits = data.digits(standardise=False)
    X, y = digits.X - digits.X.mean(axis=0), digits.y.astype(int)
    rows = np.random.default_rng(4).permutation(len(y))
    seen, new = rows[:1000], rows[1000:]

    def trained(seed):
        rng = np.random.default_rng(seed)
        start = networks.initialise((64, 16, 10), rng, "he")
        run = networks.train(start, X[seen], y[seen], rng=rng, step=0.1, batch=25, lam=1e-3)
        return next(islice(run, 30, None)).params

    ada, bob = trained(1), trained(2)
    A, B = (networks.forward(params, X[seen]).A[1] for params in (ada, bob))
    S = np.corrcoef(A.T, B.T)[:16, 16:]
    bob = networks.permute_hidden(bob, 1, A4.match_units(S)[0])
    mean = [((W + V) / 2, (b + c) / 2) for (W, b), (V, c) in zip(ada, bob, strict=True)]
    return X, y, seen, new, ada, bob, mean


def measured(params, X, y):
    return networks.accuracy(params, X, y), networks.loss_and_grad(params, X, y)[0]


def test_matched_units_make_the_mean_of_two_networks_read_again(story):
    X, y, _, new, ada, bob, mean = story
    share, loss = measured(mean, X[new], y[new])
    assert share > 0.94
    assert loss > max(measured(params, X[new], y[new])[1] for params in (ada, bob))


def test_units_of_the_mean_are_quieter_and_waking_and_cooling_help(story):
    X, y, seen, new, ada, bob, mean = story
    Z = [networks.forward(params, X[seen]).Z[0] for params in (ada, bob, mean)]
    wished = (Z[0].std(axis=0) + Z[1].std(axis=0)) / 2
    assert np.all(Z[2].std(axis=0) < wished)
    level = (Z[0].mean(axis=0) + Z[1].mean(axis=0)) / 2
    awake = [A4.wake_units(*mean[0], X[seen], level, wished), mean[1]]
    before, after = measured(mean, X[new], y[new])[1], measured(awake, X[new], y[new])[1]
    assert after < 0.95 * before
    scores = networks.forward(awake, X[new]).scores
    half = len(new) // 2
    t = A4.temperature(scores[:half], y[new][:half])
    rest = y[new][half:]
    assert (
        networks.cross_entropy(t * scores[half:], rest)[0]
        < networks.cross_entropy(scores[half:], rest)[0]
    )


def test_the_best_matching_agrees_with_the_library(story):
    rng = np.random.default_rng(0)
    for m in (1, 2, 5, 30):
        S = rng.standard_normal((m, m))
        order, u, v = A4.match_units(S)
        best = S[linear_sum_assignment(S, maximize=True)].sum()
        assert np.isclose(S[np.arange(m), order].sum(), best)
        assert np.isclose(u.sum() + v.sum(), best) and np.all(u[:, None] + v + 1e-12 >= S)


# --- the whole way of a hand-in


def command(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "helpers", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done


def test_what_is_released_earns_nothing_and_the_solution_earns_all(tmp_path):
    command("release", "A4", "--to", tmp_path / "handout")
    (handed_out,) = (tmp_path / "handout").rglob("*.ipynb")
    text = handed_out.read_text()
    for secret in ("_certify", "row_maxima", "linear_sum", "np.ptp(Z)"):
        assert secret not in text
    submitted = tmp_path / "submitted"
    solved = ROOT / "solutions" / "A4_deep_learning" / handed_out.name
    for student, path in (("ada", solved), ("bob", handed_out)):
        target = submitted / student / "A4_deep_learning" / path.name
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
    command("grade", submitted, "--out", tmp_path / "graded", "--lesson", "A4")
    lines = (tmp_path / "graded" / "results.jsonl").read_text().splitlines()
    results = [json.loads(line)["result"] for line in lines if line]
    assert {r["student"]: r["score"] for r in results} == {"ada": 20, "bob": 0}
