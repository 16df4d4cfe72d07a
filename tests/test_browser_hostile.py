"""Names that would do harm if they were taken for markup, script or formula: on screen, in a page and in Excel."""

import json

import nbformat
import pandas as pd
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
from openpyxl import load_workbook

from flowlib import EventLog
from flowlib.mapping.process_map import process_map
from flowlib.show import TableView, export_html, stories
from flowlib.show.map_chart import journey_map
from flowlib.show.swimlane import swimlane

pytestmark = pytest.mark.browser

NAMES = (
    "<script>window.harmed=1;alert(1)</script>",
    '<img src=x onerror="window.harmed=1;alert(2)">',
    "=cmd|' /C calc'!A0",
    "javascript:alert(3)",
    "datum.harmed=alert(4)",
    '{"signal":"width"}',
    "[a link](javascript:alert(5))",
    "</script><svg onload=alert(6)>",
    "ward\u202egnol",
)
SHOWN = [*NAMES[:-1], "ward[U+202E]gnol"]  # a sign that turns the writing is shown by its number
SETUP = """
import json
from pathlib import Path
from flowlib import EventLog
from flowlib.mapping.process_map import process_map
from flowlib.show import Prediction, TableView, panel, stories
from flowlib.show.swimlane import swimlane
options = json.loads(Path("options.json").read_text())
log = EventLog.read("hostile.csv", **options)
people = log.frame[["person", "group"]].drop_duplicates()
"""
TOLD = "stories.page(lambda log: [*stories.quality(log), *stories.mapped(log)], log)"
LANES = "swimlane(process_map(log), {step: f'{step} team' for step in log.steps}).figure()"
ASKED = "panel([Prediction(log.steps[0], log.steps)], [TableView(people, caption=log.name)])"
GROUP = NAMES[1]  # a column can be called so too
OPTIONS = {
    **{role: role for role in ("person", "step", "arrived", "finished")},
    "group": GROUP,
    "name": NAMES[0],
    "synthetic": True,
}


def rows():
    """Twenty-seven people who go through all the steps; ids and groups are such names too."""
    clock = pd.date_range("2025-03-03 09:00", periods=len(NAMES) + 1, freq="h").strftime("%d/%m/%Y %H:%M")
    return pd.DataFrame(
        [
            (f"{name} {number}", step, name, clock[place], clock[place + 1])
            for number, name in enumerate(NAMES * 3)
            for place, step in enumerate(NAMES)
        ],
        columns=["person", "step", GROUP, "arrived", "finished"],
    )


@pytest.fixture(scope="module")
def log():
    return EventLog.from_frame(rows(), **OPTIONS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A notebook that shows such a file, and the file."""
    made = tmp_path_factory.mktemp("hostile")
    rows().to_csv(made / "hostile.csv", index=False)
    (made / "options.json").write_text(json.dumps(OPTIONS))
    write_notebook(made / "hostile.ipynb", SETUP, TOLD, LANES, ASKED)
    return made


def watched(page):
    """The dialogs that a page opens, from now on; each is closed at once."""
    dialogs = []

    def note(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return dialogs


@pytest.mark.long
def test_hostile_names_are_text_in_jupyterlab(folder, tmp_path, chromium):
    """Oracle: the browser: no dialog, no script of theirs, no element of theirs; and each name as it was written."""
    with lab_server(folder, tmp_path) as lab, offline_context(chromium) as (context, outside):
        page = context.new_page()
        dialogs = watched(page)
        open_notebook(page, lab, "hostile.ipynb")
        assert run_everything(page), cell_errors(page)
        wait_until_still(page)
        page.get_by_role("slider").fill("100")
        wait_until_still(page)
        harmless(page, dialogs, ".jp-Notebook")
        assert page.get_by_role("radio", name=SHOWN[0]).count() == 1
        assert cell_errors(page) == []
        assert outside == []


def test_hostile_names_are_text_in_a_saved_page(log, tmp_path, chromium_page, outside_requests):
    """Oracle: as in JupyterLab, on the page that is sent round; its policy, which runs no script, is taken off."""
    shown = stories.page(lambda one: [*stories.quality(one), *stories.mapped(one)], log)
    lanes = swimlane(process_map(log), {step: f"{step} team" for step in log.steps}).figure()
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": part.still()})
        for part in (stories.heading(log, NAMES[0]), shown, lanes, TableView(log.frame, caption=NAMES[0]))
    ]
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    place = tmp_path / "page.html"
    page = export_html(node, title=NAMES[0])
    place.write_text(page.replace("Content-Security-Policy", "nothing"), encoding="utf-8")
    dialogs = watched(chromium_page)
    chromium_page.goto(place.as_uri())
    chromium_page.wait_for_load_state("networkidle")
    harmless(chromium_page, dialogs, "body")
    assert outside_requests == []


def harmless(page, dialogs, within):
    """Nothing of the names became part of the page but their text, in tables and in pictures."""
    assert dialogs == []
    assert page.evaluate("() => window.harmed") is None
    assert page.locator(f"{within} img[src=x], {within} [onload], {within} [onerror]").count() == 0
    assert page.locator(f"{within} a[href^='javascript']").count() == 0
    cells = page.locator(f"{within} td").all_inner_texts()
    assert set(SHOWN) <= set(cells)
    drawn = " ".join(page.locator(f"{within} svg text").all_text_contents())
    assert "\u202e" not in drawn
    assert "harmed" in drawn


@pytest.mark.parametrize("name", NAMES[:2])
def test_a_name_that_is_taken_for_markup_would_be_found(name, tmp_path, chromium_page):
    """The other way round: a page in which nothing is escaped opens a dialog and marks the window."""
    place = tmp_path / "bait.html"
    place.write_text(f"<p>{name}</p>", encoding="utf-8")
    dialogs = watched(chromium_page)
    chromium_page.goto(place.as_uri())
    chromium_page.wait_for_load_state("networkidle")
    assert len(dialogs) == 1
    assert chromium_page.evaluate("() => window.harmed") == 1


def test_hostile_names_are_text_in_excel(log, tmp_path):
    """Oracle: openpyxl: no cell is a formula, and each name stands there; an apostrophe goes before an equals sign."""
    made = process_map(log)
    pictures = (journey_map(made), swimlane(made, {step: step for step in log.steps}))
    found = set()
    for number, picture in enumerate(pictures):
        sheet = load_workbook(picture.save(tmp_path / f"{number}.xlsx")).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        found |= {cell.value for cell in cells}
    assert {name if name[0] != "=" else f"'{name}" for name in SHOWN} <= found


def test_the_report_tells_of_signs_that_turn_the_writing(log):
    """Oracle: the frame: each of 27 people comes to that step once, and 3 people with 9 visits are in that group."""
    told = {note.sentence.partition(": ")[2]: len(note.rows) for note in log.quality.notes if note.kind == "put right"}
    assert told['signs in "step" that cannot be seen are shown by their numbers.'] == 27
    assert told[f'signs in "{GROUP}" that cannot be seen are shown by their numbers.'] == 27
