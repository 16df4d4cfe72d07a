"""
How are the pictures of the lessons made that stand beside this script?

    .venv/bin/python docs/screens/make.py [NUMBER ...]

opens each lesson of the standard in the app, cut off from the world, predicts, presses
what shows something, and takes three pictures: the whole page at 1280 pixels, and its first
screens at 1920 pixels and at 200% zoom. Look at them after any change.
"""  # noqa: INP001 - a script beside its pictures, not a package

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from browser import app_server, offline_context, start_chromium  # noqa: E402 - the tests' own helpers
from playwright.sync_api import TimeoutError as TooLong  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

HERE = Path(__file__).parent
LESSONS = ("00", "11", "23", "24", "26", "32", "43", "90")
BUTTONS = ("Show me", "See what happens", "Deal a chart", "Pass them on", "All rounds", "All days")
SHOWS = f"following::button[{' or '.join(f'.={chr(39)}{words}{chr(39)}' for words in BUTTONS)}][1]"
WHOLE = 12_000  # pixels; no page is longer
LOOKS = {"1280": (1280, 900, WHOLE), "1920": (1920, 1080, 2160), "zoom_200": (640, 450, 1800)}  # width, height, shown
FOR_THE_README = {"11": ".flowlib-figure", "43": ".jp-OutputArea-output:has(.flowlib-prediction)"}
ROUND = 14  # pixels of white around a part
PATIENCE = 20_000  # milliseconds for what a click opens


def main() -> None:
    """Take every picture, or those of the lessons that are named."""
    with (
        app_server(ROOT) as (_, address),
        sync_playwright() as playwright,
        contextlib.closing(start_chromium(playwright)) as browser,
    ):
        for number in sys.argv[1:] or LESSONS:
            [lesson] = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
            take(browser, address, lesson.name)


def take(browser: Browser, address: str, lesson: str) -> None:
    """One lesson, predicted and looked at, in each of its looks."""
    with offline_context(browser, viewport={"width": 1280, "height": 900}) as (context, outside):
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.goto(f"{address.partition('?')[0]}voila/render/{lesson}")
        page.locator("#rendered_cells").wait_for()
        page.locator(".flowlib-prediction").first.wait_for()
        page.wait_for_timeout(2000)
        for question in page.locator(".flowlib-prediction").all():
            predict(page, question)
        for look, (width, height, shown) in LOOKS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(1500)
            tall = min(int(page.evaluate("document.documentElement.scrollHeight")), shown)
            page.screenshot(
                path=str(HERE / f"{lesson[:2]}_{look}.jpg"), type="jpeg", quality=66, full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": tall},
            )  # fmt: skip
            if look == "1280" and lesson[:2] in FOR_THE_README:
                for_the_readme(page, lesson[:2])
        sys.stdout.write(f"{lesson}: {outside or 'nothing'} asked for outside\n")


def for_the_readme(page: Page, number: str) -> None:
    """One part of a lesson; of lesson 43 with two home-care starts a week fewer."""
    if number == "43":
        page.get_by_role("button", name="Back to today").click()
        page.get_by_role("slider", name="Home care can begin for").fill("34")
        page.get_by_role("img", name="75 are ready to leave").first.wait_for()
        page.wait_for_timeout(1500)
    box = page.locator(FOR_THE_README[number]).first.bounding_box()
    assert box is not None  # noqa: S101 - it was worked a moment ago
    top = box["y"] + float(page.evaluate("scrollY"))
    clip = {"x": box["x"] - ROUND, "y": top, "width": box["width"] + 2 * ROUND, "height": box["height"]}
    page.screenshot(path=str(HERE / f"readme_{number}.jpg"), type="jpeg", quality=80, full_page=True, clip=clip)


def predict(page: Page, question: Locator) -> None:
    """Choose the second answer, and press what shows the result; one that is not open, or is answered, is left."""
    second = question.locator("label").nth(1)
    if question.locator("input:enabled").count() <= 1 or question.locator("input:checked").count():
        return
    second.click()
    with contextlib.suppress(TooLong):  # a question that no button follows
        question.locator(f"xpath={SHOWS}").click(timeout=PATIENCE)
    page.wait_for_timeout(2500)


if __name__ == "__main__":
    main()
