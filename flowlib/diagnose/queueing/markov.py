"""
How long is the wait when arrivals and service times are both left to chance?

Arrivals are a Poisson process and service times are exponential, so that the number
of people there tells all that matters (a birth-death chain). First come, first served.

Sources: Gross and Harris, Fundamentals of Queueing Theory, chapter 2, for the formulas;
all sums run over logarithms or ratios, so thousands of servers are no trouble.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc

from flowlib.core.checks import need, positive, whole
from flowlib.diagnose.queueing.erlang import erlang_b, waiting_chance
from flowlib.diagnose.queueing.results import LongRun, by_wait, need_spare_capacity, stages_tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["chance_of_empty", "mginf", "mmc", "mmck"]


def mmc(arrival_rate: float, service_rate: float, *, servers: int = 1) -> LongRun:
    """
    Long-run behaviour of one queue before identical servers (M/M/c).

    Rates are above 0 and for one server each; demand at or above capacity is refused.
    Five arrivals an hour and one nurse who can see eight:

    >>> round(60 * mmc(5, 8).mean_wait, 1)  # minutes
    12.5
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    need_spare_capacity(arrivals, service, number)
    load = arrivals / service
    busy = load / number
    full = erlang_b(load, number)
    waiting = waiting_chance(full, busy)
    spare = number * service - arrivals
    return by_wait(
        arrivals,
        service,
        waiting / spare,
        utilisation=busy,
        chance_of_waiting=waiting,
        chance_of_empty=chance_of_empty(load, number, (1 - full) * (1 - busy) / (1 - busy * (1 - full))),
        ends_at=spare,
        chance_of=partial(_chance_of_number, load, number, waiting),
    )


def mginf(arrival_rate: float, service_rate: float) -> LongRun:
    """
    Long-run behaviour where nobody ever waits, any spread of stays (M/G/infinity).

    What a place would hold if it never filled: a Poisson count with the offered load as
    its mean. Its use of servers is 0, for they have no end. Six people a day who stay 5
    days each, and the chance that more than 34 are there:

    >>> open_ended = mginf(6, 0.2)
    >>> round(1 - sum(open_ended.chance_of(number) for number in range(35)), 3)
    0.203
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    load = arrivals / service
    return by_wait(
        arrivals,
        service,
        0.0,
        utilisation=0.0,
        chance_of_waiting=0.0,
        chance_of_empty=math.exp(-load),
        ends_at=0.0,
        chance_of=partial(_poisson, load),
    )


def mmck(arrival_rate: float, service_rate: float, *, servers: int, places: int) -> LongRun:
    """
    Long-run behaviour when only so many people fit in: the rest are turned away (M/M/c/K).

    *places* counts all in the system, in service and waiting, so it is at least
    *servers*. Waits, and the chance of waiting, are of those admitted. Any load will do.
    A walk-in clinic with 3 nurses and 4 chairs:

    >>> clinic = mmck(40, 30, servers=3, places=7)
    >>> round(60 * clinic.mean_time_in_system, 2)  # minutes
    2.19
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    room = whole("The number of places", places, 1)
    need(
        room >= number,
        f"Places count all in the system; {room:,} came for {number:,} servers. Give {number:,} or more.",
    )
    there = np.arange(room + 1)
    chances = _chances(arrivals / service, number, room)
    admitted = arrivals * float(chances[:-1].sum())
    queue = float(chances @ np.maximum(there - number, 0))
    in_system = float(chances @ there)
    met = chances[number:-1] / chances[:-1].sum()
    return LongRun(
        utilisation=admitted / (number * service),
        chance_of_waiting=float(met.sum()),
        chance_of_loss=float(chances[-1]),
        mean_wait=queue / admitted,
        mean_queue=queue,
        mean_time_in_system=in_system / admitted,
        mean_in_system=in_system,
        chance_of_empty=float(chances[0]),
        _longer=partial(stages_tail, met, number * service),
        _chance_of=partial(_listed_chance, chances),
    )


def chance_of_empty(load: float, servers: int, not_waiting: float) -> float:
    """
    Chance that nobody is there, from the chance that a server is free.

    Up to the number of servers, people are there in the proportions of a Poisson count.
    """
    below = float(gammaincc(servers, load))
    return not_waiting * math.exp(-load) / below if below else 0.0


def _chances(load: float, servers: int, places: int) -> NDArray[np.float64]:
    """Chance of finding 0, 1, ... up to *places* people."""
    steps = np.log(load) - np.log(np.minimum(np.arange(1, places + 1), servers))
    weights = np.concatenate([[0.0], np.cumsum(steps)])
    chances: NDArray[np.float64] = np.exp(weights - weights.max())
    chances /= chances.sum()
    return chances


def _poisson(mean: float, number: int) -> float:
    """Chance of exactly *number* in a Poisson count."""
    return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))


def _chance_of_number(load: float, servers: int, waiting: float, number: int) -> float:
    """Chance of so many people: Poisson's proportions while a server is free, then a falling series."""
    if number < servers:
        return (1 - waiting) * _poisson(load, number) / float(gammaincc(servers, load))
    busy = load / servers
    return float(waiting * (1 - busy) * busy ** (number - servers))


def _listed_chance(chances: NDArray[np.float64], number: int) -> float:
    """Chance of so many people, from a list of all."""
    return float(chances[number]) if number < len(chances) else 0.0
