"""
Where does a list settle, when some people leave it for other reasons than treatment?

Rates are people a week. Each week a share r of the list leaves without treatment, people
join, and the capacity treats those it can: L' = (1 - r) L + demand - capacity, never
below 0. Setting L' = L gives L = (demand - capacity) / r. It is a plain balance of what
comes and goes, on average and without chance; `project` adds the chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flowlib.core.checks import need, share, shown
from flowlib.diagnose.waiting_list.units import in_100, people, rate

__all__ = ["SteadyState", "capacity_to_hold", "steady_state"]


@dataclass(frozen=True)
class SteadyState:
    """What a list settles to, on average. Rates are people a week, waits are weeks."""

    demand: float  # people a week
    capacity: float  # people a week
    removal_share: float  # of the list, each week, 0 to 1
    list_size: float | None  # people at the week's end; infinite: it grows for ever; None: it stays where it starts
    treated_a_week: float  # people
    removed_a_week: float  # people who leave without treatment, once settled
    idle_a_week: float  # capacity with nobody to treat, people
    mean_wait_weeks: float | None  # of all who join, until they leave either way (Little's law); None as for the list
    weeks_to_halve: float  # weeks in which half of the way there is gone, while the list is above 0; infinite: never

    def sentence(self) -> str:
        """What the list settles to, in words."""
        gap = self.demand - self.capacity
        if self.list_size is None:
            return "As many people are treated as join, so the list stays as long as it is."
        if math.isinf(self.list_size):
            return f"The list grows by {shown(gap)} people a week for ever. Add capacity, or find why so many join."
        if self.list_size == 0:
            idle = f" About {shown(self.idle_a_week)} places a week stand idle." if self.idle_a_week else ""
            return f"Capacity is enough, so on average the list empties.{idle} Chance will still make short queues."
        return (
            f"The list settles at about {shown(round(self.list_size))} people."
            f" Each week {shown(gap)} more join than are treated, and {in_100(self.removal_share)} leave untreated."
        )


def steady_state(demand: float, capacity: float, *, removal_share: float = 0.0) -> SteadyState:
    """
    The list that a constant *demand* and *capacity* (people a week) settle at.

    *removal_share* is the share of the list (0 to 1) that leaves each week without
    treatment: moved away, treated elsewhere, no longer in need.

    >>> steady_state(30, 27, removal_share=0.01).list_size
    300.0
    """
    joining, able = rate("The demand", demand), rate("The capacity", capacity)
    leaving = share("The removal share", removal_share)
    size = _size(joining - able, leaving)
    return SteadyState(
        demand=joining,
        capacity=able,
        removal_share=leaving,
        list_size=size,
        treated_a_week=min(joining, able),
        removed_a_week=max(joining - able, 0.0) if leaving else 0.0,
        idle_a_week=max(able - joining, 0.0),
        mean_wait_weeks=_wait(size, joining),
        weeks_to_halve=_weeks_to_halve(leaving),
    )


def capacity_to_hold(demand: float, list_size: float, *, removal_share: float = 0.0) -> float:
    """
    Capacity, in people a week, that keeps a list at *list_size* people: demand less removals.

    A list that would fall by removals alone, with nobody treated, cannot be held: refused.

    >>> capacity_to_hold(30, 300, removal_share=0.01)
    27.0
    """
    joining, listed = rate("The demand", demand), people("The list size", list_size)
    leaving = share("The removal share", removal_share)
    need(
        leaving * listed <= joining,
        f"A list of {shown(listed)} cannot be held: {shown(leaving * listed)} leave a week untreated and"
        f" {shown(joining)} join. With nobody treated it settles at {shown(joining / leaving if leaving else 0)}.",
    )
    return joining - leaving * listed


def _size(gap: float, leaving: float) -> float | None:
    if gap < 0:
        return 0.0
    if leaving:
        return gap / leaving
    return math.inf if gap else None


def _wait(size: float | None, joining: float) -> float | None:
    if size is None:
        return None
    return size / joining if joining else 0.0


def _weeks_to_halve(leaving: float) -> float:
    """Weeks until (1 - leaving) to that power is a half."""
    if not leaving:
        return math.inf
    return 0.0 if leaving == 1 else math.log(0.5) / math.log1p(-leaving)
