"""
What do separate queues cost, and what does ring-fencing cost?

Two queues before their own staff can leave somebody waiting while staff of the other are
free. One queue before all of them never does. Here both are worked out exactly, as
M/M/c queues with one mean service time, or for beds by Erlang B.

Source: Smith and Whitt (1981), Resource sharing for efficiency in traffic systems, Bell
System Technical Journal 60(1), 39-55: with the same service times, sharing never makes
the mean wait longer, nor more people turned away. With service times that differ by
group it can, so the staff calculators here take one service time for all.

Demand is people an hour (beds: a day), times are hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlib.core.capacity import many
from flowlib.core.checks import at_least, need, positive, shown, whole
from flowlib.core.durations import duration
from flowlib.diagnose.queueing import LongRun, erlang_b, mmc, servers_needed
from flowlib.diagnose.queueing.results import smallest_stable
from flowlib.diagnose.sizing.words import in_100, length

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BedCarveOut", "CarveOut", "Pooling", "carve_out", "carve_out_beds", "pooling"]


@dataclass(frozen=True)
class Pooling:
    """Separate queues beside one queue for all. Times are hours."""

    separate: tuple[LongRun, ...]  # each queue on its own
    pooled: LongRun  # one queue before all servers
    mean_wait: float  # of separate queues, over all people
    chance_of_waiting: float  # of separate queues, over all people
    servers: tuple[int, ...]  # in each queue
    separate_needed: tuple[int, ...] | None  # servers that keep the target in each queue; None without a target
    pooled_needed: int | None  # servers that keep it in one queue

    def sentence(self) -> str:
        """The finding in plain words."""
        text = (
            f"In {len(self.servers)} separate queues people wait {length(self.mean_wait)} on average."
            f" In one queue for the same {sum(self.servers):,} staff it is {length(self.pooled.mean_wait)}."
            f" Of all people {in_100(self.chance_of_waiting)} wait apart,"
            f" and {in_100(self.pooled.chance_of_waiting)} together."
        )
        if self.separate_needed is None:
            return text
        return (
            f"{text} To keep the target, separate queues need {sum(self.separate_needed):,} staff,"
            f" and one queue needs {self.pooled_needed:,}."
        )


@dataclass(frozen=True)
class CarveOut:
    """What it costs to keep some servers for one group. Times are hours."""

    group: LongRun  # those for whom servers are kept
    others: LongRun  # everybody else, on the servers that are left
    pooled: LongRun  # one queue for all servers
    mean_wait: float  # with the ring fence, over all people
    servers: int
    ring_fenced: int

    @property
    def extra_wait(self) -> float:
        """Hours that the ring fence adds to the mean wait, over all people."""
        return self.mean_wait - self.pooled.mean_wait

    def sentence(self) -> str:
        """The finding in plain words."""
        return (
            f"With {self.ring_fenced:,} of {self.servers:,} staff kept for one group,"
            f" it waits {length(self.group.mean_wait)} on average."
            f" The others wait {length(self.others.mean_wait)}."
            f" In one queue for all staff, everybody waits {length(self.pooled.mean_wait)}."
            f" Over all people the ring fence adds {length(self.extra_wait)} each."
        )


@dataclass(frozen=True)
class BedCarveOut:
    """What it costs to keep some beds for one group, when those who find no bed go elsewhere."""

    group_turned_away: float  # share of the group, 0 to 1
    others_turned_away: float  # share of the others
    pooled_turned_away: float  # share of all, with every bed for everybody
    a_year: float  # people turned away in 365 days with the ring fence
    pooled_a_year: float  # and with every bed for everybody
    beds: int
    ring_fenced: int

    def sentence(self) -> str:
        """The finding in plain words."""
        return (
            f"With {self.ring_fenced:,} of {self.beds:,} beds kept for one group,"
            f" {in_100(self.group_turned_away)} of that group find no bed."
            f" Of the others, {in_100(self.others_turned_away)} find none."
            f" With every bed for everybody it is {in_100(self.pooled_turned_away)}."
            f" That is {self.a_year:,.0f} people turned away a year, against {self.pooled_a_year:,.0f}."
        )


def pooling(
    arrivals_per_hour: Sequence[float],
    service_time: float,
    *,
    servers: Sequence[int],
    max_mean_wait: float | None = None,
    max_chance_of_waiting: float | None = None,
) -> Pooling:
    """
    Separate queues, each with its own servers, beside one queue for all (exact, M/M/c).

    *arrivals_per_hour* and *servers* have one number for each queue, two or more;
    *service_time* is the mean for everybody, in hours. With a limit, also how many servers
    keep it, apart and together. A queue whose servers cannot keep up is refused. Two clinics
    with 5 people an hour and 1 nurse each, 7.5 minutes a person:

    >>> clinics = pooling([5, 5], 0.125, servers=[1, 1])
    >>> round(60 * clinics.mean_wait, 1), round(60 * clinics.pooled.mean_wait, 1)
    (12.5, 4.8)
    """
    rates = [
        positive(f"Arrivals an hour, queue {number}", rate)
        for number, rate in enumerate(many("arrivals_per_hour", arrivals_per_hour, "[5, 5]"), 1)
    ]
    numbers = [
        whole(f"Servers, queue {number}", one, 1) for number, one in enumerate(many("servers", servers, "[1, 1]"), 1)
    ]
    need(len(rates) > 1, f"Give two queues or more; {len(rates)} came.")
    need(
        len(rates) == len(numbers),
        f"Give a number of servers for each queue; {len(rates)} queues and {len(numbers)} numbers of servers came.",
    )
    time = _service_time(service_time)
    apart = tuple(
        _queue(f"Queue {place}", rate, time, number)
        for place, (rate, number) in enumerate(zip(rates, numbers, strict=True), 1)
    )
    limits = {"max_mean_wait": max_mean_wait, "max_chance_of_waiting": max_chance_of_waiting}
    wanted = any(limit is not None for limit in limits.values())
    return Pooling(
        separate=apart,
        pooled=mmc(sum(rates), 1 / time, servers=sum(numbers)),
        mean_wait=_over_all(rates, [queue.mean_wait for queue in apart]),
        chance_of_waiting=_over_all(rates, [queue.chance_of_waiting for queue in apart]),
        servers=tuple(numbers),
        separate_needed=tuple(servers_needed(rate, 1 / time, **limits) for rate in rates) if wanted else None,
        pooled_needed=servers_needed(sum(rates), 1 / time, **limits) if wanted else None,
    )


def carve_out(
    group_per_hour: float, others_per_hour: float, service_time: float, *, servers: int, ring_fenced: int
) -> CarveOut:
    """
    What it costs to keep *ring_fenced* of the *servers* for one group (exact, two M/M/c against one).

    Both rates are above 0, in people an hour; *service_time* is the mean for everybody, in
    hours. Neither group uses the other's servers. Three of 4 nurses for the 5 in an
    hour who are urgent, 30 minutes each, and one for the rest:

    >>> clinic = carve_out(5, 1, 0.5, servers=4, ring_fenced=3)
    >>> round(60 * clinic.mean_wait, 1), round(60 * clinic.pooled.mean_wait, 1)
    (40.1, 15.3)
    """
    rates = [
        positive("The group's arrivals an hour", group_per_hour),
        positive("The others' arrivals an hour", others_per_hour),
    ]
    number = whole("The number of servers", servers, 2)
    kept = _ring_fenced(ring_fenced, number, "servers")
    time = _service_time(service_time)
    group = _queue("The ring-fenced group", rates[0], time, kept)
    others = _queue("The others", rates[1], time, number - kept)
    return CarveOut(
        group=group,
        others=others,
        pooled=mmc(sum(rates), 1 / time, servers=number),
        mean_wait=_over_all(rates, [group.mean_wait, others.mean_wait]),
        servers=number,
        ring_fenced=kept,
    )


def carve_out_beds(
    *,
    group_per_day: float,
    others_per_day: float,
    group_stay: float,
    others_stay: float,
    beds: int,
    ring_fenced: int,
) -> BedCarveOut:
    """
    What it costs to keep *ring_fenced* of the *beds* for one group (exact, Erlang B).

    Arrivals are people a day, 0 or more; stays are means, in hours (`days(6)`), of any
    spread, and may differ. Who finds no bed goes elsewhere. Ten beds, two of them kept:

    >>> from flowlib import days
    >>> ward = carve_out_beds(
    ...     group_per_day=0.5, others_per_day=2, group_stay=days(2), others_stay=days(3), beds=10, ring_fenced=2
    ... )
    >>> round(ward.group_turned_away, 3), round(ward.others_turned_away, 3), round(ward.pooled_turned_away, 3)
    (0.2, 0.122, 0.079)
    """
    group = at_least("The group's arrivals a day", group_per_day, 0)
    others = at_least("The others' arrivals a day", others_per_day, 0)
    need(group + others > 0, "Nobody comes: both rates of arrival are 0. Give at least one above 0.")
    number = whole("The number of beds", beds, 2)
    kept = _ring_fenced(ring_fenced, number, "beds")
    loads = (group * _days("The group's stay", group_stay), others * _days("The others' stay", others_stay))
    lost = (erlang_b(loads[0], kept), erlang_b(loads[1], number - kept))
    pooled = erlang_b(sum(loads), number)
    return BedCarveOut(
        group_turned_away=lost[0],
        others_turned_away=lost[1],
        pooled_turned_away=pooled,
        a_year=365 * (group * lost[0] + others * lost[1]),
        pooled_a_year=365 * (group + others) * pooled,
        beds=number,
        ring_fenced=kept,
    )


def _service_time(value: object) -> float:
    return positive("The mean service time", duration("The mean service time", value), "hours")


def _days(name: str, stay: object) -> float:
    """A mean stay in days."""
    return positive(name, duration(name, stay), "hours") / 24


def _ring_fenced(value: object, servers: int, what: str) -> int:
    """So many servers kept apart, with at least one left for the others."""
    kept = whole("ring_fenced", value, 1)
    need(kept < servers, f"ring_fenced must leave some {what} for the others; {kept:,} of {servers:,} came.")
    return kept


def _queue(name: str, rate: float, time: float, servers: int) -> LongRun:
    """One queue on its own; refused by name when its servers cannot keep up."""
    enough = smallest_stable(rate * time)
    need(
        servers >= enough,
        f"{name} would grow for ever: {shown(rate)} people come an hour and {servers:,} of the servers can see"
        f" {shown(servers / time)}. Give it at least {enough:,}.",
    )
    return mmc(rate, 1 / time, servers=servers)


def _over_all(rates: list[float], values: list[float]) -> float:
    """The mean over all people, who come to each queue at its rate."""
    return sum(rate * value for rate, value in zip(rates, values, strict=True)) / sum(rates)
