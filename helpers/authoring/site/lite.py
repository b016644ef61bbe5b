"""The notebooks for JupyterLite: `python -m helpers.authoring.site.lite DIR`, as `make lite` does."""

import sys
from pathlib import Path

import nbformat

from ..build import ROOT
from .pages import elsewhere

# Pyodide's own builds come first; the course itself lies beside the notebooks, and JupyterLab is there already.
INSTALL = """%pip install -q numpy scipy matplotlib pillow scikit-learn statsmodels cvxpy-base platformdirs ipywidgets
%pip install -q --no-deps convex-course"""


def contents(to: Path, root: Path = ROOT) -> list[Path]:
    """Every learner's notebook below `to`, with a first cell that installs what it needs in a browser."""
    made = []
    for path in sorted((root / "course").rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        target = to / path.relative_to(root / "course")
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(elsewhere(nbformat.read(path, as_version=4), INSTALL), target)
        made.append(target)
    return made


if __name__ == "__main__":
    print(f"{len(contents(Path(sys.argv[1])))} notebooks in {sys.argv[1]}")
