"""
How many people must be employed, so that so many are at work?

Leave takes its share of the days, breaks take their share of the hours that are left,
and so on: the shares multiply. With shares a, b and c, each person at work needs
1 / ((1 - a)(1 - b)(1 - c)) people on the payroll.

Planners call this shrinkage. It is arithmetic, done in fractions, so that a whole number
of people stays whole: 14 / (0.8 × 0.7) is 25, where a computer's decimals make it 26.
"""

from __future__ import annotations

import math
from fractions import Fraction

from flowlib.core.checks import at_least, choice, finite, need, shown

__all__ = ["with_shrinkage"]

PARTS = {"whole": 1, "tenths": 10}  # of one person


def with_shrinkage(
    people_on_duty: float, *, leave: float = 0, breaks: float = 0, other: float = 0, to: str = "whole"
) -> float:
    """
    People to employ so that *people_on_duty* are at work: rounded up, and exact before that.

    *people_on_duty* is 0 or more, on average over the year. *leave* (all days away: holiday,
    sickness, training), *breaks* and *other* are shares of what the ones before them
    leave over, from 0 to below 1. `to="whole"` gives whole people; `to="tenths"` gives
    tenths of a whole-time equivalent. Six on duty, with 1 day in 5 away and 1 hour in 4 not
    at work:

    >>> with_shrinkage(6, leave=0.2, breaks=0.25)
    10
    >>> with_shrinkage(6, leave=0.22, breaks=0.1, to="tenths")
    8.6
    """
    wanted = _exact(at_least("The number of people on duty", people_on_duty, 0))
    parts = PARTS[choice("rounding", to, PARTS)]
    at_work = _left("leave", leave) * _left("breaks", breaks) * _left("other", other)
    number = math.ceil(wanted / at_work * parts)
    return number if parts == 1 else number / parts


def _left(name: str, share: object) -> Fraction:
    """What a share leaves over."""
    number = finite(name, share)
    need(
        0 <= number < 1,
        f"{name} must be from 0 to below 1; {shown(number)} came."
        f" {'Nobody would be at work.' if number == 1 else 'A fifth is 0.2, not 20.'}",
    )
    return 1 - _exact(number)


def _exact(number: float) -> Fraction:
    """The decimal number that was typed, free of a computer's rounding."""
    return Fraction(str(number))
