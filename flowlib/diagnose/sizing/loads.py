"""
How much work is in hand in each hour, when demand rises and falls?

Demand is people an hour, one rate for each hour of a day or week that repeats. The
*offered load* is how many would be in service if there were always enough staff.
In the sources λ is `demand`, μ is one over `service_time` (hours), and m is the load.

* "sipp": the hour's own demand, as if it had always been so (stationary, independent,
  period by period).
* "lagged": the demand of one mean service time earlier, averaged over the hour
  (Lag Avg). Both: Green, Kolesar and Soares (2001), Improving the SIPP approach for
  staffing service systems that have cyclic demands, Operations Research 49(4), 549-564.
* "offered_load": m' = λ - μ m (M(t)/M/infinity), solved exactly, at its largest in the
  hour. Source: Jennings, Mandelbaum, Massey and Whitt (1996), Server staffing to meet
  time-varying demand, Management Science 42(10), 1383-1394.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["METHODS", "mean_in_hand"]


def _own(demand: NDArray[np.float64], service_time: float) -> NDArray[np.float64]:
    """Load of each hour's own demand."""
    return demand * service_time


def _lagged(demand: NDArray[np.float64], service_time: float) -> NDArray[np.float64]:
    """Load of the demand one service time earlier: part of one hour, part of the hour before it."""
    whole = math.floor(service_time)
    part = service_time - whole
    return service_time * ((1 - part) * np.roll(demand, whole) + part * np.roll(demand, whole + 1))


def _in_hand(demand: NDArray[np.float64], service_time: float) -> NDArray[np.float64]:
    """Largest M(t)/M/infinity load in each hour: it moves one way inside an hour, so it is at one end."""
    starts = _at_start(demand, service_time)
    return np.maximum(starts, np.roll(starts, -1))


def mean_in_hand(demand: NDArray[np.float64], service_time: float) -> NDArray[np.float64]:
    """Mean M(t)/M/infinity load over each hour: it nears that of the hour's own demand as exp(-t / service_time)."""
    own = _own(demand, service_time)
    return own + (_at_start(demand, service_time) - own) * -math.expm1(-1 / service_time) * service_time


def _at_start(demand: NDArray[np.float64], service_time: float) -> NDArray[np.float64]:
    """M(t)/M/infinity load as each hour begins, in a cycle that has repeated for ever."""
    kept = math.exp(-1 / service_time)  # share of those in service who are there still an hour later
    added = -math.expm1(-1 / service_time) * _own(demand, service_time)
    load = 0.0
    for one in added.tolist():
        load = kept * load + one
    load /= -math.expm1(-len(demand) / service_time)  # what one cycle leaves, added up over all cycles before
    starts = []
    for one in added.tolist():
        starts.append(load)
        load = kept * load + one
    return np.array(starts)


METHODS = {"sipp": _own, "lagged": _lagged, "offered_load": _in_hand}
