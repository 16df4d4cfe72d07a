"""Pages on paper: does each lesson of the standard have them, in words to read aloud, with its own picture?"""

import itertools
import re
from pathlib import Path

import nbformat
import pytest

from flowlib import handouts, serving
from flowlib.cli import main
from flowlib.core.checks import Refusal

ROOT = Path(__file__).parents[1]
MADE = handouts.handouts(ROOT)
LONGEST_SENTENCE = 20  # words, as the NHS service manual asks


def words(lesson, kind):
    return (ROOT / handouts.FOLDER / f"{lesson}_{kind}.md").read_text(encoding="utf-8")


def test_every_file_in_the_folder_is_a_handout():
    assert len(MADE) == len(list((ROOT / handouts.FOLDER).iterdir()))
    assert {lesson for lesson, kind in MADE if kind == "facilitator"} == {
        lesson for lesson, kind in MADE if kind == "one_page"
    }


@pytest.mark.parametrize(("lesson", "kind"), MADE)
def test_a_page_is_in_short_sentences(lesson, kind):
    lines = [line for line in words(lesson, kind).splitlines() if not line.startswith(("#", "["))]
    cells = [cell for line in lines for cell in line.split("|")]
    sentences = [one for cell in cells for one in re.split(r"(?<=[.!?:;])[\"*]*\s", cell)]
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("lesson", sorted({lesson for lesson, _ in MADE}))
def test_a_page_to_lead_has_timings_that_add_up_likely_answers_and_what_goes_wrong(lesson):
    text = words(lesson, "facilitator")
    assert {"## Likely answers", "## What goes wrong", "## What to take from it"} <= set(text.splitlines())
    promised = int(re.search(r"\*\*Minutes:\*\* (\d+)", text)[1])
    times = [tuple(map(int, pair)) for pair in re.findall(r"^\| (\d+) to (\d+) \|", text, flags=re.MULTILINE)]
    assert times[0][0] == 0
    assert times[-1][1] == promised
    assert all(before[1] == after[0] for before, after in itertools.pairwise(times))


@pytest.mark.parametrize("lesson", sorted({lesson for lesson, _ in MADE}))
def test_one_page_has_a_picture_and_room_to_write(lesson):
    page = handouts.handout(ROOT, lesson, "one_page")
    assert "<svg" in page
    assert 'class="to-write"' in page
    assert "[picture" not in page
    assert "## On Monday" in words(lesson, "one_page") or "On Monday we will:" in words(lesson, "one_page")


@pytest.mark.parametrize(("lesson", "kind"), MADE)
def test_each_number_of_the_text_stands_in_the_lesson_too(lesson, kind):
    """There the folded cells hold it; minutes of the session are the page's own."""
    [path] = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    told = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    said = re.sub(r"(?m)^\| \d+ to \d+ \||\*\*Minutes:\*\*.*$|^\[.*$|\b\d{1,2} minutes", "", words(lesson, kind))
    assert set(re.findall(r"\d[\d,.]*(?<![,.])", said)) <= set(re.findall(r"\d[\d,.]*(?<![,.])", told))


def test_a_handout_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(Refusal, match=r'No lesson with a handout called "77"; there are "00"'):
        handouts.handout(ROOT, "77", "one_page")


def test_the_command_writes_both_pages(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["handout", "00", "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"00_facilitator.html", "00_one_page.html"}
    assert "Written" in capsys.readouterr().out
    assert main(["handout", "00", "--out", str(tmp_path / "none")]) == 2


def test_without_a_folder_the_pages_go_where_a_person_keeps_their_own(tmp_path, capsys, monkeypatch):
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setattr(serving, "project_folder", lambda: tmp_path)
    assert main(["handout", "00"]) == 0
    assert {path.name for path in (tmp_path / "own").iterdir()} == {"00_facilitator.html", "00_one_page.html"}
    assert str(tmp_path / "own") in capsys.readouterr().out
