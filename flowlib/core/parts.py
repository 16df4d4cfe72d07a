"""
What is a journey made of: steps, routes between them, arrivals, people already there?

Each part is frozen and checked when it is made. Times are hours; rates are people an
hour. A group is a kind of person; `EVERYONE` is the group of people nobody divided.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flowlib.core import checks
from flowlib.core.capacity import DAYS, Rota, Slots, by_hour, clock, many, places
from flowlib.core.distributions import Distribution
from flowlib.core.durations import Duration, duration

__all__ = ["EVERYONE", "AlreadyHere", "Arrivals", "Route", "Step", "name_of"]

EVERYONE = "everyone"
WHEN_FULL = ("wait_upstream", "turn_away", "divert")
STATES = ("waiting", "in_service", "blocked")
NOT_IN_NAMES = {"Cc", "Cs", "Zl", "Zp"}  # control characters, halves of signs, line and paragraph breaks
SOME_DAYS = re.compile(r"({0})(-({0}))?(, ?({0})(-({0}))?)*".format("|".join(DAYS)))


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
        _set(self, "name", name_of("A step", self.name))
        here = f'Step "{self.name}"'
        if not (self.capacity is None or isinstance(self.capacity, (Rota, Slots))):
            _set(self, "capacity", places(f"{here} capacity", self.capacity))
        _set(self, "time", _time(here, self.time))
        checks.need(
            self.patience is None or isinstance(self.patience, Distribution),
            f"{here} patience must be a distribution, such as Exponential(hours(6)); "
            f"{checks.brief(self.patience)} came.",
        )
        groups = many(f"{here} priority", self.priority, '["major", "minor"]')
        _set(self, "priority", tuple(name_of(f"{here} priority", group) for group in groups))
        self._check_full(here)
        self._check_leaving(here)

    def _check_full(self, here: str) -> None:
        checks.choice(f"when_full for {here}", self.when_full, WHEN_FULL)
        if self.queue_limit is not None:
            _set(self, "queue_limit", checks.whole(f"{here} queue_limit", self.queue_limit))
        checks.need(
            (self.when_full == "divert") == (self.divert_to is not None),
            f'{here} must name divert_to when (and only when) when_full is "divert".',
        )

    def _check_leaving(self, here: str) -> None:
        checks.need(
            SOME_DAYS.fullmatch(str(self.leaves_on)),
            f'{here} leaves_on must be days such as "Mon-Fri" or "Mon, Thu"; {checks.brief(self.leaves_on)} came.',
        )
        if self.leaves_between is None:
            return
        times = many(f"{here} leaves_between", self.leaves_between, '("09:00", "20:00")')
        hours = [clock(f"{here} leaves_between", time) for time in times]
        checks.need(
            len(hours) == 2 and hours[0] < hours[1],  # noqa: PLR2004 - a pair
            f'{here} leaves_between must be an opening and a later closing time, such as ("09:00", "20:00").',
        )
        _set(self, "leaves_between", times)

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
        _set(self, "from_step", name_of("A route's first step", self.from_step))
        _set(self, "to_step", name_of("A route's second step", self.to_step))
        here = f'Route from "{self.from_step}" to "{self.to_step}"'
        _set(self, "share", checks.share(f"{here}, share", self.share))
        if self.group is not None:
            _set(self, "group", name_of(f"{here}, group", self.group))


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
        _set(self, "step", name_of("The step that people arrive at", self.step))
        here = f'Arrivals at "{self.step}"'
        _set(self, "group", name_of(f"{here}, group", self.group))
        checks.need(
            (self.per_hour is None) != (self.times is None),
            f"{here} need either per_hour or times; give one of the two.",
        )
        if self.times is not None:
            given = enumerate(many(f"{here}, times", self.times, "[0.5, 2, 2.25]"), start=1)
            moments = tuple(checks.at_least(f"{here}, time {i}", t, 0) for i, t in given)
            checks.need(moments == tuple(sorted(moments)), f"{here}: times must rise; some are out of order.")
            _set(self, "times", moments)
        else:
            _set(self, "per_hour", _rates(f"{here}, per_hour", self.per_hour))

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
        _set(self, "step", name_of("The step somebody is at already", self.step))
        _set(self, "group", name_of("The group of somebody already there", self.group))
        _set(self, "since", float(duration("AlreadyHere since", self.since)))
        checks.choice("state", self.state, STATES)
        checks.need(
            (self.state == "blocked") == (self.next is not None), "Name next for the blocked, and only for them."
        )


class _ByGroup(dict[str, Distribution]):
    """Times by group; as frozen as the step that holds them."""

    def _no(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - it stands in for methods of several kinds
        raise checks.Refusal("A step is never changed in place. Make another with with_step(...).")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _no

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[_ByGroup], tuple[dict[str, Distribution]]]:
        return _ByGroup, (dict(self),)


def _set(part: object, name: str, value: object) -> None:
    """Put a checked value into a frozen part, while it is being made."""
    object.__setattr__(part, name, value)


def name_of(what: str, value: object) -> str:
    """A name as text; a whole number is one too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    checks.need(isinstance(value, str), f"{what} needs a name in text; {checks.brief(value)} came. Put it in quotes.")
    checks.need(str(value).strip(), f"{what} needs a name; an empty one came.")
    checks.need(
        not any(unicodedata.category(sign) in NOT_IN_NAMES for sign in str(value)),
        f"{what} needs a name on one line, without control characters; {checks.brief(value)} came.",
    )
    return str(value)


def _time(here: str, value: object) -> Distribution | _ByGroup:
    by_group = isinstance(value, Mapping)
    times: Mapping[object, object] = value if isinstance(value, Mapping) else {EVERYONE: value}
    checks.need(times, f"{here} needs a distribution for its time, such as Exponential(minutes(20)); none came.")
    made = _ByGroup()
    for group, time in times.items():
        whose = f" ({group})" if by_group else ""
        if not isinstance(time, Distribution):
            raise checks.Refusal(
                f"{here} needs a distribution for its time{whose}, such as Exponential(minutes(20)); "
                f"{checks.brief(time)} came."
            )
        dict.__setitem__(made, name_of(f"{here}, group", group), time)
    return made if by_group else made[EVERYONE]


def _rates(name: str, value: object) -> float | tuple[float, ...]:
    checks.need(
        not isinstance(value, Duration),
        f"{name} is a rate, people an hour, and a length of time came. One every 15 minutes is per_hour=4.",
    )
    if isinstance(value, Iterable) and not isinstance(value, str) and getattr(value, "shape", None) != ():
        return by_hour(name, value, whole=False)
    return checks.at_least(name, value, 0)
