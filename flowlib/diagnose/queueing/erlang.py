"""
How many beds or staff are enough? Erlang's two formulas, and the search the other way.

Erlang B is the chance of meeting a full house when nobody may wait; it holds for any
spread of stays. Erlang C is the chance of having to wait when everybody may. Both take
single numbers or whole arrays, and lose no figures at any size: B is the chance of
exactly so many over the chance of at most so many, in a Poisson count.

Sources: A. K. Erlang (1917); the link between the two as in Zeng (2003), Two common
properties of the Erlang-B function, Erlang-C function, and Engset blocking function,
Mathematical and Computer Modelling 37, 1287-1296; the Poisson chance as in Loader (2000),
Fast and accurate computation of binomial probabilities.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np
from scipy.special import gammaincc

from flowlib.core.checks import Refusal, at_least, brief, need, positive, share, shown, whole
from flowlib.diagnose.queueing.results import ROUNDING, smallest_stable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["beds_needed", "erlang_b", "erlang_c", "servers_needed", "waiting_chance"]

EXACT_TO = 16  # below this number, Stirling's error stands in a table
STIRLING = np.array(
    [0.0] + [math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - math.log(2 * math.pi) / 2 for n in range(1, EXACT_TO)]
)
NEAR = 0.5  # a load within this share of the number of servers is compared with it by difference
FAR_ABOVE = -600.0  # where a computer's numbers would soon be too small, as a logarithm
NEGLIGIBLE = 1e-17  # of a sum

Chance = TypeVar("Chance", float, "NDArray[np.float64]")


@overload
def erlang_b(offered_load: float, servers: int) -> float: ...
@overload
def erlang_b(offered_load: ArrayLike, servers: ArrayLike) -> NDArray[np.float64]: ...
def erlang_b(offered_load: Any, servers: Any) -> Any:
    """
    Chance that all *servers* are busy when those who find them so go elsewhere, 0 to 1.

    *offered_load* is the arrival rate times the mean stay, 0 or more. Either may be an
    array; the answer has the shape of both together. A ward that 30 patients would fill
    on average, with 34 beds; then with 30, 34 and 38:

    >>> round(erlang_b(30, 34), 3)
    0.066
    >>> erlang_b(30, [30, 34, 38]).round(3).tolist()
    [0.132, 0.066, 0.026]
    """
    load, number, single = _checked(offered_load, servers, fewest=0)
    full = _full(load, number)
    return float(full) if single else full


@overload
def erlang_c(offered_load: float, servers: int) -> float: ...
@overload
def erlang_c(offered_load: ArrayLike, servers: ArrayLike) -> NDArray[np.float64]: ...
def erlang_c(offered_load: Any, servers: Any) -> Any:
    """
    Chance of having to wait for one of *servers* when everybody waits, 0 to 1.

    *offered_load* is the arrival rate times the mean service time. A single one must be
    below *servers*; in an array, everybody waits where it is not (the chance is 1).

    >>> round(erlang_c(2, 3), 4)
    0.4444
    """
    load, number, single = _checked(offered_load, servers, fewest=1)
    if not single:
        stable = load < number * (1 - ROUNDING)
        return np.where(stable, waiting_chance(_full(load, number), np.where(stable, load / number, 0.0)), 1.0)
    enough = smallest_stable(float(load))
    need(
        number >= enough,
        f"Demand must stay below capacity; the offered load is {shown(float(load))} and there are"
        f" {int(number):,} servers. Add servers (at least {enough:,} in all), or simulate a fixed period.",
    )
    return float(waiting_chance(_full(load, number), load / number))


def servers_needed(
    arrival_rate: float,
    service_rate: float,
    *,
    max_mean_wait: float | None = None,
    max_chance_of_waiting: float | None = None,
    max_utilisation: float | None = None,
    max_chance_of_longer: float | None = None,
    than: float | None = None,
) -> int:
    """
    Fewest servers that keep within every limit given, when everybody waits (M/M/c).

    *max_mean_wait* and *than* are in the rates' unit of time; the others are shares.
    *max_chance_of_longer* is of waiting longer *than* so long. At least one limit is
    needed. Ten arrivals an hour, six an hour for each nurse, and a mean wait of at most
    6 minutes; then 4 in 5 within 6 minutes:

    >>> servers_needed(10, 6, max_mean_wait=0.1)
    3
    >>> servers_needed(10, 6, max_chance_of_longer=0.2, than=0.1)
    3
    """
    arrivals = positive("The arrival rate", arrival_rate)
    service = positive("The service rate", service_rate)
    limits = (max_mean_wait, max_chance_of_waiting, max_utilisation, max_chance_of_longer)
    need(
        any(limit is not None for limit in limits),
        "Give a limit: max_mean_wait, max_chance_of_waiting or max_utilisation, or max_chance_of_longer with than.",
    )
    need(
        (max_chance_of_longer is None) == (than is None),
        "max_chance_of_longer and than go together: a share, and the wait that no more than it may exceed.",
    )
    wait = math.inf if max_mean_wait is None else positive("max_mean_wait", max_mean_wait)
    waiting = 1.0 if max_chance_of_waiting is None else _above_zero("max_chance_of_waiting", max_chance_of_waiting)
    busy = 1.0 if max_utilisation is None else _above_zero("max_utilisation", max_utilisation)
    longer = 1.0 if max_chance_of_longer is None else _above_zero("max_chance_of_longer", max_chance_of_longer)
    time = 0.0 if than is None else at_least("than", than, 0)
    load = arrivals / service
    servers = max(smallest_stable(load), math.ceil(load / busy * (1 - ROUNDING)))
    full = erlang_b(load, servers)
    slack = 1 + ROUNDING  # a limit that is met exactly is met
    while True:
        chance, spare = waiting_chance(full, load / servers), (servers - load) * service
        if chance <= slack * min(waiting, wait * spare) and chance * math.exp(-spare * time) <= slack * longer:
            return servers
        servers += 1
        full = _one_more(full, load, servers)


def beds_needed(
    offered_load: float, *, max_chance_of_full: float | None = None, max_occupancy: float | None = None
) -> int:
    """
    Fewest beds that keep within each limit given, when nobody waits for one (Erlang B).

    *offered_load* is the arrival rate times the mean stay. *max_chance_of_full* is the
    share of time (above 0, below 1) in which all may be taken. *max_occupancy* is the share
    of beds (above 0, at most 1) that all who come would fill on average, with nobody turned
    away: turning people away makes no ward less full than it should be. Ten patients on
    average, and full at most 1 time in 50; then at most 85 beds of 100 filled:

    >>> beds_needed(10, max_chance_of_full=0.02), beds_needed(10, max_occupancy=0.85)
    (17, 12)
    """
    load = at_least("The offered load", offered_load, 0)
    need(
        max_chance_of_full is not None or max_occupancy is not None,
        "Give a limit: max_chance_of_full or max_occupancy.",
    )
    most = 1.0 if max_chance_of_full is None else _above_zero("max_chance_of_full", max_chance_of_full)
    need(
        max_chance_of_full is None or most < 1,
        "max_chance_of_full must be below 1: at 1, no beds at all would do. 1 in 50 is 0.02.",
    )
    least = 0.0 if max_occupancy is None else load / _above_zero("max_occupancy", max_occupancy)
    beds, full = 0, 1.0
    while full > most * (1 + ROUNDING) or least > beds * (1 + ROUNDING):
        beds += 1
        full = _one_more(full, load, beds)
    return beds


def waiting_chance(full: Chance, utilisation: Chance) -> Chance:
    """Erlang C from Erlang B (*full*) at the same load and number of servers."""
    return full / ((1 - utilisation) + utilisation * full)


def _full(load: NDArray[np.float64], servers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Erlang B."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        number = np.maximum(servers, 1)
        off = (load - number) / number
        gap = np.where(
            np.abs(off) < NEAR, number * (off - np.log1p(off)), load - number - number * np.log(load / number)
        )
        log_chance = -_stirling_error(number) - gap - np.log(2 * np.pi * number) / 2
        full = np.exp(log_chance) / gammaincc(number + 1, load)
    full = np.where(load > 0, full, 0.0)
    far = (log_chance < FAR_ABOVE) & (load > number)
    if far.any():
        full[far] = _far_above(load[far], number[far])
    return np.where(servers > 0, full, 1.0)


def _stirling_error(number: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the logarithm of a factorial lies above Stirling's formula."""
    large = np.maximum(number, EXACT_TO)
    inverse = 1 / large**2
    series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / large
    return np.where(number < EXACT_TO, STIRLING[np.minimum(number, EXACT_TO - 1).astype(int)], series)


def _far_above(load: NDArray[np.float64], servers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Erlang B where nearly all find every server busy: a falling series for one over it."""
    total, term, place = np.ones_like(load), np.ones_like(load), 0
    while (term > NEGLIGIBLE * total).any():
        term = term * np.maximum(servers - place, 0) / load
        total += term
        place += 1
    return 1 / total


def _checked(
    load: ArrayLike, servers: ArrayLike, *, fewest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Loads and numbers of servers of one shape, and whether they are single numbers."""
    single = np.ndim(load) == 0 and np.ndim(servers) == 0
    if single:
        pair = at_least("The offered load", load, 0), whole("The number of servers", servers, fewest)
        return np.float64(pair[0]), np.float64(pair[1]), True  # type: ignore[return-value]
    loads = _numbers("The offered load", load)
    numbers = _numbers("The number of servers", servers)
    _need_all(loads, loads >= 0, "The offered load must be 0 or more")
    _need_all(
        numbers,
        (numbers >= fewest) & (numbers == np.floor(numbers)),
        f"The number of servers must be a whole number, {fewest} or more",
    )
    try:
        loads, numbers = np.broadcast_arrays(loads, numbers)
    except ValueError:
        raise Refusal(
            f"Offered loads and numbers of servers must go together; they have the shapes {loads.shape} and"
            f" {numbers.shape}. Give as many of one as of the other, or a single one."
        ) from None
    return loads, numbers, False


def _numbers(name: str, values: ArrayLike) -> NDArray[np.float64]:
    try:
        made = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Refusal(f"{name} must be numbers; {brief(values)} came.") from None
    _need_all(made, np.isfinite(made), f"{name} must be a number")
    return made


def _need_all(values: NDArray[np.float64], right: NDArray[np.bool_], must: str) -> None:
    """Refuse the first value that is not right, and say where it stands."""
    if not right.all():
        place = int(np.argmin(right.ravel()))
        raise Refusal(f"{must}; {shown(float(values.ravel()[place]))} came at place {place + 1:,}.")


def _one_more(full: float, load: float, servers: int) -> float:
    """Erlang B with *servers*, from its value with one fewer."""
    return load * full / (servers + load * full)


def _above_zero(name: str, value: object) -> float:
    """A share that is not zero: no number of servers brings a chance down to nothing."""
    number = share(name, value)
    need(number > 0, f"{name} must be above 0; no number of servers removes all waiting. 1 in 100 is 0.01.")
    return number
