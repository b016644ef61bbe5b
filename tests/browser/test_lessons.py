"""A learner's way through the course, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

RIGHT = """def gradient_least_squares(w, X, y):
    return (X.T @ X) @ w - X.T @ y"""
WRONG = """def gradient_least_squares(w, X, y):
    return X.T @ (y - X @ w)"""


# ipywidgets gives the handle of its slider no name of its own; that is not ours to mend here
WITHIN = {"include": [[".jp-OutputArea-output"]], "exclude": [[".noUi-handle"]]}


def violations(page) -> list[str]:
    """Rules of accessibility that our own output breaks."""
    found = Axe().run(page, context=WITHIN).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


@pytest.fixture
def lesson(open_notebook):
    notebook = open_notebook("2_algorithms/04_gradient_descent.ipynb")
    notebook.run_all()
    return notebook


def test_lesson_04_runs_answers_and_plays(lesson):
    page = lesson.page
    assert not page.locator("[data-mime-type='application/vnd.jupyter.error']").count()

    wrong = lesson.answer("gradient_least_squares", WRONG)
    assert "Not yet" in wrong
    assert "Hint 1 of 3" in wrong
    first_hint = lesson.cell("check(gradient_least_squares)").locator("summary").first
    first_hint.focus()
    page.keyboard.press("Enter")
    assert lesson.cell("check(gradient_least_squares)").locator("details[open]").count() == 1
    right = lesson.answer("gradient_least_squares", RIGHT)
    assert "✓ Correct" in right

    says = page.locator(".lx .says").first
    landscape = page.locator(".lx canvas[role=application]").first
    landscape.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.lx .says').textContent.includes('Start 1.60')")
    cells = page.locator(".jp-Cell").count()
    landscape.focus()
    for key in ["ArrowLeft"] * 5 + ["d", "d"]:
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector('.lx .says').textContent.includes('Start 1.50')")
    assert page.locator(".jp-Cell").count() == cells

    place = landscape.bounding_box()
    page.mouse.move(place["x"] + 50, place["y"] + 50)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 4, place["y"] + place["height"] / 4, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "document.querySelector('.lx .says').textContent.includes('Start -1.00, 1.00')"
    )
    slider = page.locator(".lx input[type=range]").first
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.lx .says').textContent.includes('diverges')")
    assert "beyond 2/L" in says.inner_text()
    assert not lesson.errors


def test_what_we_show_breaks_no_rule_of_accessibility_in_light_and_dark(lesson):
    lesson.answer("gradient_least_squares", WRONG)
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        lesson.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme}).then(() => 1)",
            theme,
        )
        lesson.page.wait_for_timeout(1500)
        assert violations(lesson.page) == []


def test_what_was_solved_is_remembered_in_lesson_00(lesson, open_notebook):
    assert "✓ Correct" in lesson.answer("gradient_least_squares", RIGHT)
    start = open_notebook("00_start_here.ipynb")
    start.run_all()
    row = start.page.locator("tr", has_text="Gradient descent").last
    assert "1 of 5" in row.inner_text()
    assert not start.errors
