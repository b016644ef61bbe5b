"""Every explorable in a real browser: its colours, its keys, a finger on it, and what is shared of it."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from explorable_gallery import ARGUMENTS, NAMES, made, page_of
from PIL import Image

from helpers.figures import explore
from helpers.figures.bundle import FOLDER

WATCH = Path(__file__).with_name("contrast.js")
# where shades of one colour stand for numbers, faint means little: the words give the numbers
SHADES = {"attention", "transport"}
# what is remembered of the way here is not shared: the ball's trail, the multipliers begun from
PICTURE_DIFFERS = {"ball", "svm_margin"}
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
PIXELS = "() => [...document.querySelectorAll('canvas')].map(view => view.toDataURL())"


def palette(theme: str) -> dict[str, np.ndarray]:
    source = (FOLDER / "theme.js").read_text(encoding="utf-8")
    text = re.search(rf"{theme} = \{{(.*?)\}}", source, re.S)[1]
    pairs = re.findall(r'(\w+): "#(\w\w)(\w\w)(\w\w)"', text)
    return {name: np.array([int(part, 16) for part in parts]) for name, *parts in pairs}


def luminance(colour) -> float:
    share = np.asarray(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_faint(layers: list[dict], colours: dict[str, np.ndarray], shades: bool) -> list[str]:
    """Marks below 3:1 and words below 4.5:1 against what lay under them, where that was a ground."""
    ramp = np.linspace(0, 1, 41)[:, None]
    grounds = np.vstack(
        [
            colours["paper"],
            colours["fill"],
            colours["low"] * (1 - ramp) + colours["high"] * ramp,
        ]
    )
    only_guide = [colours[name] for name in ("paper", "fill", "low", "high", "line")]
    found = set()
    for layer in layers:
        colour = np.array([int(part) for part in layer["colour"].split(",")])
        named = next((name for name in colours if (colours[name] == colour).all()), None)
        if any((colour == guide).all() for guide in only_guide):
            continue
        if shades and layer["kind"] == "area" and (named is None or layer["alpha"] < 1):
            continue
        for text in layer["grounds"]:
            ground = colours["paper"] if text == "nothing" else np.array(text.split(","), float)
            if np.abs(grounds - ground).max(axis=1).min() > 4:
                continue  # another mark: where lines cross, one of them is above
            seen = np.rint(ground + (colour - ground) * layer["alpha"])
            ratio = contrast(seen, ground)
            if ratio < (4.5 if layer["kind"] == "text" else 3):
                found.add(f"{layer['kind']} {named or colour} on {text}: {ratio:.2f}")
    return sorted(found)


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 900, "height": 760})
    context.add_init_script(path=WATCH)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(scope="module")
def phone(browser):
    """A small screen that is touched, of somebody who wants nothing to move."""
    context = browser.new_context(
        viewport={"width": 420, "height": 800}, has_touch=True, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_painted_stands_out_from_what_lies_under_it(page, tmp_path, name):
    explorable = made(name)
    for theme in ("light", "dark"):
        shades = "?shades" if name in SHADES else ""
        page.goto(page_of(explorable, tmp_path, theme) + shades)
        page.evaluate(DRAWN)
        layers = page.evaluate("() => { closeLayers(); return painted; }")
        assert len(layers) > 5 or name == "decision_tree"
        assert too_faint(layers, palette(theme.upper()), name in SHADES) == []


def finger(page, start, end) -> None:
    """One finger put down at `start`, drawn to `end` and lifted."""
    session = page.context.new_cdp_session(page)
    steps = [np.array(start) + share * (np.array(end) - start) for share in np.linspace(0, 1, 6)]
    for kind, (x, y) in [("touchStart", steps[0]), *(("touchMove", step) for step in steps[1:])]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(
        120
    )  # held still: lifted in full swing, the browser takes the next tap for a brake
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def drag(page) -> None:
    """Draw a finger over each view that can be touched."""
    for view in page.locator("canvas[tabindex]").all():
        view.scroll_into_view_if_needed()
        box = view.bounding_box()
        at = lambda u, v, box=box: (box["x"] + u * box["width"], box["y"] + v * box["height"])
        finger(page, at(0.55, 0.5), at(0.3, 0.4))


def change_everything(page) -> None:
    """Move each slider by keys, press the second of the first few buttons, tick a box, and drag."""
    for slider in page.locator("input[type=range]").all():
        slider.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
    buttons = page.locator("button:not(.share button):enabled")
    if buttons.count() > 1:
        buttons.nth(1).tap()
    if page.locator("input[type=checkbox]").count():
        page.locator("input[type=checkbox]").first.tap()
    drag(page)


def seen(page) -> tuple[str, list[str]]:
    """The sentence, once it has come to rest, and the pictures."""
    page.evaluate(DRAWN)
    page.wait_for_timeout(200)
    sentence = re.sub(r"Gap [\de−]+\.", "", page.locator(".says").inner_text())
    return sentence, page.evaluate(PIXELS)


def pixels(picture: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(b64decode(picture.partition(",")[2]))), dtype=int)


def same(one, other, name: str) -> bool:
    """The same sentence and the same pictures, but for what a browser rounds to another grey."""
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    return name in PICTURE_DIFFERS or all(
        a == b or np.abs(pixels(a) - pixels(b)).max() <= 2
        for a, b in zip(one[1], other[1], strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_a_finger_has_made_of_it_is_shared_by_a_line_of_python_and_by_a_link(
    phone, tmp_path, name
):
    explorable = made(name)
    page = phone.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    address = page_of(explorable, tmp_path)
    page.goto(address)
    before = seen(page)
    change_everything(page)
    after = seen(page)
    assert after[0] != before[0], "the sentence does not follow"
    page.locator(".share summary").tap()
    page.wait_for_function("document.querySelector('.share input').value")
    line = page.get_by_label("Python that makes this picture").input_value()
    link = page.get_by_role("link", name="Link to this").get_attribute("href")

    page.goto(address)
    assert same(seen(page), before, name)
    page.evaluate("link => { location.hash = link; }", link)
    assert same(seen(page), after, name)

    given = dict(zip(("text", "queries", "keys"), ARGUMENTS["attention"], strict=True))
    again = eval(line, {"explore": explore, "f": ARGUMENTS["landscape"][0], **given})
    again.alt = explorable.alt
    page.goto(page_of(again, tmp_path))
    assert same(seen(page), after, name)
    assert errors == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_makes_no_sense_changes_nothing(phone, tmp_path, name):
    page = phone.new_page()
    address = page_of(made(name), tmp_path)
    page.goto(address)
    before = seen(page)
    keys = '["start","name","kind","x","y","c","points","answers","shown","seed","step","depth"]'
    page.goto("about:blank")
    for value in ('"<b>"', "1e999", "null", "[[]]", '{"a":1}', "-7.5"):
        junk = "{" + ",".join(f"{key}:{value}" for key in keys[1:-1].split(",")) + "}"
        page.goto("about:blank")
        page.goto(f"{address}#lx-{name}={junk}")
        sentence = seen(page)[0]
        assert "NaN" not in sentence and "undefined" not in sentence
        if not value.startswith("-"):
            assert sentence == before[0]
    page.close()


def test_nobody_who_wants_nothing_to_move_sees_the_ball_roll(phone, tmp_path):
    page = phone.new_page()
    page.goto(page_of(explore.ball(), tmp_path))
    page.evaluate(DRAWN)
    page.evaluate(
        "() => { window.frames_drawn = 0; const ask = requestAnimationFrame;"
        "window.requestAnimationFrame = f => ask(t => { window.frames_drawn += 1; f(t); }); }"
    )
    page.get_by_role("button", name="Let both roll").tap()
    page.wait_for_timeout(600)
    assert page.evaluate("frames_drawn") == 1
    assert "lowest point" in seen(page)[0]
    page.close()


def test_the_ball_rolls_for_all_others(browser, tmp_path):
    page = browser.new_page()
    page.goto(page_of(explore.ball(), tmp_path))
    page.evaluate(DRAWN)
    page.get_by_role("button", name="Let both roll").click()
    pictures = set()
    for _ in range(6):
        page.wait_for_timeout(60)
        pictures.add(tuple(page.evaluate(PIXELS)))
    assert len(pictures) > 2
    page.close()
