"""
How much shorter is the mean wait, when the quickest job goes first?

One server, arrivals by a Poisson process. How long each person will take is known when
they come; the server takes the shortest of those who wait, and finishes what it begins.
Those who take equally long are seen first come, first served.

Source: Phipps (1956), Machine repair as a priority waiting-line problem, Operations
Research 4, 76-85. A job of the length that a share u of jobs do not exceed waits
λE[S²] / 2 / (1 - σ(u))² on average, where σ(u) is the use of the server by the shortest
share u of jobs. Where many jobs are equally long, σ is a straight line in u, and the
integral over them is Cobham's formula for a class of its own: one integral serves for
any mixture of spread and equal lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import Refusal, brief, need, positive, shown
from flowlib.core.distributions import Distribution, Triangular
from flowlib.diagnose.queueing.results import ROUNDING, LongRun, by_wait

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["shortest_job_first"]

POINTS = 24  # of Gauss and Legendre on each stretch
HALVINGS = 44  # stretches halve so often towards either end; the last holds 1 job in 2 × 10^13


def shortest_job_first(arrival_rate: float, time: Distribution) -> LongRun:
    """
    Long-run behaviour of one server that takes the shortest job first (M/G/1, Phipps).

    *arrival_rate* is per hour, *time* is any kind of service time (hours), and waits are
    in hours. Assumed: the length is known on arrival, nobody is stopped once begun, and
    demand is below capacity. The mean is over all jobs; long ones wait far longer.

    >>> from flowlib.core.variation import Exponential
    >>> round(60 * shortest_job_first(5, Exponential(1 / 8)).mean_wait, 1)  # minutes; 12.5 in turn
    7.8
    """
    arrivals = positive("The arrival rate", arrival_rate, "per hour")
    if not isinstance(time, Distribution):
        raise Refusal(
            f"The time must be a kind of time, such as Exponential(0.5) for half an hour; {brief(time)} came."
        )
    mean = positive("The mean service time", time.mean, "hours")
    spare = 1 - arrivals * mean
    need(
        spare > ROUNDING,
        f"Demand must stay below capacity; {shown(arrivals)} arrive per hour and 1 server can complete"
        f" {shown(1 / mean)}. Shorten the service times, or simulate a fixed period.",
    )
    wait = arrivals * mean**2 * (1 + time.cv**2) / 2 * _mean_factor(arrivals, time, spare)
    busy = arrivals * mean
    return by_wait(arrivals, 1 / mean, wait, utilisation=busy, chance_of_waiting=busy, chance_of_empty=spare)


def _mean_factor(arrivals: float, time: Distribution, spare: float) -> float:
    """The mean over all jobs of 1 / (1 - σ(u))²."""
    values = getattr(time, "values", None)
    if values is not None:  # measured times: σ is made of straight lines
        used = arrivals * np.cumsum(np.append(0.0, values)) / len(values)
        return float(np.mean(1 / ((1 - used[:-1]) * (1 - used[1:]))))
    inner = [float(time.cdf(time.mode))] if isinstance(time, Triangular) else []
    edges = _edges(inner)
    nodes, weights, areas = _rule()
    widths = np.diff(edges)[:, None]
    longest = time.ppf(edges[:-1, None] + widths * nodes)
    whole = np.append(0.0, np.cumsum(widths[:, 0] * (longest @ weights)))
    used = arrivals * (whole[:-1, None] + widths * (longest @ areas.T))
    body = float((widths * weights / (1 - used) ** 2).sum())
    # The last few jobs, longer than all before: σ is taken as straight from there to the end.
    return body + (1 - float(edges[-1])) / ((1 - arrivals * float(whole[-1])) * spare)


def _edges(inner: list[float]) -> NDArray[np.float64]:
    """Where stretches of shares begin and end: ever shorter towards 0 and 1, where times may bend sharply."""
    halves = 0.5 ** np.arange(1, HALVINGS + 1)
    return np.unique(np.concatenate([[0.0], halves, 1 - halves, inner]))


def _rule() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """On 0 to 1: Gauss and Legendre's points, their weights, and weights for the area up to each point."""
    points, weights = np.polynomial.legendre.leggauss(POINTS)
    basis = np.polynomial.legendre.legvander(points, POINTS)
    degrees = np.arange(POINTS)
    # A polynomial through the points, in Legendre's terms, and the integral of each term from -1.
    terms = (degrees[:, None] + 0.5) * basis[:, :POINTS].T * weights
    integrals = np.empty((POINTS, POINTS))
    integrals[:, 0] = points + 1
    integrals[:, 1:] = (basis[:, 2:] - basis[:, : POINTS - 1]) / (2 * degrees[1:] + 1)
    return (points + 1) / 2, weights / 2, integrals @ terms / 2
