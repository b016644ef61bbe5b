"""The explorables' own modules, run by Node.js and asked in JSON: what the browser would compute."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).with_name("js")


def answer_of(name: str, asked: Any) -> Any:
    """What tests/js/NAME.mjs says to `asked`."""
    node = shutil.which("node")
    assert node, "these tests run the explorables' modules: install Node.js (make system)"
    done = subprocess.run(
        [node, SCRIPTS / f"{name}.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
