"""
What would happen to these people, worked out fast enough to answer while a slider moves?

One compiled loop over events (`kernel`), free of chance: every draw is made before
(`plan`), and the pathways are tables of numbers (`tables`). The cost of an event does
not grow with the number of servers or with the length of a queue.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core import checks
from flowlib.simulation.fast_engine import kernel as k
from flowlib.simulation.fast_engine import memory, tables
from flowlib.simulation.fast_engine.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.simulation.draws import Luck, People, Phase

__all__ = ["run"]

TIMES = ("arrived", "started", "finished", "left")
FIRST_ROOM = 1024  # events at once, to begin with


def run(course: Sequence[Phase], people: People, luck: Luck, *, until: float) -> dict[str, np.ndarray]:
    """
    The log of one run as arrays, a row a visit.

    `person` is a place in *people*, `step` and `next_step` are places in `draws.step_names`
    (-1: home), `outcome` is a place in `eventlog.OUTCOMES`; the four times are hours after
    clock zero, NaN where there is none.

    Raises a `Refusal` where steps lock each other, or somebody goes round without end.
    """
    memory.keep_what_is_freed()
    plan = Plan(course, people, luck, until)
    world = _world(plan)
    _put_here(world, plan)
    while (answer := k.go(*world)) != k.DONE:
        if answer == k.NEED_ROOM:
            world = _with_room(world)
        elif answer in {k.LOCKED, k.ENDLESS}:
            _refuse(answer, world, plan)
        else:
            asked, phase = int(world.numbers[k.ASKED]), int(world.numbers[k.PHASE])
            plan.extend(int(answer), phase, asked, partial(_where, world))
            world = _with_plan(world, plan)
    return _columns(world, plan)


def _world(plan: Plan) -> k.World:
    """Every table, with nobody anywhere yet."""
    rules, ranks, inside = tables.pathways(plan)
    moments, entries = tables.calendar(plan)
    count, people, door = len(plan.names), len(plan.people), len(plan.names) + 1
    groups = tables.groups_of(plan.people)
    group = np.asarray([groups.index(stream.group) for stream in plan.people.streams], dtype=np.int32)
    room = FIRST_ROOM + (8 + door) * len(plan.people.here) + 8 * door
    world = k.World(
        rules, ranks, inside, moments, entries, float(plan.until),
        nodes=plan.nodes,
        lengths=plan.length, patience=plan.patience, ways=plan.ways,
        numbers=np.zeros(k.NUMBERS, dtype=np.int64),
        clock=np.zeros(1),
        steps=np.zeros((k.OF_STEPS, count), dtype=np.int64),
        queues=np.full((2, count, int(ranks.max(initial=0)) + 1), k.NONE, dtype=np.int32),
        outside=np.full((2, count, door), k.NONE, dtype=np.int32),
        retry=np.full((count, door), -1.0),
        stuck=np.zeros((count, count), dtype=np.int64),
        freed=np.empty(door, dtype=np.int32),
        people=np.zeros((k.OF_PEOPLE, people), dtype=np.int32),
        comes=np.ascontiguousarray(plan.people.time),
        gives=np.empty(people),
        times=plan.times,
        heap=np.empty((2, room)), codes=np.empty(room, dtype=np.int64), agenda=np.empty((2, room), dtype=np.int32),
    )  # fmt: skip
    world.people[k.KEPT], world.people[k.ORIGIN] = k.NONE, count
    if len(groups) > 1:
        world.people[k.GROUP] = group[plan.people.stream]
    return world


def _with_plan(world: k.World, plan: Plan) -> k.World:
    """The same world with all that is planned now."""
    return world._replace(
        nodes=plan.nodes, times=plan.times, lengths=plan.length, patience=plan.patience, ways=plan.ways
    )


def _where(world: k.World) -> np.ndarray:
    """The node at which each person is, or will begin; nobody whose journey is over."""
    come = np.arange(world.people.shape[1]) < world.numbers[k.COME]
    at = np.where(come, world.people[k.NODE], np.arange(len(come)))
    waits = world.people[k.STATUS] == k.BLOCKED
    at = np.where(waits, world.people[k.TARGET], at).astype(np.int64)
    still: np.ndarray = at[world.people[k.STATUS] != k.GONE]
    return still


def _with_room(world: k.World) -> k.World:
    """The same world with room for more events at once."""
    more = len(world.codes) + 2 * (8 + len(world.freed)) * int(world.numbers[k.LIVE])

    def longer(table: np.ndarray) -> np.ndarray:
        return np.concatenate([table, np.empty((*table.shape[:-1], more), dtype=table.dtype)], axis=-1)

    return world._replace(heap=longer(world.heap), codes=longer(world.codes), agenda=longer(world.agenda))


def _put_here(w: k.World, plan: Plan) -> None:
    """Those already there, where they are; then let what can happen at once happen."""
    here = plan.people.here
    w.steps[k.CAP] = w.rules[k.AT_CHANGE, 0]
    for person in sorted(range(len(here)), key=lambda p: (-here[p].since, p)):
        since, step = -here[person].since, w.nodes[k.STEP, person]
        w.people[k.NODE, person] = person
        k.come(w.nodes, w.times, person, k.STILL_HERE, since)
        chain = plan.kept[person]
        for node, inner in zip(chain, [*chain, person][1:], strict=True):
            k.come(w.nodes, w.times, node, k.STILL_HERE, since)
            w.times[[k.STARTED_AT, k.FINISHED_AT], node] = since
            w.nodes[k.HEADING, node] = w.nodes[k.STEP, inner]
            w.nodes[k.UNDER, node], w.people[k.KEPT, person] = w.people[k.KEPT, person], node
            w.steps[k.HOLDING, w.nodes[k.STEP, node]] += 1
        if here[person].state == "waiting":
            k.join_queue(
                w.rules, w.ranks, w.patience, w.numbers, w.steps, w.queues, w.stuck, w.people, w.gives, w.nodes,
                w.heap, w.codes, person, person, since,
            )  # fmt: skip
        elif here[person].state == "in_service":
            k.start(
                w.rules, w.lengths, w.numbers, w.steps, w.people, w.times, w.heap, w.codes, person, step, person, since
            )
        else:
            w.steps[k.HOLDING, step] += 1
            w.times[k.STARTED_AT, person], w.times[k.FINISHED_AT, person] = since, 0.0
            target = w.ways[k.NEXT, 0, person]
            w.nodes[k.HEADING, person] = w.nodes[k.STEP, target]
            k.block(w.numbers, w.steps, w.outside, w.stuck, w.people, w.nodes, person, target, step)
    w.numbers[k.COME] = w.numbers[k.LIVE] = len(here)
    w.steps[k.STARTS] = 0
    w.numbers[k.STUCK_AT] = k.SEVERAL if here else k.NONE
    for step in reversed(range(len(plan.names) if here else 0)):
        k.write(w.numbers, w.agenda, k.PULL, step)
        k.write(w.numbers, w.agenda, k.SERVE, step)


def _refuse(answer: int, world: k.World, plan: Plan) -> None:
    """Say why the run stopped."""
    if answer == k.LOCKED:
        names = checks.listed(plan.names[i] for i in np.flatnonzero(world.steps[k.STARTS] < 0))
        raise checks.Refusal(
            f"The steps {names} lock each other after {world.clock[0] / 24:.1f} days. "
            "Every place in them is held by somebody who waits for another of them. Add places, or a way out."
        )
    raise checks.Refusal(
        f'Somebody has come to step "{plan.names[world.numbers[k.ASKED]]}" {k.MOST_VISITS:,} times, '
        "so people go round without end. Let time pass on the way, or let some of them leave."
    )


def _columns(world: k.World, plan: Plan) -> dict[str, np.ndarray]:
    """The visits that came about."""
    now = slice(plan.size)
    made: dict[str, np.ndarray] = {"person": plan.person[now], "step": world.nodes[k.STEP, now]}
    made |= {"outcome": world.nodes[k.OUTCOME, now] - 1, "next_step": world.nodes[k.HEADING, now]}
    made |= {name: world.times[i, now] for i, name in enumerate(TIMES)}
    happened = made["outcome"] >= 0
    return made if happened.all() else {name: values[happened] for name, values in made.items()}
