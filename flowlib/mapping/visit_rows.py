"""
What happened at each visit, as plain numbers?

The visits of a log, each person's together and in order of time, in hours since the log
begins. What a first model is made from, and what it is held against, is counted from
these. One frozen table serves the log of a hospital and that of a simulation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.pathway import EVERYONE
from flowlib.core.summaries import hours_between, person_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = ["DAY", "WEEK", "VisitRows", "run_rows", "visit_rows"]

DAY, WEEK = 24, 168
TIMES = ("at", "arrived", "started", "finished", "left")
BY_VISIT = (*TIMES, "who", "step", "group", "here", "gave_up", "turned_away", "told")


@dataclass(frozen=True)
class VisitRows:
    """
    Every visit of a log; arrays have one entry a visit.

    Times are hours since the log begins; NaN where there is none, below 0 for what came
    before. Steps and groups are places in `names` and `groups`.
    """

    names: list[str]  # of the steps, earlier in people's journeys first
    groups: list[str]  # kinds of person; one, "everyone", where the log has none
    who: NDArray[np.int64]
    step: NDArray[np.int64]
    group: NDArray[np.int64]
    at: NDArray[np.float64]  # first time known
    arrived: NDArray[np.float64]
    started: NDArray[np.float64]
    finished: NDArray[np.float64]
    left: NDArray[np.float64]
    here: NDArray[np.bool_]  # still there when the log ends
    gave_up: NDArray[np.bool_]
    turned_away: NDArray[np.bool_]
    told: NDArray[np.int64]  # where to next, by the log's own column; -1 for nowhere or not told
    turns: NDArray[np.float64]  # hours since the log began from which a clock holds: 0, and where clocks change
    zeros: NDArray[np.float64]  # the hour of the week, from Monday 00:00, that each clock gives to the log's beginning
    until: float  # when the log ends

    def __len__(self) -> int:
        return len(self.who)

    def keep(self, which: NDArray[np.bool_]) -> VisitRows:
        """These visits only."""
        return replace(self, **{name: getattr(self, name)[which] for name in BY_VISIT})

    def week_hour(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hour of the week by the clock on the wall, from Monday 00:00, at so many *hours* since the log began."""
        place = np.maximum(np.searchsorted(self.turns, hours, side="right") - 1, 0)
        return np.asarray((hours + self.zeros[place]) % WEEK)

    def day_hour(self, hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """The hour of the day, as `week_hour`."""
        return np.asarray(self.week_hour(hours) % DAY)

    @property
    def clock(self) -> NDArray[np.float64]:
        """The hour of the week of `at`."""
        return self.week_hour(self.at)

    @property
    def onward(self) -> NDArray[np.int64]:
        """The step of each person's next visit; where there is none, the one that the log names, or -1."""
        found = np.full(len(self), -1)
        same = np.flatnonzero(self.who[1:] == self.who[:-1])
        found[same] = self.step[same + 1]
        return np.where(found < 0, self.told, found)

    @property
    def came_from(self) -> NDArray[np.int64]:
        """The step of each person's visit before; -1 for the first."""
        found = np.full(len(self), -1)
        same = np.flatnonzero(self.who[1:] == self.who[:-1])
        found[same + 1] = self.step[same]
        return found


def visit_rows(log: EventLog) -> VisitRows:
    """
    The visits of *log* as numbers.

    >>> from flowlib.core import data
    >>> rows = visit_rows(data.journey())
    >>> rows.names[0], rows.groups
    ('Ambulance', ['everyone'])
    """
    seen = log.visits
    who = person_codes(seen, log.keys)
    order = np.argsort(who, kind="stable")
    names = log.steps
    group = seen["group"].fillna("").astype(str)
    codes, groups = pd.factorize(group.where(group != "", EVERYONE))
    hours = {name: np.asarray(hours_between(log.observed[0], seen[name]), dtype=np.float64)[order] for name in TIMES}
    outcome = seen["outcome"].to_numpy()[order]
    turns, zeros = _clocks(log)
    return VisitRows(
        names=names,
        groups=[str(one) for one in groups],
        who=who[order],
        step=pd.Index(names).get_indexer(seen["step"])[order],
        group=np.asarray(codes, dtype=np.int64)[order],
        here=outcome == "still_here",
        gave_up=outcome == "gave_up",
        turned_away=outcome == "turned_away",
        told=pd.Index(names).get_indexer(seen["next_step"].fillna(""))[order],
        turns=turns,
        zeros=zeros,
        until=log.hours_observed,
        **hours,
    )


def run_rows(log: EventLog, names: list[str]) -> VisitRows:
    """
    The same for one run of a simulation, many times as fast; *names* are its steps, in an order of one's own.

    >>> from flowlib import Arrivals, Constant, Pathway, Step, simulate
    >>> desk = Pathway("Desk", [Step("desk", None, Constant(2))], [Arrivals("desk", per_hour=3)])
    >>> log = simulate(desk, days=10, seed=1)
    >>> bool((run_rows(log, ["desk"]).left == visit_rows(log).left).all())
    False
    >>> bool(np.allclose(run_rows(log, ["desk"]).left, visit_rows(log).left, atol=1e-9, equal_nan=True))
    True
    """
    seen = log.arrays
    hours = {name: seen[name] for name in TIMES[1:]}
    at = hours["arrived"]
    for other in TIMES[2:]:
        at = np.where(np.isnan(at), hours[other], at)
    coded = seen.coded("person")
    who = coded.parts[0][0] if coded is not None else pd.factorize(seen["person"])[0]
    order = np.lexsort((at, who))
    codes, groups = pd.factorize(seen["group"])
    turns, zeros = _clocks(log)
    return VisitRows(
        names=names,
        groups=[str(one) for one in groups],
        who=np.asarray(who, dtype=np.int64)[order],
        step=pd.Index(names).get_indexer(pd.Index(seen["step"]))[order],
        group=np.asarray(codes, dtype=np.int64)[order],
        at=at[order],
        here=seen.equals("outcome", "still_here")[order],
        gave_up=seen.equals("outcome", "gave_up")[order],
        turned_away=seen.equals("outcome", "turned_away")[order],
        told=pd.Index(names).get_indexer(pd.Index(seen["next_step"]))[order],
        turns=turns,
        zeros=zeros,
        until=log.hours_observed,
        **{name: values[order] for name, values in hours.items()},
    )


def _clocks(log: EventLog) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From when each clock holds, hours since the log began, and the hour of the week it gives to that beginning."""
    first = log.observed[0]
    edges = pd.date_range(first.tz_convert("UTC"), log.observed[1].tz_convert("UTC"), freq="15min")
    ahead = hours_between(edges.tz_localize(None), edges.tz_convert(first.tz).tz_localize(None)).to_numpy()
    turns = np.flatnonzero(np.diff(ahead, prepend=np.nan))
    wall = first.tz_localize(None)
    zero = wall.day_of_week * DAY + hours_between(wall.normalize(), wall)
    return turns / 4, (zero + ahead[turns] - ahead[0]) % WEEK
