"""
What do we look at in each run? One number from a log, with its unit and which way is good.

All are of people who joined while the log was kept: those found there when it began
fill places, no more. A measure is NaN where a log has nothing to measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowlib.core.eventlog import EventLog

__all__ = ["Measure", "mean_there", "mean_wait", "share_turned_away", "share_waiting_over"]

DIRECTIONS = ("down", "up")
HOURS_IN = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0}
SHARE = "share"  # how the name of a measure from 0 to 1 begins


@dataclass(frozen=True)
class Measure:
    """
    One number from a log, with its unit and which way is good.

    *of* may give NaN where the log has nothing to measure.
    """

    name: str
    unit: str
    of: Callable[[EventLog], float]
    better: Literal["down", "up"] = "down"
    smallest: float = 0.0  # the smallest difference worth having, in the unit

    def __post_init__(self) -> None:
        checks.choice("direction that is better", self.better, DIRECTIONS)
        checks.at_least(f'The smallest difference worth having in "{self.name}"', self.smallest, 0)

    @property
    def is_share(self) -> bool:
        """Whether it is from 0 to 1, and told as so many in 100."""
        return not self.unit and self.name.startswith(SHARE)

    @property
    def unit_told(self) -> str:
        """What follows a number of it in a sentence."""
        return " in 100" if self.is_share else f" {self.unit}" if self.unit else ""

    def told(self, value: float) -> str:
        """
        A number of it as it stands in a sentence, without its unit.

        >>> share_turned_away("ward").told(0.237), mean_wait("ward").told(1234.56)
        ('24', '1,234.6')
        """
        return f"{100 * value:.0f}" if self.is_share else f"{value:,.1f}"


def mean_wait(step: str, *, unit: str = "hours", smallest: float = 0.0) -> Measure:
    """Mean wait at *step* of those who began, in "minutes", "hours" or "days"."""
    per = HOURS_IN[checks.choice("unit", unit, HOURS_IN)]

    def of(log: EventLog) -> float:
        rows = log.arrays
        waits = (rows["started"] - rows["arrived"])[rows.equals("step", step) & (rows["arrived"] >= 0)]
        return float(np.nanmean(waits) / per) if np.isfinite(waits).any() else math.nan

    return Measure(f"mean wait for {step}", unit, of, "down", smallest)


def share_waiting_over(step: str, hours: float, *, smallest: float = 0.0) -> Measure:
    """
    Share (0 to 1) of those who joined the queue at *step* who waited longer than *hours*.

    Those who gave up waited until then. Whoever joined in the last so many *hours* is
    left out, seen or not: their wait may not be over when the log is.
    """
    limit = checks.at_least("hours", hours, 0)

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows.equals("step", step) & (rows["arrived"] >= 0) & ~rows.equals("outcome", "turned_away")
        here &= rows["arrived"] <= log.hours_observed - limit
        over = np.where(rows.equals("outcome", "gave_up"), rows["left"], rows["started"])
        waits = np.where(np.isnan(over), np.inf, over) - rows["arrived"]
        return float((waits[here] > limit).mean()) if here.any() else math.nan

    return Measure(f"share who wait over {checks.shown(limit)} hours for {step}", "", of, "down", smallest)


def share_turned_away(step: str, *, smallest: float = 0.0) -> Measure:
    """Share (0 to 1) of those who come to *step* who are turned away."""

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows.equals("step", step) & (rows["arrived"] >= 0)
        return float(rows.equals("outcome", "turned_away")[here].mean()) if here.any() else math.nan

    return Measure(f"share turned away from {step}", "", of, "down", smallest)


def mean_there(step: str) -> Measure:
    """People at *step* at once, waiting or not, mean over the time observed."""

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows.equals("step", step)
        until = np.where(np.isnan(rows["left"]), log.hours_observed, rows["left"])
        stays = np.minimum(until, log.hours_observed) - np.maximum(rows["arrived"], 0)
        return float(stays[here].sum() / log.hours_observed / len(np.unique(rows.get("run", [0]))))

    return Measure(f"people at {step} at once", "people", of, "down")
