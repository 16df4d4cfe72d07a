"""
How is a table written in a text file, and which cells does it hold?

The encoding (UTF-8, UTF-16, Western), the separator (comma, semicolon, tab, bar) and the row
of the column names are found from the file itself. Rows are numbered as Excel numbers
them. A row with another number of cells than there are names is told by its number.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from flowlib.core import checks, headings
from flowlib.core.progress import Told
from flowlib.core.quality import SHOWN_ROWS, Note, some_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from flowlib.core.progress import Progress

__all__ = ["HEAD", "MOST_BYTES", "Layout", "cells", "head_of", "layout", "need_room"]

MOST_BYTES = 2 * 1024**3
BLOCK = 4 * 1024**2
HEAD = 64 * 1024  # so much of a file is looked at first; its column names stand in it
NEW_LINE = b"\n"
MOST_ODD = 100_000  # rows of another length than the first; beyond, the file is damaged, and skipping takes long
SEPARATORS = ",;\t|"
SEPARATOR_LINE = re.compile(r"sep=([,;\t|])[ \t]*\r?\n?", re.IGNORECASE)  # Excel's own word on the separator
NOT_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes to which Windows 1252 gives no sign
RUNS_ON = "to text that runs over several lines. If that is wrong, look for a quotation mark that is never closed."
MOSTLY = 0.4  # share of bytes that are NUL on one side of each pair, in UTF-16 without its mark


@dataclass(frozen=True)
class Layout:
    """How a table is written in a text file."""

    headers: list[str]
    separator: str
    encoding: str
    lines: int  # in the file; 0 where not counted
    above: int = 0  # rows above the column names
    spare: bool = False  # each row, but not the one of names, ends in a separator

    @property
    def names(self) -> int:
        """The number of the row of column names."""
        return self.above + 1


def layout(place: Path, head: bytes) -> Layout:
    """How the table in a file is written; *head* is how the file begins."""
    encoding, lines = _encoding(place, head)
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head).removeprefix("\ufeff")
    told = SEPARATOR_LINE.match(text)
    body = text[told.end() :] if told else text
    separator = told[1] if told else _separator(body)
    rows = list(islice(_records(body, separator), headings.LOOKED_AT))
    above = headings.rows_above(rows) if not _runs_on(rows) else 0
    if above == 0 and not told and rows and len(rows[0]) <= 1:  # a title alone hides the separator of the table
        separator, rows, above = _below_title(body, separator, rows)
    headers = [" ".join(cell.split()) for cell in rows[above]] if rows else []
    checks.need(
        len(head) < HEAD or _ends(body),
        f'The first row of "{place.name}" is over {HEAD:,} characters long, which is too long for column names. '
        "Save it again as CSV.",
    )
    headings.need_names(place, headers, several=text.strip().count("\n") + text.strip().count("\r") > 0)
    spare = _ends_in_separator(rows[above:], whole=len(head) < HEAD)
    return Layout(headers, separator, encoding, lines, above + (told is not None), spare)


def cells(
    place: Path, how: Layout, places: Sequence[int], most: int | None, progress: Progress | None
) -> tuple[Any, NDArray[np.int64], list[Note]]:
    """The cells at these places of each row, the rows' numbers, and notes; at *most* so many rows."""
    odd: list[int] = []
    table = _read(place, how, places, most, progress, odd)
    frame = table.to_pandas().astype("str").set_axis(range(len(places)), axis=1)
    frame = (frame if how.spare else frame.iloc[1:]).reset_index(drop=True)
    first = how.names + 1
    every = np.arange(first, len(frame) + len(odd) + first)
    rows = np.delete(every, np.asarray(odd, dtype=int) - first)
    return frame, rows, list(_notes(place, how, odd, len(frame)) if most is None else [])


def _read(
    place: Path, how: Layout, places: Sequence[int], most: int | None, progress: Progress | None, odd: list[int]
) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Every row by pyarrow; the header is read as the first row, so that rows are counted as in the file."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, so only when a file is read
    from pyarrow import csv as reader  # noqa: PLC0415

    def note_odd(row: reader.InvalidRow) -> str:
        if not (how.spare and row.number == how.names):
            odd.append(row.number)
        return "skip" if len(odd) <= MOST_ODD else "error"

    kinds = {f"f{number}": pa.string() for number in places}
    names = [f"f{number}" for number in range(len(how.headers) + 1)] if how.spare else None
    options = {
        "read_options": reader.ReadOptions(
            use_threads=False, encoding=how.encoding, block_size=BLOCK, skip_rows=how.above, column_names=names,
            autogenerate_column_names=not how.spare,
        ),
        "parse_options": reader.ParseOptions(
            delimiter=how.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note_odd
        ),
        "convert_options": reader.ConvertOptions(
            include_columns=list(kinds), column_types=kinds, strings_can_be_null=False
        ),
    }  # fmt: skip
    try:
        with Told(place, progress) as stream:
            return pa.Table.from_batches(list(_some(reader.open_csv(stream, **options), most)))
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError, EOFError, zlib.error):
        checks.need(
            len(odd) <= MOST_ODD,
            f'Over {MOST_ODD:,} rows of "{place.name}" have not as many cells as there are column names '
            f"({some_rows(odd[:SHOWN_ROWS])}, and so on). Save it again as CSV.",
        )
        checks.need(how.lines != how.names, f'There are no rows in "{place.name}". Choose a file that holds some.')
        raise checks.Refusal(
            f'"{place.name}" cannot be read as a table. Look for a quotation mark that is never closed, '
            "or save it again as CSV."
        ) from None


def _notes(place: Path, how: Layout, odd: list[int], good: int) -> Iterator[Note]:
    yield from headings.told(how.above)
    if odd:
        checks.need(
            good, f'No row of "{place.name}" has as many cells as there are column names. Save it again as CSV.'
        )
        sentence = f"R{some_rows(odd)[1:]}: not as many cells as there are column names."
        yield Note("set aside", sentence, tuple(odd))
    more = how.lines - (how.names + good + len(odd)) if how.lines else 0
    if more > 0:
        yield Note(
            "to know",
            f"{more:,} {'line of the file belongs' if more == 1 else 'lines of the file belong'} {RUNS_ON}",
            bare=f"Some lines of the file belong {RUNS_ON}",
        )


def need_room(place: Path, size: int) -> None:
    """Refuse a file that is too large."""
    checks.need(
        size <= MOST_BYTES,
        f'"{place.name}" is {size / 1024**3:.1f} GB or more; the most that can be read is 2 GB. '
        "Split it, or take fewer columns.",
    )


def head_of(place: Path) -> bytes:
    """How a file begins, unzipped where needed."""
    try:
        with _raw(place) as stream:
            return stream.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise checks.Refusal(
            f'"{place.name}" cannot be opened. Close it in other programs, and check that it is whole.'
        ) from None


def _raw(place: Path) -> BinaryIO:
    return gzip.open(place, "rb") if place.suffix.lower() == ".gz" else place.open("rb")  # type: ignore[return-value]


def _separator(text: str) -> str:
    """The sign that stands most often in the first row, outside quotation marks."""
    plain = re.sub(r'"[^"]*"', "", text)
    line = plain.splitlines()[0] if plain else ""
    return max(SEPARATORS, key=line.count)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a text."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:  # a cell over 131,072 signs
        return


def _runs_on(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell runs over several lines, so that rows at the top are not lines."""
    return any("\n" in cell or "\r" in cell for row in rows[: headings.LOOKED_AT // 2] for cell in row)


def _below_title(text: str, separator: str, rows: list[list[str]]) -> tuple[str, list[list[str]], int]:
    """The separator, the rows and how many of them stand above the names, where the first line is a title."""
    for other in SEPARATORS:
        split = list(islice(_records(text, other), headings.LOOKED_AT))
        above = 0 if _runs_on(split) else headings.rows_above(split)
        if above:
            return other, split, above
    return separator, rows, 0


def _ends_in_separator(rows: Sequence[Sequence[str]], *, whole: bool) -> bool:
    """Whether most rows seen below the names have one cell more than there are names, a blank one; and none as many."""
    seen = [row for row in (rows[1:] if whole else rows[1:-1]) if row]
    more = sum(len(row) == len(rows[0]) + 1 and not row[-1].strip() for row in seen)
    return 2 * more > len(seen) and all(len(row) != len(rows[0]) for row in seen)


def _ends(text: str) -> bool:
    """Whether a first row ends in this text: a line break stands outside quotation marks."""
    return re.search(r"[\r\n]", re.sub(r'"[^"]*"', "", text)) is not None


def _encoding(place: Path, head: bytes) -> tuple[str, int]:
    """UTF-16 by its mark or its pairs; UTF-8 where the whole file is; else Western. Also how many lines there are."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    if pairs := _unmarked(head):
        return pairs, 0
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
                need_room(place, size)
                encoding = _still(encoding, decoder, block)
    except (OSError, EOFError, zlib.error):
        raise checks.Refusal(f'"{place.name}" is damaged: it ends too early. Fetch or save it again.') from None
    encoding = _still(encoding, decoder, b"", final=True)
    return encoding, lines + (not block.endswith(b"\n"))


def _unmarked(head: bytes) -> str:
    """UTF-16 without its mark: plain letters have a NUL on one side; empty where it is something else."""
    half = len(head) // 2
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if half and odd > MOSTLY * half and not even:
        return "utf-16-le"
    return "utf-16-be" if half and even > MOSTLY * half and not odd else ""


def _still(encoding: str, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> str:
    """The encoding that fits up to here."""
    if encoding == "utf-8":
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            encoding = "cp1252"
    return "latin-1" if encoding == "cp1252" and NOT_IN_WINDOWS.search(block) else encoding


def _some(batches: Iterator[Any], most: int | None) -> Iterator[Any]:
    """Batches until there are enough rows beside the header."""
    seen = 0
    for batch in batches:
        yield batch if most is None else batch.slice(0, most + 1 - seen)
        seen += len(batch)
        if most is not None and seen > most:
            return
