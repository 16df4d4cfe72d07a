"""
How far apart are the points of this chart, and which dates does it leave out?

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

__all__ = ["apart", "missing"]

DAY = 86_400_000_000_000  # nanoseconds
MOST = 0.5  # share of the steps that must be alike
FEWEST = 3  # points, for a step that is no accident
SHORTEST_MONTH = 28  # days
MANY = 100_000  # steps from first to last: dates so far apart for their step follow none
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
