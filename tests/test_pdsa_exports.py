"""Does a record of tests come out whole on paper and in Excel, whatever was typed into it?"""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib.change import kit
from flowlib.change.aims import Aim, DriverDiagram, Idea, Primary, Secondary
from flowlib.change.measures_set import MeasureOfChange
from flowlib.change.pdsa import Cycle, Record, page, save_workbook
from flowlib.change.pdsa.workbook import COLUMNS
from flowlib.core.safe_cells import safe_cell
from flowlib.show.page import find_chromium, to_pdf

TODAY = dt.date(2025, 6, 30)
HOSTILE = "<script>alert('1')</script> & \"<img src=x onerror=alert(2)>\" </td></table> &lt;b&gt;"
PARTS = {"measure": "mean wait, hours", "prediction": 30.0, "why": "Load falls", "starts": "2025-05-05"}
DONE = {"result": 18.0, "learned": "Waits fell", "decision": "adapt", "studied_on": "2025-05-12"}
RECORD = Record(
    "Home within a day",
    (
        Cycle(1, "Ask on arrival", **PARTS, **DONE, scale="1 patient", ramp="Early plans", planned_on="2025-05-01"),
        Cycle(2, "Ask, with a form", **PARTS, scale="one ward", ramp="Early plans", follows=1, planned_on="2025-05-13"),
        Cycle(3, "A new rota", **PARTS),
    ),
)
MEASURE = MeasureOfChange("Wait", "outcome", "hours", "people", "none", "ward system", "week", "ward clerk", "down")
DIAGRAM = DriverDiagram(
    "Home within a day", (Primary("Early planning", (Secondary("Day one", (Idea("Early plans"), Idea("A form"))),)),)
)
AIM = Aim("shorten the wait", 30, 18, "hours", "30/06/2026", "people aged 65 and over", "Wexmoor")


class Page(HTMLParser):
    """The tags and the words of a page, if each tag that opens also closes."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(html)
        assert self.open == []
        self.text = " ".join(self.words)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in {"src", "href"}]
        if tag not in {"meta", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def whole_kit(record=RECORD):
    return kit.page(AIM, DIAGRAM, [MEASURE], record, today=TODAY)


# On paper.


def test_a_page_has_every_test_with_its_days_and_all_that_was_learned():
    got = Page(page(RECORD, today=TODAY))
    assert got.tags.count("tr") == 1 + 3
    for words in (
        "Tests of change: Home within a day",
        "As it stood on 30 June 2025.",
        "0 of 1 result was close to what we predicted.",
        "Because: Load falls",
        "On 1 patient, from 5 May 2025.",
        "On one ward, from 5 May 2025. Follows test 1.",
        "18, 12 below",
        "on 1 May 2025",
        "on 12 May 2025",
        "Decision: adapt",
        "Still to come",
        "Early plans: 2 tests, from 1 patient to one ward.",
        *RECORD.advice(TODAY),
    ):
        assert words in got.text


def test_a_page_of_no_test_is_whole_too():
    got = Page(page(Record("Home"), today=TODAY))
    assert "table" not in got.tags
    assert "There is no test yet. Plan a small one, and write down what you predict." in got.text


@pytest.mark.parametrize("made", [lambda record: page(record, today=TODAY), whole_kit])
def test_a_page_fetches_and_runs_nothing(made):
    html = made(RECORD)
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert "url(" not in html
    assert "@import" not in html
    assert {"script", "img", "link", "iframe"}.isdisjoint(Page(html).tags)


def test_signs_of_html_in_any_text_stay_text():
    hostile = Cycle(
        1, HOSTILE, HOSTILE, 30.0, HOSTILE, "2025-05-05", 18.0, HOSTILE, "adopt", scale=HOSTILE, ramp=HOSTILE
    )
    record = Record(HOSTILE, (hostile, Cycle(2, HOSTILE, HOSTILE, 1.0, HOSTILE, "2025-05-05", follows=1)))
    got = Page(page(record, today=TODAY))
    assert {"script", "img", "b"}.isdisjoint(got.tags)
    assert got.tags.count("table") == 1
    assert got.words.count(HOSTILE) == 2 * 2 + 1  # change and measure of each test, and the lesson
    everything = kit.page(
        Aim(HOSTILE, 1, 2, HOSTILE, "1/1/2026", HOSTILE, HOSTILE),
        DriverDiagram(HOSTILE, (Primary(f"a{HOSTILE}", (Secondary(f"b{HOSTILE}", (Idea(f"c{HOSTILE}", HOSTILE),)),)),)),
        [MeasureOfChange(HOSTILE, "outcome", *[HOSTILE] * 4, "week", HOSTILE, "up")],
        record,
    )
    assert {"script", "img", "b"}.isdisjoint(Page(everything).tags)


def test_the_kit_holds_aim_drivers_measures_and_tests():
    got = Page(whole_kit())
    assert got.words.count(AIM.sentence()) == 2  # title and heading
    for words in (
        "Early planning",
        "Day one",
        "Early plans",
        "(2 tests)",
        "Outcome measure. Down is good.",
        "Each week",
    ):
        assert words in got.text
    assert '"A new rota" was tested and is no idea of this diagram. Add it, or say why it is not.' in got.words
    assert '"Early plans" was tested' not in got.text
    assert got.tags.count("table") == 2


def test_a_kit_says_what_is_not_there_yet():
    got = Page(kit.page(Aim("cut falls"), None, [], None, today=TODAY))
    for words in (
        "The aim has no target. Give the number that you want to reach.",
        "There is no driver diagram yet. Say what the aim depends on most.",
        "There is no measure yet. Begin with one that shows what people get: an outcome measure.",
        "There is no test yet.",
    ):
        assert words in got.words


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium, Chrome or Edge on this computer")
def test_a_team_s_kit_is_printed_on_two_sides_of_a4(tmp_path):
    """Chromium's own PDF: a dozen ideas, 6 measures and 6 tests, as the page says that two sides hold."""
    ideas = [tuple(Idea(f"An idea with a name of eight words {i}{j}") for j in range(3)) for i in range(4)]
    drivers = tuple(Primary(f"Driver {i}", (Secondary(f"What it needs {i}", some),)) for i, some in enumerate(ideas))
    tests = tuple(Cycle(i, f"An idea with a name of eight words {i}", **PARTS, **DONE) for i in range(1, 7))
    measures = [
        MeasureOfChange(f"Wait {i}", "outcome", "hours", "people", "none", "ward system", "week", "ward clerk", "down")
        for i in range(6)
    ]
    html = kit.page(AIM, DriverDiagram("Home", drivers), measures, Record("Home", tests), today=TODAY)
    assert sides(html, tmp_path) <= 2
    assert sides(page(Record("Home", tests), today=TODAY), tmp_path) == 1


def sides(html, folder):
    """How many sides a page takes."""
    (folder / "page.html").write_text(html, encoding="utf-8")
    pdf = to_pdf(folder / "page.html", folder / "page.pdf").read_bytes()
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# In Excel.


def cells(path):
    sheet = openpyxl.load_workbook(path)["tests"]
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == list(COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_a_workbook_loads_back_with_the_same_values_and_real_dates(tmp_path):
    save_workbook(RECORD, tmp_path / "tests.xlsx", today=TODAY)
    first, second, third = ({name: cell.value for name, cell in row.items()} for row in cells(tmp_path / "tests.xlsx"))
    assert first == {
        "test": 1,
        "ramp": "Early plans",
        "follows test": None,
        "change": "Ask on arrival",
        "scale": "1 patient",
        "measure": "mean wait, hours",
        "why": "Load falls",
        "starts": dt.datetime.combine(dt.date(2025, 5, 5), dt.time()),
        "predicted": 30,
        "predicted on": dt.datetime.combine(dt.date(2025, 5, 1), dt.time()),
        "got": 18,
        "gap": -12,
        "got on": dt.datetime.combine(dt.date(2025, 5, 12), dt.time()),
        "learned": "Waits fell",
        "decision": "adapt",
    }
    assert (second["follows test"], second["got"], second["got on"], second["learned"]) == (1, None, None, None)
    assert (third["ramp"], third["predicted on"]) == (None, None)


def test_a_workbook_is_ready_to_read_and_to_print(tmp_path):
    """As Excel's own settings say: the headings stay, and a page is as wide as the table."""
    save_workbook(RECORD, tmp_path / "tests.xlsx", today=TODAY)
    book = openpyxl.load_workbook(tmp_path / "tests.xlsx")
    sheet = book["tests"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    for one in book.worksheets:
        assert one.sheet_properties.pageSetUpPr.fitToPage
        assert (one.page_setup.fitToWidth, one.page_setup.fitToHeight, one.page_setup.orientation) == (
            1,
            0,
            "landscape",
        )
    assert {sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]} == set(COLUMNS.values())
    assert [row[0].value for row in book["what they show"].iter_rows()] == [
        RECORD.aim,
        RECORD.predictions().sentence(),
        "Early plans: 2 tests, from 1 patient to one ward. The last result is still to come.",
        *RECORD.advice(TODAY),
    ]


def test_each_row_is_as_tall_as_its_longest_text_needs(tmp_path):
    """By head, at 15 points a line: "one two three" takes 2 lines in a column of 10 signs, and no row is above 409."""
    cycles = (
        Cycle(1, "a", **PARTS, scale="one two three"),
        Cycle(2, "a\nb\nc\nd", **PARTS),
        Cycle(3, "x" * 5000, **PARTS),
    )
    save_workbook(Record("Home", cycles), tmp_path / "tests.xlsx", today=TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "tests.xlsx")["tests"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [30, 60, 409]


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "TRUE", "12"])
def test_what_looks_like_a_formula_is_text(tmp_path, text):
    cycle = Cycle(1, text, text, 1.0, text, "2025-05-05", 2.0, text, "adopt", scale=text, ramp=text)
    save_workbook(Record(text, (cycle,)), tmp_path / "tests.xlsx")
    (row,) = cells(tmp_path / "tests.xlsx")
    for name in ("change", "measure", "why", "learned", "scale", "ramp"):
        assert (row[name].value, row[name].data_type) == (text, "s")
        assert bool(row[name].quotePrefix) == (safe_cell(text) != text)  # the one guard that all exports share
    assert openpyxl.load_workbook(tmp_path / "tests.xlsx")["what they show"]["A1"].data_type == "s"


@settings(max_examples=30, deadline=None)
@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30).filter(str.strip),
    st.floats(-1e300, 1e300),
)
def test_any_words_and_numbers_come_back_from_excel(tmp_path_factory, words, number):
    """Numbers to the 15 figures that Excel keeps."""
    place = tmp_path_factory.mktemp("book") / "tests.xlsx"
    save_workbook(Record("Home").plan(words, **{**PARTS, "prediction": number}), place)
    (row,) = cells(place)
    assert row["change"].value == words
    assert row["predicted"].value == pytest.approx(number, rel=1e-15, abs=0)


@pytest.mark.parametrize("name", ["tests.xls", "tests", "tests.csv"])
def test_a_workbook_needs_a_name_that_excel_opens(tmp_path, name):
    assert said(lambda: save_workbook(RECORD, tmp_path / name)) == (
        f'"{name}" must end in .xlsx, so that Excel opens it. Give it such a name.'
    )
    assert list(Path(tmp_path).iterdir()) == []


def test_a_page_takes_its_day_as_text_or_refuses_it_in_a_sentence(tmp_path):
    record = Record("Home sooner")
    assert page(record, today="2026-01-01") == page(record, today=dt.date(2026, 1, 1))
    aim = Aim("cut falls", 12, 6, "a month")
    assert "As it stood on 1 January 2026." in kit.page(aim, None, [], record, today="2026-01-01")
    told = 'today must be a day such as 30/06/2027 or "30 June 2027"; 5 came.'
    assert said(lambda: page(record, today=5)) == told
    assert said(lambda: kit.page(aim, None, [], None, today=5)) == told
    assert said(lambda: save_workbook(record, tmp_path / "tests.xlsx", today=5)) == told
