"""
What is the journey made of: which steps, who comes when, how long things take, where next?

A `Pathway` is a frozen description. It is never changed in place: a lever takes one
and gives another. Times are hours; clock zero is `starts`, a Monday 00:00. Rates are
people an hour.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from flowlib.core import checks
from flowlib.core.variation import Distribution, Duration, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["EVERYONE", "AlreadyHere", "Arrivals", "Pathway", "Rota", "Route", "Slots", "Step"]

EVERYONE = "everyone"  # the group of people nobody divided
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_OF = {24: "day", 168: "week"}
WHEN_FULL = ("wait_upstream", "turn_away", "divert")
STATES = ("waiting", "in_service", "blocked")
FIRST_MONDAY = dt.datetime(2026, 1, 5)  # noqa: DTZ001 - clock zero of a simulation has no clock changes


def _by_hour(name: str, values: Iterable[float], *, whole: bool) -> tuple[float, ...]:
    numbers = tuple(values)
    checks.need(
        len(numbers) in HOURS_OF,
        f"{name} needs 24 numbers (an hour of the day each) or 168 (an hour of the week each); {len(numbers)} came.",
    )
    one = checks.whole if whole else checks.at_least
    return tuple(one(f"{name}, hour {hour}", value, 0) for hour, value in enumerate(numbers))


@dataclass(frozen=True)
class Rota:
    """How many may be in service at once, by hour of the day (24 numbers) or of the week (168, from Monday 00:00)."""

    by_hour: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_hour", _by_hour("A rota", self.by_hour, whole=True))

    @property
    def mean(self) -> float:
        """People on duty, on average over the cycle."""
        return sum(self.by_hour) / len(self.by_hour)


@dataclass(frozen=True)
class Slots:
    """
    So many starts at each stated moment of the week; an unused slot is lost.

    >>> Slots([("Mon 10:00", 8), ("Tue 10:00", 7)]).a_week
    15
    """

    starts: tuple[tuple[str, int], ...]  # ("Mon 10:00", how many)

    def __post_init__(self) -> None:
        made = []
        for when, number in self.starts:
            _weekday_and_hour(when)
            made.append((when, checks.whole(f"Slots at {when}", number)))
        checks.need(made, "Slots needs at least one moment, such as ('Mon 10:00', 8); none came.")
        object.__setattr__(self, "starts", tuple(made))

    @property
    def a_week(self) -> int:
        """Starts a week, in all."""
        return sum(number for _, number in self.starts)

    @property
    def moments(self) -> tuple[tuple[float, int], ...]:
        """Hours after Monday 00:00, and how many may start then; in order."""
        return tuple(sorted((_weekday_and_hour(when), number) for when, number in self.starts))


def _weekday_and_hour(text: str) -> float:
    found = re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d\d):(\d\d)", str(text))
    checks.need(found and int(found[2]) < 24 and int(found[3]) < 60, _moment_refusal(text))  # noqa: PLR2004 - a clock
    assert found is not None  # noqa: S101 - refused above
    return DAYS.index(found[1]) * 24 + int(found[2]) + int(found[3]) / 60


def _moment_refusal(text: object) -> str:
    return f'A moment of the week looks like "Mon 10:00"; "{text}" came.'


@dataclass(frozen=True)
class Step:
    """
    One step of a journey: how many can be in it at once, and how long it takes.

    `time` is one distribution, or one for each group by name. `patience` is how long
    people wait before they give up, from joining the queue. `queue_limit` counts
    people waiting, never those in service.
    """

    name: str
    capacity: int | Rota | Slots | None  # None: unlimited, a pure delay
    time: Distribution | Mapping[str, Distribution]  # hours
    priority: tuple[str, ...] = ()  # groups, first served first; groups not named come last
    patience: Distribution | None = None  # hours
    gives_up_to: str | None = None  # the step those who give up go to; None: they leave
    queue_limit: int | None = None
    when_full: Literal["wait_upstream", "turn_away", "divert"] = "wait_upstream"
    divert_to: str | None = None
    leaves_between: tuple[str, str] | None = None  # ("09:00", "20:00"): from the first, before the second
    leaves_on: str = "Mon-Sun"
    within: str | None = None  # the step whose place is kept meanwhile

    def __post_init__(self) -> None:
        checks.need(str(self.name).strip(), "A step needs a name; an empty one came.")
        here = f'Step "{self.name}"'
        if isinstance(self.capacity, (int, float)):
            object.__setattr__(self, "capacity", checks.whole(f"{here} capacity", self.capacity))
        self._check_times(here)
        object.__setattr__(self, "priority", tuple(self.priority))
        checks.choice(f"when_full for {here}", self.when_full, WHEN_FULL)
        if self.queue_limit is not None:
            object.__setattr__(self, "queue_limit", checks.whole(f"{here} queue_limit", self.queue_limit))
        checks.need(
            (self.when_full == "divert") == (self.divert_to is not None),
            f'{here} must name divert_to when (and only when) when_full is "divert".',
        )
        if self.leaves_between is not None:
            object.__setattr__(self, "leaves_between", tuple(self.leaves_between))
            for clock in self.leaves_between:
                _weekday_and_hour(f"Mon {clock}")

    def _check_times(self, here: str) -> None:
        times = self.time if isinstance(self.time, dict) else {EVERYONE: self.time}
        for group, time in times.items():
            checks.need(
                isinstance(time, Distribution),
                f"{here} needs a distribution for its time{'' if group == EVERYONE else f' ({group})'}, "
                f"such as Exponential(minutes(20)); {time!r} came.",
            )
        checks.need(
            self.patience is None or isinstance(self.patience, Distribution),
            f"{here} patience must be a distribution, such as Exponential(hours(6)); {self.patience!r} came.",
        )

    def time_for(self, group: str) -> Distribution:
        """How long the step takes people of *group*, hours."""
        if isinstance(self.time, Distribution):
            return self.time
        return self.time[checks.choice("group", group, self.time, where=f'with a time at step "{self.name}"')]

    @property
    def servers(self) -> float:
        """How many can be in service at once, on average; infinity when unlimited, and for slots."""
        if isinstance(self.capacity, Rota):
            return self.capacity.mean
        return float(self.capacity) if isinstance(self.capacity, int) else math.inf


@dataclass(frozen=True)
class Route:
    """A share of those who finish one step go on to another; what is left over goes home."""

    from_step: str
    to_step: str
    share: float = 1.0  # 0 to 1
    group: str | None = None  # None: every group that has no route of its own from here

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "share", checks.share(f'Route from "{self.from_step}" to "{self.to_step}", share', self.share)
        )


@dataclass(frozen=True)
class Arrivals:
    """
    Who comes from outside, where to, and how often.

    `per_hour` is one rate, or 24 (by hour of day) or 168 (by hour of week, from
    Monday 00:00). `times` replays given moments instead, in hours after clock zero.
    """

    step: str
    group: str = EVERYONE
    per_hour: float | tuple[float, ...] | None = None
    times: tuple[float, ...] | None = None  # hours after clock zero, rising

    def __post_init__(self) -> None:
        here = f'Arrivals at "{self.step}"'
        checks.need(
            (self.per_hour is None) != (self.times is None),
            f"{here} need either per_hour or times; give one of the two.",
        )
        if self.times is not None:
            moments = tuple(checks.at_least(f"{here}, time {i + 1}", t, 0) for i, t in enumerate(self.times))
            checks.need(moments == tuple(sorted(moments)), f"{here}: times must rise; some are out of order.")
            object.__setattr__(self, "times", moments)
        elif isinstance(self.per_hour, (int, float)):
            object.__setattr__(self, "per_hour", checks.at_least(f"{here}, per_hour", self.per_hour, 0))
        else:
            assert self.per_hour is not None  # noqa: S101 - refused above
            object.__setattr__(self, "per_hour", _by_hour(f"{here}, per_hour", self.per_hour, whole=False))

    @property
    def mean_per_hour(self) -> float:
        """People an hour, on average over the cycle (or over the replayed span)."""
        if self.times is not None:
            return len(self.times) / self.times[-1] if self.times and self.times[-1] > 0 else 0.0
        return sum(self.by_hour) / len(self.by_hour)

    @property
    def by_hour(self) -> tuple[float, ...]:
        """Rates by hour of the day or week; a single rate is the same for 24 hours."""
        if isinstance(self.per_hour, tuple):
            return self.per_hour
        return (float(self.per_hour or 0.0),) * 24


@dataclass(frozen=True)
class AlreadyHere:
    """Somebody in the pathway when the clock starts."""

    step: str
    group: str
    since: float  # hours before clock zero at which they joined (waiting) or began service
    state: Literal["waiting", "in_service", "blocked"]
    next: str | None = None  # for the blocked: the step they wait for

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", float(duration("AlreadyHere since", self.since)))
        checks.choice("state", self.state, STATES)
        checks.need(
            (self.state == "blocked") == (self.next is not None), "Name next for the blocked, and only for them."
        )


@dataclass(frozen=True)
class Pathway:
    """
    A care journey, described once: steps, arrivals, routes.

    >>> from flowlib import Arrivals, Exponential, Pathway, Step, minutes
    >>> clinic = Pathway("Clinic", [Step("nurse", 2, Exponential(minutes(10)))], [Arrivals("nurse", per_hour=8)])
    >>> clinic.load_of("nurse")
    0.6666666666666666
    """

    name: str
    steps: tuple[Step, ...]
    arrivals: tuple[Arrivals, ...]
    routes: tuple[Route, ...] = ()
    starts: dt.datetime = field(default=FIRST_MONDAY)  # a Monday 00:00

    def __post_init__(self) -> None:
        for part, kind in (("steps", Step), ("arrivals", Arrivals), ("routes", Route)):
            values = tuple(getattr(self, part))
            for value in values:
                checks.need(isinstance(value, kind), f"{part} holds {kind.__name__}s only; {value!r} came.")
            object.__setattr__(self, part, values)
        checks.need(self.steps, f'Pathway "{self.name}" has no steps. Give it at least one.')
        checks.need(
            self.starts.weekday() == 0 and (self.starts.hour, self.starts.minute) == (0, 0),
            f"A pathway starts on a Monday at 00:00; {self.starts:%A %d %B %Y %H:%M} came.",
        )
        self._check_names()
        self._check_routes()

    @property
    def step_names(self) -> tuple[str, ...]:
        """The names of the steps, in order."""
        return tuple(step.name for step in self.steps)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that arrive, in order of first mention."""
        return tuple(dict.fromkeys(stream.group for stream in self.arrivals))

    def step(self, name: str) -> Step:
        """The step called *name*."""
        return self.steps[self.step_names.index(self.known(name))]

    def known(self, name: str) -> str:
        """*name*, if there is such a step; else a refusal with the nearest."""
        return checks.choice("step", name, self.step_names, where=f'in pathway "{self.name}"')

    def with_step(self, name: str, **changes: Any) -> Pathway:  # noqa: ANN401 - the fields of Step, of several types
        """The same pathway with one step changed: `with_step("ward", capacity=32)`."""
        old = self.step(name)
        return replace(self, steps=tuple(replace(s, **changes) if s is old else s for s in self.steps))

    def routes_from(self, name: str, group: str) -> tuple[Route, ...]:
        """Where *group* goes after step *name*: its own routes if it has any, else the general ones."""
        here = [route for route in self.routes if route.from_step == name]
        own = tuple(route for route in here if route.group == group)
        return own or tuple(route for route in here if route.group is None)

    def visits_per_hour(self, name: str) -> dict[str, float]:
        """
        People an hour who come to step *name*, by group, once flows have settled.

        Solves the traffic equations (J. R. Jackson, Operations Research 5, 1957):
        arrivals from outside plus shares of what leaves the other steps. Nobody is
        taken to give up or be turned away.
        """
        import numpy as np  # noqa: PLC0415 - descriptions are made without it

        place = self.step_names.index(self.known(name))
        found = {}
        for group in self.groups:
            outside = np.zeros(len(self.steps))
            for stream in self.arrivals:
                if stream.group == group:
                    outside[self.step_names.index(stream.step)] += stream.mean_per_hour
            moves = np.zeros((len(self.steps), len(self.steps)))
            for i, step in enumerate(self.step_names):
                for route in self.routes_from(step, group):
                    moves[i, self.step_names.index(route.to_step)] += route.share
            try:
                found[group] = float(np.linalg.solve(np.eye(len(self.steps)) - moves.T, outside)[place])
            except np.linalg.LinAlgError:
                raise checks.Refusal(
                    f'In pathway "{self.name}" some people go round for ever: a loop of routes sends all of them back. '
                    "Let some of them leave."
                ) from None
        return found

    def load_of(self, name: str) -> float:
        """
        Work that comes to step *name* as a share of what it can do; at 1 or more a queue grows.

        Unlimited steps have load 0. Time spent blocked is not counted.
        """
        step = self.step(name)
        rates = self.visits_per_hour(name)
        if isinstance(step.capacity, Slots):
            per_hour = step.capacity.a_week / 168
            return sum(rates.values()) / per_hour if per_hour else math.inf
        if step.capacity is None:
            return 0.0
        work = sum(rate * step.time_for(group).mean for group, rate in rates.items() if rate > 0)
        return work / step.servers if step.servers else math.inf

    @classmethod
    def load(cls, path: str | Path) -> Pathway:
        """A pathway from a `.yaml` file."""
        from flowlib.core.pathway_files import read  # noqa: PLC0415 - files are read on request

        return read(path)

    def save(self, path: str | Path) -> None:
        """Write the pathway to a `.yaml` file."""
        from flowlib.core.pathway_files import write  # noqa: PLC0415

        write(self, path)

    def _check_names(self) -> None:
        seen = self.step_names
        twice = [name for name in dict.fromkeys(seen) if seen.count(name) > 1]
        checks.need(not twice, f'Pathway "{self.name}" has two steps called {checks.listed(twice)}. Rename one.')
        for step in self.steps:
            for other in (step.gives_up_to, step.divert_to, step.within):
                if other is not None:
                    self.known(other)
        for stream in self.arrivals:
            self.known(stream.step)
        for route in self.routes:
            self.known(route.from_step)
            self.known(route.to_step)
        for step in self.steps:
            trail = [step.name]
            while (onward := self.step(trail[-1]).divert_to) is not None:
                checks.need(
                    onward not in trail, f"Diverts go in a circle: {checks.listed([*trail, onward])}. Break it."
                )
                trail.append(onward)

    def _check_routes(self) -> None:
        for step in self.step_names:
            for group in (*self.groups, None):
                routes = [r for r in self.routes if r.from_step == step and r.group == group]
                total = sum(route.share for route in routes)
                checks.need(
                    total <= 1 + 1e-9,
                    f'Shares that leave step "{step}" add up to {checks.shown(total)}; they may be 1 at most. '
                    "Lower one of them.",
                )


def moment(pathway: Pathway, hours_after: float) -> dt.datetime:
    """The date and time that many hours after clock zero."""
    return pathway.starts + dt.timedelta(hours=float(Duration(hours_after)))
