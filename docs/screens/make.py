"""
How are the pictures of the lessons made that stand beside this script?

    .venv/bin/python docs/screens/make.py

opens each lesson of the standard in the app, cut off from the world, predicts, presses
each button that shows something, and takes a picture of the whole page at 1280 pixels, and of
its first screens at 1920 pixels and at 200% zoom. Look at them after any change.
"""  # noqa: INP001 - a script beside its pictures, not a package

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from browser import offline_context, start_chromium  # noqa: E402 - the tests' own helpers
from playwright.sync_api import sync_playwright  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
LESSONS = ("00", "11", "23", "24", "26", "32", "43", "90")
SHOWS = re.compile(r"^(Show me|See what happens)$")
TALLEST = 6000  # pixels
LOOKS = {"1280": (1280, 900, 1.0), "1920": (1920, 1080, 1.0), "zoom_200": (640, 450, 2.0)}  # width, height, scale


@contextlib.contextmanager
def app() -> Iterator[str]:
    """The app, and its address."""
    command = [sys.executable, "-m", "flowlib", "app", "--no-browser"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    try:
        yield next(found[0] for line in process.stdout or () if (found := re.search(r"http://\S+", line)))
    finally:
        process.terminate()
        process.wait(timeout=30)


def main() -> None:
    """Take every picture."""
    with app() as address, sync_playwright() as playwright, contextlib.closing(start_chromium(playwright)) as browser:
        for number in LESSONS:
            [lesson] = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
            for look, (width, height, scale) in LOOKS.items():
                take(browser, address, lesson.name, look, (width, height, scale))


def take(browser: Browser, address: str, lesson: str, look: str, size: tuple[int, int, float]) -> None:
    """One lesson, predicted and looked at, as a picture."""
    width, height, scale = size
    options = {"viewport": {"width": width, "height": height}, "device_scale_factor": scale}
    with offline_context(browser, **options) as (context, outside):
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.goto(f"{address.partition('?')[0]}voila/render/{lesson}")
        page.locator("#rendered_cells").wait_for()
        page.locator(".flowlib-prediction").first.wait_for()
        page.wait_for_timeout(2000)
        if look == "1280":
            predict(page)
        tall = (
            min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST) if look == "1280" else height * 2
        )
        page.screenshot(
            path=str(HERE / f"{lesson[:2]}_{look}.jpg"), type="jpeg", quality=72, full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": tall},
        )  # fmt: skip
        sys.stdout.write(f"{lesson} {look}: {outside or 'nothing'} asked for outside\n")


def predict(page: Page) -> None:
    """Choose the second answer of each question, and press what shows something."""
    for question in page.locator(".flowlib-prediction").all():
        question.locator("label").nth(1).click()
    for button in page.get_by_role("button", name=SHOWS).all():
        if button.is_enabled():
            button.click()
            page.wait_for_timeout(1500)
    page.wait_for_timeout(3000)


if __name__ == "__main__":
    main()
