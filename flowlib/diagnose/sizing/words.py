"""
How are a wait, a share and an hour of the week said in a sentence?

Times are hours inside; a wait is said in minutes up to two hours, and in hours above.
"""

from __future__ import annotations

from flowlib.core.capacity import DAYS
from flowlib.core.checks import shown

__all__ = ["in_100", "length", "moment"]

MOST_MINUTES = 120  # above this a wait is said in hours
LEAST = 0.1  # minutes; less than this is said to be under it


def length(hours: float) -> str:
    """
    A length of time as a person says it.

    >>> length(0.25), length(1 / 60), length(3.5), length(0.0001), length(0)
    ('15 minutes', '1 minute', '3.5 hours', 'under 0.1 minutes', '0 minutes')
    """
    minutes = 60 * hours
    if minutes > MOST_MINUTES:
        return f"{shown(round(hours, 1))} hours"
    if 0 < minutes < LEAST / 2:
        return f"under {LEAST} minutes"
    said = shown(round(minutes, 1))
    return f"{said} minute" if said == "1" else f"{said} minutes"


def in_100(share: float) -> str:
    """
    A share as so many in 100; never none or all of them unless it is so.

    >>> in_100(0.204), in_100(0.0001), in_100(0.9999), in_100(0)
    ('20 in 100', 'fewer than 1 in 100', 'more than 99 in 100', '0 in 100')
    """
    number = round(100 * share)
    if number == 0 and share > 0:
        return "fewer than 1 in 100"
    if number == 100 and share < 1:  # noqa: PLR2004 - all of them
        return "more than 99 in 100"
    return f"{number} in 100"


def moment(hour: int, hours: int) -> str:
    """
    The hour of the day (of *hours* = 24) or of the week (168) by its start.

    >>> moment(9, 24), moment(33, 168)
    ('09:00', 'Tue 09:00')
    """
    time = f"{hour % 24:02d}:00"
    return time if hours == 24 else f"{DAYS[hour // 24]} {time}"  # noqa: PLR2004 - a day
