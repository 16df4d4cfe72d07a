"""
How does a record of tests become an Excel workbook?

A sheet of tests, one row each, and a sheet that says what they show. Numbers are
numbers and dates are dates. Text is always text: what begins like a formula is kept
as it was written and never worked out.
"""

from __future__ import annotations

import datetime as dt
import io
from textwrap import wrap
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from flowlib.change import kept
from flowlib.change.aims.aim import day
from flowlib.core import checks
from flowlib.core.safe_cells import put_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from flowlib.change.pdsa.cycle import Cycle
    from flowlib.change.pdsa.record import Record

__all__ = ["COLUMNS", "save_workbook"]

Value = str | float | int | dt.date | None
COLUMNS = {  # heading: width, in characters
    "test": 5, "ramp": 12, "follows test": 8, "change": 20, "scale": 10, "measure": 14, "why": 18, "starts": 12,
    "predicted": 10, "predicted on": 12, "got": 8, "gap": 8, "got on": 12, "learned": 24, "decision": 9,
}  # fmt: skip
WIDE = 120  # characters, of the sheet that has one column
LINE = 15.0  # points: the height of one line of Excel's usual type
TALLEST = 409.0  # points, of any row in Excel
MARGIN = 0.4  # inches, so that the type stays large enough to read
DATE = "d mmm yyyy"
BOLD = Font(name="Calibri", size=11, bold=True)  # as Excel's usual type


def save_workbook(record: Record, path: str | Path, *, today: dt.date | None = None) -> None:
    """
    Write a record of tests to an `.xlsx` file; a crash half way leaves an old file whole.

    Refused where the name does not end in .xlsx. *today* decides what is late.
    """
    told = f'"{kept.place_of(path).name}" must end in .xlsx, so that Excel opens it. Give it such a name.'
    checks.need(str(path).lower().endswith(".xlsx"), told)
    book = Workbook()
    book.properties.creator = "flowlib"
    first = book.worksheets[0]
    _tests(first, record)
    _says(book.create_sheet("what they show"), record, kept.now().date() if today is None else day("today", today))
    held = io.BytesIO()
    book.save(held)
    kept.write(path, held.getvalue())


def _tests(sheet: Worksheet, record: Record) -> None:
    sheet.title = "tests"
    for place, (heading, width) in enumerate(COLUMNS.items(), start=1):
        _put(sheet, 1, place, heading)
        sheet.cell(1, place).font = BOLD
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, one in enumerate(record.cycles, start=2):
        for place, value in enumerate(_row(one), start=1):
            _put(sheet, row, place, value)
        sheet.row_dimensions[row].height = _height(zip(_row(one), COLUMNS.values(), strict=True))
    sheet.row_dimensions[1].height = 2 * LINE
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _one_page_wide(sheet)


def _row(one: Cycle) -> tuple[Value, ...]:
    planned, studied = _day(one.planned_on), _day(one.studied_on)
    who = (one.number, one.ramp or None, one.follows, one.change, one.scale or None, one.measure, one.why, one.begins)
    return *who, one.prediction, planned, one.result, one.gap, studied, one.learned or None, one.decision or None


def _says(sheet: Worksheet, record: Record, today: dt.date) -> None:
    lines = [record.aim, record.predictions().sentence()]
    lines += [ramp.sentence() for ramp in record.ramps() if len(ramp.cycles) > 1]
    for row, line in enumerate((*lines, *record.advice(today)), start=1):
        _put(sheet, row, 1, line)
        sheet.row_dimensions[row].height = _height([(line, WIDE)])
    sheet.cell(1, 1).font = BOLD
    sheet.column_dimensions["A"].width = WIDE
    _one_page_wide(sheet)


def _height(cells: Iterable[tuple[Value, int]]) -> float:
    """The height of a row, in points, in which each value has room in its width; a long word breaks."""
    lines = [sum(len(wrap(part, width - 2)) or 1 for part in str(value).split("\n")) for value, width in cells]
    return min(LINE * max(lines), TALLEST)


def _one_page_wide(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4, in Excel's own list
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_margins = PageMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    sheet.print_options.gridLines = True
    sheet.page_setup.fitToHeight = 0  # as many pages down as it takes


def _put(sheet: Worksheet, row: int, place: int, value: Value) -> None:
    """One value; text is always text, never a formula, even once somebody types Enter in its cell."""
    cell = sheet.cell(row, place)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if value is None:
        return
    if isinstance(value, str):
        put_text(cell, value)
        return
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = DATE


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
