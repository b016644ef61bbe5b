"""The browser's methods are those of helpers.methods: 1e-9 for closed forms, 1e-4 for sampled functions."""

from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest
from in_node import answer_of

from helpers import methods
from helpers.figures import explore
from helpers.figures.explore import METHODS
from helpers.objectives import Ball, Box, L1Ball, LogBarrier, Logistic, Quadratic

RNG = np.random.default_rng(2025)


def ask(*questions: dict) -> list:
    return answer_of("agree", list(questions))


def iterates(method: str, f, x, step: float, beta: float, steps: int) -> np.ndarray:
    q = (1 - beta) / (1 + beta)  # Nesterov's momentum is (1 − q)/(1 + q) with q = √(mu step)
    run = {
        "gradient_descent": lambda: methods.gradient_descent(f, x, step),
        "momentum": lambda: methods.heavy_ball(f, x, step, beta),
        "nesterov": lambda: methods.nesterov(f, x, mu=q**2 / step, step=step),
        "newton": lambda: methods.newton(f, x, damped=False),
    }[method]()
    return np.array(list(islice(run, steps + 1)))


@pytest.mark.parametrize("method", METHODS)
def test_on_any_quadratic_from_anywhere_with_any_step_it_walks_as_the_library_does(method):
    questions, ours = [], []
    for _ in range(25):
        A = RNG.standard_normal((2, 2))
        f = Quadratic(A @ A.T + 0.1 * np.eye(2), RNG.standard_normal(2))
        start, beta = RNG.uniform(-2, 2, 2), RNG.uniform(0.05, 0.95)
        step = RNG.uniform(0.02, 1.3) / f.L
        surface = explore.landscape(f, (0, 0), methods=(method,)).state["surface"]
        questions.append(
            {
                "what": "walk",
                "method": method,
                "surface": surface,
                "start": start.tolist(),
                "step": step,
                "beta": beta,
                "steps": 60,
            }
        )
        ours.append((f, iterates(method, f, start, step, beta, 60)))
    for theirs, (f, path) in zip(ask(*questions), ours, strict=True):
        theirs = np.array(theirs)
        assert len(theirs) == 61
        assert np.abs(theirs[:, :2] - path).max() < 1e-9
        assert np.abs(theirs[:, 2] - [f(x) for x in path]).max() < 1e-9


def bent(value, grad, hess):
    """A function of two variables with its derivatives."""
    f = lambda x: value(*x)
    return SimpleNamespace(call=f, grad=lambda x: grad(*x), hess=lambda x: hess(*x))


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def logistic_like():
    rows = np.array([[1.0, 0.4], [-0.3, 1.2], [0.8, -0.9], [-1.1, -0.2]])

    def hess(x):
        p = sigmoid(rows @ x)
        return rows.T @ (rows * (p * (1 - p))[:, None]) + 0.2 * np.eye(2)

    return SimpleNamespace(
        call=lambda x: np.sum(np.logaddexp(0, rows @ x)) + 0.1 * x @ x,
        grad=lambda x: rows.T @ sigmoid(rows @ x) + 0.2 * x,
        hess=hess,
    )


SAMPLED = {
    "a bowl with flat walls": bent(
        lambda x, y: np.sqrt(1 + x**2 + 2 * y**2) + 0.1 * x * y,
        lambda x, y: np.array([x, 2 * y]) / np.sqrt(1 + x**2 + 2 * y**2) + 0.1 * np.array([y, x]),
        lambda x, y: (
            np.diag([1.0, 2.0]) / np.sqrt(1 + x**2 + 2 * y**2)
            - np.outer([x, 2 * y], [x, 2 * y]) / (1 + x**2 + 2 * y**2) ** 1.5
            + 0.1 * np.array([[0, 1], [1, 0]])
        ),
    ),
    "a logistic loss": logistic_like(),
    "a quartic": bent(
        lambda x, y: x**4 / 8 + x**2 / 2 + y**2 + 0.3 * x * y,
        lambda x, y: np.array([x**3 / 2 + x + 0.3 * y, 2 * y + 0.3 * x]),
        lambda x, y: np.array([[1.5 * x**2 + 1, 0.3], [0.3, 2.0]]),
    ),
    "waves on a bowl": bent(
        lambda x, y: (x**2 + y**2) / 2 + 0.3 * np.sin(2 * x) * np.cos(y),
        lambda x, y: np.array(
            [
                x + 0.6 * np.cos(2 * x) * np.cos(y),
                y - 0.3 * np.sin(2 * x) * np.sin(y),
            ]
        ),
        lambda x, y: np.array(
            [
                [1 - 1.2 * np.sin(2 * x) * np.cos(y), -0.6 * np.cos(2 * x) * np.sin(y)],
                [-0.6 * np.cos(2 * x) * np.sin(y), 1 - 0.3 * np.sin(2 * x) * np.cos(y)],
            ]
        ),
    ),
}


@pytest.mark.parametrize("name", SAMPLED)
@pytest.mark.parametrize("method", METHODS)
def test_on_any_sampled_function_it_walks_as_the_library_does(name, method):
    f = SAMPLED[name]
    surface = explore.landscape(f.call, (0, 0), methods=(method,)).state["surface"]
    near = 0.4 if method == "newton" else 1.5  # undamped, Newton may leave the map from afar
    runs = [
        (RNG.uniform(-near, near, 2), RNG.uniform(0.02, 0.35), RNG.uniform(0.05, 0.7))
        for _ in range(8)
    ]
    answers = ask(
        *(
            {
                "what": "walk",
                "method": method,
                "surface": surface,
                "start": start.tolist(),
                "step": step,
                "beta": beta,
                "steps": 60,
            }
            for start, step, beta in runs
        )
    )
    compared = 0
    for theirs, (start, step, beta) in zip(answers, runs, strict=True):
        ours = iterates(method, f, start, step, beta, 60)
        if np.abs(ours).max() > 2:
            continue  # it leaves the map
        theirs = np.array(theirs, dtype=float)
        assert np.abs(theirs[:, :2] - ours[: len(theirs)]).max() < 1e-4
        assert np.abs(theirs[:, 2] - [f.call(x) for x in ours[: len(theirs)]]).max() < 1e-4
        assert len(theirs) == 61
        compared += 1
    assert compared >= 4


def test_the_ball_rolls_by_gradient_descent():
    slopes = (lambda x: x, lambda x: x**3 - 2 * x + 0.3)
    for x, step in zip(RNG.uniform(-2, 2, 20), RNG.uniform(0.01, 0.1, 20), strict=True):
        ends = ask({"what": "roll", "x": x, "step": step, "steps": 40})[0]
        for slope, end in zip(slopes, ends, strict=True):
            run = methods.gradient_descent(SimpleNamespace(grad=slope), np.array(x), step)
            assert abs(next(islice(run, 40, None)) - end) < 1e-9


def test_it_projects_on_each_set_as_the_library_does():
    points = RNG.uniform(-3, 3, (300, 2))
    (theirs,) = ask({"what": "project", "points": points.tolist()})
    bounds = np.array([1.0, 0.7])
    sets = {"box": Box(-bounds, bounds), "disc": Ball(1.0), "diamond": L1Ball(1.2)}
    assert set(theirs) == set(sets)
    for name, found in theirs.items():
        assert np.abs(np.array(found) - [sets[name].project(x) for x in points]).max() < 1e-9


LINES = {
    "√(1 + x²)": (np.hypot, lambda x: x / np.hypot(1, x), lambda x: np.hypot(1, x) ** -3.0),
    "log(eˣ + e⁻ˣ)": (None, np.tanh, lambda x: np.cosh(x) ** -2.0),
    "eˣ − x": (None, np.expm1, np.exp),
    "x⁴": (None, lambda x: 4 * x**3, lambda x: 12 * x**2),
    "½x²": (None, lambda x: x, lambda x: np.ones_like(x)),
}
VALUES = (
    lambda x: np.hypot(1, x),
    lambda x: np.logaddexp(x, -x),
    lambda x: np.exp(x) - x,
    lambda x: x**4,
    lambda x: x**2 / 2,
)


@pytest.mark.parametrize("damped", [False, True])
def test_its_newton_step_is_the_library_s(damped):
    starts = RNG.uniform(-3, 3, 40)
    (theirs,) = ask({"what": "newton", "starts": starts.tolist(), "damped": damped})

    class Line:
        def __init__(self, value, grad, hess):
            self.value, self.grad, self.slope = value, grad, hess

        def __call__(self, x):
            return float(self.value(x[0]))

        def hess(self, x):
            return np.array([[self.slope(x[0])]])

    for x, row in zip(starts, theirs, strict=True):
        for value, (_, grad, hess), found in zip(VALUES, LINES.values(), row, strict=True):
            run = methods.newton(Line(value, grad, hess), np.array([x]), damped=damped)
            ours = next(islice(run, 1, None))[0]
            assert abs(ours - found) < 1e-9 * max(1, abs(ours))


def test_its_coordinate_descent_is_the_library_s_on_separable_kinks():
    for _ in range(10):
        a, b = RNG.uniform(-2, 2, 2)
        start, c = RNG.uniform(-2, 2, 2), RNG.uniform(0, 2)
        asked = {"what": "kink", "a": a, "b": b, "c": c, "start": start.tolist(), "moves": 8}
        sweeps = islice(methods.coordinate_descent(np.eye(2), np.array([a, b]), c, start), 5)
        assert np.abs(np.array(ask(asked)[0])[::2] - list(sweeps)).max() < 1e-9


def test_its_centres_are_newton_s_on_the_log_barrier():
    state = explore.central_path().state
    G, h, inside = (np.array(state[name]) for name in ("G", "h", "inside"))
    ts = [0.01, 0.3, 2.0, 40.0, 900.0]
    for angle in RNG.uniform(0, 2 * np.pi, 6):
        c = np.array([np.cos(angle), np.sin(angle)])
        asked = {"what": "centre", "c": c.tolist(), "ts": ts}
        (theirs,) = ask({**asked, **{name: state[name] for name in ("G", "h", "inside")}})
        for t, x in zip(ts, theirs, strict=True):
            run = methods.newton(LogBarrier(c, G, h, t), inside)
            assert np.abs(next(islice(run, 60, None)) - x).max() < 1e-9


def test_its_runs_of_gradient_descent_are_the_library_s():
    state = explore.two_minima().state
    x, y = np.array(state["x"]), np.array(state["y"])
    H = np.array([[0.3, -0.1], [-0.1, 3.9]])

    def slope(z):
        a = np.tanh(z[0] * x)
        r = z[1] * a - y
        return np.array([np.mean(r * z[1] * (1 - a**2) * x), np.mean(r * a)])

    for _ in range(8):
        start, target = RNG.uniform(-1.5, 1.5, (2, 2))
        step = RNG.uniform(0.05, 0.4)
        known = {"start": start.tolist(), "step": step, "steps": 80}
        bowl, well, net = ask(
            {"what": "bowl", "H": H.tolist(), "target": target.tolist(), **known},
            {"what": "saddle", **known},
            {"what": "network", "x": state["x"], "y": state["y"], **known},
        )
        for theirs, grad in (
            (bowl, lambda w, target=target: H @ (w - target)),
            (well, lambda z: np.array([z[0], z[1] ** 3 - z[1]])),
            (net, slope),
        ):
            run = methods.gradient_descent(SimpleNamespace(grad=grad), start, step)
            assert np.abs(np.array(theirs) - list(islice(run, 81))).max() < 1e-9


@pytest.mark.parametrize("batch", [1, 4, 64])
def test_its_stochastic_gradients_are_the_library_s_on_the_same_rows(batch):
    state = explore.noise_ball().state
    centres, h, n = np.array(state["centres"]), np.array(state["h"]), len(state["centres"])
    start, step = RNG.uniform(-2, 2, 2), RNG.uniform(0.05, 0.8)
    (told,) = ask(
        {
            "what": "sgd",
            "centres": state["centres"],
            "h": state["h"],
            "start": start.tolist(),
            "step": step,
            "batch": batch,
            "steps": 50,
            "seed": 3,
        }
    )
    rows = iter(np.floor(n * np.array(told["draws"])).astype(int).reshape(-1, batch))
    rng = SimpleNamespace(choice=lambda count, size, replace: next(rows))
    terms = SimpleNamespace(n=n, grad_terms=lambda x, rows: h * (x - centres[rows]))
    run = methods.sgd(terms, start, step / n, rng, batch)
    assert np.abs(np.array(told["path"]) - list(islice(run, 51))).max() < 1e-9


def test_its_linear_algebra_is_numpy_s():
    x, y = np.sort(RNG.uniform(-1, 1, 12)), RNG.standard_normal(12)
    A = RNG.standard_normal((6, 6))
    A, b = A @ A.T + np.eye(6), RNG.standard_normal(6)
    kernel, ridge, solved = ask(
        {"what": "kernel", "x": x.tolist(), "y": y.tolist(), "sigma": 0.3, "lam": 0.2},
        {"what": "smoother", "x": x.tolist(), "degree": 5, "lam": 0.4},
        {"what": "solve", "A": A.tolist(), "b": b.tolist()},
    )
    K = np.exp(-(((x[:, None] - x) / 0.3) ** 2) / 2)
    assert np.abs(np.array(kernel["K"]) - K).max() < 1e-9
    assert np.abs(np.array(kernel["L"]) - np.linalg.cholesky(K + 0.2 * np.eye(12))).max() < 1e-9
    assert np.abs(kernel["alpha"] - np.linalg.solve(K + 0.2 * np.eye(12), y)).max() < 1e-9
    X = np.polynomial.legendre.legvander(x, 5)[:, 1:]
    centred = X - X.mean(axis=0)
    B = np.linalg.solve(centred.T @ centred + 0.4 * np.eye(5), centred.T)
    assert np.abs(np.array(ridge["B"]) - B.T).max() < 1e-9
    assert np.abs(ridge["mean"] - X.mean(axis=0)).max() < 1e-9
    assert np.abs(solved - np.linalg.solve(A, b)).max() < 1e-9


def test_its_logistic_loss_is_the_library_s_and_points_on_a_line_are_found():
    x, y = RNG.standard_normal(9), np.where(RNG.uniform(size=9) < 0.5, -1.0, 1.0)
    at = RNG.uniform(-40, 40, (30, 2))
    line_y = 0.5 + 2 * x
    line_y[[2, 5]] += 1e-3
    losses, on = ask(
        {"what": "loss", "x": x.tolist(), "y": y.tolist(), "at": at.tolist()},
        {"what": "onLine", "x": x.tolist(), "y": line_y.tolist(), "line": [0.5, 2], "near": 1e-6},
    )
    f = Logistic(np.column_stack([x, np.ones(9)]), y)
    assert np.abs(np.array(losses) - [f(wb) for wb in at]).max() < 1e-9
    assert on == [0, 1, 3, 4, 6, 7, 8]
