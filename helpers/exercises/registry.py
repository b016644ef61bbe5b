"""Every exercise of the lessons, found by name."""

import difflib
import importlib
import pkgutil
from functools import cache
from types import ModuleType

from .exercise import Exercise

ENGINE = {
    "assignments",
    "calling",
    "checking",
    "exercise",
    "failures",
    "judging",
    "plain",
    "registry",
    "small",
}


@cache
def lessons() -> dict[str, ModuleType]:
    """The declarations of each lesson by its number, in order ("00", "01", ...)."""
    package = importlib.import_module("helpers.exercises")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name not in ENGINE)
    modules = (importlib.import_module(f"helpers.exercises.{name}") for name in names)
    return dict(sorted((m.LESSON, m) for m in modules if hasattr(m, "LESSON")))


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by name, in the order of the lessons."""
    found: dict[str, Exercise] = {}
    for module in lessons().values():
        for exercise in module.EXERCISES:
            if exercise.name in found:
                raise ValueError(f"two exercises are called {exercise.name}")
            found[exercise.name] = exercise
    return found


def find(name: str) -> Exercise:
    """The exercise of that name; raises `KeyError` with the nearest names."""
    known = exercises()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise KeyError(f"There is no exercise called {name!r}.{hint}")


def lesson_of(name: str) -> str:
    """The number of the lesson that holds the exercise `name`."""
    for number, module in lessons().items():
        if any(exercise.name == name for exercise in module.EXERCISES):
            return number
    raise KeyError(f"There is no exercise called {name!r}.")
