"""Kernel ridge and kernel SVM beside scikit-learn, on Gaussian kernels of the designs."""

from collections.abc import Iterator

import numpy as np
from scipy import linalg

from benchmarks.case import Answer, Case, Peer
from benchmarks.designs import Design
from benchmarks.models.common import COSTS, one_pass, ours
from helpers import certificates, solvers

LARGEST = 4000  # rows: beyond, the kernel matrix itself is the question


def _kernel(design: Design) -> np.ndarray | None:
    from sklearn.metrics.pairwise import rbf_kernel

    if design.sparse or len(design.y) > LARGEST:
        return None
    return rbf_kernel(design.X)


def kernel_ridge(design: Design) -> Iterator[Case]:
    """As for `kernel_svm`: K is known to be positive semidefinite, and the judge checks it, off the clock."""
    from sklearn.kernel_ridge import KernelRidge

    K, y = _kernel(design), design.y
    if K is None:
        return
    for lam, positive in (*((lam, True) for lam in COSTS), (COSTS[1], False)):

        def sklearn(_: float, lam: float = lam) -> Answer:
            return Answer(KernelRidge(alpha=lam, kernel="precomputed").fit(K, y).dual_coef_)

        def scipy(_: float, lam: float = lam) -> Answer:
            return Answer(linalg.solve(K + lam * np.eye(len(y)), y, assume_a="pos"))

        yield Case(
            model="kernel_ridge",
            data=design.name,
            setting=f"λ={lam:g}" if positive else f"λ={lam:g}, K checked",
            n=len(y),
            p=len(y),
            ours=ours(solvers.kernel_ridge, K, y, lam, intercept=False, positive=positive),
            certify=lambda a, lam=lam: certificates.kernel_ridge(K, y, lam, a.w, a.b, a.dual),
            peers=(
                Peer("KernelRidge", sklearn, exact=True),
                Peer("SciPy solve", scipy, exact=True),
            ),
            floor=one_pass(K, square=True),
        )


def kernel_svm(design: Design) -> Iterator[Case]:
    """Gaussian kernels are positive semidefinite by a theorem, and no peer checks it: nor do we, but once.

    The judge does check it, off the clock.
    """
    from sklearn.svm import SVC

    K, y = _kernel(design), design.labels
    if K is None:
        return
    for C, positive in (*((C, True) for C in COSTS), (COSTS[1], False)):

        def libsvm(t: float, C: float = C) -> Answer:
            model = SVC(C=C, kernel="precomputed", tol=t, cache_size=1000).fit(K, y)
            alpha = np.zeros(len(y))
            alpha[model.support_] = model.dual_coef_.ravel()
            return Answer(alpha, float(model.intercept_[0]), y * alpha)

        def osqp(t: float, C: float = C) -> Answer:
            return _dual_program(K, y, C, t)

        yield Case(
            model="kernel_svm",
            data=design.name,
            setting=f"C={C:g}" if positive else f"C={C:g}, K checked",
            n=len(y),
            p=len(y),
            ours=ours(solvers.kernel_svm, K, y, C, positive=positive),
            certify=lambda a, C=C: certificates.kernel_svm(K, y, C, a.w, a.b, a.dual),
            peers=(Peer("libsvm", libsvm), Peer("CVXPY Clarabel", osqp)),
            floor=one_pass(K, square=True),
        )


def _dual_program(K: np.ndarray, y: np.ndarray, C: float, tolerance: float) -> Answer:
    import cvxpy as cp

    a = cp.Variable(len(y))
    balance = y @ a == 0
    objective = cp.sum(a) - 0.5 * cp.quad_form(cp.multiply(y, a), cp.psd_wrap(K))
    problem = cp.Problem(cp.Maximize(objective), [a >= 0, a <= C, balance])
    problem.solve(
        solver="CLARABEL", tol_gap_abs=tolerance, tol_gap_rel=tolerance, tol_feas=tolerance
    )
    alpha = y * a.value
    f = K @ alpha
    kinks = np.sort(y - f)  # the best intercept for these multipliers, as in the primal problem
    up = int(np.count_nonzero(y > 0))
    return Answer(alpha, float((kinks[up - 1] + kinks[up]) / 2), a.value)
