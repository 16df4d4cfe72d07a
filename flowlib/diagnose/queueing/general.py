"""
How much does variation cost? Waits from the mean and the spread of times, whatever their shape.

The spread is the coefficient of variation (cv): standard deviation over mean. 0 is
clockwork, 1 is what pure chance gives, and times in health care are often near 1.

Sources: Pollaczek (1930) and Khinchine (1932) for `mg1`, which is exact;
Allen, Probability, Statistics and Queueing Theory (1990), for the Allen-Cunneen
formula of `ggc`, which is an approximation, good when servers are well used.
"""

from __future__ import annotations

from flowlib.core.checks import at_least, positive, whole
from flowlib.diagnose.queueing.markov import mmc
from flowlib.diagnose.queueing.results import LongRun, need_spare_capacity

__all__ = ["ggc", "mg1"]


def mg1(arrival_rate: float, service_rate: float, *, cv_service: float) -> LongRun:
    """
    Long-run behaviour of one queue before one server, any service times (M/G/1).

    Arrivals are a Poisson process. Service times have a cv of *cv_service*, 0 or more.
    A machine that takes exactly 5 minutes, and 8 people an hour:

    >>> round(60 * mg1(8, 12, cv_service=0).mean_wait, 1)  # minutes
    5.0
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    spread = at_least("The cv of service times", cv_service, 0)
    need_spare_capacity(arrivals, service, 1)
    busy = arrivals / service
    wait = busy / (service - arrivals) * (1 + spread**2) / 2
    return _from_wait(wait, arrivals, service, servers=1, chance_of_waiting=busy, chance_of_empty=1 - busy)


def ggc(arrival_rate: float, service_rate: float, *, servers: int, cv_arrivals: float, cv_service: float) -> LongRun:
    """
    Long-run behaviour, nearly, for any spread of arrivals and service times (G/G/c, Allen-Cunneen).

    *cv_arrivals* is of the times between arrivals. The chance of waiting is that of
    M/M/c. With both at 1 the answer is that of `mmc`. Booked patients, who come more
    evenly than chance would have it:

    >>> round(60 * ggc(5, 8, servers=1, cv_arrivals=0.5, cv_service=0.5).mean_wait, 1)  # minutes
    3.1
    """
    number = whole("The number of servers", servers, 1)
    between = at_least("The cv of times between arrivals", cv_arrivals, 0)
    spread = at_least("The cv of service times", cv_service, 0)
    chance = mmc(arrival_rate, service_rate, servers=number)
    wait = chance.mean_wait * (between**2 + spread**2) / 2
    return _from_wait(
        wait, float(arrival_rate), float(service_rate), servers=number, chance_of_waiting=chance.chance_of_waiting
    )


def _from_wait(
    wait: float,
    arrivals: float,
    service: float,
    *,
    servers: int,
    chance_of_waiting: float,
    chance_of_empty: float | None = None,
) -> LongRun:
    """The rest of the result, by Little's law."""
    load = arrivals / service
    return LongRun(
        utilisation=load / servers,
        chance_of_waiting=chance_of_waiting,
        chance_of_loss=0.0,
        mean_wait=wait,
        mean_queue=arrivals * wait,
        mean_time_in_system=wait + 1 / service,
        mean_in_system=arrivals * wait + load,
        chance_of_empty=chance_of_empty,
    )
