"""
How many can be in a step at once, and when?

A capacity is a number, None (unlimited: a pure delay), a `Rota` (how many by hour of
the day or week) or `Slots` (so many starts at stated moments of the week).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flowlib.core import checks

__all__ = ["DAYS", "HOURS_OF", "MOST_PLACES", "Rota", "Slots", "by_hour", "clock", "many", "places"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_OF = {24: "day", 168: "week"}
MOST_PLACES = 100_000  # more than any step has


def places(name: str, value: object) -> int:
    """A number of places: whole, 0 or more, and no more than any step has."""
    number = checks.whole(name, value)
    checks.need(
        number <= MOST_PLACES,
        f"{name} must be {MOST_PLACES:,} or less; {checks.shown(number)} came. For no limit, use None.",
    )
    return number


def many(name: str, values: object, example: str) -> tuple[object, ...]:
    """*values* as a tuple, if there are several; text and mappings are one thing, not many."""
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes, dict)):
        return tuple(values)
    raise checks.Refusal(f"{name} must be a list such as {example}; {checks.brief(values)} came.")


def by_hour(name: str, values: object, *, whole: bool) -> tuple[float, ...]:
    """24 or 168 numbers of 0 or more, an hour each."""
    numbers = many(name, values, "[2] * 24")
    checks.need(
        len(numbers) in HOURS_OF,
        f"{name} needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); {len(numbers)} came.",
    )
    one = places if whole else _rate
    return tuple(one(f"{name}, hour {hour}", value) for hour, value in enumerate(numbers))


def _rate(name: str, value: object) -> float:
    return checks.at_least(name, value, 0)


def clock(name: str, text: object) -> float:
    """
    Hours after midnight of a time of day such as "09:30".

    >>> clock("opening", "09:30")
    9.5
    """
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text) if isinstance(text, str) else None
    if found is None:
        raise checks.Refusal(f'{name} must be a time of day such as "09:00"; {checks.brief(text)} came.')
    return int(found[1]) + int(found[2]) / 60


@dataclass(frozen=True)
class Rota:
    """How many may be in service at once, by hour of the day (24 numbers) or of the week (168, from Monday 00:00)."""

    by_hour: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_hour", by_hour("A rota", self.by_hour, whole=True))

    @property
    def mean(self) -> float:
        """People on duty, on average over the cycle."""
        return sum(self.by_hour) / len(self.by_hour)


@dataclass(frozen=True)
class Slots:
    """
    So many starts at each stated moment of the week; an unused slot is lost.

    >>> Slots([("Mon 10:00", 8), ("Tue 10:00", 7)]).a_week
    15
    """

    starts: tuple[tuple[str, int], ...]  # ("Mon 10:00", how many)

    def __post_init__(self) -> None:
        made = []
        for pair in many("Slots", self.starts, '[("Mon 10:00", 8)]'):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:  # noqa: PLR2004 - a pair
                raise checks.Refusal(f'Slots are pairs such as ("Mon 10:00", 8); {checks.brief(pair)} came.')
            _hour_of_week(pair[0])
            made.append((pair[0], places(f"Slots at {pair[0]}", pair[1])))
        checks.need(made, 'Slots needs at least one moment, such as ("Mon 10:00", 8); none came.')
        object.__setattr__(self, "starts", tuple(made))

    @property
    def a_week(self) -> int:
        """Starts a week, in all."""
        return sum(number for _, number in self.starts)

    @property
    def moments(self) -> tuple[tuple[float, int], ...]:
        """Hours after Monday 00:00, and how many may start then; in order."""
        return tuple(sorted((_hour_of_week(when), number) for when, number in self.starts))


def _hour_of_week(text: object) -> float:
    day, _, time = text.partition(" ") if isinstance(text, str) else ("", "", "")
    try:
        return DAYS.index(day) * 24 + clock("The time", time)
    except ValueError:  # a Refusal is one too
        raise checks.Refusal(f'A moment of the week looks like "Mon 10:00"; {checks.brief(text)} came.') from None
