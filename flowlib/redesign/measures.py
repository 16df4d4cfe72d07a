"""
What do we look at in each run? One number from a log, with its unit and which way is good.

All are of people who joined while the log was kept: those found there when it began
fill places, no more. A measure is NaN where a log has nothing to measure. Measures of
places and queues stand in `places.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from flowlib.core import checks
from flowlib.core.summaries import person_codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from flowlib.core.columns import Columns
    from flowlib.core.eventlog import EventLog

__all__ = [
    "HOURS_IN",
    "Measure",
    "mean_wait",
    "median_wait",
    "percentile_wait",
    "share_gave_up",
    "share_turned_away",
    "share_waiting_over",
    "share_within",
]

DIRECTIONS = ("down", "up")
HOURS_IN = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0}
ROUNDING = 1e-12  # of a share that a product of chances has reached
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


def median_wait(step: str, *, unit: str = "hours", smallest: float = 0.0) -> Measure:
    """Median wait at *step*, in "minutes", "hours" or "days": half of the people wait less. See `percentile_wait`."""
    found = percentile_wait(step, 0.5, unit=unit, smallest=smallest)
    return Measure(f"median wait for {step}", unit, found.of, "down", smallest)


def percentile_wait(step: str, share: float = 0.9, *, unit: str = "hours", smallest: float = 0.0) -> Measure:
    """
    The wait at *step* that so large a *share* (0 to 1) of people do not exceed, as `EventLog.waits` has it.

    People still waiting when the log ends are counted as waiting at least so long
    (E. L. Kaplan and P. Meier, J. American Statistical Association 53, 1958). Those who
    gave up or were turned away never began, so they are left out. NaN where too many
    still wait to say.
    """
    per = HOURS_IN[checks.choice("unit", unit, HOURS_IN)]
    share = checks.share("share", share)

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows.equals("step", step) & (rows["arrived"] >= 0)
        waits = (rows["started"] - rows["arrived"])[here]
        still = rows.equals("outcome", "still_here")[here] & np.isnan(waits)
        so_far = log.hours_observed - rows["arrived"][here][still]
        return _quantile(waits[~np.isnan(waits)], so_far, share) / per

    return Measure(f"wait for {step} that {100 * share:g} in 100 do not exceed", unit, of, "down", smallest)


def share_within(hours: float, step: str | None = None, *, smallest: float = 0.0) -> Measure:
    """
    Share (0 to 1) of people who are through within so many *hours*: the whole journey, or one *step*.

    From joining to giving up the place; for a journey, from the first joining to the
    last leaving. Those who gave up are through when they left. People turned away at a
    step are left out. Whoever came in the last so many *hours* is left out, seen or not:
    their time may not be over when the log is.
    """
    limit = checks.positive("hours", hours)

    def of(log: EventLog) -> float:
        came, gone = _journeys(log) if step is None else _visits(log.arrays, step)
        counted = (came >= 0) & (came <= log.hours_observed - limit)
        return float((gone - came <= limit)[counted].mean()) if counted.any() else math.nan

    name = f"share within {checks.shown(limit)} hours{'' if step is None else f' at {step}'}"
    return Measure(name, "", of, "up", smallest)


def share_gave_up(step: str, *, smallest: float = 0.0) -> Measure:
    """
    Share (0 to 1) of those who joined the queue at *step* and are no longer in it who gave up.

    People turned away joined no queue; people still waiting have not decided.
    """

    def of(log: EventLog) -> float:
        rows = log.arrays
        gave_up = rows.equals("outcome", "gave_up")
        here = rows.equals("step", step) & (rows["arrived"] >= 0) & (gave_up | ~np.isnan(rows["started"]))
        return float(gave_up[here].mean()) if here.any() else math.nan

    return Measure(f"share who give up at {step}", "", of, "down", smallest)


def share_turned_away(step: str, *, smallest: float = 0.0) -> Measure:
    """Share (0 to 1) of those who come to *step* who are turned away."""

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows.equals("step", step) & (rows["arrived"] >= 0)
        return float(rows.equals("outcome", "turned_away")[here].mean()) if here.any() else math.nan

    return Measure(f"share turned away from {step}", "", of, "down", smallest)


def _visits(rows: Columns, step: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When people came to *step* and left it, hours; infinity for those still there."""
    here = rows.equals("step", step) & ~rows.equals("outcome", "turned_away")
    left = rows["left"][here]
    return rows["arrived"][here], np.where(np.isnan(left), np.inf, left)


def _journeys(log: EventLog) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each journey began and ended, hours; infinity for those still on the way."""
    rows = log.arrays
    who = _person_numbers(log)
    order = np.argsort(who, kind="stable")
    if not len(order):
        return np.empty(0), np.empty(0)
    first = np.flatnonzero(np.diff(who[order], prepend=-1))
    gone = np.where(rows.equals("outcome", "still_here"), np.inf, rows["left"])
    gone = np.fmax(np.fmax(gone, rows["finished"]), np.fmax(rows["started"], rows["arrived"]))
    return np.fmin.reduceat(rows["arrived"][order], first), np.maximum.reduceat(gone[order], first)


def _person_numbers(log: EventLog) -> NDArray[np.int64]:
    """A number for each person of each run; a simulated log has them, and its names stay unread."""
    column = log.arrays.coded("person")  # reading names costs more than all measures together
    if column is not None:
        numbers, before = [], 0
        for codes, _ in column.parts:  # a part is a run
            numbers.append(codes.astype(np.int64) + before)
            before += int(codes.max(initial=-1)) + 1
        return np.concatenate(numbers)
    return person_codes(log.frame, log.keys)


def _quantile(ended: NDArray[np.float64], cut: NDArray[np.float64], share: float) -> float:
    """The length that *share* do not exceed, with those *cut* short counted; NaN where too many are."""
    if not len(ended):
        return math.nan
    if not len(cut):
        return float(np.quantile(ended, share))
    ended = np.sort(ended)
    first = np.flatnonzero(np.diff(ended, prepend=-np.inf) > 0)
    over = np.diff(first, append=len(ended))
    still = len(ended) - first + len(cut) - np.searchsorted(np.sort(cut), ended[first])
    reached = 1 - np.cumprod(1 - over / still)
    place = np.flatnonzero(reached >= share - ROUNDING)
    return float(ended[first[place[0]]]) if len(place) else math.nan
