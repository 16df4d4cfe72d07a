"""
How does an extract become an EventLog, with nothing lost and nothing guessed in silence?

`propose` looks at a file and says which column seems to be which; a person confirms.
`read` takes the columns by name. `tidy` does the work on any frame: only the named
columns are kept, identities stop it, times are read day first, and a row that cannot
be used is set aside with its number and the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks, privacy
from flowlib.core.dates import BLANKS, read_dates, to_wall_clock
from flowlib.core.eventlog import COLUMNS, LONDON, OUTCOMES, TIMES, EventLog, first_known
from flowlib.core.files import open_table
from flowlib.core.quality import Note, Quality, some_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Proposal", "propose", "read", "tidy"]

FIRST_ROW = 2  # of data, in a file whose first row is the header
ENDS = ("not_recorded", "still_here")
# A column's name in lower case without punctuation; the most telling first.
SYNONYMS = {
    "person": ("person", "patient", "person id", "patient id", "personid", "patientid", "case id", "caseid", "case",
               "case concept name", "pseudonym", "person ref", "client id", "spell id", "attendance id", "pathway id",
               "journey id", "nhs number", "nhsnumber", "id"),
    "step": ("step", "activity", "event", "concept name", "stage", "task", "step name", "activity name", "event name",
             "ward", "location", "department", "place", "service"),
    "arrived": ("arrived", "arrival", "arrived at", "arrival time", "arrival dt", "joined", "joined queue", "admitted",
                "admit dt", "referred", "referral dt", "request dt", "requested", "time in", "in"),
    "started": ("started", "start", "start time", "started at", "start timestamp", "began", "seen", "seen dt",
                "service start"),
    "finished": ("finished", "finish", "end", "end time", "finished at", "ended", "completed", "timestamp",
                 "time timestamp", "end timestamp", "date time", "datetime", "event time", "when", "time", "date"),
    "left": ("left", "departed", "departure", "departure dt", "left at", "discharged", "discharge dt", "time out",
             "out", "moved on"),
    "group": ("group", "patient group", "priority", "triage category", "age band"),
    "outcome": ("outcome",),
}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """
    Which column seems to be which. Look at it, then `accept()`, with changes where it is wrong.

    `EventLog.read("list.csv").accept(step="ward")` reads the file with that one change.
    """

    path: Path
    sheet: str | None
    headers: tuple[str, ...]
    columns: Mapping[str, str]  # role -> column
    rivals: Mapping[str, tuple[str, ...]]  # role -> other columns that could be it
    example: pd.DataFrame  # shape and kind of the proposed columns, without any cell's value

    @property
    def certain(self) -> bool:
        """Whether each needed column was recognised by its name, with no rival."""
        return not self.missing and not any(self.rivals.get(role) for role in self.columns)

    @property
    def missing(self) -> list[str]:
        """What is still to be named: person, step, or a time."""
        gaps = [role for role in ("person", "step") if role not in self.columns]
        return gaps if set(self.columns) & set(TIMES) else [*gaps, "a time (arrived, started, finished or left)"]

    def sentence(self) -> str:
        """The guess in words."""
        told = ", ".join(f'{role} = "{column}"' for role, column in self.columns.items()) or "nothing was recognised"
        gaps = f" Still to be named: {', '.join(self.missing)}." if self.missing else ""
        doubts = "".join(
            f" {role.capitalize()} could also be {checks.listed(others)}."
            for role, others in self.rivals.items()
            if others
        )
        return f"The columns look like this: {told}.{gaps}{doubts}"

    def accept(self, **changes: Any) -> EventLog:  # noqa: ANN401 - columns, or options of `read`
        """The log, read with the proposed columns and your changes."""
        columns = {role: column for role, column in ({**self.columns, **changes}).items() if column is not None}
        return read(self.path, sheet=self.sheet, **columns)


def propose(path: str | Path, *, sheet: str | None = None) -> Proposal:
    """A guess at which column is which, from names and contents; nothing is read with it until it is accepted."""
    table = open_table(path, sheet=sheet)
    sample = table.sample()
    found: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    for role, names in SYNONYMS.items():
        fits = [h for name in names for h in table.headers if _plain(h) == name and h not in found.values()]
        fits = [h for h in dict.fromkeys(fits) if _holds(role, sample[h])]
        if fits:
            found[role] = fits[0]
            rivals[role] = tuple(fits[1:]) if role in {"person", "step"} else ()
    if "arrived" not in found and "started" not in found and "finished" not in found and "left" in found:
        found["finished"] = found.pop("left")
    about = pd.DataFrame(
        [(role, c, str(sample[c].nunique()), str(sample[c].map(_blank).sum())) for role, c in found.items()],
        columns=["role", "column", "different values", "blank"],
    )
    return Proposal(Path(path), table.sheet, tuple(table.headers), found, rivals, about)


def read(path: str | Path, *, sheet: str | None = None, **options: Any) -> EventLog:  # noqa: ANN401 - as EventLog.from_frame
    """A log from a CSV or Excel file. Takes the columns and options of `EventLog.from_frame`, and *sheet*."""
    columns = {role: options.pop(role) for role in COLUMNS if options.get(role) is not None}
    table = open_table(path, sheet=sheet)
    for role, column in columns.items():
        checks.choice("column", column, table.headers, where=f'in "{table.path.name}" for {role}')
    need_roles(columns)
    frame, notes = table.load(list(dict.fromkeys(columns.values())))
    options.setdefault("name", table.path.name.split(".")[0])
    return tidy(frame, columns, source=f'"{table.path.name}"', notes=notes, **options)


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
    notes: list[Note] | None = None,
) -> EventLog:
    """The log from any frame; see `EventLog.from_frame`."""
    checks.choice("blank_end", blank_end, ENDS)
    need_roles(columns)
    for role, column in columns.items():
        checks.choice("column", column, map(str, frame.columns), where=f"for {role}")
    checks.need(len(frame), f"There are no rows in {source}. Choose a file that holds some.")
    raw = pd.DataFrame({role: frame[column].reset_index(drop=True) for role, column in columns.items()})
    notes = list(notes or [])
    nhs_numbers = _stop_at_identities(raw, columns)
    aside = pd.Series(data=False, index=raw.index)
    made = pd.DataFrame(index=raw.index)
    made["person"], aside = _person(raw["person"], columns["person"], aside, notes, secret=nhs_numbers)
    made["step"] = _text(raw["step"])
    aside = _set_aside(aside, made["step"].isna(), notes, f'no step in column "{columns["step"]}"')
    made["group"] = _text(raw["group"]).fillna("") if "group" in raw else ""
    for role in TIMES:
        made[role] = _times(raw, role, columns, timezone, notes)
    aside = _set_aside(aside, made[list(TIMES)].isna().all(axis=1), notes, "no time in any of the named columns")
    aside = _disorder(made, columns, aside, notes)
    if "run" in raw:
        made["run"] = pd.to_numeric(raw["run"], errors="coerce").fillna(0).astype(int)
    given_outcome = _text(raw["outcome"]) if "outcome" in raw else None
    given_next = _text(raw["next_step"]) if "next_step" in raw else None
    kept = made[~aside]
    why = notes[-1].sentence if notes else ""
    checks.need(len(kept), f"No row of {source} could be used. {why}")
    window = _window(kept, observed, timezone)
    kept = _clip(kept, window, notes)
    kept["outcome"] = _outcome(kept, given_outcome, columns, blank_end, notes)
    kept["next_step"] = given_next.loc[kept.index].fillna("") if given_next is not None else _next_step(kept)
    kept = kept[[c for c in COLUMNS if c in kept]].reset_index(drop=True)
    quality = Quality(source, len(frame), len(kept), dict(columns), tuple(notes))
    return EventLog(kept, observed=window, name=name, synthetic=synthetic, quality=quality)


def _plain(header: str) -> str:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", str(header))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split())


def _blank(cell: object) -> bool:
    return cell is None or cell is pd.NaT or str(cell).strip().lower() in BLANKS


def _holds(role: str, cells: pd.Series) -> bool:
    """Whether a column's contents can play that role at all."""
    filled = cells[~cells.map(_blank)]
    if role in TIMES:
        return len(filled) > 0 and float(read_dates(filled).times.notna().mean()) > 0.8  # noqa: PLR2004 - most of them
    return len(filled) > 0 and float(read_dates(filled.map(str)).times.notna().mean()) < 0.5  # noqa: PLR2004 - not dates


def _stop_at_identities(raw: pd.DataFrame, columns: Mapping[str, str]) -> bool:
    """Refuse a column that shows who people are; say whether the persons are NHS numbers, which get other keys."""
    secret = False
    for role in raw.columns:
        kind = privacy.identity(columns[role], raw[role])
        if role in TIMES and kind != "date of birth":
            continue
        secret = secret or (role == "person" and kind == "NHS number")
        if kind is None or (role == "person" and kind == "NHS number"):
            continue
        what = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        raise checks.Refusal(
            f'Column "{columns[role]}" looks like {what}, which would show who people are. '
            f"Leave it out, and name another column for {role}. Nothing was read."
        )
    return secret


def _text(cells: pd.Series) -> pd.Series:
    """Trimmed text, missing where blank."""
    text = _trimmed(cells)
    return text.where(~text.str.lower().isin(BLANKS))


def _trimmed(cells: pd.Series) -> pd.Series:
    if cells.dtype == "str":
        return cells.str.strip()
    return pd.Series([None if _missing(c) else privacy.as_text(c) for c in cells], index=cells.index, dtype="str")


def _person(
    cells: pd.Series, column: str, aside: pd.Series, notes: list[Note], *, secret: bool
) -> tuple[pd.Series, pd.Series]:
    """Ids as text: the text "NA" is an id like any other, and NHS numbers get a random key."""
    text = _trimmed(cells)
    empty = text.isna() | (text == "")
    aside = _set_aside(aside, empty, notes, f'no person in column "{column}"')
    if secret:
        text = privacy.rekey(text.str.replace(r"[\s-]", "", regex=True).where(~empty)).astype("str")
        notes.append(
            Note("put right", f'Column "{column}" held NHS numbers; each person has a new random key instead.')
        )
    return text, aside


def _missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NA


def _set_aside(aside: pd.Series, now: pd.Series, notes: list[Note], why: str) -> pd.Series:
    fresh = now & ~aside
    if fresh.any():
        rows = tuple((np.flatnonzero(fresh) + FIRST_ROW).tolist())
        notes.append(Note("set aside", f"{some_rows(rows).capitalize()}: {why}.", rows))
    return aside | now


def _times(raw: pd.DataFrame, role: str, columns: Mapping[str, str], timezone: str, notes: list[Note]) -> pd.Series:
    if role not in raw:
        return pd.Series(pd.NaT, index=raw.index, dtype=f"datetime64[us, {timezone}]")
    column = columns[role]
    got = read_dates(raw[role])
    filled = int(got.times.notna().sum() + got.unread.sum())
    bad = tuple((np.flatnonzero(got.unread) + FIRST_ROW).tolist())
    checks.need(
        filled,
        f'Column "{column}" is blank in every row, so it cannot be the time that people {_did(role)}. Name another.',
    )
    checks.need(
        len(bad) * 2 < filled,
        f'Column "{column}" does not hold dates that can be read day first, such as 03/02/2026 23:40 '
        f"({some_rows(bad)}). Name another column, or correct the dates.",
    )
    if bad:
        sentence = (
            f'{some_rows(bad).capitalize()}: the time in "{column}" could not be read and counts as not recorded.'
        )
        notes.append(Note("to know", sentence, bad))
    if got.serials.any():
        rows = tuple((np.flatnonzero(got.serials) + FIRST_ROW).tolist())
        notes.append(
            Note("put right", f'{some_rows(rows).capitalize()}: an Excel day number in "{column}" was read.', rows)
        )
    stamped, doubtful = to_wall_clock(got.times, timezone)
    if doubtful.any():
        rows = tuple((np.flatnonzero(doubtful) + FIRST_ROW).tolist())
        sentence = (
            f'{some_rows(rows).capitalize()}: "{column}" is in an hour when the clocks change; it may be an hour off.'
        )
        notes.append(Note("to know", sentence, rows))
    return stamped


def _did(role: str) -> str:
    return {"arrived": "arrived", "started": "began", "finished": "finished", "left": "left"}[role]


def _disorder(made: pd.DataFrame, columns: Mapping[str, str], aside: pd.Series, notes: list[Note]) -> pd.Series:
    """Set aside rows in which a later time comes before an earlier one."""
    given = [role for role in TIMES if role in columns]
    for i, early in enumerate(given):
        for late in given[i + 1 :]:
            wrong = (made[late] < made[early]) & ~aside
            if not wrong.any():
                continue
            rows = tuple((np.flatnonzero(wrong) + FIRST_ROW).tolist())
            same_day = (made[late][wrong].dt.date == made[early][wrong].dt.date).any()
            advice = f"If the person {_did(late)} the next day, correct the date." if same_day else "Correct the dates."
            sentence = f'{some_rows(rows).capitalize()}: "{columns[late]}" is before "{columns[early]}". {advice}'
            notes.append(Note("set aside", sentence, rows))
            aside = aside | wrong
    return aside


def _window(kept: pd.DataFrame, observed: tuple[Any, Any] | None, timezone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if observed is None:
        times = kept[list(TIMES)]
        return times.min().min(), times.max().max()
    first, last = (pd.Timestamp(moment) for moment in observed)
    first, last = (m.tz_localize(timezone) if m.tz is None else m.tz_convert(timezone) for m in (first, last))
    checks.need(first < last, f"The log covers from {first:%d %B %Y %H:%M} to an earlier time; swap them.")
    return first, last


def _clip(kept: pd.DataFrame, window: tuple[pd.Timestamp, pd.Timestamp], notes: list[Note]) -> pd.DataFrame:
    """No row shows a time after the window: what had not happened yet is blank."""
    at = first_known(kept)
    later = at > window[1]
    if later.any():
        rows = tuple((kept.index[later] + FIRST_ROW).tolist())
        notes.append(Note("set aside", f"{some_rows(rows).capitalize()}: begins after the log's last moment.", rows))
    kept = kept[~later].copy()
    kept["clipped"] = (kept[list(TIMES)] > window[1]).any(axis=1)
    for role in TIMES:
        kept[role] = kept[role].where(kept[role] <= window[1])
    return kept


def _outcome(
    kept: pd.DataFrame, given: pd.Series | None, columns: Mapping[str, str], blank_end: str, notes: list[Note]
) -> pd.Series:
    """How each visit ended: as told by a column, else from the last time that is recorded."""
    made = pd.Series("completed", index=kept.index, dtype="str")
    ends = [role for role in ("finished", "left") if role in columns]
    begins = [role for role in ("arrived", "started") if role in columns]
    if ends and begins:
        blank = kept[ends[-1]].isna() & ~kept["clipped"]
        last = ~kept.duplicated([c for c in ("run", "person") if c in kept], keep="last")
        here = blank & last & (blank_end == "still_here")
        made = made.mask(blank, "not_recorded").mask(here, "still_here")
        if given is None and blank.any():
            _tell_blank_ends(blank, here, columns[ends[-1]], notes)
    made = made.mask(kept["clipped"], "still_here")
    if given is None:
        return made
    told = given.loc[kept.index].str.lower().str.replace(r"[\s-]+", "_", regex=True)
    unknown = told.notna() & ~told.isin(OUTCOMES)
    if unknown.any():
        rows = tuple((kept.index[unknown] + FIRST_ROW).tolist())
        sentence = (
            f"{some_rows(rows).capitalize()}: the outcome is not one of {checks.listed(OUTCOMES)}; the times decide."
        )
        notes.append(Note("to know", sentence, rows))
    return made.mask(told.notna() & ~unknown & ~kept["clipped"], told)


def _tell_blank_ends(blank: pd.Series, here: pd.Series, column: str, notes: list[Note]) -> None:
    for which, meaning in (
        (here, "the person counts as still there"),
        (blank & ~here, "the end counts as not recorded"),
    ):
        rows = tuple((which.index[which] + FIRST_ROW).tolist())
        if rows:
            notes.append(Note("to know", f'{some_rows(rows).capitalize()}: "{column}" is blank; {meaning}.', rows))


def _next_step(kept: pd.DataFrame) -> pd.Series:
    """Where each person went next, in order of time; file order breaks ties."""
    at = first_known(kept)
    order = at.sort_values(kind="stable").index
    keys = [c for c in ("run", "person") if c in kept]
    onward = kept.loc[order].groupby(keys, sort=False)["step"].shift(-1)
    return onward.reindex(kept.index).fillna("")
