"""
Would the average be enough in your service? The last part of lesson 23, on a log.

What is asked of one step, period by period, beside four capacities that the field chooses
between. None of them is called right: that depends on whether a list is waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from flowlib.core.checks import Refusal, need
from flowlib.core.privacy import FEWEST, rounded
from flowlib.measure.demand import WHOLE, dcaq, percentiles
from flowlib.show.stories import Part, step_of

if TYPE_CHECKING:
    from flowlib.core.eventlog import EventLog
    from flowlib.measure.demand import Percentiles

__all__ = ["MONDAY", "enough_told", "percentile_table"]

FEWEST_PERIODS = 8  # weeks or months; with fewer, a percentile is one of the last few
MONDAY = (
    "On Monday: is there a list to draw on? If there is, the average may do, and a place is seldom empty.",
    "If people cannot wait, ask what a day with few places does to the week after it.",
)


def enough_told(log: EventLog) -> list[Part]:
    """Demand of the step that holds the flow back, four capacities for it, and what to ask on Monday."""
    step = step_of(log)
    found = _percentiles(log, step)
    where = step or WHOLE
    said = f"People who come to {where}, by {found.every}: {found.periods} {found.every}s are known."
    table = percentile_table(found, synthetic=log.synthetic)
    cautions = [Part(line) for line in found.caution().splitlines()]
    caption = f"{where}: how much would be enough, people a {found.every}"
    return [Part(said, table=table, caption=caption), *cautions, *map(Part, MONDAY)]


def percentile_table(found: Percentiles, *, synthetic: bool = True) -> pd.DataFrame:
    """Each capacity, how often it is enough, and what it is often chosen for."""
    return pd.DataFrame(
        {
            "capacity": ["the average", *(f"the {level} percentile" for level in found.table["level"][1:])],
            f"people a {found.every}": [rounded(many, synthetic=synthetic) for many in found.table["capacity"]],
            "enough in": [f"{met} of {found.periods} {found.every}s" for met in found.table["periods_met"]],
            "what it is chosen for": found.table["meaning"],
        }
    )


def _percentiles(log: EventLog, step: str | None) -> Percentiles:
    """By week, or by month where a usual week has fewer real people than may be shown."""
    for every in ("week", "month"):
        demand = dcaq(log, step, every=every).table["demand"]
        if log.synthetic or (len(demand) and demand.median() >= FEWEST):
            need(len(demand) >= FEWEST_PERIODS, f"There are {len(demand)} whole {every}s; {FEWEST_PERIODS} are needed.")
            return percentiles(demand, every=every)
    raise Refusal(f"Fewer than {FEWEST} people come in a usual month, so nothing is shown.")
