"""
How long will the list be, week by week, and how sure can we be?

Rates are people a week. In each week a share of those on the list leave untreated, people
join, and as many as capacity allows are treated: the same balance as `steady_state`. The
list never falls below 0: capacity with nobody left to treat stands idle, and is counted.

Chance is of three kinds, each by its own luck: in demand, in capacity, in removals. Each
is constant, "poisson" (people come one by one, at random), or a coefficient of variation
(standard deviation over mean; a gamma spread, which is never below 0). For the same seed
the same luck meets every plan, so two plans can be compared run by run. Bands are
quantiles of many runs. They show chance about the stated rates, not doubt about the rates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from flowlib.core.checks import Refusal, at_least, brief, need, share, shown, whole
from flowlib.core.durations import Duration
from flowlib.diagnose.waiting_list.units import people, rate, whole_weeks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Luck", "Projection", "Varies", "Walk", "lucks", "project", "rates", "walk"]

Varies = float | Literal["poisson"] | None

LONGEST_TABLE = 1_000_000  # people a week, for which chances are tabled
MOST_NUMBERS = 20_000_000  # runs times weeks; about half a gigabyte
RUNS = 2_000  # puts the 2.5% quantile within about 0.7% of runs, two standard errors
LOWER, UPPER = 0.025, 0.975
BAND = (
    "In each week, 19 runs in 20 lie from lower_95 to upper_95. The band is for one week at a time,"
    " and for chance about the stated rates only."
)
NO_BAND = "Nothing varies, so the band has no width. State what varies to see one."
STREAMS = ("demand", "capacity", "removals")


@dataclass(frozen=True)
class Luck:
    """The chance in one kind of flow: numbers drawn once, which then meet any plan."""

    varies: Varies
    numbers: Floats | None  # weeks x runs; places from 0 to 1 for "poisson", multiples of the mean for a spread

    def people(self, week: int, mean: Floats | float) -> Floats | float:
        """People in that *week*, in each run, where *mean* are expected."""
        if self.numbers is None:
            return mean
        if self.varies == "poisson":
            return _poisson(self.numbers[week], mean)
        varied: Floats = mean * self.numbers[week]
        return varied


@dataclass(frozen=True)
class Walk:
    """What happened in each week (a row) of each run (a column), in people."""

    lists: Floats  # at the end of each week; the first row is the start
    treated: Floats
    removed: Floats
    idle: Floats


@dataclass(frozen=True)
class Projection:
    """A list week by week: what is expected, and within what band."""

    table: pd.DataFrame  # week (0 is the start), expected, lower_95, upper_95 (people at the week's end),
    # treated, removed, idle (people that week, expected), clearance_weeks (list over that week's capacity)
    band: str  # what the band means, in words
    runs: int  # 1 where nothing varies
    _lists: Floats = field(repr=False, compare=False)

    def chance_at_most(self, list_size: float, week: int | None = None) -> float:
        """
        Share of runs (0 to 1) with at most *list_size* people at the end of a *week* (the last, if none is named).

        >>> project(30, 27, 1_200, weeks=26).chance_at_most(1_278)
        1.0
        """
        last = len(self._lists) - 1
        at = last if week is None else whole("The week", week)
        need(at <= last, f"The projection ends with week {last}; week {at} was asked for. Project further.")
        return float(np.mean(self._lists[at] <= people("The list size", list_size)))

    def sentence(self) -> str:
        """What the projection shows, in words."""
        first, last = self.table.iloc[0], self.table.iloc[-1]
        weeks = int(last["week"])
        after = f"{weeks} week" + ("" if weeks == 1 else "s")
        told = f"In {after} the list goes from {_round(first['expected'])} to about {_round(last['expected'])} people."
        if self.runs > 1:
            told += f" In 19 runs of 20 it ends from {_round(last['lower_95'])} to {_round(last['upper_95'])}."
        idle = float(self.table["idle"].sum())
        if round(idle) >= 1:
            told += f" About {_round(idle)} places in all stand idle, because nobody is left to treat."
        return told


def project(
    demand: float | Sequence[float],
    capacity: float | Sequence[float],
    list_size: float,
    *,
    weeks: int,
    removal_share: float = 0.0,
    demand_varies: Varies = None,
    capacity_varies: Varies = None,
    removals_vary: Varies = None,
    runs: int = RUNS,
    seed: int = 0,
) -> Projection:
    """
    Size of a list of *list_size* people over so many *weeks*, with bands where something varies.

    *demand* and *capacity* are people a week: one number, or a number for each week.
    *removal_share* is the share of the list (0 to 1) that leaves each week untreated.
    Each of demand, capacity and removals is constant, "poisson", or varies by a
    coefficient of variation. *weeks* is a whole number, or a length such as weeks(26).

    >>> project(30, 27, 1_200, weeks=26).sentence()
    'In 26 weeks the list goes from 1,200 to about 1,278 people.'
    """
    length = whole_weeks("The number of weeks", weeks)
    start, leaving = people("The list size", list_size), share("The removal share", removal_share)
    joining, able = rates("demand", demand, length), rates("capacity", capacity, length)
    varies = (demand_varies, capacity_varies, removals_vary)
    luck = lucks(varies, length, runs, seed)
    walked = walk(start, joining, able, leaving, luck)
    number = walked.lists.shape[1]
    return Projection(_table(walked, able), BAND if number > 1 else NO_BAND, number, walked.lists)


def rates(name: str, value: object, weeks: int) -> Floats:
    """
    A rate for each week, in people a week, from one number or a number for each week.

    >>> rates("demand", 30, 3).tolist()
    [30.0, 30.0, 30.0]
    """
    if isinstance(value, str | Duration) or not hasattr(value, "__len__"):
        return np.full(weeks, rate(f"The {name}", value))
    numbers = [
        rate(f"The {name} of week {place}", one)
        for place, one in enumerate(np.atleast_1d(np.asarray(value)).tolist(), 1)
    ]
    need(
        len(numbers) == weeks,
        f"The {name} has {len(numbers)} numbers and there are {weeks} weeks. Give one number, or one for each week.",
    )
    return np.array(numbers)


def lucks(varies: tuple[Varies, Varies, Varies], weeks: int, runs: int, seed: int) -> tuple[Luck, Luck, Luck]:
    """The luck of demand, capacity and removals, each drawn by its own name, so that none disturbs another."""
    kinds = [_kind(name, value) for name, value in zip(STREAMS, varies, strict=True)]
    number = whole("The number of runs", runs, 2)
    first = whole("The seed", seed)
    need(
        number * weeks <= MOST_NUMBERS,
        f"{number:,} runs of {weeks:,} weeks are too many to hold."
        f" Choose {max(MOST_NUMBERS // weeks, 2):,} runs or fewer.",
    )
    made = [
        Luck(kind, _numbers(kind, np.random.default_rng([first, place]), (weeks, number)))
        for place, kind in enumerate(kinds)
    ]
    return made[0], made[1], made[2]


def walk(
    list_size: float, demand: Floats, capacity: Floats, removal_share: float, luck: tuple[Luck, Luck, Luck]
) -> Walk:
    """Each run of the list, week by week; one run where nothing varies."""
    runs = max(1 if one.numbers is None else one.numbers.shape[1] for one in luck)
    weeks = len(demand)
    lists = np.full((weeks + 1, runs), list_size)
    treated, removed, idle = (np.zeros((weeks, runs)) for _ in range(3))
    comes, can, leaves = luck
    for week in range(weeks):
        before = lists[week]
        removed[week] = np.minimum(leaves.people(week, removal_share * before), before)
        there = before - removed[week] + comes.people(week, demand[week])
        able = can.people(week, capacity[week])
        treated[week] = np.minimum(able, there)
        idle[week] = able - treated[week]
        lists[week + 1] = there - treated[week]
    return Walk(lists, treated, removed, idle)


def _poisson(places: Floats, mean: Floats | float) -> Floats:
    """Poisson numbers at *places* from 0 to 1, so that the same place gives more where the mean is higher."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    if (
        np.ndim(mean) == 0 and mean <= LONGEST_TABLE
    ):  # one mean for all runs: look the places up in its table, which is far quicker
        chances = np.asarray(stats.poisson.cdf(np.arange(_far_out(float(mean))), mean), dtype=np.float64)
        return np.searchsorted(chances, places).astype(np.float64)
    means = np.broadcast_to(np.asarray(mean, dtype=np.float64), places.shape)
    drawn = np.zeros_like(places)
    some = means > 0
    drawn[some] = np.maximum(stats.poisson.ppf(places[some], means[some]), 0.0)
    return drawn


def _far_out(mean: float) -> int:
    """A number of people that a Poisson count with this mean passes less than once in 10 ** 20."""
    return int(mean + 10 * mean**0.5 + 30)


def _kind(name: str, value: object) -> Varies:
    """How a flow varies: not at all, "poisson", or by a spread above 0."""
    if value is None:
        return None
    if isinstance(value, str):
        if value != "poisson":
            raise Refusal(
                f'{name} can vary by "poisson" or by a coefficient of variation such as 0.3; {brief(value)} came.'
            )
        return "poisson"
    return at_least(f"The coefficient of variation of {name}", value, 0) or None


def _numbers(kind: Varies, rng: np.random.Generator, size: tuple[int, int]) -> Floats | None:
    if kind is None:
        return None
    if isinstance(kind, str):
        return rng.random(size)
    shape = 1 / kind**2
    return rng.standard_gamma(shape, size) / shape


def _table(walked: Walk, capacity: Floats) -> pd.DataFrame:
    lists = walked.lists
    low, high = np.quantile(lists, [LOWER, UPPER], axis=1)
    expected = lists.mean(axis=1)
    weekly = {name: np.append(np.nan, getattr(walked, name).mean(axis=1)) for name in ("treated", "removed", "idle")}
    able = np.append(capacity[:1], capacity)
    clearance = np.where(expected > 0, np.inf, 0.0)
    with np.errstate(over="ignore"):  # a capacity near 0 takes for ever, as none at all does
        np.divide(expected, able, out=clearance, where=able > 0)
    return pd.DataFrame(
        {
            "week": np.arange(len(lists)),
            "expected": expected,
            "lower_95": low,
            "upper_95": high,
            **weekly,
            "clearance_weeks": clearance,
        }
    )


def _round(number: float) -> str:
    return shown(round(number))
