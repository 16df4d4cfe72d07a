"""
What is the journey really like: which steps, in which order, how often, and how long between?

A process map is counted from a log: each step, each move from one step to the next
(W. van der Aalst, "Process Mining", 2016, calls these directly-follows relations),
and each way that people went (variants).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.eventlog import TIMES, EventLog, first_known
from flowlib.core.pathway import EVERYONE, Arrivals, Pathway, Route, Step
from flowlib.core.privacy import FEWEST, suppress
from flowlib.core.variation import Constant, Distribution, Empirical

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["END", "START", "ProcessMap", "process_map", "stay_lengths"]

START, END = "(start)", "(end)"
SHARES = 400  # points of the curve kept when stays that have not ended are allowed for


@dataclass(frozen=True)
class ProcessMap:
    """
    The journey as counted from a log.

    The frames hold full counts, for sums. Show `.table()` and `.variant_table()`, which
    hide what describes fewer than 8 people.
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
        """Each way that people went: `variant` (steps in order), `count`, `share`, `median_hours`, commonest first."""
        journeys = self.log.journeys()
        made = journeys.groupby("variant", sort=False)["hours"].agg(["size", "median"]).reset_index()
        made.columns = pd.Index(["variant", "count", "median_hours"])
        made = made.sort_values("count", ascending=False, kind="stable", ignore_index=True)
        made.insert(2, "share", made["count"] / made["count"].sum())
        return made

    @cached_property
    def ends(self) -> pd.DataFrame:
        """How many journeys begin and end at each step: `step, first, last`."""
        seen = self.log.visits
        grouped = seen.groupby(self.log.keys, sort=False)["step"]
        first, last = grouped.first().value_counts(), grouped.last().value_counts()
        made = pd.DataFrame({"first": first, "last": last}).reindex(self.log.steps).fillna(0).astype(int)
        return made.rename_axis("step").reset_index()

    def commonest(self, share: float) -> int:
        """
        How many variants, commonest first, cover *share* (0 to 1) of the people.

        A map of one ward shows one variant for nearly everybody; a real one rarely does.
        """
        checks.share("share", share)
        return int(np.searchsorted(self.variants["share"].cumsum().to_numpy(), share - 1e-12) + 1)

    def table(self) -> pd.DataFrame:
        """The steps as they may be shown."""
        made = self.steps.drop(columns="per_person")
        hours = ["mean_wait_hours", "median_wait_hours", "median_step_hours"]
        return suppress(
            made, counts=["visits", "people"], describes=hours, people="people", synthetic=self.log.synthetic
        )

    def edge_table(self) -> pd.DataFrame:
        """The moves as they may be shown; those of fewer than 8 people are left out."""
        kept = self.edges[self.edges["count"] >= FEWEST]
        return suppress(kept, counts=["count"], describes=["median_hours"], synthetic=self.log.synthetic)

    def variant_table(self, most: int = 10) -> pd.DataFrame:
        """The commonest ways as they may be shown; rare ones are together in the last row."""
        common = self.variants[self.variants["count"] >= FEWEST].head(most)
        rest = self.variants.drop(common.index)
        made = common[["count", "median_hours"]].rename(columns={"count": "people"})
        made.insert(0, "way", [" → ".join(way) for way in common["variant"]])
        if len(rest):
            others = {"way": f"{len(rest):,} other ways", "people": rest["count"].sum(), "median_hours": np.nan}
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

        Steps without a *capacity* are pure delays, whatever was waited there. *only*
        keeps some steps; people then come to the first of them as they did in the
        log. Stays that have not ended are allowed for. A step with a *queue_limit*
        turns people away. Raises a `Refusal` where a step has no begin and end.
        """
        names = [self.log.visits["step"].iloc[0]] if not self.log.steps else (only or self.log.steps)
        for name in (*names, *(capacity or {}), *(queue_limit or {})):
            checks.choice("step", name, self.log.steps, where="in the log")
        steps = []
        for name in names:
            places = (capacity or {}).get(name)
            limit = (queue_limit or {}).get(name)
            time = stay_lengths(self.log, name, with_wait=places is None)
            steps.append(
                Step(name, places, time, queue_limit=limit, when_full="turn_away" if limit else "wait_upstream")
            )
        return Pathway(self.log.name or "From a log", tuple(steps), self._arrivals(names), self._routes(names))

    @cached_property
    def _moves(self) -> pd.DataFrame:
        seen = self.log.visits
        grouped = seen.groupby(self.log.keys, sort=False)
        done = seen["finished"].fillna(seen["until"])
        hours = (grouped["at"].shift(-1) - done).dt.total_seconds() / 3600
        after = pd.DataFrame({"from_step": seen["step"], "to_step": grouped["step"].shift(-1), "hours": hours})
        return after.dropna(subset=["to_step"])

    def _arrivals(self, names: list[str]) -> tuple[Arrivals, ...]:
        """Rates by hour of the day at which people come to these steps from outside them."""
        seen = self.log.visits
        inside = seen[seen["step"].isin(names)]
        came_from = seen.groupby(self.log.keys, sort=False)["step"].shift(1).reindex(inside.index)
        new = inside[~came_from.isin(names)]
        days = self.log.hours_observed / 24 * (inside["run"].nunique() if "run" in inside else 1)
        found = []
        for step, rows in new.groupby("step", sort=False):
            by_hour = rows["at"].dt.hour.value_counts().reindex(range(24), fill_value=0)
            found.append(Arrivals(str(step), EVERYONE, per_hour=tuple((by_hour / days).tolist())))
        return tuple(found)

    def _routes(self, names: list[str]) -> tuple[Route, ...]:
        """Shares onward of those who completed a step."""
        seen = self.log.visits
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


def stay_lengths(log: EventLog, step: str, *, with_wait: bool = False) -> Distribution:
    """
    How long people hold a place at *step*: from beginning to giving it up, hours.

    Stays that have not ended count as at least so long (Kaplan-Meier); without them,
    long stays near the end of the log would be missing, and stays look too short.
    `with_wait=True` counts from joining the queue instead.
    """
    rows = log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]
    begin = rows["arrived"].fillna(rows["started"]) if with_wait else rows["started"].fillna(rows["arrived"])
    begin = begin.fillna(first_known(rows))
    end = rows["left"].fillna(rows["finished"])
    here = (rows["outcome"] == "still_here") & end.isna() & begin.notna()
    if not with_wait:
        here &= rows["started"].notna()
    whole = begin.notna() & end.notna() & (rows["outcome"] != "turned_away")
    ended = np.asarray(((end - begin).dt.total_seconds() / 3600)[whole], dtype=np.float64)
    checks.need(
        len(ended) >= FEWEST,
        f'Fewer than {FEWEST} visits to "{step}" have both a begin and an end, too few to describe.',
    )
    if all(rows[time].isna().all() for time in TIMES if time != "finished"):
        return Constant(0.0)
    so_far = np.asarray(((log.observed[1] - begin).dt.total_seconds() / 3600)[here], dtype=np.float64)
    if not len(so_far):
        return Empirical(ended)
    from scipy import stats  # noqa: PLC0415 - heavy, so only when used

    reached = stats.ecdf(stats.CensoredData(uncensored=ended, right=so_far)).cdf
    shares = (np.arange(SHARES) + 0.5) / SHARES
    place = np.minimum(np.searchsorted(reached.probabilities, shares), len(reached.quantiles) - 1)
    return Empirical(reached.quantiles[place])
