"""
What would happen to these people on this pathway, as ciw tells it?

Plain ciw, through its own extension points: distributions that look up the person's
draw, a queue discipline for each step, a door that lets the given people in, and a
simulation that settles ties by rule. The engine makes no random choice of its own.
What ciw cannot express is refused with a sentence.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import ciw
import numpy as np

from flowlib.core import checks
from flowlib.core.eventlog import OUTCOMES
from flowlib.core.pathway import EVERYONE, Pathway, Rota, Slots
from flowlib.simulation.draws import Fate, Luck, People

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowlib.core.pathway import Step

__all__ = ["refuse_what_ciw_cannot", "run"]

FINISH, ARRIVE, GIVE_UP = 0, 1, 2  # the order of events at one instant
HOME = -1
MOST_VISITS = 10_000  # of one person to one step


def run(pathway: Pathway, people: People, luck: Luck, *, until: float) -> dict[str, np.ndarray]:
    """
    The log of one run as arrays, as `fast_engine.run` gives it.

    Raises a `Refusal` for what ciw cannot express, and when steps lock each other.
    """
    refuse_what_ciw_cannot(pathway)
    fate = Fate(people, luck)
    classes = list(pathway.groups) or [EVERYONE]
    steps = pathway.steps
    network = ciw.create_network(
        arrival_distributions={g: [ciw.dists.Deterministic(1.0) for _ in steps] for g in classes},
        service_distributions={g: [_Drawn(fate, step, "time") for step in steps] for g in classes},
        number_of_servers=[math.inf if s.capacity is None else s.capacity for s in steps],
        queue_capacities=[math.inf if s.queue_limit is None else s.queue_limit for s in steps],
        reneging_time_distributions={
            g: [None if s.patience is None else _Drawn(fate, s, "patience") for s in steps] for g in classes
        },
        service_disciplines=[_discipline(step) for step in steps],
        routing={g: ciw.routing.NetworkRouting([_Onward(fate, pathway, step) for step in steps]) for g in classes},
    )
    simulation = _Simulation(
        network, node_class=_Place, arrival_node_class=functools.partial(_Door, people=people, pathway=pathway)
    )
    simulation.simulate_until_max_time(until)
    return _log(simulation, pathway)


class _Drawn(ciw.dists.Distribution):  # type: ignore[misc]
    """A ciw distribution that looks up the person's own draw."""

    def __init__(self, fate: Fate, step: Step, purpose: str) -> None:
        self.fate, self.step, self.purpose = fate, step, purpose

    def __deepcopy__(self, _: object) -> _Drawn:
        return self  # ciw copies its distributions; this one holds no state of its own

    def sample(self, t: float | None = None, ind: Any = None) -> float:  # noqa: ANN401, ARG002 - ciw's signature
        """Hours."""
        return self.fate.length(ind.person, self.step, self.purpose, ind.visits[self.step.name] - 1)


class _Onward(ciw.routing.NodeRouting):  # type: ignore[misc]
    """Where to after a step, by the person's own draw."""

    def __init__(self, fate: Fate, pathway: Pathway, step: Step) -> None:
        self.fate, self.pathway, self.step = fate, pathway, step
        self.exits: dict[str, list[tuple[float, int]]] = {}
        for group in pathway.groups:
            total, exits = 0.0, []
            for route in pathway.routes_from(self.step.name, group):
                total += route.share
                exits.append((total, pathway.step_names.index(route.to_step) + 1))
            self.exits[group] = exits

    def next_node(self, ind: Any) -> Any:  # noqa: ANN401 - ciw's own kinds
        """The node whose share holds the person's number; home where none does."""
        number = self.fate.number(ind.person, self.step.name, "route", ind.visits[self.step.name] - 1)
        place = next((node for total, node in self.exits[ind.customer_class] if number < total), HOME)
        return self.simulation.nodes[place]

    def next_node_for_jockeying(self, ind: Any) -> Any:  # noqa: ANN401, ARG002 - ciw's signature
        """Where those who give up go."""
        onward = self.step.gives_up_to
        return self.simulation.nodes[HOME if onward is None else self.pathway.step_names.index(onward) + 1]


class _Door(ciw.ArrivalNode):  # type: ignore[misc]
    """Lets the given people in at their own times."""

    def __init__(self, simulation: Any, *, people: People, pathway: Pathway) -> None:  # noqa: ANN401
        super().__init__(simulation)
        self.people, self.pathway, self.turned_away = people, pathway, []  # type: ignore[var-annotated]

    def initialise(self) -> None:
        """Look at the first person."""
        self.find_next_event_date()

    def find_next_event_date(self) -> None:
        """When the next person comes."""
        come = self.number_of_individuals
        self.next_event_date = float(self.people.time[come]) if come < len(self.people.time) else math.inf

    def have_event(self) -> None:
        """The next person comes."""
        person = self.number_of_individuals
        stream = self.pathway.arrivals[int(self.people.stream[person])]
        self.number_of_individuals += 1
        self.next_class = stream.group
        newcomer = self.simulation.IndividualType(person, stream.group, 0, simulation=self.simulation)
        newcomer.person, newcomer.visits = person, {}
        place = self.pathway.step_names.index(stream.step)
        self.release_individual(self.simulation.transitive_nodes[place], newcomer)
        self.find_next_event_date()

    def record_rejection(self, next_node: Any, individual: Any) -> None:  # noqa: ANN401 - ciw's own kinds
        """Remember who was turned away, where and when."""
        self.turned_away.append((individual.person, next_node.id_number - 1, self.simulation.current_time))


class _Place(ciw.Node):  # type: ignore[misc]
    """A step: counts each person's visits, settles ties by rule, and notices a deadlock."""

    def accept(self, next_individual: Any, completed: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002 - ciw's
        """Someone joins the step."""
        name = self.simulation.step_names[self.id_number - 1]
        visits = next_individual.visits[name] = next_individual.visits.get(name, 0) + 1
        checks.need(
            visits <= MOST_VISITS,
            f'Somebody has come to step "{name}" {MOST_VISITS:,} times, so people go round without end. '
            "Let time pass on the way, or let some of them leave.",
        )
        super().accept(next_individual, completed)

    def decide_between_simultaneous_individuals(self) -> Any:  # noqa: ANN401
        """Of those who finish at one instant, the person who came first."""
        return min(self.next_individual, key=lambda one: one.person)

    def block_individual(self, individual: Any, next_node: Any) -> None:  # noqa: ANN401
        """Someone finishes but cannot move on."""
        super().block_individual(individual, next_node)
        _stop_at_deadlock(self.simulation)


class _Simulation(ciw.Simulation):  # type: ignore[misc]
    """ciw's simulation, with ties between steps settled by rule."""

    step_names: tuple[str, ...] = ()

    def __init__(self, network: Any, **classes: Any) -> None:  # noqa: ANN401
        self.step_names = classes["arrival_node_class"].keywords["pathway"].step_names
        super().__init__(network, **classes)

    def find_next_active_node(self) -> Any:  # noqa: ANN401
        """Finishes first, then arrivals, then giving up; then the order of the steps."""
        return min(self.active_nodes, key=lambda node: (node.next_event_date, _kind(node), node is self.nodes[0]))


def _kind(node: Any) -> int:  # noqa: ANN401
    if isinstance(node, _Door):
        return ARRIVE
    return GIVE_UP if node.next_event_type == "renege" else FINISH


def _stop_at_deadlock(simulation: Any) -> None:  # noqa: ANN401
    """A set of steps, each full, whose every place is held by a person blocked for a step in the set."""
    locked = {node.id_number for node in simulation.transitive_nodes if 0 < node.c < math.inf}
    while free := {number for number in locked if not _locks(simulation.nodes[number], locked)}:
        locked -= free
    if locked:
        names = checks.listed(simulation.step_names[n - 1] for n in sorted(locked))
        raise checks.Refusal(
            f"The steps {names} lock each other after {simulation.current_time / 24:.1f} days. "
            "Every place in them is held by somebody who waits for another of them. Add places, or a way out."
        )


def _locks(node: Any, locked: set[int]) -> bool:  # noqa: ANN401
    """Whether every place is held by somebody blocked for a step in the set, and nobody waiting will make room."""
    held = all(s.cust and s.cust.is_blocked and s.cust.destination in locked for s in node.servers)
    return held and not (
        node.reneging and any(not one.server and math.isfinite(one.reneging_date) for one in node.all_individuals)
    )


def _discipline(step: Step) -> Any:  # noqa: ANN401 - a function as ciw wants it
    if not step.priority:
        return ciw.disciplines.FIFO
    rank = {group: place for place, group in enumerate(step.priority)}

    def first_by_priority(waiting: list[Any], _: float) -> Any:  # noqa: ANN401
        return min(waiting, key=lambda one: rank.get(one.customer_class, len(rank)))

    return first_by_priority


def refuse_what_ciw_cannot(pathway: Pathway) -> None:
    """Raise a `Refusal` where *pathway* asks for more than ciw can express."""
    for step in pathway.steps:
        for what in (*_beyond_ciw(step), *_limits_beyond_ciw(pathway, step)):
            raise checks.Refusal(f'ciw cannot simulate step "{step.name}": {what}. Use engine="fast".')


def _beyond_ciw(step: Step) -> Iterator[str]:
    """What a step asks for that ciw has no word for."""
    if isinstance(step.capacity, (Rota, Slots)):
        yield "its capacity is a rota or slots, where ciw brings a fresh set of staff at each change"
    if step.leaves_between is not None:
        yield "it has leaving hours"
    if step.when_full == "divert":
        yield "it diverts people"
    if step.within is not None:
        yield "it is done within another step"


def _limits_beyond_ciw(pathway: Pathway, step: Step) -> Iterator[str]:
    """Where ciw keeps a limit by other rules than ours."""
    onward = step.gives_up_to if step.patience is not None else None
    if onward is not None and pathway.step(onward).queue_limit is not None:
        yield f'those who give up go to "{onward}", whose limit ciw would not keep'
    if step.queue_limit is None or step.capacity is None:
        return
    if step.when_full == "wait_upstream" and any(stream.step == step.name for stream in pathway.arrivals):
        yield "people from outside would wait at its door, where ciw turns them away"
    if step.when_full == "turn_away" and any(r.to_step == step.name and r.share > 0 for r in pathway.routes):
        yield "it turns away people who come from another step, where ciw makes them wait there"
    if any(r.from_step == r.to_step == step.name and r.share > 0 for r in pathway.routes):
        yield "people return to it and its queue is limited"


def _log(simulation: Any, pathway: Pathway) -> dict[str, np.ndarray]:  # noqa: ANN401
    """Every visit as a row: those that ended, those turned away, and those still there; names as codes."""
    rows: list[tuple[int, int, float, float, float, float, int, int]] = []
    for one in simulation.get_all_individuals():
        for r in one.data_records:
            gave_up = r.record_type == "renege"
            start, end = (math.nan, math.nan) if gave_up else (r.service_start_date, r.service_end_date)
            onward = pathway.steps[r.node - 1].gives_up_to
            heading = r.destination - 1 if r.destination > 0 else HOME
            if gave_up:  # of which ciw's records name no destination
                heading = HOME if onward is None else pathway.step_names.index(onward)
            how = OUTCOMES.index("gave_up" if gave_up else "completed")
            rows.append((one.person, r.node - 1, r.arrival_date, start, end, r.exit_date, how, heading))
        if one.node != HOME:
            begun, over = one.service_start_date is not False, one.is_blocked
            start = one.service_start_date if begun else math.nan
            end = one.service_end_date if over else math.nan
            heading = one.destination - 1 if over else HOME
            here = OUTCOMES.index("still_here")
            rows.append((one.person, one.node - 1, one.arrival_date, start, end, math.nan, here, heading))
    away = OUTCOMES.index("turned_away")
    rows.extend((p, at, t, math.nan, math.nan, t, away, HOME) for p, at, t in simulation.nodes[0].turned_away)
    rows.sort(key=lambda row: (row[2], row[0]))
    names = ("person", "step", "arrived", "started", "finished", "left", "outcome", "next_step")
    whole = ("person", "step", "outcome", "next_step")
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return {
        name: np.asarray(column, dtype=np.int64 if name in whole else np.float64)
        for name, column in zip(names, columns, strict=True)
    }
