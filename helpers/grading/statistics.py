"""What a class did, gathered in one pass over the results: counts only, whatever its size."""

from collections import Counter
from dataclasses import dataclass, field

from helpers.exercises.judging import Report

from .engine import Result
from .graded import Graded, final_score

NEEDS_TIME = ("stopped after", "used up its processor time")
CRASHED = ("ended Python", "crashed Python", "did not give an answer", "could not be run")
LISTED = 200


@dataclass
class OfExercise:
    """One exercise over the class."""

    name: str
    title: str
    points: float
    earned: float = 0.0
    answered: int = 0
    status: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        self.answered += 1
        self.earned += report.score
        self.status[report.status] += 1
        if report.mistake:
            self.mistakes[report.mistake, report.sentence] += 1

    @property
    def share(self) -> float:
        """The mean share of this exercise's points."""
        return self.earned / self.answered if self.answered else 0.0


@dataclass
class Statistics:
    """A class: scores in twenty classes, exercises, and who needs a person."""

    students: int = 0
    max_score: float = 0.0
    total: float = 0.0
    histogram: list[int] = field(default_factory=lambda: [0] * 20)
    exercises: dict[str, OfExercise] = field(default_factory=dict)
    status: Counter[str] = field(default_factory=Counter)
    late: int = 0
    people: list[tuple[str, str]] = field(default_factory=list)
    more_people: int = 0
    same: dict[str, list[str]] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        return self.students - self.status["not graded"]

    @property
    def mean(self) -> float:
        return self.total / self.counted if self.counted else 0.0

    @property
    def hardest(self) -> list[OfExercise]:
        """The exercises, that with the least mean share first."""
        return sorted(self.exercises.values(), key=lambda exercise: exercise.share)

    def mistakes(self, most: int = 10) -> list[tuple[int, str, str]]:
        """The commonest named mistakes: how often, in which exercise, and its sentence."""
        found = [
            (count, exercise.title, sentence)
            for exercise in self.exercises.values()
            for (_, sentence), count in exercise.mistakes.items()
        ]
        return sorted(found, key=lambda row: (-row[0], row[1], row[2]))[:most]

    def copies(self) -> list[list[str]]:
        """Students whose notebooks hold the very same code and earned something."""
        return sorted(names for names in self.same.values() if len(names) > 1)

    def add(self, result: Result, score: float, late: bool) -> None:
        self.students += 1
        self.status[result.status] += 1
        self.late += late
        for reason in needs_a_person(result):
            if len(self.people) < LISTED:
                self.people.append((result.student, reason))
            else:
                self.more_people += 1
        if result.status == "not graded":
            return
        self.total += score
        self.max_score = max(self.max_score, result.max_score)
        share = score / result.max_score if result.max_score else 0.0
        self.histogram[min(int(20 * share), 19)] += 1
        if result.score > 0:
            self.same.setdefault(result.code, []).append(result.student)
        for report in result.reports:
            title = self.exercises.setdefault(
                report.exercise, OfExercise(report.exercise, report.title, report.points)
            )
            title.add(report)


def needs_a_person(result: Result) -> list[str]:
    """Why somebody should look at this submission; empty for most."""
    if result.status != "graded":
        return [f"{result.status}: {result.reason}"]
    said = [f"{report.title}: {report.sentence}" for report in result.reports]
    reasons = [f"suspicious: {sign}" for sign in result.signs]
    reasons += [f"crashed: {s}" for s in said if any(words in s for words in CRASHED)][:1]
    reasons += [f"out of time: {s}" for s in said if any(words in s for words in NEEDS_TIME)][:1]
    return reasons


def gather(graded: Graded) -> Statistics:
    """The statistics of a graded folder, read once."""
    statistics = Statistics()
    for result, late in graded.results():
        statistics.add(result, final_score(result, late), bool(late and late.keep < 1))
    return statistics
