"""How smoothly the explorables follow a drag, measured in Chromium: `make bench-explorables`.

Each explorable is dragged for some seconds, one movement a frame, on a page of its own: on this machine as it
is, beside a kernel in an endless loop, and with Chromium's processor slowed down four times. Counted are
frames a second, the time that one picture takes to draw, and the time from an input to the task after the
frame that shows it: the input comes just after a frame has begun, the worst moment. An explorable asks no kernel for anything, so a busy one can only take its processor.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from jupyter_client.manager import KernelManager
from playwright.sync_api import Browser, Page, sync_playwright

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
    """Frames a second, times to draw and times from input to paint, in ms, over one drag."""
    page.goto(address)
    page.wait_for_timeout(500)
    page.evaluate(PROBE)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    got: dict[str, Any] = page.evaluate("seconds => dragFor(seconds)", seconds)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    draws, paints = np.array(got["draws"]), np.array(got["paints"])
    return {
        "fps": got["frames"] / got["seconds"],
        "draw50": float(np.median(draws)),
        "draw95": float(np.percentile(draws, 95)),
        "paint95": float(np.percentile(paints, 95)),
    }


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
            "| explorable | frames/s | draw ms, p50 | p95 | input to paint ms, p95 "
            "| kernel busy: frames/s | input to paint, p95 | 4 x slower: frames/s | draw ms, p95 |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for name, found in rows(browser, options.names or NAMES, options.seconds):
            quiet, busy, slow = found.values()
            print(
                f"| {name} | {quiet['fps']:.1f} | {quiet['draw50']:.1f} | {quiet['draw95']:.1f} "
                f"| {quiet['paint95']:.1f} | {busy['fps']:.1f} | {busy['paint95']:.1f} "
                f"| {slow['fps']:.1f} | {slow['draw95']:.1f} |",
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
