"""
What changes when those who may come are few and known?

A fixed number of *sources* (people on a caseload, beds, machines) each ask for service at
some rate while not being served and not waiting; so the more there are in service, the
fewer may come. `engset` turns away who finds all servers busy; `finite_source` lets them
wait. Who comes sees the system as it would be without them (with one source fewer), which
is not the same as what a clock sees: both are given.

Sources: Engset (1918); Zeng (2003), Two common properties of the Erlang-B function,
Erlang-C function, and Engset blocking function, Mathematical and Computer Modelling 37,
1287-1296, for the recursion; Gross and Harris, Fundamentals of Queueing Theory, section
2.9, for the finite-source queue; Lavenberg and Reiser (1980), Journal of Applied
Probability 17, 1048-1061, for what those who arrive see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import positive, whole
from flowlib.diagnose.queueing.results import LongRun, by_chances

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Engset", "engset", "finite_source"]


@dataclass(frozen=True)
class Engset:
    """What a loss system with few sources settles to. Rates are per unit of time."""

    chance_of_loss: float  # share of requests that find all servers busy, 0 to 1
    chance_all_busy: float  # share of time in which all servers are busy, 0 to 1
    utilisation: float  # share of server time in use, 0 to 1
    mean_in_system: float  # people in service
    request_rate: float  # requests, met and lost, of all sources together
    served_rate: float  # requests met


def engset(sources: int, request_rate: float, service_rate: float, *, servers: int) -> Engset:
    """
    Long-run behaviour when those who find all *servers* busy are turned away (Engset).

    Each of *sources* asks at *request_rate* while not in service (above 0). It holds for
    any spread of service times. 20 people at home, who each need a respite bed every 50
    days for 10 days, and 5 beds:

    >>> respite = engset(20, 1 / 50, 1 / 10, servers=5)
    >>> round(respite.chance_of_loss, 3), round(respite.chance_all_busy, 3)
    (0.127, 0.144)
    """
    people = whole("The number of sources", sources, 1)
    each = positive("The request rate of one source", request_rate)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    chances = _shares(people, each / service, min(number, people), min(number, people))
    busy = float(chances @ np.arange(chances.size))
    away = float(chances @ (people - np.arange(chances.size)))
    return Engset(
        chance_of_loss=_all_busy(people - 1, each / service, number),
        chance_all_busy=_all_busy(people, each / service, number),
        utilisation=busy / number,
        mean_in_system=busy,
        request_rate=each * away,
        served_rate=service * busy,
    )


def finite_source(sources: int, request_rate: float, service_rate: float, *, servers: int) -> LongRun:
    """
    Long-run behaviour when those who find all *servers* busy wait (M/M/c//N, machine repair).

    Each of *sources* asks at *request_rate* while neither waiting nor in service. Service
    times are exponential, first come, first served. Waits and the chance of waiting are of
    those who come. A nurse on a ward of 12, each of whom calls every 2 hours for 5 minutes:

    >>> ward = finite_source(12, 1 / 2, 12, servers=1)
    >>> round(60 * ward.mean_wait, 1)  # minutes
    3.4
    """
    people = whole("The number of sources", sources, 1)
    each = positive("The request rate of one source", request_rate)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    chances = _shares(people, each / service, number, people)
    met = _shares(people - 1, each / service, number, people - 1)[number:]
    return by_chances(chances, met, service, number, in_turn=True)


def _all_busy(sources: int, ratio: float, servers: int) -> float:
    """Share of time in which so many servers are all busy (Engset's recursion, in which nothing is subtracted)."""
    full = 1.0
    for number in range(1, servers + 1):
        asking = max(sources - number + 1, 0) * ratio * full
        full = asking / (number + asking)
        if not full:
            break
    return full


def _shares(sources: int, ratio: float, servers: int, places: int) -> NDArray[np.float64]:
    """
    Chance of 0, 1, ... up to *places* people.

    Each number's chance over that of the one below falls as the number rises. So the chances
    are multiplied up outwards from the likeliest, ever smaller, and none can overflow.
    """
    up = (sources - np.arange(places)) * ratio / np.minimum(np.arange(1, places + 1), servers)
    peak = int((up >= 1).sum())
    below = np.cumprod(1 / up[:peak][::-1])[::-1]
    weights = np.concatenate([below, [1.0], np.cumprod(up[peak:])])
    return np.asarray(weights / weights.sum(), dtype=np.float64)
