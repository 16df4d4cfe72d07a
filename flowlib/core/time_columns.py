"""
What does a column of times hold, and what had to be put right in it?

Read day first, onto the clock of a zone. A column that is, or seems to be, month first is
refused. All else that is not plain is counted, with its rows: Excel's day numbers, years
of two figures, clocks of 12 hours, words for blank, fillers such as 1900 or 1811, hours
when the clocks change, midnights kept as 23:59 or 00:01, days without a clock time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.dates import read_dates, to_wall_clock
from flowlib.core.quality import some_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.dates import Dates
    from flowlib.core.quality import Findings

__all__ = ["TimeColumn", "mend", "time_column"]

FIRST_YEAR, LAST_YEAR = 1948, 2100  # years outside are fillers such as 01/01/1900, 11/11/1811 and 31/12/9999
MANY = 20  # cells from which dates that look month first are refused
SLIPS = 0.05  # share of dates written the other way that may be slips of single rows
MOSTLY = 0.5  # share of a column above which its way of writing is usual, not an exception
HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
# A time this much before an earlier one was typed with the date of the day before; nearer, it may be a slip of
# the clock time. So whoever is moved a day on was there for less than 12 hours.
SLIP = pd.Timedelta(hours=12)
BESIDE_MIDNIGHT = (1, 24 * 60 - 1)  # minutes of the day; some systems keep midnight so (NHS Wales Data Dictionary)
NEAR_MIDNIGHT = (*range(3, 11), *range(24 * 60 - 10, 24 * 60 - 2))  # minutes that tell how many chance would give
STANDARD_ERRORS, FEWEST = 3, 3  # more such minutes than chance gives, by so many; and at least so many


@dataclass
class TimeColumn:
    """One column of times on the clock of a zone."""

    name: str
    times: pd.Series
    doubtful: NDArray[np.bool_]  # in the hour that the clocks repeat or skip
    days_only: bool  # no cell has a clock time


def time_column(cells: pd.Series, name: str, timezone: str, found: Findings) -> TimeColumn:
    """The times of a column; what was put right or is in doubt goes to *found*."""
    got = read_dates(cells, timezone)
    filled = int(got.times.notna().sum() + got.unread.sum())
    found.note("to know", _rare(got.words, len(cells)), f'a word for blank, such as NULL, stands in "{name}".')
    if not filled:
        found.tell("to know", f'Column "{name}" is blank in every row.')
        return TimeColumn(name, *to_wall_clock(got, timezone), days_only=False)
    _stop_at_month_first(got, name, found)
    where = some_rows(found.numbers(got.unread))
    checks.need(
        int(got.unread.sum()) * 2 < filled,
        f'Column "{name}" does not hold dates that can be read day first, such as 03/02/2026 23:40 ({where}). '
        "Name another column, or correct the dates.",
    )
    found.note("to know", got.unread, f'the time in "{name}" could not be read and counts as not recorded.')
    _tell_of_dress(got, name, filled, found)
    _tell_of_doubt(got, name, found)
    aware, doubtful = to_wall_clock(got, timezone)
    found.note("to know", doubtful, f'"{name}" is in an hour when the clocks change; it may be an hour off.')
    years = got.times.dt.year.to_numpy()
    filler = (years < FIRST_YEAR) | (years > LAST_YEAR)
    found.note("to know", filler, f'the year in "{name}" is a filler such as 1900 or 9999 and counts as not recorded.')
    minutes = _minutes(got.times.mask(filler))
    days_only = bool((minutes[minutes >= 0] == 0).all())
    _tell_of_midnights(minutes, name, found)
    return TimeColumn(name, aware.mask(filler), doubtful, days_only)


def mend(early: TimeColumn, late: TimeColumn, found: Findings, *, next_day: bool) -> NDArray[np.bool_]:
    """
    Put right, in place, what in *late* is before *early* for a known reason; which rows look like a midnight slip.

    After the clocks went back, a time counts an hour on. A day without a clock time is no
    earlier than another time on it. A time 12 to 24 hours too early was typed with the
    date of the day before: it is moved a day on where *next_day* says so.
    """
    gap = early.times - late.times
    again = (late.doubtful & (gap > pd.Timedelta(0)) & (gap <= HOUR)).to_numpy(dtype=bool)
    if again.any():
        late.times = late.times.mask(again, late.times + HOUR)
    if late.days_only and not early.days_only:
        same = ((gap > pd.Timedelta(0)) & (early.times.dt.normalize() == late.times)).to_numpy(dtype=bool)
        sentence = f'"{late.name}" is a day without a clock time, so it counts from "{early.name}" on that day.'
        found.note("put right", same & ~found.aside, sentence)
        late.times = late.times.mask(same, early.times)
    slip: NDArray[np.bool_] = ((gap > SLIP) & (gap < DAY)).to_numpy(dtype=bool) & ~found.aside
    if late.days_only or early.days_only:
        return np.zeros(len(slip), dtype=bool)
    if next_day and slip.any():
        sentence = f'"{late.name}" was before "{early.name}" by over 12 hours; its date was moved a day on.'
        found.note("put right", slip, sentence)
        late.times = late.times.mask(slip, _a_day_on(late.times))
    return slip


def _a_day_on(times: pd.Series) -> pd.Series:
    """The same clock time on the next day."""
    return (times.dt.tz_localize(None) + DAY).dt.tz_localize(times.dt.tz, ambiguous=True, nonexistent="shift_forward")


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


def _tell_of_dress(got: Dates, name: str, filled: int, found: Findings) -> None:
    """Say which cells were written in another way than the rest."""
    found.note("put right", _rare(got.serials, filled), f'an Excel day number in "{name}" was read.')
    found.note("put right", _rare(got.short_years, filled), f'a year of two figures in "{name}" was read.')
    found.note("put right", _rare(got.halves, filled), f'a clock of 12 hours (am or pm) in "{name}" was read.')
    found.note("put right", got.day_ends, f'24:00 in "{name}" was read as midnight, when the next day begins.')
    other = _rare(got.other_ways, filled)
    found.note("put right", other, f'"{name}" is written in another way than most, and was read.')
    years = got.times[got.short_years].dt.year if got.short_years.any() else None
    for which, told in (
        (got.serials, "Excel day numbers. They were read as dates."),
        (got.short_years, "years of two figures." + ("" if years is None else f" They were read as {_span(years)}.")),
        (got.halves, "a clock of 12 hours (am or pm). It was read."),
        (got.other_ways, f"an unusual way of writing dates. They were read as {_from_to(got.times)}."),
    ):
        if which.sum() > MOSTLY * filled:
            found.tell("put right", f'Most cells of "{name}" have {told}')


def _span(years: pd.Series) -> str:
    first, last = int(years.min()), int(years.max())
    return f"{first}" if first == last else f"{first} to {last}"


def _from_to(times: pd.Series) -> str:
    first, last = times.min(), times.max()
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}" if times.notna().any() else "blank"


def _rare(which: NDArray[np.bool_], filled: int) -> NDArray[np.bool_]:
    """These cells, where they are the exception in their column; else none."""
    return which if which.sum() <= MOSTLY * filled else np.zeros_like(which)


def _tell_of_doubt(got: Dates, column: str, found: Findings) -> None:
    """Say so where no date proves that the day comes first."""
    if not got.either or got.day_first or got.month_first.any():
        return
    found.tell(
        "to know",
        f'The dates in "{column}" could be day first or month first. They were read day first, '
        f"so they run from {_from_to(got.times)}.",
    )


def _minutes(times: pd.Series) -> NDArray[np.int64]:
    """Minutes after midnight, by the clock; -1 where there is no time."""
    known = times.notna().to_numpy()
    day = 86_400_000_000
    into = times.to_numpy(dtype="datetime64[us]").astype(np.int64) % day
    return np.where(known, into // 60_000_000, -1)


def _tell_of_midnights(minutes: NDArray[np.int64], name: str, found: Findings) -> None:
    """Say which times stand a minute beside midnight, where there are more than in the minutes around."""
    beside = np.isin(minutes, BESIDE_MIDNIGHT)
    share = len(BESIDE_MIDNIGHT) / len(NEAR_MIDNIGHT)
    expected = share * int(np.isin(minutes, NEAR_MIDNIGHT).sum())
    if beside.sum() >= max(FEWEST, expected + STANDARD_ERRORS * np.sqrt(expected * (1 + share))):
        found.note("to know", beside, f'"{name}" is 23:59 or 00:01, as some systems keep midnight; it stays as it is.')
