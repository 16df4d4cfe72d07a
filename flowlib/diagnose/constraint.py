"""
Which step holds the flow back?

The constraint is where work piles up because more is asked of the step than it can
do (E. Goldratt, "The Goal", 1984). Two signs are read from the log: the hours that
people spend waiting at each step, and, where its places are known, the load: work
that comes over work that can be done. Improving any other step does not help people
leave sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import suppress
from flowlib.mapping.process_map import stay_lengths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.core.eventlog import EventLog

__all__ = ["Constraint", "LittlesLaw", "constraint", "littles_law_in"]


@dataclass(frozen=True)
class Constraint:
    """Where the flow is held back."""

    step: str  # the step that holds it back
    table: pd.DataFrame  # step, visits, mean_wait_hours, waiting_hours (in all), share_of_waiting, load
    basis: str  # "load" or "waiting" or "gap": what the choice rests on
    synthetic: bool

    def sentence(self) -> str:
        """The finding in plain words."""
        row = self.table.set_index("step").loc[self.step]
        share = f"{10 * row['share_of_waiting']:.0f} in 10" if row["share_of_waiting"] > 0.05 else "few"  # noqa: PLR2004
        if self.basis == "gap":
            return (
                f"The longest gaps are before {self.step}. Of all the hours between steps, {share} are before it. "
                "A gap is not always a wait: ask what happens in it."
            )
        waits = f"Of all the hours that people wait, {share} are for {self.step}."
        if self.basis != "load":
            return f"{self.step} holds the flow back most. {waits}"
        if row["load"] >= 1:
            asked = f"For every 10 places it has, {10 * row['load']:.0f} are asked for."
            return f"{self.step} holds the flow back. {asked} {waits}"
        return f"{self.step} holds the flow back. It is busy {10 * row['load']:.1f} hours in every 10. {waits}"

    def shown(self) -> pd.DataFrame:
        """The table as it may be shown."""
        made = self.table.assign(
            share_of_waiting=[f"{100 * s:.0f}%" for s in self.table["share_of_waiting"]],
            load=["" if np.isnan(v) else f"{v:.2f}" for v in self.table["load"]],
        )
        describes = ["mean_wait_hours", "waiting_hours", "share_of_waiting", "load"]
        return suppress(made, counts=["visits"], describes=describes, synthetic=self.synthetic)


@dataclass(frozen=True)
class LittlesLaw:
    """Little's law held to one step of a log: people waiting = people a day x days each."""

    step: str
    waiting: float  # people, mean over time
    per_day: float  # people who join the queue, a day
    days_each: float  # mean wait, days

    @property
    def product(self) -> float:
        """People a day times days each."""
        return self.per_day * self.days_each


def constraint(log: EventLog, *, capacity: Mapping[str, int] | None = None) -> Constraint:
    """
    The step that holds the flow back.

    With *capacity* (places by step), a step whose load is 1 or more; else the step
    with most hours of waiting. Logs with one time an event have no waits: then the
    hours before each step since the one before stand in for them.
    """
    seen = log.visits
    rows = []
    recorded = bool((seen["wait_hours"].notna() & (seen["wait_hours"] >= 0)).any())
    gap = _gaps(log)
    for step in log.steps:
        here = seen[seen["step"] == step]
        if recorded:
            so_far = (log.observed[1] - here["arrived"]).dt.total_seconds() / 3600
            hours = here["wait_hours"].fillna(so_far.where(here["waiting"]))
        else:
            hours = gap[seen["step"] == step]
        hours = hours.dropna()
        places = (capacity or {}).get(step)
        rows.append(
            (
                step,
                len(here),
                float(hours.mean()) if len(hours) else np.nan,
                float(hours.sum()),
                _load(log, step, places),
            )
        )
    table = pd.DataFrame(rows, columns=["step", "visits", "mean_wait_hours", "waiting_hours", "load"])
    total = table["waiting_hours"].sum()
    checks.need(
        total > 0, "Nobody waits in this log, or no waits are recorded, so no step can be said to hold it back."
    )
    table.insert(4, "share_of_waiting", table["waiting_hours"] / total)
    overloaded = table[table["load"] >= 1]
    if len(overloaded):
        return Constraint(str(overloaded.loc[overloaded["load"].idxmax(), "step"]), table, "load", log.synthetic)
    worst = str(table.loc[table["waiting_hours"].idxmax(), "step"])
    by_load = table.set_index("step")["load"]
    basis = "load" if not np.isnan(by_load[worst]) else "waiting" if recorded else "gap"
    return Constraint(worst, table, basis, log.synthetic)


def littles_law_in(log: EventLog, step: str) -> LittlesLaw:
    """
    Both sides of Little's law for those who wait at *step* (J. Little, Operations Research 9, 1961).

    Counted apart: the queue from a census every hour, the rate and the mean wait from
    the people. They agree when the queue begins and ends about as long.
    """
    rows = log.visits[log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")]
    rows = rows[rows["outcome"] != "turned_away"]
    checks.need(rows["wait_hours"].notna().any(), f'No waits are recorded at "{step}".')
    census = log.census("1h")
    so_far = (log.observed[1] - rows["arrived"]).dt.total_seconds() / 3600
    waits = rows["wait_hours"].fillna(so_far.where(rows["waiting"])).dropna()
    days = log.hours_observed / 24
    waiting = float(census.loc[census["step"] == step, "waiting"].mean())
    return LittlesLaw(step, waiting, len(waits) / days, float(waits.mean()) / 24)


def _load(log: EventLog, step: str, places: int | None) -> float:
    """Work that comes over what the places can do; those turned away were demand too."""
    if places is None:
        return np.nan
    checks.whole(f'places at "{step}"', places, 1)
    come = int((log.visits["step"] == step).sum())
    return come / log.hours_observed * stay_lengths(log, step).mean / places


def _gaps(log: EventLog) -> pd.Series:
    """Hours since the same person's step before."""
    seen = log.visits
    before = seen.groupby(log.keys, sort=False)["until"].shift(1)
    return (seen["at"] - before).dt.total_seconds().clip(lower=0) / 3600
