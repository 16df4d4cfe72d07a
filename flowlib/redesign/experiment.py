"""
What would happen if, and how sure are we?

Each scenario is run many times. Because luck belongs to the person, the same people
come in every scenario, and scenarios are compared run by run. That takes out most of
the noise (common random numbers: A. Law, "Simulation Modeling and Analysis", 5th
edition, section 11.2). Decide the number of runs before you look.

This is the door to the whole room: measures, scenario sets, and the help with warm-up
and with the number of runs are handed on from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core import checks
from flowlib.core.pathway import Pathway
from flowlib.core.variation import Duration
from flowlib.redesign import cautions
from flowlib.redesign.comparison import Comparison, Runs
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
from flowlib.redesign.precision import RunsNeeded, runs_needed
from flowlib.redesign.scenarios import full_factorial, one_at_a_time
from flowlib.redesign.warm_up import WarmUp, people_by_day, waits_by_day, warm_up_needed
from flowlib.redesign.workers import done
from flowlib.simulation.simulate import Plan, check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.eventlog import EventLog

__all__ = [
    "Comparison",
    "Measure",
    "Runs",
    "RunsNeeded",
    "WarmUp",
    "blocked_bed_days",
    "compare",
    "full_factorial",
    "longest_queue",
    "mean_blocked",
    "mean_there",
    "mean_wait",
    "median_wait",
    "most_blocked",
    "occupancy",
    "occupancy_by_hour",
    "occupied_in_hour",
    "one_at_a_time",
    "people_by_day",
    "percentile_wait",
    "run",
    "runs_needed",
    "share_gave_up",
    "share_turned_away",
    "share_waiting_over",
    "share_within",
    "waits_by_day",
    "warm_up_needed",
]


def run(
    pathway: Pathway,
    measures: Sequence[Measure],
    *,
    days: float,
    warm_up_days: float = 0,
    runs: int = 10,
    seed: int = 0,
    jobs: int = 1,
    cluster: str | None = None,
    logs: bool = False,
) -> Runs:
    """One scenario, run so many times. See `compare`, which takes the same words."""
    name = str(getattr(pathway, "name", "it"))
    how = {"days": days, "warm_up_days": warm_up_days, "runs": runs, "seed": seed, "jobs": jobs}
    return compare({name: pathway}, measures, **how, cluster=cluster, logs=logs).runs[name]  # type: ignore[arg-type]


def compare(
    scenarios: Mapping[str, Pathway],
    measures: Sequence[Measure],
    *,
    days: float,
    warm_up_days: float = 0,
    runs: int = 10,
    seed: int = 0,
    jobs: int = 1,
    cluster: str | None = None,
    same_start: bool = False,
    logs: bool = False,
) -> Comparison:
    """
    The same people through every scenario; each is compared with the first, run by run.

    At least 2 runs are needed for an interval; decide how many before you look.

    `same_start=True` warms up the first scenario only, and each scenario then takes over
    from it on day 0, with the same people in the same places: "what if we began on
    Monday?" Without it each scenario has a warm-up of its own.

    `jobs` is how many processes share the work. `cluster="tcp://10.0.0.5:8786"` has it
    done by the Dask cluster whose scheduler is there, in place of `jobs`; its workers
    need the same flowlib. The numbers are the same, bit by bit, for any.

    Only measures are kept, unless `logs=True` asks for each run's log (`Runs.logs`). A
    progress bar shows on longer work. An interrupt keeps the runs that are done in every
    scenario, and the result says how many of how many.
    """
    _check(scenarios, measures, days, warm_up_days)
    runs, jobs, seed = checks.whole("runs", runs, 2), checks.whole("jobs", jobs, 1), checks.whole("seed", seed)
    plans = _plans(scenarios, days, warm_up_days, same_start=same_start)

    def one(piece: tuple[str, int]) -> tuple[list[float], EventLog | None]:
        name, number = piece
        log = plans[name].log([plans[name].one(seed, number)])
        return [measure.of(log) for measure in measures], log if logs else None

    work = [(name, number) for number in range(runs) for name in scenarios]
    found = dict(zip(work, done(one, work, jobs=jobs, cluster=cluster), strict=False))
    whole = [number for number in range(runs) if all((name, number) in found for name in scenarios)]
    if not whole:
        raise KeyboardInterrupt
    base = next(iter(scenarios))
    made = {}
    for name, pathway in scenarios.items():
        kept = [found[name, number] for number in whole]
        table = pd.DataFrame([values for values, _ in kept], columns=[measure.name for measure in measures])
        warmed = same_start and name != base
        to_mind = [
            *cautions.stopped(len(whole), runs),
            *cautions.few_runs(len(whole)),
            *cautions.model(name, pathway, days=days, warm_up_days=warm_up_days, warmed=warmed),
        ]
        made[name] = Runs(table, tuple(measures), tuple(to_mind), tuple(log for _, log in kept if log is not None))
    return Comparison(made, base)


def _plans(scenarios: Mapping[str, Pathway], days: float, warm_up_days: float, *, same_start: bool) -> dict[str, Plan]:
    """Each scenario, checked before anything runs."""
    base = next(iter(scenarios))
    checks.need(
        not same_start or warm_up_days > 0,
        "same_start needs a warm-up of the first scenario. Give warm_up_days, such as 90.",
    )
    plans = {}
    for name, pathway in scenarios.items():
        takes_over = same_start and name != base
        then: dict[float, Pathway] = {0: pathway} if takes_over else {}
        first = scenarios[base] if takes_over else pathway
        plans[name] = check(first, days=days, warm_up_days=warm_up_days, then=then)
    return plans


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
