"""
What does a workbook say hour by hour: who arrives, who is on duty, which slots are there?

A row of 24 hours whose days are blank is the same every day (24 numbers). Rows that name
their days make up a week (168 numbers, from Monday 00:00), and each day must have one.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from flowlib.core.capacity import DAYS, MOST_PLACES, Rota, Slots
from flowlib.core.parts import EVERYONE, Arrivals
from flowlib.core.pathway_cells import known, name, number, some, text, whole
from flowlib.core.pathway_sheets import EVERY_DAY, HOURS, MEASURED, fold
from flowlib.core.pathway_times import clock, lengths, week_days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flowlib.core.pathway_cells import Cell
    from flowlib.core.pathway_tables import Row

__all__ = ["arrivals_in", "listed", "rotas_in", "slots_in"]

A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", re.ASCII)
HOUR = dt.timedelta(hours=1)


def arrivals_in(
    lines: Sequence[Row], lists: Mapping[str, list[Cell]], starts: dt.datetime, names: Sequence[str]
) -> list[Arrivals]:
    """The streams of people who arrive, in order."""
    streams: list[list[Row]] = []
    for row in lines:
        if streams and _goes_on(streams[-1], row):
            streams[-1].append(row)
        else:
            streams.append([row])
    return [_stream(stream, lists, starts, names) for stream in streams]


def rotas_in(lines: Sequence[Row], names: Sequence[str]) -> dict[str, tuple[Rota, Cell]]:
    """The rota of each step that has one, and where it begins."""
    found = {}
    for step, own in _by_step(lines, names).items():
        numbers = _week(own, lambda cell: whole(cell, "a number on duty", most=MOST_PLACES))
        found[step] = (Rota(tuple(int(one) for one in numbers)), own[0]["step"])
    return found


def slots_in(lines: Sequence[Row], names: Sequence[str]) -> dict[str, tuple[Slots, Cell]]:
    """The slots of each step that has some, and where they begin."""
    found = {}
    for step, own in _by_step(lines, names).items():
        starts = []
        for row in own:
            time, many = clock(row["time"]), whole(row["starts"], "a number of starts", most=MOST_PLACES)
            days = range(7) if _every_day(row["days"]) else week_days(row["days"])
            starts += [(f"{DAYS[day]} {time}", many) for day in days]
        found[step] = (Slots(tuple(starts)), own[0]["step"])
    return found


def _by_step(lines: Sequence[Row], names: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of each step; one whose step is blank belongs to the step above."""
    found: dict[str, list[Row]] = {}
    step = ""
    for row in lines:
        if not row["step"].blank or not step:
            step = known("step", row["step"], names)
        found.setdefault(step, []).append(row)
    return found


def _goes_on(stream: Sequence[Row], row: Row) -> bool:
    """Whether a row is one more part of a week that is not full yet."""
    named = [day for line in stream for day in _named(line)]
    same = all(row[heading].value in {None, stream[0][heading].value} for heading in ("step", "group"))
    return bool(named) and len(set(named)) < len(DAYS) and bool(_named(row)) and same


def _named(row: Row) -> tuple[int, ...]:
    """The days that a row names; none where it is for every day."""
    return () if row["days"].blank or _every_day(row["days"]) else week_days(row["days"])


def _every_day(cell: Cell) -> bool:
    return fold(cell.value) == EVERY_DAY


def _stream(
    stream: Sequence[Row], lists: Mapping[str, list[Cell]], starts: dt.datetime, names: Sequence[str]
) -> Arrivals:
    first = stream[0]
    step = known("step", first["step"], names)
    group = EVERYONE if first["group"].blank else name(first["group"])
    rate, replayed = first["per hour"], first["times from"]
    hourly = [cell for row in stream for cell in row.filled(*HOURS)]
    ways = [cell for cell in (rate, replayed, *hourly[:1]) if not cell.blank]
    rate.need(ways, 'this row says nobody comes. Type how many people an hour, in "per hour" or in the hours.')
    ways[-1].need(
        len(ways) == 1, 'a row has "per hour", "times from" or the hours, and this row has more than one. Clear one.'
    )
    if hourly:
        return Arrivals(step, group, tuple(_week(stream, lambda cell: number(cell, "a number of people an hour"))))
    first["days"].need(not _named(first), "days go with a number in each hour. Clear this cell, or fill in the hours.")
    if rate.blank:
        return Arrivals(step, group, times=_moments(replayed, lists, starts))
    return Arrivals(step, group, number(rate, "a number of people an hour"))


def _moments(heading: Cell, lists: Mapping[str, list[Cell]], starts: dt.datetime) -> tuple[float, ...]:
    """Given moments of arrival, hours after clock zero."""
    moments = list[float]()
    for cell in listed(heading, lists):
        value = cell.value
        if isinstance(value, str) and A_MOMENT.fullmatch(value):
            with_seconds = value if value.count(":") > 1 else f"{value}:00"
            value = _moment(with_seconds.replace("T", " "))
        if isinstance(value, dt.datetime):
            cell.need(
                value >= starts,
                f"this is before the pathway starts, which is {starts.day} {starts:%B %Y}. Correct the date.",
            )
            hours = (value - starts) / HOUR
        elif isinstance(value, (int, float)) and cell.unit == "hours":
            hours = number(cell, "a moment, in hours after the start,")
        else:
            hours = lengths(cell)[0]
        cell.need(not moments or hours >= moments[-1], "this is before the one above it. Sort the column.")
        moments.append(hours)
    return tuple(moments)


def _moment(said: str) -> dt.datetime | str:
    try:
        return dt.datetime.strptime(said, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - a simulation's clock has no zone
    except ValueError:
        return said


def listed(heading: Cell, lists: Mapping[str, list[Cell]], otherwise: str = "") -> list[Cell]:
    """The cells of the column of measured times that a cell names; a blank one names *otherwise*."""
    key = fold(otherwise if heading.blank and otherwise else text(heading))
    heading.need(
        key in lists, f'no column of the sheet "{MEASURED}" is called "{key[:40]}". There are {some(list(lists))}.'
    )
    return lists[key]


def _week(lines: Sequence[Row], read: Callable[[Cell], float]) -> list[float]:
    """24 numbers of rows that are for every day, or 168 of rows that name their days."""
    week: dict[int, list[float]] = {}
    for row in lines:
        blank = [row[hour] for hour in HOURS if row[hour].blank]
        (blank or [row["step"]])[0].need(
            not blank, f"a row of hours needs 24 numbers, and {24 - len(blank)} came. Type 0 where there is nobody."
        )
        numbers = [read(row[hour]) for hour in HOURS]
        if not _named(row):
            row["days"].need(len(lines) == 1, "there are other rows for this step, so each must name its days.")
            return numbers
        for day in _named(row):
            row["days"].need(day not in week, f"there is a row for {DAYS[day]} already. Name each day in one row only.")
            week[day] = numbers
    missing = [day for i, day in enumerate(DAYS) if i not in week]
    lines[-1]["days"].need(
        not missing, f"the week has no row for {', '.join(missing)}. Add one; for the same every day, clear this cell."
    )
    return [one for _, numbers in sorted(week.items()) for one in numbers]
