"""What in a submission a person should look at. It never changes a score: walls hold, signs only tell."""

import re

SIGNS = {
    "reads or starts other processes": r"/proc/|\bsubprocess\b|\bos\.(system|popen|fork|kill|exec|_exit)",
    "uses the network": r"\b(socket|urllib|requests|http\.client)\b",
    "goes into memory or C": r"\bctypes\b|\bgc\.get_objects\b|__subclasses__|\bmmap\b",
    "looks for the judge": r"helpers\.(grading|exercises)\.\w|judge\.py|\bsys\._getframe\b|inspect\.stack",
    "replaces what Python is made of": r"\bsys\.(modules|meta_path|settrace)\b|\bbuiltins\.\w+\s*=",
}
_PATTERNS = {sign: re.compile(pattern) for sign, pattern in SIGNS.items()}


def signs(cells: list[str]) -> list[str]:
    """The signs in the sources of a submission's cells, each with the first code cell it is in."""
    found = []
    for sign, pattern in _PATTERNS.items():
        where = next((i for i, source in enumerate(cells, 1) if pattern.search(source)), None)
        if where:
            found.append(f"{sign} (code cell {where})")
    return found
