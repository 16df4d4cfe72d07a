"""
Which times of an extract can stand, and how did each visit end?

Times are read day first and put on the clock of a zone. A column that could be month
first is refused, or said to be in doubt. A row whose times run backwards is set aside;
what lies after the log's last moment had not happened yet, so it is blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import moment, read_dates, to_wall_clock
from flowlib.core.eventlog import OUTCOMES, TIMES, first_known
from flowlib.core.quality import some_rows
from flowlib.core.summaries import person_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from flowlib.core.dates import Dates
    from flowlib.core.progress import Progress
    from flowlib.core.quality import Findings

__all__ = ["add_ends", "add_times", "within"]

FIRST_YEAR, LAST_YEAR = 1948, 2100  # years outside are fillers such as 01/01/1900 and 31/12/9999
MANY = 20  # cells from which dates that look month first are refused
SLIPS = 0.05  # share of dates written the other way that may be slips of single rows
DID = {"arrived": "arrived", "started": "began", "finished": "finished", "left": "left"}
HOUR = pd.Timedelta(hours=1)
MIXER = np.uint64(0x9E3779B97F4A7C15)  # an odd number that spreads whatever it multiplies (D. Knuth, TAOCP 3, 6.4)


def add_times(
    made: pd.DataFrame,
    raw: pd.DataFrame,
    columns: Mapping[str, str],
    timezone: str,
    found: Findings,
    progress: Progress | None = None,
) -> None:
    """Add the four times to *made*; rows with none, or with times that run backwards, are set aside."""
    given = [role for role in TIMES if role in raw]
    doubt = {}
    for done, role in enumerate(given, start=1):
        made[role], doubt[role] = _times(raw[role], columns[role], timezone, found)
        if progress is not None:
            progress.making(0.8 * done / len(given))
    checks.need(
        made[given].notna().any(axis=None),
        f"No time is filled in: {checks.listed(columns[role] for role in given)} are blank in every row. Name another.",
    )
    for role in TIMES:
        if role not in given:
            made[role] = pd.Series(pd.NaT, index=raw.index, dtype=f"datetime64[us, {timezone}]")
    found.set_aside(made[list(TIMES)].isna().all(axis=1).to_numpy(), "no time in any of the named columns.")
    for i, early in enumerate(given):
        for late in given[i + 1 :]:
            again = doubt[late] & (made[late] < made[early]).to_numpy() & (made[late] + HOUR >= made[early]).to_numpy()
            made[late] = made[late].mask(again, made[late] + HOUR)  # the clocks went back in between
            _set_aside_backwards(made, early, late, columns, found)


def within(
    made: pd.DataFrame,
    observed: object,
    timezone: str,
    found: Findings,
    source: str,
) -> tuple[pd.DataFrame, tuple[pd.Timestamp, pd.Timestamp]]:
    """The rows that can be used, with no time after the log's last moment; and the window that the log covers."""
    good = made[~found.aside]
    why = found.notes[-1].sentence if found.notes else ""
    checks.need(len(good), f"No row of {source} could be used. {why}")
    window = _window(good, observed, timezone)
    at = first_known(made)
    found.set_aside((at > window[1]).to_numpy(), "begins after the log's last moment.")
    kept = made[~found.aside].copy()
    checks.need(len(kept), f"Every row of {source} begins after the log's last moment. Correct observed.")
    kept["clipped"] = (kept[list(TIMES)] > window[1]).any(axis=1)
    for role in TIMES:
        kept[role] = kept[role].where(kept[role] <= window[1])
    kept["who"] = person_codes(kept, [key for key in ("run", "person") if key in kept])
    _note_twins(kept, found)
    return kept, window


def add_ends(
    kept: pd.DataFrame, told: pd.DataFrame, columns: Mapping[str, str], blank_end: str, found: Findings
) -> None:
    """Add how each visit ended and where to: as told by a column, else from the times."""
    last, onward = _moves(kept)
    outcome = np.full(len(kept), "completed", dtype=object)
    ends = [role for role in ("finished", "left") if role in columns]
    begins = [role for role in ("arrived", "started") if role in columns]
    clipped = kept["clipped"].to_numpy()
    if ends and begins:
        blank = kept[ends[-1]].isna().to_numpy() & ~clipped
        here = blank & last & (blank_end == "still_here")
        outcome[blank], outcome[here] = "not_recorded", "still_here"
        if "outcome" not in told:
            _note(kept, here, f'"{columns[ends[-1]]}" is blank; the person counts as still there.', found)
            _note(kept, blank & ~here, f'"{columns[ends[-1]]}" is blank; the end counts as not recorded.', found)
    outcome[clipped] = "still_here"
    if "outcome" in told:
        word = told["outcome"].str.lower().str.replace(r"[\s-]+", "_", regex=True)
        known = word.isin(OUTCOMES).to_numpy()
        names = checks.listed(OUTCOMES)
        _note(
            kept,
            told["outcome"].notna().to_numpy() & ~known,
            f"the outcome is not one of {names}; the times decide.",
            found,
        )
        outcome = np.where(known & ~clipped, word.to_numpy(dtype=object), outcome)
    kept["outcome"] = pd.Series(outcome, index=kept.index, dtype="str")
    if "next_step" in told:
        onward = told["next_step"].fillna("").mask(kept["clipped"], "")
    kept["next_step"] = onward


def _times(cells: pd.Series, column: str, timezone: str, found: Findings) -> tuple[pd.Series, NDArray[np.bool_]]:
    """One column of times on the clock of the zone, and which may be an hour off."""
    got = read_dates(cells, timezone)
    filled = int(got.times.notna().sum() + got.unread.sum())
    if not filled:
        found.tell("to know", f'Column "{column}" is blank in every row.')
        return to_wall_clock(got, timezone)
    _stop_at_month_first(got, column, found)
    where = some_rows(found.numbers(got.unread))
    checks.need(
        int(got.unread.sum()) * 2 < filled,
        f'Column "{column}" does not hold dates that can be read day first, such as 03/02/2026 23:40 ({where}). '
        "Name another column, or correct the dates.",
    )
    found.note("to know", got.unread, f'the time in "{column}" could not be read and counts as not recorded.')
    found.note("put right", got.serials, f'an Excel day number in "{column}" was read.')
    _tell_of_doubt(got, column, found)
    aware, doubtful = to_wall_clock(got, timezone)
    found.note("to know", doubtful, f'"{column}" is in an hour when the clocks change; it may be an hour off.')
    years = got.times.dt.year.to_numpy()
    filler = (years < FIRST_YEAR) | (years > LAST_YEAR)
    found.note(
        "to know", filler, f'the year in "{column}" is a filler such as 1900 or 9999 and counts as not recorded.'
    )
    return aware.mask(filler), doubtful


def _stop_at_month_first(got: Dates, column: str, found: Findings) -> None:
    """Refuse a column whose dates are, or seem to be, month first."""
    how = "Write them day first, such as 25/03/2026, or year first, such as 2026-03-25."
    month_first = int(got.month_first.sum())
    where = some_rows(found.numbers(got.month_first)) if month_first else ""
    checks.need(
        not month_first or got.day_first,
        f'The dates in column "{column}" have the month first ({where}). {how}',
    )
    checks.need(
        month_first <= SLIPS * (month_first + got.day_first),
        f'Column "{column}" mixes dates with the day first and dates with the month first ({where}). {how}',
    )
    checks.need(
        not (got.looks_month_first and got.either >= MANY),
        f'The dates in column "{column}" seem to have the month first: the second number changes most. {how}',
    )


def _tell_of_doubt(got: Dates, column: str, found: Findings) -> None:
    """Say so where no date proves that the day comes first."""
    if not got.either or got.day_first or got.month_first.any():
        return
    first, last = got.times.min(), got.times.max()
    found.tell(
        "to know",
        f'The dates in "{column}" could be day first or month first. They were read day first, '
        f"so they run from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}.",
    )


def _set_aside_backwards(
    made: pd.DataFrame, early: str, late: str, columns: Mapping[str, str], found: Findings
) -> None:
    """Set aside rows in which a later time comes before an earlier one."""
    wrong = (made[late] < made[early]).to_numpy() & ~found.aside
    if not wrong.any():
        return
    same = np.zeros(len(made), dtype=bool)
    same[wrong] = (made[late][wrong].dt.date == made[early][wrong].dt.date).to_numpy()
    names = columns[early], columns[late]
    if same.any():
        row = int(np.flatnonzero(same)[0])
        like = f" {same.sum():,} rows like this." if same.sum() > 1 else ""
        found.tell_of(
            "set aside",
            same,
            f"Row {found.rows[row]:,}: {names[1]} {made[late][row]:%H:%M} is before "
            f"{names[0]} {made[early][row]:%H:%M} on the same date. "
            f"If the person {DID[late]} the next day, correct the date.{like}",
        )
    found.set_aside(wrong & ~same, f'"{names[1]}" is before "{names[0]}". Correct the dates.')


def _window(kept: pd.DataFrame, observed: object, timezone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if observed is None:
        times = kept[list(TIMES)]
        return times.min().min(), times.max().max()
    if not isinstance(observed, (tuple, list)) or len(observed) != 2:  # noqa: PLR2004 - a pair
        raise checks.Refusal(f"observed must be two moments, from and until; {checks.brief(observed)} came.")
    first, last = (
        moment(name, at, timezone) for name, at in zip(("observed from", "observed until"), observed, strict=True)
    )
    checks.need(first < last, f"The log covers from {first:%d %B %Y %H:%M} to an earlier time; swap them.")
    return first, last


def _note_twins(kept: pd.DataFrame, found: Findings) -> None:
    """Say which rows are like an earlier one in all that is kept; they stay, as two tests in one minute may be real."""
    parts = [kept["who"].to_numpy(), *(pd.factorize(kept[c])[0] for c in ("step", "group"))]
    parts += [_plain(kept[role]).astype(np.int64) for role in TIMES]
    mixed = np.zeros(len(kept), dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * MIXER
    alike = pd.Series(mixed).duplicated(keep=False).to_numpy()  # few; only these are compared in full
    twins = np.zeros(len(kept), dtype=bool)
    twins[alike] = pd.DataFrame([part[alike] for part in parts]).T.duplicated().to_numpy()
    _note(
        kept,
        twins,
        "the same person, step and times as an earlier row. Delete it if it is there twice by mistake.",
        found,
    )


def _plain(times: pd.Series) -> NDArray[np.datetime64]:
    """Times without their zone, which numpy can sort."""
    return np.asarray(times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())


def _moves(kept: pd.DataFrame) -> tuple[NDArray[np.bool_], pd.Series]:
    """Which visit is a person's last, and where each leads, in order of time; file order breaks ties."""
    who = kept["who"].to_numpy()
    order = np.lexsort((_plain(first_known(kept)), who))
    same = who[order[:-1]] == who[order[1:]]
    last = np.ones(len(kept), dtype=bool)
    last[order[:-1][same]] = False
    codes, names = pd.factorize(kept["step"])
    onward = np.full(len(kept), -1)
    onward[order[:-1][same]] = codes[order[1:][same]]
    return last, pd.Series(names.array.take(onward, allow_fill=True, fill_value=""), index=kept.index)


def _note(kept: pd.DataFrame, which: NDArray[np.bool_], sentence: str, found: Findings) -> None:
    """Note something about rows that are kept."""
    every = np.zeros(len(found.rows), dtype=bool)
    every[kept.index.to_numpy()[which]] = True
    found.note("to know", every, sentence)
