"""
How many people are there, and how long is each one there? One line of arithmetic says both.

People there = people who join each day x days that each one stays (J. D. C. Little,
"A proof for the queuing formula L = λW", Operations Research 9(3), 1961). It holds for
any queue, ward or list over a long time, whatever the order and the spread, as long as
it neither grows nor shrinks. In the source λ is `per_day`, W is `days` and L is `there`.

The number on a single day varies round that mean. Where people join at random and
nobody has to wait for a place, it is Poisson (the queue M/G/∞; see D. Gross and others,
Fundamentals of Queueing Theory).
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from flowlib.core import checks

__all__ = ["PeopleThere", "days_each", "joined_a_day", "people_there"]

NINE_IN_TEN = (0.05, 0.95)


@dataclass(frozen=True)
class PeopleThere:
    """What Little's law says of a service, and how far single days lie from it."""

    per_day: float  # people who join, a day
    days: float  # that each one stays
    there: float  # people there, on average
    low: int  # on 9 days of 10 there are from so many
    high: int  # to so many
    places: int | None  # that there are, if anybody said
    full: float | None  # share of days on which more people than places want one, 0 to 1

    def sentence(self) -> str:
        """How many are there, and how sure we are of a single day."""
        told = (
            f"{_shown(self.per_day)} people a day who stay {_shown(self.days)} days each make "
            f"{self.there:,.0f} people there, on average. On 9 days of 10 it is {self.low:,} to {self.high:,}."
        )
        if self.places is None or self.full is None:
            return told
        if self.there > self.places:
            return f"{told} There are {self.places:,} places, so the queue for them grows."
        return f"{told} More than {self.places:,} places are wanted on {_of_ten(self.full)}."

    def compared(self, today: PeopleThere) -> str:
        """What is different from *today*."""
        apart = round(self.there) - round(today.there)
        if not apart:
            return f"Today it is {today.there:,.0f} as well."
        more = "more" if apart > 0 else "fewer"
        return f"Today it is {today.there:,.0f}. With this change it is {self.there:,.0f}: {abs(apart):,} {more}."


def people_there(per_day: float, days: float, *, places: int | None = None) -> PeopleThere:
    """
    People there on average, from *per_day* (people who join a day, above 0) and *days* (each stays, above 0).

    *places*, if given, is a whole number: `full` is then the share of days on which more
    people want a place than there are, were nobody made to wait. Raises a `Refusal` for
    numbers that are not above 0.

    >>> people_there(6.5, 25, places=170).there
    162.5
    """
    rate, stay = checks.positive("people a day", per_day), checks.positive("days each", days)
    limit = None if places is None else checks.whole("places", places, 1)
    mean = rate * stay
    law = stats.poisson(mean)
    low, high = (int(law.ppf(share)) for share in NINE_IN_TEN)
    return PeopleThere(rate, stay, mean, low, high, limit, None if limit is None else float(law.sf(limit)))


def days_each(there: float, per_day: float) -> float:
    """
    Days that each one stays, from people *there* and people who join *per_day*; both above 0.

    >>> round(days_each(55, 45.7), 1)
    1.2
    """
    return checks.positive("people there", there) / checks.positive("people a day", per_day)


def joined_a_day(there: float, days: float) -> float:
    """
    People who join a day, from people *there* and *days* that each stays; both above 0.

    >>> joined_a_day(368, 9.2)
    40.0
    """
    return checks.positive("people there", there) / checks.positive("days each", days)


def _shown(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _of_ten(share: float) -> str:
    """
    A share of days in words.

    >>> _of_ten(0.26), _of_ten(0.004), _of_ten(0.97)
    ('26 days in 100', 'fewer than 1 day in 100', '97 days in 100')
    """
    days = round(100 * share)
    if days < 1:
        return "fewer than 1 day in 100"
    return f"{days} day{'' if days == 1 else 's'} in 100"
