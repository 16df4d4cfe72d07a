"""
How do the number of people, the rate they come at and the time they stay hang together?

In the long run, the number in a system is the rate of arrival times the mean time each
stays (L = λW). It holds for any system and any spread of times.

Source: Little (1961), A proof for the queuing formula L = λW, Operations Research 9(3), 383-387.
"""

from __future__ import annotations

from flowlib.core.checks import at_least, need, positive

__all__ = ["littles_law"]


def littles_law(in_system: float | None = None, rate: float | None = None, time: float | None = None) -> float:
    """
    The third of people in the system, rate of arrival, and mean time there, from the other two.

    Give any two, in one unit of time. 40 people a day, who stay 9.2 days:

    >>> round(littles_law(rate=40, time=9.2), 6)
    368.0
    """
    given = [value is not None for value in (in_system, rate, time)]
    need(sum(given) == 2, f"Give two of in_system, rate and time; {sum(given)} came.")  # noqa: PLR2004 - two of three
    if in_system is None:
        return at_least("The rate", rate, 0) * at_least("The time", time, 0)
    people = at_least("The number in the system", in_system, 0)
    if rate is None:
        return people / positive("The time", time)
    return people / positive("The rate", rate)
