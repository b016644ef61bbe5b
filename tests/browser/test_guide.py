"""The decision guide, walked in a real browser with nothing but the keyboard."""

import pytest
from explorable_gallery import made, page_of


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 900, "height": 760})
    yield page
    page.close()


def press(page, *keys: str) -> str:
    """Press keys, and the name of the button that then has the focus."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)  # a frame or two: the next card is drawn
    return page.evaluate("document.activeElement.textContent")


def test_from_a_number_to_what_is_to_be_changed_and_back(page, tmp_path):
    page.goto(page_of(made("decision_tree"), tmp_path))
    page.get_by_role("button", name="a number").focus()
    assert press(page, "Enter") == "large errors hurt most"
    assert press(page, "Enter") == "most"
    assert press(page, "Tab", "Enter") == "it is open"  # the lasso, and what its gap says
    assert "Lasso(alpha=lam/n)" in page.locator("dl").inner_text()
    assert press(page, "Tab", "Enter") == "well enough"
    assert press(page, "Tab", "Enter") == "← one back"
    assert page.get_by_text("Change: the model, or the data.", exact=True).is_visible()
    assert page.locator("ol li").count() == 5
    assert press(page, "Enter") == "well enough" and page.locator("ol li").count() == 4


def test_what_is_said_aloud_is_what_is_asked(page, tmp_path):
    page.goto(page_of(made("decision_tree"), tmp_path))
    page.get_by_role("button", name="features as well").click()
    page.get_by_role("status").get_by_text("There is none").wait_for(state="attached")
