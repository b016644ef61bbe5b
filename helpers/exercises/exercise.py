"""An exercise, declared once: what is asked, how an answer is proved right, which mistakes have a name."""

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .failures import OracleSpent
from .plain import agree, plain, short

Arguments = dict[str, Any]


class Oracle:
    """A callable argument that lives on the judge's side: its calls are counted and cannot be faked.

    `function` takes and returns plain data. After `limit` calls it raises, and `exceeded` is set;
    `name` and `needs` make the sentence ("You asked for the gradient more than 500 times; Nesterov
    needs 41.").
    """

    def __init__(
        self,
        function: Callable,
        limit: int = 10_000,
        name: str = "the function",
        needs: str = "",
    ):
        self.function, self.limit, self.name, self.needs = function, limit, name, needs
        self.calls = 0

    @property
    def exceeded(self) -> bool:
        return self.calls > self.limit

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.exceeded:
            raise OracleSpent(self.sentence)
        return plain(self.function(*(plain(argument) for argument in arguments)))

    @property
    def sentence(self) -> str:
        needs = f"; {self.needs}" if self.needs else ""
        return f"You asked for {self.name} more than {self.limit} times{needs}."


@dataclass(frozen=True)
class Exercise:
    """What a learner is asked to write, and how any answer to it is judged.

    reference      the function itself: its signature and docstring are the learner's stub
    instances      instances(rng) yields the keyword arguments of each call, plain data or `Oracle`s
    certify        certify(value, **arguments) returns a Certificate or True to accept, or a sentence
                   that says what optimality demands and what came back
    mistakes       runnable wrong answers; the docstring of each is the sentence it earns
    alternatives   other right answers, for the tests
    hints          three sentences that lead, to be opened one by one
    tol            what a returned Certificate must prove
    fingerprint    fingerprint(value, **arguments): what is compared with a mistake's, where many
                   answers are right (an objective value, say); the value itself by default
    free           True: many shapes are right, so `certify` alone decides
    partial        True: credit in proportion to the instances answered rightly
    """

    reference: Callable
    instances: Callable[[np.random.Generator], Iterable[Arguments]]
    certify: Callable
    title: str
    hints: tuple[str, ...]
    mistakes: tuple[Callable, ...]
    alternatives: tuple[Callable, ...] = ()
    difficulty: int = 2
    minutes: int = 10
    points: float = 1
    tol: float = 1e-8
    fingerprint: Callable | None = None
    free: bool = False
    partial: bool = False
    seconds: float = 10.0

    def __post_init__(self) -> None:
        for what in ("reference", "instances", "certify"):
            if not callable(getattr(self, what)):
                raise TypeError(f"{what} of an exercise must be a function")
        if not 1 <= self.difficulty <= 5:
            raise ValueError(f"{self.name}: difficulty must be 1 to 5, not {self.difficulty}")
        for mistake in self.mistakes:
            if not (mistake.__doc__ or "").strip():
                raise ValueError(f"{self.name}: mistake {mistake.__name__} has no sentence")

    @property
    def name(self) -> str:
        return self.reference.__name__

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the arguments in order: a learner may rename them, so calls are positional."""
        return _parameters(self.reference)

    def draw(self, seed: int) -> Iterator[Arguments]:
        """The instances of one seed; drawn anew each time, so oracles start from zero."""
        for arguments in self.instances(np.random.default_rng(seed)):
            if set(arguments) != set(self.parameters):
                raise ValueError(
                    f"{self.name}: instances give {sorted(arguments)}, "
                    f"the reference takes {sorted(self.parameters)}"
                )
            yield {name: arguments[name] for name in self.parameters}


@functools.cache
def _parameters(function: Callable) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def sentence_of(mistake: Callable) -> str:
    """The sentence that a named mistake earns: its docstring on one line."""
    return " ".join((mistake.__doc__ or "").split())


def same(value: Any, expected: Any, what: str = "the result", rtol: float = 1e-6) -> bool | str:
    """True if `value` is `expected` up to rounding, else a sentence about the worst entry."""
    if agree(value, expected, rtol=rtol):
        return True
    if isinstance(value, np.ndarray) and np.shape(value) == np.shape(expected):
        error = np.abs(np.asarray(value) - np.asarray(expected))
        worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape))
        at = worst[0] if len(worst) == 1 else worst
        return (
            f"entry {at} of {what} should be {np.asarray(expected)[worst]:.6g}; "
            f"yours is {value[worst]:.6g}"
        )
    return f"{what} should be {short(expected)}; yours is {short(value)}"
