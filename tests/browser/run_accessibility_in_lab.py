"""`make accessibility`: axe-core on every solved notebook, open in JupyterLab, light and dark. Some ten minutes.

`make test` asks the same of lesson 04 in JupyterLab, and of every lesson on a plain page.
"""

import json
import urllib.request

import pytest
from test_lessons import violations

from helpers.authoring.build import ROOT

NOTEBOOKS = sorted((ROOT / "solutions").rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_solved_lesson_in_jupyterlab_breaks_no_rule(lab, open_notebook, path):
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["trusted"] = True
    asked = urllib.request.Request(
        f"{lab}/api/contents/{path.name}?token=course",
        data=json.dumps({"type": "notebook", "format": "json", "content": content}).encode(),
        method="PUT",
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(asked, timeout=60)
    notebook = open_notebook(path.name)
    boxes = notebook.page.locator("[data-explorable]").count()
    assert notebook.page.locator(".lx").count() == boxes
    assert violations(notebook) == []
    assert notebook.errors == []
    notebook.page.close()
