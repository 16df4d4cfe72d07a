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
from flowlib.core.privacy import FEWEST, HIDDEN, rounded, suppress

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        queue = " to ".join(
            rounded(n, synthetic=self.synthetic).replace(HIDDEN, f"fewer than {FEWEST}") for n in (first, last)
        )
        what = "number on the way" if self.step == WHOLE else "queue"
        return f"{head} The {what} went from {queue} people."

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown."""
        made = self.table.assign(period=self.table["period"].dt.strftime("%d %B %Y"))
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


def dcaq(log: EventLog, step: str | None = None, *, every: str = "week", capacity: float | None = None) -> Balance:
    """
    Demand, capacity, activity and queue at *step*, or of the whole journey.

    Demand is people who join, activity people who begin (for the whole journey, and
    where beginnings are not recorded: who end). *capacity* is people a period; without
    it, the median activity of periods with a queue at both ends, or missing where
    there is none. The last period is left out when the log ends inside it.
    """
    checks.choice("period", every, PERIODS)
    seen = log.visits
    if step is None:
        whole = log.journeys()
        joined, begun = whole["arrived"], whole["ended"].where(~whole["still_here"])
        away = pd.Series([], dtype=joined.dtype)
    else:
        rows = seen[seen["step"] == checks.choice("step", step, log.steps, where="in the log")]
        turned = rows["outcome"] == "turned_away"
        gone = turned | (rows["outcome"] == "gave_up")
        joined, away = rows["at"], rows.loc[gone, "left"].fillna(rows["at"])
        begun = rows["started"] if rows["started"].notna().any() else rows["finished"]
        begun = begun.where(~gone)
    edges = _edges(log, every)
    came, done, lost = (_per_period(times, edges) for times in (joined, begun, away))
    before = [int((times.dropna() < edges[0]).sum()) for times in (joined, begun, away)]
    queue = np.cumsum(came - done - lost) + before[0] - before[1] - before[2]
    table = pd.DataFrame(
        {
            "period": edges[:-1],
            "demand": came,
            "capacity": np.nan,
            "activity": done,
            "turned_away": lost,
            "queue": queue,
        }
    )
    source = "as given"
    if capacity is None:
        busy = done[1:][(queue[:-1] > 0) & (queue[1:] > 0)] if step is not None else np.empty(0)
        capacity = float(np.median(busy)) if len(busy) else np.nan
        source = f"what was done in {every}s that began and ended with a queue" if len(busy) else "not known"
    table["capacity"] = capacity
    return Balance(step or WHOLE, every, table, source, log.synthetic)


def rhythm(log: EventLog, step: str | None = None, *, by: str = "hour") -> pd.DataFrame:
    """
    People who come, begin and wait at each hour of the day, or on each weekday, on an average day.

    Columns: `hour` or `weekday` (0 is Monday), `arrivals`, `starts` and `waiting`
    (people, mean over the days observed; *waiting* is missing where it is not known).
    """
    checks.choice("rhythm", by, RHYTHMS)
    if step is None:
        joined, begun = log.journeys()["arrived"], pd.Series([], dtype=log.visits["at"].dtype)
    else:
        rows = log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]
        joined, begun = rows["at"], rows["started"]
    days = log.hours_observed / 24 / (7 if by == "weekday" else 1)
    made = pd.DataFrame({by: range(RHYTHMS[by])})
    for name, times in (("arrivals", joined), ("starts", begun)):
        label = times.dropna().dt.hour if by == "hour" else times.dropna().dt.weekday
        made[name] = label.value_counts().reindex(made[by], fill_value=0).to_numpy() / days
    made["waiting"] = np.nan
    if step is not None and begun.notna().any():
        census = log.census("1h")
        census = census[census["step"] == step]
        when = census["at"].dt.hour if by == "hour" else census["at"].dt.weekday
        made["waiting"] = census.groupby(when)["waiting"].mean().reindex(made[by]).to_numpy()
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

    Without *every*, the shortest of day, week and month in which nearly every period
    has 8 people or more. Periods with fewer are left out and counted.
    """
    checks.choice("measure", of, MEASURES)
    if step is None:
        whole = log.journeys()
        whole = whole[~whole["still_here"]]
        at, value, what = whole["arrived"], whole["hours"], f"{MEASURES[of]} length of the journey, hours"
    else:
        rows = log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]
        rows = rows[rows["wait_hours"].notna()]
        at, value, what = rows["at"], rows["wait_hours"], f"{MEASURES[of]} wait for {step}, hours"
    checks.need(len(value), f"No wait is recorded at {step or WHOLE}, so there is nothing to plot.")
    choices = [every] if every is not None else ["week", "month"]
    for period in choices:
        checks.choice("period", period, PERIODS)
        label = at.dt.tz_localize(None).dt.to_period(PERIODS[period]).dt.start_time
        table = value.groupby(label.rename("x")).agg([MEASURES[of], "size"]).reset_index()
        table.columns = pd.Index(["x", "value", "people"])
        enough = table["people"] >= FEWEST
        if enough.mean() >= 0.8 and enough.sum() >= ENOUGH_POINTS:  # noqa: PLR2004 - most periods
            break
    return Series(what, period, table[enough].reset_index(drop=True), int((~enough).sum()))


def capacity_at_percentile(demand: Sequence[float], p: float) -> float:
    """
    The smallest capacity that is enough in a share *p* (0 to 1) of periods.

    Demand is people (or hours) a period. The 65th percentile meets demand most of the
    time and the 85th allows for urgent work; neither is a law (NHS Interim Management
    and Support, capacity and demand tool).

    >>> capacity_at_percentile([8, 9, 10, 11, 15], 0.8)
    11.0
    """
    checks.share("p", p)
    values = np.asarray(list(demand), dtype=float)
    checks.need(values.size and np.isfinite(values).all(), "Demand needs at least one number, and none missing.")
    return float(np.quantile(values, p, method="inverted_cdf"))


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


def _edges(log: EventLog, every: str) -> pd.DatetimeIndex:
    first, last = (moment.tz_localize(None) for moment in log.observed)
    first = first.to_period(PERIODS[every]).start_time
    found = pd.date_range(first, last, freq={"day": "D", "week": "7D", "month": "MS"}[every])
    checks.need(len(found) > 1, f"The log covers less than one {every}. Choose a shorter period.")
    return found.tz_localize(log.observed[0].tz, nonexistent="shift_forward", ambiguous=True)


def _per_period(times: pd.Series, edges: pd.DatetimeIndex) -> np.ndarray:
    stamps = times.dropna().dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    bounds = edges.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    return np.diff(np.searchsorted(np.sort(stamps), bounds, side="left"))
