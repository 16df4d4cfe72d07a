"""
Which rows does a pathway's workbook hold, and under which headings?

Sheets may come in any order, headings too, with blank rows between. What is not known
is refused with the nearest that is: a sheet or a column that nobody reads would be
missed by nobody but the person who filled it in. Formulas count as what they last showed.
"""

from __future__ import annotations

import difflib
import io
import math
import re
import warnings
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from flowlib.core import checks
from flowlib.core.pathway_cells import A_LOT, Cell, some
from flowlib.core.pathway_sheets import MEASURED, NOTES, READ_ME, SHEETS, Column, Sheet, fold, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Row", "measured", "opened", "rows"]

MOST_UNPACKED = 200_000_000  # bytes; a pathway takes a few thousand
MOST_LISTED = 180  # signs of a list of headings in a sentence
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
NOT_A_BOOK = "this is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx."
SHOWS_NO_TEXT = "str"  # of a cell without a value: a formula whose answer is text of no length
NOT_WORKED_OUT = "="  # stands for a formula that shows nothing yet

Grid = dict[int, dict[int, Cell]]  # cells that hold something, by row and column


@dataclass(frozen=True)
class Row:
    """One row below the headings."""

    sheet: Sheet
    number: int
    cells: Mapping[str, Cell]  # those that hold something, by heading
    places: Mapping[str, int]  # of every heading, from 1

    def __getitem__(self, heading: str) -> Cell:
        """The cell under a heading, blank or not."""
        place = self.places.get(heading, 0)
        return self.cells.get(heading) or Cell(None, self.sheet.title, self.number, place, heading)

    def filled(self, *headings: str) -> list[Cell]:
        """The cells under these headings that hold something."""
        return [self[heading] for heading in headings if not self[heading].blank]


def opened(held: bytes) -> dict[str, Grid]:
    """The cells of each of the pathway's sheets, by the sheet's title."""
    try:
        pages = _pages(held)
    except checks.Refusal:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook can fail in any part of zip, XML or openpyxl
        raise checks.Refusal(NOT_A_BOOK) from None
    found: dict[str, Grid] = {}
    titles = {fold(title): title for title in SHEETS}
    for page, grid in pages.items():
        title = titles.get(fold(page))
        if title is None:
            _need_own(page, grid, titles)
            continue
        checks.need(title not in found, f'there are two sheets called "{title}". Delete or rename one.')
        found[title] = grid
    for sheet in SHEETS.values():
        checks.need(
            sheet.title in found or not sheet.required,
            f'there is no sheet "{sheet.title}"; there are {some([one[:31] for one in pages])}. '
            'Add it, or begin from the workbook that "flowlib template" makes.',
        )
    return found


def rows(pages: Mapping[str, Grid], title: str) -> list[Row]:
    """The rows of a sheet below its headings, without blank ones; none where there is no such sheet."""
    grid, sheet = dict(pages.get(title, {})), SHEETS[title]
    first = min(grid, default=1)
    if not grid and not sheet.required:
        return []
    columns = _columns(sheet, grid.pop(first, {}))
    there = {heading for heading, _ in columns.values()}
    for column in sheet.columns:
        Cell(None, title, first, 1).need(
            column.heading in there or not column.required,
            f'this row of headings has no "{column.heading}". Add it in a column of its own.',
        )
    made = [_row(sheet, number, cells, columns) for number, cells in sorted(grid.items())]
    return [row for row in made if row.cells]


def measured(pages: Mapping[str, Grid]) -> dict[str, list[Cell]]:
    """The cells of each column of measured times, by folded heading."""
    grid = dict(pages.get(MEASURED, {}))
    if not grid:
        return {}
    found: dict[str, list[Cell]] = {}
    by_column: dict[int, list[Cell]] = {}
    headings = grid.pop(min(grid))
    for place, heading in headings.items():
        key = fold(_worked_out(heading).value)
        heading.need(key not in found, f"there are two columns called {heading.shown}. Rename one.")
        found[key] = by_column[place] = []
    for _, cells in sorted(grid.items()):
        for place, cell in cells.items():
            cell.need(place in by_column, "this column has no heading. Give it one in the first row.")
            by_column[place].append(replace(_worked_out(cell), unit=unit_of(headings[place].value)))
    return found


def _need_own(page: str, grid: Grid, titles: Mapping[str, str]) -> None:
    """Refuse a sheet that is neither a pathway's nor said to be one's own."""
    if not grid or fold(page).startswith((fold(READ_ME), "readme", "note")):
        return
    near = difflib.get_close_matches(fold(page), titles, n=1)
    ask = f'Did you mean "{near[0]}"?' if near else f"Its sheets are {checks.listed(SHEETS)}."
    raise checks.Refusal(
        f'sheet "{page[:31]}": a pathway has no such sheet, so start its name with "notes" to keep it. {ask}'
    )


def _columns(sheet: Sheet, headings: Mapping[int, Cell]) -> dict[int, tuple[str, str]]:
    """The heading and the unit of each column by place."""
    found: dict[int, tuple[str, str]] = {}
    for place, cell in headings.items():
        column = sheet.column(_worked_out(cell).value)
        if column is None:
            raise cell.refusal(_no_column(cell, sheet.columns))
        twice = column.heading in (heading for heading, _ in found.values())
        cell.need(not twice or column.heading == NOTES, f'there are two columns "{column.heading}". Delete one.')
        found[place] = (column.heading, unit_of(cell.value))
    return found


def _no_column(cell: Cell, columns: tuple[Column, ...]) -> str:
    known = {fold(column.heading): column.heading for column in columns}
    near = difflib.get_close_matches(fold(cell.value), known, n=1)
    there = [name for name in known.values() if not name[0].isdigit()]
    ask = f'Did you mean "{known[near[0]]}"?' if near else f"There are {some(there, MOST_LISTED)}."
    return f'there is no column called {cell.shown}; for words of your own, head it "notes". {ask}'


def _row(sheet: Sheet, number: int, cells: Mapping[int, Cell], columns: Mapping[int, tuple[str, str]]) -> Row:
    made = {}
    for place, cell in cells.items():
        cell.need(
            place in columns, f'this column has no heading. Give it one; for words of your own, head it "{NOTES}".'
        )
        heading, unit = columns[place]
        if heading != NOTES:
            made[heading] = replace(_worked_out(cell), heading=heading, unit=unit)
    return Row(sheet, number, made, {heading: place for place, (heading, _) in columns.items()})


def _worked_out(cell: Cell) -> Cell:
    """The cell, if it is no formula that went wrong or was never worked out."""
    if isinstance(cell.value, _Broken):
        raise cell.refusal(
            "this formula has not been worked out yet. Open the file in Excel and save it, or type the value."
            if cell.value.shows == NOT_WORKED_OUT
            else f"this shows the error {cell.value.shows[:20]}. Correct its formula, or type the value."
        )
    return cell


@dataclass(frozen=True)
class _Broken:
    """What stands in a cell that holds no value: an error such as #REF!, or a formula that shows nothing."""

    shows: str


def _pages(held: bytes) -> dict[str, Grid]:
    """Every sheet's filled cells."""
    with zipfile.ZipFile(io.BytesIO(held)) as packed:
        checks.need(
            sum(part.file_size for part in packed.infolist()) <= MOST_UNPACKED,
            "the file is far too large for a pathway. Choose another file.",
        )
        formulas = any(
            FORMULA.search(packed.read(part)) for part in packed.namelist() if part.startswith("xl/worksheets/")
        )
    unworked = _formulas(held) if formulas else set()
    pages: dict[str, Grid] = {}
    for title, row, place, cell in _cells(held, values=True):
        grid = pages.setdefault(title, {})
        if cell is None:
            continue
        unworked.discard((title, row, place))
        value = _value(cell)
        if value is not None:
            grid.setdefault(row, {})[place] = Cell(value, title, row, place)
    for title, row, place in sorted(unworked):  # so that the first of a row is the one that is named
        pages[title].setdefault(row, {})[place] = Cell(_Broken(NOT_WORKED_OUT), title, row, place)
    return pages


def _formulas(held: bytes) -> set[tuple[str, int, int]]:
    """Where formulas stand."""
    return {
        (title, row, place)
        for title, row, place, cell in _cells(held, values=False)
        if cell is not None and cell.data_type == "f"
    }


def _cells(held: bytes, *, values: bool) -> Iterator[tuple[str, int, int, Any]]:
    """Every sheet once with no cell, and then each of its cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and lists, which are not read
        book = load_workbook(io.BytesIO(held), read_only=True, data_only=values)
        for page in book.worksheets:
            yield page.title, 0, 0, None
            page.reset_dimensions()  # some programs write them wrong
            for number, line in enumerate(page.iter_rows(), start=1):
                for place, cell in enumerate(line, start=1):
                    if cell.value is not None or cell.data_type == SHOWS_NO_TEXT:
                        yield page.title, number, place, cell
        book.close()


def _value(cell: Any) -> object:  # noqa: ANN401 - openpyxl's read-only cell has no public type
    """What a cell holds: text without blanks around it, numbers that a computer can count with."""
    value = cell.value
    if cell.data_type == "e":
        return _Broken(str(value))
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < A_LOT else math.inf
    return value
