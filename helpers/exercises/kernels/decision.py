"""kernel_svm_decision: judged by the optimal intercepts, an interval where no multiplier is free."""

import numpy as np

from ..exercise import Exercise
from .common import interval, smo

ACCURACY = 1e-5


def kernel_svm_decision(K, y, a, C, K_new):
    """Scores f(x) = Σⱼ aⱼyⱼk(xⱼ, x) + b of new points, from the solution a of the SVM's dual.

    K of shape (n, n) is the kernel matrix of the training points, y of shape (n,) holds −1 and
    +1, a of shape (n,) maximises Σ a − ½(y∘a)ᵀK(y∘a) over 0 ≤ a ≤ C, yᵀa = 0, and K_new of
    shape (m, n) holds k(new point, training point). The result has shape (m,). b follows from
    the optimality conditions; where they leave an interval, any b in it will do.
    """
    pull = y - K @ (y * a)  # the b that puts a point exactly on its margin
    near = 1e-9 * C
    up = ((y > 0) & (a < C - near)) | ((y < 0) & (a > near))
    down = ((y > 0) & (a > near)) | ((y < 0) & (a < C - near))
    b = (np.max(pull[up]) + np.min(pull[down])) / 2
    return K_new @ (y * a) + b


def _gauss(A, B, sigma):
    return np.exp(-np.sum((A[:, None] - B[None]) ** 2, axis=2) / (2 * sigma**2))


def _data(rng):
    for n, C, sigma, shift in ((12, 1.0, 1.0, 0.5), (14, 0.4, 0.7, 0.3), (10, 50.0, 1.5, 2.0)):
        y = np.where(np.arange(n) < 2 * n // 3, 1.0, -1.0)
        X = rng.standard_normal((n, 2)) + shift * y[:, None]
        K, new = _gauss(X, X, sigma), rng.standard_normal((5, 2))
        yield {"K": K, "y": y, "a": smo(K, y, C), "C": C, "K_new": _gauss(new, X, sigma)}
    # a linear kernel and a large offset: b is far from 0
    y = np.where(np.arange(9) % 3 == 0, -1.0, 1.0)
    X = rng.standard_normal((9, 2)) + np.outer(y, [1.0, 0.5]) + np.array([3.0, -2.0])
    new = 3 + rng.standard_normal((4, 2))
    yield {"K": X @ X.T, "y": y, "a": smo(X @ X.T, y, 0.5), "C": 0.5, "K_new": new @ X.T}
    # every point is inside the margin, so every multiplier is at C: an interval of intercepts
    X = np.array([[-3.0], [-2.0], [2.5], [4.0]])
    y = np.array([-1.0, -1.0, 1.0, 1.0])
    a = np.full(4, 0.02)
    new = rng.standard_normal((3, 1))
    yield {"K": X @ X.T, "y": y, "a": a, "C": 0.02, "K_new": new @ X.T}


def _certify(value, K, y, a, C, K_new):
    scores = np.asarray(value, dtype=float)
    if scores.shape != (len(K_new),):
        return f"a score for each new point, shape {(len(K_new),)}; yours has shape {scores.shape}"
    rest = scores - K_new @ (y * a)
    size = 1 + np.abs(K_new @ (y * a)).max() + np.abs(K).max() * a.sum()
    spread = rest.max() - rest.min()
    if not spread <= ACCURACY * size:
        return f"your scores minus Σ aⱼyⱼk(xⱼ, x) should be the same b for all new points; yours vary by {spread:.3g}"
    low, high = interval(K, y, a, C)
    b = rest.mean()
    if low - ACCURACY * size <= b <= high + ACCURACY * size:
        return True
    where = f"{low:.6g}" if high - low < 1e-6 * size else f"between {low:.6g} and {high:.6g}"
    return f"the optimality conditions put b at {where}; in your scores it is {b:.6g}"


def without_intercept(K, y, a, C, K_new):
    """The intercept b is missing. The equality yᵀa = 0 in the dual is there because of it."""
    return K_new @ (y * a)


def without_labels(K, y, a, C, K_new):
    """Your weights are a. The coefficient of a point is aⱼyⱼ: points of class −1 pull the score down."""
    b = kernel_svm_decision(K, y, a, C, K_new[:1])[0] - K_new[0] @ (y * a)
    return K_new @ a + b


def signs(K, y, a, C, K_new):
    """You return the classes. Asked for are the scores, whose signs they are."""
    return np.sign(kernel_svm_decision(K, y, a, C, K_new))


def mean_over_all_points(K, y, a, C, K_new):
    """You averaged yᵢ − Σ aⱼyⱼk(xⱼ, xᵢ) over all points. It equals b only where 0 < aᵢ < C, at points exactly on their margin."""
    return K_new @ (y * a) + np.mean(y - K @ (y * a))


def mean_over_support_vectors(K, y, a, C, K_new):
    """You averaged over all support vectors, a > 0. Those with aᵢ = C are inside the margin, and yᵢ − Σ aⱼyⱼk(xⱼ, xᵢ) is not b there: keep 0 < aᵢ < C."""
    support = a > 1e-9 * C
    return K_new @ (y * a) + np.mean((y - K @ (y * a))[support])


def first_support_vector(K, y, a, C, K_new):
    """You take b from one support vector, which need not have aᵢ < C: at the bound C the point lies inside its margin and does not tell b."""
    i = int(np.argmax(a))
    return K_new @ (y * a) + (y - K @ (y * a))[i]


def minus_b(K, y, a, C, K_new):
    """Your intercept has the wrong sign: on the margin yᵢ(fᵢ + b) = 1, so b = yᵢ − fᵢ."""
    right = kernel_svm_decision(K, y, a, C, K_new)
    return 2 * (K_new @ (y * a)) - right


def margin_forgotten(K, y, a, C, K_new):
    """Your b puts the free points on the boundary, b = −fᵢ. They lie on the margin: yᵢ(fᵢ + b) = 1."""
    free = (a > 1e-9 * C) & (a < C * (1 - 1e-9))
    free = free if free.any() else a > 0
    return K_new @ (y * a) - np.mean((K @ (y * a))[free])


def midway_between_means(K, y, a, C, K_new):
    """You put the boundary midway between the mean scores of the classes. The optimality conditions put it where the free points are on their margins."""
    f = K @ (y * a)
    return K_new @ (y * a) - (f[y > 0].mean() + f[y < 0].mean()) / 2


def training_scores(K, y, a, C, K_new):
    """These are the scores of the training points. Asked for are those of the new points, whose kernels are the rows of K_new."""
    return kernel_svm_decision(K, y, a, C, K)


def multipliers_normalised(K, y, a, C, K_new):
    """You divided by Σ aⱼ. The scores are not a weighted mean: their unit is the margin."""
    return kernel_svm_decision(K, y, a, C, K_new) / a.sum()


def _from_free_points(K, y, a, C, K_new):
    pull = y - K @ (y * a)
    free = (a > 1e-8 * C) & (a < C * (1 - 1e-8))
    if free.any():
        return K_new @ (y * a) + np.mean(pull[free])
    return kernel_svm_decision(K, y, a, C, K_new)


def _least_hinge_loss(K, y, a, C, K_new):
    f = K @ (y * a)
    turns = y - f  # the hinge losses, as a function of b, have their corners here
    losses = [np.maximum(0, 1 - y * (f + b)).sum() for b in turns]
    return [float(v) for v in K_new @ (y * a) + turns[int(np.argmin(losses))]]


def _by_loops(K, y, a, C, K_new):
    lows, highs = [-np.inf], [np.inf]
    for i in range(len(y)):
        pull = y[i] - sum(a[j] * y[j] * K[i, j] for j in range(len(y)))
        if (a[i] < C * (1 - 1e-9)) == (y[i] > 0) or 1e-9 * C < a[i] < C * (1 - 1e-9):
            lows.append(pull)
        if (a[i] > 1e-9 * C) == (y[i] > 0) or 1e-9 * C < a[i] < C * (1 - 1e-9):
            highs.append(pull)
    b = min(highs)
    return np.array([sum(a * y * row) for row in K_new]) + b


DECISION = Exercise(
    kernel_svm_decision,
    _data,
    _certify,
    title="Decisions of a kernel SVM",
    difficulty=3,
    minutes=20,
    hints=(
        "Without b the scores are a product of K_new with aⱼyⱼ. For b, ask where the training points lie that have 0 < aᵢ < C.",
        "Complementary slackness: 0 < aᵢ < C gives yᵢ(fᵢ + b) = 1 with fᵢ = Σⱼ aⱼyⱼK[i, j]. As yᵢ = ±1, that is b = yᵢ − fᵢ.",
        "If no multiplier is free: aᵢ = 0 says yᵢ(fᵢ + b) ≥ 1 and aᵢ = C says ≤ 1. Each is a bound on b; take the middle of the interval.",
    ),
    mistakes=(
        without_intercept,
        without_labels,
        signs,
        mean_over_all_points,
        mean_over_support_vectors,
        first_support_vector,
        minus_b,
        margin_forgotten,
        midway_between_means,
        training_scores,
        multipliers_normalised,
    ),
    alternatives=(_from_free_points, _least_hinge_loss, _by_loops),
)
