"""The quality report: every row accounted for, every correction counted, and a page that shows no cell."""

import csv
import itertools
import re

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import said

from flowlib import EventLog
from flowlib.core.quality import Note, Quality, Row, ranges
from flowlib.core.reading import tidy
from flowlib.show.quality_page import quality_page, write_quality_page

NAMED = {"person": "patient", "step": "ward", "arrived": "arrived", "left": "left"}


def read(tmp_path, rows, **options):
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["patient,ward,arrived,left", *rows]) + "\n", encoding="utf-8")
    return EventLog.read(path, **(NAMED | options))


def day(number):
    return f"P{number},A1,{number:02d}/01/2026 09:00,{number:02d}/01/2026 10:00"


ORDINARY = [day(n) for n in range(2, 32)]


def sentences(log, kind):
    return [note.sentence for note in log.quality.notes if note.kind == kind]


# The sum


CELLS = {
    "patient": ["P1", "P2", " P3 ", "", "NULL", "-"],
    "ward": ["A1", "B2 ", "", "n/a"],
    "arrived": [
        "13/01/2026 09:00",
        "14/01/2026 23:40",
        "",
        "NULL",
        "soon",
        "11/11/1811",
        "46035.5",
        "13/01/26 2:05 pm",
    ],
    "left": ["13/01/2026 10:00", "14/01/2026 02:10", "", "-", "31/12/9999", "15/01/2026"],
}


@pytest.mark.parametrize("midnight", ["set_aside", "next_day"])
def test_every_row_is_used_set_aside_or_blank(midnight):
    """All 1,152 rows that such cells can make. Oracle: the rows that went in; none is in two places."""
    rows = [*itertools.product(*CELLS.values()), *[("", "", "", "")] * 3]
    frame = pd.DataFrame(rows, columns=list(NAMED.values()))
    log = tidy(frame, NAMED, midnight=midnight, synthetic=True)
    report = log.quality
    assert report.rows_in_file == len(rows)
    assert report.rows_blank == rows.count(("", "", "", ""))
    assert report.rows_used == len(log)
    assert report.rows_used + report.rows_set_aside + report.rows_blank == len(rows)
    assert report.set_aside["row"].nunique() == len(report.set_aside) == report.rows_set_aside
    used = {row for row, cells in enumerate(rows, start=2) if any(cells)} - set(report.set_aside["row"])
    assert {" ".join(rows[row - 2][0].split()) for row in used} == set(log.frame["person"])


@pytest.mark.parametrize("midnight", ["set_aside", "next_day"])
def test_every_row_of_a_list_that_is_turned_round_is_accounted_for_too(midnight):
    """All 216 rows of three such moments. A row of which one step is left out is listed, and used in part."""
    moments = ["", "NULL", *(f"{day}/01/2026 {hour}:00" for day in (13, 14) for hour in ("01", "22"))]
    rows = [(f"P{n}", *line) for n, line in enumerate(itertools.product(moments, repeat=3), start=2)]
    frame = pd.DataFrame(rows, columns=["id", "a", "b", "c"])
    log = tidy(frame, {"person": "id"}, milestones=["a", "b", "c"], midnight=midnight, synthetic=True)
    report = log.quality
    used = {int(person[1:]) for person in log.frame["person"]}
    assert (report.rows_in_file, report.rows_used, report.visits) == (216, len(used), len(log))
    assert set(report.set_aside["row"]) | used == set(range(2, 218))
    assert len(set(report.set_aside["row"]) - used) == report.rows_set_aside


# What is put right


def test_each_dress_of_a_date_is_counted_with_its_rows(tmp_path):
    odd = ["P9,A1,46040.375,20/01/2026 10:00", "P9,A1,21/01/26 09:00,21/01/2026 10:00",
           "P9,A1,22/01/2026 9:00 am,22/01/2026 10:00", "P9,A1,23/01/2026 09:00,NULL",
           " P9,A1 ,24/01/2026 09:00,24/01/2026 10:00"]  # fmt: skip
    log = read(tmp_path, [*ORDINARY, *odd])
    assert len(log) == 35
    assert sentences(log, "put right") == [
        'Row 36: blanks before or after the text in "patient" were taken off.',
        'Row 36: blanks before or after the text in "ward" were taken off.',
        'Row 32: an Excel day number in "arrived" was read.',
        'Row 33: a year of two figures in "arrived" was read.',
        'Row 34: a clock of 12 hours (am or pm) in "arrived" was read.',
    ]
    assert 'Row 35: a word for blank, such as NULL, stands in "left".' in sentences(log, "to know")


def test_a_column_that_is_all_of_one_dress_is_told_once(tmp_path):
    rows = [f"P{n},A1,{n}/01/26 9:00 am,{n}/01/26 1:00 pm" for n in range(13, 29)]
    assert sentences(read(tmp_path, rows), "put right")[:2] == [
        'Most cells of "arrived" have years of two figures. They were read as 2026.',
        'Most cells of "arrived" have a clock of 12 hours (am or pm). It was read.',
    ]


def test_the_birth_date_of_nobody_counts_as_not_recorded(tmp_path):
    """11/11/1811 is what some systems hold for an unknown date (NHS Wales Data Dictionary)."""
    log = read(tmp_path, [*ORDINARY, "P9,A1,13/01/2026 09:00,11/11/1811"])
    assert 'Row 32: the year in "left" is a filler such as 1900 or 9999 and counts as not recorded.' in sentences(
        log, "to know"
    )


def test_midnights_kept_as_a_minute_beside_it_are_told_where_they_are_many(tmp_path):
    """Four at 23:59 and none near are told; one is not, nor four where each minute around midnight has two."""
    row = "P{0},A1,{1}/01/2026 {2},{3}/01/2026 10:00"
    beside = [row.format(9, n, "23:59", n + 1) for n in range(13, 17)]
    near = [row.format(k, n, f"23:{k}", n + 1) for k in range(50, 58) for n in (13, 14, 15, 16)]
    for rows, expected in (([*beside], [(32, 33, 34, 35)]), (beside[:1], []), ([*beside, *near], [])):
        told = [n.rows for n in read(tmp_path, [*ORDINARY, *rows]).quality.notes if "23:59" in n.sentence]
        assert told == expected


def test_both_clock_changes_are_told_by_their_rows(tmp_path):
    rows = [*ORDINARY, "P9,A1,26/10/2025 01:30,26/10/2025 03:00", "P9,A1,29/03/2026 01:30,29/03/2026 03:00"]
    log = read(tmp_path, rows)
    assert sentences(log, "to know") == [
        'Rows 32, 33: "arrived" is in an hour when the clocks change; it may be an hour off.'
    ]


def test_a_slip_at_midnight_is_moved_only_where_that_is_asked_for(tmp_path):
    """Left 2:10 on the date of the evening: 2.5 hours. Left an hour too early: no slip, whatever is asked for."""
    rows = [*ORDINARY, "Q1,A1,13/01/2026 23:40,13/01/2026 02:10", "Q2,A1,13/01/2026 10:00,13/01/2026 09:00"]
    log = read(tmp_path, rows)
    assert log.quality.set_aside["row"].tolist() == [32, 33]
    assert sentences(log, "to know") == [
        'Row 32: a date may be of the day before. midnight="next_day" moves such times a day on.'
    ]
    log = read(tmp_path, rows, midnight="next_day", synthetic=True)
    assert log.quality.set_aside["row"].tolist() == [33]
    assert sentences(log, "put right") == [
        'Row 32: "left" was before "arrived" by over 12 hours; its date was moved a day on.'
    ]
    assert log.visits.loc[log.visits["person"] == "Q1", "step_hours"].item() == 2.5
    assert said(lambda: read(tmp_path, rows, midnight="guess")) == (
        'No midnight called "guess"; there are "set_aside", "next_day".'
    )


def test_a_cell_beyond_all_measure_sets_its_row_aside(tmp_path):
    log = read(tmp_path, [*ORDINARY, f"P9,{'x' * 2_001},13/01/2026 09:00,"])
    assert sentences(log, "set aside") == [
        'Row 32: the cell in "ward" is over 2,000 characters long. Look for a quotation mark that is never closed.'
    ]


# The table, the list and the page


FOUND = Quality(
    '"list.csv"', 9, 5, {"person": "id"},
    (Note("to know", "It is so."), Note("set aside", "Rows 3 and more: no step.", (3, 4, 5, 9))), 1,
)  # fmt: skip


def test_the_table_has_every_row_as_ranges():
    assert FOUND.table.to_dict("list") == {
        "kind": ["to know", "set aside"],
        "what": ["It is so.", "Rows 3 and more: no step."],
        "rows": [0, 4],
        "row_numbers": ["", "3 to 5, 9"],
        "sheet": ["", ""],
    }
    assert FOUND.sentences()[0] == '10 rows were read from "list.csv"; 5 are used, 4 set aside and 1 blank.'


@given(st.sets(st.integers(1, 60)))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_ranges_hold_the_rows_and_no_others(rows):
    """Oracle: each range counted out."""
    told = [[int(n) for n in part.split(" to ")] for part in ranges(sorted(rows)).split(", ") if part]
    assert [n for part in told for n in range(part[0], part[-1] + 1)] == sorted(rows)


def test_joined_sheets_are_told_apart_in_every_list(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("March", "=1+1"):
        page = book.create_sheet(name)
        for row in [
            list(NAMED.values()),
            ["P1", "A1", "13/01/2026 09:00", "13/01/2026 10:00"],
            ["P2", None, "13/01/2026", ""],
        ]:
            page.append(row)
    book.save(tmp_path / "list.xlsx")
    log = EventLog.read(tmp_path / "list.xlsx", sheet="*", **NAMED)
    assert (len(log), log.quality.rows_in) == (2, 4)
    assert log.quality.set_aside[["row", "sheet"]].to_numpy().tolist() == [[3, "=1+1"], [3, "March"]]
    table = log.quality.table
    assert table[table["kind"] == "set aside"][["rows", "row_numbers", "sheet"]].to_numpy().tolist() == [
        [1, "3", "=1+1"],
        [1, "3", "March"],
    ]
    again = Quality.from_plain(log.quality.to_plain())
    assert again == log.quality
    assert again.set_aside.equals(log.quality.set_aside)
    log.quality.save_set_aside(tmp_path / "aside.csv")
    with (tmp_path / "aside.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["sheet"] for row in rows] == ["'=1+1", "March"]


def test_the_list_of_rows_set_aside_holds_no_cell_of_the_extract(tmp_path):
    log = read(tmp_path, [*ORDINARY, "Secret,,13/01/2026 09:00,", "=cmd,A1,13/01/2026 09:00,12/01/2026 01:00"])
    log.quality.save_set_aside(tmp_path / "aside.csv")
    kept = (tmp_path / "aside.csv").read_text(encoding="utf-8-sig")
    assert kept.splitlines()[0] == "row,why"
    assert [line.split(",")[0] for line in kept.splitlines()[1:]] == ["32", "33"]
    assert "Secret" not in kept
    assert "cmd" not in kept
    assert said(lambda: log.quality.save_set_aside(tmp_path / "none" / "aside.csv")) == (
        "The list cannot be written there. Check that the folder is there, and close the file elsewhere."
    )


def test_the_page_says_all_that_was_found_and_runs_nothing(tmp_path):
    header = '<script>alert("1")</script>'
    path = tmp_path / "list.csv"
    path.write_text(f"patient,{header.replace(chr(34), '')},arrived\nP1,A1,13/01/2026\nP2,,14/01/2026\n,,\n")
    log = EventLog.read(path, person="patient", step=header.replace('"', ""), finished="arrived")
    page = quality_page(log.quality, for_owners=True)
    assert "<script>" not in page
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for told in (
        "Rows in the file, below the column names 3",
        "Set aside 1",
        "Blank, so passed over 1",
        "No step in column",
    ):
        assert told in words
    place = write_quality_page(log.quality, tmp_path / "found.html", for_owners=True)
    assert place.read_text(encoding="utf-8") == page
    assert said(lambda: write_quality_page(log.quality, tmp_path / "found.pdf")) == (
        'The page is an .html file; "found.pdf" came. Change its ending.'
    )
    assert said(lambda: write_quality_page(log.quality, tmp_path / "none" / "found.html")) == (
        '"found.html" cannot be written. Check that its folder is there, and close the file elsewhere.'
    )


def test_a_page_stays_short_where_rows_are_scattered_by_the_thousand():
    rows = tuple(range(2, 20_002, 2))
    found = Quality('"list.csv"', 20_000, 10_000, {"person": "id"}, (Note("set aside", "No step.", rows),))
    page = quality_page(found, for_owners=True)
    assert "and 9,940 more ranges" in page
    assert len(page) < 20_000


def test_a_row_knows_its_sheet_and_is_a_number():
    assert Row(4).on("March") + 1 == 5


@pytest.mark.parametrize("lines", [["P1,A1,13/01/2026,"], []])
def test_a_report_without_notes_says_so(tmp_path, lines):
    log = read(tmp_path, [*ORDINARY, *lines])
    assert ("Nothing else was found." in quality_page(log.quality)) == (not lines)
