"""
How long until the start is forgotten? Two pictures of it, and one number.

Runs that begin empty are averaged day by day. Welch's moving average shows by eye when
the line is level (P. D. Welch, "The statistical analysis of simulation results", 1983;
A. Law, "Simulation Modeling and Analysis", 5th edition, section 9.5). MSER-5 takes means
of 5 days and leaves out as many at the start as make the mean of the rest surest (K. P.
White, Simulation 69, 1997; with batches of 5, as in S. C. Spratt, 1998). Where that is
more than half, the series is too short to tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.redesign import cautions
from flowlib.redesign.places import hours_passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.core.pathway import Pathway

__all__ = ["WarmUp", "mser", "people_by_day", "waits_by_day", "warm_up_needed"]

BATCH = 5  # days a batch
SHORTEST = 50  # days: ten batches
LAST = 5  # batches at the end that MSER is not asked about: a few values are alike by chance
WINDOW = 7  # days either side, so that weekdays even out
DAY = 24  # hours


@dataclass(frozen=True)
class WarmUp:
    """How long a warm-up should be, and what shows it."""

    days: int | None  # to leave out at the start; None where the series is too short to tell
    by_day: pd.DataFrame  # one row a day: day, mean (over runs), smooth (Welch's moving average, NaN at the end)
    by_batch: pd.DataFrame  # one row a batch of 5 days: day (its first), mean, mser (NaN at the end)
    runs: int
    cautions: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The advice in words."""
        length = len(self.by_day)
        if self.days is None:
            told = f"{length:,} days are too short to tell how long a warm-up should be. Simulate for longer."
        elif self.days == 0:
            told = (
                f"In these {length:,} days no warm-up shows to be needed. Look at the moving average before you decide."
            )
        else:
            told = f"Leave out the first {self.days:,} days. Look at the moving average too: is it level from there on?"
        return " ".join([told, *self.cautions])


def warm_up_needed(series: ArrayLike | pd.DataFrame, *, window: int = WINDOW, pathway: Pathway | None = None) -> WarmUp:
    """
    How many days to leave out at the start.

    *series* has one row a run and one column a day, from a start without warm-up:
    `people_by_day` and `waits_by_day` make it from a log. *window* is how many days on
    either side Welch's moving average takes. With the *pathway*, it is said where a step
    remembers its start for longer than the series shows.
    """
    values = np.atleast_2d(np.asarray(series, dtype=np.float64))
    length = values.shape[1]
    checks.need(
        values.ndim == 2 and length >= SHORTEST,  # noqa: PLR2004 - runs by days
        f"A series needs one row a run and {SHORTEST} days or more; {length} came.",
    )
    window = checks.whole("window", window)
    known = ~np.isnan(values)
    empty = np.flatnonzero(~known.any(axis=0))
    checks.need(
        not empty.size,
        f"On day {empty[0] if empty.size else 0} no run has anything to measure. Take more runs, or people_by_day.",
    )
    mean: NDArray[np.float64] = np.nanmean(values, axis=0)
    batches = mean[: length // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    found = mser(batches)
    best = int(np.nanargmin(found))
    return WarmUp(
        days=best * BATCH if best <= len(batches) // 2 else None,
        by_day=pd.DataFrame({"day": np.arange(length), "mean": mean, "smooth": _smooth(mean, window)}),
        by_batch=pd.DataFrame({"day": BATCH * np.arange(len(batches)), "mean": batches, "mser": found}),
        runs=len(values),
        cautions=tuple(_memory(pathway, length)) if pathway is not None else (),
    )


def mser(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """
    For each number left out at the start: the squared standard error that the rest would have, were they unrelated.

    The sum of squares about the mean of what is left, over the square of how many are
    left. The last few are NaN: so few values are alike by chance.

    >>> [round(float(one), 3) for one in mser([9, 1, 2, 1, 2, 1, 2])[:2]]
    [1.015, 0.042]
    """
    numbers = np.asarray(values, dtype=np.float64)
    left = np.arange(len(numbers), 0, -1)
    centred = numbers - numbers.mean()  # so that the difference of squares below loses no figures
    summed, squares = np.cumsum(centred[::-1])[::-1], np.cumsum(centred[::-1] ** 2)[::-1]
    found: NDArray[np.float64] = np.maximum(squares - summed**2 / left, 0) / left**2
    found[left < LAST] = math.nan
    return found


def people_by_day(log: EventLog, step: str) -> pd.DataFrame:
    """People at *step* at once, waiting or not, mean over each full day: a row a run, a column a day."""
    rows = log.arrays
    here = rows.equals("step", step)
    until = np.where(np.isnan(rows["left"]), log.hours_observed, rows["left"])
    begin, end = np.clip(rows["arrived"], 0, None)[here], np.clip(until, 0, log.hours_observed)[here]
    edges = DAY * np.arange(_days(log) + 1, dtype=np.float64)
    made = {}
    for number, own in _by_run(log, here):
        there = hours_passed(begin[own], edges) - hours_passed(end[own], edges)
        made[number] = np.diff(there) / DAY
    return pd.DataFrame.from_dict(made, orient="index", columns=range(_days(log)))


def waits_by_day(log: EventLog, step: str) -> pd.DataFrame:
    """Mean wait (hours) at *step* of those who began on each full day: a row a run, a column a day; NaN for none."""
    rows = log.arrays
    here = rows.equals("step", step) & ~np.isnan(rows["started"]) & (rows["started"] >= 0)
    waits, days = (rows["started"] - rows["arrived"])[here], (rows["started"][here] // DAY).astype(np.int64)
    many = _days(log)
    made = {}
    for number, own in _by_run(log, here):
        people = np.bincount(days[own], minlength=many)[:many]
        hours = np.bincount(days[own], weights=waits[own], minlength=many)[:many]
        made[number] = np.divide(hours, people, out=np.full(many, math.nan), where=people > 0)
    return pd.DataFrame.from_dict(made, orient="index", columns=range(many))


def _days(log: EventLog) -> int:
    return int(log.hours_observed // DAY)


def _by_run(log: EventLog, here: NDArray[np.bool_]) -> list[tuple[int, NDArray[np.bool_]]]:
    """Each run, and which of the rows *here* are of it."""
    rows = log.arrays
    runs = rows["run"][here] if "run" in rows else np.zeros(int(here.sum()), dtype=np.int64)
    return [(number, runs == number) for number in range(log.runs)]


def _smooth(mean: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Welch's moving average: as many days on either side as there are before it, *window* at most."""
    summed = np.append(0.0, np.cumsum(mean))
    day = np.arange(len(mean))
    side = np.minimum(day, window)
    whole = day + window < len(mean)
    last = np.minimum(day + side + 1, len(mean))
    return np.where(whole, (summed[last] - summed[day - side]) / (2 * side + 1), math.nan)


def _memory(pathway: Pathway, length: int) -> list[str]:
    """Sentences where a step remembers for longer than the series, or does not settle."""
    said = cautions.model(pathway.name, pathway, days=length, warm_up_days=length)
    return [one.replace("The warm-up is", "The series is") for one in said]
