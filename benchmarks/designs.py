"""Data to compare on: real sets that ship with scikit-learn, and random designs.

Every set is drawn from a generator of its own, keyed by the run's seed and the set's name, so a part
of the benchmark sees the same data as the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse
from scipy.signal import lfilter

from helpers import data as real

CORRELATION = 0.5  # between a column and its neighbour
GAUSSIAN = {"gauss 1e3x1e2": (1000, 100), "gauss 1e4x1e2": (10_000, 100)}
GAUSSIAN |= {"gauss 1e5x50": (100_000, 50), "gauss 1e3x1e4": (1000, 10_000)}
SPARSE = "sparse 1e4x1e5"


@dataclass(frozen=True)
class Design:
    """X (n, p), numbers `y` to predict and two classes `labels`; `classes` where there are more."""

    name: str
    X: Any
    y: np.ndarray
    labels: np.ndarray
    classes: np.ndarray | None = None
    seed: int = 0

    @property
    def sparse(self) -> bool:
        return sparse.issparse(self.X)


def generator(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, crc32(name.encode())])


def correlated(rng: np.random.Generator, n: int, p: int) -> np.ndarray:
    """Rows of a stationary first-order autoregression: correlation ρ^|i−j|."""
    X = rng.standard_normal((n, p))
    X[:, 1:] *= np.sqrt(1 - CORRELATION**2)
    return lfilter([1.0], [1.0, -CORRELATION], X, axis=1)


def planted(seed: int, rng: np.random.Generator, name: str, X: Any) -> Design:
    """Answers from coefficients of which at most a tenth, and at most 50, are not 0."""
    n, p = X.shape
    w = np.zeros(p)
    used = rng.choice(p, size=max(1, min(50, p // 10)), replace=False)
    w[used] = rng.standard_normal(len(used))
    signal = X @ w
    size = float(signal.std()) or 1.0
    y = signal + 0.5 * size * rng.standard_normal(n)
    score = 2 * signal / size + rng.logistic(size=n)
    labels = np.where(score > 0, 1.0, -1.0)
    classes = np.digitize(score, np.quantile(score, [1 / 3, 2 / 3]))
    return Design(name, X, y, labels, classes, seed)


def gaussian(seed: int, name: str, n: int, p: int) -> Design:
    rng = generator(seed, name)
    return planted(seed, rng, name, correlated(rng, n, p))


def sparse_design(
    seed: int, name: str, n: int = 10_000, p: int = 100_000, density: float = 1e-3
) -> Design:
    rng = generator(seed, name)
    X = sparse.random_array((n, p), density=density, rng=rng, data_sampler=rng.standard_normal)
    return planted(seed, rng, name, X.tocsc())


def _real(seed: int, name: str) -> Design:
    """A real set, standardised, its rows in an order and its numbers with a noise from the seed."""
    rng = generator(seed, name)
    loaded = {"breast cancer": real.breast_cancer, "digits": real.digits, "wine": real.wine}
    if name == "diabetes cubic":
        X, y, classes = _cubic(), real.diabetes().y, None
        labels = np.where(y > np.median(y), 1.0, -1.0)
    else:
        source = loaded[name]()
        X, y = source.X[:, source.X.any(axis=0)], source.y
        classes = np.unique(y, return_inverse=True)[1]
        labels = np.where(classes > np.median(classes) - 0.5, 1.0, -1.0)
    order = rng.permutation(len(y))
    noisy = y + 0.1 * y.std() * rng.standard_normal(len(y))
    classes = None if classes is None or len(np.unique(classes)) < 3 else classes[order]
    X = np.ascontiguousarray(X[order])
    return Design(name, X, noisy[order], labels[order], classes, seed)


def _cubic() -> np.ndarray:
    """All products of up to three of the ten measurements, standardised: 442 x 285."""
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    X = PolynomialFeatures(3, include_bias=False).fit_transform(real.diabetes().X)
    return StandardScaler().fit_transform(X)


REAL = ("diabetes cubic", "breast cancer", "digits", "wine")
NAMES = (*REAL, *GAUSSIAN, SPARSE)


def load(seed: int, name: str) -> Design:
    """The data set `name` of this seed; ValueError for a name that is not known."""
    if name in REAL:
        return _real(seed, name)
    if name in GAUSSIAN:
        return gaussian(seed, name, *GAUSSIAN[name])
    if name == SPARSE:
        return sparse_design(seed, name)
    raise ValueError(f"no data set is called {name!r}; there are {', '.join(NAMES)}")


def tiny() -> tuple[Design, Design]:
    """A dense and a sparse design on which everything takes no time."""
    return gaussian(0, "tiny", 40, 5), sparse_design(0, "tiny sparse", 40, 30, 0.3)


# the points of the growth plots
GROWTH_N = (500, 1000, 2000, 4000, 8000, 16_000)
GROWTH_P = (25, 50, 100, 200, 400, 800)
FIXED_N, FIXED_P = 1000, 50

Loader = Callable[[], Design]


def growth(seed: int, largest_n: int, largest_p: int) -> list[tuple[str, Loader]]:
    """(axis, loader) for n from 500 at p = 50, and p from 25 at n = 1000."""
    points: list[tuple[str, Loader]] = []
    for axis, sizes, largest in (("n", GROWTH_N, largest_n), ("p", GROWTH_P, largest_p)):
        for size in (size for size in sizes if size <= largest):
            n, p = (size, FIXED_P) if axis == "n" else (FIXED_N, size)
            points.append((axis, lambda n=n, p=p: gaussian(seed, f"gauss {n}x{p}", n, p)))
    return points
