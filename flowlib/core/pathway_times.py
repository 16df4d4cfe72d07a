"""
What time does a person mean by what stands in one cell of a workbook?

"48 minutes", "1 hour 30 minutes", "5 to 10 minutes", 8, a time that Excel made, "9am",
"Mon-Fri": each is taken as it is meant, and anything else is refused with the sheet and
the cell. Lengths of time come back in hours; `length` writes one.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import DAYS
from flowlib.core.durations import duration
from flowlib.core.parts import SOME_DAYS
from flowlib.core.pathway_cells import number
from flowlib.core.pathway_sheets import UNITS, fold

if TYPE_CHECKING:
    from flowlib.core.pathway_cells import Cell

__all__ = ["clock", "day_names", "length", "lengths", "week_days"]

AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)", re.ASCII)
BETWEEN = re.compile(r"\s*(?:,\s|;|/|–|-|\bto\b)\s*")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]00)?\s*([ap]m)?|(\d{1,2})\s*([ap]m)", re.ASCII)
DAY_WORDS = {"every day": "Mon-Sun", "daily": "Mon-Sun", "weekdays": "Mon-Fri", "weekends": "Sat-Sun"}
LONG_DAYS = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:sday|nesday|rsday|urday|day|s|r|rs)?s?\b")
NOON = 12
# Units, their hours, and how many of each people still say before they take the next.
WRITTEN_IN = (("hour", 1, 72), ("minute", 1 / 60, 120), ("day", 24, 60), ("week", 168, 1000))


def lengths(cell: Cell, parts: int = 1) -> tuple[float, ...]:
    """So many lengths of time, hours: "48 minutes", "1 hour 30 minutes", "5 to 10 minutes", 8, or Excel's own."""
    cell.need(not cell.blank, 'this is blank. Type a length of time, such as "48 minutes".')
    if isinstance(cell.value, str):
        said = " ".join(cell.value.casefold().split())
        cell.need(
            not said.startswith(("-", "−")), f"a length of time must be 0 or more; {cell.shown} came. Correct it."
        )
        pieces = [said] if parts == 1 else BETWEEN.split(said)
    else:
        pieces = [""]
    example = {1: "48 minutes", 2: "10 to 30 minutes"}.get(parts, "5 to 10 to 30 minutes")
    how_many = {1: "one length", 2: "two lengths"}.get(parts, "three lengths")
    cell.need(len(pieces) == parts, f'this needs {how_many} of time, such as "{example}"; {cell.shown} came.')
    if not isinstance(cell.value, str):
        return (_own_length(cell),)
    last = re.search(r"[a-z]+$", pieces[-1])
    with cell.blamed():
        found = [_length(piece, UNITS.get(last[0]) if last else cell.unit) for piece in pieces]
    good = [one for one in found if one is not None]
    cell.need(
        len(good) == parts,
        f'this must be a length of time with its unit, such as "{example}"; {cell.shown} came.',
    )
    return tuple(good)


def _own_length(cell: Cell) -> float:
    """Hours from a number, or from a time or span of time that Excel made."""
    value = cell.value
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, dt.timedelta):
        cell.need(value >= dt.timedelta(), f"a length of time must be 0 or more; {cell.shown} came. Correct it.")
        with cell.blamed():
            return float(duration("this", value / dt.timedelta(hours=1)))
    cell.need(
        not isinstance(value, dt.datetime),
        f'this must be a length of time, such as "48 minutes"; {cell.shown} came. Format the cell as text.',
    )
    plain = number(cell, "a length of time")
    with cell.blamed():
        return float(duration("this", plain if cell.unit == "hours" else f"{_long(plain)} {cell.unit}"))


def _length(said: str, unit: str | None) -> float | None:
    """Hours from words, if they are a length of time; a number alone has *unit*."""
    if re.fullmatch(r"\d{1,3}:[0-5]\d", said.strip()):  # hours and minutes, as a clock shows them
        first, second = said.split(":")
        return int(first) + int(second) / 60
    amounts = AMOUNT.findall(said)
    rest = AMOUNT.sub("", said).replace(" and ", " ").strip()
    units = [UNITS.get(word) if word or len(amounts) > 1 else unit for _, word in amounts]
    if not amounts or rest or None in units:
        return None
    pairs = zip(amounts, units, strict=True)
    return float(sum(duration("this", f"{amount.replace(',', '')} {unit}") for (amount, _), unit in pairs))


def length(hours: float) -> str:
    """
    A length of time as a person writes it, and as it is read back without loss.

    >>> length(0.8), length(1), length(6.4 * 24)
    ('48 minutes', '1 hour', '6.4 days')
    """
    ways, hours = [], float(hours) + 0.0  # no zero with a minus sign
    for unit, size, most in WRITTEN_IN:
        amount = _long(round(hours / size, 6))
        if float(duration("this", f"{amount} {unit}")) == hours:
            usual = size <= hours <= most * size
            ways.append((not usual, len(amount), f"{amount} {unit}{'' if amount == '1' else 's'}"))
    return min(ways)[2] if ways else f"{_long(hours)} hours"


def _long(number: float) -> str:
    """All the figures of a number, without an exponent."""
    return str(np.format_float_positional(number, trim="-"))


def clock(cell: Cell) -> str:
    """A time of day as "09:00", from words, from Excel's own time, or from a whole hour."""
    value = cell.value
    if isinstance(value, float) and 0 < value < 1:  # a time whose cell has lost its format
        value = dt.timedelta(days=value)
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, dt.timedelta) and dt.timedelta() <= value < dt.timedelta(days=1):
        minutes = round(value / dt.timedelta(minutes=1))
        value = f"{minutes // 60 % 24}:{minutes % 60:02d}"
    whole_hour = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
    found = CLOCK.fullmatch(f"{value:.0f}:00" if whole_hour else " ".join(str(value).casefold().split()))
    hour, minute = (int(found[1] or found[4]), int(found[2] or 0)) if found else (-1, 0)
    half = (found[3] or found[5]) if found else None
    if half and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if half == "pm" else 0)
    elif half:
        hour = -1
    good = 0 <= hour < 24 and minute < 60  # noqa: PLR2004 - hours of a day, minutes of an hour
    cell.need(good, f'this must be a time of day, such as "09:00"; {cell.shown} came.')
    return f"{hour:02d}:{minute:02d}"


def day_names(cell: Cell) -> str:
    """Days such as "Mon-Fri" or "Mon, Thu", whatever their capitals; "every day" and "weekdays" too."""
    said = str(cell.value)
    if SOME_DAYS.fullmatch(said):
        return said
    plain = LONG_DAYS.sub(lambda day: day[1].capitalize(), said.casefold())
    plain = re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", plain)
    plain = DAY_WORDS.get(fold(said), re.sub(r"\s*(?:,|;|/|&|\band\b)\s*", ", ", plain))
    cell.need(SOME_DAYS.fullmatch(plain), f'this must be days, such as "Mon-Fri" or "Mon, Thu"; {cell.shown} came.')
    return plain


def week_days(cell: Cell) -> tuple[int, ...]:
    """The days that it names, from 0 for Monday, in the order named; "Sat-Mon" goes over the week's end."""
    found: list[int] = []
    for part in day_names(cell).split(","):
        first, _, last = part.strip().partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    cell.need(len(found) == len(set(found)), f"this names a day twice; {cell.shown} came. Name each day once.")
    return tuple(found)
