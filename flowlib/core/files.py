"""
Is this file a table, and what are its columns and cells?

CSV (any common separator and encoding, also gzipped) and Excel workbooks. The file
is only ever read. A picture named .csv, an empty file or one that is too large gets
a sentence; a file that takes more than a moment shows its progress.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pandas as pd

from flowlib.core import checks
from flowlib.core.quality import Note, some_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MOST_BYTES", "Table", "open_table"]

MOST_BYTES = 2 * 1024**3
SLOW_BYTES = 20 * 1024**2  # above this, progress is shown
SAMPLE_ROWS = 2_000
MAGIC = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"PK\x03\x04": "a workbook or zip archive",
    b"PAR1": "a Parquet file",
}
WORKBOOKS = {".xlsx", ".xlsm"}
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Table:
    """A file that holds a table: its headers, and its cells when asked for."""

    path: Path
    headers: list[str]
    sheet: str | None = None  # for a workbook
    separator: str = ","
    encoding: str = "utf-8"

    def sample(self) -> pd.DataFrame:
        """The first rows, all columns, as they stand."""
        frame, _ = self.load(list(dict.fromkeys(self.headers)), most=SAMPLE_ROWS)
        return frame

    def load(self, columns: Sequence[str], *, most: int | None = None) -> tuple[pd.DataFrame, list[Note]]:
        """The named columns, and notes on rows that have no place in the table; at *most* so many rows."""
        for column in columns:
            times = self.headers.count(column)
            checks.need(times <= 1, f'"{self.path.name}" has {times} columns called "{column}". Rename all but one.')
        if self.sheet is not None:
            return self._load_sheet(columns, most), []
        return self._load_text(columns, most)

    def _load_sheet(self, columns: Sequence[str], most: int | None) -> pd.DataFrame:
        from openpyxl import load_workbook  # noqa: PLC0415 - only for workbooks

        book = load_workbook(self.path, read_only=True, data_only=True)
        try:
            sheet = book[self.sheet or ""]
            rows = sheet.iter_rows(values_only=True, min_row=2, max_row=None if most is None else most + 1)
            places = [self.headers.index(column) for column in columns]
            cells = [tuple(row[p] if p < len(row) else None for p in places) for row in rows]
        finally:
            book.close()
        while cells and all(cell is None for cell in cells[-1]):
            cells.pop()
        return pd.DataFrame(cells, columns=list(columns), dtype=object)

    def _load_text(self, columns: Sequence[str], most: int | None) -> tuple[pd.DataFrame, list[Note]]:
        import pyarrow as pa  # noqa: PLC0415 - heavy, so only when a file is read
        from pyarrow import csv  # noqa: PLC0415

        ragged: list[int | None] = []

        def note_ragged(row: csv.InvalidRow) -> str:
            ragged.append(row.number)
            return "skip"

        with _bytes(self.path, progress=most is None) as stream:
            options = {
                "read_options": csv.ReadOptions(use_threads=False, encoding=self.encoding, block_size=4 << 20),
                "parse_options": csv.ParseOptions(
                    delimiter=self.separator, newlines_in_values=True, invalid_row_handler=note_ragged
                ),
                "convert_options": csv.ConvertOptions(
                    include_columns=columns, column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
                ),
            }
            try:
                batches = list(_some(csv.open_csv(stream, **options), most))
            except pa.ArrowInvalid as error:
                raise checks.Refusal(
                    f'"{self.path.name}" cannot be read as a table ({_first_words(error)}). Save it again as CSV.'
                ) from None
        if not batches:
            return pd.DataFrame(columns=list(columns), dtype="str"), []
        frame = pa.Table.from_batches(batches).to_pandas().astype("str")
        return frame, _ragged_note(ragged)


def open_table(path: str | Path, *, sheet: str | None = None) -> Table:
    """The table in a file, or a sentence on why there is none."""
    place = Path(path)
    checks.need(place.exists(), f'There is no file "{place.name}" there. Check the name and the folder.')
    checks.need(place.is_file(), f'"{place.name}" is a folder. Choose a file in it.')
    size = place.stat().st_size
    checks.need(size, f'"{place.name}" is empty. Choose a file that holds a table.')
    checks.need(
        size <= MOST_BYTES,
        f'"{place.name}" is {size / 1024**3:.1f} GB; the most that can be read is 2 GB. '
        "Split it, or take fewer columns.",
    )
    try:
        head = _head(place)
    except (OSError, EOFError, gzip.BadGzipFile):
        raise checks.Refusal(
            f'"{place.name}" cannot be opened. Close it in other programs, and check that it is whole.'
        ) from None
    if place.suffix.lower() in WORKBOOKS:
        return _workbook(place, sheet)
    checks.need(sheet is None, f'"{place.name}" is not an Excel workbook, so it has no sheet "{sheet}".')
    for magic, what in MAGIC.items():
        checks.need(
            not head.startswith(magic),
            f'"{place.name}" is {what}, not a table in text. Save the table as CSV or .xlsx and choose that file.',
        )
    encoding = _encoding(place, head)
    text = head.decode(encoding, errors="replace")
    line = text.lstrip("\ufeff").splitlines()[0] if text.strip() else ""
    separator = max(SEPARATORS, key=line.count)
    headers = _headers(line, separator)
    checks.need(
        len(headers) > 1 or (headers and len(text.splitlines()) > 1),
        f'"{place.name}" does not start with a row of column names. Add one, and save it again as CSV.',
    )
    return Table(place, headers, None, separator, encoding)


def _headers(line: str, separator: str) -> list[str]:
    if not line.strip():
        return []
    cells = pd.read_csv(io.StringIO(line), sep=separator, header=None, dtype=str).iloc[0]
    return ["" if pd.isna(cell) else str(cell).strip() for cell in cells]


def _workbook(place: Path, sheet: str | None) -> Table:
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(place, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise checks.Refusal(
            f'"{place.name}" is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.'
        ) from None
    try:
        first = {name: next(book[name].iter_rows(values_only=True, max_row=1), ()) for name in book.sheetnames}
    finally:
        book.close()
    filled = [name for name, cells in first.items() if any(cell is not None for cell in cells)]
    checks.need(filled, f'No sheet of "{place.name}" has column names in its first row. Put them there.')
    if sheet is None:
        checks.need(
            len(filled) == 1,
            f'"{place.name}" has {len(filled)} sheets with a table: {checks.listed(filled)}. Say which one: sheet=...',
        )
        sheet = filled[0]
    checks.choice("sheet", sheet, filled, where=f'in "{place.name}"')
    headers = ["" if cell is None else str(cell).strip() for cell in first[sheet]]
    return Table(place, headers, sheet)


def _head(place: Path) -> bytes:
    with _raw(place) as stream:
        return stream.read(64 * 1024)


def _raw(place: Path) -> BinaryIO:
    return gzip.open(place, "rb") if place.suffix.lower() == ".gz" else place.open("rb")  # type: ignore[return-value]


def _bytes(place: Path, *, progress: bool) -> BinaryIO:
    """The file's bytes, unzipped; with a progress bar where it will take a while."""
    size = place.stat().st_size
    if not progress or size < SLOW_BYTES:
        return _raw(place)
    from tqdm.auto import tqdm  # noqa: PLC0415

    bar = tqdm(total=size, unit="B", unit_scale=True, unit_divisor=1024, desc=f"Reading {place.name}", leave=False)
    return io.BufferedReader(_Told(place.open("rb"), bar, zipped=place.suffix.lower() == ".gz"))


class _Told(io.RawIOBase):
    """A file that tells a progress bar how far it has been read."""

    def __init__(self, raw: BinaryIO, bar: object, *, zipped: bool) -> None:
        self._raw, self._bar = raw, bar
        self._source = gzip.GzipFile(fileobj=raw) if zipped else raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._source.read(len(buffer))
        buffer[: len(block)] = block
        self._bar.update(self._raw.tell() - self._bar.n)  # type: ignore[attr-defined]
        return len(block)

    def close(self) -> None:
        self._bar.close()  # type: ignore[attr-defined]
        self._raw.close()
        super().close()


def _encoding(place: Path, head: bytes) -> str:
    """UTF-16 by its mark; UTF-8 where the whole file is; else Western Windows."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    checks.need(b"\x00" not in head, f'"{place.name}" is not a text file. Save the table as CSV or .xlsx.')
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _raw(place) as stream:
        try:
            while block := stream.read(4 << 20):
                decoder.decode(block)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _some(batches: Iterator[object], most: int | None) -> Iterator[object]:
    seen = 0
    for batch in batches:
        yield batch if most is None else batch.slice(0, most - seen)  # type: ignore[attr-defined]
        seen += len(batch)  # type: ignore[arg-type]
        if most is not None and seen >= most:
            return


def _ragged_note(rows: list[int | None]) -> list[Note]:
    if not rows:
        return []
    known = tuple(row for row in rows if row is not None)
    where = some_rows(known).capitalize() if known else f"{len(rows):,} rows"
    return [Note("set aside", f"{where}: not as many cells as there are columns.", known)]


def _first_words(error: Exception) -> str:
    return str(error).split(".")[0].split("\n")[0][:80]
