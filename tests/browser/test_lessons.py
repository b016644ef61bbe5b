"""A learner's way through the course, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.exercises.gradient_descent import pointed_downhill

RIGHT = """def gradient_least_squares(w, X, y):
    return (X.T @ X) @ w - X.T @ y"""
WRONG = """def gradient_least_squares(w, X, y):
    return X.T @ (y - X @ w)"""
ANOTHER = """def smoothness_constant(X, lam):
    return np.linalg.eigvalsh(X.T @ X)[-1] + lam"""
DESCENT = """def gradient_descent(grad, x, step, iterations):
    for _ in range(iterations):
        x = x - step * grad(x)
    return x"""
SHOWN = ".jp-OutputArea-output"
# ipywidgets gives the handle of its sliders no name and offers no way to set one
NOT_OURS = ("aria-input-field-name", "noUi-handle")
# axe passes over what is clipped: JupyterLab's body has no height, and the notebook scrolls in it
UNCLIP = """() => {
  document.body.style.height = "100vh";
  return document.querySelector(".jp-WindowedPanel-outer").scrollHeight; }"""

# so each card, explorable and table must hold a text whose contrast was judged
UNJUDGED = """judged => {
  const seen = judged.map(selector => document.querySelector(selector));
  return [...document.querySelectorAll(".jp-OutputArea-output :is(.cx, .lx, table)")]
    .filter(shown => !seen.some(text => shown.contains(text)))
    .map(shown => shown.outerHTML.slice(0, 100)); }"""


def violations(notebook) -> list[str]:
    """What is wrong with what is shown under the cells, for those who see or listen differently."""
    page = notebook.page
    page.set_viewport_size({"width": 1280, "height": page.evaluate(UNCLIP) + 300})
    page.wait_for_timeout(500)
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    # JupyterLab writes alt="Image" where there is none, which satisfies axe and helps nobody
    alts = page.locator(f"{SHOWN} img").evaluate_all("all => all.map(image => image.alt)")
    found = [f"alt text: {alt!r}" for alt in alts if len(alt) < 15]
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.use_theme(theme)
        for _ in range(5):  # what still moves or is not painted yet cannot be judged: ask again
            results = Axe().run(page, context={"include": [[SHOWN]]}, options={}).response
            judged = [
                node["target"][0]
                for rule in results["passes"] + results["violations"]
                if rule["id"] == "color-contrast"
                for node in rule["nodes"]
            ]
            unjudged = page.evaluate(UNJUDGED, judged)
            if not unjudged:
                break
            page.wait_for_timeout(1000)
        found += [
            f"{theme}: {rule['id']}: {node['html'][:200]}"
            for rule in results["violations"]
            for node in rule["nodes"]
            if not (rule["id"] == NOT_OURS[0] and NOT_OURS[1] in node["html"])
        ]
        found += [f"{theme}: not judged: {what}" for what in unjudged]
    return found


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Lesson 04, all of its cells run. Each test types what it needs."""
    notebook = open_notebook("2_algorithms/04_gradient_descent.ipynb")
    notebook.run_all()
    return notebook


@pytest.fixture
def explorable(lesson):
    """The landscape of lesson 04: the canvas with the start, and the sentence that follows it."""
    box = lesson.cell("valley = ").locator(".lx")
    box.scroll_into_view_if_needed()
    return box


def says(explorable, what: str) -> str:
    """Wait until the explorable's sentence holds `what`: the sentence."""
    sentence = explorable.locator(".says", has_text=re.compile(what))
    sentence.wait_for()
    return sentence.inner_text()


def start_of(explorable) -> tuple[float, float]:
    numbers = re.search(r"Start (-?[\d.]+), (-?[\d.]+)\.", says(explorable, "Start "))
    return float(numbers[1]), float(numbers[2])


def test_every_cell_of_the_unsolved_lesson_runs_without_an_error(lesson):
    ran = lesson.page.evaluate(
        "jupyterapp.shell.currentWidget.content.widgets"
        ".filter(c => c.model.type === 'code').map(c => c.model.executionCount)"
    )
    assert len(ran) > 20 and all(ran)
    assert not lesson.page.locator("[data-mime-type='application/vnd.jupyter.error']").count()


def test_a_known_mistake_is_named_and_its_hints_open_by_keyboard(lesson):
    card = lesson.answer("gradient_least_squares", WRONG)
    assert "Not yet" in card.inner_text()
    assert one_line(pointed_downhill.__doc__) in one_line(card.inner_text())
    hints = card.locator("details")
    assert hints.count() == 3 and not card.locator("details[open]").count()
    hints.first.locator("summary").focus()
    lesson.page.keyboard.press("Enter")
    card.locator("details[open]").wait_for()
    assert card.locator("details[open]").count() == 1


def test_a_right_answer_written_in_another_way_is_accepted(lesson):
    card = lesson.answer("gradient_least_squares", RIGHT)
    assert "✓ Correct" in card.inner_text() and "Not yet" not in card.inner_text()


def test_the_explorable_is_driven_by_keyboard_and_keeps_its_keys(lesson, explorable):
    cells = lesson.page.locator(".jp-Notebook .jp-Cell").count()
    x, y = start_of(explorable)
    explorable.locator("canvas[role=application]").focus()
    for key in ["ArrowLeft"] * 5 + ["ArrowDown"] * 5 + ["d", "d"]:
        lesson.page.keyboard.press(key)
    lesson.page.wait_for_timeout(400)  # the sentence waits for the last key; so would a deletion
    x_next, y_next = start_of(explorable)
    assert x_next < x and y_next < y
    assert lesson.page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_the_explorable_is_dragged_by_mouse(lesson, explorable):
    canvas, mouse = explorable.locator("canvas[role=application]"), lesson.page.mouse
    for share, sign in ((0.25, 1), (0.75, -1)):  # a quarter from the left and top, and opposite
        place = canvas.bounding_box()
        mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        mouse.down()
        mouse.move(
            place["x"] + place["width"] * share, place["y"] + place["height"] * share, steps=5
        )
        mouse.up()
        lesson.page.wait_for_timeout(400)
        x, y = start_of(explorable)
        assert -sign * x > 0.5 and sign * y > 0.5


def test_the_step_slider_says_when_it_has_passed_two_over_L(lesson, explorable):
    slider = explorable.locator("input[type=range]").first
    slider.focus()
    lesson.page.keyboard.press("Home")
    assert "beyond 2/L" not in says(explorable, r"Step .* = 0\.05 / L")
    lesson.page.keyboard.press("End")
    assert "beyond 2/L" in says(explorable, "diverges")


def test_python_solves_with_the_lambda_that_was_chosen(lesson):
    cell = lesson.cell("from ipywidgets")
    button, answer = (
        cell.get_by_role("button", name="Solve with"),
        cell.locator(".widget-html-content"),
    )
    cell.scroll_into_view_if_needed()
    condition = []
    for keys in (["ArrowRight"], ["End"]):
        before = answer.inner_text()
        cell.locator("[role=slider]").focus()
        for key in keys:
            lesson.page.keyboard.press(key)
        button.focus()
        lesson.page.keyboard.press("Enter")
        answer.filter(has_not_text=before).filter(has_text="proved optimal").wait_for()
        condition.append(float(re.search(r"κ = ([\d.]+)", answer.inner_text())[1]))
    assert condition[1] < condition[0] / 2  # a large λ conditions the problem better


def test_what_lesson_04_shows_breaks_no_rule_of_accessibility(lesson):
    wrong = lesson.answer("gradient_least_squares", WRONG)
    wrong.locator("summary").first.click()
    lesson.answer("smoothness_constant", ANOTHER)
    assert violations(lesson) == []


def test_what_was_solved_is_on_the_map_of_lesson_00_after_a_restart(lesson, open_notebook):
    start = open_notebook("00_start_here.ipynb")

    def solved() -> int:
        start.run_all()
        assert not start.page.locator("[data-mime-type='application/vnd.jupyter.error']").count()
        row = start.page.locator("tr", has_text="Gradient descent").last.inner_text()
        return int(re.search(r"(\d) of 5", row)[1])

    before = solved()
    assert "✓ Correct" in lesson.answer("gradient_descent", DESCENT).inner_text()
    start.restart()
    assert solved() == before + 1
    assert violations(start) == []
    assert start.errors == []


def test_after_all_that_the_page_has_reported_no_error(lesson):
    assert lesson.errors == []
