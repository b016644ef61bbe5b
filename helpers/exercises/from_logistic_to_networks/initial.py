"""xavier_he_init: judged by means, variances and independence, whatever the distribution drawn from."""

# ruff: noqa: RUF007 -- answers are shown and run with numpy alone, so they zip instead of importing pairwise

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ..exercise import Arguments, Exercise


def xavier_he_init(sizes, scheme, seed):
    """A list of pairs (W, b) for a network of the widths
    sizes = [m₀, m₁, …, m_d], to start from.

    The layer from m inputs to k outputs has W of shape (m, k), independent entries of mean 0
    and variance 2/(m + k) if scheme is "xavier", 2/m if it is "he"; b = 0, of shape (k,). Draw
    from rng = np.random.default_rng(seed), made once for all layers.
    """
    rng = np.random.default_rng(seed)
    params = []
    for m, k in zip(sizes[:-1], sizes[1:], strict=True):
        variance = 2 / (m + k) if scheme == "xavier" else 2 / m
        params.append((np.sqrt(variance) * rng.standard_normal((m, k)), np.zeros(k)))
    return params


def _widths(rng: np.random.Generator) -> Iterator[Arguments]:
    for sizes in ([120, 40, 90], [60, 60, 60, 200], [30, 150]):
        for scheme in ("xavier", "he"):
            yield {"sizes": sizes, "scheme": scheme, "seed": int(rng.integers(1, 10**6))}


def _variance(scheme: str, m: int, k: int) -> float:
    return 2 / (m + k) if scheme == "xavier" else 2 / m


def _certify(value, sizes, scheme, seed):
    """Each test fails for a right answer less than once in a million times: six standard errors."""
    for layer, ((W, b), (m, k)) in enumerate(
        zip(value, zip(sizes[:-1], sizes[1:], strict=True), strict=True), 1
    ):
        if np.any(b != 0):
            return (
                f"the b of layer {layer} must be 0; yours has {b[np.argmax(np.abs(b))]:.4g} in it"
            )
        asked, N = _variance(scheme, m, k), m * k
        square = float(np.mean(W**2))
        if not abs(W.mean()) <= 6 * (max(square, asked) / N) ** 0.5:
            return f"the weights of layer {layer} ({m} to {k}) must have mean 0; yours have {W.mean():.4g}"
        if not abs(square / asked - 1) <= 6 * (2 / N) ** 0.5:
            return (
                f"the weights of layer {layer} ({m} to {k}) must have variance {asked:.4g}; "
                f"yours have {square:.4g}, which is {square / asked:.3g} times as much"
            )
        for axis, many, long in ((1, m, k), (0, k, m)):
            spread = long * float(np.mean(W.mean(axis=axis) ** 2)) / asked  # about 1 if independent
            if not spread <= 1 + 8 * (2 / many) ** 0.5:
                what = "columns" if axis == 1 else "rows"
                return f"in layer {layer} the {what} of W resemble each other: every entry needs a draw of its own"
    for (V, _), (W, _) in pairwise(value):
        if V.shape == W.shape:
            alike = np.sum(V * W) / np.sqrt(np.sum(V**2) * np.sum(W**2))
            if not abs(alike) <= 6 / V.size**0.5:
                return "two layers of the same shape have the same weights: draw each layer anew from one rng"
    return True


def _what_it_looks_like(value, sizes, scheme, seed):
    """Which rule each layer's variance follows, and what else is telling; the numbers themselves are random."""
    seen = []
    for (W, b), (m, k) in zip(value, zip(sizes[:-1], sizes[1:], strict=True), strict=True):
        asked = _variance(scheme, m, k)
        rules = {
            "asked": asked,
            "xavier": 2 / (m + k),
            "he": 2 / m,
            "outputs": 2 / k,
            "one over m": 1 / m,
            "square": asked**2,
            "third": asked / 3,
            "fourth root": asked**0.5,
            "one": 1.0,
        }
        square = float(np.mean(W**2))
        rule = "zero"
        if square > 0:
            rule = min(rules, key=lambda name: abs(np.log(square / rules[name])))
            if abs(np.log(square / rules[rule])) > 0.15:
                rule = "none"
        centred = abs(W.mean()) <= 6 * (max(square, 1e-9) / W.size) ** 0.5
        rows = float(np.abs(W - W[:, :1]).max()) == 0
        seen.append([rule, bool(centred), bool(np.any(b != 0)), rows])
    twins = [V.shape == W.shape and bool(np.all(V == W)) for (V, _), (W, _) in pairwise(value)]
    return [seen, twins]


def all_zeros(sizes, scheme, seed):
    """Your weights are all 0: then the units of a layer are equal, get equal gradients, and stay equal for ever."""
    return [(np.zeros((m, k)), np.zeros(k)) for m, k in zip(sizes[:-1], sizes[1:], strict=True)]


def one_value_for_all(sizes, scheme, seed):
    """All weights of a layer are the same number: its units compute the same, and their gradients are the same. Draw each entry."""
    return [
        (np.full((m, k), _variance(scheme, m, k) ** 0.5), np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def variance_for_deviation(sizes, scheme, seed):
    """You multiplied the draws by the variance: a factor s multiplies the variance by s², so take the root."""
    rng = np.random.default_rng(seed)
    return [
        (_variance(scheme, m, k) * rng.standard_normal((m, k)), np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def schemes_exchanged(sizes, scheme, seed):
    """You exchanged the schemes: Xavier's is 2/(m + k), which looks both ways, He's is 2/m."""
    return xavier_he_init(sizes, "he" if scheme == "xavier" else "xavier", seed)


def always_he(sizes, scheme, seed):
    """You use 2/m for both schemes: Xavier's variance is 2/(m + k)."""
    return xavier_he_init(sizes, "he", seed)


def always_xavier(sizes, scheme, seed):
    """You use 2/(m + k) for both schemes: He's variance is 2/m, to make up for the half that max(z, 0) takes."""
    return xavier_he_init(sizes, "xavier", seed)


def outputs_for_inputs(sizes, scheme, seed):
    """For He you divided by the number of outputs: a unit adds up its m inputs, so m decides how large it gets."""
    rng = np.random.default_rng(seed)
    return [
        (
            (2 / (m + k) if scheme == "xavier" else 2 / k) ** 0.5 * rng.standard_normal((m, k)),
            np.zeros(k),
        )
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def the_factor_two_forgotten(sizes, scheme, seed):
    """Your He variance is 1/m: max(z, 0) removes half of the mean square, and the 2 makes up for it."""
    rng = np.random.default_rng(seed)
    return [
        (
            (2 / (m + k) if scheme == "xavier" else 1 / m) ** 0.5 * rng.standard_normal((m, k)),
            np.zeros(k),
        )
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def uniform_of_that_half_width(sizes, scheme, seed):
    """You drew uniformly from [−s, s] with s the standard deviation: that has the variance s²/3. Take √3 s."""
    rng = np.random.default_rng(seed)
    return [
        (_variance(scheme, m, k) ** 0.5 * rng.uniform(-1, 1, (m, k)), np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def positive_only(sizes, scheme, seed):
    """Your weights do not have mean 0 (rng.random, for one, draws from [0, 1), all positive): the means of a unit's inputs add up, from layer to layer."""
    rng = np.random.default_rng(seed)
    return [
        ((3 * _variance(scheme, m, k)) ** 0.5 * rng.random((m, k)), np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def seeded_in_the_loop(sizes, scheme, seed):
    """You start the generator anew in each layer: layers of the same shape get the same weights. Make one rng before the loop."""
    return [
        (
            _variance(scheme, m, k) ** 0.5 * np.random.default_rng(seed).standard_normal((m, k)),
            np.zeros(k),
        )
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def random_biases(sizes, scheme, seed):
    """Your b are not 0: the weights make the units differ already, and the derivation of their variance has b = 0."""
    rng = np.random.default_rng(seed)
    return [
        (_variance(scheme, m, k) ** 0.5 * rng.standard_normal((m, k)), rng.standard_normal(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def the_same_scale_everywhere(sizes, scheme, seed):
    """Your weights have variance 1 in every layer: a sum of m terms then has variance m, and grows with the width."""
    rng = np.random.default_rng(seed)
    return [
        (rng.standard_normal((m, k)), np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def _uniformly(sizes, scheme, seed):
    rng = np.random.default_rng(seed)
    params = []
    for m, k in zip(sizes[:-1], sizes[1:], strict=True):
        half = (6 / (m + k) if scheme == "xavier" else 6 / m) ** 0.5
        params.append((rng.uniform(-half, half, size=(m, k)).tolist(), [0] * k))
    return params


def _by_signs(sizes, scheme, seed):
    rng = np.random.default_rng(seed)
    return [
        [rng.choice([-1.0, 1.0], (m, k)) * (2 / (m + (scheme == "xavier") * k)) ** 0.5, np.zeros(k)]
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def _transposed_draws(sizes, scheme, seed):
    rng = np.random.default_rng([seed, 1])
    return tuple(
        (rng.normal(0, _variance(scheme, m, k) ** 0.5, (k, m)).T, np.zeros(k))
        for m, k in zip(sizes[:-1], sizes[1:], strict=True)
    )


EXERCISE = Exercise(
    xavier_he_init,
    _widths,
    _certify,
    title="Where to begin",
    difficulty=2,
    minutes=10,
    hints=(
        "pairwise widths: zip(sizes[:-1], sizes[1:]) gives (m, k) of each layer.",
        "rng.standard_normal((m, k)) has variance 1. What does a factor s do to a variance?",
        "Make rng once, before the loop; W is the root of the variance times the draws, and b is np.zeros(k).",
    ),
    mistakes=(
        all_zeros,
        one_value_for_all,
        variance_for_deviation,
        schemes_exchanged,
        always_he,
        always_xavier,
        outputs_for_inputs,
        the_factor_two_forgotten,
        uniform_of_that_half_width,
        positive_only,
        seeded_in_the_loop,
        random_biases,
        the_same_scale_everywhere,
    ),
    alternatives=(_uniformly, _by_signs, _transposed_draws),
    fingerprint=_what_it_looks_like,
)
