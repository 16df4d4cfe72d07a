"""
How soon does a what-if answer on screen, and does it leave anything behind?

`python -m benchmarks.repaint` opens the panels of lessons 23, 24, 44 and the board session
in JupyterLab, cut off from the world. It moves the first slider of each 300 times and
prints the time from the control to the painted picture, sum included (median, and the
longest of 95 in 100), and what the kernel, the page's memory and its count of nodes grew
by. Then it asks lesson 43 for a setting whose years are not kept, and prints when the
first estimate stands on the screen and when all 60 pairs do.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser import (
    lab_server,
    moved,
    offline_context,
    open_notebook,
    run_everything,
    start_chromium,
    wait_until_still,
    write_notebook,
)

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Locator, Page

MOVES, WARMING = 300, 30
MEGABYTE = 1e6
PANELS = {
    "23 why averages fail": "from flowlib.show.enough_panel import enough_panel\nenough_panel()",
    "24 Little's law": "from flowlib.show.little_panel import little_panel\nlittle_panel()",
    "44 what if": "from flowlib.core import data\nfrom flowlib.show.panels import what_if_panel\n"
    'what_if_panel(data.journey(), "Home First", places=80)',
    "90 board session": "from flowlib.show.busy_panel import busy_panel\nbusy_panel()",
}
WHOLE = "from flowlib.show.place_panel import place_panel\nplace_panel()"
PAUSE = 40  # milliseconds after each move


def main() -> None:
    """Measure, and print two tables."""
    say("| panel | to the picture, median | 95 in 100 within | kernel grew | page grew | nodes grew |")
    say("|---|---|---|---|---|---|")
    for name, code in PANELS.items():
        with opened(code) as page:
            measured(page, name)
    with opened(WHOLE) as page:
        first, whole = whole_place(page)
    say(f"\nLesson 43: first estimate after {first:.1f} s, all 60 pairs after {whole:.1f} s.")


@contextlib.contextmanager
def opened(code: str) -> Any:  # noqa: ANN401 - contextlib's
    """A notebook with one panel in it, run, and its first prediction made."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scratch = Path(folder)
        write_notebook(scratch / "made" / "panel.ipynb", code)
        with (
            contextlib.closing(start_chromium(playwright)) as browser,
            lab_server(scratch / "made", scratch) as lab,
            offline_context(browser) as (context, _),
        ):
            page = context.new_page()
            open_notebook(page, lab, "panel.ipynb")
            run_everything(page)
            wait_until_still(page)
            page.locator(".flowlib-prediction label").first.click()
            page.get_by_role("button", name="See what happens").click()
            page.get_by_role("status").get_by_text("You predicted").wait_for()
            wait_until_still(page)
            yield page


def measured(page: Page, name: str) -> None:
    """Move the first slider again and again, and print a row."""
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable")
    moved(page, WARMING, PAUSE)
    wait_until_still(page)
    before = left_behind(thread)
    times: list[float] = moved(page, MOVES, PAUSE)
    wait_until_still(page)
    after = left_behind(thread)
    kernel, heap, nodes = (late - early for early, late in zip(before, after, strict=True))
    high = statistics.quantiles(times, n=20)[-1]
    say(
        f"| {name} | {statistics.median(times):.0f} ms | {high:.0f} ms "
        f"| {kernel / MEGABYTE:.1f} MB | {heap / MEGABYTE:.1f} MB | {nodes:.0f} |"
    )


def left_behind(thread: CDPSession) -> tuple[float, float, float]:
    """Bytes of the kernel and of the page's own objects, and nodes, after the rubbish was taken away."""
    for _ in range(2):
        thread.send("HeapProfiler.collectGarbage")
    told: list[dict[str, Any]] = thread.send("Performance.getMetrics")["metrics"]
    page = {metric["name"]: float(metric["value"]) for metric in told}
    kernels = [one for one in psutil.Process(os.getpid()).children(recursive=True) if "ipykernel" in str(one.cmdline())]
    return sum(one.memory_info().rss for one in kernels), page["JSHeapUsedSize"], page["Nodes"]


def whole_place(page: Page) -> tuple[float, float]:
    """Seconds to the first estimate of a setting that is not kept, and to the verdict."""
    starts = page.get_by_role("slider", name="Home care can begin for")
    said = page.get_by_role("status")
    begun = time.monotonic()
    starts.press("ArrowLeft")
    said.get_by_text("It is too early for a verdict").wait_for()
    first = time.monotonic() - begun
    settled(said.get_by_text("It is too early for a verdict"))
    return first, time.monotonic() - begun


def settled(early: Locator) -> None:
    """Wait until the words of an estimate have gone."""
    early.wait_for(state="hidden", timeout=120_000)


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
