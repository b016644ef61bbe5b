"""JupyterLab in Chromium: a copy of the course, settings and progress of its own, one browser a session."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    "notebook-extension/tracker": '{"windowingMode": "none"}',
}


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Address of a JupyterLab that serves a copy of course/."""
    home = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(ROOT / "course", home / "course")
    for name, text in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {name: str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env = {
        **{k: v for k, v in os.environ.items() if k != "COURSE_PROGRESS"},
        **{f"JUPYTER_{name}_DIR": folder for name, folder in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "COURSE_DATA": str(home / "progress"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"]
    command += [f"--port={port}", "--IdentityProvider.token=course"]
    command += [f"--ServerApp.root_dir={home / 'course'}", "--LabApp.expose_app_in_browser=True"]
    with open(home / "lab.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert server.poll() is None, (home / "lab.log").read_text(encoding="utf-8")
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/api?token=course", timeout=1)
                break
            time.sleep(0.1)
        yield address
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def browser():
    """Chromium of the system: nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "these tests need Chromium: make system"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


READY = """async () => {
  const panel = jupyterapp.shell.currentWidget; await panel.context.ready;
  await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info; }"""
# a dialog would keep the command waiting for ever, and `evaluate` has no time limit of its own
WITHIN = """([command, args, seconds]) => Promise.race([
  jupyterapp.commands.execute(command, args).then(() => true),
  new Promise(done => setTimeout(done, 1000 * seconds, false))])"""
COUNT = """index => {
  const { executionState, executionCount } =
    jupyterapp.shell.currentWidget.content.widgets[index].model;
  return executionState === "idle" ? executionCount ?? 0 : -1; }"""


class Notebook:
    """A notebook open in JupyterLab, with its kernel ready; `errors` is all that its page reports."""

    def __init__(self, page: Page, address: str):
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        page.on("console", self._listen)
        page.goto(address)
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
        page.evaluate(READY)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def execute(self, command: str, seconds: int = 60, **args: object) -> None:
        """A command of JupyterLab, to its end."""
        assert self.page.evaluate(WITHIN, [command, args, seconds]), f"{command} does not end"

    def run_all(self) -> None:
        self.execute("notebook:run-all-cells", seconds=120)

    def restart(self) -> None:
        """A new process for the notebook: what it knows after that, it has read from the disk."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        self.page.evaluate(READY)
        self.execute("notebook:clear-all-cell-outputs")

    def use_theme(self, theme: str) -> None:
        self.execute("apputils:change-theme", theme=theme)
        self.page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        self.page.wait_for_timeout(1000)  # colours fade from one theme to the other

    def index_of(self, start: str) -> int:
        """The cell whose source begins with `start`."""
        index = self.page.evaluate(
            "start => jupyterapp.shell.currentWidget.content.widgets.findIndex("
            "c => c.model.sharedModel.source.startsWith(start))",
            start,
        )
        assert index >= 0, f"no cell begins with {start}"
        return index

    def cell(self, start: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.index_of(start))

    def run_selected(self, start: str) -> None:
        """Shift+Enter, and wait until the cell that begins with `start` has run anew."""
        index = self.index_of(start)
        before = self.page.evaluate(COUNT, index)
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(f"before => ({COUNT})({index}) > before", arg=before)

    def answer(self, name: str, code: str) -> Locator:
        """Type `code` into the exercise `name`, run it and then its check: the new card."""
        cell = self.cell(f"def {name}(")
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        self.run_selected(f"def {name}(")  # selects the check below it
        self.run_selected(f"check({name})")
        card = self.cell(f"check({name})").locator(".cx")
        card.wait_for()
        return card


@pytest.fixture(scope="session")
def open_notebook(lab, browser):
    """open_notebook(path) gives a `Notebook`."""
    pages = []

    def open_path(path: str) -> Notebook:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        pages.append(page)
        return Notebook(page, f"{lab}/lab/tree/{path}?token=course&reset")

    yield open_path
    for page in pages:
        page.close()
