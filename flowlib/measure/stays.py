"""
How long do people stay, ten minutes by ten minutes, and which count stands out?

A list can be read without a fault and still hold what people tend to type: a stay of
just under four hours, say. Such a habit shows as a count far above those on both sides.

People come by chance, so a count has its mean as its variance (Poisson). A count less the
mean of the two beside it then has a variance of 1.5 times their mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks
from flowlib.core.privacy import FEWEST, ROUND_TO

if TYPE_CHECKING:
    from flowlib.core.eventlog import EventLog

__all__ = ["stays"]

MINUTES = 60  # in an hour
HALF_AS_MANY_AGAIN = 1.5  # times the mean of the two counts beside it
SIGMAS = 3  # and so many standard deviations above it, as on a control chart


def stays(log: EventLog, *, first: float, last: float, minutes: int = 10) -> pd.DataFrame:
    """
    How many people's whole journeys were so long: a row for each so many *minutes*, from *first* to *last* hours.

    Columns: `from_minutes`, `people` (of real people to the nearest 5, missing where 1 to
    7) and `stands_out`. People still on the way are not counted. Raises a `Refusal`
    where *last* does not come at least three rows after *first*.

    >>> from flowlib.core import data
    >>> stays(data.load("wexmoor_ed"), first=1, last=2)["stands_out"].any()
    np.False_
    """
    edges = np.arange(
        round(checks.at_least("first", first, 0) * MINUTES), round(checks.finite("last", last) * MINUTES) + 1, minutes
    )
    checks.need(len(edges) > 3, f"Give at least three spans of {minutes} minutes; first is {first:g}, last {last:g}.")  # noqa: PLR2004 - edges of three
    journeys = log.journeys()
    lengths = (journeys["hours"][~journeys["still_here"]] * MINUTES).round()
    counts = np.array([lengths.between(edge, edge + minutes - 1).sum() for edge in edges[:-1]], dtype=float)
    beside = pd.Series(counts).rolling(3, center=True).sum().to_numpy() / 2 - counts / 2
    out = (counts > HALF_AS_MANY_AGAIN * beside) & (counts - beside > SIGMAS * np.sqrt(1.5 * beside))
    if not log.synthetic:
        counts = np.where((counts > 0) & (counts < FEWEST), np.nan, ROUND_TO * np.round(counts / ROUND_TO))
    return pd.DataFrame({"from_minutes": edges[:-1], "people": counts, "stands_out": out & ~np.isnan(counts)})
