"""
Is this file a table, and what are its columns and cells?

CSV (any common separator and encoding, also gzipped), Excel workbooks and Parquet. The
file is only ever read. A picture named .csv, an empty file or one that is too large gets
a sentence; a file that takes more than a moment shows its progress. Rows are numbered
as Excel numbers them: the header is row 1, unless titles stand above it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks, headings, parquet, text_files, workbooks
from flowlib.core.quality import SHEET_BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from flowlib.core.progress import Progress
    from flowlib.core.quality import Note
    from flowlib.core.text_files import Layout

__all__ = ["Cells", "Table", "open_table"]

SAMPLE_ROWS = 2_000
MAGIC = {
    b"\x89png": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"gif8": "a picture (GIF)",
    b"%pdf": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file, or one with a password",
    b"pk\x03\x04": "a workbook or zip archive",
    b"\x1f\x8b": "a zipped file whose name does not end in .gz",
    b"par1": "a Parquet file",
    b"<": "a web page or XML",
    b"{": "JSON",
}
WORKBOOKS = {".xlsx", ".xlsm"}
PARQUETS = {".parquet", ".pq"}


@dataclass(frozen=True)
class Cells:
    """Cells as they stand in a file."""

    frame: pd.DataFrame
    rows: NDArray[np.int64]  # the number of each row in the file; with the place of its sheet, where some were joined
    notes: tuple[Note, ...] = ()  # on rows that have no place in the table
    sheets: tuple[str, ...] = ()  # the sheets that were joined


@dataclass(frozen=True)
class Table:
    """A file that holds a table: its headers, and its cells when asked for."""

    path: Path
    headers: list[str]  # one that could show who a person is goes by its place: "column 3"
    sheet: str | Sequence[str] | None = None  # for a workbook; several are joined
    text: Layout | None = None  # how a text file is written
    pages: tuple[workbooks.Page, ...] = ()  # the sheets of a workbook

    @property
    def passed(self) -> list[str]:
        """Which rows above the column names are passed over, in sentences."""
        if self.text is not None:
            return [headings.said(self.text.above)] if self.text.above else []
        several = len(self.pages) > 1
        return [headings.said(page.above, page.name if several else "") for page in self.pages if page.above]

    def sample(self) -> pd.DataFrame:
        """The first rows of every column whose name is its own, as they stand."""
        times = Counter(self.headers)
        names = [header for header in self.headers if header and times[header] == 1]
        checks.need(names, f'No column of "{self.path.name}" has a name of its own. Rename the columns.')
        return self.load(names, most=SAMPLE_ROWS).frame

    def load(self, columns: Sequence[str], *, most: int | None = None, progress: Progress | None = None) -> Cells:
        """The named columns, their row numbers, and notes; at *most* so many rows."""
        for column in columns:
            times = self.headers.count(column)
            checks.need(times <= 1, f'"{self.path.name}" has {times} columns called "{column}". Rename all but one.')
        if self.pages:
            return self._load_pages(list(columns), most, progress)
        places = [self.headers.index(column) for column in columns]
        if self.text is None:
            frame = parquet.cells(self.path, columns, places, most, progress)
            return Cells(frame, np.arange(2, len(frame) + 2))
        frame, rows, notes = text_files.cells(self.path, self.text, places, most, progress)
        return Cells(frame.set_axis(list(columns), axis=1), rows, tuple(notes))

    def _load_pages(self, columns: list[str], most: int | None, progress: Progress | None) -> Cells:
        """The cells of each sheet, one below the other."""
        rows, found = [], []
        notes: list[Note] = []
        sheets = tuple(page.name for page in self.pages) if len(self.pages) > 1 else ()
        for number, page in enumerate(self.pages):
            places = [page.headers.index(column) for column in columns]
            cells = workbooks.cells(self.path, page, places, most, progress)
            found += cells
            first = page.above + 2
            rows.append(np.arange(first, len(cells) + first) + (number << SHEET_BITS))
            notes += headings.told(page.above, page.name if sheets else "")
        frame = pd.DataFrame(found, columns=columns, dtype=object)
        return Cells(frame, np.concatenate(rows), tuple(notes), sheets)


def open_table(path: str | Path, *, sheet: str | Sequence[str] | None = None) -> Table:
    """
    The table in a file, or a sentence on why there is none.

    *sheet* names the sheet of a workbook; a list of names, or "*" for all, joins sheets
    that have the same columns.
    """
    place = Path(path)
    checks.need(place.exists(), f'There is no file "{place.name}" there. Check the name and the folder.')
    checks.need(place.is_file(), f'"{place.name}" is a folder. Choose a file in it.')
    size = place.stat().st_size
    checks.need(size, f'"{place.name}" is empty. Choose a file that holds a table.')
    text_files.need_room(place, size)
    head = text_files.head_of(place)
    if place.suffix.lower() in WORKBOOKS and head.startswith(b"PK"):
        pages = workbooks.pages(place, sheet)
        name = pages[0].name if len(pages) == 1 else [page.name for page in pages]
        return Table(place, pages[0].headers, name, pages=pages)
    if place.suffix.lower() in PARQUETS and head.startswith(parquet.MAGIC):
        _need_no_sheet(place, sheet)
        return Table(place, headings.without_people(parquet.headers(place)))
    _need_text(place, head)
    _need_no_sheet(place, sheet)
    how = text_files.layout(place, head)
    return Table(place, headings.without_people(how.headers), None, how)


def _need_text(place: Path, head: bytes) -> None:
    """Refuse what is no text, by how it begins and by its name."""
    start = head.lstrip(b" \r\n\t\xef\xbb\xbf").lower()
    for magic, what in MAGIC.items():
        checks.need(
            not start.startswith(magic) and not head.startswith(magic),
            f'"{place.name}" is {what}, not a table in text. Save the table as CSV or .xlsx and choose that file.',
        )
    checks.need(place.suffix.lower() not in WORKBOOKS, workbooks.not_one(place))
    checks.need(
        place.suffix.lower() not in PARQUETS,
        f'"{place.name}" is not a Parquet file, though its name says so. Fetch or save it again.',
    )


def _need_no_sheet(place: Path, sheet: str | Sequence[str] | None) -> None:
    checks.need(
        sheet is None,
        f'"{place.name}" is not an Excel workbook, so it has no sheet '
        f"{checks.listed([sheet] if isinstance(sheet, str) else sheet or ())}.",
    )
