"""
How much is asked of us, how much can we do, how much did we do, and how much is left waiting?

Demand, capacity, activity and queue on one basis: the same step, the same unit
(people), the same period (NHS Modernisation Agency, Improvement Leaders' Guide to
measuring demand and capacity). Also the rhythm of the day and week, and the share of
demand that need not have come (J. Seddon, failure demand).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, HIDDEN, rounded, suppress
from flowlib.mapping.lengths import hours_covered, runs_in
from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = [
    "WHOLE",
    "Balance",
    "FailureDemand",
    "Series",
    "busiest",
    "capacity_at_percentile",
    "dcaq",
    "failure_demand",
    "rhythm",
    "series",
]

WHOLE = "the whole journey"
PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}
RHYTHMS = {"hour": 24, "weekday": 7}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MEASURES = {"mean_hours": "mean", "median_hours": "median"}
ENOUGH_POINTS = 12  # fewer make trial limits only
MOST_PERIODS = 0.8  # share of periods with enough people, for a chart of them
STILL_OPEN = 0.05  # share of a period's people still waiting, above which its mean would flatter
PART = 0.05  # share of a period that a log may miss at its ends, and still hold the period
ROUNDING = 1e-9


@dataclass(frozen=True)
class Balance:
    """Demand, capacity, activity and queue at one step, period by period."""

    step: str
    every: str  # "day", "week" or "month"
    table: pd.DataFrame  # period, demand, capacity, activity, turned_away, queue (at the period's end); people
    capacity_from: str  # where the capacity comes from, in words
    synthetic: bool

    def sentence(self) -> str:
        """What the four numbers say together."""
        mean = self.table[["demand", "activity"]].mean()
        first, last = self.table["queue"].iloc[0], self.table["queue"].iloc[-1]
        gap = mean["demand"] - mean["activity"]
        where = "Over" if self.step == WHOLE else "At"
        head = (
            f"{where} {self.step}, {mean['demand']:.0f} people came in an average {self.every} "
            f"and {mean['activity']:.0f} were seen to."
        )
        away = self.table["turned_away"].mean()
        if away >= 1:
            return f"{head} About {away:.0f} a {self.every} were turned away."
        if abs(gap) * len(self.table) < max(0.1 * mean["demand"], 1):
            return f"{head} The two are in balance."
        what = "number on the way" if self.step == WHOLE else "queue"
        if max(first, last) < FEWEST:
            return f"{head} The {what} is fewer than {FEWEST} people."
        queue = " to ".join(
            rounded(n, synthetic=self.synthetic).replace(HIDDEN, f"fewer than {FEWEST}") for n in (first, last)
        )
        return f"{head} The {what} went from {queue} people."

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown."""
        made = self.table.assign(period=[day(moment) for moment in self.table["period"]])
        counts = ["demand", "capacity", "activity", "turned_away", "queue"]
        return suppress(made, counts=counts, synthetic=self.synthetic)


@dataclass(frozen=True)
class FailureDemand:
    """The share of demand that came because something was not done, or not done right."""

    share: float  # 0 to 1
    lower_95_ci: float
    upper_95_ci: float
    seen: int  # contacts classified


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
    edges = _edges(log, every)
    joined, begun, away = _moments(log, step)
    came, done, lost = (_per_period(times, edges, runs_in(log)) for times in (joined, begun, away))
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
    they are not known).
    """
    checks.choice("rhythm", by, RHYTHMS)
    if step is None:
        joined, begun = log.visits.drop_duplicates(log.keys)["at"], pd.Series([], dtype=log.visits["at"].dtype)
    else:
        rows = _rows(log, step)
        joined, begun = rows["at"], rows["started"]
    made = pd.DataFrame({by: range(RHYTHMS[by])})
    times_over = hours_covered(log, by).to_numpy() / (1 if by == "hour" else 24)
    for name, times in (("arrivals", joined), ("starts", begun)):
        counts = _label(times[times >= log.observed[0]], by).value_counts().reindex(made[by], fill_value=0).to_numpy()
        made[name] = counts / np.where(times_over > 0, times_over, np.nan) if times.notna().any() else np.nan
    made["waiting"] = np.nan
    if step is not None and begun.notna().any():
        census = log.census("1h")
        census = census[census["step"] == step]
        made["waiting"] = census.groupby(_label(census["at"], by))["waiting"].mean().reindex(made[by]).to_numpy()
    return made


def busiest(table: pd.DataFrame) -> str:
    """
    The busiest time of a `rhythm`, in words.

    >>> busiest(pd.DataFrame({"hour": [9, 10], "arrivals": [4.0, 6.0]}))
    '10am to 11am'
    """
    by = "hour" if "hour" in table else "weekday"
    top = int(table.loc[table["arrivals"].idxmax(), by])
    return WEEKDAYS[top] if by == "weekday" else f"{_clock(top)} to {_clock(top + 1)}"


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
        rows = _rows(log, step)
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


def capacity_at_percentile(demand: Sequence[float], p: float) -> float:
    """
    The smallest capacity that is enough in a share *p* (0 to 1) of periods.

    Demand is people (or hours) a period. The 65th percentile meets demand most of the
    time and the 85th allows for urgent work; neither is a law (NHS Interim Management
    and Support, capacity and demand tool).

    >>> capacity_at_percentile([8, 9, 10, 11, 15], 0.8)
    11.0
    """
    p = checks.share("p", p)
    values = np.asarray(list(demand), dtype=float)
    checks.need(values.size and np.isfinite(values).all(), "Demand needs at least one number, and none missing.")
    periods = max(math.ceil(p * values.size - ROUNDING), 1)  # so many have to be met
    return float(np.sort(values)[periods - 1])


def failure_demand(failures: int, seen: int) -> FailureDemand:
    """
    The share of *seen* contacts that were failure demand, with a 95% interval (Wilson's score).

    >>> round(failure_demand(15, 40).share, 3)
    0.375
    """
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    seen = checks.whole("seen", seen, 1)
    failures = checks.whole("failures", failures)
    checks.need(failures <= seen, f"Failures cannot be more than the contacts seen; {failures} of {seen} came.")
    interval = stats.binomtest(failures, seen).proportion_ci(0.95, method="wilson")
    return FailureDemand(failures / seen, float(interval.low), float(interval.high), seen)


def _clock(hour: int) -> str:
    hour %= 24
    return {0: "midnight", 12: "noon"}.get(hour, f"{(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'}")  # noqa: PLR2004


def _rows(log: EventLog, step: str) -> pd.DataFrame:
    return log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]


def _label(times: pd.Series, by: str) -> pd.Series:
    return times.dt.hour if by == "hour" else times.dt.day_of_week


def _moments(log: EventLog, step: str | None) -> tuple[pd.Series, pd.Series, pd.Series]:
    """When people joined, began (or ended, where beginnings are not recorded) and were lost to the queue."""
    if step is None:
        whole = log.journeys()
        return whole["arrived"], whole["ended"].where(~whole["still_here"]), pd.Series([], dtype=whole["arrived"].dtype)
    rows = _rows(log, step)
    here, gone = rows["outcome"] == "still_here", rows["outcome"].isin(["turned_away", "gave_up"])
    over = rows["left"].fillna(rows["finished"]).fillna(rows["until"]).where(~here)  # a blank beginning was before it
    begun = rows["started"].fillna(over) if rows["started"].notna().any() else rows["finished"].fillna(over)
    return rows["at"], begun.where(~gone), rows["left"].fillna(rows["until"])[gone]


def _edges(log: EventLog, every: str) -> pd.DatetimeIndex:
    """Where whole periods begin and end; one that lacks a twentieth at most is whole."""
    first, last = (moment.tz_localize(None) for moment in log.observed)
    begin = first.to_period(PERIODS[every]).start_time
    freq = {"day": "D", "week": "7D", "month": "MS"}[every]
    found = pd.date_range(begin, (last.to_period(PERIODS[every]) + 1).start_time, freq=freq)
    lengths = np.diff(found)
    from_place = int(first - found[0] > PART * lengths[0])
    to_place = len(found) - int(found[-1] - last > PART * lengths[-1])
    what = {"day": "day", "week": "week, Monday to Sunday", "month": "month"}[every]
    checks.need(
        to_place - from_place > 1,
        f"The log covers no whole {what}. Choose a shorter period, or bring a longer log.",
    )
    return found[from_place:to_place].tz_localize(log.observed[0].tz, nonexistent="shift_forward", ambiguous=True)


def _per_period(times: pd.Series, edges: pd.DatetimeIndex, runs: int) -> NDArray[Any]:
    stamps = times.dropna().dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    bounds = edges.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    counts: NDArray[np.int64] = np.diff(np.searchsorted(np.sort(stamps), bounds, side="left"))
    return counts if runs == 1 else counts / runs
