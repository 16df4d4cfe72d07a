"""
What would happen if, and how sure are we?

Each scenario is run many times. Because luck belongs to the person, the same people
come in every scenario, and scenarios are compared run by run. That takes out most of
the noise (common random numbers: A. Law, "Simulation Modeling and Analysis", 5th
edition, section 11.2). Decide the number of runs before you look.

A measure can be unknown in a run: there is no mean wait where nobody came. Differences
then rest on the runs in which both are known, and the tables and sentences say so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway import Pathway
from flowlib.core.variation import Duration
from flowlib.redesign.measures import (
    Measure,
    mean_wait,
    median_wait,
    percentile_wait,
    share_gave_up,
    share_turned_away,
    share_waiting_over,
    share_within,
)
from flowlib.redesign.places import (
    blocked_bed_days,
    longest_queue,
    mean_blocked,
    mean_there,
    most_blocked,
    occupancy,
    occupancy_by_hour,
    occupied_in_hour,
)
from flowlib.simulation.simulate import one_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray


__all__ = [
    "Comparison",
    "Measure",
    "Runs",
    "blocked_bed_days",
    "compare",
    "longest_queue",
    "mean_blocked",
    "mean_there",
    "mean_wait",
    "median_wait",
    "most_blocked",
    "occupancy",
    "occupancy_by_hour",
    "occupied_in_hour",
    "percentile_wait",
    "run",
    "share_gave_up",
    "share_turned_away",
    "share_waiting_over",
    "share_within",
]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Runs:
    """What one scenario gave, run by run."""

    by_run: pd.DataFrame  # one row a replication, one column a measure
    measures: tuple[Measure, ...]

    @property
    def summary(self) -> pd.DataFrame:
        """Each measure: `measure, unit, mean, lower_95_ci, upper_95_ci, runs` (in which it is known)."""
        rows = [(m.name, m.unit, *_interval(self.by_run[m.name]), self.by_run[m.name].count()) for m in self.measures]
        return pd.DataFrame(rows, columns=["measure", "unit", "mean", "lower_95_ci", "upper_95_ci", "runs"])


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, each against the first."""

    runs: Mapping[str, Runs]
    base: str

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
        others = max(len(self.runs) - 1, 1)
        rows = []
        for name, runs in self.runs.items():
            for measure in runs.measures:
                own = _interval(runs.by_run[measure.name])
                gap = runs.by_run[measure.name] - self.runs[self.base].by_run[measure.name]
                paired = _interval(gap, comparisons=others)
                verdict = "" if name == self.base else _verdict(measure, paired)
                known = runs.by_run[measure.name].count(), gap.count()
                rows.append((name, measure.name, measure.unit, *own, *paired, verdict, *known))
        columns = ["scenario", "measure", "unit", "mean", "lower_95_ci", "upper_95_ci"]
        columns += ["difference", "difference_lower", "difference_upper", "verdict", "runs", "pairs"]
        return pd.DataFrame(rows, columns=columns)

    def sentence(self, scenario: str, measure: str | None = None) -> str:
        """What changes with *scenario*, and how sure we are."""
        checks.choice("scenario", scenario, self.runs)
        known = {one.name: one for one in self.runs[self.base].measures}
        it = known[checks.choice("measure", measure or next(iter(known)), known)]
        table = self.table
        row = table[(table["scenario"] == scenario) & (table["measure"] == it.name)].iloc[0]
        begins = f"{it.name[0].upper()}{it.name[1:]}"
        if not row["runs"]:
            return f"{begins} is not known: in no run was there anything to measure."
        here = f"{begins} is {it.told(row['mean'])}{it.unit_told}"
        if row["runs"] > 1:
            here += f" (between {it.told(row['lower_95_ci'])} and {it.told(row['upper_95_ci'])})"
        if scenario == self.base:
            return f"{here}.{self._rests_on(row['runs'])}"
        return f"{here}. {self._difference(it, row)}{self._rests_on(row['pairs'])}"

    def _difference(self, it: Measure, row: pd.Series) -> str:
        """How far the scenario is from the first, and how sure we are."""
        low, high = sorted((abs(row["difference_lower"]), abs(row["difference_upper"])))
        way = "lower" if row["difference"] < 0 else "higher"
        by = f"That is {it.told(low)} to {it.told(high)}{it.unit_told} {way} than {self.base}"
        return {
            "better": f"{by}: better.",
            "worse": f"{by}: worse.",
            "too small to matter": f"The difference from {self.base} is too small to matter.",
            "cannot tell": f"From these runs we cannot tell it from {self.base}.",
        }[row["verdict"]]

    def _rests_on(self, runs: int) -> str:
        """A sentence where some runs had nothing to measure."""
        in_all = len(self.runs[self.base].by_run)
        return "" if runs == in_all else f" Only {runs} of {in_all} runs had something to measure."


def run(
    pathway: Pathway,
    measures: Sequence[Measure],
    *,
    days: float,
    warm_up_days: float = 0,
    runs: int = 10,
    seed: int = 0,
    jobs: int = 1,
) -> Runs:
    """
    One scenario, run so many times; only the measures are kept.

    `jobs` is how many processes share the work; the numbers are the same for any.
    """
    return compare(
        {pathway.name: pathway}, measures, days=days, warm_up_days=warm_up_days, runs=runs, seed=seed, jobs=jobs
    ).runs[pathway.name]


def compare(
    scenarios: Mapping[str, Pathway],
    measures: Sequence[Measure],
    *,
    days: float,
    warm_up_days: float = 0,
    runs: int = 10,
    seed: int = 0,
    jobs: int = 1,
) -> Comparison:
    """
    The same people through every scenario; each is compared with the first, run by run.

    At least 2 runs are needed for an interval. `jobs` is how many processes share the
    work; the numbers are the same for any. A progress bar shows on longer work.
    """
    _check(scenarios, measures, days, warm_up_days)
    runs, jobs, seed = checks.whole("runs", runs, 2), checks.whole("jobs", jobs, 1), checks.whole("seed", seed)
    work = [(name, number) for number in range(runs) for name in scenarios]

    def one(name: str, number: int) -> list[float]:
        log = one_run(scenarios[name], days=days, warm_up_days=warm_up_days, seed=seed, run=number)
        return [measure.of(log) for measure in measures]

    found = _all(one, work, jobs)
    names = [measure.name for measure in measures]
    made = {}
    for scenario in scenarios:
        rows = [values for (name, _), values in zip(work, found, strict=True) if name == scenario]
        made[scenario] = Runs(pd.DataFrame(rows, columns=names), tuple(measures))
    return Comparison(made, next(iter(scenarios)))


def _check(scenarios: Mapping[str, Pathway], measures: Sequence[Measure], days: float, warm_up_days: float) -> None:
    checks.need(scenarios, "Name at least one scenario.")
    for name, pathway in scenarios.items():
        checks.need(
            isinstance(pathway, Pathway), f'Scenario "{name}" must be a Pathway; {type(pathway).__name__} came.'
        )
    checks.need(measures, "Name at least one measure.")
    names = [measure.name for measure in measures]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    checks.need(not twice, f"Two measures are called {checks.listed(twice)}. Ask for them one after the other.")
    for what, value in (("days", days), ("warm_up_days", warm_up_days)):
        checks.need(
            not isinstance(value, Duration),
            f"{what} is a plain number of days, not a Duration (which is in hours); write {what}={value / 24:g}.",
        )
    checks.positive("days", days)
    checks.at_least("warm_up_days", warm_up_days, 0)


def _all(one: Callable[[str, int], list[float]], work: Sequence[tuple[str, int]], jobs: int) -> list[list[float]]:
    from joblib import Parallel, delayed  # noqa: PLC0415 - only when something is run
    from tqdm.auto import tqdm  # noqa: PLC0415

    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(one)(name, number) for name, number in work)
    return list(tqdm(results, total=len(work), desc="Simulating", unit="run", leave=False, delay=1))


def _interval(values: pd.Series, comparisons: int = 1) -> tuple[float, float, float]:
    """Mean and Student's t interval."""
    from scipy import stats  # noqa: PLC0415

    numbers: NDArray[np.float64] = np.asarray(values.dropna(), dtype=np.float64)
    if len(numbers) < 2:  # noqa: PLR2004 - no spread from one run
        only = float(numbers.mean()) if len(numbers) else math.nan
        return only, math.nan, math.nan
    mean = float(numbers.mean())
    wide = float(stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons, len(numbers) - 1))
    half = wide * float(numbers.std(ddof=1)) / math.sqrt(len(numbers))
    return mean, mean - half, mean + half


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
