"""The project's own files agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def conda() -> set[str]:
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    found = {line.split("- ", 1)[1].strip() for line in lines if line.lstrip().startswith("- ")}
    return found - {"conda-forge", "pip", "-e .", "pip:"}


def test_conda_users_get_the_packages_of_the_project_in_the_same_versions():
    extras = PROJECT["optional-dependencies"]
    ours = {*PROJECT["dependencies"], *extras["test"], *extras["grading"], *extras["site"]}
    assert conda() == ours | {"python" + PROJECT["requires-python"]}


def test_every_package_of_the_project_is_pinned_within_its_range():
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pinned[re.sub(r"[-_.]+", "-", name).lower()] = version
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(name for extra in extras for name in extra)]
    for requirement in wanted:
        name, least = requirement.split(">=")
        version = pinned[re.sub(r"[-_.]+", "-", name).lower()]
        as_numbers = [[int(n) for n in re.findall(r"\d+", v)[:3]] for v in (least, version)]
        assert as_numbers[0] <= as_numbers[1], requirement


@pytest.mark.parametrize(
    "word", ["pypi" + ".org", "registry." + "npmjs", "deb." + "debian", "--index" + "-url"]
)
def test_no_file_names_a_package_registry(word):
    for path in tracked():
        if path.suffix not in (".png",):
            assert word not in path.read_text(encoding="utf-8", errors="ignore"), path


def test_the_map_of_lessons_in_the_readme_names_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "course").glob("**/*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            assert path.relative_to(ROOT).as_posix() in readme
