"""The web site in Chromium: built once, then read, driven by keyboard, measured, and judged by axe."""

import re
import subprocess
import sys
import threading
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).resolve().parents[2]
EXPLORABLE = re.compile(r'<div data-explorable="lx-\w+">.*?</script>', re.S)
LESSON = "2_algorithms/04_gradient_descent.html"
PAGES = (
    "index.html",
    "00_start_here.html",
    "glossary.html",
    "exercises.html",
    "A1_convexity/A1_convexity.html",
    "docs/teaching.html",
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# when the explorable of the first page takes a drag: its canvas is there and can be focused
INTERACTIVE = """() => {
  const look = () => document.querySelector(".lx canvas[tabindex]")
    ? window.interactive = performance.now() : requestAnimationFrame(look);
  requestAnimationFrame(look); }"""
JUDGED = {
    "exclude": [["mjx-container"]]
}  # thousands of glyphs in the colour of the text round them
FOCUSED = """() => {
  const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
  return { tag: at.tagName, name: at.className.toString(), canvas: at.matches(".lx canvas"),
    text: at.textContent.trim().slice(0, 40), area: box.width * box.height, ring: parseFloat(look.outlineWidth),
    style: look.outlineStyle }; }"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site."""
    to = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "helpers", "site", "--to", str(to)]
    command += ["--repository", "someone/convex-course"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr  # a link that leads nowhere is an error
    return to / "html"


@pytest.fixture(scope="module")
def address(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser, address):
    """visit(path, viewport, theme) gives a page; what it asks of other machines and its errors are in `wrong`."""
    contexts = []

    def open_page(path: str, viewport: dict = WIDE, theme: str = "light"):
        context = browser.new_context(viewport=viewport, color_scheme=theme)
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(f"error: {error}"))
        page.on("console", lambda m: m.type == "error" and page.wrong.append(f"console: {m.text}"))

        def guard(route):
            url = route.request.url
            if url.startswith((address, "data:", "blob:")):
                return route.continue_()
            page.wrong.append(f"asked another machine: {url}")
            return route.abort()

        context.route("**/*", guard)
        page.goto(f"{address}/{path}", wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()


def built(site: Path) -> list[str]:
    names = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in names if not name.startswith("_static/"))  # the theme's parts


def test_every_lesson_has_a_page_and_every_page_a_next_or_a_previous_one(site):
    names = built(site)
    for notebook in (ROOT / "course").rglob("*.ipynb"):
        if ".ipynb_checkpoints" in notebook.parts:
            continue
        name = notebook.relative_to(ROOT / "course").with_suffix(".html").as_posix()
        assert name in names
        text = (site / name).read_text(encoding="utf-8")
        assert 'class="left-prev"' in text or 'class="right-next"' in text
        assert (site / "notebooks" / notebook.relative_to(ROOT / "course")).exists()
    text = (site / LESSON).read_text(encoding="utf-8")
    assert re.search(r'left-prev"\s+href="../A1_convexity/', text)
    assert re.search(r'right-next"\s+href="05_acceleration', text)


class Links(HTMLParser):
    """The addresses and the anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value and not value.startswith("data:"):
                self.links.add(value)
            if name in ("id", "name") and value:
                self.anchors.add(value)


def test_every_link_of_every_page_leads_somewhere(site):
    read = {}
    for name in built(site):
        read[name] = Links()
        read[name].feed((site / name).read_text(encoding="utf-8"))
    broken = []
    for name, page in read.items():
        for link in page.links:
            whole = urlsplit(urljoin(f"http://site/{name}", link))
            path = unquote(whole.path).lstrip("/") or "index.html"
            if whole.netloc != "site" or whole.scheme != "http":
                continue
            anchors = read[path].anchors if path in read else {whole.fragment}
            if not (site / path).exists() or (whole.fragment and whole.fragment not in anchors):
                broken.append(f"{name}: {link}")
    assert broken == [], broken


def test_every_explorable_weighs_less_than_100_kB(site):
    sizes = {}
    for name in built(site):
        for i, found in enumerate(EXPLORABLE.findall((site / name).read_text(encoding="utf-8"))):
            sizes[name, i] = len(found.encode())
    made = sum(
        path.read_text(encoding="utf-8").count('<div data-explorable=\\"')
        for path in (ROOT / "solutions").rglob("[0-9]*_*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )
    assert len(sizes) == made + 1  # and the one of the first page
    assert max(sizes.values()) < 100_000, max(sizes, key=lambda at: sizes[at])


def test_no_page_asks_another_machine_or_reports_an_error_and_all_explorables_live(site, visit):
    page, wrong = visit("index.html"), []
    for name in built(site):
        page.wrong.clear()
        page.goto(urljoin(page.url, f"/{name}"), wait_until="load")
        page.wait_for_function("!window.MathJax?.startup?.promise || MathJax.startup.promise")
        page.wait_for_function(
            "[...document.querySelectorAll('[data-explorable]')].every(e => e.querySelector('.lx canvas, .lx svg, .lx button'))"
        )
        bad = page.locator("mjx-merror").count()
        wrong += [f"{name}: {what}" for what in page.wrong] + [f"{name}: formula"] * bad
    assert wrong == []


def test_the_first_page_is_interactive_within_a_second(visit):
    page, times = visit("index.html"), []
    page.add_init_script(f"({INTERACTIVE})()")
    for _ in range(7):  # the quickest: the machine has other work
        page.reload(wait_until="load")
        page.wait_for_function("window.interactive")
        times.append(page.evaluate("window.interactive"))
    assert min(times) < 1000, times


@pytest.mark.parametrize("path", PAGES)
def test_no_page_breaks_a_rule_of_accessibility(visit, path):
    found = []
    for theme in ("light", "dark"):
        page = visit(path, theme=theme)
        page.wait_for_function("!window.MathJax?.startup?.promise || MathJax.startup.promise")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        for folded in page.locator("details.hide").all()[:3]:
            folded.evaluate("e => e.open = true")
        page.wait_for_timeout(1000)  # what fades in has no contrast yet
        for violation in Axe().run(page, context=JUDGED).response["violations"]:
            found += [
                f"{theme} {violation['id']}: {node['html'][:160]}" for node in violation["nodes"]
            ]
    assert found == []


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_screen_never_scrolls_sideways(visit, path):
    page = visit(path, NARROW)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_switch_turns_page_and_explorable_dark(visit):
    page = visit("index.html")
    paper = "getComputedStyle(document.querySelector('.lx')).backgroundColor"
    ground = "getComputedStyle(document.body).backgroundColor"
    page.wait_for_selector(".lx canvas")
    light = page.evaluate(f"[{paper}, {ground}]")
    page.locator(".theme-switch-button:visible").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.wait_for_selector("html[data-theme=dark]")
    page.wait_for_timeout(500)
    dark = page.evaluate(f"[{paper}, {ground}]")
    for bright, dim in zip(light, dark, strict=True):
        red = [int(re.search(r"\d+", colour)[0]) for colour in (bright, dim)]
        assert red[0] > 200 and red[1] < 60
    page.goto(urljoin(page.url, LESSON))  # remembered on the next page
    page.wait_for_selector("html[data-theme=dark]")


@pytest.mark.parametrize("path", ["index.html", LESSON])
def test_the_keyboard_alone_reaches_and_drives_the_explorable(visit, path):
    page = visit(path)
    page.wait_for_selector(".lx canvas")
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    assert "Skip" in first["text"] and first["area"] > 100
    page.keyboard.press("Enter")  # past the menu
    for _ in range(120):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["style"] != "none" and at["ring"] >= 2, at
        if at["canvas"]:
            break
    assert at["canvas"]
    page.wait_for_timeout(400)
    says = page.locator(".lx .says, .lx [role=status]").first
    before = says.inner_text()
    for key in ["ArrowRight"] * 5 + ["ArrowDown"] * 5:
        page.keyboard.press(key)
    page.wait_for_function(
        "before => document.querySelector('.lx .says, .lx [role=status]').innerText !== before",
        arg=before,
    )
    assert page.wrong == []


def test_the_contents_of_a_lesson_open_over_it_where_there_is_no_room_beside_it(visit):
    page = visit(LESSON)
    contents = page.get_by_role("link", name="When to stop")
    assert not contents.count()
    page.locator(".secondary-toggle:visible").click()
    contents.click()
    page.wait_for_url("**#when-to-stop")
    contents.wait_for(state="hidden")
    wide = visit(LESSON, {"width": 1700, "height": 900})
    assert wide.get_by_role("link", name="When to stop").is_visible()


def test_a_solution_is_folded_until_asked_for_by_key(visit):
    page = visit(LESSON)
    folded = page.locator("details.hide").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "def gradient_least_squares" in folded.inner_text()
    assert "BEGIN SOLUTION" not in folded.inner_text()


def test_the_buttons_say_how_to_open_the_lesson(visit):
    page = visit(LESSON)
    row = page.get_by_role("navigation", name="Open this lesson")
    row.get_by_text("Colab", exact=True).click()
    assert row.get_by_text("%pip install -q git+https://github.com/someone").is_visible()
    row.get_by_text("JupyterLab", exact=True).click()
    assert row.get_by_text("make lab").is_visible()
    assert not row.get_by_text("%pip install").is_visible()
    page.keyboard.press("Escape")
    assert not row.get_by_text("make lab").is_visible()
    with page.expect_download() as got:
        row.get_by_text("Download the notebook").click()
    assert got.value.suggested_filename == "04_gradient_descent.ipynb"


def test_a_search_finds_where_a_word_is_taught(visit):
    page = visit("search.html?q=farkas")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")
    assert [link for link in found if "03_duality_and_certificates.html" in link]
    assert [link for link in found if "glossary.html" in link]
    assert page.wrong == []


def test_the_excerpts_of_a_search_show_formulas_and_no_tex(visit):
    page = visit("search.html?q=gradient")
    page.wait_for_selector("#search-results .context mjx-container")
    page.wait_for_timeout(1000)
    shown = page.locator("#search-results .context").evaluate_all(
        "all => all.map(p => [...p.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.data).join(' '))"
    )
    assert len(shown) > 5
    assert [text for text in shown if re.search(r"\\[()\[\]]", text)] == []
    assert [text for text in shown if "System Settings" in text or "Contents" in text] == []
    assert page.wrong == []
