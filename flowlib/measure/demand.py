"""
How much is asked of us, how much can we do, how much did we do, and how much is left waiting?

Demand, capacity, activity and queue on one basis: the same step, the same unit
(people), the same period (NHS Modernisation Agency, Improvement Leaders' Guide to
measuring demand and capacity). Also the rhythm of the day and week, and the share of
demand that need not have come (J. Seddon, failure demand).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, known_of
from flowlib.mapping.lengths import hours_covered, runs_in
from flowlib.measure.balance import WHOLE, Balance, CountedBalance, balance
from flowlib.measure.failure import FailureDemand, FailureShare, failure_demand, failure_share, sample_needed
from flowlib.measure.moments import (
    PERIODS,
    RHYTHMS,
    WEEKDAYS,
    clock,
    hour_or_weekday,
    moments,
    per_period,
    rows_at,
    whole_periods,
)
from flowlib.measure.percentiles import Percentiles, capacity_at_percentile, percentiles

if TYPE_CHECKING:
    from flowlib.core.eventlog import EventLog

__all__ = [
    "WEEKDAYS",
    "WHOLE",
    "Balance",
    "CountedBalance",
    "FailureDemand",
    "FailureShare",
    "Percentiles",
    "Series",
    "balance",
    "busiest",
    "capacity_at_percentile",
    "dcaq",
    "failure_demand",
    "failure_share",
    "percentiles",
    "rhythm",
    "rhythm_shown",
    "sample_needed",
    "series",
]

MEASURES = {"mean_hours": "mean", "median_hours": "median"}
TIMES_OVER = "times over"  # how often each hour or weekday of real people was observed, beside their rhythm
ENOUGH_POINTS = 12  # fewer make trial limits only
MOST_PERIODS = 0.8  # share of periods with enough people, for a chart of them
STILL_OPEN = 0.05  # share of a period's people still waiting, above which its mean would flatter


@dataclass(frozen=True)
class Series:
    """One number a period, ready for a chart."""

    what: str  # in words, with its unit
    every: str
    table: pd.DataFrame  # x (the period's first day), value, people
    left_out: int  # periods with too few people to show
    unfinished: int = 0  # periods left out because many who joined in them are not through yet


def dcaq(log: EventLog, step: str | None = None, *, every: str = "week", capacity: float | None = None) -> Balance:
    """
    Demand, capacity, activity and queue at *step*, or of the whole journey.

    Demand is people who join, activity people who begin (for the whole journey, and
    where beginnings are not recorded: who end). *capacity* is people a period; without
    it, the median activity of periods with a queue at both ends, or missing where
    there is none. Only whole periods count. The runs of a simulation are averaged.
    """
    checks.choice("period", every, PERIODS)
    edges = whole_periods(log, every)
    joined, begun, away = moments(log, step)
    came, done, lost = (per_period(times, edges, runs_in(log)) for times in (joined, begun, away))
    before = [int((times.dropna() < edges[0]).sum()) / runs_in(log) for times in (joined, begun, away)]
    start = before[0] - before[1] - before[2]
    queue = np.cumsum(came - done - lost) + (int(start) if runs_in(log) == 1 else start)
    source = "as given"
    if capacity is None:
        at_first = np.append(start, queue[:-1])
        busy = done[(at_first > 0) & (queue > 0)] if step is not None else np.empty(0)
        capacity = float(np.median(busy)) if len(busy) else np.nan
        source = f"what was done in {every}s that began and ended with a queue" if len(busy) else "not known"
    else:
        capacity = checks.at_least("capacity", capacity, 0, f"people a {every}")
    made = {"period": edges[:-1], "demand": came, "capacity": capacity, "activity": done, "turned_away": lost}
    return Balance(step or WHOLE, every, pd.DataFrame({**made, "queue": queue}), source, log.synthetic)


def rhythm(log: EventLog, step: str | None = None, *, by: str = "hour") -> pd.DataFrame:
    """
    People who come, begin and wait at each hour of the day, or on each weekday, on an average day.

    Columns: `hour` or `weekday` (0 is Monday), `arrivals`, `starts` and `waiting`
    (people, mean over the time observed; *starts* and *waiting* are missing where
    they are not known). Of real people the exact numbers are here, for sums; `rhythm_shown`
    gives them as they may be shown.
    """
    checks.choice("rhythm", by, RHYTHMS)
    if step is None:
        joined, begun = log.visits.drop_duplicates(log.keys)["at"], pd.Series([], dtype=log.visits["at"].dtype)
    else:
        rows = rows_at(log, step)
        joined, begun = rows["at"], rows["started"]
    made = pd.DataFrame({by: range(RHYTHMS[by])})
    times_over = hours_covered(log, by).to_numpy() / (1 if by == "hour" else 24)
    for name, times in (("arrivals", joined), ("starts", begun)):
        counts = (
            hour_or_weekday(times[times >= log.observed[0]], by)
            .value_counts()
            .reindex(made[by], fill_value=0)
            .to_numpy()
        )
        made[name] = counts / np.where(times_over > 0, times_over, np.nan) if times.notna().any() else np.nan
    made["waiting"] = np.nan
    if step is not None and begun.notna().any():
        census = log.census("1h")
        census = census[census["step"] == step]
        made["waiting"] = (
            census.groupby(hour_or_weekday(census["at"], by))["waiting"].mean().reindex(made[by]).to_numpy()
        )
    if not log.synthetic:
        made.attrs[TIMES_OVER] = times_over.tolist()
    return made


def rhythm_shown(table: pd.DataFrame) -> pd.DataFrame:
    """
    A `rhythm` as it may be shown: of real people, means of counts to the nearest 5, and missing where those are 1 to 7.

    A mean times the days tells the count behind it, so both are rounded alike.

    >>> from flowlib.core import data
    >>> made = rhythm(data.journey(), "Ward")
    >>> rhythm_shown(made).equals(made)  # nobody in it is real
    True
    """
    times_over = table.attrs.get(TIMES_OVER)
    if times_over is None:
        return table
    times, made = np.asarray(times_over, dtype=float), table.copy()
    made.attrs = {}
    for column in ("arrivals", "starts"):
        counts = table[column].to_numpy(dtype=float) * times
        made[column] = [
            np.nan if np.isnan(n) or not t else known_of(round(n)) / t for n, t in zip(counts, times, strict=True)
        ]
    made["waiting"] = table["waiting"].where(made["arrivals"].notna() & made["starts"].notna())
    return made


def busiest(table: pd.DataFrame) -> str:
    """
    The busiest time of a `rhythm`, in words.

    >>> busiest(pd.DataFrame({"hour": [9, 10], "arrivals": [4.0, 6.0]}))
    '10am to 11am'
    """
    by = "hour" if "hour" in table else "weekday"
    table = rhythm_shown(table)
    checks.need(
        (table["arrivals"] > 0).any(), f"Fewer than {FEWEST} people came at any {by}, so none is named as the busiest."
    )
    top = int(table.loc[table["arrivals"].idxmax(), by])
    return WEEKDAYS[top] if by == "weekday" else f"{clock(top)} to {clock(top + 1)}"


def series(log: EventLog, step: str | None = None, *, of: str = "mean_hours", every: str | None = None) -> Series:
    """
    The wait at *step* (or the length of the whole journey) by period of joining, for a chart over time.

    Without *every*, by week, or by month where most weeks have fewer than 8 people;
    days differ too much by weekday. Periods with fewer are left out and counted. So are
    those of which more than 1 person in 20 is not through yet: the longest would be
    missing, and the chart would end on a false improvement.
    """
    checks.choice("measure", of, MEASURES)
    if step is None:
        whole = log.journeys()
        at, hours, still = whole["arrived"], whole["hours"].where(~whole["still_here"]), whole["still_here"]
        what = f"{MEASURES[of]} length of the journey, hours"
    else:
        rows = rows_at(log, step)
        at, hours, still = rows["at"], rows["wait_hours"], rows["waiting"]
        what = f"{MEASURES[of]} wait for {step}, hours"
    known = (hours.notna() | still) & (at >= log.observed[0])
    checks.need(hours[known].notna().any(), f"No wait is recorded at {step or WHOLE}, so there is nothing to plot.")
    for period in [every] if every is not None else ["week", "month"]:
        checks.choice("period", period, PERIODS)
        label = at[known].dt.tz_localize(None).dt.to_period(PERIODS[period]).dt.start_time.rename("x")
        grouped = hours[known].groupby(label)
        table = grouped.agg(value=MEASURES[of], people="count").reset_index()
        enough = table["people"] >= FEWEST
        settled = still[known].groupby(label).mean().to_numpy() <= STILL_OPEN
        if enough.mean() >= MOST_PERIODS and (enough & settled).sum() >= ENOUGH_POINTS:
            break
    shown = table[enough & settled].reset_index(drop=True)
    return Series(what, period, shown, int((~enough).sum()), int((enough & ~settled).sum()))
