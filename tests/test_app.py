"""Are the lessons served as pages, to this person only, with no cell, no code and no outside address?"""

import ast
import os
import re
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest
from accessibility import findings
from browser import app_server, offline_context

from flowlib import app

ROOT = Path(__file__).parents[1]
LESSONS = app.lessons(ROOT / "notebooks")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    if os.name != "posix":
        pytest.skip("signals are a POSIX matter")
    with app_server(ROOT, tmp_path_factory.mktemp("app")) as (process, address):
        yield process, address


def asked(address):
    """Status and text of what a program is answered at *address*."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_lessons_are_introduced_by_their_first_cell():
    start = LESSONS[0]
    assert (start.file, start.title, start.minutes) == ("00_start_here.ipynb", "Start here: Maureen's 13 days", 20)
    assert start.question == "A journey took 13 days. How much of it was care?"


def test_every_lesson_stands_in_one_part_in_the_order_of_the_stages():
    grouped = app.parts(LESSONS)
    assert [one for part in grouped for one in part.lessons] == LESSONS
    assert [part.title for part in grouped][1:6] == ["1 Map", "2 Measure", "3 Diagnose", "4 Redesign", "5 Test change"]


def test_a_page_has_no_checks_of_its_text_and_no_word_on_running_cells():
    notebook = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    made = app.prepare(None, notebook, "")
    assert "Run everything" not in made.cells[0].source
    assert "**It takes** 20 minutes." in made.cells[0].source
    assert not any("assert" in cell.source for cell in made.cells)
    assert made.metadata["title"] == "Start here: Maureen's 13 days"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.file)
def test_what_a_page_leaves_out_gives_nothing_to_the_cells_that_stay(lesson):
    """No name that a cell of checks makes is used in a cell that a page keeps."""
    cells = nbformat.read(ROOT / "notebooks" / lesson.file, as_version=4).cells
    code = [
        (set(cell.metadata.get("tags", [])) & app.SKIPPED, cell.source) for cell in cells if cell.cell_type == "code"
    ]
    made = {name for left_out, source in code if left_out for name in assigned(source)}
    kept = {node.id for left_out, source in code if not left_out for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Name)}  # fmt: skip
    own = {name for left_out, source in code if not left_out for name in assigned(source)}
    assert (made & kept) - own == set()


def assigned(source):
    """The names that code makes at its top level."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def test_whoever_has_no_token_sees_nothing(served):
    site = served[1].partition("?")[0]
    for page in ("", "voila/render/00_start_here.ipynb"):
        assert "Maureen" not in asked(site + page)[1]


def test_the_first_page_links_to_every_lesson(served):
    status, page = asked(served[1])
    assert status == 200
    assert re.findall(r'<li>\s*<a href="/voila/render/([^"]+)"', page) == [one.file for one in LESSONS]
    assert "http" not in page


def test_only_lessons_are_served(served):
    """Neither lists of files nor files."""
    site, _, token = served[1].partition("?")
    for page in ("voila/tree", "voila/api/contents", "voila/files/00_start_here.ipynb", "voila/render/nothing.ipynb"):
        assert asked(f"{site}{page}?{token}")[0] in {403, 404, 405}


@pytest.mark.browser
def test_a_lesson_is_a_page_without_code_that_asks_nobody_outside(served, chromium):
    """Open the first lesson as a board does: predict, look, and close it; its kernel ends then."""
    process, address = served
    with offline_context(chromium) as (context, outside):
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="Start here: Maureen's 13 days", exact=True).last.click(no_wait_after=True)
        page.get_by_label("About a quarter").check(timeout=120_000)
        page.get_by_role("button", name="Show me").click()
        page.locator(".flowlib-figure svg").first.wait_for(timeout=60_000)
        assert page.title() == "Start here: Maureen's 13 days"
        assert page.get_by_text("import data").count() == 0
        assert page.locator("#loading").count() == 0
        assert findings(page, "[role=main]", "header") == []
        assert outside == []
        kernels = [
            one
            for one in psutil.Process(process.pid).children(recursive=True)
            if "ipykernel" in " ".join(one.cmdline())
        ]
        assert kernels
        page.goto(address)  # whoever goes on to another page has closed this one
        gone, _ = psutil.wait_procs(kernels, timeout=60)
        assert gone == kernels
