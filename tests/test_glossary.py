"""The page of words: is it the one that its file makes, and can each word be read and found?"""

import re
import shutil
from pathlib import Path

import browser
import nbformat
import pytest

from data import glossary_build

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LESSON = "32_dice_pennies_beads.ipynb"
WAIT = 30_000  # milliseconds for a page of 142 cells to be drawn on a busy computer
LONGEST_SENTENCE = 20  # words, as the NHS service manual asks
WORDS = glossary_build.words()
CELLS = {glossary_build.cell_id(word["term"]): word for word in WORDS}
LINK = re.compile(r"\(99_glossary\.ipynb#cell-id=([^)]+)\)")


def test_the_page_is_what_its_file_makes():
    made = nbformat.writes(glossary_build.page())
    assert made == glossary_build.PAGE.read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word["term"])
def test_a_word_has_a_meaning_and_an_example_in_short_sentences(word):
    assert set(word) <= {"term", "also", "means", "here", "everyday"}
    for text in (word["means"], word["here"]):
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith((".", "?"))
        assert all(len(sentence.split()) <= LONGEST_SENTENCE for sentence in re.split(r"(?<=[.!?:;])\s", text))


def test_no_word_stands_twice():
    forms = [form.casefold() for word in WORDS for form in [word["term"], *word.get("also", [])]]
    assert sorted(forms) == sorted(set(forms))


def test_links_lead_to_a_cell_of_the_page():
    """Oracle: the ids of its cells, each of which holds one word or one letter."""
    ids = [cell.id for cell in nbformat.read(glossary_build.PAGE, as_version=4).cells]
    assert len(set(ids)) == len(ids)
    assert set(CELLS) <= set(ids)
    for path in NOTEBOOKS.glob("*.ipynb"):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        assert {glossary_build.cell_id(name) for name in LINK.findall(text)} <= set(ids)


def test_the_numbers_of_the_examples_hold():
    """Oracle: Wexmoor's own tables and formulas, asked in the page's folded cell."""
    exec(glossary_build.CLAIMS, {})  # noqa: S102 - the project's own cell


APART = re.compile(r"\[[^\]]*\]\([^)]*\)|`[^`]*`|^#.*$", re.MULTILINE)  # links, code and headings


@pytest.mark.parametrize(
    "path", sorted(NOTEBOOKS.glob("[0-8]*.ipynb")) + sorted(NOTEBOOKS.glob("90_*.ipynb")), ids=lambda path: path.name
)
def test_a_technical_word_is_linked_at_its_first_use(path):
    """Before the first link to a word, no form of it stands in the text."""
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    linked = [(link.start(), glossary_build.cell_id(link[1])) for link in LINK.finditer(text)]
    missing = []
    for place, word in CELLS.items():
        before = text[: next((start for start, name in linked if name == place), len(text))]
        forms = "|".join(re.escape(form) for form in [word["term"], *word.get("also", [])])
        used = re.search(rf"(?<![\w-])(?:{forms})(?![\w-])", APART.sub(" ", f"{before}()"), re.IGNORECASE)
        if used and not word.get("everyday"):
            missing.append(used[0])
    assert missing == []


@pytest.mark.browser
@pytest.mark.long
def test_a_link_opens_the_page_at_its_word(chromium, tmp_path, monkeypatch):
    """From a lesson to a page that was not open yet, and there from the letters at its head to the last."""
    monkeypatch.setattr(browser, "WHOLE", {})  # cells are drawn as they come into sight, as people have it
    (tmp_path / "two").mkdir()
    for name in (LESSON, glossary_build.PAGE.name):
        shutil.copy(NOTEBOOKS / name, tmp_path / "two")
    with browser.lab_server(tmp_path / "two", tmp_path) as lab, browser.offline_context(chromium) as (context, outside):
        page = context.new_page()
        browser.open_notebook(page, lab, LESSON)
        page.get_by_role("link", name="batches").click()
        wait_until_in_sight(page, "batch")
        page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(0)")
        page.get_by_role("link", name="Y", exact=True).click()
        wait_until_in_sight(page, "letter-Y")
        assert outside == []


def wait_until_in_sight(page, cell):
    """Wait until the heading of *cell*, and so its word, stands in the window of the notebook."""
    page.wait_for_function(
        """(cell) => {
          const panel = jupyterapp.shell.currentWidget;
          const wanted = panel.content.widgets.find((one) => one.model.id === cell);
          const heading = wanted?.node.querySelector("h2, h3")?.getBoundingClientRect();
          const sheet = panel.content.node.getBoundingClientRect();
          return Boolean(heading?.height) && heading.top > sheet.top && heading.bottom < sheet.bottom;
        }""",
        arg=cell,
        timeout=WAIT,
    )


@pytest.mark.browser
@pytest.mark.long
def test_a_link_of_the_app_opens_the_page_at_its_word(chromium, tmp_path):
    """The page is out of sight while it is made ready, and stands at the word once it is shown."""
    with (
        browser.app_server(NOTEBOOKS.parent, tmp_path) as (_, address),
        browser.offline_context(chromium) as (context, outside),
    ):
        page = context.new_page()
        page.goto(address)
        page.goto(f"{address.partition('?')[0]}voila/render/{LESSON}", wait_until="commit")
        page.get_by_role("link", name="batches").click(no_wait_after=True, timeout=120_000)
        page.wait_for_function(
            """() => {
              const heading = document.querySelector("[id='cell-id=batch'] h3")?.getBoundingClientRect();
              return Boolean(heading?.height) && heading.top >= 0 && heading.bottom < innerHeight;
            }""",
            timeout=WAIT,
        )
        assert outside == []
