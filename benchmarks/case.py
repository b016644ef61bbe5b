"""What is compared: a problem, our solver, its peers, and the proof that judges them all alike."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.certificates import Certificate


@dataclass(frozen=True)
class Answer:
    """What a solver hands back: the certificate's arguments after the data."""

    w: Any
    b: Any = None
    dual: Any = None


@dataclass(frozen=True)
class Peer:
    """`solve(tolerance)`; `exact` has no tolerance to tune and ignores it."""

    name: str
    solve: Callable[[float], Answer]
    exact: bool = False


@dataclass(frozen=True)
class Case:
    """One problem. `certify(answer)` is the model's certificate, with the answer's dual or without."""

    model: str
    data: str
    setting: str
    n: int
    p: int
    ours: Callable[[float], Answer]
    certify: Callable[[Answer], Certificate]
    peers: tuple[Peer, ...]
    floor: Callable[[], Any]
    axis: str = ""  # "n" or "p" where the case is a point of a growth plot
    tolerances: tuple[float, ...] = field(default=(1e-6, 1e-10))

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.model, self.data, self.setting, self.axis


class Judge:
    """The gap of any answer to a case, against the best lower bound that anybody has shown.

    A peer that keeps its dual point to itself is judged by ours at high accuracy: the most
    favourable bound that can be had, so no peer has to work on for want of a proof.
    """

    def __init__(self, case: Case):
        self.case, self.bound = case, -math.inf

    def learn(self, answer: Answer) -> None:
        """Keep the lower bound that `answer` proves."""
        for candidate in (answer, Answer(answer.w, answer.b)):
            dual = self._certificate(candidate).dual
            if math.isfinite(dual):
                self.bound = max(self.bound, dual)

    def gap(self, answer: Answer) -> float:
        """The relative gap, or the constraints' violation where that is larger; inf for junk."""
        proof = self._certificate(answer)
        if not math.isfinite(proof.primal):
            return math.inf
        bound = max(self.bound, proof.dual) if math.isfinite(proof.dual) else self.bound
        gap = (proof.primal - bound) / max(1.0, abs(proof.primal))
        return max(gap, proof.violation, 0.0) if math.isfinite(gap) else math.inf

    def _certificate(self, answer: Answer) -> Certificate:
        try:
            return self.case.certify(answer)
        except (ValueError, ArithmeticError):
            return Certificate(math.inf)
