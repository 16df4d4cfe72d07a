"""A board session as a room has it: hands pressed fast, a page loaded again, and a clock that stays in view."""

import contextlib

import nbformat
import pytest
from browser import (
    cell_errors,
    lab_server,
    offline_context,
    open_notebook,
    run_everything,
    wait_until_still,
    write_notebook,
)

from flowlib.change.session_record import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.long]

CELLS = (
    "from flowlib.show import board",
    "session = board.BoardSession('We')\nsession.begin({'one queue': 10, 'a vote': 45})",
    "session.vote('Which one?', ['Beds', 'Places'], came_true=['Places'], look=list)",
    "session.commitments()",
)
PRESSES = 30
# All presses and the click after them in one go, faster than anybody's hand.
PRESSED = """(presses) => {
  const more = document.querySelector("button[aria-label='One more: Places']");
  for (let press = 0; press < presses; press += 1) more.click();
  [...document.querySelectorAll("button")].find((button) => button.textContent === "Close the vote").click();
}"""
# Where the focus is, beside the bar over the sheet: pixels from the bar's lower edge, above 0 where nothing is covered.
BELOW_THE_BAR = """() => document.activeElement.getBoundingClientRect().top
  - document.querySelector(".flowlib-clock-bar").getBoundingClientRect().bottom"""
SHEET = ".jp-WindowedPanel-outer"


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab with a short session, long enough to scroll, and a private folder to keep it in."""
    (tmp_path / "session").mkdir(mode=0o700)
    monkeypatch.setenv(FOLDER, str(tmp_path / "session"))
    talk = nbformat.v4.new_markdown_cell("\n\n".join(["We talk."] * 60))
    write_notebook(tmp_path / "made" / "board.ipynb", *CELLS[:3], talk, *CELLS[3:])
    with lab_server(tmp_path / "made", tmp_path) as running:
        yield running


@contextlib.contextmanager
def opened(chromium, lab):
    """The page, run; afterwards, nothing has failed and nobody outside was asked."""
    with offline_context(chromium, viewport={"width": 1280, "height": 800}) as (context, outside):
        page = context.new_page()
        ran(page, lab)
        yield page
        assert cell_errors(page) == []
        assert outside == []


def ran(page, lab):
    open_notebook(page, lab, "board.ipynb")
    assert run_everything(page), cell_errors(page)
    wait_until_still(page)


def test_no_press_is_lost_and_all_of_it_stands_there_when_the_page_is_loaded_again(chromium, lab):
    """Oracle: the number of presses; what is typed last is there too, though no button was pressed after it."""
    with opened(chromium, lab) as page:
        page.get_by_role("button", name="One more: Beds").click()
        page.get_by_role("button", name="One fewer: Beds").click()  # from here on JupyterLab sends all by one way
        wait_until_still(page)
        page.evaluate(PRESSED, PRESSES)
        page.get_by_text(f"{PRESSES} of {PRESSES} hands are for “Places”.").first.wait_for()
        page.get_by_role("group", name="Commitment 1").get_by_label("What we will do").fill("Ask the council")
        wait_until_still(page)
        ran(page, lab)
        page.get_by_text(f"{PRESSES} of {PRESSES} hands are for “Places”.").first.wait_for()
        assert page.get_by_label("Places", exact=True).input_value() == str(PRESSES)
        written = page.get_by_role("group", name="Commitment 1").get_by_label("What we will do")
        assert written.input_value() == "Ask the council"


def test_the_clock_stays_in_view_covers_nothing_and_goes_on_after_a_pause(chromium, lab):
    """Oracle: the boxes of what is on screen, as Chromium measures them."""
    with opened(chromium, lab) as page:
        page.get_by_role("button", name="Start the clock").click()
        bar = page.get_by_role("region", name="Clock of the session")
        bar.wait_for()
        page.evaluate(f"document.querySelector('{SHEET}').scrollTop = 1e6")
        page.wait_for_timeout(500)
        whole, here = (page.locator(one).bounding_box() for one in (SHEET, ".flowlib-clock-bar"))
        assert here["y"] == pytest.approx(whole["y"], abs=1)
        assert page.locator(SHEET).evaluate("(sheet) => sheet.offsetHeight === sheet.parentElement.clientHeight")
        page.get_by_role("group", name="Commitment 3").get_by_label("Who, by role").focus()
        for _ in range(12):
            page.keyboard.press("Shift+Tab")
            assert page.evaluate(BELOW_THE_BAR) > -1  # of a pixel, by rounding
        bar.get_by_role("button", name="Pause the clock").click()
        assert bar.get_by_role("status").inner_text() == "Paused. Now: one queue, until minute 10."
        bar.get_by_role("button", name="Go on").click()
        assert bar.get_by_role("status").inner_text() == "Now: one queue, until minute 10."


def test_the_keyboard_works_the_button_of_the_bar_and_goes_on_from_there(chromium, lab):
    """JupyterLab takes the focus from what is in no cell of its notebook; the bar is in none."""
    with opened(chromium, lab) as page:
        page.get_by_role("button", name="Start the clock").click()
        button = page.get_by_role("region", name="Clock of the session").get_by_role("button")
        button.focus()
        for words in ("Go on", "Pause the clock"):
            page.keyboard.press("Enter")
            page.wait_for_function("(words) => document.activeElement.textContent === words", arg=words)
            assert button.evaluate("(button) => button === document.activeElement")
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.jp-Notebook'))")
