"""
Enough capacity in the day, but at the wrong hours: what does that cost in waiting?

People come at one rhythm, and are seen at another. The queue is followed as a fluid:
in each hour it grows by arrivals less capacity, evenly, and never falls below 0; the
day (or week) repeats until the queue ends where it began. Chance is left out, so real
waits are longer: this is the part that a better rota can take away.

Rates are people an interval. The fluid model of a rush hour is that of G. F. Newell,
"Applications of Queueing Theory", 1982 (fluid approximations).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.measure.moments import WEEKDAYS, clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.measure.spc_rules import Floats

__all__ = ["Mismatch", "mismatch"]

HOURS_EACH = {24: 1, 168: 1, 7: 24}  # by how many numbers come: hours of the day, hours of the week, weekdays
DAY = 24
ROUNDING = 1e-9


@dataclass(frozen=True)
class Mismatch:
    """What two rhythms that do not match cost, when each day (or week) is like the last."""

    table: (
        pd.DataFrame
    )  # interval (words), arrivals, capacity, above (people over capacity), queue (at its end); people
    hours_each: int  # length of an interval: 1, or 24 where the rhythm is by weekday
    queue_at_start: float  # people waiting when the day (or week, on Monday at midnight) begins
    person_hours_a_day: float  # of waiting, that the mismatch alone makes
    mean_wait_minutes: float  # of all who come
    share_above: float  # share of people (0 to 1) who come above the capacity of their hour (or weekday)
    peak: float  # people waiting when most do
    peak_at: str  # when, in words; "" where nobody waits

    def sentence(self) -> str:
        """
        The cost of the mismatch in plain words.

        >>> print(mismatch([6] * 12 + [0] * 12, [3] * 24).sentence())
        Of 100 people, 50 come above the capacity of their hour. The queue peaks at noon, at 36 people. \
This mismatch alone costs 432 hours of waiting a day, or 360 minutes for each person.
        """
        if self.peak <= ROUNDING:
            return "Capacity is there when people come. The mismatch of the two rhythms costs no waiting."
        people = "fewer than 1 person" if self.peak < 1 else f"{checks.shown(round(self.peak, 1))} people"
        hours = checks.shown(round(self.person_hours_a_day, 1))
        interval = "hour" if self.hours_each == 1 else "day"
        return (
            f"Of 100 people, {100 * self.share_above:.0f} come above the capacity of their {interval}. "
            f"The queue peaks at {self.peak_at}, at {people}. "
            f"This mismatch alone costs {hours} hours of waiting a day, "
            f"or {self.mean_wait_minutes:.0f} minutes for each person."
        )


def mismatch(arrivals: Sequence[float], capacity: Sequence[float], *, same_total: bool = False) -> Mismatch:
    """
    The waiting that comes of *arrivals* and *capacity* at different times.

    Both are people an hour by hour of the day (24 numbers) or of the week (168, from
    Monday at midnight), or people a day by weekday (7). Capacity is how many could be
    seen: from a rota, or the starts of a `rhythm`. With `same_total=True` capacity is
    scaled to the total of the arrivals, so that only its timing is judged. Otherwise
    capacity must cover the arrivals in all.

    Four people come in the first hour and capacity is 2 an hour: a queue of 2 builds in
    that hour (1 person-hour) and goes in the next (1 more).

    >>> made = mismatch([4] + [0] * 23, [2] * 24)
    >>> made.peak, made.peak_at, made.person_hours_a_day, made.mean_wait_minutes
    (2.0, '1am', 2.0, 30.0)
    """
    came, could = _rates("Arrivals", arrivals), _rates("Capacity", capacity)
    checks.need(
        came.size == could.size,
        f"Arrivals and capacity need the same hours; {came.size} and {could.size} numbers came. "
        "Give both by hour of the day (24), by hour of the week (168) or by weekday (7).",
    )
    total = float(came.sum())
    checks.need(total > 0, "Nobody arrives: every number of arrivals is 0. Give the people who come in each interval.")
    could = _covering(could, total, same_total=same_total)
    hours_each = HOURS_EACH[came.size]
    queue = _settled(came - could)
    ends = queue[1:]
    waiting = _area(queue[:-1], came - could) * hours_each
    cycle_days = came.size * hours_each / DAY
    above = np.maximum(came - could, 0)
    highest = ends >= ends.max() * (1 - ROUNDING)
    top = int(np.argmax(highest & ~np.roll(highest, 1)))  # where it is reached, if it stays there for hours
    table = pd.DataFrame(
        {"interval": _intervals(came.size), "arrivals": came, "capacity": could, "above": above, "queue": ends}
    )
    return Mismatch(
        table=table,
        hours_each=hours_each,
        queue_at_start=float(queue[0]),
        person_hours_a_day=waiting / cycle_days,
        mean_wait_minutes=60 * waiting / total,
        share_above=float(above.sum()) / total,
        peak=float(ends[top]),
        peak_at=_moment(top + 1, came.size) if ends[top] > ROUNDING else "",
    )


def _rates(name: str, given: Sequence[float]) -> Floats:
    numbers = np.asarray(list(given), dtype=float)
    checks.need(
        numbers.size in HOURS_EACH,
        f"{name} must be 24 numbers (hours of the day), 168 (hours of the week) or 7 (weekdays); {numbers.size} came.",
    )
    wrong = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
    if wrong.size:
        place = int(wrong[0])
        raise checks.Refusal(
            f"{name} must be numbers of 0 or more; {numbers[place]:g} came for {_intervals(numbers.size)[place]}. "
            "Give 0 where there is none."
        )
    return numbers


def _covering(capacity: Floats, total: float, *, same_total: bool) -> Floats:
    """The capacity, which covers the arrivals; scaled to their total where only the timing is judged."""
    in_all = float(capacity.sum())
    checks.need(in_all > 0, "Capacity is 0 all the time. Give how many people could be seen in each interval.")
    if same_total:
        return capacity * (total / in_all)
    checks.need(
        in_all >= total * (1 - ROUNDING),
        f"Capacity must cover arrivals, or the queue grows for ever; {checks.shown(total)} people come and "
        f"{checks.shown(in_all)} could be seen. Add capacity, or judge its timing alone with same_total=True.",
    )
    return capacity


def _settled(net: Floats) -> Floats:
    """
    The queue at the start of each interval and at the end of the last, when every cycle is like the last.

    Capacity covers arrivals, so an empty start has reached its cycle after one round.
    """
    start = 0.0
    for change in net:
        start = max(start + change, 0.0)
    queue = [start]
    for change in net:
        queue.append(max(queue[-1] + change, 0.0))
    return np.array(queue)


def _area(before: Floats, net: Floats) -> float:
    """Person-intervals under a queue that changes evenly in each interval, and stops at 0."""
    after = before + net
    emptied = before**2 / np.where(net < 0, -2 * net, 1)  # a triangle, up to the moment at which nobody waits
    return float(np.where(after >= 0, (before + after) / 2, emptied).sum())


def _intervals(count: int) -> list[str]:
    """Each interval in words."""
    if count == len(WEEKDAYS):
        return list(WEEKDAYS)
    names = [f"{clock(hour % DAY)} to {clock(hour + 1)}" for hour in range(count)]
    return names if count == DAY else [f"{WEEKDAYS[hour // DAY]} {name}" for hour, name in enumerate(names)]


def _moment(end: int, count: int) -> str:
    """The end of an interval in words."""
    if count == len(WEEKDAYS):
        return f"the end of {WEEKDAYS[end - 1]}"
    if count == DAY:
        return clock(end)
    return f"{clock(end)} on {WEEKDAYS[end // DAY % len(WEEKDAYS)]}"
