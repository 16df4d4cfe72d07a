"""
We chose the worst wards, and they got better. Would they have done so anyway?

The worst of a first period are partly worse wards, and partly wards with bad luck. Luck
does not come back, so in a second period they are nearer the others, though nobody did
anything: regression to the mean. `regression_to_the_mean` shows it by simulation.
`expected_by_chance` says how much of it to expect in a table of your own.

In symbols: each unit has a level of its own, and each period adds chance to it; r is the
correlation of the two periods, the share of the variance that lies between units. The
chosen are expected to come back by (1 - r) × (their mean - the mean of all).

Sources: Bland and Altman (1994), Statistics notes: Some examples of regression towards the
mean, BMJ 309: 780; Barnett, van der Pols and Dobson (2005), Regression to the mean: what it
is and how to deal with it, International Journal of Epidemiology 34: 215-220.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import special

from flowlib.change.effect.estimate import need_usual_size, told
from flowlib.core import checks
from flowlib.measure.spc_series import read_series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["ByChance", "RegressionToTheMean", "expected_by_chance", "regression_to_the_mean"]

FEWEST_RUNS = 100
FEWEST_OTHERS = 8  # units not chosen: two numbers of a line are drawn from them, and its scatter
TAIL = 0.025  # of a 95% interval, on either side
_STEP = 0.01  # of the grid for a mean of normal values: exact to rounding, since the curve dies out at both ends
_GRID = np.arange(-900, 901) * _STEP


@dataclass(frozen=True)
class RegressionToTheMean:
    """What becomes of the chosen with nothing done; all but shares in the unit of the measure."""

    units: int
    how_many: int  # chosen
    chosen: str  # "worst" or "best"
    improvement: str
    correlation: float  # of the two periods, 0 to 1
    first: float  # mean of the chosen in the period in which they were chosen, over all runs
    second: float  # their mean in the next
    expected: float  # change by the formula, (1 - r) × (mean of all - mean of the chosen)
    low: float  # 95 in 100 of runs have a change from here
    high: float  # to here
    share_better: float  # of runs in which the chosen got better, 0 to 1

    @property
    def change(self) -> float:
        """Mean change of the chosen from the first period to the second; below 0 is a fall."""
        return self.second - self.first

    def sentence(self, things: str = "units", unit: str = "") -> str:
        """
        What happened, in plain words; *things* are the units ("wards"), *unit* follows numbers.

        >>> found = regression_to_the_mean(mean=10, sd=3, between_sd=2, units=20, how_many=5)
        >>> found.sentence("wards", "hours")  # doctest: +ELLIPSIS
        'Nothing was done, and the 5 worst wards fell by ... hours on average. They got better in ... of 100 tries.'
        """
        way = "fell" if self.change < 0 else "rose"
        better = "better" if self.chosen == "worst" else "worse"
        often = self.share_better if self.chosen == "worst" else 1 - self.share_better
        return (
            f"Nothing was done, and the {self.how_many} {self.chosen} {things} {way} by "
            f"{told(abs(self.change), unit)} on average. They got {better} in {100 * often:.0f} of 100 tries."
        )


@dataclass(frozen=True)
class ByChance:
    """How much of the change among the chosen is to be expected without any action; in the measure's unit."""

    chosen: tuple[str, ...]  # the worst of the first period, worst first
    others: int  # units not chosen, from which the expectation comes
    before: float  # mean of the chosen
    after: float
    expected: float  # change to expect without action; below 0 is a fall
    low: float  # its 95% interval, chance in the chosen themselves included
    high: float
    improvement: str

    @property
    def change(self) -> float:
        """Mean change of the chosen; below 0 is a fall."""
        return self.after - self.before

    @property
    def beyond_chance(self) -> bool:
        """Whether the chosen improved by more than the interval allows."""
        return self.change < self.low if self.improvement == "down" else self.change > self.high

    def sentence(self, things: str = "units", unit: str = "") -> str:
        """What the chosen did, what to expect without action, and what that leaves."""
        verdict = (
            "They improved by more than chance alone explains."
            if self.beyond_chance
            else "So chance alone may explain what they did."
        )
        way = "fell" if self.change < 0 else "rose"
        return (
            f"The {len(self.chosen)} worst {things} {way} by {told(abs(self.change), unit)} on average. "
            f"With nothing done, expect {_move(self.expected, unit)}. "
            f"It may be anything from {_move(self.low, unit)} to {_move(self.high, unit)}. {verdict}"
        )


def regression_to_the_mean(
    series: Iterable[object] | None = None,
    *,
    mean: float | None = None,
    sd: float | None = None,
    between_sd: float = 0.0,
    units: int,
    how_many: int,
    chosen: Literal["worst", "best"] = "worst",
    improvement: Literal["up", "down"] = "down",
    runs: int = 2000,
    seed: int = 0,
) -> RegressionToTheMean:
    """
    Choose the worst of so many *units* in a first period, do nothing, and look again.

    *mean* is that of all units, *sd* the standard deviation of one unit from period to
    period, above 0, and *between_sd* that of the units' own levels: 0 where all are
    alike and only chance differs. A *series* of one unit gives mean and sd in their
    place. *how_many* are chosen, fewer than *units*; *runs* are 100 or more.

    Assumed: levels and chance are normal, each unit varies as much, and periods are
    independent of each other but for the unit's level.

    Where all are alike, all of it comes back: the worst fall to the mean of all.

    >>> found = regression_to_the_mean(mean=100, sd=10, units=20, how_many=5)
    >>> found.correlation, round(found.expected, 1), abs(found.second - 100) < 0.5
    (0.0, -12.1, True)
    """
    checks.choice("direction of improvement", improvement, ["up", "down"])
    checks.choice("choice of units", chosen, ["worst", "best"])
    centre, within = _level(series, mean, sd)
    between = checks.at_least("between_sd", between_sd, 0)
    units = checks.whole("units", units, 2)
    how_many = checks.whole("how_many", how_many, 1)
    checks.need(how_many < units, f"Choose fewer than all: how_many is {how_many}, and there are {units} units.")
    rng = np.random.default_rng(checks.whole("seed", seed))
    size = (checks.whole("runs", runs, FEWEST_RUNS), units)
    high = 1 if (improvement == "down") == (chosen == "worst") else -1  # 1: the chosen are the highest
    levels = centre + between * rng.standard_normal(size)
    first, second = (levels + within * rng.standard_normal(size) for _ in range(2))
    places = np.argsort(-high * first, axis=1, kind="stable")[:, :how_many]
    was, became = (np.take_along_axis(period, places, axis=1).mean(axis=1) for period in (first, second))
    r = between**2 / (between**2 + within**2)
    low, up = np.quantile(became - was, [TAIL, 1 - TAIL])
    return RegressionToTheMean(
        units=units,
        how_many=how_many,
        chosen=chosen,
        improvement=improvement,
        correlation=r,
        first=float(was.mean()),
        second=float(became.mean()),
        expected=-high * (1 - r) * math.hypot(between, within) * _mean_of_highest(units, how_many),
        low=float(low),
        high=float(up),
        share_better=float(((became < was) if improvement == "down" else (became > was)).mean()),
    )


def expected_by_chance(
    before: pd.Series | Iterable[object],
    after: pd.Series | Iterable[object],
    *,
    how_many: int,
    improvement: Literal["up", "down"] = "down",
) -> ByChance:
    """
    How much the *how_many* worst units of a table would have changed with nothing done.

    *before* and *after* are one number a unit: two Series whose index names the units, or
    two lists in the same order. Something was done in the units that were worst *before*,
    and in no others. Ties at the edge go to the unit that stands first.

    The other units, at least 8, say what to expect: the line of their *after* on their
    *before* is carried on to the chosen. Its slope is r, and it also holds what changed
    everywhere. The interval is the 95% prediction interval of a mean of so many new
    points (N. Draper and H. Smith, Applied Regression Analysis, 3rd edition, section 3.1).

    Assumed: units were chosen by *before* alone; the line holds for the chosen as well,
    which lie beyond the others; scatter about it is normal and the same everywhere; and
    nothing was done elsewhere.

    >>> before = [12, 9, 11, 8, 10, 13, 9, 11, 18, 17]
    >>> after = [11, 10, 11, 9, 10, 12, 10, 10, 13, 14]
    >>> found = expected_by_chance(before, after, how_many=2)
    >>> found.chosen, found.change, round(found.expected, 1), found.beyond_chance
    (('unit 9', 'unit 10'), -4.0, -3.6, False)
    """
    checks.choice("direction of improvement", improvement, ["up", "down"])
    names, first, second = _table(before, after)
    how_many = checks.whole("how_many", how_many, 1)
    others = len(names) - how_many
    checks.need(
        others >= FEWEST_OTHERS,
        f"At least {FEWEST_OTHERS} units must be left that were not chosen; {max(others, 0)} are. "
        "Choose fewer, or add units.",
    )
    order = np.argsort(-first if improvement == "down" else first, kind="stable")
    worst, rest = order[:how_many], order[how_many:]
    expected, half = _carried_on(first[rest], second[rest], float(first[worst].mean()), how_many)
    was = float(first[worst].mean())
    return ByChance(
        chosen=tuple(names[place] for place in worst),
        others=others,
        before=was,
        after=float(second[worst].mean()),
        expected=expected - was,
        low=expected - half - was,
        high=expected + half - was,
        improvement=improvement,
    )


def _move(change: float, unit: str) -> str:
    return f"a {'fall' if change < 0 else 'rise'} of {told(abs(change), unit)}"


def _level(series: Iterable[object] | None, mean: object, sd: object) -> tuple[float, float]:
    """Mean of all units, and standard deviation of one from period to period."""
    if series is None:
        checks.need(mean is not None and sd is not None, "Give mean and sd, or a series to take them from.")
        return checks.finite("mean", mean), checks.positive("sd", sd)
    checks.need(mean is None and sd is None, "Give mean and sd, or a series to take them from, not both.")
    y = read_series(series, None).y
    spread = float(y.std(ddof=1))
    checks.need(spread > 0, "The series never varies, so nothing comes back to the mean. Check the numbers.")
    return float(y.mean()), spread


def _mean_of_highest(units: int, how_many: int) -> float:
    """
    Mean of the highest so many of independent standard normal values.

    Each value counts where fewer than *how_many* of the others are higher.
    """
    density = np.exp(-(_GRID**2) / 2) / math.sqrt(2 * math.pi)
    among = special.bdtr(how_many - 1, units - 1, special.ndtr(-_GRID))
    return float(units / how_many * _STEP * (_GRID * density * among).sum())


def _table(before: object, after: object) -> tuple[list[str], Floats, Floats]:
    """Names of the units, and their two numbers."""
    if isinstance(before, pd.Series) and isinstance(after, pd.Series):
        twice = before.index[before.index.duplicated()].union(after.index[after.index.duplicated()])
        checks.need(twice.empty, f"Each unit must stand in the table once; {checks.listed(map(str, twice))} did not.")
        apart = before.index.symmetric_difference(after.index)
        checks.need(apart.empty, f"Units must be in both periods; {checks.listed(map(str, apart))} are in one only.")
        after = after.reindex(before.index)
        names = [str(name) for name in before.index]
    else:
        names = []
    first, second = (_period(name, values) for name, values in (("before", before), ("after", after)))
    checks.need(
        first.size == second.size,
        f"Each unit needs a number before and one after; {first.size} and {second.size} came.",
    )
    return names or [f"unit {place + 1}" for place in range(first.size)], first, second


def _period(name: str, values: object) -> Floats:
    """The numbers of one period."""
    if not isinstance(values, Iterable):
        raise checks.Refusal(f"{name} must be numbers, one a unit; {checks.brief(values)} came.")
    numbers = read_series(list(values), None).y
    need_usual_size(numbers)
    return numbers


def _carried_on(x: Floats, y: Floats, at: float, of: int) -> tuple[float, float]:
    """The line of y on x at *at*, and half the 95% prediction interval of a mean of *of* points there."""
    away = x - x.mean()
    spread = float((away**2).sum())
    checks.need(spread > 0, "The units that were not chosen are all the same before, so no line can be drawn.")
    slope = float((away * y).sum()) / spread
    freedom = x.size - 2
    scatter = float(((y - y.mean() - slope * away) ** 2).sum()) / freedom
    error = math.sqrt(scatter * (1 / of + 1 / x.size + (at - x.mean()) ** 2 / spread))
    return float(y.mean() + slope * (at - x.mean())), float(special.stdtrit(freedom, 1 - TAIL)) * error
