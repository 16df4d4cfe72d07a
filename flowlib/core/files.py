"""
Is this file a table, and what are its columns and cells?

CSV (any common separator and encoding, also gzipped), Excel workbooks and Parquet. The
file is only ever read. A picture named .csv, an empty file or one that is too large gets
a sentence; a file that takes more than a moment shows its progress. Rows are numbered
as Excel numbers them: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pandas as pd

from flowlib.core import checks, parquet, privacy, workbooks
from flowlib.core.progress import Told
from flowlib.core.quality import SHEET_BITS, SHOWN_ROWS, Note, some_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.progress import Progress

__all__ = ["MOST_BYTES", "Cells", "Table", "open_table"]

MOST_BYTES = 2 * 1024**3
BLOCK = 4 * 1024**2
HEAD = 64 * 1024  # so much of a file is looked at first; its column names stand in it
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
NEW_LINE = b"\n"
MOST_ODD = 100_000  # rows of another length than the first; beyond, the file is damaged, and skipping takes long
LONGEST_NAME = 1_000  # characters; questions of a form serve as names
SEPARATORS = ",;\t|"
NOT_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes to which Windows 1252 gives no sign
MOMENT = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ T]\d{1,2}:\d\d.*")


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
    headers: list[str]
    sheet: str | Sequence[str] | None = None  # for a workbook; several are joined
    separator: str = ","
    encoding: str = "utf-8"
    lines: int = 0  # in a text file; 0 where not counted
    pages: tuple[workbooks.Page, ...] = ()  # the sheets of a workbook

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
        if self.path.suffix.lower() in PARQUETS:
            frame = parquet.cells(self.path, columns, places, most, progress)
            return Cells(frame, np.arange(2, len(frame) + 2))
        return self._load_text(list(columns), places, most, progress)

    def _load_pages(self, columns: list[str], most: int | None, progress: Progress | None) -> Cells:
        """The cells of each sheet, one below the other."""
        rows, found = [], []
        for number, page in enumerate(self.pages):
            places = [page.headers.index(column) for column in columns]
            cells = workbooks.cells(self.path, page.name, places, most, progress)
            found += cells
            rows.append(np.arange(2, len(cells) + 2) + (number << SHEET_BITS))
        frame = pd.DataFrame(found, columns=columns, dtype=object)
        sheets = tuple(page.name for page in self.pages) if len(self.pages) > 1 else ()
        return Cells(frame, np.concatenate(rows), sheets=sheets)

    def _load_text(self, columns: list[str], places: list[int], most: int | None, progress: Progress | None) -> Cells:
        """Every row by pyarrow; the header is read as the first row, so that rows are counted as in the file."""
        import pyarrow as pa  # noqa: PLC0415 - heavy, so only when a file is read
        from pyarrow import csv as reader  # noqa: PLC0415

        odd: list[int] = []

        def note_odd(row: reader.InvalidRow) -> str:
            odd.append(row.number)
            return "skip" if len(odd) <= MOST_ODD else "error"

        kinds = {f"f{place}": pa.string() for place in places}
        options = {
            "read_options": reader.ReadOptions(
                use_threads=False, encoding=self.encoding, block_size=BLOCK, autogenerate_column_names=True
            ),
            "parse_options": reader.ParseOptions(
                delimiter=self.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note_odd,
            ),
            "convert_options": reader.ConvertOptions(
                include_columns=[f"f{place}" for place in places], column_types=kinds, strings_can_be_null=False
            ),
        }
        try:
            with Told(self.path, progress) as stream:
                table = pa.Table.from_batches(list(_some(reader.open_csv(stream, **options), most)))
        except (pa.ArrowInvalid, UnicodeDecodeError, OSError, EOFError, zlib.error):
            checks.need(
                len(odd) <= MOST_ODD,
                f'Over {MOST_ODD:,} rows of "{self.path.name}" have not as many cells as there are column names '
                f"({some_rows(odd[:SHOWN_ROWS])}, and so on). Save it again as CSV.",
            )
            raise checks.Refusal(
                f'"{self.path.name}" cannot be read as a table. Look for a quotation mark that is never closed, '
                "or save it again as CSV."
            ) from None
        frame = table.to_pandas().astype("str").set_axis(columns, axis=1).iloc[1:].reset_index(drop=True)
        rows = np.delete(np.arange(2, len(frame) + len(odd) + 2), np.asarray(odd, dtype=int) - 2)
        return Cells(frame, rows, tuple(self._notes(odd, len(frame)) if most is None else ()))

    def _notes(self, odd: list[int], good: int) -> Iterator[Note]:
        if odd:
            checks.need(
                good,
                f'No row of "{self.path.name}" has as many cells as there are column names. Save it again as CSV.',
            )
            sentence = f"R{some_rows(odd)[1:]}: not as many cells as there are column names."
            yield Note("set aside", sentence, tuple(odd))
        spare = self.lines - (1 + good + len(odd)) if self.lines else 0
        if spare > 0:
            yield Note(
                "to know",
                f"{spare:,} {'line of the file belongs' if spare == 1 else 'lines of the file belong'} "
                "to text that runs over several lines. "
                "If that is wrong, look for a quotation mark that is never closed.",
            )


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
    _need_room(place, size)
    head = _head(place)
    if place.suffix.lower() in WORKBOOKS and head.startswith(b"PK"):
        pages = workbooks.pages(place, sheet)
        name = pages[0].name if len(pages) == 1 else [page.name for page in pages]
        return Table(place, pages[0].headers, name, pages=pages)
    if place.suffix.lower() in PARQUETS and head.startswith(parquet.MAGIC):
        _need_no_sheet(place, sheet)
        return Table(place, parquet.headers(place))
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
    _need_no_sheet(place, sheet)
    encoding, lines = _encoding(place, head)
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head).removeprefix("\ufeff")
    separator, headers = _headers(text)
    checks.need(
        len(head) < HEAD or _ends(text),
        f'The first row of "{place.name}" is over {HEAD:,} characters long, which is too long for column names. '
        "Save it again as CSV.",
    )
    _need_names(place, headers, several=text.strip().count("\n") + text.strip().count("\r") > 0)
    return Table(place, headers, None, separator, encoding, lines)


def _need_no_sheet(place: Path, sheet: str | Sequence[str] | None) -> None:
    checks.need(
        sheet is None,
        f'"{place.name}" is not an Excel workbook, so it has no sheet '
        f"{checks.listed([sheet] if isinstance(sheet, str) else sheet or ())}.",
    )


def _need_room(place: Path, size: int) -> None:
    checks.need(
        size <= MOST_BYTES,
        f'"{place.name}" is {size / 1024**3:.1f} GB or more; the most that can be read is 2 GB. '
        "Split it, or take fewer columns.",
    )


def _need_names(place: Path, headers: list[str], *, several: bool) -> None:
    """Refuse a first row that is blank or holds data; its cells are not repeated, as they could be a person's."""
    checks.need(
        max(map(len, headers), default=0) <= LONGEST_NAME,
        f'"{place.name}" has a column name of over {LONGEST_NAME:,} characters. Shorten it, and save it again as CSV.',
    )
    checks.need(
        any(headers) and (len(headers) > 1 or several) and not any(_is_data(header) for header in headers),
        f'"{place.name}" does not start with a row of column names. Add one, and save it again as CSV.',
    )


def _is_data(header: str) -> bool:
    return privacy.identity_value(header) is not None or MOMENT.fullmatch(header) is not None


def _headers(text: str) -> tuple[str, list[str]]:
    """The separator and the column names, from the first row; line breaks in a name become blanks."""
    plain = re.sub(r'"[^"]*"', "", text)
    line = plain.splitlines()[0] if plain else ""
    separator = max(SEPARATORS, key=line.count)
    try:
        row = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:  # a cell over 131,072 signs
        row = []
    return separator, [" ".join(cell.split()) for cell in row]


def _ends(text: str) -> bool:
    """Whether a first row ends in this text: a line break stands outside quotation marks."""
    return re.search(r"[\r\n]", re.sub(r'"[^"]*"', "", text)) is not None


def _head(place: Path) -> bytes:
    try:
        with _raw(place) as stream:
            return stream.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise checks.Refusal(
            f'"{place.name}" cannot be opened. Close it in other programs, and check that it is whole.'
        ) from None


def _raw(place: Path) -> BinaryIO:
    return gzip.open(place, "rb") if place.suffix.lower() == ".gz" else place.open("rb")  # type: ignore[return-value]


def _encoding(place: Path, head: bytes) -> tuple[str, int]:
    """UTF-16 by its mark; UTF-8 where the whole file is; else Western. Also how many lines there are."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    checks.need(b"\x00" not in head, f'"{place.name}" is not a text file. Save the table as CSV or .xlsx.')
    decoder, encoding, lines, size, block = codecs.getincrementaldecoder("utf-8")(), "utf-8", 0, 0, b""
    try:
        with _raw(place) as stream:
            while piece := stream.read(BLOCK):
                block = piece
                at = block.find(b"\x00")
                checks.need(
                    at < 0,
                    f'Line {lines + 1 + block.count(NEW_LINE, 0, max(at, 0)):,} of "{place.name}" holds a sign that no '
                    "text has (NUL). Save it again as CSV.",
                )
                lines, size = lines + block.count(b"\n"), size + len(block)
                _need_room(place, size)
                encoding = _still(encoding, decoder, block)
    except (OSError, EOFError, zlib.error):
        raise checks.Refusal(f'"{place.name}" is damaged: it ends too early. Fetch or save it again.') from None
    encoding = _still(encoding, decoder, b"", final=True)
    return encoding, lines + (not block.endswith(b"\n"))


def _still(encoding: str, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> str:
    """The encoding that fits up to here."""
    if encoding == "utf-8":
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            encoding = "cp1252"
    return "latin-1" if encoding == "cp1252" and NOT_IN_WINDOWS.search(block) else encoding


def _some(batches: Iterator[object], most: int | None) -> Iterator[object]:
    """Batches until there are enough rows beside the header."""
    seen = 0
    for batch in batches:
        yield batch if most is None else batch.slice(0, most + 1 - seen)  # type: ignore[attr-defined]
        seen += len(batch)  # type: ignore[arg-type]
        if most is not None and seen > most:
            return
