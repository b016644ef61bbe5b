"""classify_critical_point: the judge takes the eigenvalues, and asks of the direction what it must do."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def classify_critical_point(g, H, tol):
    """What gradient g and Hessian H (symmetric, p x p) at a point prove,
    and where to go next: a pair (kind, d).

    kind   "not critical" if ‖g‖ > tol; otherwise, where an eigenvalue λ of H with |λ| ≤ tol
           counts as zero, "minimum" if all λ are positive, "maximum" if all are negative,
           "saddle" if there are some of both signs, and "undecided" in every other case: then
           H alone does not tell.
    d      a vector of length 1: the direction of steepest descent if the point is not critical,
           else a direction in which the curvature dᵀHd is least.
    """
    eigenvalues, vectors = np.linalg.eigh(H)
    if np.linalg.norm(g) > tol:
        return "not critical", -g / np.linalg.norm(g)
    up, down = eigenvalues > tol, eigenvalues < -tol
    if up.all():
        kind = "minimum"
    elif down.all():
        kind = "maximum"
    elif up.any() and down.any():
        kind = "saddle"
    else:
        kind = "undecided"
    return kind, vectors[:, 0]


def _turned(eigenvalues: list[float], rng: np.random.Generator) -> np.ndarray:
    Q = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    H = Q @ np.diag(eigenvalues) @ Q.T
    return (H + H.T) / 2


def _points(rng: np.random.Generator) -> Iterator[Arguments]:
    spectra = [
        [2.0, 0.5],
        [-1.0, 0.3, 4.0],
        [-2.0, -0.2, -3.0],
        [-1.0, -2.0, 1.0, 3.0],  # det > 0
        [-0.5, 0.0, 2.0],  # a zero between both signs
        [0.0, 0.0, 1.5, 2.0],
        [-1e-10, 0.7, 1.0],  # rounding, not curvature
        [0.0, -1.0],
        [0.0, 0.0, 0.0],
        [1e-2, 3e-2, 50.0],  # flat and curved all the same
        [-1e-2, 3.0, 50.0],
        [1e-5, 3.0, 50.0],  # small beside 50, but above tol
    ]
    for eigenvalues in spectra:
        g = 1e-8 * rng.standard_normal(len(eigenvalues))
        yield {"g": g, "H": _turned(eigenvalues, rng), "tol": 1e-6}
    yield {"g": np.zeros(2), "H": np.array([[1.0, 3.0], [3.0, 1.0]]), "tol": 1e-6}
    yield {"g": np.zeros(1), "H": np.array([[-2.0]]), "tol": 1e-6}
    yield {"g": np.zeros(3), "H": _turned([-0.3, 1.0, 2.0], rng), "tol": 0.5}
    yield {"g": np.array([0.4, -0.4]), "H": _turned([1.0, 2.0], rng), "tol": 0.5}  # the norm counts
    for eigenvalues in ([1.0, 2.0], [-1.0, 2.0, 3.0]):
        g = np.round(1 + rng.standard_normal(len(eigenvalues)) ** 2, 2)
        yield {"g": g, "H": _turned(eigenvalues, rng), "tol": 1e-6}


def _demanded(g, H, tol):
    eigenvalues = np.linalg.eigvalsh(H)
    signs = {int(np.sign(v)) if abs(v) > tol else 0 for v in eigenvalues}
    if np.linalg.norm(g) > tol:
        return "not critical", f"the gradient's norm is {np.linalg.norm(g):.3g}, above tol"
    says = f"the eigenvalues are {np.array2string(eigenvalues, precision=3, separator=', ')} with tol = {tol:g}"
    if {1, -1} <= signs:
        return "saddle", says
    if len(signs) == 1 and 0 not in signs:
        return ("minimum" if 1 in signs else "maximum"), says
    return "undecided", says


def _certify(value, g, H, tol):
    kind, d = value
    wanted, why = _demanded(g, H, tol)
    if kind != wanted:
        return f'{why}: this is "{wanted}"; you say "{kind}"'
    if not abs(np.linalg.norm(d) - 1) <= 1e-3:
        return f"the direction d should have length 1; yours has {np.linalg.norm(d):.4g}"
    if kind == "not critical":
        best, fall = -np.linalg.norm(g), float(g @ d)
        if not fall <= best + 1e-4 * abs(best):
            return f"along d the slope gᵀd should be {best:.5g}, the steepest descent; yours is {fall:.5g}"
        return True
    eigenvalues = np.linalg.eigvalsh(H)
    least, curvature = eigenvalues[0], float(d @ H @ d)
    if not curvature <= least + 1e-4 * (eigenvalues[-1] - least) + 1e-9:
        return f"the least curvature dᵀHd is {least:.5g}; along your d it is {curvature:.5g}"
    return True


def _seen(value, g, H, tol):
    kind, d = value
    return [kind, float(d @ H @ d), float(g @ d), float(np.linalg.norm(d))]


def zeros_taken_as_positive(g, H, tol):
    """You call a point a minimum although an eigenvalue is zero: x⁴, −x⁴ and x³ all have f'' = 0 at 0, and only the first has a minimum there. Say "undecided"."""
    kind, d = classify_critical_point(g, H, tol)
    if kind == "undecided" and np.linalg.eigvalsh(H)[0] >= -tol:
        kind = "minimum"
    return kind, d


def zeros_taken_as_a_saddle(g, H, tol):
    """You call every point a saddle that is no clear minimum or maximum: without both signs among the eigenvalues, zeros prove nothing."""
    kind, d = classify_critical_point(g, H, tol)
    return ("saddle" if kind == "undecided" else kind), d


def one_zero_and_all_is_undecided(g, H, tol):
    """A zero eigenvalue does not undo the others: with one positive and one negative the point is a saddle, whatever the rest."""
    kind, d = classify_critical_point(g, H, tol)
    zero = np.any(np.abs(np.linalg.eigvalsh(H)) <= tol)
    return ("undecided" if zero and kind == "saddle" else kind), d


def rounding_believed(g, H, tol):
    """You compare the eigenvalues with 0 exactly: −1e-10 is rounding, not curvature. Count |λ| ≤ tol as zero."""
    if np.linalg.norm(g) > tol:
        return classify_critical_point(g, H, tol)
    return classify_critical_point(np.zeros(len(g)), H, 0.0)


def diagonal_alone(g, H, tol):
    """You looked at the diagonal of H: [[1, 3], [3, 1]] has a positive one and the eigenvalues 4 and −2. Take the eigenvalues."""
    kind, d = classify_critical_point(g, np.diag(np.diag(H)), tol)
    return kind, d


def determinant_alone(g, H, tol):
    """The determinant decides in two dimensions only: with two negative eigenvalues of four it is positive at a saddle."""
    kind, d = classify_critical_point(g, H, tol)
    if kind in ("minimum", "maximum", "saddle"):
        trace, det = np.trace(H), np.linalg.det(H)
        kind = "saddle" if det < 0 and len(H) > 1 else "minimum" if trace > 0 else "maximum"
    return kind, d


def gradient_not_looked_at(g, H, tol):
    """You did not look at the gradient: where it is not zero the point is not critical, whatever its Hessian."""
    return classify_critical_point(np.zeros(len(g)), H, tol)


def upside_down(g, H, tol):
    """You exchanged minimum and maximum: positive curvature in every direction is the bottom of a bowl."""
    kind, d = classify_critical_point(g, H, tol)
    return {"minimum": "maximum", "maximum": "minimum"}.get(kind, kind), d


def most_curved_direction(g, H, tol):
    """Your d is the direction of greatest curvature; eigh sorts the eigenvalues upwards, so the least belongs to column 0."""
    kind, d = classify_critical_point(g, H, tol)
    return kind, (d if kind == "not critical" else np.linalg.eigh(H)[1][:, -1])


def row_for_column(g, H, tol):
    """Your d is a row of the matrix of eigenvectors: they are its columns, vectors[:, 0]."""
    kind, d = classify_critical_point(g, H, tol)
    return kind, (d if kind == "not critical" else np.linalg.eigh(H)[1][0])


def uphill(g, H, tol):
    """Where the point is not critical your d points uphill: steepest descent is −g/‖g‖."""
    kind, d = classify_critical_point(g, H, tol)
    return kind, (-d if kind == "not critical" else d)


def not_of_length_one(g, H, tol):
    """Where the point is not critical your d is −g itself: divide it by its length."""
    kind, d = classify_critical_point(g, H, tol)
    return kind, (-g if kind == "not critical" else d)


def _by_counting_signs(g, H, tol):
    eigenvalues, vectors = np.linalg.eig(H)
    eigenvalues, vectors = eigenvalues.real, vectors.real
    n, pos, neg = len(g), sum(eigenvalues > tol), sum(eigenvalues < -tol)
    kinds = {(n, 0): "minimum", (0, n): "maximum"}
    kind = kinds.get((pos, neg), "saddle" if pos and neg else "undecided")
    if (g @ g) ** 0.5 > tol:
        return ["not critical", (-g / np.sqrt(g @ g)).tolist()]
    d = vectors[:, np.argmin(eigenvalues)]
    return [kind, (-d / np.linalg.norm(d)).tolist()]


def _by_power_iteration(g, H, tol):
    if np.linalg.norm(g) > tol:
        return "not critical", -g / np.linalg.norm(g)
    top = np.linalg.norm(H, "fro") + 1e-12
    d = np.cos(np.arange(len(g)) + 1.0)
    B = np.linalg.matrix_power(np.eye(len(g)) - H / (2 * top), 1)
    for _ in range(60):  # (I − H/2‖H‖) to the power 2⁶⁰, kept at size 1
        B = B @ B
        B = B / np.linalg.norm(B)
    d = B @ d
    d = d / np.linalg.norm(d)
    values = np.linalg.svd(H + top * np.eye(len(g)), compute_uv=False) - top
    low, high = values.min(), values.max()
    if low > tol or high < -tol:
        return ("minimum" if low > tol else "maximum"), d
    return ("saddle" if low < -tol and high > tol else "undecided"), d


EXERCISE = Exercise(
    classify_critical_point,
    _points,
    _certify,
    title="What a Hessian proves",
    difficulty=2,
    minutes=10,
    hints=(
        "A slope comes before every curvature: look at ‖g‖ first. Then everything is in the signs of the eigenvalues.",
        "Which signs are there? All positive, all negative, both: three clear cases. Zeros spoil the first two, but not the third.",
        "np.linalg.eigh(H) gives the eigenvalues sorted upwards and the unit eigenvectors as columns; column 0 is the direction of least curvature.",
    ),
    mistakes=(
        zeros_taken_as_positive,
        zeros_taken_as_a_saddle,
        one_zero_and_all_is_undecided,
        rounding_believed,
        diagonal_alone,
        determinant_alone,
        gradient_not_looked_at,
        upside_down,
        most_curved_direction,
        row_for_column,
        uphill,
        not_of_length_one,
    ),
    alternatives=(_by_counting_signs, _by_power_iteration),
    fingerprint=_seen,
)
