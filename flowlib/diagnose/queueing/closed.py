"""
What settles when the same few people, or sets of equipment, go round and round for ever?

A fixed number goes from step to step by chance, and nobody comes or leaves. Services are
exponential with one rate at each step, everybody waits in turn, and there is room for all.

Sources: Gordon and Newell (1967), Closed queueing systems with exponential servers,
Operations Research 15, 254-265; Buzen (1973), Computational algorithms for closed queueing
networks with exponential servers, Communications of the ACM 16, 527-531. The chances are
sums of products with no subtraction, so they keep their figures where mean value analysis
with several servers a step is known to lose them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from flowlib.core.checks import Refusal, brief, need, positive, whole
from flowlib.diagnose.queueing.results import LongRun, by_chances

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["ClosedNetwork", "closed_network"]


@dataclass(frozen=True)
class ClosedNetwork:
    """What a closed network settles to. Times are in the rates' unit of time."""

    steps: tuple[LongRun, ...]  # times at a step are of one visit there
    rates: tuple[float, ...]  # visits to each step in a unit of time
    mean_round: float  # of one person, in the rounds that visits are counted by


def closed_network(
    people: int, visits: Iterable[float], service_rates: Iterable[float], *, servers: Iterable[int]
) -> ClosedNetwork:
    """
    Long-run behaviour of a closed network of queues (Gordon and Newell).

    *people* go round for ever. *visits* has how often each step is visited, on average, in
    one round; *service_rates* and *servers* have the rate of one server and their number at
    each step. Chances of waiting are of those who come. 6 ultrasound probes, in use for 30
    minutes in 4 rooms, then cleaned for 10 minutes by one machine:

    >>> probes = closed_network(6, [1, 1], [2, 6], servers=[4, 1])
    >>> round(probes.rates[1], 2)  # cleaned in an hour
    5.45
    """
    number = whole("The number of people", people, 1)
    often = [positive(f"The visits to step {n}", value) for n, value in enumerate(_listed(visits), start=1)]
    service = [
        positive(f"The service rate of step {n}", value) for n, value in enumerate(_listed(service_rates), start=1)
    ]
    staff = [whole(f"The number of servers at step {n}", value, 1) for n, value in enumerate(_listed(servers), start=1)]
    need(
        len(often) == len(service) == len(staff) > 0,
        "Each step needs its visits, service rate and number of servers;"
        f" {len(often)}, {len(service)} and {len(staff)} came.",
    )
    now = _shares(number, often, service, staff)
    seen = _shares(number - 1, often, service, staff)
    steps = tuple(
        by_chances(there, met[c:], rate, c) for there, met, rate, c in zip(now, seen, service, staff, strict=True)
    )
    rates = tuple(line.utilisation * c * rate for line, c, rate in zip(steps, staff, service, strict=True))
    return ClosedNetwork(steps=steps, rates=rates, mean_round=number / rates[0] * often[0])


def _shares(people: int, visits: list[float], service: list[float], staff: list[int]) -> list[NDArray[np.float64]]:
    """Chance of 0, 1, ... *people* at each step: its own weight times that of the rest elsewhere."""
    weights = [_weights(people, *numbers) for numbers in zip(visits, service, staff, strict=True)]
    before, after = [np.array([0.0])], [np.array([0.0])]  # logarithms: of the steps so far, from either end
    for mine in weights[:-1]:
        before.append(_joined(before[-1], mine, people))
    for mine in weights[:0:-1]:
        after.append(_joined(after[-1], mine, people))
    found = []
    for mine, first, last in zip(weights, before, reversed(after), strict=True):
        others = _joined(first, last, people)
        logs = mine + others[::-1]
        shares = np.exp(logs - logs.max())
        found.append(shares / shares.sum())
    return found


def _weights(people: int, visits: float, service: float, servers: int) -> NDArray[np.float64]:
    """Logarithm of the weight of each number at one step."""
    there = np.arange(people + 1)
    inside = np.minimum(there, servers)
    logs = there * np.log(visits / service) - gammaln(inside + 1) - (there - inside) * np.log(servers)
    return np.asarray(logs, dtype=np.float64)


def _joined(one: NDArray[np.float64], other: NDArray[np.float64], people: int) -> NDArray[np.float64]:
    """Logarithm of the weight of each number at two sets of steps together."""
    padded = [np.append(logs, np.full(people + 1 - logs.size, -np.inf)) for logs in (one, other)]
    return np.array([np.logaddexp.reduce(padded[0][: n + 1] + padded[1][n::-1]) for n in range(people + 1)])


def _listed(values: object) -> list[object]:
    """A list, whatever kind of row it came as."""
    try:
        return list(values)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        raise Refusal(f"Give a list with one number for each step; {brief(values)} came.") from None
