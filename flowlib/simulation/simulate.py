"""
What log would this pathway give?

`days` counts after the warm-up. People who come in the warm-up and are still there
when it ends stay in the log, because they fill the places that others wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.core.eventlog import TIMES, EventLog
from flowlib.core.pathway import Pathway
from flowlib.core.variation import Duration
from flowlib.simulation import draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.pathway import AlreadyHere

__all__ = ["one_run", "simulate"]

ENGINES = ("auto", "ciw")
MOST_ARRIVALS = 5_000_000  # more than this in one run is a rate in the wrong unit


def simulate(
    pathway: Pathway,
    *,
    days: float,
    warm_up_days: float = 0,
    seed: int = 0,
    runs: int = 1,
    then: Mapping[float, Pathway] | None = None,
    already_here: Sequence[AlreadyHere] = (),
    engine: str = "auto",
) -> EventLog:
    """
    The log that *pathway* would give over so many days, in one or more runs.

    `days` (above 0) and `warm_up_days` (0 or more) are plain numbers of days. The
    same seed gives the same log, and the same people in every scenario. `engine` is
    "ciw" or "auto", which is ciw too in this version. ciw can express neither a change
    on a date (`then`) nor people already there, so both are refused.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, minutes, simulate
    >>> clinic = Pathway("Clinic", [Step("nurse", 1, Exponential(minutes(6)))], [Arrivals("nurse", per_hour=5)])
    >>> log = simulate(clinic, days=50, seed=1)
    >>> bool(0.05 < log.waits()["mean_hours"]["nurse"] < 0.15)  # M/M/1 says 0.1 hours
    True
    """
    checks.need(isinstance(pathway, Pathway), f"simulate takes a Pathway; {type(pathway).__name__} came.")
    for name, value in (("days", days), ("warm_up_days", warm_up_days)):
        checks.need(
            not isinstance(value, Duration),
            f"{name} is a plain number of days, not a Duration (which is in hours); write {name}={value / 24:g}.",
        )
    checks.positive("days", days)
    checks.at_least("warm_up_days", warm_up_days, 0)
    checks.choice("engine", engine, ENGINES)
    checks.need(not then, "A change on a date (then=) is more than ciw can express. Simulate before and after apart.")
    checks.need(not already_here, "ciw starts empty: leave already_here out, and give warm_up_days to fill the places.")
    seed, runs = checks.whole("seed", seed), checks.whole("runs", runs, 1)
    since, until = warm_up_days * 24, (warm_up_days + days) * 24
    expected = sum(stream.mean_per_hour for stream in pathway.arrivals) * until
    checks.need(
        expected <= MOST_ARRIVALS,
        f"About {expected:,.0f} people would arrive in each run. "
        "Rates are people an hour; check them, or take fewer days.",
    )
    return _join(pathway, [_one_run(pathway, seed, run, since, until) for run in range(runs)], since, until)


def one_run(pathway: Pathway, *, days: float, warm_up_days: float, seed: int, run: int) -> EventLog:
    """The log of one numbered run of the many that `simulate` would join: for work that goes run by run."""
    since, until = warm_up_days * 24, (warm_up_days + days) * 24
    return _join(pathway, [_one_run(pathway, seed, run, since, until)], since, until)


def _join(pathway: Pathway, parts: list[dict[str, np.ndarray]], since: float, until: float) -> EventLog:
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return EventLog.from_hours(columns, starts=pathway.starts, since=since, until=until, name=pathway.name)


def _one_run(pathway: Pathway, seed: int, run: int, since: float, until: float) -> dict[str, np.ndarray]:
    from flowlib.simulation import ciw_engine  # noqa: PLC0415 - ciw is heavy, so only when used

    luck = draws.Luck(seed, run)
    people = draws.arrivals(pathway, luck, until=until)
    log = ciw_engine.run(pathway, people, luck, until=until)
    over = np.where(np.isnan(log["left"]), np.inf, log["left"])
    kept = (over >= since) & (log["arrived"] < until)
    log = {name: values[kept] for name, values in log.items()}
    for time in TIMES:
        log[time] = np.where(log[time] > until, np.nan, log[time])
    return log | {"run": np.full(int(kept.sum()), run)}
