"""
What was found when the extract was read: how many rows, what was put right, what was set aside?

Nothing is dropped unseen. A row that cannot be used is set aside with its number in
the file and the reason, so that it can be found and mended there. A cell's value is
never repeated. The sum always holds: the rows of the file are the rows used, the rows
set aside and the blank ones.

Row numbers are for the team that owns the file. On paper, and for others, the report has none,
and numbers of rows are told as numbers of people are: few rows are few people's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy.shown import FEWEST, HIDDEN, rounded
from flowlib.core.safe_cells import safe_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Findings", "Note", "Quality", "Row", "ranges", "some_rows"]

SHOWN_ROWS = 5  # so many row numbers stand in a sentence; all of them stand in the table
SHEET_BITS = 32  # a row of joined sheets is the sheet's place, then the row: Excel has 2**20 rows


class Row(int):
    """
    The number of a row, and the sheet where it stands.

    >>> Row(4).on("March") == 4, Row(4).on("March").sheet
    (True, 'March')
    """

    sheet: str = ""

    def on(self, sheet: str) -> Row:
        """The same row, on *sheet*."""
        self.sheet = sheet
        return self


@dataclass(frozen=True)
class Note:
    """One thing found."""

    kind: str  # "set aside", "put right" or "to know"
    sentence: str
    rows: tuple[int, ...] = ()  # row numbers in the file; the header is row 1
    bare: str = field(default="", compare=False)  # the same without rows, numbers and times, where they stand within it

    @property
    def what(self) -> str:
        """
        What was found, without the rows where it stands.

        >>> Note("set aside", "Row 4: no step.", (4,)).what
        'no step.'
        """
        return self.bare or (
            self.sentence.removeprefix(f"R{some_rows(self.rows)[1:]}: ") if self.rows else self.sentence
        )


@dataclass(frozen=True)
class Quality:
    """The report on one reading."""

    source: str  # the file's name, or "frame"
    rows_in: int  # rows with something in them
    rows_used: int  # of these, the rows of which something is in the log
    columns: Mapping[str, str] = field(default_factory=dict)  # what each column was read as
    notes: tuple[Note, ...] = ()
    rows_blank: int = 0  # rows with nothing in any column that was named; passed over
    visits: int | None = None  # rows of the log, where one row of the file is not one visit

    @property
    def rows_in_file(self) -> int:
        """All rows below the column names: those used, those set aside and the blank ones."""
        return self.rows_in + self.rows_blank

    @property
    def rows_set_aside(self) -> int:
        """How many rows are not in the log at all."""
        return self.rows_in - self.rows_used

    @property
    def set_aside(self) -> pd.DataFrame:
        """Each row set aside, whole or in part: `row` in the file, `why`, and `sheet` where several were joined."""
        notes = [note for note in self.notes if note.kind == "set aside"]
        found = [(int(row), note.sentence, _sheet(row)) for note in notes for row in note.rows]
        made = pd.DataFrame(found, columns=["row", "why", "sheet"]).sort_values(["sheet", "row"], ignore_index=True)
        return made if made["sheet"].any() else made.drop(columns="sheet")

    @property
    def frame(self) -> pd.DataFrame:
        """One row a note: `kind`, `rows` (how many), `what`."""
        found = [(note.kind, len(note.rows), note.sentence) for note in self.notes]
        return pd.DataFrame(found, columns=["kind", "rows", "what"])

    @property
    def table(self) -> pd.DataFrame:
        """
        Everything found, with every row: `kind`, `what`, `rows` (how many), `row_numbers` and `sheet`.

        Row numbers are ranges such as "4 to 6, 9". A note on several sheets has a line
        for each; one on the whole table has no rows.
        """
        found = []
        for note in self.notes:
            by_sheet = groupby(sorted(note.rows, key=lambda row: (_sheet(row), row)), key=_sheet)
            parts = [(sheet, tuple(rows)) for sheet, rows in by_sheet] or [("", ())]
            found += [(note.kind, note.sentence, len(rows), ranges(rows), sheet) for sheet, rows in parts]
        return pd.DataFrame(found, columns=["kind", "what", "rows", "row_numbers", "sheet"])

    def save_set_aside(self, path: str | Path) -> None:
        """
        Keep the list of rows set aside as a CSV file: their numbers and reasons, and no cell of theirs.

        It opens in Excel with its accents, and nothing in it can run there as a formula.
        """
        made = self.set_aside
        for column in made.columns.difference(["row"]):
            made[column] = made[column].map(safe_cell)
        try:
            made.to_csv(path, index=False, encoding="utf-8-sig")
        except OSError:
            raise checks.Refusal(
                "The list cannot be written there. Check that the folder is there, and close the file elsewhere."
            ) from None

    def sentences(self) -> list[str]:
        """The whole report in plain words, for the team that owns the file."""
        return [self._head(checks.shown), self._read_as(), *(note.sentence for note in self.notes)]

    def sentences_on_paper(self, *, synthetic: bool = False) -> list[str]:
        """
        The report in plain words for paper, and for whoever does not own the file.

        It has no row numbers; 1 to 7 rows are "fewer than 8", others are to the nearest 5 unless the people are
        *synthetic*.

        >>> Quality('"list.csv"', 1_043, 1_040, {}, (Note("set aside", "Rows 4, 9, 12: no step.", (4, 9, 12)),)
        ... ).sentences_on_paper()[0]
        '1,045 rows were read from "list.csv"; 1,040 are used and fewer than 8 set aside.'
        """

        def told(rows: float) -> str:
            text = rounded(rows, synthetic=synthetic)
            return f"fewer than {FEWEST}" if text == HIDDEN else text

        notes = (f"{told(len(note.rows))} rows: {note.what}" if note.rows else note.what for note in self.notes)
        return [words[:1].upper() + words[1:] for words in (self._head(told), self._read_as(), *notes)]

    def _head(self, told: Callable[[float], str]) -> str:
        """How many rows were read, and where they went; *told* says a number."""
        used, aside, blank, every = map(told, (self.rows_used, self.rows_set_aside, self.rows_blank, self.rows_in_file))
        parts = [f"{used} {'is' if used == '1' else 'are'} used"]
        parts += [f"{aside} set aside"] if self.rows_set_aside else []
        parts += [f"{blank} blank"] if self.rows_blank else []
        where = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        head = f"{every} {'row was' if every == '1' else 'rows were'} read from {self.source}; {where}"
        head += "." if self.rows_set_aside else ", and none was set aside."
        return head if self.visits is None else f"{head} They make {told(self.visits)} visits."

    def _read_as(self) -> str:
        """Which column was read as what."""
        read_as = ", ".join(f'{role} from "{column}"' for role, column in self.columns.items())
        return f"Columns: {read_as}."

    def to_plain(self) -> dict[str, Any]:
        """The report as plain values, for a file."""
        plain = asdict(self)
        for made, note in zip(plain["notes"], self.notes, strict=True):
            made["rows"], made["sheets"] = [int(row) for row in note.rows], [_sheet(row) for row in note.rows]
            if not any(made["sheets"]):
                del made["sheets"]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Quality:
        """A report kept by `to_plain`."""
        notes = []
        for one in plain["notes"]:
            sheets = one.get("sheets") or [""] * len(one["rows"])
            rows = [Row(row).on(sheet) if sheet else row for row, sheet in zip(one["rows"], sheets, strict=True)]
            notes.append(Note(one["kind"], one["sentence"], tuple(rows), one.get("bare", "")))
        return cls(**{**plain, "notes": tuple(notes)})


class Findings:
    """What is found while a table is read: notes, and which rows are set aside."""

    def __init__(self, rows: NDArray[np.int64], notes: Iterable[Note] = (), sheets: Sequence[str] = ()) -> None:
        """Take the number of each row in the file (and its sheet, where *sheets* were joined), and what was found."""
        self.rows, self.notes, self.sheets = rows, list(notes), sheets
        self.also: NDArray[np.int64] | None = None  # more rows of the file that each row comes from; 0 for none
        self.aside = np.zeros(len(rows), dtype=bool)
        self.passed = 0  # rows that are no visit of their own, but are in the log's other rows

    def numbers(self, found: NDArray[np.bool_]) -> tuple[int, ...]:
        """The row numbers of what was found."""
        places = self.rows[found]
        if self.also is not None:
            more = self.also[found]
            places = np.unique(np.concatenate([places, more[more > 0]]))
        if not self.sheets:
            return tuple(places.tolist())
        mask = (1 << SHEET_BITS) - 1
        return tuple(Row(place & mask).on(self.sheets[place >> SHEET_BITS]) for place in places.tolist())

    def tell(self, kind: str, sentence: str) -> None:
        """Note something about the table as a whole."""
        self.notes.append(Note(kind, sentence))

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Go on with these rows only."""
        self.take(np.flatnonzero(kept))

    def take(self, places: NDArray[np.int64]) -> None:
        """Go on with the rows at these places, of which some may come more than once."""
        repeated = len(places) > len(self.rows) or bool((np.diff(places) <= 0).any())
        self.rows, self.aside = self.rows[places], self.aside[places]
        if self.also is not None or repeated:
            self.also = np.zeros((len(self.rows), 0), dtype=np.int64) if self.also is None else self.also[places]

    def pair(self, others: NDArray[np.int64]) -> None:
        """Say which more rows of the file each row comes from: a column each, 0 for none."""
        self.also = others

    def used(self) -> int:
        """How many rows of the file are used, as a whole or in part."""
        good = ~self.aside
        return self.passed + (int(good.sum()) if self.also is None else len(self.numbers(good)))

    def note(self, kind: str, found: NDArray[np.bool_], sentence: str) -> None:
        """Note something about these rows, if there are any."""
        rows = self.numbers(found)
        if rows:
            self.notes.append(Note(kind, f"R{some_rows(rows)[1:]}: {sentence}", rows))

    def tell_of(self, kind: str, found: NDArray[np.bool_], sentence: str, *, bare: str) -> None:
        """Note a whole sentence about these rows, and the same without any row or cell; those to be set aside are."""
        self.notes.append(Note(kind, sentence, self.numbers(found), bare))
        if kind == "set aside":
            self.aside = self.aside | found

    def set_aside(self, found: NDArray[np.bool_], why: str) -> None:
        """Set these rows aside, unless they are already."""
        self.note("set aside", found & ~self.aside, why)
        self.aside = self.aside | found


def some_rows(rows: Sequence[int]) -> str:
    """
    Row numbers as they stand in a sentence.

    >>> some_rows([4, 9, 12, 15, 20, 31, 44])
    'rows 4, 9, 12, 15, 20 and 2 more'
    >>> some_rows([Row(4).on("March")])
    'row 4 of "March"'
    """
    shown = [f"{row:,}" + (f' of "{_sheet(row)}"' if _sheet(row) else "") for row in rows[:SHOWN_ROWS]]
    if len(rows) == 1:
        return f"row {shown[0]}"
    more = f" and {len(rows) - SHOWN_ROWS:,} more" if len(rows) > SHOWN_ROWS else ""
    return f"rows {', '.join(shown)}{more}"


def ranges(rows: Sequence[int]) -> str:
    """
    Rising row numbers as ranges.

    >>> ranges([4, 5, 6, 9, 12, 13])
    '4 to 6, 9, 12 to 13'
    """
    numbers = np.asarray(rows, dtype=np.int64)
    if not len(numbers):
        return ""
    cuts = np.flatnonzero(np.diff(numbers) != 1)
    first, last = numbers[np.r_[0, cuts + 1]], numbers[np.r_[cuts, len(numbers) - 1]]
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in zip(first.tolist(), last.tolist(), strict=True))


def _sheet(row: int) -> str:
    return row.sheet if isinstance(row, Row) else ""
