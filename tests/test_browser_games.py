"""A game as a team plays it on a shared screen: JupyterLab in Chromium, 1,280 wide, cut off from the world."""

import contextlib

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

from flowlib.diagnose.games import dice

pytestmark = [pytest.mark.browser, pytest.mark.long]

WAIT = 20_000  # milliseconds; the average of many games takes a second or two at first


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab with one notebook: the dice."""
    place = tmp_path_factory.mktemp("games")
    write_notebook(place / "made" / "dice.ipynb", "from flowlib.show.games import dice_panel\ndice_panel()")
    with lab_server(place / "made", place) as running:
        yield running


@contextlib.contextmanager
def table(chromium, lab):
    """The page with the dice; afterwards, nothing has failed and nobody outside was asked."""
    with offline_context(chromium, viewport={"width": 1280, "height": 900}) as (context, outside):
        page = context.new_page()
        open_notebook(page, lab, "dice.ipynb")
        assert run_everything(page), cell_errors(page)
        wait_until_still(page)
        page.get_by_label("About 50").check()
        yield page
        assert cell_errors(page) == []
        assert outside == []


def test_words_picture_and_table_are_of_the_game_whose_number_was_moved_to_before_the_verdict(chromium, lab):
    """All rounds, then eight game numbers on at once, while the average of many games is still at work."""
    with table(chromium, lab) as page:
        page.get_by_role("button", name="All rounds").click()
        page.get_by_label("Game number").focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        out = dice.play(dice.throws(20, game=9)).out
        page.get_by_text(f"You predicted “About 50”. Game 9 brought {out}.").wait_for(timeout=WAIT)
        wait_until_still(page)
        picture = page.locator(".flowlib-figure .picture")
        assert picture.count() == 1
        assert picture.bounding_box()["height"] > 100
        assert picture.get_attribute("aria-label").startswith(f"{out} pieces are out;")
        assert page.get_by_label("Game number").input_value() == "9"
        assert page.get_by_text(f"After 20 rounds, {out} pieces came out").count() == 1
        page.get_by_text("The numbers as a table").click()
        assert page.locator(".flowlib-figure tbody tr").last.locator("td").last.inner_text() == str(out)


def test_a_class_types_its_throws_by_keyboard_as_fast_as_it_likes(chromium, lab):
    """Each round is typed without a pause, and added with Enter or with the button that follows the boxes."""
    rows = [[2, 3, 4, 5, 6], [6, 5, 4, 3, 2], [1, 6, 1, 6, 1]]
    with table(chromium, lab) as page:
        page.get_by_label("We do, at our own table").check()
        page.get_by_label("Person 1").focus()
        for turn, row in enumerate(rows, start=1):
            for number in row:
                page.keyboard.type(str(number))
                page.keyboard.press("Tab")
            if turn == 2:  # from the place to paste to the button
                page.keyboard.press("Tab")
                page.keyboard.press("Enter")
            else:
                page.keyboard.press("Shift+Tab")
                page.keyboard.press("Enter")
            page.get_by_text(f"{turn} round{'s' * (turn > 1)} in all.").wait_for(timeout=WAIT)
            page.get_by_label("Person 1").focus()
        page.get_by_text(dice.play(rows).sentence()).wait_for(timeout=WAIT)
        assert page.get_by_label("Person 1").input_value() == ""
