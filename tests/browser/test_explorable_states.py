"""A lesson's explorable from the file as it is kept: untrusted, trusted but not run, run, and as a page of nbconvert's."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest

from helpers.authoring.build import ROOT
from helpers.figures.explorable import ASLEEP

LESSON = ROOT / "solutions" / "1_convexity" / "02_convex_functions.ipynb"
CELL = "explore.chord()"
FOCUSED = "document.activeElement.matches('canvas[role=application]')"
COUNTS = (
    "() => jupyterapp.shell.currentWidget.content.widgets"
    ".filter(c => c.model.type === 'code').map(c => c.model.executionCount)"
)


def is_driven_by_keys(page, box) -> None:
    """The point is moved by an arrow key, and the sentence follows."""
    box.locator(".says", has_text="the chord lies").wait_for()
    before = box.locator(".says").inner_text()
    box.locator("canvas[role=application]").focus()
    assert page.evaluate(FOCUSED)
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    box.locator(".says").filter(has_not_text=before).wait_for()


@pytest.fixture(scope="module")
def kept(lab):
    """The solved lesson, as it is in the repository, put where JupyterLab serves it."""
    content = json.loads(LESSON.read_text(encoding="utf-8"))
    asked = urllib.request.Request(
        f"{lab}/api/contents/kept.ipynb?token=course",
        data=json.dumps({"type": "notebook", "format": "json", "content": content}).encode(),
        method="PUT",
        headers={"Content-Type": "application/json"},
    )
    assert urllib.request.urlopen(asked, timeout=60).status == 201
    return "kept.ipynb"


@pytest.fixture(scope="module")
def untrusted(open_notebook, kept):
    return open_notebook(kept)


def test_untrusted_it_is_a_picture_with_words_that_says_how_to_wake_it(untrusted):
    cell = untrusted.cell(CELL)
    cell.scroll_into_view_if_needed()
    image = cell.locator(".jp-OutputArea-output img")
    assert "chord" in image.get_attribute("alt") and len(image.get_attribute("alt")) > 60
    assert image.evaluate("image => image.naturalWidth") > 200
    assert ASLEEP in cell.inner_text()
    assert cell.locator("canvas").count() == 0


def test_trusted_and_opened_again_it_lives_without_a_cell_having_run(
    untrusted, open_notebook, kept
):
    page = untrusted.page
    page.evaluate("() => { window.trust = jupyterapp.commands.execute('notebook:trust'); }")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.evaluate("() => trust")  # it saves as well
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    notebook = open_notebook(kept)
    before = notebook.page.evaluate(COUNTS)
    cell = notebook.cell(CELL)
    cell.scroll_into_view_if_needed()
    is_driven_by_keys(notebook.page, cell.locator(".lx"))
    assert notebook.page.evaluate(COUNTS) == before
    assert ASLEEP not in cell.inner_text()


def test_just_run_it_lives(untrusted):
    for start in ("import", CELL):
        index = untrusted.page.evaluate(
            "start => jupyterapp.shell.currentWidget.content.widgets.findIndex(c => "
            "c.model.type === 'code' && c.model.sharedModel.source.includes(start))",
            start,
        )
        untrusted.page.evaluate(
            "index => { jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index
        )
        untrusted.execute("notebook:run-cell")
    cell = untrusted.cell(CELL)
    cell.scroll_into_view_if_needed()
    cell.locator(".lx").wait_for()
    is_driven_by_keys(untrusted.page, cell.locator(".lx"))


def test_exported_by_nbconvert_it_lives_without_a_network(browser, tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "nbconvert", "--to", "html", str(LESSON)),
            *("--output-dir", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    page = browser.new_page()
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto((tmp_path / "02_convex_functions.html").as_uri(), wait_until="domcontentloaded")
    box = page.locator(".lx")
    box.wait_for()
    box.scroll_into_view_if_needed()
    is_driven_by_keys(page, box)
    page.close()
