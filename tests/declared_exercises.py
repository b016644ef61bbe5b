"""Every exercise that the project declares, of lessons and of assignments, for parametrised tests."""

from helpers.exercises import declared
from helpers.exercises.exercise import Exercise

EVERY: dict[str, Exercise] = {
    f"{number}-{exercise.name}": exercise
    for number, module in declared().items()
    for exercise in module.EXERCISES
}
