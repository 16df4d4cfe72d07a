"""
Which step holds the flow back?

The constraint is where work piles up because more is asked of the step than it can
do (E. Goldratt, "The Goal", 1984). Two signs are read from the log: the hours that
people spend waiting for each step, and, where its places are known, the load: work
that comes over work that can be done. Improving any other step does not help people
leave sooner.

Who has finished one step, and keeps the place there until the next has room, waits for
the next. Who gave up has waited too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, suppress
from flowlib.mapping.lengths import runs_in, stay_lengths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.core.eventlog import EventLog

__all__ = ["Constraint", "LittlesLaw", "constraint", "littles_law_in"]

JUST_OVER = 1.1  # up to this load, tens of places would hide that it is over 1


@dataclass(frozen=True)
class Constraint:
    """Where the flow is held back."""

    step: str  # the step that holds it back
    table: pd.DataFrame  # step, visits, people (whose hours are known), mean_wait_hours (as on the map),
    # waiting_hours (in all), share_of_waiting, load
    basis: str  # "load" or "waiting" or "gap": what the choice rests on
    synthetic: bool

    def sentence(self) -> str:
        """The finding in plain words."""
        row = self.table.set_index("step").loc[self.step]
        share = _in_ten(self._shares()[self.table["step"] == self.step].iloc[0])
        where = "" if self.synthetic or not self._few.any() else f" at steps of {FEWEST} people or more"
        if self.basis == "gap":
            return (
                f"Most time passes before {self.step}. Of all the hours between steps{where}, {share} are before it. "
                "A gap is not always a wait: ask what happens in it."
            )
        waits = f"Of all the hours that people wait{where}, {share} are for {self.step}."
        if self.basis != "load":
            return f"{self.step} holds the flow back most. {waits}"
        if row["load"] >= 1:
            of = 10 if row["load"] >= JUST_OVER else 100
            asked = f"For every {of} places it has, {of * row['load']:.0f} are asked for."
            return f"{self.step} holds the flow back. {asked} {waits}"
        return f"{self.step} holds the flow back. It is busy {10 * row['load']:.1f} hours in every 10. {waits}"

    def shown(self) -> pd.DataFrame:
        """
        The table as it may be shown: nothing of steps of which fewer than 8 people tell.

        For real people shares are of the hours at the other steps, or what is left would tell of those few.
        """
        made = self.table.assign(
            share_of_waiting=["" if np.isnan(s) else f"{100 * s:.0f}%" for s in self._shares()],
            load=["" if np.isnan(v) else f"{v:.2f}" for v in self.table["load"]],
        )
        describes = ["mean_wait_hours", "waiting_hours", "share_of_waiting", "load"]
        safe = suppress(
            made, counts=["visits", "people"], describes=describes, people="people", synthetic=self.synthetic
        )
        return safe.drop(columns="people")

    @property
    def _few(self) -> pd.Series:
        """The steps of which some people tell, but fewer than 8."""
        return self.table["people"].between(1, FEWEST - 1)

    def _shares(self) -> pd.Series:
        """Each step's share of the waiting; for real people of that at the steps which may be shown."""
        hours = self.table["waiting_hours"].where(~self._few)
        return self.table["share_of_waiting"] if self.synthetic else hours / (hours.sum() or np.nan)


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
    places = dict(capacity or {})
    for step in places:
        checks.choice("step", step, log.steps, where="in the log")
    recorded = bool(log.visits["wait_hours"].notna().any())
    hours = _waiting_hours(log) if recorded else _gaps(log)
    means = log.waits()["mean_hours"] if recorded else hours.groupby(log.visits["step"]).mean()
    waiting = hours.groupby(log.visits["step"]).sum().add(_blocked_hours(log) if recorded else 0, fill_value=0)
    total = float(waiting.sum())
    visits = log.visits.groupby("step").size()
    people = log.visits[hours.notna()].groupby("step")["person"].nunique()
    loads = {step: _load(log, step, places.get(step)) for step in log.steps}
    rows = [
        (
            step,
            int(visits[step]),
            int(people.get(step, 0)),
            means.get(step, np.nan),
            waiting[step],
            waiting[step] / (total or np.nan),
            loads[step],
        )
        for step in log.steps
    ]
    columns = ["step", "visits", "people", "mean_wait_hours", "waiting_hours", "share_of_waiting", "load"]
    table = pd.DataFrame(rows, columns=columns)
    checks.need(
        total > 0 or (table["load"] >= 1).any(),
        "Nobody waits in this log, or no waits are recorded, so no step can be said to hold it back.",
    )
    told = table if log.synthetic else table[~table["people"].between(1, FEWEST - 1)]
    told = told if len(told) else table
    overloaded = told[told["load"] >= 1]
    if len(overloaded):
        return Constraint(str(overloaded.loc[overloaded["load"].idxmax(), "step"]), table, "load", log.synthetic)
    worst = str(told.loc[told["waiting_hours"].idxmax(), "step"])
    basis = "load" if not np.isnan(loads[worst]) else "waiting" if recorded else "gap"
    return Constraint(worst, table, basis, log.synthetic)


def littles_law_in(log: EventLog, step: str) -> LittlesLaw:
    """
    Both sides of Little's law for those who wait at *step* (J. Little, Operations Research 9, 1961).

    Counted apart: the queue from a census every hour, the rate and the mean wait from
    the people. They agree when the queue begins and ends about as long. Raises a
    `Refusal` where no waits are recorded, or those of fewer than 8 real people.
    """
    rows = log.visits["step"] == checks.choice("step", step, log.steps, where="in the log")
    checks.need(log.visits.loc[rows, "wait_hours"].notna().any(), f'No waits are recorded at "{step}".')
    census = log.census("1h")
    waits = _waiting_hours(log)[rows].dropna()
    people = log.visits.loc[waits.index, "person"].nunique()
    checks.need(
        log.synthetic or people >= FEWEST,
        f'Fewer than {FEWEST} people are known to wait at "{step}", so nothing is shown of them.',
    )
    days = log.hours_observed / 24 * runs_in(log)
    waiting = float(census.loc[census["step"] == step, "waiting"].mean())
    return LittlesLaw(step, waiting, len(waits) / days, float(waits.mean()) / 24)


def _waiting_hours(log: EventLog) -> pd.Series:
    """Each visit's hours in the queue, of people who joined while the log was kept; those who wait still, so far."""
    seen = log.visits
    so_far = (log.observed[1] - seen["arrived"]).dt.total_seconds() / 3600
    gave_up = (seen["left"] - seen["arrived"]).dt.total_seconds().where(seen["outcome"] == "gave_up") / 3600
    hours = seen["wait_hours"].fillna(so_far.where(seen["waiting"])).fillna(gave_up)
    return hours.where(seen["at"] >= log.observed[0])


def _blocked_hours(log: EventLog) -> pd.Series:
    """Hours in which people had finished the step before and kept its place, by the step that they waited for."""
    seen = log.visits
    grouped = seen.groupby(log.keys, sort=False)
    onward = grouped["step"].shift(-1).fillna(seen["next_step"].where(seen["next_step"] != ""))
    here = seen["outcome"] == "still_here"
    kept_until = seen["left"].fillna(pd.Series(log.observed[1], seen.index).where(here))
    kept_until = kept_until.where(~(grouped["at"].shift(-1) < kept_until), grouped["at"].shift(-1))
    hours = (kept_until - seen["finished"]).dt.total_seconds().clip(lower=0) / 3600
    return hours.where(seen["at"] >= log.observed[0]).groupby(onward).sum()


def _load(log: EventLog, step: str, places: int | None) -> float:
    """Work that comes over what the places can do; those turned away were demand too."""
    if places is None:
        return np.nan
    checks.whole(f'places at "{step}"', places, 1)
    seen = log.visits
    come = int(((seen["step"] == step) & (seen["at"] >= log.observed[0])).sum())
    return come / (log.hours_observed * runs_in(log)) * stay_lengths(log, step).mean / places


def _gaps(log: EventLog) -> pd.Series:
    """Hours since the same person's step before."""
    seen = log.visits
    before = seen.groupby(log.keys, sort=False)["until"].shift(1)
    return (seen["at"] - before).dt.total_seconds().clip(lower=0) / 3600


def _in_ten(share: float) -> str:
    """
    A share in words.

    >>> _in_ten(0.42), _in_ten(0.02), _in_ten(0.97)
    ('4 in 10', 'few', 'nearly all')
    """
    tenths = round(10 * share) if share > 0 else 0
    return "few" if not tenths else "nearly all" if tenths == 10 else f"{tenths} in 10"  # noqa: PLR2004 - ten in ten
