"""Every answer that the project knows to every exercise: our own, other right ones, named mistakes, the stub."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from carved import carved
from declared_exercises import EVERY

from helpers.exercises import examine
from helpers.exercises.exercise import Exercise, sentence_of

SEED = 0  # at which test_exercises.py proves in this process what each answer earns


@dataclass(frozen=True)
class Answer:
    """One function handed in for one exercise; `None` is the stub."""

    exercise: Exercise
    lesson: str
    number: int
    function: Callable | None

    @property
    def source(self) -> str:
        """A cell that defines it under the exercise's name."""
        name = self.exercise.name
        return carved(self.function, name) if self.function else f"def {name}(*_):\n    ..."

    @property
    def sentence(self) -> str:
        """What the learner reads for it, in this process."""
        if self.function in self.exercise.mistakes:
            return sentence_of(self.function)
        return "Proved right." if self.function else "Nothing came back yet"

    @property
    def score(self) -> float:
        """Its share of the points in this process: a mistake earns some only where credit is partial."""
        if self.function in self.exercise.mistakes:
            if not self.exercise.partial:
                return 0.0
            return examine(self.function, self.exercise, SEED).score
        return 1.0 if self.function else 0.0


def answers(key: str) -> Iterator[Answer]:
    """All answers to the exercise `key`, such as "04-gradient_descent"."""
    exercise, lesson = EVERY[key], key.partition("-")[0]
    known = (exercise.reference, *exercise.alternatives, *exercise.mistakes, None)
    return (Answer(exercise, lesson, number, function) for number, function in enumerate(known))
