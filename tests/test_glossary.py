"""The page of words: is it the one that its file makes, and can each word be read and found?"""

import re
from pathlib import Path

import nbformat
import pytest

from data import glossary_build

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LONGEST_SENTENCE = 20  # words, as the NHS service manual asks
WORDS = glossary_build.words()
ANCHORS = {word["term"].replace(" ", "-") for word in WORDS}


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


def test_links_of_the_lessons_lead_to_a_word():
    """A link to the page of words names a heading that is there."""
    for path in NOTEBOOKS.glob("*.ipynb"):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        assert set(re.findall(r"\(99_glossary\.ipynb#([^)]+)\)", text)) <= ANCHORS


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
    missing = []
    for word in WORDS:
        before = text.partition(f"99_glossary.ipynb#{word['term'].replace(' ', '-')})")[0]
        forms = "|".join(re.escape(form) for form in [word["term"], *word.get("also", [])])
        used = re.search(rf"(?<![\w-])(?:{forms})(?![\w-])", APART.sub(" ", before + "]()"), re.IGNORECASE)
        if used and not word.get("everyday"):
            missing.append(used[0])
    assert missing == []
