"""random_features: many answers are right; their Gram matrix has to be near the kernel's."""

import numpy as np

from ..exercise import Exercise

DEVIATIONS = 6.0  # one entry of ZZᵀ has a standard deviation of at most 1/sqrt(D)


def random_features(X, sigma, D, seed):
    """Z of shape (n, D) with ZZᵀ ≈ exp(−‖xᵢ − xⱼ‖² / (2σ²)): random Fourier features.

    Feature j of x is sqrt(2/D) cos(ωⱼᵀx + βⱼ), with ωⱼ from the normal distribution of
    covariance σ⁻²I and βⱼ uniform on [0, 2π]; or the pair sqrt(2/D) cos(ωⱼᵀx), sqrt(2/D)
    sin(ωⱼᵀx). X of shape (n, p), sigma > 0, D even; the randomness comes from
    np.random.default_rng(seed).
    """
    rng = np.random.default_rng(seed)
    omega = rng.standard_normal((X.shape[1], D)) / sigma
    beta = rng.uniform(0, 2 * np.pi, D)
    return np.sqrt(2 / D) * np.cos(X @ omega + beta)


def _data(rng):
    for n, p, sigma, D in ((5, 3, 2.0, 2500), (5, 1, 0.5, 2500), (4, 4, 3.0, 2500)):
        X = sigma * rng.standard_normal((n, p)) * 0.7
        yield {"X": X, "sigma": sigma, "D": D, "seed": int(rng.integers(2**31))}
    X = 2 + rng.standard_normal((4, 2))
    X[3] = X[0]
    yield {"X": X, "sigma": 1.6, "D": 2500, "seed": int(rng.integers(2**31))}
    yield {"X": np.zeros((1, 2)), "sigma": 0.3, "D": 2500, "seed": 7}
    yield {"X": rng.standard_normal((4, 3)), "sigma": 1.3, "D": 2, "seed": 3}


def _gauss(X, sigma):
    return np.exp(-np.sum((X[:, None] - X[None]) ** 2, axis=2) / (2 * sigma**2))


def _certify(value, X, sigma, D, seed):
    Z = np.asarray(value, dtype=float)
    if Z.shape != (len(X), D):
        return f"Z has a row for each point and {D} columns; yours has shape {Z.shape}"
    top = np.abs(Z).max() / np.sqrt(2 / D)
    if not top <= 1 + 1e-6:
        return f"an entry sqrt(2/D) cos(…) is at most sqrt(2/D) in size; your largest is {top:.3g} times that"
    if D < 100:
        return True  # of so few features only the size can be judged
    allowed = DEVIATIONS / np.sqrt(D)
    G, K = Z @ Z.T, _gauss(X, sigma)
    error = np.abs(G - K)
    if error.max() <= allowed:
        return True
    i, j = (int(v) for v in np.unravel_index(int(np.argmax(error)), error.shape))
    return f"(ZZᵀ)[{i}, {j}] should be within {allowed:.2g} of {K[i, j]:.3f}, six standard deviations; yours is {G[i, j]:.3f}"


def width_as_frequency(X, sigma, D, seed):
    """You multiply the normal numbers by σ. A wide kernel has low frequencies: divide by σ."""
    rng = np.random.default_rng(seed)
    omega = rng.standard_normal((X.shape[1], D)) * sigma
    return np.sqrt(2 / D) * np.cos(X @ omega + rng.uniform(0, 2 * np.pi, D))


def width_ignored(X, sigma, D, seed):
    """σ does not occur: your frequencies have variance 1, and your kernel has width 1."""
    return random_features(X, 1.0, D, seed)


def variance_as_deviation(X, sigma, D, seed):
    """Your frequencies have standard deviation 1/σ². The covariance is σ⁻²I, so the standard deviation is 1/σ."""
    return random_features(X, sigma**2, D, seed)


def no_phase(X, sigma, D, seed):
    """Cosines alone, without a phase or the sines beside them: their product has the kernel's mean only up to a term cos(ωᵀ(x + x′)), which a uniform phase averages away."""
    rng = np.random.default_rng(seed)
    return np.sqrt(2 / D) * np.cos(X @ rng.standard_normal((X.shape[1], D)) / sigma)


def one_frequency(X, sigma, D, seed):
    """You drew one frequency for all features. Each feature needs its own, or there is nothing to average."""
    rng = np.random.default_rng(seed)
    omega = rng.standard_normal((X.shape[1], 1)) / sigma
    return np.sqrt(2 / D) * np.cos(X @ omega + rng.uniform(0, 2 * np.pi, D))


def frequencies_for_each_point(X, sigma, D, seed):
    """You drew new frequencies for each point. All points share the same features, or their products mean nothing."""
    rng = np.random.default_rng(seed)
    omega = rng.standard_normal((len(X), X.shape[1], D)) / sigma
    inner = np.einsum("ip,ipd->id", X, omega)
    return np.sqrt(2 / D) * np.cos(inner + rng.uniform(0, 2 * np.pi, (len(X), D)))


def not_scaled(X, sigma, D, seed):
    """The factor sqrt(2/D) is missing: ZZᵀ is a sum of D products, and should be their mean, twice."""
    return random_features(X, sigma, D, seed) * np.sqrt(D / 2)


def two_lost(X, sigma, D, seed):
    """You scale by 1/sqrt(D), so ZZᵀ is half the kernel: the mean of cos² is ½."""
    return random_features(X, sigma, D, seed) / np.sqrt(2)


def uniform_frequencies(X, sigma, D, seed):
    """Your frequencies are uniform. Bochner's theorem ties their distribution to the kernel, and for the Gaussian kernel it is the normal one."""
    rng = np.random.default_rng(seed)
    omega = rng.uniform(-1, 1, (X.shape[1], D)) / sigma
    return np.sqrt(2 / D) * np.cos(X @ omega + rng.uniform(0, 2 * np.pi, D))


def phase_too_short(X, sigma, D, seed):
    """Your phases fill only part of the circle, [0, 1]. They must be uniform on [0, 2π]."""
    rng = np.random.default_rng(seed)
    omega = rng.standard_normal((X.shape[1], D)) / sigma
    return np.sqrt(2 / D) * np.cos(X @ omega + rng.uniform(0, 1, D))


def transposed(X, sigma, D, seed):
    """Your Z is the transpose: a row for each point, a column for each feature."""
    return random_features(X, sigma, D, seed).T


def _pairs(X, sigma, D, seed):
    rng = np.random.default_rng(seed)
    inner = X @ (rng.standard_normal((X.shape[1], D // 2)) / sigma)
    return np.sqrt(2 / D) * np.hstack([np.cos(inner), np.sin(inner)])


def _another_order(X, sigma, D, seed):
    rng = np.random.default_rng(seed)
    beta = 2 * np.pi * rng.random(D)
    omega = rng.normal(0, 1 / sigma, (D, X.shape[1]))
    return (2 / D) ** 0.5 * np.sin((omega @ X.T).T - beta)


def _feature_by_feature(X, sigma, D, seed):
    rng = np.random.default_rng(seed)
    columns = []
    for _ in range(D):
        omega, beta = rng.standard_normal(X.shape[1]) / sigma, rng.uniform(0, 2 * np.pi)
        columns.append(np.sqrt(2 / D) * np.cos(X @ omega + beta))
    return np.array(columns).T


FEATURES = Exercise(
    random_features,
    _data,
    _certify,
    title="Random Fourier features",
    difficulty=2,
    minutes=12,
    hints=(
        "Draw all D frequencies at once: an array of shape (p, D). What does X @ omega hold?",
        "rng.standard_normal has standard deviation 1. Which deviation do the frequencies of a kernel of width σ need?",
        "A phase from rng.uniform(0, 2π, D) is added to every row; then the cosine, then the scale.",
    ),
    mistakes=(
        width_as_frequency,
        width_ignored,
        variance_as_deviation,
        no_phase,
        one_frequency,
        frequencies_for_each_point,
        not_scaled,
        two_lost,
        uniform_frequencies,
        phase_too_short,
        transposed,
    ),
    alternatives=(_pairs, _another_order, _feature_by_feature),
)
