"""A proof of how good an answer is, and when it proves enough."""

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Certificate:
    """Weak duality: dual ≤ p⋆ ≤ primal when `violation` is 0.

    primal     the objective at the answer, an upper bound on the optimum p⋆
    dual       a lower bound on p⋆, the value of a feasible dual point; −inf if none is known
    point      that dual point itself
    violation  how far the answer is outside the constraints, relative to their size

    Source: Boyd & Vandenberghe, Convex Optimization, §5.2 and §5.5.1.
    """

    primal: float
    dual: float = -math.inf
    point: Any = None
    violation: float = 0.0

    @property
    def gap(self) -> float:
        """primal − dual, at least primal − p⋆."""
        return self.primal - self.dual

    @property
    def relative_gap(self) -> float:
        """The gap divided by max(1, |primal|)."""
        return self.gap / max(1.0, abs(self.primal))

    def proves(self, tol: float) -> bool:
        """Whether the answer is proved to be within `tol`; infinity and NaN prove nothing."""
        gap = self.relative_gap
        return math.isfinite(gap) and abs(gap) <= tol and self.violation <= tol
