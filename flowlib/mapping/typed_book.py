"""
How does a typed map become a workbook that a team can fill in, and what stands in one?

Each sheet of `typed_sheets` with notes on the headings and lists to choose from. There
are no macros and no formulas; formulas of one's own count as what they last showed.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from flowlib.core import checks
from flowlib.core.pathway_cells import figure
from flowlib.core.pathway_look import finish
from flowlib.core.pathway_sheets import READ_ME, fold
from flowlib.core.safe_cells import put_text
from flowlib.mapping.typed_sheets import SHEETS, Line, Rows, Told, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["from_bytes", "to_bytes"]

MOST_UNPACKED = 200_000_000  # bytes; a map takes a few thousand
WORDS = (
    "This workbook describes a journey as your team says it is",
    "Fill in the sheets from left to right. The sheet steps is the only one you need.",
    "Point at a heading to read what goes in. A cell with an arrow offers a list.",
    'Write times with their unit, such as "48 minutes", "4 hours" or "6.4 days". A number alone is hours.',
    "Leave blank what you do not know. Use the same name for a step on every sheet.",
    "Write roles, and keep people's names and numbers out of this workbook.",
    "Ask a service user or a carer to look at the map, and say so on the sheet agreed.",
)
WIDE = 100  # of the first sheet's column


def to_bytes(filled: Mapping[str, Sequence[Line]], note: str) -> bytes:
    """The rows of each sheet as the bytes of an `.xlsx` file; a *note* stands on its first sheet."""
    book = Workbook()
    book.properties.creator = "flowlib"
    book.remove(book.worksheets[0])
    _read_me(book, note)
    for title, lines in filled.items():
        page = book.create_sheet(title)
        headings = [column.heading for column in SHEETS[title].columns]
        table: list[list[object]] = [[*headings], *([line.get(heading) for heading in headings] for line in lines)]
        for row, values in enumerate(table, start=1):
            for column, value in enumerate(values, start=1):
                _put(page.cell(row, column), value)
        finish(page, SHEETS[title])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _put(cell: Any, value: object) -> None:  # noqa: ANN401 - openpyxl's cells have no one type
    """One value in its cell; text is always text, never a formula."""
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = figure(value) if isinstance(value, float) else value


def _read_me(book: Workbook, note: str) -> None:
    page = book.create_sheet(READ_ME)
    page.sheet_view.showGridLines = False
    for row, words in enumerate((WORDS[0], *([note] if note else []), *WORDS[1:]), start=1):
        page.cell(row, 1, words).font = Font("Calibri", 16 if row == 1 else 11, bold=row == 1)
    page.column_dimensions["A"].width = WIDE


def from_bytes(held: bytes) -> dict[str, Rows]:
    """The rows of each sheet in the bytes of an `.xlsx` file."""
    try:
        pages = _pages(held)
    except checks.Refusal:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook can fail in any part of zip, XML or openpyxl
        raise checks.Refusal(
            "this is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx."
        ) from None
    told: dict[str, Rows] = {}
    titles = {fold(title): title for title in SHEETS}
    for page, lines in pages.items():
        title = titles.get(fold(page))
        if title is None:
            own = not lines or fold(page).startswith((fold(READ_ME), "note"))
            checks.need(
                own,
                f'sheet "{page[:31]}": a typed map has no such sheet; it has {checks.listed(SHEETS)}. '
                'Start its name with "notes" to keep it.',
            )
        elif lines:
            checks.need(title not in told, f'there are two sheets called "{title}". Delete or rename one.')
            (first, heads), *others = lines
            headings = [heads.get(place) for place in range(max(heads) + 1)]
            told[title] = rows(Told(title, "sheet", headings, others, first=first))
    checks.need(told.get("steps"), 'there is no step on the sheet "steps". Add at least one.')
    return told


def _pages(held: bytes) -> dict[str, list[tuple[int, dict[int, object]]]]:
    """The filled rows of every sheet: the row's number, and its values by place."""
    with zipfile.ZipFile(io.BytesIO(held)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
        checks.need(unpacked <= MOST_UNPACKED, "the file is far too large for a map. Choose another file.")
    found: dict[str, list[tuple[int, dict[int, object]]]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and lists, which are not read
        shown, typed = (load_workbook(io.BytesIO(held), data_only=values) for values in (True, False))
    for page in shown.worksheets:
        found[page.title] = []
        for number, line in enumerate(page.iter_rows(), start=1):
            values: dict[int, object] = {}
            for place, cell in enumerate(line):
                _need_worked_out(page.title, number, cell, typed[page.title].cell(number, place + 1).data_type)
                if cell.value is not None and str(cell.value).strip():
                    values[place] = cell.value
            if values:
                found[page.title].append((number, values))
    return found


def _need_worked_out(title: str, row: int, cell: Any, kind: str) -> None:  # noqa: ANN401 - openpyxl's cells have no one type
    """Refuse a formula that shows an error, or nothing yet."""
    where = f'sheet "{title}", row {row}, column {cell.column_letter}'
    checks.need(cell.data_type != "e", f"{where}: this shows an error. Correct its formula, or type the value.")
    checks.need(
        kind != "f" or cell.value is not None,
        f"{where}: this formula has not been worked out yet. Open the file in Excel and save it, or type the value.",
    )
