"""
How many beds or staff are enough? Erlang's two formulas, and the search the other way.

Erlang B is the chance of meeting a full house when nobody may wait; it holds for any
spread of stays. Erlang C is the chance of having to wait when everybody may. Both are
computed by a recursion that neither overflows nor loses figures, at any size.

Source: A. K. Erlang (1917); the recursion and the link between the two as in
Zeng (2003), Two common properties of the Erlang-B function, Erlang-C function, and
Engset blocking function, Mathematical and Computer Modelling 37, 1287-1296.
"""

from __future__ import annotations

import math

from flowlib.core.checks import at_least, need, positive, share, shown, whole
from flowlib.diagnose.queueing.results import ROUNDING, smallest_stable

__all__ = ["beds_needed", "erlang_b", "erlang_c", "servers_needed", "waiting_chance"]


def erlang_b(offered_load: float, servers: int) -> float:
    """
    Chance that all *servers* are busy when those who find them so go elsewhere, 0 to 1.

    *offered_load* is the arrival rate times the mean stay, 0 or more. A ward that 30
    patients would fill on average, with 34 beds:

    >>> round(erlang_b(30, 34), 3)
    0.066
    """
    load = at_least("The offered load", offered_load, 0)
    full = 1.0
    for number in range(1, whole("The number of servers", servers) + 1):
        full = _one_more(full, load, number)
        if full == 0.0:
            break
    return full


def erlang_c(offered_load: float, servers: int) -> float:
    """
    Chance of having to wait for one of *servers* when everybody waits, 0 to 1.

    *offered_load* is the arrival rate times the mean service time, and must be below
    *servers*.

    >>> round(erlang_c(2, 3), 4)
    0.4444
    """
    load = at_least("The offered load", offered_load, 0)
    number = whole("The number of servers", servers, 1)
    enough = smallest_stable(load)
    need(
        number >= enough,
        f"Demand must stay below capacity; the offered load is {shown(load)} and there are {number:,} servers."
        f" Add servers (at least {enough:,} in all), or simulate a fixed period.",
    )
    return waiting_chance(erlang_b(load, number), load / number)


def servers_needed(
    arrival_rate: float,
    service_rate: float,
    *,
    max_mean_wait: float | None = None,
    max_chance_of_waiting: float | None = None,
    max_utilisation: float | None = None,
) -> int:
    """
    Fewest servers that keep within every limit given, when everybody waits (M/M/c).

    *max_mean_wait* is in the rates' unit of time; the other two are shares. At least
    one is needed. Ten arrivals an hour, six an hour for each nurse, and a mean wait of
    at most 6 minutes:

    >>> servers_needed(10, 6, max_mean_wait=0.1)
    3
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    limits = (max_mean_wait, max_chance_of_waiting, max_utilisation)
    need(
        any(limit is not None for limit in limits),
        "Give a limit: max_mean_wait, max_chance_of_waiting or max_utilisation.",
    )
    wait = math.inf if max_mean_wait is None else positive("max_mean_wait", max_mean_wait)
    waiting = 1.0 if max_chance_of_waiting is None else _above_zero("max_chance_of_waiting", max_chance_of_waiting)
    busy = 1.0 if max_utilisation is None else _above_zero("max_utilisation", max_utilisation)
    load = arrivals / service
    servers = max(smallest_stable(load), math.ceil(load / busy * (1 - ROUNDING)))
    full = erlang_b(load, servers)
    slack = 1 + ROUNDING  # a limit that is met exactly is met
    while True:
        chance = waiting_chance(full, load / servers)
        if chance <= slack * min(waiting, wait * (servers - load) * service):
            return servers
        servers += 1
        full = _one_more(full, load, servers)


def beds_needed(offered_load: float, *, max_chance_of_full: float) -> int:
    """
    Fewest beds that are all taken at most this share of the time (Erlang B).

    *offered_load* is the arrival rate times the mean stay; *max_chance_of_full* is
    above 0 and below 1. Ten patients on average, and full at most 1 time in 50:

    >>> beds_needed(10, max_chance_of_full=0.02)
    17
    """
    load = at_least("The offered load", offered_load, 0)
    most = _above_zero("max_chance_of_full", max_chance_of_full)
    need(most < 1, "max_chance_of_full must be below 1: at 1, no beds at all would do. 1 in 50 is 0.02.")
    beds, full = 0, 1.0
    while full > most * (1 + ROUNDING):
        beds += 1
        full = _one_more(full, load, beds)
    return beds


def waiting_chance(full: float, utilisation: float) -> float:
    """Erlang C from Erlang B (*full*) at the same load and number of servers."""
    return full / (1 - utilisation * (1 - full))


def _one_more(full: float, load: float, servers: int) -> float:
    """Erlang B with *servers*, from its value with one fewer."""
    return load * full / (servers + load * full)


def _above_zero(name: str, value: object) -> float:
    """A share that is not zero: no number of servers brings a chance down to nothing."""
    number = share(name, value)
    need(number > 0, f"{name} must be above 0; no number of servers removes all waiting. 1 in 100 is 0.01.")
    return number
