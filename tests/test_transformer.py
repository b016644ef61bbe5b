"""The small transformer: each of its gradients against differences, and nothing from the future."""

import numpy as np
import pytest

from helpers import data
from helpers.networks import transformer
from helpers.networks.transformer import Config

SMALL = Config(symbols=7, context=6, width=8, heads=2, blocks=2)


def text(rng, B=3, T=5, K=7):
    tokens = rng.integers(0, K, (B, T + 1))
    return tokens[:, :-1], tokens[:, 1:]


def shaken(config, rng):
    params = transformer.start(config, rng)
    return {name: part + 0.1 * rng.standard_normal(part.shape) for name, part in params.items()}


@pytest.mark.parametrize("name", transformer.start(SMALL, np.random.default_rng(0)))
def test_the_gradient_of_each_parameter_is_the_limit_of_differences(name):
    rng = np.random.default_rng(1)
    params, (tokens, targets) = shaken(SMALL, rng), text(rng)
    slope = transformer.loss_and_grad(params, tokens, targets, SMALL)[1][name]
    assert slope.shape == params[name].shape
    for _ in range(3):
        d = rng.standard_normal(slope.shape)
        ends = [
            transformer.loss_and_grad(
                {**params, name: params[name] + h * d}, tokens, targets, SMALL
            )[0]
            for h in (1e-5, -1e-5)
        ]
        assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(np.sum(slope * d), abs=1e-8, rel=1e-6)


def test_a_change_in_the_future_changes_no_score_before_it():
    rng = np.random.default_rng(2)
    params, (tokens, _) = shaken(SMALL, rng), text(rng)
    scores = transformer.forward(params, tokens, SMALL).scores
    for at in range(1, 5):
        other = tokens.copy()
        other[:, at:] = (other[:, at:] + 1) % 7
        found = transformer.forward(params, other, SMALL).scores
        assert np.array_equal(found[:, :at], scores[:, :at])
        assert np.abs(found[:, at:] - scores[:, at:]).max() > 1e-3


def test_attention_weights_are_probabilities_over_the_places_so_far():
    rng = np.random.default_rng(3)
    trace = transformer.forward(shaken(SMALL, rng), text(rng)[0], SMALL)
    assert len(trace.attention) == 2
    for P in trace.attention:
        assert P.shape == (3, 2, 5, 5) and np.allclose(P.sum(axis=-1), 1)
        assert not np.triu(P, 1).any()


def test_single_precision_stays_single_and_agrees():
    rng = np.random.default_rng(4)
    params, (tokens, targets) = shaken(SMALL, rng), text(rng)
    single = {name: part.astype(np.float32) for name, part in params.items()}
    value, gradients = transformer.loss_and_grad(params, tokens, targets, SMALL)
    near, slopes = transformer.loss_and_grad(single, tokens, targets, SMALL)
    assert near == pytest.approx(value, rel=1e-5)
    for name, slope in slopes.items():
        assert slope.dtype == np.float32
        assert np.allclose(slope, gradients[name], atol=1e-5)


def test_the_mean_loss_over_a_text_is_the_mean_over_its_pieces():
    rng = np.random.default_rng(5)
    params, tokens = shaken(SMALL, rng), rng.integers(0, 7, 50)
    value, count = transformer.mean_loss(params, tokens, SMALL, rows=3)
    pieces = [
        transformer.loss_and_grad(
            params, tokens[None, at : at + 6], tokens[None, at + 1 : at + 7], SMALL
        )[0]
        for at in range(0, 48, 6)
    ]
    assert count == 48 and value == pytest.approx(np.mean(pieces))


def test_windows_are_pieces_of_the_text_and_the_same_one_later():
    tokens = np.arange(40)
    for _, (inputs, targets) in zip(
        range(5), transformer.windows(tokens, 4, 6, np.random.default_rng(0)), strict=False
    ):
        assert inputs.shape == (4, 6) and np.array_equal(targets, inputs + 1)
        assert np.all(np.diff(inputs, axis=1) == 1)


def test_it_learns_to_copy_the_token_of_two_places_before():
    rng = np.random.default_rng(6)
    config = Config(symbols=4, context=8, width=16, heads=2, blocks=1)
    params = transformer.start(config, rng)
    moments = {name: np.zeros_like(part) for name, part in params.items()}
    squares = {name: np.zeros_like(part) for name, part in params.items()}
    for k in range(1, 251):
        tokens = rng.integers(0, 4, (16, 8))
        targets = np.roll(tokens, 2, axis=1)
        targets[:, :2] = tokens[:, :2]
        value, slopes = transformer.loss_and_grad(params, tokens, targets, config)
        for name, g in slopes.items():
            moments[name] = 0.9 * moments[name] + 0.1 * g
            squares[name] = 0.99 * squares[name] + 0.01 * g**2
            step = moments[name] / (1 - 0.9**k) / np.sqrt(squares[name] / (1 - 0.99**k) + 1e-16)
            params[name] = params[name] - 0.01 * step
    assert value < 0.1  # log 4 = 1.39 by guessing


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"heads": 3}, "heads must"), ({"width": 0}, "width must"), ({"blocks": 1.5}, "blocks must")],
)
def test_a_shape_that_cannot_be_is_refused_by_name(asked, told):
    with pytest.raises(ValueError, match=told):
        Config(**{"symbols": 7, "width": 8, "heads": 2, **asked})


@pytest.mark.parametrize("tokens", [[1, 2], [[1] * 7], [[7]], [[-1]]])
def test_tokens_that_do_not_fit_are_refused(tokens):
    params = transformer.start(SMALL, np.random.default_rng(0))
    with pytest.raises(ValueError, match="tokens must"):
        transformer.forward(params, np.array(tokens), SMALL)


def test_a_text_that_is_too_short_is_refused():
    params = transformer.start(SMALL, np.random.default_rng(0))
    with pytest.raises(ValueError, match="tokens must hold"):
        transformer.mean_loss(params, np.arange(5) % 7, SMALL)
    with pytest.raises(ValueError, match="tokens must hold"):
        next(transformer.windows(np.arange(5), 2, 6, np.random.default_rng(0)))


def test_the_text_of_the_course_is_english_in_twenty_nine_symbols():
    tokens, alphabet = data.python_topics()
    assert len(alphabet) == 29 and tokens.min() == 0 and tokens.max() == 28
    assert len(tokens) > 300_000
    words = "".join(alphabet[k] for k in tokens[:20_000]).split()
    assert words.count("the") > 50 and "  " not in "".join(alphabet[k] for k in tokens)
