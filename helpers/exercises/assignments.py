"""Graded assignments: what judges them lies on the teacher's side, never with what is handed out.

`solutions/A1_convexity/judge.py` declares an assignment as a file here declares a lesson: `LESSON`
("A1") and `EXERCISES`. A teacher's own assignment is such a folder too.
"""

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from .exercise import Exercise
from .registry import find, lessons

ROOT = Path(__file__).resolve().parents[2]


def teachers_side() -> Path | None:
    """The folder `solutions`: that of COURSE_SOLUTIONS, round the working folder, or beside helpers."""
    named = os.environ.get("COURSE_SOLUTIONS")
    if named:
        return Path(named)
    here = Path.cwd()
    near = (folder / "solutions" for folder in (here, *here.parents, ROOT))
    return next((folder for folder in near if next(folder.glob("*/judge.py"), None)), None)


def judge_files(solutions: Path | None = None) -> dict[str, Path]:
    """The judge of each assignment by its number, in order ("A1", "A2", ...)."""
    solutions = solutions or teachers_side()
    if solutions is None:
        return {}
    found = sorted(solutions.glob("*_*/judge.py"))
    return {path.parent.name.split("_")[0]: path for path in found}


def assignment(number: str, solutions: Path | None = None) -> ModuleType:
    """The declarations of assignment `number`; `KeyError` where its judge is not at hand."""
    known = judge_files(solutions)
    if number not in known:
        have = f"here are {', '.join(known)}" if known else "here is none"
        raise KeyError(
            f"The judge of assignment {number} is not here ({have}). It lies on the teacher's side, "
            "in solutions/; COURSE_SOLUTIONS can name that folder."
        )
    return load(known[number].resolve())


@cache
def load(path: Path) -> ModuleType:
    """The module at `path`; `ValueError` where it is not the declaration of its folder's number."""
    number = path.parent.name.split("_")[0]
    name = f"assignment_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if getattr(module, "LESSON", None) != number:
        raise ValueError(f"{path}: LESSON must be {number!r}, as its folder says")
    declared = getattr(module, "EXERCISES", ())
    if not declared or not all(isinstance(exercise, Exercise) for exercise in declared):
        raise ValueError(f"{path}: EXERCISES must be a tuple of one Exercise or more")
    names = [exercise.name for exercise in declared]
    if len(set(names)) < len(names):
        raise ValueError(f"{path}: two exercises have the same name")
    return module


def declared() -> dict[str, ModuleType]:
    """Every lesson, and every assignment whose judge is at hand, by number."""
    return {**lessons(), **{number: assignment(number) for number in judge_files()}}


def find_in(name: str, number: str) -> Exercise:
    """The exercise `name` of a lesson or an assignment; `KeyError` with what there is."""
    if number in lessons():
        return find(name)
    exercises = {exercise.name: exercise for exercise in assignment(number).EXERCISES}
    if name not in exercises:
        raise KeyError(f"Assignment {number} has no exercise {name!r}; it has {list(exercises)}.")
    return exercises[name]
