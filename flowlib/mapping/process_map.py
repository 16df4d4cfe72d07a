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
from flowlib.core.eventlog import EventLog
from flowlib.core.privacy import FEWEST, rounded, suppress
from flowlib.mapping import ladder, moves, rework, ways
from flowlib.mapping.hand_offs import hand_offs
from flowlib.mapping.lengths import stay_lengths
from flowlib.mapping.waiting import waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from flowlib.core.pathway import Pathway
    from flowlib.mapping.hand_offs import HandOffs
    from flowlib.mapping.moves import InOrder
    from flowlib.mapping.waiting import Waiting
    from flowlib.mapping.ways import Ways

__all__ = ["END", "START", "ProcessMap", "process_map", "stay_lengths", "steps_told"]

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
    left_out: int = 0  # people of the whole log who went other ways than those on this map
    ways_left_out: int = 0

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Each step: `step, visits, people, per_person, mean_wait_hours, median_wait_hours, median_step_hours`."""
        waits, stays = self.log.waits(), self.log.times_in_step()
        made = pd.DataFrame(index=pd.Index(self.log.steps, name="step"))
        made["visits"] = np.bincount(self._visits.step, minlength=len(made))
        made["people"] = moves.people_at(self._visits)
        made["per_person"] = made["visits"] / made["people"]
        made["mean_wait_hours"] = waits["mean_hours"]
        made["median_wait_hours"] = waits["median_hours"]
        made["median_step_hours"] = stays["median_hours"]
        return made.reset_index()

    @cached_property
    def edges(self) -> pd.DataFrame:
        """
        Each move from one step to the next: `from_step, to_step, count, median_hours`, commonest first.

        Hours run from the end of care at the one to the first time known at the other.
        """
        return moves.edges(self._visits)

    @cached_property
    def edge_people(self) -> NDArray[np.int64]:
        """How many different people made each move, in the order of `edges`."""
        pairs = pd.MultiIndex.from_frame(self.edges[["from_step", "to_step"]])
        return np.asarray(moves.edge_people(self._visits).reindex(pairs), dtype=np.int64)

    @property
    def variants(self) -> pd.DataFrame:
        """
        Each way that people went: `variant` (steps in order), `count`, `share`, `median_hours`, commonest first.

        People still on the way count as taking at least so long (Kaplan-Meier); the
        median is missing where too many of them are to say.
        """
        return self._ways.table

    @cached_property
    def ends(self) -> pd.DataFrame:
        """How many journeys begin and end at each step: `step, first, last`; those under way have no end yet."""
        return moves.step_ends(self._visits)

    def commonest(self, share: float) -> int:
        """
        How many variants, commonest first, cover *share* (0 to 1) of the people.

        A map of one ward shows one variant for nearly everybody; a real one rarely does.
        """
        checks.share("share", share)
        covered = self.variants["count"].cumsum().to_numpy()
        return int(np.searchsorted(covered, share * covered[-1] - ROUNDING) + 1)

    @cached_property
    def cuts(self) -> list[int]:
        """After how many ways, commonest first, a map may stop: the places of a slider from the commonest to all."""
        return ways.cuts(self.variants["count"].to_numpy(), synthetic=self.log.synthetic)

    def main(self, share: float = 0.8) -> ProcessMap:
        """The map of the commonest ways, as many as cover *share* (0 to 1) of the people or a few more."""
        return self.only_ways(self.commonest(share))

    def only_ways(self, most: int) -> ProcessMap:
        """
        The map of the commonest *most* ways, and of a few more where a cut there could show a person (`cuts`).

        Who went other ways is in its `left_out` and `sentence()`. For sums over
        everybody, and for a Pathway, keep to the whole map.
        """
        wanted = checks.whole("most", most, 1)
        stop = next((cut for cut in self.cuts if cut >= wanted), self.cuts[-1])
        if stop == len(self.variants):
            return self
        stays = self._ways.of_person < stop
        rows = np.sort(self._visits.rows[stays[self._visits.who]])
        kept = self.log.visits[self.log.frame.columns].iloc[rows].reset_index(drop=True)
        log = EventLog(
            kept, observed=self.log.observed, name=self.log.name, synthetic=self.log.synthetic,
            quality=self.log.quality, runs=self.log.runs,
        )  # fmt: skip
        others = len(self.variants) - stop
        return ProcessMap(log, self.left_out + int((~stays).sum()), self.ways_left_out + others)

    def sentence(self) -> str:
        """How much of the log is on this map, in plain words."""
        on, all_ways = len(self._visits.first), len(self.variants) + self.ways_left_out
        everybody, gone = (
            f"fewer than {FEWEST}" if 0 < n < FEWEST else rounded(n, synthetic=self.log.synthetic)
            for n in (on + self.left_out, self.left_out)
        )
        if not self.left_out and 0 < on < FEWEST:
            few = f"Fewer than {FEWEST} people are on this map, and nobody is left out"
            return f"{few}; they went {_many(all_ways, 'way')}."
        if not self.left_out:
            return f"All {everybody} people are on this map; they went {_many(all_ways, 'way')}."
        shown = f"This map shows the commonest {_many(len(self.variants), 'way')} of {all_ways:,}."
        gone = "some" if on + self.left_out < FEWEST else gone
        return f"{shown} Left out are {gone} of {everybody} people, who went other ways."

    @cached_property
    def rework(self) -> pd.DataFrame:
        """
        Returns to a step: `step, people, people_back, share_back, times_back, at_once`, and hours of all of them.

        `hours_away` run from leaving to coming back, `hours_again` from coming back to
        leaving; `hours_lost` are both (`flowlib.mapping.rework`).
        """
        return rework.rework(self._visits)

    def rework_table(self) -> pd.DataFrame:
        """The returns as they may be shown."""
        return rework.rework_shown(self.rework, synthetic=self.log.synthetic)

    def hand_offs(self, teams: Mapping[str, str] | str) -> HandOffs:
        """
        Hand-offs between *teams*: a team for each step, or the column of the log that holds them.

        >>> from flowlib.core import data
        >>> made = process_map(data.journey())
        >>> teams = {step: "ward" if "ward" in step.lower() else "others" for step in made.log.steps}
        >>> made.hand_offs(teams).journeys["hand_offs"].tolist()
        [0, 1, 2]
        """
        return hand_offs(self.log, self._visits, teams)

    @cached_property
    def waiting(self) -> Waiting:
        """Where people wait: the hours in all, by step."""
        return waiting(self.log, self._visits)

    def journey(self, person: object, *, run: int | None = None) -> pd.DataFrame:
        """
        One made-up person's journey as a time ladder: `step, wait, process_time, lead_time`, hours.

        Raises a `Refusal` for a log of real people: no single journey is shown.
        """
        return ladder.one_journey(self.log, self._visits, person, run)

    def typical_journey(self) -> pd.DataFrame:
        """
        A ladder made of middles (medians) of the commonest way that 8 people or more went to its end.

        >>> from flowlib.core import data
        >>> process_map(data.journey()).typical_journey()["step"][0]
        'Ambulance'
        """
        return ladder.typical_journey(self.log, self._visits, self._ways.of_person, self.variants)

    def table(self) -> pd.DataFrame:
        """The steps as they may be shown."""
        made = steps_told(self).drop(columns="per_person")
        hours = ["mean_wait_hours", "median_wait_hours", "median_step_hours"]
        return suppress(
            made, counts=["visits", "people"], describes=hours, people="people", synthetic=self.log.synthetic
        )

    def edge_table(self) -> pd.DataFrame:
        """The moves as they may be shown; those of fewer than 8 people are left out, however often they made them."""
        kept = self.edges[self.edge_people >= FEWEST]
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
        fitted: bool = False,
    ) -> Pathway:
        """
        A Pathway that behaves like this log: its arrivals by hour, times, and shares onward.

        Steps without a *capacity* are pure delays, whatever was waited there, for those
        who were not turned away. At steps with one, everybody who came asks for a place;
        with a *queue_limit* too, whoever finds so many waiting is turned away. *only*
        keeps some steps; people then come to the first of them as they did in the log.
        Stays that have not ended are allowed for. Left out: giving up, and time between
        steps. Raises a `Refusal` where a step has no begin and end.

        `fitted=True` gives that of `flowlib.mapping.model.first_model` instead: named
        distributions, kinds of person, hours of the week, and places that the log shows.

        >>> from flowlib import Arrivals, Exponential, Pathway, Step, simulate
        >>> clinic = Pathway("Clinic", [Step("nurse", 3, Exponential(1))], [Arrivals("nurse", per_hour=2.5)])
        >>> made = process_map(simulate(clinic, days=60, seed=1))
        >>> made.to_pathway(fitted=True).step("nurse").capacity, made.to_pathway().step("nurse").capacity
        (3, None)
        """
        from flowlib.mapping import counted_model, model  # noqa: PLC0415 - what draws a map needs no model

        if fitted:
            return model.first_model(self.log, capacity=capacity, queue_limit=queue_limit, only=only).pathway
        return counted_model.as_counted(self.log, capacity or {}, queue_limit or {}, only)

    @cached_property
    def _visits(self) -> InOrder:
        return moves.in_order(self.log)

    @cached_property
    def _ways(self) -> Ways:
        return ways.ways_of(self._visits)


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


def steps_told(made: ProcessMap) -> pd.DataFrame:
    """
    The `steps` of a map without hours that fewer than 8 real people's times tell.

    Many may come to a step of which few have a wait on record; a middle of so few is hidden too.
    """
    if made.log.synthetic:
        return made.steps
    seen, told = made.log.visits, made.steps.copy()
    for hours, columns in (
        ("wait_hours", ["mean_wait_hours", "median_wait_hours"]),
        ("step_hours", ["median_step_hours"]),
    ):
        known = seen[seen[hours].notna()].groupby("step")["person"].nunique()
        few = told["step"].map(known).fillna(0) < FEWEST
        told.loc[few.to_numpy(), columns] = np.nan
    return told


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
