"""
How does an extract become an EventLog, with nothing lost and nothing guessed in silence?

`propose` looks at a file and says which column seems to be which; a person confirms.
`read` takes the columns by name. `tidy` does the work on any frame: only the named
columns are kept, identities stop it, times are read day first, and a row that cannot
be used is set aside with its number and the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, privacy, timing
from flowlib.core.dates import BLANKS
from flowlib.core.eventlog import COLUMNS, LONDON, TIMES, EventLog
from flowlib.core.files import open_table
from flowlib.core.progress import Progress
from flowlib.core.proposal import Proposal, propose
from flowlib.core.quality import Findings, Quality

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from flowlib.core.quality import Note

__all__ = ["OPTIONS", "Proposal", "propose", "read", "tidy"]

FIRST_ROW = 2  # of data, in a file whose first row is the header
OPTIONS = ("observed", "blank_end", "timezone", "name", "synthetic")
ENDS = ("not_recorded", "still_here")
# These stand for nobody, where a person's id is wanted; but the text "NA" is an id like any other.
NOBODY = BLANKS - {"na", "nan", "none"}
NOBODY_AS_WRITTEN = ("nan", "NaN", "None", "none")


def read(path: str | Path, *, sheet: str | None = None, **options: Any) -> EventLog:  # noqa: ANN401 - as EventLog.from_frame
    """A log from a CSV or Excel file. Takes the columns and options of `EventLog.from_frame`, and *sheet*."""
    columns = {role: str(options[role]) for role in COLUMNS if options.get(role) is not None}
    rest = {word: value for word, value in options.items() if word not in COLUMNS}
    for word in rest:
        checks.choice("option", word, (*COLUMNS, *OPTIONS, "sheet"))
    table = open_table(path, sheet=sheet)
    for role, column in columns.items():
        checks.choice("column", column, table.headers, where=f'in "{table.path.name}" for {role}')
    need_roles(columns)
    rest.setdefault("name", table.path.name.split(".")[0].replace("_", " "))
    with Progress(table.path) as progress:
        cells = table.load(list(dict.fromkeys(columns.values())), progress=progress)
        source = f'"{table.path.name}"'
        return tidy(cells.frame, columns, source=source, notes=cells.notes, rows=cells.rows, progress=progress, **rest)


def need_roles(columns: Mapping[str, str]) -> None:
    """Refuse unless person, step and a time are named."""
    for role in ("person", "step"):
        checks.need(role in columns, f"Say which column is the {role}: {role}=... names it.")
    checks.need(
        set(columns) & set(TIMES), "Say which column holds a time: one of arrived, started, finished or left names it."
    )


def tidy(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    observed: tuple[Any, Any] | None = None,
    blank_end: str = "not_recorded",
    timezone: str = LONDON,
    name: str = "",
    synthetic: bool = False,
    source: str = "the table",
    notes: Iterable[Note] = (),
    rows: NDArray[np.int64] | None = None,
    progress: Progress | None = None,
) -> EventLog:
    """
    The log from any frame; see `EventLog.from_frame`.

    *rows* are the rows' numbers in a file, *notes* what was found when it was read.
    """
    checks.choice("blank_end", blank_end, ENDS)
    need_roles(columns)
    raw = _named(frame, columns)
    found = Findings(np.arange(FIRST_ROW, len(frame) + FIRST_ROW) if rows is None else rows, notes)
    ragged = sum(len(note.rows) for note in found.notes)
    raw = _without_blank(raw, found)
    rows_in = len(raw) + ragged
    checks.need(len(raw), f"There are no rows in {source}. Choose a file that holds some.")
    secret = _stop_at_identities(raw, columns)
    made = pd.DataFrame({"person": _person(raw["person"], columns["person"], found, secret=secret)})
    made["step"] = _text(raw["step"])
    found.set_aside(made["step"].isna().to_numpy(), f'no step in column "{columns["step"]}".')
    made["group"] = _text(raw["group"]).fillna("") if "group" in raw else ""
    if "run" in raw:
        made["run"] = pd.to_numeric(raw["run"], errors="coerce").fillna(0).astype(int)
    timing.add_times(made, raw, columns, timezone, found, progress)
    told = pd.DataFrame({role: _text(raw[role]) for role in ("outcome", "next_step") if role in raw}, index=made.index)
    kept, window = timing.within(made, observed, timezone, found, source)
    timing.add_ends(kept, told.loc[kept.index], columns, blank_end, found)
    kept = kept[[c for c in COLUMNS if c in kept]].reset_index(drop=True)
    report = Quality(source, rows_in, len(kept), dict(columns), tuple(found.notes))
    return EventLog(kept, observed=window, name=name, synthetic=synthetic, quality=report)


def _named(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The named columns, by role."""
    names = [str(column) for column in frame.columns]
    made = {}
    for role, column in columns.items():
        checks.choice("column", str(column), names, where=f"for {role}")
        checks.need(
            names.count(str(column)) == 1, f'The table has more than one column called "{column}". Rename all but one.'
        )
        made[role] = frame.iloc[:, names.index(str(column))].reset_index(drop=True)
    return pd.DataFrame(made)


def _without_blank(raw: pd.DataFrame, found: Findings) -> pd.DataFrame:
    """The rows in which any named cell is filled."""
    blank = np.ones(len(raw), dtype=bool)
    for role in raw:
        blank &= (raw[role].isna() | (raw[role] == "")).to_numpy(dtype=bool)
    if not blank.any():
        return raw
    found.note("to know", blank, "blank, so passed over.")
    found.keep(~blank)
    return raw[~blank].reset_index(drop=True)


def _stop_at_identities(raw: pd.DataFrame, columns: Mapping[str, str]) -> bool:
    """Refuse a column that shows who people are; say whether the persons are NHS numbers, which get other keys."""
    secret = False
    for role in raw.columns:
        kind = privacy.identity(columns[role], raw[role])
        if role in TIMES and kind != "date of birth":
            continue  # whatever else is not a date is refused as such
        if role == "person" and kind == "NHS number":
            secret = True
        elif kind is not None:
            article = "" if kind == "free text" else "an " if kind[0] in "eN" else "a "
            raise checks.Refusal(
                f'Column "{columns[role]}" looks like {article}{kind}, which could show who people are. '
                f"Leave it out, and name another column for {role}. Nothing was read."
            )
    return secret


def _each(cells: pd.Series, made: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Cells as text, put right by *made*, which sees each different text once."""
    codes, different = pd.factorize(cells)
    text = pd.Series([privacy.as_text(cell) for cell in different], dtype="str")
    right = made(text.str.replace(r"\s+", " ", regex=True))
    return pd.Series(right.array.take(codes, allow_fill=True), index=cells.index, dtype="str")


def _text(cells: pd.Series) -> pd.Series:
    """Trimmed text, missing where blank."""
    return _each(cells, lambda text: text.where(~text.str.lower().isin(BLANKS)))


def _person(cells: pd.Series, column: str, found: Findings, *, secret: bool) -> pd.Series:
    """Ids as text: the text "NA" is an id like any other, and NHS numbers get a random key."""

    def filled(text: pd.Series) -> pd.Series:
        return text.where(~text.str.lower().isin(NOBODY) & ~text.isin(NOBODY_AS_WRITTEN))

    text = _each(cells, filled)
    nobody = text.isna()
    found.set_aside(nobody.to_numpy(), f'no person in column "{column}".')
    if secret:
        text = privacy.rekey(text.str.replace(r"[\s-]", "", regex=True).where(~nobody)).astype("str")
        found.tell("put right", f'Column "{column}" held NHS numbers; each person has a new random key instead.')
    return text
