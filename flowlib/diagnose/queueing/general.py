"""
How much does variation cost? Waits from the mean and the spread of times, whatever their shape.

The spread is the coefficient of variation (cv): standard deviation over mean. 0 is
clockwork, 1 is what pure chance gives, and times in health care are often near 1.

`mg1` is exact, and `kingman` is a limit that holds; the others are near. Beside long
simulations, with loads from 0.5 to 0.95 and up to 20 servers: `mdc` is within 3 in 100.
`mgc` is within 10 in 100, but for loads near 0.5 with many servers, where hardly anybody
waits. The mean wait of `ggc` is within 15 in 100 at load 0.95. Below that it can be half
too long where people come by chance, and several times too long where they are booked.
Below load 0.3 `mdc` says too much. `data/formulas.csv` has every case, and
`python -m benchmarks.formulas` measures them anew.

Sources: Pollaczek (1930) and Khinchine (1932) for `mg1`; Cosmetatos (1976) for `mdc`;
Kimura (1994), Approximations for multi-server queues: system interpolations, Queueing
Systems 17, 347-382, for `mgc`; Allen, Probability, Statistics and Queueing Theory (1990),
for the mean wait of `ggc`, and Whitt (1993), Approximations for the GI/G/m queue,
Production and Operations Management 2(2), 114-161, for its chance of waiting; Kingman
(1962), Some inequalities for the queue GI/G/1, Biometrika 49, 315-324.
"""

from __future__ import annotations

import math

from scipy.special import ndtr

from flowlib.core.checks import at_least, positive, whole
from flowlib.diagnose.queueing.markov import mmc
from flowlib.diagnose.queueing.results import LongRun, by_wait, need_spare_capacity

__all__ = ["ggc", "kingman", "mdc", "mg1", "mgc"]

MOST_ADDED = 0.24  # to half the wait of M/M/c (Whitt 1993, 2.16), in mixing; at light loads Cosmetatos adds far more
FEW = 6  # servers, up to which Whitt's first form of the chance of waiting is used
LOW, HIGH = 0.5, 1.0  # spare capacity in standard deviations, between which his forms are mixed


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


def mdc(arrival_rate: float, service_rate: float, *, servers: int) -> LongRun:
    """
    Long-run behaviour, nearly, where every service takes the same time (M/D/c, Cosmetatos).

    The chance of waiting is that of M/M/c. Below load 0.3 a server it says too much. Two
    scanners of exactly an hour each, used 9 hours in 10 (Kimura 1991 prints 2.1445):

    >>> round(mdc(1.8, 1, servers=2).mean_wait, 4)
    2.1445
    """
    chance = mmc(arrival_rate, service_rate, servers=servers)
    wait = _even_wait(chance, int(servers))
    return _from_wait(wait, arrival_rate, service_rate, servers=servers, chance_of_waiting=chance.chance_of_waiting)


def mgc(arrival_rate: float, service_rate: float, *, servers: int, cv_service: float) -> LongRun:
    """
    Long-run behaviour, nearly, for any spread of service times (M/G/c, Kimura).

    Between M/M/c and M/D/c, and exact for one server or a cv of 1. The chance of waiting
    is that of M/M/c. Five places used 9 hours in 10, with very uneven stays (Kimura 1994
    prints 16.26):

    >>> round(mgc(4.5, 1, servers=5, cv_service=2).mean_queue, 2)
    16.26
    """
    spread = at_least("The cv of service times", cv_service, 0) ** 2
    chance = mmc(arrival_rate, service_rate, servers=servers)
    by_chance = chance.mean_wait
    even = min(_even_wait(chance, int(servers)), by_chance * (1 + MOST_ADDED) / 2)
    wait = (1 + spread) / (2 * spread / by_chance + (1 - spread) / even) if by_chance else 0.0
    return _from_wait(wait, arrival_rate, service_rate, servers=servers, chance_of_waiting=chance.chance_of_waiting)


def ggc(arrival_rate: float, service_rate: float, *, servers: int, cv_arrivals: float, cv_service: float) -> LongRun:
    """
    Long-run behaviour, nearly, for any spread of arrivals and service times (G/G/c, Allen-Cunneen).

    *cv_arrivals* is of the times between arrivals. The chance of waiting is Whitt's.
    With both at 1 the answer is that of `mmc`. Booked patients, who come more evenly
    than chance would have it:

    >>> round(60 * ggc(5, 8, servers=1, cv_arrivals=0.5, cv_service=0.5).mean_wait, 1)  # minutes
    3.1
    """
    number = whole("The number of servers", servers, 1)
    between = at_least("The cv of times between arrivals", cv_arrivals, 0)
    spread = at_least("The cv of service times", cv_service, 0)
    chance = mmc(arrival_rate, service_rate, servers=number)
    wait = chance.mean_wait * (between**2 + spread**2) / 2
    waiting = _whitts_chance(chance, number, between**2, spread**2)
    return _from_wait(wait, arrival_rate, service_rate, servers=number, chance_of_waiting=waiting)


def kingman(arrival_rate: float, service_rate: float, *, cv_arrivals: float, cv_service: float) -> float:
    """
    The mean wait before one server that no queue with these means and cvs exceeds (G/G/1).

    In the rates' unit of time; near the wait itself when the server is nearly always
    busy. Two an hour come and three could be seen. By chance alone they wait 40 minutes,
    and no other shapes of times with these cvs bring it over 65:

    >>> round(60 * mg1(2, 3, cv_service=1).mean_wait), round(60 * kingman(2, 3, cv_arrivals=1, cv_service=1))
    (40, 65)
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    between = at_least("The cv of times between arrivals", cv_arrivals, 0) / arrivals
    spread = at_least("The cv of service times", cv_service, 0) / service
    need_spare_capacity(arrivals, service, 1)
    return arrivals * (between**2 + spread**2) / (2 * (1 - arrivals / service))


def _even_wait(chance: LongRun, servers: int) -> float:
    """Mean wait of M/D/c from the result of M/M/c, by Cosmetatos."""
    busy = chance.utilisation
    more = (1 - busy) * (servers - 1) * (math.sqrt(4 + 5 * servers) - 2) / (16 * busy * servers)
    return chance.mean_wait * (1 + more) / 2


def _whitts_chance(chance: LongRun, servers: int, between: float, spread: float) -> float:
    """Chance of waiting in G/G/c from that of M/M/c and two squared cvs (Whitt 1993, 3.5 to 3.11)."""
    if between + spread == 0:
        return 0.0  # as even as clockwork: each finds the last one gone
    busy, slack = chance.utilisation, (1 - chance.utilisation) * math.sqrt(servers)
    scale = chance.chance_of_waiting / ndtr(-slack) if ndtr(-slack) else 0.0
    heavy = min(1.0, scale * ndtr(-(1 + spread) * slack / (between + spread)))
    light = min(1.0, scale * ndtr(-2 * slack / (1 + between)))
    first = busy**2 * heavy + (1 - busy**2) * light
    deviation = math.sqrt(servers * busy * (between + spread) / (1 + spread))
    room = (servers * (1 - busy) - 0.5) / deviation
    if servers <= FEW or room <= LOW or between >= 1:
        return float(min(first, 1.0))
    second = between * first + (1 - between) * ndtr(-room)
    share = min(2 * (1 - between) * (room - LOW), 1.0) if room < HIGH else 1.0
    return float(min(share * second + (1 - share) * first, 1.0))


def _from_wait(
    wait: float,
    arrivals: float,
    service: float,
    *,
    servers: int,
    chance_of_waiting: float,
    chance_of_empty: float | None = None,
) -> LongRun:
    """The rest of the result."""
    arrivals, service = float(arrivals), float(service)
    return by_wait(
        arrivals,
        service,
        wait,
        utilisation=arrivals / service / int(servers),
        chance_of_waiting=chance_of_waiting,
        chance_of_empty=chance_of_empty,
    )
