"""
What helps a person to fill in a pathway's workbook?

A first sheet in plain English, headings that stay in sight with a note on each, columns
as wide as what goes in, and lists to choose from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from flowlib.core.pathway_sheets import MEASURED, READ_ME, SHEETS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from flowlib.core.pathway_sheets import Column, Sheet

__all__ = ["finish", "read_me"]

TITLE = "This workbook describes a pathway"
WORDS = (
    "A pathway is a journey of care: its steps, who comes, how long things take, where people go next.",
    "Fill in the sheets from left to right. The ones you need are steps, routes and arrivals.",
    "Keep the headings as they are. Columns may stand in any order, and blank rows do no harm.",
    "Point at a heading to read what goes in. A cell with an arrow offers a list.",
    'Write times with their unit, such as "48 minutes", "4 hours" or "6.4 days". A number alone is hours.',
    'To write a column in minutes, head it "time (minutes)" and type numbers alone.',
    "Use the same name for a step on every sheet.",
    'For words of your own, use the column notes, or a sheet whose name starts with "notes".',
    "Keep people's names and numbers out of this workbook. It needs none.",
)
LISTS = (
    'Head each column with a name of your own and a unit, such as "scans (minutes)". Type the times below. '
    "To use them, choose the shape measured on the sheet steps, and type the name as the time."
)
HEADS = ("sheet", "column", "what goes in", "for example")
WIDTHS = (16, 17, 88, 24)
LINE_HEIGHT, ROOM = 15, 80  # points, and signs in a line of what goes in
FILL = PatternFill("solid", fgColor="DCE6F1")
LINE = Border(bottom=Side("thin", color="7F9DB9"))
PLAIN, BOLD, LARGE = Font("Calibri", 11), Font("Calibri", 11, bold=True), Font("Calibri", 16, bold=True)
ROWS_WITH_LISTS = 500  # rows below the headings that offer them
NOTE_WIDTH, NOTE_HEIGHT = 260, 90  # of a note on a heading, in points


def read_me(book: Workbook, note: str) -> None:
    """The first sheet: how to fill in the others, and what goes in each column."""
    page = book.create_sheet(READ_ME)
    page.sheet_view.showGridLines = False
    lines = [TITLE, *([note] if note else []), *WORDS]
    for number, words in enumerate(lines, start=1):
        cell = page.cell(number, 1, words)
        cell.font = LARGE if number == 1 else PLAIN
    top = len(lines) + 2
    for place, words in enumerate(HEADS, start=1):
        _emphasise(page.cell(top, place, words))
    rows = [
        row
        for sheet in SHEETS.values()
        for row in [(sheet.title, "", sheet.words, ""), *(("", *words) for words in _explained(sheet))]
    ]
    for number, row in enumerate(rows, start=top + 1):
        for place, words in enumerate(row, start=1):
            cell = page.cell(number, place, words or None)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = BOLD if row[0] else PLAIN
        page.row_dimensions[number].height = LINE_HEIGHT * (1 + len(row[2]) // ROOM)
    for place, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    _print(page)


def finish(page: Worksheet, sheet: Sheet) -> None:
    """Give a sheet its headings, notes, widths and lists."""
    for cell in page[1]:
        _emphasise(cell)
    page.freeze_panes = "B2"
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = max(column.width, len(column.heading) + 3)
        page[f"{letter}1"].comment = _note(_said(column))
        _offer(page, column, f"{letter}2:{letter}{ROWS_WITH_LISTS + 1}")
    if sheet.title == MEASURED:
        for place, cell in enumerate(page[1], start=1):
            page.column_dimensions[get_column_letter(place)].width = max(14, len(str(cell.value or "")) + 3)
        page["A1"].comment = _note(LISTS)
    for line in page.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(horizontal="left")
    _print(page)


def _emphasise(cell: Cell | MergedCell) -> None:
    """Make a heading of a cell."""
    cell.font, cell.fill, cell.border = BOLD, FILL, LINE


def _explained(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Each column with its words and an example; the 24 hours as one."""
    return [
        ("00:00 to 23:00" if column.heading[0].isdigit() else column.heading, column.words, column.example)
        for column in sheet.columns
        if not column.heading[0].isdigit() or column.heading == "00:00"
    ] or [("your own", LISTS, "scans (minutes)")]


def _note(words: str) -> Comment:
    return Comment(words, "flowlib", width=NOTE_WIDTH, height=NOTE_HEIGHT)


def _said(column: Column) -> str:
    """The note on a heading."""
    example = f"\nFor example: {column.example}" if column.example else ""
    return column.words + example


def _offer(page: Worksheet, column: Column, cells: str) -> None:
    """A list to choose from, where the column has one."""
    if not (column.choices or column.step):
        return
    listed = ",".join(column.choices)
    formula = f"steps!$A$2:$A${ROWS_WITH_LISTS + 1}" if column.step else f'"{listed}"'
    offer = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=not column.others)
    offer.errorTitle, offer.error = "Not in the list", "Choose a word from the list."
    if column.step:
        offer.showErrorMessage = False  # a new step may be typed here first
    offer.add(cells)
    page.add_data_validation(offer)


def _print(page: Worksheet) -> None:
    """On paper: as wide as a sheet on its side."""
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
