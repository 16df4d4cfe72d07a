"""
How long is that in hours?

Times are hours inside. `minutes(48)`, `hours(4)`, `days(6.4)` and `weeks(2)` give a
`Duration`, which is a number of hours that remembers it is one, so that it can be
refused where a number of days is wanted.
"""

from __future__ import annotations

import re

from flowlib.core import checks

__all__ = ["MOST_HOURS", "Duration", "days", "duration", "hours", "minutes", "weeks"]

HOURS_IN = {"minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "hr": 1.0, "h": 1.0, "day": 24.0, "week": 168.0}
MOST_HOURS = 1_000_000  # over a century: more is a slip of unit


class Duration(float):
    """
    A length of time in hours.

    >>> 2 * hours(4) + minutes(30)
    Duration(8.5 hours)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Duration({float(self)!r} hours)"

    def __add__(self, other: float) -> Duration:
        return _again(float.__add__(self, other))

    def __radd__(self, other: float) -> Duration:
        return _again(float.__radd__(self, other))

    def __sub__(self, other: float) -> Duration:
        return _again(float.__sub__(self, other))

    def __mul__(self, other: float) -> Duration:
        return _again(float.__mul__(self, other))

    def __rmul__(self, other: float) -> Duration:
        return _again(float.__rmul__(self, other))

    def __truediv__(self, other: float) -> float:
        ratio = float.__truediv__(self, other)
        return ratio if isinstance(other, Duration) else _again(ratio)


def _again(hours_made: float) -> Duration:
    """A duration again, unless Python says that the other operand must have a try."""
    return hours_made if hours_made is NotImplemented else Duration(hours_made)


def minutes(number: float) -> Duration:
    """
    *number* minutes as a duration in hours.

    >>> minutes(48)
    Duration(0.8 hours)
    """
    return Duration(checks.finite("minutes", number) / 60)


def hours(number: float) -> Duration:
    """*number* hours as a duration."""
    return Duration(checks.finite("hours", number))


def days(number: float) -> Duration:
    """*number* days as a duration in hours."""
    return Duration(checks.finite("days", number) * 24)


def weeks(number: float) -> Duration:
    """*number* weeks as a duration in hours."""
    return Duration(checks.finite("weeks", number) * 168)


def duration(name: str, value: object) -> Duration:
    """
    A duration from a number of hours or from text such as "48 minutes" or "6.4 days".

    >>> duration("stay", "2 weeks")
    Duration(336.0 hours)
    """
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([0-9.]+)\s*([a-z]+?)s?\s*", value.lower())
        checks.need(
            found and found[2] in HOURS_IN,
            f'{name} must be a length of time such as "48 minutes", "4 hours" or "6.4 days"; "{value}" came.',
        )
        assert found is not None  # noqa: S101 - the line above refuses it, which the type checker cannot see
        return duration(name, checks.finite(name, found[1]) * HOURS_IN[found[2]])
    length = Duration(checks.at_least(name, value, 0, "hours"))
    checks.need(
        length <= MOST_HOURS,
        f"{name} must be {MOST_HOURS:,} hours or less; {checks.shown(length)} came. Check its unit.",
    )
    return length
