"""
How does an extract become an EventLog, with nothing lost and nothing guessed in silence?

`propose` looks at a file and says which column seems to be which; a person confirms.
`read` takes the columns by name. `tidy` does the work on any frame: only the named
columns are kept, identities stop it, people get random keys, times are read day first,
and a row that cannot be used is set aside with its number and the reason.

A list with a column for each moment is turned round (`wide`), and the rows of a log that
say "start" and "complete" become one visit (`lifecycle`).
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import adt, checks, headings, lifecycle, people, privacy, timing, twice, two_columns, wide
from flowlib.core.dates import moment
from flowlib.core.eventlog import COLUMNS, LONDON, TIMES, EventLog
from flowlib.core.files import open_table
from flowlib.core.progress import Progress
from flowlib.core.proposal import Proposal, propose
from flowlib.core.quality import Findings, Quality
from flowlib.core.texts import trimmed, without_endless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from flowlib.core.quality import Note
    from flowlib.core.wide import Milestone

__all__ = ["OPTIONS", "Proposal", "propose", "read", "tidy"]

FIRST_ROW = 2  # of data, in a file whose first row is the header
OPTIONS = (
    "observed", "blank_end", "timezone", "name", "synthetic", "not_identities", "midnight", "milestones", "lifecycle",
    "instance", "time_unit", "starts", "clocks", "whose",
)  # fmt: skip
PAIRING = ("lifecycle", "instance")  # columns of a log with a row an event
BESIDE = ("person", "group", "run")  # roles that go with milestones
MONDAY = "05/01/2026"  # where the clock of a log with numbers for times starts, unless said otherwise
ENDS = ("not_recorded", "still_here")


def read(path: str | Path, *, sheet: str | Sequence[str] | None = None, **options: Any) -> EventLog:  # noqa: ANN401 - as EventLog.from_frame
    """
    A log from a CSV, Excel or Parquet file. Takes the columns and options of `EventLog.from_frame`, and these.

    *sheet* is the sheet of a workbook; a list of sheets, or "*" for all, joins those of one shape.
    *milestones* turns a list with a column for each moment round: columns, or `wide.Milestone`s.
    *lifecycle* is the column that says "start" or "complete" (or is vidigi's `event_type`, or says A01,
    A02 and A03: admit, transfer, discharge), *instance* the one that numbers the visits. A time may be
    two columns: arrived=["date", "time"]; *clocks* says the same by role. *whose* names the person's own
    id, where *person* is that of a wait: it tells who is on a list twice, and is not kept.
    *midnight* is "set_aside" or "next_day": what is done with times that look typed with the date of
    the day before. *time_unit* says that times are numbers of
    minutes, say, after the date *starts*.
    """
    checks.choice("midnight", options.get("midnight", "set_aside"), timing.MIDNIGHTS)
    milestones = wide.as_milestones(options["milestones"]) if options.get("milestones") else ()
    own = (*COLUMNS, *PAIRING, "milestones", "clocks")
    rest = {word: value for word, value in options.items() if word not in own}
    for word in rest:
        checks.choice("option", word, (*COLUMNS, *OPTIONS, "sheet"))
    given = {role: options[role] for role in (*COLUMNS, *PAIRING) if options.get(role) is not None}
    columns = two_columns.named(given, options.get("clocks"), milestones)
    table = open_table(path, sheet=sheet)
    needed = columns.every | ({"whose": str(rest["whose"])} if rest.get("whose") else {})
    for role, column in needed.items():
        headings.chosen(column, table.headers, where=f'in "{table.path.name}" for {role}')
    need_roles(columns.columns, milestones)
    rest.setdefault("name", table.path.name.split(".")[0].replace("_", " "))
    with Progress(table.path) as progress:
        cells = table.load(list(dict.fromkeys(needed.values())), progress=progress)
        rest |= {"notes": cells.notes, "rows": cells.rows, "sheets": cells.sheets, "progress": progress}
        about = {"source": f'"{table.path.name}"', "clocks": columns.clocks, **rest}
        return tidy(cells.frame, columns.columns, milestones=milestones, **about)


def need_roles(columns: Mapping[str, str], milestones: Sequence[Milestone] = ()) -> None:
    """Refuse unless person, step and a time are named, or person and milestones."""
    checks.need("person" in columns, "Say which column is the person: person=... names it.")
    if milestones:
        other = [role for role in columns if role not in BESIDE]
        checks.need(not other, f"Milestones make the steps and times, so leave out {checks.listed(other)}.")
        return
    checks.need("step" in columns, "Say which column is the step: step=... names it.")
    checks.need(
        set(columns) & set(TIMES), "Say which column holds a time: one of arrived, started, finished or left names it."
    )
    if "lifecycle" in columns:
        times = [role for role in TIMES if role in columns]
        checks.need(len(times) == 1, f"A log with a row an event has one time; {checks.listed(times)} were named.")
    checks.need(
        "instance" not in columns or "lifecycle" in columns,
        "instance= goes with lifecycle=, the column that says start or complete.",
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
    sheets: Sequence[str] = (),
    progress: Progress | None = None,
    milestones: Iterable[Milestone | str] = (),
    midnight: str = "set_aside",
    time_unit: str | None = None,
    starts: Any = MONDAY,  # noqa: ANN401 - a moment in any dress
    clocks: Mapping[str, str] | None = None,
    whose: str | None = None,
) -> EventLog:
    """
    The log from any frame; see `EventLog.from_frame` and `read`.

    *rows* are the rows' numbers in a file (and *sheets* those that were joined), *notes* what was found when it was
    read.
    """
    checks.choice("blank_end", blank_end, ENDS)
    given = two_columns.named(columns, clocks, wide.as_milestones(milestones) if milestones else ())
    need_roles(given.columns, given.milestones)
    raw = _named(frame, given.every | ({"whose": whose} if whose else {}))
    found = Findings(np.arange(FIRST_ROW, len(frame) + FIRST_ROW) if rows is None else rows, notes, sheets)
    ragged = sum(len(note.rows) for note in found.notes)
    rows_there = len(raw)
    raw = _without_blank(raw, found)
    rows_in, rows_blank = len(raw) + ragged, rows_there - len(raw)
    raw = without_endless(raw, given.every | {"whose": whose or ""}, found)
    checks.need(len(raw), f"There are no rows in {source}. Choose a file that holds some.")
    kept_names = people.overruled(not_identities, given.every)
    also = people.whose_codes(raw.pop("whose")) if whose else None
    kept_names |= {f"{given.every[role]} + {clock}" for role, clock in given.clocks.items()
                   if {given.every[role], clock} & kept_names}  # fmt: skip
    raw, given = two_columns.put_together(raw, given, found)
    columns, milestones = given.columns, given.milestones
    numbers = people.stop_at_identities(raw, given.every, found, kept_names, synthetic=synthetic)
    who, ring = people.keyed(raw["person"], columns["person"], found, numbers=numbers, keep=synthetic and not numbers)
    made = pd.DataFrame({"person": who})
    made["group"] = trimmed(raw["group"], columns["group"], found).fillna("") if "group" in raw else ""
    if "run" in raw:
        made["run"] = pd.to_numeric(raw["run"], errors="coerce").fillna(0).astype(int)
    parts: tuple[str, ...] = ()
    if milestones:
        made = wide.turned(made, raw, milestones, timezone, found, progress, midnight=midnight, whose=also)
        told = pd.DataFrame(index=made.index)
    else:
        if time_unit is not None:
            _count_from(raw, time_unit, moment("starts", starts, timezone), columns, found)
        made, told, parts = _visits(made, raw, columns, timezone, found, progress, midnight=midnight)
    kept, window = timing.within(made, observed, timezone, found, source)
    shown, times = _told_columns(columns, milestones, made, parts)
    end = "the end of a step" if milestones else "the end of a stay" if parts == adt.PARTS else ""
    timing.add_ends(kept, told.loc[kept.index], times, blank_end, found, end=end)
    twice.tell_of_log(kept, found)
    kept = kept[[c for c in COLUMNS if c in kept]].reset_index(drop=True)
    visits = len(kept) if found.also is not None else None
    report = Quality(source, rows_in, found.used(), shown, tuple(found.notes), rows_blank, visits)
    log = EventLog(kept, observed=window, name=name, synthetic=synthetic, quality=report)
    if ring is not None:
        privacy.hang(log, ring)
    return log


def _visits(
    made: pd.DataFrame,
    raw: pd.DataFrame,
    columns: Mapping[str, str],
    timezone: str,
    found: Findings,
    progress: Progress | None,
    *,
    midnight: str,
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Steps and times of a table with a row a visit or an event; what it tells of ends; and which times events gave."""
    made["step"] = trimmed(raw["step"], columns["step"], found)
    words = trimmed(raw["lifecycle"]) if "lifecycle" in raw else None
    moves = words is not None and adt.is_adt(words.dropna().unique())
    if not moves:
        found.set_aside(made["step"].isna().to_numpy(), f'no step in column "{columns["step"]}".')
    alike = twice.steps_alike(made["step"])
    found.note(
        "to know", alike, f'please check: "{columns["step"]}" differs from a commoner name only in how it is written.'
    )
    timing.add_times(made, raw, columns, timezone, found, progress, midnight=midnight)
    told = pd.DataFrame(
        {role: trimmed(raw[role]) for role in ("outcome", "next_step") if role in raw}, index=made.index
    )
    if words is None:
        return made, told, ()
    role = next(role for role in TIMES if role in columns)
    if moves:
        made = adt.stays(made, words, role, found)
        return made, pd.DataFrame(index=made.index), adt.PARTS
    instance = trimmed(raw["instance"]) if "instance" in raw else None
    made, outcome = lifecycle.together(made, words, instance, role, found)
    for early, late in combinations(lifecycle.PARTS, 2):
        timing.set_aside_backwards(made, early, late, (columns[role], columns[role]), found)
    told = pd.DataFrame({"outcome": outcome}) if outcome.notna().any() else pd.DataFrame(index=made.index)
    return made, told, lifecycle.PARTS


def _count_from(
    raw: pd.DataFrame, unit: str, starts: pd.Timestamp, columns: Mapping[str, str], found: Findings
) -> None:
    """Put numbers of minutes, say, on the clock, in place."""
    for role in TIMES:
        if role in raw:
            raw[role] = lifecycle.clock_times(raw[role], unit, starts)
            name = columns[role]
            checks.need(raw[role].notna().any(), f'Column "{name}" holds no numbers, so it cannot be {unit}.')
    day = f"{starts.day} {starts:%B %Y %H:%M}"
    found.tell("put right", f"Times were read as {unit} after {day}.")


def _told_columns(
    columns: Mapping[str, str], milestones: Sequence[Milestone], made: pd.DataFrame, parts: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, str]]:
    """What each column was read as, for the report; and which column gave which time."""
    if milestones:
        named = {one.name: one.column for one in milestones}
        begins = [b.column if a.then == "wait" else a.column for a, b in pairwise(milestones) if a.then]
        told = {**columns, **named} | ({"started": ", ".join(dict.fromkeys(begins))} if begins else {})
        return told, {"arrived": "", "finished": ""} | ({"started": ""} if begins else {})
    if "lifecycle" not in columns:
        return dict(columns), dict(columns)
    time = next(columns[role] for role in TIMES if role in columns)
    parts = tuple(part for part in parts if made[part].notna().any())
    rest = {role: column for role, column in columns.items() if role not in TIMES}
    return rest | dict.fromkeys(parts, time), dict.fromkeys(parts, time)


def _named(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The named columns, by role."""
    names = headings.without_people(frame.columns)
    made = {}
    for role, column in columns.items():
        headings.chosen(column, names, where=f"for {role}")
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
