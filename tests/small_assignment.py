"""A teacher's own assignment in a course of its own, small enough to grade a class in a second."""

from pathlib import Path

import nbformat

NUMBER, NAME = "Z9", "Z9_twice"

JUDGE = '''
import numpy as np

from helpers.exercises import find
from helpers.exercises.exercise import Exercise, same

LESSON = "Z9"


def doubled(x):
    """Twice x."""
    return 2 * x


def instances(rng):
    yield dict(x=rng.standard_normal(3))


def certify(value, x):
    return same(value, x + x)


def squared(x):
    """You squared."""
    return x**2


EXERCISES = (
    Exercise(doubled, instances, certify, title="Twice", hints=("a", "b", "c"), mistakes=(squared,), points=3),
    find("project_ball"),
)
'''
SOURCE = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Twice

```{code-cell} ipython3
import numpy as np

from helpers.exercises import check_small
```

### Exercise: doubled

```{code-cell} ipython3
:exercise: doubled
check_small(doubled, [((2.0,), 4.0)])
```

### Exercise: project_ball

```{code-cell} ipython3
:exercise: project_ball
check_small(project_ball, [((np.array([2.0, 0.0]), np.zeros(2), 1.0), [1.0, 0.0])])
```
"""
BODIES = {
    "right": "def doubled(x):\n    return 2 * x",
    "squared": "def doubled(x):\n    return x**2",
    "stub": "def doubled(x):\n    ...",
    "ends": "import os\n\ndef doubled(x):\n    os._exit(3)",
}


def course(root: Path) -> Path:
    """Write the assignment's source and judge below `root`; the path of its source."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text(JUDGE)
    (folder / f"{NAME}.md").write_text(SOURCE)
    return folder / f"{NAME}.md"


def notebook(code: str) -> str:
    """A submission with one cell."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    return nbformat.writes(made)
