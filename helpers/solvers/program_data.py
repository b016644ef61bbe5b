"""A program min ½xᵀPx + qᵀx, Gx ≤ h, Ax = b, brought to a scaled, regular inequality form."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg import lapack

REGULAR = 1e-8  # with a reciprocal condition number above this a Gram matrix has full rank
RANK = 1e-11  # a pivot below this share of the largest counts as zero


@dataclass(frozen=True)
class Reduced:
    """min ½vᵀPv + qᵀv, Gv ≤ h, where x = origin + basis v; P and G share no null vector.

    A basis that is diagonal, as where there are no equations, is kept as its diagonal.

    drift     minus the descent direction that neither P, G nor A sees; zero when there is none
    conflict  multipliers ν with Aᵀν = 0 and bᵀν < 0 when Ax = b has no solution, else None
    """

    P: np.ndarray
    q: np.ndarray
    G: np.ndarray
    h: np.ndarray
    gram: np.ndarray  # GᵀG
    origin: np.ndarray
    basis: np.ndarray
    drift: np.ndarray
    conflict: np.ndarray | None
    rows: np.ndarray  # the factors that scaled G's rows
    cost: float  # the factor that scaled the objective
    constant: float  # the objective at the origin
    quadratic: bool  # whether P is not zero
    source: tuple[np.ndarray, ...]  # the program as given

    def answer(self, v: np.ndarray) -> np.ndarray:
        return self.origin + self.direction(v)

    def direction(self, v: np.ndarray) -> np.ndarray:
        return self.basis * v if self.basis.ndim == 1 else self.basis @ v

    def gap(self, v: np.ndarray, z: np.ndarray) -> float:
        """The relative gap, as the reduced program sees it: cheaper than a proof, and no proof."""
        slope, bend = float(self.q @ v), float(v @ (self.P @ v)) if self.quadratic else 0.0
        value = abs(self.constant + self.cost * (bend / 2 + slope))
        return self.cost * abs(bend + slope + float(self.h @ z)) / max(1.0, value)

    def multipliers(
        self, v: np.ndarray, z: np.ndarray, objective: bool = True
    ) -> tuple[np.ndarray, np.ndarray]:
        """(z, ν) of the program as given; objective=False leaves Px + q out (Farkas)."""
        P, q, G, _, A, _ = self.source
        z = np.maximum(z, 0.0) * self.rows * (self.cost if objective else 1.0)
        gradient = G.T @ z
        if objective:
            gradient = gradient + P @ self.answer(v) + q
        if len(A) == 0:
            return z, np.zeros(0)
        scale = np.linalg.norm(A, axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        return z, np.linalg.lstsq((A / scale).T, -gradient / scale, rcond=1e-13)[0]


def reduce_program(
    P: np.ndarray, q: np.ndarray, G: np.ndarray, h: np.ndarray, A: np.ndarray, b: np.ndarray
) -> Reduced:
    n = len(q)
    largest = np.maximum(_largest(G), _largest(A))
    weight = np.sqrt(np.square(largest) + np.abs(P.diagonal()))
    D = 1 / np.where(weight > 0, weight, 1.0)  # columns of size one
    Pv, Gv, qv = P * D, G * D, D * q
    Pv *= D[:, None]
    right, origin, conflict = h, np.zeros(n), None
    basis = D
    if len(b):
        origin, N, conflict = _equations(A * D, b)
        qv = N.T @ (Pv @ origin + qv)
        right = h - Gv @ origin
        Pv, Gv, basis = N.T @ Pv @ N, Gv @ N, D[:, None] * N
        origin = D * origin
    rows = _inverse_norms(Gv if len(qv) else np.hstack([G * D, h[:, None]]))
    Gv = Gv * rows[:, None]
    gram, top = Gv.T @ Gv, max(np.abs(Pv).max(initial=0.0), 1e-300)
    drift = np.zeros(n)
    if not _regular(Pv / top + gram):
        V, null = _seen_and_unseen(np.vstack([Pv / top, Gv]))
        unseen = null @ (null.T @ qv)
        if np.abs(unseen).max(initial=0.0) > 1e-10 * np.abs(qv).max(initial=0.0):
            drift = basis * unseen if basis.ndim == 1 else basis @ unseen
        Pv, qv, Gv, gram = V.T @ Pv @ V, V.T @ qv, Gv @ V, V.T @ gram @ V
        basis = basis[:, None] * V if basis.ndim == 1 else basis @ V
    cost = max(np.abs(Pv).max(initial=0.0), np.abs(qv).max(initial=0.0)) or 1.0
    return Reduced(
        P=Pv / cost,
        q=qv / cost,
        G=Gv,
        h=rows * right,
        gram=gram,
        origin=origin,
        basis=basis,
        drift=drift,
        conflict=conflict,
        rows=rows,
        cost=cost,
        constant=float(origin @ (P @ origin / 2 + q)),
        quadratic=bool(Pv.any()),
        source=(P, q, G, h, A, b),
    )


def _equations(A: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(x0, N, ν): Ax = b is x0 + range(N), or ν proves that there is no solution."""
    n = A.shape[1]
    rows = _inverse_norms(A)
    A, b = rows[:, None] * A, rows * b
    Q, T, order = linalg.qr(A.T, pivoting=True)
    rank = _rank(T)
    x0 = np.zeros(n)
    if rank:
        kept = order[:rank]
        x0 = Q[:, :rank] @ linalg.solve_triangular(T[:rank, :rank], b[kept], trans="T")
    left = b - A @ x0
    conflict = None
    if np.abs(left).max(initial=0.0) > 1e-9 * max(np.abs(b).max(), np.abs(x0).max(initial=0.0)):
        U, S, _ = linalg.svd(A)
        null = U[:, np.count_nonzero(RANK * S.max(initial=0.0) < S) :]
        conflict = -rows * (null @ (null.T @ b))
    return x0, Q[:, rank:], conflict


def _seen_and_unseen(K: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orthonormal bases of K's row space and of its null space."""
    n = K.shape[1]
    if n == 0 or not K.any():
        return np.zeros((n, 0)), np.eye(n)
    Q, T, _ = linalg.qr(K.T, pivoting=True)
    rank = _rank(T)
    if rank == n:
        return np.eye(n), np.zeros((n, 0))
    return Q[:, :rank], Q[:, rank:]


def _regular(H: np.ndarray) -> bool:
    """Whether the positive semidefinite H is so well conditioned that its rank is beyond doubt."""
    if len(H) == 0:
        return True
    norm = float(np.abs(H).sum(axis=0).max())
    factor, failed = lapack.dpotrf(H, lower=1, clean=0)
    return not failed and lapack.dpocon(factor, norm, uplo="L")[0] > REGULAR


def _largest(A: np.ndarray) -> np.ndarray:
    """The largest entry of each column, by size."""
    return np.maximum(A.max(axis=0, initial=0.0), -A.min(axis=0, initial=0.0))


def _rank(T: np.ndarray) -> int:
    pivots = np.abs(np.diag(T))
    return int(np.count_nonzero(pivots > RANK * pivots.max(initial=0.0)))


def _inverse_norms(A: np.ndarray) -> np.ndarray:
    """1/‖row‖; rows that are zero, or only rounding beside the others, keep their size."""
    norms = np.linalg.norm(A, axis=1)
    return 1 / np.where(norms > 1e-13 * max(1.0, norms.max(initial=0.0)), norms, 1.0)
