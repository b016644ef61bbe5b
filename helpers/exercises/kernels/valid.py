"""is_valid_kernel: judged by the proof that comes with the answer, features or a witness."""

import numpy as np

from ..exercise import Exercise

EPSILON = 1e-6  # how exactly FFᵀ must give K back, relative to its largest entry


def is_valid_kernel(K):
    """Is the symmetric matrix K positive semidefinite? A pair (answer, proof).

    (True, F) with F of shape (n, d), any d, and FFᵀ = K: then K is the Gram matrix of the rows
    of F. Or (False, c) with c of shape (n,) and cᵀKc < 0. K of shape (n, n); an eigenvalue that
    is negative by less than 1e-9 times the largest entry in size of K counts as rounding.
    """
    values, vectors = np.linalg.eigh(K)
    if values[0] < -1e-9 * np.max(np.abs(K)):
        return False, vectors[:, 0]
    return True, vectors * np.sqrt(np.maximum(values, 0))


def _data(rng):
    F = rng.standard_normal((6, 3))
    yield {"K": F @ F.T}  # singular: of rank 3
    F = rng.standard_normal((5, 7))
    K = F @ F.T
    yield {"K": K}  # regular
    lowest = np.linalg.eigvalsh(K)[0]
    yield {"K": K - (lowest + 0.05) * np.eye(5)}  # positive on the diagonal, one bad direction
    X = rng.standard_normal((8, 2))
    squares = np.sum((X[:, None] - X[None]) ** 2, axis=2)
    yield {"K": np.exp(-squares / 2)}
    yield {"K": squares}  # distances are no similarity: 0 on the diagonal
    yield {"K": np.exp(-squares / 2) - np.exp(-squares / 8)}  # a difference of two kernels
    yield {"K": -np.eye(3)}
    yield {"K": np.zeros((4, 4))}
    # every entry and every 2 x 2 minor is positive, and so are all row sums
    yield {"K": np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]])}
    yield {"K": np.array([[1.0, -0.9], [-0.9, 1.0]])}  # negative entries do no harm
    F = rng.standard_normal((7, 2))
    K = 1e4 * F @ F.T
    v = rng.standard_normal(7)
    v = v - F @ np.linalg.lstsq(F, v, rcond=None)[0]
    yield {"K": K - 3 * np.outer(v, v) / (v @ v)}  # a small negative eigenvalue beside large ones
    yield {"K": np.array([[2.0]])}
    yield {"K": np.array([[-1e-3]])}


def _parts(value):
    answer, proof = value
    if not isinstance(answer, bool | np.bool_):
        raise TypeError
    return bool(answer), np.asarray(proof, dtype=float)


def _certify(value, K):
    answer, proof = _parts(value)
    n, size = len(K), np.abs(K).max()
    if answer:
        if proof.ndim != 2 or len(proof) != n:
            return f"after True comes F with {n} rows; yours has shape {proof.shape}"
        error = np.abs(proof @ proof.T - K)
        if error.max() <= EPSILON * size:
            return True
        i, j = (int(v) for v in np.unravel_index(int(np.argmax(error)), error.shape))
        return f"you say valid; then FFᵀ = K, but entry ({i}, {j}) of your FFᵀ is {(proof @ proof.T)[i, j]:.6g} and that of K is {K[i, j]:.6g}"
    if proof.shape != (n,):
        return f"after False comes c of shape ({n},); yours has shape {proof.shape}"
    length = float(proof @ proof)
    if length == 0:
        return "your witness is c = 0, and then cᵀKc = 0 for every K"
    curvature = float(proof @ K @ proof) / length
    if curvature < -1e-12 * size:
        return True
    return f"you say not valid; then cᵀKc < 0, but your c has cᵀKc/‖c‖² = {curvature:.3g}"


def _told(value, K):
    answer, proof = _parts(value)
    return [answer, proof]


def positive_entries(K):
    """You looked at the signs of the entries. A kernel may have negative ones, and a matrix without any may fail: ask for cᵀKc over all c."""
    if np.all(K >= 0):
        return is_valid_kernel(K @ K)[0], np.linalg.cholesky(K @ K + 1e-9 * np.eye(len(K)))
    return False, np.ones(len(K))


def diagonal_only(K):
    """You looked at the diagonal alone. That is cᵀKc for the unit vectors c; a bad direction may lie between them."""
    i = int(np.argmin(np.diag(K)))
    if K[i, i] >= 0:
        return True, np.diag(np.sqrt(np.diag(K)))
    return False, np.eye(len(K))[i]


def cholesky_decides(K):
    """You let Cholesky's failure decide. It fails on singular kernels too, and those are valid: your witness has cᵀKc = 0 or more there."""
    try:
        return True, np.linalg.cholesky(K)
    except np.linalg.LinAlgError:
        return False, np.linalg.eigh(K)[1][:, 0]


def largest_eigenvector(K):
    """Your witness is the eigenvector of the largest eigenvalue. The bad direction belongs to the smallest one, which `eigh` gives first."""
    answer, proof = is_valid_kernel(K)
    return answer, proof if answer else np.linalg.eigh(K)[1][:, -1]


def row_instead_of_column(K):
    """`eigh` returns the eigenvectors as columns; your witness is a row."""
    answer, proof = is_valid_kernel(K)
    return answer, proof if answer else np.linalg.eigh(K)[1][0]


def determinant_decides(K):
    """You let the determinant decide. Two negative eigenvalues make it positive, and a singular kernel makes it zero."""
    values, vectors = np.linalg.eigh(K)
    if np.linalg.det(K) > 0:
        return True, vectors * np.sqrt(np.abs(values))
    return False, vectors[:, 0]


def root_missing(K):
    """Your F has FFᵀ = VΛ²Vᵀ: scale the eigenvectors by the roots of the eigenvalues."""
    answer, proof = is_valid_kernel(K)
    values, vectors = np.linalg.eigh(K)
    return answer, vectors * values if answer else proof


def the_matrix_itself(K):
    """Your F is K itself. Asked for is a factor: FFᵀ = K."""
    answer, proof = is_valid_kernel(K)
    return answer, np.array(K) if answer else proof


def zero_witness(K):
    """Your witness is c = 0. It has cᵀKc = 0 for every matrix, so it proves nothing."""
    answer, proof = is_valid_kernel(K)
    return answer, proof if answer else np.zeros(len(K))


def always_valid(K):
    """You clip the negative eigenvalues and call the result K. It is another matrix: where one is truly negative, the answer is False with its eigenvector."""
    values, vectors = np.linalg.eigh(K)
    return True, vectors * np.sqrt(np.maximum(values, 0))


def _with_lists(K):
    answer, proof = is_valid_kernel(K)
    return [bool(answer), (7 * proof).tolist() if not answer else proof.tolist()]


def _by_pivoted_elimination(K):
    S, n = np.array(K, dtype=float), len(K)
    size = np.abs(K).max()
    columns, back = [], np.eye(n)  # S = back K backᵀ: what elimination has made of it
    while True:
        i = int(np.argmax(np.diag(S)))
        if S[i, i] <= 1e-11 * size:
            break
        step = np.eye(n)
        step[:, i] -= S[:, i] / S[i, i]
        columns.append(S[:, i] / np.sqrt(S[i, i]))
        S, back = step @ S @ step.T, step @ back
        S = (S + S.T) / 2
    values, vectors = np.linalg.eigh(S)
    if values[0] < -1e-8 * size:
        return False, back.T @ vectors[:, 0]
    return True, np.column_stack([*columns, np.zeros(n)])


def _symmetric_root(K):
    values, V = np.linalg.eigh(K)
    if values.min() < -1e-9 * np.abs(values).max():
        return False, -3 * V[:, np.argmin(values)]
    return True, V @ np.diag(np.sqrt(np.clip(values, 0, None))) @ V.T


VALID = Exercise(
    is_valid_kernel,
    _data,
    _certify,
    title="A kernel or not, with proof",
    difficulty=2,
    minutes=15,
    free=True,
    fingerprint=_told,
    hints=(
        "Write K = VΛVᵀ by `np.linalg.eigh`. What is cᵀKc if c is a column of V?",
        "If all eigenvalues are ≥ 0, find a square root of K from the same three factors.",
        "Rounding makes zero eigenvalues slightly negative: compare with a small multiple of the largest entry, and take no root of a negative number.",
    ),
    mistakes=(
        positive_entries,
        diagonal_only,
        cholesky_decides,
        largest_eigenvector,
        row_instead_of_column,
        determinant_decides,
        root_missing,
        the_matrix_itself,
        zero_witness,
        always_valid,
    ),
    alternatives=(_with_lists, _by_pivoted_elimination, _symmetric_root),
)
