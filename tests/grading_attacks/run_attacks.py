"""Each section of grading_attacks/*.md is a hostile notebook: contained, and the next unaffected."""

import json
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from forged_notebooks import FORGERIES, forged, raw_files
from grading_notebooks import LESSON, SETUP, exercises, perfect, right_answers, write_notebook

from helpers.grading.engine import Grader, Task
from helpers.grading.sandbox import Limits
from helpers.grading.submission import Submission

PROBE = """\
def gradient_least_squares(w, X, y):
    escaped = None
    try:
{body}
    except BaseException as error:
        raise RuntimeError(f"HELD {{type(error).__name__}}") from None
    if escaped:
        raise RuntimeError(f"ESCAPED {{escaped!r}}"[:150])
    raise RuntimeError("HELD")
"""


@dataclass(frozen=True)
class Attack:
    name: str
    cells: tuple[str, ...]
    expect: float
    says: str


def _attacks() -> list[Attack]:
    found = []
    for path in sorted(Path(__file__).parent.glob("[0-9]*.md")):
        for section in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            name, _, rest = section.partition("\n")
            blocks = re.findall(r"^```python( probe)?\n(.*?)^```", rest, re.DOTALL | re.MULTILINE)
            cells = tuple(
                PROBE.format(body=textwrap.indent(code, " " * 8)) if probe else code
                for probe, code in blocks
            )
            expect = re.search(r"^expect: (\d)(?:, says: (.*))?$", rest, re.MULTILINE)
            held = "HELD" if blocks and blocks[0][0] else ""
            says = (expect[2] or held) if expect else held
            found.append(Attack(name, cells, float(expect[1]) if expect else 4.0, says))
    return found


ATTACKS = _attacks()


@pytest.fixture(scope="module")
def grader():
    """One grader for all attacks: whatever one leaves behind, the next would meet."""
    with Grader(task(1.0)) as grader:
        yield grader


def task(seconds: float) -> Task:
    return Task(LESSON, exercises(seconds), b"a secret of the tests", Limits())


def the_next_is_unaffected(grader: Grader, folder: Path) -> bool:
    """With more time: a machine that is busy is no effect of the attack."""
    hurried, grader.task = grader.task, task(20.0)
    result = grader.grade(Submission("alice", perfect(folder / "alice.ipynb")))
    grader.task = hurried
    return (result.status, result.score, result.signs) == ("graded", 5.0, [])


def test_the_collection_is_as_large_as_promised():
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.cells for attack in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_contained_and_the_next_submission_unaffected(attack, grader, tmp_path):
    path = write_notebook(tmp_path / "mallory.ipynb", [SETUP, *right_answers(), *attack.cells])
    result = grader.grade(Submission("mallory", path))
    told = json.dumps(result.to_json(), ensure_ascii=False)
    assert result.status == "graded", result.reason
    assert "ESCAPED" not in told
    assert result.score == attack.expect, [(r.exercise, r.sentence) for r in result.reports]
    assert attack.says in " ".join(report.sentence for report in result.reports)
    assert the_next_is_unaffected(grader, tmp_path)


@pytest.mark.parametrize("change", FORGERIES, ids=lambda change: change.__name__)
def test_a_forged_notebook_earns_what_its_code_earns(change, grader, tmp_path):
    path = tmp_path / "mallory.ipynb"
    path.write_bytes(forged(change))
    assert grader.grade(Submission("mallory", path)).score == FORGERIES[change]
    assert the_next_is_unaffected(grader, tmp_path)


@pytest.mark.parametrize("kind", raw_files())
def test_what_is_no_notebook_has_no_points_and_a_reason(kind, grader, tmp_path):
    path = tmp_path / "mallory.ipynb"
    path.write_bytes(raw_files()[kind])
    result = grader.grade(Submission("mallory", path))
    assert (result.status, result.score) == ("malformed", 0.0) and result.reason
    assert the_next_is_unaffected(grader, tmp_path)
