"""What the sandbox imports before it forks: the modules that a lesson's own notebook uses."""

import ast
import re
from pathlib import Path

from helpers.exercises.assignments import teachers_side

CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
LAZY = {"helpers.data": "sklearn.datasets"}  # imported by its functions when they are called


def imports(lesson: str, solutions: Path | None = None) -> tuple[str, ...]:
    """The modules that the source of `lesson` imports, in alphabetical order; none without a source."""
    folder = solutions or teachers_side()
    sources = sorted(folder.rglob(f"{lesson}_*.md")) if folder else []
    found = {name for source in sources for name in imported(source.read_text(encoding="utf-8"))}
    found |= {LAZY[name] for name in found & LAZY.keys()}
    return tuple(sorted(found))


def imported(text: str) -> set[str]:
    """The modules named by the import statements of the code cells in `text`."""
    found: set[str] = set()
    for cell in CELL.findall(text):
        code = "\n".join(line for line in cell.splitlines() if not line.startswith((":", "%", "!")))
        try:
            tree = ast.parse(code)
        except SyntaxError:  # a cell that shows an error, or a magic: nothing to learn from it
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found |= {
                    f"{node.module}.{alias.name}"
                    for alias in node.names
                    if node.module == "helpers"
                }
    return found
