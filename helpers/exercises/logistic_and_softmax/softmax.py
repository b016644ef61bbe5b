"""softmax_gradient: judged against the definition, also for scores whose exponentials overflow."""

import numpy as np

from ..exercise import Exercise, same


def softmax_gradient(X, labels, W, lam):
    """The gradient in W of −Σᵢ log softmax(xᵢᵀW)[labelᵢ] + ½λ‖W‖²_F, of shape (p, K).

    X of shape (n, p); labels of shape (n,), whole numbers from 0 to K − 1; W of shape (p, K); lam ≥ 0.
    softmax(s)[k] = exp(s[k]) / Σ exp(s). The scores may be in the thousands.
    """
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[labels]) + lam * W


def _points(rng):
    for n, p, K, size, lam in (
        (9, 3, 4, 1.0, 0.5),
        (6, 5, 3, 1.0, 0.0),
        (7, 2, 2, 0.3, 1.0),
        (8, 3, 5, 1500.0, 0.1),
    ):
        X = rng.standard_normal((n, p)) + 0.4
        labels = rng.integers(0, K, n)
        labels[:2] = [0, K - 1]
        yield {"X": X, "labels": labels, "W": size * rng.standard_normal((p, K)), "lam": lam}


def _certify(G, X, labels, W, lam):
    right = lam * W
    for x, k in zip(X, labels, strict=True):
        s = x @ W
        chances = np.array([1 / np.sum(np.exp(np.minimum(s - s[j], 700))) for j in range(len(s))])
        chances[k] -= 1
        right = right + np.outer(x, chances)
    return same(G, right, "the gradient")


def overflowing(X, labels, W, lam):
    """Your exponentials overflow, and infinity over infinity is NaN. Softmax does not change if each row's largest score is subtracted first."""
    with np.errstate(all="ignore"):
        P = np.exp(X @ W)
        P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[labels]) + lam * W


def one_maximum_for_all(X, labels, W, lam):
    """You subtract the largest of all scores: rows whose scores all lie far below it become 0/0. Subtract each row's own."""
    S = X @ W
    with np.errstate(all="ignore"):
        P = np.exp(S - S.max())
        P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[labels]) + lam * W


def over_the_samples(X, labels, W, lam):
    """You normalise over the samples; the probabilities of one sample's classes add up to 1, so sum along its row."""
    S = X @ W
    P = np.exp(S - S.max(axis=0))
    P = P / P.sum(axis=0)
    return X.T @ (P - np.eye(W.shape[1])[labels]) + lam * W


def targets_forgotten(X, labels, W, lam):
    """The derivative of the label's own score is missing: subtract 1 from the probability of the true class."""
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    return X.T @ (P / P.sum(axis=1, keepdims=True)) + lam * W


def uphill(X, labels, W, lam):
    """The loss's part has the wrong sign: P minus the targets, not the other way round."""
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (np.eye(W.shape[1])[labels] - P) + lam * W


def averaged(X, labels, W, lam):
    """You divide by n: the loss is a sum over the samples."""
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[labels]) / len(X) + lam * W


def penalty_forgotten(X, labels, W, lam):
    """The penalty's gradient λW is missing."""
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[labels])


def transposed(X, labels, W, lam):
    """You return shape (K, p); the gradient has the shape of W, (p, K)."""
    S = X @ W
    P = np.exp(S - S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    return (X.T @ (P - np.eye(W.shape[1])[labels]) + lam * W).T


def _by_log_sum_exp(X, labels, W, lam):
    S = X @ W
    top = S.max(axis=1)
    log_total = top + np.log(np.exp(S - top[:, None]).sum(axis=1))
    R = np.exp(S - log_total[:, None])
    R[np.arange(len(X)), labels] -= 1
    return np.einsum("ip,ik->pk", X, R) + lam * W


def _row_by_row(X, labels, W, lam):
    G = lam * np.array(W)
    for x, k in zip(X, labels, strict=True):
        s = [float(x @ column) for column in W.T]
        e = [np.exp(v - max(s)) for v in s]
        for j in range(len(s)):
            G[:, j] += x * (e[j] / sum(e) - (j == k))
    return G.tolist()


SOFTMAX = Exercise(
    softmax_gradient,
    _points,
    _certify,
    title="The gradient of softmax regression",
    difficulty=3,
    minutes=15,
    hints=(
        "For one sample the loss is log Σ exp(sₖ) − s_label. Differentiate it in each score.",
        "The derivative in sₖ is softmax(s)ₖ − [k is the label]. Multiply by x and add up over the samples: XᵀR.",
        "Subtract each row's maximum before exp; np.eye(K)[labels] has a 1 in the column of each label.",
    ),
    mistakes=(
        overflowing,
        one_maximum_for_all,
        over_the_samples,
        targets_forgotten,
        uphill,
        averaged,
        penalty_forgotten,
        transposed,
    ),
    alternatives=(_by_log_sum_exp, _row_by_row),
)
