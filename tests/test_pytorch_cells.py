"""The lessons' training loops in PyTorch run and keep what they assert, where PyTorch is installed.

PyTorch is no part of the course's environment: `make torch` installs it for these tests.
"""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"
FENCE = re.compile(r"^```python torch\n(.*?)^```", re.M | re.S)
LESSONS = {
    source.stem: FENCE.findall(source.read_text(encoding="utf-8"))
    for source in sorted(SOLUTIONS.rglob("*.md"))
}
WITH_TORCH = {name: blocks for name, blocks in LESSONS.items() if blocks}


def test_every_lesson_on_deep_learning_but_the_assignment_shows_its_loop_in_pytorch():
    part = {source.stem for source in (SOLUTIONS / "4_deep_learning").glob("*.md")}
    assert part and part == set(WITH_TORCH) & part


@pytest.mark.parametrize("lesson", WITH_TORCH)
def test_a_cell_in_pytorch_compiles_and_states_what_it_shows(lesson):
    for block in WITH_TORCH[lesson]:
        compile(block, f"{lesson}, PyTorch", "exec")
    assert any(re.search(r"^\s*assert ", block, re.M) for block in WITH_TORCH[lesson])


def with_torch() -> str | None:
    """An interpreter that has PyTorch: the one that `make torch` made, or this one."""
    beside = ROOT / ".venv-torch" / "bin" / "python"
    if beside.exists():
        return str(beside)
    return sys.executable if importlib.util.find_spec("torch") else None


@pytest.mark.skipif(with_torch() is None, reason="PyTorch is not installed: make torch")
@pytest.mark.parametrize("lesson", WITH_TORCH)
def test_the_cells_in_pytorch_keep_what_they_assert(lesson):
    done = subprocess.run(
        [with_torch(), "-"],
        input="\n".join(WITH_TORCH[lesson]),
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
