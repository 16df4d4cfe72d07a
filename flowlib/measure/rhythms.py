"""
Which varies more, what is asked of us or what we can do, and how much of it is the weekday?

Queues come of mismatched variation, so both are measured alike, between whole weeks:

* the coefficient of variation: standard deviation over mean;
* the index of dispersion: variance over mean. It is 1 for people who come by chance,
  each on their own (Poisson); the test is Fisher's, whose statistic, the index times
  the number of weeks less 1, is chi-squared (R. A. Fisher, "Statistical Methods for
  Research Workers", 1925). It is for counts, not for hours of work;
* which is larger: the test of E. J. G. Pitman and of W. A. Morgan (both Biometrika 31,
  1939) for two variances in pairs, here of each number over its own mean.

The variation of days is split exactly into the weekday's share, the week's share and
what is left over. By chance alone, k weekdays in n days explain (k - 1) / (n - 1).
Numbers are people a period; shares run from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.mapping.lengths import runs_in
from flowlib.measure.balance import WHOLE
from flowlib.measure.moments import WEEKDAYS, hour_or_weekday, moments, per_period, whole_periods

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.measure.spc_rules import Floats

__all__ = ["Spread", "Variation", "days_explained", "spread", "variation", "variation_between"]

FEWEST_PERIODS = 4
UNLIKELY = 0.05  # the usual level of a test
DAYS = len(WEEKDAYS)
DAY = 24  # hours


@dataclass(frozen=True)
class Spread:
    """How much a number differs from period to period."""

    periods: int
    mean: float  # people a period
    cv: float  # standard deviation over mean
    dispersion: float  # variance over mean; 1 for people who come by chance alone
    chance: float  # of an index as far from 1, either way, if they came by chance alone; 0 to 1

    @property
    def against_chance(self) -> str:
        """
        How the spread compares with that of people who come by chance alone, in words.

        >>> spread([10, 30, 10, 30]).against_chance
        'more than chance alone makes'
        """
        if self.chance >= UNLIKELY:
            return "about what chance alone makes"
        return f"{'more' if self.dispersion > 1 else 'less'} than chance alone makes"


@dataclass(frozen=True)
class Variation:
    """The variation of demand and of capacity, side by side."""

    step: str
    every: str  # the period that both are compared by, such as "week"
    demand: Spread
    capacity: Spread
    capacity_is: str  # "capacity", or "activity": in a log, capacity shows only as what was done
    larger: str  # "demand", `capacity_is`, or "neither"
    chance: float  # of such a difference if both varied alike; 0 to 1
    days: pd.DataFrame  # what, by_weekday, by_week, left_over, weekday_by_chance (shares of the variation of days),
    # by_hour, hour_by_chance (shares of the variation of hours); empty without a log

    def sentence(self) -> str:
        """
        Which varies more, and what of it is the weekday's, in words.

        >>> print(variation_between([20, 40, 25, 35, 20, 40], [30, 31, 30, 29, 30, 30]).sentence())
        From week to week, demand varies by 32 in 100 of its average, and capacity by 2 in 100. \
Demand varies more. The variation of demand is more than chance alone makes.
        """
        told = {
            "neither": f"We cannot say which of them varies more: {self.demand.periods} {self.every}s do not tell.",
            "demand": "Demand varies more.",
            self.capacity_is: f"{self.capacity_is.capitalize()} varies more: look at how it is planned.",
        }[self.larger]
        head = (
            f"From {self.every} to {self.every}, demand varies by {100 * self.demand.cv:.0f} in 100 of its average, "
            f"and {self.capacity_is} by {100 * self.capacity.cv:.0f} in 100. {told} "
            f"The variation of demand is {self.demand.against_chance}."
        )
        if self.days.empty:
            return head
        row = self.days.iloc[0]
        return (
            f"{head}\nThe weekday explains {100 * row['by_weekday']:.0f} in 100 of how demand differs from day to day. "
            f"By chance alone it would explain {100 * row['weekday_by_chance']:.0f}."
        )


def spread(numbers: Iterable[float]) -> Spread:
    """
    How much *numbers* (people a period, 4 periods or more) differ from one period to the next.

    >>> made = spread([8, 12, 8, 12])
    >>> round(made.cv, 2), round(made.dispersion, 2)
    (0.23, 0.53)
    """
    return _spread("Numbers", numbers)


def variation_between(
    demand: Sequence[float], capacity: Sequence[float], *, every: str = "week", step: str = "the step"
) -> Variation:
    """
    Whether *demand* or *capacity* varies more: one number each for the same periods, 4 or more.

    Both are people a period, such as the columns of a `balance`; counts, not hours.

    >>> variation_between([20, 40, 25, 35, 20, 40], [30, 31, 30, 29, 30, 30]).larger
    'demand'
    """
    return _between(demand, capacity, every, step, "capacity", pd.DataFrame())


def variation(log: EventLog, step: str | None = None) -> Variation:
    """
    The variation of demand and activity at *step* (or over the whole journey), from a log.

    By whole weeks (4 or more), Monday to Sunday. In a log, capacity shows only as
    activity: where nobody waits, that varies with demand. For a rota, give both to
    `variation_between`. A log of several runs is refused: their mean would hardly vary.

    >>> from flowlib.core import data
    >>> made = variation(data.journey(), "Ward")
    >>> made.days["what"].tolist()
    ['demand', 'activity']
    """
    runs = runs_in(log)
    checks.need(
        runs == 1,
        f"The log holds {runs} runs, and their mean varies less than any. Take one, with log.only(run=0).",
    )
    weeks = whole_periods(log, "week")
    joined, begun, _ = moments(log, step)
    by_week = {name: per_period(times, weeks, 1) for name, times in (("demand", joined), ("activity", begun))}
    checks.need(
        len(weeks) > FEWEST_PERIODS,
        f"The log covers {len(weeks) - 1} whole weeks; {FEWEST_PERIODS} are needed. Bring a longer log.",
    )
    rows = [_day_shares("demand", joined, weeks), _day_shares("activity", begun, weeks)]
    return _between(by_week["demand"], by_week["activity"], "week", step or WHOLE, "activity", pd.DataFrame(rows))


def days_explained(days: Iterable[float]) -> dict[str, float]:
    """
    The shares of the variation of *days* that weekday and week explain, and what is left over.

    *days* are people a day over whole weeks (2 or more), from any weekday. The three
    shares add up to 1; all are 0 where no day differs.

    >>> days_explained([5, 1, 1, 1, 1, 1, 1] * 3)["by_weekday"]
    1.0
    """
    numbers = _finite("Days", days)
    checks.need(
        numbers.size >= 2 * DAYS and numbers.size % DAYS == 0,
        f"Days must be those of 2 whole weeks or more; {numbers.size} came, and {DAYS} make a week.",
    )
    grid = numbers.reshape(-1, DAYS) - numbers.mean()
    total = float((grid**2).sum())
    weekday = float(len(grid) * (grid.mean(axis=0) ** 2).sum())
    week = float(DAYS * (grid.mean(axis=1) ** 2).sum())
    shares = np.array([weekday, week, total - weekday - week]) / (total or 1.0)
    made = dict(zip(("by_weekday", "by_week", "left_over"), np.clip(shares, 0, 1).tolist(), strict=True))
    return {**made, "weekday_by_chance": (DAYS - 1) / (numbers.size - 1)}


def _between(
    demand: Iterable[float], capacity: Iterable[float], every: str, step: str, second: str, days: pd.DataFrame
) -> Variation:
    asked, could = np.asarray(list(demand), dtype=float), np.asarray(list(capacity), dtype=float)
    one, two = _spread("Demand", asked), _spread(second.capitalize(), could)
    checks.need(
        one.periods == two.periods,
        f"Demand and {second} need the same {every}s; {one.periods} and {two.periods} numbers came. "
        "Give one number of each for every period.",
    )
    chance = _pairs_alike(asked / one.mean, could / two.mean)
    larger = "neither" if chance >= UNLIKELY else "demand" if one.cv > two.cv else second
    return Variation(step, every, one, two, second, larger, chance, days)


def _finite(name: str, numbers: Iterable[float]) -> Floats:
    values = np.asarray(list(numbers), dtype=float)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if wrong.size:
        place = int(wrong[0])
        raise checks.Refusal(
            f"{name} must be 0 or more in every period; {values[place]:g} came at place {place + 1}. "
            "Put the missing number in, or leave that period out."
        )
    return values


def _spread(name: str, numbers: Iterable[float]) -> Spread:
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    values = _finite(name, numbers)
    checks.need(
        values.size >= FEWEST_PERIODS,
        f"{name} must cover {FEWEST_PERIODS} periods or more; {values.size} came. Bring more of them.",
    )
    mean, variance = float(values.mean()), float(values.var(ddof=1))
    checks.need(mean > 0, f"{name} must be above 0 in some period; every number is 0. Choose another step or time.")
    freedom = values.size - 1
    statistic = variance / mean * freedom
    chance = min(2 * float(min(stats.chi2.cdf(statistic, freedom), stats.chi2.sf(statistic, freedom))), 1.0)
    return Spread(values.size, mean, float(np.sqrt(variance)) / mean, variance / mean, chance)


def _pairs_alike(first: Floats, second: Floats) -> float:
    """The chance of two variances so different in pairs that vary alike (Pitman and Morgan)."""
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    together, apart = first + second, first - second
    if np.ptp(together) <= np.finfo(float).eps * first.size or np.ptp(apart) <= np.finfo(float).eps * first.size:
        return 1.0  # they vary by just as much
    return float(stats.pearsonr(together, apart).pvalue)


def _day_shares(what: str, times: pd.Series, weeks: pd.DatetimeIndex) -> dict[str, object]:
    """What weekday, week and hour of the day explain of the variation of days, and of hours."""
    days = pd.date_range(weeks[0], weeks[-1], freq="D")
    hours = pd.date_range(weeks[0], weeks[-1], freq="h")
    label = hour_or_weekday(pd.Series(hours[:-1]), "hour").to_numpy()
    return {
        "what": what,
        **days_explained(per_period(times, days, 1)),
        "by_hour": _explained(per_period(times, hours, 1).astype(float), label),
        "hour_by_chance": (DAY - 1) / (len(label) - 1),
    }


def _explained(numbers: Floats, label: NDArray[Any]) -> float:
    """The share of the variation that the labels explain: between their means, over all."""
    off = numbers - numbers.mean()
    total = float((off**2).sum())
    means = pd.Series(off).groupby(label).transform("mean").to_numpy()
    return float((means**2).sum()) / total if total else 0.0
