"""A small transformer in numpy: scores of the next token at every place, and their gradient by hand.

    config = Config(symbols=29, context=32, width=48, heads=4, blocks=2)
    params = start(config, rng)                                    # a dict of arrays, by name
    trace = forward(params, tokens, config)                        # tokens: (B, T), T ≤ context; trace.scores: (B, T, K)
    value, gradients = loss_and_grad(params, tokens, targets, config)

A block adds to the stream x of shape (B, T, width) first what attention finds in the places before, then what a layer of
ReLU makes of each place by itself; each reads x through a layer norm:

    x ← x + Attention(LN(x)),   x ← x + max(LN(x) W₁ + b₁, 0) W₂ + b₂.

Sources: Vaswani et al. (2017), Attention is all you need; Ba, Kiros & Hinton (2016), Layer normalization; the norm stands
before each part, as in Radford et al. (2019).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .losses import cross_entropy

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Config:
    """K = symbols in the alphabet, at most `context` places, `heads` that divide `width`, `blocks` of them."""

    symbols: int
    context: int = 32
    width: int = 48
    heads: int = 4
    blocks: int = 2

    def __post_init__(self) -> None:
        for name in ("symbols", "context", "width", "heads", "blocks"):
            value = getattr(self, name)
            if int(value) != value or value < 1:
                raise ValueError(f"{name} must be a positive whole number, not {value}")
        if self.width % self.heads:
            raise ValueError(f"heads must divide width = {self.width}; {self.heads} does not")


@dataclass
class Trace:
    """What a forward pass leaves: the scores, the weights of attention (B, heads, T, T) a block, and what backward needs."""

    scores: np.ndarray
    attention: list[np.ndarray]
    kept: dict = field(default_factory=dict)


def start(config: Config, rng: np.random.Generator, dtype: type = np.float64) -> Weights:
    """Weights whose variance is one over their inputs; what a block adds to the stream is made smaller by √(2·blocks)."""
    d, K = config.width, config.symbols

    def normal(m: int, k: int, size: float = 1.0) -> np.ndarray:
        return (size * rng.standard_normal((m, k)) / np.sqrt(m)).astype(dtype)

    def ones() -> np.ndarray:
        return np.ones(d, dtype)

    def zeros(m: int = d) -> np.ndarray:
        return np.zeros(m, dtype)

    small = (2 * config.blocks) ** -0.5
    params = {
        "symbols": normal(K, d, K**0.5 * 0.5),
        "places": normal(config.context, d, config.context**0.5 * 0.5),
    }
    for block in range(config.blocks):
        params |= {
            f"{block}.norm1.gain": ones(),
            f"{block}.norm1.shift": zeros(),
            f"{block}.query": normal(d, d),
            f"{block}.key": normal(d, d),
            f"{block}.value": normal(d, d),
            f"{block}.out": normal(d, d, small),
            f"{block}.norm2.gain": ones(),
            f"{block}.norm2.shift": zeros(),
            f"{block}.W1": normal(d, 4 * d, 2**0.5),
            f"{block}.b1": zeros(4 * d),
            f"{block}.W2": normal(4 * d, d, small),
            f"{block}.b2": zeros(),
        }
    return params | {"norm.gain": ones(), "norm.shift": zeros(), "scores": normal(d, K)}


def forward(params: Weights, tokens: np.ndarray, config: Config) -> Trace:
    """Scores for the token after each place, from that place and those before it. ValueError for tokens that do not fit."""
    tokens = np.asarray(tokens)
    if tokens.ndim != 2 or not 1 <= tokens.shape[1] <= config.context:
        raise ValueError(
            f"tokens must be of shape (B, T) with T at most {config.context}, not {tokens.shape}"
        )
    if tokens.size and not (tokens.min() >= 0 and tokens.max() < config.symbols):
        raise ValueError(f"tokens must be whole numbers from 0 to {config.symbols - 1}")
    T = tokens.shape[1]
    x = params["symbols"][tokens] + params["places"][:T]
    kept: dict = {"tokens": tokens}
    weights = []
    for block in range(config.blocks):
        name = f"{block}."
        u, kept[name + "norm1"] = _norm(x, params, name + "norm1")
        added, P, kept[name + "attention"] = _attend(u, params, name, config.heads)
        x = x + added
        weights.append(P)
        u, kept[name + "norm2"] = _norm(x, params, name + "norm2")
        z = u @ params[name + "W1"] + params[name + "b1"]
        a = np.maximum(z, 0)
        kept[name + "layer"] = (u, z, a)
        x = x + a @ params[name + "W2"] + params[name + "b2"]
    u, kept["norm"] = _norm(x, params, "norm")
    kept["last"] = u
    return Trace(u @ params["scores"], weights, kept)


def backward(params: Weights, trace: Trace, slope: np.ndarray, config: Config) -> Weights:
    """The gradients by name, from `slope`, the loss's gradient in the scores: the chain rule from the end."""
    kept, g = trace.kept, {}
    g["scores"] = _outer(kept["last"], slope)
    D = _norm_back(slope @ params["scores"].T, kept["norm"], params, "norm", g)
    for block in reversed(range(config.blocks)):
        name = f"{block}."
        u, z, a = kept[name + "layer"]
        g[name + "W2"], g[name + "b2"] = _outer(a, D), D.sum(axis=(0, 1))
        back = (D @ params[name + "W2"].T) * (z > 0)
        g[name + "W1"], g[name + "b1"] = _outer(u, back), back.sum(axis=(0, 1))
        back = back @ params[name + "W1"].T
        D = D + _norm_back(back, kept[name + "norm2"], params, name + "norm2", g)
        back = _attend_back(D, kept[name + "attention"], params, name, g)
        D = D + _norm_back(back, kept[name + "norm1"], params, name + "norm1", g)
    T = D.shape[1]
    g["places"] = np.zeros_like(params["places"])
    g["places"][:T] = D.sum(axis=0)
    g["symbols"] = np.zeros_like(params["symbols"])
    np.add.at(g["symbols"], kept["tokens"], D)
    return g


def loss_and_grad(
    params: Weights, tokens: np.ndarray, targets: np.ndarray, config: Config
) -> tuple[float, Weights]:
    """The mean cross-entropy of all B·T predictions, and its gradients."""
    trace = forward(params, tokens, config)
    flat = trace.scores.reshape(-1, config.symbols)
    value, slope = cross_entropy(flat, np.asarray(targets).ravel())
    slope = slope.astype(flat.dtype).reshape(trace.scores.shape)
    return value, backward(params, trace, slope, config)


def mean_loss(
    params: Weights, tokens: np.ndarray, config: Config, rows: int = 64
) -> tuple[float, int]:
    """The mean loss over a long text, cut into pieces of context + 1 that overlap by one token, and how many predictions it has."""
    T = config.context
    n = (len(tokens) - 1) // T
    if n < 1:
        raise ValueError(f"tokens must hold at least {T + 1} entries, not {len(tokens)}")
    inputs = np.asarray(tokens[: n * T]).reshape(n, T)
    targets = np.asarray(tokens[1 : n * T + 1]).reshape(n, T)
    total = 0.0
    for at in range(0, n, rows):
        scores = forward(params, inputs[at : at + rows], config).scores
        part = targets[at : at + rows]
        total += cross_entropy(scores.reshape(-1, config.symbols), part.ravel())[0] * part.size
    return total / targets.size, targets.size


def windows(
    tokens: np.ndarray, batch: int, context: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For ever: `batch` pieces of the text from random places, and the same pieces one token later."""
    tokens = np.asarray(tokens)
    if len(tokens) < context + 1:
        raise ValueError(f"tokens must hold at least {context + 1} entries, not {len(tokens)}")
    while True:
        rows = rng.integers(0, len(tokens) - context, batch)[:, None] + np.arange(context)
        yield tokens[rows], tokens[rows + 1]


def _norm(x: np.ndarray, params: Weights, name: str) -> tuple[np.ndarray, tuple]:
    """Each place's vector, with mean 0 and variance 1, times a gain plus a shift."""
    centred = x - x.mean(axis=-1, keepdims=True)
    size = np.sqrt(np.mean(centred**2, axis=-1, keepdims=True) + 1e-5)
    unit = centred / size
    return unit * params[name + ".gain"] + params[name + ".shift"], (unit, size)


def _norm_back(D: np.ndarray, kept: tuple, params: Weights, name: str, g: Weights) -> np.ndarray:
    unit, size = kept
    g[name + ".gain"], g[name + ".shift"] = (D * unit).sum(axis=(0, 1)), D.sum(axis=(0, 1))
    D = D * params[name + ".gain"]
    along = np.mean(D * unit, axis=-1, keepdims=True)
    return (D - D.mean(axis=-1, keepdims=True) - unit * along) / size


def _attend(
    u: np.ndarray, params: Weights, name: str, heads: int
) -> tuple[np.ndarray, np.ndarray, tuple]:
    """Causal attention with several heads: (what is added, the weights P, what backward needs)."""
    B, T, d = u.shape
    Q, K, V = (_split(u @ params[name + part], heads) for part in ("query", "key", "value"))
    S = Q @ K.swapaxes(-1, -2) / np.asarray((d // heads) ** 0.5, u.dtype)
    S[..., np.triu(np.ones((T, T), dtype=bool), 1)] = -np.inf
    P = np.exp(S - S.max(axis=-1, keepdims=True))
    P /= P.sum(axis=-1, keepdims=True)
    joined = (P @ V).swapaxes(1, 2).reshape(B, T, d)
    return joined @ params[name + "out"], P, (u, Q, K, V, P, joined)


def _attend_back(D: np.ndarray, kept: tuple, params: Weights, name: str, g: Weights) -> np.ndarray:
    u, Q, K, V, P, joined = kept
    B, T, d = u.shape
    g[name + "out"] = _outer(joined, D)
    dO = _split(D @ params[name + "out"].T, Q.shape[1])
    dP = dO @ V.swapaxes(-1, -2)
    dS = P * (dP - np.sum(dP * P, axis=-1, keepdims=True))
    dS = dS / np.asarray(Q.shape[-1] ** 0.5, u.dtype)
    back = np.zeros_like(u)
    for part, slope in (
        ("query", dS @ K),
        ("key", dS.swapaxes(-1, -2) @ Q),
        ("value", P.swapaxes(-1, -2) @ dO),
    ):
        slope = slope.swapaxes(1, 2).reshape(B, T, d)
        g[name + part] = _outer(u, slope)
        back += slope @ params[name + part].T
    return back


def _split(x: np.ndarray, heads: int) -> np.ndarray:
    """(B, T, d) -> (B, heads, T, d/heads)."""
    B, T, d = x.shape
    return x.reshape(B, T, heads, d // heads).swapaxes(1, 2)


def _outer(a: np.ndarray, D: np.ndarray) -> np.ndarray:
    """Σ over rows and places of a Dᵀ: the gradient of a matrix that a is multiplied by."""
    return a.reshape(-1, a.shape[-1]).T @ D.reshape(-1, D.shape[-1])
