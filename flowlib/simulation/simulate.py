"""
What log would this pathway give?

`days` counts after the warm-up. People who come in the warm-up and are still there
when it ends stay in the log, because they fill the places that others wait for.
`README.md` in this folder says what each word of a pathway means here.
"""

from __future__ import annotations

from bisect import bisect_left as bisect
from typing import TYPE_CHECKING, Any

import numpy as np

from flowlib.core import checks
from flowlib.core.capacity import Rota, many
from flowlib.core.columns import Coded
from flowlib.core.eventlog import OUTCOMES, EventLog
from flowlib.core.parts import AlreadyHere
from flowlib.core.pathway import Pathway
from flowlib.core.variation import Duration
from flowlib.simulation import draws

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Plan", "check", "one_run", "simulate"]

ENGINES = ("auto", "fast", "ciw")
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
    same seed gives the same log, and the same people in every scenario.

    `then={90: later}` changes the pathway on day 90 (0 or more, counted as `days` is):
    people keep their places, and the change meets them at their next event. It has all
    the steps of the first. `already_here` puts people in places and queues when the
    clock starts; no warm-up goes with it.

    `engine` is "fast", "ciw" or "auto", which is the fast one. Both give the same log;
    ciw takes no rotas, slots, leaving hours, diverts, steps within steps, `then` or
    `already_here`.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, minutes, simulate
    >>> clinic = Pathway("Clinic", [Step("nurse", 1, Exponential(minutes(6)))], [Arrivals("nurse", per_hour=5)])
    >>> log = simulate(clinic, days=50, seed=1)
    >>> bool(0.05 < log.waits()["mean_hours"]["nurse"] < 0.15)  # M/M/1 says 0.1 hours
    True
    """
    plan = check(pathway, days=days, warm_up_days=warm_up_days, then=then, already_here=already_here, engine=engine)
    seed, runs = checks.whole("seed", seed), checks.whole("runs", runs, 1)
    return plan.log([plan.one(seed, run) for run in range(runs)])


def one_run(
    pathway: Pathway,
    *,
    days: float,
    warm_up_days: float,
    seed: int,
    run: int,
    then: Mapping[float, Pathway] | None = None,
    already_here: Sequence[AlreadyHere] = (),
) -> EventLog:
    """The log of one numbered run of the many that `simulate` would join: for work that goes run by run."""
    plan = check(pathway, days=days, warm_up_days=warm_up_days, then=then, already_here=already_here)
    return plan.log([plan.one(checks.whole("seed", seed), checks.whole("run", run))])


class Plan:
    """A simulation that can be run: what was asked, checked."""

    def __init__(
        self, course: tuple[draws.Phase, ...], since: float, until: float, here: tuple[AlreadyHere, ...], engine: str
    ) -> None:
        self.course, self.since, self.until, self.here, self.engine = course, since, until, here, engine
        self.names = (*draws.step_names(course), "")

    def one(self, seed: int, run: int) -> dict[str, Any]:
        """One run: columns of a log."""
        luck = draws.Luck(seed, run)
        people = draws.arrivals(self.course, luck, until=self.until, here=self.here)
        made = self._played(people, luck)
        if self.since:
            over = np.where(np.isnan(made["left"]), np.inf, made["left"])
            kept = (made["arrived"] >= self.since) | (over > self.since)
            made = {name: values[kept] for name, values in made.items()}
        groups = np.asarray([stream.group for stream in people.streams], dtype=object)
        return made | {
            "person": Coded((made["person"], people.ids)),
            "group": Coded((people.stream[made["person"]], groups.take)),
            "step": Coded.of(made["step"], self.names),
            "outcome": Coded.of(made["outcome"], OUTCOMES),
            "next_step": Coded.of(made["next_step"], self.names),
            "run": np.full(len(made["arrived"]), run),
        }

    def _played(self, people: draws.People, luck: draws.Luck) -> dict[str, np.ndarray]:
        if self.engine == "ciw":
            from flowlib.simulation import ciw_engine  # noqa: PLC0415 - ciw is heavy, so only when used

            return ciw_engine.run(self.course[0].pathway, people, luck, until=self.until)
        from flowlib.simulation import fast_engine  # noqa: PLC0415 - numba is heavy, too

        return fast_engine.run(self.course, people, luck, until=self.until)

    def log(self, parts: Sequence[dict[str, Any]]) -> EventLog:
        """The log of these runs."""
        columns = {}
        for name, first in parts[0].items():
            column = first
            if isinstance(first, Coded):
                for part in parts[1:]:
                    column = column + part[name]
            else:
                column = np.concatenate([part[name] for part in parts]) if len(parts) > 1 else first
            columns[name] = column
        pathway = self.course[0].pathway
        return EventLog.from_hours(
            columns, starts=pathway.starts, since=self.since, until=self.until, name=pathway.name, runs=len(parts)
        )


def check(
    pathway: Pathway,
    *,
    days: float,
    warm_up_days: float = 0,
    then: Mapping[float, Pathway] | None = None,
    already_here: Sequence[AlreadyHere] = (),
    engine: str = "auto",
) -> Plan:
    """What `simulate` was asked, if it can be run; else a `Refusal`."""
    checks.need(isinstance(pathway, Pathway), f"simulate takes a Pathway; {type(pathway).__name__} came.")
    since, until = _window(days, warm_up_days)
    checks.choice("engine", engine, ENGINES)
    course = draws.phases(pathway, _changes(pathway, then or {}, since, until))
    here = _here(pathway, already_here, since)
    if engine == "ciw":
        checks.need(len(course) == 1, 'ciw cannot change a pathway on a date (then=). Use engine="fast".')
        checks.need(not here, 'ciw starts empty, so it takes no already_here. Use engine="fast".')
        from flowlib.simulation.ciw_engine import refuse_what_ciw_cannot  # noqa: PLC0415 - heavy

        refuse_what_ciw_cannot(pathway)
    checks.need(
        here or any(phase.pathway.arrivals for phase in course),
        f'Nobody comes to pathway "{pathway.name}". Give it arrivals, such as Arrivals(step, per_hour=4).',
    )
    _check_arrivals(course, until)
    _check_open(course)
    return Plan(course, since, until, here, engine)


def _window(days: float, warm_up_days: float) -> tuple[float, float]:
    """When the log begins and ends, hours after clock zero."""
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
    return before * 24, (before + length) * 24


def _changes(
    pathway: Pathway, then: Mapping[float, Pathway], since: float, until: float
) -> list[tuple[float, Pathway]]:
    """When pathways begin, hours after clock zero, and which."""
    made: list[tuple[float, Pathway]] = []
    known = list(pathway.step_names)
    for day, later in sorted(dict(then).items()):
        begins = since + 24 * checks.at_least("The day of a change", day, 0)
        checks.need(isinstance(later, Pathway), f"then= names a Pathway for each day; {checks.brief(later)} came.")
        checks.need(
            begins < until, f"Day {checks.shown(day)} of then= is after the end. Choose an earlier day, or more days."
        )
        gone = [name for name in known if name not in later.step_names]
        known += [name for name in later.step_names if name not in known]
        checks.need(
            not gone,
            f"From day {checks.shown(day)} the pathway lacks {checks.listed(gone)}, where people may be. "
            "Keep the step, and send nobody there.",
        )
        checks.need(
            later.starts == pathway.starts, "Pathways of one simulation start on the same Monday. Give both one starts."
        )
        made.append((begins, later))
    return made


def _here(pathway: Pathway, already_here: Sequence[AlreadyHere], since: float) -> tuple[AlreadyHere, ...]:
    people = many("already_here", already_here, '[AlreadyHere("ward", "everyone", 48, "in_service")]')
    for one in people:
        checks.need(
            isinstance(one, AlreadyHere), f"already_here holds AlreadyHere(...) only; {checks.brief(one)} came."
        )
        assert isinstance(one, AlreadyHere)  # noqa: S101 - refused above
        pathway.known(one.step)
        if one.next is not None:
            checks.need(
                pathway.known(one.next) not in _places(pathway, one.step),
                f'Somebody at "{one.step}" holds a place in "{one.next}", so nobody there is blocked for it. '
                "Name another step as next.",
            )
        if pathway.groups:
            checks.choice("group", one.group, pathway.groups, where=f'that arrives in pathway "{pathway.name}"')
    checks.need(
        not (people and since), "already_here says who is there when the clock starts, so leave warm_up_days out."
    )
    return tuple(one for one in people if isinstance(one, AlreadyHere))


def _places(pathway: Pathway, name: str | None) -> list[str]:
    """The steps in which somebody at this one holds a place."""
    found = []
    while name is not None:
        found.append(name)
        name = pathway.step(name).within
    return found


def _check_arrivals(course: Sequence[draws.Phase], until: float) -> None:
    ends = [*(phase.begins for phase in course[1:]), until]
    expected = sum(
        stream.mean_per_hour * (end - phase.begins) if stream.times is None else bisect(stream.times, end)
        for phase, end in zip(course, ends, strict=True)
        for stream in phase.pathway.arrivals
    )
    checks.need(
        expected <= MOST_ARRIVALS,
        f"About {expected:,.0f} people would arrive in each run. "
        "Rates are people an hour; check them, or take fewer days.",
    )


def _check_open(course: Sequence[draws.Phase]) -> None:
    """Refuse a step that people would wait for without end, because it never has capacity."""
    for name in draws.step_names(course):
        steps = [phase.pathway.step(name) for phase in course if name in phase.pathway.step_names]
        if all(step.capacity == 0 or (isinstance(step.capacity, Rota) and not step.capacity.mean) for step in steps):
            waits = any(step.patience is None and step.when_full == "wait_upstream" for step in steps)
            comes = any(
                sum(phase.pathway.visits_per_hour(name).values()) > 0
                for phase in course
                if name in phase.pathway.step_names
            )
            checks.need(
                not (waits and comes),
                f'Step "{name}" never has any capacity, so people who come there would wait for ever. '
                'Give it capacity, or send people elsewhere with when_full="turn_away" or "divert".',
            )
