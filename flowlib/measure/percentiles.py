"""
How much capacity is enough for demand that differs from week to week?

A capacity can meet the average, or be enough in a share of periods. The field uses
several of these, and none is a law. So `percentiles` shows the 65th, 80th and 85th
beside the mean, with the view that speaks for the mean.

Numbers are people (or hours of work) a period, as they come in.

Sources: NHS Interim Management and Support, capacity and demand tool, for the 65th
percentile and the 85th as its upper line; K. Silvester, Health Service Journal ("Kate
Silvester on waiting lists"), for what the average misses; R. Findlay, "Demand,
capacity and the law of averages", insource.co.uk, for the counter-view. We could read
no source that proves the 80th: it is handed down as a rule of thumb.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flowlib.core import checks

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Percentiles", "capacity_at_percentile", "percentiles"]

ROUNDING = 1e-9
ENOUGH_PERIODS = 20  # with fewer, fewer than 3 periods lie above the 85th percentile
AVERAGE = "mean"
MEANINGS = {
    0.65: "Enough most of the time. Often chosen for a routine list.",
    0.80: "A rule of thumb. We know of no proof for it.",
    0.85: "The upper line. Often chosen where work is urgent, or a list has to be cleared.",
}
MEANING_OF_MEAN = "Enough for routine work, if each idle slot is filled from the list. The list does not shrink."


@dataclass(frozen=True)
class Percentiles:
    """Capacities that the field chooses between, side by side."""

    unit: str  # what demand counts, such as "people"
    every: str  # "day", "week", or what else a period is
    periods: int  # how many are known
    table: pd.DataFrame  # level, capacity (unit a period), periods_met (how many), share_met (0 to 1), meaning

    def sentence(self) -> str:
        """
        The capacities and how often each is enough, in words.

        >>> print(percentiles([8, 9, 9, 10, 14], every="day").sentence())
        Demand is 10 people a day on average. That is enough on 4 of 5 days. \
The 65th percentile is 10 people, the 80th 10 and the 85th 14.
        """
        rows = self.table.set_index("level")
        number = {level: checks.shown(value) for level, value in rows["capacity"].items()}
        when = "on" if self.every == "day" else "in"
        return (
            f"Demand is {number[AVERAGE]} {self.unit} a {self.every} on average. "
            f"That is enough {when} {rows.loc[AVERAGE, 'periods_met']} of {self.periods} {self.every}s. "
            f"The 65th percentile is {number['65th']} {self.unit}, "
            f"the 80th {number['80th']} and the 85th {number['85th']}."
        )

    def caution(self) -> str:
        """
        Why no one of them is the right one everywhere.

        >>> percentiles([8, 9, 9, 10, 14]).caution().splitlines()[0]
        'None of these is a law. Where people cannot wait, the spread of demand matters as much as the average.'
        """
        said = (
            "None of these is a law. Where people cannot wait, the spread of demand matters as much as the average.\n"
            "For routine work with a list, idle time is refilled from the list. "
            "There the average does well. Urgent planned work lies between."
        )
        if self.periods >= ENOUGH_PERIODS:
            return said
        return f"{said}\nOnly {self.periods} {self.every}s are known, so the higher figures rest on very few of them."


def percentiles(demand: Sequence[float], *, unit: str = "people", every: str = "week") -> Percentiles:
    """
    The mean of *demand* beside its 65th, 80th and 85th percentile, each with what it means.

    *demand* is one number a period, in *unit*; at least one, none missing. The 65th is
    often chosen for a routine list, and the 85th where work is urgent. For routine work
    the average does well, since idle capacity is refilled from the list (Findlay).

    >>> percentiles([8, 9, 10, 11, 15]).table["capacity"].tolist()
    [10.6, 11.0, 11.0, 15.0]
    """
    values = _numbers(demand)
    levels = [(AVERAGE, float(values.mean()), MEANING_OF_MEAN)]
    levels += [(f"{100 * p:.0f}th", capacity_at_percentile(demand, p), text) for p, text in MEANINGS.items()]
    met = [int((values <= capacity + ROUNDING * max(capacity, 1)).sum()) for _, capacity, _ in levels]
    table = pd.DataFrame(
        {
            "level": [name for name, _, _ in levels],
            "capacity": [capacity for _, capacity, _ in levels],
            "periods_met": met,
            "share_met": [count / values.size for count in met],
            "meaning": [text for _, _, text in levels],
        }
    )
    return Percentiles(unit, every, values.size, table)


def capacity_at_percentile(demand: Sequence[float], p: float) -> float:
    """
    The smallest capacity that is enough in a share *p* (0 to 1) of periods.

    Demand is people (or hours) a period. The 65th percentile meets demand most of the
    time and the 85th allows for urgent work; neither is a law (NHS Interim Management
    and Support, capacity and demand tool).

    >>> capacity_at_percentile([8, 9, 10, 11, 15], 0.8)
    11.0
    """
    p = checks.share("p", p)
    values = _numbers(demand)
    periods = max(math.ceil(p * values.size - ROUNDING), 1)  # so many have to be met
    return float(np.sort(values)[periods - 1])


def _numbers(demand: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.asarray(list(demand), dtype=float)
    checks.need(values.size and np.isfinite(values).all(), "Demand needs at least one number, and none missing.")
    return values
