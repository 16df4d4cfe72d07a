"""
What did the runs give, and does one scenario differ from another?

A measure can be unknown in a run: there is no mean wait where nobody came. Differences
then rest on the runs in which both are known, and the tables and sentences say so.
Scenarios are compared run by run, because the same people come in each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks
from flowlib.redesign.intervals import interval, runs_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowlib.core.eventlog import EventLog
    from flowlib.redesign.measures import Measure

__all__ = ["Comparison", "Runs"]


@dataclass(frozen=True)
class Runs:
    """What one scenario gave, run by run."""

    by_run: pd.DataFrame  # one row a replication, one column a measure
    measures: tuple[Measure, ...]
    cautions: tuple[str, ...] = ()  # sentences: what to bear in mind before believing it
    logs: tuple[EventLog, ...] = ()  # one a run, where they were asked for

    @property
    def summary(self) -> pd.DataFrame:
        """Each measure: `measure, unit, mean, lower_95_ci, upper_95_ci, runs` (in which it is known)."""
        rows = [(m.name, m.unit, *interval(self.by_run[m.name]), self.by_run[m.name].count()) for m in self.measures]
        return pd.DataFrame(rows, columns=["measure", "unit", "mean", "lower_95_ci", "upper_95_ci", "runs"])

    def sentence(self, measure: str | None = None) -> str:
        """What the runs gave, how sure we are, and what to bear in mind."""
        return Comparison({"": self}, "").sentence("", measure)


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, each against the first."""

    runs: Mapping[str, Runs]
    base: str

    @property
    def cautions(self) -> list[str]:
        """What to bear in mind before believing any of it: a list of sentences, which may be empty."""
        return list(dict.fromkeys(one for runs in self.runs.values() for one in runs.cautions))

    @property
    def others(self) -> int:
        """How many scenarios are compared with the first; intervals of differences are widened for it."""
        return max(len(self.runs) - 1, 1)

    def difference(self, scenario: str, measure: str) -> pd.Series:
        """How far *scenario* is from the first, run by run."""
        gap: pd.Series = self.runs[scenario].by_run[measure] - self.runs[self.base].by_run[measure]
        return gap

    @property
    def table(self) -> pd.DataFrame:
        """
        One row a scenario and measure.

        `mean`, `lower_95_ci` and `upper_95_ci` are the scenario's own; `difference`,
        `difference_lower` and `difference_upper` are from the first scenario, paired by
        run, widened for the number of scenarios (Bonferroni). `verdict` is "better",
        "worse", "too small to matter" or "cannot tell". `runs` is how many the scenario's
        own numbers rest on, and `pairs` how many the difference does.
        """
        rows = []
        for name, runs in self.runs.items():
            for measure in runs.measures:
                own = interval(runs.by_run[measure.name])
                gap = self.difference(name, measure.name)
                paired = interval(gap, comparisons=self.others)
                verdict = "" if name == self.base else _verdict(measure, paired)
                known = runs.by_run[measure.name].count(), gap.count()
                rows.append((name, measure.name, measure.unit, *own, *paired, verdict, *known))
        columns = ["scenario", "measure", "unit", "mean", "lower_95_ci", "upper_95_ci"]
        columns += ["difference", "difference_lower", "difference_upper", "verdict", "runs", "pairs"]
        return pd.DataFrame(rows, columns=columns)

    def measure(self, name: str | None = None) -> Measure:
        """The measure called *name*, or the first."""
        known = {one.name: one for one in self.runs[self.base].measures}
        return known[checks.choice("measure", name or next(iter(known)), known)]

    def sentence(self, scenario: str, measure: str | None = None) -> str:
        """What changes with *scenario*, how sure we are, and what to bear in mind."""
        checks.choice("scenario", scenario, self.runs)
        it = self.measure(measure)
        table = self.table
        row = table[(table["scenario"] == scenario) & (table["measure"] == it.name)].iloc[0]
        mind = "".join(f" {one}" for one in self._to_mind(scenario))
        begins = f"{it.name[0].upper()}{it.name[1:]}"
        if not row["runs"]:
            return f"{begins} is not known: in no run was there anything to measure.{mind}"
        here = f"{begins} is {it.told(row['mean'])}{it.unit_told}"
        if row["runs"] > 1:
            here += f" (between {it.told(row['lower_95_ci'])} and {it.told(row['upper_95_ci'])})"
        if scenario == self.base:
            return f"{here}.{self._rests_on(row['runs'])}{mind}"
        return f"{here}. {self._difference(it, row)}{self._rests_on(row['pairs'])}{mind}"

    def _to_mind(self, scenario: str) -> list[str]:
        """The cautions of a scenario and of the one that it is compared with."""
        return list(dict.fromkeys([*self.runs[scenario].cautions, *self.runs[self.base].cautions]))

    def _difference(self, it: Measure, row: pd.Series) -> str:
        """How far the scenario is from the first, and how sure we are."""
        low, high = sorted((abs(row["difference_lower"]), abs(row["difference_upper"])))
        way = "lower" if row["difference"] < 0 else "higher"
        by = f"That is {it.told(low)} to {it.told(high)}{it.unit_told} {way} than {self.base}"
        return {
            "better": f"{by}: better.",
            "worse": f"{by}: worse.",
            "too small to matter": f"The difference from {self.base} is too small to matter.",
            "cannot tell": f"From these runs we cannot tell it from {self.base}.{self._would_tell(it, row)}",
        }[row["verdict"]]

    def _would_tell(self, it: Measure, row: pd.Series) -> str:
        """How many runs would show a difference worth having; it takes a measure that says what that is."""
        gap = self.difference(row["scenario"], it.name)
        if not it.smallest or gap.count() < 2:  # noqa: PLR2004 - no spread from one run
            return ""
        runs = runs_for(float(gap.std()), it.smallest, self.others)
        if runs <= gap.count():
            return ""
        worth = f"{it.told(it.smallest)}{it.unit_told}"
        return f" About {runs:,} fresh runs, with another seed, would show a difference of {worth}."

    def _rests_on(self, runs: int) -> str:
        """A sentence where some runs had nothing to measure."""
        in_all = len(self.runs[self.base].by_run)
        return "" if runs == in_all else f" Only {runs} of {in_all} runs had something to measure."


def _verdict(measure: Measure, paired: tuple[float, float, float]) -> str:
    gap, low, high = paired
    if math.isnan(low):
        return "cannot tell"
    if max(abs(low), abs(high)) <= measure.smallest:
        return "too small to matter"
    if low <= 0 <= high:
        return "cannot tell"
    good = (gap < 0) == (measure.better == "down")
    return "better" if good else "worse"
