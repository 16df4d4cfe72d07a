"""
Who waits how long, when some go before others?

The first class is seen first; within a class, first come is first served. Arrivals of
each class are a Poisson process. *Non-preemptive* means that a service once begun is
finished; *preemptive* means that a person of a higher class takes the place at once, and
the one put back goes on later where the service stopped (preemptive-resume).

A class may be starved while those above it are not. Then its waits and numbers are
infinite (`math.inf`), and those of the classes above it are as the formulas say, with a
server that is never idle. Only where the highest class alone is too much for the servers
does nothing settle: that is refused.

Every result is a `LongRun` of one class. Its utilisation is the share of server time that
the class uses (the shares add up), its chance of waiting is that of not starting at once,
its mean wait is all time in the system but not in service, and its chance of empty is that
of nobody of any class being there.

Sources: Cobham (1954), Priority assignment in waiting line problems, Operations Research
2, 70-76; Kella and Yechiali (1985), Waiting times in the non-preemptive priority M/M/c
queue, Stochastic Models 1, 257-262; Phipps (1956), Machine repair as a priority
waiting-line problem, Operations Research 4, 76-85; Gross and Harris, Fundamentals of
Queueing Theory, section 3.4, for preemption and for starved classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from flowlib.core.checks import Refusal, at_least, brief, need, positive, shown, whole
from flowlib.diagnose.queueing.erlang import erlang_b
from flowlib.diagnose.queueing.markov import chance_of_empty
from flowlib.diagnose.queueing.results import ROUNDING, LongRun, by_wait, need_spare_capacity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["priority_mg1", "priority_mmc"]


def priority_mmc(
    arrival_rates: Iterable[float], service_rate: float, *, servers: int, preemptive: bool = False
) -> tuple[LongRun, ...]:
    """
    Long-run behaviour of each class before identical servers, highest priority first (M/M/c).

    *arrival_rates* has one rate a class, each above 0. *service_rate* is for one server and
    the same for all classes. How many wait longer than a time is known for the first class.
    A hospital doctor sees 3 an hour; 0.2 critical, 0.6 serious and 1.2 stable cases come:

    >>> [round(60 * line.mean_wait) for line in priority_mmc([0.2, 0.6, 1.2], 3, servers=1)]  # minutes
    [14, 19, 55]

    The list of the last class never settles, and the others are still seen:

    >>> [round(60 * line.mean_wait) for line in priority_mmc([0.2, 0.6, 2.4], 3, servers=1)[:2]]
    [21, 29]
    >>> priority_mmc([0.2, 0.6, 2.4], 3, servers=1)[2].mean_wait
    inf
    """
    rates = _rates("The arrival rate", arrival_rates)
    service = positive("The service rate", service_rate)
    number = whole("The number of servers", servers, 1)
    try:
        need_spare_capacity(rates[0], service, number)
    except Refusal as refusal:
        raise Refusal(f"Class 1, the highest: {refusal}") from None
    crowd = _Crowd(rates, service, number)
    return tuple((_put_back if preemptive else _in_turn)(crowd, place) for place in range(len(rates)))


def priority_mg1(
    arrival_rates: Iterable[float],
    service_rates: Iterable[float],
    cv_services: Iterable[float],
    *,
    preemptive: bool = False,
) -> tuple[LongRun, ...]:
    """
    Long-run behaviour of each class before one server, highest priority first (M/G/1).

    Each class has its own rate of arrival, service rate (one over its mean time) and cv of
    service times. Short checks before long ones, with times of little spread:

    >>> lines = priority_mg1([4, 1], [12, 2], [0.3, 0.5])
    >>> [round(60 * line.mean_wait, 1) for line in lines]  # minutes
    [15.4, 92.6]
    """
    rates, services = _rates("The arrival rate", arrival_rates), _rates("The service rate", service_rates)
    spreads = [at_least(f"The cv of class {place}", cv, 0) for place, cv in enumerate(_several(cv_services), start=1)]
    need(
        len(rates) == len(services) == len(spreads),
        f"Each class needs an arrival rate, a service rate and a cv; {len(rates)}, {len(services)} and"
        f" {len(spreads)} came.",
    )
    loads = [Fraction(rate) / Fraction(service) for rate, service in zip(rates, services, strict=True)]
    spare = _spare(loads)
    need(
        spare[1] > 0,
        f"Class 1, the highest, alone fills the server; its load is {shown(float(loads[0]))}."
        " Shorten its service times, or simulate a fixed period.",
    )
    used = [min(float(load), left) for load, left in zip(loads, spare, strict=False)]
    # Work that a newcomer finds in service: the mean rest of each class, as often as it is there.
    rest = [use / service * (1 + cv**2) / 2 for use, service, cv in zip(used, services, spreads, strict=True)]
    lines = []
    for place, (rate, service) in enumerate(zip(rates, services, strict=True)):
        found = math.fsum(rest[: place + 1] if preemptive else rest)
        both = spare[place] * spare[place + 1]
        put_back = math.fsum(used[:place]) / spare[place] / service if preemptive and both else 0.0
        lines.append(
            by_wait(
                rate,
                service,
                found / both + put_back if both else math.inf,
                utilisation=used[place],
                chance_of_waiting=min(math.fsum(used[: place + 1] if preemptive else used), 1.0),
                chance_of_empty=spare[-1],
            )
        )
    return tuple(lines)


@dataclass(frozen=True)
class _Crowd:
    """All classes of one M/M/c."""

    rates: list[float]  # of arrival, by class, highest first
    service: float  # rate of one server
    servers: int

    @property
    def spare(self) -> list[float]:
        """Share of server time left by the classes above each place."""
        return _spare([Fraction(rate) / (self.servers * Fraction(self.service)) for rate in self.rates])

    def load(self, classes: int) -> float:
        """Offered load of the first so many classes, in servers."""
        return math.fsum(self.rates[:classes]) / self.service

    def waiting(self, classes: int) -> tuple[float, float]:
        """Chance that the first so many classes hold all servers, and that nobody of them is there."""
        load, spare = self.load(classes), self.spare[classes]
        if not spare:
            return 1.0, 0.0
        full = erlang_b(load, self.servers)
        below = spare + load / self.servers * full
        return full / below, chance_of_empty(load, self.servers, (1 - full) * spare / below)


def _in_turn(crowd: _Crowd, place: int) -> LongRun:
    """One class, non-preemptive (Cobham; Kella and Yechiali)."""
    spare, everybody = crowd.spare, len(crowd.rates)
    waiting, empty = crowd.waiting(everybody)
    capacity = crowd.servers * crowd.service
    both = spare[place] * spare[place + 1]
    return by_wait(
        crowd.rates[place],
        crowd.service,
        waiting / capacity / both if both else math.inf,
        utilisation=min(crowd.rates[place] / capacity, spare[place]),
        chance_of_waiting=waiting,
        chance_of_empty=empty,
        # Of the first class, only those of its own are ahead: what is left of the wait has no memory.
        ends_at=None if place else capacity * spare[1],
    )


def _put_back(crowd: _Crowd, place: int) -> LongRun:
    """
    One class, preemptive-resume: what the classes up to it have, less what those above it have.

    The classes up to any place see an M/M/c of their own, since nobody below holds them up.
    """
    spare, capacity = crowd.spare, crowd.servers * crowd.service
    waiting = crowd.waiting(place + 1)[0]
    rate = crowd.rates[place]
    queue = math.inf
    if spare[place + 1]:
        queue = waiting * crowd.load(place + 1) / crowd.servers / spare[place + 1] * _share_added(crowd, place)
    return by_wait(
        rate,
        crowd.service,
        queue / rate,
        utilisation=min(rate / capacity, spare[place]),
        chance_of_waiting=waiting,
        chance_of_empty=crowd.waiting(len(crowd.rates))[1],
        ends_at=None if place else capacity * spare[1],
    )


def _share_added(crowd: _Crowd, place: int) -> float:
    """
    The class's share of the queue of all classes up to it.

    That queue is B u / (s (s + u B)), with B of Erlang B, u the use and s = 1 - u. Each factor
    falls by a share when the class is left out; no two near numbers are subtracted, so a class
    of one in 10^18 has its wait to all figures.
    """
    if not place:
        return 1.0
    before, after = crowd.load(place), crowd.load(place + 1)
    share = crowd.rates[place] / math.fsum(crowd.rates[: place + 1])
    low, high, fewer_full = _two_blocked(before, after, share, crowd.servers)
    spare, use = crowd.spare[place], before / crowd.servers
    step = crowd.rates[place] / (crowd.servers * crowd.service)
    fewer_carried = (step * (1 - high) - high * use * fewer_full) / (spare + use * low)
    missing = 0.0
    for lost in (share, fewer_full, step / spare, fewer_carried):
        missing += (1 - missing) * lost
    return missing


def _two_blocked(before: float, after: float, share: float, servers: int) -> tuple[float, float, float]:
    """Erlang B at two loads, and by what share it is lower at the first; *share* says that of the loads."""
    low = high = 1.0
    fewer = 0.0
    for number in range(1, servers + 1):
        weight = number / (number + before * low)
        low, high = before * low / (number + before * low), after * high / (number + after * high)
        fewer = weight * (fewer + (1 - fewer) * share)
    return low, high, fewer


def _spare(loads: list[Fraction]) -> list[float]:
    """What share of server time the classes before each place leave, exactly; 0 at or above capacity."""
    left = [float(1 - taken) for taken in accumulate(loads, initial=Fraction(0))]
    return [share if share > ROUNDING else 0.0 for share in left]


def _several(values: object) -> list[object]:
    """A list of at least one value."""
    try:
        found: list[object] = list(values)  # type: ignore[call-overload]
    except TypeError:
        found = []
    need(found, f"Give one number for each class, highest priority first; {brief(values)} came.")
    return found


def _rates(name: str, values: object) -> list[float]:
    """A rate above 0 for each class."""
    return [positive(f"{name} of class {place}", value) for place, value in enumerate(_several(values), start=1)]
