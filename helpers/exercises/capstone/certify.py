"""certify_or_diagnose: each verdict comes with its proof, and the judge checks the proof, not the word."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def certify_or_diagnose(X, y, lam, w, tol):
    """The triple (verdict, bound, point) on the claim that w minimises
    f(w) = (1/n) Σᵢ log(1 + exp(−yᵢ xᵢᵀw)) + ½ λ ‖w‖², y in {−1, +1}.

    "optimal": bound is a proved lower bound of f with f(w) − bound ≤ tol, point is w.
    "not optimal": point is another w with f(point) < f(w) − tol/2, bound a lower bound of f.
    "no minimum": λ = 0 and the classes are separated by a plane through 0; point is a direction
    v with yᵢ xᵢᵀv > 0 for all i, bound a lower bound of f.
    λ ≥ 0; λ = 0 comes with classes that can be separated. With λ > 0, f is λ-strongly convex:
    f(w) − ‖∇f(w)‖²/(2λ) is a lower bound.
    """

    def value(u):
        return np.mean(np.logaddexp(0, -y * (X @ u))) + lam / 2 * (u @ u)

    def slope(u):
        return X.T @ (-y * np.exp(-np.logaddexp(0, y * (X @ u)))) / len(y) + lam * u

    if lam == 0:  # the perceptron ends on classes that can be separated
        v = np.zeros(X.shape[1])
        while np.any(y * (X @ v) <= 0):
            for i in range(len(y)):
                if y[i] * (X[i] @ v) <= 0:
                    v = v + y[i] * X[i]
        return "no minimum", 0.0, v
    g = slope(w)
    bound = value(w) - g @ g / (2 * lam)
    if value(w) - bound <= tol:
        return "optimal", bound, w
    u, step = w, 1 / (np.linalg.norm(X, 2) ** 2 / (4 * len(y)) + lam)
    for _ in range(5000):
        u = u - step * slope(u)
    return "not optimal", bound, u


def _value(u, X, y, lam):
    return float(np.mean(np.logaddexp(0, -y * (X @ u))) + lam / 2 * (u @ u))


def _slope(u, X, y, lam):
    return X.T @ (-y * np.exp(-np.logaddexp(0, y * (X @ u)))) / len(y) + lam * u


def _minimiser(X, y, lam):
    w = np.zeros(X.shape[1])
    for _ in range(100):
        g = _slope(w, X, y, lam)
        s = np.exp(-np.logaddexp(0, -y * (X @ w)))
        H = X.T @ (X * (s * (1 - s))[:, None]) / len(y) + lam * np.eye(len(w))
        d = np.linalg.solve(H, g)
        w = w - d / (1 + np.sqrt(max(d @ g, 0.0)))
    return w


def _claims(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, p, lam, off in [
        (30, 3, 0.1, 0.0),
        (20, 2, 0.02, 0.5),
        (25, 4, 0.3, 1e-5),
        (15, 3, 0.0, 1.0),
        (6, 8, 0.05, 0.3),
        (40, 2, 0.01, 0.0),
        (12, 4, 0.0, 3.0),
    ]:
        X = np.round(rng.standard_normal((n, p)), 2)
        plane = rng.standard_normal(p)
        if lam == 0:
            plane = plane / np.linalg.norm(plane)
            margins = X @ plane
            X = X + np.outer(np.where(margins >= 0, 0.3, -0.3), plane)
            y = np.where(X @ plane > 0, 1.0, -1.0)
            w = off * rng.standard_normal(p)
        else:
            y = np.where(X @ plane + 1.5 * rng.standard_normal(n) > 0, 1.0, -1.0)
            w = _minimiser(X, y, lam) + off * rng.choice([-1.0, 1.0], p)
        yield {"X": X, "y": y, "lam": lam, "w": w, "tol": 1e-6}
    # a column in the wrong unit and a small λ: the gradient is small, and the gap is not
    X = np.round(rng.standard_normal((30, 3)), 2) * np.array([1.0, 1.0, 1e-3])
    y = np.where(X[:, 0] + rng.standard_normal(30) > 0, 1.0, -1.0)
    w = _minimiser(X, y, 1e-4) + np.array([0.0, 0.0, 0.5])
    yield {"X": X, "y": y, "lam": 1e-4, "w": w, "tol": 1e-6}


def _certify(value, X, y, lam, w, tol):
    verdict, bound, point = value
    if verdict not in ("optimal", "not optimal", "no minimum"):
        return f'{verdict!r} is not one of the verdicts "optimal", "not optimal", "no minimum"'
    claimed = _value(w, X, y, lam)
    least = 0.0 if lam == 0 else _value(_minimiser(X, y, lam), X, y, lam)
    if not bound <= least + 1e-9 * (1 + least):
        return f"your bound {bound:.8g} is no lower bound: f takes a value of {least:.8g}"
    if verdict == "no minimum":
        if lam > 0:
            return f"with λ = {lam:g} > 0 there is a minimum: the penalty grows in every direction"
        worst = float(np.min(y * (X @ point)))
        return (
            worst > 0
            or f"your direction does not separate: the least y·xᵀv is {worst:.3g}, it should be positive"
        )
    if lam == 0:
        return "the classes can be separated and λ is 0: f falls for ever along a separating direction and has no minimum"
    if verdict == "optimal":
        if not np.allclose(point, w, rtol=1e-5, atol=1e-8):
            return "w is claimed optimal, so the point that comes with it is w"
        if claimed - bound <= tol * 1.01:
            return True
        return f"f(w) − bound is {claimed - bound:.3g}, more than tol = {tol:g}: that does not prove it optimal"
    gain = claimed - _value(point, X, y, lam)
    if gain > tol / 2:
        return True
    return f"you say that w is not optimal, but your point lowers f by {gain:.3g} only, not by more than tol/2 = {tol / 2:g}"


def _sort_of_answer(value, X, y, lam, w, tol):
    """What the judge goes by: so that a mistake is known whatever point and bound it came with."""
    verdict, bound, point = value
    claimed = _value(w, X, y, lam)
    least = 0.0 if lam == 0 else _value(_minimiser(X, y, lam), X, y, lam)
    return (
        str(verdict),
        bool(bound <= least + 1e-9 * (1 + least)),
        bool(claimed - bound <= tol * 1.01),
        bool(np.allclose(point, w, rtol=1e-5, atol=1e-8)),
        bool(claimed - _value(point, X, y, lam) > tol / 2),
        bool(np.min(y * (X @ point)) > 0),
        bool(np.max(y * (X @ point)) < 0),
    )


def by_a_small_gradient(X, y, lam, w, tol):
    """You call w optimal because ‖∇f‖ is below a threshold: with a small λ the gap ‖∇f‖²/(2λ) may be large all the same."""
    verdict, bound, point = certify_or_diagnose(X, y, lam, w, tol)
    if lam > 0 and np.linalg.norm(_slope(w, X, y, lam)) < 1e-3:
        return "optimal", bound, w
    return verdict, bound, point


def trusts_the_claim(X, y, lam, w, tol):
    """You believed the claim: a bound is to be proved, from the gradient at w."""
    return "optimal", _value(w, X, y, lam), w


def forgets_lambda(X, y, lam, w, tol):
    """Your bound takes ‖∇f‖²/2 off: the strong convexity is λ, so it is ‖∇f‖²/(2λ)."""
    verdict, bound, point = certify_or_diagnose(X, y, lam, w, tol)
    if lam == 0:
        return verdict, bound, point
    g = _slope(w, X, y, lam)
    if g @ g / 2 <= tol:
        return "optimal", _value(w, X, y, lam) - g @ g / 2, w
    return "not optimal", _value(w, X, y, lam) - g @ g / 2, point


def the_bound_is_added(X, y, lam, w, tol):
    """You added ‖∇f‖²/(2λ): a lower bound lies below f(w)."""
    verdict, bound, point = certify_or_diagnose(X, y, lam, w, tol)
    if lam == 0:
        return verdict, bound, point
    g = _slope(w, X, y, lam)
    return verdict, _value(w, X, y, lam) + g @ g / (2 * lam) + 1e-6, point


def no_better_point(X, y, lam, w, tol):
    """You say "not optimal" and hand back w itself: the proof is a point where f is lower."""
    verdict, bound, _ = certify_or_diagnose(X, y, lam, w, tol)
    if lam == 0:
        return "not optimal", bound, w
    return verdict, bound, w


def misses_that_there_is_no_minimum(X, y, lam, w, tol):
    """With λ = 0 and separable classes you answer as if there were a minimum: f falls for ever, so neither verdict on w is the point."""
    if lam == 0:
        return "not optimal", 0.0, 10 * w
    return certify_or_diagnose(X, y, lam, w, tol)


def direction_turned_round(X, y, lam, w, tol):
    """Your direction points the wrong way: yᵢ xᵢᵀv must be positive for all i."""
    verdict, bound, point = certify_or_diagnose(X, y, lam, w, tol)
    return verdict, bound, -point if lam == 0 else point


def sees_no_minimum_everywhere(X, y, lam, w, tol):
    """You say "no minimum" where λ > 0: a penalty on all directions always gives one."""
    return "no minimum", 0.0, w


def exact_or_nothing(X, y, lam, w, tol):
    """You call everything with a gradient above 1e-12 not optimal: up to tol it is, and no point is lower by more."""
    verdict, bound, point = certify_or_diagnose(X, y, lam, w, tol)
    if lam > 0:
        g = _slope(w, X, y, lam)
        return "not optimal", _value(w, X, y, lam) - g @ g / (2 * lam), point + 0.0
    return verdict, bound, point


def _by_newton_and_least_squares(X, y, lam, w, tol):
    if lam == 0:
        v = np.zeros(X.shape[1])
        for k in range(200_000):  # descent on the loss itself runs off in a separating direction
            v = v - _slope(v, X, y, 0.0)
            if np.all(y * (X @ v) > 0):
                return "no minimum", -1.0, v
    best = _minimiser(X, y, lam)
    g = _slope(best, X, y, lam)
    bound = _value(best, X, y, lam) - g @ g / (2 * lam)
    if _value(w, X, y, lam) - bound <= tol:
        return "optimal", bound - 1e-14, w.tolist()
    return "not optimal", bound, best


def _by_the_dual(X, y, lam, w, tol):
    n = len(y)
    if lam == 0:
        v = X.T @ y
        while np.any(y * (X @ v) <= 0):
            worst = int(np.argmin(y * (X @ v)))
            v = v + y[worst] * X[worst]
        return ["no minimum", 0.0, v / np.linalg.norm(v)]
    a = np.clip(np.exp(-np.logaddexp(0, y * (X @ w))), 1e-12, 1 - 1e-12)
    z = X.T @ (a * y) / n
    bound = np.mean(-a * np.log(a) - (1 - a) * np.log(1 - a)) - z @ z / (2 * lam)
    if _value(w, X, y, lam) - bound <= tol:
        return ["optimal", bound, w]
    return ["not optimal", bound, _minimiser(X, y, lam)]


EXERCISE = Exercise(
    certify_or_diagnose,
    _claims,
    _certify,
    title="Certify, or diagnose",
    difficulty=3,
    minutes=20,
    hints=(
        "Three cases. λ = 0: look for a separating direction. Else compute the bound f(w) − ‖∇f(w)‖²/(2λ) and compare with tol.",
        "A separating direction: the perceptron adds yᵢxᵢ to v while some yᵢxᵢᵀv ≤ 0, and ends if one exists.",
        "Not optimal: some hundred steps of gradient descent from w, with the step 1/(‖X‖²/(4n) + λ), give a lower point.",
    ),
    mistakes=(
        by_a_small_gradient,
        trusts_the_claim,
        forgets_lambda,
        the_bound_is_added,
        no_better_point,
        misses_that_there_is_no_minimum,
        direction_turned_round,
        sees_no_minimum_everywhere,
        exact_or_nothing,
    ),
    alternatives=(_by_newton_and_least_squares, _by_the_dual),
    fingerprint=_sort_of_answer,
)
