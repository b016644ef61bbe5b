"""Attention in the browser: its weights are Python's, masked and sharpened alike."""

import re

import numpy as np
import pytest
from in_node import answer_of

from helpers.figures import explore
from helpers.networks import softmax

RNG = np.random.default_rng(20)
TEXT = "a place looks at others"
Q, K = (1.5 * RNG.standard_normal((3, len(TEXT), 5)) for _ in range(2))


def in_the_browser(sharpness=1.0, causal=True, head=0):
    asked = explore.attention(TEXT, Q, K).state
    return answer_of("attention", asked | {"sharpness": sharpness, "causal": causal, "head": head})


def test_the_numbers_arrive_as_they_were_in_single_precision():
    told = in_the_browser()["all"]
    assert np.array_equal(told, np.concatenate([Q, K]).astype(np.float32).ravel())


@pytest.mark.parametrize("head", range(3))
@pytest.mark.parametrize(("sharpness", "causal"), [(1.0, True), (8.0, True), (0.125, False)])
def test_the_weights_are_the_softmax_of_the_scores(head, sharpness, causal):
    told = np.array(in_the_browser(sharpness, causal, head)["A"]).reshape(len(TEXT), len(TEXT))
    q, k = (part[head].astype(np.float32).astype(float) for part in (Q, K))
    S = sharpness * q @ k.T / np.sqrt(5)
    S = np.where(np.tri(len(TEXT)) > 0, S, -np.inf) if causal else S
    assert np.allclose(told, softmax(S), rtol=0, atol=1e-9)


def test_the_spread_is_one_place_for_the_first_and_all_for_the_softest():
    assert in_the_browser()["spread"] == pytest.approx(1)
    soft = in_the_browser(sharpness=1e-6, causal=False)
    assert soft["last"] == pytest.approx(len(TEXT), rel=1e-4)


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.attention(TEXT, Q, K)._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "weights of attention" in bundle["text/plain"]
    assert "data-lm-suppress-shortcuts" in page


@pytest.mark.parametrize(
    ("text", "queries", "keys", "place", "told"),
    [
        ("short", Q, K, None, "queries and keys must"),
        (TEXT, Q[0], K[0], None, "queries and keys must"),
        (TEXT, Q, K[:, :, :4], None, "queries and keys must"),
        (TEXT, Q * np.nan, K, None, "must be finite"),
        (TEXT, Q, K, 99, "place must"),
        ("x" * 60, np.ones((1, 60, 2)), np.ones((1, 60, 2)), None, "text must"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(text, queries, keys, place, told):
    with pytest.raises(ValueError, match=told):
        explore.attention(text, queries, keys, place)
