"""
If the redesign worked as the simulation says, when would the team's own chart show it?

A redesign takes weeks to work through a place: people keep the stays and the places that
they have, and queues take time to melt. So the change is made inside the simulation. One
run warms the place up as it is, charts it for some weeks, and then the pathway changes on
a date (`simulate(then=...)`): the change meets people at their next event. The same run,
with the same people and the same luck, goes on without the change beside it. The first
says when the change is seen, the second how often a chart marks what is not there.

A chart of a week needs a number a week. `each_week` asks any measure of the experiments of
each week alone; `wait_ended` is the mean wait of those whose wait ended in that week.

Not modelled: a redesign that takes time to learn, or that wears off; weeks that are left
out of a chart; anything that the pathway leaves out. The simulation's own weeks must vary
as the team's do, or the answer is for another place: lay both charts side by side first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from flowlib.change.effect.before_after import FEWEST_BEFORE
from flowlib.change.effect.weeks import look
from flowlib.core import checks
from flowlib.core.capacity import DAYS
from flowlib.core.columns import Coded
from flowlib.core.eventlog import EventLog
from flowlib.measure.spc_many import lines_many, signals_many
from flowlib.redesign.measures import HOURS_IN, Measure
from flowlib.redesign.workers import done
from flowlib.simulation.simulate import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from flowlib.change.effect.weeks import WeeksToSee
    from flowlib.core.pathway import Pathway

    Floats = NDArray[np.float64]

__all__ = ["Weekly", "each_week", "wait_ended", "weeks_to_see_redesign"]

WEEK = 168  # hours
FEWEST_RUNS = 20
UNFIT = 0.9  # with more baselines than this marked by a rule, the chart does not suit the measure


@dataclass(frozen=True)
class Weekly:
    """A number a week, from the log of one run."""

    name: str
    unit: str
    of: Callable[[EventLog], Floats]  # one number for each whole week of the log
    better: Literal["down", "up"] = "down"


def each_week(measure: Measure, *, day: str | None = None, hour: int = 0) -> Weekly:
    """
    *measure* of each week alone; with a *day* ("Mon"), of one hour of it alone (8 is from 8am to 9am).

    Places and queues come out as a team would count them. A measure of waits counts
    people by the week in which they joined, with the wait that they went on to have,
    which a team knows only later: `wait_ended` is a chart that can be drawn at the
    week's end.
    """
    checks.need(isinstance(measure, Measure), f"each_week takes a Measure; {type(measure).__name__} came.")
    begins, ends = 0, WEEK
    if day is not None:
        begins = 24 * DAYS.index(checks.choice("day", day, DAYS)) + checks.whole("hour", hour)
        checks.need(hour < 24, f"hour must be from 0 to 23; {hour} came.")  # noqa: PLR2004 - hours of a day
        ends = begins + 1

    def of(log: EventLog) -> Floats:
        _needs_one_run(log)
        over = _over(log)
        weeks = range(int(log.hours_observed / WEEK))
        return np.array([measure.of(_only(log, over, WEEK * week + begins, WEEK * week + ends)) for week in weeks])

    name = measure.name if day is None else f"{measure.name}, {day} {hour}:00"
    return Weekly(name, measure.unit, of, measure.better)


def wait_ended(step: str, *, until: Literal["started", "left"] = "started", unit: str = "days") -> Weekly:
    """
    Mean wait for *step* of those whose wait ended in the week, in "minutes", "hours" or "days".

    From joining until they *started*, or, where the step is itself the waiting, until
    they *left* it. Those still waiting come into a later week.
    """
    checks.choice("end of a wait", until, ("started", "left"))
    per = HOURS_IN[checks.choice("unit", unit, HOURS_IN)]

    def of(log: EventLog) -> Floats:
        _needs_one_run(log)
        rows = log.arrays
        over = rows.equals("step", step) & (rows[until] >= 0) & (rows[until] < log.hours_observed)
        week = (rows[until][over] // WEEK).astype(np.int64)
        waits = (rows[until] - rows["arrived"])[over] / per
        count, total = (np.bincount(week, weights=w, minlength=1) for w in (np.ones_like(waits), waits))
        weeks = int(log.hours_observed / WEEK)
        made = np.full(max(weeks, len(count)), np.nan)
        np.divide(total, count, out=made[: len(count)], where=count > 0)
        return made[:weeks]

    return Weekly(f"mean wait for {step}", unit, of)


def weeks_to_see_redesign(
    now: Pathway,
    then: Pathway,
    measure: Weekly | Measure,
    *,
    improvement: Literal["up", "down"] | None = None,
    weeks_before: int = 52,
    warm_up_weeks: int = 52,
    method: Literal["xmr", "model"] = "xmr",
    preset: Literal["mdc", "nhsr"] = "mdc",
    chance: float = 0.8,
    longest: int = 52,
    runs: int = 100,
    seed: int = 0,
    jobs: int = 1,
) -> WeeksToSee:
    """
    The weeks until a chart of *measure* shows the change from *now* to *then*, with so much *chance*.

    *measure* is a number a week (`each_week`, `wait_ended`), or a measure of the
    experiments, then taken of each week. *improvement* is its own unless you say. Each of
    the *runs* (20 or more) has *warm_up_weeks*, then *weeks_before* on the chart (12 or
    more), and *longest* weeks after the change; *jobs* processes share them. The rest is
    as for `weeks_to_see`. `by_week` has the means of both futures, so it shows how the
    change works its way in; `change` is their mean difference over all weeks after it.

    Refuses a *then* without a step of *now*, and a week in which there is nothing to
    measure.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, hours
    >>> from flowlib.redesign.levers import change_time
    >>> from flowlib.redesign.places import mean_there
    >>> clinic = Pathway("Clinic", [Step("nurse", None, Exponential(hours(8)))], [Arrivals("nurse", per_hour=2)])
    >>> faster = change_time(clinic, "nurse", 0.5)
    >>> weeks_to_see_redesign(clinic, faster, mean_there("nurse"), warm_up_weeks=1, longest=8, runs=20).weeks
    1
    """
    weekly = measure if isinstance(measure, Weekly) else each_week(measure)
    asked = look(improvement or weekly.better, method, preset, chance, longest, "week")
    weeks_before = checks.whole("weeks_before", weeks_before, FEWEST_BEFORE)
    warm_up = checks.whole("warm_up_weeks", warm_up_weeks)
    runs, seed = checks.whole("runs", runs, FEWEST_RUNS), checks.whole("seed", seed)
    jobs = checks.whole("jobs", jobs, 1)
    days = 7 * (weeks_before + asked.longest)
    plans = [
        check(now, days=days, warm_up_days=7 * warm_up, then=change) for change in (None, {7.0 * weeks_before: then})
    ]

    def one(run: int) -> Floats:
        """Both futures of one run: 2 by weeks."""
        return np.stack([_weeks(weekly, plan.log([plan.one(seed, run)]), run) for plan in plans])

    made = np.stack(done(one, range(runs), jobs=jobs))
    before, after = made[..., :weeks_before], made[..., weeks_before:]
    return asked.judged(before[:, 0], after[:, 1], after[:, 0], steady=not _unfit(before[:, 0], preset))


def _needs_one_run(log: EventLog) -> None:
    checks.need(log.runs == 1, f"A number a week is of one run; this log holds {log.runs}. Simulate with runs=1.")


def _over(log: EventLog) -> Floats:
    """When each visit was over (hours); infinity for those still there."""
    rows = log.arrays
    last = np.fmax(np.fmax(rows["left"], rows["finished"]), np.fmax(rows["started"], rows["arrived"]))
    return np.where(rows.equals("outcome", "still_here"), np.inf, last)


def _only(log: EventLog, over: Floats, since: float, until: float) -> EventLog:
    """The visits that were going on at some time from *since* to *until* (hours), in a log of that time."""
    rows = log.arrays
    chosen = np.flatnonzero((rows["arrived"] < until) & (over >= since))
    columns: dict[str, NDArray[np.float64] | Coded] = {}
    for name in rows:
        codes = rows.coded(name)
        columns[name] = rows[name][chosen] if codes is None else _part(codes, chosen)
    return EventLog.from_hours(
        columns, starts=log.observed[0].tz_localize(None), since=since, until=until, name=log.name, runs=1
    )


def _part(column: Coded, chosen: NDArray[np.int64]) -> Coded:
    """Some rows of a column of one run, names still unread."""
    ((codes, names),) = column.parts
    return Coded((codes[chosen], names))


def _weeks(weekly: Weekly, log: EventLog, run: int) -> Floats:
    """The numbers of one run, none missing."""
    found = np.asarray(weekly.of(log), dtype=float)
    wanted = int(log.hours_observed / WEEK)
    checks.need(
        found.shape == (wanted,),
        f'"{weekly.name}" must give one number for each of {wanted} weeks; {found.size} came.',
    )
    missing = np.flatnonzero(~np.isfinite(found))
    if missing.size:
        raise checks.Refusal(
            f'There is nothing to measure for "{weekly.name}" in week {missing[0] + 1} of run {run}. '
            "Choose a measure that every week has, or warm up for longer."
        )
    return found


def _unfit(before: Floats, preset: str) -> bool:
    """Whether a rule marks something on nearly every baseline."""
    codes, _ = signals_many(before, lines_many(before, preset=preset))
    return bool((codes != 0).any(axis=1).mean() > UNFIT)
