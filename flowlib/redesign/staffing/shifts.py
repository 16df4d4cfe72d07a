"""
Which shifts may be worked, and which hours does each cover?

A shift begins on the hour, lasts a whole number of hours, and may run past midnight
(the last hour of the cycle is followed by its first). A *line* is what one person works: a shift
on one day, or the same shift on so many days in a row. The break hour, if there is one,
is not paid and covers nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from flowlib.core.capacity import DAYS, clock, many, places
from flowlib.core.checks import brief, need, shown, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Line", "Shift", "ShiftRules", "hour_name", "lines"]

DAY = 24


class Shift(NamedTuple):
    """A shift on one day of the cycle."""

    day: int
    start: int  # hour of the day
    length: int  # hours, with the break


@dataclass(frozen=True)
class Line:
    """What one person works in a cycle."""

    shifts: tuple[Shift, ...]
    cover: NDArray[np.float64]  # 1 in each hour at work, else 0
    hours: int  # paid
    break_after: int | None  # hours from the start of the shift


@dataclass(frozen=True)
class ShiftRules:
    """
    What may be worked.

    *starts* are hours of the day, as 7 or "07:00"; *lengths* are whole hours from 1 to 24,
    with the break. *break_after* is when the unpaid break hour may begin, in whole hours
    from the start of the shift: one number, or several to choose from, so that breaks can
    be staggered; None is no break. A shift that nobody works is fine; one that is worked
    has at least *fewest* and at most *most* people (None is no limit). With *days_in_a_row*
    each person works the same shift on so many days running, once a week.

    >>> ShiftRules(starts=["07:00", 15], lengths=8, break_after=[3, 4]).starts
    (7, 15)
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    break_after: tuple[int, ...] | None = None
    fewest: int = 1
    most: int | None = None
    days_in_a_row: int | None = None

    def __post_init__(self) -> None:
        keep = object.__setattr__
        keep(self, "starts", _distinct("starts", [_hour(start) for start in _several("starts", self.starts)]))
        lengths = [whole("A shift's length", length, 1) for length in _several("lengths", self.lengths)]
        need(max(lengths, default=1) <= DAY, f"A shift lasts 24 hours at most; {max(lengths, default=1):,} came.")
        keep(self, "lengths", _distinct("lengths", lengths))
        if self.break_after is not None:
            keep(self, "break_after", self._breaks())
        keep(self, "fewest", whole("fewest", self.fewest, 1))
        if self.most is not None:
            keep(self, "most", places("most", self.most))
            need(self.most >= self.fewest, f"most must be at least fewest, {self.fewest:,}; {self.most:,} came.")
        if self.days_in_a_row is not None:
            days = whole("days_in_a_row", self.days_in_a_row, 1)
            need(days <= len(DAYS), f"days_in_a_row is from 1 to 7; {days:,} came.")

    def _breaks(self) -> tuple[int, ...]:
        """When the break may begin: inside even the shortest shift."""
        found = [whole("break_after", after, 1) for after in _several("break_after", self.break_after)]
        shortest = min(self.lengths)
        need(
            max(found, default=1) < shortest - 1,
            f"The break must lie inside the shift; {max(found, default=1):,} hours after the start does not,"
            f" in a shift of {shortest}. Give at most {shortest - 2}, or allow no shift as short."
            if shortest > 2  # noqa: PLR2004 - an hour of work on either side of the break
            else f"A shift of {shortest} hours has no room for a break hour. Allow none as short, or give no break.",
        )
        return _distinct("break_after", found)


def lines(rules: ShiftRules, hours: int) -> list[Line]:
    """Every line that *rules* allow in a cycle of so many *hours* (24 or 168)."""
    days = hours // DAY
    row = rules.days_in_a_row or 1
    need(
        rules.days_in_a_row is None or days == len(DAYS),
        "days_in_a_row needs a need for each hour of the week (168 numbers); 24 came.",
    )
    return [
        _line([Shift((first + later) % days, start, length) for later in range(row)], after, hours)
        for first in range(days)
        for start in rules.starts
        for length in rules.lengths
        for after in (rules.break_after or (None,))
    ]


def hour_name(hour: int, hours: int) -> str:
    """
    An hour in words: of the day (*hours* = 24), or of the week.

    >>> hour_name(3, 24), hour_name(167, 168)
    ('03:00 to 04:00', 'Sun 23:00 to 00:00')
    """
    time = f"{hour % DAY:02d}:00 to {(hour + 1) % DAY:02d}:00"
    return time if hours == DAY else f"{DAYS[hour // DAY]} {time}"


def _line(shifts: Sequence[Shift], break_after: int | None, hours: int) -> Line:
    cover = np.zeros(hours)
    for shift in shifts:
        at_work = [part for part in range(shift.length) if part != break_after]
        np.add.at(cover, [(shift.day * DAY + shift.start + part) % hours for part in at_work], 1)
    return Line(tuple(shifts), cover, int(cover.sum()), break_after)


def _several(name: str, values: object) -> tuple[object, ...]:
    """One value or several."""
    if isinstance(values, (int, float, str)):
        return (values,)
    return many(name, values, "[7, 15, 23]")


def _hour(start: object) -> int:
    """An hour of the day, from 7 or "07:00"."""
    if isinstance(start, str):
        hour = clock("A shift's start", start)
        need(hour.is_integer(), f'A shift starts on the hour; "{start}" came.')
        return int(hour)
    number = whole("A shift's start", start)
    need(number < DAY, f'A shift\'s start is an hour from 0 to 23, or such as "07:00"; {brief(start)} came.')
    return number


def _distinct(name: str, values: Sequence[int]) -> tuple[int, ...]:
    need(values, f"Give at least one of {name}; none came.")
    for value in values:
        need(values.count(value) == 1, f"Each of {name} stands once; {shown(value)} came more than once.")
    return tuple(values)
