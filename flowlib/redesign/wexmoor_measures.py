"""
What do we look at when Wexmoor changes: beds, waits for a bed, for care after hospital, and the front door?

Each is one number from a log of the whole place (`data.pathway("wexmoor")`). A log has
a row a step, and some waits run over two rows: whoever cannot get one of the
trolleys waits on in the emergency department. Two rows of one person are joined by
time, since a step is reached at the very moment at which the last one was left.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from flowlib.redesign.measures import Measure
from flowlib.redesign.places import mean_blocked, occupancy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

    Times = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Rows = NDArray[np.int64]

__all__ = ["LIMIT_HOURS", "measures"]

LIMIT_HOURS = 4.0  # the standard for emergency departments in England
DAY, WEEK = 24.0, 168.0


def measures() -> tuple[Measure, ...]:
    """What to look at, from the ward to home care to the front door."""
    return (
        Measure("beds occupied", "beds", occupancy("Ward bed", 1).of),
        Measure("people ready to leave hospital", "people", mean_blocked("Ward bed").of),
        Measure("people waiting for a bed", "people", _waiting_for_a_bed),
        Measure("share who wait 4 hours or more for a bed", "", _long_waits_for_a_bed),
        Measure("mean wait for Home First", "days", lambda log: _wait_in_bed(log, "Waiting for Home First")),
        Measure("mean wait for rehab bed", "days", lambda log: _wait_in_bed(log, "Waiting for rehab bed")),
        Measure("mean wait for home care", "days", _wait_for_home_care),
        Measure("share within 4 hours, emergency department", "", lambda log: _share(_hours_in_department(log)), "up"),
        Measure("share within 4 hours, both doors", "", _within_four_hours, "up"),
        Measure("operations cancelled a week", "operations", _cancelled),
    )


def _waiting_for_a_bed(log: EventLog) -> float:
    """Unplanned: on a trolley, or still in the department."""
    rows = log.arrays
    queued = rows.equals("step", "Ward bed") & ~rows.equals("group", "planned")
    on_trolley = _at_once(log, rows["arrived"][queued], np.fmin(rows["started"], rows["left"])[queued])
    return on_trolley + mean_blocked("Hospital decision").of(log)


def _at_once(log: EventLog, since: Times, until: Times) -> float:
    """People at once between two moments, mean over the time observed; a moment not known is yet to come."""
    ends = np.minimum(np.nan_to_num(until, nan=math.inf), log.hours_observed)
    return float(np.maximum(ends - np.maximum(since, 0), 0).sum() / log.hours_observed / log.runs)


def _long_waits_for_a_bed(log: EventLog) -> float:
    """Of those for whom a bed was asked, and long enough ago for the wait to be known to be long."""
    rows = log.arrays
    asked = rows.equals("step", "Hospital decision") & ~rows.equals("group", "same-day") & (rows["finished"] >= 0)
    asked &= rows["finished"] <= log.hours_observed - LIMIT_HOURS
    visits = np.flatnonzero(asked)
    waits = _bed_or_end(log, visits, np.full(len(visits), math.inf)) - rows["finished"][asked]
    return float((waits >= LIMIT_HOURS).mean()) if len(waits) else math.nan


def _wait_in_bed(log: EventLog, step: str) -> float:
    rows = log.arrays
    here = rows.equals("step", step) & (rows["arrived"] >= 0)
    return _mean((rows["left"] - rows["arrived"])[here]) / DAY


def _wait_for_home_care(log: EventLog) -> float:
    """Of people at home, and of those who keep their place in Home First or a rehab bed meanwhile."""
    rows = log.arrays
    at_home = rows.equals("step", "Home care") & rows.equals("group", "community") & (rows["arrived"] >= 0)
    placed = rows.equals("next_step", "Home care") & (rows["finished"] >= 0)
    waits = (rows["started"] - rows["arrived"])[at_home], (rows["left"] - rows["finished"])[placed]
    return _mean(np.concatenate(waits)) / DAY


def _within_four_hours(log: EventLog) -> float:
    rows = log.arrays
    urgent = rows.equals("step", "Urgent treatment") & _had_four_hours(log)
    return _share(np.concatenate([_hours_in_department(log), (rows["left"] - rows["arrived"])[urgent]]))


@lru_cache(maxsize=1)  # two measures of one log ask for it
def _hours_in_department(log: EventLog) -> Times:
    """From coming to the emergency department to going home, to same-day care or into a bed."""
    rows = log.arrays
    last = first = np.flatnonzero(rows.equals("step", "Triage") & _had_four_hours(log))
    for step in ("Clinician", "Tests", "Hospital decision"):
        onward = _next_visit(log, last, step)
        last = np.where(onward < 0, last, onward)
    lengths: Times = _bed_or_end(log, last, rows["left"][last]) - rows["arrived"][first]
    return lengths


def _bed_or_end(log: EventLog, visits: Rows, end: Times) -> Times:
    """When the people of these visits began in a bed (infinity: not yet), or *end* for those who asked for none."""
    bed = _next_visit(log, visits, "Ward bed")
    began: Times = np.where(bed < 0, end, np.nan_to_num(log.arrays["started"][bed], nan=math.inf))
    return began


def _next_visit(log: EventLog, visits: Rows, step: str) -> Rows:
    """
    The rows in which the people of these unplanned visits went straight on to *step*; -1 for those who did not.

    Where several moved at one instant, they did so in the order in which they had finished.
    """
    rows = log.arrays
    here = np.flatnonzero(rows.equals("step", step) & ~rows.equals("group", "planned"))
    here = here[np.lexsort((rows["started"][here], rows["arrived"][here]))]
    movers = np.flatnonzero(rows.equals("next_step", step)[visits] & ~np.isnan(rows["left"][visits]))
    movers = movers[np.lexsort((rows["finished"][visits[movers]], rows["left"][visits[movers]]))]
    moved, began = rows["left"][visits[movers]], rows["arrived"][here]
    place = np.searchsorted(began, moved) + np.arange(len(moved)) - np.searchsorted(moved, moved)
    known = place < len(here)
    known[known] = began[place[known]] == moved[known]
    found = np.full(len(visits), -1)
    found[movers[known]] = here[place[known]]
    return found


def _had_four_hours(log: EventLog) -> Flags:
    """Whether a visit began while the log was kept, with 4 hours to go."""
    arrived = log.arrays["arrived"]
    return np.asarray((arrived >= 0) & (arrived <= log.hours_observed - LIMIT_HOURS))


def _share(lengths: Times) -> float:
    """Share within 4 hours; whoever is still there had longer."""
    return float((lengths <= LIMIT_HOURS).mean()) if len(lengths) else math.nan


def _mean(values: Times) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def _cancelled(log: EventLog) -> float:
    rows = log.arrays
    turned = rows.equals("step", "Admission lounge") & rows.equals("outcome", "turned_away")
    return float(turned.sum()) / log.runs / (log.hours_observed / WEEK)
