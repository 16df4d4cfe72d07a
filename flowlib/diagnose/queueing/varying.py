"""
How long is the queue at each hour of a day, when arrivals come and go with the clock?

Rates are per hour, and one stands for each hour of a pattern that repeats: 24 for a day,
168 for a week. Arrivals are a Poisson process whose rate is constant within each hour;
service times are exponential. Servers may change on the hour; where they fall, nobody is
given up: those without a server wait again.

Three answers, each a table with one row an hour, whose values are means over that hour:

* `pointwise_stationary` takes each hour as if it lasted for ever. Good only where services
  are much shorter than an hour; it misses that queues lag behind arrivals.
* `modified_offered_load` takes the number who would be there with endless servers, which
  lags as it should, as the load of a steady queue. Good where few wait.
* `hour_by_hour` is exact: the chances of 0, 1, 2, ... people, as they move through the
  pattern until it repeats itself (Kolmogorov's forward equations). Queues may outgrow
  capacity in some hours, as long as they do not in all.

Sources: Green and Kolesar (1991), The pointwise stationary approximation for queues with
nonstationary arrivals, Management Science 37, 84-97; Jennings, Mandelbaum, Massey and
Whitt (1996), Server staffing to meet time-varying demand, Management Science 42,
1383-1394; Eick, Massey and Whitt (1993), The physics of the Mt/G/∞ queue, Operations
Research 41, 731-742; Foster's criterion, for how many people have to be kept in view.
"""

from __future__ import annotations

import math
from functools import reduce
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from flowlib.core.checks import Refusal, at_least, brief, need, positive, shown, whole
from flowlib.diagnose.queueing.markov import mmc
from flowlib.diagnose.queueing.results import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["hour_by_hour", "modified_offered_load", "pointwise_stationary"]

NEGLIGIBLE = 1e-14  # chance, at any moment, of more people than are kept in view
MOST_KEPT = 900  # people; so many take some seconds
MEASURES = ["mean_in_system", "chance_of_waiting", "mean_queue"]


def pointwise_stationary(
    arrival_rates: Iterable[float], service_rate: float, *, servers: int | Iterable[int]
) -> pd.DataFrame:
    """
    Each hour as if it lasted for ever (pointwise stationary approximation).

    Columns are `hour`, `arrival_rate`, `servers`, `mean_in_system`, `chance_of_waiting` and
    `mean_queue`. Demand must stay below capacity in each hour.

    >>> pointwise_stationary([2, 4], 1, servers=6)["mean_queue"].round(2).tolist()
    [0.01, 0.57]
    """
    rates, service, staff = _pattern(arrival_rates, service_rate, servers)
    return _table(
        rates, staff, [_steady(n, rate, service, c) for n, (rate, c) in enumerate(zip(rates, staff, strict=True))]
    )


def modified_offered_load(
    arrival_rates: Iterable[float], service_rate: float, *, servers: int | Iterable[int]
) -> pd.DataFrame:
    """
    Each moment as a steady queue with the load that endless servers would have then.

    Columns are those of `pointwise_stationary`, and `offered_load`: people there, were there
    endless servers. The load must stay below the servers at every moment.

    >>> table = modified_offered_load([2, 4], 1, servers=6)
    >>> table["offered_load"].round(2).tolist()
    [2.92, 3.08]
    """
    rates, service, staff = _pattern(arrival_rates, service_rate, servers)
    points, weights = np.polynomial.legendre.leggauss(12)
    rows, loads = [], []
    for hour, (start, rate, c) in enumerate(zip(_starting_loads(rates, service), rates, staff, strict=True)):
        found = rate / service + (start - rate / service) * np.exp(-service * (points + 1) / 2)
        rows.append(weights @ np.array([_steady(hour, float(load) * service, service, c) for load in found]) / 2)
        loads.append(rate / service - (start - rate / service) * math.expm1(-service) / service)
    table = _table(rates, staff, rows)
    table["offered_load"] = loads
    return table


def hour_by_hour(arrival_rates: Iterable[float], service_rate: float, *, servers: int | Iterable[int]) -> pd.DataFrame:
    """
    The exact queue through the hours of a pattern that repeats (M(t)/M/c(t)).

    Columns are those of `pointwise_stationary`; the chance of waiting is that of people who
    come in the hour. Over the whole pattern demand must stay below capacity. At most some
    hundreds of people are kept in view: a busier service is refused.

    >>> hour_by_hour([2, 7], 1, servers=6)["mean_queue"].round(2).tolist()
    [1.35, 1.37]
    """
    rates, service, staff = _pattern(arrival_rates, service_rate, servers)
    capacity = service * sum(staff)
    need(
        sum(rates) < capacity * (1 - ROUNDING),
        f"Demand must stay below capacity over the whole pattern; {shown(sum(rates))} arrive in it and the servers"
        f" can complete {shown(capacity)}. Add servers, or simulate a fixed period.",
    )
    size = _kept(rates, service, staff) + 1
    moves = {pair: _moved(*pair, service, size) for pair in set(zip(rates, staff, strict=True))}
    hours = [moves[pair] for pair in zip(rates, staff, strict=True)]
    chances, rows = _repeating([move for move, _ in hours]), []
    for move, gathered in hours:
        rows.append(chances @ gathered)
        chances = chances @ move
    return _table(rates, staff, rows)


def _steady(hour: int, rate: float, service: float, servers: int) -> NDArray[np.float64]:
    """The measures of a steady queue."""
    if not rate:
        return np.zeros(len(MEASURES))
    try:
        line = mmc(rate, service, servers=servers)
    except Refusal as refusal:
        raise Refusal(f"Hour {hour}: {refusal} hour_by_hour takes hours above capacity.") from None
    return np.array([line.mean_in_system, line.chance_of_waiting, line.mean_queue])


def _starting_loads(rates: list[float], service: float) -> list[float]:
    """People there at the start of each hour with endless servers, when the pattern has repeated for ever."""
    kept = math.exp(-service)
    came = [-math.expm1(-service) * rate / service for rate in rates]
    end = 0.0
    for new in came:
        end = end * kept + new
    loads = [end / -math.expm1(-service * len(rates))]
    for new in came[:-1]:
        loads.append(loads[-1] * kept + new)
    return loads


def _moved(rate: float, servers: int, service: float, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where an hour takes each number of people, and the mean measures over that hour from each."""
    there = np.arange(size)
    down = service * np.minimum(there, servers)
    measures = np.column_stack([there, there >= servers, np.maximum(there - servers, 0)])
    flow = np.zeros((size + measures.shape[1],) * 2)
    flow[there[:-1], there[1:]] = rate
    flow[there[1:], there[:-1]] = down[1:]
    flow[there, there] = -down - rate * (there < size - 1)
    flow[:size, size:] = measures  # so that the exponential also holds their integral over the hour
    moved = linalg.expm(flow)
    return moved[:size, :size], moved[:size, size:]


def _repeating(moves: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The chances at the start of a pattern that come back at its end."""
    whole_pattern = reduce(np.matmul, moves)
    system = whole_pattern.T - np.eye(len(whole_pattern))
    system[0] = 1.0
    right = np.zeros(len(system))
    right[0] = 1.0
    return np.maximum(linalg.solve(system, right), 0.0)


def _kept(rates: list[float], service: float, staff: list[int]) -> int:
    """
    How many people to keep in view, so that at no moment are more there but with a negligible chance.

    For any z above 1, the mean g of z^people obeys g' <= a g + b, with a = (z - 1)(rate -
    capacity / z) and b from the times when servers are free; over a pattern in which a is
    negative on average, g has a bound that repeats, and more than n are there with a chance
    of at most g / z^n. The z taken is the one that gives the smallest n.
    """
    top = max(sum(staff) * service / max(sum(rates), 1e-300), 1 + ROUNDING)

    def size(part: float) -> float:
        return _needed(math.log(min(top, 1e6)) * part, rates, service, staff)

    best = optimize.minimize_scalar(size, bounds=(1e-3, 1 - 1e-3), method="bounded")
    kept = math.ceil(min(best.fun, size(0.5)))
    need(
        kept <= MOST_KEPT,
        f"More people may be there at once than the {MOST_KEPT:,} that can be followed exactly."
        " Use modified_offered_load, or simulate.",
    )
    return max(kept, max(staff) + 1)


def _needed(log_z: float, rates: list[float], service: float, staff: list[int]) -> float:
    """The smallest n with a bound on the chance of more than n that is negligible, for one z."""
    growths, sources = [], []
    for rate, servers in zip(rates, staff, strict=True):
        growths.append(math.expm1(log_z) * (rate - servers * service * math.exp(-log_z)))
        free = np.arange(servers)
        most = float((np.log(servers - free) + free * log_z).max())  # over all numbers that leave a server free
        sources.append(math.log(service * -math.expm1(-log_z)) + most + _log_mean_growth(growths[-1]))

    def through(bound: float) -> list[float]:
        """Logarithm of the bound at the end of each hour; within an hour it only rises or only falls."""
        return list(accumulate(zip(growths, sources, strict=True), _next_bound, initial=bound))

    start = through(-math.inf)[-1] - math.log(-math.expm1(math.fsum(growths)))
    return (max(through(start)) - math.log(NEGLIGIBLE)) / log_z


def _next_bound(bound: float, hour: tuple[float, float]) -> float:
    """Logarithm of the bound an hour later, from how it grows and what is added."""
    growth, added = hour
    return float(np.logaddexp(bound + growth, added))


def _log_mean_growth(growth: float) -> float:
    """Logarithm of the mean of exp(growth t) over t from 0 to 1."""
    if growth > 0:
        return growth + math.log(-math.expm1(-growth) / growth)
    return math.log(math.expm1(growth) / growth) if growth else 0.0


def _table(rates: list[float], staff: list[int], rows: list[NDArray[np.float64]]) -> pd.DataFrame:
    """One row an hour."""
    table = pd.DataFrame({"hour": range(len(rates)), "arrival_rate": rates, "servers": staff})
    table[MEASURES] = np.array(rows)
    return table


def _pattern(rates: object, service: object, servers: object) -> tuple[list[float], float, list[int]]:
    """The hours' rates, the service rate and the hours' servers, if they fit."""
    hourly = [at_least(f"The arrival rate of hour {n}", rate, 0) for n, rate in enumerate(_listed(rates))]
    need(hourly and any(hourly), "Give an arrival rate for each hour of the pattern, at least one above 0.")
    given = _listed(servers) if hasattr(servers, "__iter__") else [servers] * len(hourly)
    need(
        len(given) == len(hourly),
        f"Give one number of servers for each of {len(hourly)} hours, or one for all; {len(given)} came.",
    )
    staff = [whole(f"The number of servers in hour {n}", number, 1) for n, number in enumerate(given)]
    return hourly, positive("The service rate", service), staff


def _listed(values: object) -> list[object]:
    """A list, whatever kind of row it came as."""
    try:
        return list(values)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        raise Refusal(f"Give a list with one number for each hour; {brief(values)} came.") from None
