"""
When did people come, begin and leave the queue, and which periods does a log hold whole?

What `flowlib.measure.demand` and `flowlib.measure.rhythms` count by. Times are
timestamps as the clock on the wall shows them; a week is Monday to Sunday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = [
    "PERIODS",
    "RHYTHMS",
    "WEEKDAYS",
    "clock",
    "hour_or_weekday",
    "moments",
    "per_period",
    "rows_at",
    "whole_periods",
]

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}
RHYTHMS = {"hour": 24, "weekday": 7}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PART = 0.05  # share of a period that a log may miss at its ends, and still hold the period


def rows_at(log: EventLog, step: str) -> pd.DataFrame:
    """
    The visits of a log to one step.

    >>> from flowlib.core import data
    >>> rows_at(data.journey(), "Ward")["step"].unique().tolist()
    ['Ward']
    """
    return log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]


def hour_or_weekday(times: pd.Series, by: str) -> pd.Series:
    """
    The hour of the day (0 to 23), or with any other *by* the weekday (0 is Monday), of each time.

    >>> hour_or_weekday(pd.Series([pd.Timestamp("2025-01-07 09:30")]), "weekday").tolist()
    [1]
    """
    return times.dt.hour if by == "hour" else times.dt.day_of_week


def moments(log: EventLog, step: str | None) -> tuple[pd.Series, pd.Series, pd.Series]:
    """
    When people joined, began (or ended, where beginnings are not recorded) and were lost to the queue.

    >>> from flowlib.core import data
    >>> len(moments(data.journey(), None)[2])  # nobody is lost to a whole journey
    0
    """
    if step is None:
        whole = log.journeys()
        return whole["arrived"], whole["ended"].where(~whole["still_here"]), pd.Series([], dtype=whole["arrived"].dtype)
    rows = rows_at(log, step)
    here, gone = rows["outcome"] == "still_here", rows["outcome"].isin(["turned_away", "gave_up"])
    over = rows["left"].fillna(rows["finished"]).fillna(rows["until"]).where(~here)  # a blank beginning was before it
    begun = rows["started"].fillna(over) if rows["started"].notna().any() else rows["finished"].fillna(over)
    return rows["at"], begun.where(~gone), rows["left"].fillna(rows["until"])[gone]


def whole_periods(log: EventLog, every: str) -> pd.DatetimeIndex:
    """
    Where whole periods begin and end; one that lacks a twentieth at most is whole.

    >>> from flowlib.core import data
    >>> whole_periods(data.journey(), "week")[0].day_name()
    'Monday'
    """
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


def per_period(times: pd.Series, edges: pd.DatetimeIndex, runs: int) -> NDArray[Any]:
    """
    How many of *times* fall between each two *edges*, on average a run.

    >>> edges = pd.date_range("2025-01-06", periods=3, freq="7D", tz="Europe/London")
    >>> per_period(pd.Series(edges[:1]), edges, 1).tolist()
    [1, 0]
    """
    stamps = times.dropna().dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    bounds = edges.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    counts: NDArray[np.int64] = np.diff(np.searchsorted(np.sort(stamps), bounds, side="left"))
    return counts if runs == 1 else counts / runs


def clock(hour: int) -> str:
    """
    A whole hour of the day as people say it; 24 is midnight again.

    >>> clock(0), clock(9), clock(12), clock(24)
    ('midnight', '9am', 'noon', 'midnight')
    """
    hour %= 24
    return {0: "midnight", 12: "noon"}.get(hour, f"{(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'}")  # noqa: PLR2004
