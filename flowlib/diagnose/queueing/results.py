"""
What does a queue settle to, when it runs for long enough?

One result for every formula, so that a page or a chart can take any of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc

from flowlib.core.checks import Refusal, at_least, need, shown, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["LongRun", "by_chances", "by_wait", "need_spare_capacity", "smallest_stable", "stages_tail"]

# A load this close to capacity is at capacity: the rest is a computer's rounding.
ROUNDING = 1e-12
EXACT = 1e-13  # to which a percentile is sought, relative
SHORTEST = 1e-300  # a wait to begin the search with


@dataclass(frozen=True)
class LongRun:
    """What one queue settles to. Times are in the rates' unit of time."""

    utilisation: float  # share of server time in use, 0 to 1
    chance_of_waiting: float  # 0 to 1
    chance_of_loss: float  # turned away, or gave up; 0 to 1
    mean_wait: float  # before service
    mean_queue: float  # people waiting, not counting those in service
    mean_time_in_system: float  # wait and service
    mean_in_system: float  # people waiting and in service
    chance_of_empty: float | None = None  # nobody there at all, 0 to 1; None where no formula exists
    _longer: Callable[[float], float] | None = field(default=None, repr=False, compare=False)
    _served: Callable[[float], float] | None = field(default=None, repr=False, compare=False)
    _chance_of: Callable[[int], float] | None = field(default=None, repr=False, compare=False)

    def wait_longer_than(self, time: float) -> float:
        """
        Chance of waiting longer than *time* (in the rates' unit of time), 0 to 1.

        Refused where only the mean wait has a formula.

        >>> from flowlib.diagnose.queueing import mmc
        >>> round(mmc(2, 3).wait_longer_than(0.5), 3)
        0.404
        """
        limit = at_least("The time", time, 0)
        if self._longer is None:
            raise Refusal("This formula gives the mean wait, not its spread. Simulate to see how many wait longer.")
        return self._longer(limit)

    def wait_percentile(self, share: float) -> float:
        """
        The wait that this *share* of people (0 to below 1) do not exceed, in the rates' unit of time.

        Refused where only the mean wait has a formula.

        >>> from flowlib.diagnose.queueing import mmc
        >>> round(mmc(2, 3).wait_percentile(0.9), 3)
        1.897
        """
        part = at_least("The share", share, 0)
        need(part < 1, f"The share must be below 1: no wait is the longest; {shown(part)} came. 9 in 10 is 0.9.")
        rest = 1 - part
        if self.wait_longer_than(0) <= rest:
            return 0.0
        from scipy.optimize import brentq  # noqa: PLC0415 - heavy, so only when used

        highest = max(self.mean_wait, SHORTEST)
        while self.wait_longer_than(highest) > rest:
            highest *= 2
        return float(
            brentq(lambda time: self.wait_longer_than(time) - rest, 0, highest, xtol=highest * EXACT, rtol=EXACT)
        )

    def chance_of(self, number: int) -> float:
        """
        Chance that exactly *number* people are there, waiting and in service, 0 to 1.

        Refused where no formula exists.

        >>> from flowlib.diagnose.queueing import mmc
        >>> [round(mmc(2, 3).chance_of(n), 3) for n in (0, 1, 2)]
        [0.333, 0.222, 0.148]
        """
        people = whole("The number of people", number)
        if self._chance_of is None:
            raise Refusal(
                "This formula does not give the chance of so many people. Simulate to see how many are there."
            )
        return self._chance_of(people)

    def served_within(self, time: float) -> float:
        """Chance that service starts within *time*: neither still waiting then, nor given up before."""
        if self._served is None:
            return 1 - self.wait_longer_than(time)
        return self._served(at_least("The time", time, 0))


def by_wait(
    arrivals: float,
    service: float,
    wait: float,
    *,
    utilisation: float,
    chance_of_waiting: float,
    chance_of_empty: float | None = None,
    ends_at: float | None = None,
    chance_of: Callable[[int], float] | None = None,
) -> LongRun:
    """A result from its mean *wait*, by Little's law; *ends_at* is the rate at which waits end, if it is steady."""
    return LongRun(
        utilisation=utilisation,
        chance_of_waiting=chance_of_waiting,
        chance_of_loss=0.0,
        mean_wait=wait,
        mean_queue=arrivals * wait,
        mean_time_in_system=wait + 1 / service,
        mean_in_system=arrivals * wait + arrivals / service,
        chance_of_empty=chance_of_empty,
        _longer=None if ends_at is None else partial(_exponential_tail, chance_of_waiting, ends_at),
        _chance_of=chance_of,
    )


def by_chances(
    there: NDArray[np.float64], met: NDArray[np.float64], service: float, servers: int, *, in_turn: bool = False
) -> LongRun:
    """
    A result from the chances of 0, 1, ... people *there*, none of whom is turned away.

    *met* are the chances that those who come find all servers busy and 0, 1, ... people
    before them; *in_turn*: they are served in that order.
    """
    people = np.arange(there.size)
    busy, queue = float(there @ np.minimum(people, servers)), float(there @ np.maximum(people - servers, 0))
    wait = queue / (busy * service)
    return LongRun(
        utilisation=busy / servers,
        chance_of_waiting=float(met.sum()),
        chance_of_loss=0.0,
        mean_wait=wait,
        mean_queue=queue,
        mean_time_in_system=wait + 1 / service,
        mean_in_system=float(there @ people),
        chance_of_empty=float(there[0]),
        _longer=partial(stages_tail, met, servers * service) if in_turn else None,
    )


def stages_tail(met: NDArray[np.float64], rate: float, time: float) -> float:
    """Chance of waiting longer, when 1, 2, ... departures at *rate* are still to come."""
    return float(met @ gammaincc(np.arange(1, met.size + 1), rate * time))


def _exponential_tail(waiting: float, rate: float, time: float) -> float:
    """Chance of waiting longer, when the wait of those who wait is exponential."""
    return waiting * math.exp(-rate * time)


def smallest_stable(offered_load: float) -> int:
    """
    Fewest servers whose queue does not grow for ever.

    >>> smallest_stable(3), smallest_stable(2.9)
    (4, 3)
    """
    return math.floor(offered_load * (1 + ROUNDING)) + 1


def need_spare_capacity(arrival_rate: float, service_rate: float, servers: int) -> None:
    """Refuse demand that is at or above capacity: its queue would grow for ever."""
    enough = smallest_stable(arrival_rate / service_rate)
    plural = "" if servers == 1 else "s"
    need(
        servers >= enough,
        f"Demand must stay below capacity; {shown(arrival_rate)} arrive per unit of time and"
        f" {servers:,} server{plural} can complete {shown(servers * service_rate)}."
        f" Add servers (at least {enough:,} in all), or simulate a fixed period.",
    )
