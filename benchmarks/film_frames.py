"""
Does a film keep 60 frames a second with 400 people on the screen?

`python -m benchmarks.film_frames` saves a film of a full place, opens it in Chromium
without its graphics card, plays it for 10 seconds and prints the time from frame to frame
(median, and the longest of 95 in 100), and the processor time of the page's own thread a
frame, which a busy machine does not change. Give numbers of people to measure others.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from flowlib import Arrivals, Exponential, Pathway, Route, Step, days, simulate
from flowlib.show.animation import film
from flowlib.show.page import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession

    from flowlib.show.animation import Animation

PEOPLE = (400, 1_000)
SECONDS, HOURS_A_SECOND = 10, 6
FINE = (1, 2)  # dots of the screen to a pixel of the page
SWITCHES = ("--disable-gpu", "--disable-background-networking", "--no-first-run")
FRAMES = """(seconds) => new Promise((done) => {
  const gaps = [], begun = performance.now();
  let last = begun;
  const look = (now) => {
    gaps.push(now - last);
    last = now;
    now - begun < seconds * 1000 ? requestAnimationFrame(look) : done(gaps.slice(2));
  };
  requestAnimationFrame(look);
})"""


def main() -> None:
    """Measure, and print a table."""
    counts = [int(word) for word in sys.argv[1:]] or list(PEOPLE)
    say("| people on the screen | dots to a pixel | frame, median | 95 in 100 within | processor time a frame |")
    say("|---|---|---|---|---|")
    switches = [*SWITCHES, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=switches)
        for people in counts:
            made = crowded(people)
            page = made.save(Path(folder) / "film.html")
            seen = made.counts().drop(columns="step").to_numpy().sum()
            for fine in FINE:
                median, high, busy = played(browser, page.as_uri(), fine)
                say(f"| {seen:,} | {fine} | {median:.1f} ms | {high:.1f} ms | {busy:.1f} ms |")
        browser.close()


def crowded(people: int) -> Animation:
    """A place with a ward and beds after it that hold nearly all of so many people, and a line for the ward."""
    ward, after = round(people * 0.8), round(people * 0.25)
    place = Pathway(
        name="Crowded",
        steps=[
            Step("Desk", capacity=8, time=Exponential(1)),
            Step("Ward", capacity=ward, time=Exponential(days(4)), queue_limit=round(people * 0.05)),
            Step("Home First", capacity=after, time=Exponential(days(5)), queue_limit=0),
        ],
        arrivals=[Arrivals("Desk", group="all", per_hour=ward / 96)],
        routes=[Route("Desk", "Ward"), Route("Ward", "Home First", 0.3)],
    )
    made = film(simulate(place, days=14, warm_up_days=30, seed=1), places=place, speed=HOURS_A_SECOND)
    made.show(24 * 7)
    return made


def played(browser: Browser, address: str, fine: int) -> tuple[float, float, float]:
    """Milliseconds from frame to frame (median, 95th percentile), and of processor time a frame."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, device_scale_factor=fine)
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1000)
    before = busy_seconds(thread)
    gaps: list[float] = page.evaluate(FRAMES, SECONDS)
    busy = 1000 * (busy_seconds(thread) - before) / len(gaps)
    page.close()
    return statistics.median(gaps), statistics.quantiles(gaps, n=20)[-1], busy


def busy_seconds(thread: CDPSession) -> float:
    """Processor time that the page's own thread has spent."""
    told: list[dict[str, Any]] = thread.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in told if metric["name"] == "TaskDuration"))


def say(words: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
