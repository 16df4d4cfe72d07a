"""
What will each person meet, if nothing turns them aside?

Everybody's way is drawn before the run, whole columns at a time: the steps, how long
each takes, how patient the person is. A way ends at home, or where it lies beyond the
end of the run. Where somebody is turned aside (diverted, given up, met by a change of
pathway), the engine asks, and the plan goes on from there for all who stand alike.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.variation import Constant
from flowlib.simulation import draws
from flowlib.simulation.fast_engine.kernel import (
    DIVERTED,
    GIVEN_UP,
    HEADING,
    HOME,
    NEED_DIVERT,
    NEED_NEXT,
    NEXT,
    NONE,
    OF_NODES,
    OF_TIMES,
    OF_WAYS,
    OUTCOME,
    STEP,
    UNDER,
    UNKNOWN,
    VISIT,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from flowlib.core.parts import Step

    Places = NDArray[np.int64]

LEVELS = 64  # visits of one person that are drawn at a time
SMALL = 2**15
ROOM = 3  # visits of one person, at a first guess, where there are routes
TOGETHER = 8  # times that a question is answered for all who stand alike


def _in_blocks(ids: Places | slice) -> Iterator[Places | slice]:
    """The same places, so many at a time as stay near the processor."""
    if isinstance(ids, slice):
        yield from (slice(ids.start + part.start, ids.start + part.stop) for part in draws.blocks(ids.stop - ids.start))
    else:
        yield from (ids[part] for part in draws.blocks(len(ids)))


class Plan:
    """The nodes of one run, and where their times come from."""

    def __init__(self, course: Sequence[draws.Phase], people: draws.People, luck: draws.Luck, until: float) -> None:
        self.course, self.people, self.luck, self.until = course, people, luck, until
        self.names = draws.step_names(course)
        self.code = {name: i for i, name in enumerate(self.names)}
        self.steps: list[list[Step | None]] = [
            [phase.pathway.step(name) if name in phase.pathway.step_names else None for name in self.names]
            for phase in course
        ]
        every = [step for steps in self.steps for step in steps if step is not None]
        self.gives = any(step.patience is not None for step in every)
        self.gives_to = [
            np.asarray(
                [HOME if step is None or step.gives_up_to is None else UNKNOWN for step in steps], dtype=np.int32
            )
            for steps in self.steps
        ]
        self._asked: Counter[tuple[int, int, int]] = Counter()
        self._exits: dict[tuple[int, int, str], tuple[NDArray[np.float64], Places]] = {}
        self._keys: dict[tuple[int, int, str, int], np.uint64] = {}
        self.loops = self._has_loops()
        self.person: Places
        self.parent: Places
        self.nodes: NDArray[np.int32]
        self.times: NDArray[np.float64]
        self.earliest: NDArray[np.float64]
        self.length: NDArray[np.float64]
        self.patience: NDArray[np.float64]
        self.ways: NDArray[np.int32]
        self.size = 0
        self._reserve(len(people))
        self._first()

    def _reserve(self, more: int) -> None:
        """Room for so many more nodes: tables whose last index is the node."""
        if self.size and self.size + more <= len(self.person):
            return
        room, phases = self.size + max(more, self.size), len(self.course)
        if not self.size and any(phase.pathway.routes for phase in self.course):
            room = ROOM * more
        for name, shape, kind in (
            ("person", (), np.int64), ("parent", (), np.int64), ("earliest", (), np.float64),
            ("nodes", (OF_NODES,), np.int32), ("times", (OF_TIMES,), np.float64), ("length", (phases,), np.float64),
            ("patience", (phases if self.gives else 0,), np.float64), ("ways", (OF_WAYS, phases), np.int32),
        ):  # fmt: skip
            table = np.empty((*shape, room), dtype=kind)
            if self.size:
                table[..., : self.size] = getattr(self, name)[..., : self.size]
            setattr(self, name, table)

    def extend(self, what: int, phase: int, node: int, at: Callable[[], Places]) -> None:
        """
        Draw the way on from *node*, and from where others may come to ask the same.

        *at* gives the node at which each person is, or will begin; of each one's way from
        there, only the first node that lacks an answer gets one. What is asked often is
        asked for one person at a time.
        """
        way, step = {NEED_NEXT: NEXT, NEED_DIVERT: DIVERTED}.get(what, GIVEN_UP), int(self.nodes[STEP, node])
        ids = np.asarray([node])
        self._asked[way, phase, step] += 1
        if self._asked[way, phase, step] <= TOGETHER:
            ids = np.union1d(ids, self._alike_ahead(way, phase, step, at()))
        if way == NEXT:
            self._onward(ids, phase)
            return
        described = self.steps[phase][step]
        target = None if described is None else described.divert_to if way == DIVERTED else described.gives_up_to
        assert target is not None  # noqa: S101 - else nobody asks
        to = np.full(len(ids), self.code[target])
        made = self._grow(self.person[ids], to, self.parent[ids] if way == DIVERTED else ids, self.earliest[ids])
        self.ways[way, phase, ids] = made
        if len(made) > 1:
            self._onward(made, phase)

    def _alike_ahead(self, way: int, phase: int, step: int, at: Places) -> Places:
        """The first node on each person's way, as it is planned now, that is at *step* and lacks an answer."""
        found: list[Places] = []
        while len(at):
            lacks = (self.nodes[STEP, at] == step) & (self.ways[way, phase, at] == UNKNOWN)
            if way == NEXT:
                lacks &= self.earliest[at] + self._least(at) < self.until
            found.append(at[lacks])
            at = self.ways[NEXT, phase, at[~lacks]].astype(np.int64)
            at = at[at >= 0]
        return np.concatenate(found) if found else at

    def _first(self) -> None:
        """Where each person comes to; for those already there, where they are and what they keep."""
        people, here = self.people, self.people.here
        entry = np.asarray([self.code[stream.step] for stream in people.streams], dtype=np.int64)
        everyone = np.arange(len(people))
        ids = self._grow(everyone, entry[people.stream], np.full(len(people), -1), people.time)
        moving = np.ones(len(ids), dtype=bool)
        self.kept: list[list[int]] = []  # of those already there: nodes held, the outermost first
        for person, one in enumerate(here):
            chain = self._beneath(one.step)
            nobody, since = np.full(len(chain), -1), np.full(len(chain), -one.since)
            codes = np.asarray([self.code[name] for name in chain], dtype=np.int64)
            self.kept.append(self._grow(np.full(len(chain), person), codes, nobody, since, visits=False).tolist())
            if one.next is not None:
                to = np.asarray([self.code[one.next]])
                target = self._grow(np.asarray([person]), to, np.asarray([person]), np.zeros(1))
                self.ways[NEXT, :, person] = target
                moving[person] = False
                self._onward(target, 0)
        self._onward(ids[moving] if here else ids, 0)

    def _beneath(self, name: str) -> list[str]:
        """The steps that *name* is within, the outermost first."""
        pathway = self.course[0].pathway
        found: list[str] = []
        outer = pathway.step(name).within
        while outer is not None:
            found.insert(0, outer)
            outer = pathway.step(outer).within
        return found

    def _grow(
        self, person: Places, step: Places, parent: Places, earliest: NDArray[np.float64], *, visits: bool = True
    ) -> Places:
        """New nodes, with their draws."""
        self._reserve(len(step))
        new = slice(self.size, self.size + len(step))
        ids = np.arange(new.start, new.stop)
        self.person[new], self.parent[new], self.earliest[new] = person, parent, earliest
        self.nodes[STEP, new], self.nodes[OUTCOME, new] = step, 0
        self.nodes[VISIT, new] = self._visits(step, parent) if visits and self.loops else 0
        self.nodes[HEADING, new], self.nodes[UNDER, new] = HOME, NONE
        if len(self.course) > 1 or self.gives:
            self.length[:, new] = self.patience[:, new] = np.inf
        self.ways[:, :, new] = UNKNOWN
        for phase, onward in enumerate(self.gives_to):
            self.ways[GIVEN_UP, phase, new] = onward[step] if (onward == UNKNOWN).any() else HOME
        self.size = new.stop
        for part, i, stream in self._alike(step, person):
            for some in _in_blocks(new if isinstance(part, slice) else ids[part]):
                self._draw("time", self.length, i, stream, some)
                self._draw("patience", self.patience, i, stream, some)
        return ids

    def _draw(self, purpose: str, table: NDArray[np.float64], i: int, stream: int, ids: Places | slice) -> None:
        """Times, or patience, of people of one stream at one step, in every phase."""
        numbers, before = None, None
        named = self.people.streams[stream]
        for phase, steps in enumerate(self.steps):
            step = steps[i]
            kind = None if step is None else step.patience if purpose == "patience" else step.time_for(named.group)
            if kind is None:
                before = None
                continue
            if kind is before:
                table[phase, ids] = table[phase - 1, ids]
            elif isinstance(kind, Constant):
                table[phase, ids] = kind.value
            else:
                numbers = self._numbers(purpose, i, stream, ids) if numbers is None else numbers
                table[phase, ids] = kind.ppf(numbers)
            before = kind
        step = self.steps[0][i]
        if step is not None and draws.begun(named, self.names[i], purpose):
            ids = np.arange(ids.start, ids.stop) if isinstance(ids, slice) else ids
            begun = ids[(self.parent[ids] < 0) & (self.nodes[VISIT, ids] == 0)]
            kind = step.patience if purpose == "patience" else step.time_for(named.group)
            if kind is not None:
                since = -self.people.time[self.person[begun]]
                table[0, begun] = draws.remaining(kind, self._numbers(purpose, i, stream, begun), since)

    def _numbers(self, purpose: str, i: int, stream: int, ids: Places | slice) -> NDArray[np.float64]:
        """The people's own numbers for a purpose at a step."""
        start: NDArray[np.uint64] | np.uint64 = self._key(stream, i, purpose, 0)
        visit = self.nodes[VISIT, ids]
        if self.loops and len(visit):
            first, last = int(visit.min()), int(visit.max())
            keys = [self._key(stream, i, purpose, v) for v in range(first, last + 1)]
            start = np.asarray(keys)[visit - first] if last > first else keys[0]
        return draws.mixed(start + draws.offsets(self.people.index[self.person[ids]]))

    def _key(self, stream: int, i: int, purpose: str, visit: int) -> np.uint64:
        name = (stream, i, purpose, visit)
        if name not in self._keys:
            self._keys[name] = self.luck.key(self.people.streams[stream].name, self.names[i], purpose, visit)
        return self._keys[name]

    def _onward(self, ids: Places, phase: int) -> None:
        """The way on from these nodes by the routes of *phase*, until home or the end of the run."""
        if not any(one.pathway.routes for one in self.course):
            self.ways[NEXT, :, ids] = HOME
            return
        for level in range(LEVELS):
            if not len(ids):
                return
            ends = self.earliest[ids] + self._least(ids)
            if level:
                ids, ends = ids[ends < self.until], ends[ends < self.until]
            target = np.full(len(ids), HOME, dtype=np.int64)
            alike = self._alike(self.nodes[STEP, ids].astype(np.int64), self.person[ids])
            for part, i, stream in alike:
                target[part] = self._route(ids[part], i, stream, phase)
            going = target >= 0
            onward = np.full(len(ids), HOME, dtype=np.int64)
            onward[going] = self._grow(self.person[ids[going]], target[going], ids[going], ends[going])
            self.ways[NEXT, phase, ids] = onward
            if len(self.course) > 1:
                self._share(ids, onward, phase, alike)
            ids = onward[going]

    def _share(self, ids: Places, onward: Places, phase: int, alike: list[tuple[Places | slice, int, int]]) -> None:
        """Other phases in which the routes are the same have the same way on."""
        for part, i, stream in alike:
            for other in range(len(self.course)):
                if other != phase and self._same(phase, other, i, self.people.streams[stream].group):
                    there = ids[part]
                    mine = self.ways[NEXT, other, there] == UNKNOWN
                    self.ways[NEXT, other, there[mine]] = onward[part][mine]

    def _route(self, ids: Places, i: int, stream: int, phase: int) -> Places:
        """Where people of one stream go after a step."""
        shares, targets = self._exit(phase, i, self.people.streams[stream].group)
        if not len(targets) or shares[0] >= 1:
            return np.full(len(ids), targets[0] if len(targets) else HOME)
        numbers = self._numbers("route", i, stream, ids)
        return np.append(targets, HOME)[np.searchsorted(shares, numbers, side="right")]

    def _exit(self, phase: int, i: int, group: str) -> tuple[NDArray[np.float64], Places]:
        """Running totals of the shares of those who go on from a step, and where to."""
        key = (phase, i, group)
        if key not in self._exits:
            known = self.steps[phase][i] is not None
            routes = self.course[phase].pathway.routes_from(self.names[i], group) if known else ()
            totals, total = [], 0.0
            for route in routes:
                total += route.share
                totals.append(total)
            targets = np.asarray([self.code[route.to_step] for route in routes], dtype=np.int64)
            self._exits[key] = (np.asarray(totals, dtype=float), targets)
        return self._exits[key]

    def _same(self, phase: int, other: int, i: int, group: str) -> bool:
        if phase == other:
            return True
        mine, theirs = self._exit(phase, i, group), self._exit(other, i, group)
        return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    def _least(self, ids: Places | slice) -> NDArray[np.float64]:
        """The least time that each node can take in any phase."""
        return self.length[0, ids] if len(self.course) == 1 else self.length[:, ids].min(axis=0)

    def _alike(self, step: Places, person: Places) -> list[tuple[Places | slice, int, int]]:
        """Places in the given arrays of those at the same step from the same stream (all: a slice); step and stream."""
        streams = len(self.people.streams)
        if len(step) and streams * len(self.names) == 1:
            return [(slice(None), 0, 0)]
        small = streams * len(self.names) < SMALL  # short numbers are sorted faster
        codes = (step * streams + self.people.stream[person]).astype(np.int16 if small else np.int32)
        if len(codes) and codes.min() == codes.max():
            return [(slice(None), *divmod(int(codes[0]), streams))]
        order = np.argsort(codes, kind="stable")
        cuts = np.flatnonzero(np.diff(codes[order])) + 1
        parts = np.split(order, cuts) if len(order) else []
        return [(part, *divmod(int(codes[part[0]]), streams)) for part in parts]

    def _visits(self, step: Places, parent: Places) -> Places:
        """How often each person has been to the step before: one more than at the nearest such node behind them."""
        visits, at = np.zeros(len(step), dtype=np.int64), parent.copy()
        waiting = np.flatnonzero(at >= 0)
        while len(waiting) > 1:
            found = self.nodes[STEP, at[waiting]] == step[waiting]
            visits[waiting[found]] = self.nodes[VISIT, at[waiting[found]]] + 1
            waiting = waiting[~found]
            at[waiting] = self.parent[at[waiting]]
            waiting = waiting[at[waiting] >= 0]
        for one in waiting.tolist():  # alone it is quicker step by step
            node, sought, steps, behind = int(at[one]), int(step[one]), self.nodes[STEP], self.parent
            while node >= 0 and steps[node] != sought:
                node = behind[node]
            visits[one] = self.nodes[VISIT, node] + 1 if node >= 0 else 0
        return visits

    def _has_loops(self) -> bool:
        """Whether anybody can come to a step twice."""
        reach = np.zeros((len(self.names), len(self.names)), dtype=bool)
        for phase, steps in zip(self.course, self.steps, strict=True):
            for route in phase.pathway.routes:
                reach[self.code[route.from_step], self.code[route.to_step]] = True
            for step in steps:
                for onward in (step.divert_to, step.gives_up_to) if step is not None else ():
                    if step is not None and onward is not None:
                        reach[self.code[step.name], self.code[onward]] = True
        for one in self.people.here:
            if one.next is not None:
                reach[self.code[one.step], self.code[one.next]] = True
        for through in range(len(reach)):
            reach |= reach[:, [through]] & reach[[through], :]
        return bool(reach.diagonal().any())
