"""
What in an extract looks like the way it was kept, and not like the way people flow?

Times rounded to the half hour; stays that end just before four hours; entries made once a week or at
the month's end; people who left and were never taken off; a person in two wards at once; somebody
removed and added again; a date years away from the others. Each is a line that asks to check, with
counts to the nearest 5. Nothing is changed.

A count is beyond chance where it is over 4 standard errors above what its neighbours give, and half as
much again: fewer than 1 in 10,000 such looks at clean data. Where the neighbours vary by more than
chance, so does the limit (an overdispersed Poisson count: P. McCullagh and J. Nelder, "Generalized Linear
Models", 1989, chapter 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import privacy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.quality import Findings
    from flowlib.core.time_columns import TimeColumn

    Groups = tuple[NDArray[np.int64], pd.Index]  # a code for each cell, and the names of the codes

__all__ = ["ghosts", "heaped", "month_ends", "of_columns", "of_list", "one_day", "one_slot", "spike"]

STANDARD_ERRORS = 4.0  # above what the neighbours give; by chance 1 in 30,000
FACTOR = 1.5  # and so many times as many, at least
FEWEST = 20  # cells; fewer say nothing
DAY_MINUTES = 1440
HALF_HOURS = (0, 30)
MOMENTS = 4  # the commonest moments of the day count for nothing: a transport at 4pm is no rounding
BESIDE = (*range(1, 6), *range(25, 30), *range(31, 36), *range(55, 60))  # minutes that tell what chance gives
SPIKE = (230, 240)  # minutes: 3 hours 50 to 59, before the target of 4 hours
SPIKE_BESIDE = ((210, 230), (240, 260))
ONE_DAY = 0.95  # share of a column on one day of the week that is no chance
SLOT = 0.05  # share of a column at one minute of the week
FEWEST_MONTHS = 3
LONGEST = 0.99  # share of ended stays that are shorter than those looked at for ghosts
SLOWEST = 1 / 8  # of the usual rate of ending; a stay that slow to end is that of somebody who has left
FEWEST_GHOSTS = privacy.FEWEST
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Count:
    """How many there are, and how many chance would give."""

    seen: int
    expected: float

    @property
    def told(self) -> tuple[str, str]:
        """Both, as they may be shown."""
        few = (
            f"fewer than {privacy.FEWEST}"
            if self.expected < privacy.FEWEST
            else f"about {privacy.rounded(self.expected)}"
        )
        return privacy.rounded(self.seen), few


def _beyond(seen: int, expected: float, variance: float) -> Count | None:
    """The count, where it is beyond chance."""
    enough = seen >= FEWEST and seen >= FACTOR * expected
    return Count(seen, expected) if enough and seen - expected > STANDARD_ERRORS * np.sqrt(variance) else None


def heaped(minutes: NDArray[np.int64]) -> Count | None:
    """
    Whether clock times (minutes after midnight) heap on the hour and half hour, beyond a few moments of the day.

    >>> heaped(np.arange(1440)) is None, heaped(30 * np.arange(300) % 1440) is None
    (True, False)
    """
    known = minutes[minutes > 0]  # a midnight is a day without a clock time
    at = np.bincount(known, minlength=DAY_MINUTES)
    at[np.argsort(at)[-MOMENTS:]] = 0
    by_minute = at.reshape(24, 60).sum(axis=0)
    share = len(HALF_HOURS) / len(BESIDE)
    expected = share * float(by_minute[list(BESIDE)].sum())
    return _beyond(int(by_minute[list(HALF_HOURS)].sum()), expected, expected * (1 + share) + 1)


def spike(stays: NDArray[np.float64]) -> Count | None:
    """Whether more stays (minutes) end in the last ten minutes before 4 hours than in the tens beside."""
    seen = int(((stays >= SPIKE[0]) & (stays < SPIKE[1])).sum())
    beside = sum(int(((stays >= low) & (stays < high)).sum()) for low, high in SPIKE_BESIDE)
    return _beyond(seen, beside / 4, beside / 4 * (1 + 1 / 4) + 1)


def one_day(weekdays: NDArray[np.int64]) -> int | None:
    """
    The day of the week (0 is Monday) on which nearly all are; None where there is none.

    >>> one_day(np.zeros(40, dtype=int)), one_day(np.arange(40) % 7)
    (0, None)
    """
    counts = np.bincount(weekdays, minlength=7)
    most = int(np.argmax(counts))
    return most if counts.sum() >= FEWEST and counts[most] >= ONE_DAY * counts.sum() else None


def one_slot(weekdays: NDArray[np.int64], minutes: NDArray[np.int64]) -> tuple[int, int, int] | None:
    """The day of the week and minute at which many are, where that minute is rare on other days; and how many."""
    counts = np.bincount(weekdays * DAY_MINUTES + minutes, minlength=7 * DAY_MINUTES).reshape(7, DAY_MINUTES)
    day, minute = (int(place) for place in np.unravel_index(int(np.argmax(counts)), counts.shape))
    seen, at_minute = int(counts[day, minute]), int(counts[:, minute].sum())
    alone = minute > 0 and seen >= ONE_DAY * at_minute and seen >= max(FEWEST, SLOT * counts.sum())
    return (day, minute, seen) if alone else None


def month_ends(days: NDArray[np.datetime64]) -> Count | None:
    """Whether many days are the last Monday to Friday of a month, beside all other such days between first and last."""
    if len(days) < FEWEST:
        return None
    every = np.arange(days.min(), days.max() + DAY, DAY)
    work = every[np.is_busday(every)]
    months = work.astype("datetime64[M]")
    following = np.busday_offset(work, 1, roll="forward").astype("datetime64[M]")
    last = months != following
    if last.sum() < FEWEST_MONTHS or (~last).sum() < FEWEST:
        return None
    counts = np.bincount(np.searchsorted(work, days[np.is_busday(days)]), minlength=len(work))
    usual, many = counts[~last], int(last.sum())
    expected = many * float(usual.mean())
    spread = max(float(usual.var(ddof=1)) / max(float(usual.mean()), 1e-9), 1.0)
    return _beyond(int(counts[last].sum()), expected, spread * expected * (1 + many / len(usual)) + 1)


def ghosts(days: NDArray[np.float64], ended: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Which stays are those of people who must have left: *days* so far, and which have *ended*.

    Beyond the longest hundredth of the stays that ended, hardly any more end: at most an eighth
    of the usual rate, so few that chance gives it in less than 1 of 100,000 lists.
    """
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    none = np.zeros(len(days), dtype=bool)
    if ended.sum() < 5 * FEWEST:
        return none
    limit = float(np.quantile(days[ended], LONGEST))
    rate = float((ended & (days <= limit)).sum() / np.minimum(days, limit).sum()) if limit > 0 else 0.0
    expected = rate * float(np.maximum(days - limit, 0).sum())
    late = int((ended & (days > limit)).sum())
    beyond = ~ended & (days > limit)
    few = late <= SLOWEST * expected and stats.poisson.cdf(late, max(expected / 2, 1e-9)) < 1e-5  # noqa: PLR2004 - stated above
    return beyond if few and beyond.sum() >= FEWEST_GHOSTS else none


def of_columns(read: Sequence[TimeColumn], group: pd.Series, found: Findings) -> None:
    """Say what of each column of times looks like the way it was kept."""
    codes, names = pd.factorize(group)
    for column in read:
        known = column.times.notna().to_numpy()
        if known.sum() < FEWEST:
            continue
        clock = column.times[known].dt.tz_localize(None)
        for sentence in _told(column, clock, (codes[known], names)):
            found.tell("to know", sentence)


def _told(column: TimeColumn, clock: pd.Series, groups: Groups) -> Iterator[str]:
    """What to say of one column."""
    whole = clock.to_numpy(dtype="datetime64[us]")
    days = whole.astype("datetime64[D]")
    minutes = (whole - days).astype("timedelta64[m]").astype(np.int64)
    weekdays = (days.astype(np.int64) + 3) % 7
    name = f'"{column.name}"'
    if (heap := heaped(minutes)) is not None:
        seen, few = heap.told
        yield (
            f"Please check: about {seen} times in {name} are on the hour or half hour; {few} would be by chance. "
            "They may be rounded."
        )
    yield from _of_weekdays(name, weekdays, minutes, groups, days_only=column.days_only)
    if (bunch := month_ends(days)) is not None:
        seen, few = bunch.told
        yield (
            f"Please check: about {seen} dates in {name} are a month's last working day; {few} would be by chance. "
            "They may be the day of entry or of validation."
        )


def _of_weekdays(
    name: str, weekdays: NDArray[np.int64], minutes: NDArray[np.int64], groups: Groups, *, days_only: bool
) -> Iterator[str]:
    """What to say of a column, or of one group in it, that is all on one day of the week."""
    entered = "That may be the day of entry."
    day = one_day(weekdays)
    if day is not None:
        yield f"Please check: nearly all dates in {name} are {WEEKDAYS[day]}. {entered}"
        return
    codes, names = groups
    several = 1 < len(names) <= FEWEST
    for code, value in enumerate(names) if several else ():
        day = one_day(weekdays[codes == code])
        if day is not None:
            yield f'Please check: for "{value}", nearly all dates in {name} are {WEEKDAYS[day]}. {entered}'
            several = False
            days_only = True
    slot = None if days_only else one_slot(weekdays, minutes)
    if slot is not None:
        day, minute, seen = slot
        when = f"{minute // 60:02d}:{minute % 60:02d}"
        yield f"Please check: about {privacy.rounded(seen)} times in {name} are {WEEKDAYS[day]} at {when}. {entered}"


def of_list(read: Sequence[TimeColumn], group: pd.Series, found: Findings) -> None:
    """Say what of a list with a column for each moment looks so, from its first and last columns."""
    first, last = read[0], read[-1]
    length = (last.times - first.times) / pd.Timedelta(minutes=1)
    if not (first.days_only or last.days_only) and (peak := spike(length.to_numpy(dtype=float))) is not None:
        seen, few = peak.told
        found.tell(
            "to know",
            f'Please check: about {seen} stays from "{first.name}" to "{last.name}" lasted 3 hours 50 to 59 minutes; '
            f"{few} would by the minutes beside. They may be written before the 4 hours.",
        )
    until = max(column.times.max() for column in read if column.times.notna().any())
    ended = last.times.notna().to_numpy()
    days = ((last.times.fillna(until) - first.times) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    sound = (days >= 0) & ~found.aside
    left = np.zeros(len(days), dtype=bool)
    codes = pd.factorize(group)[0]
    for code in np.unique(codes):
        here = np.flatnonzero(sound & (codes == code))
        left[here] = ghosts(days[here], ended[here])
    found.note(
        "to know",
        left,
        f'please check: "{last.name}" is blank after longer than 99 in 100 others took; they may have left.',
    )
