"""
Who went from which step to which, and how long was it between?

The visits of a log as numbers, each person's together and in order of time; what a map
counts is counted from these. Hours between two steps run from the end of care at the one
to the first time known at the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.summaries import person_codes, sorted_places
from flowlib.mapping.medians import MISSING, middles, stamps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog

__all__ = ["InOrder", "care_begins", "edge_people", "edges", "in_order", "people_at", "step_ends"]

FEW_PAIRS = 10_000  # of steps; a count for each pair that could be takes less than to find those that are
ROOM = 8  # bytes for each visit that may be spent on marks


@dataclass(frozen=True)
class InOrder:
    """
    Every visit as numbers, each person's visits together and in order of time.

    Times are microseconds since 1970 in UTC. Arrays have one entry a visit, but *first*
    and *size* one a person, by who comes first.
    """

    names: list[str]  # of the steps, earlier in people's journeys first
    rows: NDArray[np.int64]  # place in the log's `visits`
    who: NDArray[np.int64]
    step: NDArray[np.int64]  # place in `names`
    came: NDArray[np.int64]  # first time known
    done: NDArray[np.int64]  # end of care; the last time known where that is not
    until: NDArray[np.int64]  # last time known; the end of the log for those still there
    here: NDArray[np.bool_]  # still there when the log ends
    first: NDArray[np.int64]  # where a person's visits begin
    size: NDArray[np.int64]  # how many they are

    @property
    def onward(self) -> NDArray[np.int64]:
        """The places of visits that another visit of the same person follows."""
        return np.flatnonzero(np.diff(self.who, append=-1) == 0)

    @property
    def under_way(self) -> NDArray[np.bool_]:
        """Whether each person is still there."""
        return np.logical_or.reduceat(self.here, self.first)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How long each person's journey is, microseconds; so far for those under way."""
        return np.maximum.reduceat(self.until, self.first) - self.came[self.first]


def in_order(log: EventLog) -> InOrder:
    """The visits of *log* as numbers."""
    seen = log.visits
    who = person_codes(seen, log.keys)
    rows, size = sorted_places(who), np.bincount(who)
    here = (seen["outcome"] == "still_here").to_numpy(dtype=bool)
    end = stamps(pd.Series([log.observed[1]]))[0]
    came, last, finished = (stamps(seen[time]) for time in ("at", "until", "finished"))
    done = np.where(finished == MISSING, last, finished)
    until = np.where(here, end, last)
    codes, found = pd.factorize(seen["step"])
    names = log.steps
    place = np.asarray([names.index(str(name)) for name in found], dtype=np.int64)
    return InOrder(
        names=names,
        rows=rows,
        who=np.repeat(np.arange(len(size)), size),
        step=place[codes[rows]],
        came=came[rows],
        done=done[rows],
        until=until[rows],
        here=here[rows],
        first=np.cumsum(size) - size,
        size=size,
    )


def care_begins(log: EventLog, visits: InOrder) -> NDArray[np.int64]:
    """
    When care began at each visit, microseconds.

    For those who wait still, the end of the log; for those who gave up, when they did;
    where the log does not say, the first time known.
    """
    seen = log.visits
    started = stamps(seen["started"])[visits.rows]
    waits = (seen["waiting"] | (seen["outcome"] == "gave_up")).to_numpy(dtype=bool)[visits.rows]
    return np.where(started != MISSING, started, np.where(waits, visits.until, visits.came))


def edges(visits: InOrder) -> pd.DataFrame:
    """Each move: `from_step, to_step, count, median_hours`, commonest first; of equal counts, the first seen."""
    leaving = visits.onward
    known, kind = _kinds(visits, leaving)
    count = np.bincount(kind, minlength=len(known))
    seen_first = np.full(len(known), len(visits.rows))
    np.minimum.at(seen_first, kind, visits.rows[leaving])
    median = middles(kind, visits.came[leaving + 1] - visits.done[leaving], len(known))
    order = np.lexsort((seen_first, -count))[: int((count > 0).sum())]
    names = np.asarray(visits.names, dtype=object)
    one, other = np.divmod(known[order], len(names))
    return pd.DataFrame(
        {
            "from_step": pd.Series(names[one], dtype="str"),
            "to_step": pd.Series(names[other], dtype="str"),
            "count": count[order],
            "median_hours": median[order],
        }
    )


def edge_people(visits: InOrder) -> pd.Series:
    """How many different people made each move, by `from_step` and `to_step`."""
    leaving = visits.onward
    known, kind = _kinds(visits, leaving)
    there, people = _different(kind, visits.who[leaving], max(len(known), 1))
    names = np.asarray(visits.names, dtype=object)
    one, other = np.divmod(known[there], len(names))
    index = pd.MultiIndex.from_arrays([names[one], names[other]], names=["from_step", "to_step"])
    return pd.Series(people, index=index)


def people_at(visits: InOrder) -> NDArray[np.int64]:
    """How many different people were at each step, in the order of `names`."""
    step, people = _different(visits.step, visits.who, len(visits.names))
    found = np.zeros(len(visits.names), dtype=np.int64)
    found[step] = people
    return found


def step_ends(visits: InOrder) -> pd.DataFrame:
    """How many journeys begin and end at each step: `step, first, last`; those under way have no end yet."""
    last = visits.first + visits.size - 1
    steps = len(visits.names)
    ended = visits.step[last[~visits.under_way]]
    first = np.bincount(visits.step[visits.first], minlength=steps)
    return pd.DataFrame({"step": visits.names, "first": first, "last": np.bincount(ended, minlength=steps)})


def _kinds(visits: InOrder, leaving: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for each pair of steps, and for each move the place of its pair among them."""
    steps = len(visits.names)
    kind = visits.step[leaving] * steps + visits.step[leaving + 1]
    if steps**2 <= FEW_PAIRS:
        return np.arange(steps**2), kind
    known, place = np.unique(kind, return_inverse=True)  # of many steps, most pairs are no move
    return known, place


def _different(
    kind: NDArray[np.int64], who: NDArray[np.int64], kinds: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The kinds that are there, and how many different people each has."""
    pairs, most = who * kinds + kind, (int(who.max(initial=-1)) + 1) * kinds
    if most <= ROOM * len(pairs):  # a mark for each pair that could be takes less than to sort those that are
        marked = np.zeros(most, dtype=bool)
        marked[pairs] = True
        people = np.count_nonzero(marked.reshape(-1, kinds), axis=0)
    else:
        pairs = np.sort(pairs)
        people = np.bincount(pairs[np.diff(pairs, prepend=-1) > 0] % kinds, minlength=kinds)
    there = np.flatnonzero(people)
    return there, people[there]
