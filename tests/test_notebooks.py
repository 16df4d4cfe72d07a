"""The lessons as written: the shape that each follows, and words that a person can read aloud."""

import itertools
import re
from pathlib import Path

import nbformat
import pytest

from flowlib.exercise import exercises

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WORDS = "99_glossary.ipynb"  # a page to look things up in; tests/test_glossary.py holds it
LESSONS = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.name != WORDS)
ORDER = [path.name for path in LESSONS]
LONGEST_SENTENCE, MEAN_SENTENCE = 20, 12  # words, as the NHS service manual asks
SEEN = {  # of a folded cell
    "first": '# Press "Run everything" at the top. There is no code to read.',
    "claims": "# The page checks its numbers here. You need not read it.",
    "part": "# The next part appears below this line.",
    "hide": "# The end of the page.",
}
LONGEST_CELL = 14  # lines of code


@pytest.fixture(params=LESSONS, ids=ORDER)
def lesson(request):
    return request.param.name, nbformat.read(request.param, as_version=4)


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def test_a_lesson_says_first_what_it_asks_what_it_needs_and_how_long_it_takes(lesson):
    head = lesson[1].cells[0].source
    assert head.startswith("# ")
    for words in ("**The question:**", "**You will be able to**", "**You need**", "minutes"):
        assert words in head


def test_imports_come_first_and_nothing_is_installed(lesson):
    code = sources(lesson[1], "code")
    assert code[0].splitlines()[1].startswith(("from ", "import "))
    assert not any("import " in source for source in code[1:])
    assert not any("pip" in source.split() for source in code)


def test_code_is_folded_and_short(lesson):
    """A team on the front line never has to read code."""
    for cell in lesson[1].cells:
        if cell.cell_type == "code":
            assert cell.metadata["jupyter"]["source_hidden"] is True
            assert len(cell.source.splitlines()) <= LONGEST_CELL + 1  # the first one is for the reader


def test_what_is_seen_of_folded_code_gives_no_answer_away(lesson):
    """JupyterLab shows the first line of a folded cell beside the question that the cell asks."""
    for number, cell in enumerate(cell for cell in lesson[1].cells if cell.cell_type == "code"):
        kind = "first" if number == 0 else next(iter(cell.metadata.get("tags", [])), "part")
        assert cell.source.splitlines()[0] == SEEN[kind]


def test_numbers_in_the_prose_are_held_by_claims(lesson):
    """Each lesson states numbers, and each has cells that assert them."""
    claims = [cell for cell in lesson[1].cells if "claims" in cell.metadata.get("tags", [])]
    assert claims
    assert all("assert " in cell.source for cell in claims)


def test_a_lesson_has_one_checked_exercise_and_names_the_next_lesson(lesson):
    name, notebook = lesson
    asked = re.findall(r'ask\("([\d.]+)"\)', "\n".join(sources(notebook, "code")))
    assert len(asked) == 1
    assert asked[0] in exercises()
    assert asked[0].startswith(name[:2])
    onward = ORDER[(ORDER.index(name) + 1) % len(ORDER)]
    assert f"]({onward})" in "\n".join(sources(notebook, "markdown")[-2:])


def test_a_lesson_ends_in_your_service_and_at_the_top(lesson):
    words = "\n".join(sources(lesson[1], "markdown"))
    assert "## In your service" in words
    assert sources(lesson[1], "code")[-1].splitlines()[1:] == ["BackToTop()"]


def test_what_a_later_click_shows_is_not_overwritten_meanwhile(lesson):
    """A part shown on a click looks its names up then, so no cell may give such a name a second meaning."""
    given = re.findall(r"^(\w+) = ", "\n".join(sources(lesson[1], "code")), flags=re.MULTILINE)
    assert len(given) == len(set(given))


def test_links_lead_somewhere(lesson):
    for target in re.findall(r"\]\(([^)]+)\)", "\n".join(sources(lesson[1], "markdown"))):
        assert (NOTEBOOKS / target.partition("#")[0]).is_file()


def test_headings_skip_no_level(lesson):
    levels = [
        len(found) for found in re.findall(r"^(#+) ", "\n".join(sources(lesson[1], "markdown")), flags=re.MULTILINE)
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_sentences_are_short(lesson):
    spoken = [re.sub(r"\]\([^)]*\)", "]", source) for source in sources(lesson[1], "markdown")]
    spoken += re.findall(r'Part\("([^"]+)"\)', "\n".join(sources(lesson[1], "code")))
    lines = [line for text in spoken for line in text.splitlines() if line and not line.startswith(("|", "#"))]
    sentences = [s for line in lines for s in re.split(r"(?<=[.!?:;])\s", line)]
    assert [s for s in sentences if len(s.split()) > LONGEST_SENTENCE] == []
    assert sum(len(s.split()) for s in sentences) <= MEAN_SENTENCE * len(sentences)
