"""
How full is it, how long is the queue, and who is stuck? Measures of places and queues.

Somebody holds a place at a step from starting there until leaving it, so also while
blocked. All people are counted here, those found there when the log began too, because
they fill places. Where a log holds several runs, a measure is their mean.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.capacity import Rota
from flowlib.redesign.measures import Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

    Spans = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]  # from, to (hours), run

__all__ = [
    "blocked_bed_days",
    "hours_passed",
    "longest_queue",
    "mean_blocked",
    "mean_there",
    "most_blocked",
    "occupancy",
    "occupancy_by_hour",
    "occupied_in_hour",
]

DAY = 24  # hours


def mean_there(step: str, *, smallest: float = 0.0) -> Measure:
    """People at *step* at once, waiting or not, mean over the time observed."""

    def of(log: EventLog) -> float:
        return _mean(log, _spans(log, step, "arrived", "left"))

    return Measure(f"people at {step} at once", "people", of, "down", smallest)


def occupancy(step: str, capacity: int | Rota, *, smallest: float = 0.0) -> Measure:
    """
    Places held at *step* as a share of *capacity*, mean over the time observed.

    A log does not know how many places there were, so *capacity* is the same in every
    scenario: give today's. It may be over 1 where a scenario has more places, or where
    people stay on when a rota falls. Which way is good is for you to say; here it is less.
    """
    places: int | Rota = capacity if isinstance(capacity, Rota) else checks.whole("capacity", capacity, 1)

    def of(log: EventLog) -> float:
        on_duty = places if isinstance(places, int) else _on_duty(log, places)
        return _mean(log, _spans(log, step, "started", "left")) / on_duty if on_duty else math.nan

    of_what = "the rota" if isinstance(places, Rota) else f"{places:,} place{'' if places == 1 else 's'}"
    return Measure(f"share of {of_what} in use at {step}", "", of, "down", smallest)


def occupied_in_hour(step: str, hour: int, *, smallest: float = 0.0) -> Measure:
    """Places held at *step* in one hour of the day (9 is from 9am to 10am), mean over the days observed."""
    at = checks.whole("hour", hour)
    checks.need(at < DAY, f"hour must be from 0 to 23; {at} came.")

    def of(log: EventLog) -> float:
        return float(_by_hour(log, _spans(log, step, "started", "left"))[at])

    return Measure(f"places in use at {step} from {at}:00 to {at + 1}:00", "people", of, "down", smallest)


def occupancy_by_hour(log: EventLog, step: str) -> pd.DataFrame:
    """
    People at *step* by hour of the day: a table, so it is of one log, and no `Measure`.

    Columns: `hour` (9 is from 9am to 10am), `in_place` and `waiting`, each a mean over
    the days observed (NaN for an hour that the log does not cover). To compare
    scenarios, choose an hour and use `occupied_in_hour`.
    """
    held, queue = _spans(log, step, "started", "left"), _queue(log, step)
    return pd.DataFrame({"hour": range(DAY), "in_place": _by_hour(log, held), "waiting": _by_hour(log, queue)})


def blocked_bed_days(step: str, *, smallest: float = 0.0) -> Measure:
    """
    Days that places at *step* were held by people who had finished there, in all the time observed.

    From `finished` to `left`: it counts waiting for the next step, for leaving hours,
    and for steps that are done within this one.
    """

    def of(log: EventLog) -> float:
        return _mean(log, _spans(log, step, "finished", "left")) * log.hours_observed / DAY

    return Measure(f"blocked bed-days at {step}", "bed-days", of, "down", smallest)


def mean_blocked(step: str, *, smallest: float = 0.0) -> Measure:
    """People at once at *step* who have finished there and not left, mean over the time observed."""

    def of(log: EventLog) -> float:
        return _mean(log, _spans(log, step, "finished", "left"))

    return Measure(f"people blocked at {step} at once", "people", of, "down", smallest)


def most_blocked(step: str, *, smallest: float = 0.0) -> Measure:
    """The most people at once at *step* who have finished there and not left."""

    def of(log: EventLog) -> float:
        return _most(log, _spans(log, step, "finished", "left"))

    return Measure(f"most people blocked at {step}", "people", of, "down", smallest)


def longest_queue(step: str, *, smallest: float = 0.0) -> Measure:
    """The most people who wait at once for *step*; those who start at once are never in the queue."""

    def of(log: EventLog) -> float:
        return _most(log, _queue(log, step))

    return Measure(f"longest queue for {step}", "people", of, "down", smallest)


def _spans(log: EventLog, step: str, begins: str, ends: str) -> Spans:
    """From one time to another of each visit to *step*; people still there stay to the end of the log."""
    rows = log.arrays
    here = rows.equals("step", step)
    last = np.fmax(np.fmax(rows["left"], rows["finished"]), np.fmax(rows["started"], rows["arrived"]))
    end = np.where(np.isnan(rows[ends]) & ~rows.equals("outcome", "still_here"), last, rows[ends])
    return _cut(log, rows[begins], end, here)


def _queue(log: EventLog, step: str) -> Spans:
    """From joining the queue at *step* to beginning, or giving up."""
    rows = log.arrays
    over = np.where(np.isnan(rows["started"]), rows["left"], rows["started"])
    here = rows.equals("step", step) & ~rows.equals("outcome", "turned_away")
    return _cut(log, rows["arrived"], over, here & (rows.equals("outcome", "still_here") | ~np.isnan(over)))


def _cut(log: EventLog, begin: NDArray[np.float64], end: NDArray[np.float64], here: NDArray[np.bool_]) -> Spans:
    """What of each span *here* is within the window; one without an end goes on."""
    rows, until = log.arrays, log.hours_observed
    runs = rows["run"] if "run" in rows else np.zeros(len(here), dtype=np.int64)
    begin, end = begin[here], end[here]
    begin, end = np.clip(begin, 0, until), np.clip(np.where(np.isnan(end), until, end), 0, until)
    some = end > begin  # not so where the beginning is not known
    return begin[some], end[some], runs[here][some]


def _mean(log: EventLog, spans: Spans) -> float:
    begin, end, _ = spans
    return float((end - begin).sum() / log.hours_observed / log.runs)


def _most(log: EventLog, spans: Spans) -> float:
    """The most at once, mean over runs; who leaves at a moment has gone before who comes then."""
    begin, end, runs = spans
    most = 0
    for run in np.unique(runs):
        own = runs == run
        came, gone = np.sort(begin[own]), np.sort(end[own])
        most += int((np.arange(1, len(came) + 1) - np.searchsorted(gone, came, side="right")).max(initial=0))
    return most / log.runs


def _by_hour(log: EventLog, spans: Spans) -> NDArray[np.float64]:
    """How many at once in each hour of the day, mean over the days (and runs) observed."""
    begin, end, _ = spans
    edges, clock = _hours(log)
    so_far = hours_passed(begin, edges) - hours_passed(end, edges)  # hours that people spent there, up to each edge
    inside = np.bincount(clock.hour, weights=np.diff(so_far), minlength=DAY)
    length = np.bincount(clock.hour, weights=np.diff(edges), minlength=DAY)
    many: NDArray[np.float64] = np.full(DAY, math.nan)
    return np.divide(inside, length * log.runs, out=many, where=length > 0)


def hours_passed(times: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """How long before each edge the *times* were, added up; those to come count nothing."""
    times = np.sort(times)
    before = np.searchsorted(times, edges)
    summed: NDArray[np.float64] = np.append(0.0, np.cumsum(times))
    so_far: NDArray[np.float64] = before * edges - summed[before]
    return so_far


def _hours(log: EventLog) -> tuple[NDArray[np.float64], pd.DatetimeIndex]:
    """The window cut at the clock's full hours: the edges (hours after it begins), and a moment within each part."""
    start = log.observed[0]
    past = (start - start.floor("h")) / pd.Timedelta(hours=1)
    full = np.arange(1, math.ceil(past + log.hours_observed)) - past
    edges = np.concatenate([[0.0], full, [log.hours_observed]])
    return edges, start + pd.to_timedelta((edges[:-1] + edges[1:]) / 2, unit="h")


def _on_duty(log: EventLog, rota: Rota) -> float:
    """Places of a rota, mean over the time observed."""
    edges, clock = _hours(log)
    of_week = np.asarray(clock.day_of_week * DAY + clock.hour)
    numbers = np.asarray(rota.by_hour, dtype=float)[of_week % len(rota.by_hour)]
    return float((numbers * np.diff(edges)).sum() / log.hours_observed)
