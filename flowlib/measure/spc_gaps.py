"""
How far apart are the points of this chart, which dates does it leave out, and when is the next due?

Dates are regular where most of them stand one step apart and all of them a whole number
of steps: days, weeks, four weeks, months, quarters. Then a step with no point is a
missing point. Weekdays on which nothing ever happens are no gaps. Dates that follow no
step, such as those of events, leave nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

__all__ = ["apart", "due", "missing", "skipped"]

DAY = 86_400_000_000_000  # nanoseconds
MOST = 0.5  # share of the steps that must be alike
FEWEST = 3  # points, for a step that is no accident
SHORTEST_MONTH = 28  # days
MANY = 100_000  # steps from first to last: dates so far apart for their step follow none
DAYS_A_WEEK = 7
WEEKS = 14  # days, after which a weekday without a point never has one


def apart(x: pd.Index[int] | pd.DatetimeIndex) -> str:
    """
    The step of a chart's dates: "day", "month", "other", or "" where there is no one step.

    >>> apart(pd.date_range("2026-01-01", periods=5)), apart(pd.date_range("2026-01-01", periods=5, freq="MS"))
    ('day', 'month')
    """
    if not isinstance(x, pd.DatetimeIndex):
        return ""
    clock = _clock(x)
    if (step := _step(clock)) is not None:
        return "day" if step == DAY else "other"
    step = _step(_months(x)) if np.diff(clock).min() >= SHORTEST_MONTH * DAY else None
    return "" if step is None else "month" if step == 1 else "other"


def missing(x: pd.Index[int] | pd.DatetimeIndex) -> list[str]:
    """
    The dates that a chart with regular dates leaves out, as they stand in a sentence.

    >>> missing(pd.DatetimeIndex(["2026-01-01", "2026-02-01", "2026-03-01", "2026-05-01"]))
    ['April 2026']
    """
    if not isinstance(x, pd.DatetimeIndex) or not apart(x):
        return []
    clock = _clock(x)
    if (step := _step(clock)) is not None:
        dates = _left_out(clock, step)
        return [day(moment) for moment in _known(x, pd.DatetimeIndex(dates.astype("M8[ns]")))] if dates.size else []
    months = _months(x)
    return [f"{moment:%B %Y}" for moment in pd.DatetimeIndex(_left_out(months, _step(months) or 1).astype("M8[M]"))]


def skipped(x: pd.Index[int] | pd.DatetimeIndex) -> Whole:
    """
    How many dates each point's chart leaves out just before it.

    >>> skipped(pd.DatetimeIndex(["2026-01-01", "2026-02-01", "2026-03-01", "2026-06-01"])).tolist()
    [0, 0, 0, 2]
    """
    found = np.zeros(len(x), dtype=np.int64)
    if not isinstance(x, pd.DatetimeIndex) or not apart(x):
        return found
    clock = _clock(x)
    step = _step(clock)
    places, step = (clock, step) if step is not None else (_months(x), _step(_months(x)) or 1)
    left_out = _left_out(places, step)
    if places is clock and left_out.size:
        left_out = _clock(_known(x, pd.DatetimeIndex(left_out.astype("M8[ns]"))))
    found[1:] = np.diff(np.searchsorted(left_out, places))
    return found


def due(x: pd.DatetimeIndex) -> pd.Timestamp:
    """
    When the next point of a chart with these dates comes, at the latest where they follow no step.

    >>> due(pd.date_range("2026-01-31", periods=3, freq="ME"))
    Timestamp('2026-04-30 00:00:00')
    """
    kind, clock = apart(x), _clock(x)
    step = _step(clock)
    if not kind:  # no later than the longest wait so far
        return x[-1] + pd.Timedelta(int(np.diff(clock).max()), "ns")
    if step is None:
        ends = pd.DatetimeIndex(x.to_numpy()).is_month_end  # without a frequency, which pandas would heed
        months = pd.DateOffset(months=_step(_months(x)) or 1)
        return x[-1] + (pd.offsets.MonthEnd(months.months) if ends.all() else months)
    soon = x[-1] + pd.to_timedelta(np.arange(1, DAYS_A_WEEK + 1) * step, "ns")
    known = _known(x, soon) if kind == "day" else soon
    return (known if len(known) else soon)[0]


def _clock(x: pd.DatetimeIndex) -> Whole:
    """Dates as nanoseconds; those at midnight come out in whole days."""
    found: Whole = x.to_numpy().astype("M8[ns]").astype(np.int64)
    return found


def _months(x: pd.DatetimeIndex) -> Whole:
    """Dates as a count of months since January 1970."""
    found: Whole = x.to_numpy().astype("M8[M]").astype(np.int64)
    return found


def _step(numbers: Whole) -> int | None:
    """The step that most *numbers* stand apart, if all stand whole steps apart."""
    if numbers.size < FEWEST:
        return None
    steps, counts = np.unique(np.diff(numbers), return_counts=True)
    step = int(steps[0])
    if (
        step <= 0
        or numbers[-1] - numbers[0] > MANY * step
        or counts[0] <= MOST * (numbers.size - 1)
        or (steps % step).any()
    ):
        return None
    return step


def _left_out(numbers: Whole, step: int) -> Whole:
    """The whole steps between the first and the last number that none of them takes."""
    return np.setdiff1d(np.arange(numbers[0], numbers[-1], step), numbers)


def _known(x: pd.DatetimeIndex, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """*dates* without the weekdays that never have a point."""
    if (x[-1] - x[0]).days < WEEKS:
        return dates
    return dates[np.isin(dates.day_of_week, np.unique(x.day_of_week))]
