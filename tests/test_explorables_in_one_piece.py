"""Each explorable's modules, joined into one script, are a valid program: no name is declared twice."""

import re
import shutil
import subprocess

import numpy as np
import pytest

from helpers.figures import explore

RNG = np.random.default_rng(0)
ARGUMENTS = {
    "attention": ("a text", RNG.standard_normal((2, 6, 3)), RNG.standard_normal((2, 6, 3))),
    "landscape": ((np.diag([2.0, 1.0]), np.zeros(2)), (0.5, 0.5)),
}
NAMES = [name for name in explore.__all__ if callable(getattr(explore, name))]


def test_there_are_explorables():
    assert len(NAMES) > 20


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_an_explorable_is_a_valid_program(name):
    page = getattr(explore, name)(*ARGUMENTS.get(name, ()))._repr_mimebundle_()["text/html"]
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    assert scripts
    node = shutil.which("node")
    assert node, "install Node.js (make system)"
    for script in scripts:
        done = subprocess.run(
            [node, "--check", "--input-type=module", "-"],
            input=script,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
