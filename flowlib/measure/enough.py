"""
Is enough on average enough?

People come each day by chance (Poisson), and each day has so many places. Who is not
seen today waits for tomorrow. A place that stands empty is lost: it cannot be kept for
a busier day, but a person who was not seen still waits (K. Silvester). Where a list is
waiting, an empty place is filled from it, and nothing is lost (R. Findlay).

Day after day, those waiting in the evening are `max(0, waiting + came - places)`
(D. V. Lindley, 1952). Many years of working days are worked at once, with the same luck
whatever the places are, so that two answers differ by the change alone. All counts are
people; a year has 260 working days.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DAYS", "YEARS", "EnoughOnAverage", "enough_on_average", "typical_days"]

DAYS = 260  # working days of a year
YEARS = 1_000
EVERY = 5  # days between two points of the range: a working week
SEED = 23
MOST_A_DAY = 1_000
MANY_SPREADS = 12  # more standard deviations above the mean than ever come
TWO_ERRORS = 1.96  # standard errors either side of a mean hold it in 95 of 100 cases
HALF = 0.5
WHOLE_FROM = 9.95  # from here on, tenths of a person say nothing
RANGE = (5.0, 95.0)  # percentiles: 9 years in 10 lie between


@dataclass(frozen=True)
class EnoughOnAverage:
    """Many years of one service, day by day."""

    demand: float  # people who come a day, mean
    places: int  # a day, mean
    spread: int  # places a day differ from the mean by at most so many
    waiting_first: int  # on the list when the year begins
    mean_queue: float  # people waiting in the evening, mean of all days and years
    margin: float  # the mean is known to within this, 95% of the time
    year_low: float  # of a single year's mean: 9 years in 10 lie from here
    year_high: float  # to here
    usual_peak: int  # the longest queue of a year; half of the years have a longer one
    empty_places: float  # places that nobody used, a year, mean
    last_day: float  # people waiting when the year ends, mean
    last_low: float  # of a single year's last day: 9 years in 10 lie from here
    last_high: float  # to here
    days: NDArray[np.int64]  # 5, 10, ... 260: the days of the range
    low: NDArray[np.int64]  # people waiting on those days: 9 years in 10 lie from here
    high: NDArray[np.int64]  # to here
    queues: NDArray[np.int32]  # people waiting in the evening: a row a year, a column a day

    @property
    def has_list(self) -> bool:
        """Whether people were waiting when the year began."""
        return self.waiting_first > 0

    def sentence(self) -> str:
        """The queue, and how sure we are of it."""
        if self.has_list:
            told = (
                f"The list begins the year with {_people(self.waiting_first)} and ends it with "
                f"{_number(self.last_day)} on average. In 9 years of 10 it ends with "
                f"{_number(self.last_low)} to {_number(self.last_high)}."
            )
        else:
            told = (
                f"On average {_waiting(self.mean_queue)} in the evening. "
                f"For a single year this is from {_number(self.year_low)} to {_number(self.year_high)}, "
                f"in 9 years of 10. The longest queue of a usual year is {_people(self.usual_peak)}."
            )
        return f"{told} {self._unused()}"

    def compared(self, today: EnoughOnAverage) -> str:
        """What is different from *today*."""
        if self.has_list or today.has_list:
            now, then = (one.last_day - one.waiting_first for one in (today, self))
            return f"Today the queue {_grows(now)} over the year. With this change it {_grows(then)}."
        apart = self.mean_queue - today.mean_queue
        told = f"Today {_waiting(today.mean_queue)} in the evening. With this change, {_number(self.mean_queue)}"
        if abs(apart) <= self.margin + today.margin:
            return f"{told}. From these years we cannot tell the two apart."
        return f"{told}: {_number(abs(apart))} {'more' if apart > 0 else 'fewer'}."

    def _unused(self) -> str:
        if self.empty_places < HALF:
            return "No place stands empty."
        return f"{_number(self.empty_places)} places a year stand empty."

    def year(self, number: int) -> NDArray[np.int32]:
        """People waiting each evening of one year; *number* counts from 1."""
        number = checks.whole("year", number, 1)
        checks.need(number <= len(self.queues), f"There are {len(self.queues):,} years; {number:,} came.")
        year: NDArray[np.int32] = self.queues[number - 1]
        return year


def enough_on_average(
    places: int,
    *,
    spread: int = 0,
    two_kinds: bool = False,
    waiting_first: int = 0,
    demand: float = 10.0,
    years: int = YEARS,
    seed: int = SEED,
) -> EnoughOnAverage:
    """
    The queue of a service with so many *places* a day on average.

    With a *spread*, the places of a day are by chance from `places - spread` to
    `places + spread`, each as often; with *two_kinds* they are one of these two.
    *waiting_first* are on a list when the year begins. Raises a `Refusal` where a
    day could have fewer than no places.

    Ten places for ten people a day leave about 25 waiting; one more leaves about 3:

    >>> [round(enough_on_average(places).mean_queue) for places in (10, 11, 13)]
    [25, 3, 1]
    """
    places, spread = checks.whole("places", places, 0), checks.whole("spread", spread, 0)
    checks.need(spread <= places, f"The spread is at most the places; {spread} came for {places} places.")
    demand = checks.positive("demand", demand, "people a day")
    checks.need(max(demand, places) <= MOST_A_DAY, f"At most {MOST_A_DAY:,} people or places a day. Count in tens.")
    first = checks.whole("waiting_first", waiting_first, 0)
    came, luck = _luck(demand, checks.whole("years", years, 1), checks.whole("seed", seed, 0))
    moves = came - _places(luck, places, spread, two_kinds=two_kinds)
    walk = np.cumsum(moves, axis=1, dtype=np.int32) + np.int32(first)
    lost = np.maximum(-np.minimum.accumulate(walk, axis=1), 0)  # places left empty so far
    return _summed(walk + lost, lost[:, -1], demand=demand, places=places, spread=spread, waiting_first=first)


def typical_days(demand: float = 10.0, *, days: int = 100) -> list[int]:
    """
    How many people come on each of 100 days, from the quietest to the busiest, spread as chance spreads them.

    *demand* is people a day, mean (Poisson). Of 100 days, 58 have 10 people or fewer:

    >>> sum(people <= 10 for people in typical_days(10))
    58
    """
    demand = checks.positive("demand", demand, "people a day")
    checks.need(demand <= MOST_A_DAY, f"At most {MOST_A_DAY:,} people or places a day. Count in tens.")
    days = checks.whole("days", days, 1)
    return [int(people) for people in _people_at(demand, (np.arange(days) + 0.5) / days)]


@functools.lru_cache(maxsize=4)
def _luck(demand: float, years: int, seed: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """
    Who comes each day, and a number from 0 to 1 for the places of each day.

    The later half of the years mirrors the first: for each quiet day a busy one. So the
    years together are neither lucky nor unlucky (antithetic variates).
    """
    rng = np.random.default_rng(seed)
    half = -(-years // 2)
    came, luck = (np.vstack([drawn, 1 - drawn])[:years] for drawn in rng.random((2, half, DAYS)))
    return _people_at(demand, came), luck


def _people_at(mean: float, shares: NDArray[np.float64]) -> NDArray[np.int32]:
    """The Poisson quantiles at these *shares*; by logarithms, so that large means do not underflow."""
    most = int(mean + MANY_SPREADS * math.sqrt(mean)) + MANY_SPREADS
    chances = np.exp([n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(most + 1)])
    return np.searchsorted(np.cumsum(chances), shares, side="left").astype(np.int32)


def _places(luck: NDArray[np.float64], places: int, spread: int, *, two_kinds: bool) -> NDArray[np.int32] | int:
    """The places of each day."""
    if spread == 0:
        return places
    if two_kinds:
        return np.where(luck < 1 / 2, places - spread, places + spread).astype(np.int32)
    return (luck * (2 * spread + 1)).astype(np.int32) + np.int32(places - spread)


def _summed(
    queues: NDArray[np.int32],
    empty: NDArray[np.int32],
    *,
    demand: float,
    places: int,
    spread: int,
    waiting_first: int,
) -> EnoughOnAverage:
    """What the years have in common, and how far they are apart."""
    means = queues.mean(axis=1)
    pairs = (means[: means.size // 2] + means[-(means.size // 2) :]) / 2 if means.size > 1 else means
    seen = queues[:, EVERY - 1 :: EVERY]
    low, high = np.percentile(seen, RANGE, axis=0, method="closest_observation")
    year_low, year_high = np.percentile(means, RANGE)
    return EnoughOnAverage(
        demand=demand,
        places=places,
        spread=spread,
        waiting_first=waiting_first,
        mean_queue=float(means.mean()),
        margin=TWO_ERRORS * float(pairs.std(ddof=1)) / math.sqrt(pairs.size) if pairs.size > 1 else math.inf,
        year_low=float(year_low),
        year_high=float(year_high),
        usual_peak=int(np.percentile(queues.max(axis=1), 50, method="inverted_cdf")),
        empty_places=float(empty.mean()),
        last_day=float(queues[:, -1].mean()),
        last_low=float(low[-1]),
        last_high=float(high[-1]),
        days=np.arange(EVERY, DAYS + 1, EVERY),
        low=low.astype(np.int64),
        high=high.astype(np.int64),
        queues=queues,
    )


def _number(value: float) -> str:
    """As it stands in a sentence: whole from 10 on, with a tenth below."""
    return f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:.1f}".removesuffix(".0")


def _people(count: float) -> str:
    return "1 person" if _number(count) == "1" else f"{_number(count)} people"


def _grows(by: float) -> str:
    return "stays as it is" if abs(by) < 1 else f"{'grows' if by > 0 else 'shrinks'} by {_number(abs(by))}"


def _waiting(count: float) -> str:
    return f"{_people(count)} {'waits' if _number(count) == '1' else 'wait'}"
