"""One script out of an explorable's modules, so that a page needs no other file."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("explorables")
FROM = re.compile(r'^(import|export) \{([^}]*)\} from "\./(\w+)\.js";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:const|function) (\w+))", re.M)
TYPES = re.compile(
    r"^[ \t]*/\*\*.*?\*/\n|/\*\*.*?\*/ ?", re.M | re.S
)  # JSDoc: for the checker, not for the page


@cache
def bundle(name: str) -> str:
    """The module `name` and all that it imports, each a function's scope of its own, in order of need.

    A module imports with `import { a, b as c } from "./other.js";` on one line and exports constants and
    functions where they are declared, or hands on others' with `export { a } from "./other.js";`.
    """
    parts: dict[str, str] = {}

    def add(module: str) -> None:
        if module in parts:
            return
        source = TYPES.sub("", (FOLDER / f"{module}.js").read_text(encoding="utf-8"))
        handed_on = []
        for kind, names, other in FROM.findall(source):
            add(other)
            if kind == "export":
                handed_on += [word.strip() for word in names.split(",")]
        names = ", ".join([*handed_on, *EXPORT.findall(source)])
        body = EXPORT.sub("", FROM.sub(_take, source))
        parts[module] = f"const _{module} = (() => {{\n{body}return {{ {names} }};\n}})();\n"

    add(name)
    return "".join(parts.values())


def _take(found: re.Match) -> str:
    return f"const {{ {found[2].strip().replace(' as ', ': ')} }} = _{found[3]};\n"
