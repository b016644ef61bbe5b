"""Gradescope: a results.json for each learner, and one submission graded inside its container.

Format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

import json
from pathlib import Path
from typing import Any

from ..engine import Result
from ..graded import Graded, final_score
from ..late import Lateness
from ..report import file_name, whole


def results_json(result: Result, late: Lateness | None = None) -> dict[str, Any]:
    """What Gradescope shows. Without a score, for a fault of ours, it reports the autograder as failed."""
    if result.status == "not graded":
        return {
            "output": f"Not graded, for no fault of the learner's: {result.reason}",
            "tests": [],
        }
    tests = [
        {
            "name": report.title,
            "score": round(report.score * report.points, 6),
            "max_score": report.points,
            "status": "passed" if report.correct else "failed",
            "output": _words(report),
            "output_format": "text",
            "visibility": "visible",
        }
        for report in result.reports
    ]
    return {
        "score": final_score(result, late),
        "output": result.reason,
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"digest": result.digest, "versions": result.versions},
    }


def _words(report: Any) -> str:
    case = report.counterexample
    lines = [report.sentence]
    if case:
        lines += [f"Called: {case.call}", *([f"Came back: {case.got}"] if case.got else [])]
        lines += [case.demand] if report.mistake else []
    return "\n".join([*lines, *report.notes])


def gradescope(graded: Graded, to: Path) -> list[str]:
    """Write `to`/STUDENT.json for every learner; nobody is lost."""
    to.mkdir(parents=True, exist_ok=True)
    for result, late in graded.results():
        with whole(to / file_name(result.student).replace(".html", ".json")) as file:
            json.dump(results_json(result, late), file, indent=1)
    return []
