"""Small networks: gradients against differences, exact curvature, symmetry, and training that replays."""

from itertools import islice

import numpy as np
import pytest

from helpers import certificates, data, networks
from helpers.networks import ACTIVATIONS, cross_entropy, flatten, mse, unflatten

SMOOTH = ["tanh", "sigmoid", "identity"]


def problem(seed, sizes=(3, 5, 4, 3), n=7):
    rng = np.random.default_rng(seed)
    params = networks.initialise(sizes, rng, "xavier")
    params = [(W, rng.standard_normal(len(b)) / 2) for W, b in params]
    return params, rng.standard_normal((n, sizes[0])), rng.integers(0, sizes[-1], n), rng


def difference(f, v, direction, h=1e-5):
    return (f(v + h * direction) - f(v - h * direction)) / (2 * h)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 3), (3, 5, 3), (2, 4, 6, 3), (1, 1, 2)])
@pytest.mark.parametrize("loss", [cross_entropy, mse])
def test_the_gradient_is_that_of_central_differences(activation, sizes, loss):
    params, X, y, rng = problem(1, sizes)
    y = rng.standard_normal((len(X), sizes[-1])) if loss is mse else y

    def f(v):
        return networks.loss_and_grad(unflatten(v, params), X, y, activation, loss, 0.3)[0]

    gradient = flatten(networks.loss_and_grad(params, X, y, activation, loss, 0.3)[1])
    v = flatten(params)
    told = [difference(f, v, e) for e in np.eye(len(v))]
    assert np.allclose(gradient, told, atol=1e-7, rtol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [cross_entropy, mse])
def test_the_hessian_times_a_vector_is_the_difference_of_gradients(activation, loss):
    params, X, y, rng = problem(2)
    y = rng.standard_normal((len(X), 3)) if loss is mse else y
    d = rng.standard_normal(len(flatten(params)))

    def gradient(v):
        return flatten(networks.loss_and_grad(unflatten(v, params), X, y, activation, loss, 0.1)[1])

    exact = networks.hessian_vector_product(
        params, unflatten(d, params), X, y, activation, loss, 0.1
    )
    assert np.allclose(flatten(exact), difference(gradient, flatten(params), d), atol=1e-7)


def test_the_hessian_is_symmetric_and_has_negative_eigenvalues_with_a_hidden_layer_only():
    params, X, y, _ = problem(3)
    H = networks.hessian(params, X, y, "tanh")
    assert np.allclose(H, H.T, atol=1e-12) and np.linalg.eigvalsh(H)[0] < -1e-3
    alone, X, y, _ = problem(3, (3, 3))
    assert np.linalg.eigvalsh(networks.hessian(alone, X, y))[0] > -1e-12


@pytest.mark.parametrize("activation", [*SMOOTH, "relu"])
def test_renumbered_hidden_units_compute_the_same_function(activation):
    params, X, *_ = problem(4)
    for layer, units in ((1, 5), (2, 4)):
        other = networks.permute_hidden(params, layer, np.roll(np.arange(units), 1))
        assert np.max(np.abs(flatten(other) - flatten(params))) > 0.1
        scores = [networks.forward(p, X, activation).scores for p in (params, other)]
        assert np.allclose(*scores, atol=1e-12)


def test_the_network_without_a_hidden_layer_is_softmax_regression():
    digits = data.digits()
    X, y = digits.X[:300], digits.y[:300].astype(int)
    params = networks.initialise((64, 10), np.random.default_rng(0), 0.1)
    value, _ = networks.loss_and_grad(params, X, y, lam=0.02)
    (W, b) = params[0]
    assert np.isclose(300 * value, certificates.softmax(X, y, 6.0, W, b).primal)


def test_cross_entropy_of_huge_scores_is_finite_and_right():
    value, gradient = cross_entropy(np.array([[1e4, -1e4], [1e4, 0.0]]), np.array([0, 1]))
    assert value == 5000 and np.allclose(gradient, [[0, 0], [0.5, -0.5]])


def test_flatten_and_unflatten_undo_each_other_and_share_nothing():
    params, *_ = problem(5)
    v = flatten(params)
    again = unflatten(v, params)
    assert networks.shapes(again) == networks.shapes(params)
    again[0][0][:] = 9
    assert np.array_equal(flatten(params), v)


def test_each_scheme_has_its_variance():
    for scheme, variance in (("he", 2 / 400), ("xavier", 2 / 700), (0.3, 0.09), ("zeros", 0)):
        (W, b), *_ = networks.initialise((400, 300), np.random.default_rng(0), scheme)
        assert W.var() == pytest.approx(variance, rel=0.02) and not b.any()


def test_an_epoch_sees_every_row_once():
    rows = list(networks.minibatches(10, 4, np.random.default_rng(0)))
    assert [len(r) for r in rows] == [4, 4, 2]
    assert np.array_equal(np.sort(np.concatenate(rows)), np.arange(10))


def run(seed, epochs=6, **options):
    digits = data.digits(standardise=False)
    X, y = digits.X[:200], digits.y[:200].astype(int)
    params = networks.initialise((64, 12, 10), np.random.default_rng(9))
    before = flatten(params)
    rng = np.random.default_rng(seed)
    records = list(islice(networks.train(params, X, y, rng=rng, **{"step": 0.4} | options), epochs))
    assert np.array_equal(flatten(params), before)
    return records


def test_training_replays_from_its_seed_lowers_the_loss_and_leaves_the_start_alone():
    first, again, other = run(0), run(0), run(1)
    assert [r.loss for r in first] == [r.loss for r in again] != [r.loss for r in other]
    assert first[-1].loss < 0.5 * first[0].loss and [r.epoch for r in first] == list(range(6))
    assert np.isnan(first[0].valid_loss)


def test_one_batch_of_all_rows_is_gradient_descent():
    record = run(0, epochs=2, batch=200, step=lambda k: 0.5)
    digits = data.digits(standardise=False)
    X, y = digits.X[:200], digits.y[:200].astype(int)
    _, gradients = networks.loss_and_grad(record[0].params, X, y)
    stepped = networks.sgd_step(record[0].params, gradients, 0.5)
    assert np.allclose(flatten(stepped), flatten(record[1].params), atol=1e-12)


def test_patience_stops_after_so_many_records_without_a_new_best():
    losses = [3.0, 2.0, 2.5, 1.0, 1.0, 1.5, np.nan, 0.1]
    records = [networks.Epoch(k, [], 0.0, v) for k, v in enumerate(losses)]
    assert [r.epoch for r in networks.patience(records, 3)] == list(range(7))
    assert [r.epoch for r in networks.patience(records, 1)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda p, X, y: networks.forward(p, X[:, :2]), "X must have 3 columns"),
        (lambda p, X, y: networks.forward(p, X, "swish"), "activation must"),
        (lambda p, X, y: networks.loss_and_grad(p, X, y - 1), "classes"),
        (lambda p, X, y: networks.loss_and_grad(p, X, y[:, None] + np.zeros(2), loss=mse), "shape"),
        (lambda p, X, y: unflatten(np.zeros(3), p), "entries"),
        (lambda p, X, y: networks.initialise((3,), np.random.default_rng(0)), "sizes"),
        (lambda p, X, y: networks.initialise((3, 2), np.random.default_rng(0), "best"), "scheme"),
        (lambda p, X, y: networks.permute_hidden(p, 3, [0, 1, 2]), "hidden layer"),
        (lambda p, X, y: networks.permute_hidden(p, 1, [0, 0, 1, 2, 3]), "once"),
        (lambda p, X, y: next(networks.train(p, X, y[1:], rng=np.random.default_rng(0))), "rows"),
        (lambda p, X, y: next(networks.minibatches(3, 0, np.random.default_rng(0))), "batch"),
        (lambda p, X, y: next(networks.patience([], 0)), "rounds"),
    ],
)
def test_bad_input_is_named(call, told):
    params, X, y, _ = problem(6)
    y = np.abs(y)
    y[0] = 0
    with pytest.raises(ValueError, match=told):
        call(params, X, y)
