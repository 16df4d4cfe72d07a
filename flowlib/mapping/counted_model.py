"""
What do the plain counts of a log give as a Pathway?

Measured times, rates by hour of the day, shares onward, one kind of person; nothing is
inferred. `flowlib.mapping.model` makes a fuller one, with intervals. Hours, and people an
hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowlib.core import checks
from flowlib.core.pathway import EVERYONE, Arrivals, Pathway, Route, Step
from flowlib.mapping.lengths import hours_covered, stay_lengths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from flowlib.core.eventlog import EventLog

__all__ = ["as_counted"]


def as_counted(
    log: EventLog, capacity: Mapping[str, int | None], queue_limit: Mapping[str, int], only: Sequence[str] | None
) -> Pathway:
    """
    The plain counts of *log* as a Pathway: measured times, rates by hour of the day, one kind of person.

    Steps without a *capacity* are pure delays. Nothing is inferred; see
    `ProcessMap.to_pathway`.
    """
    places, limits = dict(capacity), dict(queue_limit)
    names = list(only) if only else log.steps
    for name in names:
        checks.choice("step", name, log.steps, where="in the log")
    for name in (*places, *limits):
        checks.choice("step", name, names, where="among those kept")
    steps = []
    for name in names:
        room, limit = places.get(name), limits.get(name)
        time = stay_lengths(log, name, with_wait=room is None)
        full: Any = "wait_upstream" if limit is None else "turn_away"
        steps.append(Step(name, room, time, queue_limit=limit, when_full=full))
    delays = [name for name in names if places.get(name) is None]
    seen = log.visits
    seen = seen[(seen["outcome"] != "turned_away") | ~seen["step"].isin(delays)]
    title = log.name or "From a log"
    return Pathway(title, tuple(steps), _rates(log, seen, names), _shares(log, seen, names))


def _rates(log: EventLog, seen: pd.DataFrame, names: list[str]) -> tuple[Arrivals, ...]:
    """Rates by hour of the day at which people come to these steps from outside them."""
    came_from = seen.groupby(log.keys, sort=False)["step"].shift(1)
    new = seen[seen["step"].isin(names) & ~came_from.isin(names) & (seen["at"] >= log.observed[0])]
    covered = hours_covered(log, "hour")
    found = []
    for step, rows in new.groupby("step", sort=False):
        counts = rows["at"].dt.hour.value_counts().reindex(covered.index, fill_value=0)
        rates = (counts / covered).where(covered > 0, 0.0)
        found.append(Arrivals(str(step), EVERYONE, per_hour=tuple(rates.tolist())))
    return tuple(found)


def _shares(log: EventLog, seen: pd.DataFrame, names: list[str]) -> tuple[Route, ...]:
    """Shares onward of those who completed a step."""
    onward = seen.groupby(log.keys, sort=False)["step"].shift(-1)
    done = (seen["outcome"] != "still_here") & (seen["outcome"] != "turned_away")
    found = []
    for name in names:
        here = done & (seen["step"] == name)
        shares = onward[here].value_counts() / max(int(here.sum()), 1)
        found += [Route(name, str(to), float(share)) for to, share in shares.items() if to in names]
    return tuple(found)
