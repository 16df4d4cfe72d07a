"""
What is the journey really like: which steps, in which order, how often, and how long between?

A process map is counted from a log: each step, each move from one step to the next
(W. van der Aalst, "Process Mining", 2016, calls these directly-follows relations),
and each way that people went (variants).

Whoever joined before the log begins is in it only if still there when it begins, and
so has stayed long. They count on the map, but not in rates and lengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway import EVERYONE, Arrivals, Pathway, Route, Step
from flowlib.core.privacy import FEWEST, suppress
from flowlib.mapping.lengths import hours_covered, median_length, stay_lengths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.core.eventlog import EventLog

__all__ = ["END", "START", "ProcessMap", "process_map", "stay_lengths"]

START, END = "(start)", "(end)"
ROUNDING = 1e-6  # of a person


@dataclass(frozen=True)
class ProcessMap:
    """
    The journey as counted from a log.

    The frames hold full counts, for sums. Show `.table()`, `.edge_table()` and
    `.variant_table()`, which hide what describes fewer than 8 people.
    """

    log: EventLog

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Each step: `step, visits, people, per_person, mean_wait_hours, median_wait_hours, median_step_hours`."""
        seen = self.log.visits
        waits, stays = self.log.waits(), self.log.times_in_step()
        grouped = seen.groupby("step", sort=False)
        people = seen.drop_duplicates([*self.log.keys, "step"]).groupby("step").size()
        made = pd.DataFrame({"visits": grouped.size(), "people": people})
        made["per_person"] = made["visits"] / made["people"]
        made["mean_wait_hours"] = waits["mean_hours"]
        made["median_wait_hours"] = waits["median_hours"]
        made["median_step_hours"] = stays["median_hours"]
        return made.loc[self.log.steps].rename_axis("step").reset_index()

    @cached_property
    def edges(self) -> pd.DataFrame:
        """
        Each move from one step to the next: `from_step, to_step, count, median_hours`, commonest first.

        Hours run from the end of care at the one to the first time known at the other.
        """
        moves = self._moves
        made = moves.groupby(["from_step", "to_step"], sort=False)["hours"].agg(["size", "median"]).reset_index()
        made.columns = pd.Index(["from_step", "to_step", "count", "median_hours"])
        return made.sort_values("count", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def variants(self) -> pd.DataFrame:
        """
        Each way that people went: `variant` (steps in order), `count`, `share`, `median_hours`, commonest first.

        People still on the way count as taking at least so long (Kaplan-Meier); the
        median is missing where too many of them are to say.
        """
        journeys = self.log.journeys()
        grouped = journeys.groupby("variant", sort=False)
        made = grouped.size().rename("count").reset_index()
        made["share"] = made["count"] / made["count"].sum()
        made["median_hours"] = [median_length(part["hours"], part["still_here"]) for _, part in grouped]
        return made.sort_values("count", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def ends(self) -> pd.DataFrame:
        """How many journeys begin and end at each step: `step, first, last`; those under way have no end yet."""
        ways = self.log.journeys()
        first = ways["variant"].str[0].value_counts()
        last = ways.loc[~ways["still_here"], "variant"].str[-1].value_counts()
        made = pd.DataFrame({"first": first, "last": last}).reindex(self.log.steps).fillna(0).astype(int)
        return made.rename_axis("step").reset_index()

    def commonest(self, share: float) -> int:
        """
        How many variants, commonest first, cover *share* (0 to 1) of the people.

        A map of one ward shows one variant for nearly everybody; a real one rarely does.
        """
        checks.share("share", share)
        covered = self.variants["count"].cumsum().to_numpy()
        return int(np.searchsorted(covered, share * covered[-1] - ROUNDING) + 1)

    def table(self) -> pd.DataFrame:
        """The steps as they may be shown."""
        made = self.steps.drop(columns="per_person")
        hours = ["mean_wait_hours", "median_wait_hours", "median_step_hours"]
        return suppress(
            made, counts=["visits", "people"], describes=hours, people="people", synthetic=self.log.synthetic
        )

    def edge_table(self) -> pd.DataFrame:
        """The moves as they may be shown; those of fewer than 8 people are left out, however often they made them."""
        who = self._moves.drop_duplicates(["from_step", "to_step", *self.log.keys])
        people = who.groupby(["from_step", "to_step"]).size()
        moves = pd.MultiIndex.from_frame(self.edges[["from_step", "to_step"]])
        kept = self.edges[people.reindex(moves).to_numpy() >= FEWEST]
        return suppress(kept, counts=["count"], describes=["median_hours"], synthetic=self.log.synthetic)

    def variant_table(self, most: int = 10) -> pd.DataFrame:
        """The commonest ways as they may be shown; rare ones are together in the last row."""
        common = self.variants[self.variants["count"] >= FEWEST].head(most)
        rest = self.variants.drop(common.index)
        made = common[["count", "median_hours"]].rename(columns={"count": "people"})
        made.insert(0, "way", [" → ".join(way) for way in common["variant"]])
        if len(rest):
            name = f"{len(rest):,} other ways" if len(rest) > 1 else "1 other way"
            others = {"way": name, "people": rest["count"].sum(), "median_hours": np.nan}
            made = pd.concat([made, pd.DataFrame([others])], ignore_index=True)
        return suppress(made, counts=["people"], describes=["median_hours"], synthetic=self.log.synthetic)

    def to_pathway(
        self,
        *,
        capacity: Mapping[str, int | None] | None = None,
        queue_limit: Mapping[str, int] | None = None,
        only: list[str] | None = None,
    ) -> Pathway:
        """
        A Pathway that behaves like this log: its arrivals by hour, times, and shares onward.

        Steps without a *capacity* are pure delays, whatever was waited there, for those
        who were not turned away. At steps with one, everybody who came asks for a place;
        with a *queue_limit* too, whoever finds so many waiting is turned away. *only*
        keeps some steps; people then come to the first of them as they did in the log.
        Stays that have not ended are allowed for. Left out: giving up, and time between
        steps. Raises a `Refusal` where a step has no begin and end.
        """
        places, limits = dict(capacity or {}), dict(queue_limit or {})
        names = list(only) if only else self.log.steps
        for name in names:
            checks.choice("step", name, self.log.steps, where="in the log")
        for name in (*places, *limits):
            checks.choice("step", name, names, where="among those kept")
        steps = []
        for name in names:
            room, limit = places.get(name), limits.get(name)
            time = stay_lengths(self.log, name, with_wait=room is None)
            steps.append(
                Step(name, room, time, queue_limit=limit, when_full="wait_upstream" if limit is None else "turn_away")
            )
        delays = [name for name in names if places.get(name) is None]
        seen = self.log.visits
        seen = seen[(seen["outcome"] != "turned_away") | ~seen["step"].isin(delays)]
        title = self.log.name or "From a log"
        return Pathway(title, tuple(steps), self._arrivals(seen, names), self._routes(seen, names))

    @cached_property
    def _moves(self) -> pd.DataFrame:
        seen = self.log.visits
        grouped = seen.groupby(self.log.keys, sort=False)
        done = seen["finished"].fillna(seen["until"])
        hours = (grouped["at"].shift(-1) - done).dt.total_seconds() / 3600
        after = seen[self.log.keys].assign(from_step=seen["step"], to_step=grouped["step"].shift(-1), hours=hours)
        return after.dropna(subset=["to_step"])

    def _arrivals(self, seen: pd.DataFrame, names: list[str]) -> tuple[Arrivals, ...]:
        """Rates by hour of the day at which people come to these steps from outside them."""
        came_from = seen.groupby(self.log.keys, sort=False)["step"].shift(1)
        new = seen[seen["step"].isin(names) & ~came_from.isin(names) & (seen["at"] >= self.log.observed[0])]
        covered = hours_covered(self.log, "hour")
        found = []
        for step, rows in new.groupby("step", sort=False):
            counts = rows["at"].dt.hour.value_counts().reindex(covered.index, fill_value=0)
            rates = (counts / covered).where(covered > 0, 0.0)
            found.append(Arrivals(str(step), EVERYONE, per_hour=tuple(rates.tolist())))
        return tuple(found)

    def _routes(self, seen: pd.DataFrame, names: list[str]) -> tuple[Route, ...]:
        """Shares onward of those who completed a step."""
        onward = seen.groupby(self.log.keys, sort=False)["step"].shift(-1)
        done = (seen["outcome"] != "still_here") & (seen["outcome"] != "turned_away")
        found = []
        for name in names:
            here = done & (seen["step"] == name)
            shares = onward[here].value_counts() / max(int(here.sum()), 1)
            found += [Route(name, str(to), float(share)) for to, share in shares.items() if to in names]
        return tuple(found)


def process_map(log: EventLog) -> ProcessMap:
    """
    The journey as counted from *log*.

    >>> from flowlib.core import data
    >>> made = process_map(data.journey())
    >>> made.edges["from_step"][0], made.edges["to_step"][0]
    ('Ambulance', 'Handover')
    """
    checks.need(len(log), "The log has no rows, so there is nothing to map.")
    return ProcessMap(log)
