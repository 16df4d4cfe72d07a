"""
What would happen if, and how sure are we?

Each scenario is run many times. Because luck belongs to the person, the same people
come in every scenario, and scenarios are compared run by run. That takes out most of
the noise (common random numbers: A. Law, "Simulation Modeling and Analysis", 5th
edition, section 11.2). Decide the number of runs before you look.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.simulation.simulate import one_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from flowlib.core.eventlog import EventLog
    from flowlib.core.pathway import Pathway

__all__ = [
    "Comparison",
    "Measure",
    "Runs",
    "compare",
    "mean_there",
    "mean_wait",
    "run",
    "share_turned_away",
    "share_waiting_over",
]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Measure:
    """One number from a log, with its unit and which way is good."""

    name: str
    unit: str
    of: Callable[[EventLog], float]
    better: Literal["down", "up"] = "down"
    smallest: float = 0.0  # the smallest difference worth having, in the unit


@dataclass(frozen=True)
class Runs:
    """What one scenario gave, run by run."""

    by_run: pd.DataFrame  # one row a replication, one column a measure
    measures: tuple[Measure, ...]

    @property
    def summary(self) -> pd.DataFrame:
        """Each measure: `measure, unit, mean, lower_95_ci, upper_95_ci, runs`."""
        rows = [(m.name, m.unit, *_interval(self.by_run[m.name]), len(self.by_run)) for m in self.measures]
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
        "worse", "too small to matter" or "cannot tell".
        """
        others = max(len(self.runs) - 1, 1)
        rows = []
        for name, runs in self.runs.items():
            for measure in runs.measures:
                own = _interval(runs.by_run[measure.name])
                gap = runs.by_run[measure.name] - self.runs[self.base].by_run[measure.name]
                paired = _interval(gap, comparisons=others)
                verdict = "" if name == self.base else _verdict(measure, paired)
                rows.append((name, measure.name, measure.unit, *own, *paired, verdict))
        columns = ["scenario", "measure", "unit", "mean", "lower_95_ci", "upper_95_ci"]
        return pd.DataFrame(rows, columns=[*columns, "difference", "difference_lower", "difference_upper", "verdict"])

    def sentence(self, scenario: str, measure: str | None = None) -> str:
        """What changes with *scenario*, and how sure we are."""
        table = self.table
        first = self.runs[self.base].measures[0].name
        checks.choice("scenario", scenario, self.runs)
        row = table[(table["scenario"] == scenario) & (table["measure"] == (measure or first))].iloc[0]
        unit = f" {row['unit']}" if row["unit"] else ""
        between = f"between {row['lower_95_ci']:.1f} and {row['upper_95_ci']:.1f}"
        here = f"{row['measure']} is {row['mean']:.1f}{unit} ({between})"
        if scenario == self.base:
            return f"{here[0].upper()}{here[1:]}."
        low, high = sorted((abs(row["difference_lower"]), abs(row["difference_upper"])))
        way = "lower" if row["difference"] < 0 else "higher"
        told = {
            "better": f"That is {low:.1f} to {high:.1f}{unit} {way} than today: better.",
            "worse": f"That is {low:.1f} to {high:.1f}{unit} {way} than today: worse.",
            "too small to matter": "The difference from today is too small to matter.",
            "cannot tell": "From these runs we cannot tell it from today.",
        }[row["verdict"]]
        return f"{here[0].upper()}{here[1:]}. {told}"


def mean_wait(step: str, *, unit: str = "hours", smallest: float = 0.0) -> Measure:
    """Mean wait at *step* of those who began, in "hours" or "days"."""
    per = {"hours": 1.0, "days": 24.0}[checks.choice("unit", unit, ("hours", "days"))]

    def of(log: EventLog) -> float:
        rows = log.arrays
        waits = (rows["started"] - rows["arrived"])[(rows["step"] == step) & (rows["arrived"] >= 0)]
        return float(np.nanmean(waits) / per) if np.isfinite(waits).any() else math.nan

    return Measure(f"mean wait for {step}", unit, of, "down", smallest)


def share_waiting_over(step: str, hours: float, *, smallest: float = 0.0) -> Measure:
    """Share (0 to 1) of those who began at *step*, or wait there still, who waited longer than *hours*."""
    limit = checks.at_least("hours", hours, 0)

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = (rows["step"] == step) & (rows["arrived"] >= 0) & (rows["outcome"] != "turned_away")
        waits = np.where(np.isnan(rows["started"]), log.hours_observed, rows["started"]) - rows["arrived"]
        return float((waits[here] > limit).mean()) if here.any() else math.nan

    return Measure(f"share who wait over {checks.shown(limit)} hours for {step}", "", of, "down", smallest)


def share_turned_away(step: str, *, smallest: float = 0.0) -> Measure:
    """Share (0 to 1) of those who come to *step* who are turned away."""

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = (rows["step"] == step) & (rows["arrived"] >= 0)
        return float((rows["outcome"][here] == "turned_away").mean()) if here.any() else math.nan

    return Measure(f"share turned away from {step}", "", of, "down", smallest)


def mean_there(step: str) -> Measure:
    """People at *step* at once, waiting or not, mean over the time observed."""

    def of(log: EventLog) -> float:
        rows = log.arrays
        here = rows["step"] == step
        until = np.where(np.isnan(rows["left"]), log.hours_observed, rows["left"])
        stays = np.minimum(until, log.hours_observed) - np.maximum(rows["arrived"], 0)
        return float(stays[here].sum() / log.hours_observed)

    return Measure(f"people at {step} at once", "people", of, "down")


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

    At least 2 runs are needed for an interval. A progress bar shows on longer work.
    """
    checks.need(scenarios, "Name at least one scenario.")
    checks.need(measures, "Name at least one measure.")
    runs, jobs = checks.whole("runs", runs, 2), checks.whole("jobs", jobs, 1)
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
