"""How smoothly the explorables follow a drag, measured in Chromium: `make bench-explorables`.

Each explorable is dragged for some seconds on a page of its own: on this machine as it is, beside a kernel in
an endless loop, and with Chromium's processor slowed down four times. Counted are frames a second and the time
that one picture takes to draw, with one movement a frame made by the page itself, the most that there can be;
and all that the page's main thread does for a frame, painting included. Then a mouse of Chromium's own
(DevTools' Input.dispatchMouseEvent) moves at random moments, as a hand does, some 30 times a second: the time from
when the browser gets the movement to the task after the frame that shows it, of which waiting for the next
frame takes between 0 and 16.7 ms. An explorable asks no kernel for anything, so a busy one can only take its processor.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from jupyter_client.manager import KernelManager
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from explorable_gallery import NAMES, made, page_of

PROBE = Path(__file__).with_name("explorables.js").read_text(encoding="utf-8")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
AIM = {"quiet": (59, 20.0), "kernel busy": (55, np.inf), "4 x slower": (55, np.inf)}


@contextmanager
def busy_kernel() -> Iterator[None]:
    """A Python kernel that computes and never ends."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute("while True: pass")
    try:
        yield
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def drag(page: Page, address: str, seconds: float, rate: float) -> dict[str, float]:
    """Frames a second, times to draw, the main thread's time a frame and times from input to paint, in ms."""
    page.goto(address)
    page.wait_for_timeout(500)
    page.evaluate(PROBE)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    before = busy(session)
    got: dict[str, Any] = page.evaluate("seconds => dragFor(seconds)", seconds)
    tasks = busy(session) - before
    paints = by_mouse(page, session, seconds)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    return {
        "fps": got["frames"] / got["seconds"],
        "draw50": float(np.median(got["draws"])),
        "draw95": float(np.percentile(got["draws"], 95)),
        "tasks": 1000 * tasks / (got["frames"] + 10),
        "paint50": float(np.median(paints)),
        "paint95": float(np.percentile(paints, 95)),
    }


def busy(session: CDPSession) -> float:
    """For how many seconds the page's main thread has worked so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def by_mouse(page: Page, session: CDPSession, seconds: float) -> list[float]:
    """Times in ms from input to paint while a mouse drags, or clicks where there is nothing to drag."""
    place = page.evaluate("watch()")
    rng, end = np.random.default_rng(0), time.monotonic() + seconds

    def mouse(kind: str, across: float, up: float) -> None:
        at = {
            "x": place["left"] + across * place["width"],
            "y": place["top"] + up * place["height"],
        }
        session.send(
            "Input.dispatchMouseEvent",
            {"type": kind, **at, "button": "left", "buttons": 1, "clickCount": 1},
        )

    if place["kind"] != "buttons":
        mouse("mousePressed", 0.5, 0.5)
    for turn in count():
        if time.monotonic() > end:
            break
        time.sleep(rng.uniform(1, 3) / 60)
        if place["kind"] == "buttons":
            mouse("mousePressed", 0.5, 0.5)
            mouse("mouseReleased", 0.5, 0.5)
        else:
            height = 0.5 if place["kind"] == "slider" else 0.5 + 0.3 * np.sin(turn / 20)
            mouse("mouseMoved", 0.5 + 0.3 * np.cos(turn / 20), height)
    mouse("mouseReleased", 0.5, 0.5)
    page.wait_for_timeout(100)
    return page.evaluate("watched()")


def rows(browser: Browser, names: list[str], seconds: float) -> Iterator[tuple[str, dict]]:
    """For each explorable what was measured under each condition, one after the other."""
    context = browser.new_context(viewport={"width": 900, "height": 760})
    page = context.new_page()
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            address = page_of(made(name), Path(folder))
            found = {"quiet": drag(page, address, seconds, 1)}
            with busy_kernel():
                found["kernel busy"] = drag(page, address, seconds, 1)
            found["4 x slower"] = drag(page, address, seconds, 4)
            yield name, found
    context.close()


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 if an aim was missed."""
    parser = argparse.ArgumentParser(prog="make bench-explorables", description=__doc__)
    parser.add_argument("names", nargs="*", help="explorables; all by default")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each drag lasts")
    options = parser.parse_args(arguments)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("Chromium is needed: make system", file=sys.stderr)
        return 2
    missed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        load = os.getloadavg()[0]
        print(f"Chromium {browser.version}, {os.cpu_count()} processors, load {load:.1f},", end=" ")
        print(f"drags of {options.seconds:g} s.\n")
        print(
            "| explorable | frames/s | draw ms, p50 | p95 | main thread ms a frame | input to paint ms, p50 | p95 "
            "| kernel busy: frames/s | input to paint, p95 | 4 x slower: frames/s | input to paint, p95 |"
        )
        print("|---" + 10 * "|---:" + "|")
        for name, found in rows(browser, options.names or NAMES, options.seconds):
            quiet, beside, slow = found.values()
            print(
                f"| {name} | {quiet['fps']:.1f} | {quiet['draw50']:.1f} | {quiet['draw95']:.1f} "
                f"| {quiet['tasks']:.1f} | {quiet['paint50']:.1f} | {quiet['paint95']:.1f} "
                f"| {beside['fps']:.1f} | {beside['paint95']:.1f} "
                f"| {slow['fps']:.1f} | {slow['paint95']:.1f} |",
                flush=True,
            )
            for condition, (fps, paint) in AIM.items():
                got = found[condition]
                if got["fps"] < fps or got["paint95"] > paint:
                    missed.append(f"{name}, {condition}")
        browser.close()
    print(
        f"\nload {os.getloadavg()[0]:.1f} at the end. Aims missed: {'; '.join(missed) or 'none'}."
    )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
