"""dcp_or_not: the curvature of an expression, by the rule of composition alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..exercise import Arguments, Exercise


def dcp_or_not(expression):
    """ "constant", "affine", "convex", "concave" or "unknown":
    what the composition rule says of an expression in x.

    An expression is a number, the variable "x", or a tuple of an atom's name and its arguments:
    ("add", e, f, …) is e + f + …; ("times", c, e) is c·e with a number c; ("max", e, f, …);
    ("min", e, f, …); and ("exp", e), ("log", e), ("sqrt", e), ("abs", e), ("square", e). An
    expression without x is constant. Do not look at signs or domains: "abs" and "square" count
    as neither increasing nor decreasing.
    """
    if expression == "x":
        return "affine"
    if not isinstance(expression, (tuple, list)):
        return "constant"
    atom, *arguments = expression
    if atom == "times":
        c, curvature = arguments[0], dcp_or_not(arguments[1])
        if c == 0:
            return "constant"
        turned = {"convex": "concave", "concave": "convex"}
        return turned.get(curvature, curvature) if c < 0 else curvature
    found = {dcp_or_not(argument) for argument in arguments}
    if found == {"constant"}:
        return "constant"
    shape, increasing = {
        "add": ("affine", True),
        "max": ("convex", True),
        "min": ("concave", True),
        "exp": ("convex", True),
        "log": ("concave", True),
        "sqrt": ("concave", True),
        "abs": ("convex", False),
        "square": ("convex", False),
    }[atom]
    if found <= {"constant", "affine"}:
        return shape
    if increasing and shape != "concave" and found <= {"constant", "affine", "convex"}:
        return "convex"
    if increasing and shape != "convex" and found <= {"constant", "affine", "concave"}:
        return "concave"
    return "unknown"


ONE = ("exp", "log", "sqrt", "abs", "square")
SEVERAL = ("add", "max", "min")
FIXED: tuple[Any, ...] = (
    "x",
    3.5,
    ("exp", ("square", "x")),
    ("log", ("exp", "x")),
    ("sqrt", ("add", 1.0, ("square", "x"))),
    ("square", ("add", "x", -2.0)),
    ("square", ("square", "x")),
    ("times", -2.0, ("log", "x")),
    ("times", 0.0, ("exp", "x")),
    ("add", ("exp", "x"), ("log", "x")),
    ("add", ("square", "x"), ("times", -1.0, ("square", "x"))),
    ("max", ("square", "x"), ("times", -3.0, ("sqrt", "x")), 1.0),
    ("min", "x", ("log", "x")),
    ("max", "x", ("log", "x")),
    ("abs", ("log", "x")),
    ("abs", ("square", "x")),
    ("square", ("exp", "x")),
    ("exp", ("log", 2.0)),
    ("log", ("min", "x", 4.0)),
    ("exp", ("times", -1.0, ("log", "x"))),
    ("times", -1.0, ("abs", ("times", 2.0, "x"))),
    ("times", 3.0, ("max", "x", 0.0)),
    ("add", 2.0, ("sqrt", 4.0)),
    ("times", -1.0, ("exp", ("log", "x"))),
)


def _grown(rng: np.random.Generator, depth: int) -> Any:
    if depth == 0:
        return "x" if rng.uniform() < 0.7 else float(np.round(rng.uniform(0.5, 3), 1))
    kind = rng.uniform()
    if kind < 0.4:
        return (str(rng.choice(ONE)), _grown(rng, depth - 1))
    if kind < 0.6:
        return ("times", float(rng.choice([-2.0, 0.5, 3.0])), _grown(rng, depth - 1))
    parts = (_grown(rng, int(rng.integers(0, depth))) for _ in range(int(rng.integers(1, 3))))
    return (str(rng.choice(SEVERAL)), _grown(rng, depth - 1), *parts)


def _expressions(rng: np.random.Generator) -> Iterator[Arguments]:
    for expression in FIXED:
        yield dict(expression=expression)
    for depth in (1, 2, 2, 3, 3, 3, 4, 4):
        yield dict(expression=_grown(rng, depth))


def spoken(e: Any) -> str:
    """The expression as one would write it."""
    if not isinstance(e, tuple | list):
        return e if isinstance(e, str) else f"{e:g}"
    atom, *rest = e
    if atom == "add":
        return "(" + " + ".join(map(spoken, rest)) + ")"
    if atom == "times":
        return f"{rest[0]:g}·{spoken(rest[1])}"
    return f"{atom}(" + ", ".join(map(spoken, rest)) + ")"


def _is_the_rule(value: str, expression: Any) -> bool | str:
    right = dcp_or_not(expression)
    if str(value).strip().lower() == right:
        return True
    return f"by the rule {spoken(expression)} is {right}; you say {value}"


def _rewritten(e, rule):
    """The expression with `rule` applied to the tuple of every atom, the innermost first."""
    if not isinstance(e, (tuple, list)):
        return e
    return rule((e[0], *(_rewritten(part, rule) for part in e[1:])))


def _as_if(expression, **atoms):
    """What the rule says when atoms are taken for others, as in log="exp": log as increasing and convex."""
    return dcp_or_not(_rewritten(expression, lambda e: (atoms.get(e[0], e[0]), *e[1:])))


def only_the_outer_atom(expression):
    """You looked at the outermost atom only: exp of anything is not convex. The arguments' curvature decides with
    it."""

    def flat(e):
        if e[0] in ("times", "add"):
            return e
        return (e[0], *("x" if dcp_or_not(part) != "constant" else 1.0 for part in e[1:]))

    return dcp_or_not(_rewritten(expression, flat))


def square_as_increasing(expression):
    """You let square of a convex expression pass as convex: that is right only if the expression is nonnegative, since
    the square decreases on the left. Here signs are not looked at."""
    return _as_if(expression, square="exp")


def absolute_value_as_increasing(expression):
    """You let abs of a convex expression pass as convex: abs decreases on the left of 0, so the rule asks for an affine
    argument."""
    return _as_if(expression, abs="exp")


def sign_forgotten(expression):
    """You forgot that a negative factor turns convex into concave, and back."""

    def unsigned(e):
        return ("times", abs(e[1]), e[2]) if e[0] == "times" else e

    return dcp_or_not(_rewritten(expression, unsigned))


def zero_times(expression):
    """0 times an expression is the constant 0, whatever the expression is."""

    def kept(e):
        return ("times", e[1] or 1.0, e[2]) if e[0] == "times" else e

    return dcp_or_not(_rewritten(expression, kept))


def log_as_convex(expression):
    """You took log for convex: its slope 1/x falls, so it is concave."""
    return _as_if(expression, log="exp")


def min_as_convex(expression):
    """You took the minimum for convex: the *maximum* of convex functions is convex, the minimum of concave functions is
    concave."""
    return _as_if(expression, min="max")


def sqrt_as_convex(expression):
    """You took the square root for convex: its slope falls, so it is concave."""
    return _as_if(expression, sqrt="exp")


def convex_wins(expression):
    """You called convex what the rule says nothing of, such as the sum of a convex and a concave expression: that is
    unknown."""
    told = dcp_or_not(expression)
    return "convex" if told == "unknown" else told


def constants_as_affine(expression):
    """You called an expression without x affine. It is, but here it has a name of its own: constant."""
    told = dcp_or_not(expression)
    return "affine" if told == "constant" else told


def _as_two_booleans(expression):
    """Carry (convex?, concave?): affine is both, unknown neither."""

    def walk(e):
        if e == "x":
            return True, True, False
        if not isinstance(e, (tuple, list)):
            return True, True, True
        atom, *rest = e
        if atom == "times":
            c = rest[0]
            vex, cave, fixed = walk(rest[1])
            if c == 0:
                return True, True, True
            return (cave, vex, fixed) if c < 0 else (vex, cave, fixed)
        parts = [walk(a) for a in rest]
        vex = all(part[0] for part in parts)
        cave = all(part[1] for part in parts)
        if all(part[2] for part in parts):
            return True, True, True
        if atom in ("abs", "square"):
            return vex and cave, False, False
        if atom in ("exp", "max"):
            return vex, False, False
        if atom in ("log", "sqrt", "min"):
            return False, cave, False
        return vex, cave, False

    vex, cave, fixed = walk(expression)
    if fixed:
        return "constant"
    return {(1, 1): "affine", (1, 0): "convex", (0, 1): "concave"}.get((vex, cave), "unknown")


def _with_numbers(expression):
    """+1 convex, −1 concave, 0 affine, None constant, NaN unknown."""

    def outer(sign, parts):
        if all(p is None for p in parts):
            return None
        kinds = {sign} | {p for p in parts if p not in (None, 0)} - {0}
        kinds.discard(0)
        if any(k != k for k in kinds) or len(kinds) > 1:
            return float("nan")
        return kinds.pop() if kinds else 0

    def walk(e):
        if isinstance(e, str):
            return 0
        if isinstance(e, (int, float)):
            return None
        name, rest = e[0], e[1:]
        if name == "times":
            inner = walk(rest[1])
            if rest[0] == 0 or inner is None:
                return None
            return inner * (1 if rest[0] > 0 else -1)
        parts = [walk(a) for a in rest]
        if name in ("square", "abs"):
            if parts[0] is None:
                return None
            return 1 if parts[0] == 0 else float("nan")
        return outer({"add": 0, "max": 1, "exp": 1}.get(name, -1), parts)

    value = walk(expression)
    if value is None:
        return "constant"
    if value != value:
        return "unknown"
    return ("concave", "affine", "convex")[int(value) + 1]


EXERCISE = Exercise(
    dcp_or_not,
    _expressions,
    _is_the_rule,
    title="What a modelling language can see",
    difficulty=3,
    minutes=20,
    hints=(
        "Recursion: find the curvature of each argument first. Numbers are constant, x is affine, and an atom all of whose "
        "arguments are constant is constant.",
        "An increasing convex atom keeps convex arguments convex; an increasing concave atom keeps concave ones concave; "
        "every atom may have affine arguments. Which atoms are convex, which concave, which increasing?",
        "A sum is affine and increasing, so it keeps either curvature, if its terms agree. `times` with c < 0 exchanges "
        "convex and concave. All that is left is unknown.",
    ),
    mistakes=(
        only_the_outer_atom,
        square_as_increasing,
        absolute_value_as_increasing,
        sign_forgotten,
        zero_times,
        log_as_convex,
        min_as_convex,
        sqrt_as_convex,
        convex_wins,
        constants_as_affine,
    ),
    alternatives=(_as_two_booleans, _with_numbers),
)
