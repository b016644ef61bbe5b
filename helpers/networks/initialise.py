"""Where training starts: weights drawn so that neither activations nor gradients fade or explode."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .vectors import Params


def initialise(
    sizes: Sequence[int], rng: np.random.Generator, scheme: str | float = "he"
) -> Params:
    """A network of the widths `sizes`; weights are independent N(0, std²), every b is 0.

    For a layer from m inputs to k outputs std² is 2/(m + k) for "xavier" (Glorot & Bengio 2010), 2/m for
    "he" (He et al. 2015), 0 for "zeros"; a number is the std itself. ValueError for anything else.
    """
    if len(sizes) < 2 or any(int(m) != m or m < 1 for m in sizes):
        raise ValueError(f"sizes must be at least two positive whole numbers, not {list(sizes)}")
    return [
        (_std(scheme, m, k) * rng.standard_normal((m, k)), np.zeros(k)) for m, k in pairwise(sizes)
    ]


def _std(scheme: str | float, m: int, k: int) -> float:
    if isinstance(scheme, str):
        known = {"zeros": 0.0, "xavier": (2 / (m + k)) ** 0.5, "he": (2 / m) ** 0.5}
        if scheme in known:
            return known[scheme]
    elif 0 <= scheme < np.inf:
        return float(scheme)
    raise ValueError(
        f"scheme must be 'zeros', 'xavier', 'he' or a number that is not negative, not {scheme!r}"
    )
