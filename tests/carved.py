"""A function of a module as source that stands alone: with the helpers, constants and imports it uses."""

import inspect
import textwrap
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

OURS = ("helpers.exercises", "assignment_")
HEAD = "from __future__ import annotations\n\nimport numpy as np"


def carved(function: Callable, name: str) -> str:
    """Source that defines `function` as `name`, with everything of its module that it needs."""
    parts: dict[str, str] = {}
    _gather(function, parts)
    own = function.__name__
    if own == name:
        return "\n\n".join([HEAD, *parts.values()])
    # in a scope of its own: a mistake may call the right answer, which has the name that it takes
    inside = textwrap.indent("\n\n".join([*parts.values(), f"return {own}"]), "    ")
    return f"{HEAD}\n\n\ndef make():\n{inside}\n\n\n{name} = make()"


def _gather(function: Callable, parts: dict[str, str]) -> None:
    if function.__name__ in parts:
        return
    parts[function.__name__] = ""  # so that recursion ends; filled in below, after what it needs
    space = inspect.unwrap(function).__globals__
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    codes = [function.__code__, *(d.__code__ for d in defaults if inspect.isfunction(d))]
    for used in sorted(set().union(*map(_names, codes))):
        if used in space and used not in parts:
            _include(used, space[used], parts)
    del parts[function.__name__]
    parts[function.__name__] = textwrap.dedent(inspect.getsource(function))


def _names(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _names(constant)
    return found


def _include(name: str, value: Any, parts: dict[str, str]) -> None:
    if isinstance(value, ModuleType):
        parts[name] = f"import {value.__name__} as {name}"
    elif inspect.isclass(value) and value.__module__.startswith(OURS):
        parts[name] = textwrap.dedent(inspect.getsource(value))
    elif inspect.isfunction(value):
        home = value.__module__
        if home.startswith(OURS):
            _gather(value, parts)
        else:
            parts[name] = f"from {home} import {value.__name__} as {name}"
    elif isinstance(value, float):
        parts[name] = f"{name} = float({str(value)!r})"  # infinity has no literal
    elif isinstance(value, int | str | tuple | list | dict | set):
        parts[name] = f"{name} = {value!r}"
    elif callable(value):
        parts[name] = f"from {value.__module__} import {value.__name__} as {name}"
