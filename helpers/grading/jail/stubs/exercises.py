"""Stands for `helpers.exercises` inside the sandbox, where no answer and no judge may be seen."""

from typing import Any


def _nothing(*_: Any, **__: Any) -> None:
    """`check`, `examine` and `grade` do nothing here: the judge is elsewhere."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _nothing
