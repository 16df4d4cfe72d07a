"""
What was found when the extract was read: how many rows, what was put right, what was set aside?

Nothing is dropped unseen. A row that cannot be used is set aside with its number in
the file and the reason, so that it can be found and mended there. A cell's value is
never repeated.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Findings", "Note", "Quality", "some_rows"]

SHOWN_ROWS = 5  # so many row numbers stand in a sentence; all of them stand in the table


@dataclass(frozen=True)
class Note:
    """One thing found."""

    kind: str  # "set aside", "put right" or "to know"
    sentence: str
    rows: tuple[int, ...] = ()  # row numbers in the file; the header is row 1


@dataclass(frozen=True)
class Quality:
    """The report on one reading."""

    source: str  # the file's name, or "frame"
    rows_in: int
    rows_used: int
    columns: Mapping[str, str] = field(default_factory=dict)  # what each column was read as
    notes: tuple[Note, ...] = ()

    @property
    def set_aside(self) -> pd.DataFrame:
        """Each row set aside: `row` in the file, `why`."""
        found = [(row, note.sentence) for note in self.notes if note.kind == "set aside" for row in note.rows]
        return pd.DataFrame(found, columns=["row", "why"]).sort_values("row", ignore_index=True)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a note: `kind`, `rows` (how many), `what`."""
        found = [(note.kind, len(note.rows), note.sentence) for note in self.notes]
        return pd.DataFrame(found, columns=["kind", "rows", "what"])

    def sentences(self) -> list[str]:
        """The whole report in plain words."""
        aside = self.rows_in - self.rows_used
        head = (
            f"{checks.shown(self.rows_in)} rows were read from {self.source}; {checks.shown(self.rows_used)} are used"
        )
        tail = f" and {checks.shown(aside)} set aside." if aside else ", and none was set aside."
        read_as = ", ".join(f'{role} from "{column}"' for role, column in self.columns.items())
        return [head + tail, f"Columns: {read_as}.", *(note.sentence for note in self.notes)]

    def to_plain(self) -> dict[str, Any]:
        """The report as plain values, for a file."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Quality:
        """A report kept by `to_plain`."""
        notes = tuple(Note(n["kind"], n["sentence"], tuple(n["rows"])) for n in plain["notes"])
        return cls(plain["source"], plain["rows_in"], plain["rows_used"], plain["columns"], notes)


class Findings:
    """What is found while a table is read: notes, and which rows are set aside."""

    def __init__(self, rows: NDArray[np.int64], notes: Iterable[Note] = ()) -> None:
        """Take the number of each row in the file, and what was found before."""
        self.rows, self.notes = rows, list(notes)
        self.aside = np.zeros(len(rows), dtype=bool)

    def numbers(self, found: NDArray[np.bool_]) -> tuple[int, ...]:
        """The row numbers of what was found."""
        return tuple(self.rows[found].tolist())

    def tell(self, kind: str, sentence: str) -> None:
        """Note something about the table as a whole."""
        self.notes.append(Note(kind, sentence))

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Go on with these rows only."""
        self.rows, self.aside = self.rows[kept], self.aside[kept]

    def note(self, kind: str, found: NDArray[np.bool_], sentence: str) -> None:
        """Note something about these rows, if there are any."""
        rows = self.numbers(found)
        if rows:
            self.notes.append(Note(kind, f"{some_rows(rows).capitalize()}: {sentence}", rows))

    def tell_of(self, kind: str, found: NDArray[np.bool_], sentence: str) -> None:
        """Note a whole sentence about these rows; those to be set aside are."""
        self.notes.append(Note(kind, sentence, self.numbers(found)))
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
    """
    shown = [f"{row:,}" for row in rows[:SHOWN_ROWS]]
    if len(rows) == 1:
        return f"row {shown[0]}"
    more = f" and {len(rows) - SHOWN_ROWS:,} more" if len(rows) > SHOWN_ROWS else ""
    return f"rows {', '.join(shown)}{more}"
