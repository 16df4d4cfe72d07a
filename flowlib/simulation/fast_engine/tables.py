"""
How does the engine see pathways? As tables of numbers, one row a phase.

The calendar holds every moment at which a step's capacity changes by itself: a change
of pathway, a rota's hour, a slot. Its moments are whole minutes over 60, so that the
same moment is the same number everywhere.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.capacity import DAYS, Rota, Slots, clock
from flowlib.simulation.fast_engine.kernel import (
    AT_CHANGE,
    BLOCK,
    CHANGE,
    CLOSES,
    DIVERT,
    HAS_HOURS,
    KIND,
    LIMIT,
    MOST,
    NONE,
    OF_ENTRIES,
    OF_RULES,
    OPENS,
    PATIENT,
    PLACES,
    SLOT,
    SLOTS,
    TURN,
    UNLIMITED,
    WEEKDAYS,
    WHEN_FULL,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.parts import Step
    from flowlib.simulation.draws import People, Phase
    from flowlib.simulation.fast_engine.plan import Plan

RULES = {"wait_upstream": BLOCK, "turn_away": TURN, "divert": DIVERT}
NO_LIMIT = np.iinfo(np.int64).max
NEVER_LOCKS = -1
HOURS_A_WEEK, MINUTES_AN_HOUR = 168, 60


def pathways(plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """Rules, ranks and which steps are within which, as in `World`."""
    course, names, groups = plan.course, plan.names, groups_of(plan.people)
    rules = np.zeros((OF_RULES, len(course), len(names)), dtype=np.int64)
    ranks = np.zeros((len(course), len(names), max(len(groups), 1)), dtype=np.int32)
    inside = np.zeros((len(course), len(names), len(names)), dtype=np.bool_)
    rules[LIMIT], rules[PATIENT], rules[WHEN_FULL] = NO_LIMIT, 1, BLOCK
    for p, steps in enumerate(plan.steps):
        for i, step in enumerate(steps):
            if step is not None:
                rules[:, p, i] = _rules(step, course[p].begins)
                ranks[p, i] = [_rank(step, group) for group in groups] or 0
                inside[p, i, list(beneath(steps, names, i))] = True
    rules[MOST] = _most(plan, course)
    return rules, ranks, inside


def calendar(plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Moments, rising, and what happens then: kind, step, value and whether capacity rises."""
    parts = [np.zeros((0, 1 + OF_ENTRIES)), *_calendar(plan, plan.course, plan.until)]
    found = np.concatenate(parts)
    found = found[np.lexsort(found.T[::-1])]
    return found[:, 0].copy(), found[:, 1:].T.astype(np.int64)


def groups_of(people: People) -> list[str]:
    """Every group, in order of first mention."""
    return list(dict.fromkeys(stream.group for stream in people.streams))


def _rules(step: Step, begins: float) -> list[int]:
    made = [0] * OF_RULES
    made[KIND], made[WHEN_FULL], made[PATIENT] = kind_of(step), RULES[step.when_full], int(step.patience is None)
    made[LIMIT] = NO_LIMIT if step.queue_limit is None else step.queue_limit
    made[AT_CHANGE] = _capacity_at(step, begins)
    if step.leaves_between is not None:
        made[HAS_HOURS] = 1
        made[OPENS], made[CLOSES] = (minutes_of(text) for text in step.leaves_between)
        made[WEEKDAYS] = sum(1 << day for day, open_ in enumerate(days_of(step.leaves_on)) if open_)
    return made


def kind_of(step: Step) -> int:
    """How the step's capacity is stated."""
    if isinstance(step.capacity, Slots):
        return SLOTS
    return UNLIMITED if step.capacity is None else PLACES


def minutes_of(text: str) -> int:
    """Whole minutes after midnight of a time of day."""
    return round(clock("The time", text) * MINUTES_AN_HOUR)


def days_of(text: str) -> list[bool]:
    """Whether each day, from Monday, is among those of "Mon-Fri, Sun"."""
    found = [False] * len(DAYS)
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        day, end = DAYS.index(first), DAYS.index(last or first)
        while True:
            found[day] = True
            if day == end:
                break
            day = (day + 1) % len(DAYS)
    return found


def beneath(steps: Sequence[Step | None], names: Sequence[str], i: int) -> Iterator[int]:
    """The steps that step *i* is within, directly or through others."""
    step = steps[i]
    while step is not None and step.within is not None:
        i = names.index(step.within)
        yield i
        step = steps[i]


def _rank(step: Step, group: str) -> int:
    return step.priority.index(group) if group in step.priority else len(step.priority)


def _capacity_at(step: Step, hour: float) -> int:
    if isinstance(step.capacity, Rota):
        return step.capacity.by_hour[math.floor(hour) % len(step.capacity.by_hour)]
    return step.capacity if isinstance(step.capacity, int) else 0


def _most(plan: Plan, course: Sequence[Phase]) -> list[list[int]]:
    """The highest capacity of each step from each phase on; below 0 where it never waits for a place."""
    most = [[NEVER_LOCKS] * len(plan.names) for _ in course]
    for i in range(len(plan.names)):
        later = 0
        for p in reversed(range(len(course))):
            step = plan.steps[p][i]
            if step is not None and kind_of(step) != PLACES:
                later = NEVER_LOCKS
            elif step is not None and later != NEVER_LOCKS:
                now = max(step.capacity.by_hour) if isinstance(step.capacity, Rota) else step.capacity
                assert isinstance(now, int)  # noqa: S101 - of a step with places
                later = max(later, now)
            most[p][i] = later
    return most


def _calendar(plan: Plan, course: Sequence[Phase], until: float) -> Iterator[NDArray[np.float64]]:
    """Moment, kind, step, value and whether capacity rises, of everything that happens by the calendar."""
    ends = [*(phase.begins for phase in course[1:]), until]
    for p, (phase, end) in enumerate(zip(course, ends, strict=True)):
        last = min(end, until)
        if p and phase.begins < until:
            yield _entries([phase.begins], CHANGE, NONE, p, rises=True)
        for i, step in enumerate(plan.steps[p]):
            if step is not None and isinstance(step.capacity, Rota):
                for moments, number, rises in _rota(step.capacity, phase.begins, last):
                    yield _entries(moments, CHANGE, i, number, rises=rises)
            if step is not None and isinstance(step.capacity, Slots):
                for moments, number in _slots(step.capacity, phase.begins, last):
                    yield _entries(moments, SLOT, i, number, rises=True)


def _entries(
    moments: Sequence[float] | NDArray[np.float64], kind: int, step: int, value: int, *, rises: bool
) -> NDArray[np.float64]:
    """The same thing at these moments, a row each."""
    made = np.empty((len(moments), 1 + OF_ENTRIES))
    made[:, 0], made[:, 1:] = moments, (kind, step, value, rises)
    return made


def _rota(rota: Rota, begins: float, ends: float) -> Iterator[tuple[NDArray[np.float64], int, bool]]:
    """Hours at which a rota changes, to what, and whether it rises."""
    cycle = len(rota.by_hour)
    firsts = np.arange(math.floor(begins) // cycle * cycle, math.ceil(ends), cycle, dtype=float)
    for hour in range(cycle):
        before, number = rota.by_hour[hour - 1], rota.by_hour[hour]  # from the last hour to the first, too
        if number != before:
            moments = firsts + hour
            yield moments[(math.floor(begins) < moments) & (moments < ends)], number, number > before


def _slots(slots: Slots, begins: float, ends: float) -> Iterator[tuple[NDArray[np.float64], int]]:
    """Moments of slots, and how many may start."""
    by_minute: dict[int, int] = {}
    for when, number in slots.moments:
        minute = round(when * MINUTES_AN_HOUR)
        by_minute[minute] = by_minute.get(minute, 0) + number
    weeks = np.arange(math.floor(begins / HOURS_A_WEEK), math.floor(ends / HOURS_A_WEEK) + 1)
    for minute, number in by_minute.items():
        moments = (weeks * HOURS_A_WEEK * MINUTES_AN_HOUR + minute) / MINUTES_AN_HOUR
        if number:
            yield moments[(begins <= moments) & (moments < ends)], number
