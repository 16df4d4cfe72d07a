"""Can each lesson be done from its first word to its last with the keyboard alone, in JupyterLab and in the app?"""

import os
import re
import shutil
from pathlib import Path

import pytest
from accessibility import findings
from browser import app_server, cell_errors, lab_server, offline_context, open_notebook, wait_until_still
from walk import Walk, pressed_in_the_toolbar

from flowlib.core import data

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
LESSONS = sorted(path.name for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
WORDS = "99_glossary.ipynb"  # no control, only words
EACH_TIME = "31"  # a short one; the others are walked in the longer tier
UNFORESEEN = re.compile(r"That did not work|could not be (drawn|shown)|Traceback|The page ends here")
ZOOMED = {"width": 640, "height": 450}  # what is left of 1280 by 900 at 200%
FEWEST_COLOURS = 5  # of a film that shows something
PAGE, SHEET = "[role=main]", "#rendered_cells"
SOURCES = "() => jupyterapp.shell.currentWidget.context.model.toJSON().cells.map((cell) => cell.source)"
ALL_RAN = """() => jupyterapp.shell.currentWidget.context.model.toJSON().cells
  .every((cell) => cell.cell_type !== "code" || cell.execution_count)"""
OPENS = 120_000  # milliseconds on a busy machine


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, so that what a walk saves does not come among a team's own files."""
    scratch = tmp_path_factory.mktemp("whole")
    copy = scratch / "project"
    for folder in ("data", "exercises", "flowlib", "notebooks"):
        shutil.copytree(ROOT / folder, copy / folder)
    session = scratch / "session"
    session.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as told:
        told.setenv("PYTHONPATH", str(copy))
        told.setenv("FLOWLIB_SESSION", str(session))
        told.setenv("FLOWLIB_PROGRESS", str(scratch / "progress.json"))
        yield copy


@pytest.fixture(scope="module")
def lab(project):
    with lab_server(project / "notebooks", project.parent / "lab") as running:
        yield running


@pytest.fixture(scope="module")
def app(project):
    """The address of the app, and the token it asks for."""
    if os.name != "posix":
        pytest.skip("signals are a POSIX matter")
    home = project.parent / "home"
    home.mkdir()
    with app_server(project, home) as (_, address):
        yield address.partition("?")


@pytest.fixture
def page(chromium):
    """A page of its own for a lesson; at the end nobody outside this computer was asked for anything."""
    with offline_context(chromium) as (context, outside):
        yield context.new_page()
        assert outside == []


def own_list(path):
    """A file such as a team brings: four weeks of Wexmoor, day first; people go enough ways for a map to change."""
    rows = data.journey().until("2025-02-03").frame[["person", "step", "arrived", "started", "finished"]]
    rows.to_csv(path, index=False, date_format="%d/%m/%Y %H:%M")
    return path


def in_their_tier(names):
    return [name if name.startswith(EACH_TIME) else pytest.param(name, marks=pytest.mark.long) for name in names]


def walked(page, content, project, name):
    """The walk through a lesson, held to all that holds in both doors."""
    walk = Walk(page, content, file=own_list(project.parent / "our list.csv"), typed={"By when": "31/03/2027"})
    met = walk.whole()
    assert walk.faults == []
    assert [str(one) for one in met if not one.moved] == []
    assert [str(one) for one in met if one.follows and not one.followed] == []
    assert [str(one) for one in met if one.lost] == []
    assert name == WORDS or any(one.kind == "radio" for one in met)
    assert page.evaluate("walk.blank()") == []
    assert all(colours >= FEWEST_COLOURS for colours in page.evaluate("walk.films()"))
    assert not UNFORESEEN.search(page.locator(content).inner_text())
    return walk


def shown(page, *selectors):
    return [one for one in selectors if page.locator(one).count()]


@pytest.mark.parametrize("name", in_their_tier(LESSONS))
def test_in_the_app_a_whole_lesson_is_done_with_the_keyboard(app, page, project, name):
    """Oracles: Chromium's accessibility tree, axe-core, and what the page shows after each control."""
    site, _, token = app
    page.goto(f"{site}voila/render/{name}?{token}", wait_until="domcontentloaded", timeout=OPENS)
    page.locator("#loading").wait_for(state="detached", timeout=OPENS)
    if name != WORDS:
        page.locator(".flowlib-prediction").first.wait_for(timeout=OPENS)
    walk = walked(page, SHEET, project, name)
    assert findings(page, PAGE, "header") == []
    page.set_viewport_size(ZOOMED)
    walk.rest(5)
    walk.round()  # a picture that is wider than the page is now a stop of its own, and its keys scroll it
    assert walk.faults == []
    assert [str(one) for one in walk.controls.values() if not one.moved] == []
    assert page.evaluate("(content) => walk.sideways(content)", SHEET) == []


@pytest.mark.long
@pytest.mark.parametrize("name", LESSONS)
def test_in_jupyterlab_a_whole_lesson_is_done_with_the_keyboard(lab, page, project, name):
    """Run everything from the toolbar, then as in the app; and no key changes a cell of the notebook."""
    open_notebook(page, lab, name)
    before = page.evaluate(SOURCES)
    assert pressed_in_the_toolbar(page, "Run everything")
    page.wait_for_function(ALL_RAN, timeout=OPENS)
    wait_until_still(page)
    assert cell_errors(page) == []
    walked(page, ".jp-Notebook", project, name)
    assert page.evaluate(SOURCES) == before
    assert findings(page, *shown(page, ".jp-MarkdownOutput", ".jp-OutputArea-output")) == []
