"""A folder that `grade` has filled: who handed in, what the log says of them, how late they were."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .engine import Result
from .late import Lateness, load
from .log import Log

FILE = "run.json"
LOG = "results.jsonl"


@dataclass(frozen=True)
class Graded:
    """One graded assignment. Results are read one at a time, so a class may be of any size."""

    out: Path
    assignment: str  # its name in tables, "A2_algorithms"
    lesson: str  # its number, "A2"
    students: tuple[str, ...]
    missing: tuple[str, ...] = ()  # on the roster, but handed in nothing

    @classmethod
    def open(cls, out: Path) -> "Graded":
        """Read what `grade` left in `out`; `ValueError` where it left nothing."""
        try:
            kept = json.loads((out / FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ValueError(f"{out} holds no graded submissions: run `grade` first.") from None
        return cls(
            out, kept["assignment"], kept["lesson"], tuple(kept["students"]), tuple(kept["missing"])
        )

    def save(self) -> None:
        """Leave a note of this run in its folder."""
        kept = {name: value for name, value in vars(self).items() if name != "out"}
        part = self.out / f".{FILE}.part"
        part.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        os.replace(part, self.out / FILE)

    def results(self) -> Iterator[tuple[Result, Lateness | None]]:
        """The last result of each student, and how late it was where that is known."""
        late = load(self.out)
        with Log(self.out / LOG, exclusive=False) as log:
            for result in log.results(list(self.students)):
                yield result, late.get(result.student)


def final_score(result: Result, late: Lateness | None) -> float:
    """The score after the late policy."""
    return round(result.score * (late.keep if late else 1.0), 6)
