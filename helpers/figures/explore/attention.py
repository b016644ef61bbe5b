"""The attention of a trained model over one sentence, place by place."""

import base64

import numpy as np
from matplotlib.figure import Figure

from ..explorable import Explorable
from ..style import MAPS

LONGEST = 40


def attention(
    text: str, queries: np.ndarray, keys: np.ndarray, place: int | None = None, alt: str = ""
) -> Explorable:
    """Weights softmax(QKᵀ/√d) over the T symbols of text, from queries and keys of shape (heads, T, d).

    The place that looks can be chosen (place counts from 0; at first the last one), as can head, mask and sharpness. ValueError if
    the shapes do not fit, for more than 40 symbols, and for a place outside of the text.
    """
    Q, K = (np.asarray(part, dtype="<f4") for part in (queries, keys))
    if Q.ndim != 3 or Q.shape != K.shape or Q.shape[1] != len(text):
        raise ValueError(
            f"queries and keys must be of one shape (heads, {len(text)}, d), not {Q.shape} and {K.shape}"
        )
    if not 2 <= len(text) <= LONGEST:
        raise ValueError(f"text must have 2 to {LONGEST} symbols, not {len(text)}")
    if not (np.all(np.isfinite(Q)) and np.all(np.isfinite(K))):
        raise ValueError("queries and keys must be finite")
    place = len(text) - 1 if place is None else place
    if not 0 <= place < len(text):
        raise ValueError(f"place must lie between 0 and {len(text) - 1}, not {place}")
    S = np.where(np.tri(len(text)) > 0, Q[0] @ K[0].T / np.sqrt(Q.shape[2]), -np.inf)
    A = np.exp(S - S.max(axis=1, keepdims=True))
    poster = Figure(figsize=(4.4, 4.2))
    ax = poster.add_subplot()
    ax.imshow(np.sqrt(A / A.sum(axis=1, keepdims=True)), cmap=MAPS["mass"])
    ax.set(xlabel="place looked at", ylabel="place that looks")
    alt = alt or (
        "The weights of attention over a sentence: a square in which each row is a place that looks and each column a place looked at, the symbols of the "
        "sentence shaded by the weight that a chosen place gives them, and its weights as bars. Place, head, mask and sharpness can be changed."
    )
    state = {
        "text": text,
        "heads": int(Q.shape[0]),
        "d": int(Q.shape[2]),
        "place": int(place),
        "head": 0,
        "sharp": 0.0,
        "causal": True,
        "coefficients": base64.b64encode(np.concatenate([Q, K]).tobytes()).decode(),
    }
    return Explorable("attention", state, poster, alt, "explore.attention(text, queries, keys)")
