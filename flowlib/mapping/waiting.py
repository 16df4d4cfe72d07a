"""
Where do people wait: how many hours in all, for which step?

A wait runs from joining a step's queue to the beginning of care there; for those who
wait still, to the end of the log, and for those who gave up, until then. Who has finished
one step, and keeps the place there until the next has room, waits for the next. In a log
with one time an event there are no waits, so the hours since the step before stand in.
Only people who joined while the log was kept count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.privacy import FEWEST, suppress
from flowlib.mapping.medians import MICROSECONDS, MISSING, stamps
from flowlib.mapping.moves import people_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.moves import InOrder

__all__ = ["Waiting", "waiting"]


@dataclass(frozen=True)
class Waiting:
    """The hours that people wait, by step."""

    table: pd.DataFrame  # step, visits, people, mean_wait_hours, waiting_hours (in all), share_of_waiting (0 to 1)
    known: NDArray[np.int64]  # of how many people the hours at each step are known
    basis: str  # "waiting", or "gap" where the log has one time an event
    synthetic: bool

    def sentence(self) -> str:
        """The finding in plain words."""
        if not self.table["waiting_hours"].sum() > 0:
            return "Nobody waits in this log, or no waits are recorded."
        shown = self._among_shown()
        if not shown["share_of_waiting"].notna().any():
            return "Too few people are in this log to say where they wait."
        most = shown.loc[shown["waiting_hours"].where(shown["share_of_waiting"].notna()).idxmax()]
        share = f"{100 * most['share_of_waiting']:.0f} in every 100 hours"
        where = (
            "" if self.synthetic or (shown["waiting_hours"].notna()).all() else f" at steps of {FEWEST} people or more"
        )
        if self.basis == "gap":
            return f"Of the time between steps{where}, {share} are before {most['step']}. A gap is not always a wait."
        return f"Of the time that people wait{where}, {share} are for {most['step']}."

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown; shares are of the hours at those steps, so that they tell of no other."""
        made = self._among_shown()
        share = made["share_of_waiting"]
        made = made.assign(share_of_waiting=["" if np.isnan(one) else f"{100 * one:.0f}%" for one in share])
        describes = ["mean_wait_hours", "waiting_hours", "share_of_waiting"]
        return suppress(
            made, counts=["visits", "people"], describes=describes, people="people", synthetic=self.synthetic
        )

    def _among_shown(self) -> pd.DataFrame:
        """The table without the hours of few people; of real ones, shares are of the hours that are left."""
        safe = (self.table["people"] >= FEWEST) & ((self.known == 0) | (self.known >= FEWEST))
        made = self.table.copy()
        made[["mean_wait_hours", "waiting_hours", "share_of_waiting"]] = made[
            ["mean_wait_hours", "waiting_hours", "share_of_waiting"]
        ].where(safe)
        hours = made["waiting_hours"]
        if not self.synthetic:
            made["share_of_waiting"] = hours / hours.sum() if hours.sum() > 0 else np.nan
        return made


def waiting(log: EventLog, visits: InOrder) -> Waiting:
    """Where people wait in *log*, whose visits are *visits*; steps in order."""
    recorded = bool(log.visits["wait_hours"].notna().any())
    steps = len(visits.names)
    counted = visits.came >= stamps(pd.Series([log.observed[0]]))[0]
    made = pd.DataFrame({"step": visits.names, "visits": np.bincount(visits.step, minlength=steps)})
    made["people"] = people_at(visits)
    if recorded:
        hours = _queued(log).to_numpy()[visits.rows]
        made["mean_wait_hours"] = log.waits()["mean_hours"].reindex(visits.names).to_numpy()
        onward, blocked = _blocked(log, visits)
    else:
        hours, onward = _gaps(visits), np.full(len(visits.rows), -1)
        blocked = np.zeros(len(visits.rows))
        counted = np.ones(len(visits.rows), dtype=bool)
        made["mean_wait_hours"] = pd.Series(hours).groupby(visits.step).mean().reindex(range(steps)).to_numpy()
    total = _by_step(hours, visits.step, counted, steps) + _by_step(blocked, onward, counted & (onward >= 0), steps)
    made["waiting_hours"] = total
    made["share_of_waiting"] = total / total.sum() if total.sum() > 0 else np.nan
    pairs = np.unique(visits.who[~np.isnan(hours)] * steps + visits.step[~np.isnan(hours)])
    known = np.bincount(pairs % steps, minlength=steps)
    return Waiting(made, known, "waiting" if recorded else "gap", log.synthetic)


def _by_step(
    hours: NDArray[np.float64], step: NDArray[np.int64], counted: NDArray[np.bool_], steps: int
) -> NDArray[np.float64]:
    return np.bincount(step[counted], weights=np.nan_to_num(hours[counted]), minlength=steps).astype(float)


def _queued(log: EventLog) -> pd.Series:
    """Each visit's hours in the queue; those who wait still, so far."""
    seen = log.visits
    so_far = (log.observed[1] - seen["arrived"]).dt.total_seconds() / 3600
    gave_up = (seen["left"] - seen["arrived"]).dt.total_seconds().where(seen["outcome"] == "gave_up") / 3600
    return seen["wait_hours"].fillna(so_far.where(seen["waiting"])).fillna(gave_up)


def _blocked(log: EventLog, visits: InOrder) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each visit the step that comes next (-1 for none), and the hours that its place was kept after care."""
    seen = log.visits
    codes, names = pd.factorize(seen["next_step"])
    told = np.asarray([visits.names.index(name) if name in visits.names else -1 for name in names], dtype=np.int64)
    onward = np.where(codes >= 0, told[codes], -1)[visits.rows] if len(told) else np.full(len(codes), -1)
    finished, left = (stamps(seen[time])[visits.rows] for time in ("finished", "left"))
    kept = np.where((left == MISSING) & visits.here, visits.until, left)
    before = visits.onward
    onward[before] = visits.step[before + 1]
    kept[before] = np.minimum(kept[before], visits.came[before + 1])
    known = (finished != MISSING) & (kept != MISSING)
    return onward, np.where(known, kept - finished, 0).clip(min=0) / MICROSECONDS


def _gaps(visits: InOrder) -> NDArray[np.float64]:
    """Hours since the same person's step before; NaN at the first."""
    hours = np.full(len(visits.rows), np.nan)
    before = visits.onward
    hours[before + 1] = (visits.came[before + 1] - visits.until[before]).clip(min=0) / MICROSECONDS
    return hours
