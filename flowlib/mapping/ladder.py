"""
What does one journey look like in time: wait, care, wait, care?

A time ladder has a row a step, in order: the hours since the step before (or, at the
first, since joining), and the hours of care. The rows add up to the whole journey. Where
two visits overlap, the shared time counts once, at the earlier. Waiting to leave after
the last care is a row of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST
from flowlib.mapping.medians import MICROSECONDS
from flowlib.mapping.moves import care_begins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.mapping.moves import InOrder

__all__ = ["TO_LEAVE", "one_journey", "typical_journey"]

TO_LEAVE = "(waiting to leave)"


def one_journey(log: EventLog, visits: InOrder, person: object, run: int | None) -> pd.DataFrame:
    """
    The ladder of one made-up person: `step, wait, process_time, lead_time`, hours.

    Raises a `Refusal` where the log is of real people, or nobody is called so.
    """
    checks.need(
        log.synthetic,
        "This log is of real people, so no single person's journey is shown. Ask for typical_journey().",
    )
    several = "run" in log.frame and log.runs > 1
    checks.need(
        run is not None or not several,
        "This log has several runs, each with people of its own. Say which run: run=0.",
    )
    mine = log.visits["person"] == person
    if run is not None:
        checks.need("run" in log.frame, "This log has one run. Leave run out.")
        mine &= log.visits["run"] == run
    which = visits.who[mine.to_numpy(dtype=bool)[visits.rows]]
    checks.need(
        len(which), f"Nobody in this log is called {checks.brief(person)}. Look at log.frame for those who are."
    )
    waits, care, leaving = _rungs(log, visits, which[:1])
    begin = visits.first[which[0]]
    names = [visits.names[step] for step in visits.step[begin : begin + visits.size[which[0]]]]
    return _table(names, waits[0], care[0], float(leaving[0]))


def typical_journey(
    log: EventLog, visits: InOrder, of_person: NDArray[np.int64], variants: pd.DataFrame
) -> pd.DataFrame:
    """
    A made-up journey from the middles (medians) of the commonest way of 8 people or more: columns as `one_journey`.

    Journeys under way are left out. No row is one person's, and the middles of the
    parts do not add up to the middle of the whole. Raises a `Refusal` where no way has
    8 people at its end.
    """
    ended = np.bincount(of_person[~visits.under_way], minlength=len(variants))
    checks.need(
        (ended >= FEWEST).any(),
        f"No way was gone to its end by {FEWEST} people or more, so there is no typical journey to show.",
    )
    way = int(ended.argmax())
    people = np.flatnonzero((of_person == way) & ~visits.under_way)
    waits, care, leaving = (np.median(part, axis=0) for part in _rungs(log, visits, people))
    return _table(list(variants["variant"].iloc[way]), waits, care, float(leaving))


def _rungs(
    log: EventLog, visits: InOrder, people: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Hours of waiting and of care, people by steps, and of waiting to leave; these people have as many steps each."""
    place = visits.first[people][:, None] + np.arange(visits.size[people[0]])
    begins, ends = care_begins(log, visits)[place], visits.done[place]
    ends = np.maximum(np.where(visits.here[place], visits.until[place], ends), begins)
    reached = np.maximum.accumulate(ends, axis=1)
    before = np.concatenate([visits.came[place[:, :1]], reached[:, :-1]], axis=1)
    waits = (begins - before).clip(min=0)
    care = reached - before - waits
    leaving = (visits.until[place].max(axis=1) - reached[:, -1]).clip(min=0)
    return waits / MICROSECONDS, care / MICROSECONDS, leaving / MICROSECONDS


def _table(names: list[str], waits: NDArray[np.float64], care: NDArray[np.float64], leaving: float) -> pd.DataFrame:
    rows = [*zip(names, waits.tolist(), care.tolist(), strict=True), *([(TO_LEAVE, leaving, 0.0)] if leaving else [])]
    made = pd.DataFrame(rows, columns=["step", "wait", "process_time"])
    made["lead_time"] = made["wait"] + made["process_time"]
    return made
