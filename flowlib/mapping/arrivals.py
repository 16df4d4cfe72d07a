"""
How many people come, where to, and at which hours of the week?

The rate of each stream (a step and a kind of person) has the exact interval of a Poisson
count (F. Garwood, Biometrika 28, 1936), widened where days differ by more than chance
makes (P. McCullagh and J. Nelder, "Generalized Linear Models", 1989, section 6.2.3).

The pattern is found from coarse to fine: all hours alike, by hour of the day, times a
factor for the weekday, times one for each hour of the week. Each is taken on only
where counts differ by more than chance makes, and then shrunk towards the coarser one, the
more so the fewer the people (gamma-Poisson: D. Clayton and J. Kaldor, Biometrics 43,
1987). Rates are people an hour; hours of the week run from 0, Monday 00:00, to 167.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.pathway import Arrivals
from flowlib.mapping.intervals import CONFIDENCE
from flowlib.mapping.lengths import QUARTER_HOUR, runs_in
from flowlib.mapping.visit_rows import DAY, WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.visit_rows import VisitRows

    Floats = NDArray[np.float64]

__all__ = ["Streams", "arrivals", "poisson_interval", "week_covered"]

CHANCE = 0.01  # a pattern is taken on where so few of patternless streams would show it
BURSTS = 0.01  # the same for days that differ by more than people who come one by one make them
FEWEST_TO_TELL = 50  # people; of fewer nothing is said of hours
FLAT, BY_DAY, BY_WEEK = "the same at all hours", "by hour of the day", "by hour of the week"


@dataclass(frozen=True)
class Streams:
    """Who comes where, how often and when."""

    streams: tuple[Arrivals, ...]
    table: pd.DataFrame  # step, group, people, per_day, lower_95_ci, upper_95_ci (people a day), pattern, bursts
    hours: pd.DataFrame  # step, group, hour (of the week), covered (hours), people, per_hour as seen, the 95% interval
    # of that, and modelled_per_hour


def arrivals(log: EventLog, rows: VisitRows, names: list[str]) -> Streams:
    """
    People who come from outside to the steps in *names* while *log* is kept; *rows* are its visits.

    >>> from flowlib.core import data
    >>> from flowlib.mapping.visit_rows import visit_rows
    >>> log = data.journey()
    >>> made = arrivals(log, visit_rows(log), ["Ambulance"])
    >>> made.table["pattern"][0], float(made.table["per_day"][0].round(1))
    ('the same at all hours', 14.0)
    """
    kept = np.asarray([rows.names.index(name) for name in names])
    came = rows.at
    new = np.isin(rows.step, kept) & ~np.isin(rows.came_from, kept) & (came >= 0)
    covered = week_covered(log)
    streams, table, hours = [], [], []
    clock = rows.clock
    for step in kept:
        for group in range(len(rows.groups)):
            mine = new & (rows.step == step) & (rows.group == group)
            if not mine.any():
                continue
            counts = np.bincount(clock[mine].astype(np.int64), minlength=WEEK).astype(float)
            rates, pattern = _pattern(counts, covered)
            name, whose = rows.names[step], rows.groups[group]
            bursts = _bursts(rows, came[mine], rates, runs_in(log))
            low, high = poisson_interval(float(counts.sum()), bursts)
            scale = float(rates.mean()) * DAY / counts.sum()
            table.append(
                (name, whose, int(counts.sum()), rates.mean() * DAY, low * scale, high * scale, pattern, bursts)
            )
            streams.append(Arrivals(name, whose, per_hour=_shortest(rates)))
            hours.append(_by_hour(name, whose, counts, covered, rates))
    columns = ["step", "group", "people", "per_day", "lower_95_ci", "upper_95_ci", "pattern", "bursts"]
    every = pd.concat(hours, ignore_index=True) if hours else pd.DataFrame()
    return Streams(tuple(streams), pd.DataFrame(table, columns=columns), every)


def week_covered(log: EventLog) -> Floats:
    """How many hours *log* covers of each hour of the week, over all its runs; 168 numbers."""
    first, last = (moment.tz_convert("UTC") for moment in log.observed)
    edges = pd.date_range(first.floor(QUARTER_HOUR), last.ceil(QUARTER_HOUR), freq=QUARTER_HOUR)
    length = (edges.to_series().clip(first, last).diff().iloc[1:] / pd.Timedelta(hours=1)).to_numpy()
    local = edges[:-1].tz_convert(log.observed[0].tz)
    hours = np.bincount(local.day_of_week * DAY + local.hour, weights=length, minlength=WEEK)
    return np.asarray(hours * runs_in(log), dtype=np.float64)


def poisson_interval(count: float, bursts: float = 1.0) -> tuple[float, float]:
    """
    The 95% interval of the number to be expected, where *count* came, in bursts of so many on average.

    >>> [round(end, 2) for end in poisson_interval(10)]
    [4.8, 18.39]
    """
    from scipy.stats import chi2  # noqa: PLC0415 - heavy, so only when used

    tail, groups = (1 - CONFIDENCE) / 2, count / bursts
    low = float(chi2.ppf(tail, 2 * groups)) / 2 if count else 0.0
    return low * bursts, float(chi2.isf(tail, 2 * groups + 2)) / 2 * bursts


def _pattern(counts: Floats, covered: Floats) -> tuple[Floats, str]:
    """Rates by hour of the week, and which pattern they follow; together they make the people who came."""
    total, every = counts.sum(), covered.sum()
    if total < FEWEST_TO_TELL:
        return np.full(WEEK, total / every), FLAT
    hour, day = np.arange(WEEK) % DAY, np.arange(WEEK) // DAY
    rates = np.full(WEEK, total / every)
    by_hour = _factors(counts, rates * covered, hour)
    rates = rates * by_hour[hour]
    by_weekday = _factors(counts, rates * covered, day)
    rates = rates * by_weekday[day]
    fine = _factors(counts, rates * covered, np.arange(WEEK))
    rates = rates * fine
    daily = bool((by_hour != 1).any())
    weekly = bool((by_weekday != 1).any() or (fine != 1).any())
    rates *= total / (rates @ covered)
    return rates, BY_WEEK if weekly else BY_DAY if daily else FLAT


def _factors(counts: Floats, expected: Floats, cell: NDArray[np.int64]) -> Floats:
    """How many times as many came to each cell as expected, shrunk towards 1; all 1 where chance alone explains it."""
    from scipy.stats import chi2  # noqa: PLC0415

    came, due = np.bincount(cell, weights=counts), np.bincount(cell, weights=expected)
    made = np.ones(len(came))
    # Nobody came where so many were due that chance leaves not one of these cells empty: those hours are closed.
    closed = (came == 0) & (due >= math.log(len(came) / CHANCE))
    made[closed] = 0.0
    some = ~closed & (due > 0)
    if closed.any():
        due = due * came.sum() / due[some].sum()
        made[some] = came.sum() / expected.sum()
    off = (came - due)[some]
    if some.sum() < 2 or float((off**2 / due[some]).sum()) <= chi2.isf(CHANCE, int(some.sum()) - 1):  # noqa: PLR2004
        return made
    spread = max(float((off**2 - due[some]).sum() / (due[some] ** 2).sum()), 0.0)  # variance of the true factors
    made[some] *= (came[some] * spread + 1) / (due[some] * spread + 1)
    return made


def _bursts(rows: VisitRows, came_at: Floats, rates: Floats, runs: int) -> float:
    """Variance over mean of the people of a day, given the pattern; 1 where chance alone may explain it."""
    from scipy.stats import chi2  # noqa: PLC0415

    hours = np.arange(int(rows.until // DAY) * DAY)
    if len(hours) < WEEK or runs > 1:  # less than a week says too little of how days differ
        return 1.0
    expected = np.bincount(hours // DAY, weights=rates[rows.week_hour(hours.astype(np.float64)).astype(np.int64)])
    came = np.bincount((came_at // DAY).astype(np.int64), minlength=len(expected))[: len(expected)]
    some = expected > 1
    statistic, free = float(((came - expected)[some] ** 2 / expected[some]).sum()), int(some.sum()) - 1
    if free < 1 or statistic <= chi2.isf(BURSTS, free):
        return 1.0
    return statistic / free


def _shortest(rates: Floats) -> float | tuple[float, ...]:
    """One rate, 24 or 168, as few as say the same."""
    week = rates.reshape(-1, DAY)
    if not np.allclose(week, week[0], rtol=1e-9):
        return tuple(rates.tolist())
    return float(week[0, 0]) if np.allclose(week[0], week[0, 0], rtol=1e-9) else tuple(week[0].tolist())


def _by_hour(name: str, group: str, counts: Floats, covered: Floats, rates: Floats) -> pd.DataFrame:
    ends = {count: poisson_interval(count) for count in np.unique(counts)}
    low, high = np.asarray([ends[count] for count in counts]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        per = np.where(covered > 0, 1 / covered, np.nan)
    made = pd.DataFrame({"step": name, "group": group, "hour": np.arange(WEEK), "covered": covered})
    made["people"] = counts.astype(int)
    made["per_hour"], made["lower_95_ci"], made["upper_95_ci"] = counts * per, low * per, high * per
    return made.assign(modelled_per_hour=rates)
