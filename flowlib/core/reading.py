"""
How does an extract become an EventLog, with nothing lost and nothing guessed in silence?

`propose` looks at a file and says which column seems to be which; a person confirms.
`read` takes the columns by name. `tidy` does the work on any frame: only the named
columns are kept, identities stop it, people get random keys, times are read day first,
and a row that cannot be used is set aside with its number and the reason.
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
from flowlib.core.quality import Findings, Quality, some_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from flowlib.core.quality import Note

__all__ = ["OPTIONS", "Proposal", "propose", "read", "tidy"]

FIRST_ROW = 2  # of data, in a file whose first row is the header
OPTIONS = ("observed", "blank_end", "timezone", "name", "synthetic", "not_identities")
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
    not_identities: Iterable[str] = (),
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
    named = _overruled(not_identities, columns)
    numbers = _stop_at_identities(raw, columns, found, named, synthetic=synthetic)
    people, ring = _person(raw["person"], columns["person"], found, numbers=numbers, keep=synthetic and not numbers)
    made = pd.DataFrame({"person": people})
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
    log = EventLog(kept, observed=window, name=name, synthetic=synthetic, quality=report)
    if ring is not None:
        privacy.hang(log, ring)
    return log


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


def _overruled(not_identities: Iterable[str], columns: Mapping[str, str]) -> set[str]:
    """The columns of which a person said that they show nobody."""
    named = [not_identities] if isinstance(not_identities, str) else list(not_identities)
    return {checks.choice("column", str(one), map(str, columns.values()), where="for not_identities") for one in named}


def _stop_at_identities(
    raw: pd.DataFrame, columns: Mapping[str, str], found: Findings, overruled: set[str], *, synthetic: bool
) -> str | None:
    """
    Refuse columns that show who people are, unless they are overruled.

    Persons get other keys, so their health service numbers stop nothing: the kind comes
    back. Nor do single cells of theirs, unless the data are synthetic and keep their ids.
    """
    numbers, stopped = None, {}
    for role in raw.columns:
        column = str(columns[role])
        shows = privacy.whom_it_shows(column, raw[role], times=role in TIMES)
        if shows is None:
            continue
        if role == "person" and shows.kind in privacy.NUMBERS:
            numbers = shows.kind
        elif column in overruled:
            sentence = f'Column "{column}" {privacy.seems(shows)}. It was kept, as not_identities names it.'
            found.tell("to know", sentence)
        elif role != "person" or shows.whole or synthetic:
            stopped[role] = shows
    if stopped:
        raise checks.Refusal(_why_stopped(stopped, columns, found))
    return numbers


def _why_stopped(stopped: Mapping[str, privacy.Shows], columns: Mapping[str, str], found: Findings) -> str:
    """What to say of columns that show who people are, without any value in them."""
    names = {role: str(columns[role]) for role in stopped}
    roles = " and ".join(stopped) if len(stopped) < 3 else ", ".join(stopped)  # noqa: PLR2004 - two, or a list
    quoted = ", ".join(f'"{name}"' for name in dict.fromkeys(names.values()))
    told = [
        f'Column "{names[role]}" {privacy.seems(shows)}'
        + ("" if shows.whole else f" in {some_rows(found.numbers(shows.cells))}")
        + ", which could show who people are."
        for role, shows in stopped.items()
    ]
    it, other = ("it", "another column") if len(stopped) == 1 else ("them", "other columns")
    leave = f"Leave {it} out, and name {other} for {roles}."
    if not any(shows.whole for shows in stopped.values()):
        leave = f"Mend the rows, or leave {it} out and name {other} for {roles}."
    nobody = f"If {'it shows' if len(stopped) == 1 else 'they show'} nobody, add not_identities=[{quoted}]."
    return " ".join([*told, leave, nobody, "Nothing was read."])


def _each(cells: pd.Series, made: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Cells as text, put right by *made*, which sees each different text once."""
    codes, different = pd.factorize(cells)
    text = pd.Series([privacy.as_text(cell) for cell in different], dtype="str")
    right = made(text.str.replace(r"\s+", " ", regex=True))
    return pd.Series(right.array.take(codes, allow_fill=True), index=cells.index, dtype="str")


def _text(cells: pd.Series) -> pd.Series:
    """Trimmed text, missing where blank."""
    return _each(cells, lambda text: text.where(~text.str.lower().isin(BLANKS)))


def _person(
    cells: pd.Series, column: str, found: Findings, *, numbers: str | None, keep: bool
) -> tuple[pd.Series, privacy.Ring | None]:
    """
    A random key in place of each id, and the ring by which logs are joined; or the ids as text.

    The text "NA" is an id like any other. *numbers* says which numbers of the health service the ids are.
    """

    def filled(text: pd.Series) -> pd.Series:
        return text.where(~text.str.lower().isin(NOBODY) & ~text.isin(NOBODY_AS_WRITTEN))

    text = _each(cells, filled)
    found.set_aside(text.isna().to_numpy(), f'no person in column "{column}".')
    if keep:
        return text, None
    if numbers:
        text = _each(text, lambda ids: ids.map(privacy.plain_number))
        found.tell("put right", f'Column "{column}" held {numbers}s; each person has a new random key instead.')
    codes, ids = pd.factorize(text)
    keys = privacy.shuffled(len(ids))
    made = pd.Series(pd.array(keys, dtype="str").take(codes, allow_fill=True), index=text.index)
    return made, privacy.Ring.of(ids.tolist(), keys)
