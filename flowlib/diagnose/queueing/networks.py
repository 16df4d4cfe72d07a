"""
How long does a journey of several queues take, and where do people pile up?

In an *open* network people come from outside, go from step to step by chance, and leave.
Arrivals are Poisson processes, services are exponential, everybody waits in turn, and
there is room for all. Then each step is, in the long run, an M/M/c of its own at the rate
that the routes bring (Jackson); with several classes of people, whose service rates at
any one step are the same, the class of each person there is as the rates are (Baskett,
Chandy, Muntz and Palacios). In a *closed* network a fixed number of people, or of sets of
equipment, goes round and round.

Steps are numbered from 1 in what is refused, in the order given.

Sources: Jackson (1957), Networks of waiting lines, Operations Research 5, 518-521;
Baskett, Chandy, Muntz and Palacios (1975), Journal of the ACM 22, 248-260; Grassmann,
Taksar and Heyman (1985), Operations Research 33, 1107-1116, for rates found without a
subtraction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import Refusal, at_least, brief, need, positive, shown, whole
from flowlib.diagnose.queueing.markov import mmc
from flowlib.diagnose.queueing.results import ROUNDING, LongRun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["ClassInNetwork", "OpenNetwork", "jackson", "jackson_by_class"]


@dataclass(frozen=True)
class ClassInNetwork:
    """What one class of people meets in an open network. Times are in the rates' unit of time."""

    arrival_rates: tuple[float, ...]  # of this class at each step, from outside and from other steps
    mean_in_system: float  # people of this class, at all steps
    mean_time_in_system: float  # of one person's whole journey
    mean_wait: float  # of one person's whole journey, before all services together


@dataclass(frozen=True)
class OpenNetwork:
    """What an open network settles to. Times are in the rates' unit of time."""

    steps: tuple[LongRun, ...]  # times at a step are of one visit there
    arrival_rates: tuple[float, ...]  # at each step, from outside and from other steps
    visits: tuple[float, ...]  # to each step, by one person, on average
    mean_in_system: float  # people at all steps
    mean_time_in_system: float  # of one person's whole journey
    mean_wait: float  # of one person's whole journey, before all services together
    classes: tuple[ClassInNetwork, ...] = ()  # in the order given; one where nobody is told apart


def jackson(
    external_rates: Iterable[float],
    service_rates: Iterable[float],
    routing: Iterable[Iterable[float]],
    *,
    servers: int | Iterable[int],
) -> OpenNetwork:
    """
    Long-run behaviour of an open network of queues (Jackson).

    *external_rates* has the rate of arrival from outside at each step, 0 or more.
    *service_rates* has the rate of one server at each step. Row i of *routing* says where
    people go **from** step i: its j-th number is the share that goes to step j, and what
    is left over leaves. *servers* has a number for each step, or one number for all.
    Triage, 10 an hour; 4 in 10 go on to tests, and half of those come back to triage:

    >>> network = jackson([10, 0], [15, 3], [[0, 0.4], [0.5, 0]], servers=[1, 2])
    >>> network.arrival_rates
    (12.5, 5.0)
    >>> round(60 * network.mean_time_in_system)  # minutes of the whole journey
    63
    """
    return jackson_by_class([external_rates], service_rates, [routing], servers=servers)


def jackson_by_class(
    external_rates: Iterable[Iterable[float]],
    service_rates: Iterable[float],
    routings: Iterable[Iterable[Iterable[float]]],
    *,
    servers: int | Iterable[int],
) -> OpenNetwork:
    """
    Long-run behaviour of an open network in which classes of people take different routes.

    As `jackson`, but *external_rates* has a list for each class and *routings* a table for
    each class. Service rates are the same for all classes at a step, and nobody goes first.
    Minor cases see a nurse and go home; major ones see the nurse and then a doctor:

    >>> network = jackson_by_class([[4, 0], [2, 0]], [8, 3], [[[0, 0], [0, 0]], [[0, 1], [0, 0]]], servers=1)
    >>> [round(60 * one.mean_time_in_system) for one in network.classes]  # minutes
    [30, 90]
    """
    services = [
        positive(f"The service rate of step {n}", rate) for n, rate in enumerate(_listed(service_rates), start=1)
    ]
    steps = len(services)
    staff = _servers(servers, steps)
    outside, tables = _listed(external_rates), _listed(routings)
    need(
        len(outside) == len(tables) > 0,
        f"Each class needs its external rates and its routing; {len(outside)} and {len(tables)} came.",
    )
    names = [f" of class {n}" if len(outside) > 1 else "" for n in range(1, len(outside) + 1)]
    joining = [_external(row, steps, name) for row, name in zip(outside, names, strict=True)]
    routes = [_routing(table, steps, name) for table, name in zip(tables, names, strict=True)]
    rates = [_rates(*numbers) for numbers in zip(joining, routes, names, strict=True)]
    return _network(np.array(rates), [math.fsum(row) for row in joining], services, staff)


def _network(rates: NDArray[np.float64], joining: list[float], services: list[float], staff: list[int]) -> OpenNetwork:
    """The result, from each class's rate at each step and its rate from outside."""
    at_step = [math.fsum(column) for column in rates.T]
    lines = tuple(_step(n, *numbers) for n, numbers in enumerate(zip(at_step, services, staff, strict=True), start=1))
    times, waits = (np.array([getattr(line, name) for line in lines]) for name in ("mean_time_in_system", "mean_wait"))
    classes = tuple(
        ClassInNetwork(
            arrival_rates=tuple(row.tolist()),
            mean_in_system=float(row @ times),
            mean_time_in_system=float(row @ times) / come,
            mean_wait=float(row @ waits) / come,
        )
        for row, come in zip(rates, joining, strict=True)
    )
    total = math.fsum(joining)
    there = math.fsum(line.mean_in_system for line in lines)
    return OpenNetwork(
        steps=lines,
        arrival_rates=tuple(at_step),
        visits=tuple(rate / total for rate in at_step),
        mean_in_system=there,
        mean_time_in_system=there / total,
        mean_wait=math.fsum(line.mean_queue for line in lines) / total,
        classes=classes,
    )


def _step(place: int, rate: float, service: float, servers: int) -> LongRun:
    """One step: an M/M/c at its rate, or an idle one where nobody comes."""
    if not rate:
        return LongRun(0.0, 0.0, 0.0, 0.0, 0.0, 1 / service, 0.0, 1.0, lambda _: 0.0)
    try:
        return mmc(rate, service, servers=servers)
    except Refusal as refusal:
        raise Refusal(f"Step {place}: {refusal}") from None


def _rates(outside: list[float], routing: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """
    The rate at each step, from outside and from other steps (the traffic equations).

    The journey is closed through an outside place, whose long-run share is one. Steps are
    then taken out one by one, with no subtraction, so that rates keep all figures however
    seldom people leave.
    """
    met = _reached(np.array(outside) > 0, routing)
    leaving = np.array([_left_over(row) for row in routing])
    can_leave = _reached(leaving > 0, routing.T)
    stuck = np.flatnonzero(met & ~can_leave)
    need(
        not stuck.size,
        f"People{name} who reach step {stuck[0] + 1 if stuck.size else 0} can never leave."
        " Let some row on their way sum to less than 1.",
    )
    keep = np.flatnonzero(met)
    moves = np.zeros((keep.size + 1, keep.size + 1))
    moves[0, 1:] = np.array(outside)[keep]
    moves[1:, 0] = leaving[keep]
    moves[1:, 1:] = routing[np.ix_(keep, keep)]
    found = np.zeros(len(outside))
    found[keep] = _balanced(moves)[1:]
    return found


def _balanced(moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rates that balance, with 1 at the first place, by taking places out from the last (Grassmann)."""
    moves = moves.copy()
    for last in range(len(moves) - 1, 0, -1):
        moves[:last, last] /= moves[last, :last].sum()
        moves[:last, :last] += np.outer(moves[:last, last], moves[last, :last])
    rates = np.ones(len(moves))
    for place in range(1, len(moves)):
        rates[place] = rates[:place] @ moves[:place, place]
    return rates


def _reached(start: NDArray[np.bool_], routing: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which steps can be reached from those of *start*, along routes that somebody takes."""
    met = start.copy()
    for _ in range(len(met)):
        met |= (routing[met] > 0).any(axis=0)
    return met


def _left_over(row: NDArray[np.float64]) -> float:
    """The share that leaves from a step; rounding is nobody."""
    left = math.fsum([1.0, *(-row)])
    return left if left > ROUNDING else 0.0


def _external(row: object, steps: int, name: str) -> list[float]:
    """One class's rates from outside."""
    rates = [at_least(f"The external rate{name} at step {n}", rate, 0) for n, rate in enumerate(_listed(row), start=1)]
    need(
        len(rates) == steps,
        f"The external rates{name} and the service rates must be as many; {len(rates)} and {steps} came.",
    )
    need(any(rates), f"Nobody{name} comes from outside. Give at least one step an external rate above 0.")
    return rates


def _routing(table: object, steps: int, name: str) -> NDArray[np.float64]:
    """One class's routing: a row for each step, whose shares sum to 1 at most."""
    rows = [_listed(row) for row in _listed(table)]
    need(
        len(rows) == steps and all(len(row) == steps for row in rows),
        f"The routing{name} must have {steps} rows of {steps} numbers, a row for each step that people come from;"
        f" its rows have {', '.join(str(len(row)) for row in rows) or 'none'}.",
    )
    for place, row in enumerate(rows, start=1):
        shares = [at_least(f"A share in row {place} of the routing{name}", share, 0) for share in row]
        need(
            math.fsum(shares) <= 1 + ROUNDING,
            f"Row {place} of the routing{name} sums to {shown(math.fsum(shares))}; a row holds the shares"
            " that go on from one step, 1 at most. If your rows are where people go to, turn the table round.",
        )
    return np.array(rows, dtype=np.float64)


def _servers(servers: object, steps: int) -> list[int]:
    """The number of servers at each step."""
    given = _listed(servers) if hasattr(servers, "__iter__") else [servers] * steps
    need(
        len(given) == steps, f"Give one number of servers for each of {steps} steps, or one for all; {len(given)} came."
    )
    return [whole(f"The number of servers at step {n}", number, 1) for n, number in enumerate(given, start=1)]


def _listed(values: object) -> list[object]:
    """A list, whatever kind of row it came as."""
    try:
        return list(values)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        raise Refusal(f"Give a list with one entry for each step; {brief(values)} came.") from None
