"""What every solved lesson says and shows, on a plain page, light and dark: no rule of axe-core is broken."""

import re
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from helpers.authoring.build import ROOT
from helpers.figures.static import checked

NOTEBOOKS = sorted((ROOT / "solutions").rglob("*.ipynb"))
GROUNDS = {"light": ("true", "#ffffff", "#1b1f24"), "dark": ("false", "#111111", "#e8eaed")}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body data-jp-theme-light="true" style="background:#fff;color:#1b1f24;font:14px sans-serif">
<main>{cells}</main></body></html>"""
THEME = """([light, ground, ink]) => {
  document.body.dataset.jpThemeLight = light; document.body.style.background = ground;
  document.body.style.color = ink; document.body.style.colorScheme = light === "true" ? "light" : "dark";
  for (const link of document.querySelectorAll("main a")) if (!link.closest(".lx, .cx"))
    link.style.color = light === "true" ? "#0b57a4" : "#8ab8ff"; }"""
ANCHOR = re.compile(r'<a class="anchor-link".*?</a>')  # nbconvert's
# formulas are typeset in JupyterLab; `region` and headings are a page's business, not a lesson's
OPTIONS = {"rules": {"region": {"enabled": False}, "page-has-heading-one": {"enabled": False}}}


def cells_of(path: Path) -> tuple[str, int]:
    """The lesson's prose and outputs as HTML, and how many images it has."""
    parts, images = [], 0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(ANCHOR.sub("", markdown2html_mistune(cell.source)))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            assert "image/png" not in data, f"{cell.id}: an image without words"
            if "text/html" in data:
                parts.append(f"<div>{data['text/html']}</div>")
                images += data["text/html"].count("<img")
    return "\n".join(parts), images


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    yield page
    page.close()


def test_all_lessons_are_looked_at():
    assert len(NOTEBOOKS) >= 26


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_breaks_no_rule_of_accessibility(page, tmp_path, path):
    cells, images = cells_of(path)
    for alt in [part.split('"', 1)[0] for part in cells.split('<img alt="')[1:]]:
        checked(alt)
    assert cells.count('<img alt="') == images
    where = tmp_path / "lesson.html"
    where.write_text(PAGE.format(title=path.stem, cells=cells), encoding="utf-8")
    page.goto(where.as_uri())
    page.wait_for_timeout(300)
    assert page.locator(".lx").count() == cells.count('<div data-explorable="lx-')
    found = []
    for theme, ground in GROUNDS.items():
        page.evaluate(THEME, list(ground))
        page.wait_for_timeout(100)
        options = OPTIONS if theme == "light" else {"runOnly": ["color-contrast"]}
        for rule in Axe().run(page, context="main", options=options).response["violations"]:
            found += [f"{theme}: {rule['id']}: {n['html'][:160]}" for n in rule["nodes"][:5]]
    assert found == []
