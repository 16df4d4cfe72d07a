"""A game as a team plays it on a shared screen: JupyterLab in Chromium, 1,280 wide, cut off from the world."""

import nbformat
import pytest
from browser import cell_errors, lab_server, offline_context, open_notebook, run_everything, wait_until_still

from flowlib.diagnose.games import dice

pytestmark = pytest.mark.browser

WAIT = 20_000  # milliseconds; the average of many games takes a second or two at first


@pytest.mark.long
def test_words_picture_and_table_are_of_the_game_whose_number_was_moved_to_before_the_verdict(chromium, tmp_path):
    """All rounds, then eight game numbers on at once, while the average of many games is still at work."""
    (tmp_path / "made").mkdir()
    cell = nbformat.v4.new_code_cell("from flowlib.show.games import dice_panel\ndice_panel()")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(node, tmp_path / "made" / "dice.ipynb")
    wide = {"viewport": {"width": 1280, "height": 900}}
    with lab_server(tmp_path / "made", tmp_path) as lab, offline_context(chromium, **wide) as (context, outside):
        page = context.new_page()
        open_notebook(page, lab, "dice.ipynb")
        assert run_everything(page), cell_errors(page)
        wait_until_still(page)
        page.get_by_label("About 50").check()
        page.get_by_role("button", name="All rounds").click()
        page.get_by_label("Game number").focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        page.get_by_text("You predicted “About 50”. Game 9 brought").wait_for(timeout=WAIT)
        wait_until_still(page)
        picture = page.locator(".flowlib-figure .picture")
        assert picture.count() == 1
        assert picture.bounding_box()["height"] > 100
        assert page.get_by_label("Game number").input_value() == "9"
        told = picture.get_attribute("aria-label")
        out = dice.play(dice.throws(20, game=9)).out
        assert told.startswith(f"{out} pieces are out;")
        assert page.get_by_text(f"After 20 rounds, {out} pieces came out").count() == 1
        assert page.get_by_text(f"You predicted “About 50”. Game 9 brought {out}.").count() == 1
        page.get_by_text("The numbers as a table").click()
        assert page.locator(".flowlib-figure tbody tr").last.locator("td").last.inner_text() == str(out)
        assert cell_errors(page) == []
        assert outside == []
