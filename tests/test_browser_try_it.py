"""A what-if as a team meets it: JupyterLab in Chromium, cut off from the world."""

import re
import time
from pathlib import Path
from statistics import median

import nbformat
import pytest
from accessibility import findings
from browser import (
    cell_errors,
    lab_server,
    moved,
    offline_context,
    open_notebook,
    run_everything,
    wait_until_still,
    write_notebook,
)
from try_it_made import NONE, waiting

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
SETUP = f"""
import sys, time
sys.path.insert(0, {str(HERE)!r})
from try_it_made import in_pieces, made
from flowlib.show.enough_panel import enough_panel
"""
# Pages are saved in a folder of the test, and not in the team's own.
ELSEWHERE = """
import pathlib, types
from flowlib.show import saving
saving.data = types.SimpleNamespace(FOLDER=pathlib.Path({folder!r}) / "data")
"""
SLOW = """
def slow(**values):
    for estimate in in_pieces(20, [])(**values):
        time.sleep(0.1)
        yield estimate

made(slow, name="slow")
"""
PROMISED = 150  # milliseconds from a control to its picture, on a quiet machine
MOVES, PAUSE = 15, 60  # of a control, and milliseconds after each
BUSY = 3  # times as long on a machine that has other work


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    """Three what-ifs in one notebook, run from the top: lesson 23's, a small one, and one that takes 2 seconds."""
    scratch = tmp_path_factory.mktemp("lab")
    cells = [SETUP + ELSEWHERE.format(folder=str(scratch)), "enough_panel()", "made()", SLOW]
    write_notebook(scratch / "made" / "scratch.ipynb", nbformat.v4.new_markdown_cell("# What if?\n\n## Try it"), *cells)
    with lab_server(scratch / "made", scratch) as lab, offline_context(chromium) as (context, outside):
        page = context.new_page()
        open_notebook(page, lab, "scratch.ipynb")
        assert run_everything(page), cell_errors(page)
        wait_until_still(page)
        yield page
        assert cell_errors(page) == []
        assert outside == []


def part(page, number):
    """One what-if of the three."""
    return (
        page.locator(".jp-OutputArea-output")
        .filter(has=page.get_by_role("button", name="See what happens"))
        .nth(number)
    )


def look(panel, guess):
    panel.get_by_text(guess, exact=True).click()
    panel.get_by_role("button", name="See what happens").click()


def said(panel, words):
    panel.get_by_role("status").get_by_text(words, exact=True).wait_for()


def test_every_control_of_a_what_if_is_named_and_changes_the_result(opened):
    """Oracle: the sum, asked directly."""
    small = part(opened, 1)
    assert small.get_by_role("img").count() == 0
    look(small, NONE)
    said(small, "5 people wait.")
    said(small, "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?")
    small.get_by_role("slider", name="Nurses on duty").fill("2")
    said(small, "10 people wait.")
    small.get_by_role("checkbox", name="A busy day").check()
    said(small, f"{waiting(2, busy=True, season='summer')} people wait.")
    small.get_by_role("combobox", name="Season").select_option("winter")
    said(small, f"{waiting(2, busy=True, season='winter')} people wait.")
    small.get_by_role("img", name="22 people wait", exact=True).wait_for()
    small.get_by_role("button", name="Compare with today").click()
    said(small, "Today 5, then 22.")
    small.get_by_role("button", name="Numbers as a table").click()
    small.get_by_role("table").get_by_role("cell", name="22").wait_for()


def test_a_code_brings_the_page_back_and_a_bad_one_is_answered(opened):
    small = part(opened, 1)
    small.get_by_text("Keep this, or come back to it").click()
    small.get_by_label("Paste a code that you kept").fill("clinic: nurses=6, busy=no, season=1, predicted=2, came=2")
    small.get_by_role("button", name="Go back to it").click()
    said(small, "0 people wait.")
    said(small, "You predicted “Somebody waits”, and so it was. What made you think so?")
    small.get_by_label("Paste a code that you kept").fill("clinic: nurses=66")
    small.get_by_role("button", name="Go back to it").click()
    small.get_by_role("alert").get_by_text(re.compile("It may be cut short")).wait_for()
    small.get_by_label("Paste a code that you kept").fill("")
    small.get_by_role("button", name="Start again").click()
    said(small, "All is as it was at the start. Predict again.")


def test_a_saved_page_is_named_below_its_button_and_can_be_downloaded(opened, tmp_path):
    """Oracle: what the panel shows, beside what the copy opens with."""
    small = part(opened, 1)
    look(small, NONE)
    small.get_by_role("slider", name="Nurses on duty").fill("1")
    said(small, "Changed: Nurses on duty 1 (today 3).")
    said(small, "15 people wait.")
    button = small.get_by_role("button", name="Save as a page to send")
    button.click()
    link = small.get_by_role("link", name="Download a copy of “23_clinic.html”")
    link.wait_for()
    assert 0 < link.bounding_box()["y"] - button.bounding_box()["y"] < 200
    with opened.expect_download() as download:
        link.click()
    page = opened.context.new_page()
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)
    page.goto(copy.as_uri())
    for words in ("15 people wait.", "Changed: Nurses on duty 1 (today 3)."):
        page.get_by_role("status").get_by_text(words, exact=True).wait_for()
    page.close()
    small.get_by_role("button", name="Start again").click()
    link.wait_for(state="hidden")


def test_a_long_sum_shows_how_far_it_is_and_can_be_stopped(opened):
    slow = part(opened, 2)
    look(slow, NONE)
    slow.get_by_role("progressbar").wait_for()
    said(slow, "An estimate so far: 5 people wait.")
    slow.get_by_role("slider", name="Nurses on duty").fill("1")  # the page answers, and the newer request wins
    said(slow, "An estimate so far: 15 people wait.")
    slow.get_by_role("button", name="Stop").click()
    said(slow, "Stopped. Move a control to go on.")
    assert slow.get_by_role("progressbar").count() == 0
    slow.get_by_role("slider", name="Nurses on duty").fill("3")
    said(slow, "5 people wait.")
    said(slow, "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?")


def test_a_moved_control_is_on_the_screen_at_once_and_leaves_nothing_behind(opened):
    """Oracle: the browser's own clock, from the move to the painted picture; and its count of what is on the page."""
    lesson = part(opened, 0)
    look(lesson, "About 25")
    said(lesson, "You predicted “About 25”, and so it was. What made you think so?")
    wait_until_still(opened)
    moved(opened, MOVES, PAUSE)
    nodes = opened.evaluate("document.querySelectorAll('*').length")
    times = moved(opened, MOVES, PAUSE)
    assert median(times) < PROMISED * BUSY
    wait_until_still(opened)
    assert abs(opened.evaluate("document.querySelectorAll('*').length") - nodes) < 40  # labels of the axes come and go


def test_the_page_stays_where_it_is_when_a_control_is_moved(opened):
    lesson = part(opened, 0)
    slider = lesson.get_by_role("slider", name="Places a day")
    slider.focus()
    where = slider.bounding_box()["y"]
    for _ in range(4):
        slider.press("ArrowRight")
        time.sleep(0.1)
        assert slider.bounding_box()["y"] == where
    assert slider.evaluate("slider => slider === document.activeElement")


def test_nothing_keeps_anybody_from_using_a_what_if(opened):
    """Oracle: axe-core."""
    assert findings(opened, ".jp-OutputArea-output") == []


def test_a_what_if_can_be_worked_with_the_keyboard(opened):
    """Tab and the keys of each control; JupyterLab takes none of them."""
    lesson = part(opened, 0)
    lesson.get_by_role("button", name="Start again").click()
    said(lesson, "All is as it was at the start. Predict again.")
    lesson.get_by_role("radio").first.focus()
    opened.keyboard.press("Space")
    lesson.locator("button:enabled", has_text="See what happens").wait_for()
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    said(lesson, "You predicted “Nobody, or 1 or 2”. It was “About 25”. Why might that be?")
    lesson.get_by_role("slider", name="Places a day").focus()
    opened.keyboard.press("ArrowRight")
    lesson.get_by_text("3 people wait in the evening, on average").wait_for()
    for _ in range(5):
        opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    said(lesson, "Today 25 people wait in the evening. With this change, 3.4: 22 fewer.")
