"""is_separable: judged by the proof that comes with the answer, a separating w or a convex combination."""

import numpy as np

from ..exercise import Exercise

EPSILON = 1e-6  # both proofs are judged to this accuracy, relative to the size of the rows


def is_separable(X, y):
    """Is there a w with yᵢxᵢᵀw > 0 for every i? A pair (answer, proof).

    (True, w) with such a w, of shape (p,); or (False, a) with a ≥ 0 of shape (n,), Σᵢ aᵢ = 1
    and Σᵢ aᵢyᵢxᵢ = 0, which proves that there is none. X of shape (n, p), y of shape (n,) with
    entries −1 and +1; for an intercept X has a column of ones. You may use
    scipy.optimize.linprog.
    """
    from scipy.optimize import linprog

    Z = y[:, None] * X
    n, p = Z.shape
    # maximise t subject to Zw ≥ t, |wⱼ| ≤ 1; the multipliers of the rows are the a
    found = linprog(
        np.append(np.zeros(p), -1),
        A_ub=np.column_stack([-Z, np.ones(n)]),
        b_ub=np.zeros(n),
        bounds=[(-1, 1)] * p + [(0, None)],
    )
    w = found.x[:p]
    if np.min(Z @ w) > 1e-8 * np.max(np.abs(Z)):
        return True, w
    a = np.maximum(-found.ineqlin.marginals, 0)
    return False, a / np.sum(a)


def _data(rng):
    w = rng.uniform(0.5, 1.5, 3) * rng.choice([-1.0, 1.0], 3)
    X = rng.standard_normal((12, 3))
    y = np.where(X @ w > 0, 1.0, -1.0)
    X = X + 0.1 * np.outer(y, w)
    yield {"X": X, "y": y}  # separable
    yield {"X": np.vstack([X, X[4]]), "y": np.append(y, -y[4])}  # one row twice, labels opposite
    X = rng.standard_normal((5, 8))
    yield {"X": X, "y": rng.choice([-1.0, 1.0], 5)}  # p > n
    X = np.column_stack([rng.standard_normal((16, 2)), np.ones(16)])
    y = np.where(rng.permutation(16) < 8, 1.0, -1.0)
    X[:4, :2] = [[1, 1], [-1, -1], [1, -1], [-1, 1]]
    y[:4] = 1, 1, -1, -1  # exclusive or
    yield {"X": X, "y": y}
    X = np.column_stack([rng.uniform(5, 6, 9), np.ones(9)])
    y = np.where(X[:, 0] > np.median(X[:, 0]), 1.0, -1.0)
    X[:, 0] = X[:, 0] + 0.1 * y
    yield {"X": X, "y": y}  # separable, but not by a line through the origin alone
    yield {"X": np.array([[-2.0, 0.0]]), "y": np.array([1.0])}
    X = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    yield {"X": X, "y": np.array([-1.0, -1.0, 1.0, 1.0])}  # separated but for ties
    X = rng.standard_normal((7, 3))
    X[2] = 0
    yield {"X": X, "y": rng.choice([-1.0, 1.0], 7)}  # a row of zeros has margin 0 for every w
    X, w = 100 * rng.standard_normal((9, 2)), rng.standard_normal(2)
    w = w / np.linalg.norm(w)
    y = np.where(X @ w > 0, -1.0, 1.0)
    yield {"X": X - 20 * np.outer(y, w), "y": y}  # separable, large entries


def _parts(value):
    answer, proof = value
    if not isinstance(answer, bool | np.bool_):
        raise TypeError
    return bool(answer), np.asarray(proof, dtype=float)


def _certify(value, X, y):
    answer, proof = _parts(value)
    Z = y[:, None] * X
    n, p = Z.shape
    size = np.abs(Z).max()
    shape = (p,) if answer else (n,)
    if proof.shape != shape:
        what = "w" if answer else "a"
        return f"after {answer} comes {what} of shape {shape}; yours has shape {proof.shape}"
    if answer:
        margins = Z @ proof
        if margins.min() > 1e-12 * size * np.abs(proof).max():
            return True
        i = int(np.argmin(margins))
        return f"you say separable, but your w has yᵢxᵢᵀw = {margins[i]:.3g} in row {i}; it must be positive in every row"
    if proof.min() < -EPSILON:
        return f"you say not separable; then a ≥ 0, but your smallest entry is {proof.min():.3g}"
    if abs(proof.sum() - 1) > EPSILON:
        return f"the entries of a should sum to 1; yours sum to {proof.sum():.6g}"
    left = np.abs(Z.T @ proof).max()
    if left > EPSILON * size:
        return (
            f"you say not separable; then Σ aᵢyᵢxᵢ = 0, but yours has an entry of size {left:.3g}"
        )
    return True


def _told(value, X, y):
    answer, proof = _parts(value)
    return [answer, proof]


def training_error_of_least_squares(X, y):
    """You fit least squares and look at its errors. It may leave rows on the wrong side although another w separates them all: it minimises distances, not errors."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    if np.all(y * (X @ w) > 0):
        return True, w
    return False, np.full(len(y), 1 / len(y))


def difference_of_means(X, y):
    """You take w = Σ yᵢxᵢ, the difference of the classes. It need not separate although another w does."""
    w = X.T @ y
    if np.all(y * (X @ w) > 0):
        return True, w
    return False, np.full(len(y), 1 / len(y))


def perceptron_gives_up(X, y):
    """The perceptron finds a w if there is one, some time. That it has found none after 1000 rounds proves nothing: for "no" the proof is a convex combination of the yᵢxᵢ that is 0."""
    w = np.zeros(X.shape[1])
    for _ in range(1000):
        wrong = np.flatnonzero(y * (X @ w) <= 0)
        if len(wrong) == 0:
            return True, w
        w = w + y[wrong[0]] * X[wrong[0]]
    return False, w


def ties_allowed(X, y):
    """You accept margins of zero, and w = 0 has them all: it separates nothing. Ask for yᵢxᵢᵀw ≥ 1, which any separating w meets after scaling."""
    return True, np.zeros(X.shape[1])


def always_separable(X, y):
    """You solve Xw = y by least squares and call it separable. A w that has errors proves nothing."""
    return True, np.linalg.lstsq(X, y, rcond=None)[0]


def weights_all_zero(X, y):
    """Your weights are all 0: with them every sum vanishes, and nothing is proved. They must add up to 1."""
    return False, np.zeros(len(y))


def weights_all_equal(X, y):
    """You say "not separable" and give every row the same weight. The weights have to be found: Σ aᵢyᵢxᵢ must vanish, and where a separating w exists no weights can do that."""
    return False, np.full(len(y), 1 / len(y))


def labels_forgotten(X, y):
    """The labels are missing: you ask for xᵢᵀw > 0 in every row, of either class. Multiply each row by its label first."""
    return is_separable(X, np.ones(len(y)))


def extra_intercept(X, y):
    """You add an intercept of your own, so your w has one entry too many. Where one is wanted, X has its column of ones already."""
    answer, proof = is_separable(np.column_stack([X, np.ones(len(y))]), y)
    return answer, proof


def not_normalised(X, y):
    """Your combination is right up to its size: scale a so that Σ aᵢ = 1."""
    answer, proof = is_separable(X, y)
    return answer, proof if answer else 3 * proof


def labels_missing_in_the_proof(X, y):
    """Your multipliers are those of the signed rows, cᵢ = aᵢyᵢ: then Σ cᵢxᵢ = 0, but they are not all ≥ 0. Asked for is a."""
    answer, proof = is_separable(X, y)
    return answer, proof if answer else proof * y


def marginals_with_their_sign(X, y):
    """linprog's marginals are derivatives of the minimum by the right-hand side, so they are ≤ 0 here: a is their negative."""
    answer, proof = is_separable(X, y)
    return answer, proof if answer else -proof


def _by_two_programs(X, y):
    from scipy.optimize import linprog

    Z = X * y[:, None]
    n, p = Z.shape
    there = linprog(np.zeros(p), A_ub=-Z, b_ub=-np.ones(n), bounds=(None, None))
    if there.status == 0:
        return True, there.x
    A = np.vstack([Z.T, np.ones(n)])
    return False, linprog(np.zeros(n), A_eq=A, b_eq=np.append(np.zeros(p), 1)).x


def _by_the_nearest_point(X, y):
    from scipy.optimize import nnls

    Z = X * y[:, None]
    n, p = Z.shape
    scale = np.abs(Z).max()
    a, r = nnls(np.vstack([Z.T / scale, np.ones(n)]), np.append(np.zeros(p), 1.0))
    if r > 1e-7:
        return True, Z.T @ a
    return False, a / a.sum()


def _with_lists(X, y):
    answer, proof = _by_two_programs(X, y)
    return [bool(answer), [float(v) for v in proof]]


SEPARABLE = Exercise(
    is_separable,
    _data,
    _certify,
    title="Separable or not, with proof",
    difficulty=4,
    minutes=25,
    free=True,
    fingerprint=_told,
    hints=(
        "Put the label into the row: zᵢ = yᵢxᵢ. Then ask for a w with Zw > 0. A linear program has no strict inequalities: which scaling of w makes it Zw ≥ 1?",
        "If Zw ≥ 1 is infeasible, ask a second linear program for a ≥ 0 with Zᵀa = 0 and Σ aᵢ = 1. Gordan's theorem says that one of the two is feasible.",
        "linprog(c, A_ub=..., b_ub=..., bounds=(None, None)) asks for A_ub x ≤ b_ub; without bounds it takes x ≥ 0. c may be zero; `status == 0` says that it found a point.",
    ),
    mistakes=(
        training_error_of_least_squares,
        difference_of_means,
        perceptron_gives_up,
        ties_allowed,
        always_separable,
        weights_all_zero,
        weights_all_equal,
        labels_forgotten,
        extra_intercept,
        not_normalised,
        labels_missing_in_the_proof,
        marginals_with_their_sign,
    ),
    alternatives=(_by_two_programs, _by_the_nearest_point, _with_lists),
)
