"""The briefing and the check, by their commands: what is written, and one sentence for what cannot be."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from own_files import ward_workbook

from flowlib.cli import main
from flowlib.core import data
from flowlib.show import find_chromium

SEPSIS = Path(__file__).parents[2] / "shared" / "data" / "sepsis_event_log.csv.gz"
PEOPLE = "".join(f"{n},ward,0{d}/02/2026 10:00\n" for d in range(1, 9) for n in ("John Smith", "Aisha Khan"))
HEADINGS = [
    "The journey",
    "Where people wait",
    "How it varies over time",
    "What if?",
    "What to ask",
    "What this rests on",
]


def briefing_of(path, out, *more):
    assert main(["briefing", str(path), "--out", str(out), *more]) == 0
    return out.read_text(encoding="utf-8")


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A way to have one briefing a file, however many tests look at it; and what the command said."""
    known = {}

    def write(path, *more):
        if path not in known:
            out = tmp_path_factory.mktemp("briefing") / "briefing.html"
            known[path] = briefing_of(path, out, *more), out
        return known[path]

    return write


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    return ward_workbook(tmp_path_factory.mktemp("own") / "clinic.xlsx")


@pytest.mark.parametrize("which", ["wexmoor", "workbook", pytest.param("sepsis", marks=pytest.mark.long)])
def test_a_briefing_is_one_page_that_asks_for_nothing(which, written, workbook, capsys):
    """Three inputs: the shipped list, a hand-made workbook with a midnight slip, a log of one time an event."""
    path = {"wexmoor": data.path("wexmoor_journey"), "workbook": workbook, "sepsis": SEPSIS}[which]
    if not path.is_file():
        pytest.skip("the sepsis log is not on this computer")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    page, _ = written(path, *(["--pdf"] if which == "wexmoor" and find_chromium() else []))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    for heading in HEADINGS:
        assert f">{heading}<" in re.sub(r"\s+", " ", page)
    assert page.count("<h1") == 1
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", page)
    assert "<script" not in page
    assert "Traceback" not in page
    assert "Warning" not in text_of(page)
    said = capsys.readouterr()
    assert "Written:" in said.out
    assert "The columns look like this" in said.err
    if which == "workbook":
        assert 'Fewer than 8 rows: "Finished" is before' in text_of(page)
        assert "Row 5" not in page


def test_the_same_briefing_twice_is_the_same(written, workbook, tmp_path):
    """Random draws are named, so a second run gives the same numbers to the last digit."""
    again = briefing_of(workbook, tmp_path / "again.html")
    assert text_of(written(workbook)[0]) == text_of(again)


def test_a_pdf_is_two_pages(written):
    """Oracle: the count of page objects in the file that Chromium wrote."""
    if find_chromium() is None:
        pytest.skip("no Chromium, Chrome or Edge on this computer")
    _, out = written(data.path("wexmoor_journey"), "--pdf")
    pdf = out.with_suffix(".pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(2000), "is a picture (PNG), not a table in text"),
        ("colours.csv", b"colour,size\nred,1\nblue,2\n", 'there are "colour", "size"'),
        ("names.csv", f"patient,step,arrived\n{PEOPLE}".encode(), 'Column "patient" looks like a name'),
    ],
)
@pytest.mark.parametrize("command", ["briefing", "check"])
def test_a_file_that_cannot_be_used_gets_one_sentence_and_exit_code_2(
    name, content, sentence, command, tmp_path, capsys
):
    path = tmp_path / name
    path.write_bytes(content)
    assert main([command, str(path)]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert "Smith" not in said.err + said.out
    assert path.read_bytes() == content


def test_columns_that_rival_each_other_are_not_guessed(tmp_path, capsys):
    path = tmp_path / "two.csv"
    rows = "".join(f"a{i},triage,north,0{i % 9 + 1}/02/2026 10:00\n" for i in range(30))
    path.write_text(f"person,activity,ward,timestamp\n{rows}")
    assert main(["check", str(path)]) == 2
    assert "nothing was read. Say it: --step COLUMN" in capsys.readouterr().err
    assert main(["check", str(path), "--step", "ward"]) == 0
    assert '30 rows were read from "two.csv"' in capsys.readouterr().out


def test_an_out_that_is_no_page_or_in_no_folder_is_refused(tmp_path, capsys):
    path = ward_workbook(tmp_path / "c.xlsx")
    assert main(["briefing", str(path), "--out", str(tmp_path / "b.docx")]) == 2
    assert "A briefing is an .html file" in capsys.readouterr().err
    assert main(["briefing", str(path), "--out", str(tmp_path / "none" / "b.html")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_the_original_can_be_read_only(tmp_path):
    path = tmp_path / "list.csv"
    shutil.copy(data.path("wexmoor_journey"), path)
    path.chmod(0o400)
    assert main(["check", str(path)]) == 0
