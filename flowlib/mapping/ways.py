"""
Which ways did people go, and how few of them cover most people?

A way (a variant) is the steps of one journey in order. Ways are told apart exactly.
Of real people, ways are taken or left by 8 people at a time, so that nobody can be
found by laying two maps over each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core.privacy import FEWEST
from flowlib.core.summaries import same_ways, ways_in_words
from flowlib.mapping.medians import middle_lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from flowlib.mapping.moves import InOrder

__all__ = ["Ways", "cuts", "ways_of"]


@dataclass(frozen=True)
class Ways:
    """The ways that people went, commonest first; of equal ones, the first seen."""

    of_person: NDArray[np.int64]  # the place of each person's way in the table, by who comes first
    table: pd.DataFrame  # variant, count, share, median_hours


def ways_of(visits: InOrder) -> Ways:
    """
    Each way that people went: `variant` (steps in order), `count`, `share`, `median_hours`.

    People still on the way count as taking at least so long (Kaplan-Meier); the median
    is missing where too many of them are to say.
    """
    way = same_ways(visits.step, visits.first, visits.size)
    count = np.bincount(way)
    order = np.argsort(-count, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    way, count = place[way], count[order]
    _, someone = np.unique(way, return_index=True)
    names = ways_in_words(visits.step, visits.first[someone], visits.size[someone], visits.names)
    table = pd.DataFrame({"variant": pd.Series(names, dtype=object), "count": count})
    table["share"] = count / count.sum()
    table["median_hours"] = middle_lengths(way, visits.lengths, visits.under_way, len(count))
    return Ways(way, table)


def cuts(count: NDArray[np.int64], *, synthetic: bool) -> list[int]:
    """
    After how many ways, commonest first, a map may stop.

    Between two such places there are at least 8 real people, and so there are after the
    last but one.

    >>> cuts(np.array([20, 9, 5, 4, 1, 1]), synthetic=False), cuts(np.array([3, 1]), synthetic=True)
    ([1, 2, 6], [1, 2])
    """
    if synthetic:
        return list(range(1, len(count) + 1))
    found, since = [], 0
    for place, people in enumerate(count.tolist(), start=1):
        since += people
        if since >= FEWEST:
            found.append(place)
            since = 0
    if since:
        found[-1:] = [len(count)]
    return found or [len(count)]
