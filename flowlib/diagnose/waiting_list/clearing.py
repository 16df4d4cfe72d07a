"""
What capacity clears the list by then?

Rates are people a week; the answer is one capacity, the same every week. On average it is
the projection turned round: the smallest capacity whose projected list is short enough at
the end of the last week. With a stated chance it is the smallest capacity that does so in
that share of runs, all runs keeping their luck while the capacity is sought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowlib.core.checks import Refusal, need, share, shown
from flowlib.diagnose.waiting_list.projection import RUNS, Luck, Varies, lucks, rates, walk
from flowlib.diagnose.waiting_list.units import in_100, people, whole_weeks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowlib.diagnose.waiting_list.projection import Floats

__all__ = ["Clearance", "capacity_to_clear"]

FINEST = 0.001  # people a week: the capacity is found to within this, and never below what is needed
MOST_DOUBLINGS = 60
STILL = Luck(None, None)  # no chance at all
NOBODY = 1e-9  # people: a list this far above its target is at its target, the rest is rounding


@dataclass(frozen=True)
class Clearance:
    """The capacity that brings a list to a size by a week."""

    capacity: float  # people a week, the same every week
    on_average: float  # people a week: enough where nothing varies
    weeks: int  # whole weeks until then
    target_size: float  # people on the list at the end of the last week, at most
    chance: float | None  # share of runs, 0 to 1, in which the capacity is enough; None: chance was left out
    runs: int  # 1 where chance was left out

    def sentence(self) -> str:
        """The capacity, what it does, and how surely."""
        goal = "empties the list" if self.target_size == 0 else f"brings the list to {shown(self.target_size)} people"
        within = f"in {self.weeks} week" + ("" if self.weeks == 1 else "s")
        told = f"Treating {shown(self.capacity)} people a week {goal} {within}"
        if self.chance is None:
            return f"{told}, if nothing varies. Chance will make it later about half of the time, or more."
        return (
            f"{told} with a chance of {in_100(self.chance)}."
            f" If nothing varied, {shown(self.on_average)} would be enough."
        )


def capacity_to_clear(
    demand: float | Sequence[float],
    list_size: float,
    *,
    weeks: int,
    target_size: float = 0.0,
    removal_share: float = 0.0,
    chance: float | None = None,
    demand_varies: Varies = None,
    capacity_varies: Varies = None,
    removals_vary: Varies = None,
    runs: int = RUNS,
    seed: int = 0,
) -> Clearance:
    """
    Capacity, in people a week, that brings a list to *target_size* people by the end of the last week.

    *demand* is people a week: one number, or a number for each week. With a *chance*
    (such as 0.9) the capacity is enough in that share of runs, and something must vary;
    how is said as for `project`. For a date, use `weeks_until` to count the weeks.

    >>> capacity_to_clear(30, 1_200, weeks=26, target_size=390).sentence()
    'Treating 61.15 people a week brings the list to 390 people in 26 weeks, if nothing varies. \
Chance will make it later about half of the time, or more.'
    """
    length = whole_weeks("The number of weeks", weeks)
    start, goal = people("The list size", list_size), people("The target list size", target_size)
    leaving, joining = share("The removal share", removal_share), rates("demand", demand, length)
    luck = lucks((demand_varies, capacity_varies, removals_vary), length, runs, seed)
    plan = _Plan(start, joining, leaving, goal)
    average = plan.smallest((STILL, STILL, STILL), 1.0)
    varying = any(one.numbers is not None for one in luck)
    if chance is None:
        need(not varying, "Something varies, so say with what chance the capacity must be enough, such as chance=0.9.")
        return Clearance(average, average, length, goal, None, 1)
    wanted = share("The chance", chance)
    need(0 < wanted < 1, f"The chance must be above 0 and below 1; {shown(wanted)} came.")
    need(varying, 'A chance needs something that varies. Add demand_varies="poisson", or leave the chance out.')
    return Clearance(plan.smallest(luck, wanted), average, length, goal, wanted, runs)


@dataclass(frozen=True)
class _Plan:
    """A list, who joins and leaves it, and where it must get to."""

    list_size: float
    demand: Floats  # people a week, a number for each week
    removal_share: float
    target_size: float

    def enough(self, capacity: float, luck: tuple[Luck, Luck, Luck]) -> float:
        """Share of runs in which this *capacity* is enough."""
        able = np.full(len(self.demand), capacity)
        ends = walk(self.list_size, self.demand, able, self.removal_share, luck).lists[-1]
        return float(np.mean(ends <= self.target_size + NOBODY * max(1.0, self.list_size)))

    def smallest(self, luck: tuple[Luck, Luck, Luck], wanted: float) -> float:
        """Smallest capacity that is enough in a share *wanted* of runs, by halving."""
        if self.enough(0.0, luck) >= wanted:
            return 0.0
        low, high = 0.0, self._plenty(luck, wanted)
        finest = FINEST if wanted < 1 else 0.0
        while high - low > finest:
            middle = (low + high) / 2
            if middle in {low, high}:
                break
            low, high = (low, middle) if self.enough(middle, luck) >= wanted else (middle, high)
        return high if wanted == 1 else math.ceil(high / FINEST) * FINEST

    def _plenty(self, luck: tuple[Luck, Luck, Luck], wanted: float) -> float:
        """A capacity that is surely enough, by doubling."""
        trial = max(self.list_size, float(self.demand.max()), 1.0)
        for _ in range(MOST_DOUBLINGS):
            if self.enough(trial, luck) >= wanted:
                return trial
            trial *= 2
        raise Refusal(
            "No capacity is enough with such a chance: in too many runs there is none at all in the last week."
            " Ask for a smaller chance, or let capacity vary less."
        )
