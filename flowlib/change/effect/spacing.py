"""
How far apart do the points stand, and are any missing?

A trend is so much a month or a week, so time has to be counted in real months or weeks.
A month without a point leaves a gap in the count, and is named, not closed up. Dates
that keep to no such step are counted in days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.measure.spc_series import day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.measure.spc_rules import Floats

__all__ = ["Spacing", "gap_sentence", "spacing"]

MONTHS = {1: "month", 3: "quarter", 12: "year"}  # steps that have a name, in months
HOURS = {1: "hour", 24: "day", 168: "week"}  # and in hours
DAY = 24  # hours
NAMED = 3  # gaps named in a sentence; the rest are counted


@dataclass(frozen=True, eq=False)
class Spacing:
    """Where points stand in time, counted in steps from the first."""

    position: Floats  # one a point, in steps; whole numbers where the points keep to a step
    step: str  # "month", "week", "day", "14 days" ...
    even: bool  # all points stand a whole number of steps apart
    typical: float  # the usual gap, in steps
    missing: tuple[str, ...]  # the dates without a point, as they stand in a sentence

    @property
    def gaps(self) -> Floats:
        """Steps from each point to the next; the usual gap counts as one where points keep to no step."""
        return np.diff(self.position) / self.typical


def spacing(moments: pd.DatetimeIndex) -> Spacing:
    """
    The step that *moments* (in order, none twice, at least two) keep to.

    >>> spacing(pd.to_datetime(["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01"])).missing
    ('March 2026',)
    """
    months = (moments.year * 12 + moments.month).to_numpy()
    if _same_day_of_month(moments) and (np.diff(months) > 0).all() and _keeps_step(months):
        step = _common(months)
        position = (months - months[0]) // step
        return _even(position, MONTHS.get(step, f"{step} months"), _missing_months(moments[0], position, step))
    hours = (moments - moments[0]).to_numpy() / np.timedelta64(1, "h")
    if (hours == np.round(hours)).all() and _keeps_step(hours.astype(np.int64)):
        step = _common(hours.astype(np.int64))
        position = hours.astype(np.int64) // step
        return _even(position, _named(step), _missing_hours(moments[0], position, step))
    days = hours / DAY
    return Spacing(days, "day", even=False, typical=float(np.median(np.diff(days))), missing=())


def gap_sentence(missing: tuple[str, ...]) -> str:
    """Which dates have no point, in words; empty where none is missing."""
    if not missing:
        return ""
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return (
        f"There is no point for {', '.join(missing[:NAMED])}{more}. "
        "Time was counted through the gap, and nothing was filled in."
    )


def _even(position: NDArray[np.int64], step: str, missing: tuple[str, ...]) -> Spacing:
    return Spacing(position.astype(np.float64), step, even=True, typical=1.0, missing=missing)


def _same_day_of_month(moments: pd.DatetimeIndex) -> bool:
    """All on the same day of the month, or all on its last."""
    return bool((moments.day == moments.day[0]).all()) or bool(moments.is_month_end.all())


def _common(counts: NDArray[np.int64]) -> int:
    """The longest step that all gaps are made of."""
    return math.gcd(*np.diff(counts).tolist())


def _keeps_step(counts: NDArray[np.int64]) -> bool:
    """Whether the usual gap is one such step."""
    return int(np.median(np.diff(counts))) == _common(counts)


def _named(hours: int) -> str:
    if hours in HOURS:
        return HOURS[hours]
    return f"{hours // DAY} days" if hours % DAY == 0 else f"{hours} hours"


def _without(position: NDArray[np.int64]) -> list[int]:
    """The steps that have no point."""
    return sorted(set(range(int(position[-1]) + 1)) - set(position.tolist()))


def _missing_months(first: pd.Timestamp, position: NDArray[np.int64], step: int) -> tuple[str, ...]:
    start = first.to_period("M")
    return tuple(f"{start + at * step:%B %Y}" for at in _without(position))


def _missing_hours(first: pd.Timestamp, position: NDArray[np.int64], step: int) -> tuple[str, ...]:
    moments = [first + pd.Timedelta(hours=at * step) for at in _without(position)]
    return tuple(day(one) if step % DAY == 0 else f"{one:%H:%M} on {day(one)}" for one in moments)
