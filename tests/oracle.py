"""
What log should a pathway give? A second telling of the rules, against which the fast engine is held.

Written from `flowlib/simulation/README.md` alone, for clarity and not for speed. SimPy
keeps the time. Whatever is due stands on an agenda in the order of the rules, and one
process waits for the next of it. Nothing is ever taken off the agenda: what is no
longer true when it falls due does nothing.

Times are hours after clock zero. All chance comes from `flowlib.simulation.draws`.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

import simpy

from flowlib.core.capacity import DAYS, Rota, Slots, clock
from flowlib.simulation.draws import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from flowlib.core.parts import AlreadyHere, Step
    from flowlib.simulation.draws import Luck, People, Phase

__all__ = ["Deadlock", "EndlessRound", "Visit", "oracle"]

CHANGE, ROTA, FINISH, ARRIVE, SLOT, GIVE_UP = range(6)  # the order of events at one instant
MOST_ENTRIES = 10_000  # of one person to one step
DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes
UNKNOWN = math.nan
NOT_YET = -1  # the visit number of those at a door


class Visit(NamedTuple):
    """One row of the log; a time that there is not is NaN."""

    person: int  # place in `people`
    step: str
    arrived: float
    started: float
    finished: float
    left: float
    outcome: str
    next_step: str


class Deadlock(Exception):  # noqa: N818 - it is a finding, not an error
    """Steps whose every place is held by somebody who waits for another of them."""

    def __init__(self, steps: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(steps)))
        self.steps = steps


class EndlessRound(Exception):  # noqa: N818 - as above
    """Somebody entered one step 10,000 times."""


@dataclass(eq=False)
class Row:
    """A visit while it is being written."""

    person: int
    step: str
    arrived: float
    visit: int = NOT_YET  # 0 for the first entry into that step
    started: float = UNKNOWN
    finished: float = UNKNOWN
    left: float = UNKNOWN
    outcome: str = "still_here"
    next_step: str = ""

    def close(self, outcome: str, moment: float) -> None:
        self.outcome, self.left = outcome, moment


@dataclass(eq=False)
class Person:
    """Somebody in the pathway."""

    number: int
    group: str
    row: Row | None = None  # the visit that they are at, or come for
    held: list[Row] = field(default_factory=list)  # the places they hold, in the order in which they took them
    waiting: Place | None = None  # the step in whose queue they are
    blocked: Place | None = None  # the step that they are blocked for, or at whose door they wait
    gives_up: float = math.inf  # when their patience ends, while they wait
    entries: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class Place:
    """A step while it runs."""

    name: str
    order: int
    queue: list[tuple[int, int, Person]] = field(default_factory=list)  # by priority, then order of joining
    blocked: list[Person] = field(default_factory=list)  # first blocked first; people at its door too
    holders: list[Person] = field(default_factory=list)  # of places
    slots: int = 0  # starts left
    slots_fell: float = -math.inf  # the moment at which they can be used


def oracle(course: Sequence[Phase], people: People, luck: Luck, *, until: float) -> list[Visit]:
    """
    Every visit that begins before *until* (hours), in the order in which they began.

    Raises `Deadlock` when steps lock each other, and `EndlessRound` when somebody
    enters one step 10,000 times.
    """
    run = Run(course, people, luck, until)
    run.clock.run(run.clock.process(run.clockwork()))
    rows = sorted(run.rows, key=lambda row: row.arrived)
    return [Visit(r.person, r.step, r.arrived, r.started, r.finished, r.left, r.outcome, r.next_step) for r in rows]


def exact(hours: float) -> Any:
    """A moment for SimPy's clock, which adds delays up: fractions do so without rounding."""
    return Fraction(hours)


def opening(step: Step, moment: float) -> float:
    """*moment*, if it is inside the step's leaving hours; else the next opening."""
    if step.leaves_between is None:
        return moment
    opens, closes = (round(clock("leaving hours", text) * 60) for text in step.leaves_between)
    days = set(named_days(step.leaves_on))
    first = int(moment // 24)
    for day in range(first, first + 9):
        if day % 7 in days and moment < (day * DAY + closes) / 60:
            return max(moment, (day * DAY + opens) / 60)
    raise AssertionError("a week has an opening")


def named_days(text: str) -> Iterator[int]:
    """Days of the week from 0, of text such as "Mon-Wed, Sat"."""
    for part in re.split(", ?", text):
        first, _, last = part.partition("-")
        begin = DAYS.index(first)
        for later in range((DAYS.index(last or first) - begin) % 7 + 1):
            yield (begin + later) % 7


class Run:
    """One run: who is where, and what is due."""

    def __init__(self, course: Sequence[Phase], people: People, luck: Luck, until: float) -> None:
        self.course, self.people, self.until = course, people, until
        self.ends = [*(phase.begins for phase in course[1:]), math.inf]
        self.fate = Fate(people, luck)
        self.clock = simpy.Environment(exact(0))
        self.agenda: list[tuple[float, int, float, int, int, int, Callable[[], None]]] = []
        self.ticket = itertools.count()
        self.rows: list[Row] = []
        names = dict.fromkeys(name for phase in course for name in phase.pathway.step_names)
        self.places = {name: Place(name, order) for order, name in enumerate(names)}
        self.persons = [Person(number, self.fate.group(number)) for number in range(len(people))]
        self.phase = 0

    # ---- time

    @property
    def now(self) -> float:
        return float(self.clock.now)

    def put(
        self, time: float, kind: int, act: Callable[[], None], *, finish: float = 0.0, order: int = 0, person: int = -1
    ) -> None:
        """Put something on the agenda."""
        heappush(self.agenda, (time, kind, finish, order, person, next(self.ticket), act))

    def clockwork(self) -> Generator[simpy.Event, None, None]:
        """Wait for the next thing due, let it happen with all that follows from it, and again."""
        self.plan()
        self.begin_with_those_here()
        self.look_for_deadlock()
        while self.agenda and self.agenda[0][0] < self.until:
            yield self.clock.timeout(exact(self.agenda[0][0]) - self.clock.now)
            heappop(self.agenda)[-1]()
            self.look_for_deadlock()

    def plan(self) -> None:
        """All that is due whatever people do: changes, rotas, arrivals, slots."""
        for index, (phase, ends) in enumerate(zip(self.course, self.ends, strict=True)):
            if index:
                self.put(phase.begins, CHANGE, partial(self.change, index))
            for step in phase.pathway.steps:
                place = self.places[step.name]
                if isinstance(step.capacity, Rota):
                    self.plan_rota(place, step.capacity.by_hour, phase.begins, min(ends, self.until))
                elif isinstance(step.capacity, Slots):
                    self.plan_slots(place, step.capacity, phase.begins, min(ends, self.until))
        for person in self.persons[len(self.people.here) :]:
            place = self.places[self.people.streams[int(self.people.stream[person.number])].step]
            come = partial(self.send, person, place.name)
            self.put(float(self.people.time[person.number]), ARRIVE, come, order=place.order, person=person.number)

    def plan_rota(self, place: Place, by_hour: Sequence[int], begins: float, ends: float) -> None:
        """The rises; when a rota falls nothing happens."""
        for hour in range(int(begins) + 1, math.ceil(ends)):
            if by_hour[hour % len(by_hour)] > by_hour[(hour - 1) % len(by_hour)]:
                self.put(float(hour), ROTA, partial(self.let_in, place), order=place.order)

    def plan_slots(self, place: Place, slots: Slots, begins: float, ends: float) -> None:
        starts: Counter[int] = Counter()
        for hour, number in slots.moments:
            starts[round(hour * 60)] += number
        for week in range(int(ends // 168) + 1):
            for minute, number in starts.items():
                time = (week * WEEK + minute) / 60
                if begins <= time < ends:
                    self.put(time, SLOT, partial(self.fall_due, place, number), order=place.order)

    # ---- what falls due

    def change(self, index: int) -> None:
        """From now on the new pathway holds."""
        self.phase = index
        self.let_in_everywhere()

    def fall_due(self, place: Place, number: int) -> None:
        place.slots, place.slots_fell = number, self.now
        self.let_in(place)

    def finish(self, person: Person) -> None:
        row = row_of(person)
        row.finished = self.now
        self.try_to_move(person)

    def try_to_move(self, person: Person) -> None:
        """Move on or go home, or wait for the next opening."""
        row = row_of(person)
        opens = opening(self.step(row.step), self.now)
        if opens > self.now:
            self.put_try(opens, person, partial(self.try_to_move, person))
        else:
            self.send(person, self.where_next(person))

    def try_again(self, person: Person, row: Row) -> None:
        """The opening after somebody blocked was passed over."""
        place = person.blocked
        if place is not None and person.row is row and self.open_to_all(place):
            if self.may_leave(person):
                self.pull_one(person, place)
            else:
                self.pass_over(person)

    def give_up(self, person: Person, row: Row) -> None:
        place = person.waiting
        if place is None or person.row is not row:
            return
        place.queue = [entry for entry in place.queue if entry[-1] is not person]
        person.waiting = None
        row.close("gave_up", self.now)
        self.send(person, self.step(place.name).gives_up_to, shorter=[place])

    # ---- the pathway of this moment

    def step(self, name: str) -> Step:
        return self.course[self.phase].pathway.step(name)

    def around(self, name: str) -> list[str]:
        """The steps that a step is within, the nearest first."""
        outer = self.step(name).within
        return [] if outer is None else [outer, *self.around(outer)]

    def where_next(self, person: Person) -> str | None:
        """By the person's own number; what is left over goes home."""
        row = row_of(person)
        number = self.fate.number(person.number, row.step, "route", row.visit)
        running = 0.0
        for route in self.course[self.phase].pathway.routes_from(row.step, person.group):
            running += route.share
            if number < running:
                return route.to_step
        return None

    def rank(self, person: Person, place: Place) -> int:
        priority = self.step(place.name).priority
        return priority.index(person.group) if person.group in priority else len(priority)

    # ---- may they?

    def has_room(self, place: Place) -> bool:
        capacity = self.step(place.name).capacity
        if capacity is None:
            return True
        if isinstance(capacity, Slots):
            return place.slots_fell == self.now and place.slots > 0
        if isinstance(capacity, Rota):
            capacity = capacity.by_hour[int(self.now) % len(capacity.by_hour)]
        return len(place.holders) < capacity

    def able_to_start(self, place: Place) -> bool:
        return not place.queue and self.has_room(place)

    def open_to_all(self, place: Place) -> bool:
        limit = self.step(place.name).queue_limit
        return self.able_to_start(place) or limit is None or len(place.queue) < limit

    def own_place(self, person: Person, place: Place) -> bool:
        """Whether they hold a place there already; with slots there is none to return to."""
        slots = isinstance(self.step(place.name).capacity, Slots)
        return not slots and any(row.step == place.name for row in person.held)

    def may_enter(self, person: Person, place: Place) -> bool:
        return self.own_place(person, place) or self.open_to_all(place)

    def may_leave(self, person: Person) -> bool:
        """Inside the hours of the step that they finished; people at a door have no hours to keep."""
        row = person.row
        at_a_door = row is None or math.isnan(row.finished)
        return row is None or at_a_door or opening(self.step(row.step), self.now) == self.now

    # ---- moving

    def send(self, person: Person, name: str | None, *, shorter: Iterable[Place] = ()) -> None:
        """Towards a step (None: home), by its own rule where it is full; *shorter* is the queue just given up."""
        if name is None:
            self.give_way(person, [], lambda: None, shorter)
            return
        place = self.after_diverts(person, self.places[name])
        row = person.row
        if row is not None:
            row.next_step = place.name
        kept = self.around(place.name)
        if self.may_enter(person, place):
            self.move(person, place, shorter)
        elif self.step(place.name).when_full == "turn_away":
            self.give_way(person, [], partial(self.turn_away, person, place), shorter)
        elif row is not None and row.outcome != "gave_up":
            self.block(person, place)
        else:
            self.give_way(person, kept, partial(self.wait_at_door, person, place), shorter)

    def after_diverts(self, person: Person, place: Place) -> Place:
        while self.step(place.name).divert_to is not None and not self.may_enter(person, place):
            place = self.places[str(self.step(place.name).divert_to)]
        return place

    def move(self, person: Person, place: Place, shorter: Iterable[Place] = ()) -> None:
        own = self.own_place(person, place)
        self.give_way(person, self.around(place.name), partial(self.enter, person, place, own=own), shorter)

    def give_way(
        self, person: Person, kept: Sequence[str], then: Callable[[], None], shorter: Iterable[Place] = ()
    ) -> None:
        """Give up the places that are not kept: whoever waits starts, the person goes on, the blocked are pulled."""
        freed = [self.leave(person, row) for row in reversed(person.held) if row.step not in kept]
        for place in freed:
            self.start_those_waiting(place)
        then()
        for place in (*shorter, *freed):
            self.pull(place)

    def leave(self, person: Person, row: Row) -> Place:
        place = self.places[row.step]
        place.holders.remove(person)
        person.held = [one for one in person.held if one is not row]
        row.close("completed", self.now)
        return place

    def let_in_everywhere(self) -> None:
        for place in self.places.values():
            if place.name in self.course[self.phase].pathway.step_names:
                self.let_in(place)

    def let_in(self, place: Place) -> None:
        self.start_those_waiting(place)
        self.pull(place)

    def start_those_waiting(self, place: Place) -> None:
        while place.queue and self.has_room(place):
            _, _, person = place.queue.pop(0)
            person.waiting = None
            self.start(person, place)

    def pull(self, place: Place) -> None:
        """Let those blocked enter while they may, each with all that follows before the next."""
        while (person := self.first_to_pull(place)) is not None:
            self.pull_one(person, place)

    def first_to_pull(self, place: Place) -> Person | None:
        for person in place.blocked:
            if self.open_to_all(place):
                if self.may_leave(person):
                    return person
                self.pass_over(person)
        return None

    def pull_one(self, person: Person, place: Place) -> None:
        place.blocked.remove(person)
        person.blocked = None
        self.move(person, place)

    def pass_over(self, person: Person) -> None:
        row = row_of(person)
        self.put_try(opening(self.step(row.step), self.now), person, partial(self.try_again, person, row))

    def put_try(self, opens: float, person: Person, act: Callable[[], None]) -> None:
        row = row_of(person)
        order = self.places[row.step].order
        self.put(opens, FINISH, act, finish=row.finished, order=order, person=person.number)

    # ---- arriving at a step

    def new_row(self, person: Person, place: Place) -> Row:
        row = Row(person.number, place.name, self.now)
        self.rows.append(row)
        return row

    def enter(self, person: Person, place: Place, *, own: bool) -> None:
        """Start if able, else wait; on their own place, if there is nowhere else."""
        if person.row is None or person.row.visit != NOT_YET:
            person.row = self.new_row(person, place)
        person.row.visit = self.count_entry(person, place)
        if self.able_to_start(place) or (own and not self.open_to_all(place)):
            self.start(person, place)
        else:
            self.wait(person, place, self.now)

    def count_entry(self, person: Person, place: Place) -> int:
        person.entries[place.name] += 1
        if person.entries[place.name] == MOST_ENTRIES:
            raise EndlessRound(place.name)
        return person.entries[place.name] - 1

    def start(self, person: Person, place: Place) -> None:
        row = row_of(person)
        row.started = self.now
        if isinstance(self.step(place.name).capacity, Slots):
            place.slots -= 1
        self.hold(person, place, row)
        self.serve(person, place)

    def hold(self, person: Person, place: Place, row: Row) -> None:
        place.holders.append(person)
        person.held.append(row)

    def serve(self, person: Person, place: Place) -> None:
        row = row_of(person)
        ends = row.started + self.fate.length(person.number, self.step(place.name), "time", row.visit)
        finish = partial(self.finish, person)
        self.put(ends, FINISH, finish, finish=ends, order=place.order, person=person.number)

    def wait(self, person: Person, place: Place, joined: float) -> None:
        """Join the queue, and be patient for so long."""
        row, step = row_of(person), self.step(place.name)
        insort(place.queue, (self.rank(person, place), next(self.ticket), person))
        person.waiting, person.gives_up = place, math.inf
        if step.patience is not None:
            person.gives_up = joined + self.fate.length(person.number, step, "patience", row.visit)
            act = partial(self.give_up, person, row)
            self.put(person.gives_up, GIVE_UP, act, order=place.order, person=person.number)

    def block(self, person: Person, place: Place) -> None:
        place.blocked.append(person)
        person.blocked = place

    def wait_at_door(self, person: Person, place: Place) -> None:
        """In the blocked queue, with a row from now on."""
        person.row = self.new_row(person, place)
        self.block(person, place)

    def turn_away(self, person: Person, place: Place) -> None:
        self.new_row(person, place).close("turned_away", self.now)

    # ---- people already there

    def begin_with_those_here(self) -> None:
        """Longest first, then in the order of the list; then step by step whoever can start or move does."""
        since = self.people.time
        for number in sorted(range(len(self.people.here)), key=lambda n: (float(since[n]), n)):
            self.place_one(self.persons[number], self.people.here[number], float(since[number]))
        self.let_in_everywhere()

    def place_one(self, person: Person, one: AlreadyHere, since: float) -> None:
        around = self.around(one.step)
        for outer, inner in reversed(list(zip(around, [one.step, *around], strict=False))):
            row = Row(person.number, outer, since, started=since, finished=since, next_step=inner)
            self.rows.append(row)
            self.hold(person, self.places[outer], row)
        place = self.places[one.step]
        person.row = row = Row(person.number, one.step, since, self.count_entry(person, place))
        self.rows.append(row)
        if one.state == "waiting":
            self.wait(person, place, since)
            return
        row.started = since
        self.hold(person, place, row)
        if one.state == "in_service":
            self.serve(person, place)
        else:
            row.finished, row.next_step = 0.0, str(one.next)
            self.block(person, self.places[str(one.next)])

    # ---- deadlock

    def look_for_deadlock(self) -> None:
        """A set of full steps whose every place is held by somebody who waits for one of them."""
        locked = {place for place in self.places.values() if self.can_lock(place)}
        while free := {p for p in locked if any((h.blocked or h.waiting) not in locked for h in p.holders)}:
            locked -= free
        if locked:
            raise Deadlock(frozenset(place.name for place in locked))

    def can_lock(self, place: Place) -> bool:
        """Held, full at its highest capacity, and nobody in the queue will give up."""
        stuck = place.holders and all(person.blocked or person.waiting for person in place.holders)
        patient = all(person.gives_up == math.inf for _, _, person in place.queue)
        return bool(stuck and patient and len(place.holders) >= self.highest_ever(place))

    def highest_ever(self, place: Place) -> float:
        """The highest capacity of this pathway or of one to come; infinity for slots and unlimited steps."""
        highest = 0
        for phase in self.course[self.phase :]:
            capacity = phase.pathway.step(place.name).capacity
            if capacity is None or isinstance(capacity, Slots):
                return math.inf
            if isinstance(capacity, Rota):
                capacity = max(capacity.by_hour)
            highest = max(highest, capacity)
        return highest


def row_of(person: Person) -> Row:
    """The visit of somebody who is at a step."""
    if person.row is None:
        raise AssertionError("only people at a step are asked")
    return person.row
