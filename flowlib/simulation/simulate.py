"""
What log would this pathway give?

`days` counts after the warm-up. People who come in the warm-up and are still there
when it ends stay in the log, because they fill the places that others wait for.
"""

from __future__ import annotations

from bisect import bisect_left as bisect
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.core.eventlog import EventLog
from flowlib.core.pathway import Pathway
from flowlib.core.variation import Duration
from flowlib.simulation import draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flowlib.core.pathway import AlreadyHere

__all__ = ["one_run", "simulate"]

ENGINES = ("auto", "ciw")
MOST_DAYS = 36_525
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
    since, until = _window(pathway, days, warm_up_days)
    checks.choice("engine", engine, ENGINES)
    checks.need(not then, "A change on a date (then=) is more than ciw can express. Simulate before and after apart.")
    checks.need(not already_here, "ciw starts empty: leave already_here out, and give warm_up_days to fill the places.")
    seed, runs = checks.whole("seed", seed), checks.whole("runs", runs, 1)
    return _join(pathway, [_one_run(pathway, seed, run, since, until) for run in range(runs)], since, until)


def one_run(pathway: Pathway, *, days: float, warm_up_days: float, seed: int, run: int) -> EventLog:
    """The log of one numbered run of the many that `simulate` would join: for work that goes run by run."""
    since, until = _window(pathway, days, warm_up_days)
    part = _one_run(pathway, checks.whole("seed", seed), checks.whole("run", run), since, until)
    return _join(pathway, [part], since, until)


def _window(pathway: Pathway, days: float, warm_up_days: float) -> tuple[float, float]:
    """When the log begins and ends, hours after clock zero, if that is a simulation that can be run."""
    checks.need(isinstance(pathway, Pathway), f"simulate takes a Pathway; {type(pathway).__name__} came.")
    for name, value in (("days", days), ("warm_up_days", warm_up_days)):
        if isinstance(value, Duration):
            plain = checks.shown(value / 24).replace(",", "")
            raise checks.Refusal(
                f"{name} is a plain number of days, not a Duration (which is in hours); write {name}={plain}."
            )
    length, before = checks.positive("days", days), checks.at_least("warm_up_days", warm_up_days, 0)
    checks.need(
        length + before <= MOST_DAYS,
        f"A simulation is of {MOST_DAYS:,} days (a century) at most; {checks.shown(length + before)} came.",
    )
    checks.need(
        pathway.arrivals,
        f'Nobody comes to pathway "{pathway.name}". Give it arrivals, such as Arrivals(step, per_hour=4).',
    )
    since, until = before * 24, (before + length) * 24
    expected = sum(
        stream.mean_per_hour * until if stream.times is None else bisect(stream.times, until)
        for stream in pathway.arrivals
    )
    checks.need(
        expected <= MOST_ARRIVALS,
        f"About {expected:,.0f} people would arrive in each run. "
        "Rates are people an hour; check them, or take fewer days.",
    )
    return since, until


def _join(pathway: Pathway, parts: list[dict[str, np.ndarray]], since: float, until: float) -> EventLog:
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return EventLog.from_hours(
        columns, starts=pathway.starts, since=since, until=until, name=pathway.name, runs=len(parts)
    )


def _one_run(pathway: Pathway, seed: int, run: int, since: float, until: float) -> dict[str, np.ndarray]:
    from flowlib.simulation import ciw_engine  # noqa: PLC0415 - ciw is heavy, so only when used

    luck = draws.Luck(seed, run)
    people = draws.arrivals(pathway, luck, until=until)
    log = ciw_engine.run(pathway, people, luck, until=until)
    over = np.where(np.isnan(log["left"]), np.inf, log["left"])
    kept = (log["arrived"] >= since) | (over > since)
    log = {name: values[kept] for name, values in log.items()}
    return log | {"run": np.full(int(kept.sum()), run)}
