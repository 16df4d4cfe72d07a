"""
What is the journey: which steps, who comes when, how long things take, where next?

A `Pathway` is a frozen description. It is never changed in place: a lever takes one
and gives another. Times are hours; clock zero is `starts`, a Monday 00:00. Rates are
people an hour.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from flowlib.core import checks
from flowlib.core.capacity import Rota, Slots, many
from flowlib.core.parts import EVERYONE, AlreadyHere, Arrivals, Route, Step, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["EVERYONE", "FIRST_MONDAY", "AlreadyHere", "Arrivals", "Pathway", "Rota", "Route", "Slots", "Step"]

FIRST_MONDAY = dt.datetime(2026, 1, 5)  # noqa: DTZ001 - clock zero of a simulation has no clock changes
YEARS = range(1900, 2200)  # that a pathway may start in
ROUNDING = 1e-9  # shares may add up to this much more than 1


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
        if self.name != "":
            object.__setattr__(self, "name", name_of("A pathway", self.name))
        for part, kind in (("steps", Step), ("arrivals", Arrivals), ("routes", Route)):
            values = many(part, getattr(self, part), f"[{kind.__name__}(...)]")
            for value in values:
                checks.need(
                    isinstance(value, kind), f"{part} must hold {kind.__name__}(...) only; {checks.brief(value)} came."
                )
            object.__setattr__(self, part, values)
        checks.need(self.steps, f'Pathway "{self.name}" has no steps. Give it at least one.')
        object.__setattr__(self, "starts", _monday(self.starts))
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
        for word in changes:
            checks.choice("word", word, [f.name for f in fields(Step)], where="for a step")
        return replace(self, steps=tuple(replace(s, **changes) if s is old else s for s in self.steps))

    def routes_from(self, name: str, group: str) -> tuple[Route, ...]:
        """Where *group* goes after step *name*: its own routes if it has any, else the general ones."""
        here = [route for route in self.routes if route.from_step == name]
        own = tuple(route for route in here if route.group == group)
        return own or tuple(route for route in here if route.group is None)

    def visits_per_hour(self, name: str) -> dict[str, float]:
        """
        People an hour who come to step *name*, by group, once flows have settled.

        Solves the traffic equations: arrivals from outside plus shares of what leaves
        the other steps. Nobody is taken to give up or be turned away.
        """
        from flowlib.core.traffic import visits_per_hour  # noqa: PLC0415 - descriptions are made without numpy

        place = self.known(name)
        return {group: visits_per_hour(self, group)[place] for group in self.groups}

    def load_of(self, name: str) -> float:
        """
        Work that comes to step *name* as a share of what it can do; at 1 or more a queue grows.

        Unlimited steps have load 0. Time spent blocked is not counted.
        """
        step = self.step(name)
        rates = self.visits_per_hour(name)
        if not any(rates.values()):
            return 0.0
        if isinstance(step.capacity, Slots):
            per_hour = step.capacity.a_week / 168
            return sum(rates.values()) / per_hour if per_hour else math.inf
        if step.capacity is None:
            return 0.0
        work = sum(rate * step.time_for(group).mean for group, rate in rates.items() if rate > 0)
        return work / step.servers if step.servers else math.inf

    @classmethod
    def load(cls, path: str | Path) -> Pathway:
        """A pathway from a `.yaml` or `.xlsx` file."""
        from flowlib.core.pathway_files import read  # noqa: PLC0415 - files are read on request

        return read(path)

    def save(self, path: str | Path) -> None:
        """Write the pathway to a `.yaml` or `.xlsx` file."""
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
        if self.arrivals:
            for group, where in self._groups_named():
                checks.choice("group", group, self.groups, where=f'that arrives in pathway "{self.name}" ({where})')
        for step in self.steps:
            self._check_circle(step, "divert_to", "Diverts go")
            self._check_circle(step, "within", "Steps within steps go")

    def _groups_named(self) -> Iterator[tuple[str, str]]:
        """The groups that routes and priorities name, and where."""
        for route in self.routes:
            if route.group is not None:
                yield route.group, f'route from "{route.from_step}"'
        for step in self.steps:
            for group in step.priority:
                yield group, f'priority at "{step.name}"'

    def _check_circle(self, step: Step, word: str, what: str) -> None:
        trail = [step.name]
        while (onward := getattr(self.step(trail[-1]), word)) is not None:
            checks.need(onward not in trail, f"{what} in a circle: {checks.listed([*trail, onward])}. Break it.")
            trail.append(onward)

    def _check_routes(self) -> None:
        for step in self.step_names:
            for group in (*self.groups, None):
                routes = [r for r in self.routes if r.from_step == step and r.group == group]
                over = sum(route.share for route in routes) - 1
                checks.need(
                    over <= ROUNDING,
                    f'Shares that leave step "{step}"{"" if group is None else f" ({group})"} add up to '
                    f"{max(over, 0.0001) + 1:.5g}; they may be 1 at most. Lower one of them.",
                )


def _monday(value: object) -> dt.datetime:
    """Clock zero, if it is a Monday at 00:00."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if not isinstance(value, dt.datetime):
        raise checks.Refusal(f"starts must be a date such as 2026-01-05; {checks.brief(value)} came.")
    checks.need(
        value.weekday() == 0 and value.time() == dt.time(),
        f"A pathway starts on a Monday at 00:00; {value:%A %d %B %Y %H:%M} came.",
    )
    checks.need(value.tzinfo is None, "starts is a plain date: a simulation has no clock changes. Leave the zone out.")
    checks.need(value.year in YEARS, f"A pathway starts in the years 1900 to 2199; {value.year} came.")
    return value
