"""attention_backward: judged by complex steps through the forward pass, one entry at a time."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def attention_backward(Q, K, V, A, dO):
    """The triple (dQ, dK, dV) of gradients of a loss whose gradient in O = A V is dO,
    with A = softmax(QKᵀ/√d) along rows.

    A is what softmax_attention returned (T x T, causal or not); dO is T x m. Where A is 0
    because of the mask, nothing passes.
    """
    dA = dO @ V.T
    dS = A * (dA - np.sum(A * dA, axis=1, keepdims=True)) / np.sqrt(Q.shape[1])
    return dS @ K, dS.T @ Q, A.T @ dO


def _forward(Q, K, V, causal):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    if causal:
        S = np.where(np.tri(len(Q)) > 0, S, -1e30)
    A = np.exp(S - S.real.max(axis=1, keepdims=True))
    A = A / A.sum(axis=1, keepdims=True)
    return A @ V, A


def _places(rng: np.random.Generator) -> Iterator[Arguments]:
    for T, d, m, causal in [(4, 3, 2, False), (5, 4, 4, True), (1, 2, 3, True), (3, 1, 2, True)]:
        Q, K, V = (np.round(rng.standard_normal((T, k)), 2) for k in (d, d, m))
        dO = np.round(rng.standard_normal((T, m)), 2)
        yield {"Q": Q, "K": K, "V": V, "A": _forward(Q, K, V, causal)[1], "dO": dO}


def _certify(value, Q, K, V, A, dO):
    """d/dt of Σ dO ∘ O along an imaginary step: exact to rounding, with no formula for the derivative."""
    T = len(Q)
    causal = T > 1 and not np.any(np.triu(A, 1))
    inputs = {"dQ": Q, "dK": K, "dV": V}
    for at, (told, (name, M)) in enumerate(zip(value, inputs.items(), strict=True)):
        right = np.empty_like(M)
        for i, j in np.ndindex(M.shape):
            moved = [part.astype(complex) for part in (Q, K, V)]
            moved[at][i, j] += 1e-30j
            queries, keys, values = moved
            right[i, j] = np.sum(dO * _forward(queries, keys, values, causal)[0]).imag / 1e-30
        off = np.abs(told - right)
        if not np.all(off <= 1e-5 * (1 + np.abs(right).max())):
            i, j = (int(n) for n in np.unravel_index(np.argmax(off), off.shape))
            return f"the derivative by {name[1:]}[{i}, {j}] is {right[i, j]:.5g}; your {name} has {told[i, j]:.5g} there"
    return True


def _back(Q, K, V, A, dO, dS):
    return dS @ K, dS.T @ Q, A.T @ dO


def _slope(A, dO, V):
    dA = dO @ V.T
    return A * (dA - np.sum(A * dA, axis=1, keepdims=True))


def root_forgotten(Q, K, V, A, dO):
    """You forgot the 1/√d of the scores: it comes back in the gradients by Q and K."""
    return _back(Q, K, V, A, dO, _slope(A, dO, V))


def softmax_entry_by_entry(Q, K, V, A, dO):
    """You took A(1 − A) for the softmax: each weight depends on all scores of its row, not only on its own."""
    dS = A * (1 - A) * (dO @ V.T) / np.sqrt(Q.shape[1])
    return _back(Q, K, V, A, dO, dS)


def mean_not_taken_off(Q, K, V, A, dO):
    """You forgot the second part of the softmax's derivative: A ∘ (dA − rowsum(A ∘ dA))."""
    return _back(Q, K, V, A, dO, A * (dO @ V.T) / np.sqrt(Q.shape[1]))


def mean_of_the_column(Q, K, V, A, dO):
    """You summed over columns: the softmax goes along rows, so the sum in its derivative does as well."""
    dA = dO @ V.T
    dS = A * (dA - np.sum(A * dA, axis=0, keepdims=True)) / np.sqrt(Q.shape[1])
    return _back(Q, K, V, A, dO, dS)


def plain_mean(Q, K, V, A, dO):
    """You took the plain mean of dA off: the mean is weighted with A."""
    dA = dO @ V.T
    dS = A * (dA - dA.mean(axis=1, keepdims=True)) / np.sqrt(Q.shape[1])
    return _back(Q, K, V, A, dO, dS)


def values_not_transposed(Q, K, V, A, dO):
    """Your dV is A dO: place j's value reaches all i that look at it, with the weights of column j. That is Aᵀ dO."""
    dS = _slope(A, dO, V) / np.sqrt(Q.shape[1])
    return dS @ K, dS.T @ Q, A @ dO


def keys_not_transposed(Q, K, V, A, dO):
    """Your dK is dS Q: place j's key is in column j of the scores. That is dSᵀ Q."""
    dS = _slope(A, dO, V) / np.sqrt(Q.shape[1])
    return dS @ K, dS @ Q, A.T @ dO


def queries_and_keys_exchanged(Q, K, V, A, dO):
    """You exchanged dQ and dK: the query's gradient is made of keys, dS K."""
    dS = _slope(A, dO, V) / np.sqrt(Q.shape[1])
    return dS.T @ Q, dS @ K, A.T @ dO


def weights_taken_as_constant(Q, K, V, A, dO):
    """You let the gradient pass through V only: A depends on Q and K."""
    return np.zeros_like(Q), np.zeros_like(K), A.T @ dO


def uphill(Q, K, V, A, dO):
    """All signs are turned round: dO is the gradient, no minus belongs here."""
    dS = -_slope(A, dO, V) / np.sqrt(Q.shape[1])
    return dS @ K, dS.T @ Q, -A.T @ dO


def _row_by_row(Q, K, V, A, dO):
    T, d = Q.shape
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for i in range(T):
        J = (np.diag(A[i]) - np.outer(A[i], A[i])) / d**0.5
        ds = J @ (V @ dO[i])
        dQ[i] += K.T @ ds
        dK += np.outer(ds, Q[i])
        dV += np.outer(A[i], dO[i])
    return dQ, dK, dV


def _by_the_output(Q, K, V, A, dO):
    along = np.sum(dO * (A @ V), axis=1)  # the weighted mean of dA is dO·O
    dS = (A * ((dO @ V.T).T - along).T) / Q.shape[1] ** 0.5
    return [dS @ K, (Q.T @ dS).T, (dO.T @ A).T]


EXERCISE = Exercise(
    attention_backward,
    _places,
    _certify,
    title="Attention, on the way back",
    difficulty=3,
    minutes=18,
    hints=(
        "Go back line by line: O = AV gives dV and dA; A = softmax(S) gives dS; S = QKᵀ/√d gives dQ and dK.",
        "For one row a = softmax(s) the derivative is diag(a) − aaᵀ: ds = a ∘ (da − aᵀda).",
        "dA = dO Vᵀ, dV = Aᵀ dO, dQ = dS K/√d, dK = dSᵀ Q/√d. The mask needs no extra line: where A is 0, dS is 0.",
    ),
    mistakes=(
        root_forgotten,
        softmax_entry_by_entry,
        mean_not_taken_off,
        mean_of_the_column,
        plain_mean,
        values_not_transposed,
        keys_not_transposed,
        queries_and_keys_exchanged,
        weights_taken_as_constant,
        uphill,
    ),
    alternatives=(_row_by_row, _by_the_output),
)
