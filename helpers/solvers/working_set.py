"""Some columns of X with their Gram matrix: what Newton's method on a face asks for."""

import numpy as np

from helpers.solvers.columns import CONSTANT, Columns
from helpers.solvers.faces import Faces, solve_gram

FILLED = 0.1  # a Gram matrix with a larger share of entries than this is stored dense
CG_ACCURACY, CG_LIMIT = 1e-3, 500


class DenseSet:
    """Columns `index`; G = AᵀA + mu·I for A = X[:, index] centred. Systems go to Cholesky."""

    def __init__(self, columns: Columns, mu: float):
        self.columns, self.mu = columns, mu
        self.index = np.zeros(0, dtype=int)
        self.A = np.zeros((columns.n, 0))
        self.G = np.zeros((0, 0))
        self.mean: np.ndarray | None = None  # of columns that are not centred in A itself
        self.faces = Faces()

    def keep(self, mask: np.ndarray) -> None:
        """Drop the columns where `mask` is False."""
        if not mask.all():
            self.index, self.A, self.G = self.index[mask], self.A[:, mask], self.G[mask][:, mask]
            self.faces.forget()

    def grow(self, index: np.ndarray) -> np.ndarray:
        """Add columns; those that centring leaves without entries stay out and are returned."""
        if len(index) == self.columns.p and self._take_all(index):
            return index[:0]
        new = self.columns.take(index)
        corner = new.T @ new
        alive = _alive(corner.diagonal(), self.columns, index)
        constant = index[~alive]
        if len(constant):
            index, new, corner = index[alive], new[:, alive], corner[alive][:, alive]
        corner.flat[:: len(corner) + 1] += self.mu
        if len(self.index) == 0:
            self.index, self.A, self.G = index, new, corner
            return constant
        self.G = bordered(self.G, self.A.T @ new, corner)
        self.A = np.concatenate([self.A.T, new.T]).T  # each column stays in one piece of memory
        self.index = np.concatenate([self.index, index])
        return constant

    def _take_all(self, index: np.ndarray) -> bool:
        """All columns at once, without a centred copy; False where some of them are constant."""
        G = self.columns.gram()
        if not _alive(G.diagonal(), self.columns, index).all():
            return False
        G.flat[:: len(G) + 1] += self.mu
        self.index, self.A, self.G, self.mean = index, self.columns.X, G, self.columns.mean
        return True

    def predict(self, w: np.ndarray) -> np.ndarray:
        return self.A @ w if self.mean is None else self.A @ w - self.mean @ w

    def product(self, w: np.ndarray) -> np.ndarray:
        return self.G @ w

    def solve(self, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        return self.faces.solve(self.G, A, b)


class SparseSet:
    """The same for a sparse X.

    While AᵀA is sparse it is kept apart from the means, and systems go to conjugate gradients;
    once it fills up, G is stored dense and systems go to Cholesky.
    """

    def __init__(self, columns: Columns, mu: float):
        self.columns, self.mu = columns, mu
        self.index = np.zeros(0, dtype=int)
        self._update(self.index)

    def _update(self, index: np.ndarray) -> None:
        self.index = index
        self.A = self.columns.X[:, index]
        self.mean = self.columns.mean[index]
        self.G = (self.A.T @ self.A).tocsr()
        self.diagonal = self.G.diagonal() - self.columns.n * self.mean**2 + self.mu
        self.filled = self.G.nnz > FILLED * len(index) ** 2
        if self.filled:
            self.G = self.G.toarray() - np.outer(self.columns.n * self.mean, self.mean)
            self.G.flat[:: len(index) + 1] = self.diagonal

    def keep(self, mask: np.ndarray) -> None:
        if not mask.all():
            self.index = self.index[mask]  # `grow` follows and brings the rest up to date

    def grow(self, index: np.ndarray) -> np.ndarray:
        squares = np.asarray(self.columns.X[:, index].power(2).sum(axis=0)).ravel()
        centred = squares - self.columns.n * self.columns.mean[index] ** 2
        alive = _alive(np.maximum(centred, 0.0), self.columns, index, share=1e-13)
        self._update(np.concatenate([self.index, index[alive]]))
        return index[~alive]

    def predict(self, w: np.ndarray) -> np.ndarray:
        return self.A @ w - self.mean @ w

    def product(self, w: np.ndarray) -> np.ndarray:
        if self.filled:
            return self.G @ w
        return self.G @ w - (self.columns.n * (self.mean @ w)) * self.mean + self.mu * w

    def solve(self, A: np.ndarray, b: np.ndarray) -> np.ndarray:
        if self.filled:
            return solve_gram(self.G, A, b)
        whole = np.zeros(len(self.index))

        def product(v: np.ndarray) -> np.ndarray:
            whole[A] = v
            return self.product(whole)[A]

        return conjugate_gradients(product, self.diagonal[A], b, CG_ACCURACY, CG_LIMIT)


def working_set(columns: Columns, mu: float = 0.0) -> DenseSet | SparseSet:
    """An empty working set."""
    return SparseSet(columns, mu) if columns.sparse else DenseSet(columns, mu)


def bordered(G: np.ndarray, side: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """[[G, S], [Sᵀ, corner]] for S = side."""
    k, q = len(G), len(G) + len(corner)
    whole = np.empty((q, q))
    whole[:k, :k], whole[k:, k:] = G, corner
    whole[:k, k:], whole[k:, :k] = side, side.T
    return whole


def conjugate_gradients(product, diagonal, b, accuracy: float, limit: int) -> np.ndarray:
    """x with ‖b − product(x)‖ ≤ accuracy·‖b‖ in the diagonal's norm. Golub & Van Loan §11.5.2."""
    x, r = np.zeros_like(b), b
    z = r / diagonal
    v, rz = z, float(r @ z)
    goal = accuracy**2 * rz
    for _ in range(limit):
        Gv = product(v)
        curvature = float(v @ Gv)
        if not curvature > 0 or rz <= goal:
            break
        x = x + (rz / curvature) * v
        r = r - (rz / curvature) * Gv
        z = r / diagonal
        rz, before = float(r @ z), rz
        v = z + (rz / before) * v
    return x if x.any() else b / diagonal


def _alive(squares: np.ndarray, columns: Columns, index: np.ndarray, share=CONSTANT) -> np.ndarray:
    return squares > share * columns.n * columns.mean[index] ** 2
