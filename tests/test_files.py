"""Which files are tables, and what is in their cells: every encoding, every dress, and everything that is no table."""

import datetime as dt
import gzip
import hashlib
import io
import os
import zipfile

import numpy as np
import openpyxl
import openpyxl.chart
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from refusals import said

from flowlib.core import files, progress, text_files, workbooks
from flowlib.core.files import open_table
from flowlib.core.quality import Findings

ROWS = [["person", "step", "when"], ["é1", "triage", "03/02/2026 09:00"], ["é2", "doctor", "03/02/2026 09:30"]]


def text(separator=",", rows=ROWS, end="\n"):
    return end.join(separator.join(row) for row in rows) + end


def cells(path, columns=("person", "step", "when"), **options):
    """The cells of a file as lists, with the number of each row."""
    loaded = open_table(path, **options).load(list(columns))
    return [[row, *values] for row, values in zip(loaded.rows.tolist(), loaded.frame.to_numpy().tolist(), strict=True)]


EXPECTED = [[2, *ROWS[1]], [3, *ROWS[2]]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be-bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("zipped", [False, True])
def test_the_same_table_in_every_dress_is_the_same(tmp_path, separator, encoding, end, zipped):
    """Comma, semicolon, tab or bar; with and without a mark; Windows, Unix and old Mac; zipped or not."""
    content = text(separator, end=end)
    if encoding == "utf-16-be-bom":
        content, encoding = "\ufeff" + content, "utf-16-be"
    raw = content.encode(encoding)
    path = tmp_path / ("list.csv.gz" if zipped else "list.csv")
    path.write_bytes(gzip.compress(raw) if zipped else raw)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    assert cells(path) == EXPECTED
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_workbook_holds_the_same_table(tmp_path):
    book(tmp_path / "list.xlsx", {"Sheet1": ROWS})
    assert cells(tmp_path / "list.xlsx") == EXPECTED


def book(path, sheets):
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)


def test_columns_come_in_the_order_asked_for_and_no_others(tmp_path):
    (tmp_path / "list.csv").write_text(text(), encoding="utf-8")
    assert cells(tmp_path / "list.csv", ["when", "person"])[0] == [2, "03/02/2026 09:00", "é1"]


@pytest.mark.parametrize("header", ['"Date, time";"step";"per ""son"""', 'Date, time;step;"per ""son"""'])
def test_the_separator_is_found_outside_quotation_marks(tmp_path, header):
    (tmp_path / "list.csv").write_text(header + "\n1;2;3\n", encoding="utf-8")
    assert open_table(tmp_path / "list.csv").headers == ["Date, time", "step", 'per "son"']


def test_names_of_columns_lose_blanks_and_line_breaks_and_rows_are_still_counted(tmp_path):
    """Excel writes a header of two lines as one cell; rows are numbered as Excel numbers them."""
    (tmp_path / "list.csv").write_text('" person ","Arrival\ndate",step\n1,2,3\n4,5,6\n', encoding="utf-8")
    assert open_table(tmp_path / "list.csv").headers == ["person", "Arrival date", "step"]
    assert cells(tmp_path / "list.csv", ["Arrival date"]) == [[2, "2"], [3, "5"]]


def test_rows_of_another_length_are_set_aside_and_the_others_keep_their_numbers(tmp_path):
    """By hand: rows 3 and 6 are too short and too long, row 5 is blank; rows 2, 4 and 7 are as they were."""
    (tmp_path / "list.csv").write_text("a,b\n1,2\n3\n4,5\n\n6,7,8\n9,10\n", encoding="utf-8")
    loaded = open_table(tmp_path / "list.csv").load(["a", "b"])
    assert dict(zip(loaded.rows.tolist(), loaded.frame["a"].tolist(), strict=True)) == {2: "1", 4: "4", 5: "", 7: "9"}
    (note,) = loaded.notes
    assert (note.kind, note.rows) == ("set aside", (3, 6))
    assert note.sentence == "Rows 3, 6: not as many cells as there are column names."


def test_many_odd_rows_across_blocks_keep_their_numbers(tmp_path, monkeypatch):
    """Every fifth row is short; blocks of 64 bytes cut the file anywhere."""
    monkeypatch.setattr(text_files, "BLOCK", 64)
    lines = ["a,b"] + [f"{i}" if i % 5 == 0 else f"{i},x" for i in range(2, 2000)]
    (tmp_path / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    loaded = open_table(tmp_path / "list.csv").load(["a"])
    assert loaded.frame["a"].astype(int).tolist() == loaded.rows.tolist()
    assert loaded.notes[0].rows == tuple(range(5, 2000, 5))


def test_a_file_with_too_many_rows_of_another_length_is_refused(tmp_path, monkeypatch):
    """To skip them takes time that grows with their square, and so damaged a file tells nothing."""
    monkeypatch.setattr(text_files, "MOST_ODD", 50)
    (tmp_path / "list.csv").write_text("a,b\n1,2\n" + "3\n" * 60, encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "list.csv").load(["a"])) == (
        'Over 50 rows of "list.csv" have not as many cells as there are column names '
        "(rows 3, 4, 5, 6, 7, and so on). Save it again as CSV."
    )


def test_text_over_several_lines_stays_in_its_cell_and_is_told(tmp_path):
    (tmp_path / "list.csv").write_text('a,b\n1,"x\ny"\n2,z\n', encoding="utf-8")
    loaded = open_table(tmp_path / "list.csv").load(["a", "b"])
    assert loaded.frame.to_numpy().tolist() == [["1", "x\ny"], ["2", "z"]]
    assert loaded.rows.tolist() == [2, 3]
    assert [note.sentence for note in loaded.notes] == [
        (
            "1 line of the file belongs to text that runs over several lines. "
            "If that is wrong, look for a quotation mark that is never closed."
        )
    ]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_rows_unseen(tmp_path):
    rows = "".join(f"{i},b\n" for i in range(500))
    (tmp_path / "list.csv").write_text('a,b\n1,"open\n' + rows, encoding="utf-8")
    loaded = open_table(tmp_path / "list.csv").load(["a"])
    assert loaded.notes[-1].sentence.startswith("500 lines of the file belong to text")


def test_a_sample_leaves_out_columns_without_a_name_of_their_own(tmp_path):
    (tmp_path / "list.csv").write_text("a,,b,b,\n1,2,3,4,5\n", encoding="utf-8")
    assert list(open_table(tmp_path / "list.csv").sample()) == ["a"]


def test_a_table_of_which_no_column_has_a_name_of_its_own_is_refused(tmp_path):
    (tmp_path / "list.csv").write_text("a,a,,\n1,2,3,4\n", encoding="utf-8")
    assert said(open_table(tmp_path / "list.csv").sample) == (
        'No column of "list.csv" has a name of its own. Rename the columns.'
    )


def test_a_sample_of_a_long_file_is_its_first_rows(tmp_path):
    (tmp_path / "list.csv").write_text("a,b\n" + "".join(f"{i},x\n" for i in range(9000)), encoding="utf-8")
    sample = open_table(tmp_path / "list.csv").sample()
    assert sample["a"].tolist() == [str(i) for i in range(files.SAMPLE_ROWS)]


def test_western_text_is_read_whatever_its_bytes(tmp_path):
    """0x92 is an apostrophe in Windows text; 0x81 is nothing there, so the file is older Western text."""
    (tmp_path / "a.csv").write_bytes(b"a,b\nO\x92Brien,caf\xe9\n")
    assert cells(tmp_path / "a.csv", ["a", "b"]) == [[2, "O’Brien", "café"]]
    (tmp_path / "b.csv").write_bytes(b"a,b\n\x81,caf\xe9\n")
    assert cells(tmp_path / "b.csv", ["b"]) == [[2, "café"]]


def test_a_western_letter_far_down_a_long_file_is_found(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,x\n" * 30_000 + b"2,caf\xe9\n")
    assert cells(tmp_path / "a.csv", ["b"])[-1] == [30_002, "café"]


# Workbooks


def test_a_workbook_with_several_tables_asks_which(tmp_path):
    path = tmp_path / "list.xlsx"
    book(path, {"Notes": [[None]], "March": ROWS, "April": ROWS[:2]})
    assert said(lambda: open_table(path)) == (
        '"list.xlsx" has 2 sheets with a table: "March", "April". Say which one: sheet=..., or join them: sheet="*".'
    )
    assert said(lambda: open_table(path, sheet="Mrach")) == (
        'No sheet in "list.xlsx" called "Mrach"; there are "March", "April". Did you mean "March"?'
    )
    assert cells(path, sheet="April") == EXPECTED[:1]


def test_a_workbook_without_column_names_is_refused(tmp_path):
    book(tmp_path / "list.xlsx", {"A": [[None], ["x"]], "B": []})
    assert said(lambda: open_table(tmp_path / "list.xlsx")) == (
        'No sheet of "list.xlsx" has column names in its first row. Put them there.'
    )


def test_a_sheet_whose_size_was_written_wrong_is_read_whole(tmp_path):
    """Some programs say that a sheet is one cell large."""
    path = tmp_path / "list.xlsx"
    book(path, {"A": ROWS})
    other = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            new.writestr(item, data.replace(b'ref="A1:C3"', b'ref="A1"') if "sheet1" in item else data)
    assert cells(other) == EXPECTED


def test_blank_rows_at_the_end_of_a_sheet_are_no_rows(tmp_path):
    book(tmp_path / "list.xlsx", {"A": [*ROWS, [None] * 3, [None] * 3]})
    assert cells(tmp_path / "list.xlsx") == EXPECTED


def test_drop_down_lists_and_pictures_of_charts_do_not_stand_in_the_way(tmp_path):
    """The library warns of what it leaves out; a person is not told of that, and charts have no cells."""
    made = openpyxl.Workbook()
    made.active.append(["person", "step"])
    made.active.append(["1", "triage"])
    made.active.add_data_validation(openpyxl.worksheet.datavalidation.DataValidation("list", formula1='"a,b"'))
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(made.active, min_col=1, min_row=1, max_row=2))
    made.create_chartsheet("Chart").add_chart(chart)
    made.save(tmp_path / "list.xlsx")
    assert cells(tmp_path / "list.xlsx", ["person"]) == [[2, "1"]]


# What is no table


def broken_book():
    """A zip of a workbook whose sheet is cut off."""
    good = io.BytesIO()
    book(good, {"A": ROWS * 50})
    made = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            new.writestr(item, data[: len(data) // 2] if "sheet1" in item else data)
    return made.getvalue()


TABLE = "not a table in text. Save the table as CSV or .xlsx and choose that file."
NO_BOOK = '"a.xlsx" is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'
NO_NAMES = '"a.csv" does not start with a row of column names. Add one, and save it again as CSV.'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", '"a.csv" is empty. Choose a file that holds a table.'),
        ("a.csv", b"\n", NO_NAMES),
        ("a.csv", b"   \n\n", NO_NAMES),
        ("a.csv", b"word", NO_NAMES),
        ("a.csv", b"\xef\xbb\xbf", NO_NAMES),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, f'"a.csv" is a picture (PNG), {TABLE}'),
        ("a.csv", b"\xff\xd8\xff\xe0 picture", f'"a.csv" is a picture (JPEG), {TABLE}'),
        ("a.csv", b"GIF89a picture", f'"a.csv" is a picture (GIF), {TABLE}'),
        ("a.csv", b"%PDF-1.7 text", f'"a.csv" is a PDF, {TABLE}'),
        ("a.csv", b"PK\x03\x04 zip", f'"a.csv" is a workbook or zip archive, {TABLE}'),
        ("a.csv", b"PAR1 table", f'"a.csv" is a Parquet file, {TABLE}'),
        ("a.csv", gzip.compress(b"a,b\n1,2\n"), f'"a.csv" is a zipped file whose name does not end in .gz, {TABLE}'),
        ("a.csv", b"a,b\n1,\0\n", '"a.csv" is not a text file. Save the table as CSV or .xlsx.'),
        ("a.xls", OLE, f'"a.xls" is an old Excel or Word file, or one with a password, {TABLE}'),
        ("a.xls", b"<html><table><tr><td>person", f'"a.xls" is a web page or XML, {TABLE}'),
        ("a.json", b' {"person": 1}', f'"a.json" is JSON, {TABLE}'),
        ("a.xlsx", OLE, f'"a.xlsx" is an old Excel or Word file, or one with a password, {TABLE}'),
        ("a.xlsx", b"PK\x03\x04 no zip at all", NO_BOOK),
        ("a.xlsx", b"person,step\n1,2\n", NO_BOOK),
        ("a.xlsx", broken_book(), NO_BOOK),
        ("a.csv.gz", b"person,step\n",
         '"a.csv.gz" cannot be opened. Close it in other programs, and check that it is whole.'),
        ("a.csv.gz", gzip.compress(os.urandom(300_000).hex().encode())[:-2000],
         '"a.csv.gz" is damaged: it ends too early. Fetch or save it again.'),
    ],
    ids=lambda value: "content" if isinstance(value, bytes) else value[:40],  # a zip holds the time it was made
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    assert said(lambda: open_table(tmp_path / name).load(["person"])) == sentence
    assert (tmp_path / name).read_bytes() == content


@pytest.mark.parametrize(
    "first",
    [
        "943 476 5919,triage,03/02/2026",
        "maureen@example.org,triage,1",
        "1,ls1 4ap,2",
        "07700 900123,a,b",
        "W1,triage,03/02/2026 09:00",
    ],
)
def test_a_file_without_column_names_is_refused_and_its_first_row_is_not_repeated(tmp_path, first):
    """A first row that holds a person's details must not end up in a message."""
    (tmp_path / "a.csv").write_text(f"{first}\n{first}\n", encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "a.csv")) == NO_NAMES


def test_what_is_not_there_or_is_a_folder_is_refused(tmp_path):
    assert said(lambda: open_table(tmp_path / "a.csv")) == (
        'There is no file "a.csv" there. Check the name and the folder.'
    )
    assert said(lambda: open_table(tmp_path)) == f'"{tmp_path.name}" is a folder. Choose a file in it.'


def test_a_sheet_of_a_text_file_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text(text(), encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "a.csv", sheet="March")) == (
        '"a.csv" is not an Excel workbook, so it has no sheet "March".'
    )


TOO_LARGE = "GB or more; the most that can be read is 2 GB. Split it, or take fewer columns."


def test_a_file_over_2_gb_is_refused_before_it_is_read(tmp_path):
    """A file with a hole in it: large in name, and no room taken on the disk."""
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    assert said(lambda: open_table(tmp_path / "a.csv")) == f'"a.csv" is 2.0 {TOO_LARGE}'


def test_a_file_that_would_be_too_large_when_unzipped_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 100_000))
    monkeypatch.setattr(text_files, "MOST_BYTES", 100_000)
    assert said(lambda: open_table(tmp_path / "a.csv.gz")).endswith(TOO_LARGE)


def test_two_columns_of_one_name_are_refused_only_when_asked_for(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,b\n1,2,3\n", encoding="utf-8")
    table = open_table(tmp_path / "a.csv")
    assert table.load(["a"]).frame["a"].tolist() == ["1"]
    assert said(lambda: table.load(["b"])) == '"a.csv" has 2 columns called "b". Rename all but one.'


def test_a_header_alone_without_a_line_end_has_no_rows(tmp_path):
    (tmp_path / "a.csv").write_text("a,b", encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "a.csv").load(["a"])) == (
        'There are no rows in "a.csv". Choose a file that holds some.'
    )


def test_a_header_alone_gives_no_rows(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n", encoding="utf-8")
    assert len(open_table(tmp_path / "a.csv").load(["a"]).frame) == 0
    book(tmp_path / "a.xlsx", {"A": ROWS[:1]})
    assert len(open_table(tmp_path / "a.xlsx").load(["person"]).frame) == 0


def test_a_file_whose_rows_all_have_more_cells_than_names_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2,x\n3,4,\n", encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "a.csv").load(["a"])) == (
        'No row of "a.csv" has as many cells as there are column names. Save it again as CSV.'
    )


def test_rows_that_end_in_a_separator_below_names_that_do_not_are_read(tmp_path):
    """As some systems write them. Oracle: by hand; a row of another length still keeps its number."""
    (tmp_path / "a.csv").write_text("a,b\n1,2,\n3,4,\n5,6,7,8\n9,0,\n", encoding="utf-8")
    loaded = open_table(tmp_path / "a.csv").load(["a", "b"])
    assert loaded.frame.to_numpy().tolist() == [["1", "2"], ["3", "4"], ["9", "0"]]
    assert loaded.rows.tolist() == [2, 3, 5]
    assert [note.sentence for note in loaded.notes] == ["Row 4: not as many cells as there are column names."]


# Where the column names stand

TITLES = {
    "a title": (["Ward moves, January"], 1),
    "a title and a blank row": (["Ward moves", ""], 2),
    "three titles, one of them a day": (["Wexmoor General", "Report: ward moves", "Run: 03/02/2026 08:00", ""], 4),
    "a title with commas behind": (["Ward moves,,,", ",,,"], 2),
    "headings over two columns each": (["Person,,When,"], 1),
    "blank rows": (["", ""], 2),
}
FOUR = ["person,step,came,went", *(f"P{n},A1,{n}/01/2026 09:00,{n}/01/2026 10:00" for n in range(13, 20))]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_above_the_column_names_are_passed_over_and_said(tmp_path, title, separator, end):
    """Oracle: the rows as written. Each keeps its number in the file."""
    above, count = TITLES[title]
    lines = [line.replace(",", separator) for line in [*above, *FOUR, "P9,A1"]]
    (tmp_path / "a.csv").write_bytes(end.join(lines).encode() + end.encode())
    table = open_table(tmp_path / "a.csv")
    loaded = table.load(["person", "went"])
    assert table.headers == ["person", "step", "came", "went"]
    assert loaded.rows.tolist() == list(range(count + 2, count + 9))
    assert loaded.frame["person"].tolist() == [f"P{n}" for n in range(13, 20)]
    rows = "Row 1 stands above the column names, so it was passed over."
    if count > 1:
        rows = f"Rows 1 to {count} stand above the column names, so they were passed over."
    assert table.passed == [rows]
    assert [note.sentence for note in loaded.notes] == [
        rows, f"Row {count + 9}: not as many cells as there are column names."
    ]  # fmt: skip


def test_rows_above_the_column_names_of_a_sheet_are_passed_over_too(tmp_path):
    """Two sheets, of which each has its own titles; rows are numbered as Excel numbers them."""
    rows = [line.split(",") for line in FOUR]
    book(tmp_path / "a.xlsx", {"Jan": [["Ward moves"], [None], *rows], "Feb": [[None, None], *rows]})
    table = open_table(tmp_path / "a.xlsx", sheet="*")
    loaded = table.load(["person"])
    assert table.passed == [
        'Rows 1 to 2 of "Jan" stand above the column names, so they were passed over.',
        'Row 1 of "Feb" stands above the column names, so it was passed over.',
    ]
    numbers = Findings(loaded.rows, (), loaded.sheets).numbers(np.ones(14, dtype=bool))
    assert [(row, row.sheet) for row in numbers] == [
        *((row, "Jan") for row in range(4, 11)), *((row, "Feb") for row in range(3, 10))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["a,b,c,d", "1,,,", "2,,,", "3,4,5,6"],
        ["name,,,", "P1,A1,13/01/2026,14/01/2026", "P2,A1,13/01/2026,14/01/2026"],
        ["one", "two", "three"],
    ],
)
def test_no_row_is_taken_for_a_title_where_what_follows_cannot_be_column_names(tmp_path, lines):
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = open_table(tmp_path / "a.csv")
    assert table.passed == []
    assert table.headers == lines[0].split(",")


def test_the_line_in_which_excel_names_the_separator_is_no_row_of_the_table(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\nperson;step, place\nP1;a, b\n", encoding="utf-8")
    table = open_table(tmp_path / "a.csv")
    assert table.headers == ["person", "step, place"]
    assert table.load(["person"]).rows.tolist() == [3]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_pairs(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes("person\tstep\nP1\tCafé\n".encode(encoding))
    assert cells(tmp_path / "a.txt", ["step"]) == [[2, "Café"]]


# Progress


@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz", "list.xlsx"])
def test_a_slow_file_shows_how_far_it_has_come_and_never_goes_back(tmp_path, monkeypatch, name):
    path = tmp_path / name
    content = text(rows=ROWS[:1] + ROWS[1:] * 12_000).encode()
    if name.endswith("xlsx"):
        book(path, {"A": ROWS[:1] + ROWS[1:] * 5_000})
    else:
        path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    monkeypatch.setattr(progress, "SLOW_BYTES", {})
    monkeypatch.setattr(progress, "SLOW_TEXT", 1)
    monkeypatch.setattr(text_files, "BLOCK", 4096)
    seen = []
    with progress.Progress(path) as bar:
        monkeypatch.setattr(bar._bar, "update", seen.append)
        open_table(path).load(["person"], progress=bar)
    assert len(seen) >= 2
    assert all(step > 0 for step in seen)


def test_a_small_file_shows_no_progress(tmp_path):
    (tmp_path / "a.csv").write_text(text(), encoding="utf-8")
    with progress.Progress(tmp_path / "a.csv") as bar:
        assert bar._bar is None


# Sheets joined, and Parquet


def test_sheets_of_one_shape_are_joined_and_each_row_says_its_sheet(tmp_path):
    """A month a sheet, with the columns in another order: rows keep their numbers on their own sheet."""
    path = tmp_path / "year.xlsx"
    turned = [[row[2], row[0], row[1]] for row in ROWS]
    book(path, {"March": ROWS, "April": turned, "Notes": [["what", "who"]]})
    table = open_table(path, sheet=["March", "April"])
    loaded = table.load(["person", "when"])
    assert loaded.frame.to_numpy().tolist() == [[ROWS[1][0], ROWS[1][2]], [ROWS[2][0], ROWS[2][2]]] * 2
    assert loaded.sheets == ("March", "April")
    found = Findings(loaded.rows, sheets=loaded.sheets)
    found.note("to know", loaded.rows > 0, "seen.")
    assert found.notes[0].sentence == 'Rows 2 of "March", 3 of "March", 2 of "April", 3 of "April": seen.'
    assert said(lambda: open_table(path, sheet="*")) == (
        'Sheet "Notes" of "year.xlsx" has other column names than "March", so they cannot be joined. '
        "Name those that have the same, as a list."
    )
    assert said(lambda: open_table(path, sheet=[])) == "Name at least one sheet."


def test_all_sheets_are_joined_by_a_star(tmp_path):
    book(tmp_path / "a.xlsx", {"March": ROWS, "April": ROWS[:2]})
    loaded = open_table(tmp_path / "a.xlsx", sheet="*").load(["step"])
    assert loaded.frame["step"].tolist() == ["triage", "doctor", "triage"]
    book(tmp_path / "b.xlsx", {"March": ROWS})
    assert open_table(tmp_path / "b.xlsx", sheet="*").load(["step"]).sheets == ()


@pytest.mark.parametrize("name", ["list.parquet", "list.PQ"])
def test_a_parquet_file_holds_the_same_table(tmp_path, name):
    pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_parquet(tmp_path / name)
    assert cells(tmp_path / name) == EXPECTED


def test_the_cells_of_a_parquet_file_keep_every_figure_and_every_moment(tmp_path):
    """A whole number beyond 2**53, words kept as codes, moments with a zone, days, and nothing."""
    made = pd.DataFrame(
        {
            "id": pd.array([9_007_199_254_740_993, None], dtype="Int64"),
            "ward": pd.Categorical(["A1", "B2"]),
            "at": pd.to_datetime(["2026-02-03T09:00Z", "2026-07-03T09:00Z"]),
            "day": [dt.date(2026, 2, 3), None],
            "none": [None, None],
            "serial": [46_046.375, float("nan")],
        }
    )
    made.to_parquet(tmp_path / "a.parquet")
    frame = open_table(tmp_path / "a.parquet").load(list(made)).frame
    assert frame["id"].tolist() == ["9007199254740993", ""]
    assert frame["ward"].tolist() == ["A1", "B2"]
    assert frame["at"].tolist() == made["at"].tolist()
    assert frame["day"].tolist()[0] == pd.Timestamp("2026-02-03")
    assert frame["none"].tolist() == ["", ""]
    assert frame["serial"].tolist()[0] == 46_046.375


def test_a_sample_of_a_long_parquet_file_is_its_first_rows(tmp_path):
    pd.DataFrame({"a": range(9_000), "b": "x"}).to_parquet(tmp_path / "a.parquet")
    assert open_table(tmp_path / "a.parquet").sample()["a"].tolist() == [str(i) for i in range(files.SAMPLE_ROWS)]


def test_what_is_no_parquet_file_or_no_cell_is_refused(tmp_path):
    pd.DataFrame({"a": [[1, 2]], "b": ["x"]}).to_parquet(tmp_path / "a.parquet")
    table = open_table(tmp_path / "a.parquet")
    assert table.load(["b"]).frame["b"].tolist() == ["x"]
    assert said(lambda: table.load(["a"])) == (
        'Column "a" of "a.parquet" holds lists or lengths of time, not cells of text or dates. '
        "Leave it out, or save it as text."
    )
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-9])
    assert said(lambda: open_table(tmp_path / "b.parquet")) == (
        '"b.parquet" is not a Parquet file that can be read, or is damaged. Fetch or save it again.'
    )
    two = pa.py_buffer(np.array([0, 2], dtype=np.int32))
    odd = pa.StringArray.from_buffers(1, two, pa.py_buffer(b"\xff\xfe"))  # signs that are no text
    parquet.write_table(pa.table({"a": odd}), tmp_path / "d.parquet")
    assert said(lambda: open_table(tmp_path / "d.parquet").load(["a"])) == (
        '"d.parquet" is not a Parquet file that can be read, or is damaged. Fetch or save it again.'
    )
    (tmp_path / "c.parquet").write_text("a,b\n1,2\n", encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "c.parquet")) == (
        '"c.parquet" is not a Parquet file, though its name says so. Fetch or save it again.'
    )


# What is beyond all measure


def test_a_workbook_that_is_far_larger_unpacked_is_refused_before_it_is_read(tmp_path, monkeypatch):
    book(tmp_path / "a.xlsx", {"A": ROWS})
    monkeypatch.setattr(workbooks, "MOST_OTHER_BYTES", 100)
    assert said(lambda: open_table(tmp_path / "a.xlsx")) == (
        '"a.xlsx" would be 0.0 GB or more when unpacked, which is too large. Save the table as CSV.'
    )


def test_a_row_beyond_what_excel_has_is_refused_and_hangs_nothing(tmp_path, monkeypatch):
    """A row that says that it is number 2,000,000,000 would be preceded by as many blank ones."""
    book(tmp_path / "a.xlsx", {"A": ROWS})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for item in old.namelist():
            new.writestr(item, old.read(item).replace(b'<row r="3"', b'<row r="2000000000"'))
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5_000)
    assert said(lambda: open_table(tmp_path / "b.xlsx").load(["person"])) == (
        'Sheet "A" of "b.xlsx" has a row beyond 5,000. Save it again from Excel as .xlsx.'
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a," * 40_000 + "\n1,2\n",
         ('The first row of "a.csv" is over 65,536 characters long, which is too long for column names. '
          "Save it again as CSV.")),
        ("a," + "b" * 1_001 + "\n1,2\n",
         '"a.csv" has a column name of over 1,000 characters. Shorten it, and save it again as CSV.'),
        ("a,b\n" + "1,2\n" * 20_000 + "1,\0\n",
         'Line 20,002 of "a.csv" holds a sign that no text has (NUL). Save it again as CSV.'),
    ],
    ids=["wide", "long name", "NUL"],
)  # fmt: skip
def test_what_no_table_has_is_refused_in_one_sentence(tmp_path, content, sentence):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    assert said(lambda: open_table(tmp_path / "a.csv")) == sentence
