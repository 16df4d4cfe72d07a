"""
How long was that in hours open?

A wait from Friday 4pm to Monday 10am is 66 hours for the person, and 2 for a team that
works from 9am to 5pm on weekdays. Both are true; say which one you show. Hours are
counted by the clock on the wall: on the nights when clocks change, a service that is open
from midnight to 6am is open for 5 hours or for 7. Bank holidays differ between the nations,
so you give them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core.capacity import DAYS
from flowlib.core.checks import Refusal, brief, need
from flowlib.core.dates import LONDON, moment
from flowlib.core.parts import SOME_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["Opening", "working_hours"]

SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d) ?(?:-|–|to) ?([01]?\d|2[0-4]):([0-5]\d)")
MINUTES_A_DAY = 24 * 60
A_MINUTE, A_DAY, AN_HOUR = 60_000_000, 86_400_000_000, 3.6e9  # microseconds
QUARTER = 15 * A_MINUTE  # every time zone changes its clocks on one
MOST_DAYS = 200 * 366  # of a table of times; more is a slip in a date
MISSING = np.iinfo(np.int64).min  # how pandas keeps a blank time


@dataclass(frozen=True, init=False)
class Opening:
    """
    When a service is open, by weekday, without the days on which it is *closed*.

    >>> clinic = Opening({"Mon-Thu": "09:00-17:00", "Fri": ["09:00-12:00", "13:00-16:00"]}, closed=["25 December 2026"])
    >>> clinic.hours_a_week
    38.0
    """

    spans: tuple[tuple[tuple[int, int], ...], ...]  # of each weekday from Monday, minutes after midnight
    closed: tuple[dt.date, ...]
    timezone: str

    def __init__(
        self, by_day: Mapping[str, str | Iterable[str]], *, closed: Iterable[Any] = (), timezone: str = LONDON
    ) -> None:
        """
        Take the hours of days such as "Mon", "Mon-Fri" or "Mon, Thu"; days not named are closed.

        Hours are "09:00-17:00", or several such. "20:00-02:00" goes on into the next day.
        *closed* are dates, read day first. Refused: anything else, and hours that overlap.
        """
        week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
        for days, said in by_day.items():
            for span in [said] if isinstance(said, str) else said:
                first, last = _span(days, span)
                for day in _days(days):
                    week[day].append((first, min(last, MINUTES_A_DAY)))
                    if last > MINUTES_A_DAY:
                        week[(day + 1) % len(DAYS)].append((0, last - MINUTES_A_DAY))
        for name, spans in zip(DAYS, week, strict=True):
            spans.sort()
            clash = any(early[1] > late[0] for early, late in itertools.pairwise(spans))
            need(not clash, f"Hours of {name} overlap. Give each hour once.")
        need(any(week), 'An opening needs some hours, such as {"Mon-Fri": "09:00-17:00"}; none came.')
        object.__setattr__(self, "spans", tuple(tuple(spans) for spans in week))
        object.__setattr__(self, "closed", tuple(sorted({moment("closed", day, timezone).date() for day in closed})))
        object.__setattr__(self, "timezone", timezone)

    @property
    def hours_a_week(self) -> float:
        """Hours open in a week without closed days or clock changes."""
        return sum(last - first for spans in self.spans for first, last in spans) / 60


def working_hours(start: Any, end: Any, opening: Opening) -> Any:  # noqa: ANN401 - moments, or columns of them
    """
    Hours open between *start* and *end*: a number for two moments, an array or Series for columns of them.

    Times without a zone are by the opening's clock; of an hour that comes twice, the
    first. NaN where a time is blank. Refused: ends before starts, with the first row.

    >>> weekdays = Opening({"Mon-Fri": "09:00-17:00"})
    >>> working_hours("6 November 2026 16:00", "9 November 2026 10:00", weekdays)
    2.0
    """
    first, last = (_stamps(times, opening.timezone) for times in (start, end))
    need(
        first.shape == last.shape or 1 in {first.size, last.size},
        f"start and end must be as long as each other; {first.size:,} and {last.size:,} came.",
    )
    known = (first != MISSING) & (last != MISSING)
    wrong = np.flatnonzero(known & (last < first))
    row = f"Row {wrong[0] + 1:,}: the end" if wrong.size and known.size > 1 else "The end"
    need(not wrong.size, f"{row} is before the start. Correct one of them.")
    hours = np.full(known.shape, np.nan)
    if known.any():
        opens, closes = _open_times(opening, int(first[first != MISSING].min()), int(last[last != MISSING].max()))
        hours[known] = (_open_until(last, opens, closes) - _open_until(first, opens, closes))[known] / AN_HOUR
    column = next((times for times in (start, end) if isinstance(times, pd.Series)), None)
    if column is not None:
        return pd.Series(hours, index=column.index)
    return float(hours[0]) if all(_single(times) for times in (start, end)) else hours


def _open_until(times: NDArray[np.int64], opens: NDArray[np.int64], closes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Microseconds open from the first opening to each of these times."""
    if not opens.size:
        return np.zeros(times.shape, dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(closes - opens)])
    place = np.searchsorted(opens, times, side="right")
    last = np.maximum(place - 1, 0)
    not_yet = np.where(place > 0, np.maximum(closes[last] - times, 0), 0)
    return before[place] - not_yet


@lru_cache(maxsize=32)
def _open_times(opening: Opening, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When it opens and closes between two moments; microseconds since 1970 in UTC."""
    need((last - first) // A_DAY <= MOST_DAYS, "The times are more than 200 years apart. Look for a slip in a date.")
    edges, ahead = _clocks(first, last + 1, opening.timezone)
    opens, closes = [], []
    for begin, end, offset in zip(edges[:-1], edges[1:], ahead, strict=True):
        wall = _by_the_wall(opening, begin + offset, end + offset)
        opens.append(np.clip(wall[0] - offset, begin, end))
        closes.append(np.clip(wall[1] - offset, begin, end))
    return np.concatenate(opens), np.concatenate(closes)


def _clocks(first: int, last: int, timezone: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The moments between which the clock on the wall runs evenly, and how far it is ahead of UTC in each part."""
    grid = np.arange(first // QUARTER * QUARTER, last + QUARTER, QUARTER)
    utc = pd.DatetimeIndex(grid.view("datetime64[us]"), tz="UTC")
    wall = utc.tz_convert(timezone).tz_localize(None).as_unit("us").to_numpy().view(np.int64)
    ahead = wall - grid
    turns = np.flatnonzero(np.diff(ahead)) + 1
    return np.concatenate([[first], grid[turns], [last]]), ahead[np.concatenate([[0], turns])]


def _by_the_wall(opening: Opening, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The openings of each day from *first* to *last*, by the clock on the wall, in order."""
    days = np.arange(first // A_DAY, last // A_DAY + 1)
    shut = np.asarray([day.toordinal() - dt.date(1970, 1, 1).toordinal() for day in opening.closed], dtype=np.int64)
    days = days[~np.isin(days, shut)]
    weekday = (days + 3) % len(DAYS)  # the first day of 1970 was a Thursday
    pairs = [
        (days[weekday == day] * A_DAY + open_ * A_MINUTE, days[weekday == day] * A_DAY + close * A_MINUTE)
        for day, spans in enumerate(opening.spans)
        for open_, close in spans
    ]
    opens, closes = (np.sort(np.concatenate(side)) for side in zip(*pairs, strict=True))
    return opens, closes


def _stamps(times: Any, timezone: str) -> NDArray[np.int64]:  # noqa: ANN401 - as `working_hours`
    """Moments as microseconds since 1970 in UTC."""
    if _single(times):
        return np.asarray([moment("a time", times, timezone).as_unit("us").asm8]).view(np.int64)
    column = pd.Series(times)
    if not pd.api.types.is_datetime64_any_dtype(column):
        raise Refusal(f"start and end must be columns of times; {brief(column.tolist())} came. Read them as dates.")
    if column.dt.tz is None:
        first = np.ones(len(column), dtype=bool)
        column = column.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    return np.asarray(column.dt.as_unit("us").dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()).view(np.int64)


def _single(times: object) -> bool:
    return isinstance(times, (str, dt.date))


def _span(days: str, said: object) -> tuple[int, int]:
    """Minutes after midnight at which it opens and closes; past 24 hours where it goes on into the next day."""
    found = SPAN.fullmatch(str(said).strip())
    if found is None:
        raise Refusal(f'Hours of {days} must be like "09:00-17:00"; {brief(said)} came.')
    first, last = (60 * int(found[at]) + int(found[at + 1]) for at in (1, 3))
    good = first < MINUTES_A_DAY and last <= MINUTES_A_DAY and first != last
    need(good, f'Hours of {days} must be like "09:00-17:00"; {brief(said)} came. All day is "00:00-24:00".')
    return first, last if last > first else last + MINUTES_A_DAY


def _days(said: str) -> list[int]:
    """The days that words such as "Mon-Fri" name, from 0 for Monday."""
    need(SOME_DAYS.fullmatch(str(said)), f'Days must be such as "Mon-Fri" or "Mon, Thu"; {brief(said)} came.')
    found = []
    for part in said.split(","):
        first, _, last = part.strip().partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [(begin + step) % len(DAYS) for step in range((end - begin) % len(DAYS) + 1)]
    return found
