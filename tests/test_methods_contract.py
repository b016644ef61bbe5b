"""What every method promises its caller: x₀ first, nothing changed behind anybody's back."""

from itertools import islice

import numpy as np
import pytest

from helpers import methods
from helpers.objectives import L1, AbsoluteDeviations, Box, LeastSquares, Logistic, Simplex


def every_method():
    """Each generator of iterates, on a problem that suits it, from the start it is given."""
    rng = np.random.default_rng(0)
    f = LeastSquares(rng.standard_normal((9, 4)), rng.standard_normal(9))
    x = np.array([0.1, 0.2, 0.3, 0.4])
    soft, box = L1(0.3), Box(-1.0, 1.0)
    lad = AbsoluteDeviations(f.X, f.y)
    seeded = lambda: np.random.default_rng(3)
    return {
        "adam": (methods.adam, (f, x, 0.1)),
        "adam, minibatch": (lambda *a: methods.adam(*a, rng=seeded(), batch=2), (f, x, 0.1)),
        "admm": (methods.admm, (f, soft, x)),
        "bfgs": (methods.bfgs, (f, x)),
        "conjugate_gradient": (methods.conjugate_gradient, (f.X.T @ f.X, f.X.T @ f.y, x)),
        "coordinate_descent": (methods.coordinate_descent, (f.X, f.y, 0.3, x)),
        "douglas_rachford": (methods.douglas_rachford, (f, soft, x)),
        "fista": (lambda *a: methods.fista(*a, restart=True), (f, soft, x)),
        "frank_wolfe": (methods.frank_wolfe, (f, box, x)),
        "frank_wolfe_away": (methods.frank_wolfe_away, (f, box, np.ones(4))),
        "gradient_descent": (methods.gradient_descent, (f, x, 0.01)),
        "gradient_descent_backtracking": (methods.gradient_descent_backtracking, (f, x)),
        "heavy_ball": (methods.heavy_ball, (f, x, 0.01, 0.5)),
        "ista": (methods.ista, (f, soft, x)),
        "lbfgs": (methods.lbfgs, (f, x, 2)),
        "mirror_descent": (methods.mirror_descent, (f, x, 0.01)),
        "nesterov": (methods.nesterov, (f, x)),
        "newton": (methods.newton, (Logistic(f.X, np.sign(f.y), 0.1), x)),
        "projected_gradient": (methods.projected_gradient, (f, Simplex(), x)),
        "saga": (lambda *a: methods.saga(*a, seeded()), (f, x)),
        "sgd": (lambda *a: methods.sgd(*a, seeded(), batch=3), (f, x, 0.01)),
        "subgradient_method": (methods.subgradient_method, (lad, x, 0.01)),
        "svrg": (lambda *a: methods.svrg(*a, seeded(), inner=3), (f, x)),
    }


@pytest.mark.parametrize("name", every_method())
def test_iterates_once_yielded_and_arguments_never_change(name):
    method, arguments = every_method()[name]
    originals = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
    yielded, copies = [], []
    for x in islice(method(*arguments), 12):
        yielded.append(x)
        copies.append(x.copy())
    assert len({x.tobytes() for x in copies}) > 1, "the method never moved"
    for x, copy in zip(yielded, copies, strict=True):
        assert np.array_equal(x, copy)
    for argument, original in zip(arguments, originals, strict=True):
        if isinstance(argument, np.ndarray):
            assert np.array_equal(argument, original)
    again = [x for x in islice(method(*arguments), 12)]
    assert all(np.array_equal(x, z) for x, z in zip(again, copies, strict=True))


@pytest.mark.parametrize("name", sorted(set(every_method()) - {"douglas_rachford"}))
def test_the_first_iterate_is_the_start(name):
    method, arguments = every_method()[name]
    start = next(a for a in reversed(arguments) if isinstance(a, np.ndarray) and a.shape == (4,))
    assert np.array_equal(next(method(*arguments)), start)


def test_every_generator_of_iterates_is_under_the_contract():
    generators = {
        name
        for name in methods.__all__
        if getattr(getattr(methods, name), "__annotations__", {}).get("return")
        == methods.gradient_descent.__annotations__["return"]
    }
    tested = {name.split(",")[0] for name in every_method()}
    assert generators - {"averaged"} == tested
