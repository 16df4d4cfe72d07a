"""A what-if as a page to send: opened from a file, in a real browser, with every request turned away."""

import itertools

import pytest
from accessibility import findings
from try_it_made import NONE, SOME, made, waiting

from flowlib.measure.enough import enough_on_average
from flowlib.show.enough_panel import enough_panel

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The page of a small what-if: 6 nurses, busy or not, 2 seasons."""
    return made().save(tmp_path_factory.mktemp("pocket") / "clinic.html")


@pytest.fixture
def opened(saved, chromium_page, outside_requests):
    """The page, open; no address was asked for, and nothing went wrong in it."""
    wrong = []
    chromium_page.on("pageerror", lambda error: wrong.append(error))  # noqa: PLW0108 - playwright takes no builtin
    chromium_page.goto(saved.as_uri())
    chromium_page.get_by_role("button", name="See what happens").wait_for()
    yield chromium_page
    assert outside_requests == []
    assert wrong == []


@pytest.fixture
def looked(opened):
    """The page after a prediction and a look."""
    opened.get_by_text(NONE, exact=True).click()
    opened.get_by_role("button", name="See what happens").click()
    said(opened, "5 people wait.")
    return opened


def said(page, words):
    page.get_by_role("status").get_by_text(words, exact=True).wait_for()


def code(page):
    return page.locator(".flowlib-keep input[readonly]").input_value()


def go_back_to(page, kept):
    if not page.get_by_label("Paste a code that you kept").is_visible():
        page.get_by_text("Keep this, or come back to it").click()
    page.get_by_label("Paste a code that you kept").fill(kept)
    page.get_by_role("button", name="Go back to it").click()


def test_the_page_is_whole_small_and_allows_nothing_from_outside(saved):
    page = saved.read_text(encoding="utf-8")
    assert len(page.encode()) < 2_000_000
    assert '<html lang="en-GB">' in page
    assert "<title>How many nurses?</title>" in page
    assert "default-src 'none'" in page
    for words in ("http-equiv", "<noscript>", 'name="viewport"'):
        assert words in page


def test_nothing_is_shown_before_a_prediction(opened):
    assert opened.get_by_role("heading", level=1).all_inner_texts() == ["How many nurses?"]
    assert opened.get_by_role("button", name="See what happens").is_disabled()
    assert opened.get_by_role("button", name="Compare with today").is_disabled()
    assert opened.get_by_role("img").count() == 0
    opened.get_by_role("slider", name="Nurses on duty").press("ArrowRight")
    assert opened.get_by_role("img").count() == 0


def test_the_prediction_stands_beside_what_came(looked):
    said(looked, "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?")
    assert looked.get_by_role("radio", name=NONE).is_disabled()


def test_every_setting_gives_the_result_of_the_sum(looked):
    """Oracle: the sum itself, at each of the 24 settings; the picture's description goes with it."""
    for nurses, busy, season in itertools.product(range(1, 7), (False, True), ("summer", "winter")):
        looked.get_by_role("slider", name="Nurses on duty").fill(str(nurses))
        looked.get_by_role("checkbox", name="A busy day").set_checked(busy)
        looked.get_by_role("combobox", name="Season").select_option(season)
        wait = waiting(nurses, busy, season)
        said(looked, f"{wait} people wait.")
        looked.get_by_role("img", name=f"{wait} people wait", exact=True).wait_for()


def test_the_marks_move_with_the_control(looked):
    """Oracle: bars of 5 and of 15 people, to one scale."""

    def height():
        return looked.locator(".flowlib-figure .mark-rect path").first.evaluate("bar => bar.getBBox().height")

    first = height()
    looked.get_by_role("slider", name="Nurses on duty").press("Home")
    looked.get_by_role("img", name="15 people wait", exact=True).wait_for()
    assert height() == pytest.approx(3 * first, rel=0.01)


def test_today_the_table_and_the_start_are_a_button_away(looked):
    looked.get_by_role("slider", name="Nurses on duty").press("ArrowRight")
    looked.get_by_role("button", name="Compare with today").click()
    said(looked, "Today 5, then 0.")
    looked.get_by_role("button", name="Numbers as a table").click()
    assert looked.get_by_role("table").get_by_role("cell").all_inner_texts() == ["now", "0", "today", "0"]
    looked.get_by_role("button", name="Hide the table").click()
    looked.get_by_role("button", name="Without today").click()
    assert looked.get_by_text("Today 5, then 0.").count() == 0
    looked.get_by_role("button", name="Start again").click()
    said(looked, "All is as it was at the start. Predict again.")
    assert looked.get_by_role("img").count() == 0
    assert looked.get_by_role("slider", name="Nurses on duty").input_value() == "3"
    assert looked.get_by_role("radio", checked=True).count() == 0


def test_a_code_goes_from_the_notebook_to_the_page_and_back(looked):
    panel = made()
    panel.prediction.value = SOME
    panel.go.click()
    panel.controls["nurses"].value, panel.controls["season"].value = 2, "winter"
    go_back_to(looked, panel.code)
    said(looked, "12 people wait.")
    said(looked, "You predicted “Somebody waits”, and so it was. What made you think so?")
    assert code(looked) == panel.code
    looked.get_by_role("checkbox", name="A busy day").check()
    other = made()
    other.back_to(code(looked))
    assert other.values() == {"nurses": 2, "busy": True, "season": "winter"}


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ("", "Paste a code first."),
        ("ward: x=1", "This is not a code of this page. Its codes begin with “clinic:”."),
        ("clinic: nurses=2", "This code is cut short, or of a page with other controls. Copy it again, whole."),
        ("clinic: nurses=9, busy=no, season=1", "This code is cut short, or of a page with other controls. "),
    ],
)
def test_a_code_that_can_not_be_used_is_answered_with_a_sentence(looked, kept, sentence):
    before = code(looked)
    go_back_to(looked, kept)
    looked.get_by_role("alert").get_by_text(sentence).wait_for()
    assert code(looked) == before


def test_the_address_brings_the_page_back(looked, saved):
    looked.get_by_role("slider", name="Nurses on duty").press("End")
    said(looked, "0 people wait.")
    address = looked.url
    looked.goto("about:blank")
    looked.goto(address)
    said(looked, "0 people wait.")
    said(looked, "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?")
    looked.goto("about:blank")
    looked.goto(f"{saved.as_uri()}#%E0%A4%A")
    looked.get_by_role("alert").get_by_text("This is not a code of this page.").wait_for()


def test_the_whole_page_can_be_worked_with_the_keyboard(opened):
    """Tab and the keys of each control, nothing else."""

    def tab_to(role, name):
        for _ in range(12):
            opened.keyboard.press("Tab")
            if opened.get_by_role(role, name=name).evaluate("part => part === document.activeElement"):
                return
        raise AssertionError(name)

    for _ in range(3):  # the controls stand before the question where that is about no one setting
        opened.keyboard.press("Tab")
    tab_to("radio", NONE)
    opened.keyboard.press("Space")
    tab_to("button", "See what happens")
    opened.keyboard.press("Enter")
    said(opened, "5 people wait.")
    tab_to("button", "Compare with today")
    opened.keyboard.press("Space")
    said(opened, "Today 5, then 5.")
    tab_to("button", "Start again")
    opened.keyboard.press("Enter")
    said(opened, "All is as it was at the start. Predict again.")


def test_nothing_keeps_anybody_from_using_the_page(opened):
    """Oracle: axe-core, before the look, and after it with all opened."""
    assert findings(opened, "html") == []
    opened.get_by_text(NONE, exact=True).click()
    opened.get_by_role("button", name="See what happens").click()
    opened.get_by_role("button", name="Compare with today").click()
    opened.get_by_role("button", name="Numbers as a table").click()
    go_back_to(opened, "ward: x")
    opened.get_by_role("alert").first.wait_for()
    assert findings(opened, "html") == []


def test_the_page_opens_as_the_notebook_stood_when_it_was_saved(tmp_path, chromium_page):
    """Oracle: the panel itself. Settings that the page does not hold go to the nearest, and that is said."""
    panel = made(page_steps={"nurses": 2})
    panel.prediction.value = SOME
    panel.go.click()
    panel.controls["nurses"].value, panel.controls["busy"].value = 1, True
    chromium_page.goto(panel.save(tmp_path / "there.html").as_uri())
    said(chromium_page, panel.said.text)
    said(chromium_page, panel.predicted.text)
    said(chromium_page, panel.changed.text)
    assert code(chromium_page) == panel.code
    panel.controls["nurses"].value = 2
    chromium_page.goto(panel.save(tmp_path / "near.html").as_uri())
    said(chromium_page, "This page holds fewer settings. It opens at the nearest: Nurses on duty 1, not 2.")
    said(chromium_page, f"{waiting(1, busy=True, season='summer')} people wait.")
    chromium_page.get_by_role("slider", name="Nurses on duty").press("End")
    said(chromium_page, f"{waiting(5, busy=True, season='summer')} people wait.")
    assert chromium_page.get_by_text("This page holds fewer settings.").count() == 0


def test_back_to_today_keeps_the_picture_and_the_prediction(looked):
    looked.get_by_role("slider", name="Nurses on duty").press("Home")
    said(looked, "Changed: Nurses on duty 1 (today 3).")
    looked.get_by_role("checkbox", name="A busy day").check()
    said(looked, "2 changes at once: Nurses on duty 1 (today 3); A busy day yes (today no).")
    looked.get_by_role("button", name="Back to today").click()
    said(looked, "5 people wait.")
    said(looked, "You predicted “Nobody waits”. It was “Somebody waits”. Why might that be?")
    assert looked.get_by_text("changes at once").count() == 0
    assert looked.get_by_role("slider", name="Nurses on duty").input_value() == "3"


def test_the_page_fits_a_phone_and_twice_the_size(opened):
    """At 320 pixels wide (1280 at four times the size, as WCAG asks) nothing has to be scrolled sideways."""
    opened.set_viewport_size({"width": 320, "height": 640})
    opened.get_by_text(NONE, exact=True).click()
    opened.get_by_role("button", name="See what happens").click()
    said(opened, "5 people wait.")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.long
def test_the_page_of_lesson_23_is_small_and_says_what_the_sums_say(tmp_path, chromium_page, outside_requests):
    """Oracle: the sums, asked directly at settings from all over the 300 that the page holds."""
    page = enough_panel().save(tmp_path / "averages.html")
    assert page.stat().st_size < 2_000_000
    chromium_page.goto(page.as_uri())
    chromium_page.get_by_text("About 25", exact=True).click()
    chromium_page.get_by_role("button", name="See what happens").click()
    said(chromium_page, "You predicted “About 25”, and so it was. What made you think so?")
    for places, spread, first in [(9, 4, 0), (10, 0, 200), (11, 4, 0), (14, 2, 200), (13, 0, 0)]:
        chromium_page.get_by_role("slider", name="Places a day").fill(str(places))
        chromium_page.get_by_role("slider", name="A day can differ").fill(str(spread))
        chromium_page.get_by_role("checkbox").set_checked(first > 0)
        said(chromium_page, enough_on_average(places, spread=spread, waiting_first=first).sentence())
    assert findings(chromium_page, "html") == []
    assert outside_requests == []
