"""
Can these values be put on a chart? One series, read and checked, in date order.

A chart with a gap in it can mislead, so a missing value is refused, with its
position, and never skipped. Text dates must be year first ("2026-04-30"): 03/04/2026
is March to some readers and April to others, and a guess would be silent.

A *ghosted* point stays on the chart and counts for nothing: not for the mean, the moving
ranges (its neighbours become neighbours) or the rules. So does `exclude` in qicharts2
(R/helper.functions.R, `qic.i` and `runs.analysis`: sums over `baseline & include` alone).
As there, a baseline of 12 points with one ghosted among them has 11 to go by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, brief, need, whole
from flowlib.measure.spc_numbers import plain, read_numbers, several

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.measure.spc_rules import Flags, Floats

    Places = NDArray[np.int64]

__all__ = ["Series", "day", "each", "read_moment", "read_series", "wall_date"]

FEWEST = 2  # points that count, for a mean and a moving range


@dataclass(frozen=True)
class Series:
    """Values in the order of the chart, with where each stands and where each segment starts."""

    x: pd.Index[int] | pd.DatetimeIndex  # positions from 0, or dates
    y: Floats
    starts: tuple[int, ...]  # position of the first point of each segment; the first is 0
    counts: Flags  # one a point: False where it is ghosted

    def base(self, part: slice, baseline: int | None) -> Places:
        """Positions of the points that set the limits of one segment."""
        found: Places = part.start + np.flatnonzero(self.counts[part][:baseline])
        need(
            found.size >= FEWEST,
            f"The segment at position {part.start} has {found.size} of its points left to set limits,"
            f" and needs {FEWEST}. Ghost fewer, or rebase elsewhere.",
        )
        return found

    @property
    def segments(self) -> list[slice]:
        """The stretch of positions that each segment covers."""
        ends = (*self.starts[1:], self.y.size)
        return [slice(start, end) for start, end in zip(self.starts, ends, strict=True)]


def read_series(
    values: Iterable[object], dates: Iterable[object] | None, rebase: object = (), ghost: object = ()
) -> Series:
    """
    *values* in date order, cut into segments at *rebase*, without the points at *ghost*.

    >>> read_series([3, 1, 2], ["2026-03-01", "2026-01-01", "2026-02-01"]).y.tolist()
    [1.0, 2.0, 3.0]
    """
    y = _values(values)
    if dates is None:
        counts = _counting(ghost, None, y.size)
        return Series(pd.RangeIndex(y.size), y, _starts(rebase, None, y.size), counts)
    moments = _moments(dates, y.size)
    order = np.argsort(moments.to_numpy(), kind="stable")
    moments, y = moments[order], y[order]
    return Series(moments, y, _starts(rebase, moments, y.size), _counting(ghost, moments, y.size))


def day(moment: pd.Timestamp) -> str:
    """
    A date as it stands in a sentence.

    >>> day(pd.Timestamp("2018-08-06"))
    '6 August 2018'
    """
    return f"{moment.day} {moment:%B %Y}"


def _values(values: Iterable[object]) -> Floats:
    """The values as an array, at least two of them, none missing."""
    came = several(values, "A chart needs several values, one a point")
    need(len(came) > 1, f"A chart needs at least 2 points; {len(came)} came. Add points.")
    return read_numbers(came)


def _moments(dates: Iterable[object], count: int) -> pd.DatetimeIndex:
    """The dates, one a value, each of them once."""
    came = several(dates, "Dates are given as several, one a value")
    need(len(came) == count, f"Each value needs its date; {count} values and {len(came)} dates came.")
    moments = pd.DatetimeIndex([read_moment(value, f"at position {at}") for at, value in enumerate(came)])
    twice = moments[moments.duplicated()]
    if len(twice):
        raise Refusal(f"Each point needs its own date; {day(twice[0])} came twice. Keep one, or leave dates out.")
    return moments


def read_moment(value: object, where: str) -> pd.Timestamp:
    """
    One date, as the clock on the wall shows it, or a refusal that says *where* it stands.

    >>> read_moment("2026-04-30", "of the meeting")
    Timestamp('2026-04-30 00:00:00')
    """
    found = wall_date(value)
    if found is None:
        raise Refusal(f'The date {where} must be a date such as "2026-04-30", year first; {value!r} came.')
    return found


def wall_date(value: object) -> pd.Timestamp | None:
    """A date or moment, as the clock on the wall shows it; None where there is none."""
    found = pd.NaT
    try:
        if isinstance(value, str):
            found = pd.to_datetime(value, format="ISO8601")
        elif isinstance(value, (dt.date, np.datetime64)):
            found = pd.Timestamp(value)
        elif isinstance(value, pd.Period):
            found = value.start_time
    except ValueError:
        found = pd.NaT
    return found.tz_localize(None) if isinstance(found, pd.Timestamp) else None


def _starts(rebase: object, moments: pd.DatetimeIndex | None, count: int) -> tuple[int, ...]:
    """Where each segment starts, each with at least two points."""
    starts = sorted({0, *(_start(value, moments, count) for value in each(rebase))})
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        need(
            end - start > 1,
            f"Each segment needs at least 2 points; the one at position {start} has 1. Rebase elsewhere.",
        )
    return tuple(starts)


def _start(value: object, moments: pd.DatetimeIndex | None, count: int) -> int:
    """Position of the first point on or after one rebase, given as a position or a date."""
    if isinstance(value, (int, float, np.number)) or moments is None:
        position = _position(value)
        need(
            position < count,
            f"Rebase position {position} is outside the chart. Choose where a new segment starts: 1 to {count - 1}.",
        )
        return position
    moment = read_moment(value, "to rebase at")
    need(
        moments[0] < moment <= moments[-1],
        f"Rebase date {day(moment)} is outside the chart."
        f" Choose a date after {day(moments[0])} and no later than {day(moments[-1])}.",
    )
    return int(moments.searchsorted(moment))


def each(asked: object) -> list[object]:
    """One position or date, or several, as a list."""
    if asked is None or isinstance(asked, (str, int, float, dt.date, pd.Period, np.generic)):
        return [] if asked is None else [asked]
    need(isinstance(asked, Iterable), f"A point is named by its position or its date; {brief(asked)} came.")
    return list(asked)  # type: ignore[call-overload,no-any-return]


def _counting(ghost: object, moments: pd.DatetimeIndex | None, count: int) -> Flags:
    """Whether each point counts: all but those at *ghost*."""
    counts = np.ones(count, dtype=bool)
    for value in each(ghost):
        counts[_ghosted(value, moments, count)] = False
    return counts


def _ghosted(value: object, moments: pd.DatetimeIndex | None, count: int) -> int:
    """Position of one ghosted point, given as a position or as its date."""
    if moments is None and isinstance(value, (str, dt.date, pd.Period, np.datetime64)):
        raise Refusal(f"Ghost date {value} needs dates for the values. Give dates, or a position from 0.")
    if moments is None or isinstance(value, (int, float, np.number)):
        position = whole("Ghost position", plain(value))
        need(position < count, f"Ghost position {position} is outside the chart. Choose a point from 0 to {count - 1}.")
        return position
    moment = read_moment(value, "to ghost")
    found = np.flatnonzero(moments == moment)
    if not found.size:
        nearest = moments[int(np.abs(moments - moment).argmin())]
        raise Refusal(f"Ghost date {day(moment)} is not on the chart. The nearest point is of {day(nearest)}.")
    return int(found[0])


def _position(value: object) -> int:
    """A rebase position, which is at least 1: the chart starts at 0 anyway."""
    if isinstance(value, (str, dt.date, np.datetime64)):
        raise Refusal(f"Rebase date {value} needs dates for the values. Give dates, or a position from 1.")
    return whole("Rebase position", plain(value), 1)
